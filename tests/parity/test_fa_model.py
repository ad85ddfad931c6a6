"""The model of FA(3) and FA(2) on documents of others: all of a valid one is read, and written as it was."""

import re
from functools import cache

import pytest
from corpus import CONFORMANCE, documents, needs_conformance, needs_oracle
from lxml import etree
from mutate import mutants

import billingua
from billingua.engine.structure import compiled_schema
from billingua.errors import UnreadableInput
from billingua.formats.fa.model import FaInvoice

FRACTION = re.compile(r"(:\d\d\.\d{1,6})\d*")
MARKS = (b"2025/06/25/13775", b"2023/06/29/12648")


@cache
def instances() -> dict[str, bytes]:
    """The invoices of the ministry's structures among the conformance instances."""
    found = {str(path.relative_to(CONFORMANCE)): path.read_bytes() for path in sorted(CONFORMANCE.rglob("*.xml"))}
    return {name: data for name, data in found.items() if any(mark in data for mark in MARKS)}


def canonical(data: bytes) -> str:
    """The document without layout, prefixes, comments and schema locations; moments as they are written."""
    root = etree.fromstring(data, etree.XMLParser(remove_comments=True, remove_pis=True))
    plain = etree.Element(root.tag, nsmap={None: etree.QName(root).namespace})
    _copy(root, plain)
    return etree.tostring(plain, method="c14n").decode()


def _copy(source: etree._Element, target: etree._Element) -> None:
    for child in source:
        made = etree.SubElement(target, child.tag, {name: text for name, text in child.items() if "}" not in name})
        made.text = None if len(child) else (child.text or "").strip()
        if etree.QName(child).localname.startswith("Data"):
            made.text = FRACTION.sub(lambda match: match[1].rstrip("0").rstrip("."), made.text or "") or None
        _copy(child, made)


def judge(name: str, data: bytes, exact: bool = True) -> str:
    """Hold one document to its promise: `written`, `read` (FA(2)), `left` (invalid) or `refused` (invalid)."""
    try:
        document = billingua.read(data)
    except UnreadableInput:
        assert not compiled_schema("fa-3/Faktura.xsd").validate(etree.fromstring(data)), name
        return "refused"
    assert FaInvoice.from_json(document.content.to_json()) == document.content, name
    folder = document.format.replace("fa", "fa-")
    if not compiled_schema(f"{folder}/Faktura.xsd").validate(etree.fromstring(data)):
        return "left"
    assert document.unmapped == (), name
    if document.format == "fa2":
        return "read"
    written = billingua.write(document.content, "fa3")
    assert billingua.read(written).content == document.content, name
    assert not exact or canonical(written) == canonical(data), name
    return "written"


def tally(found: dict[str, bytes]) -> dict[str, int]:
    verdicts = [judge(name, data) for name, data in found.items()]
    return {verdict: verdicts.count(verdict) for verdict in sorted(set(verdicts))}


@needs_conformance
def test_conformance_instances() -> None:
    counts = tally(instances())
    assert counts["written"] > 150
    assert counts["read"] == 4


@needs_oracle
def test_corpus() -> None:
    counts = tally(documents("fa3"))
    assert sum(counts.values()) == len(documents("fa3"))
    assert counts["written"] > 100
    assert counts["refused"] > 20


@needs_conformance
@pytest.mark.parametrize("chunk", range(2))
def test_changed_invoices(chunk: int) -> None:
    for path in sorted((CONFORMANCE / "ksef").glob("*.xml"))[chunk::2]:
        if MARKS[0] in path.read_bytes():
            for name, data in mutants(path, 20):
                judge(f"{path.name} {name}", data, exact=False)
