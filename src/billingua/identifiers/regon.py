"""REGON, the Polish statistical number: nine digits, or fourteen for a local unit.

>>> is_valid("580000440")
True
"""

import re

__all__ = ["is_valid", "problem"]

_FORM = re.compile(r"[0-9]{9}(?:[0-9]{5})?")


def problem(text: str) -> str:
    """What is wrong with a REGON; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "A REGON is nine or fourteen digits."
    from stdnum.pl.regon import is_valid as fits

    if not fits(text[:9]):
        return "The ninth digit of the REGON, a check digit, does not fit."
    return "" if fits(text) else "The last digit of the REGON, a check digit, does not fit."


def is_valid(text: str) -> bool:
    """Whether form and check digits are right."""
    return not problem(text)
