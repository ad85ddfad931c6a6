"""UBL: tax categories and tax registrations, wherever the official rules look for them."""

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from billingua.engine.groups import ROOT, Group, shapes
from billingua.engine.lazy import lazy
from billingua.engine.rule import Context
from billingua.engine.values import boolean, normalized
from billingua.engine.xml import Element, tag_of
from billingua.rules.elements import NAMESPACES
from billingua.rules.en16931.facts import Alike, Facts, alike, rate_of

__all__ = ["TaxUse", "UblFacts", "is_vat"]


def is_vat(group: Group) -> bool:
    """Whether the tax scheme of a category or registration is VAT, whatever its case."""
    return any(map(_means_vat, group.texts("tax-scheme")))


@lru_cache(maxsize=256)
def _means_vat(scheme: str) -> bool:
    return normalized(scheme.upper()) == "VAT"


class TaxUse(NamedTuple):
    """A `cac:TaxCategory`: where it stands, and what it says."""

    group: Group
    place: str
    """`allowance`, `charge`, `breakdown` or `other`."""
    raw: str
    """The category code as it is written; "" when there is none."""
    code: str
    """The category code without white space around it."""
    vat: bool
    """Whether the tax scheme beside it is VAT."""


class UblFacts(Facts):
    """Facts of a UBL Invoice or CreditNote."""

    @lazy
    def line_tags(self) -> list[str]:
        """The kinds of lines that the document has anywhere: the artefact adds up each kind apart."""
        return list(dict.fromkeys(tag_of(alike[0].element) for alike in shapes(self.located.all("BG-25"))))

    def lines(self, kind: str) -> list[Group]:
        """The lines directly below the root element: all of them (BG-25), or those of one tag."""
        lines, root = self.located.all("BG-25"), self.invoice.element
        if kind != "BG-25" and len(self.line_tags) > 1:
            lines = [line for line in lines if line.element.tag == kind]
        elif kind != "BG-25" and self.line_tags != [kind]:
            return []
        return [line for line in lines if line.around() is root]

    def categories(self, line: Group) -> list[Group]:
        """The VAT information (BG-30) of a line."""
        return [group for group in line.children("BG-30") if self._line_place(group) == "line"]

    def has_line(self, tag: str, code: str, rate: Decimal) -> bool:
        """Whether a line with that tag has the category and the rate, wherever it stands."""
        return (code, rate) in self.sums(tag) or any(
            line.element.tag == tag
            and line.element.getparent() is not self.invoice.element
            and any(normalized(one.text("BT-151")) == code for one in self.categories(line))
            and any(rate_of(text) == rate for one in self.categories(line) for text in one.texts("BT-152"))
            for line in self.located.all("BG-25")
        )

    @lazy
    def line_uses(self) -> list[Alike]:
        """Every `cac:ClassifiedTaxCategory`."""
        return alike(
            (group, self._line_place(group), normalized(group.text("BT-151")), is_vat(group))
            for group in self.located.all("BG-30")
        )

    def _line_place(self, group: Group) -> str:
        """Where such a category stands. The shape of the line tells, and few shapes there are."""
        shape = id(group.terms)
        place = self._line_places.get(shape)
        if place is None:
            place = self._line_places[shape] = _line_place(group)
        return place

    @lazy
    def _line_places(self) -> dict[int, str]:
        return {}

    @lazy
    def line_codes_as_written(self) -> set[str]:
        """The categories of the lines, white space included."""
        return {group.text("BT-151") for group in self.located.all("BG-30")}

    @lazy
    def uses(self) -> list[TaxUse]:
        """Every `cac:TaxCategory`."""
        says: dict[Element, bool | None] = {}
        return [_use(group, _place(group, says)) for group in self.located.all("tax-category")]

    @lazy
    def breakdown(self) -> list[TaxUse]:
        """The categories of the VAT breakdown (BG-23)."""
        return [use for use in self.uses if use.place == "breakdown"]

    def allowances(self, charge: bool) -> list[TaxUse]:
        """The categories of all allowances, or of all charges, on whatever level they stand."""
        place = "charge" if charge else "allowance"
        return [use for use in self.uses if use.place == place]

    @lazy
    def contexts(self) -> dict[Context, list[Group]]:
        """What the artefact asks that is no kind of group of its own.

        (place, category): the groups of that category under the VAT scheme; (used, category): the invoice;
        (period, ""): the periods that are not those of a line.
        """
        contexts: dict[Context, list[Group]] = {}
        invoice = self.located.all(ROOT)
        for groups, place, code, vat in (*self.line_uses, *map(_alone, self.uses)):
            contexts["used", code] = invoice
            if vat:
                contexts.setdefault((place, code), []).extend(groups)
        periods = [one for one in self.located.all("BG-14") if not _above(one).endswith(_OF_LINES)]
        if periods:
            contexts["period", ""] = periods
        return contexts

    @lazy
    def lines_with_category(self) -> set[int]:
        """The identities of the lines that have a VAT category code (BT-151)."""
        return {
            id(group.parent)
            for groups, place, _, vat in self.line_uses
            if vat and place == "line"
            for group in groups
            if "BT-151" in group.terms
        }

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


_ITEM = f"{{{NAMESPACES['cac']}}}Item"
_OF_LINES = ("}InvoiceLine", "}CreditNoteLine")


def _above(group: Group) -> str:
    parent = group.around()
    return "" if parent is None else tag_of(parent)


def _use(group: Group, place: str) -> TaxUse:
    raw = group.text("category")
    return TaxUse(group, place, raw, normalized(raw), is_vat(group))


def _alone(use: TaxUse) -> Alike:
    return Alike([use.group], use.place, use.code, use.vat)


def _line_place(group: Group) -> str:
    line, item = group.parent, group.element.getparent()
    if line is None or item is None or line.kind != "BG-25" or item.getparent() is not line.element:
        return "other"
    return "line" if item.tag == _ITEM else "other"


def _place(group: Group, says: dict[Element, bool | None]) -> str:
    """Where a category stands; `says` keeps what the allowances and charges before it say that they are."""
    parent = group.element.getparent()
    if parent is None:
        return "other"
    name = tag_of(parent).rpartition("}")[2]
    if name == "TaxSubtotal":
        subtotal = group.parent
        in_place = subtotal is not None and subtotal.element is parent and not subtotal.astray
        return "breakdown" if in_place else "other"
    if name == "AllowanceCharge":
        if parent not in says:
            says[parent] = _indicator(parent)
        return {True: "charge", False: "allowance", None: "other"}[says[parent]]
    return "other"


def _indicator(allowance: Element) -> bool | None:
    tag = tag_of(allowance).replace("CommonAggregate", "CommonBasic").replace("}AllowanceCharge", "}ChargeIndicator")
    return next((boolean(child.text) for child in allowance if child.tag == tag), None)
