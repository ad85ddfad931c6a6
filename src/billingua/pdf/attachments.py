"""The files inside a PDF: where each is mentioned, how it is called, and the stream that holds it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.errors import UnreadableInput
from billingua.pdf.document import pikepdf_loaded

if TYPE_CHECKING:
    from pikepdf import Object, Pdf

__all__ = ["Attachment", "attachments", "name_tree", "text_of"]

_MOST: Final = 10_000
"""More files, or nodes of the tree that lists them, than any honest PDF has."""

_NAMES: Final = ("/UF", "/F", "/Desc", "/Unix", "/Mac", "/DOS")
_STREAMS: Final = ("/UF", "/F", "/Unix", "/Mac", "/DOS")


class Attachment(NamedTuple):
    """One embedded file: its name, media type and AFRelationship ("" where the PDF does not say), and its stream.

    `places` are the lists that mention it: `names` (the name tree), `af` (the catalogue), `annotation` (a page).
    `spec` is the file specification, `key` its key in the name tree.
    """

    name: str
    mime: str
    relationship: str
    stream: "Object"
    places: frozenset[str]
    spec: "Object"
    key: str = ""


def attachments(pdf: "Pdf") -> list[Attachment]:
    """Every embedded file of a PDF, once each: those of the name tree first, then others in the order they are met.

    Raises:
        UnreadableInput: there are more than any honest PDF has.
    """
    found: dict[Any, Attachment] = {}
    for key, spec, place in _mentioned(pdf):
        stream = _stream_of(spec)
        if stream is None:
            continue
        identity = stream.objgen if stream.objgen[0] else id(stream)
        new = Attachment(
            _name_of(spec) or key or f"attachment-{len(found) + 1}",
            _plain(stream.get("/Subtype")),
            _plain(spec.get("/AFRelationship")),
            stream,
            frozenset((place,)),
            spec,
            key,
        )
        known = found.get(identity)
        if known is not None:
            new = known._replace(places=known.places | new.places, relationship=known.relationship or new.relationship)
        found[identity] = new
        if len(found) > _MOST:
            raise UnreadableInput(f"The PDF has more than {_MOST} files inside.", todo="Take out the invoice.")
    return list(found.values())


def _mentioned(pdf: "Pdf") -> Iterator[tuple[str, "Object", str]]:
    """Key, file specification and place of each mention."""
    pikepdf = pikepdf_loaded()
    root = pdf.Root
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        for key, spec in name_tree(names.get("/EmbeddedFiles")):
            if isinstance(spec, pikepdf.Dictionary):
                yield key, spec, "names"
    listed: Any = root.get("/AF")
    for spec in listed if isinstance(listed, pikepdf.Array) else [listed]:
        if isinstance(spec, pikepdf.Dictionary):
            yield "", spec, "af"
    for page in pdf.pages:
        annotations = page.obj.get("/Annots")
        for annotation in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(annotation, pikepdf.Dictionary) and annotation.get("/Subtype") == "/FileAttachment":
                spec = annotation.get("/FS")
                if isinstance(spec, pikepdf.Dictionary):
                    yield "", spec, "annotation"


def name_tree(root: "Object | None") -> Iterator[tuple[str, "Object"]]:
    """Key and value of each leaf of a name tree, however deep, and though its branches run in circles.

    Raises:
        UnreadableInput: it has more nodes than any honest PDF has.
    """
    pikepdf = pikepdf_loaded()
    waiting = [root]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or (node.objgen[0] and node.objgen in seen):
            continue
        seen.add(node.objgen)
        visited += 1
        if visited > _MOST:
            raise UnreadableInput(f"A name tree of the PDF has more than {_MOST} nodes.", todo="Repair the file.")
        leaves = node.get("/Names")
        if isinstance(leaves, pikepdf.Array):
            pairs = list(leaves)
            for key, value in zip(pairs[::2], pairs[1::2], strict=False):
                yield text_of(key), value
        branches = node.get("/Kids")
        if isinstance(branches, pikepdf.Array):
            waiting.extend(reversed(list(branches)))


def _stream_of(spec: "Object") -> "Object | None":
    pikepdf = pikepdf_loaded()
    files = spec.get("/EF")
    if not isinstance(files, pikepdf.Dictionary):
        return None
    return next((files[key] for key in _STREAMS if isinstance(files.get(key), pikepdf.Stream)), None)


def _name_of(spec: "Object") -> str:
    return next((name for key in _NAMES if (name := text_of(spec.get(key)))), "")


def text_of(value: Any) -> str:
    """A text string of a PDF in any encoding that occurs, as Python text; "" for anything else."""
    pikepdf = pikepdf_loaded()
    if not isinstance(value, pikepdf.String):
        return ""
    raw = bytes(value)
    if raw.startswith((b"\xfe\xff", b"\xff\xfe")):
        text = raw.decode("utf-16", "replace")
    else:
        # Many writers put UTF-8 where PDFDocEncoding is meant; nothing sensible in that encoding is valid UTF-8.
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = str(value)
    return "".join(char for char in text if char.isprintable()).strip()


def _plain(value: Any) -> str:
    """A name object without its slash."""
    pikepdf = pikepdf_loaded()
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    return text_of(value)
