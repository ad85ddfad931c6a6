"""The structure: core schemas accept nothing that the whole ones refuse, and errors say where and what."""

from pathlib import Path

import pytest
from lxml import etree

import billingua as bl
from billingua.engine.structure import compiled_schema, structural_errors
from billingua.engine.xml import parse
from billingua.resources import data_folder

SCHEMAS = Path(data_folder("schemas"))
XS = "{http://www.w3.org/2001/XMLSchema}"
SAMPLES = Path(__file__).parents[2] / "samples"

Particle = tuple[str, str, str, str]


def types(name: str) -> dict[str, list[Particle]]:
    """The content of every type of a schema file: name or reference, type, least and most occurrences."""
    root = etree.parse(SCHEMAS / name).getroot()
    return {
        one.get("name", ""): [
            (
                part.get("ref") or part.get("name", ""),
                part.get("type", ""),
                part.get("minOccurs", "1"),
                part.get("maxOccurs", "1"),
            )
            for part in one.iter(f"{XS}element")
        ]
        for one in root.iter(f"{XS}complexType")
    }


def elements(name: str) -> dict[str, str | None]:
    root = etree.parse(SCHEMAS / name).getroot()
    return {one.get("name", ""): one.get("type") for one in root.iterchildren(f"{XS}element")}


@pytest.mark.parametrize(
    ("core", "whole"),
    [
        ("ubl-2.1/InvoiceCore.xsd", "ubl-2.1/InvoicePlain.xsd"),
        ("ubl-2.1/CreditNoteCore.xsd", "ubl-2.1/CreditNotePlain.xsd"),
        ("ubl-2.1/coreAggregates.xsd", "ubl-2.1/aggregates.xsd"),
        ("ubl-2.1/coreBasics.xsd", "ubl-2.1/basics.xsd"),
        ("cii-d16b/CrossIndustryInvoiceCore.xsd", "cii-d16b/CrossIndustryInvoice.xsd"),
        ("cii-d16b/coreAggregates.xsd", "cii-d16b/aggregates.xsd"),
        ("cii-d16b/coreFormattedDates.xsd", "cii-d16b/formattedDates.xsd"),
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
        assert all(least == "0" for _, _, least, _ in (*skipped, *rest)), name


@pytest.mark.parametrize(
    ("core", "whole"),
    [("ubl-2.1/coreBasics.xsd", "ubl-2.1/basics.xsd"), ("cii-d16b/coreValues.xsd", "cii-d16b/values.xsd")],
)
def test_the_values_of_a_core_are_those_of_the_whole(core: str, whole: str) -> None:
    def written(name: str) -> dict[str | None, bytes]:
        root = etree.parse(SCHEMAS / name, etree.XMLParser(remove_blank_text=True)).getroot()
        kinds = root.iterchildren(f"{XS}complexType", f"{XS}simpleType")
        return {one.get("name"): etree.tostring(one, method="c14n") for one in kinds}

    assert written(core)
    assert written(core).items() <= written(whole).items()


@pytest.mark.parametrize(
    ("syntax", "whole", "core", "before", "more"),
    [
        ("ubl", "ubl-2.1/InvoicePlain.xsd", "ubl-2.1/InvoiceCore.xsd", "{*}ID", "UUID"),
        (
            "cii",
            "cii-d16b/CrossIndustryInvoice.xsd",
            "cii-d16b/CrossIndustryInvoiceCore.xsd",
            "{*}ExchangedDocument/{*}ID",
            "Name",
        ),
    ],
)
def test_what_a_core_refuses_the_whole_one_judges(syntax: str, whole: str, core: str, before: str, more: str) -> None:
    root = parse((SAMPLES / f"standard-rated.{syntax}.xml").read_bytes())
    assert compiled_schema(core).validate(root)
    number = root.find(before)
    assert number is not None
    number.addnext(etree.Element(f"{number.tag.rpartition('}')[0]}}}{more}"))
    assert not compiled_schema(core).validate(root)
    assert structural_errors(root, whole, core) == []


def test_an_error_tells_line_path_and_what_was_expected() -> None:
    report = bl.validate(SAMPLES / "broken-order.ubl.xml")
    (finding,) = [one for one in report.findings if one.rule == "SCHEMA"]
    assert finding.line == 8
    assert finding.path == "/Invoice/cbc:DueDate[1]"
    assert "cbc:DueDate" in finding.message
    assert report.schema_valid is False
