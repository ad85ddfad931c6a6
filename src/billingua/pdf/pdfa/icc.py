"""The header of an ICC profile."""

from typing import NamedTuple

import pikepdf

from billingua.pdf.pdfa.values import Thing

__all__ = ["COMPONENTS", "Profile", "profile_of"]

COMPONENTS = {"GRAY": 1, "RGB": 3, "Lab": 3, "CMYK": 4}
"""How many components the colour spaces have that PDF takes."""


class Profile(NamedTuple):
    """`kind` is the device class (mntr, prtr, scnr, spac), `space` the colour space of the data."""

    version: float
    kind: str
    space: str


def profile_of(stream: Thing) -> Profile:
    """What the header says; empty texts of a profile that cannot be read."""
    try:
        head = stream.read_bytes()[:128]
    except pikepdf.PdfError:
        head = b""
    if len(head) < 20:
        return Profile(0, "", "")
    version = head[8] + (head[9] >> 4) / 10
    return Profile(version, head[12:16].decode("latin-1").strip(), head[16:20].decode("latin-1").strip())
