"""Openapi E-Invoicing France: its four calls, its wrapper, and how the token is sent."""

import asyncio
import contextlib
import datetime as dt
import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua import errors
from billingua.remote.exchange import clients
from billingua.remote.exchange.habits import Habits
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.openapi_fr import (
    Address,
    ApiConfiguration,
    AsyncOpenapiFr,
    Attachment,
    Callback,
    Line,
    OpenapiFr,
    OpenapiFrCalls,
    Party,
    PaymentMeans,
    TaxSubtotal,
)

_HOST = "https://invoices.example"
_INVOICE: dict[str, Any] = {
    "document_number": "F1",
    "issue_date": dt.date(2026, 9, 1),
    "type": "380",
    "currency": "EUR",
    "sender": Party(name="Sender", fiscal_id="123456782", address=Address(city="Ville", country="FR")),
    "recipient": {"name": "Recipient"},
    "payment_means": (PaymentMeans(payment_mode="sepa_credit_transfer", amount=Decimal("120.00")),),
    "amount_including_tax": Decimal("120.00"),
    "total_amount_including_tax": Decimal("120.00"),
    "tax_subtotals": (
        TaxSubtotal(taxable_amount=Decimal("100.00"), tax_category="standard", vat_rate=Decimal("20.0")),
    ),
    "invoice_lines": (Line(description="Thing", quantity=Decimal("1.50"), tax_rate=Decimal(20)),),
    "attachments": (Attachment(document_id="A", document=b"%PDF-", mime_type="application/pdf"),),
}


class Wire:
    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        status, said = answer if isinstance(answer, tuple) else (200, answer)
        return httpx.Response(status, json=said)

    def client(self, **options: Any) -> OpenapiFr:
        http = httpx.Client(transport=httpx.MockTransport(self))
        return OpenapiFr(_HOST, token=Secret("given-token"), http=http, **options)


def _wrapped(data: Any, **more: Any) -> dict[str, Any]:
    return {"data": data, "success": True, "message": "", "error": None, **more}


def test_an_invoice_is_sent() -> None:
    wire = Wire(_wrapped({"id": "0123456789abcdef01234567", "state": "NEW"}))
    with wire.client() as service:
        taken = service.send_invoice(**_INVOICE)
    assert (taken.id, taken.state) == ("0123456789abcdef01234567", "NEW")
    (request,) = wire.requests
    assert (request.method, str(request.url)) == ("POST", f"{_HOST}/FR-invoices")
    assert request.headers["authorization"] == "Bearer given-token"
    assert json.loads(request.content) == {
        "document_number": "F1",
        "issue_date": "2026-09-01",
        "type": "380",
        "currency": "EUR",
        "sender": {"name": "Sender", "fiscal_id": "123456782", "address": {"city": "Ville", "country": "FR"}},
        "recipient": {"name": "Recipient"},
        "payment_means": [{"payment_mode": "sepa_credit_transfer", "amount": 120.0}],
        "amount_including_tax": 120.0,
        "total_amount_including_tax": 120.0,
        "tax_subtotals": [{"taxable_amount": 100.0, "tax_category": "standard", "vat_rate": 20.0}],
        "invoice_lines": [{"description": "Thing", "quantity": 1.5, "tax_rate": 20}],
        "attachments": [{"document_id": "A", "document": "JVBERi0=", "mime_type": "application/pdf"}],
    }
    assert b'"quantity":1.50,' in request.content


def test_a_firm_is_configured() -> None:
    wire = Wire(_wrapped(None), _wrapped("taken"))
    service = wire.client()
    service.configure(fiscal_id="123456782")
    events = (ApiConfiguration(event="supplier-invoice", callback=Callback(url="https://example.org/in")),)
    assert service.configure(fiscal_id="123456782", supplier_invoice=True, api_configurations=events).id == ""
    first, second = wire.requests
    assert (first.method, first.url.path, first.content) == ("POST", "/FR-configurations", b'{"fiscal_id":"123456782"}')
    assert json.loads(second.content) == {
        "fiscal_id": "123456782",
        "supplier_invoice": True,
        "api_configurations": [{"event": "supplier-invoice", "callback": {"url": "https://example.org/in"}}],
    }


def test_invoices_are_read() -> None:
    one = {
        "id": "a",
        "state": "SOMETHING_NEW",
        "create_at": "2026-09-01T10:00:00Z",
        "details": {"external_status": 200, "network": "fr-dgfip", "siren": None},
        "total_amount_including_tax": "120.00",
        "sender": {"name": "Sender"},
    }
    wire = Wire(_wrapped([one, {"id": "b"}]), _wrapped(one))
    service = wire.client()
    listed = service.invoices().data
    found = service.invoice(id="a/b", refresh=True).data
    assert [invoice.id for invoice in listed] == ["a", "b"]
    assert found == listed[0]
    assert (found.state, found.create_at, found.details.external_status) == (
        "SOMETHING_NEW",
        "2026-09-01T10:00:00Z",
        "200",
    )
    assert (found.total_amount_including_tax, found.details.siren) == (Decimal("120.00"), "")
    assert [request.url.raw_path for request in wire.requests] == [b"/FR-invoices", b"/FR-invoices/a%2Fb?refresh=true"]


@pytest.mark.parametrize("call", ["send_invoice", "configure", "invoices", "invoice"])
@pytest.mark.parametrize(
    "said",
    [
        {"data": None, "success": False, "message": "Not taken.", "error": None},
        {"data": {}, "success": True, "message": "", "error": "Not taken."},
        {"data": {}, "success": False, "message": "", "error": {"code": "E1", "message": "Not taken."}},
    ],
)
def test_a_good_status_may_hide_an_error(call: str, said: dict[str, Any]) -> None:
    given_ = {"send_invoice": _INVOICE, "configure": {"fiscal_id": "1"}, "invoice": {"id": "a"}, "invoices": {}}[call]
    with pytest.raises(errors.Refused) as caught:
        getattr(Wire(said).client(), call)(**given_)
    assert (caught.value.status, caught.value.message, caught.value.endpoint) == (200, "Not taken.", call)


def test_an_invoice_in_error_is_refused_when_sent_and_read_later() -> None:
    said = _wrapped({"id": "a", "state": "ERROR"}, message="Siret unknown")
    with pytest.raises(errors.Refused, match="Siret unknown"):
        Wire(said).client().send_invoice(**_INVOICE)
    assert Wire(said).client().invoice(id="a").data.state == "ERROR"


def test_an_invoice_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(clients.time, "sleep", waited.append)
    states = ("NEW", "SENT", "DONE")
    wire = Wire(*[_wrapped({"id": "a", "state": state}) for state in states])
    assert wire.client().finished_invoice(id="a", refresh=True).data.state == "DONE"
    assert len(waited) == 2


def test_the_token_is_sent_as_the_contract_says() -> None:
    wire = Wire(_wrapped([]))
    wire.client(header="X-Token", prefix="").invoices()
    assert wire.requests[0].headers["x-token"] == "given-token"
    assert "authorization" not in wire.requests[0].headers


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, errors.Refused), (401, errors.SignInFailed), (404, errors.NotThere), (500, errors.ServiceFailed)],
)
def test_errors_are_typed_and_without_the_token(status: int, kind: type[errors.RemoteError]) -> None:
    wire = Wire((status, {"success": False, "message": "No, given-token.", "error": 113}))
    with pytest.raises(errors.RemoteError) as caught:
        wire.client(habits=Habits(attempts=1)).invoices()
    assert type(caught.value) is kind
    assert caught.value.message == "No, ***."
    assert "given-token" not in f"{caught.value!r}{caught.value.body}{wire.client()!r}"


def test_an_invoice_is_not_sent_twice() -> None:
    wire = Wire((502, {}))
    with pytest.raises(errors.ServiceFailed) as caught:
        wire.client().send_invoice(**_INVOICE)
    assert caught.value.uncertain
    assert len(wire.requests) == 1


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("aé1", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["data", "success", "error", "message", "id", "state", "details"]), inner)
    ),
    max_leaves=8,
)


@given(_json)
def test_any_answer_is_read_or_one_error(said: Any) -> None:
    service = Wire(said).client()
    for call in (service.invoices, lambda: service.invoice(id="a"), lambda: service.configure(fiscal_id="1")):
        with contextlib.suppress(errors.Refused, errors.UnexpectedAnswer):
            call()


def test_all_calls_and_asyncio() -> None:
    names = {name for name in dir(OpenapiFrCalls) if isinstance(getattr(OpenapiFrCalls, name), Endpoint)}
    assert names == {"configure", "send_invoice", "invoices", "invoice"}
    wire = Wire(_wrapped([{"id": "a"}]))

    async def ask() -> str:
        http = httpx.AsyncClient(transport=httpx.MockTransport(wire))
        async with AsyncOpenapiFr(_HOST, token=Secret("t"), http=http) as service:
            return (await service.invoices()).data[0].id

    assert asyncio.run(ask()) == "a"


@pytest.mark.parametrize("data", [None, {}, {"state": "NEW"}, {"id": ""}, {"id": None}, [], "taken"])
def test_an_invoice_taken_without_an_id_is_no_success(data: Any) -> None:
    with pytest.raises(errors.UnexpectedAnswer) as caught:
        Wire({"success": True, "message": "taken", "data": data}).client().send_invoice(**_INVOICE)
    assert caught.value.uncertain
