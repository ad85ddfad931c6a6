"""UBL: tax categories and tax registrations, wherever the official rules look for them."""

from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from billingua.engine.groups import Group, Recipe, Subtree, Variant, of_variant
from billingua.engine.lazy import lazy
from billingua.engine.rule import Context
from billingua.engine.values import boolean, normalized
from billingua.rules.elements import tag_of_step
from billingua.rules.en16931.facts import Facts, rate_of

__all__ = ["TELLING", "TaxUse", "UblFacts", "contexts", "is_vat", "line_place"]

TELLING: Final = frozenset(
    (
        *("any-indicator", "charge-indicator", "tax-scheme", "category", "rate"),
        *("BT-95", "BT-96", "BT-102", "BT-103", "BT-118", "BT-119", "BT-151", "BT-152"),
        *("BT-3", "BT-5", "BT-6", "BT-81", "BT-40", "BT-55", "BT-80", "BT-130", "BT-24", "BT-23"),
    )
)
"""What has few texts: codes and rates."""


def is_vat(group: Group) -> bool:
    """Whether the tax scheme of a category or registration is VAT, whatever its case."""
    return any(map(_means_vat, group.texts("tax-scheme")))


@lru_cache(maxsize=256)
def _means_vat(scheme: str) -> bool:
    return normalized(scheme.upper()) == "VAT"


class TaxUse(NamedTuple):
    """A `cac:TaxCategory` or `cac:ClassifiedTaxCategory`: which group of its subtree it is, and what it says."""

    number: int
    place: str
    """`line`, `allowance`, `charge`, `breakdown` or `other`."""
    raw: str
    """The category code as it is written; "" when there is none."""
    code: str
    """The category code without white space around it."""
    vat: bool
    """Whether the tax scheme beside it is VAT."""
    rates: tuple[str, ...] = ()
    in_allowance: bool = False
    """It stands in an allowance or charge, whatever that says it is."""
    on_document: bool = False
    """What it stands in stands directly below the root element."""


def contexts(subtree: Subtree) -> dict[Context, list[int]]:
    """What the artefact asks that is no kind of group of its own.

    (place, category): the groups of that category under the VAT scheme; (period, ""): the periods that are not those of
    a line.
    """
    found: dict[Context, list[int]] = {}
    for use in (*_line_uses(subtree), *_uses(subtree)):
        if use.vat:
            found.setdefault((use.place, use.code), []).append(use.number)
    recipe = subtree.recipe
    for number in subtree.variant.found.get("BG-14", ()):
        if not recipe.tag_above(recipe.groups[number].at).endswith(_OF_LINES):
            found.setdefault(("period", ""), []).append(number)
    return found


_OF_LINES = ("}InvoiceLine", "}CreditNoteLine")
_ITEM = tag_of_step("cac:Item")
_INDICATOR = (tag_of_step("cbc:ChargeIndicator"),)


@of_variant
def _line_uses(subtree: Subtree) -> list[TaxUse]:
    """Every `cac:ClassifiedTaxCategory` of a subtree."""
    return [_use(subtree.group(number), line_place(subtree, number), "BT-151") for number in subtree.found("BG-30")]


def _use(group: Group, place: str, term: str) -> TaxUse:
    raw = group.text(term)
    return TaxUse(group.number, place, raw, normalized(raw), is_vat(group))


def line_place(subtree: Subtree, number: int) -> str:
    """Where such a category stands."""
    variant = subtree.variant
    recipe, (_, at, line, *_) = variant.recipe, variant.recipe.groups[number]
    item = recipe.parents[at]
    if line is None or variant.kinds[line] != "BG-25" or item < 0 or recipe.tags[item] != _ITEM:
        return "other"
    return "line" if recipe.parents[item] == recipe.groups[line].at else "other"


@of_variant
def _uses(subtree: Subtree) -> list[TaxUse]:
    """Every `cac:TaxCategory` of a subtree."""
    return [_tax_use(subtree, number) for number in subtree.found("tax-category")]


def _tax_use(subtree: Subtree, number: int) -> TaxUse:
    recipe, group = subtree.recipe, subtree.group(number)
    place, at = "other", group.at
    around = recipe.tag_above(at).rpartition("}")[2]
    if around == "TaxSubtotal":
        subtotal = group.parent
        in_place = subtotal is not None and subtotal.number >= 0 and subtotal.at == recipe.parents[at]
        place = "breakdown" if in_place and subtotal is not None and not subtotal.astray else "other"
    elif around == "AllowanceCharge":
        indicators = recipe.below(recipe.parents[at], _INDICATOR)
        says = boolean(subtree.texts[indicators[0]]) if indicators else None
        place = {True: "charge", False: "allowance", None: "other"}[says]
    return _use(group, place, "category")._replace(
        rates=tuple(group.texts("rate")),
        in_allowance=around == "AllowanceCharge",
        on_document=bool(recipe.tag_above(at, 2)) and not recipe.tag_above(at, 3),
    )


def _is_line(recipe: Recipe, number: int) -> bool:
    """Whether a group is a line directly below the root element."""
    at = recipe.groups[number].at
    return bool(recipe.tag_above(at)) and not recipe.tag_above(at, 2)


@of_variant
def _line_tags(subtree: Subtree) -> list[str]:
    """The tags of the lines in a subtree."""
    recipe = subtree.recipe
    return [recipe.tags[recipe.groups[number].at] for number in subtree.found("BG-25")]


def _categories(subtree: Subtree, line: int) -> list[int]:
    return [one for one in subtree.variant.inside[line].get("BG-30", ()) if line_place(subtree, one) == "line"]


@of_variant
def _rated(subtree: Subtree) -> list[tuple[str, set[str], list[str]]]:
    """The tag of each line in a subtree, with the categories and the rates that it names."""
    found = []
    for line in subtree.found("BG-25"):
        named = [subtree.group(one) for one in _categories(subtree, line)]
        codes = {normalized(one.text("BT-151")) for one in named}
        found.append((subtree.group(line).tag, codes, [text for one in named for text in one.texts("BT-152")]))
    return found


class UblFacts(Facts):
    """Facts of a UBL Invoice or CreditNote."""

    VAT_TOTALS = "tax-total"

    @lazy
    def line_kinds(self) -> list[str]:
        """The tags of the lines that the document has anywhere: the artefact adds up those of each tag apart."""
        return list(dict.fromkeys([tag for _, alike in self.located.parts for tag in _line_tags(alike[0])]))

    def lines_in(self, variant: Variant) -> list[int]:
        """The lines directly below the root element."""
        return [one for one in variant.found.get("BG-25", ()) if _is_line(variant.recipe, one)]

    def line_kind(self, recipe: Recipe, line: int) -> str:
        """The tag of a line."""
        return recipe.tags[recipe.groups[line].at]

    def categories(self, subtree: Subtree, line: int) -> list[int]:
        """The VAT information (BG-30) of a line, as numbers of groups in its subtree."""
        return _categories(subtree, line)

    def has_line(self, tag: str, code: str, rate: Decimal) -> bool:
        """Whether a line with that tag has the category and the rate, wherever it stands."""
        return (tag, code, rate) in self.sums or any(
            kind == tag and code in codes and any(rate_of(one) == rate for one in rates)
            for _, alike in self.located.parts
            for kind, codes, rates in _rated(alike[0])
        )

    @lazy
    def line_uses(self) -> list[TaxUse]:
        """Every `cac:ClassifiedTaxCategory`; those of lines that are alike once."""
        return [use for _, alike in self.located.parts for use in _line_uses(alike[0])]

    @lazy
    def line_codes_as_written(self) -> set[str]:
        """The categories of the lines, white space included."""
        return {use.raw for use in self.line_uses}

    @lazy
    def uses(self) -> list[TaxUse]:
        """Every `cac:TaxCategory`; those of lines that are alike once."""
        return [use for _, alike in self.located.parts for use in _uses(alike[0])]

    @lazy
    def breakdown(self) -> list[TaxUse]:
        """The categories of the VAT breakdown (BG-23)."""
        return [
            use for _, alike in self.located.parts for use in _uses(alike[0]) if use.place == "breakdown" for _ in alike
        ]

    def allowances(self, charge: bool) -> list[TaxUse]:
        """The categories of all allowances, or of all charges, on whatever level they stand."""
        place = "charge" if charge else "allowance"
        return [use for use in self.uses if use.place == place]

    @lazy
    def contexts(self) -> set[Context]:
        """(used, category): each category that is named anywhere."""
        return {("used", use.code) for use in (*self.line_uses, *self.uses)}

    @lazy
    def line_codes(self) -> set[tuple[str, bool]]:
        """(category, is VAT) of every line."""
        return {(use.code, use.vat) for use in self.line_uses}

    @lazy
    def seller_registered(self) -> bool:
        """BT-31 or BT-32 is there."""
        return any("company-id" in one.terms for one in self._registrations("BG-4"))

    @lazy
    def seller_vat(self) -> bool:
        """BT-31 is there."""
        return any("company-id" in one.terms and is_vat(one) for one in self._registrations("BG-4"))

    @lazy
    def representative_vat(self) -> bool:
        """BT-63 is there."""
        return any("company-id" in one.terms and is_vat(one) for one in self._registrations("BG-11"))

    @lazy
    def buyer_vat(self) -> bool:
        """BT-48 is there."""
        return any("company-id" in one.terms and is_vat(one) for one in self._registrations("BG-7"))

    def _registrations(self, party: str) -> list[Group]:
        return [one for group in self.located.all(party) for one in group.children("tax-registration")]
