"""The header of an ICC profile."""

from typing import NamedTuple

from billingua.pdf.pdfa.values import Thing, data_of

__all__ = ["Profile", "is_fit", "profile_of"]


class Profile(NamedTuple):
    """`kind` is the device class (mntr, prtr, scnr, spac), `space` the colour space of the data."""

    version: float
    kind: str
    space: str


def profile_of(profile: Thing) -> Profile:
    """What the header of a profile says (a stream, or its bytes); empty texts of one that cannot be read."""
    head = (profile if isinstance(profile, bytes) else data_of(profile) or b"")[:128]
    if len(head) < 20:
        return Profile(0, "", "")
    version = head[8] + (head[9] >> 4) / 10
    return Profile(version, head[12:16].decode("latin-1").strip(), head[16:20].decode("latin-1").strip())


def is_fit(profile: Profile) -> bool:
    """Whether colours can be given by it: for input, display, output or conversion, of a version before 5."""
    known = profile.kind in ("prtr", "mntr", "scnr", "spac") and profile.space in ("RGB", "CMYK", "GRAY", "Lab")
    return known and profile.version < 5
