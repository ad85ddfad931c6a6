"""Clauses 6.1.7 to 6.1.13 where objects tell: filters, names, permissions and limits."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected, items

if TYPE_CHECKING:
    import pikepdf

__all__ = ["check_limits"]

_FILTERS: Final = frozenset(
    {
        "/ASCIIHexDecode",
        "/ASCII85Decode",
        "/FlateDecode",
        "/RunLengthDecode",
        "/CCITTFaxDecode",
        "/JBIG2Decode",
        "/DCTDecode",
        "/JPXDecode",
    }
)
_EXTERNAL: Final = ("/F", "/FFilter", "/FDecodeParms")
_DIGESTS: Final = ("/DigestLocation", "/DigestMethod", "/DigestValue")
_BOUNDARIES: Final = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox")
_SMALLEST, _LARGEST = 3, 14400
_COLOURANTS: Final = 32
_LARGEST_CID: Final = 65535
_BLOCK: Final = re.compile(rb"begin(?:cid|notdef)(range|char)|end(?:cid|notdef)(?:range|char)")
_RANGE: Final = re.compile(rb"<([0-9A-Fa-f\s]*)>\s*(?:<([0-9A-Fa-f\s]*)>\s*)?(\d{1,9})")


def check_limits(file: Inspected) -> Iterator[Breach]:
    """What can be asked of each dictionary, stream and array by itself, then of the permissions, roles and pages."""
    import pikepdf

    permissions = file.catalog.get("/Perms")
    signed = isinstance(permissions, pikepdf.Dictionary) and "/DocMDP" in permissions
    for place, thing in file.containers():
        if thing._type_code == pikepdf.ObjectType.array:
            yield from _array(thing, place)
            continue
        if thing._type_code == pikepdf.ObjectType.stream:
            yield from _stream(thing, place)
        if signed and "/TransformMethod" in thing:
            found = [key for key in _DIGESTS if key in thing]
            if found:
                yield Breach("6.1.12-t02", place, values=(("keys", " ".join(found)),))
        for key in ("/BaseFont", "/S"):
            if key in thing:
                yield from _name(thing[key], place)
    if isinstance(permissions, pikepdf.Dictionary):
        others = sorted({key for key, _ in items(permissions)} - {"/UR3", "/DocMDP"})
        if others:
            yield Breach("6.1.12-t01", file.place(permissions), values=(("keys", " ".join(others)),))
    yield from _roles(file)
    for number, page in file.pages():
        yield from _page(page, file.place(page), number)


def _roles(file: Inspected) -> Iterator[Breach]:
    """The names of structure types in the role map."""
    import pikepdf

    root = file.catalog.get("/StructTreeRoot")
    roles = root.get("/RoleMap") if isinstance(root, pikepdf.Dictionary) else None
    if isinstance(roles, pikepdf.Dictionary):
        for key, value in items(roles):
            if not _decodes(key):
                yield Breach(
                    "6.1.8-t01",
                    file.place(roles),
                    values=(("name", key.encode("utf-8", "surrogateescape").decode("latin-1")),),
                )
            yield from _name(value, file.place(roles))


def _decodes(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _name(name: Any, place: str) -> Iterator[Breach]:
    """Is a name UTF-8?"""
    import pikepdf

    if isinstance(name, pikepdf.Name):
        try:
            str(name)
        except UnicodeDecodeError:
            yield Breach("6.1.8-t01", place, values=(("name", name.unparse().decode("latin-1")),))


def _array(thing: "pikepdf.Object", place: str) -> Iterator[Breach]:
    """Colour spaces with named colourants."""
    import pikepdf

    if len(thing) < 2 or not isinstance(thing[0], pikepdf.Name):
        return
    colourants = thing[1]
    if thing[0] == pikepdf.Name.Separation:
        yield from _name(colourants, place)
    elif thing[0] == pikepdf.Name.DeviceN and isinstance(colourants, pikepdf.Array):
        for name in colourants:
            yield from _name(name, place)
        if len(colourants) > _COLOURANTS:
            yield Breach("6.1.13-t09", place, values=(("colourants", str(len(colourants))),))


def _stream(stream: "pikepdf.Object", place: str) -> Iterator[Breach]:
    import pikepdf

    external = [key for key in _EXTERNAL if key in stream]
    if external:
        yield Breach("6.1.7.1-t03", place, values=(("keys", " ".join(external)),))
    named = stream.get("/Filter")
    if named is not None:
        filters = list(named) if isinstance(named, pikepdf.Array) else [named]
        parameters = stream.get("/DecodeParms")
        listed = list(parameters) if isinstance(parameters, pikepdf.Array) else [parameters]
        for number, name in enumerate(filters):
            of_this = listed[number] if number < len(listed) else None
            if isinstance(name, pikepdf.Name) and name not in _FILTERS and not _identity(name, of_this):
                yield Breach("6.1.7.2-t01", place, values=(("filter", name.unparse().decode("latin-1")),))
    if stream.get("/Type") == pikepdf.Name.CMap:
        yield from _cmap(stream, place)


def _identity(name: "pikepdf.Object", parameters: Any) -> bool:
    """Whether a filter is Crypt that does nothing."""
    import pikepdf

    if name != pikepdf.Name.Crypt:
        return False
    return not isinstance(parameters, pikepdf.Dictionary) or parameters.get("/Name") == pikepdf.Name.Identity


def _cmap(stream: "pikepdf.Object", place: str) -> Iterator[Breach]:
    import pikepdf

    if not isinstance(stream, pikepdf.Stream):
        return
    data = stream.read_bytes()
    begun: re.Match[bytes] | None = None
    for found in _BLOCK.finditer(data):
        if begun is not None and not found[1]:
            for low, high, cid in _RANGE.findall(data[begun.end() : found.start()]):
                last = int(cid) + (max(_code(high) - _code(low), 0) if begun[1] == b"range" else 0)
                if last > _LARGEST_CID:
                    yield Breach("6.1.13-t10", place, values=(("cid", str(last)),))
                    return
        begun = found if found[1] else None


def _code(digits: bytes) -> int:
    return int(digits.translate(None, b" \t\r\n") or b"0", 16)


def _page(page: "pikepdf.Object", place: str, number: int) -> Iterator[Breach]:
    import pikepdf

    for key in _BOUNDARIES:
        box = _inherited(page, key)
        if not isinstance(box, pikepdf.Array):
            continue
        try:
            left, bottom, right, top = (float(side) for side in list(box)[:4])
        except (TypeError, ValueError):
            yield Breach("6.1.13-t11", place, number, (("boundary", key),), "it is not made of four numbers")
            continue
        sides = (abs(right - left), abs(top - bottom))
        if not all(_SMALLEST <= side <= _LARGEST for side in sides):
            seen = (("boundary", key), ("width", f"{sides[0]:g}"), ("height", f"{sides[1]:g}"))
            yield Breach("6.1.13-t11", place, number, seen)


def _inherited(page: "pikepdf.Object", key: str) -> Any:
    """An entry of a page; the two boundaries that pages inherit are looked for above it."""
    node: Any = page
    for _ in range(64):
        if node is None or key in node:
            break
        node = node.get("/Parent") if key in ("/MediaBox", "/CropBox") else None
    return None if node is None else node.get(key)
