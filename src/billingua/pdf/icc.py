"""ICC profiles made here: sRGB for what is shown on screens, and a CMYK that looks as viewers show CMYK without one.

The form is that of ICC.1:2010 (version 4.2). Colours are relative to D50, as profiles have them.
"""

import struct
from functools import cache
from itertools import product
from math import prod
from typing import Final

from billingua.resources import cells_of, table_beside

__all__ = ["cmyk", "grey", "srgb"]

_D50: Final = (0.9642, 1.0, 0.8249)
_D65_TO_D50: Final = (
    (1.047882, 0.022919, -0.050201),
    (0.029587, 0.990479, -0.017059),
    (-0.009232, 0.015076, 0.751678),
)
"""The Bradford adaptation of white D65 to D50."""

_SRGB: Final = ((0.436066, 0.385147, 0.143066), (0.222488, 0.716873, 0.060608), (0.013916, 0.097076, 0.714096))
"""Rows X, Y, Z of the sRGB primaries (IEC 61966-2-1), adapted to D50."""

_CURVE: Final = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

_GRID: Final = 7


@cache
def srgb() -> bytes:
    """A profile of a screen with the colours of sRGB: three matrix columns and one curve."""
    columns = zip(*_SRGB, strict=True)
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(_fixed, _CURVE))
    tags = {
        b"desc": _text("sRGB"),
        b"cprt": _text("No copyright"),
        b"wtpt": _xyz(_D50),
        b"chad": b"sf32\0\0\0\0" + b"".join(_fixed(cell) for row in _D65_TO_D50 for cell in row),
    }
    tags |= {name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


@cache
def grey() -> bytes:
    """A profile of greys with the lightness of sRGB."""
    curve = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(_fixed, _CURVE))
    tags = {b"desc": _text("Grey"), b"cprt": _text("No copyright"), b"wtpt": _xyz(_D50), b"kTRC": curve}
    return _profile(b"mntr", b"GRAY", b"XYZ ", tags)


@cache
def cmyk() -> bytes:
    """A profile that tells what four inks look like: a table from CMYK to Lab.

    It is an input profile, which needs no way back. Colours between those of the table `inks.tsv` are mixed by the area
    that each ink covers; a viewer that knows no profile mixes them much the same way.
    """
    steps = [step / (_GRID - 1) for step in range(_GRID)]
    table = b"".join(_lab16(_seen(inks)) for inks in product(steps, repeat=4))
    straight = struct.pack(">HH", 0, 65535)
    lookup = (
        b"mft2\0\0\0\0"
        + struct.pack(">BBBx", 4, 3, _GRID)
        + b"".join(_fixed(cell) for cell in (1, 0, 0, 0, 1, 0, 0, 0, 1))
        + struct.pack(">HH", 2, 2)
        + straight * 4
        + table
        + straight * 3
    )
    tags = {b"desc": _text("CMYK"), b"cprt": _text("No copyright"), b"wtpt": _xyz(_D50), b"A2B0": lookup}
    return _profile(b"scnr", b"CMYK", b"Lab ", tags)


@cache
def _inks() -> dict[tuple[int, ...], tuple[int, int, int]]:
    """What inks look like, in sRGB from 0 to 255, by the halves of the paper that each covers."""
    _, *rows = cells_of(table_beside(__file__, "inks.tsv"))
    return {
        (int(c) // 50, int(m) // 50, int(y) // 50, int(k) // 50): (int(red), int(green), int(blue))
        for c, m, y, k, red, green, blue in rows
    }


def _seen(inks: tuple[float, ...]) -> tuple[float, float, float]:
    """What inks (0 to 1) look like, in sRGB from 0 to 1."""
    known = _inks()
    cells = []
    for ink in inks:
        below = min(int(ink * 2), 1)
        over = ink * 2 - below
        cells.append(((below, 1 - over), (below + 1, over)))
    mixed = [0.0, 0.0, 0.0]
    for corner in product(*cells):
        share = prod(part for _, part in corner)
        if share:
            colour = known[tuple(half for half, _ in corner)]
            for channel in range(3):
                mixed[channel] += share * colour[channel]
    return mixed[0] / 255, mixed[1] / 255, mixed[2] / 255


def _lab16(colour: tuple[float, float, float]) -> bytes:
    """An sRGB colour as Lab of 16 bits a value, in the encoding that tables of this kind have."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour]
    x, y, z = (
        _cube_root(sum(cell * value for cell, value in zip(row, linear, strict=True)) / white)
        for row, white in zip(_SRGB, _D50, strict=True)
    )
    values = ((116 * y - 16) * 652.8, (500 * (x - y) + 128) * 256, (200 * (y - z) + 128) * 256)
    return struct.pack(">HHH", *(min(max(round(value), 0), 65535) for value in values))


def _cube_root(share: float) -> float:
    return float(share ** (1 / 3)) if share > 216 / 24389 else (24389 / 27 * share + 16) / 116


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(map(_fixed, values))


def _text(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(encoded), 28) + encoded


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """Header, table of tags, and what they hold; the same content is held once."""
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    body = b""
    for content in tags.values():
        if content not in places:
            body += bytes(-(start + len(body)) % 4)
            places[content] = start + len(body)
            body += content
    body += bytes(-(start + len(body)) % 4)
    listed = struct.pack(">I", len(tags)) + b"".join(
        struct.pack(">4sII", name, places[content], len(content)) for name, content in tags.items()
    )
    header = struct.pack(
        ">I4sI4s4s4s6H4s4sI4s4s8sI12s4s44s",
        start + len(body),
        b"\0\0\0\0",
        0x04200000,
        kind,
        space,
        connection,
        *(2025, 1, 1, 0, 0, 0),
        b"acsp",
        b"\0\0\0\0",
        0,
        b"\0\0\0\0",
        b"\0\0\0\0",
        bytes(8),
        0,
        b"".join(map(_fixed, _D50)),
        b"\0\0\0\0",
        bytes(44),
    )
    return header + listed + body
