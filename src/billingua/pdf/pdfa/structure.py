"""Clauses 6.1.2 to 6.1.9: how the bytes of the file are written."""

import re
from collections.abc import Generator, Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.lexer import WHITE, body_end, faults
from billingua.pdf.pdfa.xref import Xref, read_xref

__all__ = ["check_structure"]

_HEADER: Final = re.compile(rb"%PDF-1\.[0-7](?:\r\n|\r|\n)")
_LINE: Final = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")
_OBJECT: Final = re.compile(rb"(\d+)(" + WHITE + rb"+)(\d+)(" + WHITE + rb"+)obj")
_LENGTH: Final = re.compile(rb"/Length\s+(\d+)(?:\s+(\d+)\s+R)?")
_END: Final = re.compile(WHITE + rb"*endstream")
_MARKER: Final = b"%%EOF"
_EOL: Final = (b"\r", b"\n")
_TAIL: Final = 1024
_LARGE: Final = 32768
_DAMAGE: Final = re.compile(
    r"\(?object (\d+) (\d+).*?: (.*(?:unexpected|unknown token|expected dictionary key|ended prematurely"
    r"|expected endobj|invalid character|parse error|expected n n obj|too many errors|/Type key should be).*)"
)
"""What qpdf warns of where an object does not follow the syntax and it had to guess."""
_MOST_OBJECTS: Final = 8388607


def check_structure(file: Inspected) -> Iterator[Breach]:
    """Header, trailer and cross-reference, then every object that the cross-reference leads to."""
    yield from _header(file.data)
    yield from _trailer(file)
    xref = read_xref(file.data)
    if xref.broken:
        yield Breach("6.1.1-t01", "cross-reference", detail=xref.broken)
    if not xref.tidy:
        yield Breach("6.1.4-t02", "cross-reference")
    if len(xref.offsets) > _MOST_OBJECTS:
        yield Breach("6.1.13-t07", "document", values=(("objects", str(len(xref.offsets))),))
    yield from faults(file.data, *xref.trailer, "trailer")
    yield from _damage(file)
    yield from _objects(file, xref)
    for number in xref.object_streams:
        yield from _object_stream(file, number)


def _header(data: bytes) -> Iterator[Breach]:
    first = _LINE.match(data)
    if not _HEADER.match(data):
        yield Breach("6.1.2-t01", "header", values=(("header", data[:20].decode("latin-1")),))
        found = data.find(b"%PDF-", 0, _TAIL)
        first = _LINE.match(data, max(found, 0))
    end = first.end() if first else 0
    comment = data[end : end + 5]
    if comment[:1] != b"%" or len(comment) < 5 or min(comment[1:]) <= 127:
        yield Breach("6.1.2-t02", "header")


def _trailer(file: Inspected) -> Iterator[Breach]:
    import pikepdf

    trailer = file.pdf.trailer
    identifier = trailer.get("/ID")
    parts = list(identifier) if isinstance(identifier, pikepdf.Array) else []
    if not any(isinstance(part, pikepdf.String) and bytes(part) for part in parts):
        yield Breach("6.1.3-t01", "trailer")
    if "/Encrypt" in trailer or file.pdf.is_encrypted:
        yield Breach("6.1.3-t02", "trailer")
    marker = file.data.rfind(_MARKER, max(len(file.data) - _TAIL, 0))
    rest = file.data[marker + len(_MARKER) :]
    if marker < 0 or rest not in (b"", b"\r", b"\n", b"\r\n"):
        yield Breach("6.1.3-t03", "trailer", values=(("bytes", str(len(rest))),) if marker >= 0 else ())


def _damage(file: Inspected) -> Iterator[Breach]:
    """The objects that are not written as objects are, each once."""
    file.containers()
    file.pages()
    told = set()
    for warning in file.pdf.get_warnings():
        found = _DAMAGE.search(str(warning))
        if found and found[1] not in told:
            told.add(found[1])
            yield Breach("6.1.1-t01", f"{found[1]} {found[2]} obj", detail=found[3])


def _objects(file: Inspected, xref: Xref) -> Iterator[Breach]:
    """Each object from its number to `endobj`."""
    data = file.data
    standing = sorted((offset, number) for number, offset in xref.offsets.items())
    for place, (offset, number) in enumerate(standing):
        limit = standing[place + 1][0] if place + 1 < len(standing) else len(data)
        white = re.compile(WHITE + rb"*").match(data, offset)
        start = white.end() if white else offset
        head = _OBJECT.match(data, start)
        if head is None or int(head[1]) != number:
            seen = data[start : start + 20].decode("latin-1")
            yield Breach("6.1.9-t01", f"{number} 0 obj", values=(("offset", str(start)), ("there", seen)))
            continue
        name = f"{number} {int(head[3])} obj"
        keyword, end = body_end(data, head.end(), limit)
        yield from faults(data, head.end(), end, name, quick=end - head.end() < _LARGE)
        if keyword == "stream":
            ended = yield from _stream(file, head.end(), end + len(b"stream"), limit, name)
            found = re.compile(WHITE + rb"*endobj").match(data, ended)
            end = found.end() - len(b"endobj") if found else ended
            keyword = "endobj" if found else ""
        if not (
            data[start - 1 : start] in _EOL
            and len(head[2]) == len(head[4]) == 1
            and data[head.end() : head.end() + 1] in _EOL
            and (not keyword or (data[end - 1 : end] in _EOL and data[end + 6 : end + 7] in _EOL))
        ):
            yield Breach("6.1.9-t01", name, values=(("offset", str(start)),))


def _stream(file: Inspected, body: int, start: int, limit: int, name: str) -> Generator[Breach, None, int]:
    """A stream from behind the keyword `stream`; returns where it ends, behind `endstream`."""
    data = file.data
    spaced = True
    if data[start : start + 2] == b"\r\n":
        start += 2
    elif data[start : start + 1] == b"\n":
        start += 1
    else:
        spaced = False
        start += data[start : start + 1] == b"\r"
    length = _length(file, data[body:start])
    found = _END.match(data, start + length) if length is not None else None
    end = found.end() - len(b"endstream") if found else data.find(b"endstream", start, limit)
    if end < 0:
        yield Breach("6.1.7.1-t01", name, detail="there is no endstream")
        return start
    before = data[end - 2 : end]
    eol = 0
    if before == b"\r\n":
        eol = 2 if end - start - (length or 0) > 1 else 1
    elif before[1:] in _EOL:
        eol = 1
    if not spaced or not eol:
        yield Breach("6.1.7.1-t02", name)
    if length != end - start - eol:
        seen = (("Length", str(length)), ("bytes", str(end - start - eol)))
        yield Breach("6.1.7.1-t01", name, values=seen)
    return end + len(b"endstream")


def _length(file: Inspected, dictionary: bytes) -> int | None:
    """What a stream says its length is; None where it does not, or says no number."""
    found = _LENGTH.search(dictionary)
    if found is None:
        return None
    if found[2] is None:
        return int(found[1])
    try:
        return int(file.pdf.get_object(int(found[1]), int(found[2])))
    except (TypeError, ValueError):
        return None


def _object_stream(file: Inspected, number: int) -> Iterator[Breach]:
    """The objects within a stream, which have tokens but no spacing of their own."""
    import pikepdf

    stream = file.pdf.get_object(number, 0)
    if isinstance(stream, pikepdf.Stream):
        body = stream.read_bytes()
        yield from faults(body, int(stream.get("/First", 0)), len(body), f"{number} 0 obj")
