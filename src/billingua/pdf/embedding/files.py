"""Putting files into a PDF: the invoice as an associated file, the others beside it."""

import hashlib
import mimetypes
from datetime import datetime
from typing import TYPE_CHECKING, Final

from billingua.pdf.attachments import Attachment, attachments
from billingua.pdf.document import decoded, pikepdf_loaded
from billingua.pdf.embedding.metadata import pdf_date
from billingua.pdf.names import is_invoice_name

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

    from billingua.pdf.extraction import Embedded

__all__ = ["RELATIONSHIPS", "others_in", "write_files"]

RELATIONSHIPS: Final = frozenset(
    {"Source", "Data", "Alternative", "Supplement", "EncryptedPayload", "FormData", "Schema", "Unspecified"}
)
_UNKNOWN: Final = "application/octet-stream"


def others_in(pdf: "Pdf") -> list[Attachment]:
    """The files in a PDF that are no invoice in XML."""
    return [entry for entry in attachments(pdf) if not is_invoice_name(entry.name)]


def write_files(pdf: "Pdf", kept: list[Attachment], new: "list[Embedded]", date: datetime) -> None:
    """Write the list of files anew: those that are kept, completed, and the new ones; an invoice first in /AF."""
    pikepdf = pikepdf_loaded()
    _forget_invoices(pdf)
    specs: list[tuple[str, Object]] = [(one.name, _file(pdf, one, date)) for one in new]
    specs += [(one.name, _completed(pdf, one, date)) for one in kept]
    keys: dict[bytes, Object] = {}
    for name, spec in specs:
        key, number = name, 1
        while _key(key) in keys:
            number += 1
            key = f"{name} ({number})"
        keys[_key(key)] = spec
    leaves = pikepdf.Array()
    for encoded, spec in sorted(keys.items(), key=lambda item: item[0]):
        leaves.append(pikepdf.String(encoded))
        leaves.append(spec)
    names = pdf.Root.get("/Names")
    if not isinstance(names, pikepdf.Dictionary):
        names = pdf.Root.Names = pikepdf.Dictionary()
    pdf.Root.Names.EmbeddedFiles = pikepdf.Dictionary(Names=leaves)
    pdf.Root.AF = pikepdf.Array([spec for _, spec in specs])


def _key(name: str) -> bytes:
    return bytes(pikepdf_loaded().String(name))


def _file(pdf: "Pdf", one: "Embedded", date: datetime) -> "Object":
    pikepdf = pikepdf_loaded()
    stream = pdf.make_stream(one.data)
    stream.Type = pikepdf.Name.EmbeddedFile
    stream.Subtype = pikepdf.Name("/" + one.mime)
    stream.Params = pikepdf.Dictionary(
        Size=len(one.data),
        CreationDate=pikepdf.String(pdf_date(date)),
        ModDate=pikepdf.String(pdf_date(date)),
        CheckSum=pikepdf.String(hashlib.md5(one.data, usedforsecurity=False).digest()),
    )
    name = pikepdf.String(one.name)
    spec: Object = pikepdf.Dictionary(
        Type=pikepdf.Name.Filespec,
        F=name,
        UF=name,
        Desc=pikepdf.String("Invoice" if is_invoice_name(one.name) else one.name),
        AFRelationship=pikepdf.Name("/" + one.relationship),
        EF=pikepdf.Dictionary(F=stream, UF=stream),
    )
    return pdf.make_indirect(spec)


def _completed(pdf: "Pdf", one: Attachment, date: datetime) -> "Object":
    """The specification of a file that was there before, with all that PDF/A-3 asks of it (6.8)."""
    pikepdf = pikepdf_loaded()
    spec, stream = one.spec, one.stream
    if not spec.is_indirect:
        spec = pdf.make_indirect(spec)
    spec.Type = pikepdf.Name.Filespec
    spec.F = spec.UF = pikepdf.String(one.name)
    spec.EF = pikepdf.Dictionary(F=stream, UF=stream)
    if one.relationship not in RELATIONSHIPS:
        spec.AFRelationship = pikepdf.Name.Unspecified
    stream.Type = pikepdf.Name.EmbeddedFile
    if "/" not in one.mime:
        stream.Subtype = pikepdf.Name("/" + guessed(one.name))
    parameters = stream.get("/Params")
    if not isinstance(parameters, pikepdf.Dictionary):
        parameters = pikepdf.Dictionary(Size=len(decoded(stream)))
    if "/ModDate" not in parameters:
        parameters.ModDate = pikepdf.String(pdf_date(date))
    stream.Params = parameters
    return spec


def guessed(name: str) -> str:
    """The media type that the ending of a name tells."""
    if name.lower().endswith(".xml"):
        return "text/xml"
    return mimetypes.guess_type(name)[0] or _UNKNOWN


def _forget_invoices(pdf: "Pdf") -> None:
    """Take former invoices out of the lists of pages (those of the catalogue are written anew)."""
    pikepdf = pikepdf_loaded()
    gone = {entry.stream.objgen for entry in attachments(pdf) if is_invoice_name(entry.name)}
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        if isinstance(annotations, pikepdf.Array):
            kept = [one for one in annotations if not _holds(one, gone)]
            if len(kept) != len(annotations):
                page.obj.Annots = pikepdf.Array(kept)
        if "/AF" in page.obj and gone:
            del page.obj.AF


def _holds(annotation: "Object", gone: set[tuple[int, int]]) -> bool:
    pikepdf = pikepdf_loaded()
    if not isinstance(annotation, pikepdf.Dictionary) or annotation.get("/Subtype") != "/FileAttachment":
        return False
    spec = annotation.get("/FS")
    files = spec.get("/EF") if isinstance(spec, pikepdf.Dictionary) else None
    return isinstance(files, pikepdf.Dictionary) and any(
        isinstance(files[key], pikepdf.Stream) and files[key].objgen in gone for key in list(files.keys())
    )
