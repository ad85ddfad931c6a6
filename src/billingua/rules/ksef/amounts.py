"""Amounts that must agree with each other (KSEF-SUM), and currencies (KSEF-CUR)."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Group, Located, part_of
from billingua.engine.numbers import ZERO, add, multiply, percent_of, subtract
from billingua.engine.rule import Check, Rule, Sweep
from billingua.rules.ksef.checks import CENT, amount, kept, needed, said, shown
from billingua.rules.ksef.facts import NETS, Facts

__all__ = ["RATED", "RULES", "SWEEPS", "lines_allowed", "tax_allowed", "to_pay", "values_of"]

RATED: Final = {"P_13_1": "P_14_1", "P_13_2": "P_14_2", "P_13_3": "P_14_3", "P_13_4": "P_14_4"}
"""The totals without tax at Polish rates, and the tax on each."""


def _near(stated: Decimal, found: Decimal, allowed: Decimal) -> bool:
    return subtract(stated, found).copy_abs() <= allowed


def sum_01(invoice: Group, facts: Facts) -> bool:
    if not facts.nets and not facts.taxes:
        return True
    return _near(needed(invoice, "P_15"), facts.gross, CENT * max(1, len(facts.nets)))


def tax_allowed(facts: Facts) -> Decimal:
    """How far the tax of a rate may be off."""
    return CENT * max(2, len(facts.lines))


def sum_02(field: Group, facts: Facts) -> bool:
    net, tax = amount(field, field.kind), amount(field, RATED[field.kind])
    if net is None or tax is None:
        return True
    allowed = tax_allowed(facts)
    return any(_near(tax, percent_of(net, Decimal(rate)), allowed) for rate in NETS[field.kind])


def lines_allowed(facts: Facts) -> Decimal:
    """How far a total may be off the sum of its lines."""
    return CENT * len(facts.lines)


def sum_03(field: Group, facts: Facts) -> bool:
    if not facts.lines or facts.kind not in ("VAT", "UPR", "KOR"):
        return True
    stated, found, allowed = needed(field, field.kind), facts.by_field.get(field.kind, ZERO), lines_allowed(facts)
    if isinstance(found, Decimal):
        return _near(stated, found, allowed)
    return abs(found - Fraction(stated)) <= Fraction(allowed)


def values_of(line: Group, price: str) -> tuple[Decimal, ...]:
    """What a line makes at a unit price; with a discount (P_10) as one of the line, and as one of each unit."""
    quantity, each = needed(line, "P_8B"), needed(line, price)
    discount = amount(line, "P_10")
    if discount is None:
        return (multiply(quantity, each),)
    return subtract(multiply(quantity, each), discount), multiply(quantity, subtract(each, discount))


def _line_value(price: str, value: str) -> Check:
    def check(line: Group, _: Facts) -> bool:
        terms = line.terms
        if value not in terms or price not in terms or "P_8B" not in terms:
            return True
        stated = needed(line, value)
        return any(_near(stated, one, CENT) for one in values_of(line, price))

    return check


def sum_06(invoice: Group, facts: Facts) -> bool:
    if "ZaliczkaCzesciowa" not in invoice.terms or facts.kind != "ZAL":
        return True
    return needed(invoice, "P_15") == facts.sums("P_15Z")


def sum_07(invoice: Group, facts: Facts) -> bool:
    if "WartoscZamowienia" not in invoice.terms or facts.kind != "ZAL":
        return True
    found = add(facts.sums("P_11NettoZ", "ZamowienieWiersz"), facts.sums("P_11VatZ", "ZamowienieWiersz"))
    allowed = CENT * len(invoice.all("Zamowienie")[0])
    return _near(needed(invoice, "WartoscZamowienia"), found, allowed)


def _is_sum(stated: str, parts: str) -> Check:
    return lambda invoice, facts: stated not in invoice.terms or needed(invoice, stated) == facts.sums(parts)


def to_pay(invoice: Group, facts: Facts) -> tuple[Decimal, Decimal, Decimal]:
    """P_15, charges and deductions: their stated sums, or the computed ones where those are zero or missing."""
    charges = amount(invoice, "SumaObciazen") or facts.sums("Obciazenia")
    deductions = amount(invoice, "SumaOdliczen") or facts.sums("Odliczenia")
    return needed(invoice, "P_15"), charges, deductions


def sum_09(invoice: Group, facts: Facts) -> bool:
    if "DoZaplaty" not in invoice.terms:
        return True
    due, charges, deductions = to_pay(invoice, facts)
    return needed(invoice, "DoZaplaty") == subtract(add(due, charges), deductions)


def cur_01(field: Group, facts: Facts) -> bool:
    tax = RATED[field.kind]
    return facts.currency == "PLN" or f"{tax}W" in field.terms or not amount(field, tax)


def cur_02(field: Group, facts: Facts) -> bool:
    return f"{RATED[field.kind]}W" not in field.terms or facts.currency != "PLN"


def cur_03(invoice: Group, _: Facts) -> bool:
    return said(invoice, "WalutaUmowna") != "PLN"


def cur_04(invoice: Group, facts: Facts) -> bool:
    return "KursWalutyZ" not in invoice.terms or facts.kind in ("ZAL", "KOR_ZAL")


RULES = (
    Rule("KSEF-SUM-01", ROOT, sum_01, "P_15"),
    Rule("KSEF-SUM-04", "FaWiersz", _line_value("P_9A", "P_11"), "P_11"),
    Rule("KSEF-SUM-05", "FaWiersz", _line_value("P_9B", "P_11A"), "P_11A"),
    Rule("KSEF-SUM-06", ROOT, sum_06, "P_15"),
    Rule("KSEF-SUM-07", ROOT, sum_07, "WartoscZamowienia"),
    Rule("KSEF-SUM-08", ROOT, _is_sum("SumaObciazen", "Obciazenia"), "SumaObciazen"),
    Rule("KSEF-SUM-08", ROOT, _is_sum("SumaOdliczen", "Odliczenia"), "SumaOdliczen"),
    Rule("KSEF-SUM-09", ROOT, sum_09, "DoZaplaty"),
    Rule("KSEF-CUR-03", ROOT, cur_03, "WalutaUmowna"),
    Rule("KSEF-CUR-04", ROOT, cur_04, "KursWalutyZ"),
)


def _questions(net: str) -> tuple[tuple[str, str, Check], ...]:
    """What is asked of a total without tax: the rule, the term whose element a finding points at, and the check."""
    asked: list[tuple[str, str, Check]] = [("KSEF-SUM-03", net, sum_03)]
    if net in RATED:
        tax = RATED[net]
        asked += [("KSEF-SUM-02", tax, sum_02), ("KSEF-CUR-01", tax, cur_01), ("KSEF-CUR-02", f"{tax}W", cur_02)]
    return tuple(asked)


_ASKED: Final = {net: _questions(net) for net in NETS}

_TERMS: Final = {net: frozenset(term for _, term, _ in asked) for net, asked in _ASKED.items()}


def _of_fields(located: Located, facts: Facts) -> Iterator[Failure]:
    """The rules that are asked of each total without tax, together with the tax on it."""
    invoice = facts.invoice
    stated = invoice.terms.keys()
    for net, terms in _TERMS.items():
        if stated.isdisjoint(terms):
            continue
        found = {term: one for term in sorted(terms) if (one := invoice.first(term)) is not None}
        field = part_of(invoice, net, found)
        for rule, term, check in _ASKED[net]:
            if term in found and not kept(check, field, facts):
                at = found[term]
                yield Failure(rule, at, at, {term: shown(one) for term, one in found.items()}, field)


SWEEPS: tuple[Sweep, ...] = (_of_fields,)
