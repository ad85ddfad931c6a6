"""What a lean schema has a place for, element by element, and how a document is brought down to that.

Read are the schemas that `schemas/` holds: named types with sequences of elements, included and imported by path.
"""

import os
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from lxml import etree

from billingua.engine.xml import Element, tag_of
from billingua.resources import data_folder

__all__ = ["Place", "bring_down", "places_of"]

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"


class Place(NamedTuple):
    """A place for an element inside another one: whether it must be there, how often it may (None: without end), and
    the places inside it; a place without any is one for a value."""

    required: bool
    most: int | None
    inside: "dict[str, Place]"


@cache
def places_of(schema: str) -> dict[str, Place]:
    """The places inside the root element of a schema (below `schemas/`), by tag."""
    path = os.path.join(data_folder("schemas"), *schema.split("/"))
    types: dict[str, Element] = {}
    elements: dict[str, Element] = {}
    for part in _parts(path, set()):
        space = part.get("targetNamespace", "")
        for one in part.iterchildren(f"{_XS}complexType"):
            types[f"{{{space}}}{one.get('name')}"] = one
        for one in part.iterchildren(f"{_XS}element"):
            elements[f"{{{space}}}{one.get('name')}"] = one
    root = next(etree.parse(path).getroot().iterchildren(f"{_XS}element"))
    return _inside(root, types, elements)


def _parts(path: str, seen: set[str]) -> Iterator[Element]:
    """A schema and all that it includes or imports."""
    path = os.path.normpath(path)
    if path in seen:
        return
    seen.add(path)
    schema = etree.parse(path).getroot()
    yield schema
    for other in schema.iterchildren(f"{_XS}import", f"{_XS}include"):
        yield from _parts(os.path.join(os.path.dirname(path), other.get("schemaLocation", "")), seen)


def _inside(declared: Element, types: dict[str, Element], elements: dict[str, Element]) -> dict[str, Place]:
    named = declared.get("type")
    kind = types.get(_qualified(declared, named)) if named else declared
    found = {}
    for child in kind.iter(f"{_XS}element") if kind is not None else ():
        if child is declared:
            continue
        name = child.get("ref")
        tag = _qualified(child, name) if name else f"{{{_target(child)}}}{child.get('name')}"
        most = child.get("maxOccurs", "1")
        found[tag] = Place(
            required=child.get("minOccurs", "1") != "0",
            most=None if most == "unbounded" else int(most),
            inside=_inside(elements[tag] if name else child, types, elements),
        )
    return found


def _qualified(holder: Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{holder.nsmap.get(prefix or None)}}}{local}"


def _target(holder: Element) -> str:
    return holder.getroottree().getroot().get("targetNamespace", "")


def bring_down(element: Element, places: dict[str, Place]) -> None:
    """Take out of an element what has no place in it, and the groups that are empty then, unless they must be there."""
    counts: dict[str, int] = {}
    for child in list(element):
        tag = tag_of(child)
        place = places.get(tag)
        counts[tag] = counts.get(tag, 0) + 1
        if place is None or (place.most is not None and counts[tag] > place.most):
            element.remove(child)
        elif place.inside:
            bring_down(child, place.inside)
            if not len(child) and not place.required:
                element.remove(child)
