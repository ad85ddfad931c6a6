"""Clauses 6.1.6, 6.1.10 and 6.1.13 within content: strings, numbers, names, inline images, and nested states."""

import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected, items
from billingua.pdf.pdfa.lexer import REGULAR, WHITE, faults

if TYPE_CHECKING:
    import pikepdf

__all__ = ["check_operands", "contents"]


def _alone(word: bytes) -> bytes:
    """A pattern for a word that is a token of its own."""
    return rb"(?<!" + REGULAR + rb")(?<!/)(?:" + word + rb")(?!" + REGULAR + rb")"


_IMAGE: Final = re.compile(_alone(rb"BI"))
_IMAGE_DATA: Final = re.compile(_alone(rb"ID") + WHITE)
_IMAGE_END: Final = re.compile(
    WHITE + rb"EI(?=" + WHITE + rb"*+(?:\Z|[ -~\t\r\n]{1,10}))(?!" + REGULAR + rb")", re.DOTALL
)
_FILTER: Final = re.compile(rb"/(?:F|Filter)" + WHITE + rb"*(\[[^\]]*\]|/" + REGULAR + rb"+)")
_NAME: Final = re.compile(rb"/(" + REGULAR + rb"*)")
_STATE: Final = re.compile(_alone(rb"q|Q"))
_TEXT: Final = re.compile(rb"\((?:[^()\\]++|\\.)*\)|%[^\r\n]*+", re.DOTALL)

_FILTERS: Final = frozenset(
    {
        *(b"ASCIIHexDecode", b"ASCII85Decode", b"FlateDecode", b"RunLengthDecode", b"CCITTFaxDecode", b"DCTDecode"),
        *(b"AHx", b"A85", b"Fl", b"RL", b"CCF", b"DCT"),
    }
)
_DEEPEST: Final = 28


def check_operands(file: Inspected) -> Iterator[Breach]:
    """The content of each page, and every other content stream."""
    for data, place, page in contents(file):
        yield from _content(data, place, page)


def contents(file: Inspected) -> Iterator[tuple[bytes, str, int | None]]:
    """The decoded content of each page, with its number, and that of all forms, patterns and glyphs of the file."""
    import pikepdf

    of_pages = set()
    for number, page in file.pages():
        content = page.get("/Contents")
        parts = list(content) if isinstance(content, pikepdf.Array) else [content]
        streams = [part for part in parts if isinstance(part, pikepdf.Stream)]
        of_pages |= {part.objgen for part in streams}
        place = file.place(streams[0]) if len(streams) == 1 else f"{file.place(page)} /Contents"
        yield b"\n".join([_decoded(part) for part in streams]), place, number
    for place, thing in file.containers():
        if isinstance(thing, pikepdf.Stream):
            if thing.objgen not in of_pages and _is_content(thing):
                yield _decoded(thing), place, None
        elif isinstance(thing, pikepdf.Dictionary) and isinstance(thing.get("/CharProcs"), pikepdf.Dictionary):
            for _, glyph in items(thing["/CharProcs"]):
                if isinstance(glyph, pikepdf.Stream):
                    yield _decoded(glyph), file.place(glyph), None


def _is_content(stream: "pikepdf.Object") -> bool:
    return stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1


def _decoded(stream: "pikepdf.Stream") -> bytes:
    import pikepdf

    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return b""


def _content(data: bytes, place: str, page: int | None) -> Iterator[Breach]:
    if b"BI" in data:
        data = yield from _without_images(data, place, page)
    for breach in faults(data, 0, len(data), place):
        yield breach._replace(page=page)
    depth = deepest = 0
    for found in _STATE.finditer(_TEXT.sub(b" ", data)):
        depth = depth + 1 if found[0] == b"q" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        yield Breach("6.1.13-t08", place, page, values=(("levels", str(deepest)),))


def _without_images(data: bytes, place: str, page: int | None) -> Generator[Breach, None, bytes]:
    """The content less the data of inline images, whose filters are looked at."""
    kept, position = [], 0
    while (found := _IMAGE.search(data, position)) and (begun := _IMAGE_DATA.search(data, found.end())):
        end = _IMAGE_END.search(data, begun.end() - 1)
        entries = data[found.end() : begun.start()]
        kept += [data[position : found.start()], entries]
        position = end.end() if end else len(data)
        for value in _FILTER.findall(entries):
            for name in _NAME.findall(value):
                if name not in _FILTERS:
                    yield Breach("6.1.10-t01", place, page, values=(("filter", name.decode("latin-1")),))
    kept.append(data[position:])
    return b" ".join(kept)
