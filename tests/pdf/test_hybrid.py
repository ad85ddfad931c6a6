"""PDFs as documents: which file is the invoice, what is asked of the PDF around it, and what is no invoice."""

from pathlib import Path
from typing import Any

import pytest
from making import CII, SHARED, invoice, made, opened
from pikepdf import Array, Dictionary, Name, Pdf, String

import billingua as bl
from billingua import pdf
from billingua.errors import UnknownFormat, UnreadableInput, UnsupportedFormat, UsageError
from billingua.pdf.hybrid import invoice_in

FILES = SHARED / "facturx-pdfs"
needs_files = pytest.mark.skipif(not FILES.exists(), reason="../shared/facturx-pdfs is absent")


def holding(*files: tuple[str, str, bytes]) -> bytes:
    """A PDF that holds files: name, relationship, bytes."""

    def attach(document: Pdf, _: Any) -> None:
        specs = []
        for name, relationship, data in files:
            stream = document.make_stream(data, Type=Name.EmbeddedFile, Subtype=Name("/text/xml"))
            spec = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream))
            spec.AFRelationship = Name("/" + relationship)
            specs.append(document.make_indirect(spec))
        document.Root.AF = Array(specs)

    return made(attach)


def container(data: bytes) -> dict[str, str]:
    """The findings on the PDF around an invoice: rule and severity."""
    report = bl.validate(data, rulesets=["facturx-pdf"])
    assert report.rulesets == ("facturx-pdf",)
    return {finding.rule: finding.severity for finding in report.findings if finding.rule != "SCHEMA"}


def test_every_verb_takes_the_pdf(tmp_path: Path) -> None:
    path = tmp_path / "hybrid.pdf"
    path.write_bytes(pdf.embed(made(), CII))
    plain = bl.read(CII)
    found = bl.detect(path)
    assert (found.format, found.profile) == ("facturx", plain.profile)
    document = bl.read(path)
    assert (document.format, document.profile, document.content) == ("facturx", plain.profile, plain.content)
    assert bl.convert(path, "ubl").data == bl.convert(CII, "ubl").data
    report = bl.validate(path)
    assert report.valid
    assert report.schema_valid
    assert set(report.rulesets) >= {"facturx-pdf", "pdfa-3b"}


def test_nothing_is_written_as_facturx_without_a_pdf() -> None:
    content = bl.read(CII).content
    with pytest.raises(UsageError, match=r"pdf\.embed"):
        bl.write(content, "facturx")
    with pytest.raises(UsageError, match=r"pdf\.embed"):
        bl.convert(CII, "facturx")


def test_named_rule_sets_are_all_that_is_asked() -> None:
    data = holding(("factur-x.xml", "Alternative", CII))
    assert bl.validate(data, rulesets=["en16931"]).valid
    assert not bl.validate(data).valid
    assert not bl.validate(data, rulesets=["en16931", "pdfa"]).valid


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ((("xrechnung.xml", "Alternative"), ("factur-x.xml", "Data")), "factur-x.xml"),
        ((("zugferd-invoice.xml", "Alternative"), ("xrechnung.xml", "Source")), "xrechnung.xml"),
        ((("Factur-X.XML", "Data"), ("factur-x.xml", "Unspecified")), "factur-x.xml"),
        ((("FACTUR-X.xml", "Data"), ("notes.xml", "Alternative")), "FACTUR-X.xml"),
        ((("other.xml", "Supplement"), ("rechnung.xml", "Alternative")), "rechnung.xml"),
    ],
)
def test_the_invoice_is_chosen_by_precedence(files: tuple[tuple[str, str], ...], chosen: str) -> None:
    assert invoice_in(holding(*((name, relationship, CII) for name, relationship in files))).name == chosen


def test_two_invoices_are_a_finding() -> None:
    data = holding(("factur-x.xml", "Alternative", CII), ("xrechnung.xml", "Alternative", CII))
    assert container(data)["FX-PDF-15"] == "fatal"


@pytest.mark.parametrize(
    ("files", "error", "words"),
    [
        ((), UnknownFormat, "no embedded file"),
        ((("a.xml", "Data", b"<a/>"), ("b.pdf", "Data", b"%PDF")), UnknownFormat, r"a\.xml, b\.pdf"),
        ((("order-x.xml", "Data", b"<a/>"),), UnsupportedFormat, "order"),
        ((("factur-x.xml", "Data", b"<a>"),), UnreadableInput, r"factur-x\.xml, line 1"),
        ((("factur-x.xml", "Data", b"<a/>"),), UnknownFormat, "root element"),
        (
            (("factur-x.xml", "Data", b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>"),),
            UnsupportedFormat,
            "ubl-invoice",
        ),
        (
            (("ZUGFeRD-invoice.xml", "Data", b"<a:X xmlns:a='urn:ferd:CrossIndustryDocument:invoice:1p0'/>"),),
            UnknownFormat,
            "root element",
        ),
        (
            (
                (
                    "ZUGFeRD-invoice.xml",
                    "Data",
                    b"<a:CrossIndustryDocument xmlns:a='urn:ferd:CrossIndustryDocument:invoice:1p0'/>",
                ),
            ),
            UnsupportedFormat,
            r"ZUGFeRD 1\.0",
        ),
    ],
)
def test_what_is_no_invoice_is_said_clearly(
    files: tuple[tuple[str, str, bytes], ...], error: type[Exception], words: str
) -> None:
    data = holding(*files)
    for verb in (bl.detect, bl.read, bl.validate):
        with pytest.raises(error, match=words):
            verb(data)


def changed(old: bytes, new: bytes) -> bytes:
    """A sound hybrid with one text of its XMP changed."""
    from io import BytesIO

    file = opened(pdf.embed(made(), CII))
    packet = bytes(file.Root.Metadata.read_bytes())
    assert old in packet
    stream = file.make_stream(packet.replace(old, new), Type=Name.Metadata, Subtype=Name.XML)
    file.Root.Metadata = stream
    out = BytesIO()
    file.save(out, fix_metadata_version=False)
    return out.getvalue()


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        (b"ConformanceLevel>EN 16931<", b"ConformanceLevel>BASIC<", "FX-PDF-04", "fatal"),
        (b"ConformanceLevel>EN 16931<", b"ConformanceLevel><", "FX-PDF-03", "fatal"),
        (b"DocumentFileName>factur-x.xml<", b"DocumentFileName>invoice.xml<", "FX-PDF-05", "fatal"),
        (b"DocumentType>INVOICE<", b"DocumentType>ORDER<", "FX-PDF-06", "fatal"),
        (b"Version>1.0<", b"Version>2.3<", "FX-PDF-07", "warning"),
        (b"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#", b"urn:example:pdfa#", "FX-PDF-02", "fatal"),
        (b"pdfaid:part>3<", b"pdfaid:part>2<", "FX-PDF-16", "fatal"),
        (b"</rdf:RDF>", b"", "FX-PDF-01", "fatal"),
        (
            b"urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
            b"urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
            "FX-PDF-08",
            "warning",
        ),
    ],
)
def test_metadata_that_disagrees_is_found(old: bytes, new: bytes, rule: str, severity: str) -> None:
    assert container(changed(old, new)) == {rule: severity}


def test_a_level_without_its_space_is_no_fault() -> None:
    assert container(changed(b"ConformanceLevel>EN 16931<", b"ConformanceLevel>EN16931<")) == {}


def test_an_attachment_that_is_not_as_it_should_be_is_found() -> None:
    found = container(holding(("invoice.xml", "Friend", CII)))
    assert {"FX-PDF-01", "FX-PDF-09", "FX-PDF-10", "FX-PDF-14"} <= set(found)
    partial = container(pdf.embed(made(), invoice("minimum"), relationship="Alternative"))
    assert partial == {"FX-PDF-11": "warning"}
    wrong = invoice("minimum").replace(b"urn:factur-x.eu:1p0:minimum", b"urn:factur-x.eu:1p0:platinum")
    assert "FX-PDF-18" in container(holding(("factur-x.xml", "Data", wrong)))


@needs_files
def test_hybrids_that_are_right_have_no_fault_around_the_xml() -> None:
    import json

    lines = [json.loads(line) for line in (FILES / "manifest.jsonl").read_text().splitlines()]
    judged = 0
    for line in lines:
        if line["expected"] == "correct" and line["xml_root"] == "CrossIndustryInvoice":
            judged += 1
            assert "fatal" not in container((FILES / line["file"]).read_bytes()).values(), line["file"]
    assert judged >= 8


@needs_files
def test_the_pdfa_verdict_of_hybrids_is_part_of_the_report() -> None:
    report = bl.validate(FILES / "ZUGFeRD_2.0_fully_compliant_complete.pdf")
    assert "pdfa-3a" in report.rulesets
    assert any(finding.rule.startswith("PDFA-") for finding in report.findings)
