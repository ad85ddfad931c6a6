"""Remote e-invoicing services: typed clients, mappings of invoices to their JSON, webhooks, and a durable outbox.

    from billingua.remote import Docnova, Outbox, Secret, docnova, factpulse, webhooks

    with Docnova(docnova.PRODUCTION, api_key=Secret("...")) as service:        # each call is typed
        sent = service.send_document(comp_id=company, base64_document=data, invoice_type="XRECHNUNG")
        record = service.processed(tracking_id=sent.tracking_id)               # asks until it is done

    with Outbox() as outbox:                                                   # neither lost nor sent twice
        outbox.enqueue(data, "docnova-stage", file="invoice.xml")
        outbox.run(wait=600)

Each service is a folder: `docnova`, `factpulse`, `afnor` (XP Z12-013), `openapi_fr`; each client is there for threads
and, as `Async...`, for tasks. What fails is one `RemoteError` of its kind, with the words of the service and without
secrets. The clients need the extra `remote`. Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.errors import RemoteError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.afnor.directory import AfnorDirectory, AsyncAfnorDirectory
    from billingua.remote.afnor.flows import AfnorFlow, AsyncAfnorFlow
    from billingua.remote.docnova.client import AsyncDocnova, Docnova
    from billingua.remote.exchange.habits import Habits, Pace
    from billingua.remote.exchange.messages import File
    from billingua.remote.exchange.secrets import Secret
    from billingua.remote.factpulse.client import AsyncFactPulse, FactPulse
    from billingua.remote.openapi_fr.calls import AsyncOpenapiFr, OpenapiFr
    from billingua.remote.outbox.front import Outbox

__all__ = [
    "AfnorDirectory",
    "AfnorFlow",
    "AsyncAfnorDirectory",
    "AsyncAfnorFlow",
    "AsyncDocnova",
    "AsyncFactPulse",
    "AsyncOpenapiFr",
    "Docnova",
    "FactPulse",
    "File",
    "Habits",
    "OpenapiFr",
    "Outbox",
    "Pace",
    "RemoteError",
    "Secret",
]

_HOMES = {
    "AfnorDirectory": "remote.afnor.directory",
    "AfnorFlow": "remote.afnor.flows",
    "AsyncAfnorDirectory": "remote.afnor.directory",
    "AsyncAfnorFlow": "remote.afnor.flows",
    "AsyncDocnova": "remote.docnova.client",
    "AsyncFactPulse": "remote.factpulse.client",
    "AsyncOpenapiFr": "remote.openapi_fr.calls",
    "Docnova": "remote.docnova.client",
    "FactPulse": "remote.factpulse.client",
    "File": "remote.exchange.messages",
    "Habits": "remote.exchange.habits",
    "OpenapiFr": "remote.openapi_fr.calls",
    "Outbox": "remote.outbox.front",
    "Pace": "remote.exchange.habits",
    "Secret": "remote.exchange.secrets",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
