"""Reading PDF objects leniently: a value of another kind than asked for is none at all."""

from collections.abc import Hashable
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeAlias

import pikepdf

from billingua.errors import UnreadableInput
from billingua.pdf.document import decoded

__all__ = [
    "Thing",
    "array",
    "content_of",
    "data_of",
    "dictionary",
    "integer",
    "key_of",
    "name",
    "number",
    "stream",
    "string",
]

Thing: TypeAlias = Any
"""A PDF object of any kind, as pikepdf gives it."""


def dictionary(value: Thing) -> Thing:
    """A dictionary, or a stream for the sake of its dictionary."""
    return value if isinstance(value, pikepdf.Dictionary | pikepdf.Stream) else None


def stream(value: Thing) -> Thing:
    return value if isinstance(value, pikepdf.Stream) else None


def array(value: Thing) -> Thing:
    return value if isinstance(value, pikepdf.Array) else None


def name(value: Thing) -> str | None:
    """A name without its slash."""
    if not isinstance(value, pikepdf.Name):
        return None
    try:
        return str(value)[1:]
    except UnicodeDecodeError:
        return value.unparse().decode("latin-1")[1:]


def string(value: Thing) -> str | None:
    if not isinstance(value, pikepdf.String):
        return None
    try:
        return str(value)
    except UnicodeDecodeError:
        return bytes(value).decode("latin-1")


def number(value: Thing) -> float | None:
    return None if isinstance(value, bool) or not isinstance(value, int | float | Decimal) else float(value)


def integer(value: Thing) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def data_of(value: Thing) -> bytes | None:
    """What a stream holds; none of another object, and of a stream that cannot be decoded or holds too much."""
    if stream(value) is None:
        return None
    try:
        return decoded(value)
    except (UnreadableInput, NotImplementedError):
        return None


def key_of(value: Thing) -> Hashable:
    """What tells one object from another: its number, or for a direct object what it says."""
    if isinstance(value, pikepdf.Object):
        return value.objgen if value.is_indirect else value.unparse()
    return repr(value)


def content_of(value: Thing) -> bytes:
    """What an object says, however it is written: equal for equal arrays, dictionaries and streams."""
    return _digest(value, {})


def _digest(value: Thing, known: dict[Hashable, bytes]) -> bytes:
    if array(value) is None and dictionary(value) is None:
        return repr(key_of(value)).encode()
    key = key_of(value)
    if key in known:
        return known[key]
    known[key] = b"within itself"
    if array(value) is not None:
        parts = [_digest(one, known) for one in value]
    else:
        how = ("/Filter", "/DecodeParms", "/Length")
        parts = sorted(key.encode() + b" " + _digest(one, known) for key, one in value.items() if key not in how)
        parts.append(data_of(value) or b"")
    known[key] = sha256(b"\0".join(parts)).digest()
    return known[key]
