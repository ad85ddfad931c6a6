"""The clients of XP Z12-013 over real HTTP, against the sandbox, which was written from the same standard by itself."""

import asyncio
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

import billingua as bl
from billingua import errors, lifecycle, sandbox
from billingua.remote import webhooks
from billingua.remote.afnor import (
    AfnorDirectory,
    AfnorFlow,
    AsyncAfnorFlow,
    ClientCredentials,
    FacilityFilters,
    Filter,
    Flow,
    FlowFilters,
    FlowInfo,
    LegalUnitFilters,
)
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret
from billingua.sandbox.world import AFNOR_CLIENT
from receiving import arrived, receiving

SAMPLES = Path(__file__).parents[3] / "samples"
QUICK: dict[str, Any] = {
    "habits": Habits(first_wait=0.001, longest_wait=2),
    "pace": Pace(first=0.001, longest=0.002, deadline=10),
}
INVOICE = (SAMPLES / "france.ubl.xml").read_bytes()
NUMBER = "F-2026-0117"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running() as url:
        yield url


def credentials(base: str, secret: str = AFNOR_CLIENT[1]) -> ClientCredentials:
    return ClientCredentials(f"{base}/afnor/oauth/token", AFNOR_CLIENT[0], Secret(secret))


@pytest.fixture
def platform(base: str) -> Iterator[AfnorFlow]:
    httpx.post(f"{base}/_sandbox/reset")
    with AfnorFlow(f"{base}/afnor/flow-service", credentials=credentials(base), **QUICK) as client:
        yield client


def fault(base: str, kind: str, **more: Any) -> None:
    httpx.post(f"{base}/_sandbox/faults", json={"fault": kind, "service": "afnor-flow", **more}).raise_for_status()


def handed_over(platform: AfnorFlow, data: bytes = INVOICE, syntax: str = "UBL", **more: Any) -> Flow:
    info = FlowInfo(name="a.xml", flow_syntax=syntax, tracking_id=NUMBER, sha256=sha256(data).hexdigest(), **more)
    taken = platform.submit_flow(flow_info=info, file=File("a.xml", data, "application/xml"))
    assert (taken.tracking_id, taken.sha256) == (NUMBER, sha256(data).hexdigest())
    return platform.acknowledged(flow_id=taken.flow_id)


def test_an_invoice_and_its_life_cycle(platform: AfnorFlow) -> None:
    flow = handed_over(platform, processing_rule="B2B", flow_profile="CIUS")
    assert (flow.acknowledgement.status, flow.flow_type, flow.flow_direction) == ("Ok", "CustomerInvoice", "Out")
    assert platform.flow_file(flow_id=flow.flow_id) == INVOICE
    converted = platform.flow_file(flow_id=flow.flow_id, doc_type="Converted")
    assert bl.detect(converted).format == "cii"
    assert platform.flow_file(flow_id=flow.flow_id, doc_type="ReadableView").startswith(b"%PDF-")
    for _ in range(6):
        incoming = list(platform.all_flows(where=FlowFilters(tracking_id=NUMBER, flow_direction=("In",))))
    history = lifecycle.History([bl.read(platform.flow_file(flow_id=one.flow_id)).content for one in incoming])
    assert [step.status.code for step in history.steps] == ["200", "201", "202", "203", "204", "205"]
    assert {one.flow_type for one in incoming} == {"CustomerInvoiceLC"}


def test_pages(platform: AfnorFlow) -> None:
    for number in range(5):
        handed_over(platform, INVOICE.replace(b"F-2026-0117", f"F-{number}".encode()))
    httpx.post(platform.base_url.replace("/afnor/flow-service", "/_sandbox/step"), json={"count": 9})
    whole = {one.flow_id for one in platform.all_flows()}
    assert len(whole) == 5 + 5 * 6
    assert {one.flow_id for one in platform.all_flows(limit=4)} == whole
    first = platform.search_flows(limit=4)
    assert (len(first.results), bool(first.next_cursor)) == (4, True)


@pytest.mark.parametrize(
    ("data", "syntax", "code"),
    [
        (INVOICE.replace(b">648.20<", b">648.21<"), "UBL", "BR-CO-15"),
        (INVOICE, "CII", "AttachmentTypeError"),
        (b"<a/>", "UBL", "InvalidSchema"),
    ],
)
def test_what_is_wrong_comes_with_the_acknowledgement(platform: AfnorFlow, data: bytes, syntax: str, code: str) -> None:
    found = handed_over(platform, data, syntax).acknowledgement
    assert found.status == "Error"
    assert code in [detail.reason_code for detail in found.details]


def test_the_same_file_twice(platform: AfnorFlow) -> None:
    handed_over(platform)
    found = handed_over(platform).acknowledgement
    assert (found.status, [one.reason_code for one in found.details]) == ("Error", ["AlreadyExistingFlow"])


def test_webhooks_are_registered(platform: AfnorFlow) -> None:
    made = platform.add_webhook(callback_url="http://127.0.0.1:9/in", flow_types=("CustomerInvoiceLC",))
    assert made.signing_key.reveal()
    (listed,) = platform.webhooks()
    assert (listed.webhook_id, listed.callback_url, listed.signing_key.reveal()) == (
        made.webhook_id,
        "http://127.0.0.1:9/in",
        "",
    )
    platform.remove_webhook(webhook_uid=made.webhook_id)
    assert platform.webhooks() == ()
    with pytest.raises(errors.NotThere):
        platform.remove_webhook(webhook_uid=made.webhook_id)
    assert platform.flow_health().raw


def test_callbacks_feed_the_history(platform: AfnorFlow) -> None:
    history = lifecycle.History()
    with receiving() as (url, posted):
        key = platform.add_webhook(callback_url=url, flow_direction="In").signing_key
        handed_over(platform)
        for headers, body in arrived(posted, 6):
            event = webhooks.afnor_event(body, headers, signing_key=key)
            assert (event.kind, event.status) == ("CustomerInvoiceLC", "Ok")
            webhooks.feed(history, webhooks.cdar_event(platform.flow_file(flow_id=event.key)))
    assert [step.status.code for step in history.steps] == ["200", "201", "202", "203", "204", "205"]
    headers, body = posted[0]
    with pytest.raises(errors.WebhookError):
        webhooks.afnor_event(body + b" ", headers, signing_key=key)


def test_the_directory(base: str) -> None:
    with AfnorDirectory(f"{base}/afnor/directory-service", credentials=credentials(base), **QUICK) as directory:
        unit = directory.legal_unit(siren="100000009")
        assert unit.business_name == "Sandbox Seller"
        found = directory.search_legal_units(filters=LegalUnitFilters(siren=Filter(value="100000009")))
        assert [one.siren for one in found.results] == ["100000009"]
        sites = list(directory.all_facilities(filters=FacilityFilters(siren=Filter(value="200000008"))))
        assert sites
        assert directory.facility(siret=sites[0].siret).siren == "200000008"
        lines = list(directory.all_directory_lines(limit=1))
        assert len(lines) > 1
        line = directory.directory_line(addressing_identifier=lines[0].addressing_identifier)
        assert line.addressing_identifier == lines[0].addressing_identifier
        assert list(directory.all_routing_codes(limit=1))
        with pytest.raises(errors.NotThere):
            directory.legal_unit(siren="500000005")
        assert directory.directory_health().raw


def test_signing_in(base: str) -> None:
    wrong = credentials(base, "wrong")
    with AfnorFlow(f"{base}/afnor/flow-service", credentials=wrong) as platform, pytest.raises(errors.SignInFailed):
        platform.webhooks()


def test_a_token_that_grew_old_is_renewed(base: str, platform: AfnorFlow) -> None:
    platform.webhooks()
    httpx.post(f"{base}/_sandbox/clock", json={"advance": 2 * 3600})
    assert platform.webhooks() == ()


def test_what_passes_is_repeated(base: str, platform: AfnorFlow) -> None:
    flow = handed_over(platform)
    for kind in ("502", "503", "drop", "half", "401"):
        fault(base, kind, path="/v1/flows/{flowId}", retry=0)
        assert platform.flow(flow_id=flow.flow_id).flow_id == flow.flow_id
    fault(base, "429", path="/v1/flows", retry=1)
    start = time.monotonic()
    handed_over(platform, INVOICE.replace(b"F-2026-0117", b"F-2"))
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("kind", ["duplicate", "half", "drop", "wrong-json", "empty"])
def test_what_may_have_been_done_is_said(base: str, platform: AfnorFlow, kind: str) -> None:
    platform.webhooks()
    fault(base, kind, path="/v1/flows")
    with pytest.raises(errors.RemoteError) as caught:
        handed_over(platform)
    assert caught.value.uncertain
    there = list(platform.all_flows(where=FlowFilters(tracking_id=NUMBER, flow_direction=("Out",))))
    assert len(there) == (0 if kind == "drop" else 1)


@pytest.mark.parametrize(("kind", "error"), [("403", errors.NotPermitted), ("500", errors.ServiceFailed)])
def test_errors_are_typed(base: str, platform: AfnorFlow, kind: str, error: type[errors.RemoteError]) -> None:
    fault(base, kind, path="/v1/flows")
    with pytest.raises(error):
        handed_over(platform)


def test_tasks(base: str) -> None:
    async def talk() -> str:
        async with AsyncAfnorFlow(f"{base}/afnor/flow-service", credentials=credentials(base), **QUICK) as platform:
            data = INVOICE.replace(b"F-2026-0117", b"F-9")
            info = FlowInfo(name="a.xml", flow_syntax="UBL")
            taken = await platform.submit_flow(flow_info=info, file=File("a.xml", data, "application/xml"))
            flow = await platform.acknowledged(flow_id=taken.flow_id)
            assert flow.flow_id in [one.flow_id async for one in platform.all_flows()]
            return flow.acknowledgement.status

    assert asyncio.run(talk()) == "Ok"
