"""The structure: core schemas accept nothing that the whole ones refuse, and errors say where and what."""

from pathlib import Path

import pytest
from lxml import etree

import billingua as bl
from billingua.engine.structure import structural_errors
from billingua.engine.xml import parse
from billingua.resources import data_folder

UBL = Path(data_folder("schemas")) / "ubl-2.1"
XS = "{http://www.w3.org/2001/XMLSchema}"
SAMPLES = Path(__file__).parents[2] / "samples"

Particle = tuple[str, str, str]


def types(name: str) -> dict[str, list[Particle]]:
    """The content of every type of a schema file: reference, least and most occurrences."""
    root = etree.parse(UBL / name).getroot()
    return {
        one.get("name", ""): [
            (part.get("ref", ""), part.get("minOccurs", "1"), part.get("maxOccurs", "1"))
            for part in one.iter(f"{XS}element")
        ]
        for one in root.iter(f"{XS}complexType")
    }


def elements(name: str) -> dict[str, str | None]:
    root = etree.parse(UBL / name).getroot()
    return {one.get("name", ""): one.get("type") for one in root.iterchildren(f"{XS}element")}


@pytest.mark.parametrize(
    ("core", "whole"),
    [
        ("InvoiceCore.xsd", "InvoicePlain.xsd"),
        ("CreditNoteCore.xsd", "CreditNotePlain.xsd"),
        ("coreAggregates.xsd", "aggregates.xsd"),
        ("coreBasics.xsd", "basics.xsd"),
    ],
)
def test_a_core_leaves_out_nothing_but_what_may_be_left_out(core: str, whole: str) -> None:
    assert elements(core).items() <= elements(whole).items()
    wholes = types(whole)
    for name, parts in types(core).items():
        rest = iter(wholes[name])
        skipped: list[Particle] = []
        for part in parts:
            for other in rest:
                if other == part:
                    break
                skipped.append(other)
            else:
                pytest.fail(f"{core} has {part} in {name}, {whole} has not, or elsewhere")
        assert all(least == "0" for _, least, _ in (*skipped, *rest)), name


def test_the_values_of_a_core_are_those_of_the_whole() -> None:
    def written(name: str) -> dict[str | None, bytes]:
        root = etree.parse(UBL / name, etree.XMLParser(remove_blank_text=True)).getroot()
        return {one.get("name"): etree.tostring(one, method="c14n") for one in root.iterchildren(f"{XS}complexType")}

    assert written("coreBasics.xsd").items() <= written("basics.xsd").items()


def test_what_a_core_refuses_the_whole_one_judges() -> None:
    root = parse((SAMPLES / "standard-rated.ubl.xml").read_bytes())
    uuid = etree.Element("{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}UUID")
    number = root.find("{*}ID")
    assert number is not None
    number.addnext(uuid)
    assert structural_errors(root, "ubl-2.1/InvoicePlain.xsd", "ubl-2.1/InvoiceCore.xsd") == []


def test_an_error_tells_line_path_and_what_was_expected() -> None:
    report = bl.validate(SAMPLES / "broken-order.ubl.xml")
    (finding,) = [one for one in report.findings if one.rule == "SCHEMA"]
    assert finding.line == 8
    assert finding.path == "/Invoice/cbc:DueDate[1]"
    assert "cbc:DueDate" in finding.message
    assert report.schema_valid is False
