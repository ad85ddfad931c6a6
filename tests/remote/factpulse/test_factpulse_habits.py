"""How FactPulse is signed in to, waited for and read: renewal, tasks, errors in good answers, pages, sizes, secrets."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from factpulse_table import CALLS
from factpulse_wire import PASSWORD, Wire, body, place

from billingua import errors
from billingua.remote.exchange import clients, service
from billingua.remote.exchange.habits import Habits
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse import FactPulse, WebhookSecret, sign_in


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waited: list[float] = []
    monkeypatch.setattr(clients.time, "sleep", waited.append)
    return waited


def test_signing_in() -> None:
    wire = Wire({"email": "x"})
    wire.client(client_uid="uid-1").me()
    assert place(wire.sign_ins[0]) == "POST /api/token/"
    assert body(wire.sign_ins[0]) == {
        "username": "someone@example.org",
        "password": PASSWORD,
        "client_uid": "uid-1",
    }
    assert wire.requests[0].url.host == "factpulse.fr"
    plain = Wire({})
    plain.client().me()
    assert set(body(plain.sign_ins[0])) == {"username", "password"}


def test_a_token_is_renewed_after_28_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000_000.0]
    for module in (service, sign_in):
        monkeypatch.setattr(module, "time", lambda: now[0])
    wire = Wire({})
    client = wire.client()
    for minutes, sign_ins in ((0, 1), (27.9, 1), (28.1, 2), (50, 2), (56.2, 3)):
        now[0] = 1_000_000 + minutes * 60
        client.me()
        assert (minutes, len(wire.sign_ins)) == (minutes, sign_ins)
    assert wire.requests[-1].headers["authorization"] == "Bearer access-3"


def test_a_refused_token_is_renewed_once() -> None:
    wire = Wire((401, {"detail": "expired"}), (200, {}))
    wire.client().me()
    assert [request.headers["authorization"] for request in wire.requests] == ["Bearer access-1", "Bearer access-2"]
    never = Wire((401, {"detail": "no"}))
    with pytest.raises(errors.SignInFailed, match="no"):
        never.client().me()
    assert len(never.requests) == 2


def test_a_token_of_the_dashboard_is_not_renewed() -> None:
    wire = Wire((401, {}))
    with pytest.raises(errors.SignInFailed):
        wire.client(token=Secret("dashboard")).me()
    assert [request.headers["authorization"] for request in wire.requests] == ["Bearer dashboard"]
    assert wire.sign_ins == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"username": "u"},
        {"password": Secret("p")},
        {"username": "u", "password": Secret("p"), "token": Secret("t")},
        {"token": Secret("")},
    ],
)
def test_who_one_is_must_be_said_once(given: dict[str, Any]) -> None:
    with pytest.raises(errors.UsageError, match="either with user and password or with a token"):
        FactPulse(**given)


def test_wrong_credentials_are_not_tried_twice() -> None:
    asked: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(401, json={"detail": f"No active account for {PASSWORD}"})

    http = httpx.Client(transport=httpx.MockTransport(refuse))
    with pytest.raises(errors.SignInFailed) as caught:
        FactPulse(username="u", password=Secret(PASSWORD), http=http).me()
    assert len(asked) == 1
    assert (caught.value.endpoint, caught.value.message) == ("sign_in", "No active account for ***")


def test_a_task_is_waited_for(waits: list[float]) -> None:
    done = {
        "taskId": "t",
        "status": "SUCCESS",
        "result": {"status": "SUCCESS", "filename": "a.xml", "xml_content": "<a/>"},
    }
    wire = Wire({"status": "PENDING"}, {"status": "STARTED"}, {"status": "RETRY", "result": None}, done)
    task = wire.client().finished_generation(task_id="t")
    assert task.result is not None
    assert (task.task_id, task.result.xml_content, waits) == ("t", "<a/>", [1, 1.5, 2.25])


def test_a_task_that_never_ends(waits: list[float]) -> None:
    with pytest.raises(errors.StillWorking):
        Wire({"status": "PENDING"}).client().finished_task(task_id="t")
    assert sum(waits) == pytest.approx(20, abs=0.5)  # the calls take time too


@pytest.mark.parametrize("call", ["finished_task", "finished_conversion", "finished_verification", "task"])
def test_a_finished_task_may_hide_an_error(call: str) -> None:
    result = {
        "status": "ERROR",
        "errorCode": "SCHEMATRON_VALIDATION_FAILED",
        "errorMessage": "1 rule failed.",
        "details": [{"level": "Error", "item": "BT-1", "reason": "is missing"}],
    }
    wire = Wire({"taskId": "t", "status": "SUCCESS", "result": result})
    with pytest.raises(errors.Refused) as caught:
        getattr(wire.client(), call)(task_id="t")
    error = caught.value
    assert (error.status, error.code, error.message) == (200, "SCHEMATRON_VALIDATION_FAILED", "1 rule failed.")
    assert error.fields == (("BT-1", "is missing"),)
    assert len(wire.requests) == 1


def test_a_task_that_broke_off() -> None:
    wire = Wire({"taskId": "t", "status": "FAILURE", "result": {"errorMessage": "worker lost"}})
    with pytest.raises(errors.ServiceFailed, match="worker lost"):
        wire.client(habits=Habits()).finished_task(task_id="t")
    assert len(wire.requests) == 1


def test_a_conversion_may_wait_for_values() -> None:
    result = {"status": "PENDING_INPUT", "conversion_id": "c", "missing_fields": ["supplier.siret"], "new": 1}
    task = Wire({"taskId": "t", "status": "SUCCESS", "result": result}).client().finished_conversion(task_id="t")
    assert task.result is not None
    assert (task.result.status, task.result.missing_fields) == ("PENDING_INPUT", ("supplier.siret",))


@pytest.mark.parametrize("said", [{"taskId": "t-1"}, {"task_id": "t-1"}, {"taskId": "t-1", "task_id": "t-1"}])
def test_both_spellings_of_a_task(said: dict[str, Any]) -> None:
    started = Wire((202, said)).client().parse_facturx_async(file=File("a.pdf", b""))
    assert started.task_id == "t-1"


@pytest.mark.parametrize(
    ("call", "given", "said", "kind"),
    [
        ("chorus_invoice", {"chorus_invoice_id": 1}, {"returnCode": 20001, "message": "Unknown."}, errors.Refused),
        ("chorus_invoice", {"chorus_invoice_id": 1}, {"returnCode": "3", "message": "Unknown."}, errors.Refused),
        ("chorus_structure_id", {"siret": "1"}, {"structureId": 0, "message": "Unknown."}, errors.NotThere),
        ("remove_webhook_secret", {"uid": "u"}, {"success": False, "message": "Unknown."}, errors.Refused),
        ("parse_facturx", {"file": File("a", b"")}, {"status": "error", "error": "Unknown."}, errors.Refused),
        ("conversion", {"conversion_id": "c"}, {"status": "ERROR", "errorMessage": "Unknown."}, errors.Refused),
        ("legal_unit", {"siren": "123456782"}, {}, errors.NotThere),
    ],
)
def test_a_good_status_may_hide_an_error(
    call: str, given: dict[str, Any], said: dict[str, Any], kind: type[errors.RemoteError]
) -> None:
    wire = Wire(said)
    with pytest.raises(errors.RemoteError) as caught:
        getattr(wire.client(habits=Habits()), call)(**given)
    assert type(caught.value) is kind
    assert caught.value.message == ("Unknown." if said else "")
    assert len(wire.requests) == 1


def test_a_return_code_of_0_is_good() -> None:
    said = {"returnCode": 0, "message": "OK", "chorusInvoiceId": "12", "totalGrossAmount": 120.5}
    invoice = Wire(said).client().chorus_invoice(chorus_invoice_id=12)
    assert (invoice.chorus_invoice_id, invoice.total_gross_amount) == (12, "120.5")


def test_what_a_conversion_lacks_is_said() -> None:
    said = {
        "status": "validation_failed",
        "conversion_id": "c",
        "message": "Complete it.",
        "missing_fields": [{"field": "supplier.siret", "bt_code": "BT-29", "description": "SIRET of the seller"}],
    }
    with pytest.raises(errors.Refused) as caught:
        Wire((422, said)).client().resume_conversion(conversion_id="c")
    assert caught.value.fields == (("supplier.siret", "SIRET of the seller"),)


def _page(number: int, *uids: str) -> dict[str, Any]:
    return {"results": [{"uid": uid} for uid in uids], "total": 3, "page": number, "pageSize": 2}


def test_clients_of_all_pages() -> None:
    wire = Wire(_page(1, "a", "b"), _page(2, "c"))
    assert [one.uid for one in wire.client().all_clients(page_size=2)] == ["a", "b", "c"]
    assert [place(request) for request in wire.requests] == [
        "GET /api/v1/clients?pageSize=2",
        "GET /api/v1/clients?page=2&pageSize=2",
    ]
    assert [one.uid for one in Wire({"results": []}).client().all_clients()] == []


@pytest.mark.parametrize(
    "call",
    [
        lambda one, size: one.chorus_add_file(content=bytes(size), name="a", media_type="a/b", extension="PDF"),
        lambda one, size: one.submit_cdar_xml(xml="x" * (size // 2)),
    ],
)
def test_too_large_is_said_before_anything_is_sent(call: Callable[[FactPulse, int], object]) -> None:
    wire = Wire({"pieceJointeIdFichier": 7, "flowId": "f"})
    with pytest.raises(errors.TooLarge):
        call(wire.client(), 10 * 1024 * 1024 + 2)
    assert wire.requests == wire.sign_ins == []
    call(wire.client(), 10 * 1024 * 1024)
    assert len(wire.requests) == 1


def test_secrets_are_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = Wire({"success": True, "webhookSecret": "to sign with"}).client()
    made = client.generate_webhook_secret(uid="u")
    assert made.webhook_secret.reveal() == "to sign with"
    shown = f"{made} {client} {client.__dict__} {caplog.text}"
    for secret in ("to sign with", PASSWORD, "access-1"):
        assert secret not in shown
    assert isinstance(made, WebhookSecret)


def test_a_token_that_is_none_is_not_shown_in_the_error() -> None:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, json={"token": "other shape"})))
    with pytest.raises(errors.UnexpectedAnswer, match="access"):
        FactPulse(username="u", password=Secret(PASSWORD), http=http).me()


def test_the_same_for_asyncio() -> None:
    wire = Wire({"status": "SUCCESS", "result": {"status": "SUCCESS"}}, _page(1, "a", "b"), _page(2, "c"))

    async def ask() -> list[str]:
        async with wire.async_client() as service:
            await service.finished_task(task_id="t")
            return [one.uid async for one in service.all_clients()]

    assert asyncio.run(ask()) == ["a", "b", "c"]
    assert len(wire.sign_ins) == 1


def test_amounts_keep_their_digits() -> None:
    wire = Wire({"chorusInvoiceId": 7})
    wire.client().chorus_submit(**CALLS["chorus_submit"][0])
    assert b'"totalNetAmount":100.00,"vatAmount":20.00,' in wire.requests[0].content
