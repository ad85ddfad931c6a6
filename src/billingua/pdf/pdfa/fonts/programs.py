"""The embedded programs of fonts (6.2.11.4 and 6.2.11.6)."""

import re
from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.content.walk import Shown
from billingua.pdf.pdfa.fonts.cff import Cff
from billingua.pdf.pdfa.fonts.dictionaries import Fault
from billingua.pdf.pdfa.fonts.encodings import NOTDEF, differences_of, glyph_list
from billingua.pdf.pdfa.fonts.faces import Face, descendant_of, descriptor_of, is_symbolic
from billingua.pdf.pdfa.fonts.truetype import TrueType
from billingua.pdf.pdfa.fonts.type1 import Type1
from billingua.pdf.pdfa.values import Thing, data_of, dictionary, name, stream, string

__all__ = ["check_program"]

_SUBSET: Final = re.compile(r"[A-Z]{6}\+")
_INVISIBLE: Final = 3
_ENCODINGS: Final = ("MacRomanEncoding", "WinAnsiEncoding")


def check_program(shown: Shown, face: Face) -> Iterator[Fault]:
    """The program of a font that shows text."""
    font = shown.font
    kind = name(font.get("/Subtype"))
    if kind == "Type3":
        return
    if face.program is None and any(mode != _INVISIBLE for mode, _ in shown.strings):
        yield "6.2.11.4.1-t01", "", ()
    subset = _SUBSET.match(name((descendant_of(font) or font).get("/BaseFont")) or "") is not None
    if subset and face.program is not None:
        yield from _subset(font, face)
    if kind == "TrueType":
        yield from _true_type(font, face.program if isinstance(face.program, TrueType) else None)


def _subset(font: Thing, face: Face) -> Iterator[Fault]:
    """What the descriptor of a subset lists must be what the program has."""
    below = descendant_of(font)
    descriptor = descriptor_of(font if below is None else below)
    if below is not None:
        listed = stream(descriptor.get("/CIDSet"))
        if listed is not None:
            yield from _cid_set(data_of(listed) or b"", face)
        return
    names = string(descriptor.get("/CharSet"))
    if names is None or not isinstance(face.program, Cff | Type1):
        return
    said = {one.strip() for one in names.split("/") if one.strip()} - {NOTDEF}
    there = set(face.program.widths if isinstance(face.program, Type1) else face.program.numbers) - {NOTDEF}
    if said != there:
        odd = ", ".join(sorted(said ^ there)[:5])
        yield "6.2.11.4.2-t01", f"they differ in {odd}", (("glyphs", odd),)


def _cid_set(bits: bytes, face: Face) -> Iterator[Fault]:
    has, cids = getattr(face, "has_cid", None), getattr(face, "cids", None)
    if has is None or cids is None:
        return
    said = {at * 8 + bit for at, byte in enumerate(bits[:16384]) if byte for bit in range(8) if byte & (0x80 >> bit)}
    missing = sorted(cid for cid in cids() if cid and cid not in said)
    surplus = sorted(cid for cid in said if cid and not has(cid))
    if missing:
        detail = f"{len(missing)} glyphs of the program are not listed, the first is CID {missing[0]}"
        yield "6.2.11.4.2-t02", detail, (("cid", str(missing[0])),)
    elif surplus:
        detail = f"{len(surplus)} glyphs are listed that the program has not, the first is CID {surplus[0]}"
        yield "6.2.11.4.2-t02", detail, (("cid", str(surplus[0])),)


def _true_type(font: Thing, program: TrueType | None) -> Iterator[Fault]:
    """Encoding and character maps of a TrueType font: symbolic or not."""
    entry = font.get("/Encoding")
    base = name(entry) or (name(entry.get("/BaseEncoding")) if dictionary(entry) is not None else None)
    if is_symbolic(font):
        if base is not None:
            yield "6.2.11.6-t03", f"its Encoding is {base}", (("encoding", base),)
        if program is not None and len(program.maps) != 1 and program.map(3, 0) is None:
            count = str(len(program.maps))
            yield "6.2.11.6-t04", f"the program has {count} character maps", (("maps", count),)
        return
    if program is not None and len(program.maps) <= (program.map(3, 0) is not None):
        yield "6.2.11.6-t01", "", ()
    changed = name(entry) is None and dictionary(entry) is not None and "/Differences" in entry
    if base not in _ENCODINGS:
        yield "6.2.11.6-t02", f"its base encoding is {base or 'missing'}", (("encoding", base or ""),)
    elif changed:
        strange = sorted(one for one in differences_of(entry).values() if one not in glyph_list())
        if strange:
            listed = ", ".join(strange[:5])
            yield "6.2.11.6-t02", f"the Adobe Glyph List does not know {listed}", (("glyphs", listed),)
        elif program is None or program.map(3, 1) is None:
            yield "6.2.11.6-t02", "it has Differences, and its program no Unicode map", ()
