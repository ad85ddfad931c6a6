"""FactPulse: e-reporting - reports from JSON, checked and sent."""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from billingua import api
from billingua.errors import BillinguaError
from billingua.formats.ereporting.model import (
    DaySubtotal,
    DayTransactions,
    Declarant,
    EReport,
    InvoiceReport,
    Numbered,
    PaidInvoice,
    PaidSubtotal,
    Party,
    Payment,
    PaymentsReport,
    Preceding,
    TaxSubtotal,
    TransactionsReport,
    VatNumber,
    VatTotal,
)
from billingua.lifecycle.clock import local
from billingua.sandbox.afnor import flow
from billingua.sandbox.call import Answer, Call
from billingua.sandbox.documents import judged
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = [
    "er_categories",
    "er_download",
    "er_flow_types",
    "er_generate",
    "er_generate_aggregated",
    "er_submit",
    "er_submit_aggregated",
    "er_submit_xml",
    "er_validate",
    "er_validate_aggregated",
    "er_validate_xml",
]

_PLATFORM: Final = "0001"
"""The number of the sending platform: the PPF wants one of four characters, whatever SIREN the sender has."""
_PARTS: Final = {
    "10.1": "invoices",
    "10.2": "invoicePayments",
    "10.3": "transactions",
    "10.4": "aggregatedPayments",
}
_CATEGORIES: Final = (
    ("TLB1", "Goods"),
    ("TPS1", "Services"),
    ("TNT1", "Not taxable in France"),
    ("TMA1", "Margin scheme"),
)
_FLOWS: Final = (
    ("10.1", "International invoices between businesses"),
    ("10.2", "Payments of such invoices"),
    ("10.3", "Sales to consumers"),
    ("10.4", "Payments of such sales"),
)
_PROFILE: Final = "urn.cpro.gouv.fr:1p0:ereporting"


class _Wrong(Exception):
    """A field that cannot be what it should be."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.complaint = Complaint(field, "value_error", message, "Error", "ereporting")


def _date(data: Any, name: str, field: str) -> date:
    value = data.get(name) if isinstance(data, dict) else None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise _Wrong(f"{field}.{name}", f"{name} is a date (yyyy-MM-dd)") from None


def _number(data: dict[str, Any], name: str, field: str) -> Decimal:
    try:
        found = Decimal(str(data[name]))
    except (KeyError, InvalidOperation):
        raise _Wrong(f"{field}.{name}", f"{name} is a number") from None
    if not found.is_finite() or abs(found.adjusted()) > 20:
        raise _Wrong(f"{field}.{name}", f"{name} is a number")
    return found


def _text(data: Any, name: str, field: str) -> str:
    value = data.get(name) if isinstance(data, dict) else None
    if not isinstance(value, str) or not value:
        raise _Wrong(f"{field}.{name}", f"{name} is required")
    return value


def _maybe(data: Any, name: str) -> str | None:
    value = data.get(name) if isinstance(data, dict) else None
    return value if isinstance(value, str) and value else None


def _objects(data: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    found = data.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise _Wrong(name, f"{name} is a list of objects")
    for place, one in enumerate(found):
        yield f"{name}.{place}", one


def _report(call: Call, data: dict[str, Any]) -> EReport:
    """The report that the JSON describes.

    Raises:
        _Wrong: a field is missing or wrong.
    """
    sender, issuer, period = data.get("sender"), data.get("issuer"), data.get("period")
    declaring = issuer if isinstance(issuer, dict) else sender
    start, end = _date(period, "startDate", "period"), _date(period, "endDate", "period")
    invoices = tuple(_invoice(one, field) for field, one in _objects(data, "invoices"))
    days = tuple(_day(one, field) for field, one in _objects(data, "transactions"))
    paid = tuple(_paid_invoice(one, field) for field, one in _objects(data, "invoicePayments"))
    name = "transactionPayments" if "transactionPayments" in data else "aggregatedPayments"
    payments = tuple(_payment(one, field) for field, one in _objects(data, name))
    return EReport(
        id=_text(data, "reportId", "data"),
        name=_maybe(data, "reportName"),
        issued=local(call.store.now()),
        kind=_maybe(data, "transmissionType") or "IN",
        sender=Declarant(id=Numbered(scheme="0238", value=_PLATFORM), name=_text(sender, "name", "sender"), role="WK"),
        issuer=Declarant(
            id=Numbered(scheme="0002", value=_text(declaring, "siren", "issuer")),
            name=_text(declaring, "name", "issuer"),
            role=_maybe(issuer, "roleCode") or "SE",
        ),
        transactions=TransactionsReport(start=start, end=end, invoices=invoices, days=days)
        if invoices or days
        else None,
        payments=PaymentsReport(start=start, end=end, invoices=paid, days=payments) if paid or payments else None,
    )


def _invoice(one: dict[str, Any], field: str) -> InvoiceReport:
    before = _maybe(one, "referencedInvoiceId")
    currency = _maybe(one, "currency") or "EUR"
    tax = _number(one, "taxAmountEur" if one.get("taxAmountEur") is not None else "taxAmount", field)
    return InvoiceReport(
        number=_text(one, "invoiceId", field),
        issue_date=_date(one, "issueDate", field),
        type_code=_maybe(one, "typeCode") or "380",
        currency=currency,
        due_date=_date(one, "dueDate", field) if one.get("dueDate") else None,
        framework=_maybe(one, "businessProcessId") or "S1",
        profile=_PROFILE,
        preceding=(Preceding(number=before, issue_date=_date(one, "referencedInvoiceDate", field)),) if before else (),
        seller=_party(one, "seller", _maybe(one, "sellerSiren") or _maybe(one, "sellerId"), "0002"),
        buyer=_party(one, "buyer", _maybe(one, "buyerVatId") or _maybe(one, "buyerId"), "0223"),
        net=_number(one, "taxExclusiveAmount", field),
        tax=VatTotal(currency="EUR", value=tax),
        subtotals=tuple(
            TaxSubtotal(
                basis=_number(part, "taxableAmount", inner),
                tax=_number(part, "taxAmount", inner),
                category=_maybe(part, "taxCategoryCode") or "S",
                rate=_number(part, "rate", inner),
                reason=_maybe(part, "exemptionReason"),
                reason_code=_maybe(part, "exemptionReasonCode"),
            )
            for inner, part in _objects(one, "taxBreakdown")
        ),
    )


def _party(one: dict[str, Any], role: str, number: str | None, scheme: str) -> Party:
    vat = _maybe(one, f"{role}VatId")
    return Party(
        company_id=Numbered(scheme=scheme, value=number) if number else None,
        vat_number=VatNumber(qualifier="VAT", value=vat) if vat else None,
        country=_maybe(one, f"{role}Country") or ("FR" if role == "seller" else None),
    )


def _day(one: dict[str, Any], field: str) -> DayTransactions:
    due = one.get("taxDueType")
    count = one.get("transactionCount")
    return DayTransactions(
        day=_date(one, "date", field),
        currency=_maybe(one, "currency") or "EUR",
        tax_due_code=str(due) if due is not None else None,
        category=_text(one, "categoryCode", field),
        net=_number(one, "taxExclusiveAmount", field),
        tax=_number(one, "taxAmount", field),
        count=count if isinstance(count, int) else None,
        subtotals=tuple(
            DaySubtotal(
                rate=_number(part, "rate", inner),
                basis=_number(part, "taxableAmount", inner),
                tax=_number(part, "taxAmount", inner),
            )
            for inner, part in _objects(one, "taxBreakdown")
        ),
    )


def _paid(one: dict[str, Any]) -> tuple[PaidSubtotal, ...]:
    return tuple(
        PaidSubtotal(
            rate=_number(part, "rate", inner),
            currency="EUR",
            amount=_number(part, "amountEur" if part.get("amountEur") is not None else "amount", inner),
        )
        for inner, part in _objects(one, "amountsByRate")
    )


def _paid_invoice(one: dict[str, Any], field: str) -> PaidInvoice:
    return PaidInvoice(
        number=_text(one, "invoiceId", field),
        issue_date=_date(one, "invoiceDate", field),
        day=_date(one, "paymentDate", field),
        subtotals=_paid(one),
    )


def _payment(one: dict[str, Any], field: str) -> Payment:
    return Payment(day=_date(one, "paymentDate", field), subtotals=_paid(one))


def _written(call: Call, data: dict[str, Any], *, aggregated: bool) -> bytes:
    """The report as XML.

    Raises:
        Refusal: a field is missing or wrong (422), or it cannot be written (400).
    """
    try:
        wanted = _PARTS.get(str(data.get("flowType")))
        if not aggregated and wanted is None:
            raise _Wrong("flowType", f"flowType is one of {', '.join(_PARTS)}")
        if wanted is not None and not data.get(wanted):
            raise _Wrong(wanted, f"{wanted} is required for flow {data['flowType']}")
        report = _report(call, data)
    except _Wrong as wrong:
        raise Refusal(422, "VALIDATION", str(wrong), (wrong.complaint,), shape="locations") from None
    try:
        return api.write(report, "ereporting")
    except BillinguaError as error:
        raise Refusal(400, "EREPORTING_GENERATION_FAILED", str(error)) from None


def _generated(call: Call, *, aggregated: bool) -> Any:
    data = _written(call, call.json, aggregated=aggregated)
    made = {
        "reportId": call.text("reportId"),
        "flowType": call.text("flowType", "AGGREGATED"),
        "xml": data.decode(),
        "xmlSize": len(data),
        "message": "Report generated.",
    }
    if not aggregated:
        return made
    counts = {name: len(call.get(name, [])) for name in (*_PARTS.values(), "transactionPayments")}
    return made | {"transmissionType": call.text("transmissionType", "IN"), "contentSummary": counts}


def er_generate(call: Call) -> Any:
    """A report of one flow."""
    return _generated(call, aggregated=False)


def er_generate_aggregated(call: Call) -> Any:
    """A report of several flows."""
    return _generated(call, aggregated=True)


def er_download(call: Call) -> Any:
    """A report as a file."""
    data = _written(call, call.json, aggregated=False)
    name = "".join(letter for letter in call.text("filename", "report.xml") if letter.isalnum() or letter in "._-")
    return Answer(data, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _inner(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = call.get("data", {})
    return found


def _sent(call: Call, data: bytes, report: str, tracking: str, kind: str) -> Any:
    verdict = judged(call.store, data)
    if verdict.format != "ereporting" or not verdict.valid:
        raise Refusal(400, "EREPORTING_VALIDATION_FAILED", "The report is not valid.", verdict.complaints)
    info = {"name": report, "flowSyntax": "FRR", "trackingId": tracking or None}
    made = flow.submitted(call.store, info, data, ends=call.ends)
    return {
        "flowId": made.id,
        "reportId": report,
        "trackingId": tracking or None,
        "flowType": kind,
        "sha256": hashlib.sha256(data).hexdigest(),
        "afnorFlowType": made.facts["type"],
        "afnorResponse": flow.full_info(made),
        "message": "Report submitted.",
    }


def er_submit(call: Call) -> Any:
    """A report of one flow is made and sent."""
    inner = _inner(call)
    data = _written(call, inner, aggregated=False)
    return _sent(call, data, str(inner["reportId"]), call.text("trackingId"), str(inner["flowType"]))


def er_submit_aggregated(call: Call) -> Any:
    """A report of several flows is made and sent."""
    inner = _inner(call)
    data = _written(call, inner, aggregated=True)
    return _sent(call, data, str(inner["reportId"]), call.text("trackingId"), "AGGREGATED")


def _file(call: Call) -> bytes:
    file = call.upload("xml_file")
    if file is None:
        complaint = Complaint("xml_file", "missing", "Field required")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    return file.data


def er_submit_xml(call: Call) -> Any:
    """A report that is there already is sent."""
    data = _file(call)
    verdict = judged(call.store, data)
    if verdict.format != "ereporting":
        raise Refusal(400, "EREPORTING_VALIDATION_FAILED", "The XML is no report.", verdict.complaints[:1])
    content = api.read(data).content
    return _sent(call, data, str(getattr(content, "id", "")), call.text("tracking_id"), "XML")


def _checked(call: Call, data: bytes, report: str, kind: str) -> Any:
    verdict = judged(call.store, data)
    complaints = verdict.complaints
    if verdict.format not in ("ereporting", ""):
        complaints = (Complaint("", "FORMAT", f"The document is {verdict.format}, no report."),)

    def shown(several: tuple[Complaint, ...]) -> list[dict[str, str]]:
        return [{"field": one.field, "message": one.message, "code": one.code} for one in several]

    return {
        "valid": not complaints,
        "reportId": report,
        "flowType": kind,
        "errors": shown(complaints),
        "warnings": shown(verdict.warnings),
        "message": "Valid." if not complaints else f"{len(complaints)} errors.",
    }


def _validated(call: Call, inner: dict[str, Any], *, aggregated: bool) -> Any:
    report, kind = str(inner.get("reportId", "")), str(inner.get("flowType", "AGGREGATED"))
    try:
        data = _written(call, inner, aggregated=aggregated)
    except Refusal as refusal:
        errors = [{"field": one.field, "message": one.message, "code": one.code} for one in refusal.complaints]
        return {
            "valid": False,
            "reportId": report,
            "flowType": kind,
            "errors": errors or [{"field": "", "message": refusal.message, "code": refusal.code}],
            "warnings": [],
            "message": refusal.message,
        }
    return _checked(call, data, report, kind)


def er_validate(call: Call) -> Any:
    """What is wrong with a report of one flow."""
    return _validated(call, _inner(call), aggregated=False)


def er_validate_aggregated(call: Call) -> Any:
    """What is wrong with a report of several flows."""
    return _validated(call, call.json, aggregated=True)


def er_validate_xml(call: Call) -> Any:
    """What is wrong with a report as XML."""
    return _checked(call, _file(call), "", "XML")


def er_categories(_: Call) -> Any:
    """The categories of sales to consumers."""
    return {"codes": [{"code": code, "name": name} for code, name in _CATEGORIES]}


def er_flow_types(_: Call) -> Any:
    """The four flows."""
    return {"flowTypes": [{"code": code, "name": name} for code, name in _FLOWS]}
