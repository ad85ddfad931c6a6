"""CFF font programs, bare or in an OpenType file."""

from functools import cached_property
from io import BytesIO
from typing import Any

from billingua.pdf.pdfa.fonts.encodings import NOTDEF, standard

__all__ = ["Cff"]


class Cff:
    """The glyphs and widths of a CFF program.

    Raises:
        ValueError: the program cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        from fontTools.cffLib import CFFFontSet

        try:
            if data[:4] == b"OTTO" or data[:4] == b"\0\1\0\0":
                from fontTools.ttLib.sfnt import SFNTReader

                data = SFNTReader(BytesIO(data), fontNumber=0)["CFF "]
            fonts = CFFFontSet()
            fonts.decompile(BytesIO(data), None)
            self._top: Any = fonts[0]
            self.keyed_by_cid: bool = hasattr(self._top, "ROS")
            self.charset: list[str] = list(self._top.charset)
            self._strings = self._top.CharStrings
            matrix = getattr(self._top, "FontMatrix", None) or [0.001]
            self.scale: float = (matrix[0] or 0.001) * 1000
            encoding = None if self.keyed_by_cid else getattr(self._top, "Encoding", "StandardEncoding")
        except Exception as error:  # fontTools raises what it meets in a damaged program
            raise ValueError(str(error)) from None

        named = standard() if encoding == "StandardEncoding" else (NOTDEF,) * 256
        self.encoding: tuple[str, ...] = named if encoding is None or isinstance(encoding, str) else tuple(encoding)
        """Glyph names by code; of a CID-keyed program, no names."""

    @property
    def glyphs(self) -> int:
        return len(self.charset)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Glyph numbers by name; of a CID-keyed program the names are `cid00017`."""
        return {name: number for number, name in reversed(list(enumerate(self.charset)))}

    @cached_property
    def of_cid(self) -> dict[int, int]:
        """Glyph numbers by CID, for a CID-keyed program."""
        return {int(name[3:]): number for number, name in enumerate(self.charset) if name[3:].isdigit()} | {0: 0}

    def width(self, number: int) -> float:
        """The advance width of a glyph in thousandths."""
        from fontTools.misc.psCharStrings import T2WidthExtractor

        if not 0 <= number < self.glyphs:
            number = 0
        try:
            program = self._strings[self.charset[number]] if not self.keyed_by_cid else self._program(number)
            private = program.private
            scale = self._scale_of(number)
            extractor = T2WidthExtractor(
                getattr(private, "Subrs", []), program.globalSubrs, private.nominalWidthX, private.defaultWidthX
            )
            extractor.execute(program)
        except Exception:  # a charstring that cannot be run has no width
            return -1
        return float(extractor.width) * scale

    def _program(self, number: int) -> Any:
        return self._strings[self.charset[number]]

    def _scale_of(self, number: int) -> float:
        """The matrix of a CID-keyed program may stand in the font dictionaries."""
        if not self.keyed_by_cid or "FontMatrix" in self._top.rawDict:
            return self.scale
        parts = getattr(self._top, "FDArray", None)
        if not parts:
            return self.scale
        select = getattr(self._top, "FDSelect", None)
        part = parts[select[number] if select is not None else 0]
        matrix = getattr(part, "FontMatrix", None)
        return (matrix[0] or 0.001) * 1000 if matrix and "FontMatrix" in part.rawDict else self.scale
