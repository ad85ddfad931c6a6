"""Questions about one text: is it a number, a day, a code as the French rules take it."""

import re
from collections.abc import Callable
from typing import Final

from billingua.engine.locate import Element
from billingua.engine.values import normalized
from billingua.engine.xml import tag_of
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import said

__all__ = [
    "ASKED",
    "ATTACHMENTS",
    "BAR",
    "CATEGORIES",
    "FRAMEWORKS",
    "MARGIN",
    "NINE_DIGITS",
    "OF_CREDIT",
    "OF_PREPAYMENT",
    "PAID",
    "RATES",
    "SELF_BILLED",
    "coherent",
    "price",
    "quantity",
    "signed_price",
]


_CODES: Final = {name: frozenset(codes.split()) for name, codes in cells_of(table_beside(__file__, "codes.tsv"))}

TYPES: Final = _CODES["types"]
SELF_BILLED: Final = _CODES["self-billed"]
OF_CREDIT: Final = _CODES["of credit"]
OF_PREPAYMENT: Final = _CODES["of prepayment"]
FRAMEWORKS: Final = _CODES["frameworks"]
PAID: Final = _CODES["paid"]
BAR: Final = _CODES["treatments"]
CATEGORIES: Final = _CODES["categories"]
MARGIN: Final = _CODES["overseas categories"]
RATES: Final = _CODES["rates"]
ATTACHMENTS: Final = _CODES["attachments"]

NINE_DIGITS: Final = re.compile(r"\d{9}")
_SIRET = re.compile(r"\d{14}")
_NUMBER = re.compile(r"[A-Za-z0-9+\-_/]+")
_ADDRESS = re.compile(r"[A-Za-z0-9+\-_.]+")
_DAY = re.compile(r"20\d\d-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])")
_LENGTHS = {"02": 28, "04": 30, "06": 30, "09": 30, "11": 30}
_AMOUNT = re.compile(r"-?\d{1,19}(\.\d{1,2})?")
_QUANTITY = re.compile(r"-?\d{1,19}(\.\d{1,4})?")
_PRICE = re.compile(r"\d{1,19}(\.\d{1,6})?")
_PERCENT = re.compile(r"\d{1,4}(\.\d{1,2})?")


def coherent(siret: str, siren: str) -> bool:
    """Whether a SIRET is fourteen digits that begin with the SIREN."""
    return _SIRET.fullmatch(siret) is not None and siret[:9] == siren


def _numeric(pattern: re.Pattern[str], text: str, length: int = 19) -> bool:
    return pattern.fullmatch(text) is not None and len(text.replace(".", "")) <= length


def quantity(text: str) -> bool:
    """19 digits, four of them decimals; the minus counts."""
    return _numeric(_QUANTITY, text)


def price(text: str) -> bool:
    """19 digits, six of them decimals, no sign."""
    return _numeric(_PRICE, text)


def signed_price(text: str) -> bool:
    """The same with a minus, as invoices that go both ways may have it; the minus counts."""
    return _numeric(_PRICE, text.removeprefix("-")) and len(text.replace(".", "")) <= 19


def _day(text: str) -> bool:
    found = _DAY.fullmatch(text)
    if found is None:
        return False
    year, month, day = int(text[:4]), found[1], int(found[2])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= _LENGTHS.get(month, 31) + (month == "02" and leap)


def _day_of(element: Element) -> bool:
    """Of a CII date the first eight characters count."""
    text = said(element)
    if tag_of(element).endswith(("DateTimeString", "DateString")):
        return "-" not in text[:8] and _day(text[:8])
    return len(text) == 10 and _day(text)


def _number(element: Element) -> bool:
    text = said(element)
    return _NUMBER.fullmatch(normalized(text)) is not None and " " not in text


ASKED: Final[dict[str, Callable[[Element], bool]]] = {
    "at_most_35": lambda one: len(said(one)) <= 35,
    "at_most_100": lambda one: len(said(one)) <= 100,
    "at_most_125": lambda one: len(said(one)) <= 125,
    "number": _number,
    "day": _day_of,
    "type_code": lambda one: said(one) in TYPES,
    "address": lambda one: _ADDRESS.fullmatch(said(one)) is not None,
    "never": lambda _: True,
    "filled": lambda one: normalized(said(one)) != "",
    "siren": lambda one: NINE_DIGITS.fullmatch(normalized(said(one))) is not None,
    "amount": lambda one: _numeric(_AMOUNT, normalized(said(one))),
    "quantity": lambda one: quantity(normalized(said(one))),
    "percent": lambda one: _numeric(_PERCENT, normalized(said(one)), 4),
}
"""What `places.tsv` asks of an element."""
