"""Clause 6.8: files embedded in the file, and what their specifications say of them."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from billingua.errors import UnreadableInput
from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.level import Level

if TYPE_CHECKING:
    import pikepdf

__all__ = ["check_attachments"]

_MIME: Final = re.compile(r"/[-\w+.]+/[-\w+.]+", re.ASCII)
_STREAMS: Final = ("/F", "/UF", "/DOS", "/Mac", "/Unix")
_DEEPEST: Final = 4
"""PDF files within PDF files that are looked into."""
_PART_1: Final = ("6.6.4-t02", "6.6.4-t03")
"""What PDF/A-1 says otherwise than PDF/A-2, in the same words."""


def check_attachments(file: Inspected) -> Iterator[Breach]:
    """Every file specification, and the streams that those embed."""
    import pikepdf

    associated = _associated(file)
    seen = set()
    for place, specification in _specifications(file):
        embedded = specification.get("/EF")
        if "/EF" in specification and not all(
            isinstance(specification.get(key), pikepdf.String) for key in ("/F", "/UF")
        ):
            yield Breach("6.8-t02", place)
        if file.level.part == 3:
            if not isinstance(specification.get("/AFRelationship"), pikepdf.Name):
                yield Breach("6.8-t03", place)
            if specification.objgen not in associated:
                yield Breach("6.8-t04", place)
        if not isinstance(embedded, pikepdf.Dictionary):
            continue
        for key in _STREAMS:
            stream = embedded.get(key)
            if isinstance(stream, pikepdf.Stream) and stream.objgen not in seen:
                seen.add(stream.objgen)
                yield from _stream(stream, file)


def _associated(file: Inspected) -> "set[tuple[int, int]]":
    """The file specifications that some AF array names."""
    import pikepdf

    found: set[tuple[int, int]] = set()
    for _, thing in file.containers():
        if thing._type_code != pikepdf.ObjectType.array and "/AF" in thing:
            files = thing["/AF"]
            if isinstance(files, pikepdf.Array):
                found |= {one.objgen for one in files if isinstance(one, pikepdf.Object) and one.is_indirect}
    return found


def _specifications(file: Inspected) -> "Iterator[tuple[str, pikepdf.Object]]":
    """Dictionaries that say they are file specifications, and all that the name tree of embedded files leads to."""
    import pikepdf

    seen = set()
    for place, thing in file.containers():
        if thing._type_code == pikepdf.ObjectType.dictionary and thing.get("/Type") == "/Filespec":
            seen.add(thing.objgen)
            yield place, thing
    names = file.catalog.get("/Names")
    waiting = [names.get("/EmbeddedFiles")] if isinstance(names, pikepdf.Dictionary) else []
    nodes = set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Dictionary) or (node.is_indirect and node.objgen in nodes):
            continue
        nodes.add(node.objgen)
        kids, pairs = node.get("/Kids"), node.get("/Names")
        if isinstance(kids, pikepdf.Array):
            waiting += list(kids)
        if isinstance(pairs, pikepdf.Array):
            for thing in list(pairs)[1::2]:
                if isinstance(thing, pikepdf.Dictionary) and thing.objgen not in seen:
                    seen.add(thing.objgen)
                    yield file.place(thing), thing


def _stream(stream: "pikepdf.Stream", file: Inspected) -> Iterator[Breach]:
    import pikepdf

    place = file.place(stream)
    if file.level.part == 3:
        subtype = stream.get("/Subtype")
        seen = str(subtype) if isinstance(subtype, pikepdf.Name) else ""
        if not _MIME.fullmatch(seen):
            yield Breach("6.8-t01", place, values=(("Subtype", seen.removeprefix("/")),))
        return
    try:
        why = _not_archival(stream.read_bytes(), file.depth)
    except pikepdf.PdfError as error:
        why = f"it cannot be decoded: {error}"
    if why:
        yield Breach("6.8-t05", place, detail=why)


def _not_archival(data: bytes, depth: int) -> str:
    """Why an embedded file is not PDF/A-1 or PDF/A-2; empty where it is."""
    from billingua.pdf.document import open_pdf
    from billingua.pdf.pdfa import inspect

    if depth >= _DEEPEST:
        return "it is embedded too deeply to be looked at"
    try:
        with open_pdf(data, as_written=True) as pdf:
            for breach in inspect(Inspected(data, pdf, Level(2, "b"), depth + 1)):
                if not (breach.rule in _PART_1 and dict(breach.values).get("part", "1") == "1"):
                    return f"it breaks {breach.rule} at {breach.place}"
    except UnreadableInput as error:
        return error.what.rstrip(".")
    return ""
