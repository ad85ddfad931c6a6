"""One reader for the error bodies of all services, by their shapes (remote-apis 2.5, 4.3; KSeF 9.2)."""

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.remote.exchange.faults import Fault, Reply, error_kind, fault_of

NOW = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)


def fault(said: Any, status: int = 400, **headers: str) -> Fault:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    return fault_of(Reply(status, headers, body), NOW)


SHAPES: dict[str, tuple[Any, str, str, tuple[tuple[str, str], ...]]] = {
    "A": (
        {
            "errorMessage": "Validation failed",
            "errorType": "VALIDATION_FAILED",
            "errorTitle": "Oops",
            "status": 400,
            "errorId": "e-1",
            "details": None,
            "validationErrors": [{"field": "iban", "code": "BAD", "message": "is wrong"}],
        },
        "VALIDATION_FAILED",
        "Validation failed",
        (("iban", "is wrong"),),
    ),
    "A minimal": ({"errorMessage": "No", "status": "404", "path": "/x"}, "", "No", ()),
    "B": (
        {"message": "Bad", "errorClientMessage": "bad", "validationErrors": [{"field": "a", "message": "b"}]},
        "",
        "Bad",
        (("a", "b"),),
    ),
    "C": ({"status": 401, "error": "Unauthorized", "message": "Token?"}, "", "Token?", ()),
    "D": ({"message": "m", "errorClientMessage": "NO_CREDIT", "data": None}, "NO_CREDIT", "m", ()),
    "F": ({"status": 400, "error": "BAD_REQUEST", "message": "m", "timestamp": "t"}, "BAD_REQUEST", "m", ()),
    "H": (
        {"success": False, "httpStatus": 422, "error": "RANGE_TOO_LONG", "message": "m", "errors": ["one", "two"]},
        "RANGE_TOO_LONG",
        "m",
        (("", "one"), ("", "two")),
    ),
    "I": ({"status": 503, "error": "x", "code": "KSEF_DOWN", "message": "m"}, "KSEF_DOWN", "m", ()),
    "J": (
        {"status": 400, "error": "Wrong", "errors": [{"field": "nip", "message": "short"}]},
        "",
        "Wrong",
        (("nip", "short"),),
    ),
    "K": ({"code": 415, "description": "No attachment", "details": ["d"]}, "415", "No attachment", (("", "d"),)),
    "FactPulse": (
        {
            "errorCode": "SCHEMATRON_VALIDATION_FAILED",
            "errorMessage": "m",
            "details": [{"level": "Error", "item": "BT-1", "reason": "missing", "code": "BR-02"}],
        },
        "SCHEMATRON_VALIDATION_FAILED",
        "m",
        (("BT-1", "missing"),),
    ),
    "FactPulse 422": (
        {"detail": [{"loc": ["body", "siren"], "msg": "field required", "type": "missing"}]},
        "",
        "",
        (("body.siren", "field required"),),
    ),
    "FactPulse 400": ({"detail": ["one"]}, "", "", (("", "one"),)),
    "wrapper": (
        {"data": None, "success": False, "message": "", "error": {"code": "E7", "message": "m"}},
        "E7",
        "m",
        (),
    ),
    "Chorus": ({"returnCode": 12, "message": "m"}, "12", "m", ()),
    "text": (b"  gone fishing ", "", "gone fishing", ()),
    "page": (b"<html><body>502</body></html>", "", "", ()),
    "nothing": (b"", "", "", ()),
    "half": (b'{"message": "ha', "", "", ()),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_documented_shape(shape: str) -> None:
    said, code, message, fields = SHAPES[shape]
    found = fault(said)
    assert (found.code, found.message, found.fields) == (code, message, fields)


def test_the_number_of_an_incident() -> None:
    assert fault({"errorId": "e-1"}).reference == "e-1"
    assert fault({"correlationId": "c-1"}).reference == "c-1"


def test_how_long_to_wait() -> None:
    assert fault({}, 429, **{"retry-after": "7"}).retry_after == 7
    assert fault({}, 429, **{"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}).retry_after == 30
    assert fault({}, 429, **{"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}).retry_after == 0
    assert fault({"retryAfterSeconds": 4}, 429, **{"retry-after": "soon"}).retry_after == 4
    assert fault({"details": {"retryAfterSeconds": "5"}}, 429).retry_after == 5
    assert fault({"retryAfterSeconds": "NaN"}, 429).retry_after is None
    assert fault({}, 429).retry_after is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
known = st.sampled_from(
    ["errorMessage", "message", "error", "details", "detail", "errors", "validationErrors", "code", "retryAfterSeconds"]
)


@given(st.dictionaries(known, json_values), st.integers(100, 599))
def test_any_body_is_read(said: dict[str, Any], status: int) -> None:
    found = fault(json.dumps(said).encode("utf-8", "surrogatepass"), status)
    assert found.status == status
    assert all(isinstance(text, str) for pair in found.fields for text in pair)
    assert error_kind(status) is not None


@given(st.binary(max_size=60))
def test_any_bytes_are_read(body: bytes) -> None:
    assert fault(body).retryable is None
