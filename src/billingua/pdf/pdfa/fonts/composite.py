"""Composite fonts: their collections, glyph maps and CMaps (6.2.11.3)."""

from collections.abc import Iterator

from billingua.pdf.pdfa.fonts.cmap import PREDEFINED, writing_modes
from billingua.pdf.pdfa.fonts.dictionaries import FILES, Fault
from billingua.pdf.pdfa.fonts.faces import descendant_of, descriptor_of
from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, name, stream, string

__all__ = ["check_composite"]

_Collection = tuple[str | None, str | None, int | None]
"""Registry, ordering and supplement."""


def check_composite(font: Thing) -> Iterator[Fault]:
    """What a Type 0 font must agree with itself about; nothing for another font."""
    below = descendant_of(font)
    if name(font.get("/Subtype")) != "Type0" or below is None:
        return
    encoding = font.get("/Encoding")
    called = name(encoding)
    if called is None and stream(encoding) is not None:
        called = name(encoding.get("/CMapName"))
    if called not in ("Identity-H", "Identity-V"):
        yield from _collections(_collection(below.get("/CIDSystemInfo")), _of_cmap(encoding))
    glyphs = below.get("/CIDToGIDMap")
    if (
        name(below.get("/Subtype")) == "CIDFontType2"
        and stream(glyphs) is None
        and name(glyphs) != "Identity"
        and any(stream(descriptor_of(below).get(one)) is not None for one in FILES)
    ):
        yield "6.2.11.3.2-t01", "", ()
    if stream(encoding) is None:
        if called not in PREDEFINED:
            yield "6.2.11.3.3-t01", f"the CMap is {called or 'missing'}", (("cmap", called or ""),)
        return
    yield from _embedded(encoding, 0)


def _embedded(cmap: Thing, deep: int) -> Iterator[Fault]:
    """An embedded CMap, and the one it uses."""
    own, said = writing_modes(cmap)
    if own != said:
        values = (("cmap", str(own)), ("dictionary", str(said)))
        yield "6.2.11.3.3-t02", f"WMode is {own} in the CMap and {said} in its dictionary", values
    used = cmap.get("/UseCMap")
    if used is None or deep > 8:
        return
    other = name(used) or (None if stream(used) is None else name(used.get("/CMapName")))
    if other not in PREDEFINED:
        yield "6.2.11.3.3-t03", f"the other CMap is {other or 'without a name'}", (("cmap", other or ""),)
    if stream(used) is not None:
        yield from _embedded(used, deep + 1)


def _collections(font: _Collection, cmap: _Collection) -> Iterator[Fault]:
    agreed = None not in (*font[:2], *cmap[:2]) and font[:2] == cmap[:2] and (font[2] or 0) <= (cmap[2] or 0)
    if not agreed:
        shown = "-".join(str(part) for part in font), "-".join(str(part) for part in cmap)
        detail = f"the CIDFont is of {shown[0]}, the CMap of {shown[1]}"
        yield "6.2.11.3.1-t01", detail, (("cid_font", shown[0]), ("cmap", shown[1]))


def _of_cmap(encoding: Thing) -> _Collection:
    if stream(encoding) is None:
        known = PREDEFINED.get(name(encoding) or "")
        return ("Adobe", *known) if known else (None, None, None)
    return _collection(encoding.get("/CIDSystemInfo"))


def _collection(info: Thing) -> _Collection:
    if array(info) is not None and len(info):
        info = info[0]
    info = dictionary(info)
    if info is None:
        return (None, None, None)
    return string(info.get("/Registry")), string(info.get("/Ordering")), integer(info.get("/Supplement"))
