"""The types that XMP properties have, and which predefined property has which (table xmp.tsv)."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final, NamedTuple

from billingua.pdf.pdfa.rdf import Node
from billingua.resources import cells_of, table_beside

__all__ = ["Structure", "Types", "basic", "holds", "known", "plain", "predefined", "types"]


class Structure(NamedTuple):
    """A type made of fields: the namespace they all have, and the type of each by name."""

    namespace: str
    fields: Mapping[str, str]


Check = Callable[[str], object]
Types = dict[str, Structure | Check]
"""The types by their plain name: structures, and tests of the text of simple ones."""

_ARRAYS: Final = ("bag", "alt", "seq")
_CHOICE: Final = re.compile(r"(open |closed )?(choice |choice$)(of )?")

_date: Final = re.compile(r"-?\d+(-\d+(-\d+(T\d+(:\d+(:\d+(\.\d+)?)?)?(Z|[+-]\d+(:\d+)?)?)?)?)?|", re.ASCII).fullmatch
"""A date of ISO 8601 as XMP takes it: from a year alone to fractions of a second with a time zone."""


def _anything(text: str) -> bool:  # noqa: ARG001
    return True


def _fits(pattern: str) -> Check:
    return re.compile(pattern, re.ASCII).fullmatch


_SIMPLE: Final[Types] = {
    "boolean": _fits("True|False"),
    "integer": _fits(r"[+-]?\d+"),
    "real": _fits(r"[+-]?(\d+\.?\d*|\.\d+)"),
    "mimetype": _fits(r"[-\w+.]+/[-\w+.]+"),
    "date": _date,
    **dict.fromkeys(
        ("agentname", "propername", "rational", "renditionclass", "text", "uri", "url", "xpath"), _anything
    ),
}


def plain(name: str) -> str:
    """The name of a type as it is looked up: `closed Choice of Text` is text, `Bag` is a bag of text."""
    found = _CHOICE.sub("", name.lower()).strip()
    if not found:
        return "text"
    if not found.endswith("lang alt") and found.endswith(_ARRAYS):
        return f"{found} text"
    return found


def basic() -> Types:
    """The simple types alone."""
    return dict(_SIMPLE)


@cache
def _tables() -> tuple[Types, dict[tuple[str, str], str]]:
    """The types, and the types of the predefined properties by namespace and name."""
    namespaces: dict[str, str] = {}
    fields: dict[str, tuple[str, dict[str, str]]] = {}
    properties: dict[tuple[str, str], str] = {}
    for kind, *cells in cells_of(table_beside(__file__, "xmp.tsv")):
        match kind:
            case "namespace":
                namespaces[cells[0]] = cells[1]
            case "property":
                prefix, type_, names = cells
                properties |= {(namespaces[prefix], name): type_ for name in names.split()}
            case _:
                structure, prefix, type_, names = cells
                kept = fields.setdefault(structure, (namespaces[prefix], {}))[1]
                kept |= dict.fromkeys(names.split(), type_)
    found = basic()
    found["locale"] = _anything
    found["gpscoordinate"] = _fits(r"\d{1,3},\d{1,2}(,\d{1,2}|\.\d+)[NSEW]")
    found |= {name: Structure(namespace, kept) for name, (namespace, kept) in fields.items()}
    return found, properties


def types() -> Types:
    """All types that XMP predefines; a new dictionary, to be extended."""
    return dict(_tables()[0])


def predefined(node: Node) -> str | None:
    """The type of a predefined property; None where it is not predefined."""
    return _tables()[1].get((node.namespace, node.name))


def known(name: str, among: Types) -> bool:
    """Whether a type, or what an array of it holds, is one of these."""
    wanted = plain(name)
    while wanted.startswith(("bag ", "alt ", "seq ")):
        wanted = wanted[4:]
    return wanted in among or wanted == "lang alt"


def holds(node: Node, name: str, among: Types) -> bool:
    """Whether the value of a property is of a type."""
    wanted = plain(name)
    if wanted == "any":
        return True
    if wanted == "lang alt":
        items = node.children
        return node.kind == "alt" and (not items or any(item.lang is not None for item in items))
    if wanted[:4] in ("bag ", "alt ", "seq "):
        return node.kind == wanted[:3] and all(holds(item, wanted[4:], among) for item in node.children)
    check = among.get(wanted)
    if check is None:
        return False
    if isinstance(check, Structure):
        return node.kind == "struct" and all(
            child.namespace == check.namespace
            and child.name in check.fields
            and holds(child, check.fields[child.name], among)
            for child in node.children
        )
    return node.kind == "simple" and bool(check(node.value) is not None and check(node.value) is not False)
