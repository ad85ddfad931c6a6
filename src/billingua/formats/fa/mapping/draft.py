"""An invoice of FA(3) in the making: how values are fitted into its types, and what goes into DodatkowyOpis."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from billingua.engine.numbers import plain, round_half_away, subtract
from billingua.errors import CannotExpress, InvalidModel
from billingua.formats.fa.mapping.ledger import View, shown
from billingua.formats.fa.model import Description

__all__ = ["DESCRIPTION", "FIRST_DAY", "FIRST_DAY_PAID", "Draft", "key_of", "missing", "origin"]

DESCRIPTION: Final = 256
"""So long may key and value of a DodatkowyOpis be."""

FIRST_DAY: Final = date(2006, 1, 1)
FIRST_DAY_PAID: Final = date(2016, 7, 1)
"""The first days that FA(3) takes: for most dates, and for those of payments."""

_SYSTEM = "billingua"
_LAST_DAY = date(2050, 1, 1)
_DIGITS = 14
_WHITE = re.compile("[ \t\r\n]+")
_FORBIDDEN = re.compile(
    "[\x7f-\x84\x86-\x9f\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}-{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Characters that XML takes and KSeF refuses."""


def key_of(term: str, qualifier: str | None = None) -> str:
    """The Klucz of a term that has no element: `BT-10`, or with a scheme or the like `BT-128/ABT`."""
    return f"{term}/{qualifier}" if qualifier else term


def origin(created: datetime | None) -> dict[str, Any]:
    """When and with what the file is made: at `created`, by default now in UTC."""
    return {"created": created or datetime.now(UTC).replace(microsecond=0), "system": _SYSTEM}


def missing(view: View, name: str, todo: str = "") -> InvalidModel:
    """The error for a value that FA(3) cannot be made without."""
    return InvalidModel(
        f"{view.term(name) or name} is missing.", where=view.at(name), todo=todo or "Give it, then convert again."
    )


class Draft:
    """What one conversion to FA(3) shares: the sign of its amounts, and the descriptions so far."""

    def __init__(self, source: View, sign: int) -> None:
        self.source = source
        self.sign = sign
        self.descriptions: list[Description] = []

    # texts

    def text(self, view: View, name: str, length: int = DESCRIPTION, *, lines: bool = False) -> str | None:
        """A text, with white space as FA(3) has it (or its `lines` kept), cut to a length."""
        value = view.take(name)
        return None if value is None else self.fitted(view, name, str(value), length, lines=lines)

    def fitted(self, view: View, name: str, text: str, length: int, *, lines: bool = False) -> str | None:
        """A text made of an attribute, as `text` gives it; what is cut is lost."""
        found = _FORBIDDEN.sub("", text)
        if found != text:
            view.lose(name, "KSeF refuses control characters; they are left out")
        found = found.strip(" \t\r\n") if lines else _WHITE.sub(" ", found).strip(" ")
        if len(found) > length:
            view.lose(name, f"FA(3) has room for {length} characters here; the rest is cut off")
            found = found[:length].rstrip(" ")
        return found or None

    def describe(self, view: View, name: str, line: int | None = None, qualifier: str | None = None) -> None:
        """A value for which FA(3) has no element becomes a DodatkowyOpis with its term as the key."""
        value = view.see(name)
        if value is None:
            return
        term = view.term(name)
        if not term or isinstance(value, bytes):
            return
        text = self.fitted(view, name, shown(view.take(name)), DESCRIPTION)
        key = self.fitted(view, name, key_of(term, qualifier), DESCRIPTION)
        if text and key:
            self.descriptions.append(Description(line_number=line, key=key, value=text))

    def describe_identifier(self, identifier: View, line: int | None = None) -> None:
        """An identifier becomes a DodatkowyOpis, its scheme behind the term: `BT-18/ABT`."""
        scheme = identifier.take("scheme_id")
        self.describe(identifier, "value", line, scheme)

    def state(self, key: str, value: str, line: int | None = None) -> None:
        """Say something in a DodatkowyOpis that is no single value of the source."""
        self.descriptions.append(Description(line_number=line, key=key, value=value))

    # numbers and dates

    def amount(self, view: View, name: str, decimals: int = 2) -> Decimal | None:
        """An amount with its sign in FA(3)."""
        value = self.number(view, name, decimals)
        return None if value is None else self.signed(value)

    def signed(self, value: Decimal) -> Decimal:
        """A number with the sign it has in FA(3): a credit note is a correction downwards."""
        return subtract(Decimal(0), value) if self.sign < 0 else value

    def number(self, view: View, name: str, decimals: int) -> Decimal | None:
        """A number, rounded to the decimals that FA(3) has for it; what is rounded off is lost.

        Raises:
            CannotExpress: it has more digits than FA(3) takes.
        """
        value: Decimal | None = view.take(name)
        if value is None:
            return None
        rounded = fit_decimals(value, decimals)
        if rounded != value:
            view.lose(name, f"FA(3) has {decimals} decimals here; it is rounded to {plain(rounded)}")
        if rounded.adjusted() >= _DIGITS:
            raise CannotExpress(
                f"{view.term(name)} {plain(value)} has more digits than FA(3) takes.",
                where=view.at(name),
                todo=f"Give a number below 10 to the power of {_DIGITS}.",
            )
        return rounded

    def day(self, view: View, name: str, first: date = FIRST_DAY, line: int | None = None) -> date | None:
        """A date, if FA(3) takes it there; otherwise it becomes a DodatkowyOpis."""
        value: date | None = view.see(name)
        if value is None or first <= value <= _LAST_DAY:
            view.take(name)
            return value
        self.describe(view, name, line)
        return None

    def required_day(self, view: View, name: str) -> date:
        """A date that must be there.

        Raises:
            InvalidModel: it is missing.
            CannotExpress: FA(3) does not take it.
        """
        value: date | None = view.take(name)
        if value is None:
            raise missing(view, name)
        if not FIRST_DAY <= value <= _LAST_DAY:
            raise CannotExpress(
                f"{view.term(name)} {value.isoformat()} is outside the dates that FA(3) takes.",
                where=view.at(name),
                todo=f"It takes {FIRST_DAY} to {_LAST_DAY}.",
            )
        return value

    def found(self, **values: Any) -> dict[str, Any]:
        """The values that are there."""
        return {name: value for name, value in values.items() if value not in (None, ())}


def fit_decimals(value: Decimal, decimals: int) -> Decimal:
    """A number with at most so many decimals; one that has fewer stays as it is."""
    exponent = value.as_tuple().exponent
    return round_half_away(value, decimals) if isinstance(exponent, int) and exponent < -decimals else value
