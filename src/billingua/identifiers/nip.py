"""NIP, the Polish tax number: ten digits, the last one a check digit.

The digit is computed here, not by python-stdnum: the rules of KSeF ask it of every party, cold and by the thousand.

>>> is_valid("5265877635")
True
>>> problem("526-587-76-35")
'A NIP is ten digits without country prefix, spaces or hyphens.'
"""

import re

from billingua.identifiers.digits import weighted

__all__ = ["checksum_fits", "has_form", "is_valid", "problem"]

_FORM = r"[1-9](?:[0-9][1-9]|[1-9][0-9])[0-9]{7}"
_DIGITS = "[0-9]{10}"
_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def has_form(text: str) -> bool:
    """Whether the schema of FA(3) takes the text: the first digit is not 0, the second and third not both 0."""
    return re.fullmatch(_FORM, text) is not None


def checksum_fits(text: str) -> bool:
    """Whether the text is ten digits and the last is the one that the others ask for."""
    return re.fullmatch(_DIGITS, text) is not None and weighted(text, _WEIGHTS) % 11 == int(text[9])


def problem(text: str) -> str:
    """What is wrong with a NIP; "" when nothing is."""
    if re.fullmatch(_DIGITS, text) is None:
        return "A NIP is ten digits without country prefix, spaces or hyphens."
    if not has_form(text):
        return "A NIP does not start with 0, and its second and third digits are not both 0."
    return "" if checksum_fits(text) else "The last digit of the NIP, its check digit, does not fit the others."


def is_valid(text: str) -> bool:
    """Whether form and check digit are right."""
    return has_form(text) and checksum_fits(text)
