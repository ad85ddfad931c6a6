"""The invoice inside a PDF: which of the embedded files it is, and what the PDF says of it."""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.errors import InputError, UnknownFormat, UnreadableInput, UnsupportedFormat
from billingua.pdf.attachments import Attachment, attachments
from billingua.pdf.document import decoded, open_pdf, pikepdf_loaded
from billingua.pdf.names import INVOICES, ORDERS
from billingua.pdf.xmp import Facts, facts_of, root_of

if TYPE_CHECKING:
    from pikepdf import Pdf

__all__ = ["Hybrid", "invoice_in"]

_RELATED: Final = ("Alternative", "Data", "Source")
_LARGEST: Final = 128 * 1024 * 1024
_GUESSED: Final = 20
"""So many files of other names are looked into, to see whether one is an invoice."""
_ROOTS: Final = (b"CrossIndustryInvoice", b"CrossIndustryDocument")
_ORDER: Final = b"SCRDMCCBDACIOMessageStructure"
_LISTED: Final = 10


class Hybrid(NamedTuple):
    """The invoice that was found in a PDF.

    `name`, `mime`, `relationship` and `places` are as in `Attachment`; `rivals` names other files that could be the
    invoice. `intact` says whether size and check sum are as stated (None where they are not); `facts` is what XMP says
    (None where there is none that can be read).
    """

    data: bytes
    name: str
    mime: str
    relationship: str
    places: frozenset[str]
    rivals: tuple[str, ...]
    intact: bool | None
    facts: Facts | None


def invoice_in(pdf_bytes: bytes, name: str = "") -> Hybrid:
    """The invoice in a PDF, recognised by its name, its relationship, or at last its content.

    Raises:
        UnreadableInput: the PDF cannot be read.
        UnknownFormat: no embedded file is an invoice.
        UnsupportedFormat: the PDF holds an order (Order-X).
        MissingExtra: the package pikepdf is not installed.
    """
    pikepdf = pikepdf_loaded()
    with open_pdf(pdf_bytes, name) as pdf:
        try:
            return _found(pdf, name)
        except (pikepdf.PikepdfError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise UnreadableInput(f"The PDF is damaged: {type(error).__name__}.", where=name) from None
        except InputError as error:
            if error.where:
                raise
            raise type(error)(error.what, where=name, todo=error.todo) from None


def _found(pdf: "Pdf", name: str) -> Hybrid:
    files = attachments(pdf)
    candidates = sorted((entry for entry in files if entry.name.lower() in INVOICES), key=_precedence) or _by_content(
        files
    )
    if not candidates:
        raise _nothing(files, name)
    chosen = candidates[0]
    data = decoded(chosen.stream, _LARGEST, name)
    root = root_of(pdf)
    return Hybrid(
        data,
        chosen.name,
        chosen.mime,
        chosen.relationship,
        chosen.places,
        tuple(entry.name for entry in candidates[1:]),
        _intact(chosen, data),
        None if root is None else facts_of(root),
    )


def _precedence(entry: Attachment) -> tuple[int, bool, bool]:
    """Smallest first: the order of the names, then the exact name, then a relationship that fits."""
    lower = entry.name.lower()
    return INVOICES.index(lower), entry.name != lower, entry.relationship not in _RELATED


def _by_content(files: list[Attachment]) -> list[Attachment]:
    """The XML files of other names whose root element is that of an invoice in CII."""
    found = []
    named = [one for one in files if one.name.lower().endswith(".xml") or one.mime in ("text/xml", "application/xml")]
    for entry in named[:_GUESSED]:
        try:
            head = decoded(entry.stream, _LARGEST)[:4096].replace(b"\0", b"")
        except UnreadableInput:
            continue
        if any(root in head for root in _ROOTS):
            found.append(entry)
    return sorted(found, key=lambda entry: entry.relationship not in _RELATED)


def _nothing(files: list[Attachment], name: str) -> InputError:
    for entry in files:
        if entry.name.lower() in ORDERS:
            return UnsupportedFormat(
                f"The PDF holds an order (Order-X), {entry.name}, and no invoice.",
                where=name,
                todo="Give the invoice that answers the order.",
            )
    if not files:
        return UnknownFormat(
            "The PDF holds no embedded file, so there is no invoice in it to read.",
            where=name,
            todo="Ask for the XML, or embed one: billingua pdf embed.",
        )
    listed = ", ".join(entry.name for entry in files[:_LISTED])
    more = f" and {len(files) - _LISTED} more" if len(files) > _LISTED else ""
    return UnknownFormat(
        f"None of the files in the PDF is an invoice: {listed}{more}.",
        where=name,
        todo=f"The invoice is expected under the name {INVOICES[0]}.",
    )


def _intact(entry: Attachment, data: bytes) -> bool | None:
    """Whether size and check sum are those that the PDF states; None where it states neither."""
    pikepdf = pikepdf_loaded()
    stated: Any = entry.stream.get("/Params")
    if not isinstance(stated, pikepdf.Dictionary | Mapping):
        return None
    size, check_sum = stated.get("/Size"), stated.get("/CheckSum")
    answers = []
    if isinstance(size, int):
        answers.append(size == len(data))
    if isinstance(check_sum, pikepdf.String) and len(bytes(check_sum)) == 16:
        answers.append(bytes(check_sum) == hashlib.md5(data, usedforsecurity=False).digest())
    return all(answers) if answers else None
