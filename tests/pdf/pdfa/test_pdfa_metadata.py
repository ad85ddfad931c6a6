"""Clause 6.6: metadata that is as it must be, and metadata with one thing wrong."""

from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfa_files import broken, made, xmp

from billingua.pdf.pdfa.rdf import BadXmp, Node, read_packet
from billingua.pdf.pdfa.xmp_types import basic, holds, known, plain, types

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"


def description(content: str, namespaces: str = "") -> str:
    return (
        f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
        f' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/" xmlns:fx="{FX}" {namespaces}'
        f' xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#">{content}</rdf:Description>\n'
    )


def extension(*, container: str = "Bag", prefix: str = "fx", category: str = "external", type_: str = "Text") -> str:
    """A description of the property fx:DocumentFileName, and the property itself."""
    return (
        '<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
        ' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
        ' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
        f'<pdfaExtension:schemas><rdf:{container}><rdf:li rdf:parseType="Resource">'
        f"<pdfaSchema:schema>Factur-X</pdfaSchema:schema><pdfaSchema:namespaceURI>{FX}</pdfaSchema:namespaceURI>"
        f"<pdfaSchema:prefix>{prefix}</pdfaSchema:prefix>"
        '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
        "<pdfaProperty:name>DocumentFileName</pdfaProperty:name>"
        f"<pdfaProperty:valueType>{type_}</pdfaProperty:valueType>"
        f"<pdfaProperty:category>{category}</pdfaProperty:category>"
        "<pdfaProperty:description>name</pdfaProperty:description>"
        f"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:{container}></pdfaExtension:schemas>"
        "</rdf:Description>\n"
    )


NAMED = description("<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>")
UNREADABLE = {"6.6.2.1-t04", "6.6.2.1-t05", "6.6.4-t01"}
UNKNOWN = {"6.6.2.3.1-t01", "6.6.2.3.1-t02"}

KEPT = [
    "",
    extension() + NAMED,
    extension(type_="closed Choice of Text") + NAMED,
    extension(type_="Lang Alt"),
    description("<xmp:ModifyDate>2026</xmp:ModifyDate>"),
    description("<xmp:ModifyDate/>"),
    description("<xmp:Rating>-1</xmp:Rating><tiff:Orientation>1</tiff:Orientation>"),
    description("<dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator>"),
    description('<xmpMM:DerivedFrom rdf:parseType="Resource"><stRef:versionID>1</stRef:versionID></xmpMM:DerivedFrom>'),
    description('<xmpMM:DerivedFrom stRef:versionID="1" stRef:documentID="x"/>'),
    description("", ' xmp:Label="a"'),
    description('<xmp:Label rdf:parseType="Resource"><rdf:value>a</rdf:value><dc:source>q</dc:source></xmp:Label>'),
]

WRONG: list[tuple[str, set[str]]] = [
    (NAMED, UNKNOWN),
    (description("<xmp:Unheard>1</xmp:Unheard>"), UNKNOWN),
    (description("<xmp:ModifyDate>31.1.2026</xmp:ModifyDate>"), {"6.6.2.3.1-t02"}),
    (description("<xmp:Rating>good</xmp:Rating>"), {"6.6.2.3.1-t02"}),
    (description("<dc:creator>A</dc:creator>"), {"6.6.2.3.1-t02"}),
    (description("<dc:creator><rdf:Bag><rdf:li>A</rdf:li></rdf:Bag></dc:creator>"), {"6.6.2.3.1-t02"}),
    (description('<xmpMM:DerivedFrom stRef:unheard="1" stRef:documentID="x"/>'), {"6.6.2.3.1-t02"}),
    (extension(container="Seq") + NAMED, {"6.6.2.3.3-t01"}),
    (extension(category="other") + NAMED, {"6.6.2.3.3-t09"}),
    (extension(type_="Unheard") + NAMED, {"6.6.2.3.3-t08", *UNKNOWN}),
    (extension(type_="Integer") + NAMED, {"6.6.2.3.1-t02"}),
    (extension().replace("pdfaSchema:schema>", "pdfaSchema:scheme>"), {"6.6.2.3.2-t01", "6.6.2.3.3-t02"}),
    (extension().replace("pdfaProperty", "p"), {f"6.6.2.3.3-t{n:02}" for n in (7, 8, 9, 10)}),
    (description("<xmp:Label>a</xmp:Label><xmp:Label>b</xmp:Label>"), UNREADABLE),
    (description("<xmp:Label>"), UNREADABLE),
    (description("<xmp:Label><![CDATA[a]]></xmp:Label>"), UNREADABLE),
    (description("text<xmp:Label>a</xmp:Label>"), UNREADABLE),
    (description('<xmp:Label rdf:parseType="Literal">a</xmp:Label>'), UNREADABLE),
    (description("<rdf:li>a</rdf:li>"), UNREADABLE),
    (description('<xmp:Label wrong="1">a</xmp:Label>'), UNREADABLE),
    ("<xmp:Label xmlns:xmp='http://ns.adobe.com/xap/1.0/'>a</xmp:Label>", UNREADABLE),
]


@pytest.mark.parametrize("more", KEPT, ids=range(len(KEPT)))
def test_metadata_that_is_fine(more: str) -> None:
    assert broken(made(metadata=xmp(more))) == set()


@pytest.mark.parametrize(("more", "rules"), WRONG, ids=range(len(WRONG)))
def test_metadata_with_one_fault(more: str, rules: set[str]) -> None:
    assert broken(made(metadata=xmp(more))) == rules


REPLACED = [
    ("<pdfaid:part>3<", "<pdfaid:part>2<", {"6.6.4-t02"}),
    ("<pdfaid:part>3<", "<pdfaid:part>three<", {"6.6.4-t02", "6.6.2.3.1-t02"}),
    ("<pdfaid:conformance>B<", "<pdfaid:conformance>C<", {"6.6.4-t03"}),
    ("pdfaid:", "pa:", {"6.6.4-t04", "6.6.4-t05"}),
    ("?>\n<x", " bytes='1'?>\n<x", {"6.6.2.1-t02"}),
    ("?>\n<x", ' encoding="UTF-8"?>\n<x', {"6.6.2.1-t03"}),
    ("<?xpacket begin", "<?xml version='1.0' encoding='ISO-8859-1'?><?xpacket begin", {"6.6.2.1-t05"}),
]


@pytest.mark.parametrize(("old", "new", "rules"), REPLACED, ids=range(len(REPLACED)))
def test_identification_and_packet(old: str, new: str, rules: set[str]) -> None:
    text = xmp().decode()
    assert old in text
    changed = text.replace(old, new)
    if old == "pdfaid:":
        changed = changed.replace("xmlns:pdfaid", "xmlns:pa")
    assert broken(made(metadata=changed.encode())) == rules


def test_utf_16_is_not_allowed() -> None:
    assert broken(made(metadata=xmp().decode().encode("utf-16"))) == {"6.6.2.1-t05"}


def test_no_metadata() -> None:
    def without(document: pikepdf.Pdf) -> None:
        del document.Root.Metadata

    assert broken(made(without)) == {"6.6.2.1-t01"}


@pytest.mark.parametrize(("flavour", "rules"), [("3b", set()), ("3u", {"6.6.4-t03"}), ("2b", {"6.6.4-t02"})])
def test_the_level_asked_for_is_the_one_that_is_claimed(flavour: str, rules: set[str]) -> None:
    assert broken(made(), flavour) == rules


def test_metadata_without_rdf() -> None:
    assert broken(made(metadata=b"<?xpacket begin='' id='x'?><a/><?xpacket end='w'?>")) == {"6.6.2.1-t05", "6.6.4-t01"}


def on_page(metadata: bytes) -> Callable[[pikepdf.Pdf], None]:
    def change(document: pikepdf.Pdf) -> None:
        stream = document.make_stream(metadata)
        stream.Type, stream.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        document.pages[0].obj.Metadata = stream

    return change


def test_metadata_of_a_page_may_use_what_the_document_describes() -> None:
    own = xmp(extension())
    assert broken(made(on_page(xmp(NAMED)), own)) == set()
    assert broken(made(on_page(xmp(NAMED)))) == UNKNOWN
    assert broken(made(on_page(xmp(NAMED)), b"<no")) == UNREADABLE
    assert broken(made(on_page(b"<no"))) == {"6.6.2.1-t04", "6.6.2.1-t05"}


def text(value: str) -> Node:
    return Node("n", "x", "n", value=value)


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("Boolean", ["True", "False"], ["true", "1", ""]),
        ("Integer", ["1", "-12", "+3"], ["1.0", "", "a", "1 "]),
        ("Real", ["1", "1.", ".5", "-0.5"], ["", ".", "1e3"]),
        ("Date", ["2026", "2026-1-31", "2026-01-31T10:20Z", "2026-01-31T10:20:30.5+01:00", ""], ["x", "2026/01"]),
        ("MIMEType", ["text/xml"], ["text", "text/xml; charset=x"]),
        ("GPSCoordinate", ["12,30,15N", "12,30.5E"], ["12N"]),
        ("open Choice", ["anything"], []),
    ],
)
def test_simple_types(type_: str, good: list[str], bad: list[str]) -> None:
    assert known(type_, types())
    assert [value for value in good if not holds(text(value), type_, types())] == []
    assert [value for value in bad if holds(text(value), type_, types())] == []


def test_names_of_types() -> None:
    assert plain("Bag closed Choice of Text") == "bag text"
    assert plain("seq") == "seq text"
    assert not known("Unheard", types())
    assert known("Bag Seq Integer", basic())


@given(st.binary(max_size=200))
def test_a_packet_is_read_or_refused(data: bytes) -> None:
    try:
        read_packet(data)
    except BadXmp:
        return
    assert data.strip()


def test_deep_nesting_is_refused() -> None:
    inner = "<dc:a rdf:parseType='Resource'>" * 200 + "</dc:a>" * 200
    with pytest.raises(BadXmp, match=r"deep|Excessive"):
        read_packet(xmp(description(inner)))
