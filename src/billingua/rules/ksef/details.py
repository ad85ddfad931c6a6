"""The figures behind a finding: what stands there, what should, and how far one may be from the other."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingua.engine.locate import Group
from billingua.engine.numbers import ZERO, add, divide_half_away, percent_of, plain, shortened, subtract, total
from billingua.engine.rule import careful
from billingua.engine.values import decimal
from billingua.identifiers import nip
from billingua.rules.ksef.amounts import RATED, lines_allowed, tax_allowed, to_pay, values_of
from billingua.rules.ksef.annotations import SPLIT_PAYMENT
from billingua.rules.ksef.checks import CENT, needed, said
from billingua.rules.ksef.facts import NETS, Facts
from billingua.rules.ksef.identifiers import number_checksums, payment_ids
from billingua.rules.ksef.kinds import LIMITS
from billingua.rules.ksef.parties import shares

__all__ = ["DETAILS"]

Detail = Callable[[Group, Facts], str]

_SHOWN: Final = 8
"""So many parts of a sum are written out; the others are counted."""


def _figure(value: Decimal) -> str:
    return plain(shortened(value))


def _sum(parts: Iterable[Decimal]) -> str:
    """`60.00 + 45.00 = 105.00`, with the middle left out of a long one."""
    known = list(parts)
    figures = [_figure(part) for part in known]
    if len(figures) > _SHOWN:
        left_out = len(figures) - _SHOWN
        figures = [*figures[: _SHOWN - 1], f"({left_out} more)", figures[-1]]
    if len(known) < 2:
        return figures[0] if figures else "0"
    return f"{' + '.join(figures).replace('+ -', '- ')} = {_figure(total(known))}"


def _apart(stated: Decimal, found: Decimal, allowed: Decimal) -> str:
    return f"{_figure(subtract(stated, found).copy_abs())} apart, {_figure(allowed)} allowed"


def _parts(group: Group, term: str) -> list[Decimal]:
    return [decimal(text) for text in group.texts(term)]


def _due(invoice: Group, facts: Facts) -> str:
    stated, parts = needed(invoice, "P_15"), {**facts.nets, **facts.taxes}
    named = " + ".join(parts)
    allowed = CENT * max(1, len(facts.nets))
    return f"P_15 is {_figure(stated)}; {named} makes {_sum(parts.values())}: {_apart(stated, facts.gross, allowed)}."


def _tax(field: Group, facts: Facts) -> str:
    net, tax = needed(field, field.kind), needed(field, RATED[field.kind])
    made = [percent_of(net, Decimal(rate)) for rate in NETS[field.kind]]
    at_rates = " or ".join(f"{rate} % makes {_figure(one)}" for rate, one in zip(NETS[field.kind], made, strict=True))
    nearest = min(made, key=lambda one: subtract(tax, one).copy_abs())
    return (
        f"{RATED[field.kind]} is {_figure(tax)}; of {field.kind} {_figure(net)}, {at_rates}: "
        f"{_apart(tax, nearest, tax_allowed(facts))}."
    )


def _lines(field: Group, facts: Facts) -> str:
    found = Fraction(facts.by_field.get(field.kind, ZERO))
    stated = needed(field, field.kind)
    made = divide_half_away(Decimal(found.numerator), Decimal(found.denominator), 4)
    return (
        f"{field.kind} is {_figure(stated)}; its lines make {_figure(made)}: "
        f"{_apart(stated, made, lines_allowed(facts))}."
    )


def _line(price: str, value: str) -> Detail:
    def detail(line: Group, _: Facts) -> str:
        stated, made = needed(line, value), values_of(line, price)
        nearest = min(made, key=lambda one: subtract(stated, one).copy_abs())
        formulas = [f"P_8B x {price}"]
        if "P_10" in line.terms:
            formulas = [f"P_8B x {price} - P_10", f"P_8B x ({price} - P_10)"]
        makes = " and ".join(f"{formula} makes {_figure(one)}" for formula, one in zip(formulas, made, strict=False))
        return f"{value} is {_figure(stated)}; {makes}: {_apart(stated, nearest, CENT)}."

    return detail


def _advance(invoice: Group, _: Facts) -> str:
    return f"P_15 is {_figure(needed(invoice, 'P_15'))}; the parts make {_sum(_parts(invoice, 'P_15Z'))}."


def _order(invoice: Group, facts: Facts) -> str:
    stated = needed(invoice, "WartoscZamowienia")
    net, tax = (facts.sums(term, "ZamowienieWiersz") for term in ("P_11NettoZ", "P_11VatZ"))
    allowed = CENT * len(invoice.all("Zamowienie")[0])
    return (
        f"WartoscZamowienia is {_figure(stated)}; P_11NettoZ {_figure(net)} + P_11VatZ {_figure(tax)} makes "
        f"{_figure(add(net, tax))}: {_apart(stated, add(net, tax), allowed)}."
    )


def _settled(invoice: Group, facts: Facts) -> str:
    wrong = []
    for stated, parts in (("SumaObciazen", "Obciazenia"), ("SumaOdliczen", "Odliczenia")):
        if stated in invoice.terms and needed(invoice, stated) != facts.sums(parts):
            wrong.append(f"{stated} is {_figure(needed(invoice, stated))}; Kwota makes {_sum(_parts(invoice, parts))}.")
    return " ".join(wrong)


def _to_pay(invoice: Group, facts: Facts) -> str:
    due, charges, deductions = to_pay(invoice, facts)
    made = subtract(add(due, charges), deductions)
    return (
        f"DoZaplaty is {_figure(needed(invoice, 'DoZaplaty'))}; P_15 {_figure(due)} + charges {_figure(charges)} - "
        f"deductions {_figure(deductions)} makes {_figure(made)}."
    )


def _simplified(invoice: Group, facts: Facts) -> str:
    limit = LIMITS[facts.currency]
    return f"P_15 is {_figure(needed(invoice, 'P_15'))} {facts.currency}, at most {limit} is allowed."


def _split_payment(invoice: Group, _: Facts) -> str:
    return f"P_15 is {_figure(needed(invoice, 'P_15'))} PLN, the limit is {SPLIT_PAYMENT}."


def _shares(_: Group, facts: Facts) -> str:
    return f"The shares make {_sum(needed(party, 'Udzial') for party in shares(facts.located))}."


def _check_digit(group: Group, _: Facts) -> str:
    number = said(group, group.kind)[:10]
    right = next((digit for digit in "0123456789" if nip.checksum_fits(number[:9] + digit)), None)
    if right is None:
        return f"No NIP starts with {number[:9]}: its check digit would be 10."
    return f"{number} ends in {number[9:]}; the check digit of {number[:9]} is {right}."


def _number(group: Group, _: Facts) -> str:
    stated, expected, _day = number_checksums(group.text(group.kind))
    return f"The checksum is {stated}; the other characters ask for {expected}."


def _payment(invoice: Group, _: Facts) -> str:
    linked = " and ".join(payment_ids(said(invoice, "LinkDoPlatnosci")))
    return f"IPKSeF is {said(invoice, 'IPKSeF')}; the link has {linked}."


def _today(invoice: Group, facts: Facts) -> str:
    return f"P_1 is {said(invoice, 'P_1')}; today is {facts.today}."


def _period(invoice: Group, _: Facts) -> str:
    return f"From {said(invoice, 'P_6_Od')} to {said(invoice, 'P_6_Do')}."


def _corrected(group: Group, facts: Facts) -> str:
    return f"The corrected invoice is of {said(group, group.kind)}, the correction of {said(facts.invoice, 'P_1')}."


def _repeated(line: Group, _: Facts) -> str:
    return f"The number is {said(line, 'NrWierszaFa')}."


def _vehicle_line(group: Group, facts: Facts) -> str:
    return f"It names line {said(group, group.kind)}; the invoice has {len(facts.lines)} lines."


DETAILS: Final[dict[str, Detail]] = {
    rule: careful(detail)
    for rule, detail in {
        "KSEF-SUM-01": _due,
        "KSEF-SUM-02": _tax,
        "KSEF-SUM-03": _lines,
        "KSEF-SUM-04": _line("P_9A", "P_11"),
        "KSEF-SUM-05": _line("P_9B", "P_11A"),
        "KSEF-SUM-06": _advance,
        "KSEF-SUM-07": _order,
        "KSEF-SUM-08": _settled,
        "KSEF-SUM-09": _to_pay,
        "KSEF-KIND-10": _simplified,
        "KSEF-ADN-05": _split_payment,
        "KSEF-ADN-06": _split_payment,
        "KSEF-ADN-07": _vehicle_line,
        "KSEF-PARTY-04": _shares,
        "KSEF-NIP-01": _check_digit,
        "KSEF-NIP-02": _check_digit,
        "KSEF-NIP-03": _check_digit,
        "KSEF-LINE-01": _repeated,
        "KSEF-NUM-01": _number,
        "KSEF-PAY-02": _payment,
        "KSEF-DATE-01": _today,
        "KSEF-DATE-02": _period,
        "KSEF-DATE-03": _corrected,
    }.items()
}
