"""The public invoices, converted both ways: valid, complete, and with the same figures."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from fa_conversions import (
    CREATED,
    IMPLIED,
    PUBLIC,
    everything,
    figures,
    leaves,
    passed_over,
    text_of,
    to_en,
    to_fa,
    unwritten,
)
from fa_invoices import polish
from format_examples import CONFORMANCE, EXAMPLES, content_of, read

import billingua
from billingua import formats
from billingua.errors import BillinguaError, CannotExpress
from billingua.formats.fa.convert import from_invoice
from billingua.formats.fa.model import FaInvoice
from billingua.model import Invoice, term_at

D = Decimal
TODAY = date(2026, 12, 1)

NOT_VALID_NOW = 15
"""So many public invoices become none that EN 16931 accepts; `fa_not_valid.tsv` names them. It only shrinks."""


class NotValid(NamedTuple):
    """A public invoice that lacks what EN 16931 asks for: the rules that say so in UBL and in CII, and why."""

    ubl: set[str]
    cii: set[str]
    why: str


def _not_valid() -> dict[str, NotValid]:
    rows = Path(__file__).with_name("fa_not_valid.tsv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [row.split("\t") for row in rows]
    return {document: NotValid(set(ubl.split()), set(cii.split()), why) for document, ubl, cii, why in cells}


NOT_VALID = _not_valid()


def name_of(path: Path) -> str:
    return str(path.relative_to(CONFORMANCE))


@cache
def is_taken(path: Path) -> bool:
    """Whether the schema takes the invoice."""
    return billingua.validate(path, rulesets=[]).schema_valid


@cache
def content(path: Path) -> FaInvoice:
    found: FaInvoice = billingua.read(path).content
    return found


@cache
def standard(path: Path) -> Invoice:
    """The invoice as one of EN 16931."""
    return to_en(content(path))[0]


@pytest.fixture(params=PUBLIC or [None], ids=[name_of(path) for path in PUBLIC] or ["none"])
def public(request: pytest.FixtureRequest) -> Path:
    """A public invoice of FA(3) or FA(2) that the schema takes."""
    if request.param is None:
        pytest.skip(f"no public invoices in {CONFORMANCE}")
    path: Path = request.param
    if not is_taken(path):
        pytest.skip("the schema refuses it")
    return path


def test_public_invoices_are_valid_in_both_syntaxes(public: Path) -> None:
    expected = NOT_VALID.get(name_of(public), NotValid(set(), set(), ""))
    for name, rules in (("ubl", expected.ubl), ("cii", expected.cii)):
        data = formats.by_name(name).write(standard(public), name, [])
        report = billingua.validate(data, rulesets=["en16931"])
        assert report.schema_valid
        assert {finding.rule for finding in report.findings if finding.severity == "fatal"} == rules


def test_those_that_are_not_valid_become_fewer() -> None:
    assert len(NOT_VALID) <= NOT_VALID_NOW
    assert all(one.why and one.ubl | one.cii for one in NOT_VALID.values())
    if not PUBLIC:
        pytest.skip(f"no public invoices in {CONFORMANCE}")
    assert NOT_VALID.keys() <= {name_of(path) for path in PUBLIC}


SPOKEN = {
    *("KodKraju", "AdresL1", "AdresL2", "KodUE", "PrefiksPodatnika", "NIP", "RodzajFaktury", "P_17", "P_18", "P_12"),
    *("P_12_XII", "P_8A", "NrWierszaFa", "StanPrzed", "P_22", "FormaPlatnosci", "Rola", "RolaPU", "NrRB", "NrWiersza"),
    *("P_PMarzy_2", "P_PMarzy_3_1", "P_PMarzy_3_2", "P_PMarzy_3_3", "P_16", "P_18A", "P_23", "FP", "TP", "ZwrotAkcyzy"),
    *("ZnacznikZaplatyCzesciowej", "P_12_Zal_15", "GLN", "UU_ID", "NrWierszaZam", "NrID", "P_19B", "StopkaFaktury"),
}
"""Elements that EN 16931 says in codes or words of its own."""


def test_what_is_not_lost_of_public_invoices_is_there(public: Path) -> None:
    converted, losses = to_en(content(public))
    lost, said = {loss.where for loss in losses}, everything(converted)
    places = dict(leaves(content(public)))
    assert lost <= places.keys()
    for path, value in places.items():
        found = term_at(path, FaInvoice)
        assert found is not None
        if path not in lost and found.id not in SPOKEN and not isinstance(value, Decimal | int):
            assert " ".join(text_of(value).split()) in said, path


def test_every_value_of_public_invoices_is_carried_or_lost(public: Path) -> None:
    assert passed_over(content(public), to_en) <= IMPLIED
    try:
        to_fa(standard(public))
    except CannotExpress:
        return
    assert passed_over(standard(public), unwritten) <= IMPLIED


def test_public_invoices_keep_their_total(public: Path) -> None:
    fa = content(public)
    converted, losses = to_en(fa)
    assert converted.totals is not None
    assert fa.total_due is not None
    if "total_due" in {loss.where for loss in losses}:
        pytest.skip("its total does not follow from what it says")
    charges = sum((one.amount or D(0) for one in fa.settlement.charges), D(0)) if fa.settlement else D(0)
    due = -fa.total_due if converted.type_code in ("381", "261") else fa.total_due
    totals = converted.totals
    if fa.kind == "ROZ":
        assert totals.amount_due == due
    else:
        assert (totals.total_with_vat or D(0)) + (totals.rounding_amount or D(0)) == due + charges


def test_public_invoices_come_back_with_their_totals(public: Path) -> None:
    fa = content(public)
    converted, losses = to_en(fa)
    if {"total_due", "lines[0].rate"} & {loss.where for loss in losses} or fa.kind in ("UPR", "ROZ"):
        pytest.skip("its totals do not follow from what it says")
    if fa.kind is not None and fa.kind.startswith("KOR") and not fa.corrected_invoices:
        pytest.skip("it does not say what it corrects")
    again = from_invoice(converted, [], CREATED)
    names = [name for name in FaInvoice.__struct_fields__ if name.startswith(("net_total", "total_margin", "tax_"))]
    before = {name: getattr(fa, name) for name in names if getattr(fa, name)}
    after = {name: getattr(again, name) for name in names if getattr(again, name)}
    if fa.reverse_charge:
        for totals in (before, after):
            amounts = [totals.pop(f"net_total_{name}", D(0)) for name in ("abroad", "eu_services", "reverse_charge")]
            totals["without tax"] = sum(amounts, D(0))
    assert after == before


WORSE = {
    "ksef/fop-vat-complex-all-roles.xml": {"KSEF-RATE-03"},
    "ksef/fop-vat-max-precision.xml": {"KSEF-CUR-01", "KSEF-KIND-09"},
    "ksef-fop/src/test/resources/faktury/fa3/podstawowa/FA_3_complex.xml": {"KSEF-RATE-03"},
}
"""Rules that find what the invoices only hid: totals without lines for their rate (0 WDT to a buyer in Poland), and a
line that counts negative on an invoice that is no correction."""


def test_public_invoices_come_back_no_worse_to_the_rules_of_ksef(public: Path) -> None:
    fa = content(public)
    if fa.kind is not None and fa.kind.startswith("KOR") and not fa.corrected_invoices:
        pytest.skip("it does not say what it corrects")
    again, _ = to_fa(standard(public))
    simplified = {"KSEF-KIND-11"} if fa.kind == "UPR" else set()
    expected = found_by_ksef(public.read_bytes()) | WORSE.get(name_of(public), set()) | simplified
    assert found_by_ksef(billingua.write(again, "fa3")) <= expected


def found_by_ksef(data: bytes) -> set[str]:
    """The rules of KSeF that are not kept."""
    findings = billingua.validate(data, rulesets=["ksef"], today=TODAY).findings
    return {finding.rule for finding in findings if finding.severity != "information"}


ABOUT_THE_SALE = {
    "KSEF-CUR-01": "its tax is in a foreign currency only",
    "KSEF-DATE-03": "the day of the corrected invoice is made up for the test",
    "KSEF-KIND-09": "it has negative quantities",
    "KSEF-PAY-01": "its bank account has wrong check digits",
    "KSEF-SUM-04": "its line values are not quantity times price",
}
"""Warnings that are as true of the invoices of others as of what they become."""


def test_public_invoices_of_others_come_back_with_their_figures() -> None:
    if not EXAMPLES:
        pytest.skip(f"no public examples in {CONFORMANCE}")
    converted = 0
    for path in EXAMPLES:
        try:
            source = polish(read(content_of(path)).content).with_totals()
        except BillinguaError:
            continue
        fa, _ = to_fa(source)
        back, _ = to_en(fa)
        assert figures(back) == figures(source), path
        assert found_by_ksef(billingua.write(fa, "fa3")) <= ABOUT_THE_SALE.keys(), path
        assert passed_over(source, unwritten) <= IMPLIED, path
        converted += 1
    assert converted > 50
