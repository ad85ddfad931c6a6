"""Clauses 6.2.2 to 6.2.10: each broken by one small file, and kept by the same file mended."""

import struct
import zlib
from collections.abc import Callable

import pytest
from pdfa_files import broken, made
from pikepdf import Array, Dictionary, Name, Pdf

Change = Callable[[Pdf], object]

SQUARE = b"10 10 50 50 re f"


def profile(space: bytes = b"RGB ", kind: bytes = b"mntr", version: int = 2) -> bytes:
    """The header of an ICC profile, which is all that is looked at."""
    return struct.pack(">I4sB3x4s4s4s", 128, b"test", version, kind, space, b"XYZ ").ljust(128, b"\0")


def intent(document: Pdf, data: bytes | None = None, kind: str = "/GTS_PDFA1", components: int = 3) -> None:
    """Give the document an output intent."""
    embedded = document.make_stream(profile() if data is None else data)
    embedded.N = components
    one = Dictionary(Type=Name.OutputIntent, S=Name(kind), OutputConditionIdentifier="sRGB", DestOutputProfile=embedded)
    one = document.make_indirect(one)
    document.Root.OutputIntents = Array([*document.Root.get(Name.OutputIntents, Array()), one])


def page(content: bytes, *, intended: bool = True, **resources: object) -> Change:
    """A page with this content and these resources, in a document with an RGB output intent."""

    def change(document: Pdf) -> None:
        if intended:
            intent(document)
        shown = document.pages[0]
        shown.Contents = document.make_stream(content)
        shown.Resources = Dictionary()
        for key, value in resources.items():
            shown.Resources[f"/{key}"] = Dictionary(value(document) if callable(value) else value)

    return change


def states(**entries: object) -> Change:
    """A page that paints a square in a graphics state with these entries."""
    return page(b"/GS gs " + SQUARE, ExtGState={"/GS": Dictionary(**entries)})


def image(data: bytes = b"\0", **entries: object) -> Change:
    """A page that shows an image of one pixel."""

    def objects(document: Pdf) -> dict[str, object]:
        usual = {"Width": 1, "Height": 1, "BitsPerComponent": 8, "ColorSpace": Name.DeviceGray}
        entries_ = {key: value for key, value in (usual | entries).items() if value is not None}
        shown = document.make_stream(data)
        shown.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Image, **entries_)
        return {"/Im": shown}

    return page(b"/Im Do", XObject=objects)


def form(content: bytes = b"", **entries: object) -> Change:
    """A page that paints a form."""

    def objects(document: Pdf) -> dict[str, object]:
        usual = {"Subtype": Name.Form, "BBox": [0, 0, 9, 9], "Resources": Dictionary()}
        shown = document.make_stream(content)
        shown.stream_dict = Dictionary(**usual | entries)
        return {"/Fm": shown}

    return page(b"/Fm Do", XObject=objects)


def jpx(
    channels: int = 3, depth: int = 7, colours: bytes = b"\1\0\0" + (16).to_bytes(4, "big"), more: bytes = b""
) -> bytes:
    """The beginning of a JPEG 2000 file."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    header = box(b"ihdr", struct.pack(">IIHBBBB", 1, 1, channels, depth, 7, 0, 0)) + more
    header += box(b"colr", colours) if colours else b""
    return b"\0\0\0\x0cjP  \r\n\x87\n" + box(b"ftyp", b"jp2 ") + box(b"jp2h", header)


def jpx_image(data: bytes, **entries: object) -> Change:
    return image(data, **({"Filter": Name.JPXDecode, "ColorSpace": None, "BitsPerComponent": None} | entries))


def separations(first: bytes, second: bytes) -> Change:
    """Two definitions of one spot colour, with these tint transforms."""

    def spaces(document: Pdf) -> dict[str, object]:
        def space(program: bytes) -> Array:
            tint = document.make_stream(program)
            tint.stream_dict = Dictionary(FunctionType=4, Domain=[0, 1], Range=[0, 1, 0, 1, 0, 1])
            return Array([Name.Separation, Name.Gold, Name.DeviceRGB, tint])

        return {"/A": space(first), "/B": space(second)}

    return page(b"/A cs 1 scn " + SQUARE + b" /B cs 1 scn " + SQUARE, ColorSpace=spaces)


def device_n(**attributes: object) -> Change:
    def spaces(document: Pdf) -> dict[str, object]:
        tint = document.make_stream(b"{pop 0 0 0}")
        tint.stream_dict = Dictionary(FunctionType=4, Domain=[0, 1], Range=[0, 1, 0, 1, 0, 1])
        space = Array([Name.DeviceN, Array([Name.Gold]), Name.DeviceRGB, tint])
        if attributes:
            gold = Array([Name.Separation, Name.Gold, Name.DeviceRGB, tint])
            space.append(Dictionary(Colorants=Dictionary(Gold=gold)))
        return {"/N": space}

    return page(b"/N cs 1 scn " + SQUARE, ColorSpace=spaces)


def icc_space(data: bytes, components: int, content: bytes, **resources: object) -> Change:
    def spaces(document: Pdf) -> dict[str, object]:
        embedded = document.make_stream(data)
        embedded.N = components
        return {"/C": Array([Name.ICCBased, embedded])}

    return page(content, ColorSpace=spaces, **resources)


def intents(*data: tuple[bytes, str]) -> Change:
    def change(document: Pdf) -> None:
        for one, kind in data:
            intent(document, one, kind)

    return change


def shared_intents(document: Pdf) -> None:
    intent(document)
    intent(document, kind="/GTS_PDFX")
    document.Root.OutputIntents[1].DestOutputProfile = document.Root.OutputIntents[0].DestOutputProfile


def prepress_intent(key: str) -> Change:
    def change(document: Pdf) -> None:
        intent(document, kind="/GTS_PDFX")
        document.Root.OutputIntents[0][key] = Dictionary()

    return change


def inherited_resources(document: Pdf) -> None:
    page(b"/GS gs " + SQUARE, ExtGState={"/GS": Dictionary(LW=2)})(document)
    document.Root.Pages.Resources = document.pages[0].Resources
    del document.pages[0].Resources


def masked(**entries: object) -> Change:
    """A page that shows an image with a soft mask, without an output intent, in a page group with these entries."""

    def change(document: Pdf) -> None:
        image(ColorSpace=Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])]))(document)
        del document.Root.OutputIntents
        shown = document.pages[0].Resources.XObject.Im
        shown.SMask = document.make_stream(b"\0")
        shown.SMask.stream_dict = Dictionary(
            Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray
        )
        if entries:
            document.pages[0].Group = Dictionary(S=Name.Transparency, **entries)

    return change


CALIBRATED = Array([Name.CalRGB, Dictionary(WhitePoint=[1, 1, 1])])
HALFTONE = {"HalftoneType": 1, "Frequency": 60, "Angle": 45, "SpotFunction": Name.Round}
CASES: list[tuple[str, Change, Change]] = [
    ("6.2.2-t01", page(b"q foo Q"), page(b"q Q")),
    ("6.2.2-t01", page(b"BX foo EX"), page(b"BX EX")),
    ("6.2.2-t02", inherited_resources, states(LW=2)),
    ("6.2.3-t01", intents((profile(kind=b"scnr"), "/GTS_PDFA1")), intents((profile(kind=b"prtr"), "/GTS_PDFA1"))),
    ("6.2.3-t01", intents((profile(version=5), "/GTS_PDFA1")), intents((profile(version=4), "/GTS_PDFA1"))),
    ("6.2.3-t01", intents((profile(space=b"Lab "), "/GTS_PDFX")), intents((profile(space=b"CMYK"), "/GTS_PDFX"))),
    ("6.2.3-t02", intents((profile(), "/GTS_PDFA1"), (profile(), "/GTS_PDFX")), shared_intents),
    ("6.2.3-t03", prepress_intent("/DestOutputProfileRef"), prepress_intent("/Info")),
    ("6.2.4.2-t01", icc_space(profile(b"5CLR"), 3, b"/C cs " + SQUARE), icc_space(profile(), 3, b"/C cs " + SQUARE)),
    ("6.2.4.2-t01", icc_space(b"short", 3, b"/C cs " + SQUARE), icc_space(b"short", 3, SQUARE)),
    (
        "6.2.4.2-t02",
        icc_space(profile(b"CMYK"), 4, b"/C cs /GS gs " + SQUARE, ExtGState={"/GS": Dictionary(OP=True, OPM=1)}),
        icc_space(profile(b"CMYK"), 4, b"/C cs /GS gs " + SQUARE, ExtGState={"/GS": Dictionary(OP=True, OPM=0)}),
    ),
    ("6.2.4.3-t02", page(b"1 0 0 rg " + SQUARE, intended=False), page(b"1 0 0 rg " + SQUARE)),
    (
        "6.2.4.3-t02",
        page(b"1 0 0 rg " + SQUARE, intended=False),
        page(b"1 0 0 rg " + SQUARE, intended=False, ColorSpace={"/DefaultRGB": CALIBRATED}),
    ),
    ("6.2.4.3-t03", page(b"0 0 0 1 k " + SQUARE), page(b"0 g " + SQUARE)),
    ("6.2.4.3-t03", image(ColorSpace=Name.DeviceCMYK), image(ColorSpace=Name.DeviceRGB)),
    ("6.2.4.3-t03", jpx_image(jpx(colours=b"\1\0\0\0\0\0\x0c")), jpx_image(jpx())),
    ("6.2.4.3-t04", page(SQUARE, intended=False), page(b"10 10 50 50 re n", intended=False)),
    (
        "6.2.4.3-t02",
        page(b"/I cs " + SQUARE, intended=False, ColorSpace={"/I": Array([Name.Indexed, Name.DeviceRGB, 0, b"abc"])}),
        page(b"/I cs " + SQUARE, intended=False, ColorSpace={"/I": Array([Name.Indexed, CALIBRATED, 0, b"abc"])}),
    ),
    ("6.2.4.4-t01", device_n(), device_n(Colorants=True)),
    ("6.2.4.4-t02", separations(b"{0 0}", b"{1 1}"), separations(b"{0 0}", b"{0 0}")),
    ("6.2.5-t01", states(TR=Name.Identity), states(LW=1)),
    ("6.2.5-t02", states(TR2=Name.Identity), states(TR2=Name.Default)),
    ("6.2.5-t03", states(HTP=Array([0, 0])), states(LW=1)),
    ("6.2.5-t04", states(HT=Dictionary(**HALFTONE | {"HalftoneType": 6})), states(HT=Dictionary(**HALFTONE))),
    ("6.2.5-t05", states(HT=Dictionary(**HALFTONE | {"HalftoneName": "h"})), states(HT=Dictionary(**HALFTONE))),
    (
        "6.2.5-t06",
        states(HT=Dictionary(**HALFTONE | {"TransferFunction": Name.Identity})),
        states(
            HT=Dictionary(
                HalftoneType=5,
                Default=Dictionary(**HALFTONE),
                Gold=Dictionary(**HALFTONE | {"TransferFunction": Name.Identity}),
            )
        ),
    ),
    ("6.2.6-t01", page(b"/Vivid ri"), page(b"/Perceptual ri")),
    ("6.2.6-t01", states(RI=Name.Vivid), states(RI=Name.Saturation)),
    ("6.2.6-t01", image(Intent=Name.Vivid), image(Intent=Name.RelativeColorimetric)),
    ("6.2.8-t01", image(Alternates=Array([])), image()),
    ("6.2.8-t02", image(OPI=Dictionary()), image()),
    ("6.2.8-t03", image(Interpolate=True), image(Interpolate=False)),
    (
        "6.2.8-t03",
        page(b"BI /W 1 /H 1 /BPC 8 /CS /G /I true ID x EI"),
        page(b"BI /W 1 /H 1 /BPC 8 /CS /G /I false ID x EI"),
    ),
    ("6.2.8-t04", image(BitsPerComponent=3), image(BitsPerComponent=16)),
    ("6.2.8.3-t01", jpx_image(jpx(channels=2)), jpx_image(jpx(channels=4))),
    ("6.2.8.3-t02", jpx_image(jpx(colours=b"")), jpx_image(jpx(colours=b""), ColorSpace=Name.DeviceRGB)),
    ("6.2.8.3-t03", jpx_image(jpx(colours=b"\4\0\0")), jpx_image(jpx(colours=b"\3\0\0"))),
    ("6.2.8.3-t04", jpx_image(jpx(colours=b"\1\0\0\0\0\0\x13")), jpx_image(jpx(colours=b"\1\0\0\0\0\0\x11"))),
    ("6.2.8.3-t05", jpx_image(jpx(more=b"\0\0\0\x0bbpcc\7\7\5")), jpx_image(jpx())),
    ("6.2.8.3-t05", jpx_image(jpx(depth=40)), jpx_image(jpx(depth=37))),
    ("6.2.9-t01", form(PS=Dictionary()), form()),
    ("6.2.9-t01", form(Subtype2=Name.PS), form()),
    ("6.2.9-t02", form(Ref=Dictionary()), form()),
    ("6.2.9-t03", form(Subtype=Name.PS), form()),
    ("6.2.10-t01", states(BM=Name.Glow), states(BM=Name.Multiply)),
    ("6.2.10-t02", masked(), masked(CS=CALIBRATED)),
]


@pytest.mark.parametrize(("rule", "wrong", "mended"), CASES, ids=[f"{row[0]}-{n}" for n, row in enumerate(CASES)])
def test_one_clause(rule: str, wrong: Change, mended: Change) -> None:
    assert rule in broken(made(wrong))
    assert rule not in broken(made(mended))


def test_mask_with_more_than_one_bit() -> None:
    def masked_by(bits: int) -> Change:
        def change(document: Pdf) -> None:
            image()(document)
            mask = document.make_stream(b"\0")
            mask.stream_dict = Dictionary(Subtype=Name.Image, Width=1, Height=1, ImageMask=True, BitsPerComponent=bits)
            document.pages[0].Resources.XObject.Im.Mask = mask

        return change

    assert "6.2.8-t05" in broken(made(masked_by(8)))
    assert broken(made(masked_by(1))) == set()


def test_a_form_that_lists_no_resources_borrows_those_of_the_page() -> None:
    def with_state(holder: str) -> Change:
        def change(document: Pdf) -> None:
            form(b"/GS gs " + SQUARE)(document)
            shown = document.pages[0].Resources
            listed = shown if holder == "page" else shown.XObject.Fm.Resources
            listed.ExtGState = Dictionary(GS=Dictionary(LW=1))

        return change

    assert broken(made(with_state("page"))) == {"6.2.2-t02"}
    assert broken(made(with_state("form"))) == set()


def test_a_form_begins_with_the_colours_of_the_page() -> None:
    def coloured(content: bytes) -> Change:
        def change(document: Pdf) -> None:
            form(SQUARE)(document)
            document.pages[0].Contents = document.make_stream(content)

        return change

    assert broken(made(coloured(b"1 0 0 rg /Fm Do"))) == set()
    assert broken(made(coloured(b"0 0 0 1 k /Fm Do"))) == {"6.2.4.3-t03"}


def pattern(content: bytes, kind: int, colours: bytes = b"/Pattern cs /P scn ") -> Change:
    def change(document: Pdf) -> None:
        page(colours + SQUARE, ColorSpace={"/U": Array([Name.Pattern, Name.DeviceRGB])})(document)
        tile = document.make_stream(content)
        tile.stream_dict = Dictionary(
            PatternType=1, PaintType=kind, TilingType=1, BBox=[0, 0, 9, 9], XStep=9, YStep=9, Resources=Dictionary()
        )
        document.pages[0].Resources.Pattern = Dictionary(P=tile)

    return change


def test_what_a_pattern_paints_counts() -> None:
    assert broken(made(pattern(b"0 0 0 1 k 0 0 5 5 re f", 1))) == {"6.2.4.3-t03"}
    assert broken(made(pattern(b"0 g 0 0 5 5 re f", 1))) == set()


def test_colours_of_an_uncoloured_pattern_do_not() -> None:
    assert broken(made(pattern(b"0 0 0 1 k 0 0 5 5 re f", 2, b"/U cs 1 0 0 /P scn "))) == set()


@pytest.mark.parametrize("entries", [{"ca": 0.5}, {"BM": Name.Multiply}, {"SMask": Dictionary(S=Name.Alpha)}])
def test_transparency_without_a_space_to_blend_in(entries: dict[str, object]) -> None:
    def change(document: Pdf) -> None:
        page(b"/C cs /GS gs " + SQUARE, intended=False, ColorSpace={"/C": CALIBRATED})(document)
        document.pages[0].Resources.ExtGState = Dictionary(GS=Dictionary(**entries))

    assert broken(made(change)) == {"6.2.10-t02"}


def test_a_finding_names_page_and_object() -> None:
    from billingua import pdf

    [finding] = pdf.check(made(page(b"0 0 0 1 k " + SQUARE))).findings
    assert finding.rule == "PDFA-6.2.4.3-t03"
    assert finding.values["page"] == "1"
    assert finding.path.endswith("obj /Contents")
    assert "CMYK" in finding.message
    assert finding.hint


def test_a_content_stream_that_cannot_be_decoded() -> None:
    def change(document: Pdf) -> None:
        document.pages[0].Contents = document.make_stream(b"no such data", Filter=Name.FlateDecode)

    assert "6.1.1-t01" in broken(made(change))


def test_operands_at_the_end_are_left_alone() -> None:
    assert broken(made(page(b"q Q 1 0 0"))) == set()


def test_forms_that_paint_each_other_end() -> None:
    def change(document: Pdf) -> None:
        form(b"/Fm Do " + SQUARE)(document)
        shown = document.pages[0].Resources.XObject.Fm
        shown.Resources = Dictionary(XObject=Dictionary(Fm=shown))

    assert broken(made(change)) == set()


def test_pixels_are_not_read() -> None:
    assert broken(made(image(b"no such data", Filter=Name.FlateDecode))) == set()


def test_a_content_stream_that_unfolds_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def change(document: Pdf) -> None:
        document.pages[0].Contents = document.make_stream(zlib.compress(b" " * 200_000), Filter=Name.FlateDecode)

    data = made(change)
    assert broken(data) == set()
    monkeypatch.setattr("billingua.pdf.pdfa.content.walk.MAX_STREAM", 100_000)
    monkeypatch.setattr("billingua.pdf.document.decoded.__defaults__", (100_000, ""))
    assert "6.1.1-t01" in broken(data)
