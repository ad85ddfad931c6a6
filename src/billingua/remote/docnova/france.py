"""Docnova for France: invoices and life-cycle statuses. No answers are documented, so they are given as they come."""

from typing import Any

from billingua.remote.docnova.documents import complained, failed, next_page
from billingua.remote.exchange.messages import Answer, Ask, Text
from billingua.remote.exchange.operations import Endpoint, Paged
from billingua.remote.exchange.service import Service

__all__ = [
    "CdarDocument",
    "CdvDetail",
    "CdvList",
    "CdvPage",
    "CdvQuery",
    "FrenchAnswer",
    "FrenchCalls",
    "FrenchInvoice",
    "StatusSubmission",
]


class StatusSubmission(Ask, frozen=True, kw_only=True):
    """A status for an invoice. The page heads it "submit invoice", but its body is a status."""

    company_id: str
    invoice_number: str
    status_code: str
    """Passed on as it is: the page shows "A1" (accepted) and "A2" (rejected), which are no codes of the reform."""
    reason_code: str | None = None
    reason_text: str | None = None
    siren: str | None = None
    company_name: str | None = None


class FrenchInvoice(Ask, frozen=True, kw_only=True):
    """An invoice in UBL or CII, its bytes as they are."""

    content: bytes
    company_id: str
    invoice_number: str
    invoice_type_code: str | None = None
    flow_syntax: str | None = None
    """UBL or CII."""
    siren: str | None = None


class CdvQuery(Ask, frozen=True, kw_only=True):
    company_id: str
    invoice_number: str


class CdvDetail(Ask, frozen=True, kw_only=True):
    invoice_cdv_id: str


class CdvList(Ask, frozen=True, kw_only=True):
    company_id: str
    page: int | None = None
    size: int | None = None


class CdarDocument(Ask, frozen=True, kw_only=True):
    """A life-cycle message (CDAR), its bytes as they are."""

    content: bytes


class FrenchAnswer(Answer):
    """What the page does not describe: see `raw`; the fields are those that were seen elsewhere."""

    id: Text = Text()
    invoice_cdv_id: Text = Text()
    status: Text = Text()
    status_code: Text = Text()
    message: Text = Text()


class CdvPage(Answer):
    content: tuple[dict[str, Any], ...] = ()
    total_elements: int = 0
    total_pages: int = 0
    number: int = 0
    size: int = 0


class FrenchCalls(Service):
    """The French part."""

    submit_status = Endpoint(
        "POST",
        "/invoice/FR/cdar/submit",
        StatusSubmission,
        FrenchAnswer,
        errors=(400, 401, 500),
        failed=failed,
        about="Send a life-cycle status for an invoice.",
    )
    submit_french_invoice = Endpoint(
        "POST",
        "/invoice/FR/submit",
        FrenchInvoice,
        FrenchAnswer,
        query=("companyId", "invoiceNumber", "invoiceTypeCode", "flowSyntax", "siren"),
        body="content",
        limits={"content": "fr-invoice"},
        errors=(400, 401, 500),
        failed=failed,
        about="Send an invoice as UBL or CII.",
    )
    cdv_status = Endpoint(
        "GET",
        "/invoice/FR/cdv/{companyId}/{invoiceNumber}",
        CdvQuery,
        FrenchAnswer,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="The life-cycle status of an invoice.",
    )
    cdv_detail = Endpoint(
        "GET",
        "/invoice/FR/cdv/detail/{invoiceCdvId}",
        CdvDetail,
        FrenchAnswer,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="One life-cycle entry.",
    )
    cdv_list = Endpoint(
        "GET",
        "/invoice/FR/cdv/list",
        CdvList,
        CdvPage,
        errors=(400, 401, 500),
        failed=complained,
        about="One page of life-cycle entries; pages count from 0.",
    )
    cdvs = Paged(cdv_list, lambda page: page.content, next_page)
    """All life-cycle entries of a company, page by page."""
    cdv_history = Endpoint(
        "GET",
        "/invoice/FR/cdv/history/{invoiceCdvId}",
        CdvDetail,
        Any,
        errors=(400, 401, 404, 500),
        failed=complained,
        about="The statuses of an invoice so far, as the service tells them.",
    )
    receive_cdar = Endpoint(
        "POST",
        "/invoice/FR/cdar/receive",
        CdarDocument,
        FrenchAnswer,
        body="content",
        limits={"content": "fr-cdar"},
        errors=(400, 401, 500),
        failed=failed,
        about="Hand over a life-cycle message (CDAR).",
    )
