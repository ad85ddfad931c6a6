"""CII: tax categories and tax registrations, wherever the official rules look for them."""

from collections import Counter, defaultdict
from operator import itemgetter
from typing import Final, NamedTuple

from billingua.engine.groups import Group, Recipe, Subtree, Variant, of_variant
from billingua.engine.lazy import lazy
from billingua.engine.rule import Context
from billingua.engine.values import boolean
from billingua.engine.xml import Element
from billingua.rules.elements import inside, tag_of_step
from billingua.rules.en16931.facts import Facts

__all__ = ["TELLING", "CiiFacts", "child_text", "contexts", "is_vat"]

TELLING: Final = frozenset(
    (
        *("any-indicator", "any-category", "charge-indicator", "tax-scheme", "category", "rate"),
        *("BT-95", "BT-96", "BT-102", "BT-103", "BT-118", "BT-119", "BT-151", "BT-152"),
        *("BT-3", "BT-5", "BT-6", "BT-81", "BT-40", "BT-55", "BT-80", "BT-130", "BT-24", "BT-23"),
    )
)
"""What has few texts: codes and rates."""


def is_vat(group: Group) -> bool:
    """Whether the tax type is VAT, in capitals or not."""
    return "VAT" in [scheme.upper() for scheme in group.texts("tax-scheme")]


def child_text(element: Element, name: str) -> list[str]:
    """The texts of the children with a local name."""
    return [child.text or "" for child in inside(element, f"ram:{name}")]


_TRANSACTION: Final = tag_of_step("rsm:SupplyChainTradeTransaction")
_INDICATOR: Final = (tag_of_step("ram:ChargeIndicator"), tag_of_step("udt:Indicator"))
_CODE: Final = (tag_of_step("ram:CategoryCode"),)

_FIRST = ("AE", "L", "M", "E", "G", "K", "O", "S", "Z")
"""The categories in the order in which their rules take a tax: where it names several, the first of them."""

_OF_TAX = "LMO"
"""The categories whose rules take the tax of the VAT breakdown as a whole; the others take each code in it."""


class TaxUse(NamedTuple):
    """A category in a tax of lines, allowances, charges or the VAT breakdown: which group of its subtree names it."""

    number: int
    place: str
    """`line`, `allowance`, `charge`, `breakdown`, `other`, or one of these that is `astray`."""
    code: str
    vat: bool
    """Whether the tax type beside it is VAT."""


def contexts(subtree: Subtree) -> dict[Context, list[int]]:
    """What the artefact asks that is no kind of group of its own.

    (place, category): the groups of that category whose tax type is VAT; (breakdown of any type, category): those of
    the VAT breakdown whatever their type; (breakdown, ""): the VAT breakdown groups that no rule of a category takes
    first (L, M and O do); (said, kind): allowances and charges whose indicator says `true` or `false` to the letter.
    """
    groups, found = subtree.variant.found, defaultdict[Context, list[int]](list)
    for number, place, code, vat in _uses(subtree):
        if vat:
            found[place, code].append(number)
        if place.endswith("breakdown"):
            found["breakdown of any type", code].append(number)
    taken = {number for code in _OF_TAX for number in found.get(("breakdown", code), ())}
    found["breakdown", ""] = [number for number in groups.get("BG-23", ()) if number not in taken]
    for kind in ("BG-20", "BG-21", "BG-27", "BG-28"):
        found["said", kind] = [
            number for number in groups.get(kind, ()) for _ in range(_said(subtree.group(number), kind))
        ]
    return found


@of_variant
def _uses(subtree: Subtree) -> list[TaxUse]:
    """Every tax of lines, allowances, charges and of the VAT breakdown of a subtree."""
    return [
        TaxUse(number, place, code, is_vat(group))
        for kind, term, place_of in _TAXES
        for number in subtree.found(kind)
        for group in [subtree.group(number)]
        for place in [place_of(subtree, group)]
        for code in _taking(group.texts(term), place)
    ]


def _line_place(subtree: Subtree, tax: Group) -> str:
    line = tax.parent
    around = "" if line is None or line.number < 0 else subtree.recipe.tag_above(line.at)
    return "line" if around == _TRANSACTION else "astray line"


def _header_place(subtree: Subtree, tax: Group) -> str:
    return "breakdown" if subtree.recipe.tag_above(tax.at, 2) == _TRANSACTION else "astray breakdown"


def _allowance_place(subtree: Subtree, tax: Group) -> str:
    recipe = subtree.recipe
    indicators = recipe.below(recipe.parents[tax.at], _INDICATOR)
    says = {boolean(subtree.texts[at]) for at in indicators}
    return "allowance" if False in says else "charge" if True in says else "other"


_TAXES: Final = (
    ("BG-30", "BT-151", _line_place),
    ("allowance-tax", "category", _allowance_place),
    ("BG-23", "BT-118", _header_place),
)
"""The kinds of groups that name categories, with the term and where they stand."""


def _taking(codes: list[str], place: str) -> list[str]:
    """Of the codes in one tax, those whose rules take it."""
    if len(codes) < 2:
        return codes
    if place.endswith("breakdown"):
        whole = [code for code in _FIRST if code in _OF_TAX and code in codes]
        return [*whole[:1], *(code for code in codes if code not in _OF_TAX)]
    return [code for code in _FIRST if code in codes][:1] or codes[:1]


def _said(allowance: Group, kind: str) -> int:
    """How many elements of the allowance (charge) hold the indicator to the letter; `false` takes an element first."""
    texts = allowance.texts("charge-indicator")
    if len(texts) == 1:
        return int(texts[0] == ("false" if kind in ("BG-20", "BG-27") else "true"))
    parents = allowance.subtree.recipe.parents
    said: dict[int, set[str]] = {}
    for at, text in zip(allowance.terms.get("charge-indicator", ()), texts, strict=True):
        said.setdefault(parents[at], set()).add(text)
    if kind in ("BG-20", "BG-27"):
        return sum("false" in texts for texts in said.values())
    return sum("true" in texts and "false" not in texts for texts in said.values())


@of_variant
def _counted(subtree: Subtree) -> Counter[tuple[str, str]]:
    """(place, category): how many taxes of a subtree name it."""
    recipe, texts = subtree.recipe, subtree.texts
    named = [
        (place, {texts[one] for one in recipe.below(at, _CODE)})
        for place, term in (("line", "any-line-tax"), ("allowance", "any-allowance-tax"))
        for at in recipe.root_terms.get(term, ())
    ]
    named += [("breakdown", set(subtree.group(one).texts("BT-118"))) for one in subtree.found("BG-23")]
    return Counter([(place, code) for place, codes in named for code in codes])


@of_variant
def _amounts_of_lines(subtree: Subtree) -> list[tuple[int, int]]:
    """Where lines and their net amounts (BT-131) stand in a subtree."""
    lines = [subtree.recipe.groups[number] for number in subtree.found("BG-25")]
    return [(line.at, place) for line in lines for place in line.terms.get("BT-131", ())]


@of_variant
def _is_broken_down(subtree: Subtree) -> bool:
    """Whether a VAT breakdown (BG-23) stands in a subtree, wherever the artefact looks for one."""
    recipe = subtree.recipe
    return any(recipe.tag_above(recipe.groups[number].at, 2) == _TRANSACTION for number in subtree.found("BG-23"))


@of_variant
def _registrations(subtree: Subtree) -> dict[str, list[tuple[bool, int]]]:
    """The tax registrations of each party in a subtree: whether it stands in its place, and the place of the scheme."""
    recipe, inside = subtree.recipe, subtree.variant.inside
    return {
        party: [
            (number in subtree.variant.in_place(party), recipe.attributes[place, "schemeID"])
            for number in subtree.found(party)
            for registration in inside[number].get("tax-registration", ())
            for place in recipe.groups[registration].terms.get("company-id", ())
            if (place, "schemeID") in recipe.attributes
        ]
        for party in ("BG-4", "BG-7", "BG-11")
    }


@of_variant
def _codes(subtree: Subtree) -> set[Context]:
    """(used, category): each category that a subtree names anywhere."""
    places = subtree.recipe.root_terms.get("any-category", ())
    return {("used", subtree.texts[place]) for place in places}


class CiiFacts(Facts):
    """Facts of a CII CrossIndustryInvoice."""

    @staticmethod
    def category(text: str | None) -> str:
        """A category code as it is written."""
        return text or ""

    def is_named(self, place: str, code: str) -> bool:
        """Whether a tax (line, allowance, breakdown) names a category, wherever it stands."""
        return any((place, code) in _counted(alike[0]) for _, alike in self.located.parts)

    def count(self, place: str, code: str) -> int:
        """How many of them do."""
        return sum(
            [named * len(alike) for _, alike in self.located.parts if (named := _counted(alike[0])[place, code])]
        )

    def lines_in(self, variant: Variant) -> list[int]:
        """The lines (BG-25) that stand where the format has them."""
        return [one for one in variant.found.get("BG-25", ()) if self._is_line(variant.recipe, one)]

    def line_amounts(self, totals: Group) -> list[str]:
        """The net amounts of the lines in the transaction that totals stand in, in document order."""
        located, subtree = self.located, totals.subtree
        around = located.place_above(subtree, totals.at, 2)
        found = [
            (one.number, one.texts[place])
            for _, alike in (() if around is None else located.parts)
            for at, place in _amounts_of_lines(alike[0])
            for one in alike
            if (located.place_above(one, at, 1) if at else located.around_parts[one.number]) == around
        ]
        return [text for _, text in sorted(found, key=itemgetter(0))]

    @staticmethod
    def _is_line(recipe: Recipe, number: int) -> bool:
        at = recipe.groups[number].at
        return recipe.tag_above(at) == _TRANSACTION and bool(recipe.tag_above(at, 2)) and not recipe.tag_above(at, 3)

    @lazy
    def contexts(self) -> set[Context]:
        """(used, category): each category that is named anywhere."""
        return set().union(*[_codes(alike[0]) for _, alike in self.located.parts])

    @lazy
    def currencies(self) -> list[str]:
        """Every BT-5 as it is written: there should be one."""
        return self.invoice.texts("BT-5")

    @lazy
    def broken_down(self) -> bool:
        """A VAT breakdown stands in the document."""
        return any(_is_broken_down(alike[0]) for _, alike in self.located.parts)

    def is_registered(self, party: str, schemes: tuple[str, ...], in_place: bool) -> bool:
        """Whether a party is registered under one of the schemes; `in_place` looks only where it belongs."""
        key = (party, schemes, in_place)
        known = self._registered.get(key)
        if known is None:
            known = self._registered[key] = any(
                one.texts[scheme] in schemes
                for _, alike in self.located.parts
                for is_in_place, scheme in _registrations(alike[0])[party]
                if not in_place or (is_in_place and not self.invoice.astray)
                for one in alike
            )
        return known

    @lazy
    def _registered(self) -> dict[tuple[str, tuple[str, ...], bool], bool]:
        return {}
