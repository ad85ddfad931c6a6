"""Digital signatures (6.4.3): what they cover, and whose certificate they carry. Whether one is valid is not judged."""

from collections.abc import Iterator

import pikepdf

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, array, integer

__all__ = ["check_signature"]

_SET = 0x31
_EXPLICIT = 0xA0


def check_signature(file: Inspected, signature: Thing) -> Iterator[Breach]:
    """The dictionary of one signature."""
    place = file.place(signature)
    contents = signature.get("/Contents")
    sealed = bytes(contents) if isinstance(contents, pikepdf.String) else None
    ranges = [integer(one) for one in array(signature.get("/ByteRange")) or ()]
    if not _covers(file.data, ranges, sealed):
        shown = " ".join(str(one) for one in ranges)
        yield Breach("6.4.3-t01", place, None, (("ByteRange", shown),), f"the ranges are {shown or 'missing'}")
    if sealed is None:
        return
    certificates, signers = _signed_data(sealed)
    if not certificates:
        yield Breach("6.4.3-t02", place)
    if signers != 1:
        yield Breach("6.4.3-t03", place, None, (("signers", str(signers)),), f"there are {signers}")


def _covers(data: bytes, ranges: list[int | None], sealed: bytes | None) -> bool:
    """Whether the ranges are all of the file, or of the revision that was signed, but for the signature itself."""
    if len(ranges) != 4 or sealed is None or None in ranges:
        return False
    begin, length, after, rest = (one or 0 for one in ranges)
    if begin != 0 or not 0 < length < after <= after + rest <= len(data):
        return False
    gap = data[length:after]
    if gap[:1] != b"<" or gap[-1:] != b">" or data[length - 1 : length] == b"<":
        return False
    digits = b"".join(gap[1:-1].split())
    if len(digits) // 2 != len(sealed) and len(digits) != 2 * len(sealed):
        return False
    end = after + rest
    if not data[end:].strip():
        return True
    return data[:end].rstrip(b"\r\n").endswith(b"%%EOF") and end - len(data[:end].rstrip(b"\r\n")) <= 2


def _signed_data(sealed: bytes) -> tuple[int, int]:
    """How many certificates and how many signers a PKCS #7 object has; (0, 0) if it cannot be read."""
    try:
        _, content, _ = _element(sealed, 0)
        parts = _elements(content)
        _, signed, _ = _element(parts[1][1], 0)
        fields = _elements(signed)
    except (IndexError, ValueError):
        return 0, 0
    certificates = next((len(_elements(body)) for tag, body in fields if tag == _EXPLICIT), 0)
    sets = [body for tag, body in fields if tag == _SET]
    return certificates, len(_elements(sets[-1])) if len(sets) > 1 else 0


def _elements(data: bytes) -> list[tuple[int, bytes]]:
    found, at = [], 0
    while at < len(data):
        tag, body, at = _element(data, at)
        if tag == 0 and not body:
            break
        found.append((tag, body))
    return found


def _element(data: bytes, at: int) -> tuple[int, bytes, int]:
    """One element of BER: its tag, its content, and where the next one begins."""
    tag, length, at = data[at], data[at + 1], at + 2
    if length == 0x80:
        begin = at
        while data[at : at + 2] != b"\0\0":
            _, _, at = _element(data, at)
        return tag, data[begin:at], at + 2
    if length > 0x80:
        size = length & 0x7F
        length, at = int.from_bytes(data[at : at + size], "big"), at + size
    if at + length > len(data):
        raise ValueError("An element is longer than what holds it.")
    return tag, data[at : at + length], at + length
