"""The command on real documents, from JSON to the wire and back."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from billingua.cli import program

INVOICE: dict[str, Any] = {
    "specification": "urn:cen.eu:en16931:2017",
    "number": "A-1",
    "issue_date": "2026-01-31",
    "due_date": "2026-02-28",
    "type_code": "380",
    "currency": "EUR",
    "seller": {"name": "Acme", "vat_identifier": "ATU13585627", "address": {"country_code": "AT"}},
    "buyer": {"name": "Beta", "address": {"country_code": "DE"}},
    "lines": [
        {
            "identifier": "1",
            "quantity": "2",
            "unit_code": "C62",
            "item": {"name": "Bolt"},
            "price": {"net_price": "5.00"},
            "vat": {"category_code": "S", "rate": "20"},
        }
    ],
}


def call(*args: str) -> Result:
    return CliRunner().invoke(program, args)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("invoice.json").write_text(json.dumps(INVOICE), "utf-8")


@pytest.mark.parametrize(("format_", "name"), [("ubl", "ubl-invoice"), ("cii", "cii")])
def test_build_validate_detect_show_convert(format_: str, name: str) -> None:
    built = call("build", "invoice.json", "--to", format_, "--totals", "-o", "a.xml")
    assert (built.exit_code, built.stderr) == (0, "")
    checked = call("validate", "a.xml", "--ruleset", "en16931", "--report", "jsonl")
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["format"] == name
    assert call("detect", "a.xml").stdout.startswith(f"a.xml: {name}, profile urn:cen.eu:en16931:2017")
    assert "Invoice number (BT-1)" in call("show", "a.xml").stdout
    shown = json.loads(call("show", "a.xml", "--json").stdout)
    assert shown["totals"]["amount_due"] == "12.00"
    Path("again.json").write_text(json.dumps(shown))
    assert call("build", "again.json", "--to", format_, "-o", "b.xml").exit_code == 0
    assert Path("a.xml").read_bytes() == Path("b.xml").read_bytes()
    other = {"ubl": "cii", "cii": "ubl"}[format_]
    converted = call("convert", "a.xml", "--to", other, "-o", "c.xml")
    assert (converted.exit_code, converted.stderr) == (0, "")
    assert call("validate", "c.xml").exit_code == 0


def test_build_refuses_an_invoice_without_a_seller_name() -> None:
    del INVOICE["seller"]["name"]
    try:
        Path("invoice.json").write_text(json.dumps(INVOICE), "utf-8")
    finally:
        INVOICE["seller"]["name"] = "Acme"
    built = call("build", "invoice.json", "--to", "ubl", "--totals", "-o", "a.xml")
    assert built.exit_code == 1
    assert "BR-06" in built.stderr
    assert not Path("a.xml").exists()


def test_convert_again_and_again() -> None:
    call("build", "invoice.json", "--to", "ubl", "--totals", "-o", "a.xml")
    for _ in range(2):
        assert call("convert", "a.xml", "--to", "cii", "-o", "-").exit_code == 0


def test_profiles_are_words() -> None:
    built = call("build", "invoice.json", "--to", "cii", "--totals", "--profile", "XRECHNUNG", "--force", "-o", "a.xml")
    assert built.exit_code in (0, 1)
    assert "xrechnung_3.0" in call("detect", "a.xml").stdout
    converted = call("convert", "a.xml", "--to", "cii", "--profile", "basicwl", "-o", "b.xml")
    assert converted.exit_code == 0
    assert 'lost: BT-153 "Bolt" (line ' in converted.stderr
    assert converted.stderr.endswith("the profile BASIC WL has no place for it.\n")
    assert "profile urn:factur-x.eu:1p0:basicwl" in call("detect", "b.xml").stdout
    refused = call("build", "invoice.json", "--to", "cii", "--totals", "--profile", "minimum", "-o", "c.xml")
    assert refused.exit_code == 2
    assert "due_date: The profile MINIMUM has no place for BT-9, BT-55, BT-106, " in refused.stderr
    unknown = call("convert", "a.xml", "--to", "cii", "--profile", "comfort", "-o", "c.xml")
    assert (unknown.exit_code, unknown.stderr.count("\n")) == (2, 1)
    assert "There is no profile 'comfort'" in unknown.stderr
    assert not Path("c.xml").exists()


@pytest.mark.parametrize("subset", ["base", "full"])
def test_the_data_for_the_french_portal_are_derived(subset: str) -> None:
    sample = str(Path(__file__).parents[2] / "samples" / "france.ubl.xml")
    converted = call("convert", sample, "--to", "cii", "--profile", f"flux1-{subset}", "-o", "a.xml")
    assert converted.exit_code == 0
    assert 'lost: BT-10 "ACHATS-7" (line ' in converted.stderr
    assert converted.stderr.endswith(f"it is not among the data of flux 1 {subset.upper()}.\n")
    assert call("validate", "a.xml").stdout == f"a.xml: valid  (cii, fr-flux1-{subset})\n"
    assert "G2.33" in call("rules", "--ruleset", f"fr-flux1-{subset}").stdout


def test_an_unknown_ruleset_format_and_rule_are_one_line() -> None:
    call("build", "invoice.json", "--to", "ubl", "--totals", "-o", "a.xml")
    for args in (
        ("validate", "a.xml", "--ruleset", "nonsense"),
        ("convert", "a.xml", "--to", "nonsense", "-o", "b.xml"),
        ("build", "invoice.json", "--to", "nonsense", "-o", "b.xml"),
        ("rules", "BR-CO-1"),
        ("rules", "--ruleset", "nonsense"),
    ):
        result = call(*args)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "Did you mean" in result.stderr or "Name one of" in result.stderr


def test_a_schematron_of_ones_own_joins_the_verdict() -> None:
    pytest.importorskip("saxonche")
    call("build", "invoice.json", "--to", "ubl", "--totals", "-o", "a.xml")
    Path("own.sch").write_text(
        """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2">
          <ns prefix="cbc" uri="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"/>
          <pattern><rule context="/*/cbc:ID"><assert id="OWN-1" test=". = 'B-1'">Not B-1.</assert></rule>
          </pattern></schema>"""
    )
    result = call("validate", "a.xml", "--schematron", "own.sch", "--report", "jsonl")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert report["rulesets"] == ["en16931", "own.sch"]
    assert [(item["rule"], item["path"]) for item in report["findings"]] == [("OWN-1", "/Invoice/cbc:ID[1]")]


@pytest.mark.parametrize("rule_id", ["BR-CO-10", "BR-S-08", "BR-CL-01"])
def test_rules_explains(rule_id: str) -> None:
    result = call("rules", rule_id)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule_id}  ")
    assert "hint" in result.stdout
