"""CII: tax categories and tax registrations, wherever the official rules look for them."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain

from billingua.engine.groups import ROOT, Group
from billingua.engine.lazy import lazy
from billingua.engine.rule import Context
from billingua.engine.values import boolean
from billingua.engine.xml import Element
from billingua.rules.elements import NAMESPACES, inside
from billingua.rules.en16931.facts import Alike, Facts, alike

__all__ = ["CiiFacts", "child_text", "in_transaction", "is_vat"]


def is_vat(group: Group) -> bool:
    """Whether the tax type is VAT, in capitals or not."""
    return "VAT" in [scheme.upper() for scheme in group.texts("tax-scheme")]


def child_text(element: Element, name: str) -> list[str]:
    """The texts of the children with a local name."""
    return [child.text or "" for child in inside(element, f"ram:{name}")]


def in_transaction(element: Element, levels: int) -> bool:
    """Whether the element so many levels above is a `rsm:SupplyChainTradeTransaction`."""
    for _ in range(levels):
        above = element.getparent()
        if above is None:
            return False
        element = above
    return bool(element.tag == _TRANSACTION)


_TRANSACTION = f"{{{NAMESPACES['rsm']}}}SupplyChainTradeTransaction"

_FIRST = ("AE", "L", "M", "E", "G", "K", "O", "S", "Z")
"""The categories in the order in which their rules take a tax: where it names several, the first of them."""

_OF_TAX = "LMO"
"""The categories whose rules take the tax of the VAT breakdown as a whole; the others take each code in it."""


class CiiFacts(Facts):
    """Facts of a CII CrossIndustryInvoice."""

    @staticmethod
    def category(text: str | None) -> str:
        """A category code as it is written."""
        return text or ""

    @lazy
    def uses(self) -> list[Alike]:
        """Every tax of lines, allowances, charges and of the VAT breakdown; those of the breakdown one by one."""
        return [
            *alike(
                use for group in self.located.all("BG-30") for use in _uses(group, self._line_place(group), "BT-151")
            ),
            *alike(
                use
                for group in self.located.all("allowance-tax")
                for use in _uses(group, self._allowance_place(group), "category")
            ),
            *(
                Alike([group], place, code, vat)
                for tax in self.located.all("BG-23")
                for group, place, code, vat in _uses(tax, _header_place(tax), "BT-118")
            ),
        ]

    def _line_place(self, tax: Group) -> str:
        around = None if tax.parent is None else tax.parent.around()
        if around not in self._line_places:
            in_place = around is not None and around.tag == _TRANSACTION
            self._line_places[around] = "line" if in_place else "astray line"
        return self._line_places[around]

    @lazy
    def _line_places(self) -> dict[Element | None, str]:
        """The place of lines by the element around them."""
        return {}

    def _allowance_place(self, tax: Group) -> str:
        """An allowance or charge with many taxes is asked once what it is."""
        around = tax.element.getparent()
        if around not in self._allowance_places:
            self._allowance_places[around] = _place(around)
        return self._allowance_places[around]

    @lazy
    def _allowance_places(self) -> dict[Element | None, str]:
        return {}

    @lazy
    def counts(self) -> Mapping[tuple[str, str], int]:
        """(place, category): how many taxes name it (line, allowance, breakdown), wherever they stand."""
        counts: defaultdict[tuple[str, str], int] = defaultdict(int)
        for place, named in (
            ("line", self._line_categories),
            ("allowance", self._allowance_categories),
            ("breakdown", [tuple(group.texts("BT-118")) for group in self.located.all("BG-23")]),
        ):
            for codes, times in Counter(named).items():
                for code in set(codes):
                    counts[place, code] += times
        return counts

    @property
    def _line_categories(self) -> list[tuple[str, ...]]:
        """The categories in each tax of a line, wherever it stands."""
        groups = self.located.all("BG-30")
        if len(groups) == self.invoice.count("any-line-tax"):
            return [tuple(group.texts("BT-151")) for group in groups]
        return [tuple(child_text(tax, "CategoryCode")) for tax in self.invoice.all("any-line-tax")]

    @lazy
    def _allowance_categories(self) -> list[tuple[str, ...]]:
        """The same for allowances and charges, on any level."""
        return [tuple(child_text(tax, "CategoryCode")) for tax in self.invoice.all("any-allowance-tax")]

    def lines(self, kind: str) -> list[Group]:
        """The lines (BG-25) that stand where the format has them."""
        root = self.invoice.element
        transactions = [child for child in root[:] if child.tag == _TRANSACTION]
        return [line for line in self.located.all(kind) if line.element.getparent() in transactions]

    @lazy
    def contexts(self) -> dict[Context, list[Group]]:
        """What the artefact asks that is no kind of group of its own.

        (place, category): the groups of that category whose tax type is VAT; (breakdown of any type, category): those
        of the VAT breakdown whatever their type; (used, category): the invoice; (breakdown, ""): the VAT breakdown
        groups that no rule of a category takes first (L, M and O do); (said, kind): allowances and charges whose
        indicator says `true` or `false` to the letter.
        """
        contexts: dict[Context, list[Group]] = {}
        invoice = self.located.all(ROOT)
        for groups, place, code, vat in self.uses:
            contexts["used", code] = invoice
            if vat:
                contexts.setdefault((place, code), []).extend(groups)
            if place.endswith("breakdown"):
                contexts.setdefault(("breakdown of any type", code), []).extend(groups)
        contexts.update((("used", code), invoice) for code in self.allowance_codes)
        contexts.update((("used", code), invoice) for code in dict.fromkeys(self.invoice.texts("any-category")))
        taken = {id(group) for code in "LMO" for group in contexts.get(("breakdown", code), ())}
        contexts["breakdown", ""] = [group for group in self.located.all("BG-23") if id(group) not in taken]
        for kind in ("BG-20", "BG-21", "BG-27", "BG-28"):
            said = [one for one in self.located.all(kind) for _ in range(_said(one, kind))]
            if said:
                contexts["said", kind] = said
        return contexts

    @lazy
    def lines_with_category(self) -> set[int]:
        """The identities of the lines that have a VAT category code (BT-151)."""
        return {
            id(group.parent)
            for groups, place, _, vat in self.uses
            if vat and place.endswith("line")
            for group in groups
        }

    @lazy
    def broken_down(self) -> bool:
        """A VAT breakdown stands in the document."""
        return any(in_transaction(tax.element, 2) for tax in self.located.all("BG-23"))

    @lazy
    def allowance_codes(self) -> set[str]:
        """Every category of an allowance or charge, on any level."""
        return set(chain.from_iterable(self._allowance_categories))

    def is_registered(self, party: str, schemes: tuple[str, ...], in_place: bool) -> bool:
        """Whether a party is registered under one of the schemes; `in_place` looks only where it belongs."""
        key = (party, schemes, in_place)
        known = self._registered.get(key)
        if known is None:
            known = self._registered[key] = any(
                identifier.get("schemeID") in schemes
                for group in (self.in_place(party) if in_place else self.located.all(party))
                for registration in group.children("tax-registration")
                for identifier in registration.all("company-id")
            )
        return known

    @lazy
    def _registered(self) -> dict[tuple[str, tuple[str, ...], bool], bool]:
        return {}


def _uses(group: Group, place: str, term: str) -> list[tuple[Group, str, str, bool]]:
    vat = is_vat(group)
    return [(group, place, code, vat) for code in _taking(group.texts(term), place)]


def _taking(codes: list[str], place: str) -> list[str]:
    """Of the codes in one tax, those whose rules take it."""
    if len(codes) < 2:
        return codes
    if place.endswith("breakdown"):
        whole = [code for code in _FIRST if code in _OF_TAX and code in codes]
        return [*whole[:1], *(code for code in codes if code not in _OF_TAX)]
    return [code for code in _FIRST if code in codes][:1] or codes[:1]


def _header_place(tax: Group) -> str:
    return "breakdown" if in_transaction(tax.element, 2) else "astray breakdown"


def _said(allowance: Group, kind: str) -> int:
    """How many elements of the allowance (charge) hold the indicator to the letter; `false` takes an element first."""
    texts = allowance.texts("charge-indicator")
    if len(texts) == 1:
        return int(texts[0] == ("false" if kind in ("BG-20", "BG-27") else "true"))
    said: dict[Element | None, set[str | None]] = {}
    for one in allowance.all("charge-indicator"):
        said.setdefault(one.getparent(), set()).add(one.text)
    if kind in ("BG-20", "BG-27"):
        return sum("false" in texts for texts in said.values())
    return sum("true" in texts and "false" not in texts for texts in said.values())


def _place(allowance: Element | None) -> str:
    indicators = () if allowance is None else inside(allowance, "ram:ChargeIndicator/udt:Indicator")
    says = {boolean(indicator.text) for indicator in indicators}
    return "allowance" if False in says else "charge" if True in says else "other"
