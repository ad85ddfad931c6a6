"""What is mended on the way to PDF/A: pictures of annotations, contents, profiles, resources, fields without a form."""

from typing import Any

import pytest
from making import CII, SHARED, annotation, font, made, opened
from pikepdf import Array, Dictionary, Name, Pdf, String
from test_embedding import DATE, difference, form_stream

from billingua import pdf
from billingua.errors import PdfError, UnreadableInput


def quad(left: float, bottom: float, right: float, top: float) -> Array:
    return Array([left, top, right, top, left, bottom, right, bottom])


def test_annotations_without_a_picture_get_the_one_that_viewers_draw() -> None:
    def annotate(document: Pdf, page: Any) -> None:
        def one(rect: list[int], **keys: Any) -> None:
            annotation(document, page, **keys).Rect = Array(rect)

        one([10, 150, 90, 170], Subtype=Name.Highlight, QuadPoints=quad(10, 150, 90, 170), C=Array([1, 1, 0]))
        one([10, 90, 90, 110], Subtype=Name.StrikeOut, QuadPoints=quad(10, 90, 90, 110), C=Array([0, 0, 1]))
        strokes = Array([Array([105, 105, 150, 180, 185, 110])])
        one([100, 100, 190, 190], Subtype=Name.Ink, InkList=strokes, C=Array([1, 0, 0]), BS=Dictionary(W=2))
        one([10, 10, 60, 60], Subtype=Name.Circle, C=Array([1, 0, 0]), IC=Array([0, 1, 0]))
        one([70, 10, 120, 60], Subtype=Name.Square, C=Array([0, 0, 1]), IC=Array([0.8]))

    plain = made(annotate, content=b"0.7 g 20 155 30 10 re f")
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 0.3


@pytest.mark.parametrize("kind", ["Line", "PolyLine", "Polygon", "FreeText", "Squiggly", "Caret"])
def test_other_annotations_are_sound(kind: str) -> None:
    keys = {"L": Array([1, 2, 30, 40]), "Vertices": Array([10, 10, 40, 40, 10, 40]), "QuadPoints": quad(10, 10, 50, 50)}

    def annotate(document: Pdf, page: Any) -> None:
        annotation(document, page, Subtype=Name("/" + kind), C=Array([0, 0, 0, 1]), Contents="x", **keys)

    assert pdf.check(pdf.embed(made(annotate), CII)).valid


@pytest.mark.parametrize(
    "content",
    [
        b"1 2 unknown 1 0 0 rg 10 10 50 50 re f",
        b"BX 1 2 unknown EX 1 0 0 rg 10 10 50 50 re f",
        b"/Nice ri 1 0 0 rg 10 10 50 50 re f",
        b"q 50 0 0 50 10 10 cm BI /W 1 /H 1 /BPC 8 /CS /RGB /I true ID \xff\x00\x00 EI Q",
    ],
)
def test_contents_are_written_anew_where_they_must(content: bytes) -> None:
    plain = made(content=content)
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 0.01


def test_resources_of_others_are_listed_where_they_are_used() -> None:
    def build(document: Pdf, page: Any) -> None:
        field = form_stream(document, b"/Half gs BT /F1 12 Tf 2 5 Td (x) Tj ET")
        field.Resources = Dictionary(Font=font("Courier"))
        widget = annotation(document, page, Subtype=Name.Widget, FT=Name.Tx, T="t", AP=Dictionary(N=field))
        page.Resources.ExtGState = Dictionary(Half=Dictionary(ca=0.5))
        document.Root.AcroForm = Dictionary(Fields=Array([widget]))
        bare = form_stream(document, b"BT /F1 20 Tf 10 10 Td (In a form) Tj ET")
        page.Resources.XObject = Dictionary(X=bare)

    plain = made(build, content=b"/X Do", Font=font("Helvetica"))
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    file = opened(hybrid)
    assert "/Half" in file.pages[0].Annots[0].AP.N.Resources.ExtGState
    assert "/Font" in file.pages[0].Resources.XObject.X.Resources


def test_glyph_procedures_have_resources_that_do_not_lead_back() -> None:
    def build(document: Pdf, page: Any) -> None:
        glyph = document.make_stream(b"600 0 d0 0 1 1 0 k 0 0 500 500 re f")
        page.Resources.Font = Dictionary(
            T=Dictionary(
                Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]), FirstChar=97, LastChar=97,
                FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([600]), CharProcs=Dictionary(a=glyph),
                Encoding=Dictionary(Type=Name.Encoding, Differences=Array([97, Name.a])),
            )
        )  # fmt: skip

    hybrid = pdf.embed(made(build, content=b"BT /T 40 Tf 10 90 Td (aa) Tj ET"), CII)
    assert pdf.check(hybrid).valid
    assert "/DefaultCMYK" in opened(hybrid).pages[0].Resources.Font.T.Resources.ColorSpace


@pytest.mark.parametrize(("components", "colour"), [(1, b"0.5 sc"), (3, b"1 0 0 sc"), (4, b"0 1 0 0 sc")])
def test_a_damaged_profile_is_replaced(components: int, colour: bytes) -> None:
    def build(document: Pdf, page: Any) -> None:
        junk = document.make_stream(b"junk", N=components)
        page.Resources.ColorSpace = Dictionary(C=Array([Name.ICCBased, junk]))

    assert pdf.check(pdf.embed(made(build, content=b"/C cs " + colour + b" 10 10 90 90 re f"), CII)).valid


@pytest.mark.parametrize("kind", [0, 4])
def test_spot_colours_are_described_each_on_its_own(kind: int) -> None:
    def build(document: Pdf, page: Any) -> None:
        ranges = {"Domain": Array([0, 1] * 2), "Range": Array([0, 1] * 4)}
        if kind == 4:
            function = document.make_stream(b"{ 0 exch 0 exch }", FunctionType=4, **ranges)
        else:
            samples = bytes(range(0, 160, 10))
            function = document.make_stream(samples, FunctionType=0, Size=Array([2, 2]), BitsPerSample=8, **ranges)
        names = Array([Name.Cyan, Name.Orange])
        page.Resources.ColorSpace = Dictionary(D=Array([Name.DeviceN, names, Name.DeviceCMYK, function]))

    plain = made(build, content=b"/D cs 0.5 0.6 scn 10 10 90 90 re f")
    hybrid = pdf.embed(plain, CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(plain, hybrid) < 2
    space = opened(hybrid).pages[0].Resources.ColorSpace.D
    orange = space[4].Colorants.Orange
    assert orange[1] == "/Orange"
    data = bytes(orange[3].read_bytes())
    assert data == (b"{ 0 exch  0 exch 0 exch  }" if kind == 4 else bytes([0, 10, 20, 30, 80, 90, 100, 110]))


def test_fields_are_listed_and_shown_though_their_form_and_font_are_missing() -> None:
    def build(document: Pdf, page: Any) -> None:
        annotation(document, page, Subtype=Name.Widget, FT=Name.Tx, T="lost", V=String("Wert"))

    hybrid = pdf.embed(made(build), CII)
    assert pdf.check(hybrid).valid
    file = opened(hybrid)
    assert len(file.Root.AcroForm.Fields) == 1
    assert b"Wert" in bytes(file.pages[0].Annots[0].AP.N.read_bytes())


@pytest.mark.skipif(not (SHARED / "plain-pdfs").exists(), reason="../shared/plain-pdfs is absent")
@pytest.mark.parametrize("name", ["chromium_print.pdf", "encrypted_owner_only.pdf"])
def test_widths_that_the_program_does_not_have_are_written_into_it(name: str) -> None:
    from io import BytesIO

    file = opened((SHARED / "plain-pdfs" / name).read_bytes())
    changed = 0
    for one in file.objects:
        if isinstance(one, Dictionary) and "/Widths" in one:
            one.Widths = Array([width + 7 for width in one.Widths])
            changed += 1
        elif isinstance(one, Dictionary) and "/W" in one:
            one.W = Array([[w + 7 for w in part] if isinstance(part, Array) else part for part in one.W])
            changed += 1
    assert changed
    out = BytesIO()
    file.save(out, encryption=False)
    hybrid = pdf.embed(out.getvalue(), CII, date=DATE)
    assert pdf.check(hybrid).valid
    assert difference(out.getvalue(), hybrid) < 0.01


def test_a_file_of_pdf_2_becomes_one_of_pdf_1_7() -> None:
    def build(document: Pdf, _: Any) -> None:
        document.Root.Version = Name("/2.0")
        document.Root.Extensions = Dictionary(ISO_=Dictionary(BaseVersion=Name("/2.0"), ExtensionLevel=32001))

    hybrid = pdf.embed(made(build).replace(b"%PDF-1.3", b"%PDF-2.0", 1), CII)
    assert hybrid.startswith(b"%PDF-1.7")
    assert pdf.check(hybrid).valid


def test_actions_in_a_circle_end() -> None:
    def build(document: Pdf, page: Any) -> None:
        action = document.make_indirect(Dictionary(S=Name.URI, URI="https://shop.example/"))
        action.Next = action
        annotation(document, page, Subtype=Name.Link, A=action)

    assert pdf.check(pdf.embed(made(build), CII)).valid


def test_what_cannot_be_mended_is_told_with_its_clause() -> None:
    def build(_: Pdf, page: Any) -> None:
        page.MediaBox = Array([0, 0, 20_000, 300])

    with pytest.raises(PdfError, match=r"PDFA-6\.1\.13") as caught:
        pdf.embed(made(build), CII)
    assert caught.value.page == 1
    assert caught.value.todo


def test_contents_that_unfold_without_measure_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import zlib

    monkeypatch.setattr("billingua.pdf.document.decoded.__defaults__", (100_000, ""))

    def build(document: Pdf, page: Any) -> None:
        page.Contents = document.make_stream(zlib.compress(bytes(5_000_000)), Filter=Name.FlateDecode)

    with pytest.raises(UnreadableInput, match="unfolds to more than"):
        pdf.embed(made(build), CII)
