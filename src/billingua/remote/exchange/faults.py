"""What went wrong, out of whatever shape a service says it in: one reader for all, one typed error for each kind.

The HTTP status comes first, since it can differ from the `status` in the body. Sources: remote-apis 2.5 and 4.3, KSeF
9.2; the shapes are told apart by their keys, not by the endpoint.
"""

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

import msgspec

from billingua.errors import (
    AlreadyThere,
    CreditUsedUp,
    NotOffered,
    NotPermitted,
    NotThere,
    Refused,
    RemoteError,
    ServiceFailed,
    SignInFailed,
    TooManyRequests,
    UnexpectedAnswer,
)
from billingua.remote.exchange.messages import decoded

__all__ = ["Fault", "Reply", "error_kind", "fault_of", "json_of"]

_LONGEST_BODY = 20_000  # bytes; the error keeps less of them, cut after secrets have been taken out
_CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]{4,}")
_OAUTH_CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")  # invalid_client, unsupported_grant_type (RFC 6749, 5.2)
_KINDS: Mapping[int, type[RemoteError]] = {
    400: Refused,
    401: SignInFailed,
    402: CreditUsedUp,
    403: NotPermitted,
    404: NotThere,
    405: NotOffered,
    408: ServiceFailed,
    409: AlreadyThere,
    410: NotThere,
    413: Refused,
    415: Refused,
    422: Refused,
    429: TooManyRequests,
    498: SignInFailed,  # Docnova: the token has expired
    501: NotOffered,
}


class Reply(NamedTuple):
    """What came back over the wire; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        """Whether the status says that it was done."""
        return 200 <= self.status < 300


class Fault(NamedTuple):
    """What a service says went wrong; empty where it does not say it."""

    status: int
    code: str
    message: str
    fields: tuple[tuple[str, str], ...]
    reference: str
    retry_after: float | None
    retryable: bool | None
    body: str


def error_kind(status: int) -> type[RemoteError]:
    """The error that a status stands for."""
    return _KINDS.get(status) or (ServiceFailed if status >= 500 else UnexpectedAnswer)


def json_of(reply: Reply) -> Any:
    """The body as JSON, or None when it is not."""
    try:
        return decoded(reply.body) if reply.body.strip() else None
    except msgspec.DecodeError:
        return None


def fault_of(reply: Reply, now: dt.datetime | None = None) -> Fault:
    """What the service says went wrong. `now` is the time that a `Retry-After` given as a date counts from."""
    found = json_of(reply)
    said = found if isinstance(found, dict) else {}
    inner = said.get("details")
    details = inner if isinstance(inner, dict) else {}
    for nested in (said.get("error"), said.get("result")):
        if isinstance(nested, dict):  # a wrapper, {"success": false, "error": {...}}, or a task that ended with errors
            said = {**said, "error": None, **nested}
    body = reply.body[:_LONGEST_BODY].decode("utf-8", "replace")
    plain_text = body if not said and not body.lstrip().startswith(("<", "{", "[")) else ""
    retryable = _first(said.get("retryable"), details.get("retryable"))
    return Fault(
        reply.status,
        _code(said),
        _message(said) or plain_text.strip(),
        _fields(said),
        _text(_first(said.get("errorId"), said.get("correlationId"), said.get("instance"))),
        _retry_after(reply, said, details, now),
        retryable if isinstance(retryable, bool) else None,
        body,
    )


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None and value != ""), None)


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _capitals(value: Any) -> str | None:
    return value if isinstance(value, str) and _CODE.fullmatch(value) else None


def _oauth_code(value: Any) -> str | None:
    return value if isinstance(value, str) and _OAUTH_CODE.fullmatch(value) else None


def _code(said: Mapping[str, Any]) -> str:
    return _text(
        _first(
            said.get("code"),
            said.get("errorCode"),
            _capitals(said.get("error")),
            _oauth_code(said.get("error")),
            said.get("errorType"),
            _capitals(said.get("errorClientMessage")),
            said.get("errorTitle"),
            said.get("returnCode"),
        )
    )


def _message(said: Mapping[str, Any]) -> str:
    """The sentence; `error` is one where it is not a code."""
    names = (
        "errorMessage",
        "message",
        "description",
        "error_description",
        "errorClientMessage",
        "detail",
        "details",
        "error",
    )
    return next((text for name in names if (text := _text(said.get(name)).strip())), "")


def _fields(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Complaints about single fields: under whatever name, as a list or by field."""
    inner = said.get("validation")
    said = {**said, "validation": inner.get("errors") if isinstance(inner, dict) else None}
    for name in ("validationErrors", "errors", "details", "detail", "missing_fields", "validation", "error"):
        found = said.get(name)
        if isinstance(found, list) and found:
            return tuple(_complaint(one) for one in found)
        if isinstance(found, dict) and name != "details":
            return tuple((str(field), _text(text) or str(text)) for field, text in found.items())
    return ()


def _complaint(one: Any) -> tuple[str, str]:
    if not isinstance(one, dict):
        return "", str(one)
    names = ("field", "item", "errorField", "loc", "bt_code", "rule")
    place = _first(*(one.get(name) for name in names))
    field = ".".join(str(step) for step in place) if isinstance(place, list) else _text(place)
    texts = ("message", "reason", "msg", "reasonMessage", "description")
    text = next((text for name in texts if (text := _text(one.get(name)))), "")
    return field, text or _text(_first(one.get("code"), one.get("reasonCode"))) or str(one)


def _retry_after(
    reply: Reply, said: Mapping[str, Any], details: Mapping[str, Any], now: dt.datetime | None
) -> float | None:
    """The seconds to wait: the header (seconds or a date), else `retryAfterSeconds`, which may be nested."""
    for value in (reply.headers.get("retry-after"), said.get("retryAfterSeconds"), details.get("retryAfterSeconds")):
        if value is None:
            continue
        try:
            seconds = float(value)
        except (TypeError, ValueError, OverflowError):
            try:
                moment = parsedate_to_datetime(str(value))
            except ValueError:
                continue
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=dt.UTC)
            seconds = (moment - (now or dt.datetime.now(dt.UTC))).total_seconds()
        if seconds == seconds and seconds != float("inf"):
            return max(seconds, 0.0)
    return None
