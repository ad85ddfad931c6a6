"""The binding tables against the schemas: every path exists, rows stand in the order of the schema."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from billingua import formats
from billingua.engine.binding import Entry, read_table
from billingua.engine.locate import ROOT
from billingua.resources import data_folder

XSD = "{http://www.w3.org/2001/XMLSchema}"

CASES = [
    ("ubl", "Invoice", "ubl-2.1/Invoice.xsd", "core"),
    ("ubl", "Invoice", "ubl-2.1/Invoice.xsd", "extended"),
    ("ubl", "CreditNote", "ubl-2.1/CreditNote.xsd", "core"),
    ("ubl", "CreditNote", "ubl-2.1/CreditNote.xsd", "extended"),
    ("cii", "CrossIndustryInvoice", "cii-d16b/CrossIndustryInvoice.xsd", "core"),
    ("cii", "CrossIndustryInvoice", "cii-d22b/CrossIndustryInvoice.xsd", "core"),
    ("cii", "CrossIndustryInvoice", "cii-d22b/CrossIndustryInvoice.xsd", "extended"),
    ("cii", "CrossIndustryInvoice", "facturx-extended/CrossIndustryInvoice.xsd", "extended"),
    ("fa", "Faktura", "fa-3/Faktura.xsd", "core"),
]


def reached(path: Path) -> set[Path]:
    """A schema and all that it includes or imports."""
    known, waiting = set(), [path]
    while waiting:
        known.add(one := waiting.pop())
        nodes = etree.parse(one).getroot().iter(f"{XSD}include", f"{XSD}import")
        found = (one.parent.joinpath(node.get("schemaLocation", "")).resolve() for node in nodes)
        waiting += [other for other in found if other not in known]
    return known


class Schema:
    """What may stand in each element, in the order of the schema, and the attributes it may have."""

    def __init__(self, entry: str) -> None:
        self.types: dict[str, etree._Element] = {}
        self.elements: dict[str, etree._Element] = {}
        self.groups: dict[str, etree._Element] = {}
        folder = Path(data_folder("schemas"))
        self.namespace = etree.parse(folder / entry).getroot().get("targetNamespace", "")
        for path in sorted(reached((folder / entry).resolve())):
            root = etree.parse(path).getroot()
            for node in root:
                table = {"complexType": self.types, "element": self.elements, "group": self.groups}
                kind = etree.QName(node).localname if isinstance(node.tag, str) else ""
                if kind in table:
                    table[kind][f"{{{self._namespace_of(root)}}}{node.get('name')}"] = node

    def _resolve(self, node: etree._Element, name: str) -> str:
        prefix, _, local = name.rpartition(":")
        return f"{{{node.nsmap.get(prefix or None, self.namespace)}}}{local}"

    def _namespace_of(self, node: etree._Element) -> str:
        """That of the schema a node stands in; one without any takes that of the schema that includes it."""
        return node.getroottree().getroot().get("targetNamespace", self.namespace)

    def _type_of(self, element: etree._Element) -> etree._Element | None:
        if element.get("ref"):
            return self._type_of(self.elements[self._resolve(element, element.get("ref", ""))])
        inline = element.find(f"{XSD}complexType")
        if inline is not None or not element.get("type"):
            return inline
        return self.types.get(self._resolve(element, element.get("type", "")))

    def children(self, element: etree._Element) -> dict[str, etree._Element]:
        """Tag -> declaration of what may stand in an element, in order."""
        kind = self._type_of(element)
        return dict(self._particles(kind)) if kind is not None else {}

    def _particles(self, node: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        for inner in node:
            if inner.tag == f"{XSD}element":
                if inner.get("ref"):
                    yield self._resolve(inner, inner.get("ref", "")), inner
                else:
                    yield f"{{{self._namespace_of(inner)}}}{inner.get('name')}", inner
            elif inner.tag == f"{XSD}group":
                yield from self._particles(self.groups[self._resolve(inner, inner.get("ref", ""))])
            elif inner.tag in (f"{XSD}extension", f"{XSD}restriction"):
                base = self.types.get(self._resolve(inner, inner.get("base", "")))
                if base is not None:
                    yield from self._particles(base)
                yield from self._particles(inner)
            elif isinstance(inner.tag, str):
                yield from self._particles(inner)

    def attributes(self, element: etree._Element) -> set[str]:
        """The names of the attributes that an element may have."""
        kind = self._type_of(element)
        names: set[str] = set()
        while kind is not None:
            names |= {node.get("name", "") for node in kind.iter(f"{XSD}attribute")}
            bases = list(kind.iter(f"{XSD}extension", f"{XSD}restriction"))
            kind = self.types.get(self._resolve(bases[0], bases[0].get("base", ""))) if bases else None
        return names


@cache
def schema(entry: str) -> Schema:
    return Schema(entry)


def entries_of(table: str, root: str, profile: str) -> list[Entry]:
    """The rows of a table for documents with a root element in a profile."""
    return [one for one in read_table(table) if one.root in ("", root) and one.profile in ("", profile)]


def anchored(entries: list[Entry], entry: Entry) -> list[str]:
    """Every full path, from the root, of a row."""
    path = entry.written if entry.written[:1] in ("/", "B") else entry.row.path
    parent, _, rest = path.partition("/") if entry.row.term == "*" else (entry.row.group, "", path)
    rest = "" if rest == "." else rest
    if parent in ("", ROOT):
        return [rest]
    openings = [one for one in entries if one.row.term == "*" and one.row.group == parent]
    return [f"{anchor}/{rest}".rstrip("/") for one in openings for anchor in anchored(entries, one)]


def clark(path: str, namespaces: dict[str, str]) -> list[str]:
    steps = [step.rpartition(":") for step in path.split("/") if step]
    return [f"{{{namespaces[prefix]}}}{name}" for prefix, _, name in steps]


@pytest.mark.parametrize(("folder", "root", "entry", "profile"), CASES)
def test_every_path_is_in_the_schema(folder: str, root: str, entry: str, profile: str) -> None:
    descriptor = formats.get(folder)
    known = schema(entry)
    start = next(node for tag, node in known.elements.items() if tag.endswith(f"}}{root}"))
    entries = entries_of(descriptor.table(), root, profile)
    for one in entries:
        for path in anchored(entries, one):
            element = start
            for tag in clark(path, dict(descriptor.namespaces)):
                inside = known.children(element)
                assert tag in inside, f"{one.row.group} {one.row.term}: {tag} of {path}"
                element = inside[tag]
            for name, _ in one.attributes:
                assert name in known.attributes(element), f"{one.row.group} {one.row.term}: @{name} of {path}"


@pytest.mark.parametrize(("folder", "root", "entry", "profile"), CASES)
def test_rows_stand_in_the_order_of_the_schema(folder: str, root: str, entry: str, profile: str) -> None:
    descriptor = formats.get(folder)
    known = schema(entry)
    start = next(node for tag, node in known.elements.items() if tag.endswith(f"}}{root}"))
    entries = [one for one in entries_of(descriptor.table(), root, profile) if one.written != "-"]
    order: dict[str, list[tuple[int, ...]]] = {}
    for one in entries:
        group = (
            one.row.group
            if one.row.term != "*"
            else (one.written if "/" in one.written else one.row.path).partition("/")[0]
        )
        for path in anchored(entries, one)[:1]:
            element, ranks = start, []
            for tag in clark(path, dict(descriptor.namespaces)):
                inside = known.children(element)
                ranks.append(list(inside).index(tag))
                element = inside[tag]
            order.setdefault(group or ROOT, []).append(tuple(ranks))
    for group, ranked in order.items():
        assert ranked == sorted(ranked), group


def test_what_the_rules_ask_of_fa_3_stands_in_fa_2_as_far_as_it_is_older() -> None:
    descriptor = formats.get("fa")
    known = schema("fa-2/Faktura.xsd")
    start = next(node for tag, node in known.elements.items() if tag.endswith("}Faktura"))
    entries = read_table(descriptor.table())
    missing = set()
    for one in entries:
        for path in anchored(entries, one):
            element = start
            for tag in clark(path, dict(descriptor.namespaces_of("fa2"))):
                inside = known.children(element)
                if tag not in inside:
                    missing.add(etree.QName(tag).localname)
                    break
                element = inside[tag]
    assert missing == {"GV", "IPKSeF", "JST", "LinkDoPlatnosci", "Zalacznik"}
