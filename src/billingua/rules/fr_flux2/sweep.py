"""The rules of a wire format, asked of a document: those of single elements from `places.tsv`, others from modules."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Element, Located, Row
from billingua.engine.rule import Sweep
from billingua.resources import cells_of, table_beside
from billingua.rules.asks import Around, Ask, broken
from billingua.rules.elements import said, texts
from billingua.rules.fr_flux2 import SYNTAXES, cii, parties, ubl
from billingua.rules.fr_flux2.checks import ASKED
from billingua.rules.fr_flux2.facts import Facts

__all__ = ["known_rules", "rows", "rule_sweep"]

_NAMES = {
    "ubl-invoice": {"line": "cac:InvoiceLine", "type": "cbc:InvoiceTypeCode", "quantity": "cbc:InvoicedQuantity"},
    "ubl-creditnote": {
        "line": "cac:CreditNoteLine",
        "type": "cbc:CreditNoteTypeCode",
        "quantity": "cbc:CreditedQuantity",
    },
    "cii": {"line": "rsm:SupplyChainTradeTransaction/ram:IncludedSupplyChainTradeLineItem"},
}
_ASKS = {"ubl": ubl.ASKS, "cii": cii.ASKS}
_SWEEPS = {"ubl": ubl.sweep, "cii": cii.sweep}
_KIND = "kind:"


class _Place(NamedTuple):
    """A rule of every element in a place: what is asked, of those with one of the schemes, or beside a kind."""

    rule: str
    path: str
    asked: str
    schemes: tuple[str, ...]
    kind: str


@cache
def _places(format_name: str) -> tuple[_Place, ...]:
    found = []
    for rule, syntax, steps, asked, *only in cells_of(table_beside(__file__, "places.tsv")):
        if syntax == SYNTAXES[format_name]:
            chosen = only[0] if only else ""
            kind = chosen.removeprefix(_KIND) if chosen.startswith(_KIND) else ""
            schemes = () if kind else tuple(chosen.split())
            found.append(_Place(rule, steps.format_map(_NAMES[format_name]), asked, schemes, kind))
    return tuple(found)


def rows(format_name: str) -> list[Row]:
    """What the walk is to find: the elements of the places, by their paths."""
    return [Row(ROOT, place.path, place.path) for place in _places(format_name)]


@cache
def _asks(format_name: str) -> tuple[Ask[Facts], ...]:
    syntax = SYNTAXES[format_name]
    return (*_ASKS[syntax], *parties.asks(syntax, _NAMES[format_name]["line"]))


def known_rules(syntax: str) -> list[str]:
    """The ids of all rules of a syntax, whether they can fire or not."""
    format_name = "cii" if syntax == "cii" else "ubl-invoice"
    others = cells_of(table_beside(__file__, "rules.tsv"))
    return [*(place.rule for place in _places(format_name)), *(rule for rule, *has in others if syntax in has)]


def rule_sweep(format_name: str) -> Sweep:
    """What a document of a wire format breaks."""
    places = _places(format_name)

    def sweep(located: Located, facts: Any) -> Iterator[Failure]:
        for place in places:
            yield from _broken_places(place, located.root.all(place.path))
        around = Around(located)
        for rule, element in _broken_asks(facts):
            yield Failure(rule, element, group=around.group(element))
        for inner in facts.inner:
            for place in _places(inner.format_name):
                if not place.path.startswith("//"):
                    yield from _broken_places(place, inner.at(place.path[1:]))
            yield from (Failure(rule, element, at=element, values={}) for rule, element in _broken_asks(inner))

    return sweep


def _broken_asks(facts: Facts) -> Iterator[tuple[str, Element]]:
    yield from broken(_asks(facts.format_name), facts)
    yield from _SWEEPS[SYNTAXES[facts.format_name]](facts)


def _broken_places(place: _Place, elements: Sequence[Element]) -> Iterator[Failure]:
    kept = ASKED[place.asked]
    for element in elements:
        if place.schemes and element.get("schemeID") not in place.schemes:
            continue
        if place.kind and not _is_beside(element, place.kind):
            continue
        if not kept(element):
            yield Failure(place.rule, element, at=element, values={_term(place.rule): said(element)[:_LONGEST]})


_LONGEST = 200


def _is_beside(element: Element, kind: str) -> bool:
    around = element.getparent()
    return around is not None and kind in texts(around, "ram:ReferenceTypeCode")


def _term(rule: str) -> str:
    """The first business term in the name of a rule."""
    return next((part for part in rule.replace("-1-", "_").split("_")[1:] if part), "text")
