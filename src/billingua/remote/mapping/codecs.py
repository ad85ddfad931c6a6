"""Single values between the model and JSON, by the type that the model has for them."""

import base64
import binascii
import re
from datetime import date
from decimal import Decimal
from typing import Any, Final

from billingua.engine.numbers import plain
from billingua.errors import InvalidModel
from billingua.model.base import MAX_DIGITS

__all__ = ["decoded", "encoded", "shown"]

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T.*)?")
_SHOWN: Final = 60


def encoded(value: Any, form: str) -> Any:
    """A value as JSON has it; `form` is `number` or `text` for a decimal, `whole` for digits that become an int."""
    match value:
        case Decimal():
            return value if form == "number" else plain(value)
        case date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case _:
            return int(value) if form == "whole" else value


def decoded(value: Any, kind: type, path: str) -> Any:
    """A JSON value as the type that the model has for it; numbers may be text and text may be a number.

    Raises:
        InvalidModel: it cannot be of that type.
    """
    match value:
        case bool() | float():
            todo = "Decode JSON with exact numbers." if isinstance(value, float) else ""
            raise _impossible(value, _EXPECTED[kind], path, todo)
        case int() | Decimal():
            number = Decimal(value)
            if abs(number.adjusted()) > MAX_DIGITS:
                raise _impossible(value, f"a number of {MAX_DIGITS} digits at most", path)
            return number if kind is Decimal else decoded(plain(number), kind, path)
        case str():
            return value if kind is str else _parsed(value.strip(), kind, path)
        case _:
            raise _impossible(value, _EXPECTED[kind], path)


_EXPECTED: Final = {
    str: "a text",
    Decimal: "a decimal number such as 1234.50",
    date: "a date such as 2026-01-31",
    bytes: "the Base64 form of a file",
}


def _parsed(text: str, kind: type, path: str) -> Any:
    try:
        if kind is Decimal and _DECIMAL.fullmatch(text):
            return decoded(Decimal(text), kind, path)
        if kind is date and (found := _DATE.fullmatch(text)):
            return date.fromisoformat(found[1])
        if kind is bytes:
            return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        pass
    raise _impossible(text, _EXPECTED[kind], path)


def _impossible(value: Any, expected: str, path: str, todo: str = "") -> InvalidModel:
    return InvalidModel(
        f"The value {shown(value)} is not {expected}.", where=path, todo=todo or "Look at what the service sent."
    )


def shown(value: Any) -> str:
    """A JSON value as a message shows it."""
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
