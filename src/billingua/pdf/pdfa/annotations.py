"""Annotations (6.3)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, name, number, stream

__all__ = ["annotations", "check_annotations", "inherited"]

_TYPES: Final = frozenset(
    (
        *("Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline"),
        *("Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "FileAttachment", "Widget", "PrinterMark"),
        *("TrapNet", "Watermark", "Redact"),
    )
)
_UNSEEN: Final = {1: "Invisible", 2: "Hidden", 32: "NoView", 256: "ToggleNoView"}
_PRINT: Final = 4


def annotations(file: Inspected) -> Iterator[tuple[int, str, Thing]]:
    """Every annotation of every page: page number, place, dictionary."""
    for number_, page in file.pages():
        for index, annotation in enumerate(array(page.get("/Annots")) or ()):
            if dictionary(annotation) is not None:
                owner = annotation if annotation.is_indirect else page
                yield number_, file.place(owner, "" if owner is annotation else f"/Annots/{index}"), annotation


def inherited(field: Thing, key: str) -> Thing:
    """An entry of a field, or of a field above it."""
    for _ in range(50):
        if field is None:
            return None
        if key in field:
            return field[key]
        field = dictionary(field.get("/Parent"))
    return None


def check_annotations(file: Inspected) -> Iterator[Breach]:
    """Types that PDF 1.7 has and print shows, flags that show and print them, and one appearance each."""
    for page, place, annotation in annotations(file):
        for rule, values, detail in _faults(annotation):
            yield Breach(rule, place, page, values, detail)


_Fault = tuple[str, tuple[tuple[str, str], ...], str]


def _faults(annotation: Thing) -> Iterator[_Fault]:
    subtype = name(annotation.get("/Subtype"))
    if subtype not in _TYPES:
        yield "6.3.1-t01", (("subtype", subtype or ""),), f"the type is {subtype or 'missing'}"
    flags = integer(annotation.get("/F"))
    if flags is None:
        if subtype != "Popup":
            yield "6.3.2-t01", (("subtype", subtype or ""),), f"it is of type {subtype or 'unknown'}"
    else:
        wrong = [called for bit, called in _UNSEEN.items() if flags & bit]
        if not flags & _PRINT:
            wrong.append("not Print")
        if wrong:
            yield "6.3.2-t02", (("flags", str(flags)),), f"it is {', '.join(wrong)}"
    yield from _appearance(annotation, subtype)


def _appearance(annotation: Thing, subtype: str | None) -> Iterator[_Fault]:
    appearances = annotation.get("/AP")
    shown = dictionary(appearances)
    if shown is None:
        if subtype not in ("Popup", "Link") and not _is_point(annotation):
            yield "6.3.3-t01", (("subtype", subtype or ""),), f"it is of type {subtype or 'unknown'}"
        return
    entries = [key[1:] for key in shown]
    if entries != ["N"]:
        listed = ", ".join(entries) or "none"
        yield "6.3.3-t02", (("entries", listed),), f"the entries are {listed}"
        return
    normal = shown["/N"]
    button = subtype == "Widget" and name(inherited(annotation, "/FT")) == "Btn"
    by_state = dictionary(normal) is not None and stream(normal) is None
    if button and not (by_state and any(stream(one) is not None for one in normal.values())):
        yield "6.3.3-t03", (), ""
    if not button and stream(normal) is None:
        yield "6.3.3-t04", (("subtype", subtype or ""),), f"it is of type {subtype or 'unknown'}"


def _is_point(annotation: Thing) -> bool:
    """Whether its rectangle has neither width nor height."""
    corners = [number(one) for one in array(annotation.get("/Rect")) or ()]
    return len(corners) == 4 and corners[0] == corners[2] and corners[1] == corners[3]
