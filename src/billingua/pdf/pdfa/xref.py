"""Where the objects of a file stand: its chain of cross-reference sections, read from the bytes."""

import re
import zlib
from dataclasses import dataclass, field
from typing import Final

from billingua.pdf.pdfa.lexer import body_end

__all__ = ["Xref", "read_xref"]

_START: Final = re.compile(rb"startxref\s*(\d+)")
_HEADER: Final = re.compile(rb"\s*(\d+)\s+(\d+)[ \t]*[\r\n]*")
_ENTRY: Final = re.compile(rb"\s*(\d+)\s+(\d+)\s+([nf])")
_OBJECT: Final = re.compile(rb"\s*\d+\s+\d+\s+obj")
_LOOKED_AT: Final = 1024 + len(b"startxref")
_MOST: Final = 10_000_000


@dataclass(slots=True)
class Xref:
    """What the sections say: `offsets` of the objects in use by number (those in object streams are left out),
    `object_streams` by their number, `trailer` from first to last byte of the newest trailer dictionary.

    `tidy` says that each keyword xref stands on a line of its own; `broken`, why the chain cannot be followed ("" where
    it can).
    """

    offsets: dict[int, int] = field(default_factory=dict)
    object_streams: set[int] = field(default_factory=set)
    trailer: tuple[int, int] = (0, 0)
    tidy: bool = True
    broken: str = ""


class _Broken(Exception):
    """The chain cannot be followed; the text says why."""


def read_xref(data: bytes) -> Xref:
    """The sections of a file, newest first, as the last `startxref` leads to them."""
    xref = Xref()
    shift = max(data.find(b"%PDF-", 0, 1024), 0)
    try:
        _chain(data, shift, xref)
        if not any(xref.offsets.values()):
            raise _Broken("the cross-reference section names no object")
    except (_Broken, ValueError, zlib.error, IndexError) as error:
        xref.broken = str(error)
    xref.offsets = {number: offset for number, offset in xref.offsets.items() if offset > 0}
    return xref


def _chain(data: bytes, shift: int, xref: Xref) -> None:
    starts = _START.findall(data, max(len(data) - _LOOKED_AT, 0))
    if not starts:
        raise _Broken("there is no startxref in the last 1024 bytes")
    waiting = [int(starts[-1])]
    seen: set[int] = set()
    while waiting:
        offset = waiting.pop()
        if offset in seen:
            continue
        seen.add(offset)
        waiting += _section(data, offset + shift, shift, xref)


def _section(data: bytes, offset: int, shift: int, xref: Xref) -> list[int]:
    """Take one section; the offsets of those before it (the last one of the list goes first)."""
    if offset >= len(data):
        raise _Broken(f"the cross-reference section at offset {offset} is not there")
    for at in (offset, max(offset - 1, 0)):
        keyword = re.compile(rb"\s*xref").match(data, at)
        if keyword:
            return _table(data, keyword.end(), shift, xref)
        if _OBJECT.match(data, at):
            return _stream(data, at, shift, xref)
    raise _Broken(f"there is no cross-reference section at offset {offset}")


def _table(data: bytes, position: int, shift: int, xref: Xref) -> list[int]:
    xref.tidy &= re.compile(rb"(?:\r\n|\r|\n)\d").match(data, position) is not None
    while header := _HEADER.match(data, position):
        first, count = int(header[1]), int(header[2])
        position = header.end()
        for index in range(min(count, _MOST)):
            entry = _ENTRY.match(data, position)
            if entry is None:
                raise _Broken(f"the cross-reference table at offset {position} ends too early")
            position = entry.end()
            if index == 0 and first == 1 and entry[3] == b"f" and entry[2] == b"65535":
                first = 0
            in_use = entry[3] == b"n" and int(entry[1])
            xref.offsets.setdefault(first + index, int(entry[1]) + shift if in_use else 0)
    found = data.find(b"trailer", position, position + 1024)
    if found < 0:
        raise _Broken(f"no trailer follows the cross-reference table at offset {position}")
    return _older(data, found, data.find(b"startxref", found), xref)


def _older(data: bytes, start: int, end: int, xref: Xref) -> list[int]:
    end = len(data) if end < 0 else end
    if xref.trailer == (0, 0):
        xref.trailer = (start, end)
    text = data[start:end]
    keys = (re.search(rb"/" + key + rb"\s+(\d+)", text) for key in (b"Prev", b"XRefStm"))
    return [int(found[1]) for found in keys if found]


def _number(text: bytes, key: bytes, default: int) -> int:
    found = re.search(rb"/" + key + rb"\s+(\d+)", text)
    return int(found[1]) if found else default


def _stream(data: bytes, offset: int, shift: int, xref: Xref) -> list[int]:
    keyword, end = body_end(data, offset, len(data))
    text = data[offset:end]
    if keyword != "stream" or b"/XRef" not in text:
        raise _Broken(f"there is no cross-reference stream at offset {offset}")
    start = end + len(b"stream")
    start += 2 if data[start : start + 2] == b"\r\n" else 1
    rows = data[start : start + _number(text, b"Length", 0)]
    if b"FlateDecode" in text:
        rows = zlib.decompressobj().decompress(rows, _MOST * 10)
    widths_text = re.search(rb"/W\s*\[([\d\s]+)\]", text)
    if widths_text is None:
        raise _Broken(f"the cross-reference stream at offset {offset} has no W")
    widths = [int(width) for width in widths_text[1].split()]
    if _number(text, b"Predictor", 1) >= 10:
        rows = _unpredicted(rows, _number(text, b"Columns", sum(widths)))
    index = re.search(rb"/Index\s*\[([\d\s]*)\]", text)
    bounds = [int(one) for one in index[1].split()] if index else [0, _number(text, b"Size", 0)]
    _entries(rows, widths, bounds, shift, xref)
    return _older(data, offset, end, xref)


def _entries(rows: bytes, widths: list[int], bounds: list[int], shift: int, xref: Xref) -> None:
    kind_width, second_width, third_width = widths[:3]
    step = kind_width + second_width + third_width
    position = 0
    for first, count in zip(bounds[::2], bounds[1::2], strict=False):
        for number in range(first, first + min(count, len(rows) // max(step, 1))):
            row = rows[position : position + step]
            position += step
            kind = int.from_bytes(row[:kind_width]) if kind_width else 1
            second = int.from_bytes(row[kind_width : kind_width + second_width])
            if number not in xref.offsets:
                xref.offsets[number] = second + shift if kind == 1 else 0
                if kind == 2:
                    xref.object_streams.add(second)


def _unpredicted(rows: bytes, columns: int) -> bytes:
    """Rows without the prediction of PNG, which each row names in its first byte."""
    found = bytearray()
    above = bytes(columns)
    for at in range(0, len(rows) - columns, columns + 1):
        row = bytearray(rows[at + 1 : at + 1 + columns])
        kind = rows[at]
        if kind:
            for place, up in enumerate(above):
                left, corner = (row[place - 1], above[place - 1]) if place else (0, 0)
                row[place] = (row[place] + _predicted(kind, left, up, corner)) & 255
        above = bytes(row)
        found += row
    return bytes(found)


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    match kind:
        case 1:
            return left
        case 2:
            return up
        case 3:
            return (left + up) // 2
        case 4:
            return min((left, up, corner), key=lambda one: abs(left + up - corner - one))
    raise _Broken(f"the cross-reference stream has rows of the unknown kind {kind}")
