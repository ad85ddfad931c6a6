"""Exact decimal arithmetic: nothing is rounded unless a function says so in its name.

Python's default context keeps 28 digits and rounds the rest away in silence. Sums and products here are exact
like those of xs:decimal, and a quotient is rounded once, from its exact value.

Two roundings of a half are in use. Invoices round *away from zero* (-0.125 becomes -0.13), so that a credit
note mirrors its invoice. XPath's `round()`, and with it the official rules, rounds *up* (-0.125 becomes
-0.12).
"""

from collections.abc import Iterable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cache, reduce
from typing import Final

__all__ = [
    "add",
    "divide_half_away",
    "multiply",
    "percent_of",
    "plain",
    "round_half_away",
    "round_half_up",
    "shortened",
    "subtract",
    "total",
]

ZERO: Final = Decimal(0)

_DIGITS = 10_000_000
_EXACT = Context(prec=_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Wide enough for the product of any two numbers of five million digits; memory is taken only as needed."""


def add(first: Decimal, second: Decimal) -> Decimal:
    """The exact sum."""
    return _EXACT.add(first, second)


def subtract(first: Decimal, second: Decimal) -> Decimal:
    """The exact difference."""
    return _EXACT.subtract(first, second)


def multiply(first: Decimal, second: Decimal) -> Decimal:
    """The exact product."""
    return _EXACT.multiply(first, second)


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of any number of values; 0 if there are none.

    >>> total([Decimal("0.10"), Decimal("0.20")])
    Decimal('0.30')
    """
    return reduce(_EXACT.add, values, ZERO)


def percent_of(base: Decimal, rate: Decimal) -> Decimal:
    """Exactly `rate` per cent of `base`, unrounded.

    >>> percent_of(Decimal("33.33"), Decimal("19"))
    Decimal('6.3327')
    """
    return _EXACT.multiply(base, rate).scaleb(-2, _EXACT)


def round_half_away(value: Decimal, digits: int = 2) -> Decimal:
    """`value` with `digits` decimals, a half rounded away from zero; never a negative zero.

    >>> round_half_away(Decimal("-0.125"))
    Decimal('-0.13')
    """
    rounded = value.quantize(_unit(digits), ROUND_HALF_UP, _EXACT)
    return rounded if rounded else rounded.copy_abs()


def round_half_up(value: Decimal, digits: int = 0) -> Decimal:
    """`value` with `digits` decimals, a half rounded towards positive infinity, as XPath's `round()` does.

    >>> round_half_up(Decimal("-2.5"))
    Decimal('-2')
    """
    unit = _unit(digits)
    if value.same_quantum(unit):  # mostly so: it saves half the time
        rounded = value
    else:
        rounded = _EXACT.add(value, _half(digits)).quantize(unit, ROUND_FLOOR, _EXACT)
    return rounded if rounded else rounded.copy_abs()


def divide_half_away(dividend: Decimal, divisor: Decimal, digits: int = 2) -> Decimal:
    """The quotient with `digits` decimals, rounded once, a half away from zero.

    Raises ZeroDivisionError when `divisor` is 0.

    >>> divide_half_away(Decimal("10"), Decimal("3"))
    Decimal('3.33')
    """
    numerator, denominator = dividend.as_integer_ratio()
    numerator_of_divisor, denominator_of_divisor = divisor.as_integer_ratio()
    numerator *= denominator_of_divisor * 10**digits
    denominator *= abs(numerator_of_divisor)
    if numerator_of_divisor < 0:
        numerator = -numerator
    units, rest = divmod(abs(numerator), denominator)
    if 2 * rest >= denominator:
        units += 1
    return Decimal(units if numerator >= 0 else -units).scaleb(-digits, _EXACT)


def plain(value: Decimal) -> str:
    """The number as documents write it: no exponent, its decimals as they are.

    >>> plain(Decimal("1E-7"))
    '0.0000001'
    """
    return format(value, "f")


def shortened(value: Decimal, digits: int = 2) -> Decimal:
    """The same number without the zeros that end it, down to `digits` decimals; fewer stay fewer.

    >>> shortened(Decimal("28.8450000"))
    Decimal('28.845')
    """
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -digits:
        return value
    least = value.normalize(_EXACT)
    places = least.as_tuple().exponent
    return least if isinstance(places, int) and places < -digits else value.quantize(_unit(digits), None, _EXACT)


@cache
def _unit(digits: int) -> Decimal:
    return Decimal((0, (1,), -digits))


@cache
def _half(digits: int) -> Decimal:
    return Decimal((0, (5,), -digits - 1))
