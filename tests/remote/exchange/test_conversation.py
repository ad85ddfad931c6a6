"""The course of a call: signing in, repeating where it is safe, reading answers, giving up with the right error."""

import asyncio
import logging
import threading
import time
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fake_service import PASSWORD, Calls, Document, Wire

from billingua import errors
from billingua.remote.exchange import clients
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Token


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(clients.time, "sleep", waited.append)
    return waited


def test_fields_go_where_the_endpoint_says() -> None:
    wire = Wire((200, {"status": 7, "new": True}), (200, {}))
    with wire.client() as archive:
        found = archive.find(number="F/2026 +1", kind="a&b")
        assert archive.send_xml(company_id="c 1", content=b"<a/>") == "{}"
    assert found.status == "7"
    assert found.raw == {"status": 7, "new": True}
    first, second = wire.requests
    assert first.url.raw_path == b"/documents/F%2F2026%20%2B1?kind=a%26b"
    assert first.headers["authorization"] == "Bearer token-1"
    assert (second.method, second.url.raw_path, second.content) == ("POST", b"/xml?companyId=c+1", b"<a/>")
    assert second.headers["content-type"] == "application/xml"


def test_json_and_forms() -> None:
    wire = Wire((200, {}), httpx.Response(200, content=b"%PDF"))
    archive = wire.client()
    archive.submit(company_id="c", content=b"abc")
    info = Document(number="1")
    assert archive.upload(company_id="c", info=info, files=(File("a.pdf", b"%PDF-"), File("b.xml", b"<b/>"))) == b"%PDF"
    first, second = wire.requests
    assert first.content == b'{"companyId":"c","content":"YWJj"}'
    body = second.content
    assert second.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="info"\r\nContent-Type: application/json\r\n\r\n{"number":"1"}\r\n' in body
    assert b'name="files"; filename="a.pdf"' in body
    assert b'name="files"; filename="b.xml"' in body


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_an_empty_place_in_the_path_is_refused(value: str) -> None:
    with pytest.raises(errors.UsageError, match="stands in the path"):
        Wire().client().find(number=value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, errors.UnexpectedAnswer),
        (400, errors.Refused),
        (402, errors.CreditUsedUp),
        (403, errors.NotPermitted),
        (404, errors.NotThere),
        (405, errors.NotOffered),
        (409, errors.AlreadyThere),
        (410, errors.NotThere),
        (413, errors.Refused),
        (418, errors.UnexpectedAnswer),
        (422, errors.Refused),
        (500, errors.ServiceFailed),
        (501, errors.NotOffered),
    ],
)
def test_every_status_is_one_error(status: int, kind: type[errors.RemoteError]) -> None:
    wire = Wire((status, {"errorMessage": "No.", "errorType": "WHY_NOT"}))
    with pytest.raises(errors.RemoteError) as caught:
        wire.client().submit(company_id="c")
    error = caught.value
    assert type(error) is kind
    assert (error.service, error.endpoint, error.status) == ("archive", "submit", status)
    assert (error.code, error.message) == ("WHY_NOT", "No.")
    assert error.uncertain == (status in (302, 418, 500))
    assert len(wire.requests) == 1


def test_a_refused_token_is_renewed_once() -> None:
    for status in (401, 498):
        wire = Wire(status, (200, {"status": "A"}))
        assert wire.client().find(number="1").status == "A"
        assert wire.sign_ins == 2
        assert [one.headers["authorization"] for one in wire.requests] == ["Bearer token-1", "Bearer token-2"]
    wire = Wire(401, 401)
    with pytest.raises(errors.SignInFailed):
        wire.client().find(number="1")
    assert wire.sign_ins == 2


def test_a_service_may_have_another_way_to_show_the_token() -> None:
    wire = Wire(401, 200)
    archive = wire.client()
    archive.turns = True
    archive.find(number="1")
    assert (wire.sign_ins, len(wire.requests)) == (1, 2)


def test_a_token_is_renewed_before_it_expires() -> None:
    wire = Wire(200, 200)
    archive = wire.client()
    archive.token = Token(Secret("old"), time.time() + 30)
    archive.find(number="1")
    archive.token = Token(Secret("young"), time.time() + 300)
    archive.find(number="1")
    assert [one.headers["authorization"] for one in wire.requests] == ["Bearer token-1", "Bearer young"]


def test_threads_sign_in_once() -> None:
    wire = Wire(*[200] * 8)
    archive = wire.client()
    threads = [threading.Thread(target=archive.find, kwargs={"number": str(n)}) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (wire.sign_ins, len(wire.requests)) == (1, 8)


def test_what_passes_is_asked_again(waits: list[float]) -> None:
    wire = Wire(503, httpx.ReadTimeout("late"), (200, {"status": "A"}))
    assert wire.client(habits=Habits(first_wait=1)).find(number="1").status == "A"
    first, second = waits
    assert 0.5 <= first <= 1.5
    assert 1 <= second <= 3


def test_attempts_end(waits: list[float]) -> None:
    wire = Wire(*[502] * 9)
    with pytest.raises(errors.ServiceFailed):
        wire.client(habits=Habits(attempts=4)).find(number="1")
    assert (len(wire.requests), len(waits)) == (4, 3)


def test_what_creates_is_not_repeated_blindly(waits: list[float]) -> None:
    for fault in (500, 502, 503, 504, httpx.ReadTimeout("late"), httpx.RemoteProtocolError("half an answer")):
        wire = Wire(fault)
        with pytest.raises(errors.RemoteError) as caught:
            wire.client().submit(company_id="c")
        assert caught.value.uncertain
        assert len(wire.requests) == 1
    assert waits == []


def test_what_never_arrived_is_repeated(waits: list[float]) -> None:
    wire = Wire(httpx.ConnectError("refused"), 200)
    wire.client().submit(company_id="c")
    assert len(wire.requests) == 2
    with pytest.raises(errors.NotReached, match="cannot be reached") as caught:
        Wire(*[httpx.ConnectError("refused")] * 3).client().submit(company_id="c")
    assert not caught.value.uncertain
    assert len(waits) == 3


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(429, headers={"retry-after": "3"}),
        httpx.Response(429, json={"retryAfterSeconds": 3}),
        httpx.Response(429, json={"details": {"retryAfterSeconds": "3"}}),
        httpx.Response(503, json={"details": {"retryable": True, "retryAfterSeconds": 3}}),
    ],
)
def test_a_service_that_asks_to_wait_is_waited_for(response: httpx.Response, waits: list[float]) -> None:
    Wire(response, 200).client().submit(company_id="c")
    assert waits == [3.0]


def test_no_one_waits_for_ever(waits: list[float]) -> None:
    with pytest.raises(errors.TooManyRequests) as caught:
        Wire(httpx.Response(429, headers={"retry-after": "3600"})).client().find(number="1")
    assert (caught.value.retry_after, waits) == (3600, [])
    with pytest.raises(errors.ServiceFailed):
        Wire((503, {"details": {"retryable": False}})).client().find(number="1")
    assert waits == []


def test_an_answer_that_hides_a_failure() -> None:
    with pytest.raises(errors.ServiceFailed, match="queue") as caught:
        Wire((200, {"status": "FAILED", "message": "The queue is down"})).client().submit(company_id="c")
    assert caught.value.uncertain


@pytest.mark.parametrize("body", [b"[]", b"<html/>", b'{"total": "many"}', b'{"status": [1]}', b'{"sta', b"null"])
def test_an_answer_of_another_shape(body: bytes) -> None:
    with pytest.raises(errors.UnexpectedAnswer, match="not as documented"):
        Wire(httpx.Response(200, content=body)).client().find(number="1")


def test_too_large_is_found_before_sending() -> None:
    wire = Wire()
    with pytest.raises(errors.TooLarge):
        wire.client().submit(company_id="c", content=bytes(6_000_000))
    with pytest.raises(errors.TooLarge):
        wire.client().upload(company_id="c", files=(File("a", b""), File("b", bytes(6_000_000))))
    assert (wire.requests, wire.sign_ins) == ([], 0)


def test_an_endless_answer_is_not_read() -> None:
    wire = Wire(httpx.Response(200, content=bytes(2000)))
    with pytest.raises(errors.UnexpectedAnswer, match="goes on beyond 1,000 bytes"):
        wire.client(habits=Habits(largest_answer=1000)).find(number="1")


def test_pages_are_asked_for_as_they_are_taken() -> None:
    wire = Wire((200, {"content": [1, 2]}), (200, {"content": [3], "last": True}))
    numbers = wire.client().every()
    assert [next(numbers), next(numbers)] == [1, 2]
    assert len(wire.requests) == 1
    assert list(numbers) == [3]
    assert [one.url.query for one in wire.requests] == [b"page=0", b"page=1"]


def test_polling(waits: list[float]) -> None:
    wire = Wire(404, (200, {"status": "NEW"}), (200, {"status": "DONE", "total": "4"}))
    assert wire.client().finished(number="1").total == 4
    assert waits == [1, 1.5]


def test_polling_ends(waits: list[float]) -> None:
    with pytest.raises(errors.StillWorking, match="after 20 seconds"):
        Wire(*[(200, {"status": "NEW"})] * 20).client().finished(number="1")
    assert sum(waits) == pytest.approx(20, abs=0.5)  # the calls take time too
    waits.clear()
    with pytest.raises(errors.NotThere):
        Wire(*[404] * 20).client(pace=Pace(first=1, longest=2)).finished(number="1")
    assert 5 <= sum(waits) <= 8


def test_secrets_are_not_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire((400, {"message": f"{PASSWORD} and token-1 are wrong", "details": [f"token-1 {PASSWORD}"]}))
    archive = wire.client()
    with pytest.raises(errors.Refused) as caught:
        archive.find(number="1")
    told = [
        str(caught.value),
        repr(caught.value),
        str(vars(caught.value)),
        repr(archive),
        repr(archive.token),
        caplog.text,
    ]
    for text in told:
        assert PASSWORD not in text
        assert "token-1" not in text
    assert "*** and *** are wrong" in str(caught.value)


def test_plain_http_is_for_this_machine() -> None:
    for url in ("http://example.org", "ftp://example.org", "https://a:b@example.org", "https://example.org?x=1", "x"):
        with pytest.raises(errors.UsageError):
            Calls(url)
    for url in ("http://localhost:8000", "http://127.0.0.1/a/", "http://[::1]:1", "https://example.org"):
        assert Calls(url).base_url == url.rstrip("/")


def test_numbers_keep_their_digits() -> None:
    from billingua.remote.exchange.messages import decoded, encoded

    assert encoded({"a": Decimal("1.50"), "b": Decimal("1E+2")}).startswith(b'{"a":1.50,"b":1')
    assert decoded(b'{"a":0.10}') == {"a": Decimal("0.10")}


def test_tasks_are_served_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """The async client, over the same conversations."""

    async def nothing(_seconds: float) -> None: ...

    monkeypatch.setattr("anyio.sleep", nothing)

    async def talk() -> list[Any]:
        wire = Wire(
            401, 503, (200, {"status": "A"}), (200, {"content": [1]}), (200, {"content": [2], "last": True}), 404
        )
        async with wire.async_client() as archive:
            told: list[Any] = [(await archive.find(number="1")).status]
            told.extend([number async for number in archive.every()])
            with pytest.raises(errors.NotThere):
                await archive.find(number="2")
            return [*told, wire.sign_ins]

    assert asyncio.run(talk()) == ["A", 1, 2, 2]


def test_tasks_sign_in_once() -> None:
    async def talk() -> int:
        wire = Wire(*[200] * 5)
        archive = wire.async_client()
        await asyncio.gather(*[archive.find(number=str(n)) for n in range(5)])
        return wire.sign_ins

    assert asyncio.run(talk()) == 1
