"""Docnova Poland in the sandbox: KSeF behind it, receipts, codes, batches, the offline queue, history."""

import base64
from typing import Any

import httpx
import pytest
from sandbox_world import Service, sample

from billingua import ksef, pdf

FA = sample("invoice.fa3.xml")
SHORT = {"errorMessage", "errorType", "errorTitle", "status", "errorId", "timestamp", "path"}
SHAPES = {
    "/invoice/PL/attachment/permission-status": {"status", "error", "message", "timestamp"},
    "/invoice/PL/batch/close-session": SHORT,
    "/invoice/PL/batch/open-session": {"status", "message", "errorClientMessage", "validationErrors"},
    "/invoice/PL/generate-pdf": SHORT,
    "/invoice/PL/get-invoice": SHORT | {"data", "details", "validationErrors"},
    "/invoice/PL/historical-fetch": {"success", "httpStatus", "error", "message", "errors", "serverTime"},
    "/invoice/PL/invoice-status": SHORT - {"errorTitle"} | {"details", "validationErrors"},
    "/invoice/PL/invoice-upo-by-ksef": SHORT - {"errorTitle", "errorType"},
    "/invoice/PL/invoice-upo-by-reference": SHORT | {"validationErrors"},
    "/invoice/PL/qr-link": SHORT,
    "/invoice/PL/send-invoice": SHORT,
    "/invoice/PL/session-failed-invoices": SHORT,
    "/invoice/PL/session-invoices": SHORT | {"data", "details", "validationErrors"},
    "/invoice/PL/session-status": SHORT | {"data", "details", "validationErrors"},
    "/invoice/PL/submit-saved-invoice": SHORT - {"errorTitle"} | {"details", "validationErrors"},
    "/qrcode/PL/certificate": {"status", "error", "errors"},
    "/qrcode/PL/invoice/offline": SHORT | {"validationErrors"},
    "/qrcode/PL/invoice/online": SHORT - {"errorTitle"} | {"details", "validationErrors"},
}


def coded(data: bytes = FA) -> str:
    return base64.b64encode(data).decode()


def numbered(number: str) -> bytes:
    return FA.replace(b"FV/2026/11/0042", number.encode())


class Poland:
    """Calls for the Polish company."""

    def __init__(self, service: Service, company: str) -> None:
        self.service = service
        self.company = company

    def __call__(self, path: str, *, fault: str = "", **body: Any) -> httpx.Response:
        headers = {"X-Sandbox-Fault": fault} if fault else {}
        return self.service.post(path, json={"companyId": self.company} | body, headers=headers)

    def send(self, data: bytes = FA, fault: str = "") -> dict[str, str]:
        sent = self("/invoice/PL/send-invoice", invoiceXml=coded(data), fault=fault).json()
        return {
            "invoiceReferenceNumber": sent["referenceNumber"],
            "sessionReferenceNumber": sent["sessionReferenceNumber"],
        }

    def statuses(self, sent: dict[str, str], polls: int = 3) -> list[dict[str, Any]]:
        return [self("/invoice/PL/invoice-status", **sent).json() for _ in range(polls)]

    def accepted(self, data: bytes = FA) -> tuple[dict[str, str], str]:
        sent = self.send(data)
        return sent, self.statuses(sent)[-1]["ksefReferenceNumber"]


@pytest.fixture
def poland(docnova: Service, companies: dict[str, str]) -> Poland:
    return Poland(docnova, companies["PL"])


def test_invoice_gets_its_number(poland: Poland) -> None:
    answer = poland("/invoice/PL/send-invoice", invoiceXml=coded()).json()
    assert (answer["invoiceNumber"], answer["processingCode"]) == ("FV/2026/11/0042", 100)
    assert (answer["referenceNumber"][8:12], answer["sessionReferenceNumber"][8:12]) == ("-EE-", "-SO-")
    assert len(answer["referenceNumber"]) == len(answer["sessionReferenceNumber"]) == 36
    sent = {
        "invoiceReferenceNumber": answer["referenceNumber"],
        "sessionReferenceNumber": answer["sessionReferenceNumber"],
    }
    seen = poland.statuses(sent)
    assert [one["processingCode"] for one in seen] == [100, 150, 200]
    assert [one["ksefReferenceNumber"] for one in seen[:2]] == [None, None]
    number = ksef.KsefNumber.parse(seen[-1]["ksefReferenceNumber"])
    assert (number.nip, str(number.date)) == ("5265877635", "2026-11-21")
    assert seen[-1]["invoiceHash"] == ksef.invoice_hash(FA).base64


def test_what_can_be_had_of_an_invoice(poland: Poland) -> None:
    sent, number = poland.accepted()
    link = poland("/invoice/PL/qr-link", ksefReferenceNumber=number)
    assert link.text == ksef.invoice_code(FA, environment="test").url
    assert link.headers["content-type"].startswith("text/plain")
    assert poland("/invoice/PL/get-invoice", ksefReferenceNumber=number).content == FA
    for path, body in (
        ("/invoice/PL/generate-pdf", {"ksefNumber": number}),
        ("/invoice/PL/invoice-upo-by-reference", sent),
        ("/invoice/PL/invoice-upo-by-ksef", {"ksefReferenceNumber": number} | sent),
    ):
        answer = poland(path, **body)
        assert answer.headers["content-type"] == "application/pdf"
        assert pdf.extract(answer.content) == []
        assert number.encode() in answer.content


def test_addresses_of_receipts_lead_to_them(poland: Poland, http: httpx.Client) -> None:
    sent = poland.send()
    found = poland.statuses(sent)[-1]
    for _ in range(3):
        session = poland("/invoice/PL/session-status", referenceNumber=sent["sessionReferenceNumber"]).json()
    for address in (found["upoDownloadUrl"], session["upo"]["pages"][0]["downloadUrl"]):
        receipt = http.get(address)
        assert found["ksefReferenceNumber"].encode() in receipt.content
        assert receipt.headers["content-type"] == "application/pdf"
    assert http.get("/docnova/upo/x").status_code == 404


def test_same_invoice_twice(poland: Poland) -> None:
    sent = poland.send()
    again = poland("/invoice/PL/send-invoice", invoiceXml=coded())
    assert (again.status_code, "in progress" in again.json()["errorMessage"]) == (422, True)
    poland.statuses(sent)
    again = poland("/invoice/PL/send-invoice", invoiceXml=coded())
    assert (again.status_code, "Duplicate" in again.json()["errorMessage"]) == (400, True)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"<nothing/>", "no known format"),
        (sample("france.ubl.xml"), "not FA(3)"),
        (FA.replace(b"<P_2>", b"<P_X>").replace(b"</P_2>", b"</P_X>"), ""),
    ],
)
def test_what_is_no_fa3_is_refused_at_once(poland: Poland, data: bytes, text: str) -> None:
    answer = poland("/invoice/PL/send-invoice", invoiceXml=coded(data))
    assert answer.status_code == 400
    assert text in answer.json()["errorMessage"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(FA.replace(b"<NIP>5265877635<", b"<NIP>5265877636<"), 450), (FA + b"<?late processing?>", 430)],
)
def test_ksef_refuses_later(poland: Poland, data: bytes, code: int) -> None:
    seen = poland.statuses(poland.send(data))
    assert [one["processingCode"] for one in seen] == [100, 150, code]
    assert seen[-1]["ksefReferenceNumber"] is None
    sent = poland.send()  # the same number once more: what was refused is no duplicate
    assert poland("/invoice/PL/invoice-upo-by-reference", **sent).status_code == 400


def test_status_on_request(poland: Poland) -> None:
    assert poland.statuses(poland.send(fault="ends; ends=440"))[-1]["processingCode"] == 440


@pytest.mark.parametrize("path", SHAPES)
def test_each_endpoint_has_its_shape(poland: Poland, path: str) -> None:
    answer = poland(path, companyId="x")
    assert answer.status_code in (400, 500)
    assert set(answer.json()) == SHAPES[path]


def test_shapes_without_fields(poland: Poland) -> None:
    unknown = "5a4db0c5-0000-4000-8000-999999999999"
    body = {"contextIdentifierType": "Nip", "contextIdentifierValue": "1111111111", "invoiceHash": "A" * 43 + "="}
    answer = poland.service.post("/qrcode/PL/certificate", params={"companyId": unknown}, json=body)
    assert set(answer.json()) == {"status", "error", "message"}
    assert poland.service.get("/invoice/PL/historical-fetch/status/x").status_code == 400
    task = poland.service.get(f"/invoice/PL/historical-fetch/status/{unknown}")
    assert task.status_code == 404
    assert set(task.json()) == {"status", "error", "code", "message", "timestamp", "path", "correlationId"}
    no_session = poland("/invoice/PL/session-failed-invoices", sessionReferenceNumber="x")
    assert (no_session.status_code, set(no_session.json())) == (404, SHORT)
    assert poland("/invoice/PL/batch/close-session", companyId="no uuid", referenceNumber="x").status_code == 500
    still_open = poland("/invoice/PL/session-failed-invoices", **poland.send())
    assert still_open.status_code == 400
    assert still_open.json() == {
        "code": 100,
        "description": "Accepted for processing",
        "details": ["Accepted for processing"],
        "extensions": {},
    }


def test_batch(poland: Poland) -> None:
    good = [numbered(f"FV/{number}") for number in range(11)]
    bad = numbered("FV/bad").replace(b"<NIP>5265877635<", b"<NIP>5265877636<")
    made = poland("/invoice/PL/batch/open-session", invoiceXmlList=[coded(one) for one in [*good, bad, good[0]]]).json()
    assert (made["totalInvoices"], made["savedInvoices"], made["referenceNumber"][8:12]) == (13, 13, "-SB-")
    assert poland("/invoice/PL/batch/close-session", referenceNumber=made["referenceNumber"]).content == b""
    early = poland("/invoice/PL/session-failed-invoices", sessionReferenceNumber=made["referenceNumber"])
    assert early.status_code == 422
    seen = [poland("/invoice/PL/session-status", referenceNumber=made["referenceNumber"]).json() for _ in range(2)]
    assert [one["status"]["code"] for one in seen] == [170, 200]
    counts = [seen[-1][f"{name}nvoiceCount"] for name in ("i", "successfulI", "failedI")]
    assert counts == [13, 11, 2]
    assert seen[-1]["upo"]["pages"][0]["referenceNumber"][8:12] == "-EU-"
    session = {"sessionReferenceNumber": made["referenceNumber"]}
    first = poland("/invoice/PL/session-invoices", **session).json()
    rest = poland("/invoice/PL/session-invoices", **session, continuationToken=first["continuationToken"]).json()
    assert (len(first["invoices"]), len(rest["invoices"]), rest["continuationToken"]) == (10, 3, None)
    failed = poland("/invoice/PL/session-failed-invoices", **session).json()["invoices"]
    assert [one["status"]["code"] for one in failed] == [450, 440]
    assert failed[1]["status"]["extensions"]["originalKsefNumber"] == first["invoices"][0]["ksefNumber"]


def test_batch_without_a_good_invoice(poland: Poland) -> None:
    bad = FA.replace(b"<NIP>5265877635<", b"<NIP>5265877636<")
    made = poland("/invoice/PL/batch/open-session", invoiceXmlList=[coded(bad)]).json()
    for _ in range(3):
        found = poland("/invoice/PL/session-status", referenceNumber=made["referenceNumber"]).json()
    assert found["status"]["code"] == 445


@pytest.mark.parametrize("entry", ["no base64!", 7, None, coded(b"<nothing/>")])
def test_batch_names_the_wrong_entry(poland: Poland, entry: Any) -> None:
    answer = poland("/invoice/PL/batch/open-session", invoiceXmlList=[coded(), entry])
    assert answer.status_code == 400
    assert answer.json()["validationErrors"][0]["field"] == "invoiceXmlList[1]"


def test_session_of_one_invoice(poland: Poland) -> None:
    sent = poland.send()
    seen = [poland("/invoice/PL/session-status", referenceNumber=sent["sessionReferenceNumber"]) for _ in range(4)]
    assert seen[-1].json()["status"]["code"] == 200
    listed = poland("/invoice/PL/session-invoices", sessionReferenceNumber=sent["sessionReferenceNumber"]).json()
    assert [one["invoicingMode"] for one in listed["invoices"]] == ["ONLINE"]


def test_permission(poland: Poland) -> None:
    assert poland("/invoice/PL/attachment/permission-status").json()["isAttachmentAllowed"] is True
    assert poland("/invoice/PL/attachment/permission-status", fault="ends; ends=415").status_code == 500


def test_codes(poland: Poland) -> None:
    found = ksef.invoice_hash(FA).base64
    body = {"nip": "5265877635", "issueDate": "2026-11-16", "invoiceHash": found}
    offline = poland("/qrcode/PL/invoice/offline", **body).json()
    assert offline["url"] == ksef.invoice_code(FA, environment="test").url
    assert base64.b64decode(offline["qrCode"]).startswith(b"\x89PNG")
    assert poland("/qrcode/PL/invoice/offline", **body | {"issueDate": "2026-11-22"}).status_code == 422
    _, number = poland.accepted()
    assert poland("/qrcode/PL/invoice/online", **body, ksefNumber=number).json()["url"] == offline["url"]
    assert poland("/qrcode/PL/invoice/online", **body, ksefNumber=number[:-1] + "!").status_code == 400
    context = {"contextIdentifierType": "Nip", "contextIdentifierValue": "1111111111", "invoiceHash": found}
    params = {"companyId": poland.company}
    signed = poland.service.post("/qrcode/PL/certificate", params=params, json=context)
    assert signed.json()["url"].startswith("https://qr-test.ksef.mf.gov.pl/certificate/Nip/1111111111/1111111111/")
    for wrong in ({"contextIdentifierType": "PeppolId"}, {"contextIdentifierValue": "1"}, {"invoiceHash": "x"}):
        assert (
            poland.service.post("/qrcode/PL/certificate", params=params, json=context | wrong).json()["status"] == 400
        )


def send_later(poland: Poland, kind: str, fault: str = "") -> dict[str, Any]:
    body = {"compId": poland.company, "base64Document": coded(), "invoiceType": kind}
    id = poland("/invoice/send-document-async", fault=fault, **body).json()["trackingId"]
    for _ in range(3):
        found: dict[str, Any] = poland.service.get(f"/invoice/document-status/{id}").json()
    return found


def test_background_sending_reaches_ksef(poland: Poland) -> None:
    record = send_later(poland, "KSEF")
    ksef.KsefNumber.parse(record["additionalData"]["ksefNumber"])
    listed = poland("/invoice/search-documents").json()["invoiceList"]
    assert [one["status"] for one in listed] == ["KSEF_ACCEPTED"]
    again = send_later(poland, "KSEF")
    assert again["additionalData"]["ksefNumber"] is None
    assert poland("/invoice/search-documents").json()["invoiceList"][1]["status"] == "KSEF_DUPLICATE"


def test_saved_invoice_is_submitted_once(poland: Poland) -> None:
    record = send_later(poland, "KSEF", "ends; ends=SENDING_FAILED")
    assert record["status"] == "SENDING_FAILED"
    made = poland("/invoice/PL/submit-saved-invoice", invoiceId=record["documentId"]).json()
    assert made["processingCode"] == 200
    ksef.KsefNumber.parse(made["ksefReferenceNumber"])
    again = poland("/invoice/PL/submit-saved-invoice", invoiceId=record["documentId"])
    assert (again.status_code, "READY_FOR_KSEF" in again.json()["errorMessage"]) == (400, True)
    assert poland("/invoice/PL/submit-saved-invoice", invoiceId="x").status_code == 404


def test_offline_queue(poland: Poland) -> None:
    params = {"companyId": poland.company}
    send_later(poland, "KSEF_OFFLINE")
    waiting = poland.service.get("/invoice/PL/offline/pending", params=params).json()
    assert [(one["status"], one["ksefNumber"]) for one in waiting] == [("PENDING", None)]
    assert waiting[0]["qrCodeI"] == ksef.invoice_code(FA, environment="test").url
    failing = {"X-Sandbox-Fault": "ends; ends=500"}
    for count in (1, 2):
        tried = poland.service.post("/invoice/PL/offline/submit", params=params, headers=failing).json()
        assert [one["retryCount"] for one in tried["failedInvoices"]] == [count]
    done = poland.service.post("/invoice/PL/offline/submit", params=params).json()
    assert (done["totalProcessed"], done["successCount"], done["failureCount"]) == (1, 1, 0)
    ksef.KsefNumber.parse(done["submittedInvoices"][0]["ksefNumber"])
    assert poland.service.get("/invoice/PL/offline/pending", params=params).json() == []
    assert poland.service.get("/invoice/PL/offline/all", params=params).json()[0]["status"] == "SUBMITTED"
    assert poland.service.post("/invoice/PL/offline/submit", params=params).json()["totalProcessed"] == 0


HISTORY = {"apiKey": "sandbox-key", "fromDate": "2026-11-01T00:00:00+01:00", "toDate": "2026-11-21T12:00:00+00:00"}


def test_history(poland: Poland) -> None:
    _, number = poland.accepted()
    found = poland("/invoice/PL/historical-fetch", **HISTORY).json()
    assert [one["ksefNumber"] for one in found["invoices"]] == [number]
    assert (found["processingStatus"], found["totalFetched"], found["totalPages"]) == ("COMPLETED", 1, 1)
    path = f"/invoice/PL/historical-fetch/status/{found['taskId']}"
    seen = [poland.service.get(path).json()["status"] for _ in range(3)]
    assert seen == ["PENDING", "IN_PROGRESS", "COMPLETED"]
    partial = poland("/invoice/PL/historical-fetch", fault="ends; ends=PARTIAL", **HISTORY)
    assert partial.json()["processingStatus"] == "PARTIAL"


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"apiKey": "wrong"}, 401),
        ({"fromDate": "2025-11-01T00:00:00+00:00"}, 422),
        ({"fromDate": "2026-11-21T12:00:00"}, 400),
        ({"toDate": "2026-11-22T00:00:00+00:00"}, 400),
        ({"fromDate": "2026-11-21T11:00:00+00:00", "toDate": "2026-11-21T10:00:00+00:00"}, 400),
        ({"fromDate": "yesterday"}, 400),
        ({"companyId": "5a4db0c5-0000-4000-8000-000000000005"}, 403),
        ({"companyId": "5a4db0c5-0000-4000-8000-000000000009"}, 404),
    ],
)
def test_history_refused(poland: Poland, changed: dict[str, str], status: int) -> None:
    answer = poland("/invoice/PL/historical-fetch", **HISTORY | changed)
    assert (answer.status_code, answer.json()["httpStatus"], answer.json()["success"]) == (status, status, False)


def test_old_tasks_are_gone(poland: Poland, http: httpx.Client) -> None:
    task = poland("/invoice/PL/historical-fetch", **HISTORY).json()["taskId"]
    http.post("/_sandbox/clock", json={"advance": 12 * 3600})
    assert poland.service.get(f"/invoice/PL/historical-fetch/status/{task}").status_code == 410


def test_history_asks_to_wait(poland: Poland) -> None:
    answer = poland("/invoice/PL/historical-fetch", fault="429; retry=30", **HISTORY)
    assert answer.json()["details"] == {"retryAfterSeconds": 30}


def test_references_of_others(poland: Poland) -> None:
    sent, other = poland.send(), poland.send(numbered("FV/other"))
    mixed = {"sessionReferenceNumber": other["sessionReferenceNumber"]}
    assert poland("/invoice/PL/invoice-status", **sent | mixed).status_code == 422
    assert poland("/invoice/PL/invoice-status", **sent | {"invoiceReferenceNumber": "x"}).status_code == 404
    assert poland("/invoice/PL/qr-link", ksefReferenceNumber="x").status_code == 400
    number = "5265877635-20250826-0100001AF629-AF"
    assert poland("/invoice/PL/qr-link", ksefReferenceNumber=number).status_code == 500
    assert poland("/invoice/PL/generate-pdf", ksefNumber=number).status_code == 404
