"""Callbacks as events: one shape for what every service tells."""

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from billingua.api import read
from billingua.errors import BillinguaError, UsageError, WebhookError
from billingua.formats.cdar.model import LifecycleMessage
from billingua.remote.afnor.flows import Flow
from billingua.remote.exchange.messages import answered, decoded, encoded
from billingua.remote.exchange.secrets import Secret
from billingua.remote.openapi_fr.messages import ReceivedInvoice
from billingua.remote.webhooks.signatures import SignedOver, check_afnor, check_factpulse

__all__ = ["WebhookEvent", "afnor_event", "cdar_event", "factpulse_event", "openapi_fr_event"]


A = TypeVar("A")


class WebhookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What a service tells of a document.

    Attributes:
        service: factpulse, afnor, openapi-fr or cdar.
        kind: what it is about, in the words of the service: `submission.completed`, the type of a flow, `invoice`.
        key: by which the service knows the document: the number of a task, flow or invoice ("" where it gives none).
        status: the state it came to, in the words of the service; of a CDAR the code of the status.
        time: when, as far as the service says it.
        message: the life-cycle message, where it is one.
        raw: all that came: JSON, or the bytes of an XML.
    """

    service: str
    kind: str
    key: str
    status: str
    time: dt.datetime | None = None
    message: LifecycleMessage | None = None
    raw: Any = None

    @property
    def repeat_key(self) -> str:
        """The same for a callback that is repeated: keep it, and do nothing for one that was there before.

        Services repeat a callback that was not answered, and say the same thing again on their own.
        """
        whole = self.raw if isinstance(self.raw, bytes) else encoded(self.raw)
        parts = (
            *(self.service, self.kind, self.key or sha256(whole).hexdigest(), self.status),
            self.time.isoformat() if self.time is not None else "",
            (self.message.id or "") if self.message is not None else "",
        )
        return encoded(parts).decode()


def factpulse_event(body: bytes, headers: Mapping[str, str], *, secret: Secret) -> WebhookEvent:
    """What FactPulse tells of a task: generation, validation, signature or submission, completed, failed or partial.

    Args:
        body: the bytes as they came.
        headers: those of the request.
        secret: that of the client (`generate_webhook_secret`).

    Raises:
        WebhookError: it is forged or garbled.
    """
    check_factpulse(_bytes(body), headers, secret)
    said = _object(body)
    kind, data = said.get("event_type"), said.get("data")
    if not isinstance(kind, str) or "." not in kind:
        raise _garbled("has no event_type")
    data = data if isinstance(data, dict) else {}
    return WebhookEvent(
        service="factpulse", kind=kind, key=_task_or_document(said, data), status=kind.rpartition(".")[2], raw=said
    )


def afnor_event(
    body: bytes,
    headers: Mapping[str, str],
    *,
    signing_key: Secret,
    signed_over: SignedOver = "digest",
    now: float | None = None,
) -> WebhookEvent:
    """What a platform of XP Z12-013 tells of a flow. The flow itself is fetched with `flow_file`; where it is a
    life-cycle message (a type that ends in LC), `cdar_event` reads it.

    Args:
        body: the bytes as they came.
        headers: those of the request.
        signing_key: in base64, as `add_webhook` gave it.
        signed_over: what the platform takes the HMAC over.
        now: seconds since 1970; the clock, where it is left out.

    Raises:
        WebhookError: it is forged, garbled, or more than five minutes old.
        UsageError: the signing key is none.
    """
    check_afnor(_bytes(body), headers, signing_key, signed_over, now)
    said = _object(body)
    flow = _as(Flow, said)
    if not flow.flow_id:
        raise _garbled("has no flowId")
    return WebhookEvent(
        service="afnor",
        kind=str(flow.flow_type),
        key=str(flow.flow_id),
        status=str(flow.acknowledgement.status),
        time=flow.updated_at,
        raw=said,
    )


def openapi_fr_event(body: bytes) -> WebhookEvent:
    """What Openapi tells of an invoice. It signs nothing and documents no shape: take what this says as a hint, and
    ask `invoice(id=event.key, refresh=True)` before you act on it.

    Raises:
        WebhookError: it is garbled.
    """
    said = _object(_bytes(body))
    data = said.get("data")
    invoice = _as(ReceivedInvoice, data if isinstance(data, dict) else said)
    if not invoice.id or not invoice.state:
        raise _garbled("has no id and state")
    return WebhookEvent(service="openapi-fr", kind="invoice", key=str(invoice.id), status=str(invoice.state), raw=said)


def cdar_event(body: bytes) -> WebhookEvent:
    """A life-cycle message (CDAR) that came as XML. `key` is the number of the invoice.

    Raises:
        WebhookError: it is garbled, or another document.
    """
    try:
        message = read(_bytes(body)).content
    except BillinguaError as problem:
        raise _garbled(f"cannot be read: {problem.what}") from problem
    if not isinstance(message, LifecycleMessage):
        raise _garbled("is no life-cycle message (CDAR)")
    number, stamp = message.referenced.number, message.acknowledgement.set_at or message.created_at
    return WebhookEvent(
        service="cdar",
        kind="cdar",
        key=(number.value or "") if number is not None else "",
        status=(message.status or "").strip(),
        time=stamp.moment if stamp is not None else None,
        message=message,
        raw=bytes(body),
    )


def _task_or_document(said: dict[str, Any], data: dict[str, Any]) -> str:
    """The number of the task, else that of what it made."""
    places = [(part, name) for part in (said, data) for name in ("taskId", "task_id")]
    for result, name in (("afnorResult", "flowId"), ("chorusResult", "chorusInvoiceId")):
        inner = data.get(result)
        places += [(inner, name)] if isinstance(inner, dict) else []
    return next((str(part[name]) for part, name in places if isinstance(part.get(name), str | int)), "")


def _bytes(body: bytes) -> bytes:
    if not isinstance(body, bytes | bytearray | memoryview):
        raise UsageError(
            f"A callback is given as bytes, not as {type(body).__name__}.",
            todo="Give the body as it came: reading and writing it again changes it.",
        )
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = decoded(body)
    except msgspec.DecodeError:
        raise _garbled("is no JSON") from None
    if not isinstance(said, dict):
        raise _garbled("is no JSON object")
    return said


def _as(kind: type[A], said: Any) -> A:
    try:
        return answered(said, kind)
    except msgspec.ValidationError as problem:
        raise _garbled(f"is not as documented: {problem}") from None


def _garbled(why: str) -> WebhookError:
    return WebhookError(f"The callback {why}.", todo="Answer 400, and look at what came.")
