"""How a visible signature looks: a frame with lines of text, drawn as strokes.

There is no font in it, and its one colour is calibrated grey: both stay PDF/A in every file, whatever profile its
output intent has. Letters are the Latin ones with their accents; any other sign is drawn as a question mark. What the
picture says proves nothing: the signature does.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from pyhanko.stamp import BaseStampStyle

__all__ = ["drawing", "style"]

_CAPITAL: Final = 14
"""The height of a capital in the table of strokes."""
_SMALL: Final = 9
"""The height of a small letter; those with an accent that reach higher are drawn without regard to it."""
_GAP: Final = 4
_SPACE: Final = 5
_PITCH: Final = 1.9
"""From line to line, by the height of a capital."""
_LARGEST: Final = 8.0
"""The largest capital, in points."""
_NARROWEST: Final = 0.6
"""How far a line is made smaller before it is cut off."""
_GENTLE: Final = math.cos(math.radians(65))
"""Corners that turn less are rounded."""
_ROUND: Final = 2.5

Point = tuple[float, float]
Stroke = tuple[Point, ...]


class _Letter(NamedTuple):
    advance: float
    strokes: tuple[Stroke, ...]


def style(lines: Sequence[str], rotate: int) -> "BaseStampStyle":
    """What pyHanko draws a signature with; on a page that is shown rotated, upright for the reader."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.stamp import BaseStampStyle

    class Picture:
        def __init__(self, writer: BasePdfFileWriter, width: float, height: float) -> None:
            if rotate in (90, 270):
                width, height = height, width
            entries = {"/Type": "/XObject", "/Subtype": "/Form"}
            self.form = generic.StreamObject(stream_data=drawing(lines, width, height))
            for key, name in entries.items():
                self.form[generic.NameObject(key)] = generic.NameObject(name)
            self.form[generic.NameObject("/BBox")] = _numbers(0, 0, width, height)
            self.form[generic.NameObject("/Matrix")] = _numbers(*_TURNS[rotate], 0, 0)
            white = generic.DictionaryObject({generic.NameObject("/WhitePoint"): _numbers(0.9505, 1, 1.089)})
            ink = generic.ArrayObject([generic.NameObject("/CalGray"), white])
            spaces = generic.DictionaryObject({generic.NameObject("/Ink"): ink})
            self.form[generic.NameObject("/Resources")] = generic.DictionaryObject(
                {generic.NameObject("/ColorSpace"): spaces}
            )
            self.form.compress()
            self.reference = writer.add_object(self.form)

        def apply_appearance(self, annotation: Any) -> None:
            annotation[generic.NameObject("/AP")] = generic.DictionaryObject({generic.NameObject("/N"): self.reference})

    def _numbers(*values: float) -> Any:
        return generic.ArrayObject(generic.FloatObject(f"{value:g}") for value in values)

    class Style(BaseStampStyle):
        def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: dict[str, Any]) -> Any:  # noqa: ARG002
            return Picture(writer, float(box.width), float(box.height))

    return Style()


_TURNS: Final = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def drawing(lines: Sequence[str], width: float, height: float) -> bytes:
    """The operators that draw a frame of this size with the lines in it, the first one larger."""
    edge = min(6.0, min(width, height) / 8)
    scales = [1.25 if number == 0 else 1.0 for number in range(len(lines))]
    room, tall = width - 2 * edge, height - 2 * edge
    capital = min(_LARGEST, tall / (_PITCH * sum(scales) or 1))
    parts = ["q /Ink CS 0.25 SC 0.5 w", f"0.25 0.25 {_text(width - 0.5)} {_text(height - 0.5)} re S", "0 SC 1 J 1 j"]
    top = height - edge - (tall - capital * _PITCH * sum(scales)) / 2
    for line, scale in zip(lines, scales, strict=True):
        top -= capital * scale * _PITCH
        size, letters = _fitted(line, capital * scale, room)
        parts.append(f"{_text(size / _CAPITAL * (1.35 if scale > 1 else 1.1))} w")
        base = top + capital * scale * 0.5
        at = edge
        for letter in letters:
            parts.extend(_path(stroke, at, base, size / _CAPITAL) for stroke in letter.strokes)
            at += (letter.advance + _GAP) * size / _CAPITAL
    parts.append("Q")
    return "\n".join(parts).encode("ascii")


def _fitted(line: str, size: float, room: float) -> tuple[float, list[_Letter]]:
    """The size and the letters of a line: smaller where it is long, cut off where it is longer still."""
    letters = _letters(line)
    wide = _width(letters) * size / _CAPITAL
    if wide <= room:
        return size, letters
    least = size * _NARROWEST
    if wide * _NARROWEST <= room:
        return size * room / wide, letters
    end = _letters("…")
    while letters and _width([*letters, *end]) * least / _CAPITAL > room:
        letters.pop()
    return least, [*letters, *end] if letters else []


def _width(letters: list[_Letter]) -> float:
    return sum(letter.advance + _GAP for letter in letters) - _GAP if letters else 0.0


def _letters(line: str) -> list[_Letter]:
    table, marks = _strokes()
    found: list[_Letter] = []
    for sign in unicodedata.normalize("NFC", " ".join(line.split())):
        if sign == " ":
            found.append(_Letter(_SPACE, ()))
        elif sign in table:
            found.append(table[sign])
        else:
            base, *accents = list(unicodedata.normalize("NFKD", sign))
            if base in table and all(accent in marks for accent in accents):
                found.append(_accented(base, accents, table, marks))
            elif len(accents) and base.isascii() and all(each in table for each in accents):
                found.extend(table[each] for each in (base, *accents))
            else:
                found.append(table["?"])
    return found


def _accented(
    base: str, accents: list[str], table: dict[str, _Letter], marks: dict[str, tuple[Stroke, ...]]
) -> _Letter:
    """A letter with its marks; i and j lose their dots."""
    above = [accent for accent in accents if max(y for stroke in marks[accent] for _, y in stroke) > 0]
    letter = table[{"i": "ı", "j": "ȷ"}.get(base, base) if above else base]
    height = max(y for stroke in letter.strokes for _, y in stroke)
    drawn = list(letter.strokes)
    for accent in accents:
        lift = height if accent in above else 0
        middle = letter.advance * (1 if accent == "\N{COMBINING OGONEK}" else 0.5)
        drawn.extend(tuple((x + middle, y + lift) for x, y in stroke) for stroke in marks[accent])
    return _Letter(letter.advance, tuple(drawn))


@cache
def _strokes() -> tuple[dict[str, _Letter], dict[str, tuple[Stroke, ...]]]:
    """The letters, and the marks that are put on them."""
    letters: dict[str, _Letter] = {}
    marks: dict[str, tuple[Stroke, ...]] = {}
    for row in (files("billingua.pdf") / "strokes.tsv").read_text("utf-8").splitlines():
        if row.startswith("# "):
            continue
        sign, advance, drawn = row.split("\t")
        strokes = tuple(
            tuple((float(x), float(y)) for x, y in (point.split(",") for point in stroke.split()))
            for stroke in drawn.split(";")
        )
        if sign.startswith("U+"):
            marks[chr(int(sign[2:], 16))] = strokes
        else:
            letters[sign] = _Letter(float(advance), strokes)
    return letters, marks


def _path(stroke: Stroke, left: float, base: float, scale: float) -> str:
    """One stroke as a path: straight lines, and a curve where it turns gently."""
    return (
        " ".join(f"{' '.join(map(_text, _placed(points, left, base, scale)))} {how}" for points, how in _bent(stroke))
        + " S"
    )


def _placed(points: Sequence[Point], left: float, base: float, scale: float) -> Iterator[float]:
    for x, y in points:
        yield left + x * scale
        yield base + y * scale


def _bent(stroke: Stroke) -> Iterator[tuple[tuple[Point, ...], str]]:
    yield (stroke[0],), "m"
    for before, corner, after in zip(stroke, stroke[1:], stroke[2:], strict=False):
        one, two = math.dist(before, corner), math.dist(corner, after)
        turn = sum((corner[i] - before[i]) * (after[i] - corner[i]) for i in (0, 1)) / (one * two)
        if turn < _GENTLE:
            yield (corner,), "l"
            continue
        start, end = _towards(corner, before, min(one / 2, _ROUND)), _towards(corner, after, min(two / 2, _ROUND))
        yield (start,), "l"
        yield (_between(start, corner, 2 / 3), _between(end, corner, 2 / 3), end), "c"
    yield (stroke[-1],), "l"


def _towards(here: Point, there: Point, far: float) -> Point:
    return _between(here, there, far / math.dist(here, there))


def _between(one: Point, two: Point, share: float) -> Point:
    return one[0] + (two[0] - one[0]) * share, one[1] + (two[1] - one[1]) * share


def _text(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") or "0"
