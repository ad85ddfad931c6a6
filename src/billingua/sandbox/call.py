"""A request as the handlers see it: its parts, checked against the line of the table."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from billingua.errors import IdentifierError
from billingua.identifiers import nip, siren, siret
from billingua.ksef.hash import digest_of
from billingua.sandbox.endpoint import MEDIA, Endpoint, Field
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store

__all__ = ["Answer", "Call", "Upload", "decoded", "is_uuid", "to_json"]

_MEDIA_TAKEN: Final = {
    "json": ("application/json",),
    "xml": ("application/xml", "text/xml"),
    "form": ("multipart/form-data", "application/x-www-form-urlencoded"),
}
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class Upload(NamedTuple):
    """A part of a form that is a file."""

    name: str
    media: str
    data: bytes


class Answer(NamedTuple):
    """What a handler gives where it is more than the good answer of the table."""

    body: Any
    status: int | None = None
    media: str | None = None
    headers: Mapping[str, str] = {}


_decoder = msgspec.json.Decoder(float_hook=Decimal)


def decoded(data: bytes) -> Any:
    """JSON, with numbers as they are written.

    Raises:
        ValueError: it is none.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ArithmeticError) as error:
        raise ValueError(str(error) or "The JSON is nested too deeply.") from None


_encoder = msgspec.json.Encoder(decimal_format="number")


def to_json(body: Any) -> bytes:
    """JSON, with decimals as numbers."""
    return _encoder.encode(body)


class Call:
    """One request. `account` is who asks, as the service's `account_of` found it; `ends` is the status that a fault
    wants the document to end in ("" for none).
    """

    def __init__(
        self,
        store: Store,
        endpoint: Endpoint,
        *,
        path: str,
        values: dict[str, str],
        query: str,
        headers: Mapping[str, str],
        body: bytes,
        form: Mapping[str, "str | Upload | list[Upload]"],
        base: str,
    ) -> None:
        self.store = store
        self.endpoint = endpoint
        self.path = path
        self.values = values
        self.query = dict(parse_qsl(query, keep_blank_values=True))
        self.headers = headers
        self.body = body
        self.form = form
        self.base = base
        self.account: Any = None
        self.ends = ""

    @cached_property
    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return decoded(self.body)

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a field, of the query or the body; the default where it is absent, null or empty."""
        for place in (self.values, self.query, self._fields):
            value = place.get(name)
            if value is not None and value != "":
                return value
        return default

    def text(self, name: str, default: str = "") -> str:
        """The value of a field as text."""
        value = self.get(name, default)
        return value if isinstance(value, str) else str(value)

    def number(self, name: str, default: int) -> int:
        """The value of a field that is a whole number."""
        return int(self.get(name, default))

    def upload(self, name: str) -> Upload | None:
        """A file of the form."""
        found = self.form.get(name)
        if isinstance(found, list):
            return found[0]
        return found if isinstance(found, Upload) else None

    def bytes_of(self, name: str) -> bytes:
        """A field that is Base64, decoded."""
        return base64.b64decode(self.text(name))

    @property
    def _fields(self) -> Mapping[str, Any]:
        if self.endpoint.takes == "json":
            return self.json if isinstance(self.json, dict) else {}
        return self.form

    def status(self, *wanted: int) -> int:
        """The first of some statuses that the endpoint documents; the last one where it has none of them."""
        return next((one for one in wanted if one in self.endpoint.errors), wanted[-1])

    def unreadable(self) -> str:
        """What keeps the body from being read at all; "" where nothing does."""
        takes = self.endpoint.takes
        if takes == "-":
            return ""
        media = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in _MEDIA_TAKEN[takes]:
            return f"Content type '{media}' is not supported; it is {MEDIA[takes]}."
        if takes == "json":
            try:
                if not isinstance(self.json, dict):
                    return "The body is no JSON object."
            except ValueError as error:
                return f"The body is no JSON: {error}"
        elif not self.body:
            return "The body is empty."
        return ""

    def complaints(self) -> tuple[Complaint, ...]:
        """What the fields of the table miss."""
        return tuple(self._complaints())

    def _complaints(self) -> Iterator[Complaint]:
        for field in self.endpoint.fields:
            place = self.query if field.in_query else self._fields
            given = [name for name in field.names if place.get(name) not in (None, "")]
            if not given and field.required:
                yield Complaint(field.names[-1], "NotNull", f"{' or '.join(field.names)} must not be empty")
            for name in given:
                problem = _problem(field, place[name], "text" if name == "apiKey" else field.kind)
                if problem:
                    yield Complaint(name, "Invalid", f"{name} {problem}")

    def refuse(self, status: int | tuple[int, ...], code: str, message: str, *complaints: Complaint) -> Refusal:
        """A refusal with the first of the statuses that the endpoint documents."""
        return Refusal(self.status(*status) if isinstance(status, tuple) else status, code, message, complaints)


def _problem(field: Field, value: Any, kind: str) -> str:
    """What is wrong with a value; "" when nothing is."""
    if field.values and kind != "text":
        return "" if value in field.values else f"must be one of {', '.join(field.values)}"
    fits, what = _KINDS[kind]
    if not field.in_query and kind in _TEXTS and not isinstance(value, str):
        return "must be a text"
    return "" if fits(value) else f"must be {what}"


def is_uuid(text: str) -> bool:
    """Whether a text has the form of a UUID."""
    return _UUID.fullmatch(text) is not None


def _is_int(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"[0-9]{1,9}", value) is not None
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value) is not None
    return isinstance(value, int | Decimal) and not isinstance(value, bool) and -(10**15) < value < 10**15


def _is_bool(value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_date(value: str) -> bool:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) is None:
        return False
    return _parses(date.fromisoformat, value)


def _is_moment(value: str) -> bool:
    return len(value) >= len("2026-01-01T00:00") and _parses(datetime.fromisoformat, value)


def _is_base64(value: str) -> bool:
    try:
        return bool(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return False


def _is_hash(value: str) -> bool:
    return _parses(digest_of, value)


def _parses(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except (ValueError, IdentifierError):
        return False
    return True


_TEXTS: Final = frozenset(("text", "uuid", "date", "moment", "base64", "hash", "nip", "siren", "siret"))
_KINDS: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "text": (lambda value: isinstance(value, str), "a text"),
    "any": (lambda _: True, "there"),
    "int": (_is_int, "a whole number"),
    "number": (_is_number, "a number"),
    "bool": (_is_bool, "true or false"),
    "list": (lambda value: isinstance(value, list), "a list"),
    "object": (lambda value: isinstance(value, dict), "an object"),
    "file": (lambda value: isinstance(value, Upload | list), "a file"),
    "uuid": (is_uuid, "a valid UUID"),
    "date": (_is_date, "a date (yyyy-MM-dd)"),
    "moment": (_is_moment, "a date and time (ISO 8601)"),
    "base64": (_is_base64, "valid Base64"),
    "hash": (_is_hash, "a SHA-256 in Base64"),
    "nip": (nip.is_valid, "a valid NIP"),
    "siren": (siren.is_valid, "a valid SIREN"),
    "siret": (siret.is_valid, "a valid SIRET"),
}
