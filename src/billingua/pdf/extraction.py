"""Taking the files out of a PDF."""

import re
from typing import Final, NamedTuple

from billingua.errors import UnreadableInput
from billingua.pdf.attachments import attachments
from billingua.pdf.document import MAX_STREAM, decoded, open_pdf

__all__ = ["Embedded", "extract", "safe_name"]


class Embedded(NamedTuple):
    """One embedded file: the name, media type and AFRelationship that the PDF gives it ("" for none), and its bytes.

    The name is a stranger's choice: `safe_name` makes a file name of it.
    """

    name: str
    mime: str
    relationship: str
    data: bytes


def extract(pdf_bytes: bytes, name: str = "") -> list[Embedded]:
    """Every file that is embedded in a PDF: from the name tree, the associated files and the annotations, once each.

    `name` is what errors call the PDF.

    Raises:
        UnreadableInput: no PDF, damaged, a password is needed, or what is inside unfolds without measure.
        MissingExtra: the package pikepdf is not installed.
    """
    found = []
    room = MAX_STREAM
    with open_pdf(pdf_bytes, name) as pdf:
        for entry in attachments(pdf):
            data = decoded(entry.stream, MAX_STREAM, name)
            room -= len(data)
            if room < 0:
                raise UnreadableInput(
                    f"The files inside the PDF unfold to more than {MAX_STREAM // 2**20} MiB.",
                    where=name,
                    todo="A file that unfolds so far is made to exhaust the memory.",
                )
            found.append(Embedded(entry.name, entry.mime, entry.relationship, data))
    return found


_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST: Final = 150


def safe_name(name: str) -> str:
    """A file name, without any folder, that a file of this name can have on every system.

    What comes before the last slash or backslash is dropped, and so are leading dots: the result names a file in the
    folder it is put in, wherever `name` would lead.
    """
    last = re.split(r"[/\\]", name)[-1]
    last = _FORBIDDEN.sub("_", last).strip().lstrip(".").rstrip(". ")
    if len(last.encode()) > _LONGEST:
        stem, dot, ending = last.rpartition(".")
        kept = dot + ending if dot and len(ending.encode()) < 16 else ""
        room = _LONGEST - len(kept.encode())
        last = (stem if kept else last).encode()[:room].decode("utf-8", "ignore") + kept
    return f"_{last}" if not last or _DEVICES.fullmatch(last) else last
