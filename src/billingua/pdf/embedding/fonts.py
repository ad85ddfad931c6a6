"""Fonts that a PDF uses and does not carry: the standard 14 are embedded, any other ends the work."""

import hashlib
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize

from billingua.errors import PdfError
from billingua.pdf.document import pikepdf_loaded
from billingua.pdf.embedding.scopes import Shown, shown_text
from billingua.pdf.embedding.standard import Wanted, built_in, program, standard_name, widths

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["embed_fonts"]

_SIMPLE: Final = frozenset({"/Type1", "/TrueType", "/MMType1"})
_PROGRAMS: Final = ("/FontFile", "/FontFile2", "/FontFile3")


def embed_fonts(pdf: "Pdf") -> None:
    """Give every font that shows text a program.

    Raises:
        PdfError: a font is not embedded, and is none of the standard 14 or lacks a glyph.
    """
    if not any(_bare(font) for font in _all_fonts(pdf)):
        return
    shown = shown_text(pdf)
    programs: dict[Any, Object] = {}
    for font in _all_fonts(pdf):
        if _bare(font) and font.objgen in shown:
            _embed(pdf, font, shown[font.objgen], programs)


def _all_fonts(pdf: "Pdf") -> "list[Object]":
    pikepdf = pikepdf_loaded()
    found = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and _is_font(one)]
    # Fonts that stand directly in the resources get an object of their own when the text is looked at.
    if not found:
        for page in pdf.pages:
            resources = page.obj.get("/Resources")
            named = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
            if isinstance(named, pikepdf.Dictionary):
                found += [named[key] for key in list(named.keys()) if isinstance(named[key], pikepdf.Dictionary)]
    return found


def _is_font(thing: "Object") -> bool:
    return thing.get("/Type") == "/Font" or (thing.get("/Subtype") in _SIMPLE and "/BaseFont" in thing)


def _bare(font: "Object") -> bool:
    """Whether a font has no program."""
    pikepdf = pikepdf_loaded()
    kind = font.get("/Subtype")
    if kind == "/Type0":
        below: Any = font.get("/DescendantFonts")
        font = below[0] if isinstance(below, pikepdf.Array) and len(below) else font
        if not isinstance(font, pikepdf.Dictionary):
            return False
    elif kind not in _SIMPLE:
        return False
    descriptor = font.get("/FontDescriptor")
    return not (
        isinstance(descriptor, pikepdf.Dictionary)
        and any(isinstance(descriptor.get(key), pikepdf.Stream) for key in _PROGRAMS)
    )


def _embed(pdf: "Pdf", font: "Object", shown: Shown, programs: "dict[Any, Object]") -> None:
    pikepdf = pikepdf_loaded()
    called = str(font.get("/BaseFont", "/"))[1:] or "without a name"
    name = standard_name(called) if font.get("/Subtype") in _SIMPLE else ""
    if not name:
        raise _missing(font, called, shown, "The font is not embedded, and is none of the standard 14.")
    glyphs = _glyphs(font, name)
    advances = widths(name)
    stated = _stated_widths(font)
    wanted: dict[int, Wanted] = {}
    for code in sorted(shown.codes):
        glyph, char = glyphs.get(code, ("", ""))
        if glyph in advances and glyph != "space":
            wanted[code] = Wanted(glyph, stated.get(code, float(advances[glyph])), "")
        elif char:
            base = advances.get(_usual(normalize("NFD", char)[0]), 0)
            wanted[code] = Wanted(glyph, stated.get(code, float(base)), char)
        else:
            # Nothing is drawn for a space or a code without a glyph, but the text moves on.
            width = stated.get(code, float(advances["space"]) if glyph == "space" else 0.0)
            plain = glyph == "space" and width == advances["space"]
            wanted[code] = Wanted("space" if plain else f"blank{code}", width, " ")
    taken: dict[str, float] = {}
    for one in wanted.values():
        if taken.setdefault(one.glyph, one.width) != one.width:
            raise _missing(font, called, shown, f"Its widths give the glyph {one.glyph} two widths.")
    key = (name, frozenset(wanted.values()))
    try:
        data = program(*key)
    except LookupError as error:
        raise _missing(font, called, shown, f"The font is not embedded, and has no glyph for {error}.") from None
    if key not in programs:
        stream = pdf.make_stream(data)
        stream.Subtype = pikepdf.Name.Type1C
        programs[key] = stream
    first, last = min(wanted, default=32), max(wanted, default=32)
    font.Type = pikepdf.Name.Font
    font.Subtype = pikepdf.Name.Type1
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    font.BaseFont = pikepdf.Name(f"/{tag}+{name}")
    font.FirstChar, font.LastChar = first, last
    font.Widths = pikepdf.Array(
        [_number(wanted[code].width) if code in wanted else 0 for code in range(first, last + 1)]
    )
    _encode(font, name, wanted)
    font.FontDescriptor = pdf.make_indirect(_descriptor(name, programs[key], font.BaseFont))


def _missing(font: "Object", called: str, shown: Shown, what: str) -> PdfError:
    return PdfError(
        f"{what[:-1]}: {called}.",
        where=f"page {shown.page}, object {font.objgen[0]} {font.objgen[1]}",
        todo="Have the program that made the PDF embed all fonts.",
        page=shown.page,
        object=f"{font.objgen[0]} {font.objgen[1]}",
    )


def _glyphs(font: "Object", name: str) -> dict[int, tuple[str, str]]:
    """By code: the name of the glyph, and the character where the standard fonts have no such glyph."""
    from fontTools.agl import toUnicode

    pikepdf = pikepdf_loaded()
    encoding = font.get("/Encoding")
    base = encoding.get("/BaseEncoding") if isinstance(encoding, pikepdf.Dictionary) else encoding
    own = built_in(name)
    if own:
        glyphs = dict(own)
    elif base in ("/WinAnsiEncoding", "/MacRomanEncoding"):
        glyphs = dict(_encoding(str(base)))
    elif font.get("/Subtype") == "/TrueType":
        glyphs = dict(_encoding("/WinAnsiEncoding"))
    else:
        # Where the standard encoding has nothing, viewers show the letters of Latin-1.
        latin = {code: glyph for code, glyph in _encoding("/WinAnsiEncoding").items() if code >= 0xA0}
        glyphs = latin | _encoding("/StandardEncoding")
    differences = encoding.get("/Differences") if isinstance(encoding, pikepdf.Dictionary) else None
    code = 0
    for item in differences if isinstance(differences, pikepdf.Array) else ():
        if isinstance(item, pikepdf.Name):
            glyphs[code] = str(item)[1:]
            code += 1
        elif isinstance(item, int):
            code = item
    known = widths(name)
    found = {}
    for code, glyph in glyphs.items():
        char = "" if glyph in known or glyph == ".notdef" else toUnicode(glyph)
        if char and (usual := _usual(char)) in known:
            glyph, char = usual, ""
        found[code] = (glyph, char)
    return found


@cache
def _encoding(name: str) -> dict[int, str]:
    """The glyph names of an encoding by code."""
    if name == "/WinAnsiEncoding":
        from fontTools.agl import UV2AGL

        chars = {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}
        found = {code: UV2AGL.get(ord(char), "bullet") for code, char in chars.items()}
        return found | {0x7F: "bullet", 0xA0: "space", 0xAD: "hyphen", 0xB5: "mu"}
    module = import_module(f"fontTools.encodings.{'MacRoman' if name == '/MacRomanEncoding' else 'StandardEncoding'}")
    listed = getattr(module, module.__name__.rpartition(".")[2])
    return {code: glyph for code, glyph in enumerate(listed) if glyph != ".notdef"}


_DOUBLES: Final = {"\u00a0": "space", "\u00ad": "hyphen", "\u2010": "hyphen", "\u2011": "hyphen", "\u03bc": "mu",
                   "\u2215": "fraction", "\u2219": "periodcentered", "\u2212": "minus", "\u0110": "Eth",
                   "\u02c9": "macron"}  # fmt: skip


def _usual(char: str) -> str:
    """The name of the glyph that a character has in the standard fonts."""
    from fontTools.agl import UV2AGL

    return _DOUBLES.get(char) or (str(UV2AGL.get(ord(char), "")) if len(char) == 1 else "")


def _stated_widths(font: "Object") -> dict[int, float]:
    pikepdf = pikepdf_loaded()
    listed = font.get("/Widths")
    first = font.get("/FirstChar", 0)
    if not isinstance(listed, pikepdf.Array) or not isinstance(first, int):
        return {}
    return {first + place: float(width) for place, width in enumerate(listed) if _is_number(width)}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _number(width: float) -> Any:
    return int(width) if width == int(width) else Decimal(f"{width:.3f}")


def _encode(font: "Object", name: str, wanted: dict[int, Wanted]) -> None:
    """Write the encoding where the one that the font has does not name the glyphs of its new program."""
    pikepdf = pikepdf_loaded()
    encoding = font.get("/Encoding")
    plain = encoding if isinstance(encoding, pikepdf.Name) else None
    if plain in ("/WinAnsiEncoding", "/MacRomanEncoding") and not built_in(name):
        usual = _encoding(str(plain))
        if all(usual.get(code) == one.glyph for code, one in wanted.items()):
            return
    differences = pikepdf.Array()
    at = None
    for code, one in sorted(wanted.items()):
        if code != at:
            differences.append(code)
        differences.append(pikepdf.Name("/" + one.glyph))
        at = code + 1
    font.Encoding = pikepdf.Dictionary(Type=pikepdf.Name.Encoding, Differences=differences)


_SHAPES: Final = {
    "Helvetica": (32, (-166, -225, 1000, 931), 718, -207, 718, 88),
    "Times": (34, (-168, -281, 1000, 935), 683, -217, 662, 84),
    "Courier": (33, (-46, -250, 650, 805), 629, -157, 562, 51),
    "Symbol": (4, (-180, -293, 1090, 1010), 1010, -293, 1010, 85),
    "ZapfDingbats": (4, (-1, -143, 981, 820), 820, -143, 820, 90),
}
"""Flags, box, ascent, descent, height of capitals and thickness of stems."""


def _descriptor(name: str, stream: "Object", called: "Object") -> "Object":
    pikepdf = pikepdf_loaded()
    flags, box, ascent, descent, capital, stem = _SHAPES[name.partition("-")[0]]
    slanted = "Oblique" in name or "Italic" in name
    descriptor: Object = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=called,
        Flags=flags | (64 if slanted else 0),
        FontBBox=pikepdf.Array(box),
        ItalicAngle=-12 if slanted else 0,
        Ascent=ascent,
        Descent=descent,
        CapHeight=capital,
        StemV=stem + (50 if "Bold" in name else 0),
        FontFile3=stream,
    )
    return descriptor
