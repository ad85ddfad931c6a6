"""Docnova for Poland: KSeF sessions, receipts (UPO), QR codes and the queue of offline invoices.

Hashes, numbers and links that the service gives are to be compared with our own (`billingua.ksef`): its pages differ
from the ministry in several places.
"""

import datetime as dt
from typing import Any

import msgspec

from billingua.remote.docnova.documents import complained, failed
from billingua.remote.exchange.messages import Answer, Ask, Data, Key, Text
from billingua.remote.exchange.operations import Endpoint, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service

__all__ = [
    "AttachmentPermission",
    "BatchOpened",
    "BatchSession",
    "BatchToClose",
    "CertificateCode",
    "FaInvoice",
    "FaSubmitted",
    "FetchStatus",
    "FetchTask",
    "Fetched",
    "HistoricalFetch",
    "InvoiceByNumber",
    "InvoiceStatus",
    "InvoiceStatusQuery",
    "KsefStatus",
    "OfflineCode",
    "OfflineEntry",
    "OfflineQueue",
    "OfflineSubmitted",
    "OnlineCode",
    "PdfByNumber",
    "PolishCalls",
    "QrCode",
    "ReceiptByNumber",
    "ReceiptByReference",
    "SavedInvoice",
    "SavedSubmitted",
    "SessionInvoice",
    "SessionInvoices",
    "SessionInvoicesQuery",
    "SessionQuery",
    "SessionStatus",
]

_OK = 200  # the code of KSeF for what is done; below it the work goes on


def _is_final(code: str) -> bool:
    return code.isdecimal() and int(code) >= _OK


class _OfCompany(Ask, frozen=True, kw_only=True):
    """Either the company or the key; with both the company counts."""

    company_id: str | None = None
    api_key: Secret | None = None


class FaInvoice(_OfCompany, frozen=True, kw_only=True):
    """An invoice FA(3), the bytes as they are; where both are given, `submit_saved` goes by the key."""

    invoice_xml: bytes


class FaSubmitted(Answer):
    reference_number: Key
    invoice_number: Text = Text()
    processing_code: Text = Text()
    session_reference_number: Text = Text()


class BatchSession(_OfCompany, frozen=True, kw_only=True):
    """Invoices FA(3) that go in one session; the service opens and closes it."""

    invoice_xml_list: tuple[bytes, ...]


class BatchOpened(Answer):
    reference_number: Key
    timestamp: Text = Text()
    total_invoices: int = 0
    saved_invoices: int = 0
    message: Text = Text()


class BatchToClose(Ask, frozen=True, kw_only=True):
    company_id: str
    reference_number: str


class AttachmentPermission(Answer):
    is_attachment_allowed: bool = False
    revoked_date: Text = Text()


class PdfByNumber(_OfCompany, frozen=True, kw_only=True):
    ksef_number: str


class InvoiceByNumber(_OfCompany, frozen=True, kw_only=True):
    ksef_reference_number: str


class HistoricalFetch(_OfCompany, frozen=True, kw_only=True):
    """Invoices of at most 365 days, none of them in the future; the times have an offset."""

    from_date: dt.datetime
    to_date: dt.datetime


class Fetched(Answer):
    company_id: Text = Text()
    total_fetched: int = 0
    total_pages: int = 0
    invoices: tuple[dict[str, Any], ...] = ()
    processing_status: Text = Text()
    """COMPLETED, PARTIAL or FAILED."""
    message: Text = Text()


class FetchTask(Ask, frozen=True, kw_only=True):
    task_id: str


class FetchStatus(Answer):
    task_id: Text = Text()
    status: Text = Text()
    """PENDING, IN_PROGRESS, COMPLETED, FAILED or CANCELLED."""
    total_count: int = 0
    processed_count: int = 0
    failed_count: int = 0
    started_at: Text = Text()
    completed_at: Text = Text()
    error_message: Text = Text()


class InvoiceStatusQuery(_OfCompany, frozen=True, kw_only=True):
    invoice_reference_number: str
    session_reference_number: str


class InvoiceStatus(Answer):
    ordinal_number: int | None = None
    invoice_reference_number: Text = Text()
    ksef_reference_number: Text = Text()
    """The KSeF number; check it with `billingua.ksef.KsefNumber`."""
    reference_number: Text = Text()
    invoice_hash: Text = Text()
    invoice_file_name: Text = Text()
    invoicing_date: Text = Text()
    acquisition_date: Text = Text()
    permanent_storage_date: Text = Text()
    upo_download_url: Text = Text()
    processing_code: Text = Text()
    processing_description: Text = Text()


class ReceiptByNumber(_OfCompany, frozen=True, kw_only=True):
    ksef_reference_number: str
    session_reference_number: str
    invoice_reference_number: str | None = None


class ReceiptByReference(_OfCompany, frozen=True, kw_only=True):
    invoice_reference_number: str
    session_reference_number: str


class SessionQuery(_OfCompany, frozen=True, kw_only=True):
    reference_number: str


class KsefStatus(Data, frozen=True, kw_only=True):
    """A status of KSeF itself: 100 and 150 while it works, 200 when done, above when refused."""

    code: int = 0
    description: Text = Text()
    details: tuple[Text, ...] = ()
    extensions: dict[str, Any] = msgspec.field(default_factory=dict)


class SessionStatus(Answer):
    status: KsefStatus = KsefStatus()
    valid_until: Text = Text()
    upo: dict[str, Any] = msgspec.field(default_factory=dict)
    invoice_count: int = 0
    successful_invoice_count: int = 0
    failed_invoice_count: int = 0


class SessionInvoicesQuery(_OfCompany, frozen=True, kw_only=True):
    session_reference_number: str
    page_size: int | None = None


class SessionInvoice(Data, frozen=True, kw_only=True):
    ordinal_number: int | None = None
    reference_number: Text = Text()
    ksef_number: Text = Text()
    invoice_number: Text = Text()
    invoice_hash: Text = Text()
    invoicing_mode: Text = Text()
    """ONLINE or OFFLINE."""
    status: KsefStatus = KsefStatus()


class SessionInvoices(Answer):
    invoices: tuple[SessionInvoice, ...] = ()
    continuation_token: Text = Text()


class SavedInvoice(_OfCompany, frozen=True, kw_only=True):
    """An invoice that is saved in the portal; with both company and key, the key counts here."""

    invoice_id: str


class SavedSubmitted(Answer):
    """`ksef_reference_number` is empty while KSeF works on the invoice; the session is known from the beginning."""

    ksef_reference_number: Text = Text()
    session_reference_number: Text = Text()
    processing_code: Text = Text()
    processing_description: Text = Text()
    invoicing_date: Text = Text()
    invoice_hash: Text = Text()

    def __post_init__(self) -> None:
        if not (self.ksef_reference_number or self.session_reference_number):
            raise ValueError("it has no reference number")


class CertificateCode(Ask, frozen=True, kw_only=True):
    company_id: str
    context_identifier_type: str
    """Nip, InternalId or NipVatUe."""
    context_identifier_value: str
    invoice_hash: str


class OfflineCode(Ask, frozen=True, kw_only=True):
    nip: str
    issue_date: dt.date
    invoice_hash: str


class OnlineCode(Ask, frozen=True, kw_only=True):
    nip: str
    issue_date: dt.date
    invoice_hash: str
    ksef_number: str


class QrCode(Answer):
    url: Text = Text()
    qr_code: bytes = b""
    """A PNG."""


class OfflineQueue(Ask, frozen=True, kw_only=True):
    company_id: str


class OfflineEntry(Data, frozen=True, kw_only=True):
    queue_id: Text = Text()
    invoice_id: Text = Text()
    invoice_hash: Text = Text()
    qr_code_i: Text = Text()
    qr_code_ii: Text = msgspec.field(default=Text(), name="qrCodeII")
    status: Text = Text()
    """PENDING, SUBMITTED or FAILED."""
    issue_date: Text = Text()
    created_time: Text = Text()
    ksef_number: Text = Text()


class OfflineSubmitted(Answer):
    total_processed: int = 0
    success_count: int = 0
    failure_count: int = 0
    submitted_invoices: tuple[dict[str, Any], ...] = ()
    failed_invoices: tuple[dict[str, Any], ...] = ()


class PolishCalls(Service):
    """The Polish part."""

    send_fa = Endpoint(
        "POST",
        "/invoice/PL/send-invoice",
        FaInvoice,
        FaSubmitted,
        errors=(400, 401, 404, 422, 500),
        failed=failed,
        about="Send one FA(3) to KSeF.",
    )
    open_batch = Endpoint(
        "POST",
        "/invoice/PL/batch/open-session",
        BatchSession,
        BatchOpened,
        errors=(400, 401, 404, 500),
        failed=failed,
        about="Send several FA(3) in one session.",
    )
    close_batch = Endpoint(
        "POST",
        "/invoice/PL/batch/close-session",
        BatchToClose,
        type(None),
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="Close a batch session.",
    )
    attachment_permission = Endpoint(
        "POST",
        "/invoice/PL/attachment/permission-status",
        OfflineQueue,
        AttachmentPermission,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="Whether the company may send invoices with attachments.",
    )
    fa_pdf = Endpoint(
        "POST",
        "/invoice/PL/generate-pdf",
        PdfByNumber,
        bytes,
        repeatable=True,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="A PDF of an invoice in KSeF.",
    )
    get_fa = Endpoint(
        "POST",
        "/invoice/PL/get-invoice",
        InvoiceByNumber,
        bytes,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="The XML of an invoice in KSeF, as it came.",
    )
    historical_fetch = Endpoint(
        "POST",
        "/invoice/PL/historical-fetch",
        HistoricalFetch,
        Fetched,
        repeatable=True,
        errors=(400, 401, 403, 404, 422, 429, 500, 502),
        failed=failed,
        about="The invoices of a period, from KSeF.",
    )
    historical_fetch_status = Endpoint(
        "GET",
        "/invoice/PL/historical-fetch/status/{taskId}",
        FetchTask,
        FetchStatus,
        errors=(400, 401, 403, 404, 410, 500, 503),
        failed=complained,
        about="How far such a fetch has come.",
    )
    fetched = Polled(historical_fetch_status, lambda task: task.status in ("COMPLETED", "FAILED", "CANCELLED"))
    """Ask until the fetch has ended."""
    fa_status = Endpoint(
        "POST",
        "/invoice/PL/invoice-status",
        InvoiceStatusQuery,
        InvoiceStatus,
        repeatable=True,
        errors=(400, 401, 404, 422, 500),
        failed=complained,
        about="What KSeF says of an invoice.",
    )
    fa_processed = Polled(fa_status, lambda invoice: _is_final(invoice.processing_code))
    """Ask until KSeF has accepted the invoice or refused it."""
    upo_by_ksef_number = Endpoint(
        "POST",
        "/invoice/PL/invoice-upo-by-ksef",
        ReceiptByNumber,
        bytes,
        repeatable=True,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="The receipt (UPO) as PDF, by KSeF number.",
    )
    upo_by_reference = Endpoint(
        "POST",
        "/invoice/PL/invoice-upo-by-reference",
        ReceiptByReference,
        bytes,
        repeatable=True,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="The receipt (UPO) as PDF, by reference numbers.",
    )
    qr_link = Endpoint(
        "POST",
        "/invoice/PL/qr-link",
        InvoiceByNumber,
        str,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="A verification link; trust `billingua.ksef.invoice_link`.",
    )
    failed_invoices = Endpoint(
        "POST",
        "/invoice/PL/session-failed-invoices",
        SessionInvoicesQuery,
        SessionInvoices,
        repeatable=True,
        errors=(400, 401, 404, 422, 500),
        failed=complained,
        about="The invoices of a session that KSeF refused.",
    )
    session_invoices = Endpoint(
        "POST",
        "/invoice/PL/session-invoices",
        SessionInvoicesQuery,
        SessionInvoices,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="The invoices of a session.",
    )
    session_status = Endpoint(
        "POST",
        "/invoice/PL/session-status",
        SessionQuery,
        SessionStatus,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="What KSeF says of a session.",
    )
    session_processed = Polled(session_status, lambda session: session.status.code >= _OK)
    """Ask until KSeF is done with the session, well or not."""
    submit_saved = Endpoint(
        "POST",
        "/invoice/PL/submit-saved-invoice",
        SavedInvoice,
        SavedSubmitted,
        errors=(400, 401, 404, 500),
        failed=failed,
        about="Send an invoice to KSeF that is saved in the portal as READY_FOR_KSEF.",
    )
    certificate_code = Endpoint(
        "POST",
        "/qrcode/PL/certificate",
        CertificateCode,
        QrCode,
        query=("companyId",),
        repeatable=True,
        errors=(400, 401, 403),
        failed=complained,
        about="KOD II with the certificate kept at the service.",
    )
    offline_code = Endpoint(
        "POST",
        "/qrcode/PL/invoice/offline",
        OfflineCode,
        QrCode,
        repeatable=True,
        errors=(400, 401, 422, 500),
        failed=complained,
        about="KOD I of an offline invoice.",
    )
    online_code = Endpoint(
        "POST",
        "/qrcode/PL/invoice/online",
        OnlineCode,
        QrCode,
        repeatable=True,
        errors=(400, 401, 500),
        failed=complained,
        about="KOD I of an invoice in KSeF.",
    )
    offline_all = Endpoint(
        "GET",
        "/invoice/PL/offline/all",
        OfflineQueue,
        list[OfflineEntry],
        errors=(400, 401, 500),
        failed=complained,
        about="The queue of offline invoices.",
    )
    offline_pending = Endpoint(
        "GET",
        "/invoice/PL/offline/pending",
        OfflineQueue,
        list[OfflineEntry],
        errors=(400, 401, 500),
        failed=complained,
        about="Those of the queue that still wait.",
    )
    offline_submit = Endpoint(
        "POST",
        "/invoice/PL/offline/submit",
        OfflineQueue,
        OfflineSubmitted,
        query=("companyId",),
        errors=(400, 401, 500),
        failed=complained,
        about="Send what waits in the queue.",
    )
