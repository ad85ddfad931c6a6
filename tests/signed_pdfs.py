"""What the tests of signatures sign: a small PDF made here, and hybrid invoices where they are at hand."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

SHARED = Path(__file__).parents[2] / "shared" / "facturx-pdfs"
INVOICE = b"<rsm:CrossIndustryInvoice xmlns:rsm='urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100'/>"


def _hybrids() -> dict[str, Path]:
    manifest = SHARED / "manifest.jsonl"
    if not manifest.is_file():
        return {}
    rows = [json.loads(line) for line in manifest.read_text("utf-8").splitlines()]
    return {row["file"]: SHARED / row["file"] for row in rows if row["verapdf_3b"] == "pass"}


HYBRIDS = _hybrids()
"""Invoices that are PDF/A-3b; none where the collection is not there."""


def plain(
    box: tuple[float, float, float, float] = (0, 0, 595, 842),
    rotate: int = 0,
    text_field: str | None = None,
    file: bool = True,
) -> bytes:
    """Two empty pages, XMP, document information and an attachment."""
    opened = pikepdf.new()
    for _ in range(2):
        page = opened.add_blank_page(page_size=(595, 842))
        page.mediabox = pikepdf.Array(list(box))
        if rotate:
            page.obj.Rotate = rotate
    if file:
        opened.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(opened, INVOICE, mime_type="text/xml")
    with opened.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = "Invoice"
        meta["pdfaid:part"] = "3"
    opened.docinfo["/Title"] = "Invoice"
    if text_field is not None:
        field: Any = pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=text_field)
        opened.Root.AcroForm = opened.make_indirect(pikepdf.Dictionary(Fields=[opened.make_indirect(field)]))
    output = BytesIO()
    opened.save(output, deterministic_id=True)
    return output.getvalue()


def attachments(data: bytes) -> dict[str, bytes]:
    """The embedded files by name."""
    with pikepdf.open(BytesIO(data)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}
