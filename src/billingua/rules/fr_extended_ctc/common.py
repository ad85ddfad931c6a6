"""What the rules of both syntaxes share: how a broken one is told, and the figures in it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.locate import Element, Located
from billingua.engine.numbers import percent_of, round_half_up, total
from billingua.engine.values import decimal, readable
from billingua.rules.asks import Around
from billingua.rules.business import written_sum
from billingua.rules.elements import Elements, path, said
from billingua.rules.vat import Family

__all__ = [
    "CENT",
    "Broken",
    "Found",
    "above_told",
    "apart",
    "failures",
    "group_told",
    "inside",
    "kind_told",
    "made_of",
    "quoted",
    "stated",
    "tax_told",
    "told",
    "unused",
    "written",
]

CENT: Final = Decimal("0.01")
_LONGEST: Final = 200
"""So much of a text is shown."""


class Broken(NamedTuple):
    """A rule that an element breaks, and the sentence that shows its figures.

    `values` are the texts seen, by term, where they are not those of the group that the element stands in.
    """

    rule: str
    element: Element
    figures: str = ""
    values: dict[str, str] | None = None


Found = Iterator[Broken]


def failures(located: Located, found: Iterable[Broken]) -> Iterator[Failure]:
    """What was found, with the business group around it."""
    around = Around(located)
    for rule, element, figures, values in found:
        if values is not None:
            seen = {term: text[:_LONGEST] for term, text in values.items()}
            yield Failure(rule, element, at=element, values=seen, figures=figures)
            continue
        yield Failure(rule, element, group=around.group(element), figures=figures)


def inside(elements: Iterable[Element], steps: str) -> Elements:
    """What steps lead to from each of some elements."""
    return [found for one in elements for found in path(steps)(one)]


def stated(around: Element, steps: str) -> Decimal | None:
    """The first amount that steps lead to; None where there is none.

    Raises:
        NotAsked: it cannot be read.
    """
    found = path(steps)(around)
    return decimal(said(found[0])) if found else None


def unused(family: Family, root: Element, *, used: bool) -> Broken:
    """A category that is used and has no breakdown, or has one and is not used."""
    where = "on a line, allowance or charge, and in no breakdown" if used else "in a breakdown alone"
    term = "BT-151" if used else "BT-118"
    return Broken(f"BR-FREXT-{family.id}-01", root, f"It stands {where}.", {term: family.code})


# figures


def told(term: str, amount: Decimal | None) -> str:
    """`BT-106 is 100.00`."""
    return f"{term} is missing" if amount is None else f"{term} is {amount:f}"


def written(amounts: Iterable[Element]) -> str:
    """The sum of amounts as an accountant writes it; those that cannot be read are left out."""
    return written_sum(readable(said(one)) for one in amounts)


def made_of(lines: Elements, charges: Elements, allowances: Elements) -> str:
    """`lines 100.00 + charges 0.00 - allowances 5.00 makes 95.00`, of amounts that can be read."""
    line, charge, allowance = (
        round_half_up(total(amount for one in amounts if (amount := readable(said(one))) is not None), 2)
        for amounts in (lines, charges, allowances)
    )
    made = line + charge - allowance
    return f"lines {line:f} + charges {charge:f} - allowances {allowance:f} makes {made:f}"


def tax_told(tax: Decimal | None, base: Decimal | None, rate: Decimal | None, count: int) -> str:
    """The VAT of a breakdown, and what base and rate make."""
    if tax is None or base is None or rate is None:
        return f"{told('BT-117', tax)}; {told('BT-116', base)}; {told('BT-119', rate)}."
    made = round_half_up(percent_of(base, rate), 2)
    return f"{told('BT-117', tax)}; {base:f} x {rate:f} % makes {made:f}{apart(count)}."


def kind_told(kinds: Sequence[str]) -> str:
    """The kinds that a line tells."""
    return f"The kind is {quoted(kinds)}."


def above_told(parents: Sequence[str]) -> str:
    """The line above that a line names."""
    return f"The line above it is {quoted(parents)}."


def group_told(amounts: Iterable[Element], parts: Iterable[Element]) -> str:
    """The net amount of a group, and what the lines below make."""
    own = ", ".join([said(one).strip() for one in amounts])
    return f"BT-131 is {own}; the lines below make {written(parts)}."


def apart(count: int) -> str:
    """How far amounts may be apart: a cent for each, of which there may be none."""
    return f"; they may be {CENT * count:f} apart" if count else ""


def quoted(found: Iterable[str]) -> str:
    """Texts of a stranger's, as far as they are shown."""
    return ", ".join(map(repr, found))[:_LONGEST]
