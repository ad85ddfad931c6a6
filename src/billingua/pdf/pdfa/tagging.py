"""Clause 6.7: the logical structure of the document, at level a."""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from billingua.pdf.pdfa.breach import Breach
from billingua.pdf.pdfa.inspected import Inspected, items
from billingua.pdf.pdfa.operands import contents

if TYPE_CHECKING:
    import pikepdf

__all__ = ["check_tagging"]

_STANDARD: Final = frozenset(
    [
        *("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct"),
        *("Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody"),
        *("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"),
        *("Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"),
        *("Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"),
    ]
)
"""The structure types of ISO 32000-1, 14.8.4."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*|")
_MARKED: Final = re.compile(rb"/Lang\s*\(((?:[^()\\]++|\\.)*)\)", re.DOTALL)


def check_tagging(file: Inspected) -> Iterator[Breach]:
    """Marked, with a structure tree whose types are standard, and with languages that are some."""
    import pikepdf

    if not file.level.tagged:
        return
    marked = file.catalog.get("/MarkInfo")
    if not isinstance(marked, pikepdf.Dictionary) or str(marked.get("/Marked")) != "True":
        yield Breach("6.7.2.2-t01", file.place(file.catalog))
    root = file.catalog.get("/StructTreeRoot")
    if not isinstance(root, pikepdf.Dictionary):
        yield Breach("6.7.3.3-t01", file.place(file.catalog))
    else:
        yield from _types(root, file)
    yield from _languages(file)


def _types(root: "pikepdf.Object", file: Inspected) -> Iterator[Breach]:
    """The type of each structure element, a type that breaks a rule at its first element."""
    import pikepdf

    named = root.get("/RoleMap")
    roles = {}
    if isinstance(named, pikepdf.Dictionary):
        roles = {key[1:]: _text(value) for key, value in items(named) if isinstance(value, pikepdf.Name)}
    judged = set()
    for element in _elements(root):
        type_ = element.get("/S")
        if not isinstance(type_, pikepdf.Name) or (name := _text(type_)) in judged:
            continue
        judged.add(name)
        for rule in _broken(name, roles):
            yield Breach(rule, file.place(element), values=(("type", name),))


def _text(name: "pikepdf.Object") -> str:
    return name.unparse()[1:].decode("latin-1")


def _elements(root: "pikepdf.Object") -> "Iterator[pikepdf.Object]":
    """The structure elements below the root, each once."""
    import pikepdf

    seen: set[tuple[int, int]] = set()
    waiting = [root.get("/K")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            if node.is_indirect and node.objgen in seen:
                continue
            seen.add(node.objgen)
            yield node
            waiting.append(node.get("/K"))


def _broken(name: str, roles: Mapping[str, str]) -> Iterator[str]:
    """The rules that a structure type breaks: where its roles lead to no standard type."""
    seen = [name]
    while (role := roles.get(seen[-1])) is not None and role not in seen:
        if role in _STANDARD:
            return
        seen.append(role)
    if role is None and name in _STANDARD and len(seen) == 1:
        return
    if role == name and name in _STANDARD:
        return
    if role is not None:
        yield "6.7.3.4-t02"
    elif name not in _STANDARD:
        yield "6.7.3.4-t01"
    if name in _STANDARD:
        yield "6.7.3.4-t03"


def _languages(file: Inspected) -> Iterator[Breach]:
    import pikepdf

    for place, thing in file.containers():
        if thing._type_code != pikepdf.ObjectType.array and "/Lang" in thing:
            language = thing["/Lang"]
            if isinstance(language, pikepdf.String) and not _LANGUAGE.fullmatch(str(language)):
                yield Breach("6.7.4-t01", place, values=(("Lang", str(language)),))
    for data, place, page in contents(file):
        for written in _MARKED.findall(data):
            language = pikepdf.Object.parse(b"(" + written + b")")
            if not _LANGUAGE.fullmatch(str(language)):
                yield Breach("6.7.4-t01", place, page, values=(("Lang", str(language)),))
