"""The tokens of a PDF that only its bytes show: hexadecimal strings, long strings, names and numbers."""

import re
from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach

__all__ = ["REGULAR", "WHITE", "body_end", "faults", "string_end"]

WHITE: Final = rb"[\x00\t\n\f\r ]"
REGULAR: Final = rb"[^\x00\t\n\f\r ()<>\[\]{}/%]"

_TOKEN: Final = re.compile(
    rb"(?P<comment>%[^\r\n]*+)"
    rb"|(?P<string>\([^()\\]*+(?:\\.[^()\\]*+)*\))"
    rb"|(?P<nested>\()"
    rb"|<<"
    rb"|(?P<hex><[^>]*+>)"
    rb"|(?P<name>/" + REGULAR + rb"{128,}+)"
    rb"|(?P<number>(?<!" + REGULAR + rb")(?<!/)[+-]?[\d.]{10,}+(?!" + REGULAR + rb"))"
    rb"|(?P<end>(?<!" + REGULAR + rb")(?<!/)(?:endobj|stream)(?!" + REGULAR + rb"))",
    re.DOTALL,
)
"""What is looked at; short names, short numbers and keywords are passed over. No group is repeated possessively (`*+`):
Python before 3.11.5 gets that wrong.
"""

_SUSPECT: Final = re.compile(
    rb"(?<!<)<(?!<)(?![\x00\t\n\f\r ]*+(?:[0-9A-Fa-f][\x00\t\n\f\r ]*+[0-9A-Fa-f][\x00\t\n\f\r ]*+){0,32767}>)"
    rb"|(?<![\d.])\d{10,}+(?!\.)|[\d.]{38}"
    rb"|/" + REGULAR + rb"{128}"
    rb"|\((?:[^()\\]|\\.){32768}",
    re.DOTALL,
)
"""Bytes that are there where a token is at fault, and may be there where none is: a quick look before the slow one.

Only a string of more than 32767 bytes that has brackets all over may escape it.
"""

_BRACKET: Final = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE: Final = re.compile(rb"\\(?:[0-7]{1,3}|(\r\n|\r|\n)|.)", re.DOTALL)
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")

_LONGEST_STRING: Final = 32767
_LONGEST_NAME: Final = 127
_LARGEST_INTEGER: Final = 2147483647
_LARGEST_REAL: Final = 3.403e38
_SMALLEST_REAL: Final = 1.175e-38


def string_end(data: bytes, start: int) -> int:
    """Where a literal string ends that begins with the bracket at `start`."""
    depth = 0
    for found in _BRACKET.finditer(data, start):
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
            if depth == 0:
                return found.end()
    return len(data)


def _tokens(data: bytes, start: int, limit: int) -> Iterator[tuple[str, int, int]]:
    """Kind, start and end of each telling token; the first `endobj` or `stream` is the last."""
    position = start
    while found := _TOKEN.search(data, position, limit):
        kind = found.lastgroup
        position = found.end()
        if kind == "nested":
            position = string_end(data, found.start())
            yield "string", found.start(), position
        elif kind is not None and kind != "comment":
            yield kind, found.start(), position
            if kind == "end":
                return


def body_end(data: bytes, start: int, limit: int) -> tuple[str, int]:
    """The keyword that ends the body of an object, `endobj` or `stream`, and where it begins ("" where neither)."""
    for kind, at, end in _tokens(data, start, limit):
        if kind == "end":
            return data[at:end].decode("ascii"), at
    return "", limit


def faults(data: bytes, start: int, limit: int, place: str, *, quick: bool = True) -> Iterator[Breach]:
    """What is wrong with the tokens of content or of an object, up to its end or its stream."""
    if quick and not _SUSPECT.search(data, start, limit):
        return
    for kind, at, end in _tokens(data, start, limit):
        token = data[at:end]
        match kind:
            case "hex":
                yield from _hex(token, place)
            case "string" if len(token) > _LONGEST_STRING:
                yield from _long(_ESCAPE.sub(lambda found: b"" if found[1] else b".", token[1:-1]), place)
            case "name":
                yield from _name(token, place)
            case "number":
                yield from _number(token, place)


def _hex(token: bytes, place: str) -> Iterator[Breach]:
    digits = token[1:-1].translate(None, b"\x00\t\n\x0c\r ")
    if len(digits) % 2:
        yield Breach("6.1.6-t01", place, values=(("string", _shown(token)),))
    if not _HEX.issuperset(digits):
        yield Breach("6.1.6-t02", place, values=(("string", _shown(token)),))
    elif len(digits) > 2 * _LONGEST_STRING:
        yield from _long(bytes.fromhex(digits.decode("ascii") + "0" * (len(digits) % 2)), place)


def _long(value: bytes, place: str) -> Iterator[Breach]:
    length = len(value.decode("utf-8", "replace"))
    if length > _LONGEST_STRING:
        yield Breach("6.1.13-t03", place, values=(("length", str(length)),))


def _name(token: bytes, place: str) -> Iterator[Breach]:
    length = len(re.sub(rb"#[0-9A-Fa-f]{2}", b".", token)) - 1
    if length > _LONGEST_NAME:
        yield Breach("6.1.13-t04", place, values=(("name", _shown(token)), ("length", str(length))))


def _number(token: bytes, place: str) -> Iterator[Breach]:
    values = (("number", _shown(token)),)
    try:
        if b"." not in token:
            if abs(int(token[:400])) > _LARGEST_INTEGER and int(token[:400]) != -_LARGEST_INTEGER - 1:
                yield Breach("6.1.13-t01", place, values=values)
            return
        value = abs(float(token))
    except ValueError:
        return
    if value > _LARGEST_REAL:
        yield Breach("6.1.13-t02", place, values=values)
    elif value < _SMALLEST_REAL and any(digit in token for digit in b"123456789"):
        yield Breach("6.1.13-t05", place, values=values)


def _shown(token: bytes) -> str:
    text = token[:60].decode("latin-1")
    return text if len(token) <= 60 else f"{text}..."
