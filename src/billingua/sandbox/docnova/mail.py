"""Docnova: e-mail, the message level response of Peppol, and the calls that only its own client program shows."""

from typing import Any, Final

from billingua.sandbox.call import Answer, Call, Upload, decoded
from billingua.sandbox.docnova import shelf
from billingua.sandbox.docnova.common import company_by_id, search_documents, take_dto
from billingua.sandbox.docnova.signing import company_of, moment
from billingua.sandbox.endpoint import MEGABYTE
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.world import COMPANIES

__all__ = [
    "email_send",
    "get_invoice",
    "invoice_pdf",
    "invoice_search",
    "invoice_summary",
    "search_mlr",
    "send_mlr",
    "send_portal",
]

_FORMATS: Final = {"PDF", "XML", "SIGN", "JSON", "GPDF", "HTML"}
_MOST_FILES: Final = 3
_LARGEST_FILE: Final = 5 * MEGABYTE


def email_send(call: Call) -> Any:
    """Invoices go out by e-mail: nothing does here, but everything is checked."""
    company_of(call, call.text("companyId"))
    for id in _words(call, "invoiceIdList"):
        if shelf.find(call.store, id, call.account.companies) is None:
            raise call.refuse((404, 400), "NOT_FOUND_INVOICE", "Invoice not found.")
    formats = _words(call, "formatTypes")
    if not set(formats) <= _FORMATS:
        raise call.refuse(400, "VALIDATION_FAILED", f"formatTypes are {', '.join(sorted(_FORMATS))}.")
    given = call.form.get("attachments", [])
    files = [given] if isinstance(given, Upload) else given if isinstance(given, list) else []
    if len(files) > _MOST_FILES or any(len(one.data) > _LARGEST_FILE for one in files):
        raise call.refuse(400, "VALIDATION_FAILED", "At most three attachments of 5 MB each.")
    call.store.shelf("docnova-mails")[call.store.uuid("mail")] = call.text("toList")
    return True


def _words(call: Call, name: str) -> list[str]:
    return [one.strip(' "[]') for one in call.text(name).split(",") if one.strip(' "[]')]


def search_mlr(call: Call) -> Any:
    """The responses of a company."""
    company = company_of(call, call.text("companyId"))
    since, until = call.text("fromDate"), call.text("toDate")
    return [
        one
        for one in call.store.shelf("docnova-mlr").values()
        if one["companyId"] == company.id
        and all(call.text(name, one[name]) == one[name] for name in _SEARCHED)
        and since <= one["receivedTime"][: len("2026-01-01")] <= (until or "9999")
    ]


_SEARCHED: Final = ("documentId", "counterpartParticipantId", "invoiceId")


def send_mlr(call: Call) -> Any:
    """A response to an invoice; a rejection says why."""
    kept = shelf.find(call.store, call.text("invoiceId"), call.account.companies)
    if kept is None:
        raise call.refuse((404, 400), "NOT_FOUND_INVOICE", "Invoice not found.")
    response, lines = call.text("responseCode"), call.get("errorLines", [])
    if not all(isinstance(one, dict) for one in lines):
        raise call.refuse(400, "VALIDATION_FAILED", "errorLines are objects.")
    if response == "REJECTION" and not lines:
        complaint = Complaint("errorLines", "NotEmpty", "errorLines must not be empty for REJECTION")
        raise call.refuse((422, 400), "DOCUMENT_PROCESS_FAILED", complaint.message, complaint)
    id = call.store.uuid("mlr")
    call.store.shelf("docnova-mlr")[id] = {
        "id": id,
        "companyId": kept.company,
        "documentId": kept.id,
        "invoiceId": kept.id,
        "counterpartParticipantId": "0204:991-00000-00",
        "responseType": response,
        "receivedTime": moment(call.store.now()),
        "responseLines": [
            {"id": str(number), **{name: one.get(name) for name in _LINE}} for number, one in enumerate(lines, 1)
        ],
    }
    return "OK"


_LINE: Final = ("errorField", "responseCode", "description", "statusReasonCode")


def invoice_search(call: Call) -> Any:
    """As search-documents."""
    return search_documents(call)


def get_invoice(call: Call) -> Any:
    """An invoice as in a list."""
    return _kept(call).listed()


def invoice_pdf(call: Call) -> Any:
    """The PDF of an invoice."""
    return Answer(_kept(call).pdf)


def _kept(call: Call) -> shelf.Kept:
    kept = shelf.find(call.store, call.text("id"), call.account.companies)
    if kept is None:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice not found.")
    return kept


def invoice_summary(call: Call) -> Any:
    """How many invoices a company has in each status."""
    company = company_by_id(call)
    counts: dict[str, int] = {}
    for one in shelf.of_company(call.store, company.id):
        counts[one.status] = counts.get(one.status, 0) + 1
    return {"companyId": company.id, "outgoing": counts, "incoming": {}, "credit": COMPANIES[company.id].credit}


def send_portal(call: Call) -> Any:
    """An invoice as JSON in a part of a form."""
    part = call.form.get("data")
    text = part.data if isinstance(part, Upload) else part.encode() if isinstance(part, str) else b""
    try:
        dto = decoded(text)
    except ValueError:
        dto = None
    if not isinstance(dto, dict):
        raise Refusal(400, "INVALID_REQUEST", "The part data is no JSON object.")
    return take_dto(call, dto["ublDto"] if isinstance(dto.get("ublDto"), dict) else dto)
