"""The lexical forms of XML Schema types, read as the official rules read them."""

import re
from collections.abc import Iterable
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from math import copysign, floor, inf, isfinite, nan
from typing import Final

from billingua.engine.groups import Condition, Group
from billingua.engine.rule import NotAsked
from billingua.engine.xml import Element

__all__ = [
    "WHITE",
    "ZERO",
    "Ordered",
    "between",
    "boolean",
    "decimal",
    "double",
    "double_round",
    "double_round2",
    "double_sum",
    "double_total",
    "finite",
    "has_boolean",
    "normalized",
    "not_negative",
    "ordered",
    "readable",
    "untyped",
]

WHITE: Final = " \t\r\n"
"""The white space of XML: what XPath trims, and nothing more."""

_DECIMAL = f"0123456789.+-{WHITE}"
"""The characters of an xs:decimal: whatever Python reads as a number and is made of them is one."""
_DOUBLE = f"{_DECIMAL}eE"
_NO_NUMBERS = {"INF": inf, "-INF": -inf, "NaN": nan}
_STRICT = Context(traps=[InvalidOperation])
"""The caller's own context may let a text pass that is no number."""

_BLANKS = re.compile(r"[ \t\r\n]+")
_WHOLE = re.compile(r"[ \t\r\n]*-?[0-9]{1,15}[ \t\r\n]*\Z")


@lru_cache(maxsize=4096)
def normalized(text: str | None) -> str:
    """The text without white space at its ends and with single blanks inside (XPath `normalize-space`)."""
    if not text:
        return ""
    return " ".join(text.split()) if text.isascii() else _BLANKS.sub(" ", text.strip(WHITE))


def decimal(text: str | None) -> Decimal:
    """An xs:decimal, exact.

    Raises:
        NotAsked: the text is no decimal number; the structure reports it.
    """
    if text is None or text.strip(_DECIMAL):
        raise NotAsked
    try:
        return Decimal(text, _STRICT)
    except InvalidOperation:
        raise NotAsked from None


def readable(text: str | None) -> Decimal | None:
    """An xs:decimal, or None where the text is none."""
    try:
        return decimal(text)
    except NotAsked:
        return None


def double(text: str | None) -> float:
    """An xs:double: what XPath makes of an untyped value beside a number.

    Raises:
        NotAsked: the text is no number.
    """
    try:
        if text is None or text.strip(_DOUBLE):
            return _NO_NUMBERS[(text or "").strip(WHITE)]
        return float(text)
    except (KeyError, ValueError):
        raise NotAsked from None


def finite(text: str | None) -> float:
    """An xs:double that is a number: what may become an xs:decimal.

    Raises:
        NotAsked: the text is none.
    """
    value = double(text)
    if not isfinite(value):
        raise NotAsked
    return value


def between(low: float, value: Decimal, high: float) -> bool:
    """Whether an exact number is above one double and below another: mostly the nearest double tells."""
    return low < float(value) < high or Decimal(low) < value < Decimal(high)


def double_round(value: float) -> float:
    """XPath's `round()` of an xs:double: a half goes up, -0 stays -0."""
    if not isfinite(value):
        return value
    return copysign(floor(value + 0.5), value) if -0.5 <= value < 0.5 else float(floor(value + 0.5))


def double_round2(value: float) -> float:
    """`round(value * 10 * 10) div 100` in floating point, a half rounded up, as some official rules compute it."""
    return double_round(value * 10 * 10) / 100


def double_sum(elements: Iterable[Element]) -> float:
    """The sum of untyped values, added up in floating point in document order; 0 when there are none.

    Raises:
        NotAsked: a text is no number.
    """
    return double_total([element.text for element in elements])


def double_total(texts: Iterable[str | None]) -> float:
    """The same, of the texts.

    Raises:
        NotAsked: a text is no number.
    """
    values = [double(text) for text in texts]
    result = values[0] if values else 0.0
    for value in values[1:]:
        result += value
    return result


Ordered = tuple[float, float]

ZERO: Final[Ordered] = (0.0, 1.0)

_ABOVE_ALL: Final[Ordered] = (inf, 2.0)


def ordered(value: float) -> Ordered:
    """A number as the official rules compare it with an untyped value: -0 is below 0, not equal to it.

    NaN equals nothing.
    """
    return (value, copysign(1.0, value))


def untyped(text: str | None) -> Ordered:
    """An untyped value beside a whole number that a rule names, in the order of `ordered`.

    The processor compares a text of digits alone as a whole number, so that -0 is 0 (and -0.00 is below it), and
    takes NaN for more than any number.
    """
    value = double(text)
    if value == 0 and _WHOLE.match(text or ""):
        return ZERO
    return _ABOVE_ALL if value != value else ordered(value)


def boolean(text: str | None) -> bool | None:
    """An xs:boolean; None where the text is none."""
    match (text or "").strip(WHITE):
        case "true" | "1":
            return True
        case "false" | "0":
            return False
        case _:
            return None


def has_boolean(term: str, wanted: bool) -> Condition:
    """The condition that a group's term is the xs:boolean that is wanted."""

    def condition(group: Group) -> bool:
        return boolean(group.text(term)) is wanted

    return condition


def not_negative(text: str | None) -> bool:
    """Whether an untyped value is at least 0 (-0.00 is not).

    Raises:
        NotAsked: the text is no number.
    """
    return (text is not None and text[:1].isdigit()) or untyped(text) >= ZERO
