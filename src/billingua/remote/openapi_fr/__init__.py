"""Openapi E-Invoicing France: invoices by JSON to Chorus Pro, Peppol, the French network or e-mail.

    from billingua.remote.openapi_fr import OpenapiFr

    with OpenapiFr("https://...", token=Secret("...")) as service:
        service.send_invoice(document_number="F-1", issue_date=date(2026, 9, 1), ...)
        for invoice in service.invoices().data: ...

Everything loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.remote.openapi_fr.calls import AsyncOpenapiFr, OpenapiFr, OpenapiFrCalls
    from billingua.remote.openapi_fr.messages import (
        Address,
        ApiConfiguration,
        Attachment,
        Callback,
        Confirmation,
        InvoiceAnswer,
        InvoiceDetails,
        Invoices,
        Line,
        Party,
        PaymentMeans,
        ReceivedInvoice,
        SentInvoice,
        TaxSubtotal,
    )

__all__ = [
    "Address",
    "ApiConfiguration",
    "AsyncOpenapiFr",
    "Attachment",
    "Callback",
    "Confirmation",
    "InvoiceAnswer",
    "InvoiceDetails",
    "Invoices",
    "Line",
    "OpenapiFr",
    "OpenapiFrCalls",
    "Party",
    "PaymentMeans",
    "ReceivedInvoice",
    "SentInvoice",
    "TaxSubtotal",
]

_HOMES = {
    "Address": "remote.openapi_fr.messages",
    "ApiConfiguration": "remote.openapi_fr.messages",
    "AsyncOpenapiFr": "remote.openapi_fr.calls",
    "Attachment": "remote.openapi_fr.messages",
    "Callback": "remote.openapi_fr.messages",
    "Confirmation": "remote.openapi_fr.messages",
    "InvoiceAnswer": "remote.openapi_fr.messages",
    "InvoiceDetails": "remote.openapi_fr.messages",
    "Invoices": "remote.openapi_fr.messages",
    "Line": "remote.openapi_fr.messages",
    "OpenapiFr": "remote.openapi_fr.calls",
    "OpenapiFrCalls": "remote.openapi_fr.calls",
    "Party": "remote.openapi_fr.messages",
    "PaymentMeans": "remote.openapi_fr.messages",
    "ReceivedInvoice": "remote.openapi_fr.messages",
    "SentInvoice": "remote.openapi_fr.messages",
    "TaxSubtotal": "remote.openapi_fr.messages",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
