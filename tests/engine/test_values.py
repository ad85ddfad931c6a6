"""Lexical forms: what counts as a number, and how the official rules compare and round."""

from decimal import Context, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from billingua.engine.rule import NotAsked
from billingua.engine.values import (
    ZERO,
    between,
    boolean,
    decimal,
    double_round2,
    double_sum,
    normalized,
    not_negative,
    untyped,
)

EXACT = Context(prec=2000)


@pytest.mark.parametrize(
    ("text", "value"), [("1", "1"), (" +1.50\n", "1.50"), (".5", "0.5"), ("-0", "-0"), ("1.", "1")]
)
def test_decimals_are_exact(text: str, value: str) -> None:
    assert decimal(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", "1e2", "NaN", "1,5", "1 2", "1_000", "٣", None])
def test_what_is_no_decimal_is_not_asked(text: str | None) -> None:
    with pytest.raises(NotAsked):
        decimal(text)


def test_minus_zero_is_below_zero_for_an_untyped_value() -> None:
    assert untyped("-0.00") < ZERO
    assert untyped("0.00") == ZERO
    assert untyped("-0") == ZERO
    assert not not_negative("-0.0")
    assert not_negative("0")


@pytest.mark.parametrize(
    ("value", "rounded"), [(1.005, 1.0), (-0.125, -0.12), (0.125, 0.13), (2.675, 2.68), (-1.5, -1.5)]
)
def test_halves_are_rounded_up_in_floating_point(value: float, rounded: float) -> None:
    assert double_round2(value) == rounded


@given(st.floats(-1e9, 1e9), st.sampled_from(["-1E-30", "0", "1E-30"]), st.floats(0, 2))
def test_a_number_between_doubles_is_found_exactly(low: float, off: str, width: float) -> None:
    value, high = EXACT.add(Decimal(low), Decimal(off)), low + width
    assert between(low, value, high) is (Decimal(low) < value < Decimal(high))
    assert between(low - width, value, low) is (Decimal(low - width) < value < Decimal(low))


def test_a_sum_in_floating_point_is_added_in_order() -> None:
    elements = [etree.fromstring(f"<x>{text}</x>") for text in ("0.1", "0.2", "0.3")]
    assert double_sum(elements) == 0.1 + 0.2 + 0.3
    assert double_sum([]) == 0


def test_white_space_is_that_of_xml() -> None:
    assert normalized(" a \n b\t") == "a b"
    assert normalized("\u00a0") == "\u00a0"


def test_booleans_have_two_spellings_each() -> None:
    assert [boolean(text) for text in ("true", "1", " false ", "0", "TRUE", "", None)] == [
        True,
        True,
        False,
        False,
        None,
        None,
        None,
    ]
