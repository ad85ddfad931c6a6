"""Embedding: whatever can be PDF/A-3 becomes it and looks as before; what cannot is an error that names the place."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from making import CII, SHARED, annotation, font, invoice, made, opened
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import ImageChops, ImageStat

import billingua as bl
from billingua import pdf
from billingua.errors import PdfError, UnreadableInput, UnsupportedFormat, UsageError

PLAIN = sorted((SHARED / "plain-pdfs").glob("*.pdf"))
HYBRID = [path for path in sorted((SHARED / "facturx-pdfs").glob("*.pdf")) if not path.name.startswith("corrupt")]
DATE = datetime(2026, 11, 2, 9, tzinfo=UTC)


def pixels(data: bytes) -> list[Any]:
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(data)
    return [page.render(scale=1, may_draw_forms=False).to_pil().convert("RGB") for page in document]


def difference(before: bytes, after: bytes) -> float:
    """The mean difference of the pages, 0 (none) to 255."""
    old, new = pixels(before), pixels(after)
    assert [page.size for page in old] == [page.size for page in new]
    apart = [ImageStat.Stat(ImageChops.difference(*pages)).mean for pages in zip(old, new, strict=True)]
    return max(sum(means) / len(means) for means in apart)


@pytest.mark.skipif(not PLAIN, reason="../shared/plain-pdfs is absent")
@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_every_ordinary_pdf_becomes_pdfa_and_looks_the_same(path: Path) -> None:
    plain = path.read_bytes()
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid, "3b").valid
    assert difference(plain, hybrid) < 0.01
    report = bl.validate(hybrid)
    assert report.valid
    assert report.format == "facturx"
    before, after = pdf.extract(plain), pdf.extract(hybrid)
    assert ("factur-x.xml", "text/xml", "Alternative", CII) in after
    assert {one.name for one in before} <= {one.name for one in after}
    assert links(plain) == links(hybrid)


def links(data: bytes) -> list[str]:
    found = []
    for page in opened(data).pages:
        for one in page.get("/Annots", []):
            if one.get("/Subtype") == "/Link" and "/A" in one:
                found.append(str(one.A.get("/URI", "")))
    return found


@pytest.mark.skipif(not HYBRID, reason="../shared/facturx-pdfs is absent")
@pytest.mark.parametrize("path", HYBRID, ids=lambda path: path.stem[:30])
def test_a_hybrid_takes_another_invoice_and_keeps_its_level(path: Path) -> None:
    from billingua.pdf.xmp import facts_of, root_of

    old = path.read_bytes()
    new = pdf.embed(old, CII, date=DATE)
    names = [one.name for one in pdf.extract(new)]
    assert names.count("factur-x.xml") == 1
    assert not {"ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"} & set(names)
    assert difference(old, new) < 0.01
    facts = [facts_of(root_of(opened(data))) for data in (old, new)]
    assert facts[0].conformance == facts[1].conformance
    assert facts[1].properties["ConformanceLevel"] == "EN 16931"
    assert pdf.check(new, f"3{facts[1].conformance.lower()}").valid


def test_the_same_input_and_date_give_the_same_bytes() -> None:
    plain = made(content=b"1 0 0 rg 10 10 50 50 re f")
    first = pdf.embed(plain, CII, date=DATE)
    assert pdf.embed(plain, CII, date=DATE) == first
    assert pdf.embed(plain, CII, date=datetime(2026, 11, 3)) != first
    assert pdf.embed(first, CII, date=DATE) == pdf.embed(first, CII, date=DATE)


@pytest.mark.parametrize(
    ("profile", "name", "relationship"),
    [
        ("minimum", "factur-x.xml", "Data"),
        ("basicwl", "factur-x.xml", "Data"),
        ("basic", "factur-x.xml", "Alternative"),
        ("en16931", "factur-x.xml", "Alternative"),
        ("extended", "factur-x.xml", "Alternative"),
        ("xrechnung", "xrechnung.xml", "Alternative"),
    ],
)
def test_name_and_relationship_follow_from_the_profile(profile: str, name: str, relationship: str) -> None:
    xml = invoice(profile)
    hybrid = pdf.embed(made(), xml, profile, date=DATE)
    assert pdf.extract(hybrid) == [(name, "text/xml", relationship, xml)]
    report = bl.validate(hybrid, rulesets=["facturx-pdf"])
    assert not report.findings


def test_the_file_is_listed_dated_and_summed() -> None:
    hybrid = opened(pdf.embed(made(), CII, date=DATE, relationship="Source"))
    [spec] = hybrid.Root.AF
    assert spec.objgen == hybrid.Root.Names.EmbeddedFiles.Names[1].objgen
    assert spec.AFRelationship == "/Source"
    stream = spec.EF.F
    assert stream.Subtype == "/text/xml"
    assert bytes(stream.Params.CheckSum) == hashlib.md5(CII).digest()
    assert str(stream.Params.ModDate) == "D:20261102090000+00'00'"
    assert stream.Params.Size == len(CII)


def test_further_files_come_in_and_names_are_sorted(tmp_path: Path) -> None:
    (tmp_path / "zeit.csv").write_text("a;b")
    files = [tmp_path / "zeit.csv", ("a.txt", b"A"), ("b.bin", "application/x-b", "Data", b"B"), ("a.txt", b"other")]
    hybrid = pdf.embed(made(), CII, attachments=files, date=DATE)
    found = {(one.name, one.mime, one.relationship, one.data) for one in pdf.extract(hybrid)}
    assert ("zeit.csv", "text/csv", "Supplement", b"a;b") in found
    assert ("b.bin", "application/x-b", "Data", b"B") in found
    assert {one[3] for one in found} == {CII, b"a;b", b"A", b"B", b"other"}
    keys = [bytes(key) for key in list(opened(hybrid).Root.Names.EmbeddedFiles.Names)[::2]]
    assert keys == sorted(keys)
    assert len(set(keys)) == 5


def test_files_that_are_there_are_kept_or_refused() -> None:
    first = pdf.embed(made(), CII, attachments=[("notes.txt", b"N")], date=DATE)
    again = pdf.embed(first, invoice("basic"), date=DATE)
    assert {one.name for one in pdf.extract(again)} == {"factur-x.xml", "notes.txt"}
    with pytest.raises(PdfError, match=r"notes\.txt"):
        pdf.embed(first, CII, existing="refuse")
    assert pdf.embed(pdf.embed(made(), CII), CII, existing="refuse")


def test_the_info_stays_and_xmp_says_the_same() -> None:
    def describe(document: Pdf, _: Any) -> None:
        document.trailer.Info = Dictionary(
            Title=String("Rechnung Nr. 1 - für Öl"), Author="Åse", CreationDate="D:20250102030405+01'00'", Odd="x"
        )

    hybrid = opened(pdf.embed(made(describe), CII, date=DATE))
    info = hybrid.trailer.Info
    assert str(info.Title) == "Rechnung Nr. 1 - für Öl"
    assert str(info.CreationDate) == "D:20250102030405+01'00'"
    xmp = bytes(hybrid.Root.Metadata.read_bytes()).decode()
    for text in ("Rechnung Nr. 1 - für Öl", "Åse", "2025-01-02T03:04:05+01:00", "2026-11-02T09:00:00+00:00"):
        assert text in xmp
    assert xmp.count("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>") == 1
    twice = opened(pdf.embed(pdf.embed(made(describe), CII, date=DATE), CII, date=DATE))
    assert bytes(twice.Root.Metadata.read_bytes()).decode().count("urn:factur-x:pdfa") == 2


@pytest.mark.parametrize(
    "name",
    ["Helvetica", "Helvetica-BoldOblique", "Times-Roman", "Times-BoldItalic", "Courier", "ArialMT", "Arial,Bold"],
)
def test_standard_fonts_are_embedded(name: str) -> None:
    plain = made(
        content=b"BT /F1 20 Tf 10 90 Td (Summe 12,50 \xe9) Tj ET", Font=font(name, Encoding=Name.WinAnsiEncoding)
    )
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 0.6
    assert "/FontFile3" in opened(hybrid).pages[0].Resources.Font.F1.FontDescriptor


@pytest.mark.parametrize(("name", "text"), [("Symbol", b"abg\xb7"), ("ZapfDingbats", b"\x33\x34\x6e")])
def test_symbol_fonts_are_embedded(name: str, text: bytes) -> None:
    plain = made(content=b"BT /F1 30 Tf 10 90 Td (" + text + b") Tj ET", Font=font(name))
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 0.01


def test_letters_with_marks_are_put_together() -> None:
    encoding = Dictionary(
        Type=Name.Encoding,
        BaseEncoding=Name.WinAnsiEncoding,
        Differences=Array([1, Name.aogonek, Name.Ccaron, Name.scommaaccent, Name.uhungarumlaut, 200, Name.Zdotaccent]),
    )
    plain = made(content=b"BT /F1 30 Tf 10 90 Td <01020304c841> Tj ET", Font=font("Helvetica", Encoding=encoding))
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid


def test_a_font_that_is_nowhere_is_named_with_its_page() -> None:
    plain = made(content=b"BT /F1 20 Tf 10 90 Td (A) Tj ET", Font=font("Gotham-Book"))
    with pytest.raises(PdfError, match="Gotham-Book") as caught:
        pdf.embed(plain, CII, name="plain.pdf")
    assert caught.value.page == 1
    assert caught.value.object.endswith(" 0")
    assert caught.value.where.startswith("plain.pdf, page 1")


def test_a_font_that_shows_nothing_need_not_be_there() -> None:
    plain = made(content=b"BT /F1 20 Tf 3 Tr 10 90 Td (A) Tj ET", Font=font("Helvetica"))
    hybrid = pdf.embed(plain, CII)
    assert pdf.check(hybrid).valid
    assert "/FontDescriptor" not in opened(hybrid).pages[0].Resources.Font.F1


COLOURS = {
    "grey": b"0.5 g 10 10 50 50 re f",
    "rgb": b"1 0 0 rg 10 10 50 50 re f 0 0 1 RG 5 w 80 80 m 120 120 l S",
    "cmyk": b"0.2 1 0 0.1 k 10 10 50 50 re f",
    "both": b"0.2 1 0 0.1 k 10 10 50 50 re f 1 0 0 rg 90 10 50 50 re f",
    "inline image": b"q 50 0 0 50 10 10 cm BI /W 1 /H 1 /BPC 8 /CS /CMYK ID \x10\x80\x00\x00 EI Q 0 1 0 rg 9 9 9 9 re",
    "by name": b"/DeviceCMYK cs 0 1 1 0 sc 10 10 50 50 re f",
}


@pytest.mark.parametrize("content", COLOURS.values(), ids=COLOURS)
def test_colours_of_devices_get_a_meaning(content: bytes) -> None:
    plain = made(content=content)
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 1.5
    assert ("DefaultCMYK" in str(opened(hybrid).pages[0].Resources)) == (b"k " in content or b"CMYK" in content)


def test_an_output_intent_for_print_is_kept() -> None:
    from billingua.pdf.icc import cmyk

    profile = cmyk().replace(b"scnr", b"prtr")

    def intend(document: Pdf, _: Any) -> None:
        stream = document.make_stream(profile, N=4)
        document.Root.OutputIntents = Array(
            [
                Dictionary(
                    Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier="X", DestOutputProfile=stream
                )
            ]
        )

    hybrid = pdf.embed(made(intend, content=COLOURS["both"]), CII, date=DATE)
    assert pdf.check(hybrid).valid
    file = opened(hybrid)
    assert bytes(file.Root.OutputIntents[0].DestOutputProfile.read_bytes()) == profile
    assert "/DefaultRGB" in file.pages[0].Resources.ColorSpace
    assert "/DefaultCMYK" not in file.pages[0].Resources.ColorSpace


def test_scripts_and_forbidden_actions_go_and_links_stay() -> None:
    script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
    uri = Dictionary(S=Name.URI, URI="https://shop.example/", Next=script)

    def act(document: Pdf, page: Any) -> None:
        document.Root.OpenAction = script
        document.Root.AA = Dictionary(WC=script)
        document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", script])))
        page.AA = Dictionary(O=script)
        annotation(document, page, Subtype=Name.Link, A=uri)
        annotation(document, page, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F="calc.exe"))

    hybrid = pdf.embed(made(act), CII, date=DATE)
    assert pdf.check(hybrid).valid
    with opened(hybrid) as file:
        first, second = file.pages[0].Annots
        assert str(first.A.URI) == "https://shop.example/"
        assert "/A" not in second
        assert b"app.alert" not in b"".join(
            one.unparse(resolved=True) for one in file.objects if isinstance(one, Dictionary)
        )


def form_stream(document: Pdf, content: bytes = b"0 1 0 rg 0 0 40 40 re f") -> Stream:
    return document.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 40, 40]))


def test_annotations_get_their_flags_and_one_appearance() -> None:
    def annotate(document: Pdf, page: Any) -> None:
        seen = Dictionary(N=form_stream(document), D=form_stream(document))
        annotation(document, page, Subtype=Name.Stamp, AP=seen, F=64)
        annotation(document, page, Subtype=Name.Square, C=Array([1, 0, 0]))
        annotation(document, page, Subtype=Name.Text, Contents="Note")
        annotation(document, page, Subtype=Name.Movie, AP=Dictionary(N=form_stream(document)), F=4)
        annotation(document, page, Subtype=Name.Stamp, AP=Dictionary(N=form_stream(document)), F=2)
        annotation(document, page, Subtype=Name.Sound)

    plain = made(annotate)
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    kept = list(opened(hybrid).pages[0].Annots)
    assert [str(one.Subtype) for one in kept] == ["/Stamp", "/Square", "/Text", "/Stamp"]
    for one in kept:
        assert one.F & 4
        assert list(one.AP.keys()) == ["/N"]


def test_fields_keep_their_looks_and_nobody_makes_others() -> None:
    def field(document: Pdf, page: Any) -> None:
        helvetica = document.make_indirect(font("Helvetica").F1)
        text = annotation(
            document, page, Subtype=Name.Widget, FT=Name.Tx, T="name", V="Erika", DA="/Helv 12 Tf 0 g", F=4,
            A=Dictionary(S=Name.JavaScript, JS="1"),
        )  # fmt: skip
        box = annotation(
            document, page, Subtype=Name.Widget, FT=Name.Btn, T="box", V=Name.Yes, AS=Name.Yes,
            AP=Dictionary(N=Dictionary(Yes=form_stream(document), Off=form_stream(document, b""))),
        )  # fmt: skip
        push = annotation(
            document, page, Subtype=Name.Widget, FT=Name.Btn, T="push", AP=Dictionary(N=form_stream(document))
        )
        document.Root.AcroForm = Dictionary(
            Fields=Array([text, box, push]), NeedAppearances=True, DR=Dictionary(Font=Dictionary(Helv=helvetica)),
            DA="/Helv 0 Tf 0 g", XFA=document.make_stream(b"<xdp/>"),
        )  # fmt: skip

    hybrid = pdf.embed(made(field), CII, date=DATE)
    assert pdf.check(hybrid).valid
    with opened(hybrid) as file:
        assert not {"/NeedAppearances", "/XFA"} & set(file.Root.AcroForm.keys())
        text, box, push = file.pages[0].Annots
        assert b"Erika" in bytes(text.AP.N.read_bytes())
        assert box.AS == "/Yes"
        assert isinstance(push.AP.N, Dictionary)


def test_dynamic_forms_and_signed_files_are_refused() -> None:
    def dynamic(document: Pdf, _: Any) -> None:
        document.Root.NeedsRendering = True
        document.Root.AcroForm = Dictionary(Fields=Array(), XFA=document.make_stream(b"<xdp/>"))

    def signed(document: Pdf, page: Any) -> None:
        one = annotation(document, page, Subtype=Name.Widget, FT=Name.Sig, T="s", V=Dictionary(Type=Name.Sig))
        document.Root.AcroForm = Dictionary(Fields=Array([one]), SigFlags=3)

    with pytest.raises(PdfError, match="XFA"):
        pdf.embed(made(dynamic), CII)
    with pytest.raises(PdfError, match="signed"):
        pdf.embed(made(signed), CII)


def test_layers_images_and_states_are_put_right() -> None:
    def build(document: Pdf, page: Any) -> None:
        layer = document.make_indirect(Dictionary(Type=Name.OCG, Name="Watermark"))
        second = document.make_indirect(Dictionary(Type=Name.OCG, Name="Text"))
        document.Root.OCProperties = Dictionary(
            OCGs=Array([layer, second]), D=Dictionary(Order=Array([layer]), AS=Array()), Configs=Array([Dictionary()])
        )
        image = document.make_stream(
            b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8,
            ColorSpace=Name.DeviceGray, Interpolate=True, Metadata=document.make_stream(b"junk"),
        )  # fmt: skip
        page.Resources.XObject = Dictionary(I1=image)
        page.Resources.ExtGState = Dictionary(G1=Dictionary(TR=Name.Identity, ca=0.5, BM=Name.Odd, HTP=Array([0, 0])))

    plain = made(build, content=b"/G1 gs q 90 0 0 90 20 20 cm /I1 Do Q")
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 0.01


def test_a_profile_that_contradicts_the_invoice_is_refused() -> None:
    with pytest.raises(UsageError, match="contradicts"):
        pdf.embed(made(), CII, "basic")
    with pytest.raises(UsageError, match="no profile"):
        pdf.embed(made(), CII, "gold")
    guideline = (bl.read(CII).profile or "").encode()
    with pytest.raises(UsageError, match="names no profile"):
        pdf.embed(made(), CII.replace(guideline, b"urn:example:mine"))


@pytest.mark.parametrize(
    ("xml", "error", "words"),
    [
        (b"", UnreadableInput, "empty"),
        (b"<a>", UnreadableInput, "well-formed"),
        (b"<a/>", UnsupportedFormat, "CII"),
        (
            b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
            UnsupportedFormat,
            "ubl-invoice",
        ),
    ],
)
def test_what_is_no_cii_is_refused(xml: bytes, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        pdf.embed(made(), xml)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"existing": "drop"}, "keep or refuse"),
        ({"relationship": "Friend"}, "relationship"),
        ({"attachments": [("factur-x.xml", b"")]}, "cannot be called"),
        ({"attachments": [("a", "text/plain", "Friend", b"")]}, "relationship"),
    ],
)
def test_options_that_do_not_exist_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        pdf.embed(made(), CII, **options)
    with pytest.raises(UnreadableInput):
        pdf.embed(made(), CII, attachments=["/nowhere/at-all.txt"])
