"""AFNOR XP Z12-013 in the sandbox: tokens, flows, webhooks, directory."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from sandbox_world import NOW, Service, sample, wait_for

import billingua as bl

FRENCH = sample("france.ubl.xml")
FLOWS = "/flow-service/v1/flows"
SEARCH = "/flow-service/v1/flows/search"
HOOKS = "/flow-service/v1/webhooks"
ERROR = {"errorCode", "errorMessage", "type", "details", "instance"}


def submit(
    afnor: Service, data: bytes = FRENCH, syntax: str = "UBL", headers: dict[str, str] | None = None, **info: Any
) -> httpx.Response:
    whole = {"name": "invoice", "flowSyntax": syntax} | info
    files = {
        "flowInfo": (None, json.dumps(whole).encode(), "application/json"),
        "file": ("invoice.xml", data, "application/xml"),
    }
    return afnor.post(FLOWS, files=files, headers=headers)


def acknowledged(afnor: Service, answer: httpx.Response) -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    path = f"{FLOWS}/{answer.json()['flowId']}"
    assert afnor.get(path).json()["acknowledgement"]["status"] == "Pending"
    found: dict[str, Any] = afnor.get(path).json()
    return found


def search(afnor: Service, **where: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = afnor.post(SEARCH, json={"where": where, "limit": 100}).json()["results"]
    return found


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "client_id": "sandbox-client"}, 401, "invalid_client"),
        ({"client_id": "sandbox-client"}, 400, "invalid_request"),
    ],
)
def test_no_token(http: httpx.Client, form: dict[str, str], status: int, error: str) -> None:
    answer = http.post("/afnor/oauth/token", data=form)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


def test_token_by_basic_authorization(http: httpx.Client) -> None:
    form = {"grant_type": "client_credentials"}
    answer = http.post("/afnor/oauth/token", data=form, auth=("sandbox-client", "sandbox-secret"))
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 3600)
    assert http.post("/afnor/oauth/token", data=form, auth=("sandbox-client", "x")).status_code == 401


def test_tokens_are_checked(http: httpx.Client, afnor: Service, docnova: Service) -> None:
    for wrong in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {docnova.headers['R-Auth']}"}):
        answer = http.get(f"/afnor{HOOKS}", headers=wrong)
        assert (answer.status_code, set(answer.json())) == (401, ERROR)
    http.post("/_sandbox/clock", json={"advance": 3600})
    assert afnor.get(HOOKS).json()["errorCode"] == "TOKEN_EXPIRED"
    assert http.get("/afnor/flow-service/v1/healthcheck").status_code == 200
    assert http.get("/afnor/directory-service/v1/healthcheck").status_code == 200


def test_request_id_is_a_uuid(afnor: Service) -> None:
    assert afnor.get(HOOKS, headers={"Request-Id": "7"}).status_code == 400
    assert afnor.get(HOOKS, headers={"Request-Id": "5a4db0c5-0000-4000-8000-000000000001"}).status_code == 200


@pytest.mark.parametrize(
    ("name", "syntax", "kind"),
    [
        ("france.ubl.xml", "UBL", "CustomerInvoice"),
        ("france.cii.xml", "CII", "CustomerInvoice"),
        ("invoice.facturx.pdf", "Factur-X", "CustomerInvoice"),
        ("made-available.cdar.xml", "CDAR", "CustomerInvoiceLC"),
    ],
)
def test_good_flow(afnor: Service, name: str, syntax: str, kind: str) -> None:
    data = sample(name)
    digest = hashlib.sha256(data).hexdigest()
    answer = submit(afnor, data, syntax, sha256=digest, trackingId="T/1", processingRule="B2B", flowProfile="CIUS")
    assert answer.json()["sha256"] == digest
    found = acknowledged(afnor, answer)
    assert found["acknowledgement"] == {"status": "Ok"}
    assert (found["flowType"], found["flowDirection"], found["processingRuleSource"]) == (kind, "Out", "Input")
    original = afnor.get(f"{FLOWS}/{found['flowId']}", params={"docType": "Original"})
    assert original.content == data
    assert original.headers["content-type"] == ("application/pdf" if syntax == "Factur-X" else "application/xml")
    readable = afnor.get(f"{FLOWS}/{found['flowId']}", params={"docType": "ReadableView"})
    assert readable.content.startswith(b"%PDF")
    converted = afnor.get(f"{FLOWS}/{found['flowId']}", params={"docType": "Converted"}).content
    expected = {"UBL": "cii", "CII": "ubl-invoice", "Factur-X": "ubl-invoice", "CDAR": "cdar"}[syntax]
    assert bl.detect(converted).format == expected


@pytest.mark.parametrize(
    ("data", "syntax", "info", "code"),
    [
        (b"", "UBL", {}, "EmptyAttachement"),
        (FRENCH, "CII", {}, "AttachmentTypeError"),
        (b"<nothing/>", "UBL", {}, "InvalidSchema"),
        (FRENCH.replace(b"<cbc:IssueDate>2026-09-15", b"<cbc:IssueDate>soon"), "UBL", {}, "InvalidSchema"),
        (FRENCH, "UBL", {"sha256": "0" * 64}, "ChecksumMismatch"),
        (FRENCH.replace(b">648.20<", b">648.21<"), "UBL", {}, "BR-CO-15"),
        (sample("made-available.cdar.xml").replace(b">203<", b">999<"), "CDAR", {}, "InvoiceLCInvalidStatus"),
        (sample("made-available.cdar.xml").replace(b">305<", b">23<"), "CDAR", {}, "InvoiceLCRuleError"),
    ],
)
def test_bad_flow(afnor: Service, data: bytes, syntax: str, info: dict[str, str], code: str) -> None:
    found = acknowledged(afnor, submit(afnor, data, syntax, **info))["acknowledgement"]
    assert found["status"] == "Error"
    assert code in {one["reasonCode"] for one in found["details"]}
    assert {"level", "item", "reasonCode", "reasonMessage"} == set(found["details"][0])


def test_the_same_file_again(afnor: Service) -> None:
    acknowledged(afnor, submit(afnor))
    found = acknowledged(afnor, submit(afnor))
    assert found["acknowledgement"]["details"][0]["reasonCode"] == "AlreadyExistingFlow"


def test_error_on_request(afnor: Service) -> None:
    answer = submit(afnor, headers={"X-Sandbox-Fault": "ends; ends=Error"})
    assert acknowledged(afnor, answer)["acknowledgement"]["status"] == "Error"


@pytest.mark.parametrize(
    ("info", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": 7}, "name"),
        ({"trackingId": "x" * 65}, "trackingId"),
        ({"flowSyntax": "EDIFACT"}, "flowSyntax"),
        ({"flowProfile": "EN16931"}, "flowProfile"),
        ({"processingRule": "B2BINT"}, "processingRule"),
    ],
)
def test_flow_info_is_checked(afnor: Service, info: dict[str, Any], field: str) -> None:
    answer = submit(afnor, **info)
    assert (answer.status_code, set(answer.json())) == (422, ERROR)
    assert answer.json()["details"].startswith(f"{field}: ")


def test_parts_of_the_form_are_checked(afnor: Service) -> None:
    info = (None, b'{"name": "x", "flowSyntax": "UBL"}', "application/json")
    file = ("x.xml", FRENCH, "application/xml")
    broken, a_list = (None, b"{"), (None, b"[]")
    wrong = ({"flowInfo": info}, {"file": file}, {"flowInfo": broken, "file": file}, {"flowInfo": a_list, "file": file})
    for files in wrong:
        answer = afnor.post(FLOWS, files=files)
        assert (answer.status_code, set(answer.json())) == (400, ERROR), files
    text = {"flowInfo": '{"name": "x", "flowSyntax": "UBL"}', "file": "no file"}
    assert afnor.post(FLOWS, data=text).status_code == 400
    named = {"flowInfo": ("info.json", info[1], "application/json"), "file": file}
    assert afnor.post(FLOWS, files=named).status_code == 202


def test_unknown_flow(afnor: Service) -> None:
    answer = afnor.get(f"{FLOWS}/x")
    assert (answer.status_code, answer.json()["instance"]) == (404, "/v1/flows/x")
    assert afnor.get(f"{FLOWS}/x", params={"docType": "Nothing"}).status_code == 400


def test_life_cycle_comes_as_flows(afnor: Service) -> None:
    submit(afnor, trackingId="T-1")
    for _ in range(9):
        found = search(afnor, flowDirection=["In"])
    assert [one["name"] for one in found] == [f"invoice-{code}" for code in range(200, 206)]
    assert {one["trackingId"] for one in found} == {"T-1"}
    for one in found:
        message = afnor.get(f"{FLOWS}/{one['flowId']}", params={"docType": "Original"}).content
        assert bl.validate(message).valid


def test_search_filters(afnor: Service, http: httpx.Client) -> None:
    submit(afnor, trackingId="T-1", processingRule="B2B")
    http.post("/_sandbox/clock", json={"advance": 60})
    submit(afnor, b"", trackingId="T-2", processingRule="B2C")
    assert len(search(afnor)) == 2
    assert [one["trackingId"] for one in search(afnor, trackingId="T-2")] == ["T-2"]
    assert [one["trackingId"] for one in search(afnor, ackStatus="Error")] == ["T-2"]
    assert [one["trackingId"] for one in search(afnor, processingRule=["B2C", "B2G"])] == ["T-2"]
    assert search(afnor, flowType=["MultiFlowReport"]) == []
    later = search(afnor, updatedAfter="2026-11-21T12:00:30Z")
    assert {one["trackingId"] for one in later} >= {"T-2"}
    assert search(afnor, updatedAfter="2026-11-21T12:01:00Z") == []
    assert search(afnor, updatedBefore="2026-11-21T12:00:00Z") == []


def test_search_goes_on_with_the_cursor(afnor: Service) -> None:
    for number in range(5):
        submit(afnor, b"%d" % number, name=str(number))
    seen, cursor = [], None
    while True:
        body = {"where": {}, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = afnor.post(SEARCH, json=body).json()
        seen.append([one["name"] for one in page["results"]])
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == [["0", "1"], ["2", "3"], ["4"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"where": []},
        {"where": {"nothing": 1}},
        {"where": {"updatedAfter": "2026-11-21"}},
        {"where": {"updatedAfter": 7}},
        {"where": {"flowType": "CustomerInvoice"}},
        {"where": {"ackStatus": ["Ok"]}},
        {"where": {"trackingId": "x" * 65}},
        {"where": {}, "limit": 0},
        {"where": {}, "limit": 101},
        {"where": {}, "cursor": "?"},
    ],
)
def test_wrong_search(afnor: Service, body: dict[str, Any]) -> None:
    answer = afnor.post(SEARCH, json=body)
    assert (answer.status_code, set(answer.json())) == (400, ERROR)


def signed(key: str, headers: dict[str, str], body: bytes) -> bool:
    """The signature, worked out from the text of the standard."""
    payload = hashlib.sha256(body + b"@" + headers["afnor-signature-timestamp"].encode()).digest()
    made = hmac.new(base64.b64decode(key), payload, hashlib.sha256).digest()
    return base64.b64encode(made).decode() == headers["afnor-signature"]


def test_webhook_is_told_everything(
    afnor: Service, received: tuple[str, list[tuple[dict[str, str], bytes]]], http: httpx.Client
) -> None:
    url, posted = received
    made = afnor.post(HOOKS, json={"callbackUrl": url})
    assert made.status_code == 201
    key = made.json()["signingKey"]
    assert "signingKey" not in afnor.get(HOOKS).json()[0]
    flow = submit(afnor).json()["flowId"]
    wait_for(lambda: len(posted) == 8)
    bodies = [json.loads(body) for _, body in posted]
    assert [one["acknowledgement"]["status"] for one in bodies[:2]] == ["Pending", "Ok"]
    assert {one["flowId"] for one in bodies[:2]} == {flow}
    assert [one["name"][-3:] for one in bodies[2:]] == ["200", "201", "202", "203", "204", "205"]
    for headers, body in posted:
        assert headers["afnor-signature-timestamp"] == str(int(NOW.timestamp()))
        assert signed(key, headers, body)
        assert not signed(key, headers, body + b" ")
    wait_for(lambda: {one["answer"] for one in http.get("/_sandbox/state").json()["callbacks"]} == {"204"})


def test_webhook_hears_what_it_wants(afnor: Service, received: tuple[str, list[Any]]) -> None:
    url, posted = received
    afnor.post(HOOKS, json={"callbackUrl": url, "flowTypes": ["CustomerInvoice"], "ackStatus": "Error"})
    submit(afnor, b"")
    wait_for(lambda: len(posted) == 1)
    assert json.loads(posted[0][1])["acknowledgement"]["status"] == "Error"


def test_webhooks_elsewhere_are_never_called(afnor: Service, http: httpx.Client) -> None:
    made = afnor.post(HOOKS, json={"callbackUrl": "http://hooks.example.org/x"}).json()
    submit(afnor, b"")
    answers = {one["answer"] for one in http.get("/_sandbox/state").json()["callbacks"]}
    assert answers == {"not sent: no address of this machine"}
    path = f"{HOOKS}/{made['webhookId']}"
    assert (afnor("DELETE", path).status_code, afnor("DELETE", path).status_code) == (204, 404)
    assert afnor.post(HOOKS, json={"callbackUrl": "x"}).status_code == 400


def directory(afnor: Service, kind: str, **body: Any) -> httpx.Response:
    return afnor.post(f"/directory-service/v1/{kind}/search", json=body)


@pytest.mark.parametrize(
    ("kind", "name", "op", "value", "count"),
    [
        ("siren", "siren", "strict", "200000008", 1),
        ("siren", "businessName", "contains", "business", 1),
        ("siren", "businessName", "startWith", "sandbox", 4),
        ("siren", "entityType", "strict", "Public", 1),
        ("siret", "siren", "strict", "200000008", 2),
        ("siret", "locality", "strict", "lyon", 2),
        ("siret", "postalCode", "startWith", "69", 2),
        ("routing-code", "routingIdentifier", "strict", "ACHATS-7", 1),
        ("directory-line", "siren", "strict", "200000008", 3),
        ("directory-line", "addressingIdentifier", "startWith", "200000008_", 2),
    ],
)
def test_directory_search(afnor: Service, kind: str, name: str, op: str, value: str, count: int) -> None:
    body = {"filters": {name: {"op": op, "value": value}}}
    found = directory(afnor, kind, **body).json()
    assert (found["totalNumberOfResults"], len(found["results"]), found["search"]) == (count, count, body)


def test_directory_sorts_selects_and_skips(afnor: Service) -> None:
    body = {"sorting": [{"field": "siren", "order": "descending"}], "fields": ["siren"], "limit": 2, "ignore": 1}
    found = directory(afnor, "siren", **body).json()
    assert found["results"] == [{"siren": "300000007"}, {"siren": "200000008"}]
    assert found["totalNumberOfResults"] == 4


def test_directory_includes(afnor: Service) -> None:
    path = "/directory-service/v1/directory-line/code:200000008_20000000800017_ACHATS-7"
    found = afnor.get(path, params={"include": "legalUnit,facility,routingCode"}).json()
    assert found["legalUnit"]["businessName"] == "Sandbox Buyer"
    assert found["facility"]["siret"] == "20000000800017"
    assert found["routingCode"]["routingCodeName"] == "Purchasing"
    hall = afnor.get("/directory-service/v1/siret/code-insee:30000000700017").json()
    assert hall["b2gAdditionalData"]["managesLegalCommitmentCode"] is True
    short = afnor.get("/directory-service/v1/siren/code-insee:100000009", params={"fields": "siren,businessName"})
    assert short.json() == {"siren": "100000009", "businessName": "Sandbox Seller"}
    code = afnor.get("/directory-service/v1/routing-code/siret:20000000800017/code:ACHATS-7").json()
    assert code["routingIdentifier"] == "ACHATS-7"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("siren/code-insee:900000001", 404),
        ("siren/code-insee:100000001", 422),
        ("siren/code-insee:x", 422),
        ("siret/code-insee:1", 422),
        ("siret/code-insee:10000000900025", 404),
        ("siret/code-insee:10000000900017?include=nothing", 422),
        ("routing-code/siret:10000000900017/code:ACHATS-7", 404),
        ("directory-line/code:x%2Fy", 404),
        ("siren/100000009", 404),
    ],
)
def test_directory_has_no_such_entry(afnor: Service, path: str, status: int) -> None:
    answer = afnor.get(f"/directory-service/v1/{path}")
    assert (answer.status_code, set(answer.json())) == (status, ERROR)


@pytest.mark.parametrize(
    "body",
    [
        {"filters": {"nothing": {"op": "strict", "value": "x"}}},
        {"filters": {"siren": "x"}},
        {"filters": {"siren": {"op": "startsWith", "value": "x"}}},
        {"filters": {"siren": {"op": "strict", "value": 1}}},
        {"sorting": [{"field": "nothing"}]},
        {"sorting": [{"field": "siren", "order": "up"}]},
        {"sorting": ["siren"]},
        {"fields": ["nothing"]},
        {"fields": [{}]},
        {"limit": 0},
        {"limit": 1000},
    ],
)
def test_wrong_directory_search(afnor: Service, body: dict[str, Any]) -> None:
    answer = directory(afnor, "siren", **body)
    assert (answer.status_code, set(answer.json())) == (422, ERROR)


def test_other_answers_on_request(afnor: Service) -> None:
    path = "/directory-service/v1/siren/code-insee:100000009"
    for status in (408, 429, 501, 503):
        answer = afnor.get(path, headers={"X-Sandbox-Fault": str(status)})
        assert (answer.status_code, set(answer.json())) == (status, ERROR)
