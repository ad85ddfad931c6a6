"""FactPulse: e-reporting (Flux 10).

The sender is modelled with a SIREN where the rules of the portal want the number of the platform: the server decides.
Do not put transactions and payments into one report, though `Aggregated...` takes both (rule G6.29): send two.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from billingua.remote.exchange.messages import Answer, Ask, Data, File, Key, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.cdar import XmlCheck
from billingua.remote.factpulse.common import Form, PlatformAsk
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "AggregatedPayment",
    "AggregatedReport",
    "AmountByRate",
    "GeneratedReport",
    "InvoicePayment",
    "Report",
    "ReportCalls",
    "ReportCheck",
    "ReportComplaint",
    "ReportIssuer",
    "ReportPeriod",
    "ReportSender",
    "ReportTaken",
    "ReportedInvoice",
    "TaxBreakdown",
    "Transaction",
]

_ERRORS = (400, 401, 422, 500)
_ORGANIZATION = ("Organization-Id",)


class ReportSender(Data, frozen=True, kw_only=True):
    siren: str
    name: str
    scheme_id: str | None = None
    vat_id: str | None = None


class ReportIssuer(Data, frozen=True, kw_only=True):
    """`role_code`: SE or BY."""

    siren: str
    name: str | None = None
    vat_id: str | None = None
    role_code: str | None = None


class ReportPeriod(Data, frozen=True, kw_only=True):
    start_date: dt.date
    end_date: dt.date


class TaxBreakdown(Data, frozen=True, kw_only=True):
    rate: Decimal
    taxable_amount: Decimal
    tax_amount: Decimal
    tax_category_code: str | None = None
    exemption_reason_code: str | None = None
    exemption_reason: str | None = None


class ReportedInvoice(Data, frozen=True, kw_only=True):
    invoice_id: str
    issue_date: dt.date
    buyer_country: str
    tax_exclusive_amount: Decimal
    tax_amount: Decimal
    tax_breakdown: tuple[TaxBreakdown, ...]
    type_code: str | None = None
    currency: str | None = None
    due_date: dt.date | None = None
    seller_id: str | None = None
    seller_siren: str | None = None
    seller_vat_id: str | None = None
    seller_country: str | None = None
    buyer_id: str | None = None
    buyer_vat_id: str | None = None
    tax_amount_eur: Decimal | None = None
    business_process_id: str | None = None
    referenced_invoice_id: str | None = None
    referenced_invoice_date: dt.date | None = None


class Transaction(Data, frozen=True, kw_only=True):
    """`category_code`: TLB1 goods, TPS1 services, TNT1 not taxed in France, TMA1 margin scheme."""

    date: dt.date
    category_code: str
    tax_exclusive_amount: Decimal
    tax_amount: Decimal
    tax_breakdown: tuple[TaxBreakdown, ...]
    currency: str | None = None
    transaction_count: int | None = None
    tax_due_type: str | None = None


class AmountByRate(Data, frozen=True, kw_only=True):
    rate: Decimal
    amount: Decimal
    amount_eur: Decimal | None = None


class InvoicePayment(Data, frozen=True, kw_only=True):
    invoice_id: str
    invoice_date: dt.date
    payment_date: dt.date
    amounts_by_rate: tuple[AmountByRate, ...]
    currency: str | None = None


class AggregatedPayment(Data, frozen=True, kw_only=True):
    payment_date: dt.date
    amounts_by_rate: tuple[AmountByRate, ...]
    currency: str | None = None


class _AnyReport(Ask, frozen=True, kw_only=True):
    """`transmission_type`: IN for a first report, RE for one that replaces another."""

    report_id: str
    sender: ReportSender
    period: ReportPeriod
    report_name: str | None = None
    transmission_type: str | None = None
    issuer: ReportIssuer | None = None
    invoices: tuple[ReportedInvoice, ...] = ()
    transactions: tuple[Transaction, ...] = ()
    invoice_payments: tuple[InvoicePayment, ...] = ()


class Report(_AnyReport, frozen=True, kw_only=True):
    """`flow_type`: 10.1 invoices, 10.2 payments of invoices, 10.3 transactions, 10.4 payments of transactions."""

    flow_type: str
    aggregated_payments: tuple[AggregatedPayment, ...] = ()


class AggregatedReport(_AnyReport, frozen=True, kw_only=True):
    transaction_payments: tuple[AggregatedPayment, ...] = ()


class DownloadReport(Report, frozen=True, kw_only=True):
    filename: str | None = None


class CheckReport(Ask, frozen=True, kw_only=True):
    data: Report


class SubmitReport(PlatformAsk, frozen=True, kw_only=True):
    data: Report
    tracking_id: str | None = None


class SubmitAggregatedReport(PlatformAsk, frozen=True, kw_only=True):
    data: AggregatedReport
    tracking_id: str | None = None


class SubmitReportXml(Form, frozen=True, kw_only=True):
    xml_file: File
    tracking_id: str | None = None
    skip_validation: bool | None = None
    pdp_flow_service_url: str | None = None
    pdp_token_url: str | None = None
    pdp_client_id: str | None = None
    pdp_client_secret: Secret | None = None
    organization_id: str | None = msgspec.field(default=None, name="Organization-Id")


class CheckReportXml(Form, frozen=True, kw_only=True):
    xml_file: File
    validate_coherence: bool | None = None
    validate_period: bool | None = None


class GeneratedReport(Answer):
    report_id: Text = Text()
    flow_type: Text = Text()
    transmission_type: Text = Text()
    xml: Text = Text()
    xml_size: int | None = None
    content_summary: dict[str, Any] | None = None
    message: Text = Text()


class ReportTaken(Answer):
    """`afnor_flow_type`: what it is for the platform."""

    flow_id: Key
    report_id: Text = Text()
    tracking_id: Text = Text()
    flow_type: Text = Text()
    sha256: Text = Text()
    afnor_flow_type: Text = Text()
    afnor_response: dict[str, Any] | None = None
    message: Text = Text()


class ReportComplaint(Data, frozen=True, kw_only=True):
    field: Text = Text()
    message: Text = Text()
    code: Text = Text()


class ReportCheck(Answer):
    valid: bool | None = None
    report_id: Text = Text()
    flow_type: Text = Text()
    errors: tuple[ReportComplaint, ...] = ()
    warnings: tuple[ReportComplaint, ...] = ()
    message: Text = Text()


class ReportCodes(Answer):
    """A list of codes; its shape is not documented: see `raw`."""


class ReportCalls(SignInCalls):
    """E-reporting."""

    generate_report = Endpoint(
        "POST",
        "/api/v1/ereporting/generate",
        Report,
        GeneratedReport,
        repeatable=True,
        errors=_ERRORS,
        about="Make a report, without sending it.",
    )
    generate_aggregated_report = Endpoint(
        "POST",
        "/api/v1/ereporting/generate-aggregated",
        AggregatedReport,
        GeneratedReport,
        repeatable=True,
        errors=_ERRORS,
        about="Make a report of several kinds.",
    )
    download_report = Endpoint(
        "POST",
        "/api/v1/ereporting/generate/download",
        DownloadReport,
        bytes,
        query=("filename",),
        repeatable=True,
        errors=_ERRORS,
        about="The XML of a report.",
    )
    submit_report = Endpoint(
        "POST",
        "/api/v1/ereporting/submit",
        SubmitReport,
        ReportTaken,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="Make a report and send it.",
    )
    submit_aggregated_report = Endpoint(
        "POST",
        "/api/v1/ereporting/submit-aggregated",
        SubmitAggregatedReport,
        ReportTaken,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="Make a report of several kinds and send it.",
    )
    submit_report_xml = Endpoint(
        "POST",
        "/api/v1/ereporting/submit-xml",
        SubmitReportXml,
        ReportTaken,
        headers=_ORGANIZATION,
        body="form",
        limits={"xml_file": "fr-flow"},
        errors=_ERRORS,
        about="Send a report that was made elsewhere.",
    )
    validate_report = Endpoint(
        "POST",
        "/api/v1/ereporting/validate",
        CheckReport,
        ReportCheck,
        repeatable=True,
        errors=_ERRORS,
        about="Check the data of a report.",
    )
    validate_aggregated_report = Endpoint(
        "POST",
        "/api/v1/ereporting/validate-aggregated",
        AggregatedReport,
        XmlCheck,
        repeatable=True,
        errors=_ERRORS,
        about="Check the data of a report of several kinds.",
    )
    validate_report_xml = Endpoint(
        "POST",
        "/api/v1/ereporting/validate-xml",
        CheckReportXml,
        XmlCheck,
        query=("validate_coherence", "validate_period"),
        body="form",
        repeatable=True,
        errors=_ERRORS,
        about="Check a report.",
    )
    report_category_codes = Endpoint(
        "GET",
        "/api/v1/ereporting/category-codes",
        Ask,
        ReportCodes,
        errors=(400, 422, 500),
        about="The codes of kinds of transactions.",
    )
    report_flow_types = Endpoint(
        "GET", "/api/v1/ereporting/flow-types", Ask, ReportCodes, errors=(400, 422, 500), about="The kinds of reports."
    )
