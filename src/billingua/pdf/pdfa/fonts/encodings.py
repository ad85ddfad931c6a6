"""The encodings of simple fonts: which glyph name a code has."""

from functools import cache
from typing import Final, NamedTuple

from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, name

__all__ = [
    "NOTDEF",
    "Encoding",
    "differences_of",
    "encoding_of",
    "glyph_list",
    "mac_codes",
    "standard",
    "table",
    "unicode_of",
]

NOTDEF: Final = ".notdef"


class Encoding(NamedTuple):
    """`base` is a predefined table, or empty; `differences` is none where the entry is a name."""

    base: tuple[str, ...]
    differences: dict[int, str] | None = None

    def name(self, code: int) -> str | None:
        """The glyph of a code; none where the font program's own encoding decides."""
        if self.differences and code in self.differences:
            return self.differences[code]
        if not self.base:
            return None
        return self.base[code] if code < len(self.base) else NOTDEF


def encoding_of(font: Thing) -> Encoding:
    """What the entry Encoding of a simple font says."""
    entry = font.get("/Encoding")
    called = name(entry)
    if called is not None:
        return Encoding(table(called))
    if dictionary(entry) is None:
        return Encoding(())
    return Encoding(table(name(entry.get("/BaseEncoding")) or ""), differences_of(entry))


def differences_of(entry: Thing) -> dict[int, str]:
    """The differences of an encoding dictionary: glyph names by code."""
    found: dict[int, str] = {}
    code = 0
    for item in array(entry.get("/Differences")) or ():
        called = name(item)
        if called is not None:
            found[code] = called
            code += 1
        else:
            code = integer(item) or 0
    return found


@cache
def table(called: str) -> tuple[str, ...]:
    """A predefined encoding of PDF by its name; empty where there is none of that name, and for MacExpertEncoding.

    With an empty one the encoding of the font program decides.
    """
    match called:
        case "WinAnsiEncoding":
            return _win_ansi()
        case "MacRomanEncoding":
            return _mac_roman()
    return ()


@cache
def standard() -> tuple[str, ...]:
    from fontTools.encodings.StandardEncoding import StandardEncoding

    return tuple(StandardEncoding)


def _win_ansi() -> tuple[str, ...]:
    """Code page 1252; what it leaves free is a bullet, and the superior figures have names of their own."""
    from fontTools.agl import UV2AGL

    own = {0xA0: "space", 0xAD: "hyphen", 0xB2: "twosuperior", 0xB3: "threesuperior", 0xB9: "onesuperior"}
    names = [NOTDEF] * 32
    for code in range(32, 256):
        letter = bytes([code]).decode("cp1252", "ignore")
        names.append(own.get(code) or (UV2AGL.get(ord(letter), "bullet") if letter and code != 0x7F else "bullet"))
    return tuple(names)


_NOT_OF_PDF: Final = frozenset(
    {0xAD, 0xB0, 0xB2, 0xB3, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xBD, 0xC3, 0xC5, 0xC6, 0xD7, 0xF0}
)
"""The signs of Mac OS Roman that MacRomanEncoding does not have."""


def _mac_roman() -> tuple[str, ...]:
    from fontTools.encodings.MacRoman import MacRoman

    return tuple(
        NOTDEF if code < 32 or code == 0x7F or code in _NOT_OF_PDF else "space" if code == 0xCA else called
        for code, called in enumerate(MacRoman)
    )


@cache
def mac_codes() -> dict[str, int]:
    """Codes of Mac OS Roman by glyph name."""
    from fontTools.encodings.MacRoman import MacRoman

    codes = {called: code for code, called in enumerate(MacRoman) if code >= 32 and code != 0x7F}
    codes["space"] = 32
    return codes


@cache
def glyph_list() -> dict[str, tuple[int, ...]]:
    """The Adobe Glyph List: the characters of a glyph name."""
    from fontTools.agl import AGL2UV, LEGACY_AGL2UV

    return {**{called: (code,) for called, code in AGL2UV.items()}, **LEGACY_AGL2UV}


def unicode_of(called: str) -> str | None:
    """The text of a glyph name by the Adobe Glyph List; of a dingbat, a blank stands for what has no letter."""
    found = glyph_list().get(called)
    if found is not None:
        return "".join(map(chr, found))
    dingbat = called[1:].isdigit() and called[0] == "a" and 1 <= int(called[1:]) <= 206
    return " " if dingbat else None
