"""The figures behind a wrong total: what stands there, and the sum that should, shown as an accountant writes it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from billingua.engine.locate import Group
from billingua.engine.numbers import percent_of, round_half_up, total
from billingua.engine.rule import careful
from billingua.engine.values import readable
from billingua.rules.business import written_sum
from billingua.rules.en16931.checks import amount
from billingua.rules.en16931.facts import Facts
from billingua.rules.vat import FAMILIES

__all__ = ["DETAILS"]

Detail = Callable[[Group, Facts], str]


def _stated(group: Group, term: str) -> str:
    return f"{term} is {group.text(term).strip()}" if term in group.terms else f"{term} is missing"


def _amounts(groups: Iterable[Group], term: str) -> list[Decimal | None]:
    return [readable(element.text) for group in groups for element in group.all(term)]


def _parts(total_term: str, kind: str, term: str, words: str) -> Detail:
    return lambda totals, facts: (
        f"{_stated(totals, total_term)}; the {words} make {written_sum(_amounts(facts.parts(kind), term))}."
    )


def _equation(result: str, *parts: tuple[int, str]) -> Detail:
    """A total and the totals it is made of, each with its sign."""

    def detail(totals: Group, _: Facts) -> str:
        found = [(sign, term, readable(totals.text(term))) for sign, term in parts if term in totals.terms]
        named = " ".join(f"{'+' if sign > 0 else '-'} {term}" for sign, term, _ in found).removeprefix("+ ")
        values = [None if value is None else sign * value for sign, _, value in found]
        return f"{_stated(totals, result)}; {named} makes {written_sum(values)}."

    return detail


def _with_vat(_: Group, facts: Facts) -> str:
    for totals in facts.in_place("BG-22"):
        net = amount(totals, "BT-109")
        vat = [readable(one) for one in facts.vat_totals(facts.currency)]
        if len(vat) != 1:
            return (
                f"There are {len(vat)} total VAT amounts in {facts.currency or 'the invoice currency'}; one is needed."
            )
        return f"{_stated(totals, 'BT-112')}; BT-109 + BT-110 makes {written_sum([net, vat[0]])}."
    return ""


def _total_vat(group: Group, facts: Facts) -> str:
    stated = group.text("BT-110") or group.element.text or ""
    subtotals = group.children("BG-23") or facts.in_place("BG-23")
    made = written_sum(_amounts(subtotals, "BT-117"))
    return f"The total VAT amount is {stated.strip()}; the VAT breakdown makes {made}."


def _tax(group: Group, _: Facts) -> str:
    """The taxable amount times the rate; the group is the breakdown or the category in it."""
    breakdown = group if "BT-116" in group.terms or group.parent is None else group.parent
    base, rate = readable(breakdown.text("BT-116")), readable(breakdown.text("BT-119"))
    if base is None or rate is None:
        return f"{_stated(breakdown, 'BT-117')}, {_stated(breakdown, 'BT-116')}, {_stated(breakdown, 'BT-119')}."
    tax = round_half_up(percent_of(base, rate), 2)
    return f"{_stated(breakdown, 'BT-117')}; {base:f} x {rate:f} % makes {tax:f}."


def _base(code: str, by_rate: bool) -> Detail:
    def detail(group: Group, facts: Facts) -> str:
        breakdown = group if "BT-116" in group.terms or group.parent is None else group.parent
        rate = readable(breakdown.text("BT-119")) if by_rate else None
        lines = total([facts.sum_of(kind, code, rate) for kind in facts.line_kinds])
        charges, allowances = facts.sum_of("BG-21", code, rate), facts.sum_of("BG-20", code, rate)
        return (
            f"{_stated(breakdown, 'BT-116')}; lines {lines:f} + charges {charges:f} - allowances {allowances:f} "
            f"makes {lines + charges - allowances:f}."
        )

    return detail


DETAILS: Final[dict[str, Detail]] = {
    rule: careful(detail)
    for rule, detail in {
        "BR-CO-10": _parts("BT-106", "BG-25", "BT-131", "lines (BT-131)"),
        "BR-CO-11": _parts("BT-107", "BG-20", "BT-92", "document allowances (BT-92)"),
        "BR-CO-12": _parts("BT-108", "BG-21", "BT-99", "document charges (BT-99)"),
        "BR-CO-13": _equation("BT-109", (1, "BT-106"), (-1, "BT-107"), (1, "BT-108")),
        "BR-CO-14": _total_vat,
        "BR-CO-15": _with_vat,
        "BR-CO-16": _equation("BT-115", (1, "BT-112"), (-1, "BT-113"), (1, "BT-114")),
        "BR-CO-17": _tax,
        **{f"BR-{family.id}-08": _base(family.code, family.rate in ("> 0", ">= 0")) for family in FAMILIES},
        **{f"BR-{family.id}-09": _tax for family in FAMILIES},
    }.items()
}
