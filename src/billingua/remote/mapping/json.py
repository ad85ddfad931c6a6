"""JSON text with exact numbers: a Decimal is written with its own digits, and a number is read as int or Decimal."""

from typing import Any

import msgspec

from billingua.errors import UnreadableInput
from billingua.remote.exchange import messages

__all__ = ["decode", "encode"]


def encode(content: Any) -> bytes:
    """JSON in UTF-8, on one line.

    >>> from decimal import Decimal
    >>> encode({"amount": Decimal("61.20")})
    b'{"amount":61.20}'
    """
    return messages.encoded(content)


def decode(data: bytes | str) -> Any:
    """What a JSON text says: numbers with a point or an exponent are `Decimal`, others `int`.

    Raises:
        UnreadableInput: the text is no JSON, is nested too deeply, or has a number out of all bounds.
    """
    try:
        return messages.decoded(data.encode() if isinstance(data, str) else data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableInput(f"The JSON cannot be read: {error}.", todo="Look at what was sent.") from None
