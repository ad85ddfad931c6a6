"""CMaps: which codes a string holds, and which CID or text each stands for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from billingua.pdf.pdfa.values import Thing, data_of, dictionary, name, stream

__all__ = ["PREDEFINED", "CMap", "cmap_of", "to_unicode_of", "writing_modes"]

PREDEFINED: Final[dict[str, tuple[str, int]]] = {
    **dict.fromkeys(("GB-EUC-H", "GB-EUC-V", "GBpc-EUC-H", "GBpc-EUC-V"), ("GB1", 0)),
    **dict.fromkeys(("GBK-EUC-H", "GBK-EUC-V", "GBKp-EUC-H", "GBKp-EUC-V"), ("GB1", 2)),
    **dict.fromkeys(("GBK2K-H", "GBK2K-V", "UniGB-UCS2-H", "UniGB-UCS2-V"), ("GB1", 4)),
    **dict.fromkeys(("UniGB-UTF16-H", "UniGB-UTF16-V"), ("GB1", 4)),
    **dict.fromkeys(("B5pc-H", "B5pc-V", "ETen-B5-H", "ETen-B5-V", "ETenms-B5-H", "ETenms-B5-V"), ("CNS1", 0)),
    **dict.fromkeys(("CNS-EUC-H", "CNS-EUC-V"), ("CNS1", 0)),
    **dict.fromkeys(("HKscs-B5-H", "HKscs-B5-V", "UniCNS-UCS2-H", "UniCNS-UCS2-V"), ("CNS1", 3)),
    **dict.fromkeys(("UniCNS-UTF16-H", "UniCNS-UTF16-V"), ("CNS1", 4)),
    **dict.fromkeys(("83pv-RKSJ-H", "90pv-RKSJ-H", "Add-RKSJ-H", "Add-RKSJ-V", "EUC-H", "EUC-V"), ("Japan1", 1)),
    **dict.fromkeys(("H", "V"), ("Japan1", 1)),
    **dict.fromkeys(("90ms-RKSJ-H", "90ms-RKSJ-V", "90msp-RKSJ-H", "90msp-RKSJ-V"), ("Japan1", 2)),
    **dict.fromkeys(("Ext-RKSJ-H", "Ext-RKSJ-V"), ("Japan1", 2)),
    **dict.fromkeys(("UniJIS-UCS2-H", "UniJIS-UCS2-V", "UniJIS-UCS2-HW-H", "UniJIS-UCS2-HW-V"), ("Japan1", 4)),
    **dict.fromkeys(("UniJIS-UTF16-H", "UniJIS-UTF16-V"), ("Japan1", 5)),
    **dict.fromkeys(("KSC-EUC-H", "KSC-EUC-V", "KSCpc-EUC-H"), ("Korea1", 0)),
    **dict.fromkeys(("KSCms-UHC-H", "KSCms-UHC-V", "KSCms-UHC-HW-H", "KSCms-UHC-HW-V"), ("Korea1", 1)),
    **dict.fromkeys(("UniKS-UCS2-H", "UniKS-UCS2-V"), ("Korea1", 1)),
    **dict.fromkeys(("UniKS-UTF16-H", "UniKS-UTF16-V"), ("Korea1", 2)),
    **dict.fromkeys(("Identity-H", "Identity-V"), ("Identity", 0)),
}
"""The CMaps that need not be embedded (ISO 32000-1, table 118): ordering and supplement; the registry is Adobe."""

_TOKEN = re.compile(
    rb"%[^\r\n]*|<([0-9A-Fa-f\s]*)>|(<<|>>|\[|\])|/([^\s<>\[\]()/{}%]*)|\((?:\\.|[^\\()])*\)|([^\s<>\[\]()/{}%]+)"
)


@dataclass(slots=True)
class CMap:
    """One CMap; where ranges overlap, the last one counts."""

    spaces: list[tuple[bytes, bytes]] = field(default_factory=list)
    cids: dict[int, int] = field(default_factory=dict)
    ranges: list[tuple[int, int, int]] = field(default_factory=list)
    undefined: list[tuple[int, int, int]] = field(default_factory=list)
    texts: dict[int, str] = field(default_factory=dict)
    text_ranges: list[tuple[int, int, bytes]] = field(default_factory=list)
    writing_mode: int = 0
    identity: bool = False
    known: bool = True

    def codes(self, text: bytes) -> Iterator[int]:
        """The codes a string holds."""
        if self.identity or not self.spaces:
            for at in range(0, len(text), 2):
                yield int.from_bytes(text[at : at + 2].ljust(2, b"\0"), "big")
            return
        shortest = min(len(low) for low, _ in self.spaces)
        at = 0
        while at < len(text):
            for length in range(1, 5):
                code = text[at : at + length]
                if len(code) == length and any(_inside(code, low, high) for low, high in self.spaces):
                    yield int.from_bytes(code, "big")
                    at += length
                    break
            else:
                yield 0
                at += shortest

    def cid(self, code: int) -> int:
        return self.find(code) or 0

    def find(self, code: int) -> int | None:
        """The CID of a code; none where the CMap does not map it."""
        if self.identity:
            return code
        if code in self.cids:
            return self.cids[code]
        for low, high, first in reversed(self.ranges):
            if low <= code <= high:
                return first + code - low
        return next((first for low, high, first in self.undefined if low <= code <= high), None)

    def text(self, code: int) -> str | None:
        """What a code means as text; none where the CMap does not say."""
        if code in self.texts:
            return self.texts[code]
        for low, high, first in self.text_ranges:
            if low <= code <= high:
                return _decoded(first[:-1] + bytes([(first[-1] + code - low) & 0xFF]))
        return None

    def take(self, other: "CMap") -> None:
        """Use another CMap for what this one does not say."""
        self.spaces += other.spaces
        self.cids = {**other.cids, **self.cids}
        self.ranges = other.ranges + self.ranges
        self.undefined += other.undefined
        self.texts = {**other.texts, **self.texts}
        self.text_ranges += other.text_ranges
        self.known &= other.known
        if other.identity and not self.cids and not self.ranges:
            self.identity = True


def cmap_of(entry: Thing, deep: int = 0) -> CMap | None:
    """The CMap of an entry Encoding or ToUnicode; not `known` for a predefined one other than Identity."""
    called = name(entry)
    if called is not None:
        if called.startswith("Identity"):
            return CMap(identity=True)
        return CMap(known=False)
    data = data_of(entry)
    if data is None:
        return None
    found = _read(data)
    used = entry.get("/UseCMap")
    if used is not None and deep < 8 and (other := cmap_of(used, deep + 1)) is not None:
        found.take(other)
    return found


def to_unicode_of(font: Thing) -> CMap | None:
    """The CMap that gives the codes of a font their text."""
    entry = font.get("/ToUnicode")
    called = name(entry.get("/CMapName")) if stream(entry) is not None else None
    return CMap(identity=True) if called is not None and called.startswith("Identity-") else cmap_of(entry)


def _inside(code: bytes, low: bytes, high: bytes) -> bool:
    return len(code) == len(low) == len(high) and all(a <= b <= c for a, b, c in zip(low, code, high, strict=True))


def _read(data: bytes) -> CMap:
    found = CMap()
    tokens = [one for one in _tokens(data) if one is not None]
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if not isinstance(token, str):
            continue
        if token == "/WMode" and at < len(tokens) and isinstance(tokens[at], int):
            found.writing_mode = int(str(tokens[at]))
        elif token == "usecmap" and at > 1:
            other = _predefined(tokens[at - 2])
            if other is not None:
                found.take(other)
        elif token.startswith("begin") and token[5:] in _LISTS:
            end = f"end{token[5:]}"
            stop = next((one for one in range(at, len(tokens)) if tokens[one] == end), len(tokens))
            _LISTS[token[5:]](found, tokens[at:stop])
            at = stop
    return found


_Token = bytes | int | str


def _tokens(data: bytes) -> Iterator[_Token | None]:
    for match in _TOKEN.finditer(data):
        digits, bracket, called, word = match.groups()
        if digits is not None:
            digits = re.sub(rb"\s", b"", digits)
            yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
        elif bracket is not None:
            yield bracket.decode("ascii")
        elif called is not None:
            yield "/" + called.decode("latin-1")
        elif word is not None:
            yield int(word) if re.fullmatch(rb"[-+]?\d{1,9}", word) else word.decode("latin-1")


def _predefined(token: _Token) -> CMap | None:
    if not isinstance(token, str) or not token.startswith("/"):
        return None
    return CMap(identity=True) if token[1:].startswith("Identity") else CMap(known=False)


def _code(token: _Token) -> int:
    return int.from_bytes(token, "big") if isinstance(token, bytes) else 0


def _spaces(found: CMap, tokens: list[_Token]) -> None:
    for low, high in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(low, bytes) and isinstance(high, bytes):
            found.spaces.append((low, high))


def _cid_chars(found: CMap, tokens: list[_Token]) -> None:
    for code, cid in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(cid, int):
            found.cids[_code(code)] = cid


def _cid_ranges(found: CMap, tokens: list[_Token]) -> None:
    for low, high, cid in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
        if isinstance(cid, int):
            found.ranges.append((_code(low), _code(high), cid))


def _undefined_chars(found: CMap, tokens: list[_Token]) -> None:
    for code, cid in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(cid, int):
            found.undefined.append((_code(code), _code(code), cid))


def _undefined_ranges(found: CMap, tokens: list[_Token]) -> None:
    for low, high, cid in zip(tokens[::3], tokens[1::3], tokens[2::3], strict=False):
        if isinstance(cid, int):
            found.undefined.append((_code(low), _code(high), cid))


def _text_chars(found: CMap, tokens: list[_Token]) -> None:
    for code, text in zip(tokens[::2], tokens[1::2], strict=False):
        if isinstance(text, bytes | str):
            found.texts[_code(code)] = _decoded(text)


def _text_ranges(found: CMap, tokens: list[_Token]) -> None:
    at = 0
    while at + 2 < len(tokens):
        low, high, target = tokens[at], tokens[at + 1], tokens[at + 2]
        at += 3
        if target == "[":
            code = _code(low)
            while at < len(tokens) and tokens[at] != "]":
                text = tokens[at]
                if isinstance(text, bytes | str):
                    found.texts[code] = _decoded(text)
                code, at = code + 1, at + 1
            at += 1
        elif isinstance(target, bytes) and target and isinstance(high, bytes):
            # Within one range only the last byte may change (ISO 32000-1, 9.10.3): the rest is that of the first code.
            last = _code(low) & ~0xFF | high[-1] if high else 0
            found.text_ranges.append((_code(low), last, target))


def _decoded(text: bytes | str) -> str:
    if isinstance(text, str):
        return text.removeprefix("/")
    if len(text) == 1:
        return text.decode("latin-1")
    return text.decode("utf-16-be", "replace")


_LISTS: Final = {
    "codespacerange": _spaces,
    "cidchar": _cid_chars,
    "cidrange": _cid_ranges,
    "notdefchar": _undefined_chars,
    "notdefrange": _undefined_ranges,
    "bfchar": _text_chars,
    "bfrange": _text_ranges,
}


def writing_modes(entry: Thing) -> tuple[int, int]:
    """The writing mode that an embedded CMap has, and the one its dictionary says."""
    found = cmap_of(entry)
    said = dictionary(entry).get("/WMode", 0)
    return (found.writing_mode if found is not None else 0), said if isinstance(said, int) else 0
