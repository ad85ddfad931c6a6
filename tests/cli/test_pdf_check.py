"""`billingua pdf check`: what it prints, and its exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner, Result

from billingua.cli import program

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *args, **more: CliRunner().invoke(program, [str(arg) for arg in args], **more)


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A PDF file that is no PDF/A, as it has no metadata."""
    document = pikepdf.new()
    document.add_blank_page()
    document.save(tmp_path / "plain.pdf", fix_metadata_version=False)
    return tmp_path / "plain.pdf"


def test_findings_name_the_clause_and_the_object(run: Run, plain: Path) -> None:
    result = run("pdf", "check", plain, "--report", "jsonl")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["format"], report["rulesets"], report["valid"]) == ("pdf", ["pdfa-3b"], False)
    [finding] = [one for one in report["findings"] if one["rule"] == "PDFA-6.6.2.1-t01"]
    assert finding["path"] == "1 0 obj"
    assert finding["severity"] == "fatal"


def test_the_flavour_is_that_of_the_rule_set(run: Run, plain: Path) -> None:
    assert "(pdf, pdfa-2a)" in run("pdf", "check", "--flavour", "2a", plain).stdout
    assert run("pdf", "check", "--flavour", "1b", plain).exit_code == 2


def test_many_files_in_workers_and_from_a_list(run: Run, plain: Path, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(f"{plain}\n{plain}\n")
    result = run("pdf", "check", "--files-from", tmp_path / "list", "--jobs", "2")
    assert result.exit_code == 1
    assert "0 of 2 valid" in result.stdout


def test_standard_input(run: Run, plain: Path) -> None:
    assert run("pdf", "check", "-", input=plain.read_bytes()).exit_code == 1


def test_what_is_no_pdf_is_told_with_status_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "no.pdf").write_bytes(b"<Invoice/>")
    result = run("pdf", "check", tmp_path / "no.pdf")
    assert result.exit_code == 2
    assert "not a PDF" in result.stderr


@pytest.mark.parametrize("report", ["text", "json", "junit", "sarif", "svrl", "html"])
def test_every_report_can_tell_it(run: Run, plain: Path, report: str) -> None:
    result = run("pdf", "check", plain, "--report", report)
    assert result.exit_code == 1
    assert "PDFA-6.6.2.1-t01" in result.stdout


def test_sarif_explains_the_rule(run: Run, plain: Path) -> None:
    log = json.loads(run("pdf", "check", plain, "--report", "sarif").stdout)
    rules = {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["PDFA-6.6.2.1-t01"]["shortDescription"]["text"] == "The document has XMP metadata"


def test_rules_explains_the_clauses(run: Run) -> None:
    shown = run("rules", "PDFA-6.1.10-t01").stdout
    assert "Inline images use allowed filters" in shown
    assert "PDFA-6.8-t05" in run("rules", "--ruleset", "pdfa").stdout
