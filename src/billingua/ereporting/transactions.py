"""Reports of transactions: international invoices one by one (10.1), sales to consumers as sums of a day (10.3)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from billingua.ereporting.acceptance import accepted
from billingua.ereporting.international import invoice_of
from billingua.ereporting.periods import ReportingPeriod
from billingua.ereporting.sales import (
    CREDIT_NOTES,
    Head,
    LeftOut,
    Reported,
    framework_of,
    head_of,
    needed,
    rate_of,
    sale_of,
)
from billingua.errors import CannotExpress
from billingua.formats.ereporting.model import DaySubtotal, DayTransactions, InvoiceReport, TransactionsReport
from billingua.model import Invoice
from billingua.model.amounts import VatBreakdown

__all__ = ["transactions_report"]

Mixed = Literal["", "goods", "services"]

_CATEGORIES: Final = {"B": "TLB1", "S": "TPS1", "goods": "TLB1", "services": "TPS1"}
_TAXED: Final = frozenset(("S", "Z"))
_MARGIN: Final = frozenset(("VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J"))
"""Exemption reasons of the margin schemes: travel agents, second-hand goods, works of art, antiques."""


class _Key(NamedTuple):
    day: date
    category: str
    tax_due_code: str


class _Day:
    """The sums of one day, category and code of when VAT is due."""

    def __init__(self) -> None:
        self.numbers: set[str] = set()
        self.rates: dict[Decimal, tuple[Decimal, Decimal]] = {}

    def add(self, number: str, rate: Decimal, basis: Decimal, tax: Decimal) -> None:
        self.numbers.add(number)
        before = self.rates.get(rate, (Decimal(0), Decimal(0)))
        self.rates[rate] = (before[0] + basis, before[1] + tax)


def transactions_report(
    invoices: Iterable[Invoice], period: ReportingPeriod, head: Head, *, mixed: Mixed = ""
) -> Reported:
    """The report of the transactions of a period.

    Sales to consumers (B2C, B2CINT) become sums by day (BT-2), category and rate; credit notes count as negative.
    International invoices (B2BINT) are reported one by one. The others are left out: domestic ones between businesses
    are known from the invoices themselves.

    The category is TLB1 for goods and TPS1 for services (BT-23) with VAT of the categories S and Z, TMA1 where the
    exemption reason is a margin scheme, and TNT1 for the rest. `mixed` says what an invoice for both (M1, M2, ...)
    counts as.

    Raises:
        InvalidModel: an invoice lacks what the report must say of it, or the portal refuses the report.
        CannotExpress: an invoice for both goods and services without `mixed`, or a sale to a consumer in another
            currency than the euro.
    """
    days: dict[_Key, _Day] = {}
    singles: list[InvoiceReport] = []
    left_out: list[LeftOut] = []
    for invoice in invoices:
        issued, _ = needed(invoice)
        sale = sale_of(invoice)
        if not period.start <= issued <= period.end:
            left_out.append(LeftOut(invoice.number or "", f"its date {issued} is not in the period"))
        elif sale in ("B2C", "B2CINT"):
            _add(days, invoice, mixed)
        elif sale == "B2BINT":
            singles.append(invoice_of(invoice))
        else:
            left_out.append(LeftOut(invoice.number or "", f"{sale} is not reported"))
    report = TransactionsReport(
        start=period.start,
        end=period.end,
        invoices=tuple(singles),
        days=tuple([_day_of(key, days[key]) for key in sorted(days)]),
    )
    return Reported(accepted(head_of(head).replace(transactions=report)), tuple(left_out))


def _add(days: dict[_Key, _Day], invoice: Invoice, mixed: Mixed) -> None:
    issued, parts = needed(invoice)
    if invoice.currency != "EUR":
        raise CannotExpress(
            f"Invoice {invoice.number} to a consumer is in {invoice.currency}; sums are reported in EUR.",
            todo="Convert it to euros first.",
        )
    sign = -1 if invoice.type_code in CREDIT_NOTES else 1
    for entry in parts:
        key = _Key(issued, _category(invoice, entry, mixed), invoice.tax_point_date_code or "")
        basis, tax = entry.taxable_amount or Decimal(0), entry.tax_amount or Decimal(0)
        days.setdefault(key, _Day()).add(invoice.number or "", rate_of(entry), sign * basis, sign * tax)


def _category(invoice: Invoice, entry: VatBreakdown, mixed: Mixed) -> str:
    if entry.exemption_reason_code in _MARGIN:
        return "TMA1"
    if entry.category_code not in _TAXED:
        return "TNT1"
    sold = framework_of(invoice)[0]
    category = _CATEGORIES.get(mixed if sold == "M" else sold)
    if category is None:
        raise CannotExpress(
            f"Invoice {invoice.number} is for goods and services; a sum of the day is for one of them.",
            todo='Say what such an invoice counts as: mixed="goods" or mixed="services" (--mixed).',
        )
    return category


def _day_of(key: _Key, found: _Day) -> DayTransactions:
    return DayTransactions(
        day=key.day,
        currency="EUR",
        tax_due_code=key.tax_due_code or None,
        category=key.category,
        net=sum((basis for basis, _ in found.rates.values()), Decimal(0)),
        tax=sum((tax for _, tax in found.rates.values()), Decimal(0)),
        count=len(found.numbers),
        subtotals=tuple(
            [DaySubtotal(rate=rate, basis=basis, tax=tax) for rate, (basis, tax) in sorted(found.rates.items())]
        ),
    )
