"""FactPulse in the sandbox: life cycle, e-reporting, clients, and AFNOR passed on."""

import base64
import hashlib
from typing import Any

import httpx
import pytest
from sandbox_world import Service, sample, upload

import billingua as bl

CDAR = {
    "documentId": "D-1",
    "senderSiren": "200000008",
    "invoiceId": "F-1",
    "invoiceIssueDate": "2026-11-20",
    "invoiceSellerSiren": "100000009",
    "status": "205",
}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"status": "203"},
        {"status": "210", "reasonCode": "TX_TVA_ERR", "reasonText": "Wrong rate.", "actionCode": "NIN"},
        {"status": "212", "senderSiren": "100000009", "encaisseAmount": 240, "encaisseVatRate": "20"},
    ],
)
def test_message_is_made(factpulse: Service, changed: dict[str, Any]) -> None:
    answer = factpulse.post("/cdar/generate", json=CDAR | changed)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    data = found["xml"].encode()
    assert bl.validate(data).valid
    assert (found["xmlSize"], found["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    content = bl.read(data).content
    assert (content.id, content.status) == ("D-1", changed.get("status", "205"))


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"status": "210"}, 400),
        ({"status": "212"}, 400),
        ({"status": "999"}, 400),
        ({"status": "210", "reasonCode": "NONE"}, 400),
        ({"senderSiren": "1"}, 422),
        ({"invoiceIssueDate": "soon"}, 422),
        ({"encaisseAmount": "much"}, 422),
    ],
)
def test_message_is_refused(factpulse: Service, changed: dict[str, Any], status: int) -> None:
    assert factpulse.post("/cdar/generate", json=CDAR | changed).status_code == status


def test_messages_are_sent_and_listed(factpulse: Service) -> None:
    sent = factpulse.post("/cdar/submit", json=CDAR).json()
    assert (sent["status"], sent["documentId"]) == ("Pending", "D-1")
    cashed = {
        "invoiceId": "F-1",
        "invoiceIssueDate": "2026-11-20",
        "invoiceBuyerSiren": "200000008",
        "invoiceBuyerElectronicAddress": "200000008",
        "amount": "240.00",
        "vatRate": 20,
    }
    assert factpulse.post("/cdar/encaissee", json=cashed).json()["status"] == "212"
    refused = {
        "invoiceId": "F-2",
        "invoiceIssueDate": "2026-11-20",
        "invoiceSellerSiren": "100000009",
        "invoiceSellerElectronicAddress": "100000009",
        "reasonCode": "TX_TVA_ERR",
    }
    assert factpulse.post("/cdar/refusee", json=refused).json()["invoiceId"] == "F-2"
    found = factpulse.get("/cdar/lifecycle").json()
    assert (found["totalInvoices"], found["cutoffDays"]) == (2, 7)
    events = {one["invoiceId"]: [event["statusCode"] for event in one["events"]] for one in found["invoices"]}
    assert events == {"F-1": ["205", "212"], "F-2": ["210"]}
    paid = found["invoices"][0]["events"][1]
    assert (paid["amount"], paid["currency"], paid["issuerRole"]) == ("240.00", "EUR", "SE")
    assert factpulse.get("/cdar/lifecycle", params={"invoiceId": "F-2"}).json()["totalInvoices"] == 1
    assert factpulse.get("/cdar/lifecycle", params={"flowDirection": "In"}).json()["totalInvoices"] == 0
    assert factpulse.get("/cdar/lifecycle", params={"days": "0"}).status_code == 422


def test_message_as_xml(factpulse: Service) -> None:
    data = sample("made-available.cdar.xml")
    sent = factpulse.post("/cdar/submit-xml", json={"xml": data.decode(), "flowType": "SupplierInvoiceLC"}).json()
    assert factpulse.get(f"/afnor/flow/v1/flows/{sent['flowId']}").json()["flowType"] == "SupplierInvoiceLC"
    coded = base64.b64encode(data).decode()
    assert factpulse.post("/cdar/submit-xml", json={"xml": coded}).status_code == 200
    for wrong in ("<nothing/>", "x", sample("france.ubl.xml").decode()):
        assert factpulse.post("/cdar/submit-xml", json={"xml": wrong}).status_code == 400
    good = upload(factpulse, "/cdar/validate-xml", "xml_file", data).json()
    assert (good["valid"], good["errors"]) == (True, [])
    wrong_phase = upload(factpulse, "/cdar/validate-xml", "xml_file", data.replace(b">305<", b">23<")).json()
    assert (wrong_phase["valid"], bool(wrong_phase["errors"][0]["rule"])) == (False, True)


def test_fields_of_a_message_are_checked(factpulse: Service) -> None:
    assert factpulse.post("/cdar/validate", json=CDAR).json()["valid"] is True
    missing = factpulse.post("/cdar/validate", json={"status": "205"}).json()
    assert {one["field"] for one in missing["errors"]} == {
        "documentId",
        "senderSiren",
        "invoiceId",
        "invoiceIssueDate",
    }
    assert factpulse.post("/cdar/validate", json=CDAR | {"status": "212"}).json()["valid"] is False


def test_codes_are_listed(factpulse: Service) -> None:
    for path, code in (
        ("/cdar/status-codes", "212"),
        ("/cdar/reason-codes", "TX_TVA_ERR"),
        ("/cdar/action-codes", "NOA"),
        ("/references/vatex-codes", "VATEX-EU-AE"),
        ("/ereporting/category-codes", "TLB1"),
    ):
        assert code in {one["code"] for one in factpulse.get(path).json()["codes"]}
    assert len(factpulse.get("/ereporting/flow-types").json()["flowTypes"]) == 4


RATES = [{"rate": 20, "taxableAmount": "100.00", "taxAmount": "20.00"}]
REPORT = {
    "reportId": "R-1",
    "flowType": "10.3",
    "sender": {"siren": "100000009", "name": "Sandbox Seller"},
    "period": {"startDate": "2026-11-01", "endDate": "2026-11-10"},
    "transactions": [
        {
            "date": "2026-11-05",
            "categoryCode": "TLB1",
            "taxExclusiveAmount": "100.00",
            "taxAmount": 20,
            "taxBreakdown": RATES,
            "transactionCount": 3,
        }
    ],
}
PAYMENTS = {key: value for key, value in REPORT.items() if key != "transactions"} | {
    "flowType": "10.4",
    "aggregatedPayments": [{"paymentDate": "2026-11-05", "amountsByRate": [{"rate": 20, "amount": "120.00"}]}],
}


@pytest.mark.parametrize(
    ("body", "kind"),
    [(REPORT, "AggregatedCustomerTransactionReport"), (PAYMENTS, "AggregatedCustomerPaymentReport")],
)
def test_report_is_made_checked_and_sent(factpulse: Service, body: dict[str, Any], kind: str) -> None:
    made = factpulse.post("/ereporting/generate", json=body).json()
    verdict = bl.validate(made["xml"].encode())
    assert (verdict.format, verdict.valid) == ("ereporting", True), verdict.findings
    assert factpulse.post("/ereporting/validate", json={"data": body}).json()["valid"] is True
    sent = factpulse.post("/ereporting/submit", json={"data": body, "trackingId": "T-1"}).json()
    assert (sent["afnorFlowType"], sent["trackingId"]) == (kind, "T-1")
    path = f"/afnor/flow/v1/flows/{sent['flowId']}"
    factpulse.get(path)
    assert factpulse.get(path).json()["acknowledgement"]["status"] == "Ok"
    file = factpulse.post("/ereporting/generate/download", params={"filename": "r.xml"}, json=body)
    assert file.headers["content-disposition"] == 'attachment; filename="r.xml"'
    checked = upload(factpulse, "/ereporting/validate-xml", "xml_file", file.content).json()
    assert checked["valid"] is True
    assert upload(factpulse, "/ereporting/submit-xml", "xml_file", file.content, tracking_id="T-2").json()["flowId"]


def test_report_of_several_flows(factpulse: Service) -> None:
    body = {key: value for key, value in REPORT.items() if key != "flowType"}
    made = factpulse.post("/ereporting/generate-aggregated", json=body).json()
    assert made["contentSummary"]["transactions"] == 1
    assert factpulse.post("/ereporting/submit-aggregated", json={"data": body}).status_code == 200
    both = body | {"transactionPayments": PAYMENTS["aggregatedPayments"]}
    found = factpulse.post("/ereporting/validate-aggregated", json=both).json()
    assert (found["valid"], bool(found["errors"])) == (False, True), "transactions and payments go in two reports"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"flowType": "10.5"}, 422),
        ({"flowType": "10.1"}, 422),
        ({"period": {}}, 422),
        ({"sender": {"siren": "100000009"}}, 422),
        ({"transactions": [{}]}, 422),
        ({"transactions": ["x"]}, 422),
        ({"transactions": [REPORT["transactions"][0] | {"taxAmount": "much"}]}, 422),  # type: ignore[index,operator]
    ],
)
def test_report_is_refused(factpulse: Service, changed: dict[str, Any], status: int) -> None:
    answer = factpulse.post("/ereporting/generate", json=REPORT | changed)
    assert (answer.status_code, set(answer.json())) == (status, {"detail"})
    checked = factpulse.post("/ereporting/validate", json={"data": REPORT | changed}).json()
    assert (checked["valid"], bool(checked["errors"])) == (False, True)


def test_report_that_breaks_rules_is_not_sent(factpulse: Service) -> None:
    wrong = REPORT | {"transmissionType": "IN", "period": {"startDate": "2026-11-10", "endDate": "2026-11-01"}}
    answer = factpulse.post("/ereporting/submit", json={"data": wrong})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "EREPORTING_VALIDATION_FAILED")
    other = upload(factpulse, "/ereporting/submit-xml", "xml_file", sample("france.ubl.xml"))
    assert other.json()["errorCode"] == "EREPORTING_VALIDATION_FAILED"


def test_clients(factpulse: Service) -> None:
    made = factpulse.post("/clients", json={"name": "Own", "siret": "10000000900017"})
    assert made.status_code == 201
    path = f"/clients/{made.json()['uid']}"
    assert factpulse("PATCH", path, json={"name": "Other"}).json()["name"] == "Other"
    assert factpulse.post(f"{path}/desactiver").json()["isActive"] is False
    assert factpulse.post(f"{path}/activer").json()["isActive"] is True
    assert factpulse.post(f"{path}/rotate-encryption-key").status_code == 200
    config = {"flowServiceUrl": "https://x", "tokenUrl": "https://y", "oauthClientId": "id", "clientSecret": "s3cret"}
    assert factpulse("PUT", f"{path}/pdp-config", json=config).json()["isConfigured"] is True
    assert "s3cret" not in factpulse.get(f"{path}/pdp-config").text
    assert factpulse.get(path).json()["hasConfigPdp"] is True
    assert factpulse("DELETE", f"{path}/pdp-config").json()["success"] is True
    assert factpulse.get(f"{path}/pdp-config").json() == {"isConfigured": False}
    assert factpulse.get(f"{path}/superpdp/status").json()["connected"] is False
    assert factpulse.post(f"{path}/superpdp/connect-url").json()["authorizeUrl"].startswith("http")
    assert factpulse("DELETE", f"{path}/superpdp").json()["deleted"] is True
    for number in range(3):
        factpulse.post("/clients", json={"name": str(number)})
    page = factpulse.get("/clients", params={"page": 2, "pageSize": 3}).json()
    assert ([one["name"] for one in page["results"]], page["total"]) == (["2"], 4)
    assert factpulse.get("/clients", params={"pageSize": 101}).status_code == 422
    assert factpulse.get("/clients/x").json()["errorCode"] == "CLIENT_NOT_FOUND"
    assert factpulse.post("/clients", json={"name": "x", "siret": "1"}).status_code == 422


def test_afnor_is_passed_on(factpulse: Service, afnor: Service, http: httpx.Client) -> None:
    found = factpulse.get("/afnor/directory/v1/siren/code-insee:100000009").json()
    assert found["businessName"] == "Sandbox Seller"
    wrong = factpulse.post("/afnor/flow/v1/flows/search", json={})
    assert (wrong.status_code, "errorCode" in wrong.json()) == (400, True)
    assert factpulse.with_headers().get("/afnor/flow/v1/webhooks").status_code == 401
    assert factpulse.with_headers(**afnor.headers).get("/afnor/flow/v1/webhooks").json() == []
    files = {
        "flowInfo": (None, b'{"name": "x", "flowSyntax": "UBL"}', "application/json"),
        "file": ("x.xml", sample("france.ubl.xml"), "application/xml"),
    }
    assert factpulse.post("/afnor/flow/v1/flows", files=files).status_code == 202
    assert len(factpulse.post("/afnor/flow/v1/flows/search", json={"where": {}}).json()["results"]) == 1
    hook = factpulse.post("/afnor/flow/v1/webhooks", json={"callbackUrl": "http://127.0.0.1:9/x"}).json()["webhookId"]
    assert factpulse("DELETE", f"/afnor/flow/v1/webhooks/{hook}").status_code == 204
    for kind in ("siren", "siret", "routing-code", "directory-line"):
        assert factpulse.post(f"/afnor/directory/v1/{kind}/search", json={}).json()["totalNumberOfResults"] > 0
    for path in (
        "siret/code-insee:20000000800017",
        "routing-code/siret:20000000800017/code:ACHATS-7",
        "directory-line/code:200000008",
    ):
        assert factpulse.get(f"/afnor/directory/v1/{path}").status_code == 200
    form = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    assert http.post("/factpulse/api/v1/afnor/oauth/token", data=form).json()["access_token"]
