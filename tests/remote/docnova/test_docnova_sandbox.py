"""The client of Docnova over real HTTP, against the sandbox, which was written from the same pages by itself."""

import datetime as dt
import hashlib
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from billingua import errors, sandbox
from billingua.remote.docnova import AsyncDocnova, Docnova
from billingua.remote.docnova.documents import DateRange, MlrLine
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.messages import File
from billingua.sandbox.world import ACCOUNTS, CREDENTIALS

SAMPLES = Path(__file__).parents[3] / "samples"
COMPANIES: dict[str, str] = CREDENTIALS["docnova"]["companies"]  # type: ignore[assignment]
FRANCE, GERMANY, POLAND = (COMPANIES[country] for country in ("FR", "DE", "PL"))
QUICK = Pace(first=0.001, longest=0.002, deadline=10)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running() as url:
        yield url


@pytest.fixture
def docnova(base: str) -> Iterator[Docnova]:
    httpx.post(f"{base}/_sandbox/reset")
    habits = Habits(first_wait=0.001, longest_wait=2)
    with Docnova(f"{base}/docnova", api_key="sandbox-key", habits=habits, pace=QUICK) as client:
        yield client


def fault(base: str, kind: str, **more: Any) -> None:
    httpx.post(f"{base}/_sandbox/faults", json={"fault": kind, "service": "docnova", **more}).raise_for_status()


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def xrechnung() -> bytes:
    return sample("standard-rated.ubl.xml")


def test_germany(docnova: Docnova) -> None:
    sent = docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
    record = docnova.processed(tracking_id=sent.tracking_id)
    assert (record.status, record.direction) == ("COMPLETED", "OUTGOING")
    assert record.invoice_number
    (document,) = docnova.get_document(document_id=record.document_id, document_types="XML").documents
    assert (document.file_type, document.data) == ("XML", xrechnung())
    day = dt.date.today()
    records = docnova.processes(company_id=GERMANY, created_at=DateRange(from_=day, to=day + dt.timedelta(1)))
    assert [one.tracking_id for one in records] == [sent.tracking_id]
    (found,) = docnova.documents(company_id=GERMANY, document_type="OUTGOING")
    assert found


def test_an_invalid_document_ends_as_failed(docnova: Docnova) -> None:
    sent = docnova.send_document(
        comp_id=GERMANY, base64_document=sample("broken-total.ubl.xml"), invoice_type="PEPPOL_BIS"
    )
    record = docnova.processed(tracking_id=sent.tracking_id)
    assert record.status in ("FAILED", "PERMANENT_FAILED")
    assert record.errors


def test_pdf_and_email(docnova: Docnova) -> None:
    merged = docnova.merge_zugferd(base64_pdf=sample("plain.pdf"), base64_xml=sample("standard-rated.cii.xml"))
    assert (merged.file_type, merged.data[:5]) == ("PDF", b"%PDF-")
    assert docnova.generate_pdf(base64_xml=xrechnung(), type="XRECHNUNG").startswith(b"%PDF-")
    sent = docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
    record = docnova.processed(tracking_id=sent.tracking_id)
    mail: dict[str, Any] = {
        "invoice_id_list": (record.document_id,),
        "company_id": GERMANY,
        "format_types": ("PDF", "XML"),
        "to_list": ("buyer@example.org",),
    }
    assert docnova.send_email(**mail, attachments=(File("a.pdf", b"%PDF-1.7", "application/pdf"),)) == "true"
    docnova.send_mlr(
        invoice_id=record.document_id, response_code="REJECTION", error_lines=(MlrLine(description="No order"),)
    )
    assert [one.response_type for one in docnova.search_mlr(company_id=GERMANY)] == ["REJECTION"]


def test_france(docnova: Docnova) -> None:
    data = sample("france.ubl.xml")
    answer = docnova.submit_french_invoice(
        content=data, company_id=FRANCE, invoice_number="F-2026-0117", flow_syntax="UBL"
    )
    assert answer.raw
    assert docnova.french_style == "bearer", "the sandbox takes Bearer in France, as the page says"
    assert docnova.cdv_status(company_id=FRANCE, invoice_number="F-2026-0117").raw
    entries = list(docnova.cdvs(company_id=FRANCE))
    assert entries
    identifier = str(entries[0]["invoiceCdvId"])
    assert docnova.cdv_detail(invoice_cdv_id=identifier).invoice_cdv_id == identifier
    assert docnova.cdv_history(invoice_cdv_id=identifier)
    docnova.submit_status(company_id=FRANCE, invoice_number="F-2026-0117", status_code="204")
    docnova.receive_cdar(content=sample("made-available.cdar.xml"))


def test_poland(docnova: Docnova) -> None:
    data = sample("invoice.fa3.xml")
    sent = docnova.send_fa(company_id=POLAND, invoice_xml=data)
    asked = {"company_id": POLAND, "session_reference_number": sent.session_reference_number}
    found = docnova.fa_processed(**asked, invoice_reference_number=sent.reference_number)
    assert found.processing_code == "200"
    number = str(found.ksef_reference_number)
    from billingua import ksef

    assert ksef.KsefNumber.parse(number).nip
    assert found.invoice_hash == b64encode(hashlib.sha256(data).digest()).decode()
    assert docnova.upo_by_ksef_number(**asked, ksef_reference_number=number).startswith(b"%PDF-")
    assert docnova.upo_by_reference(**asked, invoice_reference_number=sent.reference_number).startswith(b"%PDF-")
    assert docnova.fa_pdf(company_id=POLAND, ksef_number=number).startswith(b"%PDF-")
    assert docnova.get_fa(company_id=POLAND, ksef_reference_number=number) == data
    assert docnova.qr_link(company_id=POLAND, ksef_reference_number=number).startswith("http")
    session = docnova.session_processed(company_id=POLAND, reference_number=str(sent.session_reference_number))
    assert session.successful_invoice_count == 1
    (invoice,) = docnova.session_invoices(**asked).invoices
    assert (invoice.ksef_number, invoice.invoicing_mode) == (number, "ONLINE")
    assert docnova.failed_invoices(**asked).invoices == ()
    with pytest.raises(errors.AlreadyThere):
        docnova.send_fa(company_id=POLAND, invoice_xml=data)


def test_polish_batch_and_codes(docnova: Docnova) -> None:
    data = sample("invoice.fa3.xml")
    opened = docnova.open_batch(company_id=POLAND, invoice_xml_list=(data, data.replace(b"FV", b"FX")))
    assert opened.total_invoices == 2
    docnova.close_batch(company_id=POLAND, reference_number=str(opened.reference_number))
    assert docnova.attachment_permission(company_id=POLAND).raw
    code = {"nip": "1111111111", "issue_date": dt.date(2026, 2, 1), "invoice_hash": b64encode(bytes(32)).decode()}
    assert docnova.offline_code(**code).qr_code.startswith(b"\x89PNG")
    assert docnova.offline_all(company_id=POLAND) == docnova.offline_pending(company_id=POLAND) == []
    assert docnova.offline_submit(company_id=POLAND).total_processed == 0


@pytest.mark.parametrize(
    ("kind", "error"),
    [("402", errors.CreditUsedUp), ("403", errors.NotPermitted), ("500", errors.ServiceFailed)],
)
def test_errors_are_typed(base: str, docnova: Docnova, kind: str, error: type[errors.RemoteError]) -> None:
    fault(base, kind, path="/invoice/send-document-async")
    with pytest.raises(error):
        docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")


def test_what_passes_is_repeated(base: str, docnova: Docnova) -> None:
    sent = docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
    for kind in ("498", "502", "503", "drop", "half"):
        fault(base, kind, path="/invoice/document-status/{trackingId}", retry=0)
        assert docnova.document_status(tracking_id=sent.tracking_id).status
    fault(base, "429", path="/invoice/send-document-async", retry=1)
    start = time.monotonic()
    docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("kind", ["duplicate", "half", "drop", "wrong-json", "empty"])
def test_what_may_have_been_done_is_said(base: str, docnova: Docnova, kind: str) -> None:
    docnova.login(api_key=docnova._login.api_key)
    list(docnova.processes(company_id=GERMANY))
    fault(base, kind, path="/invoice/send-document-async")
    with pytest.raises(errors.RemoteError) as caught:
        docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
    assert caught.value.uncertain
    assert len(list(docnova.processes(company_id=GERMANY))) == (0 if kind == "drop" else 1)


def test_a_slow_answer_ends_in_time(base: str) -> None:
    habits = Habits(attempts=1, answer_within=0.1)
    with Docnova(f"{base}/docnova", api_key="sandbox-key", habits=habits) as docnova:
        list(docnova.processes(company_id=GERMANY))
        fault(base, "slow", seconds=0.5, path="/invoice/document-status/{trackingId}")
        with pytest.raises(errors.NotReached, match="no answer in time"):
            docnova.document_status(tracking_id="t")


@pytest.mark.parametrize(
    ("key", "error"),
    [
        ("wrong", errors.SignInFailed),
        ("sandbox-key-mfa", errors.SecondFactorNeeded),
        ("sandbox-key-captcha", errors.SecondFactorNeeded),
    ],
)
def test_signing_in(base: str, key: str, error: type[errors.RemoteError]) -> None:
    with Docnova(f"{base}/docnova", api_key=key) as docnova, pytest.raises(error):
        docnova.document_status(tracking_id="t")


def test_an_account_without_credit(base: str) -> None:
    with Docnova(f"{base}/docnova", api_key="sandbox-key-no-credit") as docnova, pytest.raises(errors.CreditUsedUp):
        docnova.send_document(
            comp_id=ACCOUNTS["sandbox-key-no-credit"].companies[0],
            base64_document=sample("invoice.fa3.xml"),
            invoice_type="KSEF",
        )


def test_tasks(base: str) -> None:
    import asyncio

    async def talk() -> list[str]:
        async with AsyncDocnova(f"{base}/docnova", api_key="sandbox-key", pace=QUICK) as docnova:
            sent = await docnova.send_document(comp_id=GERMANY, base64_document=xrechnung(), invoice_type="PEPPOL_BIS")
            record = await docnova.processed(tracking_id=sent.tracking_id)
            return [record.status, *[one.direction async for one in docnova.processes(company_id=GERMANY)]]

    assert asyncio.run(talk())[:2] == ["COMPLETED", "OUTGOING"]
