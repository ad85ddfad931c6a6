"""The description of properties that are not predefined: the PDF/A extension schema container (6.6.2.3)."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.rdf import Node
from billingua.pdf.pdfa.xmp_types import Structure, Types, basic, known, plain, types

__all__ = ["CONTAINER", "Schema", "breaches", "schemas"]

CONTAINER: Final = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA: Final = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY: Final = "http://www.aiim.org/pdfa/ns/property#"
_TYPE: Final = "http://www.aiim.org/pdfa/ns/type#"
_FIELD: Final = "http://www.aiim.org/pdfa/ns/field#"
_RULE: Final = "6.6.2.3.3"


class Schema(NamedTuple):
    """What a container says of one namespace: the types it knows, and the type of each property by name."""

    types: Types
    properties: dict[str, str]


class _Asked(NamedTuple):
    """A field of a description: the number of its test, and how it is asked (text, seq, type, category)."""

    test: int
    how: str


_SCHEMA_FIELDS: Final = {
    "schema": _Asked(2, "text"),
    "namespaceURI": _Asked(3, "text"),
    "prefix": _Asked(4, "text"),
    "property": _Asked(5, "seq"),
    "valueType": _Asked(6, "seq"),
}
_PROPERTY_FIELDS: Final = {
    "name": _Asked(7, "text"),
    "valueType": _Asked(8, "type"),
    "category": _Asked(9, "category"),
    "description": _Asked(10, "text"),
}
_TYPE_FIELDS: Final = {
    "type": _Asked(11, "text"),
    "namespaceURI": _Asked(12, "text"),
    "prefix": _Asked(13, "text"),
    "description": _Asked(14, "text"),
    "field": _Asked(15, "seq"),
}
_FIELD_FIELDS: Final = {
    "name": _Asked(16, "text"),
    "valueType": _Asked(17, "type"),
    "description": _Asked(18, "text"),
}


def _text(node: Node, namespace: str, name: str) -> str | None:
    found = node.child(namespace, name)
    return None if found is None else found.value


def _items(node: Node, namespace: str, name: str) -> list[Node]:
    found = node.child(namespace, name)
    return found.children if found is not None and found.kind in ("bag", "seq", "alt") else []


def schemas(container: Node | None, before: "dict[str, Schema] | None" = None) -> dict[str, Schema]:
    """The schemas of a container by namespace. A later one of a namespace takes the place of an earlier one; types of
    `before` (those of the document's own metadata) are known in the schema of the same namespace."""
    found: dict[str, Schema] = {}
    if container is None or container.kind not in ("bag", "seq", "alt"):
        return found
    for one in container.children:
        uri, described = _text(one, _SCHEMA, "namespaceURI"), one.child(_SCHEMA, "property")
        if uri is None or described is None or described.kind not in ("bag", "seq", "alt"):
            continue
        kept = dict(before[uri].types) if before and uri in before else types()
        for type_ in _items(one, _SCHEMA, "valueType"):
            _register(type_, kept)
        properties: dict[str, str] = {}
        for property_ in described.children:
            name, value_type = _text(property_, _PROPERTY, "name"), _text(property_, _PROPERTY, "valueType")
            if name is not None and value_type is not None and known(value_type, kept):
                properties.setdefault(name, value_type)
        found[uri] = Schema(kept, properties)
    return found


def _register(node: Node, kept: Types) -> None:
    """Add a described type: a structure where it has fields, otherwise a text."""
    name, namespace = _text(node, _TYPE, "type"), _text(node, _TYPE, "namespaceURI")
    fields = {}
    for one in _items(node, _TYPE, "field"):
        field_name, value_type = _text(one, _FIELD, "name"), _text(one, _FIELD, "valueType")
        if field_name is not None and value_type is not None:
            fields[field_name] = value_type
    if name is not None and not fields:
        kept[plain(name)] = kept["text"]
    elif name is not None and namespace is not None:
        kept[plain(name)] = Structure(namespace, fields)


def breaches(container: Node, known_schemas: dict[str, Schema], place: str) -> Iterator[Breach]:
    """What is wrong with a container."""
    if container.kind != "bag" or container.prefix != "pdfaExtension":
        yield Breach(f"{_RULE}-t01", place, detail="pdfaExtension:schemas must be a bag with this very prefix")
    if container.kind not in ("bag", "seq", "alt"):
        return
    for schema in container.children:
        uri = _text(schema, _SCHEMA, "namespaceURI")
        among = known_schemas[uri].types if uri in known_schemas else basic()
        yield from _described(schema, _SCHEMA, "pdfaSchema", _SCHEMA_FIELDS, among, place)
        for property_ in _items(schema, _SCHEMA, "property"):
            yield from _described(property_, _PROPERTY, "pdfaProperty", _PROPERTY_FIELDS, among, place)
        for type_ in _items(schema, _SCHEMA, "valueType"):
            yield from _described(type_, _TYPE, "pdfaType", _TYPE_FIELDS, among, place)
            for field in _items(type_, _TYPE, "field"):
                yield from _described(field, _FIELD, "pdfaField", _FIELD_FIELDS, among, place)


def _described(
    node: Node, namespace: str, prefix: str, fields: dict[str, _Asked], among: Types, place: str
) -> Iterator[Breach]:
    """What is wrong with the fields of one description: those that are unknown, and each that is asked for."""
    values = _values(node, namespace)
    for child in node.children:
        if child.namespace != namespace or child.name not in fields:
            detail = f"{child.prefix or ''}:{child.name} is not a field of a {prefix} description"
            yield Breach("6.6.2.3.2-t01", place, values=values, detail=detail)
    for name, (test, how) in fields.items():
        why = _wrong(node.child(namespace, name), prefix, how, among)
        if why:
            yield Breach(f"{_RULE}-t{test:02}", place, values=values, detail=f"{prefix}:{name} {why}")


def _values(node: Node, namespace: str) -> tuple[tuple[str, str], ...]:
    """What tells a description from the others: its names."""
    named = ((name, _text(node, namespace, name)) for name in ("namespaceURI", "name", "type"))
    return tuple((name, text) for name, text in named if text)


def _wrong(field: Node | None, prefix: str, how: str, among: Types) -> str:
    """Why a field is not what it must be; empty where it is."""
    if field is None:
        return "" if how == "seq" else "is missing"
    if field.prefix != prefix and not (how == "seq" and field.prefix is None):
        return f"has the prefix {field.prefix or ''!r}"
    if how == "seq":
        return "" if field.ordered else "must be an ordered array (rdf:Seq)"
    if field.kind != "simple":
        return "must be a text"
    if how == "category" and field.value not in ("internal", "external"):
        return f"is {field.value!r} and must be internal or external"
    if how == "type" and not known(field.value, among):
        return f"is {field.value!r}, a type that is not defined"
    return ""
