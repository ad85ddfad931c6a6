"""The clients of Docnova: all its calls, waiting or as tasks."""

from billingua.remote.docnova.documents import DocumentCalls
from billingua.remote.docnova.france import FrenchCalls
from billingua.remote.docnova.poland import PolishCalls
from billingua.remote.docnova.signing_in import DocnovaSignIn
from billingua.remote.exchange.clients import AsyncClient, Client

__all__ = ["AsyncDocnova", "Docnova", "DocnovaCalls"]


class DocnovaCalls(DocumentCalls, FrenchCalls, PolishCalls, DocnovaSignIn):
    """All calls of Docnova."""


class Docnova(DocnovaCalls, Client):
    """Docnova, waiting for each answer.

    with Docnova(PRODUCTION, api_key="...") as docnova:
        sent = docnova.send_document(comp_id=company, base64_document=data, invoice_type="XRECHNUNG")
        record = docnova.processed(tracking_id=sent.tracking_id)
    """


class AsyncDocnova(DocnovaCalls, AsyncClient):
    """Docnova, in tasks."""
