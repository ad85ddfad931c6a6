"""What the rules of one document share: its root, its framework, its lines."""

from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Group
from billingua.engine.rule import Context
from billingua.engine.values import normalized
from billingua.engine.xml import tag_of as tag_of_element
from billingua.rules.elements import ROOTS, Elements, by_tag, path, said, stands_in, tag_of_step

__all__ = ["Facts"]

_FRAMEWORK = {
    "ubl": "cbc:ProfileID",
    "cii": "rsm:ExchangedDocumentContext/ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID",
}
_TYPE = {
    "ubl-invoice": "cbc:InvoiceTypeCode",
    "ubl-creditnote": "cbc:CreditNoteTypeCode",
    "cii": "rsm:ExchangedDocument/ram:TypeCode",
}
_LINES = {
    "ubl-invoice": "cac:InvoiceLine",
    "ubl-creditnote": "cac:CreditNoteLine",
    "cii": "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",
}
_NUMBER = {"ubl": "cbc:ID", "cii": "rsm:ExchangedDocument/ram:ID"}


class Facts:
    """`root` is the element of an invoice, `format_name` its wire format; `outer` are the facts of the document, for an
    invoice that stands inside another one."""

    def __init__(self, format_name: str, root: Element, outer: "Facts | None" = None) -> None:
        self.format_name = format_name
        self.root = root
        self.outer = outer
        self.known = tag_of_element(root) in ROOTS
        self.contexts: dict[Context, list[Group]] = {}
        self._syntax = "cii" if format_name == "cii" else "ubl"

    @lazy
    def invoices(self) -> Elements:
        """The element of the invoice, if it is one that the artefact knows."""
        return [self.root] if self.known else []

    @lazy
    def inner(self) -> "list[Facts]":
        """The facts of invoices that stand inside the document."""
        found = [one for tag in ROOTS for one in self._by_tag.get(tag, ()) if one is not self.root]
        return [Facts(ROOTS[tag_of_element(one)], one, self) for one in found]

    def anywhere(self, steps: str) -> Elements:
        """The elements that steps lead to from anywhere, in document order."""
        if self.outer is not None:
            return []
        *around, last = [tag_of_step(step) for step in steps.split("/")]
        return [one for one in self._by_tag.get(last, ()) if stands_in(one, around)]

    @lazy
    def _by_tag(self) -> dict[object, Elements]:
        return by_tag(self.root)

    def at(self, steps: str) -> Elements:
        """The elements that steps lead to from the root."""
        return path(steps)(self.root) if self.known else []

    def texts(self, steps: str) -> list[str]:
        """What they say."""
        return [said(one) for one in self.at(steps)]

    @lazy
    def frameworks(self) -> list[str]:
        """BT-23, as it is written."""
        return self.texts(_FRAMEWORK[self._syntax])

    @lazy
    def types(self) -> list[str]:
        """BT-3."""
        return self.texts(_TYPE[self.format_name])

    @lazy
    def type_elements(self) -> Elements:
        """The elements of BT-3."""
        return self.at(_TYPE[self.format_name])

    @lazy
    def numbers(self) -> list[str]:
        """BT-1 of the document."""
        return self.outer.numbers if self.outer is not None else self.texts(_NUMBER[self._syntax])

    @lazy
    def lines(self) -> Elements:
        """The lines of the invoice, sub-invoices and their lines alike."""
        return self.at(_LINES[self.format_name])

    @lazy
    def several_sellers(self) -> bool:
        """The framework is one of several sellers (x8)."""
        if self.outer is not None:
            return self.outer.several_sellers
        return any(normalized(one) in ("S8", "B8", "M8") for one in self.frameworks)

    @lazy
    def both_ways(self) -> bool:
        """The framework is one of an invoice that goes both ways (x9)."""
        if self.outer is not None:
            return self.outer.both_ways
        return any(normalized(one) in ("S9", "B9", "M9") for one in self.frameworks)

    @lazy
    def grouped(self) -> bool:
        """The framework is one whose lines make sub-invoices (x8, x9)."""
        return self.several_sellers or self.both_ways
