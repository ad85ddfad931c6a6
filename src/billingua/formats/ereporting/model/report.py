"""The report: its head, the transactions or the payments."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from billingua.engine.tree import digits, element
from billingua.formats.ereporting.model.invoice import InvoiceReport
from billingua.formats.ereporting.model.values import Numbered
from billingua.model.base import Group
from billingua.model.json import decode, encode, schema

__all__ = [
    "DaySubtotal",
    "DayTransactions",
    "Declarant",
    "EReport",
    "PaidInvoice",
    "PaidSubtotal",
    "Payment",
    "PaymentsReport",
    "TransactionsReport",
    "json_schema",
]


class DaySubtotal(Group, frozen=True):
    """TG-32: what was sold at one rate."""

    rate: Annotated[Decimal | None, element("TaxPercent", "TT-86 the VAT rate, in percent.")] = None
    basis: Annotated[Decimal | None, element("TaxableAmount", "TT-87 the amount without VAT.")] = None
    tax: Annotated[Decimal | None, element("TaxTotal", "TT-88 the VAT.")] = None


class DayTransactions(Group, frozen=True):
    """TG-31: the sales of one day and category (flux 10.3)."""

    day: Annotated[date | None, digits("Date", "TT-77 the day.")] = None
    currency: Annotated[str | None, element("TransactionsCurrency", "TT-78 the currency.")] = None
    tax_due_code: Annotated[str | None, element("TaxDueDateTypeCode", "TT-80 when VAT is due.")] = None
    category: Annotated[
        str | None,
        element("CategoryCode", "TT-81 TLB1 goods, TPS1 services, TNT1 not taxable in France, TMA1 margin."),
    ] = None
    net: Annotated[Decimal | None, element("TaxExclusiveAmount", "TT-82 the total without VAT.")] = None
    tax: Annotated[Decimal | None, element("TaxTotal", "TT-83 the VAT.")] = None
    count: Annotated[int | None, element("TransactionsCount", "TT-85 how many sales there were.")] = None
    subtotals: Annotated[tuple[DaySubtotal, ...], element("TaxSubtotal", "TG-32 the same by rate.")] = ()


class TransactionsReport(Group, frozen=True):
    """TB-2: transactions (flux 10.1 and 10.3)."""

    start: Annotated[date | None, digits("ReportPeriod/StartDate", "TT-17 first day of the period.")] = None
    end: Annotated[date | None, digits("ReportPeriod/EndDate", "TT-18 its last day.")] = None
    invoices: Annotated[tuple[InvoiceReport, ...], element("Invoice", "TG-8 international invoices.")] = ()
    days: Annotated[tuple[DayTransactions, ...], element("Transactions", "TG-31 sales to consumers.")] = ()


class PaidSubtotal(Group, frozen=True):
    """TG-36 and TG-39: what was paid at one rate."""

    rate: Annotated[Decimal | None, element("TaxPercent", "TT-93, TT-97 the VAT rate, in percent.")] = None
    currency: Annotated[str | None, element("CurrencyCode", "TT-94, TT-98 the currency: EUR.")] = None
    amount: Annotated[Decimal | None, element("Amount", "TT-95, TT-99 what was paid, VAT included.")] = None


class PaidInvoice(Group, frozen=True):
    """TG-34: a payment of an invoice (flux 10.2)."""

    number: Annotated[str | None, element("InvoiceID", "TT-91 the number of the invoice.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "TT-102 its date.")] = None
    day: Annotated[date | None, digits("Payment/Date", "TT-92 the day it was paid.")] = None
    subtotals: Annotated[tuple[PaidSubtotal, ...], element("Payment/SubTotals", "TG-36 what was paid by rate.")] = ()


class Payment(Group, frozen=True):
    """TG-37: the payments of one day (flux 10.4)."""

    day: Annotated[date | None, digits("Payment/Date", "TT-96 the day.")] = None
    subtotals: Annotated[tuple[PaidSubtotal, ...], element("Payment/SubTotals", "TG-39 what was paid by rate.")] = ()


class PaymentsReport(Group, frozen=True):
    """TB-3: payments (flux 10.2 and 10.4)."""

    start: Annotated[date | None, digits("ReportPeriod/StartDate", "TT-89 first day of the period.")] = None
    end: Annotated[date | None, digits("ReportPeriod/EndDate", "TT-90 its last day.")] = None
    invoices: Annotated[tuple[PaidInvoice, ...], element("Invoice", "TG-34 payments of invoices.")] = ()
    days: Annotated[tuple[Payment, ...], element("Transactions", "TG-37 payments of a day.")] = ()


class Declarant(Group, frozen=True):
    """Sender and Issuer: a platform or a business."""

    id: Annotated[Numbered | None, element("Id", "TT-8, TT-13 its number: 0238 platform, 0002 SIREN.")] = None
    name: Annotated[str | None, element("Name", "TT-9, TT-14 its name.")] = None
    role: Annotated[str | None, element("RoleCode", "TT-10, TT-15 WK platform, SE seller, BY buyer.")] = None
    address: Annotated[
        str | None,
        element("URIUniversalCommunication/URIID", "TT-11, TT-16 its electronic address, where there is one."),
    ] = None


class EReport(Group, frozen=True):
    """Report: one transmission, of transactions or of payments."""

    id: Annotated[str | None, element("ReportDocument/Id", "TT-1 its identifier.")] = None
    name: Annotated[str | None, element("ReportDocument/Name", "TT-2 its name.")] = None
    issued: Annotated[
        datetime | None, digits("ReportDocument/IssueDateTime/DateTimeString", "TT-3 when it was made, French time.")
    ] = None
    kind: Annotated[str | None, element("ReportDocument/TypeCode", "TT-4 IN initial, RE corrective.")] = None
    sender: Annotated[Declarant | None, element("ReportDocument/Sender", "the platform that sends it.")] = None
    issuer: Annotated[Declarant | None, element("ReportDocument/Issuer", "the business that declares.")] = None
    transactions: Annotated[TransactionsReport | None, element("TransactionsReport", "TB-2 transactions.")] = None
    payments: Annotated[PaymentsReport | None, element("PaymentsReport", "TB-3 payments.")] = None

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """The report from its JSON.

        Raises:
            UnreadableInput: it is not JSON.
            InvalidModel: it is not of this form.
        """
        return decode(data, cls)

    def to_json(self, indent: int = 0) -> bytes:
        """The report as JSON, on one line or indented."""
        return encode(self, indent)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return schema(EReport)
