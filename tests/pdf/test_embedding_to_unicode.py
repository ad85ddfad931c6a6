"""Fonts that do not tell their text get a map of it, as far as their programs know the letters."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest
from making import CII
from pikepdf import Dictionary, Name, Pdf

from billingua import pdf
from pdfa_fonts import cff, composite

CONTENT = b"BT /F1 20 Tf 20 100 Td <00010002> Tj ET"


def page_with(font: object) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page(page_size=(200, 200))
        page = document.pages[0].obj
        page.Contents = document.make_stream(CONTENT)
        made = font(document) if callable(font) else font
        page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(made)))
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def outlines(document: Pdf) -> Dictionary:
    """The font over a CFF program, whose glyphs have names."""
    program = document.make_stream(cff())
    program.Subtype = Name.CIDFontType0C
    font = composite(document, below_Subtype=Name.CIDFontType0, below_CIDToGIDMap=None)
    descriptor = font.DescendantFonts[0].FontDescriptor
    del descriptor.FontFile2
    descriptor.FontFile3 = program
    return font


def text_of(data: bytes) -> str:
    return str(pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()).strip()


@pytest.mark.parametrize("font", [composite, outlines])
def test_the_text_can_be_taken_out(font: object) -> None:
    plain = page_with(font)
    assert text_of(plain) != "AB"
    hybrid = pdf.embed(plain, CII)
    assert text_of(hybrid) == "AB"
    assert not [one for one in pdf.check(hybrid, "3u").findings if one.rule.startswith("PDFA-6.2.11.7")]


def test_a_map_that_is_there_stays() -> None:
    own = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfchar <0001> <0058> endbfchar"
    hybrid = pdf.embed(page_with(lambda document: composite(document, ToUnicode=document.make_stream(own))), CII)
    with pikepdf.open(BytesIO(hybrid)) as document:
        assert document.pages[0].Resources.Font.F1.ToUnicode.read_bytes() == own
