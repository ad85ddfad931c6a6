"""Alternate presentations, transitions and requirements (6.10 and 6.11)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import dictionary

__all__ = ["check_presentations"]


def check_presentations(file: Inspected) -> Iterator[Breach]:
    """Nothing that shows the document in another way than page by page, or asks something of the reader."""
    names = dictionary(file.catalog.get("/Names"))
    if names is not None and "/AlternatePresentations" in names:
        yield Breach("6.10-t01", "document /Names/AlternatePresentations")
    for number, page in file.pages():
        if "/PresSteps" in page:
            yield Breach("6.10-t02", file.place(page, "/PresSteps"), number)
    if "/Requirements" in file.catalog:
        yield Breach("6.11-t01", "document /Requirements")
