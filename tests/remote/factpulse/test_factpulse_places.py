"""Each call of FactPulse stands where its description (4.4.0) says, takes what it says, and fails as it says."""

from typing import Any

import pytest
from factpulse_table import ANSWERS, CALLS, KEYS
from factpulse_wire import PASSWORD, Wire, body, place

from billingua import errors
from billingua.remote import factpulse as fp
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret

_HEADERS = {
    "submit_complete": "Organization-Id",
    "submit_complete_async": "Organization-Id",
    "submit_cdar": "Organization-Id",
    "submit_cdar_xml": "Organization-Id",
    "cdar_cashed": "Organization-Id",
    "cdar_refused": "Organization-Id",
    "lifecycle": "Organization-Id",
    "submit_report": "Organization-Id",
    "submit_aggregated_report": "Organization-Id",
    "submit_report_xml": "Organization-Id",
    "submit_flow": "Organization-Id",
    "search_flows": "Organization-Id",
    "set_pdp_config": "X-Encryption-Key",
    "incoming_invoice": "X-Encryption-Key",
}
_KINDS = {
    400: errors.Refused,
    401: errors.SignInFailed,
    403: errors.NotPermitted,
    404: errors.NotThere,
    408: errors.ServiceFailed,
    413: errors.Refused,
    422: errors.Refused,
    429: errors.TooManyRequests,
    500: errors.ServiceFailed,
    501: errors.NotOffered,
    503: errors.ServiceFailed,
}


def _endpoints() -> dict[str, Endpoint[Any, Any]]:
    found = {name: getattr(fp.FactPulseCalls, name) for name in dir(fp.FactPulseCalls)}
    return {name: one for name, one in found.items() if isinstance(one, Endpoint) and name != "sign_in"}


def test_every_call_stands_here() -> None:
    assert set(_endpoints()) == set(CALLS)
    assert all(endpoint.name == name for name, endpoint in _endpoints().items())
    assert all(endpoint.__doc__ for endpoint in _endpoints().values())


@pytest.mark.parametrize("call", CALLS)
def test_a_call_goes_where_it_belongs(call: str) -> None:
    given, where, content = CALLS[call]
    wire = Wire(ANSWERS.get(call, {}))
    with wire.client() as service:
        getattr(service, call)(**given)
    (request,) = wire.requests
    assert place(request) == where
    assert body(request) == content
    signed_in = call != "check_platform_credentials"
    assert request.headers.get("authorization") == ("Bearer access-1" if signed_in else None)


def _emptied(said: Any) -> Any:
    return {name: _emptied(one) for name, one in said.items()} if isinstance(said, dict) else ""


@pytest.mark.parametrize("call", KEYS)
@pytest.mark.parametrize("said", ["nothing", "empty", "null"])
def test_an_answer_without_its_key_is_no_success(call: str, said: str) -> None:
    key = KEYS[call]
    answer = {"nothing": {}, "empty": _emptied(key), "null": dict.fromkeys(key)}[said]
    service = Wire({**answer, "success": True, "returnCode": 0}).client()
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        getattr(service, call)(**CALLS[call][0])
    assert caught.value.uncertain


@pytest.mark.parametrize("call", _HEADERS)
def test_what_is_a_header(call: str) -> None:
    given, _, content = CALLS[call]
    wire = Wire(ANSWERS.get(call, {}))
    name = _HEADERS[call]
    more = {"organization_id": "me"} if name == "Organization-Id" else {"encryption_key": Secret("me")}
    with wire.client() as service:
        getattr(service, call)(**given, **more)
    assert wire.requests[0].headers[name] == "me"
    assert body(wire.requests[0]) == content


@pytest.mark.parametrize(
    ("call", "status"), [(call, status) for call, endpoint in _endpoints().items() for status in endpoint.errors]
)
def test_a_documented_error_is_one_exception(call: str, status: int) -> None:
    said = {
        "errorCode": "SOME_CODE",
        "errorMessage": f"Not so, {PASSWORD} of platform.",
        "details": [{"level": "Error", "item": "BT-1", "reason": "is missing"}],
    }
    with Wire((status, said)).client() as service, pytest.raises(errors.RemoteError) as caught:
        getattr(service, call)(**CALLS[call][0])
    error = caught.value
    assert type(error) is _KINDS[status]
    assert (error.service, error.endpoint, error.status, error.code) == ("factpulse", call, status, "SOME_CODE")
    assert error.message.startswith("Not so")
    assert error.fields == (("BT-1", "is missing"),)
    for secret in (PASSWORD, "piste-secret", "chorus-secret", "access-1"):
        assert secret not in f"{error} {error!r} {error.body}"
