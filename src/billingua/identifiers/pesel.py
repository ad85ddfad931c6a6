"""PESEL, the number of a person in Poland: eleven digits with date of birth and check digit.

>>> birth_date("01210138442")
datetime.date(2001, 1, 1)
"""

import re
from datetime import date

from billingua.identifiers.digits import weighted

__all__ = ["birth_date", "is_valid", "problem"]

_FORM = re.compile(r"[0-9]{11}")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)
_CENTURIES = (1900, 2000, 2100, 2200, 1800)
"""By the twenty that is added to the month."""


def birth_date(text: str) -> date | None:
    """The date of birth; None where the text holds none."""
    if _FORM.fullmatch(text) is None:
        return None
    century, month = divmod(int(text[2:4]), 20)
    try:
        return date(_CENTURIES[century] + int(text[:2]), month, int(text[4:6]))
    except ValueError:
        return None


def problem(text: str) -> str:
    """What is wrong with a PESEL; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "A PESEL is eleven digits."
    if birth_date(text) is None:
        return "The first six digits of the PESEL are no date of birth."
    return "" if weighted(text, _WEIGHTS) % 10 == 0 else "The last digit of the PESEL, its check digit, does not fit."


def is_valid(text: str) -> bool:
    """Whether form, date of birth and check digit are right."""
    return not problem(text)
