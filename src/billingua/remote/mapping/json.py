"""JSON text with exact numbers: a Decimal is written with its own digits, and a number is read as int or Decimal."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from billingua.errors import UnreadableInput

__all__ = ["decode", "encode"]

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)


def encode(content: Any) -> bytes:
    """JSON in UTF-8, on one line.

    >>> encode({"amount": Decimal("61.20")})
    b'{"amount":61.20}'
    """
    return _ENCODER.encode(content)


def decode(data: bytes | str) -> Any:
    """What a JSON text says: numbers with a point or an exponent are `Decimal`, others `int`.

    Raises:
        UnreadableInput: the text is no JSON, or a number in it is out of all bounds.
    """
    try:
        return _DECODER.decode(data)
    except RecursionError:
        raise UnreadableInput("The JSON is nested too deeply.", todo="An invoice needs ten levels.") from None
    except InvalidOperation:
        raise UnreadableInput("A number of the JSON is out of all bounds.", todo="Look at what was sent.") from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise UnreadableInput(f"The JSON cannot be read: {error}.", todo="Look at what was sent.") from None
