"""Between the invoice of EN 16931 and FA(3): Polish invoices both ways, and documents that cannot go."""

import re
from datetime import date
from pathlib import Path

import pytest
from fa_invoices import SAMPLES as INVOICES

import billingua as bl
from billingua.errors import BillinguaError, CannotExpress

ROOT = Path(__file__).parents[2]
FILES = ROOT / "samples"
CONFORMANCE = ROOT.parent / "shared" / "conformance" / "ksef"
NETWORK = {"BT-23", "BT-24", "BT-34", "BT-34-1", "BT-49", "BT-49-1"}
"""Under which profile and to which address a network delivers: nothing that KSeF has."""


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_domestic_invoice_goes_to_ksef_and_back(syntax: str) -> None:
    source = FILES / f"poland.{syntax}.xml"
    converted = bl.convert(source, "fa3")
    assert {loss.term for loss in converted.losses} <= NETWORK
    report = bl.validate(converted.data)
    assert (report.valid, report.findings) == (True, ())
    back = bl.convert(converted.data, syntax)
    assert {loss.term for loss in back.losses} == {"DataWytworzeniaFa", "SystemInfo"}
    assert bl.validate(back.data).valid
    before, after = bl.read(source).content, bl.read(back.data).content
    assert (after.totals, after.vat_breakdown) == (before.totals, before.vat_breakdown)
    assert (after.number, after.issue_date, after.due_date) == (before.number, before.issue_date, before.due_date)
    assert after.seller.vat_identifier == before.seller.vat_identifier
    assert [line.item.name for line in after.lines] == [line.item.name for line in before.lines]


def test_a_foreign_seller_cannot_issue_in_ksef() -> None:
    with pytest.raises(CannotExpress, match="BT-31"):
        bl.convert(FILES / "standard-rated.ubl.xml", "fa3")


@pytest.mark.parametrize("name", sorted(INVOICES))
def test_a_polish_invoice_of_any_kind_becomes_a_valid_fa3(name: str) -> None:
    converted = bl.convert(bl.write(INVOICES[name](), "ubl"), "fa3")
    report = bl.validate(converted.data, today=date(2026, 12, 31))
    assert [finding for finding in report.findings if finding.severity != "information"] == []
    assert report.valid


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="../shared is not there")
def test_what_is_in_ksef_becomes_an_invoice_or_one_typed_error() -> None:
    valid = []
    for path in sorted(CONFORMANCE.glob("*.xml")):
        if not re.search(rb"<(\w+:)?Faktura", path.read_bytes()) or "fa-rr" in path.name:
            continue
        try:
            converted = bl.convert(path, "ubl")
        except BillinguaError:
            continue
        valid.append(bl.validate(converted.data).valid)
    assert sum(valid) > 60
