"""The KSeF number: its parts, and every reason to refuse one."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ksef_client.utils.collective_identifier import is_valid_collective_identifier_number
from ksef_client.utils.ksef_number import is_valid_ksef_number

from billingua.errors import IdentifierError, KsefNumberError
from billingua.identifiers.digits import crc8
from billingua.identifiers.ksef_number import CRC_SINCE, CollectiveIdentifier, KsefNumber
from ksef_vectors import vectors

DOCUMENTED = "5265877635-20250826-0100001AF629-AF"


def with_checksum(start: str) -> str:
    return f"{start}-{crc8(start.encode()):02X}"


def test_the_parts() -> None:
    number = KsefNumber.parse(DOCUMENTED)
    assert (number.nip, number.date, number.checksum) == ("5265877635", date(2025, 8, 26), "AF")
    assert (number.technical, str(number), number.checksum_fits) == ("0100001AF629", DOCUMENTED, True)
    with pytest.raises(AttributeError):
        number.nip = "1"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("9885386968-20260201-1700D541BE2A-7A", "the checksum is 7A, but the other characters ask for 3A"),
        ("5218427712-20260201-0100001AF629-2C", "ask for EF"),
        ("9885386968-20260201-1700d541be2a-3a", "small letters"),
        ("9885386968-20260201-1700D541BE2A-3", "34 characters"),
        ("9885386968-20260201-1700D541BE2A-3A0", "hyphens or its hexadecimal"),
        ("0885386968-20260201-1700D541BE2A-3A", "0885386968 at its start is no NIP"),
        (with_checksum("5008427712-20260201-0100001AF629"), "no NIP"),
        ("9885386968202602011700D541BE2A3A", "32 characters"),
        (" 9885386968-20260201-1700D541BE2A-3A", "white space"),
        ("9885386968-20260201-1700D541BE2A-3A\n", "white space"),
        (with_checksum("5218427712-20260230-0100001AF629"), "20260230 is no date"),
        (with_checksum("5218427712-20261301-0100001AF629"), "20261301 is no date"),
        (with_checksum("5218427712-20191231-0100001AF629"), "before 2020"),
        (with_checksum("5218427712-20260201-0100001AF62G"), "hyphens or its hexadecimal"),
        ("5218427712-20260201-01٠٠001AF629-2C", "other than digits"),
        ("", "0 characters"),
        ("9" * 10_000, "10000 characters"),
        (None, "no text"),
        (DOCUMENTED.encode(), "no text"),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(KsefNumberError, match=reason) as caught:
        KsefNumber.parse(text)
    assert isinstance(caught.value, IdentifierError)
    assert len(str(caught.value)) < 300


def test_only_who_asks_for_ksef_1_gets_older_numbers_with_another_checksum() -> None:
    old = KsefNumber.parse("1070063851-20231002-39D097-4E3439-67", ksef1=True)
    assert (old.technical, old.checksum_fits, old.expected_checksum) == ("39D0974E3439", False, "66")
    assert not KsefNumber.parse("5265877635-20260131-0100001AF629-00", ksef1=True).checksum_fits
    with pytest.raises(KsefNumberError, match=r"KSeF 1\.0, before 2026-02-01"):
        KsefNumber.parse("5265877635-20260131-0100001AF629-00")
    for start in (f"5265877635-{CRC_SINCE:%Y%m%d}-0100001AF629", "5265877635-20260201-010000-1AF629"):
        assert KsefNumber.parse(with_checksum(start.replace("00-1A", "001A"))).checksum_fits
        with pytest.raises(KsefNumberError, match="checksum"):
            KsefNumber.parse(f"{start}-00", ksef1=True)


@pytest.mark.parametrize("seller", ["M123456789", "ABC1234567"])
def test_the_other_sellers_of_the_schema_are_taken_where_asked_for(seller: str) -> None:
    text = with_checksum(f"{seller}-20260302-0100001AF629")
    assert KsefNumber.parse(text, fa3=True).nip == seller
    with pytest.raises(KsefNumberError, match="no NIP"):
        KsefNumber.parse(text)


@settings(deadline=None)
@given(
    st.from_regex(r"\A[1-9][1-9][0-9]{8}\Z"),
    st.dates(date(2020, 1, 1)),
    st.integers(0, 16**12 - 1),
    st.integers(0, 255),
)
def test_numbers_agree_with_ksef_client(nip: str, day: date, technical: int, checksum: int) -> None:
    start = f"{nip}-{day:%Y%m%d}-{technical:012X}"
    for text in (with_checksum(start), f"{start}-{checksum:02X}"):
        try:
            ours = bool(KsefNumber.parse(text))
        except KsefNumberError:
            ours = False
        assert ours == is_valid_ksef_number(text)


@settings(deadline=None)
@given(st.text(max_size=40) | st.from_regex(r"\A[0-9]{10}-[0-9]{8}-[0-9A-F]{6}-?[0-9A-F]{6}-[0-9A-F]{2}\Z"))
def test_any_text_is_a_number_or_a_typed_error(text: str) -> None:
    with suppress(KsefNumberError):
        assert str(KsefNumber.parse(text, fa3=True)) == text


def test_collective_identifiers() -> None:
    found = CollectiveIdentifier.parse("4500182360-IZ202606-389C2BC4BAFA-0D")
    assert (found.nip, found.year, found.month, found.checksum) == ("4500182360", 2026, 6, "0D")
    assert str(found) == found.text
    for wrong in (
        "4500182360-IZ202606-389C2BC4BAFA-0C",
        "4500182360-IZ202613-389C2BC4BAFA-0D",
        "4500182360-IZ202606-389c2bc4bafa-0d",
        "4500182360-202606-389C2BC4BAFA-0D",
        with_checksum("0500182360-IZ202606-389C2BC4BAFA"),
        "",
        None,
    ):
        with pytest.raises(KsefNumberError, match="no collective identifier"):
            CollectiveIdentifier.parse(wrong)


def test_the_vectors() -> None:
    def taken(kind: type[KsefNumber] | type[CollectiveIdentifier], text: str) -> str | None:
        try:
            return kind.parse(text).checksum
        except KsefNumberError:
            return None

    for one in vectors("ksef_numbers"):
        assert taken(KsefNumber, one["number"]) == (one["checksum"] if one["valid"] else None), one
    for one in vectors("identifiers", "collective_identifier"):
        text = one["value"]
        assert (
            (taken(CollectiveIdentifier, text) is not None)
            == one["valid"]
            == is_valid_collective_identifier_number(text)
        )
