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

    rate: Annotated[Decimal | None, element("TaxPercent", "the VAT rate, in percent, TT-86.")] = None
    basis: Annotated[Decimal | None, element("TaxableAmount", "the amount without VAT, TT-87.")] = None
    tax: Annotated[Decimal | None, element("TaxTotal", "the VAT, TT-88.")] = None


class DayTransactions(Group, frozen=True):
    """TG-31: the sales of one day and category (flux 10.3)."""

    day: Annotated[date | None, digits("Date", "the day, TT-77.")] = None
    currency: Annotated[str | None, element("TransactionsCurrency", "the currency, TT-78.")] = None
    tax_due_code: Annotated[str | None, element("TaxDueDateTypeCode", "when VAT is due, TT-80.")] = None
    category: Annotated[
        str | None,
        element("CategoryCode", "category: TLB1 goods, TPS1 services, TNT1 not taxable in France, TMA1 margin, TT-81."),
    ] = None
    net: Annotated[Decimal | None, element("TaxExclusiveAmount", "the total without VAT, TT-82.")] = None
    tax: Annotated[Decimal | None, element("TaxTotal", "the VAT, TT-83.")] = None
    count: Annotated[int | None, element("TransactionsCount", "how many sales there were, TT-85.")] = None
    subtotals: Annotated[tuple[DaySubtotal, ...], element("TaxSubtotal", "the same by rate, TG-32.")] = ()


class TransactionsReport(Group, frozen=True):
    """TB-2: transactions (flux 10.1 and 10.3)."""

    start: Annotated[date | None, digits("ReportPeriod/StartDate", "first day of the period, TT-17.")] = None
    end: Annotated[date | None, digits("ReportPeriod/EndDate", "its last day, TT-18.")] = None
    invoices: Annotated[tuple[InvoiceReport, ...], element("Invoice", "international invoices, TG-8.")] = ()
    days: Annotated[tuple[DayTransactions, ...], element("Transactions", "sales to consumers, TG-31.")] = ()


class PaidSubtotal(Group, frozen=True):
    """TG-36 and TG-39: what was paid at one rate."""

    rate: Annotated[Decimal | None, element("TaxPercent", "the VAT rate, in percent, TT-93, TT-97.")] = None
    currency: Annotated[str | None, element("CurrencyCode", "the currency: EUR, TT-94, TT-98.")] = None
    amount: Annotated[Decimal | None, element("Amount", "what was paid, VAT included, TT-95, TT-99.")] = None


class PaidInvoice(Group, frozen=True):
    """TG-34: a payment of an invoice (flux 10.2)."""

    number: Annotated[str | None, element("InvoiceID", "the number of the invoice, TT-91.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "its date, TT-102.")] = None
    day: Annotated[date | None, digits("Payment/Date", "the day it was paid, TT-92.")] = None
    subtotals: Annotated[tuple[PaidSubtotal, ...], element("Payment/SubTotals", "what was paid by rate, TG-36.")] = ()


class Payment(Group, frozen=True):
    """TG-37: the payments of one day (flux 10.4)."""

    day: Annotated[date | None, digits("Payment/Date", "the day, TT-96.")] = None
    subtotals: Annotated[tuple[PaidSubtotal, ...], element("Payment/SubTotals", "what was paid by rate, TG-39.")] = ()


class PaymentsReport(Group, frozen=True):
    """TB-3: payments (flux 10.2 and 10.4)."""

    start: Annotated[date | None, digits("ReportPeriod/StartDate", "first day of the period, TT-89.")] = None
    end: Annotated[date | None, digits("ReportPeriod/EndDate", "its last day, TT-90.")] = None
    invoices: Annotated[tuple[PaidInvoice, ...], element("Invoice", "payments of invoices, TG-34.")] = ()
    days: Annotated[tuple[Payment, ...], element("Transactions", "payments of a day, TG-37.")] = ()


class Declarant(Group, frozen=True):
    """Sender and Issuer: a platform or a business."""

    id: Annotated[Numbered | None, element("Id", "its number: 0238 platform, 0002 SIREN, TT-8, TT-13.")] = None
    name: Annotated[str | None, element("Name", "its name, TT-9, TT-14.")] = None
    role: Annotated[str | None, element("RoleCode", "role: WK platform, SE seller, BY buyer, TT-10, TT-15.")] = None
    address: Annotated[
        str | None,
        element("URIUniversalCommunication/URIID", "its electronic address, where there is one, TT-11, TT-16."),
    ] = None


class EReport(Group, frozen=True):
    """Report: one transmission, of transactions or of payments."""

    id: Annotated[str | None, element("ReportDocument/Id", "its identifier, TT-1.")] = None
    name: Annotated[str | None, element("ReportDocument/Name", "its name, TT-2.")] = None
    issued: Annotated[
        datetime | None, digits("ReportDocument/IssueDateTime/DateTimeString", "when it was made, French time, TT-3.")
    ] = None
    kind: Annotated[str | None, element("ReportDocument/TypeCode", "kind: IN initial, RE corrective, TT-4.")] = None
    sender: Annotated[Declarant | None, element("ReportDocument/Sender", "the platform that sends it.")] = None
    issuer: Annotated[Declarant | None, element("ReportDocument/Issuer", "the business that declares.")] = None
    transactions: Annotated[TransactionsReport | None, element("TransactionsReport", "transactions, TB-2.")] = None
    payments: Annotated[PaymentsReport | None, element("PaymentsReport", "payments, TB-3.")] = None

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
