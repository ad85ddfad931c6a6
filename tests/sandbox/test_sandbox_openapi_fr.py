"""Openapi France in the sandbox."""

import json
from typing import Any

import httpx
import pytest
from sandbox_world import Service, wait_for

ADDRESS = {"street_address": "1 rue de l'Exemple", "zip_code": "75003", "city": "Paris", "country": "FR"}
INVOICE = {
    "document_number": "O-1",
    "issue_date": "2026-11-20",
    "type": "380",
    "currency": "EUR",
    "sender": {
        "name": "Sandbox Seller",
        "fiscal_id": "10000000900017",
        "vat_id": "FR88100000009",
        "email": "seller@example.org",
        "address": ADDRESS,
    },
    "recipient": {"name": "Sandbox Buyer", "siren": "200000008", "email": "buyer@example.org", "address": ADDRESS},
    "invoice_lines": [
        {
            "description": "Paper",
            "quantity": 2,
            "unit_of_measure": "C62",
            "unit_price": 100.00,
            "total_net_amount": 200,
            "tax_category": "standard",
            "tax_rate": 20,
        }
    ],
    "payment_means": [
        {
            "payment_mode": "sepa_credit_transfer",
            "financial_account": "FR7630006000011234567890189",
            "due_date": "2026-12-20",
        }
    ],
    "total_amount_including_tax": 240.00,
}
WRAPPER = {"data", "success", "message", "error"}


@pytest.fixture
def openapi(http: httpx.Client) -> Service:
    return Service(http, "/openapi-fr", {"Authorization": "Bearer sandbox-openapi-token"})


def test_invoice_moves(openapi: Service) -> None:
    made = openapi.post("/FR-invoices", json=INVOICE).json()
    assert set(made) == WRAPPER
    assert (made["success"], made["error"], made["data"]["state"], len(made["data"]["id"])) == (True, None, "NEW", 24)
    path = f"/FR-invoices/{made['data']['id']}"
    assert openapi.get(path).json()["data"]["state"] == "NEW"
    seen = [openapi.get(path, params={"refresh": "true"}).json()["data"] for _ in range(4)]
    assert [one["state"] for one in seen] == ["SENT", "RECEIVED", "DONE", "DONE"]
    assert seen[0]["details"]["network"] == "fr-dgfip"
    assert seen[0]["create_at"].startswith("2026-11-21")
    assert (seen[0]["amount_excluding_tax"], seen[0]["total_tax_amount"]) == (200, 40)
    assert len(openapi.get("/FR-invoices").json()["data"]) == 1


def test_error_on_request(openapi: Service) -> None:
    made = openapi.post("/FR-invoices", json=INVOICE, headers={"X-Sandbox-Fault": "ends; ends=ERROR"}).json()
    for _ in range(3):
        found = openapi.get(f"/FR-invoices/{made['data']['id']}").json()
    assert found["data"]["state"] == "ERROR"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"document_number": None}, 422),
        ({"issue_date": "soon"}, 422),
        ({"total_amount_including_tax": 61.20}, 422),
        ({"total_amount_including_tax": "much"}, 422),
        ({"amount_including_tax": 240.01}, 422),
        ({"amount_excluding_tax": 1}, 422),
        ({"sender": {}}, 422),
        ({"sender": INVOICE["sender"] | {"vat_id": None}}, 422),  # type: ignore[operator]
        ({"recipient": "x"}, 422),
        ({"invoice_lines": []}, 422),
        ({"invoice_lines": [{}]}, 422),
        ({"invoice_lines": ["x"]}, 422),
        ({"invoice_lines": [{"description": "x", "quantity": "many"}]}, 422),
        ({"payment_means": [7]}, 422),
        ({"type": "999"}, 422),
        ({"currency": "euro"}, 422),
    ],
)
def test_invoice_is_refused(openapi: Service, changed: dict[str, Any], status: int) -> None:
    answer = openapi.post("/FR-invoices", json=INVOICE | changed)
    assert (answer.status_code, set(answer.json()), answer.json()["success"]) == (status, WRAPPER, False)


def test_invoice_is_there_once(openapi: Service) -> None:
    assert openapi.post("/FR-invoices", json=INVOICE).status_code == 200
    assert openapi.post("/FR-invoices", json=INVOICE).status_code == 409


def test_other_errors(openapi: Service) -> None:
    assert openapi.with_headers().get("/FR-invoices").status_code == 401
    assert openapi.get("/FR-invoices/x").json()["error"] == "NOT_FOUND"
    assert openapi.get("/nothing").json()["success"] is False


def hook(openapi: Service, number: str, event: str, url: str) -> httpx.Response:
    body = {"fiscal_id": number, "api_configurations": [{"event": event, "callback": {"url": url}}]}
    return openapi.post("/FR-configurations", json=body)


def test_both_sides_are_called_back(openapi: Service, received: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    url, posted = received
    assert hook(openapi, "100000009", "customer-invoice", f"{url}/sent").json()["success"] is True
    assert hook(openapi, "200000008", "supplier-invoice", f"{url}/got").json()["data"]["fiscal_id"] == "200000008"
    openapi.post("/FR-invoices", json=INVOICE)
    wait_for(lambda: len(posted) == 4)
    told = [(body["message"], body["data"]["state"]) for body in (json.loads(one) for _, one in posted)]
    assert told == [
        ("customer-invoice", "SENT"),
        ("customer-invoice", "RECEIVED"),
        ("supplier-invoice", "RECEIVED"),
        ("customer-invoice", "DONE"),
    ]
    assert len(openapi.get("/FR-invoices").json()["data"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"fiscal_id": "100000001"},
        {"fiscal_id": "x"},
        {"fiscal_id": 100000009},
        {"fiscal_id": "100000009", "api_configurations": [{}]},
        {"fiscal_id": "100000009", "api_configurations": ["x"]},
        {"fiscal_id": "100000009", "api_configurations": [{"event": "other", "callback": {"url": "x"}}]},
        {"fiscal_id": "100000009", "api_configurations": [{"event": "customer-invoice", "callback": {"url": 7}}]},
    ],
)
def test_configuration_is_refused(openapi: Service, body: dict[str, Any]) -> None:
    answer = openapi.post("/FR-configurations", json=body)
    assert (answer.status_code, answer.json()["success"]) == (422, False)


def test_fiscal_id_is_enough(openapi: Service) -> None:
    assert openapi.post("/FR-configurations", json={"fiscal_id": "10000000900017"}).json()["success"] is True
