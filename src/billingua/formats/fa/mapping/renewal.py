"""An invoice of FA(2) as one of FA(3)."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from billingua.engine.document import Loss
from billingua.engine.numbers import ZERO, subtract
from billingua.formats.fa.mapping.codes import EU
from billingua.formats.fa.mapping.draft import origin
from billingua.formats.fa.mapping.from_payment import worded
from billingua.formats.fa.mapping.ledger import shown
from billingua.formats.fa.model import Description, FaInvoice, Line, OrderLine, PaymentTerm
from billingua.formats.fa.model.totals import UNTAXED

__all__ = ["renewed", "with_rates"]

_RATES: Final = {"0": ("0 KR", "0 WDT", "0 EX"), "np": ("np I", "np II")}
"""P_12 of FA(2) -> what FA(3) tells apart; the totals (P_13_6_1 and so on) do so in both."""

_MEMBERS: Final = {"local_government_unit": "8", "vat_group_member": "10"}
"""JST and GV, which FA(2) does not have -> the role of Podmiot3 that says the same."""

_TERM: Final = "TerminOpis"


def renewed(invoice: FaInvoice, losses: list[Loss], created: datetime | None = None) -> FaInvoice:
    """The invoice of FA(2) in FA(3), made at `created` (now in UTC); what has no place is entered in `losses`."""
    for name, element in (("created", "DataWytworzeniaFa"), ("system", "SystemInfo")):
        if (value := getattr(invoice, name)) is not None:
            losses.append(Loss(element, shown(value), name, "it is of the old file, and the new one states its own"))
    changes = origin(created)
    if invoice.buyer is not None:
        roles = {one.role for one in invoice.third_parties}
        changes["buyer"] = invoice.buyer.replace(**{name: True for name, role in _MEMBERS.items() if role in roles})
    if invoice.payment is not None:
        found = [_term(one) for one in invoice.payment.terms]
        changes["payment"] = invoice.payment.replace(terms=tuple(term for term, _ in found))
        said = tuple(Description(key=_TERM, value=text) for _, text in found if text)
        changes["descriptions"] = (*invoice.descriptions, *said)
    return with_rates(invoice.replace(**changes))


def _term(term: PaymentTerm) -> tuple[PaymentTerm, str | None]:
    """TerminOpis in the parts that FA(3) has; words that do not come apart are returned beside it."""
    text = term.description
    said = worded(text or "")
    if "count" not in said:
        return term.replace(description=None), text
    return term.replace(
        description=None, count=int(said["count"]), unit=said["unit"], start_event=said["start_event"]
    ), None


def with_rates(invoice: FaInvoice) -> FaInvoice:
    """The invoice with the rates `0` and `np` of FA(2) spelled out as those of FA(3)."""
    changes: dict[str, Any] = {}
    if any(one.rate in _RATES for one in invoice.lines):
        changes["lines"] = tuple(_spelled(invoice, invoice.lines))
    if invoice.order is not None and any(one.rate in _RATES for one in invoice.order.lines):
        changes["order"] = invoice.order.replace(lines=tuple(_spelled(invoice, invoice.order.lines)))
    return invoice.replace(**changes) if changes else invoice


def _spelled(invoice: FaInvoice, lines: Iterable[Line | OrderLine]) -> Iterable[Line | OrderLine]:
    """Each line with its rate: where totals of several are stated, the one that still has room for the line."""
    stated = {rate: getattr(invoice, UNTAXED[rate]) for choices in _RATES.values() for rate in choices}
    rest: dict[str, Decimal] = {rate: value for rate, value in stated.items() if value}
    for line in lines:
        choices = _RATES.get(line.rate or "")
        if choices is None:
            yield line
            continue
        amount = _amount(line)
        known = [rate for rate in choices if rate in rest]
        known = known or [rate for rate in choices if stated[rate] is not None] or [_likely(invoice, choices)]
        exact = [rate for rate in known if rest.get(rate) == amount]
        rate = exact[0] if exact else max(known, key=lambda rate: abs(rest.get(rate, ZERO)))
        if rate in rest:
            rest[rate] = subtract(rest[rate], amount)
        yield line.replace(rate=rate)


def _amount(line: Line | OrderLine) -> Decimal:
    gross = line.gross_amount if isinstance(line, Line) else None
    amount = (gross if line.net_amount is None else line.net_amount) or ZERO
    return subtract(ZERO, amount) if line.before_correction else amount


def _likely(invoice: FaInvoice, choices: tuple[str, ...]) -> str:
    """The rate that follows from where the buyer is."""
    buyer = invoice.buyer
    if buyer is not None and buyer.eu_country:
        return choices[1]
    country = buyer and (buyer.other_country or (buyer.address and buyer.address.country))
    return choices[2] if len(choices) > 2 and country and country not in EU | {"GR"} else choices[0]
