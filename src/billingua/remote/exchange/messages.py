"""What is asked and what is answered: structs of msgspec, with the names of the wire beside ours.

An `Ask` is a request: each field goes where the endpoint says, those that are None nowhere. Amounts are written as
JSON numbers with the digits they have; bytes as base64. An `Answer` is read with patience: unknown fields and enum
values are kept, nulls and empty texts are as good as absent, a number may be text and a text (`Text`) a number.
`Answer.raw` has everything.
"""

from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from billingua.errors import UsageError
from billingua.remote.exchange.secrets import Secret

__all__ = ["Answer", "Ask", "Data", "File", "Key", "Text", "answered", "decoded", "encoded", "plain"]

A = TypeVar("A")

_DEEPEST = 100  # levels in an answer; the services document fewer than ten


class Data(msgspec.Struct, kw_only=True, frozen=True, rename="camel", omit_defaults=True):
    """A part of a request or an answer. What is left at its default (None, nothing) is not sent."""


class Ask(Data, frozen=True, kw_only=True):
    """A request: every field by its name, in snake case here and camel case on the wire."""


class Answer(msgspec.Struct, kw_only=True, rename="camel"):
    """An answer. `raw` is all that the service said, also what the type has no field for, but no secret it knows of.

    Its `repr` leaves `raw` out: a service may give a key or a token under a name that is not known here.
    """

    raw: Any = msgspec.field(default=None, name="$raw")

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name != "raw")
        return f"{type(self).__name__}({shown})"


class File(msgspec.Struct, frozen=True):
    """A file that is sent: its name, its bytes as they are, and their media type."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


class Text(str):
    """A text of an answer; also what the service gives as a number or truth value."""

    __slots__ = ()


class Key(Text):
    """A text under which the service knows from now on what it was given: without it nothing was taken for certain."""

    __slots__ = ()


def _revealed(value: object) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Text):  # of an earlier answer
        return str(value)
    raise UsageError(f"A {type(value).__name__} has no place in JSON.", todo="Give texts, numbers, lists and mappings.")


_NUMBERS = msgspec.json.Encoder(decimal_format="number", enc_hook=_revealed)
_READER = msgspec.json.Decoder(float_hook=Decimal)


def encoded(value: object) -> bytes:
    """JSON as it is sent: decimals as numbers, bytes as base64, secrets in clear."""
    return _NUMBERS.encode(value)


def decoded(body: bytes) -> Any:
    """JSON, with decimals for numbers that have a fraction.

    Raises:
        msgspec.DecodeError: it is not JSON, or nothing that a service would send: nested too deeply, or with a number
            beyond all measure.
    """
    try:
        read = _READER.decode(body)
    except (RecursionError, ArithmeticError, UnicodeError) as problem:
        raise msgspec.DecodeError(str(problem)) from None
    _check_depth(read)
    return read


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return
    raise msgspec.DecodeError(f"nested more than {_DEEPEST} times")


def plain(value: Data) -> dict[str, Any]:
    """The fields of a request by their names on the wire; structs within stay what they are.

    The entries of a field that is called `*` on the wire are fields themselves: what a service takes and does not list.
    """
    fields = {
        wire: content
        for name, wire in zip(value.__struct_fields__, value.__struct_encode_fields__, strict=True)
        if (content := getattr(value, name)) is not None and content != ()
    }
    return {**fields.pop("*", {}), **fields}


def answered(value: Any, kind: type[A]) -> A:
    """The answer as its type.

    Raises:
        msgspec.ValidationError: it does not have the shape of that type.
    """
    made = msgspec.convert(_without_nothings(value), kind, strict=False, dec_hook=_patient)
    if isinstance(made, Answer):
        made.raw = {name: content for name, content in value.items() if name not in _secret_names(made)}
    return made


def _secret_names(answer: Answer) -> set[str]:
    names = zip(answer.__struct_fields__, answer.__struct_encode_fields__, strict=True)
    return {wire for name, wire in names if isinstance(getattr(answer, name), Secret)}


def _without_nothings(value: Any) -> Any:
    """Without nulls, and without the empty texts that stand where a number or truth value is not known."""
    if isinstance(value, dict):
        return {name: _without_nothings(content) for name, content in value.items() if content not in (None, "")}
    if isinstance(value, list):
        return [_without_nothings(content) for content in value if content is not None]
    return value


def _patient(kind: type, value: Any) -> Any:
    """Texts in whatever dress the service gives them, and secrets; numbers and truth values are read by msgspec."""
    if issubclass(kind, Text) and isinstance(value, str | int | Decimal):
        text = kind(str(value).lower() if isinstance(value, bool) else value)
        if kind is Key and not text.strip():
            raise ValueError("expected a key, got an empty text")
        return text
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise ValueError(f"expected {kind.__name__.lower()}, got {type(value).__name__}")
