"""Whatever a service says, one reader makes a fault of it; the shapes of the French services by example."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.remote.exchange.faults import Reply, fault_of

_names = st.sampled_from(
    (
        "error",
        "result",
        "details",
        "detail",
        "errors",
        "validation",
        "validationErrors",
        "missing_fields",
        "message",
        "errorMessage",
        "errorCode",
        "code",
        "returnCode",
        "loc",
        "field",
        "item",
        "bt_code",
        "rule",
        "msg",
        "reason",
        "retryable",
        "retryAfterSeconds",
        "errorId",
        "error_description",
    )
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("aZ_ é0", max_size=12) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names | st.text("ab", max_size=4), inner, max_size=6),
    max_leaves=15,
)


@given(_json, st.integers(200, 599), st.text("0123456789.eE+-:, MonSep GMT", max_size=12))
def test_any_json_is_read(said, status, wait):
    fault = fault_of(Reply(status, {"retry-after": wait}, json.dumps(said).encode()))
    assert fault.status == status
    assert all(isinstance(field, str) and isinstance(text, str) for field, text in fault.fields)
    assert isinstance(fault.code, str)
    assert isinstance(fault.message, str)


@given(st.binary(max_size=60))
def test_any_bytes_are_read(body):
    assert fault_of(Reply(500, {}, body)).status == 500


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"error":' * 50_000,
        b'{"message": 1e999999999999999999999}',
        b'{"retryAfterSeconds": 1e999999}',
    ],
    ids=["lists", "objects", "number", "wait"],
)
def test_a_body_made_to_break_readers_is_read(body):
    assert fault_of(Reply(400, {}, body)).status == 400


_SHAPES = {
    "flow service": (
        {"errorCode": "InvalidSchema", "errorMessage": "flowInfo is wrong.", "instance": "urn:1", "details": "line 3"},
        ("InvalidSchema", "flowInfo is wrong.", ()),
    ),
    "flow service, details only": ({"errorCode": "EmptyFlow", "details": "no bytes"}, ("EmptyFlow", "no bytes", ())),
    "token": (
        {"error": "invalid_client", "error_description": "Unknown client."},
        ("invalid_client", "Unknown client.", ()),
    ),
    "platform": (
        {
            "errorCode": "SCHEMATRON_VALIDATION_FAILED",
            "errorMessage": "2 rules failed.",
            "details": [
                {"level": "Error", "item": "BT-1", "reason": "is missing", "source": "schematron", "code": "BR-2"}
            ],
        },
        ("SCHEMATRON_VALIDATION_FAILED", "2 rules failed.", (("BT-1", "is missing"),)),
    ),
    "list of texts": (
        {"detail": ["BR-CO-10: sum", "BR-2: none"]},
        ("", "", (("", "BR-CO-10: sum"), ("", "BR-2: none"))),
    ),
    "list of places": (
        {"detail": [{"loc": ["body", "lines", 0, "vatRate"], "msg": "Field required", "type": "missing"}]},
        ("", "", (("body.lines.0.vatRate", "Field required"),)),
    ),
    "one text": ({"detail": "No active account found"}, ("", "No active account found", ())),
    "finished task with errors": (
        {"taskId": "t", "status": "SUCCESS", "result": {"status": "ERROR", "errorCode": "X_Y", "errorMessage": "No."}},
        ("X_Y", "No.", ()),
    ),
    "conversion that lacks values": (
        {
            "status": "validation_failed",
            "message": "Values are missing.",
            "missing_fields": [{"field": "supplier.siret", "bt_code": "BT-29", "description": "SIRET"}],
            "validation": {"errors": [{"rule": "BR-06", "severity": "error", "message": "no name"}]},
        },
        ("", "Values are missing.", (("supplier.siret", "SIRET"),)),
    ),
    "conversion that fails rules": (
        {"message": "Wrong.", "validation": {"errors": [{"rule": "BR-06", "message": "no name"}]}},
        ("", "Wrong.", (("BR-06", "no name"),)),
    ),
    "Chorus Pro": ({"returnCode": 20001, "message": "Facture inconnue"}, ("20001", "Facture inconnue", ())),
    "wrapper": ({"success": False, "message": "Not taken", "error": None, "data": None}, ("", "Not taken", ())),
    "wrapper with an object": (
        {"success": False, "message": "", "error": {"code": 113, "message": "fiscal_id"}},
        ("113", "fiscal_id", ()),
    ),
    "wrapper with a list": (
        {"success": False, "message": "Not taken", "error": [{"field": "siren", "message": "9 digits"}, "and more"]},
        ("", "Not taken", (("siren", "9 digits"), ("", "and more"))),
    ),
}


@pytest.mark.parametrize("shape", _SHAPES)
def test_each_shape_of_the_french_services(shape):
    said, expected = _SHAPES[shape]
    fault = fault_of(Reply(400, {}, json.dumps(said).encode()))
    assert (fault.code, fault.message, fault.fields) == expected
