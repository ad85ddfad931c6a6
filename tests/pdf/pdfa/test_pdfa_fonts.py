"""Clause 6.2.11: fonts made here that keep it, and the same fonts with one thing wrong."""

from collections.abc import Callable

import pytest
from pdfa_files import broken, made
from pikepdf import Array, Dictionary, Name, Pdf

from pdfa_fonts import MAC, SYMBOLS, UNICODE, cff, cmap, composite, simple, true_type, type1

FontOf = Callable[[Pdf], Dictionary]

AB = "(AB) Tj"


def shown(font: FontOf, text: str = AB) -> Callable[[Pdf], object]:
    """A page that shows a text in a font; its colours need no output intent."""

    def change(document: Pdf) -> None:
        page = document.pages[0]
        page.Contents = document.make_stream(f"/G cs BT /F 9 Tf 10 10 Td {text} ET".encode("latin-1"))
        space = Array([Name.CalGray, Dictionary(WhitePoint=[1, 1, 1])])
        page.Resources = Dictionary(ColorSpace=Dictionary(G=space), Font=Dictionary(F=font(document)))

    return change


def of(kind: str, **entries: object) -> FontOf:
    def font(document: Pdf) -> Dictionary:
        ready = {key: value(document) if callable(value) else value for key, value in entries.items()}
        return composite(document, **ready) if kind == "Type0" else simple(document, kind, **ready)

    return font


def type3(**entries: object) -> FontOf:
    def font(document: Pdf) -> Dictionary:
        usual: dict[str, object] = {
            "Type": Name.Font,
            "Subtype": Name.Type3,
            "FontBBox": Array([0, 0, 9, 9]),
            "FontMatrix": Array([1, 0, 0, 1, 0, 0]),
            "FirstChar": 65,
            "LastChar": 65,
            "Widths": Array([7]),
            "Encoding": Dictionary(Differences=Array([65, Name.square])),
            "CharProcs": Dictionary(square=document.make_stream(b"7 0 0 0 5 5 d1 0 0 5 5 re f")),
            "Resources": Dictionary(),
        }
        return Dictionary(**usual | entries)

    return font


SYMBOLIC = {"Flags": 4}
SUBSET = Name("/ABCDEF+Made")
OF_TWO = Dictionary(Registry="Adobe", Ordering="Identity", Supplement=2)
OF_ONE = Dictionary(Registry="Adobe", Ordering="Identity", Supplement=1)
TO_CIDS = b"1 begincidrange <0041> <0042> 1 endcidrange"
CODES = "<00410042> Tj"
GLYPHS = "<00010002> Tj"

SOUND = [
    (of("TrueType"), AB),
    (of("TrueType", Encoding=Name.MacRomanEncoding, program=true_type(MAC)), AB),
    (of("TrueType", Encoding=None, descriptor=SYMBOLIC, program=true_type(SYMBOLS)), AB),
    (of("TrueType", Encoding=None, descriptor=SYMBOLIC, program=true_type(MAC)), AB),
    (of("Type1"), AB),
    (of("Type1", Encoding=None), AB),
    (of("Type1", program=type1(hexadecimal=True)), AB),
    (of("Type1C"), AB),
    (of("Type1C", Encoding=Dictionary(Differences=Array([66, Name.A])), Widths=Array([600, 600])), AB),
    (of("Type0"), GLYPHS),
    (of("Type0", Encoding=cmap(TO_CIDS, CMapName=Name.Own, CIDSystemInfo=OF_ONE)), CODES),
    (type3(), "(A) Tj"),
]


@pytest.mark.parametrize(("font", "text"), SOUND, ids=[str(number) for number in range(len(SOUND))])
def test_sound_fonts(font: FontOf, text: str) -> None:
    assert broken(made(shown(font, text))) == set()


WRONG: list[tuple[str, FontOf, str]] = [
    ("6.2.11.2-t01", of("Type1", Type=Name.Fount), AB),
    ("6.2.11.2-t02", of("Type1", Subtype=Name.Type9), AB),
    ("6.2.11.2-t03", of("Type1", BaseFont=None), AB),
    ("6.2.11.2-t04", of("Type1", FirstChar=None), AB),
    ("6.2.11.2-t05", of("Type1", LastChar=None), AB),
    ("6.2.11.2-t06", of("Type1", Widths=None), AB),
    ("6.2.11.2-t06", of("Type1", LastChar=67), AB),
    ("6.2.11.3.1-t01", of("Type0", Encoding=Name("/UniJIS-UCS2-H")), CODES),
    (
        "6.2.11.3.1-t01",
        of("Type0", Encoding=cmap(TO_CIDS, CMapName=Name.Own, CIDSystemInfo=OF_ONE), below_CIDSystemInfo=OF_TWO),
        CODES,
    ),
    ("6.2.11.3.2-t01", of("Type0", below_CIDToGIDMap=None), GLYPHS),
    ("6.2.11.3.3-t01", of("Type0", Encoding=Name.Elsewhere), CODES),
    ("6.2.11.3.3-t02", of("Type0", Encoding=cmap(TO_CIDS, CMapName=Name.Own, CIDSystemInfo=OF_ONE, WMode=1)), CODES),
    (
        "6.2.11.3.3-t03",
        of("Type0", Encoding=cmap(TO_CIDS, CMapName=Name.Own, CIDSystemInfo=OF_ONE, UseCMap=Name.Elsewhere)),
        CODES,
    ),
    ("6.2.11.4.1-t01", of("TrueType", program=b"no font"), AB),
    ("6.2.11.4.1-t01", of("Type1", program=b"no font"), AB),
    ("6.2.11.4.1-t01", of("Type1C", program=b"no font"), AB),
    ("6.2.11.4.1-t01", of("Type1", descriptor={"FontFile": None}), AB),
    ("6.2.11.4.1-t02", of("TrueType"), "(C) Tj"),
    ("6.2.11.4.1-t02", of("Type1"), "(C) Tj"),
    ("6.2.11.4.1-t02", of("Type1C"), "(C) Tj"),
    ("6.2.11.4.1-t02", of("Type0"), "<0009> Tj"),
    ("6.2.11.4.1-t02", type3(), "(B) Tj"),
    ("6.2.11.4.2-t01", of("Type1", BaseFont=SUBSET, descriptor={"CharSet": "/A"}), AB),
    ("6.2.11.4.2-t01", of("Type1C", BaseFont=SUBSET, descriptor={"CharSet": "/A/B/C"}), AB),
    ("6.2.11.4.2-t02", of("Type0", below_BaseFont=SUBSET, descriptor={"CIDSet": b"\xc0"}), GLYPHS),
    ("6.2.11.4.2-t02", of("Type0", below_BaseFont=SUBSET, descriptor={"CIDSet": b"\xf0"}), GLYPHS),
    ("6.2.11.5-t01", of("TrueType", Widths=Array([602, 700])), AB),
    ("6.2.11.5-t01", of("Type1", Widths=Array([600, 698])), AB),
    ("6.2.11.5-t01", of("Type1C", Widths=Array([600, 698])), AB),
    ("6.2.11.5-t01", of("Type0", below_W=Array([1, 2, 650])), GLYPHS),
    ("6.2.11.5-t01", of("Type0", below_W=None), GLYPHS),
    ("6.2.11.5-t01", type3(Widths=Array([9])), "(A) Tj"),
    ("6.2.11.6-t01", of("TrueType", program=true_type(SYMBOLS)), AB),
    ("6.2.11.6-t02", of("TrueType", Encoding=None), AB),
    ("6.2.11.6-t02", of("TrueType", Encoding=Dictionary(Differences=Array([65, Name.A]))), AB),
    (
        "6.2.11.6-t02",
        of("TrueType", Encoding=Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([67, Name.myown]))),
        AB,
    ),
    ("6.2.11.6-t03", of("TrueType", descriptor=SYMBOLIC, program=true_type(SYMBOLS)), AB),
    ("6.2.11.6-t04", of("TrueType", Encoding=None, descriptor=SYMBOLIC, program=true_type(UNICODE + MAC)), AB),
    ("6.2.11.8-t01", of("Type1"), r"(\001) Tj"),
    ("6.2.11.8-t01", of("TrueType", Encoding=None, descriptor=SYMBOLIC, program=true_type(MAC)), r"(\000) Tj"),
    ("6.2.11.8-t01", of("Type0"), "<0000> Tj"),
]


@pytest.mark.parametrize(("rule", "font", "text"), WRONG, ids=[f"{row[0]}-{n}" for n, row in enumerate(WRONG)])
def test_one_thing_wrong(rule: str, font: FontOf, text: str) -> None:
    assert rule in broken(made(shown(font, text)))


@pytest.mark.parametrize(
    ("font", "text"),
    [
        (of("Type1", BaseFont=SUBSET, descriptor={"CharSet": "/A/B"}), AB),
        (of("Type1", descriptor={"CharSet": "/A"}), AB),
        (of("Type0", below_BaseFont=SUBSET, descriptor={"CIDSet": b"\xe0"}), GLYPHS),
        (of("Type0", descriptor={"CIDSet": b"\x80"}), GLYPHS),
        (of("Type1", Widths=Array([601, 699])), AB),
        (of("Type0", below_W=Array([1, 1, 600, 2, 2, 700])), GLYPHS),
        (of("Type0", below_W=None, below_DW=600), "<0001> Tj"),
        (of("TrueType", program=true_type(UNICODE + SYMBOLS)), AB),
        (of("TrueType", Encoding=Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=Array([66, Name.B]))), AB),
        (of("TrueType", Encoding=None, descriptor=SYMBOLIC, program=true_type(MAC + SYMBOLS)), AB),
    ],
)
def test_what_is_near_to_wrong_and_is_not(font: FontOf, text: str) -> None:
    assert broken(made(shown(font, text))) == set()


def test_a_format_pdf_does_not_take() -> None:
    def font(document: Pdf) -> Dictionary:
        found = simple(document, "Type1C")
        found.FontDescriptor.FontFile3.Subtype = Name.Type2C
        return found

    assert broken(made(shown(font))) == {"6.2.11.2-t07", "6.2.11.4.1-t01"}


def test_a_font_that_shows_nothing_may_be_missing() -> None:
    bare = of("Type1", FontDescriptor=None, BaseFont=Name.Helvetica)
    assert broken(made(shown(bare))) == {"6.2.11.4.1-t01"}
    assert broken(made(shown(bare, ""))) == set()
    assert broken(made(shown(bare, "3 Tr (AB) Tj"))) == set()
    assert broken(made(shown(bare, "3 Tr (AB) Tj 0 Tr (A) Tj"))) == {"6.2.11.4.1-t01"}


def test_invisible_glyphs_may_have_any_width() -> None:
    wide = of("Type1", Widths=Array([900, 900]))
    assert broken(made(shown(wide, "3 Tr (AB) Tj"))) == set()
    assert broken(made(shown(wide, "3 Tr (AB) Tj 0 Tr (A) Tj"))) == {"6.2.11.5-t01"}


def test_every_way_to_show_text_counts() -> None:
    for text in ("(C) Tj", "[(A) -20 (C)] TJ", "(C) '", '0 0 (C) "'):
        assert broken(made(shown(of("Type1C"), text))) >= {"6.2.11.4.1-t02"}


def to_unicode(lines: bytes) -> Callable[[Pdf], object]:
    return cmap(lines)


TEXTS = [
    (of("Type0"), GLYPHS, {"6.2.11.7.2-t01"}),
    (of("Type0", ToUnicode=to_unicode(b"2 beginbfchar <0001> <0041> <0002> <0042> endbfchar")), GLYPHS, set()),
    (of("Type0", ToUnicode=to_unicode(b"1 beginbfrange <0001> <0002> <0041> endbfrange")), GLYPHS, set()),
    (of("Type0", ToUnicode=to_unicode(b"1 beginbfrange <0001> <0002> [<0041> <0042>] endbfrange")), GLYPHS, set()),
    (of("Type0", ToUnicode=to_unicode(b"1 beginbfchar <0001> <0041> endbfchar")), GLYPHS, {"6.2.11.7.2-t01"}),
    (
        of("Type0", ToUnicode=to_unicode(b"2 beginbfchar <0001> <FEFF> <0002> <0042> endbfchar")),
        GLYPHS,
        {"6.2.11.7.2-t02"},
    ),
    (of("Type0", ToUnicode=to_unicode(b"1 beginbfrange <0001> <0002> <0000> endbfrange")), GLYPHS, {"6.2.11.7.2-t02"}),
    (of("Type1"), AB, set()),
    (of("Type1", Encoding=None), AB, set()),
    (type3(), "(A) Tj", {"6.2.11.7.2-t01"}),
    (type3(ToUnicode=Name("/Identity-H")), "(A) Tj", set()),
]


@pytest.mark.parametrize(("font", "text", "rules"), TEXTS, ids=[str(number) for number in range(len(TEXTS))])
def test_text_as_unicode_at_level_u(font: FontOf, text: str, rules: set[str]) -> None:
    data = made(shown(font, text))
    assert broken(data, "3u") - {"6.6.4-t03"} == rules
    assert broken(data, "3b") == set()


def test_private_characters_need_actual_text_at_level_a() -> None:
    private = of("Type0", ToUnicode=to_unicode(b"1 beginbfrange <0001> <0002> <E001> endbfrange"))
    rule = "6.2.11.7.3-t01"
    assert rule in broken(made(shown(private, GLYPHS)), "3a")
    assert rule not in broken(made(shown(private, GLYPHS)), "3u")
    assert rule not in broken(made(shown(private, f"/Span << /ActualText (AB) >> BDC {GLYPHS} EMC")), "3a")
    assert rule in broken(made(shown(private, f"/Span << /ActualText (AB) >> BDC EMC {GLYPHS}")), "3a")


def test_actual_text_may_stand_in_the_structure() -> None:
    private = of("Type0", ToUnicode=to_unicode(b"1 beginbfrange <0001> <0002> <E001> endbfrange"))

    def structured(**entries: str) -> Callable[[Pdf], object]:
        def change(document: Pdf) -> None:
            shown(private, f"/Span << /MCID 0 >> BDC {GLYPHS} EMC")(document)
            document.pages[0].StructParents = 0
            element = Dictionary(Type=Name.StructElem, S=Name.Span, **entries)
            document.Root.StructTreeRoot = Dictionary(ParentTree=Dictionary(Nums=Array([0, Array([element])])))

        return change

    assert "6.2.11.7.3-t01" in broken(made(structured()), "3a")
    assert "6.2.11.7.3-t01" not in broken(made(structured(ActualText="AB")), "3a")


def test_a_cid_keyed_program() -> None:
    def font(document: Pdf) -> Dictionary:
        found = composite(document, below_Subtype=Name.CIDFontType0, below_CIDToGIDMap=None)
        descriptor = found.DescendantFonts[0].FontDescriptor
        del descriptor.FontFile2
        descriptor.FontFile3 = document.make_stream(cff())
        descriptor.FontFile3.Subtype = Name.CIDFontType0C
        return found

    assert broken(made(shown(font, GLYPHS))) == set()
    assert broken(made(shown(font, "<0003> Tj"))) >= {"6.2.11.4.1-t02"}


def test_a_finding_counts_the_codes_and_names_the_font() -> None:
    from billingua import pdf

    [finding] = pdf.check(made(shown(of("Type1", Widths=Array([900, 900]))))).findings
    assert finding.rule == "PDFA-6.2.11.5-t01"
    assert finding.values["font"] == "Made"
    assert finding.values["codes"] == "2"
    assert "600" in finding.message
    assert "900" in finding.message
