"""The fonts that show text (6.2.11)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import Shown, uses
from billingua.pdf.pdfa.fonts.composite import check_composite
from billingua.pdf.pdfa.fonts.dictionaries import check_dictionary
from billingua.pdf.pdfa.fonts.faces import descendant_of, face_of
from billingua.pdf.pdfa.fonts.glyphs import check_glyphs
from billingua.pdf.pdfa.fonts.programs import check_program
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import name

__all__ = ["check_fonts"]


def check_fonts(file: Inspected) -> Iterator[Breach]:
    """Each font once, with all the glyphs it shows anywhere in the file."""
    for shown in uses(file).fonts.values():
        for rule, detail, values in _breaches(shown, file):
            yield Breach(rule, shown.place, shown.page, (("font", name_of(shown)), *values), detail)


def name_of(shown: Shown) -> str:
    """How the file calls the font."""
    below = descendant_of(shown.font)
    found = name(shown.font.get("/BaseFont")) or (None if below is None else name(below.get("/BaseFont")))
    return found or "without a name"


def _breaches(shown: Shown, file: Inspected) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    face = face_of(shown.font)
    yield from check_dictionary(shown.font)
    if face is None:
        return
    yield from check_composite(shown.font)
    yield from check_program(shown, face)
    yield from check_glyphs(shown, face, file.level)
