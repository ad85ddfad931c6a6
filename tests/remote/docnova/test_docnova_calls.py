"""What each call of Docnova sends, as its pages say, and how its answers and errors are read."""

import asyncio
import datetime as dt
import json
from typing import Any

import httpx
import pytest

from billingua import errors
from billingua.remote.docnova import AsyncDocnova, Docnova
from billingua.remote.docnova.documents import DateRange, MlrLine
from billingua.remote.exchange.habits import Habits
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret

KEY = "key-of-the-portal"
DAY = dt.date(2026, 2, 1)
NOON = dt.datetime(2026, 2, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))


class Portal:
    """The other side: logins are answered, everything else with what was set; requests are kept."""

    def __init__(self, *answers: Any, login: Any = None) -> None:
        self.answers = list(answers)
        self.login = login or {"jwt": "jwt-1", "expirationDate": "2099-01-01T00:00:00Z"}
        self.logins: list[Any] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/auth/login":
            self.logins.append(json.loads(request.content))
            return self.login if isinstance(self.login, httpx.Response) else httpx.Response(200, json=self.login)
        self.requests.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={})
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)

    def client(self, **options: Any) -> Docnova:
        http = httpx.Client(transport=httpx.MockTransport(self))
        options.setdefault("habits", Habits(attempts=1))
        return Docnova("https://docnova.example", api_key=KEY, http=http, **options)


# call, what it is asked with, method and target, JSON body (None: none)
CALLS: list[tuple[str, dict[str, Any], str, Any]] = [
    (
        "send_document",
        {"comp_id": "c", "base64_document": b"<a/>", "invoice_type": "XRECHNUNG", "receiver_emails": ("a@b.example",)},
        "POST /invoice/send-document-async",
        {"compId": "c", "base64Document": "PGEvPg==", "invoiceType": "XRECHNUNG", "receiverEmails": ["a@b.example"]},
    ),
    (
        "send_document",
        {"api_key": Secret("k"), "base64_pdf": b"%PDF"},
        "POST /invoice/send-document-async",
        {"apiKey": "k", "base64Pdf": "JVBERg=="},
    ),
    (
        "send_document_json",
        {"ubl_dto": {"CompanyId": "c", "ID": {"Value": "1"}}},
        "POST /invoice/send-document-async-json",
        {"ublDto": {"CompanyId": "c", "ID": {"Value": "1"}}},
    ),
    ("document_status", {"tracking_id": "t/1"}, "GET /invoice/document-status/t%2F1", None),
    (
        "search_processes",
        {"company_id": "c", "created_at": DateRange(from_=DAY, to=DAY), "page": 2, "sort": "createdAt,desc"},
        "POST /invoice/document-process/search?page=2&sort=createdAt%2Cdesc",
        {"companyId": "c", "createdAt": {"from": "2026-02-01", "to": "2026-02-01"}},
    ),
    (
        "get_document",
        {"document_id": "d", "document_types": "PDF-XML"},
        "GET /invoice/get-document/d/PDF-XML",
        None,
    ),
    (
        "search_documents",
        {"company_id": "c", "document_type": "OUTGOING", "start_date": DAY, "page": 0, "size": 100},
        "POST /invoice/search-documents",
        {"companyId": "c", "documentType": "OUTGOING", "startDate": "2026-02-01", "page": 0, "size": 100},
    ),
    (
        "merge_zugferd",
        {"base64_pdf": b"%PDF", "base64_xml": b"<a/>"},
        "POST /invoice/merge-zugferd-pdf-xml",
        {"base64Pdf": "JVBERg==", "base64Xml": "PGEvPg=="},
    ),
    (
        "generate_pdf",
        {"base64_xml": b"<a/>", "type": "XRECHNUNG", "vat_number": "DE1"},
        "POST /invoice/generate/pdf",
        {"base64XML": "PGEvPg==", "type": "XRECHNUNG", "vatNumber": "DE1"},
    ),
    (
        "search_mlr",
        {"company_id": "c", "counterpart_participant_id": "0204:1", "from_date": DAY},
        "GET /peppol/search-mlr?companyId=c&counterpartParticipantId=0204%3A1&fromDate=2026-02-01",
        None,
    ),
    (
        "send_mlr",
        {"invoice_id": "i", "response_code": "REJECTION", "error_lines": (MlrLine(description="x"),)},
        "POST /peppol/send-mlr",
        {"invoiceId": "i", "responseCode": "REJECTION", "errorLines": [{"description": "x"}]},
    ),
    (
        "submit_status",
        {"company_id": "c", "invoice_number": "F/1", "status_code": "205"},
        "POST /invoice/FR/cdar/submit",
        {"companyId": "c", "invoiceNumber": "F/1", "statusCode": "205"},
    ),
    ("cdv_status", {"company_id": "c", "invoice_number": "F/1 +"}, "GET /invoice/FR/cdv/c/F%2F1%20%2B", None),
    ("cdv_detail", {"invoice_cdv_id": "v"}, "GET /invoice/FR/cdv/detail/v", None),
    ("cdv_list", {"company_id": "c", "page": 1}, "GET /invoice/FR/cdv/list?companyId=c&page=1", None),
    ("cdv_history", {"invoice_cdv_id": "v"}, "GET /invoice/FR/cdv/history/v", None),
    (
        "send_fa",
        {"company_id": "c", "invoice_xml": b"<a/>"},
        "POST /invoice/PL/send-invoice",
        {"companyId": "c", "invoiceXml": "PGEvPg=="},
    ),
    (
        "open_batch",
        {"company_id": "c", "invoice_xml_list": (b"a", b"b")},
        "POST /invoice/PL/batch/open-session",
        {"companyId": "c", "invoiceXmlList": ["YQ==", "Yg=="]},
    ),
    (
        "close_batch",
        {"company_id": "c", "reference_number": "r"},
        "POST /invoice/PL/batch/close-session",
        {"companyId": "c", "referenceNumber": "r"},
    ),
    ("attachment_permission", {"company_id": "c"}, "POST /invoice/PL/attachment/permission-status", {"companyId": "c"}),
    (
        "fa_pdf",
        {"company_id": "c", "ksef_number": "n"},
        "POST /invoice/PL/generate-pdf",
        {"companyId": "c", "ksefNumber": "n"},
    ),
    (
        "get_fa",
        {"company_id": "c", "ksef_reference_number": "n"},
        "POST /invoice/PL/get-invoice",
        {"companyId": "c", "ksefReferenceNumber": "n"},
    ),
    (
        "historical_fetch",
        {"company_id": "c", "from_date": NOON, "to_date": NOON},
        "POST /invoice/PL/historical-fetch",
        {"companyId": "c", "fromDate": "2026-02-01T12:00:00+01:00", "toDate": "2026-02-01T12:00:00+01:00"},
    ),
    ("historical_fetch_status", {"task_id": "t"}, "GET /invoice/PL/historical-fetch/status/t", None),
    (
        "fa_status",
        {"company_id": "c", "invoice_reference_number": "i", "session_reference_number": "s"},
        "POST /invoice/PL/invoice-status",
        {"companyId": "c", "invoiceReferenceNumber": "i", "sessionReferenceNumber": "s"},
    ),
    (
        "upo_by_ksef_number",
        {"company_id": "c", "ksef_reference_number": "n", "session_reference_number": "s"},
        "POST /invoice/PL/invoice-upo-by-ksef",
        {"companyId": "c", "ksefReferenceNumber": "n", "sessionReferenceNumber": "s"},
    ),
    (
        "upo_by_reference",
        {"company_id": "c", "invoice_reference_number": "i", "session_reference_number": "s"},
        "POST /invoice/PL/invoice-upo-by-reference",
        {"companyId": "c", "invoiceReferenceNumber": "i", "sessionReferenceNumber": "s"},
    ),
    (
        "qr_link",
        {"company_id": "c", "ksef_reference_number": "n"},
        "POST /invoice/PL/qr-link",
        {"companyId": "c", "ksefReferenceNumber": "n"},
    ),
    (
        "failed_invoices",
        {"company_id": "c", "session_reference_number": "s"},
        "POST /invoice/PL/session-failed-invoices",
        {"companyId": "c", "sessionReferenceNumber": "s"},
    ),
    (
        "session_invoices",
        {"company_id": "c", "session_reference_number": "s", "page_size": 5},
        "POST /invoice/PL/session-invoices",
        {"companyId": "c", "sessionReferenceNumber": "s", "pageSize": 5},
    ),
    (
        "session_status",
        {"company_id": "c", "reference_number": "r"},
        "POST /invoice/PL/session-status",
        {"companyId": "c", "referenceNumber": "r"},
    ),
    (
        "submit_saved",
        {"company_id": "c", "invoice_id": "i"},
        "POST /invoice/PL/submit-saved-invoice",
        {"companyId": "c", "invoiceId": "i"},
    ),
    (
        "certificate_code",
        {
            "company_id": "c",
            "context_identifier_type": "Nip",
            "context_identifier_value": "1",
            "invoice_hash": "h",
        },
        "POST /qrcode/PL/certificate?companyId=c",
        {"contextIdentifierType": "Nip", "contextIdentifierValue": "1", "invoiceHash": "h"},
    ),
    (
        "offline_code",
        {"nip": "1", "issue_date": DAY, "invoice_hash": "h"},
        "POST /qrcode/PL/invoice/offline",
        {"nip": "1", "issueDate": "2026-02-01", "invoiceHash": "h"},
    ),
    (
        "online_code",
        {"nip": "1", "issue_date": DAY, "invoice_hash": "h", "ksef_number": "n"},
        "POST /qrcode/PL/invoice/online",
        {"nip": "1", "issueDate": "2026-02-01", "invoiceHash": "h", "ksefNumber": "n"},
    ),
    ("offline_all", {"company_id": "c"}, "GET /invoice/PL/offline/all?companyId=c", None),
    ("offline_pending", {"company_id": "c"}, "GET /invoice/PL/offline/pending?companyId=c", None),
    ("offline_submit", {"company_id": "c"}, "POST /invoice/PL/offline/submit?companyId=c", None),
]
LISTS = {"search_mlr", "offline_all", "offline_pending"}


@pytest.mark.parametrize(
    ("call", "asked", "target", "body"), CALLS, ids=[f"{one[0]}-{n}" for n, one in enumerate(CALLS)]
)
def test_what_is_sent(call: str, asked: dict[str, Any], target: str, body: Any) -> None:
    portal = Portal([] if call in LISTS else {"trackingId": "t", "referenceNumber": "r", "sessionReferenceNumber": "s"})
    with portal.client() as docnova:
        getattr(docnova, call)(**asked)
    (request,) = portal.requests
    assert f"{request.method} {request.url.raw_path.decode()}" == target
    assert (json.loads(request.content) if request.content else None) == body
    assert request.headers["r-auth"] == "jwt-1"
    assert "authorization" not in request.headers


def test_every_call_is_tried() -> None:
    calls = {name for name in dir(Docnova) if isinstance(getattr(Docnova, name, None), Endpoint)}
    tried = {call for call, *_ in CALLS}
    assert calls - tried == {"login", "submit_french_invoice", "receive_cdar", "send_email"}  # these are tried below


def test_documents_go_as_they_are() -> None:
    portal = Portal()
    docnova = portal.client()
    data = b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<Invoice/>'
    docnova.submit_french_invoice(content=data, company_id="c", invoice_number="F/1", flow_syntax="UBL")
    docnova.receive_cdar(content=data)
    first, second = portal.requests
    assert first.url.raw_path == b"/invoice/FR/submit?companyId=c&invoiceNumber=F%2F1&flowSyntax=UBL"
    assert (first.content, first.headers["content-type"]) == (data, "application/xml")
    assert (second.url.raw_path, second.content) == (b"/invoice/FR/cdar/receive", data)


def test_limits_are_kept_before_sending() -> None:
    portal = Portal()
    docnova = portal.client()
    with pytest.raises(errors.TooLarge):
        docnova.submit_french_invoice(content=bytes(11_000_000), company_id="c", invoice_number="1")
    with pytest.raises(errors.TooLarge):
        docnova.receive_cdar(content=bytes(5_300_000))
    with pytest.raises(errors.UsageError, match="4 files"):
        docnova.send_email(
            invoice_id_list=("i",), company_id="c", format_types=("PDF",), attachments=(File("a", b""),) * 4
        )
    assert portal.requests == []


def test_an_email_is_a_form() -> None:
    portal = Portal(httpx.Response(200, text="true"))
    file = File("terms.pdf", b"%PDF", "application/pdf")
    said = portal.client().send_email(
        invoice_id_list=("i", "j"),
        company_id="c",
        format_types=("PDF", "XML"),
        to_list=("a@b.example",),
        attachments=(file,),
    )
    assert said == "true"
    body = portal.requests[0].content
    assert body.count(b'name="invoiceIdList"') == 2
    assert b'name="attachments"; filename="terms.pdf"\r\nContent-Type: application/pdf' in body


def test_the_login() -> None:
    portal = Portal(login={"jwt": "j", "companies": [{"id": "c", "credit": "2.50"}], "user": {}, "refreshToken": "r"})
    docnova = Docnova(
        "https://docnova.example/",
        api_key=Secret(KEY),
        email="a@b.example",
        http=httpx.Client(transport=httpx.MockTransport(portal)),
    )
    docnova.cdv_detail(invoice_cdv_id="v")
    assert portal.logins == [{"apiKey": KEY, "email": "a@b.example"}]
    account = docnova.login(api_key=Secret(KEY))
    assert account.companies[0].id == "c"
    assert str(account.companies[0].credit) == "2.50"
    assert set(account.raw) == {"companies", "user"}
    assert "'j'" not in repr(account)


@pytest.mark.parametrize("expiration", ["", "soon", "2001-01-01T00:00:00", 978307200, 978307200000])
def test_a_token_that_has_expired_is_not_used(expiration: Any) -> None:
    """What cannot be read holds for a day."""
    portal = Portal(login={"jwt": "j", "expirationDate": expiration})
    docnova = portal.client()
    docnova.cdv_detail(invoice_cdv_id="v")
    docnova.cdv_detail(invoice_cdv_id="v")
    assert len(portal.logins) == (1 if expiration in ("", "soon") else 2)


@pytest.mark.parametrize(
    "login",
    [
        httpx.Response(403, json={"jwt": None, "mfaEnabled": True, "mfaType": "GOOGLE"}),
        {"jwt": None, "mfaEnabled": True, "mfaType": "GOOGLE"},
        httpx.Response(429, json={"requiresRecaptchaV2": True}),
    ],
)
def test_a_second_factor_needs_a_person(login: Any) -> None:
    portal = Portal(login=login)
    with pytest.raises(errors.SecondFactorNeeded):
        portal.client(habits=Habits(attempts=3)).cdv_detail(invoice_cdv_id="v")
    assert len(portal.logins) == 1


def test_a_french_call_tries_the_other_header_once() -> None:
    portal = Portal(httpx.Response(401), {"id": "v"})
    docnova = portal.client()
    assert docnova.cdv_detail(invoice_cdv_id="v").id == "v"
    docnova.cdv_detail(invoice_cdv_id="v")
    docnova.document_status(tracking_id="t")
    shown = ["r-auth" if "r-auth" in one.headers else one.headers["authorization"] for one in portal.requests]
    assert shown == ["r-auth", "Bearer jwt-1", "Bearer jwt-1", "r-auth"]
    assert len(portal.logins) == 1


def test_a_french_call_ends() -> None:
    portal = Portal(*[httpx.Response(401)] * 9)
    with pytest.raises(errors.SignInFailed):
        portal.client().cdv_detail(invoice_cdv_id="v")
    assert (len(portal.requests), len(portal.logins)) == (4, 2)


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, {"errorMessage": "No", "errorType": "AUTHORIZATION_FAILED"}, errors.NotPermitted),
        (401, {"status": 401, "error": "Unauthorized", "message": "Token"}, errors.SignInFailed),
        (498, {"errorType": "TOKEN_EXPIRED", "status": None}, errors.SignInFailed),
        (402, {"message": "credit"}, errors.CreditUsedUp),
        (404, {"errorMessage": "Api Key Didnt Match"}, errors.SignInFailed),
        (404, b"", errors.NotThere),
        (400, {"errorMessage": "Duplicate invoice"}, errors.AlreadyThere),
        (400, {"errorType": "API_ERROR"}, errors.Refused),
        (422, {"errorType": "DOCUMENT_PROCESS_FAILED"}, errors.Refused),
        (500, {"trackingId": "t", "status": "FAILED", "message": "queue"}, errors.ServiceFailed),
        (200, {"trackingId": "t", "status": "FAILED", "message": "queue"}, errors.ServiceFailed),
    ],
)
def test_errors(status: int, said: Any, kind: type[errors.RemoteError]) -> None:
    def answer() -> httpx.Response:
        return httpx.Response(status, content=said) if isinstance(said, bytes) else httpx.Response(status, json=said)

    with pytest.raises(errors.RemoteError) as caught:
        Portal(answer(), answer()).client().send_document(comp_id="c", base64_document=b"x", api_key=Secret(KEY))
    assert type(caught.value) is kind
    assert KEY not in str(caught.value)


def test_a_status_failed_is_an_answer_where_it_is_asked_for() -> None:
    record = (
        Portal({"status": "FAILED", "errors": {"a": "b"}, "additionalData": None}).client().processed(tracking_id="t")
    )
    assert (record.status, record.errors, record.additional_data) == ("FAILED", {"a": "b"}, {})


def test_pages() -> None:
    pages = [{"content": [{"trackingId": n}], "totalPages": 3, "number": n} for n in range(3)]
    portal = Portal(*pages)
    assert [one.tracking_id for one in portal.client().processes(company_id="c")] == ["0", "1", "2"]
    assert [one.url.query for one in portal.requests] == [b"", b"page=1", b"page=2"]
    portal = Portal({"totalCount": 3, "invoiceList": [{}, {}]}, {"totalCount": 3, "invoiceList": [{}]})
    assert len(list(portal.client().documents(company_id="c", size=2))) == 3
    portal = Portal({"content": [{"id": "v"}], "totalPages": 1})
    assert list(portal.client().cdvs(company_id="c")) == [{"id": "v"}]


def test_answers_of_ksef() -> None:
    docnova = Portal(
        {"status": {"code": 200, "description": "ok"}, "invoiceCount": "3"},
        {"url": "https://x.example", "qrCode": "iVBORw=="},
        [{"queueId": 7, "qrCodeI": "a", "qrCodeII": "b"}],
        {"documents": [{"file_type": "PDF", "data": "JVBERg=="}]},
    ).client()
    session = docnova.session_processed(company_id="c", reference_number="r")
    assert (session.status.code, session.invoice_count) == (200, 3)
    assert docnova.offline_code(nip="1", issue_date=DAY, invoice_hash="h").qr_code == b"\x89PNG"
    (entry,) = docnova.offline_pending(company_id="c")
    assert (entry.queue_id, entry.qr_code_i, entry.qr_code_ii) == ("7", "a", "b")
    assert docnova.get_document(document_id="d", document_types="PDF").documents[0].data == b"%PDF"


def test_the_same_in_tasks() -> None:
    portal = Portal({"trackingId": "t"}, {"content": [{"trackingId": 1}], "totalPages": 1})

    async def talk() -> tuple[str, list[str]]:
        http = httpx.AsyncClient(transport=httpx.MockTransport(portal))
        async with AsyncDocnova("https://docnova.example", api_key=KEY, http=http) as docnova:
            sent = await docnova.send_document(comp_id="c", base64_document=b"x")
            return sent.tracking_id, [one.tracking_id async for one in docnova.processes(company_id="c")]

    assert asyncio.run(talk()) == ("t", ["1"])


_KEYED = {
    "send_document": "trackingId",
    "send_document_json": "trackingId",
    "send_fa": "referenceNumber",
    "open_batch": "referenceNumber",
    "submit_saved": "sessionReferenceNumber",
}


@pytest.mark.parametrize("call", _KEYED)
@pytest.mark.parametrize("said", [{}, None, ""])
def test_an_answer_without_its_key_is_no_success(call: str, said: Any) -> None:
    answer = {} if said == {} else {_KEYED[call]: said}
    asked = next(asked for name, asked, *_ in CALLS if name == call)
    with Portal({**answer, "message": "taken"}).client() as docnova, pytest.raises(errors.UnexpectedAnswer) as caught:
        getattr(docnova, call)(**asked)
    assert caught.value.uncertain


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({"errorMessage": "No such company", "errorType": "COMPANY_NOT_FOUND", "status": 404}, errors.NotThere),
        ({"errorMessage": "Wrong", "errorTitle": "Invalid", "status": "422"}, errors.Refused),
        ({"errorMessage": "Wrong", "errorId": "e-1"}, errors.ServiceFailed),
        ({"success": False, "error": "SERVER_ERROR", "message": "Wrong"}, errors.ServiceFailed),
        ({"status": 403, "error": "Forbidden", "message": "Wrong"}, errors.NotPermitted),
        ({"status": 401, "errorType": "AUTHORIZATION_FAILED", "errorMessage": "Not yours"}, errors.NotPermitted),
    ],
)
@pytest.mark.parametrize("call", sorted({call for call, *_ in CALLS} - LISTS))
def test_an_error_in_an_answer_that_looks_good(call: str, said: dict[str, Any], kind: type[errors.RemoteError]) -> None:
    asked = next(asked for name, asked, *_ in CALLS if name == call)
    portal = Portal(said)
    with portal.client(habits=Habits(attempts=1)) as docnova, pytest.raises(kind) as caught:
        getattr(docnova, call)(**asked)
    assert type(caught.value) is kind
    assert len(portal.requests) == 1


def test_an_email_that_was_not_sent() -> None:
    docnova = Portal(httpx.Response(200, text="false")).client()
    with pytest.raises(errors.ServiceFailed):
        docnova.send_email(invoice_id_list=("i",), company_id="c", format_types=("PDF",))


@pytest.mark.parametrize("asks", [True, False])
def test_only_a_captcha_that_is_asked_for_needs_a_person(asks: bool) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, json={"message": "Too many", "requiresRecaptchaV2": asks})

    http = httpx.Client(transport=httpx.MockTransport(answer))
    docnova = Docnova("https://portal.example", api_key="key-of-a-test", http=http, habits=Habits(attempts=1))
    with pytest.raises(errors.SecondFactorNeeded if asks else errors.TooManyRequests):
        docnova.offline_all(company_id="c")


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(errors.UsageError, match="r-auth, bearer"):
        Docnova("https://docnova.example", api_key=KEY, auth_style="basic")  # type: ignore[arg-type]
