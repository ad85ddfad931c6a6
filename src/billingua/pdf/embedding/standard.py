"""The 14 standard fonts, which a PDF may use without carrying them, and programs that take their place.

The programs are those that PDFium (BSD licence) has for this purpose: the package pypdfium2 brings them. Their advance
widths are those of the standard fonts, but for a few glyphs, which are brought to measure here.
"""

import re
from collections.abc import Mapping
from ctypes import byref, c_size_t, c_uint8
from functools import cache
from io import BytesIO
from threading import Lock
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from billingua.errors import MissingExtra
from billingua.resources import cells_of, table_beside

__all__ = ["Wanted", "built_in", "program", "standard_name", "widths"]

_pdfium = Lock()
"""PDFium is not made for several threads at a time."""

_FAMILIES: Final = (
    ("Helvetica", re.compile(r"helvetica(?:lt)?(?:std)?|arial(?:mt)?")),
    ("Times", re.compile(r"timesnewroman(?:ps)?(?:mt)?|times(?:roman|lt)?(?:std)?")),
    ("Courier", re.compile(r"couriernew(?:ps)?(?:mt)?|courier(?:std)?")),
)
_STYLE: Final = re.compile(r"(bold|italic|oblique|regular|roman|normal|mt|ps|std)+")
_SYMBOLS: Final = {"symbol": "Symbol", "symbolmt": "Symbol", "zapfdingbats": "ZapfDingbats"}
_COURIER: Final = 600


class Wanted(NamedTuple):
    """A glyph that a font has to have: its name, its advance width, and "" or the character that it stands for."""

    glyph: str
    width: float
    char: str = ""


def standard_name(base_font: str) -> str:
    """The standard font that a font name means (`Arial,Bold` is `Helvetica-Bold`); "" if it means none."""
    name = re.sub(r"^[A-Z]{6}\+", "", base_font)
    name = re.sub(r"[\s,_-]", "", name).lower()
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    for family, pattern in _FAMILIES:
        match = pattern.match(name)
        if match is None:
            continue
        style = name[match.end() :]
        if style and not _STYLE.fullmatch(style):
            return ""
        bold, italic = "bold" in style, "italic" in style or "oblique" in style
        if family == "Times":
            return "Times-" + (("Bold" * bold + "Italic" * italic) or "Roman")
        return f"{family}-{'Bold' * bold}{'Oblique' * italic}".rstrip("-")
    return ""


@cache
def widths(name: str) -> Mapping[str, int]:
    """The advance widths of a standard font by glyph name, in thousandths of the font size."""
    if name in _SYMBOLS.values():
        return {glyph: int(width) for font, _, glyph, width in _symbols() if font == name}
    header, *rows = cells_of(table_beside(__file__, "widths.tsv"))
    if name.startswith("Courier"):
        return {row[0]: _COURIER for row in rows}
    column = header.index(name.replace("Oblique", "").rstrip("-"))
    return {row[0]: int(row[column]) for row in rows}


@cache
def built_in(name: str) -> Mapping[int, str]:
    """The glyph names by code that a symbol font has of its own; nothing for a font of letters."""
    return {int(code): glyph for font, code, glyph, _ in _symbols() if font == name}


@cache
def _symbols() -> list[list[str]]:
    return cells_of(table_beside(__file__, "symbols.tsv"))[1:]


@cache
def program(name: str, wanted: frozenset[Wanted]) -> bytes:
    """The program (bare CFF) of a standard font, with the wanted glyphs alone, in the wanted widths.

    Raises:
        MissingExtra: the package that brings the fonts, or fontTools, is not installed.
        LookupError: a glyph is wanted that the font has not, and that cannot be put together.
    """
    have = _advances(name)
    fonts = _fonts(_raw(name))
    _change(fonts, have, [one for one in sorted(wanted) if abs(have.get(one.glyph, -1) - one.width) > 0.5])
    _cut(fonts[0], sorted({one.glyph for one in wanted}))
    out = BytesIO()
    fonts.compile(out, SimpleNamespace(recalcBBoxes=False))
    return out.getvalue()


def _cut(font: Any, kept: list[str]) -> None:
    """Leave only some glyphs in a font."""
    glyphs = font.CharStrings
    order = [".notdef", *(glyph for glyph in kept if glyph != ".notdef")]
    glyphs.charStringsIndex.items = [glyphs.charStringsIndex[glyphs.charStrings[glyph]] for glyph in order]
    glyphs.charStringsIndex.offsets = None
    glyphs.charStrings = {glyph: number for number, glyph in enumerate(order)}
    font.charset = order


@cache
def _raw(name: str) -> bytes:
    """The font program as PDFium has it."""
    try:
        import pypdfium2.raw as pdfium
    except ImportError:
        raise MissingExtra("pypdfium2", "pdf", f"Embedding the standard font {name}") from None
    with _pdfium:
        document = pdfium.FPDF_CreateNewDocument()
        font = pdfium.FPDFText_LoadStandardFont(document, name.encode())
        size = c_size_t()
        pdfium.FPDFFont_GetFontData(font, None, 0, byref(size))
        buffer = (c_uint8 * size.value)()
        pdfium.FPDFFont_GetFontData(font, buffer, size.value, byref(size))
        pdfium.FPDFFont_Close(font)
        pdfium.FPDF_CloseDocument(document)
    return bytes(buffer)


def _fonts(data: bytes) -> Any:
    """The font set of a bare CFF program."""
    try:
        from fontTools.cffLib import CFFFontSet
    except ImportError:
        raise MissingExtra("fonttools", "pdf", "Embedding fonts") from None
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(data), None)
    return fonts


@cache
def _advances(name: str) -> Mapping[str, float]:
    """The advance widths in the program, by glyph name."""
    from fontTools.pens.basePen import NullPen

    font = _fonts(_raw(name))[0]
    found = {}
    for glyph in font.charset:
        outline = font.CharStrings[glyph]
        outline.draw(NullPen())
        found[glyph] = outline.width
    return found


def _change(fonts: Any, have: Mapping[str, float], changes: list[Wanted]) -> None:
    """Make some glyphs narrower or wider, or put them together from a letter and its mark."""
    from fontTools.pens.t2CharStringPen import T2CharStringPen

    font = fonts[0]
    glyphs = font.CharStrings
    for glyph, width, char in changes:
        pen = T2CharStringPen(width - font.Private.nominalWidthX, None)
        if char == " ":
            pass
        elif glyph in have:
            _draw(glyphs, glyph, pen, width / have[glyph] if have[glyph] else 1)
        else:
            _compose(glyphs, char, pen, width)
        outline = pen.getCharString(font.Private, fonts.GlobalSubrs)
        if glyph in glyphs:
            glyphs[glyph] = outline
        else:
            glyphs.charStrings[glyph] = len(glyphs.charStringsIndex)
            glyphs.charStringsIndex.append(outline)
            font.charset.append(glyph)


def _draw(glyphs: Any, glyph: str, pen: Any, scale: float = 1, x: float = 0, y: float = 0) -> None:
    from fontTools.pens.transformPen import TransformPen

    glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, 1, x, y)))


_MARKS: Final = {
    "\u0300": "grave", "\u0301": "acute", "\u0302": "circumflex", "\u0303": "tilde", "\u0304": "macron",
    "\u0306": "breve", "\u0307": "dotaccent", "\u0308": "dieresis", "\u030a": "ring", "\u030b": "hungarumlaut",
    "\u030c": "caron", "\u0326": "comma", "\u0327": "cedilla", "\u0328": "ogonek",
}  # fmt: skip
_CAPITAL: Final = 600
"""Letters higher than this have their marks raised."""


def _compose(glyphs: Any, char: str, pen: Any, width: float) -> None:
    """Draw a letter and its mark, each from the font itself."""
    import unicodedata

    from fontTools.agl import UV2AGL

    parts = unicodedata.normalize("NFD", char)
    base, mark = (UV2AGL.get(ord(parts[0]), ""), _MARKS.get(parts[1], "")) if len(parts) == 2 else ("", "")
    if base not in glyphs or mark not in glyphs:
        raise LookupError(char)
    left, _, right, top = _box(glyphs, base)
    mark_left, mark_bottom, mark_right, mark_top = _box(glyphs, mark)
    glyphs[base].draw(_nowhere())
    scale = width / glyphs[base].width if glyphs[base].width else 1
    _draw(glyphs, base, pen, scale)
    middle = (left + right) / 2 * scale
    if mark == "ogonek":
        _draw(glyphs, mark, pen, 1, right * scale - mark_right, 0)
    elif mark == "cedilla":
        _draw(glyphs, mark, pen, 1, middle - (mark_left + mark_right) / 2, 0)
    elif mark == "comma":
        _draw(glyphs, mark, pen, 1, middle - (mark_left + mark_right) / 2, -60 - mark_top)
    else:
        lift = top + 40 - mark_bottom if top > _CAPITAL else 0
        _draw(glyphs, mark, pen, 1, middle - (mark_left + mark_right) / 2, lift)


def _box(glyphs: Any, glyph: str) -> tuple[float, float, float, float]:
    from fontTools.pens.boundsPen import BoundsPen

    pen = BoundsPen(None)
    glyphs[glyph].draw(pen)
    bounds: tuple[float, float, float, float] = pen.bounds or (0, 0, 0, 0)
    return bounds


def _nowhere() -> Any:
    from fontTools.pens.basePen import NullPen

    return NullPen()
