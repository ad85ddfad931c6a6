"""The couriers over real HTTP: from the outbox to the sandbox, also when answers are lost on the way."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import billingua as bl
from billingua import sandbox
from billingua.errors import UsageError
from billingua.remote.outbox import Outbox, Pace
from billingua.remote.outbox.courier import COURIERS, courier_for
from billingua.sandbox.world import CREDENTIALS

SAMPLES = Path(__file__).parents[3] / "samples"
COMPANIES: dict[str, str] = CREDENTIALS["docnova"]["companies"]  # type: ignore[assignment]
QUICK = Pace(first_pause=0.001, longest_pause=0.002, first_poll=0.001, longest_poll=0.002)
SECRETS = ("sandbox-key", "sandbox-secret", "sandbox-password")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running() as url:
        yield url


@pytest.fixture
def outbox(base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outbox]:
    httpx.post(f"{base}/_sandbox/reset").raise_for_status()
    monkeypatch.setenv("THE_KEY", "sandbox-key")
    monkeypatch.setenv("THE_SECRET", CREDENTIALS["afnor"]["client_secret"])  # type: ignore[arg-type]
    monkeypatch.setenv("THE_PASSWORD", CREDENTIALS["factpulse"]["password"])  # type: ignore[arg-type]
    sections = [
        f"[services.docnova-{country.lower()}]\n"
        f'service = "docnova"\nbase_url = "{base}/docnova"\ncompany_id = "{company}"\n'
        f'country = "{country}"\napi_key_env = "THE_KEY"\nauth_style = "{"bearer" if country == "FR" else "r-auth"}"\n'
        for country, company in COMPANIES.items()
    ]
    sections.append(
        f'[services.platform]\nservice = "afnor"\nflow_url = "{base}/afnor/flow-service"\n'
        f'token_url = "{base}{CREDENTIALS["afnor"]["token_path"]}"\n'
        f'client_id = "{CREDENTIALS["afnor"]["client_id"]}"\nclient_secret_env = "THE_SECRET"\n'
    )
    sections.append(
        f'[services.factpulse]\nbase_url = "{base}/factpulse"\n'
        f'username = "{CREDENTIALS["factpulse"]["username"]}"\npassword_env = "THE_PASSWORD"\n'
    )
    settings = tmp_path / "services.toml"
    settings.write_text("\n".join(sections), "utf-8")
    with Outbox(tmp_path / "outbox.db", settings=settings, pace=QUICK) as made:
        yield made


def xrechnung() -> bytes:
    return bl.convert(SAMPLES / "standard-rated.ubl.xml", "ubl", profile="xrechnung").data


def documents() -> dict[str, tuple[str, bytes]]:
    return {
        "germany": ("docnova-de", xrechnung()),
        "germany-pdf": ("docnova-de", (SAMPLES / "invoice.facturx.pdf").read_bytes()),
        "france": ("docnova-fr", (SAMPLES / "france.ubl.xml").read_bytes()),
        "poland": ("docnova-pl", (SAMPLES / "invoice.fa3.xml").read_bytes()),
        "platform": ("platform", (SAMPLES / "france.cii.xml").read_bytes()),
        "report": ("platform", (SAMPLES / "transactions.ereporting.xml").read_bytes()),
        "factpulse": ("factpulse", (SAMPLES / "france.ubl.xml").read_bytes()),
    }


@pytest.mark.parametrize("name", documents())
def test_a_document_is_accepted(outbox: Outbox, name: str, tmp_path: Path) -> None:
    target, data = documents()[name]
    entry = outbox.enqueue(data, target, file=f"{name}.xml")
    outbox.run(wait=20)
    done = outbox.entry(entry.id)
    assert (done.state, done.submissions) == ("accepted", 1), done.message
    if name == "poland":
        assert done.receipt is not None
        assert len(done.receipt.details["ksefNumber"]) == 35
        (upo,) = outbox.documents(entry.id)
        assert upo.data.startswith(b"%PDF-")
    kept = (tmp_path / "outbox.db").read_bytes() + repr(done).encode()
    assert not any(secret.encode() in kept for secret in SECRETS)


@pytest.mark.parametrize("name", ["germany", "france", "poland", "platform", "factpulse"])
def test_an_answer_that_is_lost_sends_nothing_twice(base: str, outbox: Outbox, name: str) -> None:
    target, data = documents()[name]
    entry = outbox.enqueue(data, target, file="invoice.xml")
    path = {
        "germany": "/invoice/send-document-async",
        "poland": "/invoice/send-document-async",
        "france": "/invoice/FR/submit",
        "platform": "/v1/flows",
        "factpulse": "/api/v1/afnor/flow/v1/flows",
    }[name]
    fault: dict[str, Any] = {"fault": "duplicate", "path": path}
    httpx.post(f"{base}/_sandbox/faults", json=fault).raise_for_status()
    outbox.run(wait=20)
    done = outbox.entry(entry.id)
    assert (done.state, done.submissions) == ("accepted", 1), [step.message for step in outbox.history(entry.id)]
    state = json.dumps(httpx.get(f"{base}/_sandbox/state").json())
    assert '"faults": []' in state


def test_a_status_needs_its_invoice(outbox: Outbox) -> None:
    """The sandbox knows no invoice of that number, and says so."""
    entry = outbox.enqueue((SAMPLES / "made-available.cdar.xml").read_bytes(), "docnova-fr", file="status.xml")
    outbox.run(wait=20)
    assert (outbox.entry(entry.id).state, outbox.entry(entry.id).reason) == ("failed", "not_sent")


def test_a_refusal_is_the_last_word(base: str, outbox: Outbox) -> None:
    entry = outbox.enqueue(xrechnung(), "docnova-de", file="invoice.xml")
    fault = {"fault": "ends", "ends": "PERMANENT_FAILED", "path": "/invoice/send-document-async"}
    httpx.post(f"{base}/_sandbox/faults", json=fault).raise_for_status()
    outbox.run(wait=20)
    assert outbox.entry(entry.id).state == "rejected"


def test_what_a_service_has_no_word_for_is_never_sent(outbox: Outbox) -> None:
    for target, name in (
        ("docnova-de", "standard-rated.ubl.xml"),
        ("docnova-fr", "invoice.fa3.xml"),
        ("platform", "invoice.fa3.xml"),
    ):
        entry = outbox.enqueue((SAMPLES / name).read_bytes(), target, file=name)
        outbox.run(wait=20)
        done = outbox.entry(entry.id)
        assert (done.state, done.reason) == ("failed", "not_sent"), target


def test_every_courier_says_what_it_needs(tmp_path: Path) -> None:
    for name in COURIERS:
        settings = tmp_path / "empty.toml"
        settings.write_text(f'[services.it]\nservice = "{name}"\n', "utf-8")
        with pytest.raises(UsageError, match="needs"):
            courier_for("it", settings)
