"""PDFs made for tests, and what the tests of this folder share."""

import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

import billingua as bl

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = ROOT / "samples"
CII = (SAMPLES / "standard-rated.cii.xml").read_bytes()


def invoice(profile: str) -> bytes:
    """A small CII with a guideline of this profile."""
    from billingua.formats.cii.profiles import by_name

    guideline = bl.read(CII).profile
    assert guideline is not None
    return CII.replace(guideline.encode(), by_name(profile).guideline.encode())


def made(change: Callable[[Pdf, Any], None] | None = None, content: bytes = b"", **resources: Any) -> bytes:
    """A PDF with one page that shows `content`; `change` may do more to the document and that page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(200, 200))
        page = pdf.pages[0].obj
        page.Contents = pdf.make_stream(content)
        page.Resources = Dictionary({f"/{key}": value for key, value in resources.items()})
        if change is not None:
            change(pdf, page)
        out = BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields without a form, which some tests want
            pdf.save(out)
    return out.getvalue()


def font(name: str, **more: Any) -> Any:
    """The resources of a page that knows one font, F1, which is not embedded."""
    return Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/" + name), **more))


def annotation(pdf: Pdf, page: Any, **keys: Any) -> Any:
    """An annotation on the page."""
    one = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=Array([10, 10, 50, 50]), **keys))
    page.Annots = Array([*page.get("/Annots", []), one])
    return one


_OPEN: list[Pdf] = []


def opened(data: bytes) -> Pdf:
    """The document, which stays open: its objects live no longer than it does."""
    _OPEN[:] = [*_OPEN[-2:], pikepdf.open(BytesIO(data))]
    return _OPEN[-1]
