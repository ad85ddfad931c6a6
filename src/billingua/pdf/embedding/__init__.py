"""Putting an invoice into a PDF: what comes out is PDF/A-3 with the XML inside (Factur-X, ZUGFeRD), or an error."""

import os
import re
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final, NamedTuple

from billingua.errors import PdfError, UnreadableInput, UnsupportedFormat, UsageError
from billingua.pdf.document import damage, decoded, open_pdf, pikepdf_loaded
from billingua.pdf.embedding.files import RELATIONSHIPS, guessed, others_in, write_files
from billingua.pdf.extraction import Embedded
from billingua.pdf.names import is_invoice_name

if TYPE_CHECKING:
    from pikepdf import Pdf

    from billingua.engine.report import Finding
    from billingua.engine.xml import Element
    from billingua.formats.cii.profiles import Profile

__all__ = ["Attached", "embed"]

Attached = str | os.PathLike[str] | tuple[str, bytes] | tuple[str, str, str, bytes]
"""A further file: its path, its name and bytes, or name, media type, relationship and bytes as `extract` gives them."""

_LEVELS: Final = {"A": ("a", "u", "b"), "U": ("u", "b")}
_XRECHNUNG: Final = re.compile(r"xrechnung_(\d+(?:\.\d+)*)")


class _Invoice(NamedTuple):
    profile: "Profile"
    version: str


def embed(
    pdf_bytes: bytes,
    xml_bytes: bytes,
    profile: str | None = None,
    attachments: Sequence[Attached] = (),
    *,
    relationship: str | None = None,
    existing: str = "keep",
    date: datetime | None = None,
    name: str = "",
) -> bytes:
    """A PDF/A-3 with the looks of an ordinary PDF and an invoice in XML (CII) inside.

    What PDF/A-3 asks for is made: metadata, output intent, default colour spaces, flags and appearances of annotations,
    the standard 14 fonts. Scripts, forbidden actions and encryption are taken out; links, forms, tags and layers stay.
    The result is PDF/A-3b, or 3u or 3a where the PDF declares that level and keeps it; it has passed `check`.

    `profile` (`minimum`, `en16931`, ...) need not be given: it follows from BT-24, and must agree with it.
    `attachments` come in beside the invoice. `relationship` is the AFRelationship of the invoice; by default Data for
    MINIMUM and BASIC WL, which are no full invoices, and Alternative for the others. An invoice that the PDF already
    holds is replaced; other files in it stay, or are an error with `existing="refuse"`. With a `date`, which is then
    the date of change, the same input gives the same bytes. `name` is what errors call the PDF.

    Raises:
        UnreadableInput: the PDF or the XML cannot be read.
        UnsupportedFormat: the XML is no CII.
        UsageError: the profile is unknown or contradicts the XML, or an option has no such value.
        PdfError: the PDF cannot become PDF/A-3: page and object are told.
        MissingExtra: a package of the extra `pdf` is not installed.
    """
    if existing not in ("keep", "refuse"):
        raise UsageError(f"Attachments cannot be treated as {existing!r}.", todo="Name keep or refuse.")
    if relationship is not None and relationship not in RELATIONSHIPS:
        raise UsageError(
            f"There is no relationship {relationship!r}.", todo=f"Name one of {', '.join(sorted(RELATIONSHIPS))}."
        )
    invoice = _invoice(xml_bytes, profile)
    related = relationship or invoice.profile.relationship
    added = [Embedded(invoice.profile.file_name, "text/xml", related, xml_bytes), *map(_attached, attachments)]
    when = date or datetime.now(UTC)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    with open_pdf(pdf_bytes, name) as pdf:
        try:
            return _embedded(pdf, invoice, added, when.replace(microsecond=0), existing)
        except PdfError as error:
            if name and not error.where.startswith(name):
                where = f"{name}, {error.where}" if error.where else name
                raise PdfError(error.what, where=where, todo=error.todo, page=error.page, object=error.object) from None
            raise
        except damage() as error:
            raise UnreadableInput(
                f"The PDF is damaged: {type(error).__name__}: {str(error)[:200].rstrip('.')}.",
                where=name,
                todo="Save it anew with the program that made it, or print it to a PDF.",
            ) from None


def _embedded(pdf: "Pdf", invoice: _Invoice, added: list[Embedded], date: datetime, existing: str) -> bytes:
    from billingua.pdf.embedding.annotations import settle_annotations, settle_forms
    from billingua.pdf.embedding.colours import settle_colours
    from billingua.pdf.embedding.fonts import embed_fonts
    from billingua.pdf.embedding.mending import mend
    from billingua.pdf.embedding.metadata import write_metadata
    from billingua.pdf.embedding.tidy import tidy
    from billingua.pdf.embedding.to_unicode import map_to_unicode
    from billingua.pdf.xmp import facts_of, root_of

    kept = others_in(pdf)
    if kept and existing == "refuse":
        raise PdfError(
            f"The PDF holds another file already: {kept[0].name}.",
            todo="Take it out first, or have the files that are in the PDF kept.",
            object=f"{kept[0].stream.objgen[0]} {kept[0].stream.objgen[1]}",
        )
    for entry in kept:
        decoded(entry.stream)
    old = root_of(pdf)
    declared = facts_of(old).conformance.upper() if old is not None else ""
    tidy(pdf)
    settle_forms(pdf)
    write_files(pdf, kept, added, date)
    settle_annotations(pdf)
    embed_fonts(pdf)
    map_to_unicode(pdf)
    settle_colours(pdf)
    breaches: Sequence[Finding] = ()
    mended = False
    attempts = [
        (level, kept)
        for level in _LEVELS.get(declared, ("b",))
        for kept in ((old, None) if old is not None else (None,))
    ]
    while attempts:
        level, metadata = attempts.pop(0)
        write_metadata(pdf, level, invoice.profile, invoice.version, date, metadata)
        data = _saved(pdf)
        breaches = _breaches(data, level)
        if not breaches:
            return data
        rules = {one.rule for one in breaches}
        if not mended:
            mended = True
            if mend(pdf, rules):
                attempts.insert(0, (level, metadata))
        elif metadata is not None and not any(rule.startswith("PDFA-6.6") for rule in rules):
            attempts.pop(0)
    raise _refused(breaches)


def _invoice(xml_bytes: bytes, wanted: str | None) -> _Invoice:
    """The profile of the invoice in XML, and the release that XMP tells of it."""
    from billingua import formats
    from billingua.engine.xml import parse, tag_of
    from billingua.formats.cii.profiles import by_name, profile_of

    if not isinstance(xml_bytes, bytes):
        raise UsageError(f"The XML is given as bytes, not as {type(xml_bytes).__name__}.", todo="Read the file first.")
    root: Element = parse(xml_bytes)
    tag = tag_of(root)
    form = formats.by_root(tag)
    if form is None or form.folder != "cii":
        what = form.name_of(root) if form is not None else tag.rpartition("}")[2]
        raise UnsupportedFormat(
            f"A PDF takes an invoice in CII, and this XML is {what}.",
            todo="Convert it first: billingua convert --to cii.",
        )
    guideline = form.profile_of(root)
    found = profile_of(guideline)
    if found is None:
        raise UsageError(
            f"The guideline (BT-24) of the invoice, {guideline or '(none)'!r}, names no profile of Factur-X.",
            todo="Write the invoice with a profile, for example en16931.",
        )
    if wanted is not None and by_name(wanted) != found:
        raise UsageError(
            f"The profile {by_name(wanted).title} contradicts the invoice, whose guideline (BT-24) is {guideline!r}: "
            f"{found.title}.",
            todo="Leave the profile out, or write the invoice in that profile.",
        )
    release = _XRECHNUNG.search(guideline or "") if found.name == "xrechnung" else None
    return _Invoice(found, release[1] if release else "1.0")


def _attached(one: Attached) -> Embedded:
    """A further file as it is put into the PDF."""
    if isinstance(one, tuple):
        if len(one) == 2:
            file, mime, related, data = one[0], "", "", one[1]
        else:
            file, mime, related, data = one
        if related and related not in RELATIONSHIPS:
            raise UsageError(f"There is no relationship {related!r}.", where=file)
    else:
        file, mime, related = os.path.basename(os.fspath(one)), "", ""
        try:
            with open(one, "rb") as stream:
                data = stream.read()
        except OSError as error:
            raise UnreadableInput(f"The file cannot be read: {error.strerror}.", where=os.fspath(one)) from None
    if not file or is_invoice_name(file):
        raise UsageError(
            f"A further file cannot be called {file!r}.", todo="That name is for the invoice: give it another one."
        )
    return Embedded(file, mime or guessed(file), related or "Supplement", bytes(data))


def _saved(pdf: "Pdf") -> bytes:
    pikepdf = pikepdf_loaded()
    out = BytesIO()
    with warnings.catch_warnings():
        # What pikepdf warns of here is how it finds the file; the check that follows judges the result.
        warnings.simplefilter("ignore")
        pdf.save(
            out,
            force_version="1.7",
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            encryption=False,
            fix_metadata_version=False,
            preserve_pdfa=True,
        )
    return out.getvalue()


def _breaches(data: bytes, level: str) -> "Sequence[Finding]":
    from billingua.pdf.checking import check

    return check(data, f"3{level}").findings


def _refused(breaches: "Sequence[Finding]") -> PdfError:
    """What is left standing between the file and PDF/A-3, as an error."""
    first = breaches[0]
    page = first.values.get("page", "")
    thing = re.match(r"(\d+ \d+) obj", first.path)
    where = ", ".join(part for part in (f"page {page}" if page else "", first.path) if part)
    more = f" ({len(breaches)} such places)" if len(breaches) > 1 else ""
    return PdfError(
        f"The PDF cannot become PDF/A-3: {first.rule}: {first.message}{more}",
        where=where,
        todo=first.hint,
        page=int(page) if page.isdigit() else None,
        object=thing[1] if thing else "",
    )
