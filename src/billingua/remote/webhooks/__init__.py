"""Webhooks: callbacks of the services as typed events, and their signatures.

    from billingua.remote import webhooks

    event = webhooks.factpulse_event(body, headers, secret=Secret("..."))   # body: the bytes as they came
    if event.repeat_key not in seen: ...                                    # callbacks are repeated
    webhooks.feed(history, event)                                           # into the life cycle of the invoice

Answer fast, with 2xx, and do the work later. A callback that is forged or garbled raises `WebhookError`: answer 4xx.
"""

from typing import TYPE_CHECKING

from billingua.errors import WebhookError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.webhooks.events import (
        WebhookEvent,
        afnor_event,
        cdar_event,
        factpulse_event,
        openapi_fr_event,
    )
    from billingua.remote.webhooks.history import feed, message_of
    from billingua.remote.webhooks.signatures import SignedOver

__all__ = [
    "SignedOver",
    "WebhookError",
    "WebhookEvent",
    "afnor_event",
    "cdar_event",
    "factpulse_event",
    "feed",
    "message_of",
    "openapi_fr_event",
]

_HOMES = {
    "SignedOver": "remote.webhooks.signatures",
    "WebhookEvent": "remote.webhooks.events",
    "afnor_event": "remote.webhooks.events",
    "cdar_event": "remote.webhooks.events",
    "factpulse_event": "remote.webhooks.events",
    "feed": "remote.webhooks.history",
    "message_of": "remote.webhooks.history",
    "openapi_fr_event": "remote.webhooks.events",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
