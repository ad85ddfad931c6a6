"""Form, reference and PostScript XObjects (6.2.9)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.content.walk import uses
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import name

__all__ = ["check_xobjects"]


def check_xobjects(file: Inspected) -> Iterator[Breach]:
    """The XObjects painted: no PostScript, no other file's pages, nothing for a prepress server."""
    for found, (place, page) in uses(file).xobjects.values():
        if name(found.get("/Subtype")) == "PS":
            yield Breach("6.2.9-t03", place, page)
            continue
        odd = [key for key in ("PS", "OPI") if f"/{key}" in found]
        if name(found.get("/Subtype2")) == "PS":
            odd.append("Subtype2 PS")
        if odd:
            listed = ", ".join(odd)
            yield Breach("6.2.9-t01", place, page, (("entries", listed),), f"it has {listed}")
        if "/Ref" in found:
            yield Breach("6.2.9-t02", place, page)
