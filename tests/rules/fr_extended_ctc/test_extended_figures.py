"""EXTENDED-CTC-FR: what findings show, lines below others, and that many lines take no longer than they must."""

from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import billingua
from billingua.model import Invoice
from billingua.rules.fr_extended_ctc import GUIDELINE
from billingua.rules.fr_extended_ctc.hierarchy import Hierarchy, Placed

SAMPLES = Path(__file__).parents[3] / "samples"


def changed(name: str, *changes: tuple[str, str]) -> bytes:
    text = (SAMPLES / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def shown(data: bytes, rule: str) -> tuple[dict[str, str], str]:
    [found] = [one for one in billingua.validate(data, rulesets=["fr-extended-ctc"]).findings if one.rule == rule]
    return found.values, found.hint


UBL = "standard-rated.ubl.xml"
CII = "standard-rated.cii.xml"


def amounts(name: str) -> dict[str, str]:
    """The totals of the sample, as they stand in it."""
    totals = billingua.read(SAMPLES / name).content.totals
    return {
        "BT-106": str(totals.line_total),
        "BT-107": str(totals.allowance_total),
        "BT-108": str(totals.charge_total),
        "BT-109": str(totals.total_without_vat),
        "BT-110": str(totals.total_vat),
        "BT-112": str(totals.total_with_vat),
    }


UBL_TOTALS = {
    "BT-106": '<cbc:LineExtensionAmount currencyID="EUR">{}</cbc:LineExtensionAmount>\n    <cbc:TaxExclusive',
    "BT-107": '<cbc:AllowanceTotalAmount currencyID="EUR">{}<',
    "BT-108": '<cbc:ChargeTotalAmount currencyID="EUR">{}<',
    "BT-109": '<cbc:TaxExclusiveAmount currencyID="EUR">{}<',
    "BT-112": '<cbc:TaxInclusiveAmount currencyID="EUR">{}<',
}
CII_TOTALS = {
    "BT-106": "<ram:LineTotalAmount>{}</ram:LineTotalAmount>\n        <ram:ChargeTotal",
    "BT-107": "<ram:AllowanceTotalAmount>{}<",
    "BT-108": "<ram:ChargeTotalAmount>{}<",
    "BT-109": "<ram:TaxBasisTotalAmount>{}<",
    "BT-112": "<ram:GrandTotalAmount>{}<",
}


@pytest.mark.parametrize(("name", "places"), [(UBL, UBL_TOTALS), (CII, CII_TOTALS)])
@pytest.mark.parametrize(
    ("term", "rule", "made_of"),
    [
        ("BT-106", "BR-FREXT-CO-10", "the lines (BT-131) make "),
        ("BT-107", "BR-FREXT-CO-11", "the document allowances (BT-92) make "),
        ("BT-108", "BR-FREXT-CO-12", "the document charges (BT-99)"),
        ("BT-109", "BR-FREXT-CO-13", "lines "),
        ("BT-112", "BR-FREXT-CO-15", "BT-109 + BT-110 makes "),
    ],
)
def test_totals_show_what_is_stated_and_what_is_made(
    name: str, places: dict[str, str], term: str, rule: str, made_of: str
) -> None:
    right = amounts(name)[term]
    values, hint = shown(changed(name, (places[term].format(right), places[term].format("9999.00"))), rule)
    assert values[term] == "9999.00"
    assert hint.startswith(f"{term} is 9999.00; {made_of}")
    assert right in hint
    assert "; they may be 0.0" in hint


@pytest.mark.parametrize(
    ("name", "group", "old", "rule"),
    [
        (UBL, "<cac:TaxSubtotal>", '<cbc:TaxableAmount currencyID="EUR">', "BR-FREXT-S"),
        (CII, "<ram:CalculatedAmount>", "<ram:BasisAmount>", "BR-FXEXT-S"),
    ],
)
def test_a_breakdown_shows_its_uses(name: str, group: str, old: str, rule: str) -> None:
    head, _, rest = (SAMPLES / name).read_text("utf-8").partition(group)
    before, _, after = rest.partition(old)
    base = after.partition("<")[0]
    data = f"{head}{group}{before}{old}9{after}".encode()
    for end in ("-08", "-08ini", "-08rev"):
        values, hint = shown(data, rule + end)
        assert values["BT-116"] == f"9{base}"
        assert hint.startswith(f"BT-116 is 9{base}; lines ")
        assert f"makes {base}; they may be 0.0" in hint
    values, hint = shown(data, f"{rule}-09")
    assert {"BT-116", "BT-117", "BT-119"} <= set(values)
    assert f"; 9{base} x " in hint


def test_codes_are_shown() -> None:
    schemed = '<cbc:ID schemeID="XX">1</cbc:ID>'
    data = changed("france.ubl.xml", ('<cbc:ID schemeID="0009">10000000900017</cbc:ID>', schemed))
    assert shown(data, "BR-FREXT-CL-10")[0] == {"BT-29-1": "XX"}
    data = changed(CII, ("<ram:CategoryCode>S</ram:CategoryCode>", "<ram:CategoryCode>K</ram:CategoryCode>"))
    values, hint = shown(data, "BR-FREXT-IC-01")
    assert values == {"BT-151": "K"}
    assert hint.startswith("It stands on a line, allowance or charge, and in no breakdown.")


def test_what_a_stranger_wrote_is_shown_in_part() -> None:
    place = "<ram:AssociatedDocumentLineDocument>"
    kind = f"<ram:LineStatusReasonCode>{'x' * 100_000}</ram:LineStatusReasonCode>"
    text = (SAMPLES / CII).read_text("utf-8")
    end = "</ram:AssociatedDocumentLineDocument>"
    assert place in text
    _, hint = shown(text.replace(end, kind + end, 1).encode(), "BR-FREXT-05")
    assert len(hint) < 300


NAMES = st.lists(st.sampled_from(["1", "2", "3", "4", ""]), max_size=3).map(tuple)


@given(st.lists(st.tuples(NAMES, NAMES), max_size=8), NAMES, NAMES)
def test_lines_below_others(lines: list[tuple[tuple[str, ...], tuple[str, ...]]], own: tuple, above: tuple) -> None:
    placed = [Placed(etree.Element("line"), numbers, parents) for numbers, parents in lines]
    found = Hierarchy(placed)
    assert found.below(own) == [one.line for one in placed if set(own) & set(one.parents)]
    assert found.has_above(own, above) is any(
        set(one.numbers) & set(above) and any(a != b for a in one.numbers for b in own) for one in placed
    )


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_time_grows_with_the_lines_and_no_faster(syntax: str) -> None:
    content = billingua.read(SAMPLES / "france.ubl.xml").content
    assert isinstance(content, Invoice)
    content = content.replace(specification=GUIDELINE)

    def took(count: int) -> float:
        lines = tuple(content.lines[0].replace(identifier=str(number)) for number in range(count))
        data = billingua.write(content.replace(lines=lines).with_totals(), syntax)
        if syntax == "cii":
            end = b"</ram:AssociatedDocumentLineDocument>"
            data = data.replace(end, b"<ram:ParentLineID>0</ram:ParentLineID>" + end)
        else:
            number = content.number.encode()
            reference = b"<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>" + number + b"</cbc:ID>"
            above = b"</cac:InvoiceDocumentReference><cac:BillingReferenceLine><cbc:ID>0</cbc:ID>"
            end = b"</cac:BillingReferenceLine></cac:BillingReference><cac:Item>"
            data = data.replace(b"<cac:Item>", reference + above + end)
        best = 60.0
        for _ in range(3):
            start = perf_counter()
            billingua.validate(data, rulesets=["fr-extended-ctc"])
            best = min(best, perf_counter() - start)
        return best

    took(10)
    assert took(800) < 40 * took(80)
