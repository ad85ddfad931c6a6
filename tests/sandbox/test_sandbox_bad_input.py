"""Bad input to every endpoint: always the documented error, never a traceback, a page or a 500."""

import json
import logging
import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_world import signed_in

from billingua.sandbox.endpoint import Endpoint
from billingua.sandbox.services import services

ENDPOINTS = [(one, endpoint) for one in services() for endpoint in one.endpoints]
NAMES = [f"{service.name} {endpoint.name}" for service, endpoint in ENDPOINTS]
MEDIA = {"json": "application/json", "xml": "application/xml", "form": "multipart/form-data; boundary=x"}
GARBAGE = (
    b"",
    b"\x00\xff\xfe",
    b"{",
    b"[]",
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b"<a>" * 5_000,
    b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--",
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nb\r\n--x--\r\n',
    b"--x\r\nContent-Dis",
)


def headers_for(http: httpx.Client, service: str, auth: str) -> dict[str, str]:
    if auth == "-":
        return {}
    if service == "docnova":
        token = signed_in(http)
        return {"R-Auth": token} if auth == "r-auth" else {"Authorization": f"Bearer {token}"}
    if service == "openapi-fr":
        return {"Authorization": "Bearer sandbox-openapi-token"}
    if service == "factpulse":
        body = {"username": "sandbox@example.org", "password": "sandbox-password"}
        return {"Authorization": f"Bearer {http.post('/factpulse/api/token/', json=body).json()['access']}"}
    form = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    return {"Authorization": f"Bearer {http.post('/afnor/oauth/token', data=form).json()['access_token']}"}


def ask(http: httpx.Client, service: Any, endpoint: Endpoint, **more: Any) -> httpx.Response:
    path = re.sub(r"\{\w+\}", "x%2F%00%C3%28", endpoint.path)
    return http.request(endpoint.method, service.prefix + path, **more)


def check(answer: httpx.Response, endpoint: Endpoint) -> None:
    """Documented, in words, and nothing that broke."""
    assert answer.status_code in {endpoint.status, 400, *endpoint.errors}, answer.text
    assert answer.status_code != 500 or endpoint.name == "pl_batch_close", answer.text
    assert "Traceback" not in answer.text
    assert "html" not in answer.headers.get("content-type", "")
    if answer.content and answer.is_error:
        assert isinstance(answer.json(), dict)


@pytest.mark.parametrize(("service", "endpoint"), ENDPOINTS, ids=NAMES)
def test_garbage(http: httpx.Client, caplog: pytest.LogCaptureFixture, service: Any, endpoint: Endpoint) -> None:
    headers = headers_for(http, service.name, endpoint.auth)
    media = MEDIA.get(endpoint.takes, "text/plain")
    with caplog.at_level(logging.ERROR, "billingua.sandbox"):
        for body in GARBAGE if endpoint.takes != "-" else (b"",):
            check(ask(http, service, endpoint, headers=headers | {"Content-Type": media}, content=body), endpoint)
        check(ask(http, service, endpoint, headers=headers | {"Content-Type": "text/html"}, content=b"<p>"), endpoint)
    assert not caplog.records


def plausible(kind: str) -> Any:
    """A value of the right kind, so that the handler itself is reached."""
    return {
        "int": 3,
        "number": "1.50",
        "bool": True,
        "list": [{"x": [1, None, {}]}, 7, "y", None, []],
        "object": {"x": {"y": [None]}, "type": "afnor", "where": 1, "Value": [1]},
        "uuid": "5a4db0c5-0000-4000-8000-000000000003",
        "date": "2026-11-20",
        "moment": "2026-11-20T10:00:00+01:00",
        "base64": "PGE+PC9hPg==",
        "hash": "A" * 43 + "=",
        "nip": "1111111111",
        "siren": "100000009",
        "siret": "10000000900017",
        "any": "{}",
    }.get(kind, kind.partition(",")[0] if "," in kind else "x\u0000\U0001f600<&")


ODD = (None, [None], {"a": {}}, 7, "\u0000", 1e308, "x" * 5_000, True, "AAAA")


@pytest.mark.parametrize(
    ("service", "endpoint"),
    [one for one in ENDPOINTS if one[1].takes == "json"],
    ids=[name for name, one in zip(NAMES, ENDPOINTS, strict=True) if one[1].takes == "json"],
)
def test_odd_fields(http: httpx.Client, caplog: pytest.LogCaptureFixture, service: Any, endpoint: Endpoint) -> None:
    """Each field in turn gets every odd value, beside good ones."""
    headers = headers_for(http, service.name, endpoint.auth)
    params = {field.names[-1]: str(plausible(field.kind)) for field in endpoint.fields if field.in_query}
    good = {field.names[-1]: plausible(field.kind) for field in endpoint.fields if not field.in_query}
    if "apiKey" in {name for field in endpoint.fields for name in field.names} and service.name == "docnova":
        good |= {"apiKey": "sandbox-key"}
    with caplog.at_level(logging.ERROR, "billingua.sandbox"):
        check(ask(http, service, endpoint, headers=headers, params=params, json=good), endpoint)
        for name in good:
            for value in ODD[: 9 if len(good) < 8 else 4]:
                body = json.dumps(good | {name: value})
                answer = ask(
                    http,
                    service,
                    endpoint,
                    headers=headers | {"Content-Type": "application/json"},
                    params=params,
                    content=body,
                )
                check(answer, endpoint)
    assert not [record.exc_text for record in caplog.records]


@pytest.mark.parametrize(
    ("service", "endpoint"),
    [one for one in ENDPOINTS if one[1].takes == "form"],
    ids=[name for name, one in zip(NAMES, ENDPOINTS, strict=True) if one[1].takes == "form"],
)
def test_odd_forms(http: httpx.Client, caplog: pytest.LogCaptureFixture, service: Any, endpoint: Endpoint) -> None:
    """Files where texts are expected, and texts where files are."""
    headers = headers_for(http, service.name, endpoint.auth)
    names = [field.names[-1] for field in endpoint.fields if not field.in_query]
    forms: tuple[dict[str, Any], ...] = (
        dict.fromkeys(names, ("a.xml", b"<a/>", "text/xml")),
        dict.fromkeys(names, (None, "x")),
        dict.fromkeys(names, (None, b"\xff\x00")),
        dict.fromkeys(names, (None, '{"a": [1]}')),
        dict.fromkeys(names, ("", b"", "")),
    )
    with caplog.at_level(logging.ERROR, "billingua.sandbox"):
        for form in forms:
            check(ask(http, service, endpoint, headers=headers, files=form), endpoint)
        check(ask(http, service, endpoint, headers=headers, data=dict.fromkeys(names, "7")), endpoint)
    assert not [record.exc_text for record in caplog.records]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
DEEP = {
    "/docnova/invoice/send-document-async-json": ("ublDto",),
    "/factpulse/api/v1/processing/invoices/submit-complete": ("invoiceData", "destination", "options"),
    "/factpulse/api/v1/ereporting/validate": ("data",),
    "/openapi-fr/FR-invoices": ("sender", "recipient", "invoice_lines", "payment_means"),
    "/afnor/flow-service/v1/flows/search": ("where",),
    "/afnor/directory-service/v1/siret/search": ("filters", "sorting", "fields", "include"),
}


@pytest.mark.parametrize("path", DEEP)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_json(http: httpx.Client, caplog: pytest.LogCaptureFixture, path: str, data: st.DataObject) -> None:
    service = next(one for one in services() if path.startswith(f"{one.prefix}/"))
    headers = headers_for(http, service.name, "r-auth" if service.name == "docnova" else "bearer")
    body: dict[str, Any] = {
        "apiKey": "sandbox-key",
        "sourcePdf": "AAAA",
        "document_number": "1",
        "issue_date": "2026-11-20",
    }
    for name in DEEP[path]:
        body[name] = data.draw(JSON)
    with caplog.at_level(logging.ERROR, "billingua.sandbox"):
        answer = http.post(path, json=body, headers=headers)
    assert not [record.exc_text for record in caplog.records]
    assert answer.status_code in (200, 400, 422)
