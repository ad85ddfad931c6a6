"""FactPulse in the sandbox: tokens, invoices, tasks, webhooks, checks, life cycle, e-reporting, clients."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest
from sandbox_world import Service, sample, upload, wait_for

import billingua as bl
from billingua import pdf

PLAIN = sample("plain.pdf")
API_ERROR = {"errorCode", "errorMessage", "details"}
SIMPLE = {
    "number": "S-1",
    "date": "2026-11-20",
    "supplier": {"siret": "10000000900017", "iban": "FR7630006000011234567890189"},
    "recipient": {"siret": "20000000800017"},
    "lines": [{"description": "Paper", "quantity": 10, "unitPrice": 12.5, "vatRate": 20.0}],
}
NOTES = [{"subject_code": code, "content": "Text."} for code in ("PMT", "PMD", "AAB")]


def full(**changed: Any) -> dict[str, Any]:
    address = {"line_one": "1 rue de l'Exemple", "postal_code": "75003", "city": "Paris", "country_code": "FR"}
    return {
        "invoice_number": "F-1",
        "invoice_date": "2026-11-20",
        "payment_due_date": "2026-12-20",
        "supplier": {
            "name": "Sandbox Seller",
            "siret": "10000000900017",
            "siren": "100000009",
            "vat_number": "FR88100000009",
            "electronic_address": {"identifier": "100000009", "schemeId": "0225"},
            "postal_address": address,
            "iban": "FR7630006000011234567890189",
        },
        "recipient": {
            "name": "Sandbox Buyer",
            "siren": "200000008",
            "vat_number": "FR37200000008",
            "electronic_address": {"identifier": "200000008", "schemeId": "0225"},
            "postal_address": address,
        },
        "invoicing_framework": {"operation_nature": "B1"},
        "references": {"invoice_type": "380", "payment_means": "VIREMENT", "vat_accounting_code": "TVA_SUR_DEBIT"},
        "totals": {
            "line_total_amount": "200.00",
            "total_net_amount": "200.00",
            "vat_amount": "40.00",
            "total_gross_amount": "240.00",
            "amount_due": "240.00",
        },
        "invoice_lines": [
            {
                "line_number": 1,
                "item_name": "Paper",
                "quantity": "2",
                "unit": "PIECE",
                "unit_net_price": "100.00",
                "lineNetAmount": "200.00",
                "vat_category": "S",
                "manual_vat_rate": "20",
            }
        ],
        "vat_lines": [{"taxable_amount": "200.00", "vat_amount": "40.00", "manual_rate": "20", "category": "S"}],
        "notes": NOTES,
    } | changed


def generate(
    factpulse: Service, data: Any, headers: dict[str, str] | None = None, source: bytes = b"", **form: str
) -> httpx.Response:
    files: dict[str, Any] = {"source_pdf": ("plain.pdf", source, "application/pdf")} if source else {"x": (None, "")}
    text = data if isinstance(data, str) else json.dumps(data)
    return factpulse.post(
        "/processing/generate-invoice", data={"invoice_data": text} | form, files=files, headers=headers
    )


def result(factpulse: Service, answer: httpx.Response, kind: str = "status") -> dict[str, Any]:
    assert answer.status_code == 202, answer.text
    path = f"/processing/tasks/{answer.json()['taskId']}/{kind}"
    seen = [factpulse.get(path).json() for _ in range(3)]
    assert [one["status"] for one in seen] == ["PENDING", "STARTED", "SUCCESS"]
    assert [one["result"] for one in seen[:2]] == [None, None]
    found: dict[str, Any] = seen[-1]["result"]
    return found


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "sandbox@example.org", "password": "x"}, 401),
        ({"username": "sandbox@example.org", "password": "sandbox-password", "client_uid": "x"}, 401),
    ],
)
def test_no_token(http: httpx.Client, body: dict[str, str], status: int) -> None:
    answer = http.post("/factpulse/api/token/", json=body)
    assert (answer.status_code, set(answer.json())) == (status, API_ERROR)


def test_token_is_sent_to_the_path_with_a_slash(http: httpx.Client) -> None:
    assert http.post("/factpulse/api/token", json={}).status_code == 404
    missing = http.post("/factpulse/api/token/", json={"username": "x"})
    assert missing.status_code == 422
    assert missing.json()["detail"] == [
        {"loc": ["body", "password"], "msg": "password must not be empty", "type": "notnull"}
    ]


def test_token_grows_old(http: httpx.Client, factpulse: Service) -> None:
    assert factpulse.get("/me").json()["username"] == "sandbox@example.org"
    http.post("/_sandbox/clock", json={"advance": 30 * 60})
    old = factpulse.get("/me")
    assert (old.status_code, old.json()["errorCode"]) == (401, "TOKEN_EXPIRED")
    assert factpulse.with_headers().get("/me").json()["errorCode"] == "NOT_AUTHENTICATED"


@pytest.mark.parametrize("data", [SIMPLE, full()], ids=["simplified", "full"])
@pytest.mark.parametrize(("kind", "format"), [("xml", "cii"), ("cii", "cii"), ("ubl", "ubl-invoice")])
def test_invoice_is_made(factpulse: Service, data: dict[str, Any], kind: str, format: str) -> None:
    found = result(factpulse, generate(factpulse, data, output_format=kind), "generation-status")
    assert found["status"] == "SUCCESS", found
    report = bl.validate(found["xml_content"].encode())
    assert (report.format, report.valid) == (format, True)
    invoice = bl.read(found["xml_content"].encode()).content
    assert invoice.buyer.name == "Sandbox Buyer"
    assert str(invoice.totals.total_with_vat) == {"S-1": "150.00", "F-1": "240.00"}[invoice.number]


def test_invoice_goes_into_the_pdf(factpulse: Service) -> None:
    found = result(factpulse, generate(factpulse, SIMPLE, source=PLAIN, output_format="pdf"))
    assert found["filename"] == "S-1.pdf"
    assert bl.validate(base64.b64decode(found["content_b64"])).valid
    missing = generate(factpulse, SIMPLE, output_format="pdf")
    assert (missing.status_code, missing.json()["detail"][0]["loc"]) == (422, ["body", "source_pdf"])


@pytest.mark.parametrize("profile", ["MINIMUM", "BASICWL", "BASIC", "EN16931", "EXTENDED"])
def test_every_profile(factpulse: Service, profile: str) -> None:
    found = result(factpulse, generate(factpulse, full(), profile=profile, skip_br_fr="true"))
    assert found["status"] == "SUCCESS", found
    expected = {"BASICWL": "basicwl", "EN16931": "urn:cen.eu:en16931:2017"}.get(profile, profile.lower())
    assert expected in str(bl.detect(found["xml_content"].encode()).profile)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (full(totals=full()["totals"] | {"total_gross_amount": "241.00"}), "SCHEMATRON_VALIDATION_FAILED"),
        (full(invoice_lines=[]), "SCHEMATRON_VALIDATION_FAILED"),
        (full(notes=[]), "SCHEMATRON_VALIDATION_FAILED"),
        (full(invoice_number=""), "INVALID_INVOICE_DATA"),
        (full(invoice_date="soon"), "INVALID_INVOICE_DATA"),
        (full(supplier="none"), "SCHEMATRON_VALIDATION_FAILED"),
        (SIMPLE | {"lines": []}, "INVALID_INVOICE_DATA"),
        (SIMPLE | {"date": 7}, "INVALID_INVOICE_DATA"),
        (SIMPLE | {"dueDays": "soon"}, "INVALID_INVOICE_DATA"),
        (SIMPLE | {"lines": [{"description": "Paper", "quantity": "many", "unitPrice": 1}]}, "INVALID_INVOICE_DATA"),
        ([], "INVALID_INVOICE_DATA"),
    ],
)
def test_business_error_is_inside_a_finished_task(factpulse: Service, data: Any, code: str) -> None:
    found = result(factpulse, generate(factpulse, data))
    assert (found["status"], found["errorCode"]) == ("ERROR", code), found
    assert set(found["details"][0]) == {"level", "item", "reason", "source", "code"}


def test_french_rules_can_be_left_out(factpulse: Service) -> None:
    found = result(factpulse, generate(factpulse, full(notes=[]), skip_br_fr="true"))
    assert found["status"] == "SUCCESS"


def test_without_look_up_the_parties_are_bare(factpulse: Service) -> None:
    found = result(factpulse, generate(factpulse, SIMPLE, auto_enrich="false"))
    assert found["errorCode"] == "SCHEMATRON_VALIDATION_FAILED"
    assert "BR-06" in {one["code"] for one in found["details"]}


@pytest.mark.parametrize("text", ["{", "\x00", '"' + "[" * 3 + '"' + "x"])
def test_invoice_data_is_json(factpulse: Service, text: str) -> None:
    answer = generate(factpulse, text)
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "invoice_data"])
    assert generate(factpulse, SIMPLE, profile="ALL").status_code == 422


@pytest.mark.parametrize(
    ("ends", "statuses"),
    [
        ("FAILURE", ["PENDING", "STARTED", "FAILURE", "FAILURE", "FAILURE"]),
        ("RETRY", ["PENDING", "STARTED", "RETRY", "STARTED", "SUCCESS"]),
    ],
)
def test_task_ends_on_request(factpulse: Service, ends: str, statuses: list[str]) -> None:
    id = generate(factpulse, SIMPLE, headers={"X-Sandbox-Fault": f"ends; ends={ends}"}).json()["taskId"]
    seen = [factpulse.get(f"/processing/tasks/{id}/status").json() for _ in range(5)]
    assert [one["status"] for one in seen] == statuses
    assert (seen[-1]["result"]["status"] == "ERROR") == (ends == "FAILURE")


def test_task_of_another_kind_is_unknown(factpulse: Service) -> None:
    id = generate(factpulse, SIMPLE).json()["taskId"]
    answer = factpulse.get(f"/processing/tasks/{id}/signature-status")
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "TASK_NOT_FOUND")


SUBMIT = {"invoiceData": SIMPLE, "sourcePdf": base64.b64encode(PLAIN).decode(), "destination": {"type": "afnor"}}


@pytest.mark.parametrize("syntax", ["Factur-X", "CII", "UBL"])
def test_invoice_is_made_and_handed_in(factpulse: Service, syntax: str) -> None:
    destination = {"type": "afnor", "flowSyntax": syntax, "trackingId": "T-1", "processingRule": "B2B"}
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | {"destination": destination})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["afnorResult"]["flowType"] == "CustomerInvoice"
    assert bl.validate(base64.b64decode(found["contentB64"])).valid
    path = f"/afnor/flow/v1/flows/{found['afnorResult']['flowId']}"
    factpulse.get(path)
    flow = factpulse.get(path).json()
    assert (flow["flowSyntax"], flow["trackingId"], flow["acknowledgement"]["status"]) == (syntax, "T-1", "Ok")
    incoming = factpulse.get(f"/afnor/incoming-flows/{flow['flowId']}", params={"include_document": "true"}).json()
    assert (incoming["supplierReference"], incoming["grossAmount"]) == ("S-1", "150.00")
    original = factpulse.get(path, params={"docType": "Original"}).content
    assert base64.b64decode(incoming["documentBase64"]) == original


def test_invoice_goes_to_chorus(factpulse: Service) -> None:
    destination = {"type": "chorus_pro", "credentials": {"sandboxMode": True}}
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | {"destination": destination}).json()
    consulted = factpulse.post(
        "/chorus-pro/factures/consulter", json={"chorusInvoiceId": answer["chorusResult"]["chorusInvoiceId"]}
    )
    assert consulted.json()["invoiceNumber"] == "S-1"


def test_invoice_is_signed(factpulse: Service) -> None:
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | {"signature": {"reason": "test"}})
    assert answer.status_code == 200, answer.text
    assert len(pdf.verify(base64.b64decode(answer.json()["contentB64"])).signatures) == 1
    own = factpulse.post("/processing/generate-test-certificate", json={"cn": "Own"}).json()
    signature = {"keyPem": own["privateKeyPem"], "certPem": own["certificatePem"]}
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | {"signature": signature})
    assert answer.status_code == 200, answer.text
    wrong = {"keyPem": "x", "certPem": "y"}
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | {"signature": wrong})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "SIGNATURE_FAILED")


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"destination": {"type": "mail"}}, 422),
        ({"destination": {}}, 422),
        ({"options": {"facturxProfile": "ALL"}}, 422),
        ({"sourcePdf": "AAAA"}, 400),
        ({"invoiceData": full(notes=[])}, 400),
        ({"destination": {"type": "afnor", "flowSyntax": "FRR"}}, 400),
        ({"invoiceData": "x"}, 422),
    ],
)
def test_handing_in_is_refused(factpulse: Service, changed: dict[str, Any], status: int) -> None:
    answer = factpulse.post("/processing/invoices/submit-complete", json=SUBMIT | changed)
    assert (answer.status_code, set(answer.json())) == (status, API_ERROR if status == 400 else {"detail"})


def event(secret: str, headers: dict[str, str], body: bytes) -> dict[str, Any]:
    made = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    assert headers["x-webhook-signature"] == f"sha256={made}"
    found: dict[str, Any] = json.loads(body)
    return found


def test_webhooks_of_tasks(factpulse: Service, received: tuple[str, list[tuple[dict[str, str], bytes]]]) -> None:
    url, posted = received
    generate(factpulse, SIMPLE, callback_url=url)
    generate(factpulse, full(notes=[]), callback_url=url)
    body = SUBMIT | {"callbackUrl": url, "webhookMode": "DOWNLOAD_URL"}
    factpulse.post("/processing/invoices/submit-complete-async", json=body)
    wait_for(lambda: len(posted) == 3)
    good, bad, submitted = (event("sandbox-webhook-secret", *one) for one in posted)
    assert [one["event_type"] for one in (good, bad, submitted)] == [
        "generation.completed",
        "generation.failed",
        "submission.completed",
    ]
    assert bl.validate(good["data"]["xml_content"].encode()).valid
    assert "contentB64" not in submitted["data"]
    link = submitted["data"]["download_url"].partition("/factpulse/api/v1")[2]
    assert factpulse("HEAD", link).content == b""
    assert bl.detect(factpulse.get(link, params={"delete_after": "true"}).content).format == "facturx"
    assert factpulse.get(link).status_code == 404


def test_download_lives_for_an_hour(
    http: httpx.Client, factpulse: Service, received: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, posted = received
    generate(factpulse, SIMPLE, callback_url=url, webhook_mode="download_url")
    wait_for(lambda: len(posted) == 1)
    link = json.loads(posted[0][1])["data"]["download_url"].partition("/factpulse/api/v1")[2]
    http.post("/_sandbox/clock", json={"advance": 3600})
    token = http.post(
        "/factpulse/api/token/", json={"username": "sandbox@example.org", "password": "sandbox-password"}
    ).json()["access"]
    again = factpulse.with_headers(Authorization=f"Bearer {token}")
    assert again.get(link).status_code == 404
    assert generate(again, SIMPLE, callback_url=url, webhook_mode="x").status_code == 422


def test_xml_is_validated(factpulse: Service) -> None:
    path = "/processing/validate-xml"
    assert upload(factpulse, path, "xml_file", sample("france.cii.xml")).json().keys() == {"message"}
    wrong = upload(factpulse, path, "xml_file", sample("france.cii.xml").replace(b">648.20<", b">648.21<"))
    assert wrong.status_code == 400
    assert any(text.startswith("[BR-CO-15]") for text in wrong.json()["detail"])
    assert upload(factpulse, path, "xml_file", b"").status_code == 400
    assert upload(factpulse, path, "other", b"x").status_code == 422


def test_pdf_is_validated(factpulse: Service) -> None:
    good = upload(factpulse, "/processing/validate-facturx-pdf", "pdf_file", sample("invoice.facturx.pdf")).json()
    assert (good["isCompliant"], good["xmlCompliant"], good["pdfaCompliant"]) == (True, True, True)
    bare = upload(factpulse, "/processing/validate-facturx-pdf", "pdf_file", PLAIN).json()
    assert (bare["isCompliant"], bare["xmlPresent"]) == (False, False)
    later = upload(factpulse, "/processing/validate-facturx-async", "pdf_file", sample("invoice.facturx.pdf"))
    assert result(factpulse, later, "validation-status")["validation_result"]["isCompliant"] is True


def test_invoice_is_read(factpulse: Service) -> None:
    for name in ("invoice.facturx.pdf", "france.ubl.xml"):
        found = upload(factpulse, "/processing/parse-facturx", "file", sample(name)).json()
        assert found["invoice"]["supplier"]["name"]
        assert found["invoice"]["invoice_lines"]
    wrong = upload(factpulse, "/processing/parse-facturx", "file", PLAIN)
    assert (wrong.status_code, wrong.json()["errorCode"]) == (400, "PARSING_FAILED")
    later = upload(factpulse, "/processing/parse-facturx/async", "file", PLAIN)
    assert result(factpulse, later)["errorCode"] == "PARSING_FAILED"


def test_what_is_read_can_be_made_again(factpulse: Service) -> None:
    """The full form there and back: the same invoice."""
    first = result(factpulse, generate(factpulse, full()))["xml_content"].encode()
    read = upload(factpulse, "/processing/parse-facturx", "file", first).json()["invoice"]
    read["references"]["payment_means"] = "VIREMENT"
    read["supplier"]["iban"] = "FR7630006000011234567890189"
    again = result(factpulse, generate(factpulse, read, auto_enrich="false"))
    assert again["status"] == "SUCCESS", again
    assert bl.read(again["xml_content"].encode()).content == bl.read(first).content


def test_pdf_is_signed(factpulse: Service) -> None:
    signed = upload(factpulse, "/processing/sign-pdf", "pdf_file", PLAIN, reason="test")
    assert signed.headers["content-type"] == "application/pdf"
    found = upload(factpulse, "/processing/validate-pdf-signature", "pdf_file", signed.content).json()
    assert (found["isSigned"], found["signatureCount"]) == (True, 1)
    bare = upload(factpulse, "/processing/validate-pdf-signature", "pdf_file", PLAIN).json()
    assert bare["isSigned"] is False
    assert upload(factpulse, "/processing/sign-pdf", "pdf_file", b"x").json()["errorCode"] == "SIGNATURE_FAILED"
    later = result(factpulse, upload(factpulse, "/processing/sign-pdf-async", "pdf_file", PLAIN), "signature-status")
    assert later["signature_count"] == 1


def test_certificate(factpulse: Service) -> None:
    made = factpulse.post("/processing/generate-test-certificate", json={"generateP12": True, "p12Passphrase": "x"})
    assert made.json()["certificatePem"].startswith("-----BEGIN CERTIFICATE")
    assert base64.b64decode(made.json()["pkcs12Base64"])
    for wrong in ({"keySize": 1024}, {"validityDays": 0}, {"country": "FRA"}, {"cn": "x" * 65}):
        assert factpulse.post("/processing/generate-test-certificate", json=wrong).status_code == 422


def test_pdf_is_compared(factpulse: Service) -> None:
    found = upload(factpulse, "/verification/verify", "pdf_file", sample("invoice.facturx.pdf")).json()
    assert (found["isCompliant"], found["complianceScore"]) == (True, 100)
    assert upload(factpulse, "/verification/verify", "pdf_file", PLAIN).json()["errorCode"] == "NOT_FACTURX"
    id = upload(factpulse, "/verification/verify-async", "pdf_file", PLAIN).json()["taskId"]
    for _ in range(3):
        task = factpulse.get(f"/verification/verify-async/{id}/typed-status").json()
    assert factpulse.get(f"/verification/verify-async/{id}/status").json() == task
    assert task["result"]["errorCode"] == "NOT_FACTURX"


def test_recognising(factpulse: Service) -> None:
    known = upload(factpulse, "/convert/async", "file", sample("invoice.facturx.pdf")).json()
    for _ in range(3):
        task = factpulse.get(f"/convert/tasks/{known['taskId']}/conversion-status").json()
    assert task["result"]["status"] == "SUCCESS"
    picture = upload(factpulse, "/convert/async", "file", PLAIN).json()["conversion_id"]
    waiting = factpulse.get(f"/convert/{picture}/status").json()
    assert (waiting["status"], "invoice_number" in waiting["missing_fields"]) == ("PENDING_INPUT", True)
    assert factpulse.get(f"/convert/{picture}/download/invoice.xml").status_code == 404
    half = factpulse.post(f"/convert/{picture}/resume", json={"overrides": {"invoice_number": "F-1"}})
    assert (half.status_code, half.json()["status"]) == (422, "validation_failed")
    assert "invoice_number" not in {one["field"] for one in half.json()["missing_fields"]}
    whole = factpulse.post(f"/convert/{picture}/resume/async", json={"overrides": full()})
    assert result(factpulse, whole)["status"] == "SUCCESS"
    again = factpulse.post(f"/convert/{picture}/resume", json={}).json()
    assert (again["status"], again["document_type"]["code"]) == ("success", 380)
    for name, start in (("invoice.xml", b"<?xml"), ("invoice.json", b"{"), ("facturx.pdf", b"%PDF")):
        assert factpulse.get(f"/convert/{picture}/download/{name}").content.startswith(start)
    wrong = upload(factpulse, "/convert/async", "file", PLAIN).json()["conversion_id"]
    answer = factpulse.post(f"/convert/{wrong}/resume", json={"overrides": full(invoice_date="soon")})
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "INVALID_OVERRIDES")
    assert factpulse.post("/convert/x/resume", json={}).status_code == 404


def test_webhooks_of_a_client_have_its_secret(
    factpulse: Service, http: httpx.Client, received: tuple[str, list[tuple[dict[str, str], bytes]]]
) -> None:
    url, posted = received
    uid = factpulse.post("/clients", json={"name": "Own"}).json()["uid"]
    assert factpulse.get(f"/clients/{uid}/webhook-secret/status").json()["hasSecret"] is False
    secret = factpulse.post(f"/clients/{uid}/webhook-secret/generate").json()["webhookSecret"]
    body = {"username": "sandbox@example.org", "password": "sandbox-password", "client_uid": uid}
    access = http.post("/factpulse/api/token/", json=body).json()["access"]
    claims = json.loads(base64.urlsafe_b64decode(access.split(".")[1] + "=="))
    assert claims["client_uid"] == uid
    generate(factpulse.with_headers(Authorization=f"Bearer {access}"), SIMPLE, callback_url=url)
    wait_for(lambda: len(posted) == 1)
    assert event(secret, *posted[0])["event_type"] == "generation.completed"
    assert factpulse("DELETE", f"/clients/{uid}/webhook-secret").json()["success"] is True
    assert factpulse.get(f"/clients/{uid}/webhook-secret/status").json()["hasSecret"] is False
