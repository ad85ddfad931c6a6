"""The rule set on documents of others: the vectors, the official examples, and what is wrong in public samples."""

import json
import tarfile
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ksef_cases import HERE, ids, judged
from lxml import etree

import billingua
from billingua.errors import UnknownFormat

SHARED = Path(__file__).resolve().parents[4] / "shared"
CONFORMANCE = SHARED / "conformance"
VECTORS = SHARED / "vectors" / "ksef.json"
ORACLE = SHARED / "oracle" / "fa3.tar.xz"
FOLDERS = {
    "ksef": "",
    "ksefuj": "test-fixtures/",
    "ksef-fop": "src/test/resources/faktury/fa3/",
    "ksef2": "docs/assets/sample_invoices/fa3/",
}
"""The folders of documents, and what all names in one start with."""

NAMESPACES = {"f": "http://crd.gov.pl/wzor/2025/06/25/13775/"}

needs_documents = pytest.mark.skipif(
    not CONFORMANCE.is_dir(), reason="the documents of others (../shared/conformance) are not here"
)


@cache
def cases() -> list[dict[str, Any]]:
    return json.loads(VECTORS.read_text("utf-8"))["rule_cases"] if VECTORS.is_file() else []


def documents() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every invoice in the folders."""
    for folder, start in FOLDERS.items():
        for path in sorted((CONFORMANCE / folder).rglob("*.xml")):
            data = path.read_bytes()
            try:
                billingua.detect(data)
            except UnknownFormat:
                continue
            if billingua.detect(data).format in ("fa3", "fa2"):
                yield f"{folder}/{path.relative_to(CONFORMANCE / folder).as_posix().removeprefix(start)}", data


@cache
def known() -> dict[str, set[str]]:
    """What is known to be wrong, by document."""
    found: dict[str, set[str]] = defaultdict(set)
    for finding in tomllib.loads((HERE / "findings.toml").read_text("utf-8"))["finding"]:
        assert finding["why"]
        for name in finding["files"]:
            found[name].add(finding["rule"])
    return found


def changed(data: bytes, edits: list[dict[str, str]]) -> bytes:
    """The document after the edits, in the words of the vectors."""
    for edit in edits:
        op = edit["op"]
        if op == "bytes-prefix":
            data = bytes.fromhex(edit["hex"]) + data
        elif op == "bytes-replace":
            assert edit["old"].encode() in data
            data = data.replace(edit["old"].encode(), edit["new"].encode())
        else:
            data = changed_tree(data, edit)
    return data


def changed_tree(data: bytes, edit: dict[str, str]) -> bytes:
    root = etree.fromstring(data)
    places = root.xpath(edit["xpath"], namespaces=NAMESPACES)
    assert places, edit
    for place in places:
        if edit["op"] == "set":
            place.text = edit["value"]
        elif edit["op"] == "remove":
            place.getparent().remove(place)
        else:
            [new] = etree.fromstring(f'<x xmlns="{NAMESPACES["f"]}">{edit["xml"]}</x>')
            put = {"insert-after": place.addnext, "insert-before": place.addprevious, "append": place.append}
            put[edit["op"]](new)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@pytest.mark.skipif(not VECTORS.is_file(), reason="the vectors (../shared/vectors/ksef.json) are not here")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_vectors(case: dict[str, Any]) -> None:
    data = changed((CONFORMANCE / "ksef" / case["base"]).read_bytes(), case["edits"])
    report = judged(data)
    assert (ids(report), report.schema_valid) == (set(case["expect"]), case["schema_valid"])


@needs_documents
def test_documents_break_what_is_known_and_nothing_else() -> None:
    judged_so = {}
    for name, data in documents():
        broken = {finding.rule for finding in judged(data).findings} - {"KSEF-ATT-01"}
        if name.startswith(("ksef/mf-", "ksefuj/official-examples/")):
            broken -= {"KSEF-NUM-01"}
        if broken:
            judged_so[name] = broken
    assert judged_so == known()
    assert not [name for name in judged_so if name.startswith(("ksef/own-", "ksef/mf-", "ksefuj/official"))]


@pytest.mark.skipif(not ORACLE.is_file(), reason="the documents with official verdicts (../shared/oracle) are not here")
def test_no_document_of_the_oracle_is_too_strange() -> None:
    with tarfile.open(ORACLE) as archive:
        judged_so = [judged(archive.extractfile(member).read()) for member in archive if member.isfile()]
    assert len(judged_so) == 327
    assert {report.rulesets for report in judged_so} == {("ksef",)}
