"""PESEL, the number of a person in Poland: eleven digits with date of birth and check digit.

>>> birth_date("01210138442")
datetime.date(2001, 1, 1)
"""

import re
from datetime import date

__all__ = ["birth_date", "is_valid", "problem"]

_FORM = re.compile(r"[0-9]{11}")


def birth_date(text: str) -> date | None:
    """The date of birth; None where the text holds none."""
    if _FORM.fullmatch(text) is None:
        return None
    from stdnum.exceptions import InvalidComponent
    from stdnum.pl.pesel import get_birth_date

    try:
        return get_birth_date(text)
    except InvalidComponent:
        return None


def problem(text: str) -> str:
    """What is wrong with a PESEL; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "A PESEL is eleven digits."
    if birth_date(text) is None:
        return "The first six digits of the PESEL are no date of birth."
    from stdnum.pl.pesel import is_valid as fits

    return "" if fits(text) else "The last digit of the PESEL, its check digit, does not fit."


def is_valid(text: str) -> bool:
    """Whether form, date of birth and check digit are right."""
    return not problem(text)
