"""How the outbox finds a flow again at a platform, whatever the platform says of it."""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from billingua import errors
from billingua.remote.afnor.courier import FlowCourier
from billingua.remote.afnor.flows import AfnorFlow
from billingua.remote.exchange.habits import Habits
from billingua.remote.exchange.secrets import Secret

HASH = "ab" * 32


def _found(*flows: dict[str, Any]) -> Any:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"results": flows})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    platform = AfnorFlow("https://xp.example", token=Secret("token"), http=http, habits=Habits(attempts=1))
    return FlowCourier(platform).find(SimpleNamespace(sha256=HASH))  # type: ignore[arg-type]


@pytest.mark.parametrize("said", [{"trackingId": HASH}, {"sha256": HASH.upper()}, {"trackingId": "x", "sha256": HASH}])
def test_a_flow_is_found_by_the_hash_of_its_document(said: dict[str, Any]) -> None:
    found = _found({"flowId": "other", "trackingId": "other"}, {"flowId": "f", **said})
    assert found.id == "f"


def test_flows_of_other_documents_are_not_taken_for_it() -> None:
    assert _found({"flowId": "a", "trackingId": "other"}, {"flowId": "b", "sha256": "cd" * 32}) is None
    assert _found() is None


def test_a_platform_that_names_no_document_cannot_tell() -> None:
    with pytest.raises(errors.NotOffered, match="which documents"):
        _found({"flowId": "f"})


@pytest.mark.parametrize("call", ["flow", "search_flows"])
def test_an_error_in_an_answer_that_looks_good(call: str) -> None:
    said = {"errorCode": "INTERNAL", "errorMessage": "Not now"}
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json=said)))
    platform = AfnorFlow("https://xp.example", token=Secret("token"), http=http, habits=Habits(attempts=1))
    with pytest.raises(errors.ServiceFailed, match="Not now"):
        getattr(platform, call)(**({"flow_id": "f"} if call == "flow" else {}))


def test_the_token_is_asked_for_at_the_very_url_that_was_given() -> None:
    from billingua.remote.afnor.sign_in import ClientCredentials

    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"access_token": "token"})

    given = ClientCredentials("https://login.example/token/", "me", Secret("secret"))
    http = httpx.Client(transport=httpx.MockTransport(answer))
    AfnorFlow("https://xp.example/", credentials=given, http=http).flow_health()
    assert asked == ["https://login.example/token/", "https://xp.example/v1/healthcheck"]
