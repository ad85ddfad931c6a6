"""Docnova: Germany, France and Poland.

    from billingua.remote import docnova

    with docnova.Docnova(docnova.PRODUCTION, api_key=key) as service:
        sent = service.send_document(comp_id=company, base64_document=data, invoice_type="XRECHNUNG")
        record = service.processed(tracking_id=sent.tracking_id)

`AsyncDocnova` has the same calls for tasks. Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.docnova.client import AsyncDocnova, Docnova, DocnovaCalls
    from billingua.remote.docnova.signing_in import PRODUCTION, STAGE

__all__ = ["PRODUCTION", "STAGE", "AsyncDocnova", "Docnova", "DocnovaCalls"]

_HOMES = {
    "PRODUCTION": "remote.docnova.signing_in",
    "STAGE": "remote.docnova.signing_in",
    "AsyncDocnova": "remote.docnova.client",
    "Docnova": "remote.docnova.client",
    "DocnovaCalls": "remote.docnova.client",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
