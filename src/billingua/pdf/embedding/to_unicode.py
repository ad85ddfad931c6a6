"""The text of fonts that do not tell it: ToUnicode for composite fonts, as far as their programs know the letters.

A viewer shows such text, but cannot search or copy it. Fonts with names or an encoding of letters need no such map.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.document import pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["map_to_unicode"]

_IDENTITY: Final = frozenset({"/Identity-H", "/Identity-V"})
_MAPS: Final = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))
"""The character maps of TrueType whose codes are Unicode: platform and encoding, the widest first."""

_BLOCK: Final = 100
"""A CMap lists so many codes at a time (PDF 32000-1, 9.10.3)."""

_FORBIDDEN: Final = frozenset({0x0000, 0xFEFF, 0xFFFE})
"""What no code may stand for (ISO 19005-2, 6.2.11.7.2)."""


def map_to_unicode(pdf: "Pdf") -> None:
    """Give composite fonts whose codes are CIDs a ToUnicode CMap, where they have none."""
    pikepdf = pikepdf_loaded()
    for font in [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]:
        if font.get("/Subtype") == "/Type0" and font.get("/Encoding") in _IDENTITY and "/ToUnicode" not in font:
            letters = dict(sorted(_letters(font)))
            if letters:
                font.ToUnicode = pdf.make_stream(_cmap(letters))


def _letters(font: "Object") -> Iterator[tuple[int, str]]:
    """The text of each CID whose glyph the program has a letter for."""
    from billingua.pdf.pdfa.fonts.cff import Cff
    from billingua.pdf.pdfa.fonts.encodings import unicode_of
    from billingua.pdf.pdfa.fonts.faces import face_of
    from billingua.pdf.pdfa.fonts.truetype import TrueType

    face: Any = face_of(font)
    program = None if face is None else face.program
    if isinstance(program, TrueType):
        known = _first_letters(program)
        for cid in face.cids():
            glyph = face.glyph(cid)
            if cid and glyph in known:
                yield cid, chr(known[glyph])
    elif isinstance(program, Cff) and not program.keyed_by_cid:
        for called, number in program.numbers.items():
            text = unicode_of(called)
            if number and text is not None and text.strip():
                yield number, text


def _first_letters(program: Any) -> dict[int, int]:
    """The lowest character that each glyph of a TrueType program is drawn for."""
    found: dict[int, int] = {}
    for platform, encoding in _MAPS:
        for code, glyph in sorted((program.map(platform, encoding) or {}).items()):
            if code not in _FORBIDDEN and not 0xD800 <= code < 0xE000:
                found.setdefault(glyph, code)
    return found


def _cmap(letters: dict[int, str]) -> bytes:
    """A ToUnicode CMap of two-byte codes."""
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    listed = [f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in letters.items()]
    for start in range(0, len(listed), _BLOCK):
        block = listed[start : start + _BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines += ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", ""]
    return "\n".join(lines).encode("ascii")
