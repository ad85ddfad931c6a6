"""Lines that make sub-invoices, read alike from both syntaxes, and the rules of invoices with several sellers (x8) or
that go both ways (x9)."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from billingua.engine.locate import Element
from billingua.engine.numbers import multiply, subtract
from billingua.engine.rule import NotAsked
from billingua.engine.values import decimal, double_sum, normalized
from billingua.rules.elements import Elements, said
from billingua.rules.fr_flux2.checks import SELF_BILLED
from billingua.rules.fr_flux2.facts import Facts

__all__ = ["CENT", "Line", "Link", "Paper", "Read", "group_rules", "top_groups"]

CENT: Final = Decimal("0.01")


class Link(NamedTuple):
    """What a line says of its place among the others: the element that rules report, subtypes, ids of the parent."""

    element: Element
    kinds: list[str]
    parents: list[str]

    @property
    def is_top(self) -> bool:
        """It groups others and stands below none."""
        return "GROUP" in self.kinds and not self.parents


class Line(NamedTuple):
    """A line; texts are as they are written."""

    element: Element
    ids: list[str]
    links: list[Link]
    sellers: list[str]
    """The legal identifiers of the line seller."""
    invoices: list[str]
    """The numbers of the sub-invoice (scheme AFL)."""
    reasons: list[str]
    """The texts of the VAT exemption."""
    nets: Elements
    taxes: Elements
    totals: Elements
    references: int
    """The preceding invoices with a number."""
    dated: int
    """The preceding invoices with a date."""

    @property
    def parents(self) -> list[str]:
        """The ids of the lines it stands below."""
        return [one for link in self.links for one in link.parents]


class Paper(NamedTuple):
    """What else of the document the rules of its lines need."""

    sellers: list[str]
    buyers: list[str]
    currencies: list[str]
    breakdown: list[tuple[list[str], Element]]
    """Each VAT amount, with the texts of its exemption."""
    whole: Elements
    """The elements that rules about all lines report."""
    repeated: Callable[[], bool]
    """Whether a number of a sub-invoice is there before."""


Read = Callable[[Facts], tuple[list[Line], Paper]]
Found = Iterator[tuple[str, Element]]


def top_groups(lines: list[Line]) -> list[tuple[Line, Link]]:
    """The lines that are sub-invoices of their own."""
    return [(line, link) for line in lines for link in line.links if link.is_top]


def group_rules(read: Read, facts: Facts) -> Found:
    """What a document with sub-invoices breaks."""
    lines, paper = read(facts)
    tops = top_groups(lines)
    for rules in (_counts, _groups, _lines, _numbers, _types, _references):
        yield from rules(lines, tops, paper, facts)


Tops = list[tuple[Line, Link]]


def _counts(_: list[Line], tops: Tops, paper: Paper, facts: Facts) -> Found:
    if facts.several_sellers and not tops:
        yield from (("BR-FR-MV-02_EXT-FR-FE-163", one) for one in paper.whole)
    if facts.both_ways:
        end = "BT-30" if facts.format_name != "cii" else "BT-31"
        for rule, number, of in (
            ("BR-FR-BD-02_EXT-FR-FE-163", 2, None),
            (f"BR-FR-BD-02_{end}", 1, paper.sellers),
            ("BR-FR-BD-02_BT-47", 1, paper.buyers),
        ):
            if sum(of is None or not set(of).isdisjoint(line.sellers) for line, _ in tops) != number:
                yield from ((rule, one) for one in paper.whole)


def _first(texts: list[str]) -> str:
    return normalized(texts[0]) if texts else ""


def _amount(elements: Elements) -> Decimal | None:
    return decimal(said(elements[0])) if elements else None


def _groups(lines: list[Line], tops: Tops, paper: Paper, _: Facts) -> Found:
    for line, link in tops:
        for rule, kept in (
            ("BR-FR-MV-05_EXT-FR-FE-BG-12", _net_fits),
            ("BR-FR-MV-09_EXT-FR-FE-181", _tax_fits),
            ("BR-FR-MV-10_EXT-FR-FE-184", _total_fits),
        ):
            try:
                if not kept(line, lines, paper):
                    yield rule, link.element
            except NotAsked:
                continue


def _net_fits(group: Line, lines: list[Line], _: Paper) -> bool:
    own = _first(group.ids)
    parts = [
        net
        for line in lines
        if any(own in link.parents and any(kind != "INFORMATION" for kind in link.kinds) for link in line.links)
        for net in line.nets
    ]
    return _near(_amount(group.nets), parts, len(parts))


def _near(stated: Decimal | None, parts: Elements, cents: int) -> bool:
    """Whether an amount is what parts make, which the artefact adds up in floating point."""
    if stated is None:
        return False
    if not parts:
        return abs(stated) <= CENT * cents
    return abs(float(stated) - double_sum(parts)) <= float(CENT * cents)


def _taxes(group: Line, paper: Paper) -> Elements:
    return [one for one in group.taxes if one.get("currencyID") in paper.currencies]


def _tax_fits(group: Line, _: list[Line], paper: Paper) -> bool:
    start = f"#{_first(group.invoices)}#"
    parts = [amount for reasons, amount in paper.breakdown if (reasons or [""])[0].startswith(start)]
    return _near(_amount(_taxes(group, paper)), parts, 1)


def _total_fits(group: Line, lines: list[Line], paper: Paper) -> bool:
    if not group.totals:
        return True
    if not _first([said(group.totals[0])]):
        return False
    total, net, tax = _amount(group.totals), _amount(group.nets), _amount(_taxes(group, paper))
    if total is None or net is None or tax is None:
        return False
    parts = sum(
        not set(link.parents).isdisjoint(group.ids) and not {"DETAIL", "GROUP"}.isdisjoint(link.kinds)
        for line in lines
        for link in line.links
    )
    return abs(subtract(subtract(total, net), tax)) <= multiply(CENT, Decimal(parts))


def _lines(lines: list[Line], _: Tops, __: Paper, ___: Facts) -> Found:
    for line in lines:
        above = [one for one in lines if not set(one.ids).isdisjoint(line.parents)]
        for rule, own, theirs in (
            ("BR-FR-MV-06_EXT-FR-FE-167", line.sellers, [text for one in above for text in one.sellers]),
            ("BR-FR-MV-07_BT-128", line.invoices, [text for one in above for text in one.invoices]),
        ):
            if not _first(own) or (line.parents and _first(own) != _first(theirs)):
                yield rule, line.element
        if any("DETAIL" in link.kinds for link in line.links):
            number = _first(line.invoices)
            if not number or not (line.reasons or [""])[0].startswith(f"#{number}#"):
                yield "BR-FR-MV-08_BT-128", line.element


def _numbers(_: list[Line], tops: Tops, paper: Paper, facts: Facts) -> Found:
    own = [
        (line, link)
        for line, link in tops
        if not {*line.sellers, *(normalized(one) for one in line.sellers)}.isdisjoint(paper.sellers)
    ]
    named = sum(one in facts.numbers for line, _ in own for one in line.invoices)
    for line, link in own if named != 1 else ():
        number = _first(line.invoices)
        kept = number in facts.numbers if named == 0 else any(one != number for one in facts.numbers)
        if not kept:
            yield "BR-FR-MV-11_BT-128", link.element
    if paper.repeated():
        yield from (("BR-FR-MV-12_BT-128", one) for one in paper.whole)


def _types(_: list[Line], __: Tops, ___: Paper, facts: Facts) -> Found:
    both = "BR-FR-BD-13_BT-3" if facts.format_name == "cii" else "BR-FR-MV-BD_BT-3"
    for element in facts.type_elements:
        raw = said(element)
        code = normalized(raw)
        if facts.several_sellers and (not code or (raw if both == "BR-FR-BD-13_BT-3" else code) in SELF_BILLED):
            yield "BR-FR-MV-13_BT-3", element
        if facts.both_ways and code not in SELF_BILLED:
            yield both, element


_CORRECTING = (
    ("BR-FR-MV-14", frozenset(("384", "472", "381", "396", "503"))),
    ("BR-FR-BD-14", frozenset(("261", "471", "473", "502"))),
)


def _references(_: list[Line], tops: Tops, __: Paper, facts: Facts) -> Found:
    for (rule, types), asked in zip(_CORRECTING, (facts.several_sellers, facts.both_ways), strict=True):
        if asked and not types.isdisjoint(facts.types):
            for line, link in tops:
                if not line.references:
                    yield f"{rule}-EXT-FR-FE-136", link.element
                if not line.dated:
                    yield f"{rule}-EXT-FR-FE-138", link.element
