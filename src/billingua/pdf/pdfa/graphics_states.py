"""Extended graphics states (6.2.5)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import Where, uses
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, dictionary, integer, name

__all__ = ["check_graphics_states"]

_PRIMARY: Final = ("Cyan", "Magenta", "Yellow", "Black")


def check_graphics_states(file: Inspected) -> Iterator[Breach]:
    """The graphics state parameter dictionaries that content streams set: no transfer functions, simple halftones."""
    for parameters, (place, page) in uses(file).parameters.values():
        if "/TR" in parameters:
            yield Breach("6.2.5-t01", place, page)
        if "/TR2" in parameters and name(parameters["/TR2"]) != "Default":
            yield Breach("6.2.5-t02", place, page)
        if "/HTP" in parameters:
            yield Breach("6.2.5-t03", place, page)
        halftone = dictionary(parameters.get("/HT"))
        if halftone is not None:
            yield from _halftone(halftone, None, (place, page), 0)


def _halftone(halftone: Thing, colorant: str | None, where: Where, deep: int) -> Iterator[Breach]:
    place, page = where
    kind = integer(halftone.get("/HalftoneType"))
    if kind not in (1, 5):
        shown = "missing" if kind is None else str(kind)
        yield Breach("6.2.5-t04", place, page, (("type", shown),), f"the type is {shown}")
    if "/HalftoneName" in halftone:
        yield Breach("6.2.5-t05", place, page)
    if colorant != "Default":
        has = "/TransferFunction" in halftone
        if has == (colorant is None or colorant in _PRIMARY):
            shown = colorant or "all"
            yield Breach("6.2.5-t06", place, page, (("colorant", shown),), f"the colorant is {shown}")
    if kind == 5 and deep < 4:
        for key, part in halftone.items():
            if dictionary(part) is not None:
                yield from _halftone(part, key[1:], where, deep + 1)
