"""Transparency (6.2.10)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import uses
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.output_intents import intended_space
from billingua.pdf.pdfa.values import array, name

__all__ = ["check_transparency"]

_MODES: Final = frozenset(
    (
        *("Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn"),
        *("HardLight", "SoftLight", "Difference", "Exclusion", "Hue", "Saturation", "Color", "Luminosity"),
    )
)


def check_transparency(file: Inspected) -> Iterator[Breach]:
    """Blend modes of PDF 1.7 only, and a colour space in which transparent pages are blended."""
    found = uses(file)
    for parameters, (place, page) in found.parameters.values():
        given = parameters.get("/BM")
        names = [one for one in map(name, [given] if array(given) is None else list(given)) if one is not None]
        if names and names[0] not in _MODES:
            yield Breach("6.2.10-t01", place, page, (("mode", names[0]),), f"the mode is {names[0]}")
    if not intended_space(file):
        for number, page in found.transparent:
            yield Breach("6.2.10-t02", file.place(page), number)
