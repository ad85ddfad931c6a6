"""Part and conformance level of PDF/A."""

from typing import NamedTuple

from billingua.errors import UsageError

__all__ = ["FLAVOURS", "Level", "parse"]

FLAVOURS = ("3b", "3u", "3a", "2b", "2u", "2a")
"""The levels that can be checked."""


class Level(NamedTuple):
    """`part` of ISO 19005 (2 or 3); `conformance` is b (looks), u (and text as Unicode) or a (and structure)."""

    part: int
    conformance: str

    def __str__(self) -> str:
        return f"{self.part}{self.conformance}"

    @property
    def unicode(self) -> bool:
        """Whether the text must map to Unicode: levels u and a."""
        return self.conformance != "b"

    @property
    def tagged(self) -> bool:
        """Whether the logical structure must be there: level a."""
        return self.conformance == "a"


def parse(flavour: str) -> Level:
    """The level of a text such as `3b`.

    Raises:
        UsageError: there is no such level, or it is not checked here.
    """
    wanted = flavour.lower()
    if wanted not in FLAVOURS:
        raise UsageError(f"There is no PDF/A flavour {flavour!r}.", todo=f"Name one of: {', '.join(FLAVOURS)}.")
    return Level(int(wanted[0]), wanted[1])
