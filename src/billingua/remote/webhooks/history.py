"""Events in the French life cycle of an invoice."""

import datetime as dt

from billingua.errors import LifecycleError
from billingua.formats.cdar.model import Acknowledgement, LifecycleMessage, Referenced, SchemedId, Stamp
from billingua.lifecycle import History, statuses
from billingua.lifecycle.clock import local
from billingua.remote.webhooks.events import WebhookEvent

__all__ = ["feed", "message_of"]


def feed(
    history: History, event: WebhookEvent, *, number: str | None = None, received_at: dt.datetime | None = None
) -> bool:
    """Take an event into the history of its invoice; False where it says nothing new, or nothing of the life cycle.

    Args:
        number: the number of the invoice (BT-1), for services that know it by a number of their own.
        received_at: when the callback came, for those that do not say when the status was set.

    Raises:
        LifecycleError: it is about another invoice, or its status cannot have come where it says that it did, or
            nobody says when.
    """
    message = message_of(event, number=number, received_at=received_at)
    return message is not None and history.add(message)


def message_of(
    event: WebhookEvent, *, number: str | None = None, received_at: dt.datetime | None = None
) -> LifecycleMessage | None:
    """The life-cycle message that an event is, or the least one that says its status; None where it has no status of
    the reform: NEW, completed and the like are states of a transport.

    Raises:
        LifecycleError: nobody says when.
    """
    if event.message is not None:
        return event.message
    code = _status_code(event)
    if code is None:
        return None
    moment = event.time or received_at
    if moment is None:
        raise LifecycleError(
            f"The callback of {event.service} does not say when status {code} was set.",
            todo="Give received_at= the moment that it came.",
        )
    stamp = Stamp.of(local(moment).replace(microsecond=0))
    about = Referenced(number=SchemedId(number) if number else None, status=code)
    return LifecycleMessage(
        id=event.repeat_key, created_at=stamp, acknowledgements=(Acknowledgement(set_at=stamp, references=(about,)),)
    )


def _status_code(event: WebhookEvent) -> str | None:
    """The status of the reform: that of the event, or the one that the network gave to Openapi (`external_status`)."""
    data = event.raw.get("data") if isinstance(event.raw, dict) else None
    invoice = data if isinstance(data, dict) else event.raw
    details = invoice.get("details") if isinstance(invoice, dict) else None
    external = details.get("external_status") if isinstance(details, dict) else None
    known = {one.code for one in statuses()}
    return next((str(said) for said in (event.status, external) if str(said) in known), None)
