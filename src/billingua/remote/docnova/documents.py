"""Docnova for all countries: sending documents, asking after them, searching, PDF, e-mail, Peppol responses (MLR)."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import msgspec

from billingua.errors import RemoteError, ServiceFailed, UsageError
from billingua.remote.exchange.faults import error_kind
from billingua.remote.exchange.messages import Answer, Ask, Data, File, Key, Text
from billingua.remote.exchange.operations import Endpoint, Paged, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service

__all__ = [
    "BinaryDocument",
    "DateRange",
    "DocumentCalls",
    "DocumentPage",
    "DocumentQuery",
    "DocumentRequest",
    "Documents",
    "Email",
    "MergeRequest",
    "Merged",
    "MlrLine",
    "MlrQuery",
    "MlrRecord",
    "MlrResponse",
    "PdfRequest",
    "ProcessPage",
    "ProcessQuery",
    "ProcessRecord",
    "StatusQuery",
    "Submission",
    "Submitted",
    "UblDto",
    "complained",
    "failed",
    "next_page",
]

_MOST_ATTACHMENTS = 3
_DOCUMENTS_A_PAGE = 50  # where the request does not say


def complained(said: Any) -> type[RemoteError] | None:
    """An error body that comes with status 200: it has a status of its own, says so, or has the names of errors."""
    if said is False:  # of an e-mail, where true is success
        return ServiceFailed
    if not isinstance(said, dict):
        return None
    status = str(said.get("status"))
    if re.fullmatch("[45][0-9][0-9]", status):
        return error_kind(int(status))
    named = said.get("errorMessage") and any(said.get(name) for name in ("errorId", "errorTitle", "errorType"))
    return ServiceFailed if named or said.get("success") is False else None


def failed(said: Any) -> type[RemoteError] | None:
    """The same, or a document that the queue could not take."""
    if isinstance(said, dict) and said.get("status") == "FAILED":
        return ServiceFailed
    return complained(said)


class Submission(Ask, frozen=True, kw_only=True):
    """A document to send. Either the company or the key; either the XML or a PDF; the bytes as they are."""

    comp_id: str | None = None
    api_key: Secret | None = None
    base64_document: bytes | None = None
    base64_pdf: bytes | None = None
    invoice_type: str | None = None
    """PEPPOL_BIS, XRECHNUNG, XRECHNUNG_CII, ZUGFERD, FACTUR_X, CII, KSEF, KSEF_OFFLINE, ..."""
    waybill_type: str | None = None
    business_type: str | None = None
    """B2B, B2C or B2G."""
    invoice_source: str | None = None
    receiver_emails: tuple[str, ...] = ()
    mail_template_id: str | None = None


class UblDto(Ask, frozen=True, kw_only=True):
    """A document as Docnova's own JSON (`ubl_dto`): see `billingua.remote.docnova.ubl_dto`."""

    ubl_dto: dict[str, Any]
    api_key: Secret | None = None
    receiver_emails: tuple[str, ...] = ()


class Submitted(Answer):
    tracking_id: Key
    status: Text = Text()
    message: Text = Text()


class StatusQuery(Ask, frozen=True, kw_only=True):
    tracking_id: str


class ProcessRecord(Answer):
    """How far a document has come. Times have no zone, and are told as they come."""

    tracking_id: Text = Text()
    company_id: Text = Text()
    direction: Text = Text()
    document_type: Text = Text()
    waybill_type: Text = Text()
    source: Text = Text()
    target: Text = Text()
    status: Text = Text()
    """PENDING, PROCESSING, COMPLETED, FAILED (may be tried again there), SENDING_FAILED, PERMANENT_FAILED."""
    filename: Text = Text()
    invoice_number: Text = Text()
    document_id: Text = Text()
    sending_result: Any = None
    error_type: Text = Text()
    errors: Any = None
    """A list, a map or a text."""
    additional_data: dict[str, Any] = msgspec.field(default_factory=dict)
    """What a country adds, such as ksefNumber."""
    created_at: Text = Text()
    status_updated_at: Text = Text()
    completed_at: Text = Text()


class DateRange(Data, frozen=True, kw_only=True):
    """From a day to a day, both included."""

    from_: dt.date | None = None
    to: dt.date | None = None


class ProcessQuery(Ask, frozen=True, kw_only=True):
    company_id: str
    direction: str | None = None
    source: str | None = None
    filename: str | None = None
    status: str | None = None
    created_at: DateRange | None = None
    page: int | None = None
    size: int | None = None
    """At most 100."""
    sort: str | None = None
    """Such as "createdAt,desc"."""


class ProcessPage(Answer):
    content: tuple[ProcessRecord, ...] = ()
    total_elements: int = 0
    total_pages: int = 0
    number: int = 0
    size: int = 0


class DocumentRequest(Ask, frozen=True, kw_only=True):
    document_id: str
    document_types: str
    """PDF, XML, JSON (of scanned documents only), joined by a hyphen: "PDF-XML"."""


class BinaryDocument(Data, frozen=True, kw_only=True):
    file_type: Text = msgspec.field(default=Text(), name="file_type")
    data: bytes = b""


class Documents(Answer):
    documents: tuple[BinaryDocument, ...] = ()


class DocumentQuery(Ask, frozen=True, kw_only=True):
    company_id: str
    document_type: str | None = None
    """INCOMING or OUTGOING."""
    status: str | None = None
    type: str | None = None
    """Only XRECHNUNG, ZUGFERD and FACTUR_X are obeyed by the service."""
    start_date: dt.date | None = None
    end_date: dt.date | None = None
    tin: str | None = None
    uit: str | None = None
    reference_document: str | None = None
    page: int | None = None
    size: int | None = None


class DocumentPage(Answer):
    """The Polish page writes `Total` with a capital: see `raw`."""

    total_count: int = 0
    net_total: Decimal | None = None
    total: Decimal | None = None
    invoice_list: tuple[dict[str, Any], ...] = ()


class MergeRequest(Ask, frozen=True, kw_only=True):
    base64_pdf: bytes
    base64_xml: bytes


class Merged(Answer):
    file_type: Text = msgspec.field(default=Text(), name="file_type")
    data: bytes = b""


class PdfRequest(Ask, frozen=True, kw_only=True, rename={"base64_xml": "base64XML", "vat_number": "vatNumber"}):
    base64_xml: bytes
    type: str
    country: str | None = None
    vat_number: str | None = None


class Email(Ask, frozen=True, kw_only=True):
    invoice_id_list: tuple[str, ...]
    company_id: str
    format_types: tuple[str, ...]
    """PDF, XML, SIGN, JSON, GPDF, HTML."""
    to_list: tuple[str, ...] = ()
    cc_list: tuple[str, ...] = ()
    bcc_list: tuple[str, ...] = ()
    subject: str | None = None
    body: str | None = None
    attachments: tuple[File, ...] = ()
    """At most three, of 5 MB each."""

    def __post_init__(self) -> None:
        if len(self.attachments) > _MOST_ATTACHMENTS:
            raise UsageError(
                f"{len(self.attachments)} files are to go with the e-mail.", todo=f"Attach {_MOST_ATTACHMENTS} at most."
            )


class MlrQuery(Ask, frozen=True, kw_only=True):
    company_id: str
    document_id: str | None = None
    counterpart_participant_id: str | None = None
    """Scheme and identifier: "0204:..."."""
    invoice_id: str | None = None
    from_date: dt.date | None = None
    to_date: dt.date | None = None


class MlrLine(Data, frozen=True, kw_only=True):
    description: str | None = None
    error_field: str | None = None
    response_code: str | None = None
    status_reason_code: str | None = None
    """BUSINESS_RULE_VIOLATION_FATAL, BUSINESS_RULE_VIOLATION_WARNING or SYNTAX_VIOLATION."""


class MlrResponse(Ask, frozen=True, kw_only=True):
    invoice_id: str
    response_code: str
    """ACCEPTANCE, ACKNOWLEDGING or REJECTION."""
    error_lines: tuple[MlrLine, ...] = ()


class MlrRecord(Data, frozen=True, kw_only=True):
    id: Text = Text()
    company_id: Text = Text()
    document_id: Text = Text()
    invoice_id: Text = Text()
    counterpart_participant_id: Text = Text()
    response_type: Text = Text()
    received_time: Text = Text()
    response_lines: tuple[dict[str, Any], ...] = ()


def next_page(ask: Any, page: Any) -> Any:
    """The request for the page after this one, in answers that count pages from 0; None at the end."""
    number = ask.page or 0
    more = page.content and number + 1 < page.total_pages
    return msgspec.structs.replace(ask, page=number + 1) if more else None


def _next_documents(ask: DocumentQuery, page: DocumentPage) -> DocumentQuery | None:
    number, size = ask.page or 0, ask.size or _DOCUMENTS_A_PAGE
    more = page.invoice_list and (number + 1) * size < page.total_count
    return msgspec.structs.replace(ask, page=number + 1) if more else None


class DocumentCalls(Service):
    """What is the same for every country."""

    send_document = Endpoint(
        "POST",
        "/invoice/send-document-async",
        Submission,
        Submitted,
        errors=(400, 401, 402, 403, 500),
        failed=failed,
        about="Hand over a document; it is processed later: `document_status`, `processed`.",
    )
    send_document_json = Endpoint(
        "POST",
        "/invoice/send-document-async-json",
        UblDto,
        Submitted,
        errors=(400, 401, 404, 422, 500),
        failed=failed,
        about="Hand over a document as Docnova's own JSON.",
    )
    document_status = Endpoint(
        "GET",
        "/invoice/document-status/{trackingId}",
        StatusQuery,
        ProcessRecord,
        errors=(401, 404, 500),
        failed=complained,
        about="How far a document has come.",
    )
    processed = Polled(
        document_status,
        lambda record: record.status in ("COMPLETED", "FAILED", "SENDING_FAILED", "PERMANENT_FAILED"),
    )
    """Ask until the document is done or has failed."""
    processed_at_last = Polled(
        document_status, lambda record: record.status in ("COMPLETED", "SENDING_FAILED", "PERMANENT_FAILED")
    )
    """The same, but wait through FAILED, after which the service may try again by itself."""
    search_processes = Endpoint(
        "POST",
        "/invoice/document-process/search",
        ProcessQuery,
        ProcessPage,
        query=("page", "size", "sort"),
        repeatable=True,
        errors=(400, 401, 403, 500),
        failed=complained,
        about="One page of process records; pages count from 0.",
    )
    processes = Paged(search_processes, lambda page: page.content, next_page)
    """All process records that fit, page by page."""
    get_document = Endpoint(
        "GET",
        "/invoice/get-document/{documentId}/{documentTypes}",
        DocumentRequest,
        Documents,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="A document in the forms asked for.",
    )
    search_documents = Endpoint(
        "POST",
        "/invoice/search-documents",
        DocumentQuery,
        DocumentPage,
        repeatable=True,
        errors=(400, 401, 404, 422, 500),
        failed=complained,
        about="One page of documents; pages count from 0.",
    )
    documents = Paged(search_documents, lambda page: page.invoice_list, _next_documents)
    """All documents that fit, page by page."""
    merge_zugferd = Endpoint(
        "POST",
        "/invoice/merge-zugferd-pdf-xml",
        MergeRequest,
        Merged,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="A ZUGFeRD PDF of a PDF and an XML. `billingua.pdf.embed` does it here.",
    )
    generate_pdf = Endpoint(
        "POST",
        "/invoice/generate/pdf",
        PdfRequest,
        bytes,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="A PDF for people to read.",
    )
    send_email = Endpoint(
        "POST",
        "/email/send",
        Email,
        str,
        body="form",
        limits={"attachments": "docnova-attachment"},
        errors=(400, 401, 500),
        failed=complained,
        about="Send documents by e-mail.",
    )
    search_mlr = Endpoint(
        "GET",
        "/peppol/search-mlr",
        MlrQuery,
        list[MlrRecord],
        errors=(400, 401, 498, 500),
        failed=complained,
        about="Peppol responses (MLR) that came.",
    )
    send_mlr = Endpoint(
        "POST",
        "/peppol/send-mlr",
        MlrResponse,
        str,
        errors=(400, 401, 404, 422, 500),
        failed=complained,
        about="Answer a Peppol invoice with a response (MLR).",
    )
