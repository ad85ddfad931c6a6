"""The tables of the rules: what they ask, and what they are called."""

from functools import cache
from typing import Final, NamedTuple

from billingua.engine.rule import RuleText
from billingua.resources import cells_of, table_beside
from billingua.rules.fr_flux1 import RELEASE, SYNTAXES, name_of

__all__ = ["Ask", "asks", "texts"]

_CII: Final = {
    "context": "rsm:ExchangedDocumentContext",
    "document": "rsm:ExchangedDocument",
    "agreement": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement",
    "seller": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:SellerTradeParty",
    "buyer": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeAgreement/ram:BuyerTradeParty",
    "delivery": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeDelivery",
    "settlement": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement",
    "tax": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax",
    "totals": "rsm:SupplyChainTradeTransaction/ram:ApplicableHeaderTradeSettlement"
    "/ram:SpecifiedTradeSettlementHeaderMonetarySummation",
    "line": "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem",
}
_UBL: Final = {
    "seller": "cac:AccountingSupplierParty/cac:Party",
    "buyer": "cac:AccountingCustomerParty/cac:Party",
    "tax": "cac:TaxTotal/cac:TaxSubtotal",
}
_STEPS: Final = {
    "cii": _CII,
    "ubl-invoice": _UBL
    | {"type": "cbc:InvoiceTypeCode", "line": "cac:InvoiceLine", "quantity": "cbc:InvoicedQuantity"},
    "ubl-creditnote": _UBL
    | {"type": "cbc:CreditNoteTypeCode", "line": "cac:CreditNoteLine", "quantity": "cbc:CreditedQuantity"},
}
"""What the names in braces stand for."""


class Ask(NamedTuple):
    """A rule: what it speaks of, where its elements stand, and the question with its argument."""

    rule: str
    name: str
    where: str
    scheme: str
    """The schemeID of the elements that are asked; "" for all."""
    question: str
    argument: str


@cache
def asks(subset: str, format_name: str) -> tuple[Ask, ...]:
    """What the rules of a subset ask of a document of a wire format."""
    steps, syntax = _STEPS[format_name], SYNTAXES[format_name]
    return tuple(
        [
            Ask(rule, name, where.format_map(steps), scheme, question, argument.format_map(steps))
            for rule, of_subset, of_syntax, name, where, scheme, question, argument in _rows()
            if of_syntax == syntax and of_subset in ("", subset)
        ]
    )


@cache
def _rows() -> list[list[str]]:
    _, *rows = cells_of(table_beside(__file__, "asks.tsv"))
    return rows


def texts(subset: str) -> dict[str, RuleText]:
    """The rules of a subset in words, by id."""
    _, *rows = cells_of(table_beside(__file__, "texts.tsv"))
    syntaxes: dict[str, dict[str, str]] = {}
    for rule, of_subset, syntax, *_ in _rows():
        if of_subset in ("", subset):
            syntaxes.setdefault(rule, {})[syntax] = "fatal"
    return {
        rule: RuleText(
            id=rule,
            ruleset=name_of(subset),
            release=RELEASE,
            severity=syntaxes[rule],
            terms=tuple(terms.split()),
            title=title,
            message="{name} {said}.",
            hint=hint,
            note=note,
        )
        for rule, terms, title, hint, note in rows
        if rule in syntaxes
    }
