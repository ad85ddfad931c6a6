"""GLN, the global location number of GS1: thirteen digits, the last one a check digit. Scheme 0088.

The digit is computed here, not by python-stdnum: invoices of many countries have one, and loading that takes long.

>>> is_valid("4006381333931")
True
>>> problem("400638133393")
'A GLN is thirteen digits.'
"""

import re

from billingua.identifiers.digits import weighted

__all__ = ["is_valid", "problem"]

_FORM = re.compile(r"[0-9]{13}")
_WEIGHTS = (1, 3) * 6 + (1,)


def problem(text: str) -> str:
    """What is wrong with a GLN; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "A GLN is thirteen digits."
    return "" if weighted(text, _WEIGHTS) % 10 == 0 else "The last digit of the GLN, its check digit, does not fit."


def is_valid(text: str) -> bool:
    """Whether form and check digit are right."""
    return not problem(text)
