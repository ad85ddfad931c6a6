"""Docnova in the sandbox: signing in, France, the endpoints of all countries."""

import base64
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sandbox_world import Service, sample

import billingua as bl
from billingua import pdf

FRENCH = sample("france.ubl.xml")
NUMBER = "F-2026-0117"
SHAPE_A = {"errorMessage", "errorType", "errorTitle", "status", "errorId", "timestamp", "path"}
XML = {"Content-Type": "application/xml"}


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_sign_in_with_and_without_address(http: httpx.Client) -> None:
    basic = http.post("/docnova/auth/login", json={"apiKey": "sandbox-key"}).json()
    assert set(basic) == {"jwt", "expirationDate"}
    assert basic["expirationDate"] == "2026-11-22T12:00:00"
    full = http.post("/docnova/auth/login", json={"apiKey": "sandbox-key", "email": "sandbox@example.org"}).json()
    assert {one["country"] for one in full["companies"]} == {"FR", "DE", "PL"}
    renewed = http.post("/docnova/auth/refresh", json={"refreshToken": full["refreshToken"]}).json()
    assert renewed["jwt"] not in (basic["jwt"], full["jwt"])


@pytest.mark.parametrize(
    ("body", "status", "keys"),
    [
        ({"apiKey": "wrong"}, 401, {"timestamp", "status", "error", "message"}),
        ({"apiKey": "sandbox-key", "email": "other@example.org"}, 401, {"timestamp", "status", "error", "message"}),
        ({"apiKey": "sandbox-key", "email": "none"}, 422, SHAPE_A | {"validationErrors"}),
        ({"apiKey": "sandbox-key-mfa"}, 403, {"jwt", "mfaEnabled", "mfaType", "message"}),
    ],
)
def test_sign_in_refused(http: httpx.Client, body: dict[str, str], status: int, keys: set[str]) -> None:
    answer = http.post("/docnova/auth/login", json=body)
    assert (answer.status_code, set(answer.json())) == (status, keys)


def test_sign_in_wants_a_person(http: httpx.Client) -> None:
    answer = http.post("/docnova/auth/login", json={"apiKey": "sandbox-key-captcha"})
    assert (answer.status_code, answer.json()["requiresRecaptchaV2"]) == (429, True)


def test_each_country_has_its_header(http: httpx.Client, docnova: Service, france: Service) -> None:
    token = docnova.headers["R-Auth"]
    path = "/invoice/document-status/x"
    for headers in ({}, {"Authorization": f"Bearer {token}"}, {"R-Auth": f"Bearer {token}"}, {"R-Auth": "x"}):
        answer = http.get(f"/docnova{path}", headers=headers)
        assert (answer.status_code, set(answer.json())) == (401, {"status", "error", "message", "timestamp"})
    assert docnova.get(path).status_code == 404
    assert http.get("/docnova/invoice/FR/cdv/detail/x", headers={"R-Auth": token}).status_code == 401
    assert france.get("/invoice/FR/cdv/detail/x").status_code == 404


def test_tokens_grow_old(http: httpx.Client, docnova: Service, france: Service, polish_page: Service) -> None:
    http.post("/_sandbox/clock", json={"advance": 24 * 3600})
    old = docnova.get("/invoice/document-status/x")
    assert (old.status_code, old.json()["errorType"], old.json()["status"]) == (498, "TOKEN_EXPIRED", None)
    assert docnova.get("/peppol/search-mlr?companyId=x").json()["status"] == "498"
    assert france.get("/invoice/FR/cdv/detail/x").status_code == 401
    assert polish_page.post("/invoice/PL/qr-link", json={}).json()["errorType"] == "TOKEN_EXPIRED"


def submit(france: Service, companies: dict[str, str], data: bytes = FRENCH, **more: Any) -> httpx.Response:
    headers = XML | more.pop("headers", {})
    params = {"companyId": companies["FR"], "invoiceNumber": NUMBER} | more
    return france.post("/invoice/FR/submit", params=params, content=data, headers=headers)


@pytest.mark.parametrize(("name", "syntax"), [("france.ubl.xml", "UBL"), ("france.cii.xml", "CII")])
def test_french_invoice_lives(france: Service, companies: dict[str, str], name: str, syntax: str) -> None:
    answer = submit(france, companies, sample(name), flowSyntax=syntax)
    assert answer.status_code == 200
    assert answer.json()["flowSyntax"] == syntax
    path = f"/invoice/FR/cdv/{companies['FR']}/{NUMBER}"
    seen = [france.get(path).json()["statusCode"] for _ in range(7)]
    assert seen == ["200", "201", "202", "203", "204", "205", "205"]
    history = france.get(f"/invoice/FR/cdv/history/{answer.json()['invoiceCdvId']}").json()
    assert [one["statusCode"] for one in history] == seen[:6]
    for one in history:
        message = base64.b64decode(one["cdar"])
        assert bl.validate(message).valid, bl.validate(message).findings
        assert bl.read(message).content.status == one["statusCode"]


@pytest.mark.parametrize("last", ["202", "206", "207", "208", "210", "212", "213"])
def test_every_end_has_a_valid_message(france: Service, companies: dict[str, str], last: str) -> None:
    id = submit(france, companies, headers={"X-Sandbox-Fault": f"ends; ends={last}"}).json()["invoiceCdvId"]
    for _ in range(8):
        found = france.get(f"/invoice/FR/cdv/{companies['FR']}/{NUMBER}").json()
    assert found["statusCode"] == last
    message = base64.b64decode(france.get(f"/invoice/FR/cdv/detail/{id}").json()["cdar"])
    assert bl.validate(message).valid, bl.validate(message).findings


def test_number_with_a_slash_is_part_of_the_path(france: Service, companies: dict[str, str]) -> None:
    number = "F/2026+1"
    data = FRENCH.replace(NUMBER.encode(), number.encode())
    assert submit(france, companies, data, invoiceNumber=number).status_code == 200
    found = france.get(f"/invoice/FR/cdv/{companies['FR']}/{quote(number, safe='')}")
    assert found.json()["invoiceNumber"] == number


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"invoiceNumber": "other"}, "invoiceNumber"),
        ({"invoiceTypeCode": "381"}, "invoiceTypeCode"),
        ({"flowSyntax": "CII"}, "flowSyntax"),
        ({"flowSyntax": "EDIFACT"}, "flowSyntax"),
        ({"siren": "100000001"}, "siren"),
        ({"companyId": "x"}, "companyId"),
    ],
)
def test_french_parameters_are_checked(
    france: Service, companies: dict[str, str], changed: dict[str, str], field: str
) -> None:
    answer = submit(france, companies, **changed)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["validationErrors"]] == [field]


def test_french_invoice_is_judged(france: Service, companies: dict[str, str]) -> None:
    wrong = submit(france, companies, FRENCH.replace(b">648.20<", b">648.21<"))
    assert wrong.status_code == 400
    assert "BR-CO-15" in {one["code"] for one in wrong.json()["validationErrors"]}
    assert submit(france, companies, b"<nothing/>").json()["validationErrors"][0]["code"] == "UNREADABLE"
    assert submit(france, companies, sample("made-available.cdar.xml")).status_code == 400
    assert submit(france, companies, b"").json()["errorMessage"] == "The body is empty."
    assert submit(france, companies, headers={"Content-Type": "text/plain"}).status_code == 400


def test_french_invoice_is_there_once(france: Service, companies: dict[str, str]) -> None:
    assert submit(france, companies).status_code == 200
    again = submit(france, companies)
    assert (again.status_code, again.json()["errorMessage"]) == (400, f"The invoice {NUMBER} exists already.")


def test_french_limit_counts(france: Service) -> None:
    message = sample("made-available.cdar.xml")
    too_large = message + b" " * (5 * 1024 * 1024)
    answer = france.post("/invoice/FR/cdar/receive", content=too_large, headers=XML)
    assert (answer.status_code, answer.json()["errorType"]) == (413, "FILE_SIZE_EXCEEDED")


def test_status_from_outside_enters_the_life_cycle(france: Service, companies: dict[str, str]) -> None:
    message = sample("made-available.cdar.xml")
    unknown = france.post("/invoice/FR/cdar/receive", content=message, headers=XML)
    assert unknown.status_code == 404
    id = submit(france, companies).json()["invoiceCdvId"]
    assert france.post("/invoice/FR/cdar/receive", content=message, headers=XML).json()["statusCode"] == "203"
    history = france.get(f"/invoice/FR/cdv/history/{id}").json()
    assert [one["statusCode"] for one in history] == ["200", "203"]
    wrong = message.replace(b">203<", b">999<")
    assert france.post("/invoice/FR/cdar/receive", content=wrong, headers=XML).status_code == 400
    assert france.post("/invoice/FR/cdar/receive", content=FRENCH, headers=XML).status_code == 400


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"statusCode": "205"}, "205"),
        ({"statusCode": "A1"}, "205"),
        ({"statusCode": "A2", "reasonCode": "TX_TVA_ERR", "reasonText": "Wrong rate."}, "210"),
        ({"statusCode": "203", "siren": "200000008"}, "203"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_status_is_sent(
    france: Service, companies: dict[str, str], body: dict[str, str], code: str, known: bool
) -> None:
    if known:
        submit(france, companies)
    whole = {"companyId": companies["FR"], "invoiceNumber": NUMBER} | body
    answer = france.post("/invoice/FR/cdar/submit", json=whole)
    assert (answer.status_code, answer.json().get("statusCode")) == (200, code), answer.text
    listed = france.get("/invoice/FR/cdv/list", params={"companyId": companies["FR"]}).json()
    assert [one["statusCode"] for one in listed["content"]] == [code]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"statusCode": "210"}, 400),
        ({"statusCode": "999"}, 400),
        ({"statusCode": "approved"}, 400),
        ({"statusCode": "212"}, 400),
        ({"statusCode": "205", "siren": "1"}, 400),
        ({"statusCode": "210", "reasonCode": "NONE"}, 400),
    ],
)
def test_status_is_refused(france: Service, companies: dict[str, str], body: dict[str, str], status: int) -> None:
    whole = {"companyId": companies["FR"], "invoiceNumber": NUMBER} | body
    answer = france.post("/invoice/FR/cdar/submit", json=whole)
    assert answer.status_code == status
    assert answer.json()["errorMessage"]


def test_portal_can_fail(france: Service, companies: dict[str, str]) -> None:
    answer = submit(france, companies, headers={"X-Sandbox-Fault": "ends; ends=500"})
    assert (answer.status_code, answer.json()["errorType"]) == (500, "PPF_SUBMISSION_FAILED")


def test_list_has_pages(france: Service, companies: dict[str, str]) -> None:
    for number in range(3):
        body = {"companyId": companies["FR"], "invoiceNumber": f"F{number}", "statusCode": "205"}
        france.post("/invoice/FR/cdar/submit", json=body)
    pages = [
        france.get("/invoice/FR/cdv/list", params={"companyId": companies["FR"], "page": page, "size": 2}).json()
        for page in range(3)
    ]
    assert [[one["invoiceNumber"] for one in page["content"]] for page in pages] == [["F0", "F1"], ["F2"], []]
    assert [page["last"] for page in pages] == [False, True, True]
    assert pages[0]["totalElements"] == 3
    assert pages[0]["totalPages"] == 2


def test_companies_of_others_are_closed(docnova: Service) -> None:
    foreign = "5a4db0c5-0000-4000-8000-000000000005"
    answer = docnova.post("/invoice/search-documents", json={"companyId": foreign})
    assert (answer.status_code, answer.json()["errorType"]) == (401, "AUTHORIZATION_FAILED")
    unknown = docnova.post("/invoice/search-documents", json={"companyId": foreign.replace("5a", "6a")})
    assert (unknown.status_code, unknown.json()["errorType"]) == (404, "COMPANY_NOT_FOUND")


def send(service: Service, company: str, name: str, kind: str, **more: Any) -> httpx.Response:
    body = {"compId": company, "base64Document": coded(sample(name)), "invoiceType": kind}
    return service.post("/invoice/send-document-async", json=body | more.pop("json", {}), **more)


def process(service: Service, answer: httpx.Response, polls: int = 3) -> tuple[list[str], dict[str, Any]]:
    id = answer.json()["trackingId"]
    records = [service.get(f"/invoice/document-status/{id}").json() for _ in range(polls)]
    return [one["status"] for one in records], records[-1]


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("standard-rated.ubl.xml", "XRECHNUNG", "SAVED_AS_UBL"),
        ("credit-note.ubl.xml", "PEPPOL_BIS", "SAVED_AS_UBL"),
        ("standard-rated.cii.xml", "XRECHNUNG_CII", "SAVED_AS_CII"),
        ("invoice.facturx.pdf", "ZUGFERD", "SAVED_AS_ZUGFERD"),
        ("invoice.facturx.pdf", "FACTUR_X", "SAVED_AS_FACTUR_X"),
    ],
)
def test_document_is_sent_in_the_background(
    docnova: Service, companies: dict[str, str], name: str, kind: str, status: str
) -> None:
    answer = send(docnova, companies["DE"], name, kind)
    assert answer.json()["status"] == "PENDING"
    seen, record = process(docnova, answer)
    assert seen == ["PENDING", "PROCESSING", "COMPLETED"]
    assert record["invoiceNumber"]
    files = docnova.get(f"/invoice/get-document/{record['documentId']}/PDF-XML").json()["documents"]
    assert [one["file_type"] for one in files] == ["PDF", "XML"]
    drawn, xml = (base64.b64decode(one["data"]) for one in files)
    assert len(pdf.extract(drawn)) == name.endswith(".pdf")
    assert bl.read(xml).content.number == record["invoiceNumber"]
    listed = docnova.post("/invoice/search-documents", json={"companyId": companies["DE"]}).json()
    assert [one["status"] for one in listed["invoiceList"]] == [status]
    assert listed["totalCount"] == 1


@pytest.mark.parametrize(
    ("name", "kind", "error"),
    [
        ("broken-total.ubl.xml", "PEPPOL_BIS", "VALIDATION_FAILED"),
        ("standard-rated.cii.xml", "PEPPOL_BIS", "VALIDATION_FAILED"),
        ("plain.pdf", "ZUGFERD", "ZUGFERD_VALIDATION_ERROR"),
    ],
)
def test_wrong_document_fails_for_good(
    docnova: Service, companies: dict[str, str], name: str, kind: str, error: str
) -> None:
    seen, record = process(docnova, send(docnova, companies["DE"], name, kind))
    assert seen[-1] == "PERMANENT_FAILED"
    assert record["errorType"] == error
    assert record["errors"][0]["message"]
    assert record["documentId"] is None


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("FAILED", ["PENDING", "PROCESSING", "FAILED", "PROCESSING", "COMPLETED"]),
        ("SENDING_FAILED", ["PENDING", "PROCESSING", "SENDING_FAILED", "SENDING_FAILED", "SENDING_FAILED"]),
        ("PERMANENT_FAILED", ["PENDING", "PROCESSING", "PERMANENT_FAILED", "PERMANENT_FAILED", "PERMANENT_FAILED"]),
    ],
)
def test_ends_on_request(docnova: Service, companies: dict[str, str], ends: str, expected: list[str]) -> None:
    headers = {"X-Sandbox-Fault": f"ends; ends={ends}"}
    answer = send(docnova, companies["DE"], "standard-rated.ubl.xml", "XRECHNUNG", headers=headers)
    seen, record = process(docnova, answer, 5)
    assert seen == expected
    assert (record["documentId"] is None) == (ends == "PERMANENT_FAILED")


def test_errors_of_the_german_page(docnova: Service, companies: dict[str, str]) -> None:
    wrong = send(docnova, companies["DE"], "standard-rated.ubl.xml", "EDIFACT")
    assert (wrong.status_code, set(wrong.json()), wrong.json()["status"]) == (
        400,
        {"trackingId", "status", "message"},
        "FAILED",
    )
    for status in ("404", "500"):
        answer = docnova.get("/invoice/document-status/x", headers={"X-Sandbox-Fault": status})
        assert (answer.status_code, answer.content) == (int(status), b"")


def test_errors_of_the_polish_page(polish_page: Service, companies: dict[str, str]) -> None:
    wrong = send(polish_page, companies["PL"], "invoice.fa3.xml", "EDIFACT")
    assert set(wrong.json()) == {"message", "errorClientMessage", "data", "details"}
    missing = polish_page.post("/invoice/document-process/search", json={})
    assert set(missing.json()) == {"message", "errorClientMessage", "validationErrors", "details"}
    unknown = polish_page.get("/invoice/document-status/x")
    assert (unknown.status_code, set(unknown.json())) == (404, {"status", "error", "message"})
    json_missing = polish_page.post("/invoice/send-document-async-json", json={"ublDto": {}})
    assert set(json_missing.json()) == {"message", "errorClientMessage", "httpStatus", "details", "validationErrors"}
    total = polish_page.post("/invoice/search-documents", json={"companyId": companies["PL"]}).json()
    assert "Total" in total


@pytest.mark.parametrize(
    "body",
    [
        {"base64Document": "", "invoiceType": "KSEF"},
        {"base64Document": "no base64!", "invoiceType": "KSEF"},
        {"base64Document": "AAAA"},
        {"base64Document": "AAAA", "invoiceType": "KSEF", "businessType": "B2D"},
        {"base64Document": "AAAA", "invoiceType": "KSEF", "apiKey": 7},
        {"base64Document": ["AAAA"], "invoiceType": "KSEF"},
        {"base64Document": "AAAA", "invoiceType": "KSEF", "receiverEmails": "a@example.org"},
    ],
)
def test_wrong_fields_are_refused(docnova: Service, companies: dict[str, str], body: dict[str, Any]) -> None:
    answer = docnova.post("/invoice/send-document-async", json={"compId": companies["DE"]} | body)
    assert (answer.status_code, answer.json()["status"]) == (400, "FAILED")


def test_credit_is_used_up(http: httpx.Client) -> None:
    token = http.post("/docnova/auth/login", json={"apiKey": "sandbox-key-no-credit"}).json()["jwt"]
    body = {"apiKey": "sandbox-key-no-credit", "base64Document": "AAAA", "invoiceType": "PDF"}
    answer = http.post("/docnova/invoice/send-document-async", json=body, headers={"R-Auth": token})
    assert answer.status_code == 402
    assert "credit" in answer.json()["message"]


def leaf(value: Any, **attributes: str) -> dict[str, Any]:
    return {"Value": value} | attributes


def party(name: str, number: str, vat: str, country: str) -> dict[str, Any]:
    return {
        "Party": {
            "PartyIdentification": [{"ID": leaf(number)}],
            "PartyName": [{"Name": leaf(name)}],
            "PostalAddress": {
                "StreetName": leaf("Example street 1"),
                "CityName": leaf("Example"),
                "PostalZone": leaf("10115"),
                "Country": {"IdentificationCode": leaf(country)},
            },
            "PartyTaxScheme": [{"CompanyID": leaf(vat), "TaxScheme": {"ID": leaf("VAT")}}],
            "PartyLegalEntity": [{"RegistrationName": leaf(name), "CompanyID": leaf(number)}],
        }
    }


def ubl_dto(company: str) -> dict[str, Any]:
    money = {"currencyID": "EUR"}
    scheme = {"ID": leaf("VAT")}
    return {
        "CompanyId": company,
        "Type": "PEPPOL_BIS",
        "ProfileType": "EN16931",
        "CustomizationID": leaf("urn:cen.eu:en16931:2017"),
        "ID": leaf("D-1"),
        "IssueDate": leaf("2026-11-20"),
        "DueDate": leaf("2026-12-20"),
        "InvoiceTypeCode": leaf("VAT"),
        "DocumentCurrencyCode": leaf("EUR"),
        "AccountingSupplierParty": party("Sandbox Seller", "1", "DE111111125", "DE"),
        "AccountingCustomerParty": party("Sandbox Buyer", "2", "DE111111125", "DE"),
        "TaxTotal": [
            {
                "TaxAmount": leaf("19.00", **money),
                "TaxSubtotal": [
                    {
                        "TaxableAmount": leaf("100.00", **money),
                        "TaxAmount": leaf("19.00", **money),
                        "TaxCategory": {"ID": leaf("S"), "Percent": leaf("19"), "TaxScheme": scheme},
                    }
                ],
            }
        ],
        "LegalMonetaryTotal": {
            "LineExtensionAmount": leaf("100.00", **money),
            "TaxExclusiveAmount": leaf("100.00", **money),
            "TaxInclusiveAmount": leaf("119.00", **money),
            "PayableAmount": leaf("119.00", **money),
        },
        "InvoiceLine": [
            {
                "ID": leaf("1"),
                "InvoicedQuantity": leaf(4, unitCode="C62"),
                "LineExtensionAmount": leaf("100.00", **money),
                "Item": {
                    "Name": leaf("Paper"),
                    "ClassifiedTaxCategory": [{"ID": leaf("S"), "Percent": leaf("19"), "TaxScheme": scheme}],
                },
                "Price": {"PriceAmount": leaf("25.00", **money)},
            }
        ],
    }


def test_invoice_as_json(docnova: Service, companies: dict[str, str]) -> None:
    answer = docnova.post("/invoice/send-document-async-json", json={"ublDto": ubl_dto(companies["DE"])})
    assert answer.status_code == 200, answer.text
    seen, record = process(docnova, answer)
    assert seen[-1] == "COMPLETED", record
    found = docnova.get(f"/invoice/get-document/{record['documentId']}/XML").json()["documents"][0]["data"]
    invoice = bl.read(base64.b64decode(found)).content
    assert (invoice.number, invoice.type_code, str(invoice.totals.amount_due)) == ("D-1", "380", "119.00")


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        (("CustomizationID",), None, 400),
        (("AccountingCustomerParty", "Party", "PartyTaxScheme"), [], 400),
        (("InvoiceLine",), [], 400),
        (("InvoiceLine",), "none", 400),
        (("InvoiceTypeCode",), leaf("380"), 422),
        (("IssueDate",), leaf("soon"), 422),
        (("Nonsense key",), leaf("1"), 422),
        (("Note",), [leaf("\u0001")], 422),
    ],
)
def test_wrong_json_is_refused(
    docnova: Service, companies: dict[str, str], path: tuple[str, ...], value: Any, status: int
) -> None:
    dto = ubl_dto(companies["DE"])
    node = dto
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    answer = docnova.post("/invoice/send-document-async-json", json={"ublDto": dto})
    assert (answer.status_code, answer.json()["status"]) == (status, "FAILED"), answer.text


def test_queue_failure_is_told_in_a_good_answer(docnova: Service, companies: dict[str, str]) -> None:
    answer = docnova.post(
        "/invoice/send-document-async-json",
        json={"ublDto": ubl_dto(companies["DE"])},
        headers={"X-Sandbox-Fault": "ends; ends=QUEUE"},
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "FAILED")


def test_portal_form(docnova: Service, companies: dict[str, str]) -> None:
    part = {"data": (None, json.dumps(ubl_dto(companies["DE"])), "application/json")}
    assert docnova.post("/invoice/send-portal-new", files=part).json()["status"] == "PENDING"
    assert docnova.post("/invoice/send-portal-new", files={"data": (None, "{")}).status_code == 400


def test_processes_are_found(docnova: Service, companies: dict[str, str]) -> None:
    for _ in range(3):
        send(docnova, companies["DE"], "standard-rated.ubl.xml", "XRECHNUNG")
    body = {"companyId": companies["DE"], "direction": "OUTGOING", "createdAt": {"from": "2026-11-21"}}
    found = docnova.post("/invoice/document-process/search?page=1&size=2", json=body).json()
    assert (found["totalElements"], len(found["content"]), found["number"], found["size"]) == (3, 1, 1, 2)
    polish = docnova.post("/invoice/document-process/search?paged=true&pageNumber=0&pageSize=2", json=body).json()
    assert len(polish["content"]) == 2
    for none in ({"status": "FAILED"}, {"direction": "INCOMING"}, {"createdAt": {"to": "2026-11-20"}}):
        assert docnova.post("/invoice/document-process/search", json=body | none).json()["totalElements"] == 0


def kept(docnova: Service, companies: dict[str, str]) -> str:
    return str(process(docnova, send(docnova, companies["DE"], "standard-rated.ubl.xml", "XRECHNUNG"))[1]["documentId"])


def test_documents_are_filtered(docnova: Service, companies: dict[str, str]) -> None:
    kept(docnova, companies)
    for body, count in (
        ({"type": "XRECHNUNG"}, 1),
        ({"type": "PEPPOL_BIS"}, 0),
        ({"documentType": "INCOMING"}, 0),
        ({"startDate": "2026-11-02", "endDate": "2026-11-02"}, 1),
        ({"startDate": "2026-11-03"}, 0),
        ({"status": "SAVED_AS_UBL"}, 1),
        ({"page": 1}, 1),
    ):
        found = docnova.post("/invoice/search-documents", json={"companyId": companies["DE"]} | body).json()
        assert found["totalCount"] == count, body
    for body, status in (({"page": -1}, 400), ({"startDate": "2026-11-02", "endDate": "2026-11-01"}, 422)):
        answer = docnova.post("/invoice/search-documents", json={"companyId": companies["DE"]} | body)
        assert answer.status_code == status


def test_documents_are_fetched(docnova: Service, companies: dict[str, str]) -> None:
    id = kept(docnova, companies)
    assert docnova.get(f"/invoice/get-document/{id}/EXE").status_code == 400
    assert docnova.get("/invoice/get-document/x/PDF").status_code == 404
    assert docnova.get(f"/invoice/get-document/{id}/JSON").json() == {"documents": []}
    assert docnova.get(f"/invoice/get-invoice/{id}").json()["invoiceNumber"] == "2026-1001"
    assert docnova.get(f"/invoice/pdf/{id}?useGeneratedPdf=false").content.startswith(b"%PDF")
    assert docnova.get(f"/invoice/summary/{companies['DE']}").json()["outgoing"] == {"SAVED_AS_UBL": 1}
    found = docnova.post("/invoice/search", json={"companyId": companies["DE"]}).json()
    assert found["totalCount"] == 1


def test_pdf_and_invoice_become_one(docnova: Service) -> None:
    body = {"base64Pdf": coded(sample("plain.pdf")), "base64Xml": coded(sample("standard-rated.cii.xml"))}
    made = docnova.post("/invoice/merge-zugferd-pdf-xml", json=body).json()
    assert made["file_type"] == "PDF"
    assert bl.detect(base64.b64decode(made["data"])).format == "facturx"
    wrong = docnova.post("/invoice/merge-zugferd-pdf-xml", json=body | {"base64Pdf": "AAAA"})
    assert (wrong.status_code, wrong.json()["errorType"]) == (400, "API_ERROR")


def test_picture_of_an_invoice(docnova: Service) -> None:
    body = {"base64XML": coded(sample("standard-rated.ubl.xml")), "type": "XRECHNUNG"}
    drawn = docnova.post("/invoice/generate/pdf", json=body)
    assert drawn.headers["content-type"] == "application/pdf"
    assert pdf.extract(drawn.content) == []
    assert docnova.post("/invoice/generate/pdf", json=body | {"base64XML": "AAAA"}).status_code == 400


def test_mail_goes_nowhere_but_is_checked(docnova: Service, companies: dict[str, str], http: httpx.Client) -> None:
    id = kept(docnova, companies)
    form = {"invoiceIdList": id, "companyId": companies["DE"], "formatTypes": "PDF,XML", "toList": "a@example.org"}
    files = [("attachments", (f"{number}.txt", b"x", "text/plain")) for number in range(3)]
    assert docnova.post("/email/send", data=form, files=files).json() is True
    four = [*files, ("attachments", ("4.txt", b"x", "text/plain"))]
    assert docnova.post("/email/send", data=form, files=four).status_code == 400
    large = [("attachments", ("1.txt", b"x" * (5 * 1024 * 1024 + 1), "text/plain"))]
    assert docnova.post("/email/send", data=form, files=large).status_code == 400
    assert docnova.post("/email/send", data=form | {"formatTypes": "EXE"}).status_code == 400
    assert docnova.post("/email/send", data=form | {"invoiceIdList": "x"}).status_code == 404
    assert len(http.get("/_sandbox/state").json()["things"]["docnova-mails"]) == 1


def test_message_level_responses(docnova: Service, companies: dict[str, str]) -> None:
    id = kept(docnova, companies)
    answer = docnova.post("/peppol/send-mlr", json={"invoiceId": id, "responseCode": "ACCEPTANCE"})
    assert (answer.text, answer.headers["content-type"]) == ("OK", "text/plain; charset=utf-8")
    line = {"description": "wrong", "errorField": "BT-1", "responseCode": "RE", "statusReasonCode": "SYNTAX_VIOLATION"}
    body = {"invoiceId": id, "responseCode": "REJECTION"}
    assert docnova.post("/peppol/send-mlr", json=body | {"errorLines": [line]}).status_code == 200
    assert docnova.post("/peppol/send-mlr", json=body).status_code == 422
    assert docnova.post("/peppol/send-mlr", json=body | {"errorLines": [1]}).status_code == 400
    assert docnova.post("/peppol/send-mlr", json=body | {"invoiceId": "x"}).status_code == 404
    params = {"companyId": companies["DE"], "invoiceId": id, "fromDate": "2026-11-21", "toDate": "2026-11-21"}
    found = docnova.get("/peppol/search-mlr", params=params).json()
    assert [one["responseType"] for one in found] == ["ACCEPTANCE", "REJECTION"]
    assert found[1]["responseLines"][0]["errorField"] == "BT-1"
    assert docnova.get("/peppol/search-mlr", params=params | {"fromDate": "2026-11-22"}).json() == []
