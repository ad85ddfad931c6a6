"""Fields that are headers, the short form of OAuth2, whole URLs, and what must not become a header."""

from typing import Any

import httpx
import msgspec
import pytest

from billingua.errors import TooLarge, UsageError
from billingua.remote.exchange.clients import Client
from billingua.remote.exchange.messages import Ask, Data, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token


class Kept(Ask, frozen=True, kw_only=True):
    document_id: str
    key: Secret | None = msgspec.field(default=None, name="X-Key")
    text: str | None = None
    more: Any = None


class Inner(Data, frozen=True, kw_only=True):
    client_secret: Secret


class Drawer(Service):
    name = "drawer"
    keep = Endpoint("PUT", "/drawer/{documentId}", Kept, str, headers=("X-Key",), limits={"text": "fr-cdar"})
    look = Endpoint("HEAD", "/drawer/{documentId}", Kept, type(None), headers=("X-Key",))
    login = Endpoint("POST", "https://login.example/token", Kept, str, body="urlencoded", signed_in=False)
    moved = keep.under("/elsewhere")


class DrawerClient(Drawer, Client):
    pass


def _client(seen: list[httpx.Request]) -> DrawerClient:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    return DrawerClient("https://drawer.example/base/", http=httpx.Client(transport=httpx.MockTransport(answer)))


def test_a_field_can_be_a_header() -> None:
    seen: list[httpx.Request] = []
    _client(seen).keep(document_id="1", key=Secret("k-e-y"), text="t")
    assert seen[0].headers["x-key"] == "k-e-y"
    assert seen[0].content == b'{"text":"t"}'
    _client(seen).keep(document_id="1")
    assert "x-key" not in seen[1].headers


def test_the_same_call_below_another_path() -> None:
    seen: list[httpx.Request] = []
    _client(seen).moved(document_id="1", key=Secret("k-e-y"))
    assert str(seen[0].url) == "https://drawer.example/base/elsewhere/drawer/1"
    assert seen[0].headers["x-key"] == "k-e-y"
    assert (Drawer.moved.name, Drawer.keep.name) == ("moved", "keep")


def test_a_look_has_no_body() -> None:
    seen: list[httpx.Request] = []
    assert _client(seen).look(document_id="a/b", text="x") is None
    assert (seen[0].method, seen[0].url.raw_path, seen[0].content) == ("HEAD", b"/base/drawer/a%2Fb?text=x", b"")


def test_a_whole_url_and_a_short_form() -> None:
    seen: list[httpx.Request] = []
    _client(seen).login(document_id="a&b", key=Secret("s e"))
    assert str(seen[0].url) == "https://login.example/token"
    assert seen[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert seen[0].content == b"documentId=a%26b&X-Key=s+e"


@pytest.mark.parametrize("value", ["secret-value\n", "secret-value\r\nx: y", "secret-välue", "\0"])
def test_what_cannot_be_a_header_is_refused_without_telling_it(value: str) -> None:
    seen: list[httpx.Request] = []
    client = _client(seen)
    with pytest.raises(UsageError, match="header x-key") as refused:
        client.keep(document_id="1", key=Secret(value))
    assert "secret" not in str(refused.value)
    client.token = Token(Secret(value))
    with pytest.raises(UsageError, match="header authorization") as refused:
        client.keep(document_id="1")
    assert "secret" not in str(refused.value)
    assert seen == []


def test_secrets_are_sent_in_clear_and_nothing_else_is_guessed() -> None:
    seen: list[httpx.Request] = []
    _client(seen).keep(document_id="1", more=[Inner(client_secret=Secret("abcd"))])
    assert seen[0].content == b'{"more":[{"clientSecret":"abcd"}]}'
    _client(seen).keep(document_id=Text("7"), text=Text("out of an answer"))
    assert seen[1].content == b'{"text":"out of an answer"}'
    with pytest.raises(UsageError, match="object has no place in JSON"):
        _client(seen).keep(document_id="1", more={"x": object()})


def test_a_text_counts_as_its_bytes() -> None:
    with pytest.raises(TooLarge):
        _client([]).keep(document_id="1", text="é" * 3_000_000)
