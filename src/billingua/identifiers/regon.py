"""REGON, the Polish statistical number: nine digits, or fourteen for a local unit.

>>> is_valid("580000440")
True
"""

import re

from billingua.identifiers.digits import weighted

__all__ = ["is_valid", "problem"]

_FORM = re.compile(r"[0-9]{9}(?:[0-9]{5})?")
_SHORT = (8, 9, 2, 3, 4, 5, 6, 7)
_LONG = (2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)


def problem(text: str) -> str:
    """What is wrong with a REGON; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "A REGON is nine or fourteen digits."
    if weighted(text, _SHORT) % 11 % 10 != int(text[8]):
        return "The ninth digit of the REGON, a check digit, does not fit."
    if len(text) == 14 and weighted(text, _LONG) % 11 % 10 != int(text[13]):
        return "The last digit of the REGON, a check digit, does not fit."
    return ""


def is_valid(text: str) -> bool:
    """Whether form and check digits are right."""
    return not problem(text)
