"""Safe parsing of untrusted XML, and where an element stands in its document."""

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, cast

from lxml import etree

from billingua.errors import UnreadableInput, UnsupportedFormat

__all__ = [
    "MAX_BYTES",
    "Element",
    "Flaw",
    "first_below",
    "flaw",
    "parse",
    "qualified",
    "said",
    "tag_of",
    "too_deep",
    "too_large",
]

Element = etree._Element

MAX_BYTES: Final = 128 * 1024 * 1024
"""The largest document that is read, in bytes. The networks stop far below it."""

_HUGE: Final = 9_000_000
"""From this size on a single text (an attachment) may pass the limit that libxml2 sets to protect itself.

That also lifts its limit of 256 nested elements to 2,048; EN 16931 documents need about 12.
"""

_MAGIC: Final = (
    (b"%PDF", "is a PDF file, not an XML document", "Extract the invoice from it first."),
    (b"PK\x03\x04", "is a ZIP archive, not an XML document", "Unpack it and name the invoice in it."),
    (b"\x1f\x8b", "is a gzip file, not an XML document", "Unpack it first."),
    (b"\x89PNG", "is a PNG image, not an XML document", "Name the invoice itself."),
    (b"{", "is JSON, not an XML document", "Write it in a wire format first, with: billingua build."),
)

_PLACE: Final = r",? *line \d+, column (\d+)\.?$"
_PROLOG: Final = 4096
_TOO_DEEP: Final = "xcessive depth"

_parsers = threading.local()


def tag_of(element: Element) -> str:
    """The tag of an element in Clark notation. (In trees of `parse` every node is an element, so it is a text.)"""
    return cast(str, element.tag)


def said(element: Element) -> str:
    """The text of an element and of all in it."""
    return "".join(element.itertext()) if len(element) else element.text or ""


def first_below(element: Element, tags: Sequence[str], depth: int = 0) -> Element | None:
    """The first element that a path of tags leads to from another one (after so many of them).

    The library's own search takes several times as long for the few steps that are asked of every document.
    """
    for child in element.iterchildren(tags[depth]):
        found = child if depth + 1 == len(tags) else first_below(child, tags, depth + 1)
        if found is not None:
            return found
    return None


def _parser(huge: bool) -> etree.XMLParser:
    """A parser a thread: no network, no entities, no DTD; comments, instructions and layout are dropped."""
    name = "huge" if huge else "plain"
    parser: etree.XMLParser | None = getattr(_parsers, name, None)
    if parser is None:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            remove_blank_text=True,
            huge_tree=huge,
        )
        setattr(_parsers, name, parser)
    return parser


def parse(data: bytes, name: str = "") -> Element:
    """The root element of an XML document of any encoding that XML allows.

    Comments, processing instructions and white space between elements are dropped: none of them carries meaning.

    Raises:
        UnreadableInput: empty, too large, too deep, with a document type declaration, or not well-formed.
        UnsupportedFormat: the bytes are another kind of file (PDF, ZIP, ...).
    """
    if not data or data.isspace():
        raise UnreadableInput("The document is empty.", where=name, todo="Give an XML invoice.")
    if len(data) > MAX_BYTES:
        raise too_large(name)
    head = data[:64].lstrip()
    for magic, what, todo in _MAGIC:
        if head.startswith(magic):
            raise UnsupportedFormat(f"The input {what}.", where=name, todo=todo)
    try:
        root = etree.fromstring(data, _parser(len(data) > _HUGE))
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in data[:_PROLOG]:
            raise _has_doctype(name) from None
        raise _not_well_formed(error, name) from None
    except ValueError as error:
        raise UnreadableInput(f"The input is not XML: {error}.", where=name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _has_doctype(name)
    return root


class Flaw(NamedTuple):
    """Why bytes are not well-formed XML, and the line where that shows."""

    reason: str
    line: int | None


def flaw(data: bytes) -> Flaw | None:
    """What keeps bytes from being well-formed XML; None when nothing does, or when they are refused for another reason
    (too large, too deep, a document type declaration)."""
    if len(data) > MAX_BYTES or b"<!DOCTYPE" in data[:_PROLOG]:
        return None
    try:
        etree.fromstring(data, _parser(len(data) > _HUGE))
    except etree.XMLSyntaxError as error:
        reason = _reason(error)
        return None if _TOO_DEEP in reason else Flaw(re.sub(_PLACE, "", reason), error.lineno or None)
    return None


def too_large(name: str) -> UnreadableInput:
    """The error for a document above the limit."""
    return UnreadableInput(
        f"The document is larger than {MAX_BYTES // 1024 // 1024} MiB, the most that is read.",
        where=name,
        todo="Move large attachments out of the invoice.",
    )


def too_deep(name: str) -> UnreadableInput:
    """The error for a document whose elements are nested deeper than any invoice needs."""
    return UnreadableInput(
        "The elements are nested too deep.", where=name, todo="An electronic invoice needs about 12 levels."
    )


def _has_doctype(name: str) -> UnreadableInput:
    return UnreadableInput(
        "The document has a document type declaration (DOCTYPE), which electronic invoices must not have.",
        where=name,
        todo="Remove it; entities and DTDs are never loaded.",
    )


def _not_well_formed(error: etree.XMLSyntaxError, name: str) -> UnreadableInput:
    reason = _reason(error)
    if _TOO_DEEP in reason:
        return too_deep(name)
    line = f"line {error.lineno}" if error.lineno else ""
    if place := re.search(_PLACE, reason):
        reason = reason[: place.start()].rstrip()
        line += f", column {place[1]}"
    return UnreadableInput(
        f"The input is not well-formed XML: {reason}.",
        where=", ".join(part for part in (name, line) if part),
        todo="Check that the file is whole and that its declared encoding is the real one.",
    )


def _reason(error: etree.XMLSyntaxError) -> str:
    return " ".join((error.msg or "no XML found").split())


def qualified(tag: str, prefixes: Mapping[str, str]) -> str:
    """A tag in Clark notation as `prefix:name`; the plain name where `prefixes` (namespace -> prefix) has none."""
    namespace, _, name = tag.rpartition("}")
    prefix = prefixes.get(namespace[1:], "")
    return f"{prefix}:{name}" if prefix else name
