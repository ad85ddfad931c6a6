"""SIRET, the French number of an establishment: the SIREN of its company and five more digits. Scheme 0009.

>>> is_valid("71795161000608")
True
>>> problem("71795161000601")
'The last digit of the SIRET, its check digit, does not fit the others.'
"""

import re

from billingua.identifiers import siren

__all__ = ["has_form", "is_valid", "problem", "siren_of"]

_FORM = re.compile(r"[0-9]{14}")
_LA_POSTE = "356000000"
"""The SIREN whose establishments may have digits that add up to a multiple of five instead of a Luhn digit."""


def has_form(text: str) -> bool:
    """Whether the text is fourteen digits."""
    return _FORM.fullmatch(text) is not None


def siren_of(text: str) -> str:
    """The company that the establishment belongs to: the first nine digits."""
    return text[:9]


def problem(text: str) -> str:
    """What is wrong with a SIRET; "" when nothing is."""
    if not has_form(text):
        return "A SIRET is fourteen digits without spaces."
    if not siren.is_valid(siren_of(text)):
        return "The ninth digit of the SIRET, the check digit of its SIREN, does not fit."
    return "" if _fits(text) else "The last digit of the SIRET, its check digit, does not fit the others."


def is_valid(text: str) -> bool:
    """Whether form and check digits are right."""
    return not problem(text)


def _fits(text: str) -> bool:
    """python-stdnum asks La Poste for a multiple of five alone, save its head office: others have a Luhn digit too."""
    from stdnum import luhn
    from stdnum.fr.siret import is_valid as fits

    return fits(text) or (siren_of(text) == _LA_POSTE and luhn.is_valid(text))
