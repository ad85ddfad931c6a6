"""Numbers keep their digits on the way to JSON and back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.errors import UnreadableInput
from billingua.remote.mapping.json import decode, encode


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_digits(number: Decimal) -> None:
    read = decode(encode([number]))[0]
    assert type(read) in (int, Decimal)
    assert read == number
    if isinstance(read, Decimal):
        assert str(read) == str(number)


def test_decimals_are_numbers_and_stay_as_they_are() -> None:
    assert encode({"a": Decimal("61.20"), "b": Decimal("0.1") + Decimal("0.2")}) == b'{"a":61.20,"b":0.3}'
    assert decode(b'{"a": 61.20, "b": 3, "c": "61.2"}') == {"a": Decimal("61.20"), "b": 3, "c": "61.2"}


@pytest.mark.parametrize(
    "text", [b"", b"{", b'"\xff"', b"[" * 100_000, b"[" * 101 + b"]" * 101, b"1e" + b"9" * 60, b"9" * 9000, "\ud800"]
)
def test_what_is_no_json_is_refused(text: bytes | str) -> None:
    with pytest.raises(UnreadableInput):
        decode(text)
