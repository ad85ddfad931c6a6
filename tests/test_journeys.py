"""The journeys of the samples: each runs as its first lines say, and prints what happens step by step."""

import ast
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
JOURNEYS = ROOT / "samples" / "journeys"

GERMANY = """\
built      2026-1008 627.37 EUR
validated  valid en16931
embedded   xrechnung.xml PDF/A
judged     valid facturx
sent       PENDING
processed  COMPLETED 2026-1008
fetched    the same PDF
           the same XML
answered   ACCEPTANCE
"""

FRANCE = """\
built        F-2026-0131 1030.50 EUR
validated    valid en16931, fr-flux2
embedded     factur-x.xml valid
acknowledged F-2026-0131.pdf Ok CustomerInvoice
fetched      the same bytes
life cycle   200 201 202 203 204 205 approved
acknowledged F-2026-0131-212.xml Ok CustomerInvoiceLC
cashed       816.00 at 20 % 214.50 at 10 %
left out     F-2026-0131 payments of B2B are not reported here
reported     valid fr-flux10 due 2026-10-10
acknowledged R-2026-09-P.xml Ok AggregatedCustomerPaymentReport
"""

POLAND = """\
built      FV/2026/11/0042 2026-11-16
validated  valid ksef
hashed     MTV7T+Ec2A73MQyhiknL4gVZL+4Cf0CUY6oy7HzlVRs=
accepted   200 with a KSeF number of 5265877635
compared   the same hash
KOD I      https://qr-test.ksef.mf.gov.pl/invoice/5265877635/16-11-2026/MTV7T-Ec2A73MQyhiknL4gVZL-4Cf0CUY6oy7HzlVRs
           the link of the service is the same
drawn      PNG SVG
UPO        a PDF
fetched    the same bytes
again      refused: docnova answered 400 to send_fa: Duplicate invoice: it was sent to KSeF before. (INVALID_REQUEST)
offline    OFFLINE and CERTYFIKAT signed
due        2026-11-17
queued     COMPLETED the same hash
submitted  1 of 1
"""

PRINTED = {"germany": GERMANY, "france": FRANCE, "poland": POLAND}
PARTS = {"ereporting", "errors", "ksef", "lifecycle", "pdf", "sandbox"}
MOST_LINES = 120


def test_every_journey_is_listed_and_tested() -> None:
    listed = re.findall(
        r"^\| `journeys/(\w+)\.py` \|", (ROOT / "samples" / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(PRINTED) == sorted(path.stem for path in JOURNEYS.glob("*.py"))


@pytest.mark.parametrize("name", PRINTED)
def test_a_journey_goes_step_by_step(name: str, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("BILLINGUA_")}
    run = subprocess.run(
        [sys.executable, "-W", "error", str(JOURNEYS / f"{name}.py")],
        env={**environment, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (run.stderr, run.stdout, run.returncode) == ("", PRINTED[name], 0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", PRINTED)
def test_a_journey_uses_public_names_only(name: str) -> None:
    text = (JOURNEYS / f"{name}.py").read_text("utf-8")
    used = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("billingua"):
            names = {alias.name for alias in node.names}
            used |= names
            assert names <= {*import_module(str(node.module)).__all__, *PARTS}
    assert not [one for one in used if one.startswith("_")]
    assert len(text.splitlines()) < MOST_LINES
