"""The endpoints of a service as a table: what each takes and answers. Routing, checks and description follow from it.

A table has a line an endpoint, with these columns:

    name      the function that answers it
    method    GET, POST, ...
    path      below the prefix of the service; {name} is one segment, or a part of one after a colon
    takes     json, xml, form, or - for no body
    fields    see `_field`
    gives     json, xml, pdf, text, zip, file (any type), or - for no body
    status    of the good answer
    shape     of the error bodies
    errors    the statuses that are documented, or assumed where nothing is
    auth      how the caller shows who it is: - where it need not
    limit     the largest body, in megabytes (of 1024 x 1024 bytes)
    about     one sentence
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple
from urllib.parse import unquote

from billingua.resources import cells_of, table_beside

__all__ = ["MEDIA", "Endpoint", "Field", "endpoints_of", "find"]

MEDIA: Final = {
    "json": "application/json",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "text": "text/plain; charset=utf-8",
    "zip": "application/zip",
    "file": "application/octet-stream",
    "form": "multipart/form-data",
}
"""The media types of what is taken and given."""

MEGABYTE: Final = 1024 * 1024


class Field(NamedTuple):
    """A field of a request: in the query, in the body, or in either of several names."""

    names: tuple[str, ...]
    """More than one where any of them does."""
    kind: str
    """text, int, number, bool, list, object, uuid, date, moment, base64, hash, nip, siren, siret, file - or values
    divided by commas."""
    in_query: bool
    required: bool

    @property
    def values(self) -> tuple[str, ...]:
        """The only values there are; empty where the kind is a word."""
        return tuple(self.kind.split(",")) if "," in self.kind else ()


class Endpoint(NamedTuple):
    """One line of a table."""

    service: str
    name: str
    method: str
    path: str
    takes: str
    fields: tuple[Field, ...]
    gives: str
    status: int
    shape: str
    errors: tuple[int, ...]
    auth: str
    limit: int
    about: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(part.partition("}")[0] for part in self.path.split("{")[1:])


class Found(NamedTuple):
    """What a path leads to: the endpoint (None where there is none) and the values of its names."""

    endpoint: Endpoint | None
    values: dict[str, str]
    allowed: tuple[str, ...]
    """The methods that the path has, where the one that was used is not among them."""


class _Pattern:
    """A path of a table, ready to be compared."""

    def __init__(self, path: str) -> None:
        self.path = path

    @cached_property
    def segments(self) -> list[tuple[str, str]]:
        """For each segment what it begins with, and the name of the rest ("" where there is none)."""
        parts = []
        for segment in self.path.strip("/").split("/"):
            start, brace, name = segment.partition("{")
            parts.append((start, name.rstrip("}") if brace else ""))
        return parts

    def values(self, segments: list[str]) -> dict[str, str] | None:
        """The values of the names, or None where the path is another one."""
        if len(segments) != len(self.segments):
            return None
        found = {}
        for segment, (start, name) in zip(segments, self.segments, strict=True):
            text = unquote(segment)
            if not name:
                if text != start:
                    return None
            elif text.startswith(start) and len(text) > len(start):
                found[name] = text[len(start) :]
            else:
                return None
        return found


def find(endpoints: tuple[Endpoint, ...], method: str, raw_path: str) -> Found:
    """The endpoint for a path as it came, still percent-encoded: an encoded slash belongs to a value.

    A path without names goes before one with names.
    """
    slash = raw_path.endswith("/") and len(raw_path) > 1
    segments = raw_path.strip("/").split("/")
    matches = []
    for endpoint in endpoints:
        values = _Pattern(endpoint.path).values(segments)
        if values is not None and endpoint.path.endswith("/") == slash:
            matches.append((len(values), endpoint, values))
    matches.sort(key=lambda match: match[0])
    for _, endpoint, values in matches:
        if endpoint.method == method:
            return Found(endpoint, values, ())
    return Found(None, {}, tuple(sorted({endpoint.method for _, endpoint, _ in matches})))


def endpoints_of(module: str, table: str, service: str) -> tuple[Endpoint, ...]:
    """The table of endpoints that stands beside a module."""
    rows = cells_of(table_beside(module, table))[1:]
    return tuple(
        [
            Endpoint(
                *(service, name, method, path, takes),
                fields=tuple(_fields(fields)),
                gives=gives,
                status=int(status),
                shape=shape,
                errors=tuple(int(error) for error in errors.split()),
                auth=auth,
                limit=round(float(limit) * MEGABYTE),
                about=about,
            )
            for name, method, path, takes, fields, gives, status, shape, errors, auth, limit, about in rows
        ]
    )


def _fields(text: str) -> Iterator[Field]:
    for one in text.split():
        if one != "-":
            yield _field(one)


def _field(text: str) -> Field:
    """`?` for the query; names divided by `|` where any does; `*` where it is required; `:` and the kind, or values
    divided by commas, where it is no text: `?companyId*:uuid`, `apiKey|companyId*`, `businessType:B2B,B2C`.
    """
    names, _, kind = text.lstrip("?").partition(":")
    return Field(tuple(names.rstrip("*").split("|")), kind or "text", text.startswith("?"), names.endswith("*"))
