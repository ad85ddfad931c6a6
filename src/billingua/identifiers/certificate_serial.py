"""The serial number of a KSeF certificate: sixteen hexadecimal digits, upper case.

>>> is_valid("01F20A5D352AE590")
True
"""

import re

__all__ = ["is_valid", "problem"]

_FORM = re.compile(r"[0-9A-F]{16}")


def problem(text: str) -> str:
    """What is wrong with a serial number; "" when nothing is."""
    return "" if is_valid(text) else "The serial number of a KSeF certificate is 16 hexadecimal digits, upper case."


def is_valid(text: str) -> bool:
    """Whether the form is right."""
    return _FORM.fullmatch(text) is not None
