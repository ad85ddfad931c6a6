"""Reports of payments: of international invoices one by one (10.2), of sales to consumers as sums of a day (10.4)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billingua.engine.numbers import divide_half_away
from billingua.ereporting.acceptance import accepted
from billingua.ereporting.periods import ReportingPeriod
from billingua.ereporting.sales import Head, LeftOut, Reported, framework_of, head_of, needed, rate_of, sale_of
from billingua.errors import CannotExpress
from billingua.formats.ereporting.model import PaidInvoice, PaidSubtotal, Payment, PaymentsReport
from billingua.model import Invoice

__all__ = ["Collected", "payments_report"]

_Rates = dict[Decimal, Decimal]


class Collected(NamedTuple):
    """Money that came in for an invoice on a day: the amount in euros, VAT included; negative where it went back."""

    invoice: Invoice
    day: date
    amount: Decimal


def payments_report(payments: Iterable[Collected], period: ReportingPeriod, head: Head) -> Reported:
    """The report of the payments of a period.

    A payment is shared out over the rates of its invoice in proportion to their amounts with VAT. Payments by
    consumers become sums by day and rate; those of international invoices are reported one by one. Left out are
    payments for goods (framework B...), whose VAT does not wait for them, of invoices whose VAT the buyer owes (AE),
    and of domestic invoices between businesses, which the life cycle of the invoice reports (status 212).

    The portal refuses negative amounts (G1.16), so that a refund must stand beside payments of its day that are
    larger.

    Raises:
        InvalidModel: an invoice lacks its date, framework or VAT breakdown, or the portal refuses the report.
        CannotExpress: an invoice is not in euros, or its VAT breakdown sums up to nothing.
    """
    days: dict[date, _Rates] = {}
    singles: list[PaidInvoice] = []
    left_out: list[LeftOut] = []
    for payment in payments:
        why = _why_not(payment, period)
        if why:
            left_out.append(LeftOut(payment.invoice.number or "", why))
            continue
        shares = _shares(payment)
        if sale_of(payment.invoice) == "B2BINT":
            singles.append(
                PaidInvoice(
                    number=payment.invoice.number,
                    issue_date=payment.invoice.issue_date,
                    day=payment.day,
                    subtotals=_subtotals(shares),
                )
            )
        else:
            rates = days.setdefault(payment.day, {})
            for rate, amount in shares.items():
                rates[rate] = rates.get(rate, Decimal(0)) + amount
    report = PaymentsReport(
        start=period.start,
        end=period.end,
        invoices=tuple(singles),
        days=tuple([Payment(day=day, subtotals=_subtotals(rates)) for day, rates in sorted(days.items())]),
    )
    return Reported(accepted(head_of(head).replace(payments=report)), tuple(left_out))


def _why_not(payment: Collected, period: ReportingPeriod) -> str:
    invoice, sale = payment.invoice, sale_of(payment.invoice)
    _, parts = needed(invoice)
    if not period.start <= payment.day <= period.end:
        return f"the payment of {payment.day} is not in the period"
    if sale not in ("B2C", "B2CINT", "B2BINT"):
        return f"payments of {sale} are not reported here"
    if framework_of(invoice).startswith("B"):
        return "VAT on goods does not wait for the payment"
    if all(one.category_code == "AE" for one in parts):
        return "the buyer owes the VAT"
    return ""


def _shares(payment: Collected) -> _Rates:
    """The amount by rate, in whole cents; what is rounded is the running total, so that no rate gets less than 0."""
    invoice = payment.invoice
    if invoice.currency != "EUR":
        raise CannotExpress(
            f"Invoice {invoice.number} is in {invoice.currency}; payments are reported in EUR.",
            todo="Convert it to euros first.",
        )
    gross: _Rates = {}
    for entry in needed(invoice)[1]:
        amount = (entry.taxable_amount or Decimal(0)) + (entry.tax_amount or Decimal(0))
        gross[rate_of(entry)] = gross.get(rate_of(entry), Decimal(0)) + amount
    total = sum(gross.values(), Decimal(0))
    if not total:
        raise CannotExpress(f"The VAT breakdown of invoice {invoice.number} is 0, so no payment can be shared out.")
    shares: _Rates = {}
    reached = given = Decimal(0)
    *_, last = ordered = sorted(gross)
    for rate in ordered:
        reached += gross[rate]
        upto = payment.amount if rate == last else divide_half_away(payment.amount * reached, total)
        shares[rate], given = upto - given, upto
    return shares


def _subtotals(rates: _Rates) -> tuple[PaidSubtotal, ...]:
    return tuple([PaidSubtotal(rate=rate, currency="EUR", amount=amount) for rate, amount in sorted(rates.items())])
