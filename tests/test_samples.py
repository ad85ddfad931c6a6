"""The samples are what their README says: each is listed, and has the verdict that stands there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import billingua as bl
from billingua.cli import program
from billingua.ksef import FaInvoice

SAMPLES = Path(__file__).parents[1] / "samples"
LISTED = re.findall(r"^\| `([^`]+)` \| .+ \| (.+) \|$", (SAMPLES / "README.md").read_text("utf-8"), re.MULTILINE)
RULESETS = {
    "fa3": ("ksef",),
    "cdar": ("fr-cdar",),
    "ereporting": ("fr-flux10",),
    "france-two-sellers": ("fr-extended-ctc", "fr-flux2"),
}
"""The rule sets of formats, and of samples, that are not those of EN 16931 alone."""
INVOICES = [(name, verdict) for name, verdict in LISTED if not {"cdar", "ereporting"} & set(name.split("."))]
CATEGORIES = {"S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"}


def content(name: str) -> bl.Invoice | FaInvoice:
    """The model of a sample; of a JSON sample with its totals."""
    data = (SAMPLES / name).read_bytes()
    kind = FaInvoice if ".fa3." in name else bl.Invoice
    if name.endswith(".json"):
        described = kind.from_json(data)
        return described if getattr(described, "totals", None) else described.with_totals()
    invoice = bl.read(data).content
    assert isinstance(invoice, kind)
    return invoice


def test_every_sample_is_listed() -> None:
    names = [name for name, _ in LISTED]
    assert sorted(names) == sorted(path.name for path in SAMPLES.iterdir() if path.suffix in {".json", ".xml"})


@pytest.mark.parametrize(("name", "verdict"), LISTED)
def test_the_verdict_is_the_one_that_is_stated(name: str, verdict: str) -> None:
    if name.endswith(".json"):
        written = ("fa3",) if ".fa3." in name else ("ubl", "cii")
        reports = [bl.validate(bl.write(content(name), format)) for format in written]
    else:
        reports = [bl.validate(SAMPLES / name)]
        assert reports[0].format.startswith(name.split(".")[-2])
    for report in reports:
        assert not report.not_checked
        french = ("fr-flux2",) if name.startswith("france") else ()
        expected = RULESETS.get(report.format, ("en16931", *french))
        assert report.rulesets == RULESETS.get(name.partition(".")[0], expected)
        assert report.valid == (verdict == "valid")
        fired = {finding.rule for finding in report.findings if finding.severity == "fatal"}
        assert fired == (set() if verdict == "valid" else set(verdict.split(", ")))


def test_the_samples_cover_every_vat_category() -> None:
    valid = [content(name) for name, verdict in INVOICES if verdict == "valid" and ".fa3." not in name]
    assert {entry.category_code for invoice in valid for entry in invoice.vat_breakdown} == CATEGORIES


@pytest.mark.parametrize("name", [name for name, verdict in INVOICES if verdict == "valid"])
def test_totals_computed_anew_are_the_totals_of_the_sample(name: str) -> None:
    invoice = content(name)
    assert invoice.with_totals() == invoice


@pytest.mark.parametrize(
    "name", [name for name, verdict in LISTED if verdict == "valid" and name.endswith((".ubl.xml", ".cii.xml"))]
)
def test_samples_can_be_converted_without_loss(name: str) -> None:
    target = "ubl" if ".cii." in name else "cii"
    converted = bl.convert(SAMPLES / name, target)
    assert converted.losses == ()
    assert bl.validate(converted.data).valid
    assert bl.read(converted.data).content == content(name)


HEAD = (
    *("--regime", "monthly", "--day", "2026-09-16", "--siren", "100000009", "--name", "Papeterie du Marais SAS"),
    *("--platform", "0042", "--platform-name", "Plateforme Exemple"),
)


@pytest.mark.parametrize(
    ("kind", "sources", "head"),
    [
        (
            "transactions",
            ("france.ubl.xml", "france-consumer.ubl.xml", "france-export.cii.xml"),
            ("--id", "R-2026-09-2", "--issued", "2026-09-21T08:30:00"),
        ),
        (
            "payments",
            ("france-consumer.ubl.xml", "--payments", "payments.csv"),
            ("--id", "R-2026-09-P", "--issued", "2026-10-02T08:30:00"),
        ),
    ],
)
def test_the_reports_are_made_of_the_other_samples(
    kind: str, sources: tuple[str, ...], head: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(SAMPLES)
    out = tmp_path / "report.xml"
    run = CliRunner().invoke(program, ["ereporting", kind, *sources, *HEAD, *head, "-o", str(out)])
    assert run.exit_code == 0, run.output
    assert out.read_bytes() == (SAMPLES / f"{kind}.ereporting.xml").read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_demo_comes_to_its_end(tmp_path: Path) -> None:
    command = tmp_path / "bin" / "billingua"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m billingua "$@"\n')
    command.chmod(0o755)
    path = f"{command.parent}{os.pathsep}{os.environ['PATH']}"
    run = subprocess.run(
        ["sh", str(SAMPLES / "demo.sh"), str(tmp_path / "out")],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.rstrip().splitlines()[-1].startswith("Done.")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "converted.cii.xml",
        "invoice.cii.xml",
        "invoice.ubl.xml",
        "poland.fa3.xml",
        "poland.ubl.xml",
        "code-1.png",
        "code-2.png",
        "invoice.pdf",
        "signed.pdf",
        "files",
        "outbox.db",
        "pickup",
    }
