"""A German invoice from JSON to the answer of its buyer: ZUGFeRD with an XRechnung in it, by way of Docnova.

    python samples/journeys/germany.py

runs against the sandbox, on this machine; with BILLINGUA_DOCNOVA_BASE_URL, ..._API_KEY and ..._COMPANY_ID in the
environment against Docnova itself. It needs the extras `pdf` and `sandbox`.
"""

import os
from contextlib import nullcontext
from hashlib import sha256
from pathlib import Path

import billingua as bl
from billingua import pdf, sandbox
from billingua.remote import Docnova, Pace, Secret

SAMPLES = Path(__file__).parents[1]
BASE_URL = os.environ.get("BILLINGUA_DOCNOVA_BASE_URL")  # None: the sandbox
API_KEY = Secret(os.environ.get("BILLINGUA_DOCNOVA_API_KEY", "sandbox-key"))
COMPANY = os.environ.get("BILLINGUA_DOCNOVA_COMPANY_ID", "5a4db0c5-0000-4000-8000-000000000002")


def say(step, *what):
    print(f"{step:<10}", *what)


def journey(docnova):
    # The invoice, its totals computed, as an XRechnung in the syntax that fits into a PDF.
    invoice = bl.Invoice.from_json((SAMPLES / "invoice.json").read_bytes()).with_totals()
    xml = bl.write(invoice, "cii", profile="xrechnung")
    say("built", invoice.number, invoice.totals.amount_due, invoice.currency)

    # Is it right? One that is not should never leave the house.
    report = bl.validate(xml)
    say("validated", "valid" if report.valid else "invalid", ", ".join(report.rulesets))

    # Into the PDF that a letter shop printed, which becomes PDF/A-3 by this; the XML goes in byte for byte.
    hybrid = pdf.embed((SAMPLES / "plain.pdf").read_bytes(), xml)
    say("embedded", pdf.extract(hybrid)[0].name, "PDF/A" if pdf.check(hybrid).valid else "no PDF/A")
    say("judged", "valid" if bl.validate(hybrid).valid else "invalid", bl.detect(hybrid).format)

    # The bytes that are hashed are the bytes that are sent.
    hashed = sha256(hybrid).hexdigest()
    sent = docnova.send_document(comp_id=COMPANY, base64_pdf=hybrid, invoice_type="ZUGFERD")
    say("sent", sent.status)

    # The service works in the background: ask until it is done.
    record = docnova.processed(tracking_id=sent.tracking_id)
    if record.status != "COMPLETED":
        raise SystemExit(f"{record.status}: {record.errors}")
    say("processed", record.status, record.invoice_number)

    kept = docnova.get_document(document_id=record.document_id, document_types="PDF-XML").documents
    found = {document.file_type: document.data for document in kept}
    say("fetched", "the same PDF" if sha256(found["PDF"]).hexdigest() == hashed else "another PDF")
    say("", "the same XML" if found["XML"] == xml else "another XML")

    # The buyer answers over Peppol. Here we play the buyer as well, and accept.
    docnova.send_mlr(invoice_id=record.document_id, response_code="ACCEPTANCE")
    (answer,) = docnova.search_mlr(company_id=COMPANY, invoice_id=record.document_id)
    say("answered", answer.response_type)


if __name__ == "__main__":
    with (
        nullcontext() if BASE_URL else sandbox.running() as base,
        Docnova(BASE_URL or f"{base}/docnova", api_key=API_KEY, pace=Pace(first=0.1)) as service,
    ):
        journey(service)
