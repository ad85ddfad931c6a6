"""TrueType font programs: the tables that tell widths and glyphs apart."""

from functools import cached_property
from io import BytesIO
from struct import unpack, unpack_from
from typing import Any, Final

__all__ = ["TrueType"]

_MAPS: Final = 100
_CODES: Final = 0x110000
"""More maps, and more codes in one, no font has."""


class TrueType:
    """The measures, character maps and glyph names of a TrueType program.

    Raises:
        ValueError: the program cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        from fontTools.ttLib.sfnt import SFNTReader

        try:
            self._reader = SFNTReader(BytesIO(data), fontNumber=0)
            head, hhea, maxp = (self._reader[tag] for tag in ("head", "hhea", "maxp"))
            metrics = self._reader["hmtx"]
            self.scale = 1000 / (unpack_from(">H", head, 18)[0] or 1000)
            self.glyphs: int = unpack_from(">H", maxp, 4)[0]
            count = min(unpack_from(">H", hhea, 34)[0], len(metrics) // 4)
        except Exception as error:  # fontTools raises what it meets in a damaged program
            raise ValueError(str(error)) from None
        self.advances: tuple[int, ...] = unpack(f">{'Hh' * count}", metrics[: 4 * count])[::2]

    def width(self, glyph: int) -> float:
        """The advance width of a glyph in thousandths."""
        if not self.advances:
            return 0
        if glyph < len(self.advances):
            return self.advances[glyph] * self.scale
        return self.advances[-1 if glyph < self.glyphs else 0] * self.scale

    @cached_property
    def maps(self) -> list[tuple[int, int, dict[int, int]]]:
        """The character maps: platform, encoding, glyph numbers by code."""
        from fontTools.ttLib.tables._c_m_a_p import table__c_m_a_p

        try:
            table = table__c_m_a_p("cmap")
            table.decompile(self._reader["cmap"], _Numbered())
            return [(one.platformID, one.platEncID, _numbers(one)) for one in table.tables[:_MAPS]]
        except Exception:  # a map fontTools cannot read maps nothing
            return []

    def map(self, platform: int, encoding: int) -> dict[int, int] | None:
        return next((codes for one, two, codes in self.maps if (one, two) == (platform, encoding)), None)

    @cached_property
    def names(self) -> dict[str, int]:
        """Glyph numbers by the names of the table post."""
        from fontTools.ttLib.standardGlyphOrder import standardGlyphOrder

        try:
            post = self._reader["post"]
        except Exception:  # no such table, or a damaged one: the glyphs have no names
            return {}
        version = post[:4]
        if version == b"\0\1\0\0":
            return {name: number for number, name in enumerate(standardGlyphOrder)}
        if version != b"\0\2\0\0" or len(post) < 34:
            return {}
        (count,) = unpack_from(">H", post, 32)
        count = min(count, (len(post) - 34) // 2)
        indices = unpack_from(f">{count}H", post, 34)
        own, at = [], 34 + 2 * count
        while at < len(post):
            length = post[at]
            own.append(post[at + 1 : at + 1 + length].decode("latin-1"))
            at += 1 + length
        found: dict[str, int] = {}
        for number, index in enumerate(indices):
            if index < 258:
                found.setdefault(standardGlyphOrder[index], number)
            elif index - 258 < len(own):
                found.setdefault(own[index - 258], number)
        return found


class _Numbered:
    """Stands for a font where fontTools asks for glyph names: a glyph's name is its number."""

    def getGlyphName(self, glyph: int) -> int:  # noqa: N802
        return glyph

    def getGlyphNameMany(self, glyphs: list[int]) -> list[int]:  # noqa: N802
        return list(glyphs)

    def getGlyphOrder(self) -> range:  # noqa: N802
        return range(65536)

    lazy = True


def _numbers(table: Any) -> dict[int, int]:
    """Glyph numbers by code; none of a map whose ranges overlap without end, which only an attack has."""
    if _spread(table.format, table.data or b"") > _CODES:
        return {}
    found: dict[int, int] = table.cmap
    return found


def _spread(form: int, data: bytes) -> int:
    """How many codes the ranges of a character map cover, all added up."""
    if form == 4 and len(data) >= 8:
        count = unpack_from(">H", data)[0] // 2
        ends, starts = unpack_from(f">{count}H", data, 8), unpack_from(f">{count}H", data, 10 + 2 * count)
    elif form in (12, 13):
        groups = unpack(f">{len(data) // 12 * 3}I", data[: len(data) // 12 * 12])
        starts, ends = groups[::3], groups[1::3]
    else:
        return 0
    return sum(max(0, end - start + 1) for start, end in zip(starts, ends, strict=True))
