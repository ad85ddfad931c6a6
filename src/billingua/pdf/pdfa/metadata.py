"""Clause 6.6: the metadata of the document and of its objects."""

import re
from collections.abc import Iterator
from typing import Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.extension import CONTAINER, Schema, breaches, schemas
from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.rdf import BadXmp, Node, Packet, read_packet
from billingua.pdf.pdfa.xmp_types import holds, predefined, types

__all__ = ["check_metadata"]

_ID: Final = "http://www.aiim.org/pdfa/ns/id/"
_ATTRIBUTE: Final = {
    "6.6.2.1-t02": re.compile(r"\bbytes\s*=\s*(?:'[^']*'|\"[^\"]*\")"),
    "6.6.2.1-t03": re.compile(r"\bencoding\s*=\s*(?:'[^']*'|\"[^\"]*\")"),
}
_LEVELS: Final = {"b": ("B", "U", "A"), "u": ("U", "A"), "a": ("A",)}


def check_metadata(file: Inspected) -> Iterator[Breach]:
    """The metadata stream of the catalogue, then those of all other objects."""
    import pikepdf

    main: dict[str, Schema] | None = {}
    metadata = file.catalog.get("/Metadata")
    if not _is_metadata(metadata):
        yield Breach("6.6.2.1-t01", file.place(file.catalog))
    if isinstance(metadata, pikepdf.Stream):
        place = file.place(metadata)
        try:
            packet = read_packet(metadata.read_bytes())
        except (BadXmp, pikepdf.PdfError) as error:
            yield from _unreadable(error, place)
            yield Breach("6.6.4-t01", place)
            main = None
        else:
            main = schemas(_container(packet))
            yield from _packet(packet, main, main, place)
            yield from _identification(packet, file, place)
    yield from _others(file, main)


def _unreadable(error: Exception, place: str) -> Iterator[Breach]:
    yield Breach("6.6.2.1-t04", place, detail=str(error).rstrip("."))
    yield Breach("6.6.2.1-t05", place, detail="the encoding is not known, as the metadata cannot be read")


def _is_metadata(thing: object) -> bool:
    import pikepdf

    return (
        isinstance(thing, pikepdf.Stream)
        and thing.get("/Type") == pikepdf.Name.Metadata
        and thing.get("/Subtype") == pikepdf.Name.XML
    )


def _others(file: Inspected, main: dict[str, Schema] | None) -> Iterator[Breach]:
    """The metadata of pages, images, fonts and all else but the catalogue. Where that of the catalogue cannot be read
    (`main` is None), nobody knows what it describes: then only whether they can be read is asked."""
    import pikepdf

    seen = set()
    for _, thing in file.containers():
        if thing._type_code == pikepdf.ObjectType.array or "/Metadata" not in thing:
            continue
        metadata = thing["/Metadata"]
        if not _is_metadata(metadata) or thing.get("/Type") == pikepdf.Name.Catalog or metadata.objgen in seen:
            continue
        seen.add(metadata.objgen)
        place = file.place(metadata)
        try:
            packet = read_packet(metadata.read_bytes())
        except (BadXmp, pikepdf.PdfError) as error:
            yield from _unreadable(error, place)
            continue
        if main is not None:
            yield from _packet(packet, schemas(_container(packet), main), main, place)


def _container(packet: Packet) -> Node | None:
    return next((node for node in packet.properties if node.namespace == CONTAINER and node.name == "schemas"), None)


def _packet(packet: Packet, own: dict[str, Schema], main: dict[str, Schema], place: str) -> Iterator[Breach]:
    for rule, attribute in _ATTRIBUTE.items():
        if found := attribute.search(packet.header):
            yield Breach(rule, place, values=(("header", found[0]),))
    if packet.encoding not in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
        yield Breach("6.6.2.1-t05", place, values=(("encoding", packet.encoding or "unknown: there is no rdf:RDF"),))
    container = _container(packet)
    for node in packet.properties:
        if node is not container:
            yield from _property(node, own, main, place)
    if container is not None:
        yield from breaches(container, own, place)


def _property(node: Node, own: dict[str, Schema], main: dict[str, Schema], place: str) -> Iterator[Breach]:
    """Is a property described, and is its value of the type it is described with?"""
    values = (("property", f"{node.prefix or ''}:{node.name}"), ("namespace", node.namespace))
    known = types()
    wanted = None
    for known_here in (own, main):
        schema = known_here.get(node.namespace)
        if schema is not None and node.name in schema.properties:
            wanted, known = schema.properties[node.name], schema.types
            break
    if wanted is None:
        wanted = predefined(node)
    if wanted is None:
        yield Breach("6.6.2.3.1-t01", place, values=values)
        yield Breach("6.6.2.3.1-t02", place, values=values, detail="no type is known, as nothing describes it")
    elif not holds(node, wanted, known):
        seen = node.value if node.kind == "simple" else f"a value of the kind {node.kind}"
        yield Breach("6.6.2.3.1-t02", place, values=(*values, ("type", wanted), ("value", seen[:100])))


def _identification(packet: Packet, file: Inspected, place: str) -> Iterator[Breach]:
    found = {node.name: node for node in packet.properties if node.namespace == _ID}
    if not found:
        yield Breach("6.6.4-t01", place)
        return
    part, conformance = found.get("part"), found.get("conformance")
    seen = "" if part is None else part.value
    if not (part and part.kind == "simple" and re.fullmatch(r"[+-]?\d+", seen) and int(seen) == file.level.part):
        yield Breach("6.6.4-t02", place, values=(("part", seen), ("expected", str(file.level.part))))
    expected = _LEVELS[file.level.conformance]
    seen = "" if conformance is None else conformance.value
    if conformance is None or conformance.kind != "simple" or seen not in expected:
        yield Breach("6.6.4-t03", place, values=(("conformance", seen), ("expected", " or ".join(expected))))
    for test, name in enumerate(("part", "conformance", "amd", "corr"), 4):
        node = found.get(name)
        if node is not None and node.prefix not in (None, "pdfaid"):
            yield Breach(f"6.6.4-t{test:02}", place, values=(("property", f"{node.prefix}:{name}"),))
