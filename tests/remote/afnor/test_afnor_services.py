"""The flow and directory services of XP Z12-013: calls, tokens, pages of both kinds of platforms, errors."""

import asyncio
import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua import errors
from billingua.remote.afnor import (
    AfnorDirectory,
    AfnorFlow,
    AsyncAfnorFlow,
    ClientCredentials,
    DirectoryCalls,
    FacilityFilters,
    Filter,
    FlowCalls,
    FlowFilters,
    FlowInfo,
    OlderSorting,
    Sorting,
)
from billingua.remote.exchange import service as service_module
from billingua.remote.exchange.habits import Habits
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret

_ONCE = Habits(attempts=1)
_FLOWS = "https://platform.example/xp/flow-service"
_LINES = "https://platform.example/xp/directory-service"
_CREDENTIALS = ClientCredentials("https://login.example/oauth2/token", "me & co", Secret("client-secret"), "flows")
_XML = File("a.xml", b"<a/>", "application/xml")

# call: what it is given, where it goes, its JSON
_FLOW_CALLS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "search_flows": (
        {"where": FlowFilters(updated_after=dt.datetime(2026, 9, 1, tzinfo=dt.UTC), ack_status="Error"), "limit": 100},
        "POST /v1/flows/search",
        {"where": {"updatedAfter": "2026-09-01T00:00:00Z", "ackStatus": "Error"}, "limit": 100},
    ),
    "flow": ({"flow_id": "a b/c"}, "GET /v1/flows/a%20b%2Fc", None),
    "flow_file": ({"flow_id": "f"}, "GET /v1/flows/f?docType=Original", None),
    "webhooks": ({}, "GET /v1/webhooks", None),
    "add_webhook": (
        {"callback_url": "https://example.org/in", "flow_direction": "In"},
        "POST /v1/webhooks",
        {"callbackUrl": "https://example.org/in", "flowDirection": "In"},
    ),
    "remove_webhook": ({"webhook_uid": "w"}, "DELETE /v1/webhooks/w", None),
    "flow_health": ({}, "GET /v1/healthcheck", None),
}
_DIRECTORY_CALLS: dict[str, tuple[dict[str, Any], str, Any]] = {
    "search_legal_units": ({"limit": 5}, "POST /v1/siren/search", {"limit": 5}),
    "search_facilities": (
        {
            "filters": FacilityFilters(name=Filter(op="startWith", value="A"), siren=Filter(value="123456782")),
            "sorting": (
                Sorting(field="siret", order="ascending"),
                OlderSorting(field="siren", sorting_order="descending"),
            ),
            "include": ("legalUnit",),
            "ignore": 10,
        },
        "POST /v1/siret/search",
        {
            "filters": {
                "name": {"op": "startWith", "value": "A"},
                "siren": {"op": "strict", "value": "123456782"},
            },
            "sorting": [{"field": "siret", "order": "ascending"}, {"field": "siren", "sortingOrder": "descending"}],
            "include": ["legalUnit"],
            "ignore": 10,
        },
    ),
    "search_routing_codes": ({"fields": ("siret",)}, "POST /v1/routing-code/search", {"fields": ["siret"]}),
    "search_directory_lines": ({}, "POST /v1/directory-line/search", None),
    "legal_unit": ({"siren": "123456782"}, "GET /v1/siren/code-insee:123456782", None),
    "facility": (
        {"siret": "12345678200010", "fields": ("siret", "name"), "include": ("legalUnit",)},
        "GET /v1/siret/code-insee:12345678200010?fields=siret&fields=name&include=legalUnit",
        None,
    ),
    "routing_code": (
        {"siret": "12345678200010", "routing_identifier": "S/1:2"},
        "GET /v1/routing-code/siret:12345678200010/code:S%2F1%3A2",
        None,
    ),
    "directory_line": ({"addressing_identifier": "123456782_A"}, "GET /v1/directory-line/code:123456782_A", None),
    "directory_health": ({}, "GET /v1/healthcheck", None),
}
_CALLS = {**_FLOW_CALLS, **_DIRECTORY_CALLS}


class Wire:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.tokens: list[httpx.Request] = []
        self.token: dict[str, Any] = {"expires_in": 3600}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "login.example":
            self.tokens.append(request)
            return httpx.Response(200, json={"access_token": f"access-{len(self.tokens)}", **self.token})
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.Response):
            return answer
        status, said = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=said)

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self))

    def flow(self, **options: Any) -> AfnorFlow:
        return AfnorFlow(_FLOWS, http=self.http, **{"credentials": _CREDENTIALS, "habits": _ONCE, **options})

    def directory(self, **options: Any) -> AfnorDirectory:
        return AfnorDirectory(_LINES, http=self.http, **{"credentials": _CREDENTIALS, "habits": _ONCE, **options})

    def service(self, call: str) -> Any:
        return self.flow() if call in _FLOW_CALLS or call == "submit_flow" else self.directory()


def _endpoints(calls: type) -> set[str]:
    return {name for name in dir(calls) if isinstance(getattr(calls, name), Endpoint)}


def test_every_call_stands_here() -> None:
    assert _endpoints(FlowCalls) == {*_FLOW_CALLS, "submit_flow"}
    assert _endpoints(DirectoryCalls) == set(_DIRECTORY_CALLS)
    assert all(getattr(FlowCalls, name).__doc__ for name in _endpoints(FlowCalls))
    assert all(getattr(DirectoryCalls, name).__doc__ for name in _endpoints(DirectoryCalls))


@pytest.mark.parametrize("call", _CALLS)
def test_a_call_goes_where_it_belongs(call: str) -> None:
    given_, where, said = _CALLS[call]
    wire = Wire([] if call == "webhooks" else {"siren": "123456782", "webhookId": "w", "signingKey": "aw=="})
    with wire.service(call) as service:
        getattr(service, call)(**given_)
    (request,) = wire.requests
    base = "/xp/flow-service" if call in _FLOW_CALLS else "/xp/directory-service"
    method, path = where.split(" ")
    assert (request.method, request.url.raw_path.decode()) == (method, base + path)
    assert (json.loads(request.content) if request.content else None) == said
    assert request.headers["authorization"] == "Bearer access-1"


def test_a_flow_is_handed_over() -> None:
    wire = Wire((202, {"flowId": 17, "submittedAt": "2026-09-01T10:00:00Z", "name": "F1", "sha256": "00"}))
    info = FlowInfo(name="F1", flow_syntax="CDAR", tracking_id="T", sha256="0" * 64)
    taken = wire.flow().submit_flow(flow_info=info, file=_XML, request_id="r-1", organization_id="o-1")
    assert (taken.flow_id, taken.submitted_at) == ("17", "2026-09-01T10:00:00Z")
    (request,) = wire.requests
    sent = request.content.decode()
    assert (request.method, request.url.path) == ("POST", "/xp/flow-service/v1/flows")
    part = '{"name":"F1","flowSyntax":"CDAR","trackingId":"T","sha256":"' + "0" * 64 + '"}'
    assert f'name="flowInfo"\r\nContent-Type: application/json\r\n\r\n{part}\r\n' in sent
    assert 'name="file"; filename="a.xml"\r\nContent-Type: application/xml\r\n\r\n<a/>\r\n' in sent
    assert (request.headers["request-id"], request.headers["organization-id"]) == ("r-1", "o-1")
    assert "r-1" not in sent


def test_a_flow_that_is_too_large_is_not_sent() -> None:
    wire = Wire({})
    file = File("a.pdf", bytes(100 * 1024 * 1024 + 1))
    with pytest.raises(errors.TooLarge):
        wire.flow().submit_flow(flow_info=FlowInfo(name="F", flow_syntax="UBL"), file=file)
    assert wire.requests == wire.tokens == []


def test_a_flow_is_read() -> None:
    said = {
        "flowId": "f",
        "updatedAt": "2026-09-01T10:00:00.123456Z",
        "flowType": "SomethingNew",
        "acknowledgement": {"status": "Error", "details": [{"reasonCode": "VirusFound", "item": "file", "new": 1}]},
    }
    flow = Wire(said).flow().flow(flow_id="f")
    assert flow.updated_at == dt.datetime(2026, 9, 1, 10, 0, 0, 123456, tzinfo=dt.UTC)
    assert (flow.flow_type, flow.acknowledgement.status) == ("SomethingNew", "Error")
    assert flow.acknowledgement.details[0].reason_code == "VirusFound"
    assert flow.raw == said


def test_what_a_webhook_is_signed_with_is_not_shown() -> None:
    made = (
        Wire((201, {"webhookId": "w", "signingKey": "c2lnbmluZw=="}))
        .flow()
        .add_webhook(callback_url="https://x.example")
    )
    assert made.signing_key.reveal() == "c2lnbmluZw=="
    assert "c2lnbmluZw" not in repr(made)
    assert "webhook_id='w'" in repr(made)
    for said in ({"webhookId": [], "signingKey": "c2lnbmluZw=="}, [{"webhookId": {}, "signingKey": "c2lnbmluZw=="}]):
        flow = Wire(said).flow()
        with pytest.raises(errors.UnexpectedAnswer) as caught:
            flow.add_webhook(callback_url="https://x.example") if isinstance(said, dict) else flow.webhooks()
        assert "c2lnbmluZw" not in f"{caught.value!r}{caught.value.body}"
    listed = Wire([{"webhookId": "w"}]).flow().webhooks()
    assert listed[0].webhook_id == "w"
    assert Wire(httpx.Response(204)).flow().remove_webhook(webhook_uid="w") is None


def test_a_token_is_had_with_the_credentials() -> None:
    wire = Wire({})
    wire.flow().flow(flow_id="f")
    (request,) = wire.tokens
    assert (request.method, str(request.url)) == ("POST", "https://login.example/oauth2/token")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    assert parse_qs(request.content.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["me & co"],
        "client_secret": ["client-secret"],
        "scope": ["flows"],
    }


@pytest.mark.parametrize(
    ("expires", "later", "tokens"),
    [(3600, 3539, 1), (3600, 3541, 2), ("300", 241, 2), (None, 10**9, 1), ("soon", 9, 1)],
)
def test_a_token_is_renewed_before_it_ends(
    monkeypatch: pytest.MonkeyPatch, expires: object, later: float, tokens: int
) -> None:
    from billingua.remote.afnor import sign_in

    now = [1_000_000.0]
    for module in (service_module, sign_in):
        monkeypatch.setattr(module, "time", lambda: now[0])
    wire = Wire({})
    wire.token = {"expires_in": expires}
    flow = wire.flow()
    flow.flow(flow_id="f")
    now[0] += later
    flow.flow(flow_id="f")
    assert len(wire.tokens) == tokens


def test_a_refused_token_is_renewed_once_and_a_given_one_never() -> None:
    wire = Wire((401, {"errorCode": "EXPIRED"}), (200, {"flowId": "f"}))
    assert wire.flow().flow(flow_id="f").flow_id == "f"
    assert len(wire.tokens) == 2
    given_ = Wire((401, {"errorCode": "EXPIRED"}))
    with pytest.raises(errors.SignInFailed):
        given_.flow(credentials=None, token=Secret("given-token")).flow(flow_id="f")
    assert [one.headers["authorization"] for one in given_.requests] == ["Bearer given-token"]


def test_refused_credentials_are_not_shown() -> None:
    said = {"error": "invalid_client", "error_description": "client-secret is wrong"}
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(400, json=said)))
    with pytest.raises(errors.SignInFailed) as caught:
        AfnorFlow(_FLOWS, credentials=_CREDENTIALS, http=http).flow(flow_id="f")
    assert (caught.value.endpoint, caught.value.code, caught.value.message) == (
        "token",
        "invalid_client",
        "*** is wrong",
    )
    assert "client-secret" not in f"{caught.value!r}{caught.value.body}{_CREDENTIALS}"


@pytest.mark.parametrize("given_", [{}, {"token": Secret("t"), "credentials": _CREDENTIALS}])
def test_who_one_is_must_be_said_once(given_: dict[str, Any]) -> None:
    with pytest.raises(errors.UsageError, match="either with a token or with credentials"):
        AfnorFlow(_FLOWS, **given_)


@pytest.mark.parametrize("url", ["http://login.example/token", "login.example", "https://me:secret@login.example"])
def test_secrets_are_not_sent_to_any_url(url: str) -> None:
    with pytest.raises(errors.UsageError):
        AfnorFlow(_FLOWS, credentials=ClientCredentials(url, "i", Secret("s")))


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
_SUBMIT = {"flow_info": FlowInfo(name="F", flow_syntax="UBL"), "file": _XML}
_FLOW_ERRORS = {
    "submit_flow": (400, 401, 403, 413, 422, 429, 500, 503),
    "search_flows": (400, 401, 403, 429, 500, 503),
    "flow": (404,),
    "remove_webhook": (404,),
    "flow_health": (500, 503),
    **{call: (400, 401, 403, 404, 408, 422, 429, 500, 501, 503) for call in _DIRECTORY_CALLS if "health" not in call},
}


@pytest.mark.parametrize(("call", "status"), [(call, one) for call, some in _FLOW_ERRORS.items() for one in some])
def test_a_documented_error_is_one_exception(call: str, status: int) -> None:
    given_ = _SUBMIT if call == "submit_flow" else _CALLS[call][0]
    wire = Wire((status, {"errorCode": "SomeCode", "errorMessage": "Not so.", "instance": "urn:uuid:1"}))
    service = wire.service(call)
    assert status in getattr(type(service), call).errors
    with pytest.raises(errors.RemoteError) as caught:
        getattr(service, call)(**given_)
    error = caught.value
    assert type(error) is _KINDS[status]
    assert (error.endpoint, error.status, error.code, error.message) == (call, status, "SomeCode", "Not so.")
    assert error.reference == "urn:uuid:1"


def test_an_invoice_is_not_submitted_twice_but_searches_are_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    from billingua.remote.exchange import clients

    monkeypatch.setattr(clients.time, "sleep", lambda _: None)
    wire = Wire((503, {}))
    with pytest.raises(errors.ServiceFailed) as caught:
        wire.flow(habits=Habits()).submit_flow(**_SUBMIT)
    assert caught.value.uncertain
    assert len(wire.requests) == 1
    wire = Wire((503, {}))
    with pytest.raises(errors.ServiceFailed):
        wire.flow(habits=Habits()).search_flows()
    assert len(wire.requests) == 3


@pytest.mark.parametrize("call", ["legal_unit", "facility", "routing_code", "directory_line"])
def test_nothing_is_not_there(call: str) -> None:
    with pytest.raises(errors.NotThere):
        getattr(Wire(httpx.Response(204)).directory(), call)(**_CALLS[call][0])
    with pytest.raises(errors.UnexpectedAnswer):
        getattr(Wire(httpx.Response(200, text="<html>")).directory(), call)(**_CALLS[call][0])


def test_nothing_found_and_a_part_of_it() -> None:
    assert Wire(httpx.Response(204)).directory().search_legal_units().results == ()
    part = Wire((206, {"totalNumberOfResults": 9, "results": [{"siren": "123456782"}]})).directory()
    assert part.search_legal_units().results[0].siren == "123456782"


@pytest.mark.parametrize("total", [5, -1])
def test_results_of_all_pages(total: int) -> None:
    lines = [{"addressingIdentifier": str(number), "platformType": "WK"} for number in range(5)]
    ignored: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        ask = json.loads(request.content)
        ignored.append(ask.get("ignore", 0))
        page = lines[ignored[-1] : ignored[-1] + ask["limit"]]
        return httpx.Response(200, json={"totalNumberOfResults": total, "results": page})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    directory = AfnorDirectory(_LINES, token=Secret("t"), http=http)
    found = directory.all_directory_lines(limit=2)
    assert [line.addressing_identifier for line in found] == ["0", "1", "2", "3", "4"]
    assert ignored == ([0, 2, 4] if total == 5 else [0, 2, 4, 5])


def test_pages_by_cursor() -> None:
    pages: list[Any] = [
        {"results": [{"flowId": "a"}, {"flowId": "b"}], "nextCursor": "2"},
        {"results": [], "nextCursor": "3"},
        {"results": [{"flowId": "b"}, {"flowId": "c", "updatedAt": "2026-09-01T10:00:00Z"}], "nextCursor": None},
    ]
    wire = Wire(*pages)
    where = FlowFilters(flow_direction=("In",))
    assert [flow.flow_id for flow in wire.flow().all_flows(where=where, request_id="r")] == ["a", "b", "c"]
    asked = [json.loads(request.content) for request in wire.requests]
    assert [one.get("cursor") for one in asked] == [None, "2", "3"]
    assert all(one["where"] == {"flowDirection": ["In"]} and one["limit"] == 100 for one in asked)
    assert all(request.headers["request-id"] == "r" for request in wire.requests)


def test_pages_without_end_are_left() -> None:
    flows = Wire(*[{"results": [{"flowId": str(one)}], "nextCursor": str(one % 3)} for one in range(9)])
    with pytest.raises(errors.UnexpectedAnswer, match="the same page of search_flows again"):
        list(flows.flow().all_flows())
    assert len(flows.requests) == 4
    lines = Wire({"results": [{"addressingIdentifier": "1"}]})
    with pytest.raises(errors.UnexpectedAnswer, match="the same page of search_directory_lines again"):
        list(lines.directory().all_directory_lines())
    assert len(lines.requests) == 2


def test_a_flow_that_is_there_already() -> None:
    wire = Wire((400, {"errorCode": "AlreadyExistingFlow", "errorMessage": "Known by its tracking id."}))
    with pytest.raises(errors.AlreadyThere):
        wire.flow().submit_flow(**_SUBMIT)


class OldPlatform:
    """A platform without cursors: flows after a moment (strictly), in their order, a page of them at once."""

    def __init__(self, seconds: list[int], zone: str = "Z") -> None:
        self.moments = sorted(seconds)
        self.zone = zone
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        ask = json.loads(request.content)
        after = ask["where"].get("updatedAfter")
        start = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
        limit = min(ask["limit"], 100)
        found = []
        for number, seconds in enumerate(self.moments):
            moment = start + dt.timedelta(seconds=seconds)
            if after is None or moment > _moment(after):
                text = moment.replace(tzinfo=None).isoformat() + self.zone
                found.append({"flowId": str(number), "updatedAt": text})
        return httpx.Response(200, json={"limit": limit, "results": found[:limit]})

    def flows(self, limit: int) -> list[str]:
        http = httpx.Client(transport=httpx.MockTransport(self))
        service = AfnorFlow(_FLOWS, token=Secret("t"), http=http)
        return [flow.flow_id for flow in service.all_flows(limit=limit)]


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


@given(st.lists(st.integers(0, 30), max_size=40), st.integers(4, 10), st.sampled_from(["Z", "+00:00", ""]))
def test_pages_without_a_cursor_lose_nothing(seconds: list[int], limit: int, zone: str) -> None:
    platform = OldPlatform(seconds, zone)
    if max((seconds.count(one) for one in seconds), default=0) < limit:
        assert platform.flows(limit) == [str(number) for number in range(len(seconds))]
        assert platform.asked <= len(seconds) + 2
    else:
        with pytest.raises(errors.UnexpectedAnswer, match="than it shows at once"):
            platform.flows(limit)


def test_the_same_for_asyncio() -> None:
    wire = Wire({"results": [{"flowId": "a"}], "nextCursor": "2"}, {"results": [{"flowId": "b"}]})

    async def ask() -> list[str]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(wire))
        async with AsyncAfnorFlow(_FLOWS, credentials=_CREDENTIALS, http=http) as flow:
            return [one.flow_id async for one in flow.all_flows()]

    assert asyncio.run(ask()) == ["a", "b"]
    assert len(wire.tokens) == 1
