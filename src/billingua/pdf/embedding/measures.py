"""Advance widths in TrueType programs, brought to those that the PDF moves the text by: the pages stay as they are."""

from collections.abc import Iterable
from functools import partial
from struct import pack_into, unpack_from
from typing import TYPE_CHECKING, Any, Final

from billingua.errors import UnreadableInput
from billingua.pdf.document import decoded, pikepdf_loaded
from billingua.pdf.embedding.scopes import shown_text

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["settle_widths"]

_IDENTITY: Final = frozenset({"/Identity-H", "/Identity-V"})
_UNITS: Final = 65_535


def settle_widths(pdf: "Pdf") -> None:
    """Write the widths that the font dictionaries state into the programs (6.2.11.5), where those are TrueType."""
    from billingua.pdf.pdfa.fonts.faces import face_of

    pikepdf = pikepdf_loaded()
    shown = shown_text(pdf)
    for font in [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/Font"]:
        face: Any = face_of(font) if font.objgen in shown else None
        if face is None or not hasattr(face.program, "advances"):
            continue
        if font.get("/Subtype") != "/Type0":
            codes: Iterable[int] = shown[font.objgen].codes
            program = font.FontDescriptor.get("/FontFile2")
        elif font.get("/Encoding") in _IDENTITY:
            codes = list(face.cids())
            program = font.DescendantFonts[0].FontDescriptor.get("/FontFile2")
        else:
            continue
        if isinstance(program, pikepdf.Stream):
            _settle(program, face, codes)


def _settle(stream: "Object", face: Any, codes: Iterable[int]) -> None:
    """Change the advance widths in a program in place."""
    glyphs: list[int] = []
    measured = face.program.width
    wanted: dict[int, float] = {}
    for code in codes:
        said = face.width_of_dictionary(code)
        if abs((face.width_of_program(code) or 0.0) - said) <= 1:
            continue
        face.program.width = partial(_note, glyphs)
        face.width_of_program(code)
        face.program.width = measured
        if glyphs and glyphs[-1]:
            wanted[glyphs[-1]] = said
    try:
        data = bytearray(decoded(stream))
    except UnreadableInput:
        return
    place = _table(data, b"hmtx")
    if place is None or not wanted:
        return
    for glyph, width in wanted.items():
        if glyph < len(face.program.advances):
            pack_into(">H", data, place + 4 * glyph, min(max(round(width / face.program.scale), 0), _UNITS))
    stream.write(bytes(data))


def _note(glyphs: list[int], glyph: int) -> float:
    """Note the glyph that a face asks the width of, which tells the number it has in the program."""
    glyphs.append(glyph)
    return 0.0


def _table(data: bytearray, tag: bytes) -> int | None:
    """Where a table of a TrueType program begins."""
    for number in range(unpack_from(">H", data, 4)[0]):
        at = 12 + 16 * number
        if data[at : at + 4] == tag:
            return int(unpack_from(">I", data, at + 8)[0])
    return None
