"""UBL: tax categories and tax registrations, wherever the official rules look for them."""

from decimal import Decimal
from functools import lru_cache

from billingua.engine.lazy import lazy
from billingua.engine.locate import ROOT, Group
from billingua.engine.rule import Context
from billingua.engine.values import boolean, decimal, normalized
from billingua.engine.xml import tag_of
from billingua.rules.en16931.facts import Facts, TaxUse
from billingua.rules.en16931.syntax_special import NAMESPACES

__all__ = ["UblFacts"]


def is_vat(group: Group) -> bool:
    """Whether the tax scheme of a category or registration is VAT, whatever its case."""
    schemes = group.all("tax-scheme")
    if not schemes:
        return False
    if len(schemes) == 1:
        return _means_vat(schemes[0].text)
    return any(_means_vat(scheme.text) for scheme in schemes)


@lru_cache(maxsize=256)
def _means_vat(scheme: str | None) -> bool:
    return normalized((scheme or "").upper()) == "VAT"


class UblFacts(Facts):
    """Facts of a UBL Invoice or CreditNote."""

    @lazy
    def line_tags(self) -> list[str]:
        """The kinds of lines that the document has anywhere: the artefact adds up each kind apart."""
        return list(dict.fromkeys(tag_of(line.element) for line in self.located.all("BG-25")))

    def lines(self, kind: str) -> list[Group]:
        """The lines directly below the root element: all of them (BG-25), or those of one tag."""
        lines, root = self.located.all("BG-25"), self.invoice.element
        if kind != "BG-25" and len(self.line_tags) > 1:
            lines = [line for line in lines if line.element.tag == kind]
        elif kind != "BG-25" and self.line_tags != [kind]:
            return []
        below = sum(1 for _ in root.iterchildren(*self.line_tags)) if lines else 0
        return lines if below == len(lines) else [line for line in lines if line.element.getparent() is root]

    def categories(self, line: Group) -> list[Group]:
        """The VAT information (BG-30) of a line."""
        return self._categories.get(id(line), [])

    @lazy
    def _categories(self) -> dict[int, list[Group]]:
        """The same by the identity of the line."""
        categories: dict[int, list[Group]] = {}
        for use in self.line_uses:
            if use.place == "line":
                categories.setdefault(id(use.group.parent), []).append(use.group)
        return categories

    def has_line(self, tag: str, code: str, rate: Decimal) -> bool:
        """Whether a line with that tag has the category and the rate, wherever it stands."""
        return (code, rate) in self.sums(tag) or any(
            line.element.tag == tag
            and line.element.getparent() is not self.invoice.element
            and any(normalized(one.text("BT-151")) == code for one in self.categories(line))
            and any(decimal(text) == rate for one in self.categories(line) for text in one.texts("BT-152"))
            for line in self.located.all("BG-25")
        )

    @lazy
    def line_uses(self) -> list[TaxUse]:
        """Every `cac:ClassifiedTaxCategory`."""
        return [_use(group, _line_place(group), "BT-151") for group in self.located.all("BG-30")]

    @lazy
    def uses(self) -> list[TaxUse]:
        """Every `cac:TaxCategory`."""
        return [_use(group, _place(group), "category") for group in self.located.all("tax-category")]

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
        for use in (*self.line_uses, *self.uses):
            contexts["used", use.code] = invoice
            if use.vat:
                contexts.setdefault((use.place, use.code), []).append(use.group)
        periods = [one for one in self.located.all("BG-14") if not _above(one).endswith(_OF_LINES)]
        if periods:
            contexts["period", ""] = periods
        return contexts

    @lazy
    def lines_with_category(self) -> set[int]:
        """The identities of the lines that have a VAT category code (BT-151)."""
        return {
            id(use.group.parent)
            for use in self.line_uses
            if use.vat and use.place == "line" and "BT-151" in use.group.terms
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
    parent = group.element.getparent()
    return "" if parent is None else tag_of(parent)


def _use(group: Group, place: str, term: str) -> TaxUse:
    raw = group.text(term)
    return TaxUse(group, place, raw, normalized(raw), is_vat(group))


def _line_place(group: Group) -> str:
    line, item = group.parent, group.element.getparent()
    if line is None or item is None or line.kind != "BG-25" or item.getparent() is not line.element:
        return "other"
    return "line" if item.tag == _ITEM else "other"


def _place(group: Group) -> str:
    parent = group.element.getparent()
    if parent is None:
        return "other"
    name = tag_of(parent).rpartition("}")[2]
    if name == "TaxSubtotal":
        subtotal = group.parent
        in_place = subtotal is not None and subtotal.element is parent and not subtotal.astray
        return "breakdown" if in_place else "other"
    if name == "AllowanceCharge":
        namespace = tag_of(parent).replace("CommonAggregateComponents", "CommonBasicComponents").rpartition("}")[0]
        indicator = boolean(parent.findtext(f"{namespace}}}ChargeIndicator"))
        return {True: "charge", False: "allowance", None: "other"}[indicator]
    return "other"
