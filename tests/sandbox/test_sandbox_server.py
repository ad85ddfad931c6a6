"""The sandbox itself: faults, control, overview, description, start and stop."""

import asyncio
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sandbox_world import NOW, Service

from billingua import sandbox
from billingua.errors import MissingExtra, UsageError
from billingua.sandbox.faults import KINDS, fault_of_header
from billingua.sandbox.services import services

TOKENS = "/docnova/auth/login"
KEY = {"apiKey": "sandbox-key"}


def test_overview_names_every_service_and_its_credentials(http: httpx.Client, base: str) -> None:
    found = http.get("/").json()
    assert found["services"] == {one.name: base + one.prefix for one in services()}
    assert found["credentials"]["docnova"]["apiKey"] == "sandbox-key"


@pytest.mark.parametrize("fault", ["drop", "duplicate", "half"])
def test_connection_breaks_off(http: httpx.Client, fault: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": fault})


def test_half_an_answer_is_shorter_than_it_says(http: httpx.Client) -> None:
    with http.stream("POST", TOKENS, json=KEY, headers={"X-Sandbox-Fault": "half"}) as answer:
        assert answer.status_code == 200
        chunks = answer.iter_raw()
        got = next(chunks)
        with pytest.raises(httpx.RemoteProtocolError):
            next(chunks)
    assert got.startswith(b'{"jwt"')
    assert len(got) == int(answer.headers["content-length"]) // 2


@pytest.mark.parametrize(("fault", "done"), [("drop", 0), ("duplicate", 1), ("half", 1)])
def test_what_is_done_when_the_connection_breaks_off(
    http: httpx.Client, docnova: Service, companies: dict[str, str], fault: str, done: int
) -> None:
    body = {"compId": companies["DE"], "base64Document": "AAAA", "invoiceType": "PDF"}
    with pytest.raises(httpx.RemoteProtocolError):
        docnova.post("/invoice/send-document-async", json=body, headers={"X-Sandbox-Fault": fault})
    assert len(http.get("/_sandbox/state").json()["documents"]) == done


def test_other_broken_answers(http: httpx.Client) -> None:
    empty = http.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": "empty"})
    assert (empty.status_code, empty.content) == (200, b"")
    wrong = http.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": "wrong-json"})
    assert wrong.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="Unterminated"):
        wrong.json()


def test_slow_answer_comes_late(http: httpx.Client) -> None:
    start = time.perf_counter()
    assert http.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": "slow; seconds=0.1"}).status_code == 200
    assert time.perf_counter() - start >= 0.1


def test_a_slow_answer_holds_up_no_other(http: httpx.Client, base: str) -> None:
    with httpx.Client(base_url=base, timeout=0.05, trust_env=False) as other:
        with pytest.raises(httpx.ReadTimeout):
            other.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": "slow; seconds=0.15"})
        assert http.get("/_sandbox/state").status_code == 200


def test_wait_is_named_in_header_and_body(docnova: Service) -> None:
    answer = docnova.get("/invoice/document-status/x", headers={"X-Sandbox-Fault": "429; retry=7"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json()["details"] == {"retryAfterSeconds": 7}


def test_faults_wait_for_their_requests(http: httpx.Client) -> None:
    fault = {"service": "docnova", "path": "/auth/login", "fault": 503, "times": 2}
    assert http.post("/_sandbox/faults", json=fault).json()["faults"][0]["times"] == 2
    assert http.post("/docnova/auth/refresh", json={"refreshToken": "x"}).status_code == 401
    assert [http.post(TOKENS, json=KEY).status_code for _ in range(3)] == [503, 503, 200]


def test_faults_can_be_taken_back(http: httpx.Client) -> None:
    http.post("/_sandbox/faults", json=[{"fault": "drop"}, {"fault": "402", "service": "factpulse"}])
    assert len(http.get("/_sandbox/state").json()["faults"]) == 2
    assert http.delete("/_sandbox/faults").json() == {"faults": []}
    assert http.post(TOKENS, json=KEY).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"fault": "explode"},
        {"fault": "200"},
        {"fault": "600"},
        {},
        [1],
        "drop",
        {"fault": "drop", "tims": 2},
        {"fault": "drop", "times": "many"},
        {"fault": "slow", "seconds": -1},
        {"fault": "slow", "seconds": 1e300},
    ],
)
def test_unknown_faults_are_refused(http: httpx.Client, body: Any) -> None:
    answer = http.post("/_sandbox/faults", json=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "NO_FAULT")
    assert http.get("/_sandbox/state").json()["faults"] == []


def test_every_kind_of_fault_can_be_asked_for_in_a_header() -> None:
    assert {fault_of_header(kind).kind for kind in KINDS} == set(KINDS)
    assert fault_of_header("ends; ends=210").ends == "210"


@pytest.mark.parametrize("status", ["400", "401", "402", "403", "404", "409", "413", "422", "429", "498", "500", "502"])
@pytest.mark.parametrize("service", services(), ids=lambda one: one.name)
def test_every_service_has_a_body_for_every_status(http: httpx.Client, service: Any, status: str) -> None:
    endpoint = service.endpoints[0]
    answer = http.request(
        endpoint.method, service.prefix + re.sub(r"\{\w+\}", "x", endpoint.path), headers={"X-Sandbox-Fault": status}
    )
    assert answer.status_code == int(status)
    assert re.search(r'"[A-Z][^"]+\."', answer.text), "It says nothing in words."


def test_clock_can_go_ahead(http: httpx.Client) -> None:
    assert http.get("/_sandbox/state").json()["now"] == NOW.isoformat()
    assert http.post("/_sandbox/clock", json={"advance": 60}).json()["now"] == "2026-11-21T12:01:00+00:00"
    for wrong in ({}, {"advance": "soon"}, {"advance": 1e300}, [1]):
        assert http.post("/_sandbox/clock", json=wrong).status_code == 400


def test_step_moves_everything(http: httpx.Client, docnova: Service, companies: dict[str, str]) -> None:
    body = {"compId": companies["DE"], "base64Document": "AAAA", "invoiceType": "PDF"}
    docnova.post("/invoice/send-document-async", json=body)
    assert http.post("/_sandbox/step").json()["documents"][0]["status"] == "PROCESSING"
    assert http.post("/_sandbox/step", json={"count": 9}).json()["documents"][0]["status"] == "COMPLETED"
    assert http.post("/_sandbox/step", json={"count": 0}).status_code == 400


def test_reset_gives_the_same_identifiers_again(http: httpx.Client) -> None:
    def first_token() -> str:
        http.post("/_sandbox/reset")
        return str(http.post(TOKENS, json=KEY).json()["jwt"])

    assert first_token() == first_token()


def test_state_shows_no_token(http: httpx.Client, docnova: Service) -> None:
    assert docnova.headers["R-Auth"] not in http.get("/_sandbox/state").text


def test_no_such_path_or_method(http: httpx.Client) -> None:
    assert http.get("/nothing").json()["error"] == "NOT_FOUND"
    assert http.get("/docnova/nothing").json()["errorType"] == "NOT_FOUND"
    wrong = http.get(TOKENS)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


def test_description_is_made_of_the_tables(http: httpx.Client) -> None:
    described = http.get("/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    expected = {
        (service.prefix + endpoint.path, endpoint.method.lower())
        for service in services()
        for endpoint in service.endpoints
    }
    operations = {
        (path, method): one for path, methods in described["paths"].items() for method, one in methods.items()
    }
    assert expected == {key for key in operations if not key[0].startswith("/_sandbox")}
    names = [one["operationId"] for one in operations.values()]
    assert len(names) == len(set(names))
    references = re.findall(r'"\$ref":"#/components/schemas/([^"]+)"', http.get("/openapi.json").text)
    assert set(references) <= set(described["components"]["schemas"])
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in described["components"]["schemas"])


def test_every_described_path_is_served(http: httpx.Client) -> None:
    """Without credentials and body each answers, and never that there is no such path or that it broke."""
    for path, methods in http.get("/openapi.json").json()["paths"].items():
        for method, operation in methods.items():
            answer = http.request(method.upper(), re.sub(r"\{\w+\}", "1", path))
            documented = {int(status) for status in operation["responses"]}
            assert answer.status_code in documented | {400, 401}, (method, path, answer.text)
            assert answer.status_code != 500, (method, path, answer.text)


def test_each_endpoint_has_a_sentence_and_good_answer() -> None:
    for service in services():
        keys = [(one.method, one.path) for one in service.endpoints]
        assert len(keys) == len(set(keys))
        for one in service.endpoints:
            assert one.about.endswith("."), one.name
            assert one.status < 300, one.name


def test_more_polls_for_each_status() -> None:
    with sandbox.running(polls=2) as base, httpx.Client(base_url=f"{base}/docnova", trust_env=False) as http:
        http.headers["R-Auth"] = http.post("/auth/login", json=KEY).json()["jwt"]
        body = {"apiKey": "sandbox-key", "base64Document": "AAAA", "invoiceType": "PDF"}
        id = http.post("/invoice/send-document-async", json=body).json()["trackingId"]
        seen = [http.get(f"/invoice/document-status/{id}").json()["status"] for _ in range(5)]
    assert seen == ["PENDING", "PENDING", "PROCESSING", "PROCESSING", "COMPLETED"]


def test_importing_loads_no_server() -> None:
    code = "import sys, billingua.sandbox as s; s.app; print({'starlette', 'uvicorn', 'httpx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_it_works_inside_another_server() -> None:
    """As a plain ASGI application: the life-span protocol, calls without a socket, and a connection that breaks off."""

    async def calls() -> list[int]:
        transport = httpx.ASGITransport(app=sandbox.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            answers = [await http.post(TOKENS, json=KEY) for _ in range(2)]
            with pytest.raises(ConnectionAbortedError):
                await http.post(TOKENS, json=KEY, headers={"X-Sandbox-Fault": "drop"})
            return [answer.status_code for answer in answers]

    async def life() -> list[str]:
        said: list[str] = []

        async def receive() -> dict[str, Any]:
            return {}

        async def send(message: Any) -> None:
            said.append(message["type"])

        await sandbox.app()({"type": "lifespan"}, receive, send)
        return said

    assert asyncio.run(calls()) == [200, 200]
    assert asyncio.run(life()) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_many_clients_at_once(http: httpx.Client, base: str, docnova: Service, companies: dict[str, str]) -> None:
    body = {"compId": companies["DE"], "base64Document": "AAAA", "invoiceType": "PDF"}

    def send(_: int) -> str:
        with httpx.Client(base_url=base, trust_env=False) as own:
            path = f"{docnova.prefix}/invoice/send-document-async"
            return str(own.post(path, json=body, headers=docnova.headers).json()["trackingId"])

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(send, range(16)))
    assert len(set(ids)) == 16
    assert {one["id"] for one in http.get("/_sandbox/state").json()["documents"]} == set(ids)


def test_a_port_in_use_is_refused(base: str) -> None:
    with pytest.raises(UsageError, match="cannot listen on port"), sandbox.running(int(base.rpartition(":")[2])):
        pass


def test_an_application_of_ones_own_is_served() -> None:
    made = sandbox.app()
    with sandbox.running(sandbox=made) as base:
        httpx.post(base + TOKENS, json=KEY, trust_env=False)
    assert made.store.requests == 1


def test_polls_are_positive() -> None:
    with pytest.raises(UsageError, match="0 times"):
        sandbox.app(polls=0)


@pytest.mark.parametrize(("module", "package"), [("starlette", "starlette"), ("python_multipart", "python-multipart")])
def test_missing_packages_are_named(monkeypatch: pytest.MonkeyPatch, module: str, package: str) -> None:
    import importlib.util

    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == module else find(name, *more))
    with pytest.raises(MissingExtra, match=rf"needs the package {package}.*billingua\[sandbox\]"):
        sandbox.app()
