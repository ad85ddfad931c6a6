"""How much content a file may unfold to, before it is read instruction by instruction."""

import zlib
from typing import TYPE_CHECKING, Final

from billingua.errors import UnreadableInput
from billingua.pdf.pdfa.inspected import Inspected, items

if TYPE_CHECKING:
    import pikepdf

__all__ = ["refuse_bombs"]

_PAGE: Final = 16 * 1024 * 1024
"""The most that one page, form or glyph may have, in bytes."""

_DOCUMENT: Final = 256 * 1024 * 1024
"""The most that all pages may have together, a stream counted as often as it is used."""

_SMALL: Final = 4 * 1024 * 1024
_RATIO: Final = 100
"""Content packs to a tenth or a twentieth; what unfolds to more than this and is not small was made to be a bomb."""


def refuse_bombs(file: Inspected) -> None:
    """Look at what pages, forms, patterns and glyphs unfold to, no further than needed.

    Raises:
        UnreadableInput: the content of a page, or of all pages, is too large to be read.
    """
    import pikepdf

    sizes: dict[tuple[int, int], int] = {}
    total = 0
    for number, page in file.pages():
        contents = page.get("/Contents")
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        size = sum([_size(part, sizes) for part in parts if isinstance(part, pikepdf.Stream)])
        if size > _PAGE:
            raise _too_large(f"The content of page {number}", _PAGE)
        total += size
        if total > _DOCUMENT:
            raise _too_large("The content of all pages", _DOCUMENT)
    for place, thing in file.containers():
        for stream in _others(thing):
            if _size(stream, sizes) > _PAGE:
                raise _too_large(f"The content {place}", _PAGE)


def _others(thing: "pikepdf.Object") -> "list[pikepdf.Stream]":
    """The content of a form, a pattern, or the glyphs of a Type 3 font."""
    import pikepdf

    if isinstance(thing, pikepdf.Stream):
        return [thing] if thing.get("/Subtype") == "/Form" or thing.get("/PatternType") == 1 else []
    if isinstance(thing, pikepdf.Dictionary) and isinstance(thing.get("/CharProcs"), pikepdf.Dictionary):
        return [glyph for _, glyph in items(thing["/CharProcs"]) if isinstance(glyph, pikepdf.Stream)]
    return []


def _size(stream: "pikepdf.Stream", sizes: dict[tuple[int, int], int]) -> int:
    if stream.objgen not in sizes:
        sizes[stream.objgen] = _measured(stream)
    return sizes[stream.objgen]


def _measured(stream: "pikepdf.Stream") -> int:
    """What a stream unfolds to, in bytes; more than a page may have where it is a bomb, and 0 where it is damaged."""
    import pikepdf

    try:
        raw = bytes(stream.read_raw_bytes())
        limit = min(max(_SMALL, _RATIO * len(raw)), _PAGE)
        if stream.get("/Filter") == pikepdf.Name.FlateDecode:
            size = len(zlib.decompressobj().decompress(raw, limit + 1))
        else:
            size = len(stream.read_bytes()) if "/Filter" in stream else len(raw)
    except (pikepdf.PdfError, zlib.error):
        return 0
    return size if size <= limit else _PAGE + 1


def _too_large(what: str, limit: int) -> UnreadableInput:
    return UnreadableInput(
        f"{what} unfolds to more than {limit // 2**20} MiB, or much further than content does.",
        todo="A file that unfolds so far is made to exhaust the memory.",
    )
