"""The client of Openapi France over real HTTP, against the sandbox, which was written from the same guide by itself."""

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

import billingua as bl
from billingua import errors, lifecycle, sandbox
from billingua.remote import webhooks
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.secrets import Secret
from billingua.remote.openapi_fr import ApiConfiguration, AsyncOpenapiFr, Callback, OpenapiFr, invoice_json
from billingua.sandbox.world import OPENAPI_TOKEN
from receiving import arrived, receiving

SAMPLES = Path(__file__).parents[3] / "samples"
QUICK: dict[str, Any] = {
    "habits": Habits(first_wait=0.001, longest_wait=2),
    "pace": Pace(first=0.001, longest=0.002, deadline=10),
}
NUMBER = "F-2026-0117"


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running() as url:
        yield url


@pytest.fixture
def openapi(base: str) -> Iterator[OpenapiFr]:
    httpx.post(f"{base}/_sandbox/reset")
    with OpenapiFr(f"{base}/openapi-fr", token=Secret(OPENAPI_TOKEN), **QUICK) as client:
        yield client


def fault(base: str, kind: str, **more: Any) -> None:
    httpx.post(f"{base}/_sandbox/faults", json={"fault": kind, "service": "openapi-fr", **more}).raise_for_status()


def body(**changed: Any) -> dict[str, Any]:
    sale = bl.read(SAMPLES / "france.ubl.xml").content
    return {**invoice_json.write(sale, allow_losses=True).content, **changed}


def test_an_invoice_goes_its_way(openapi: OpenapiFr) -> None:
    sent = openapi.send_invoice(**body())
    assert (sent.state, len(sent.id)) == ("NEW", 24)
    found = openapi.finished_invoice(id=sent.id, refresh=True).data
    assert (found.state, found.document_number, found.details.network) == ("DONE", NUMBER, "fr-dgfip")
    assert found.total_amount_including_tax == Decimal("648.20")
    (listed,) = openapi.invoices().data
    assert listed.id == sent.id
    raw = openapi.invoice(id=sent.id).raw["data"]
    assert invoice_json.read(raw).invoice.number == NUMBER


@pytest.mark.parametrize(
    ("changed", "error"),
    [({"total_amount_including_tax": Decimal(1)}, errors.Refused), ({"sender": {}}, errors.Refused)],
)
def test_a_wrong_one_is_refused(openapi: OpenapiFr, changed: dict[str, Any], error: type[errors.RemoteError]) -> None:
    with pytest.raises(error) as caught:
        openapi.send_invoice(**body(**changed))
    assert caught.value.message
    assert not caught.value.uncertain


def test_the_same_number_twice(openapi: OpenapiFr) -> None:
    openapi.send_invoice(**body())
    with pytest.raises(errors.AlreadyThere):
        openapi.send_invoice(**body())


def test_what_there_is_not(base: str, openapi: OpenapiFr) -> None:
    with pytest.raises(errors.NotThere):
        openapi.invoice(id="0" * 24)
    with OpenapiFr(f"{base}/openapi-fr", token=Secret("x"), **QUICK) as other, pytest.raises(errors.SignInFailed):
        other.invoices()


def test_callbacks_tell_the_states(openapi: OpenapiFr) -> None:
    with receiving() as (url, posted):
        hook = ApiConfiguration(event="customer-invoice", callback=Callback(url=url))
        assert openapi.configure(fiscal_id="100000009", api_configurations=(hook,)).data
        sent = openapi.send_invoice(**body())
        arrived(posted, 3)
    events = [webhooks.openapi_fr_event(one) for _, one in posted]
    assert [(one.key, one.status) for one in events] == [(sent.id, state) for state in ("SENT", "RECEIVED", "DONE")]
    history = lifecycle.History()
    assert not any(webhooks.feed(history, one, number=NUMBER) for one in events), "states of the way are no statuses"


def test_what_passes_is_repeated(base: str, openapi: OpenapiFr) -> None:
    for kind in ("502", "503", "drop", "half"):
        fault(base, kind, path="/FR-invoices", retry=0)
        assert openapi.invoices().data == ()
    fault(base, "429", path="/FR-invoices", retry=1)
    start = time.monotonic()
    assert openapi.send_invoice(**body()).id
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("kind", ["duplicate", "half", "drop", "wrong-json", "empty", "502"])
def test_what_may_have_been_done_is_said(base: str, openapi: OpenapiFr, kind: str) -> None:
    fault(base, kind, path="/FR-invoices")
    with pytest.raises(errors.RemoteError) as caught:
        openapi.send_invoice(**body())
    assert caught.value.uncertain
    assert len(openapi.invoices().data) == (0 if kind in ("drop", "502") else 1)


def test_tasks(base: str) -> None:
    async def talk() -> str:
        async with AsyncOpenapiFr(f"{base}/openapi-fr", token=Secret(OPENAPI_TOKEN), **QUICK) as openapi:
            sent = await openapi.send_invoice(**body(document_number="F-9"))
            return str((await openapi.finished_invoice(id=sent.id, refresh=True)).data.state)

    assert asyncio.run(talk()) == "DONE"
