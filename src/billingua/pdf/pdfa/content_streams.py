"""Content streams (6.2.2) and rendering intents (6.2.6)."""

from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import Where, uses
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import name

__all__ = ["check_content_streams", "check_intents"]

_INTENTS: Final = ("RelativeColorimetric", "AbsoluteColorimetric", "Perceptual", "Saturation")


def check_content_streams(file: Inspected) -> Iterator[Breach]:
    """Operators that PDF 1.7 does not have, and resources a stream does not have for itself."""
    found = uses(file)
    for place, page in found.unreadable.items():
        yield Breach("6.1.1-t01", place, page, (), "the content stream cannot be read")
    for operator, (place, page) in found.unknown_operators.items():
        yield Breach("6.2.2-t01", place, page, (("operator", operator),), f"the operator is {operator}")
    for place, (names, page) in found.borrowed.items():
        listed = ", ".join(names)
        yield Breach("6.2.2-t02", place, page, (("resources", listed),), f"it uses {listed}")


def check_intents(file: Inspected) -> Iterator[Breach]:
    """Rendering intents: of the operator ri, of graphics states and of images."""
    found = uses(file)
    named: list[tuple[str | None, Where]] = list(found.intents.items())
    named += [(name(one.get("/RI")), where) for one, where in found.parameters.values()]
    named += [(name(one.get("/Intent")), where) for one, role, where in found.images.values() if role != "mask"]
    for called, (place, page) in named:
        if called is not None and called not in _INTENTS:
            yield Breach("6.2.6-t01", place, page, (("intent", called),), f"the intent is {called}")
