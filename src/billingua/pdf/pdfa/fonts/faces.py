"""A font as one who shows text meets it: the codes of a string, and the glyph, width and text of each code."""

import re
from collections.abc import Iterable
from typing import Any, Final, Protocol

import pikepdf

from billingua.pdf.pdfa.fonts.cff import Cff
from billingua.pdf.pdfa.fonts.cmap import CMap, cmap_of, to_unicode_of
from billingua.pdf.pdfa.fonts.encodings import (
    NOTDEF,
    Encoding,
    encoding_of,
    glyph_list,
    mac_codes,
    standard,
    table,
    unicode_of,
)
from billingua.pdf.pdfa.fonts.truetype import TrueType
from billingua.pdf.pdfa.fonts.type1 import Type1
from billingua.pdf.pdfa.values import Thing, array, data_of, dictionary, integer, name, number, stream, string

__all__ = ["Face", "descendant_of", "descriptor_of", "face_of", "is_symbolic"]

_SYMBOLIC: Final = 4
_FIRST_NUMBER: Final = re.compile(rb"(?:\s|%[^\r\n]*[\r\n])*([-+]?(?:\d+\.?\d*|\.\d+))")
"""A glyph description begins with its width, the first operand of d0 or d1."""


class Face(Protocol):
    """What a font says of the codes it is asked for. `program` is none if nothing usable is embedded."""

    @property
    def program(self) -> TrueType | Cff | Type1 | None: ...

    def codes(self, text: bytes) -> Iterable[int]: ...

    def present(self, code: int) -> bool | None:
        """Whether the program has a glyph for the code; none if that cannot be told."""
        ...

    def is_notdef(self, code: int) -> bool: ...

    def width_of_program(self, code: int) -> float | None: ...

    def width_of_dictionary(self, code: int) -> float: ...

    def text(self, code: int) -> str | None: ...


def face_of(font: Thing) -> Face | None:
    """The face of a font dictionary; none if it is of no type that PDF knows."""
    match name(font.get("/Subtype")):
        case "Type1" | "MMType1":
            return _Type1Face(font)
        case "TrueType":
            return _TrueTypeFace(font)
        case "Type3":
            return _Type3Face(font)
        case "Type0" if descendant_of(font) is not None:
            return _CompositeFace(font)
    return None


def descriptor_of(font: Thing) -> Thing:
    """The font descriptor; empty if there is none."""
    found = dictionary(font.get("/FontDescriptor"))
    return pikepdf.Dictionary() if found is None else found


def descendant_of(font: Thing) -> Thing:
    """The CIDFont of a composite font."""
    below = array(font.get("/DescendantFonts"))
    return None if below is None or not len(below) else dictionary(below[0])


def is_symbolic(font: Thing) -> bool:
    return bool((integer(descriptor_of(font).get("/Flags")) or 0) & _SYMBOLIC)


def _file(font: Thing, key: str) -> bytes | None:
    return data_of(descriptor_of(font).get(key))


class _SimpleFace:
    """What simple fonts have in common."""

    program: Any = None

    def __init__(self, font: Thing) -> None:
        self.font = font
        self.descriptor = descriptor_of(font)
        self.encoding: Encoding = encoding_of(font)
        self.to_unicode = to_unicode_of(font)
        self.widths = array(font.get("/Widths"))
        self.first = integer(font.get("/FirstChar"))
        self.last = integer(font.get("/LastChar"))
        self.missing = number(self.descriptor.get("/MissingWidth")) or 0.0
        try:
            self.program = self._program()
        except ValueError:
            self.program = None

    def _program(self) -> TrueType | Cff | Type1 | None:
        return None

    def codes(self, text: bytes) -> Iterable[int]:
        return text

    def is_notdef(self, code: int) -> bool:
        return self.encoding.name(code) == NOTDEF

    def width_of_dictionary(self, code: int) -> float:
        if self.widths is not None and self.first is not None and self.last is not None:
            at = code - self.first
            if 0 <= at < len(self.widths) and code <= self.last:
                return number(self.widths[at]) or 0.0
        return self.missing

    def own_name(self, code: int) -> str | None:  # noqa: ARG002
        """The glyph name the program itself gives a code."""
        return None

    def text(self, code: int) -> str | None:
        found = _text_of(self.to_unicode, code)
        if found is not None:
            return found
        called = self.encoding.name(code) or self.own_name(code)
        return None if called is None else unicode_of(called)


def _text_of(to_unicode: CMap | None, code: int) -> str | None:
    if to_unicode is None:
        return None
    return chr(code) if to_unicode.identity else to_unicode.text(code)


class _Type1Face(_SimpleFace):
    program: Cff | Type1 | None

    def _program(self) -> Cff | Type1 | None:
        data = _file(self.font, "/FontFile")
        if data is not None:
            return Type1(data)
        data = _file(self.font, "/FontFile3")
        if data is not None and name(self.descriptor["/FontFile3"].get("/Subtype")) in ("Type1C", "OpenType"):
            return Cff(data)
        return None

    def own_name(self, code: int) -> str | None:
        if self.program is None:
            return standard()[code] if name(self.font.get("/BaseFont")) not in ("Symbol", "ZapfDingbats") else None
        return self.program.encoding[code] if code < len(self.program.encoding) else NOTDEF

    def present(self, code: int) -> bool | None:
        called = self.encoding.name(code) or self.own_name(code)
        if self.program is None or code == 0 or called is None:
            return None
        if isinstance(self.program, Type1):
            return called in self.program.widths and called != NOTDEF
        return called in self.program.numbers

    def width_of_program(self, code: int) -> float | None:
        called = self.encoding.name(code) or self.own_name(code)
        if self.program is None or called is None:
            return None
        if isinstance(self.program, Type1):
            width = self.program.widths.get(called, -1)
        else:
            width = self.program.width(self.program.numbers.get(called, 0))
        return self.missing if width == -1 else width


class _TrueTypeFace(_SimpleFace):
    program: TrueType | None

    def _program(self) -> TrueType | None:
        data = _file(self.font, "/FontFile2")
        if data is None:
            data = _file(self.font, "/FontFile3")
        self.symbolic = is_symbolic(self.font)
        self.names = None if self.symbolic or "/Encoding" not in self.font else self._names()
        return None if data is None else TrueType(data)

    def _names(self) -> tuple[str, ...]:
        """The glyph names by which a non-symbolic font looks up its codes."""
        entry = self.font["/Encoding"]
        called = name(entry)
        if called is not None:
            if called not in ("MacRomanEncoding", "WinAnsiEncoding"):
                raise ValueError(f"A TrueType font cannot have the encoding {called}.")
            return table(called)
        base = table(name(entry.get("/BaseEncoding")) or "") if dictionary(entry) is not None else ()
        names = list(base or standard())
        for code, changed in (self.encoding.differences or {}).items():
            if 0 <= code < 256:
                names[code] = changed
        return tuple(usual if changed == NOTDEF else changed for changed, usual in zip(names, standard(), strict=True))

    def is_notdef(self, code: int) -> bool:
        called = self.encoding.name(code)
        return called == NOTDEF or (called is None and code == 0)

    def own_name(self, code: int) -> str | None:
        return None if self.program is None or self.names is None else self.names[code]

    def _glyph_named(self, called: str) -> int:
        program = self.program
        if program is None:
            return 0
        unicodes = program.map(3, 1)
        letter = glyph_list().get(called)
        if unicodes is not None and letter and unicodes.get(letter[0]):
            return unicodes[letter[0]]
        mac = program.map(1, 0)
        if mac is not None and called in mac_codes():
            found = mac.get(mac_codes()[called], 0)
            return found or program.names.get(called, 0)
        return program.names.get(called, 0)

    def _glyph_symbolic(self, code: int) -> int | None:
        """The glyph of a code by the maps of a symbolic font; none if no map knows it."""
        program = self.program
        if program is None:
            return None
        symbols = program.map(3, 0)
        if symbols is not None:
            high = min(symbols, default=0) & 0xFF00
            return symbols.get(high + code) if high in (0, 0xF000, 0xF100, 0xF200) else None
        mac = program.map(1, 0)
        return None if mac is None else mac.get(code)

    def present(self, code: int) -> bool | None:
        program = self.program
        if program is None or code == 0:
            return None
        if self.names is None:
            return bool(self._glyph_symbolic(code))
        called = self.names[code]
        return called != NOTDEF and 0 < self._glyph_named(called) < program.glyphs

    def width_of_program(self, code: int) -> float | None:
        program = self.program
        if program is None:
            return None
        if self.names is None:
            glyph = self._glyph_symbolic(code)
            mac = program.map(1, 0)
            if not glyph and mac is not None:
                glyph = mac.get(code)
            if glyph is None and mac is None:
                glyph = self._glyph_of_first_map(code)
            return program.width(glyph or 0)
        called = self.names[code]
        if program.maps or called in program.names:
            return program.width(self._glyph_named(called))
        return program.width(self._glyph_of_first_map(code))

    def _glyph_of_first_map(self, code: int) -> int:
        maps = self.program.maps if self.program is not None else []
        return next((codes[code] for _, _, codes in maps if code in codes), 0)


class _Type3Face(_SimpleFace):
    def __init__(self, font: Thing) -> None:
        super().__init__(font)
        self.drawn = dictionary(font.get("/CharProcs"))

    def _drawing(self, code: int) -> Thing:
        called = self.encoding.name(code)
        return None if called is None or self.drawn is None else self.drawn.get(f"/{called}")

    def present(self, code: int) -> bool | None:
        return self._drawing(code) is not None

    def width_of_program(self, code: int) -> float | None:
        drawing = stream(self._drawing(code))
        if drawing is None:
            return self.missing
        first = _FIRST_NUMBER.match(data_of(drawing) or b"")
        return self.missing if first is None else float(first[1])


class _CompositeFace:
    """A Type 0 font: a CMap and the CIDFont below it."""

    def __init__(self, font: Thing) -> None:
        self.font = font
        self.below = descendant_of(font)
        self.descriptor = descriptor_of(self.below)
        self.cmap = cmap_of(font.get("/Encoding")) or CMap(known=False)
        self.to_unicode = to_unicode_of(font)
        self.default = number(self.below.get("/DW"))
        self.default = 1000.0 if self.default is None else self.default
        self.widths, self.ranges = _widths(array(self.below.get("/W")))
        self.program: TrueType | Cff | Type1 | None = None
        self.glyph_of_cid = _glyph_map(self.below.get("/CIDToGIDMap"))
        try:
            self.program = self._program()
        except ValueError:
            self.program = None

    def _program(self) -> TrueType | Cff | None:
        outlines = name(self.below.get("/Subtype")) == "CIDFontType2"
        data = _file(self.below, "/FontFile2")
        if data is not None and outlines:
            return TrueType(data)
        data = _file(self.below, "/FontFile3")
        if data is None:
            return None
        match name(self.descriptor["/FontFile3"].get("/Subtype")):
            case "OpenType" if outlines:
                return TrueType(data)
            case "OpenType" | "CIDFontType0C":
                return Cff(data)
        return None

    def codes(self, text: bytes) -> Iterable[int]:
        return self.cmap.codes(text) if self.cmap.known else ()

    def glyph(self, cid: int) -> int | None:
        """The number of the glyph a CID stands for in a TrueType program; none if the map ends before it."""
        if self.glyph_of_cid is None:
            return cid
        return self.glyph_of_cid[cid] if cid < len(self.glyph_of_cid) else None

    def has_cid(self, cid: int) -> bool:
        program = self.program
        if isinstance(program, TrueType):
            glyph = self.glyph(cid)
            return cid != 0 and glyph is not None and glyph < program.glyphs
        if isinstance(program, Cff) and program.keyed_by_cid:
            return program.of_cid.get(cid, 0) != 0
        return False

    def cids(self) -> Iterable[int]:
        """The CIDs of the glyphs in the program."""
        program = self.program
        if isinstance(program, TrueType):
            count = len(program.advances) if self.glyph_of_cid is None else len(self.glyph_of_cid)
            return range(count) if self.glyph_of_cid is None else [cid for cid in range(count) if self.has_cid(cid)]
        return program.of_cid if isinstance(program, Cff) and program.keyed_by_cid else ()

    def present(self, code: int) -> bool | None:
        return None if self.program is None or code == 0 else not self.is_notdef(code)

    def is_notdef(self, code: int) -> bool:
        program = self.program
        if program is None:
            return False
        cid = self.cmap.cid(code)
        if isinstance(program, Cff) and not program.keyed_by_cid:
            return not 0 < cid < program.glyphs
        return self.cmap.find(code) is None or not self.has_cid(cid)

    def width_of_program(self, code: int) -> float | None:
        program = self.program
        cid = self.cmap.cid(code)
        if isinstance(program, TrueType):
            return program.width(self.glyph(cid) or 0)
        if isinstance(program, Cff):
            number_ = program.of_cid.get(cid) if program.keyed_by_cid else cid
            width = -1.0 if number_ is None else program.width(number_)
            return self.default if width == -1 else width
        return None

    def width_of_dictionary(self, code: int) -> float:
        cid = self.cmap.cid(code)
        if cid in self.widths:
            return self.widths[cid]
        fallback = 1000.0 if self.default is None else self.default
        return next((width for low, high, width in self.ranges if low <= cid <= high), fallback)

    def text(self, code: int) -> str | None:
        found = _text_of(self.to_unicode, code)
        if found is not None:
            return found
        info = dictionary(self.below.get("/CIDSystemInfo"))
        ordering = None if info is None else string(info.get("/Ordering"))
        # The collections of Adobe have a mapping to Unicode of their own, which is not carried along here.
        return " " if ordering in ("Japan1", "CNS1", "GB1", "Korea1", "KR") else None


def _glyph_map(entry: Thing) -> tuple[int, ...] | None:
    """Glyph numbers by CID; none where they are the same."""
    data = data_of(entry)
    if data is None:
        return None
    return tuple(int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2))


def _widths(entries: Thing) -> tuple[dict[int, float], list[tuple[int, int, float]]]:
    """The array W of a CIDFont: widths by CID, and the ranges of CIDs of one width."""
    single: dict[int, float] = {}
    ranges: list[tuple[int, int, float]] = []
    at = 0
    while entries is not None and at + 1 < len(entries):
        first, second = integer(entries[at]), entries[at + 1]
        if first is None:
            break
        if array(second) is not None:
            for offset, width in enumerate(second):
                single[first + offset] = number(width) or 0.0
            at += 2
        elif at + 2 < len(entries) and integer(second) is not None:
            ranges.append((first, second, number(entries[at + 2]) or 0.0))
            at += 3
        else:
            break
    return single, ranges
