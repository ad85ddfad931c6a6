"""Rules about the bytes of a file: whether it is XML, in which encoding, what KSeF forbids in it, and its size."""

import re
from collections.abc import Iterator
from typing import Final

from billingua.engine.rule import Refusal
from billingua.engine.shown import printable
from billingua.engine.xml import Element, flaw

__all__ = ["gate"]

_BOM: Final = b"\xef\xbb\xbf"

_DECLARATION = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml[ \t\r\n](?:[^?>]*[ \t\r\n])?encoding[ \t\r\n]*=[ \t\r\n]*[\"']([^\"'>]*)"
)

_MARKUP = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?([^ \t\r\n?]*)", re.DOTALL)
"""Comments and CDATA sections, inside which `<?` is text; and the name that starts a processing instruction."""

_DISCOURAGED = re.compile(
    rb"\x7f|\xc2[\x80-\x84\x86-\x9f]|\xef\xb7[\x90-\xaf]|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
"""U+007F-84, U+0086-9F, U+FDD0-FDEF and the last two code points of planes 1 to 16, in UTF-8."""

_REFERENCE = re.compile(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>|&#(?:x([0-9A-Fa-f]+)|([0-9]+));", re.DOTALL)

_FIRST_BYTES = (b"\x7f", b"\xc2", b"\xef", b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")
"""One of these starts each of them; looking for a byte is much quicker than an expression, and few files have any."""

_WITHOUT_ATTACHMENT: Final = 1_000_000
_WITH_ATTACHMENT: Final = 3_000_000


def gate(data: bytes, name: str, root: Element | None) -> Iterator[Refusal]:
    """What KSeF refuses in the bytes of a file; `name` is the wire format, `root` is None where they are no XML."""
    encoding = _not_utf_8(data)
    if root is None and encoding is None:
        yield from _not_well_formed(data)
        return
    if data.startswith(_BOM):
        yield Refusal("KSEF-XML-02", 1, {"bytes": "EF BB BF"})
    if encoding is not None:
        yield encoding
        return
    yield from _instructions(data)
    yield from _discouraged(data)
    if root is None:
        return
    if name == "fa2":
        yield Refusal("KSEF-FORM-01", root.sourceline, {"structure": "FA(2)"})
    yield from _too_large(len(data), root)


def _not_well_formed(data: bytes) -> Iterator[Refusal]:
    found = flaw(data)
    if found is not None:
        yield Refusal("KSEF-XML-01", found.line, {"reason": printable(found.reason)}, final=True)


def _not_utf_8(data: bytes) -> Refusal | None:
    """The finding where a declaration names another encoding, or the bytes are in another one."""
    declared = _DECLARATION.match(data)
    line, encoding = 1, printable(declared[1].decode("latin-1")) if declared is not None else ""
    if not encoding or encoding.lower() == "utf-8":
        if b"\0" in data[:4]:
            encoding = "UTF-16 or UTF-32"
        else:
            try:
                data.decode()
            except UnicodeDecodeError as error:
                line, encoding = _line(data, error.start), f"the byte {data[error.start]:02X}, which is no UTF-8 there"
            else:
                return None
    return Refusal("KSEF-XML-03", line, {"encoding": encoding}, final=True)


def _instructions(data: bytes) -> Iterator[Refusal]:
    """Every processing instruction. The XML declaration, which can only stand at the start, is none."""
    start = len(_BOM) if data.startswith(_BOM) else 0
    if data.startswith(b"<?xml", start) and data[start + 5 : start + 6].isspace():
        start = data.index(b"?>") + 2
    if data.find(b"?", start) < 0 or data.find(b"<?", start) < 0:
        return
    for found in _MARKUP.finditer(data, start):
        if found[1] is not None:
            yield Refusal(
                "KSEF-XML-04",
                _line(data, found.start()),
                {"instruction": printable(found[1].decode("utf-8", "replace"))},
            )


def _discouraged(data: bytes) -> Iterator[Refusal]:
    """The first character that KSeF does not take, whether it is written itself or as a reference."""
    places = []
    if any(first in data for first in _FIRST_BYTES):
        found = _DISCOURAGED.search(data)
        if found is not None:
            places.append((found.start(), found[0]))
    if b"&" in data and b"&#" in data:
        places += _referred(data)
    if places:
        place, character = min(places)
        yield Refusal("KSEF-XML-05", _line(data, place), {"character": f"U+{ord(character.decode()):04X}"})


def _referred(data: bytes) -> Iterator[tuple[int, bytes]]:
    for found in _REFERENCE.finditer(data):
        digits, base = (found[1], 16) if found[1] is not None else (found[2], 10)
        if digits is not None and len(digits) < 20 and (number := int(digits, base)) <= 0x10FFFF:
            character = chr(number).encode("utf-8", "replace")
            if _DISCOURAGED.fullmatch(character):
                yield found.start(), character
                return


def _too_large(size: int, root: Element) -> Iterator[Refusal]:
    if size <= _WITHOUT_ATTACHMENT:
        return
    attached = root.find("{*}Zalacznik") is not None
    if not attached:
        yield Refusal("KSEF-SIZE-01", root.sourceline, {"size": f"{size:,}"})
    elif size > _WITH_ATTACHMENT:
        yield Refusal("KSEF-SIZE-02", root.sourceline, {"size": f"{size:,}"})


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1
