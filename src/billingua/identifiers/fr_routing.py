"""Identifiers with a scheme, as the French reform routes invoices by them (ICD and EAS codes).

The address in the French directory (0225) is `SIREN`, `SIREN_SIRET`, `SIREN_SIRET_ROUTINGCODE` or `SIREN_SUFFIX`.

>>> is_valid("640580445_COMPTA-01", "0225")
True
>>> problem("640580445/COMPTA", "0225")
'An address of the French directory (0225) is at most 125 letters, digits and + - _ . without spaces.'
>>> parts("640580445_64058044500644_ACHATS")
Parts(siren='640580445', siret='64058044500644', routing_code='ACHATS', suffix='')
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from billingua.errors import UsageError
from billingua.identifiers import fr_vat, siren, siret

__all__ = ["SCHEMES", "Parts", "address", "doubt", "is_valid", "parts", "problem"]

_DIRECTORY = re.compile(r"[A-Za-z0-9+\-_.]{1,125}")
_ROUTING = re.compile(r"[A-Za-z0-9+\-_.]{1,100}")
_NINE = re.compile(r"[0-9]{9}")
_TAHITI = re.compile(r"[0-9A-Za-z]{9}")
_RIDET = re.compile(r"[0-9]{9,10}")
_PLATFORM = re.compile(r"[0-9A-Za-z]{4}")
_EIGHTEEN = re.compile(r"\S.{0,16}\S|\S")


class Parts(NamedTuple):
    """What an address of the French directory is made of; "" for what it does not have."""

    siren: str
    siret: str = ""
    routing_code: str = ""
    suffix: str = ""


def parts(text: str) -> Parts:
    """The parts of an address with scheme 0225."""
    company, _, rest = text.partition("_")
    establishment, _, routing_code = rest.partition("_")
    if siret.has_form(establishment):
        return Parts(company, establishment, routing_code)
    return Parts(company, suffix=rest)


def doubt(text: str) -> str:
    """Why an address of the right form (0225) can be nobody's; "" where nothing speaks against it."""
    made_of = parts(text)
    if siren.has_form(made_of.siren) and not siren.is_valid(made_of.siren):
        return "The address starts with nine digits that are no SIREN: the check digit does not fit."
    if made_of.siret and not made_of.siret.startswith(made_of.siren):
        return "The SIRET in the address is not one of the SIREN before it."
    return siret.problem(made_of.siret) if made_of.siret else ""


def address(number: str, *, siret: str = "", routing_code: str = "", suffix: str = "") -> str:
    """The address in the French directory of a company, or of an establishment, a service or a suffix of it.

    Raises:
        UsageError: the parts make no such address.
    """
    if suffix and (siret or routing_code):
        raise UsageError("A suffix stands beside the SIREN alone.")
    if routing_code and not siret:
        raise UsageError("A routing code needs the SIRET before it.")
    if siret and not siret.startswith(number):
        raise UsageError("The SIRET does not begin with the SIREN.")
    text = "_".join([one for one in (number, siret, routing_code, suffix) if one])
    wrong = siren.problem(number) or problem(text, "0225")
    if wrong:
        raise UsageError(wrong)
    return text


def _form(pattern: re.Pattern[str], sentence: str) -> Callable[[str], str]:
    return lambda text: "" if pattern.fullmatch(text) else sentence


SCHEMES: Final[dict[str, Callable[[str], str]]] = {
    "0002": siren.problem,
    "0009": siret.problem,
    "9957": fr_vat.problem,
    "0223": _form(_EIGHTEEN, "An identifier of a company in the EU (0223) is at most 18 characters."),
    "0224": _form(_ROUTING, "A routing code (0224) is at most 100 letters, digits and + - _ . without spaces."),
    "0225": _form(
        _DIRECTORY,
        "An address of the French directory (0225) is at most 125 letters, digits and + - _ . without spaces.",
    ),
    "0227": _form(_EIGHTEEN, "An identifier of a company outside the EU (0227) is at most 18 characters."),
    "0228": _form(_RIDET, "A RIDET (0228) is nine or ten digits."),
    "0229": _form(_TAHITI, "A TAHITI number (0229) is nine characters."),
    "0231": _form(_NINE, "The number of a single taxable person (0231) is nine digits."),
    "0238": _form(_PLATFORM, "The number of a platform (0238) is four characters."),
}
"""What is wrong with an identifier of a scheme that the French reform names."""


_OTHERS: Final = frozenset(
    (
        *("AN", "AQ", "AS", "AU", "EM", "0007", "0037", "0060", "0088", "0096", "0097", "0106", "0130", "0135", "0142"),
        *("0147", "0151", "0154", "0158", "0170", "0177", "0183", "0184", "0188", "0221", "0230", "0235", "0240"),
        *(f"{number:04d}" for number in (*range(190, 197), *range(198, 206), *range(208, 214), *range(215, 219))),
        *("9910", "9913", "9914", "9915", "9918", "9919", "9920", "9959"),
        *(str(number) for number in range(9922, 9954)),
    )
)
"""The other schemes of electronic addresses that the reform lists, of which no more is known here."""


def problem(text: str, scheme: str) -> str:
    """What is wrong with an identifier of a scheme; "" when nothing is, or nothing more is known of the scheme."""
    asked = SCHEMES.get(scheme)
    if asked is not None:
        return asked(text)
    if scheme not in _OTHERS:
        return f"The French reform has no scheme {scheme} for addresses or identifiers."
    return "" if text.strip() else "The identifier is empty."


def is_valid(text: str, scheme: str) -> bool:
    """Whether the form that the scheme asks for is kept."""
    return not problem(text, scheme)
