"""SIREN, the French number of a company: nine digits, the last one a check digit. Scheme 0002.

>>> is_valid("552100554")
True
>>> problem("552 100 554")
'A SIREN is nine digits without spaces.'
"""

import re

__all__ = ["has_form", "is_valid", "problem"]

_FORM = re.compile(r"[0-9]{9}")


def has_form(text: str) -> bool:
    """Whether the text is nine digits: all that the rules of the French reform ask for."""
    return _FORM.fullmatch(text) is not None


def problem(text: str) -> str:
    """What is wrong with a SIREN; "" when nothing is."""
    if not has_form(text):
        return "A SIREN is nine digits without spaces."
    from stdnum.fr.siren import is_valid as fits

    return "" if fits(text) else "The last digit of the SIREN, its check digit, does not fit the others."


def is_valid(text: str) -> bool:
    """Whether form and check digit are right."""
    return not problem(text)
