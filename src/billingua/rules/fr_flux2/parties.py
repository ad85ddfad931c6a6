"""The rules about the identifiers of the parties, each with the ids of its own terms (`parties.tsv`)."""

from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from billingua.engine.locate import Element
from billingua.resources import cells_of, table_beside
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, path, said, with_scheme
from billingua.rules.fr_flux2.checks import coherent
from billingua.rules.fr_flux2.facts import Facts

__all__ = ["asks"]

_IDENTIFIERS: Final = {"ubl": "cac:PartyIdentification/cbc:ID", "cii": "ram:GlobalID"}
_LEGAL: Final = {
    "ubl": "cac:PartyLegalEntity/cbc:CompanyID",
    "cii": "ram:SpecifiedLegalOrganization/ram:ID",
}
_NEEDS_LEGAL: Final = frozenset(("BT-29", "BT-46"))
"""Seller and buyer: their SIRET is compared with a SIREN that must be there."""

Where = Callable[[Facts], Elements]


class _Party(NamedTuple):
    """Where a party stands for the rule about the SIRET, and for that about the schemes, with its identifiers."""

    term: str
    where: str
    identifiers: str
    legal: str
    scheme_where: str
    scheme_identifiers: str


def asks(syntax: str, line: str) -> list[Ask[Facts]]:
    """The rules of the parties; `line` is the element of a line."""
    return [ask for party in _parties(syntax) for ask in _asks(party, line)]


@cache
def _parties(syntax: str) -> tuple[_Party, ...]:
    _, *rows = cells_of(table_beside(__file__, "parties.tsv"))
    found = []
    for row in rows:
        if row[0] == syntax:
            term, where, identifiers, legal, other, inside = [*row[1:], "", "", "", ""][:6]
            own = identifiers or _IDENTIFIERS[syntax]
            found.append(_Party(term, where, own, legal or _LEGAL[syntax], other or where, inside or own))
    return tuple(found)


def _asks(party: _Party, line: str) -> tuple[Ask[Facts], ...]:
    return (
        Ask(f"BR-FR-09_{party.term}", _where(party.where.removeprefix("//"), line), _siret(party)),
        Ask(f"BR-FR-CO-10_{party.term}-1", _where(party.scheme_where, line), _all_with_scheme(party)),
        Ask(f"BR-FR-CO-10_{party.term}-2", _where(party.scheme_where, line), _schemes_once(party)),
    )


def _where(steps: str, line: str) -> Where:
    steps = steps.replace("{line}", line)
    if steps.startswith("//"):
        return lambda facts: facts.anywhere(steps[2:])
    return lambda facts: facts.at(steps)


def _siret(party: _Party) -> Callable[[Element, Facts], bool]:
    identifiers_of, legal_of = path(party.identifiers), path(party.legal)

    def kept(element: Element, _: Facts) -> bool:
        sirets = with_scheme(identifiers_of(element), "0009")
        if not sirets:
            return True
        siret = said(sirets[0])
        siren = "".join([said(one) for one in with_scheme(legal_of(element), "0002")])
        if not siren and party.term not in _NEEDS_LEGAL:
            siren = siret[:9]
        return coherent(siret, siren)

    return kept


def _all_with_scheme(party: _Party) -> Callable[[Element, Facts], bool]:
    identifiers_of = path(party.scheme_identifiers)
    return lambda element, _: all(one.get("schemeID") is not None for one in identifiers_of(element))


def _schemes_once(party: _Party) -> Callable[[Element, Facts], bool]:
    identifiers_of = path(party.scheme_identifiers)

    def kept(element: Element, _: Facts) -> bool:
        schemes = [scheme for one in identifiers_of(element) if (scheme := one.get("schemeID")) is not None]
        return len(set(schemes)) == len(schemes)

    return kept
