"""Which identifiers of an invoice are judged, by their scheme or place; what is wrong `billingua.identifiers` says.

An identifier without a scheme, or with one of which nothing is known here, is not judged.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.groups import ABSENT, Element, Group, Subtree, of_variant, part_of
from billingua.engine.located import Located
from billingua.engine.rule import Context, Detail
from billingua.engine.values import WHITE

__all__ = ["DETAILS", "Facts", "sweep"]

_PARTIES: Final = {
    "BG-4": ("BT-29", "BT-30", "BT-34"),
    "BG-7": ("BT-46", "BT-47", "BT-49"),
    "BG-10": ("BT-60", "BT-61"),
    "BG-13": ("BT-71",),
}
"""The terms that have a scheme, by the group they stand in."""

_VAT_NUMBERS: Final = {"BG-4": "BT-31", "BG-7": "BT-48", "BG-11": "BT-63"}
_ACCOUNTS: Final = {"BG-17": "BT-84", "BG-19": "BT-91"}

_VAT: Final = "ID-VAT"
_IBAN: Final = "ID-IBAN"
_VAT_SCHEMES: Final = (
    *("0211", "0223", "9910", "9914", "9920", "9925", "9926", "9928", "9929", "9930", "9931", "9933", "9934", "9935"),
    *("9937", "9938", "9939", "9943", "9944", "9945", "9946", "9947", "9949", "9950", "9957"),
)
"""The schemes of addresses that are VAT numbers of member states."""

_BY_SCHEME: Final = {
    "0002": "ID-SIREN",
    "0009": "ID-SIRET",
    "0088": "ID-GLN",
    "0225": "ID-ADDRESS",
    **dict.fromkeys(("0224", "0227", "0228", "0229", "0231", "0238"), "ID-SCHEME"),
    **dict.fromkeys(_VAT_SCHEMES, _VAT),
}

_LONGEST: Final = 200
"""No identifier has so many characters; more are not looked at."""


class Facts(NamedTuple):
    """There are no further groups to ask."""

    contexts: dict[Context, list[Group]]


class _Spot(NamedTuple):
    """Where an identifier stands in subtrees of a variant: the number of its group, its term and its place.

    `scheme` is the place of its scheme, which decides on the rule where `rule` is "". The number of a registration is
    a VAT number if its scheme or the text at `type` says so.
    """

    number: int
    term: str
    place: int
    scheme: int
    rule: str = ""
    type: int | None = None


@of_variant
def _spots(subtree: Subtree) -> list[_Spot]:
    recipe, inside = subtree.recipe, subtree.variant.inside

    def found(number: int, term: str, kept: str) -> list[tuple[int, str, int, int]]:
        places = recipe.groups[number].terms.get(kept, ())
        return [(number, term, place, recipe.attributes.get((place, "schemeID"), ABSENT)) for place in places]

    spots = [
        _Spot(*spot)
        for kind, terms in _PARTIES.items()
        for number in subtree.found(kind)
        for term in terms
        for spot in found(number, term, term)
        if spot[-1] != ABSENT
    ]
    spots += [
        _Spot(*spot, rule=_VAT, type=recipe.groups[one].terms.get("tax-scheme", (ABSENT,))[0])
        for kind, term in _VAT_NUMBERS.items()
        for number in subtree.found(kind)
        for one in inside[number].get("tax-registration", ())
        for spot in found(one, term, "company-id")[:1]
    ]
    spots += [
        _Spot(*spot, rule=_IBAN)
        for kind, term in _ACCOUNTS.items()
        for number in subtree.found(kind)
        for spot in found(number, term, term)
    ]
    return spots


def sweep(located: Located, _: Any) -> Iterator[Failure]:
    """Every identifier that is wrong."""
    for _variant, alike in located.parts:
        for spot in _spots(alike[0]):
            for subtree in alike:
                yield from _judged(spot, subtree)


def _is_of_other_tax(spot: _Spot, scheme: str, texts: Sequence[Any]) -> bool:
    """Whether it is the number of a registration that is none for VAT."""
    return spot.type is not None and scheme != "VA" and (texts[spot.type] or "").strip(WHITE) != "VAT"


def _judged(spot: _Spot, subtree: Subtree) -> Iterator[Failure]:
    texts = subtree.texts
    scheme: str = texts[spot.scheme] or ""
    rule = spot.rule or _BY_SCHEME.get(scheme)
    if rule is None or _is_of_other_tax(spot, scheme, texts):
        return
    text = texts[spot.place][:_LONGEST]
    if _problem(rule, scheme, text):
        element = subtree.elements[spot.place]
        part = part_of(subtree.group(spot.number), "identifier", {spot.term: element})
        yield Failure(rule, element, at=element, values={spot.term: text}, group=part)


def _text(element: Element) -> str:
    return (element.text or "")[:_LONGEST]


@lru_cache(maxsize=1024)
def _problem(rule: str, scheme: str, text: str) -> str:
    """What is wrong with an identifier; "" when nothing is, or nothing is there. The same parties come again and again.

    The modules are loaded when an invoice has such an identifier.
    """
    identifier = text.strip(WHITE)
    if not identifier:
        return ""
    match rule:
        case "ID-VAT":
            return _vat_problem(identifier)
        case "ID-IBAN":
            return _account_problem(identifier)
        case "ID-ADDRESS" | "ID-SCHEME":
            return _scheme_problem(identifier, scheme)
    problem: str = import_module(f"billingua.identifiers.{_MODULES[rule]}").problem(identifier)
    return problem


_MODULES: Final = {"ID-SIREN": "siren", "ID-SIRET": "siret", "ID-GLN": "gln"}


def _vat_problem(number: str) -> str:
    """Numbers of other countries are not judged; whether the prefix is one at all, BR-CO-09 asks."""
    from billingua.identifiers import eu_vat

    return eu_vat.problem(number) if number[:2] in eu_vat.COUNTRIES else ""


def _account_problem(text: str) -> str:
    """An account need not be an IBAN; blanks between its parts do no harm."""
    from billingua.identifiers import iban

    account = iban.compact(text)
    return iban.problem(account) if account[:2].isalpha() and account[2:4].isdigit() else ""


def _scheme_problem(identifier: str, scheme: str) -> str:
    from billingua.identifiers import fr_routing

    return fr_routing.problem(identifier, scheme) or (fr_routing.doubt(identifier) if scheme == "0225" else "")


def _detail(rule: str) -> Detail:
    def figures(group: Group, _: Any) -> str:
        (term,) = group.terms
        (element,) = group.all(term)
        return _problem(rule, element.get("schemeID", ""), _text(element))

    return figures


DETAILS: Final = {rule: _detail(rule) for rule in (*dict.fromkeys(_BY_SCHEME.values()), _IBAN)}
