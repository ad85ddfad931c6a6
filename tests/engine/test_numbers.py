"""Exact arithmetic and the two roundings of a half."""

import doctest
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.engine import numbers
from billingua.engine.numbers import (
    add,
    divide_half_away,
    multiply,
    percent_of,
    plain,
    round_half_away,
    round_half_up,
    shortened,
    subtract,
    total,
)

decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=6, allow_nan=False, allow_infinity=False)


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(numbers).failed == 0


def test_nothing_is_rounded_in_silence() -> None:
    long = Decimal("1234567890123456789012345678901234567890.123456789012345678901234567891")
    assert plain(add(long, Decimal("1E-30"))).endswith("567892")
    assert subtract(add(long, long), long) == long
    assert Fraction(multiply(long, long)) == Fraction(long) ** 2
    assert total([long] * 3) == multiply(long, Decimal(3))


def test_the_context_of_the_caller_does_not_matter() -> None:
    with localcontext() as context:
        context.prec = 3
        assert total([Decimal("1000.01"), Decimal("0.02")]) == Decimal("1000.03")
        assert percent_of(Decimal("12345.67"), Decimal("19")) == Decimal("2345.6773")
        assert round_half_away(Decimal("12345.675")) == Decimal("12345.68")
        assert round_half_up(Decimal("12345.675"), 2) == Decimal("12345.68")
        assert divide_half_away(Decimal("100000"), Decimal("3")) == Decimal("33333.33")


@pytest.mark.parametrize(
    ("value", "away", "up"),
    [
        ("0.125", "0.13", "0.13"),
        ("-0.125", "-0.13", "-0.12"),
        ("2.5", "2.50", "2.50"),
        ("1.005", "1.01", "1.01"),
        ("-1.005", "-1.01", "-1.00"),
        ("-0.004", "0.00", "0.00"),
        ("-0.0051", "-0.01", "-0.01"),
        ("1E+3", "1000.00", "1000.00"),
    ],
)
def test_roundings_of_a_half(value: str, away: str, up: str) -> None:
    assert str(round_half_away(Decimal(value))) == away
    assert str(round_half_up(Decimal(value), 2)) == up


@given(decimals)
def test_half_up_is_the_floor_of_the_value_plus_a_half(value: Decimal) -> None:
    assert round_half_up(value) == math.floor(Fraction(value) + Fraction(1, 2))


@given(decimals)
def test_half_away_is_symmetric(value: Decimal) -> None:
    assert round_half_away(-value) == -round_half_away(value)
    assert abs(round_half_away(value) - value) <= Decimal("0.005")


@given(decimals, decimals.filter(bool))
def test_a_quotient_is_rounded_once(dividend: Decimal, divisor: Decimal) -> None:
    exact = Fraction(dividend) / Fraction(divisor)
    cents = math.floor(abs(exact) * 100 + Fraction(1, 2))
    assert Fraction(divide_half_away(dividend, divisor)) == Fraction(cents if exact >= 0 else -cents, 100)


def test_division_by_zero_is_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        divide_half_away(Decimal(1), Decimal(0))


@pytest.mark.parametrize(
    ("value", "short"),
    [("1.500", "1.50"), ("1.5", "1.5"), ("1.2340", "1.234"), ("0.000", "0.00"), ("7", "7")],
)
def test_shortened_keeps_two_decimals(value: str, short: str) -> None:
    assert str(shortened(Decimal(value))) == short
