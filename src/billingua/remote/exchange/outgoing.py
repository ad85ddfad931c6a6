"""A request on its way: where each field of an `Ask` goes, percent-encoding, JSON, multipart and raw bodies."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from urllib.parse import quote, urlencode

import msgspec

from billingua.errors import UsageError
from billingua.remote.exchange.messages import Ask, Data, File, encoded, plain
from billingua.remote.exchange.secrets import Secret

__all__ = ["Body", "Outgoing", "headed", "outgoing"]

_BODILESS = ("GET", "HEAD", "DELETE")

Body = Literal["json", "form", "urlencoded", "content"]
"""How what is neither in the path, the query nor a header is sent: as JSON, as multipart form, as the short form of
OAuth2, or as the bytes of the one field `content`."""


class Outgoing(NamedTuple):
    """A request without its sign-in: `files` are the parts of a multipart form, otherwise `content` is the body."""

    method: str
    path: str
    headers: Mapping[str, str]
    content: bytes | None
    files: tuple[tuple[str, tuple[str | None, bytes, str]], ...]
    secrets: tuple[str, ...]
    """Texts of the request that must not turn up in an error."""


def outgoing(
    method: str,
    path: str,
    ask: Ask,
    *,
    query: frozenset[str] = frozenset(),
    headers: frozenset[str] = frozenset(),
    body: Body = "json",
    media_type: str = "",
) -> Outgoing:
    """The request that asks for it.

    Args:
        path: with `{name}` for the fields (by their names on the wire) that stand in the path.
        query: names on the wire of the fields that stand in the query; without a body all do.
        headers: names on the wire of the fields that are headers.
        media_type: of the body `content`.

    Raises:
        UsageError: a field that stands in the path is empty, one has characters that no header can have, or one has
            what cannot be sent at all: no number, lone surrogates, lists in lists without end.
    """
    try:
        return _outgoing(method, path, ask, query, headers, body, media_type)
    except UnicodeError:
        raise UsageError(
            "A text of the request cannot be sent.", todo="Look for a file name or text that was not read as UTF-8."
        ) from None
    except RecursionError:
        raise UsageError("The request is nested too deeply.", todo="Send fewer lists and mappings in others.") from None


def _outgoing(
    method: str, path: str, ask: Ask, query: frozenset[str], headers: frozenset[str], body: Body, media_type: str
) -> Outgoing:
    fields, leaves = plain(ask), _leaves(ask)
    for value in leaves:
        if isinstance(value, float | Decimal) and not Decimal(value).is_finite():
            raise UsageError(f"{value} is no amount.", todo="Give a number.")
    secrets = tuple(value.reveal() for value in leaves if isinstance(value, Secret))
    filled = _filled(path, fields)
    said = headed({name.lower(): "".join(_texts(fields.pop(name))) for name in tuple(fields) if name in headers})
    asked = {name: fields.pop(name) for name in tuple(fields) if name in query or method in _BODILESS}
    if asked:
        filled += "?" + _pairs(asked)
    if body == "content" and fields:
        return Outgoing(method, filled, {**said, "content-type": media_type}, fields["content"], (), secrets)
    if body == "form" and fields:
        parts = tuple((name, part) for name, value in fields.items() for part in _parts(value))
        return Outgoing(method, filled, said, None, parts, secrets)
    if body == "urlencoded" and fields:
        said["content-type"] = "application/x-www-form-urlencoded"
        return Outgoing(method, filled, said, _pairs(fields).encode(), (), secrets)
    if fields:
        return Outgoing(method, filled, {**said, "content-type": "application/json"}, encoded(fields), (), secrets)
    return Outgoing(method, filled, said, None, (), secrets)


def headed(headers: dict[str, str]) -> dict[str, str]:
    """The headers, if all can be sent.

    Raises:
        UsageError: one has a line break or another character that no header can have. It may be a secret: the value
            is not told.
    """
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()) or value != value.strip():
            raise UsageError(
                f"The value for the header {name} has characters that no header can have.",
                todo="Look for a line break or space at its end, or letters beyond ASCII; or it is empty.",
            )
    return headers


def _pairs(fields: dict[str, Any]) -> str:
    return urlencode([(name, one) for name, value in fields.items() for one in _texts(value)])


def _filled(path: str, fields: dict[str, Any]) -> str:
    """The path with its fields, each percent-encoded as a whole: a French invoice number may contain a slash."""
    pieces = []
    for piece in path.split("{"):
        name, brace, rest = piece.partition("}")
        if not brace:
            pieces.append(piece)
            continue
        value = "".join(_texts(fields.pop(name, "")))
        if value in ("", ".", ".."):
            raise UsageError(f"{name} is {value!r}, and stands in the path of the call.", todo="Give its value.")
        pieces.append(quote(value, safe="") + rest)
    return "".join(pieces)


def _texts(value: Any) -> list[str]:
    """A value as it stands in a query or a form; lists repeat the name."""
    if isinstance(value, tuple | list):
        return [text for one in value for text in _texts(one)]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    if isinstance(value, Decimal):
        return [format(value, "f")]
    if isinstance(value, dt.date):
        return [value.isoformat()]
    return [value.reveal() if isinstance(value, Secret) else str(value)]


def _parts(value: Any) -> list[tuple[str | None, bytes, str]]:
    """The parts of a multipart form that a field becomes."""
    if isinstance(value, tuple | list):
        return [part for one in value for part in _parts(one)]
    if isinstance(value, File):
        return [(value.name, value.content, value.media_type)]
    if isinstance(value, Data | dict):
        return [(None, encoded(value), "application/json")]
    return [(None, text.encode(), "text/plain; charset=utf-8") for text in _texts(value)]


def _leaves(value: Any) -> list[Any]:
    if isinstance(value, msgspec.Struct):
        return [leaf for name in value.__struct_fields__ for leaf in _leaves(getattr(value, name))]
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return [leaf for one in value for leaf in _leaves(one)]
    return [value]
