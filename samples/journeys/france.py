"""A French invoice under the reform, from JSON to the report of its payment, by way of a platform of XP Z12-013.

    python samples/journeys/france.py

runs against the sandbox, on this machine; with BILLINGUA_AFNOR_FLOW_URL, ..._TOKEN_URL, ..._CLIENT_ID and
..._CLIENT_SECRET in the environment against a platform. It needs the extras `pdf` and `sandbox`.
"""

import os
import time
from contextlib import nullcontext
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import billingua as bl
from billingua import ereporting, lifecycle, pdf, sandbox
from billingua.remote import AfnorFlow, File, Pace, Secret
from billingua.remote.afnor import ClientCredentials, FlowFilters, FlowInfo

SAMPLES = Path(__file__).parents[1]
FLOW_URL = os.environ.get("BILLINGUA_AFNOR_FLOW_URL")  # None: the sandbox
TOKEN_URL = os.environ.get("BILLINGUA_AFNOR_TOKEN_URL")
CLIENT_ID = os.environ.get("BILLINGUA_AFNOR_CLIENT_ID", "sandbox-client")
CLIENT_SECRET = Secret(os.environ.get("BILLINGUA_AFNOR_CLIENT_SECRET", "sandbox-secret"))
DECIDED = ("205", "206", "207", "210", "213")  # approved, in part, disputed, refused, rejected


def say(step, *what):
    print(f"{step:<12}", *what)


def hand_over(platform, name, syntax, data, media="application/xml", **more):
    """A document becomes a flow; the platform takes it at once, and acknowledges it later."""
    info = FlowInfo(name=name, flow_syntax=syntax, sha256=sha256(data).hexdigest(), **more)
    taken = platform.submit_flow(flow_info=info, file=File(name, data, media))
    flow = platform.acknowledged(flow_id=taken.flow_id)
    say("acknowledged", name, flow.acknowledgement.status, flow.flow_type)
    for detail in flow.acknowledgement.details:
        say("", detail.reason_code, detail.reason_message)
    return flow


def followed(platform, number):
    """The life cycle of an invoice: its messages are flows that come in, until the buyer has decided."""
    history, seen = lifecycle.History(), set()
    for attempt in range(100):
        time.sleep(min(0.05 * attempt, 60))  # or register a webhook: billingua.remote.webhooks reads what comes
        for flow in platform.all_flows(where=FlowFilters(tracking_id=number, flow_direction=("In",))):
            if flow.flow_id not in seen:
                seen.add(flow.flow_id)
                history.add(bl.read(platform.flow_file(flow_id=flow.flow_id)).content)
        if history.status is not None and history.status.code in DECIDED:
            return history
    raise SystemExit(f"No decision about {number} yet.")


def journey(platform):
    invoice = bl.Invoice.from_json((SAMPLES / "france.json").read_bytes()).with_totals()
    say("built", invoice.number, invoice.totals.amount_due, invoice.currency)

    # The rules of the reform (BR-FR) beside those of EN 16931, then the PDF with the XML in it.
    xml = bl.write(invoice, "cii")
    report = bl.validate(xml)
    say("validated", "valid" if report.valid else "invalid", ", ".join(report.rulesets))
    hybrid = pdf.embed((SAMPLES / "plain.pdf").read_bytes(), xml)
    say("embedded", pdf.extract(hybrid)[0].name, "valid" if bl.validate(hybrid).valid else "invalid")

    name = f"{invoice.number}.pdf"
    about = {"tracking_id": invoice.number, "processing_rule": "B2B"}
    flow = hand_over(platform, name, "Factur-X", hybrid, "application/pdf", **about)
    say("fetched", "the same bytes" if platform.flow_file(flow_id=flow.flow_id) == hybrid else "other bytes")

    history = followed(platform, invoice.number)
    say("life cycle", " ".join(step.status.code for step in history.steps), history.status.name)

    # The money is there: the seller says so (212), with the amount at each rate. The state hears of it by this.
    amounts = {part.rate: part.taxable_amount + part.tax_amount for part in invoice.vat_breakdown}
    cashed = lifecycle.message(invoice, "cashed", cashed=amounts)
    hand_over(platform, f"{invoice.number}-212.xml", "CDAR", lifecycle.write(cashed), tracking_id=invoice.number)
    history.add(cashed)
    say("cashed", *[f"{amount} at {rate} %" for (rate, _), amount in history.cashed.items()])

    # What consumers paid for services it hears of by e-reporting (flux 10.4), as a sum of the day.
    sale = bl.read(SAMPLES / "france-consumer.ubl.xml").content
    payments = [
        ereporting.Collected(sale, date(2026, 9, 25), Decimal("225.30")),
        ereporting.Collected(invoice, date(2026, 9, 30), invoice.totals.amount_due),
    ]
    period = ereporting.period("monthly", "payments", date(2026, 9, 25))
    head = ereporting.Head(
        "R-2026-09-P", datetime(2026, 10, 2, 8, 30), "0042", "Plateforme Exemple", "100000009", invoice.seller.name
    )
    made = ereporting.payments_report(payments, period, head)
    for one in made.left_out:
        say("left out", one.number, one.why)
    data = bl.write(made.report, "ereporting")
    report = bl.validate(data)
    say("reported", "valid" if report.valid else "invalid", ", ".join(report.rulesets), "due", period.deadline)
    hand_over(platform, f"{head.id}.xml", "FRR", data)


if __name__ == "__main__":
    with nullcontext() if FLOW_URL else sandbox.running() as base:
        credentials = ClientCredentials(TOKEN_URL or f"{base}/afnor/oauth/token", CLIENT_ID, CLIENT_SECRET)
        with AfnorFlow(
            FLOW_URL or f"{base}/afnor/flow-service", credentials=credentials, pace=Pace(first=0.1)
        ) as service:
            journey(service)
