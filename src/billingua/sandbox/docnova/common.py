"""Docnova, the endpoints of all countries: sending in the background, searching, fetching, making PDF."""

import base64
from decimal import Decimal
from typing import Any, Final

from billingua import api, pdf
from billingua.errors import BillinguaError, InputError
from billingua.sandbox import paper
from billingua.sandbox.call import Answer, Call
from billingua.sandbox.docnova import national, shelf
from billingua.sandbox.docnova.france import page_of
from billingua.sandbox.docnova.signing import company_of, moment, owned
from billingua.sandbox.docnova.ubl_dto import missing_in, ubl_of
from billingua.sandbox.documents import Judged, essentials, judged
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store, Track
from billingua.sandbox.world import COMPANIES, Company

__all__ = [
    "document_status",
    "generate_pdf",
    "get_document",
    "merge_zugferd",
    "process_search",
    "search_documents",
    "send_async",
    "send_async_json",
    "take_dto",
]

PROCESS: Final = "docnova-process"
STATUSES: Final = ("PENDING", "PROCESSING", "COMPLETED", "FAILED", "SENDING_FAILED", "PERMANENT_FAILED")

TYPES: Final[dict[str, tuple[str, ...]]] = {
    "PEPPOL_BIS": ("ubl-invoice", "ubl-creditnote"),
    "XRECHNUNG": ("ubl-invoice", "ubl-creditnote"),
    "XRECHNUNG_CII": ("cii",),
    "ZUGFERD": ("facturx", "cii"),
    "FACTUR_X": ("facturx", "cii"),
    "CII": ("cii",),
    "CID": ("cii",),
    "KSEF": ("fa3",),
    "KSEF_OFFLINE": ("fa3",),
}
"""The invoice types that are judged, and the formats they come in."""

OTHER_TYPES: Final = frozenset(
    ("PDF", "RO_EFACTURA", "MY_INVOIS", "MY_PINT", "DK_OIOUBL", "EG_INVOICE", "HR_INVOICE", "UAE_PINT", "KZ_ESF_V2")
)
"""Those that are taken as they are."""

WAYBILLS: Final = frozenset(("RS_WAYBILL_DESPATCH", "RS_WAYBILL_RECEIPT", "RS_APPLICATION_RESPONSE", "RO_ETRANSPORT"))
_FILTERED: Final = ("XRECHNUNG", "ZUGFERD", "FACTUR_X")
"""The types that search-documents really filters by; any other one finds nothing."""
_DOCUMENT_TYPES: Final = {"PDF", "XML", "JSON"}
_PRICE: Final = 1
"""What a document costs of the credit."""


def send_async(call: Call) -> Any:
    """A document: taken at once, judged in the background."""
    company = company_of(call, call.text("compId"), call.text("apiKey"))
    kind = call.text("invoiceType") or call.text("waybillType")
    if kind not in TYPES and kind not in OTHER_TYPES and kind not in WAYBILLS:
        raise call.refuse(400, "INVALID_REQUEST", f"Unsupported document type {kind[:60]}.")
    data = call.bytes_of("base64Document" if call.get("base64Document") else "base64Pdf")
    return _taken(call, company, kind, data)


def send_async_json(call: Call) -> Any:
    """An invoice as the JSON image of UBL."""
    return take_dto(call, call.get("ublDto"))


def take_dto(call: Call, dto: Any) -> Any:
    """The image of an invoice: its required fields checked, then taken as the UBL document it stands for."""
    company = company_of(call, _text_in(dto, "CompanyId"), call.text("apiKey"))
    missing = missing_in(dto)
    if missing:
        complaints = tuple(Complaint(f"ublDto.{path}", "NotNull", f"{path} must not be empty") for path in missing)
        raise Refusal(400, "VALIDATION_FAILED", complaints[0].message, complaints)
    try:
        data, kind = ubl_of(dto), str(dto["Type"])
    except BillinguaError as error:
        raise call.refuse((422, 400), "DOCUMENT_PROCESS_FAILED", str(error)) from None
    if call.ends == "QUEUE":
        return {"trackingId": call.store.uuid(PROCESS), "status": "FAILED", "message": "The queue is not reachable."}
    return _taken(call, company, kind, data, as_ubl=True)


def _text_in(dto: Any, name: str) -> str:
    value = dto.get(name) if isinstance(dto, dict) else None
    return value if isinstance(value, str) else ""


def _taken(call: Call, company: Company, kind: str, data: bytes, *, as_ubl: bool = False) -> Any:
    store = call.store
    if company.credit < _PRICE:
        shape = None if 402 in call.endpoint.errors else "D"
        raise Refusal(402, "CREDIT_BLOCKED", "The credit of the company is used up.", shape=shape)
    verdict = _verdict(store, kind, data, as_ubl=as_ubl)
    steps = _steps(call.ends, valid=verdict.valid)
    track = store.start(PROCESS, store.uuid(PROCESS), steps, company=company.id, type=kind, verdict=verdict, data=data)
    track.facts["invoice_number"] = None
    track.facts["document"] = None
    track.on_move = lambda moved: _moved(store, moved)
    return {"trackingId": track.id, "status": "PENDING", "message": "Document accepted for processing."}


def _steps(ends: str, *, valid: bool) -> tuple[str, ...]:
    """What will become of a document. One that FAILED is tried again by the service itself."""
    if ends == "FAILED":
        return ("PENDING", "PROCESSING", "FAILED", "PROCESSING", "COMPLETED")
    last = ends if ends in STATUSES else "COMPLETED" if valid else "PERMANENT_FAILED"
    return ("PENDING", "PROCESSING", last)


def _verdict(store: Store, kind: str, data: bytes, *, as_ubl: bool) -> Judged:
    """What is found out about a document; those of formats that are not judged are taken."""
    formats = ("ubl-invoice", "ubl-creditnote") if as_ubl else TYPES.get(kind)
    if formats is None:
        return Judged("", "", ())
    verdict = judged(store, data)
    if verdict.format and verdict.format not in formats:
        complaint = Complaint("base64Document", "TYPE", f"The document is {verdict.format}, not {kind}.")
        return Judged(verdict.format, verdict.profile, (complaint,))
    return verdict


def _moved(store: Store, track: Track) -> None:
    """What happens at a step: a good document is kept, and one for KSeF sent on."""
    if track.status not in ("COMPLETED", "SENDING_FAILED") or track.facts["document"] is not None:
        return
    data, kind = track.facts["data"], track.facts["type"]
    try:
        facts = essentials(data)
    except InputError:
        facts = None
    if facts is None:
        return
    is_pdf = data.startswith(b"%PDF")
    drawn = data if is_pdf else paper.page([f"Invoice {facts.number}", f"{facts.issue_date}  {facts.seller}"])
    xml = _xml_in(data) if is_pdf else data
    kept = shelf.keep(store, track.facts["company"], kind, _saved_as(kind), xml, drawn, facts)
    track.facts["document"], track.facts["invoice_number"] = kept.id, facts.number
    national.pass_on(store, kept, sent=track.status == "COMPLETED")


def _saved_as(kind: str) -> str:
    known = {"ZUGFERD": "ZUGFERD", "FACTUR_X": "FACTUR_X", "CID": "CID", "KSEF": "KSEF", "KSEF_OFFLINE": "KSEF"}
    return "SAVED_AS_" + known.get(kind, "CII" if kind in ("CII", "XRECHNUNG_CII") else "UBL")


def _xml_in(data: bytes) -> bytes:
    return next((one.data for one in pdf.extract(data) if one.mime.endswith("xml")), b"")


def document_status(call: Call) -> Any:
    """The process of a document; each time it is asked for, it may go on."""
    track = call.store.track(PROCESS, call.text("trackingId"))
    if track is None or track.facts["company"] not in call.account.companies:
        raise Refusal(404, "INVOICE_PROCESS_NOT_FOUND", "Invoice process not found.")
    return _record(call.store, call.store.poll(track))


def _record(store: Store, track: Track) -> dict[str, Any]:
    """The record of a process."""
    facts = track.facts
    failed = track.status in ("FAILED", "SENDING_FAILED", "PERMANENT_FAILED")
    verdict: Judged = facts["verdict"]
    error_type = None
    if failed:
        error_type = "INVOICE_SENDING_FAILED" if track.status == "SENDING_FAILED" else "INVOICE_CREATION_FAILED"
        if not verdict.valid:
            error_type = "ZUGFERD_VALIDATION_ERROR" if facts["type"] == "ZUGFERD" else "VALIDATION_FAILED"
    kind = facts["type"]
    return {
        "trackingId": track.id,
        "companyId": facts["company"],
        "direction": "OUTGOING",
        "documentType": None if kind in WAYBILLS else kind,
        "waybillType": kind if kind in WAYBILLS else None,
        "source": "ERP",
        "target": "KSEF" if kind.startswith("KSEF") else "PEPPOL",
        "status": track.status,
        "filename": f"{track.id}.xml",
        "invoiceNumber": facts["invoice_number"],
        "documentId": facts["document"],
        "sendingResult": "SUCCESS" if track.status == "COMPLETED" else None,
        "errorType": error_type,
        "errors": [one._asdict() for one in _shown_complaints(verdict)] if failed else None,
        "additionalData": national.additional_data(store, facts["document"]),
        "createdAt": moment(track.history[0][1]),
        "statusUpdatedAt": moment(track.history[-1][1]),
        "completedAt": moment(track.history[-1][1]) if track.is_final else None,
    }


def _shown_complaints(verdict: Judged) -> tuple[Complaint, ...]:
    return verdict.complaints or (Complaint("", "SANDBOX", "The sandbox was asked for this."),)


def process_search(call: Call) -> Any:
    """The processes of a company, in pages; the newest one first. Those that are asked for may go on."""
    company = company_of(call, call.text("companyId"))
    dates = call.get("createdAt")
    since, until = (str((dates if isinstance(dates, dict) else {}).get(name) or "") for name in ("from", "to"))
    wanted = {name: call.text(name) for name in ("direction", "source", "status", "filename") if call.get(name)}
    found = []
    for track in reversed(call.store.of_kind(PROCESS)):
        if track.facts["company"] != company.id:
            continue
        record = _record(call.store, call.store.poll(track))
        day = record["createdAt"][: len("2026-01-01")]
        if all(record[name] == value for name, value in wanted.items()) and since <= day <= (until or day):
            found.append(record)
    paged = call.get("paged") is not None
    return page_of(call, found, page="pageNumber" if paged else "page", size="pageSize" if paged else "size")


def get_document(call: Call) -> Any:
    """The files of an invoice. JSON there is only of documents that were recognised from pictures: never here."""
    kept = shelf.find(call.store, call.text("documentId"), call.account.companies)
    if kept is None:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice not found.")
    wanted = call.text("documentTypes").split("-")
    if not set(wanted) <= _DOCUMENT_TYPES:
        raise call.refuse(400, "INVALID_REQUEST", "documentTypes are PDF, XML and JSON, joined by -.")
    files = {"PDF": kept.pdf, "XML": kept.xml}
    return {
        "documents": [
            {"file_type": one, "data": base64.b64encode(files[one]).decode()} for one in wanted if files.get(one)
        ]
    }


def search_documents(call: Call) -> Any:
    """The invoices of a company: filtered, counted, added up, in pages."""
    company = company_of(call, call.text("companyId"))
    kind = call.text("type")
    listed = [] if kind and kind not in _FILTERED else shelf.of_company(call.store, company.id)
    since, until = call.text("startDate"), call.text("endDate")
    if until and since > until:
        complaint = Complaint("endDate", "Range", "endDate is before startDate")
        raise call.refuse((422, 400), "VALIDATION_ERROR", complaint.message, complaint)
    found = [
        one
        for one in listed
        if (not kind or one.type == kind)
        and call.text("documentType", "OUTGOING") == "OUTGOING"
        and call.text("status", one.status) == one.status
        and since <= one.facts.issue_date <= (until or one.facts.issue_date)
    ]
    size = min(max(call.number("size", 50), 1), 100)
    start = call.number("page", 0) * size
    total = "Total" if call.account.page == "pl" else "total"
    return {
        "totalCount": len(found),
        "netTotal": sum([one.facts.net or Decimal(0) for one in found], Decimal(0)),
        total: sum([one.facts.total or Decimal(0) for one in found], Decimal(0)),
        "invoiceList": [one.listed() for one in found[start : start + size]],
    }


def merge_zugferd(call: Call) -> Any:
    """A PDF and an invoice become one. What is wrong with them comes as 400 API_ERROR, as documented."""
    try:
        merged = pdf.embed(call.bytes_of("base64Pdf"), call.bytes_of("base64Xml"))
    except BillinguaError as error:
        raise call.refuse(400, "API_ERROR", str(error)) from None
    return {"file_type": "PDF", "data": base64.b64encode(merged).decode()}


def generate_pdf(call: Call) -> Any:
    """A picture of an invoice: here a page with what matters."""
    data = call.bytes_of("base64XML")
    try:
        document, facts = api.detect(data), essentials(data)
    except InputError as error:
        raise call.refuse(400, "VALIDATION_FAILED", str(error)) from None
    lines = [f"Invoice {facts.number} of {facts.issue_date}", f"{facts.seller} to {facts.buyer}"]
    return Answer(paper.page([*lines, f"{facts.total} {facts.currency}", document.format]))


def company_by_id(call: Call) -> Company:
    """The company of the path or the query."""
    return owned(call, COMPANIES.get(call.text("companyId").lower()))
