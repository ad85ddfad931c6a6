"""What the French public portal (PPF) asks of a text alike in flux 1 and flux 10: numbers, identifiers, years."""

import re
from collections.abc import Iterator
from functools import lru_cache
from math import nan
from typing import Final

from billingua.engine.rule import NotAsked
from billingua.engine.values import double

__all__ = [
    "CORRECTIVE",
    "CREDITS",
    "CREDITS_WITH_REFERENCE",
    "DEPOSITS",
    "FINAL",
    "either",
    "in_this_century",
    "number",
    "wrong_identifier",
    "wrong_rate",
    "wrongly_written",
]

DEPOSITS: Final = frozenset(("386", "500", "503"))
CREDITS: Final = frozenset(("261", "381", "396"))
CREDITS_WITH_REFERENCE: Final = CREDITS | {"502", "503"}
CORRECTIVE: Final = frozenset(("384", "471", "472", "473"))
"""Types (BT-3)."""

FINAL: Final = frozenset(("B4", "S4", "M4"))
"""Frameworks (BT-23) of the invoice after a deposit."""

_LONGEST: Final = 19
"""So many characters an amount has at most, without its point."""

_RATES: Final = frozenset((0.0, 0.9, 1.05, 1.75, 2.1, 5.5, 7.0, 8.5, 9.2, 9.6, 10.0, 13.0, 19.6, 20.0, 20.6))


def number(text: str) -> float:
    """The text as XPath's `number()` reads it: NaN where it is none."""
    try:
        return double(text)
    except NotAsked:
        return nan


@lru_cache(maxsize=4096)
def wrongly_written(text: str, sign: str, places: str) -> tuple[str, ...]:
    """What was expected where a number is written otherwise; documents have the same few again and again.

    `sign` is what may stand before it (`-?`, or nothing), `places` how many decimals it has at most.
    """
    wrong = []
    if not re.fullmatch(rf"{sign}\d+(\.\d{{1,{places}}})?", text):
        wrong.append(f"a number with at most {places} decimal places{'' if sign else ' and no minus'}")
    if len(text.replace(".", "")) > _LONGEST:
        wrong.append(f"at most {_LONGEST} characters without the point")
    return tuple(wrong)


def wrong_rate(text: str) -> Iterator[str]:
    """What was expected where a rate is none of the French ones, compared as numbers."""
    if number(text) not in _RATES:
        yield f"a French rate: {', '.join(f'{one:g}' for one in sorted(_RATES))}"


def wrong_identifier(text: str, longest: str) -> Iterator[str]:
    """What was expected of the number of an invoice or a report."""
    if len(text) > int(longest):
        yield f"at most {longest} characters"
    if text.startswith(" ") or text.endswith(" "):
        yield "no blank at either end"
    if "  " in text:
        yield "no two blanks in a row"
    if not re.fullmatch(r"[a-zA-Z0-9 \-+_/]+", text):
        yield "letters, digits, blanks and the characters - + _ / only"


def in_this_century(day: str) -> bool:
    """Whether a date begins with a year from 2000 to 2099."""
    return 2000 <= number(day[:4]) <= 2099


def either(codes: str) -> str:
    """Codes apart by blanks as a person lists them."""
    *others, last = codes.split()
    return f"{', '.join(others)} or {last}" if others else last
