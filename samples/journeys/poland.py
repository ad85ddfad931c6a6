"""A Polish invoice from JSON to the receipt of KSeF, by way of Docnova; then another one that is issued offline.

    python samples/journeys/poland.py

runs against the sandbox, on this machine; with BILLINGUA_DOCNOVA_BASE_URL, ..._API_KEY and ..._COMPANY_ID in the
environment against Docnova itself. It needs the extra `sandbox`.
"""

import os
from contextlib import nullcontext
from pathlib import Path

import billingua as bl
from billingua import errors, ksef, sandbox
from billingua.remote import Docnova, Pace, Secret

SAMPLES = Path(__file__).parents[1]
BASE_URL = os.environ.get("BILLINGUA_DOCNOVA_BASE_URL")  # None: the sandbox
API_KEY = Secret(os.environ.get("BILLINGUA_DOCNOVA_API_KEY", "sandbox-key"))
COMPANY = os.environ.get("BILLINGUA_DOCNOVA_COMPANY_ID", "5a4db0c5-0000-4000-8000-000000000003")
KSEF = "test"  # to which system links lead: "production", "demo", or "test", as those of the sandbox do


def say(step, *what):
    print(f"{step:<10}", *what)


def online(docnova, invoice):
    """Built, judged, hashed, sent, followed to the receipt."""
    data = bl.write(invoice, "fa3")
    report = bl.validate(data)
    say("validated", "valid" if report.valid else "invalid", ", ".join(report.rulesets))

    hashed = ksef.invoice_hash(data)  # of the bytes that are sent: not one of them may change from here on
    say("hashed", hashed.base64)

    sent = docnova.send_fa(company_id=COMPANY, invoice_xml=data)
    asked = {"company_id": COMPANY, "session_reference_number": sent.session_reference_number}
    found = docnova.fa_processed(**asked, invoice_reference_number=sent.reference_number)
    if found.processing_code != "200":
        raise SystemExit(f"{found.processing_code}: {found.processing_description}")
    number = ksef.KsefNumber.parse(found.ksef_reference_number)  # its check digits are right, or this raises
    say("accepted", found.processing_code, "with a KSeF number of", number.nip)
    say("compared", "the same hash" if found.invoice_hash == hashed.base64 else "another hash")

    # The code for the printed invoice is made here, from the same bytes.
    code = ksef.invoice_code(data, ksef_number=str(number), environment=KSEF)
    link = docnova.qr_link(company_id=COMPANY, ksef_reference_number=str(number))
    say("KOD I", code.url)
    say("", "the link of the service is the same" if link == code.url else "the link of the service is another one")
    say("drawn", "PNG" if code.png().startswith(b"\x89PNG") else "", "SVG" if b"<svg" in code.svg() else "")

    receipt = docnova.upo_by_ksef_number(**asked, ksef_reference_number=str(number))
    say("UPO", "a PDF" if receipt.startswith(b"%PDF") else "no PDF")
    kept = docnova.get_fa(company_id=COMPANY, ksef_reference_number=str(number))
    say("fetched", "the same bytes" if kept == data else "other bytes")

    try:
        docnova.send_fa(company_id=COMPANY, invoice_xml=data)
    except errors.AlreadyThere as refused:
        say("again", "refused:", refused.what)


def offline(docnova, invoice):
    """Issued without KSeF (offline24): both codes on paper at once, the invoice to KSeF by the deadline."""
    data = bl.write(invoice, "fa3")
    key, certificate = (SAMPLES / f"ksef-offline.{end}" for end in ("key", "pem"))
    codes = [
        ksef.invoice_code(data, environment=KSEF),
        ksef.certificate_code(data, key.read_bytes(), certificate.read_bytes(), environment=KSEF),
    ]
    signed = ksef.verify_certificate_link(codes[1].url, certificate.read_bytes())
    say("offline", " and ".join(code.label for code in codes), "signed" if signed else "not signed")
    say("due", ksef.deadline("offline24", invoice.issue_date))

    sent = docnova.send_document(comp_id=COMPANY, base64_document=data, invoice_type="KSEF_OFFLINE")
    record = docnova.processed(tracking_id=sent.tracking_id)
    waiting = [entry.invoice_hash for entry in docnova.offline_pending(company_id=COMPANY)]
    say("queued", record.status, "the same hash" if ksef.invoice_hash(data).base64 in waiting else "another hash")
    done = docnova.offline_submit(company_id=COMPANY)
    say("submitted", done.success_count, "of", done.total_processed)


def journey(docnova):
    invoice = ksef.FaInvoice.from_json((SAMPLES / "invoice.fa3.json").read_bytes()).with_totals()
    say("built", invoice.number, invoice.issue_date)
    online(docnova, invoice)
    offline(docnova, invoice.replace(number="FV/2026/11/0043"))


if __name__ == "__main__":
    with (
        nullcontext() if BASE_URL else sandbox.running() as base,
        Docnova(BASE_URL or f"{base}/docnova", api_key=API_KEY, pace=Pace(first=0.1)) as service,
    ):
        journey(service)
