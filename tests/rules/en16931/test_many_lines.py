"""One broken line among many, in documents of shapes and texts that were seen before: the finding is the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

import billingua as bl

SAMPLES = Path(__file__).parents[3] / "samples"
LINES = {"ubl": "{*}InvoiceLine", "cii": ".//{*}IncludedSupplyChainTradeLineItem"}
MANY = 45

Break = Callable[[etree._Element], None]


def text(path: str, value: str) -> Break:
    def change(line: etree._Element) -> None:
        line.find(path).text = value

    return change


def attribute(path: str, name: str, value: str) -> Break:
    def change(line: etree._Element) -> None:
        line.find(path).set(name, value)

    return change


def without(path: str) -> Break:
    def change(line: etree._Element) -> None:
        found = line.find(path)
        found.getparent().remove(found)

    return change


def twice(path: str) -> Break:
    def change(line: etree._Element) -> None:
        found = line.find(path)
        found.addnext(etree.fromstring(etree.tostring(found)))

    return change


BROKEN = {
    "ubl": [
        ("BR-CL-18", text(".//{*}ClassifiedTaxCategory/{*}ID", "XX")),
        ("BR-CL-19", text("{*}AllowanceCharge/{*}AllowanceChargeReasonCode", "ABK")),
        ("BR-CL-23", attribute("{*}InvoicedQuantity", "unitCode", "BOX!")),
        ("UBL-DT-01", text("{*}LineExtensionAmount", "1.005")),
        ("BR-21", text("{*}ID", " ")),
        ("BR-25", text("{*}Item/{*}Name", "")),
        ("BR-27", text("{*}Price/{*}PriceAmount", "-1.00")),
        ("UBL-SR-48", twice(".//{*}ClassifiedTaxCategory")),
        ("UBL-DT-11", attribute("{*}ID", "schemeURI", "urn:x")),
    ],
    "cii": [
        ("BR-CL-18", text(".//{*}ApplicableTradeTax/{*}CategoryCode", "XX")),
        ("BR-CL-19", text(".//{*}SpecifiedTradeAllowanceCharge/{*}ReasonCode", "ABK")),
        ("BR-CL-23", attribute(".//{*}BilledQuantity", "unitCode", "BOX!")),
        ("BR-65", attribute(".//{*}ClassCode", "listID", "")),
        ("BR-25", text(".//{*}SpecifiedTradeProduct/{*}Name", "")),
        ("CII-SR-046", lambda line: line.find(".//{*}GlobalID").attrib.clear()),
        ("CII-SR-090", without(".//{*}OriginTradeCountry/{*}ID")),
        ("CII-SR-119", text(".//{*}AppliedTradeAllowanceCharge/{*}ChargeIndicator/{*}Indicator", "true")),
        ("CII-DT-037", text(".//{*}ApplicableTradeTax/{*}TypeCode", "GST")),
    ],
}


def document(syntax: str, change: Break | None = None, places: tuple[int, ...] = ()) -> bytes:
    """A sample with its first line as often, changed in some of them."""
    root = etree.parse(SAMPLES / f"standard-rated.{syntax}.xml").getroot()
    first = root.find(LINES[syntax])
    for _ in range(MANY):
        first.addnext(etree.fromstring(etree.tostring(first)))
    for place in places:
        assert change is not None
        change(root.findall(LINES[syntax])[place])
    return etree.tostring(root)


def found(data: bytes) -> list[str]:
    return [finding.rule for finding in bl.validate(data, rulesets=["en16931"]).findings]


@pytest.mark.parametrize(
    ("syntax", "rule", "change"), [(syntax, *case) for syntax, cases in BROKEN.items() for case in cases]
)
def test_a_broken_line_is_found_among_good_ones(syntax: str, rule: str, change: Break) -> None:
    assert rule not in found(document(syntax))
    one, last = found(document(syntax, change, (0,))), found(document(syntax, change, (MANY - 2,)))
    assert rule in one
    assert sorted(one) == sorted(last)
    assert rule not in found(document(syntax))


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_each_broken_line_is_named(syntax: str) -> None:
    path = {"ubl": "{*}Item/{*}Name", "cii": ".//{*}SpecifiedTradeProduct/{*}Name"}[syntax]
    report = bl.validate(document(syntax, text(path, ""), (3, 30, 44)), rulesets=["en16931"])
    numbers = [
        finding.path.partition("[")[2].partition("]")[0] for finding in report.findings if finding.rule == "BR-25"
    ]
    assert len(numbers) == len({finding.path for finding in report.findings if finding.rule == "BR-25"}) == 3
