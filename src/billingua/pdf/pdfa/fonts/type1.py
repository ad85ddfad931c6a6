"""Type 1 font programs: decrypted just far enough to see names, widths and the encoding."""

import re
from typing import Final

from billingua.pdf.pdfa.fonts.encodings import NOTDEF, standard

__all__ = ["Type1"]

_CHARSTRING = re.compile(rb"/([^\s/{}\[\]()<>%]+)[ \t\r\n]+(\d+)[ \t\r\n]+(?:RD|-\||\S{1,8})[ ]")
_ENCODED = re.compile(rb"dup\s+(?:8#([0-7]+)|(\d+))\s*/([^\s/{}\[\]()<>%]+)\s*put")
_LEN_IV = re.compile(rb"/lenIV\s+(-?\d+)")
_MATRIX = re.compile(rb"/FontMatrix\s*\[\s*([-+.\deE]+)")

_EEXEC: Final = 55665
_CHAR: Final = 4330


class Type1:
    """The glyph names with their widths, and the encoding, of a Type 1 program.

    Raises:
        ValueError: the program cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        if data[:1] == b"\x80":
            data = _unsegmented(data)
        clear, mark, sealed = data.partition(b"eexec")
        if not mark:
            raise ValueError("The program has no encrypted part.")
        private = _decrypted(sealed)
        found = _LEN_IV.search(private)
        skip = int(found[1]) if found else 4
        matrix = _MATRIX.search(clear)
        self.scale = float(matrix[1]) * 1000 if matrix else 1.0
        self.widths: dict[str, float] = {}
        at = private.find(b"/CharStrings")
        if at < 0:
            raise ValueError("The program has no charstrings.")
        at += len(b"/CharStrings")
        while (entry := _CHARSTRING.search(private, at)) is not None:
            start, length = entry.end(), int(entry[2])
            program = private[start : start + length]
            width = _width(program if skip < 0 else _uncovered(program, _CHAR)[skip:])
            self.widths.setdefault(entry[1].decode("latin-1"), -1 if width is None else width * self.scale)
            at = start + length
        if not self.widths:
            raise ValueError("The program has no charstrings.")
        self.encoding = _encoding(clear)


def _encoding(clear: bytes) -> tuple[str, ...]:
    at = clear.find(b"/Encoding")
    if at < 0 or re.match(rb"/Encoding\s+StandardEncoding", clear[at : at + 60]):
        return standard()
    names = [NOTDEF] * 256
    for octal, decimal, name in _ENCODED.findall(clear, at):
        code = int(octal, 8) if octal else int(decimal)
        if code < 256:
            names[code] = name.decode("latin-1")
    return tuple(names)


def _unsegmented(data: bytes) -> bytes:
    """Without the headers of the segments that a PFB file has."""
    parts, at = [], 0
    while at + 6 <= len(data) and data[at] == 0x80 and data[at + 1] in (1, 2):
        length = int.from_bytes(data[at + 2 : at + 6], "little")
        parts.append(data[at + 6 : at + 6 + length])
        at += 6 + length
    return b"".join(parts)


def _decrypted(sealed: bytes) -> bytes:
    """The private part; it stands in the file as bytes, or as hexadecimal digits."""
    sealed = sealed.lstrip(b" \t\r\n")
    if re.match(rb"[0-9a-fA-F]{4}", sealed):
        digits = re.sub(rb"[^0-9a-fA-F]", b"", sealed)
        sealed = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))
    return _uncovered(sealed, _EEXEC)[4:]


def _uncovered(sealed: bytes, key: int) -> bytes:
    """The cipher of Type 1: each byte covers the next."""
    clear = bytearray(len(sealed))
    for index, cipher in enumerate(sealed):
        clear[index] = cipher ^ (key >> 8)
        key = ((cipher + key) * 52845 + 22719) & 0xFFFF
    return bytes(clear)


def _width(program: bytes) -> float | None:
    """The advance width a charstring sets first, with hsbw or sbw."""
    program += bytes(5)  # a number that is cut off ends there
    stack: list[float] = []
    at = 0
    while at < len(program):
        first = program[at]
        at += 1
        if first >= 32:
            if first <= 246:
                stack.append(first - 139)
            elif first <= 250:
                stack.append((first - 247) * 256 + program[at] + 108)
                at += 1
            elif first <= 254:
                stack.append(-(first - 251) * 256 - program[at] - 108)
                at += 1
            else:
                stack.append(int.from_bytes(program[at : at + 4], "big", signed=True))
                at += 4
        elif first == 13:
            return stack[1] if len(stack) > 1 else None
        elif first == 12 and at < len(program):
            if program[at] == 12 and len(stack) > 1:
                divisor = stack.pop() or 1
                stack.append(stack.pop() / divisor)
                at += 1
            elif program[at] == 7:
                return stack[2] if len(stack) > 2 else None
            else:
                return None
        else:
            return None
    return None
