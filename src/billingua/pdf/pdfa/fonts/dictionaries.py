"""The dictionaries of fonts (6.2.11.2)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.fonts.faces import descendant_of, descriptor_of
from billingua.pdf.pdfa.values import Thing, array, integer, name, stream

__all__ = ["FILES", "Fault", "check_dictionary"]

Fault = tuple[str, str, tuple[tuple[str, str], ...]]
"""The rule broken, the case in a clause, and the values."""

FILES: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_SIMPLE: Final = ("Type1", "MMType1", "TrueType", "Type3")
_SUBTYPES: Final = (*_SIMPLE, "Type0", "CIDFontType0", "CIDFontType2")
_FORMATS: Final = ("Type1C", "CIDFontType0C", "OpenType")
_STANDARD: Final = frozenset(
    (
        *("Courier", "Courier-Bold", "Courier-Oblique", "Courier-BoldOblique"),
        *("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique"),
        *("Times-Roman", "Times-Bold", "Times-Italic", "Times-BoldItalic", "Symbol", "ZapfDingbats"),
    )
)
"""The fonts every reader of PDF has; their widths may be left out while they are not embedded."""


def check_dictionary(font: Thing) -> Iterator[Fault]:
    """The dictionary of a font, and that of the CIDFont below a composite one."""
    yield from _one(font, descendant_of(font))
    below = descendant_of(font)
    if below is not None:
        yield from _one(below, None)


def _one(font: Thing, below: Thing) -> Iterator[Fault]:
    kind, subtype = name(font.get("/Type")), name(font.get("/Subtype"))
    if kind != "Font":
        yield "6.2.11.2-t01", f"its Type is {kind or 'missing'}", (("type", kind or ""),)
    if subtype not in _SUBTYPES:
        yield "6.2.11.2-t02", f"its Subtype is {subtype or 'missing'}", (("subtype", subtype or ""),)
    if subtype != "Type3" and name((font if below is None else below).get("/BaseFont")) is None:
        yield "6.2.11.2-t03", "", ()
    descriptor = descriptor_of(font)
    if subtype in _SIMPLE and not (
        subtype in ("Type1", "MMType1")
        and name(font.get("/BaseFont")) in _STANDARD
        and not any(stream(descriptor.get(one)) is not None for one in FILES)
    ):
        yield from _widths(font)
    program = next((one for one in (stream(descriptor.get(key)) for key in FILES) if one is not None), None)
    form = None if program is None else name(program.get("/Subtype"))
    if form is not None and form not in _FORMATS:
        yield "6.2.11.2-t07", f"the format is {form}", (("format", form),)


def _widths(font: Thing) -> Iterator[Fault]:
    first, last = integer(font.get("/FirstChar")), integer(font.get("/LastChar"))
    if first is None:
        yield "6.2.11.2-t04", "", ()
    if last is None:
        yield "6.2.11.2-t05", "", ()
    widths = array(font.get("/Widths"))
    if widths is None:
        yield "6.2.11.2-t06", "it has no Widths", ()
    elif first is not None and last is not None and len(widths) != last - first + 1:
        wanted = last - first + 1
        values = (("widths", str(len(widths))), ("codes", str(wanted)))
        yield "6.2.11.2-t06", f"Widths has {len(widths)} entries for {wanted} codes", values
