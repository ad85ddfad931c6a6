"""The client of FactPulse over real HTTP, against the sandbox, which was written from the same pages by itself."""

import asyncio
import datetime as dt
import time
from base64 import b64decode
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

import billingua as bl
from billingua import errors, lifecycle, sandbox
from billingua.model import Identifier
from billingua.remote import factpulse as fp
from billingua.remote import webhooks
from billingua.remote.afnor import FlowFilters, FlowInfo
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.messages import File
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse import invoice_json, simplified
from billingua.sandbox.world import FACTPULSE_USER
from receiving import arrived, receiving

SAMPLES = Path(__file__).parents[3] / "samples"
QUICK: dict[str, Any] = {
    "habits": Habits(first_wait=0.001, longest_wait=2),
    "pace": Pace(first=0.001, longest=0.002, deadline=10),
}
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
ISSUED = dt.date(2026, 9, 15)


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running(clock=lambda: NOW) as url:
        yield url


def client(base: str, **more: Any) -> fp.FactPulse:
    signed_in = {"username": FACTPULSE_USER[0], "password": Secret(FACTPULSE_USER[1])}
    return fp.FactPulse(f"{base}/factpulse", **{**signed_in, **QUICK, **more})


@pytest.fixture
def factpulse(base: str) -> Iterator[fp.FactPulse]:
    httpx.post(f"{base}/_sandbox/reset")
    with client(base) as service:
        yield service


def fault(base: str, kind: str, **more: Any) -> None:
    httpx.post(f"{base}/_sandbox/faults", json={"fault": kind, "service": "factpulse", **more}).raise_for_status()


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def xml_file(name: str) -> File:
    return File(name, sample(name), "application/xml")


def invoice() -> bl.Invoice:
    """A French sale, in units that FactPulse has a word for."""
    content = bl.read(sample("france.ubl.xml").replace(b"XBX", b"C62")).content
    assert isinstance(content, bl.Invoice)
    return content


def full() -> dict[str, Any]:
    return invoice_json.write(invoice(), vat_accounting="TVA_SUR_DEBIT", allow_losses=True).content


def simple() -> dict[str, Any]:
    """The simplified form, which knows the buyer by a SIRET."""
    sale = invoice()
    assert sale.buyer is not None
    buyer = sale.buyer.replace(identifier=Identifier("20000000800017", "0009"))
    return simplified.write(sale.replace(buyer=buyer), allow_losses=True).content


def test_an_invoice_is_made_in_a_task(factpulse: fp.FactPulse) -> None:
    data = full()
    started = factpulse.generate_invoice(invoice_data=data, output_format="xml", profile="EN16931", auto_enrich=False)
    result = factpulse.finished_generation(task_id=started.task_id).result
    assert result is not None
    made = bl.read(result.xml_content.encode()).content
    assert (made.number, made.totals.amount_due) == ("F-2026-0117", Decimal("648.20"))
    pdf = File("plain.pdf", sample("plain.pdf"), "application/pdf")
    started = factpulse.generate_invoice(invoice_data=data, output_format="pdf", source_pdf=pdf, auto_enrich=False)
    result = factpulse.finished_generation(task_id=started.task_id).result
    assert result is not None
    assert bl.validate(b64decode(result.content_b64)).valid


def test_one_that_breaks_rules_is_refused_in_its_task(factpulse: fp.FactPulse) -> None:
    data = full() | {"notes": []}
    started = factpulse.generate_invoice(invoice_data=data, auto_enrich=False)
    with pytest.raises(errors.Refused) as caught:
        factpulse.finished_generation(task_id=started.task_id)
    assert caught.value.code == "SCHEMATRON_VALIDATION_FAILED"
    assert "BT-22" in [field for field, _ in caught.value.fields]


def test_made_and_submitted_in_one_go(factpulse: fp.FactPulse) -> None:
    sent = factpulse.submit_complete(
        invoice_data=full(),
        source_pdf=sample("plain.pdf"),
        destination=fp.AfnorDestination(flow_syntax="Factur-X", tracking_id="T-1", processing_rule="B2B"),
        options=fp.ProcessingOptions(facturx_profile="EN16931", auto_enrich=False),
    )
    assert sent.afnor_result is not None
    flow = factpulse.acknowledged(flow_id=sent.afnor_result.flow_id)
    assert (flow.tracking_id, flow.acknowledgement.status) == ("T-1", "Ok")
    assert factpulse.flow_file(flow_id=flow.flow_id) == b64decode(sent.content_b64)
    incoming = factpulse.incoming_invoice(flow_id=flow.flow_id, include_document=True)
    assert (incoming.supplier_reference, incoming.gross_amount) == ("F-2026-0117", "648.20")
    assert b64decode(incoming.document_base64) == b64decode(sent.content_b64)


def test_checking_and_reading(factpulse: fp.FactPulse) -> None:
    assert factpulse.validate_xml(xml_file=xml_file("france.cii.xml")).message
    broken = File("a.xml", sample("france.cii.xml").replace(b">648.20<", b">648.21<"), "application/xml")
    with pytest.raises(errors.Refused) as caught:
        factpulse.validate_xml(xml_file=broken)
    assert "BR-CO-15" in f"{caught.value}"
    hybrid = File("a.pdf", sample("invoice.facturx.pdf"), "application/pdf")
    assert factpulse.validate_facturx_pdf(pdf_file=hybrid).is_compliant is True
    started = factpulse.validate_facturx_async(pdf_file=hybrid)
    result = factpulse.finished_validation(task_id=started.task_id).result
    assert result is not None
    assert result.validation_result is not None
    assert result.validation_result.pdfa_compliant is True
    parsed = factpulse.parse_facturx(file=xml_file("france.ubl.xml"))
    assert parsed.invoice is not None
    assert invoice_json.read(parsed.invoice).invoice.number == "F-2026-0117"
    signed = factpulse.sign_pdf(pdf_file=hybrid, reason="test")
    assert factpulse.validate_pdf_signature(pdf_file=File("b.pdf", signed)).raw["isSigned"] is True


def test_life_cycle(factpulse: fp.FactPulse) -> None:
    made = lifecycle.message(invoice(), "approved", at=dt.datetime(2026, 9, 20, 9))
    sent = factpulse.submit_cdar_xml(xml=lifecycle.write(made).decode(), flow_type="SupplierInvoiceLC")
    assert factpulse.acknowledged(flow_id=sent.flow_id).acknowledgement.status == "Ok"
    number = "F-2026-0117"
    cashed = factpulse.cdar_cashed(
        invoice_id=number,
        invoice_issue_date=ISSUED,
        invoice_buyer_siren="200000008",
        invoice_buyer_electronic_address="200000008",
        amount=Decimal("648.20"),
        vat_rate=Decimal(20),
    )
    assert (cashed.invoice_id, bool(cashed.flow_id)) == (number, True)
    (found,) = factpulse.lifecycle(invoice_id=number).invoices
    assert [event.status_code for event in found.events] == ["205", "212"]
    assert found.events[1].amount == Decimal("648.20")
    fields: dict[str, Any] = {
        "document_id": "D-1",
        "sender_siren": "200000008",
        "invoice_id": number,
        "invoice_issue_date": ISSUED,
        "invoice_seller_siren": "100000009",
        "status": "210",
        "reason_code": "TX_TVA_ERR",
    }
    generated = factpulse.generate_cdar(**fields)
    message = bl.read(generated.xml.encode()).content
    assert (message.id, message.status) == ("D-1", "210")
    assert factpulse.submit_cdar(**fields).document_id == "D-1"
    assert factpulse.validate_cdar(document_id="D-1", status="212").valid is False
    checked = factpulse.validate_cdar_xml(xml_file=File("a.xml", generated.xml.encode(), "application/xml"))
    assert checked.valid is True
    with pytest.raises(errors.Refused):
        factpulse.generate_cdar(**{**fields, "reason_code": None})
    assert "212" in {one.code for one in factpulse.cdar_status_codes().codes}


def test_reports(factpulse: fp.FactPulse) -> None:
    day = dt.date(2026, 9, 15)
    report = fp.Report(
        report_id="R-1",
        flow_type="10.4",
        sender=fp.ReportSender(siren="100000009", name="Papeterie du Marais SAS"),
        period=fp.ReportPeriod(start_date=dt.date(2026, 9, 1), end_date=dt.date(2026, 9, 30)),
        aggregated_payments=(
            fp.AggregatedPayment(
                payment_date=day, amounts_by_rate=(fp.AmountByRate(rate=Decimal(20), amount=Decimal("120.00")),)
            ),
        ),
    )
    fields = {name: getattr(report, name) for name in report.__struct_fields__}
    made = factpulse.generate_report(**fields)
    assert bl.validate(made.xml.encode()).valid
    assert factpulse.download_report(**fields, filename="r.xml") == made.xml.encode()
    assert factpulse.validate_report(data=report).valid is True
    sent = factpulse.submit_report(data=report, tracking_id="T-2")
    assert sent.afnor_flow_type == "AggregatedCustomerPaymentReport"
    assert factpulse.acknowledged(flow_id=sent.flow_id).acknowledgement.status == "Ok"
    own = File("own.xml", sample("payments.ereporting.xml"), "application/xml")
    assert factpulse.validate_report_xml(xml_file=own).valid is True
    assert factpulse.submit_report_xml(xml_file=own, tracking_id="T-3").flow_id
    with pytest.raises(errors.Refused):
        factpulse.submit_report_xml(xml_file=xml_file("france.ubl.xml"))


def test_the_platform_behind_it(factpulse: fp.FactPulse) -> None:
    data = sample("france.ubl.xml")
    info = FlowInfo(name="a.xml", flow_syntax="UBL", tracking_id="T-4")
    taken = factpulse.submit_flow(flow_info=info, file=File("a.xml", data, "application/xml"))
    assert factpulse.acknowledged(flow_id=taken.flow_id).acknowledgement.status == "Ok"
    assert factpulse.flow_file(flow_id=taken.flow_id) == data
    found = factpulse.all_flows(where=FlowFilters(tracking_id="T-4", flow_direction=("Out",)))
    assert [one.flow_id for one in found] == [taken.flow_id]
    assert factpulse.legal_unit(siren="100000009").business_name == "Sandbox Seller"
    assert len(list(factpulse.all_directory_lines(limit=1))) > 1


def test_chorus(factpulse: fp.FactPulse) -> None:
    structure = factpulse.chorus_structure_id(siret="30000000700017")
    needs = factpulse.chorus_structure(structure_id=structure.structure_id).parameters
    assert (needs.service_code_required, needs.engagement_number_required) == (True, True)
    (service,) = factpulse.chorus_services(structure_id=structure.structure_id).services
    file = factpulse.chorus_add_file(
        content=sample("plain.pdf"), name="a.pdf", media_type="application/pdf", extension="PDF"
    )
    given: dict[str, Any] = {
        "invoice_number": "C-1",
        "invoice_date": ISSUED,
        "structure_id": structure.structure_id,
        "service_code": service.service_code,
        "engagement_number": "E-1",
        "total_net_amount": Decimal("100.00"),
        "vat_amount": Decimal("20.00"),
        "total_gross_amount": Decimal("120.00"),
        "main_attachment_id": file.attachment_id,
    }
    with pytest.raises(errors.Refused):
        factpulse.chorus_submit(**{**given, "service_code": None})
    sent = factpulse.chorus_submit(**given)
    assert sent.deposit_flow_number
    number = sent.chorus_invoice_id
    assert number is not None
    found = factpulse.chorus_invoice(chorus_invoice_id=number)
    assert (found.invoice_number, found.total_gross_amount) == ("C-1", "120.00")
    assert found.current_status is not None
    assert found.current_status.code
    assert factpulse.chorus_download(chorus_invoice_ids=(number,)).content
    assert factpulse.chorus_process(chorus_invoice_id=number, status="MANDATEE").return_code == 0
    with pytest.raises(errors.NotThere):
        factpulse.chorus_structure_id(siret="40000000600017")


def test_callbacks_are_signed_for_the_client(base: str, factpulse: fp.FactPulse) -> None:
    uid = factpulse.add_client(name="Own", siret="10000000900017").uid
    secret = factpulse.generate_webhook_secret(uid=uid).webhook_secret
    with receiving() as (url, posted), client(base, client_uid=uid) as own:
        task = own.generate_invoice(invoice_data=simple(), callback_url=url).task_id
        ((headers, body),) = arrived(posted, 1)
    event = webhooks.factpulse_event(body, headers, secret=secret)
    assert (event.kind, event.key) == ("generation.completed", task)
    for forged in ((body + b" ", secret), (body, Secret("another"))):
        with pytest.raises(errors.WebhookError):
            webhooks.factpulse_event(forged[0], headers, secret=forged[1])


def test_clients(factpulse: fp.FactPulse) -> None:
    uids = [factpulse.add_client(name=str(number)).uid for number in range(3)]
    assert [one.uid for one in factpulse.all_clients(page_size=2)] == uids
    assert factpulse.change_client(uid=uids[0], name="Other").name == "Other"
    assert factpulse.deactivate_client(uid=uids[0]).is_active is False
    config = factpulse.set_pdp_config(
        uid=uids[0],
        flow_service_url="https://platform.example/flow",
        token_url="https://platform.example/token",
        oauth_client_id="id",
        client_secret=Secret("a-secret"),
    )
    assert config.is_configured is True
    assert "a-secret" not in repr(factpulse.pdp_config(uid=uids[0]).raw)
    assert factpulse.remove_pdp_config(uid=uids[0]).message
    assert factpulse.pdp_config(uid=uids[0]).is_configured is False
    with pytest.raises(errors.NotThere):
        factpulse.client(uid="5a4db0c5-0000-4000-8000-000000000009")


@pytest.mark.parametrize("wrong", [{"password": Secret("x")}, {"client_uid": "x"}])
def test_signing_in(base: str, wrong: dict[str, Any]) -> None:
    with client(base, **wrong) as factpulse, pytest.raises(errors.SignInFailed):
        factpulse.me()


def test_a_token_that_grew_old_is_renewed(base: str, factpulse: fp.FactPulse) -> None:
    assert factpulse.me().raw["username"] == FACTPULSE_USER[0]
    httpx.post(f"{base}/_sandbox/clock", json={"advance": 31 * 60})
    assert factpulse.me().raw["username"] == FACTPULSE_USER[0]


def test_what_passes_is_repeated(base: str, factpulse: fp.FactPulse) -> None:
    for kind in ("502", "503", "drop", "half", "401"):
        fault(base, kind, path="/api/v1/me", retry=0)
        assert factpulse.me().raw["username"]
    fault(base, "429", path="/api/v1/cdar/submit-xml", retry=1)
    start = time.monotonic()
    factpulse.submit_cdar_xml(xml=sample("made-available.cdar.xml").decode())
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("kind", ["duplicate", "half", "drop", "wrong-json", "empty"])
def test_what_may_have_been_done_is_said(base: str, factpulse: fp.FactPulse, kind: str) -> None:
    factpulse.me()
    fault(base, kind, path="/api/v1/cdar/submit-xml")
    with pytest.raises(errors.RemoteError) as caught:
        factpulse.submit_cdar_xml(xml=sample("made-available.cdar.xml").decode())
    assert caught.value.uncertain
    assert len(list(factpulse.all_flows())) == (0 if kind == "drop" else 1)


@pytest.mark.parametrize("kind", ["duplicate", "half", "empty"])
def test_a_task_may_have_been_started(base: str, factpulse: fp.FactPulse, kind: str) -> None:
    factpulse.me()
    fault(base, kind, path="/api/v1/processing/generate-invoice")
    with pytest.raises(errors.RemoteError) as caught:
        factpulse.generate_invoice(invoice_data={})
    assert caught.value.uncertain


def test_tasks(base: str) -> None:
    async def talk() -> str:
        signed_in: dict[str, Any] = {"username": FACTPULSE_USER[0], "password": Secret(FACTPULSE_USER[1])}
        async with fp.AsyncFactPulse(f"{base}/factpulse", **signed_in, **QUICK) as factpulse:
            data = simple()
            started = await factpulse.generate_invoice(invoice_data=data, output_format="cii", skip_br_fr=True)
            task = await factpulse.finished_generation(task_id=started.task_id)
            made = bl.read(task.result.xml_content.encode()).content
            return str(made.seller.electronic_address.scheme_id)

    assert asyncio.run(talk()) == "0225"
