"""The boxes of a JPEG 2000 file that say how many channels it has, how deep, and of what colours."""

from dataclasses import dataclass
from typing import Final

from billingua.pdf.pdfa.values import Thing, array, name

__all__ = ["CMYK", "Jpeg2000", "is_jpx", "jpeg2000_of"]

CMYK: Final = 12
"""The enumerated colour space of device CMYK."""

_SIGNATURE: Final = b"\0\0\0\x0cjP  \r\n\x87\n"


@dataclass(slots=True)
class Jpeg2000:
    """`specifications` counts the colour boxes, `best` those marked as the best.

    `method`, `enumerated` and `profile` are of the best one, or of the only one. `depth` is the bits of a channel.
    """

    channels: int = 0
    depth: int = 0
    varying_depth: bool = False
    specifications: int = 0
    best: int = 0
    method: int = 0
    enumerated: int | None = None
    profile: bytes | None = None


def is_jpx(image: Thing) -> bool:
    """Whether an image is stored as JPEG 2000."""
    filters = image.get("/Filter")
    listed = [filters] if array(filters) is None else list(filters)
    return bool(listed) and name(listed[-1]) == "JPXDecode"


def jpeg2000_of(data: bytes) -> Jpeg2000:
    """What the header says; zeros of a file that is none."""
    found = Jpeg2000()
    if data[:12] != _SIGNATURE:
        return found
    start, end = _header(data)
    colours: list[tuple[bool, int, int | None, bytes | None]] = []
    for kind, at, stop in _boxes(data, start, end):
        if kind == b"ihdr" and stop - at >= 11:
            found.channels = int.from_bytes(data[at + 8 : at + 10], "big")
            depth = data[at + 10]
            found.depth = depth + 1 if depth < 128 else 0
        elif kind == b"bpcc":
            found.varying_depth = True
        elif kind == b"colr" and stop - at >= 3:
            enumerated = int.from_bytes(data[at + 3 : at + 7], "big") if data[at] == 1 else None
            profile = data[at + 3 : stop] if data[at] == 2 else None
            colours.append((data[at + 2] == 1, data[at], enumerated, profile))
    found.specifications = len(colours)
    best = [one for one in colours if one[0]]
    found.best = len(best)
    if best or len(colours) == 1:
        chosen = best or colours
        found.method = chosen[0][1]
        found.enumerated = next((one for _, _, one, _ in chosen if one is not None), None)
        found.profile = next((one for _, _, _, one in chosen if one is not None), None)
    return found


def _header(data: bytes) -> tuple[int, int]:
    return next(((at, stop) for kind, at, stop in _boxes(data, 12, len(data)) if kind == b"jp2h"), (0, 0))


def _boxes(data: bytes, at: int, end: int) -> list[tuple[bytes, int, int]]:
    """The boxes between two offsets: type, where the content begins and ends."""
    found = []
    while at + 8 <= end:
        length, kind, begin = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8], at + 8
        if length == 1:
            length, begin = int.from_bytes(data[at + 8 : at + 16], "big"), at + 16
        stop = end if length == 0 else min(at + length, end)
        if stop < begin:
            break
        found.append((kind, begin, stop))
        at = stop
    return found
