"""Callbacks: true ones become events and steps of a life cycle, forged and garbled ones one error."""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua import lifecycle
from billingua.errors import LifecycleError, UsageError, WebhookError
from billingua.lifecycle import History
from billingua.model import Identifier
from billingua.remote import webhooks
from billingua.remote.exchange.secrets import Secret
from billingua.remote.webhooks import WebhookEvent
from billingua.sandbox.callbacks import afnor_signature, factpulse_signature

_SECRET = Secret("to sign with")
_KEY = Secret(base64.b64encode(b"0123456789abcdef0123456789abcdef").decode())
_NOW = 1_790_000_000
_DONE = {"event_type": "submission.completed", "data": {"taskId": "t-1", "afnorResult": {"flowId": "f-1"}}}
_FLOW = {
    "flowId": "f-1",
    "flowType": "SupplierInvoice",
    "updatedAt": "2026-09-22T10:00:00+02:00",
    "acknowledgement": {"status": "Ok"},
}


def _json(said: Any) -> bytes:
    return json.dumps(said).encode()


def _factpulse(said: Any) -> WebhookEvent:
    body = _json(said)
    return webhooks.factpulse_event(body, factpulse_signature(_SECRET.reveal(), body), secret=_SECRET)


def _afnor(said: Any, **more: Any) -> WebhookEvent:
    body = _json(said)
    headers = afnor_signature(_KEY.reveal(), body, _NOW)
    return webhooks.afnor_event(body, headers, signing_key=_KEY, **{"now": _NOW, **more})


def _told(status: str, at: dt.datetime) -> bytes:
    about = lifecycle.Reference(
        number="F/1",
        issue_date=dt.date(2026, 9, 1),
        type_code="380",
        seller_id=Identifier("123456782", "0002"),
        seller_name="Seller",
        seller_address=Identifier("123456782", "0225"),
        buyer_id=Identifier("987654324", "0002"),
        buyer_name="Buyer",
        buyer_address=Identifier("987654324", "0225"),
        received_at=dt.datetime(2026, 9, 1, 9),
    )
    return lifecycle.write(lifecycle.message(about, status, at=at))


def test_a_task_of_factpulse() -> None:
    event = _factpulse(_DONE)
    assert (event.service, event.kind, event.key, event.status) == (
        "factpulse",
        "submission.completed",
        "t-1",
        "completed",
    )
    assert event.raw == _DONE
    assert _factpulse({**_DONE, "event_type": "submission.partial"}).status == "partial"


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"task_id": "t-2", "data": {}}, "t-2"),
        ({"data": {"afnorResult": {"flowId": "f-1"}}}, "f-1"),
        ({"data": {"chorusResult": {"chorusInvoiceId": 12}}}, "12"),
        ({"data": None}, ""),
        ({"data": {"taskId": {"odd": 1}}}, ""),
    ],
)
def test_what_factpulse_knows_the_document_by(more: dict[str, Any], key: str) -> None:
    assert _factpulse({"event_type": "generation.failed", **more}).key == key


def test_a_flow_of_a_platform() -> None:
    event = _afnor(_FLOW)
    assert (event.service, event.kind, event.key, event.status) == ("afnor", "SupplierInvoice", "f-1", "Ok")
    assert event.time == dt.datetime(2026, 9, 22, 8, tzinfo=dt.UTC)


def _by_hand(body: bytes, over: str) -> str:
    text = body + b"@" + str(_NOW).encode()
    signed = {
        "digest": hashlib.sha256(text).digest(),
        "hex digest": hashlib.sha256(text).hexdigest().encode(),
        "text": text,
    }[over]
    key = base64.b64decode(_KEY.reveal())
    return base64.b64encode(hmac.new(key, signed, "sha256").digest()).decode()


@pytest.mark.parametrize("made", ["digest", "hex digest", "text"])
@pytest.mark.parametrize("wanted", ["digest", "hex digest", "text"])
def test_what_a_platform_signs_is_said_by_the_caller(made: str, wanted: Any) -> None:
    body = _json(_FLOW)
    headers = {"afnor-SIGNATURE": _by_hand(body, made), "AFNOR-signature-timestamp": str(_NOW)}
    expected = contextlib.nullcontext() if made == wanted else pytest.raises(WebhookError, match="signature")
    with expected:
        webhooks.afnor_event(body, headers, signing_key=_KEY, signed_over=wanted, now=_NOW)


@pytest.mark.parametrize(("late", "good"), [(0, True), (299, True), (-299, True), (301, False), (-301, False)])
def test_a_callback_of_a_platform_is_of_now(late: float, good: bool) -> None:
    expected = contextlib.nullcontext() if good else pytest.raises(WebhookError, match="last 300 seconds")
    with expected:
        _afnor(_FLOW, now=_NOW + late)


@pytest.mark.parametrize("stamp", ["soon", "", "1.5", "-5", "9" * 40, "²"])
def test_a_time_that_is_none(stamp: str) -> None:
    body = _json(_FLOW)
    text = body + b"@" + stamp.encode("ascii", "replace")
    made = hmac.new(base64.b64decode(_KEY.reveal()), hashlib.sha256(text).digest(), "sha256").digest()
    headers = {"Afnor-Signature": base64.b64encode(made).decode(), "Afnor-Signature-Timestamp": stamp}
    with pytest.raises(WebhookError, match="last 300 seconds"):
        webhooks.afnor_event(body, headers, signing_key=_KEY, now=_NOW)


@given(st.data())
def test_a_changed_byte_is_a_forgery(data: st.DataObject) -> None:
    body = bytearray(_json(_DONE))
    headers = factpulse_signature(_SECRET.reveal(), bytes(body))
    flow = bytearray(_json(_FLOW))
    flow_headers = afnor_signature(_KEY.reveal(), bytes(flow), _NOW)
    for changed in (body, flow):
        place = data.draw(st.integers(0, len(changed) - 1))
        changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(WebhookError, match="cannot be trusted"):
        webhooks.factpulse_event(bytes(body), headers, secret=_SECRET)
    with pytest.raises(WebhookError, match="cannot be trusted"):
        webhooks.afnor_event(bytes(flow), flow_headers, signing_key=_KEY, now=_NOW)


@given(st.text("sha256=0fAZ+/é\ud800\n ", max_size=80))
def test_any_other_signature_is_a_forgery(text: str) -> None:
    for headers in ({}, {"X-Webhook-Signature": text}, {"x-webhook-signature": f"sha256={text}"}):
        with pytest.raises(WebhookError, match="cannot be trusted"):
            webhooks.factpulse_event(b"{}", headers, secret=_SECRET)
    for headers in ({"Afnor-Signature": text}, {"Afnor-Signature": text, "Afnor-Signature-Timestamp": text}):
        with pytest.raises(WebhookError, match="cannot be trusted"):
            webhooks.afnor_event(b"{}", headers, signing_key=_KEY, now=_NOW)


def test_another_secret_and_none() -> None:
    body = _json(_DONE)
    headers = factpulse_signature("another", body)
    with pytest.raises(WebhookError) as refused:
        webhooks.factpulse_event(body, headers, secret=_SECRET)
    assert _SECRET.reveal() not in str(refused.value)
    assert headers["X-Webhook-Signature"] not in str(refused.value)
    with pytest.raises(UsageError, match="empty secret"):
        webhooks.factpulse_event(body, factpulse_signature("", body), secret=Secret(""))
    with pytest.raises(UsageError, match="not in base64"):
        webhooks.afnor_event(body, afnor_signature(_KEY.reveal(), body, _NOW), signing_key=Secret("!"), now=_NOW)
    with pytest.raises(UsageError, match="given as bytes"):
        webhooks.factpulse_event(body.decode(), headers, secret=_SECRET)  # type: ignore[arg-type]


def test_openapi_tells_an_invoice_bare_or_wrapped() -> None:
    invoice = {"id": "0123456789abcdef01234567", "state": "SENT", "details": {"network": "fr-dgfip"}}
    for said in (invoice, {"data": invoice, "success": True, "message": "", "error": None}):
        event = webhooks.openapi_fr_event(_json(said))
        assert (event.service, event.kind, event.key, event.status) == ("openapi-fr", "invoice", invoice["id"], "SENT")


_names = st.sampled_from(["id", "state", "data", "event_type", "flowId", "acknowledgement", "updatedAt", "taskId"])
_any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("aé1", max_size=6) | st.just("a.b"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names, inner),
    max_leaves=8,
)


@given(_any_json)
def test_any_json_is_an_event_or_one_error(said: Any) -> None:
    readers: tuple[Callable[[Any], WebhookEvent], ...] = (
        _factpulse,
        _afnor,
        lambda one: webhooks.openapi_fr_event(_json(one)),
    )
    for event_of in readers:
        with contextlib.suppress(WebhookError):
            event = event_of(said)
            assert event.repeat_key == event_of(said).repeat_key
            assert isinstance(event.key + event.kind + event.status, str)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff", b"<a/>", b"{}", b"[" * 5000])
def test_what_is_no_event(body: bytes) -> None:
    with pytest.raises(WebhookError):
        webhooks.openapi_fr_event(body)
    with pytest.raises(WebhookError):
        webhooks.cdar_event(body)
    with pytest.raises(WebhookError, match=r"^The callback (is no JSON|has no event_type)"):
        webhooks.factpulse_event(body, factpulse_signature(_SECRET.reveal(), body), secret=_SECRET)
    with pytest.raises(WebhookError, match=r"^The callback (is no JSON|has no flowId)"):
        webhooks.afnor_event(body, afnor_signature(_KEY.reveal(), body, _NOW), signing_key=_KEY, now=_NOW)


@given(st.binary(max_size=60))
def test_any_bytes_are_no_life_cycle_message(body: bytes) -> None:
    with pytest.raises(WebhookError):
        webhooks.cdar_event(body)


def test_life_cycle_messages_make_a_history() -> None:
    history = History()
    events = [webhooks.cdar_event(_told(code, dt.datetime(2026, 9, day, 10))) for code, day in (("205", 4), ("202", 1))]
    assert (events[0].key, events[0].status, events[0].time) == ("F/1", "205", dt.datetime(2026, 9, 4, 10))
    assert [webhooks.feed(history, event) for event in events] == [True, True]
    assert [step.status.code for step in history.steps] == ["202", "205"]
    again = webhooks.cdar_event(bytes(events[0].raw))
    assert webhooks.feed(history, again) is False
    assert again.repeat_key == events[0].repeat_key
    assert len({event.repeat_key for event in events}) == 2


def test_a_status_alone_is_a_step_too() -> None:
    history = History()
    webhooks.feed(history, webhooks.cdar_event(_told("202", dt.datetime(2026, 9, 1, 10))))
    event = webhooks.openapi_fr_event(_json({"id": "a", "state": "SENT", "details": {"external_status": 205}}))
    with pytest.raises(LifecycleError, match="does not say when"):
        webhooks.feed(history, event)
    noon = dt.datetime(2026, 9, 4, 12, 0, 0, 5, tzinfo=dt.UTC)
    assert webhooks.feed(history, event, number="F/1", received_at=noon) is True
    assert webhooks.feed(history, event, number="F/1", received_at=noon) is False
    assert history.status is lifecycle.status("205")
    assert history.steps[-1].at == dt.datetime(2026, 9, 4, 14)
    with pytest.raises(LifecycleError, match="another invoice"):
        webhooks.feed(history, event, number="F/2", received_at=noon + dt.timedelta(days=1))


def test_a_state_of_the_transport_is_no_step() -> None:
    history = History()
    for event in (_factpulse(_DONE), _afnor(_FLOW), webhooks.openapi_fr_event(b'{"id": "a", "state": "DONE"}')):
        assert webhooks.feed(history, event, received_at=dt.datetime(2026, 9, 1)) is False
    assert history.steps == ()


def test_two_documents_without_a_number_are_no_repeat() -> None:
    first, second = (_factpulse({"event_type": "generation.failed", "data": {"error": one}}) for one in "ab")
    assert first.repeat_key != second.repeat_key
    assert _factpulse(_DONE).repeat_key == _factpulse({**_DONE, "sent": "again"}).repeat_key
