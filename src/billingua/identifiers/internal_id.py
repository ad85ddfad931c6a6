"""IDWew, the internal identifier of a unit in KSeF: the NIP of its taxpayer, a hyphen and five digits.

KSeF checks the five digits by a rule that is not published, so here they are only counted.

    >>> is_valid("8147258817-00001")
    True
"""

import re

from billingua.identifiers import nip

__all__ = ["has_form", "is_valid", "problem"]

_FORM = re.compile(r"[0-9]{10}-[0-9]{5}")


def has_form(text: str) -> bool:
    """Whether the text is ten digits that may be a NIP, a hyphen and five digits."""
    return _FORM.fullmatch(text) is not None and nip.has_form(text[:10])


def problem(text: str) -> str:
    """What is wrong with an internal identifier; "" when nothing is."""
    if _FORM.fullmatch(text) is None:
        return "An internal identifier is a NIP, a hyphen and five digits."
    return nip.problem(text[:10])


def is_valid(text: str) -> bool:
    """Whether the form and the check digit of the NIP are right."""
    return not problem(text)
