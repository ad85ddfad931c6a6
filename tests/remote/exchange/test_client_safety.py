"""What a client does where others would leak, hang or break: proxies, redirects, slow and garbled answers, threads."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from fake_service import PASSWORD, Archive, AsyncArchive, Wire

from billingua import errors
from billingua.remote.exchange import clients
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.secrets import Secret, without_secrets
from billingua.remote.exchange.service import Token, checked_base_url
from receiving import serving

_PROXIES = ("ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY")


@contextmanager
def _serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path == "/login":
                _say(self, b'{"token": "signed-in-token"}')
            else:
                answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as address:
        yield address


def _say(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_a_given_client_that_follows_redirects_does_not_take_the_token_along() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.example/"})

    given = httpx.Client(transport=httpx.MockTransport(answer), follow_redirects=True)
    archive = Archive("https://archive.example", http=given)
    archive.token = Token(Secret("token-of-the-archive"))
    with pytest.raises(errors.UnexpectedAnswer, match="302"):
        archive.find(number="1")
    assert asked == ["archive.example"]


def test_not_even_the_log_of_httpcore_has_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with _serving(lambda handler: _say(handler, b"{}")) as url, Archive(url) as archive:
        archive.find(number="1")
    assert "receive_response_headers" in caplog.text  # so it was listening
    assert PASSWORD not in caplog.text
    assert "signed-in-token" not in caplog.text


@pytest.mark.parametrize("secret", ['with "quotes" and \\', "a/b+c d&e", "plain-key"])
@pytest.mark.parametrize("written", ["json", "query", "plain"])
def test_a_secret_is_blanked_out_however_it_is_written(secret: str, written: str) -> None:
    bodies = {"json": {"json": {"error": f"no key {secret}"}}, "plain": {"text": f"no key {secret}"}}
    body = httpx.Response(400, **bodies.get(written, {"text": f"no {httpx.QueryParams(key=secret)}"}))
    archive = Wire(body).client()
    archive.token = Token(Secret(secret))
    with pytest.raises(errors.Refused) as caught:
        archive.find(number="1")
    error = caught.value
    assert "***" in error.body
    assert "***" in error.message
    assert secret not in f"{error} {error.body} {error.message}"


def test_a_secret_beyond_ascii_is_blanked_out_in_json() -> None:
    assert without_secrets(r'{"key": "\u00fcn\u00efcode"}', ["ünïcode"]) == '{"key": "***"}'


def test_the_longer_of_two_secrets_leaves_no_end_behind() -> None:
    assert without_secrets("abcd-efgh abcd", ["abcd", "abcd-efgh"]) == "*** ***"


def test_no_half_of_a_secret_is_left_where_a_body_is_cut() -> None:
    archive = Wire(httpx.Response(400, text="x" * 1980 + "token-of-the-archive" * 3)).client()
    archive.token = Token(Secret("token-of-the-archive"))
    with pytest.raises(errors.Refused) as caught:
        archive.find(number="1")
    assert "token-of" not in caught.value.body
    assert len(caught.value.message) <= 2000


@pytest.mark.parametrize(
    "variables",
    [
        {"ALL_PROXY": "socks5://user:proxy-password@127.0.0.1:1"},
        {"HTTPS_PROXY": "gopher://user:proxy-password@127.0.0.1:1"},
    ],
)
def test_a_proxy_that_cannot_be_used_is_said_without_its_password(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in _PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(__import__("sys").modules, "socksio", None)
    archive = Archive("https://archive.example")
    archive.token = Token(Secret("token"))
    with pytest.raises(errors.UsageError, match="PROXY") as caught:
        archive.find(number="1")
    assert "proxy-password" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_closed_client_says_so() -> None:
    with _serving(lambda handler: _say(handler, b"{}")) as url:
        with Archive(url) as archive:
            archive.find(number="1")
        with pytest.raises(errors.UsageError, match="closed"):
            archive.find(number="1")


def test_an_answer_that_trickles_is_given_up() -> None:
    pause = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("content-length", "1000")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                pause.wait(0.02)
        except OSError:
            pass

    habits = Habits(attempts=1, answer_within=5, finished_within=0.1)
    with _serving(drip) as url, Archive(url, habits=habits) as archive:
        with pytest.raises(errors.NotReached, match="had no end") as caught:
            archive.submit(company_id="c")
        assert (caught.value.endpoint, caught.value.uncertain) == ("submit", True)


def test_an_answer_too_long_to_a_submission_is_uncertain() -> None:
    archive = Wire(httpx.Response(200, content=b"x" * 100)).client(habits=Habits(largest_answer=10))
    archive.token = Token(Secret("token"))
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        archive.submit(company_id="c")
    error = caught.value
    assert (error.service, error.endpoint, error.uncertain) == ("archive", "submit", True)


def test_the_time_limit_of_polling_counts_the_calls_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients.time, "sleep", [].append)
    moment = iter(range(0, 10_000, 15))
    monkeypatch.setattr("billingua.remote.exchange.conversation.time.monotonic", lambda: next(moment))
    wire = Wire(*[(200, {"status": "NEW"})] * 20)
    with pytest.raises(errors.StillWorking):
        wire.client(pace=Pace(first=0.01, longest=0.01, deadline=120)).finished(number="1")
    assert len(wire.requests) < 10


def test_who_asks_for_fewer_requests_is_asked_a_second_later(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(clients.time, "sleep", waits.append)
    wire = Wire(429, 429, (200, {}))
    wire.client(habits=Habits()).find(number="1")
    assert 0.5 <= waits[0] <= 1.5
    assert 1 <= waits[1] <= 3


def test_threads_that_renew_a_token_do_not_trip_over_each_other() -> None:
    """Each answer refuses the token of its call; the others let go of it meanwhile."""
    lock = threading.Lock()
    refused: set[str] = set()

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/login":
            return httpx.Response(200, json={"token": f"token-{time.perf_counter_ns()}"})
        with lock:
            shown = request.headers["authorization"]
            if len(refused) < 20 and shown not in refused:
                refused.add(shown)
                return httpx.Response(401, json={})
        return httpx.Response(200, json={})

    archive = Archive("https://archive.example", http=httpx.Client(transport=httpx.MockTransport(answer)))
    failures: list[BaseException] = []

    def work() -> None:
        for _ in range(20):
            try:
                archive.find(number="1")
            except errors.SignInFailed:
                pass  # refused twice, as this service may do
            except BaseException as error:
                failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_sign_in_that_is_cancelled_does_not_keep_others_out() -> None:
    calls: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        if calls == ["/login"]:
            await asyncio.sleep(60)
        return httpx.Response(200, json={"token": "token-1"})

    async def course() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
            archive = AsyncArchive("https://archive.example", http=http)
            first = asyncio.create_task(archive.find(number="1"))  # type: ignore[arg-type]
            await asyncio.sleep(0.01)
            second = asyncio.create_task(archive.find(number="2"))  # type: ignore[arg-type]
            await asyncio.sleep(0.01)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            await asyncio.wait_for(second, 5)

    asyncio.run(course())
    assert calls == ["/login", "/login", "/documents/2"]


def test_trio_is_served_too() -> None:
    trio = pytest.importorskip("trio", reason="trio is not installed")
    wire = Wire(503, (200, {"status": "DONE"}))

    async def course() -> None:
        async with wire.async_client(habits=Habits(first_wait=0.001)) as archive:
            assert (await archive.finished(number="1")).status == "DONE"

    trio.run(course)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://user:secret@archive.example",
        "user:secret@archive.example",
        "https://user:secret@archive.example",
        "http://[::1",
        "https://archive.example:port",
        "https://archive.example/a b",
        "https://archive.example\n",
        "https://archive.example?key=secret",
        "http://archive.example",
        "",
        None,
        7,
    ],
)
def test_what_is_no_base_url(url: str) -> None:
    with pytest.raises(errors.UsageError) as caught:
        checked_base_url(url)
    assert "secret" not in str(caught.value)


def test_without_httpx_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    with pytest.raises(errors.MissingExtra, match=r'httpx.*pip install "billingua\[remote\]"'):
        Archive("https://archive.example").find(number="1")
    with pytest.raises(errors.MissingExtra, match=r'httpx.*pip install "billingua\[remote\]"'):
        asyncio.run(AsyncArchive("https://archive.example").find(number="1"))  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["\ud800", float("nan"), Decimal("NaN"), Decimal("Infinity")])
def test_what_cannot_be_sent_is_said_before(status: object) -> None:
    wire = Wire()
    with pytest.raises(errors.UsageError):
        wire.client().submit(company_id=status)
    assert wire.requests == []


def test_an_empty_text_where_a_number_is_due_is_nothing() -> None:
    found = Wire((200, {"status": "", "total": ""})).client().find(number="1")
    assert (found.status, found.total, found.raw) == ("", None, {"status": "", "total": ""})


@pytest.mark.parametrize("token", ["token-of-the-archive ", "token-of-the-archive\t", ""])
def test_a_token_that_httpx_would_print_as_illegal_is_never_given_to_it(token: str) -> None:
    archive = Archive("http://127.0.0.1:1", habits=Habits(attempts=1))
    archive.token = Token(Secret(token))
    with pytest.raises(errors.UsageError, match="authorization") as caught:
        archive.find(number="1")
    assert "token-of" not in str(caught.value)
