"""The number that KSeF gives an invoice, and the identifier it gives a collection of them.

`NIP-YYYYMMDD-12 hexadecimal digits-2 hexadecimal digits`, upper case: the seller, the day on which KSeF took the
file, a technical part, and a CRC-8 over the 32 characters before the last hyphen. Numbers of KSeF 1.0 may have a
hyphen in the middle of the technical part, and their last two digits follow another rule, which is not published.

    >>> KsefNumber.parse("5265877635-20250826-0100001AF629-AF").date
    datetime.date(2025, 8, 26)
"""

import datetime
import re
from typing import Final, NamedTuple

from billingua.errors import KsefNumberError
from billingua.identifiers import nip
from billingua.identifiers.digits import crc8

__all__ = ["CRC_SINCE", "CollectiveIdentifier", "KsefNumber"]

CRC_SINCE: Final = datetime.date(2026, 2, 1)
"""The first day whose numbers all come from KSeF 2.0: from here on a wrong checksum is a wrong number."""

_SHAPE = re.compile(r"([0-9A-Z]{10})-([0-9]{8})-([0-9A-F]{6})-?([0-9A-F]{6})-([0-9A-F]{2})")
_COLLECTIVE = re.compile(r"([0-9A-Z]{10})-IZ([0-9]{6})-([0-9A-F]{12})-([0-9A-F]{2})")
_OTHER_SELLER = re.compile(r"M[0-9]{9}|[A-Z]{3}[0-9]{7}")
_FIRST_YEAR = 2020
_LONGEST_SHOWN = 60


class KsefNumber(NamedTuple):
    """A number that has the right form. `str()` gives it as it was read."""

    nip: str
    """The seller: ten digits; with `fa3=True` also M and nine digits, or three letters and seven digits."""
    date: datetime.date
    """The day on which KSeF took the file: not the date of the invoice."""
    technical: str
    """Twelve hexadecimal digits."""
    checksum: str
    """Two hexadecimal digits."""
    text: str
    """The number as it was read."""

    def __str__(self) -> str:
        return self.text

    @property
    def expected_checksum(self) -> str:
        """The checksum that the rule of KSeF 2.0 asks for."""
        return _checksum(f"{self.nip}-{self.date:%Y%m%d}-{self.technical}")

    @property
    def checksum_fits(self) -> bool:
        """Whether the checksum follows the rule of KSeF 2.0. Before `CRC_SINCE` that it does not proves nothing."""
        return self.checksum == self.expected_checksum

    @classmethod
    def parse(cls, text: str, *, fa3: bool = False, ksef1: bool = False) -> "KsefNumber":
        """The parts of a number. `fa3` also takes the other identifiers of a seller that the schema of FA(3) has;
        `ksef1` takes a number dated before 2026-02-01 whatever its checksum, as KSeF 1.0 may have given it.

        Raises:
            KsefNumberError: the form is wrong, the date does not exist or is before 2020, or the checksum does not fit.
        """
        match = _SHAPE.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise KsefNumberError(
                f"{_shown(text)} is no KSeF number: {_why_shapeless(text)}.",
                todo="It has 35 characters: NIP-YYYYMMDD-12 hexadecimal digits-2 hexadecimal digits, upper case.",
            )
        seller, day, first, second, checksum = match.groups()
        if not (nip.has_form(seller) or (fa3 and _OTHER_SELLER.fullmatch(seller))):
            raise KsefNumberError(f"{text!r} is no KSeF number: {seller} at its start is no NIP.")
        try:
            date = datetime.date(int(day[:4]), int(day[4:6]), int(day[6:]))
        except ValueError:
            raise KsefNumberError(f"{text!r} is no KSeF number: {day} is no date.") from None
        if date.year < _FIRST_YEAR:
            raise KsefNumberError(f"{text!r} is no KSeF number: its year is before {_FIRST_YEAR}.")
        number = cls(seller, date, first + second, checksum, text)
        if not number.checksum_fits and not (ksef1 and date < CRC_SINCE):
            older = (
                "" if date >= CRC_SINCE else f" Only a number of KSeF 1.0, before {CRC_SINCE}, may follow another rule."
            )
            raise KsefNumberError(
                f"{text!r} is no KSeF number: the checksum is {checksum}, but the other characters ask for "
                f"{number.expected_checksum}.",
                todo=f"Compare it with the receipt (UPO): a character was changed.{older}",
            )
        return number


class CollectiveIdentifier(NamedTuple):
    """The identifier of a collection of invoices, as used in payments: `NIP-IZYYYYMM-12 hex-2 hex`."""

    nip: str
    year: int
    month: int
    technical: str
    checksum: str
    text: str

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> "CollectiveIdentifier":
        """The parts of an identifier.

        Raises:
            KsefNumberError: the form, the month or the checksum is wrong.
        """
        match = _COLLECTIVE.fullmatch(text) if isinstance(text, str) else None
        if match is None or not nip.has_form(match[1]):
            raise KsefNumberError(
                f"{_shown(text)} is no collective identifier of KSeF.",
                todo="It has 35 characters: NIP-IZYYYYMM-12 hexadecimal digits-2 hexadecimal digits, upper case.",
            )
        seller, month, technical, checksum = match.groups()
        if not 1 <= int(month[4:]) <= 12 or int(month[:4]) < _FIRST_YEAR:
            raise KsefNumberError(f"{text!r} is no collective identifier of KSeF: {month} is no month.")
        expected = _checksum(text[:32])
        if checksum != expected:
            raise KsefNumberError(
                f"{text!r} is no collective identifier of KSeF: the checksum is {checksum}, but the other characters "
                f"ask for {expected}."
            )
        return cls(seller, int(month[:4]), int(month[4:]), technical, checksum, text)


def _checksum(text: str) -> str:
    return f"{crc8(text.encode('ascii')):02X}"


def _shown(text: object) -> str:
    shown = repr(text)
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "..."


def _why_shapeless(text: object) -> str:
    """The likeliest reason that a text has not even the shape."""
    if not isinstance(text, str):
        return "it is no text"
    if text != text.strip():
        return "it has white space at its ends"
    if text != text.upper() and _SHAPE.fullmatch(text.upper()):
        return "it has small letters"
    if len(text) not in (35, 36):
        return f"it has {len(text)} characters"
    if not text.isascii():
        return "it has characters other than digits, A to F and hyphens"
    return "its hyphens or its hexadecimal digits are not where they must be"
