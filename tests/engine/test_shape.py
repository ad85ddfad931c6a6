"""Shapes: documents that look alike are found alike, however they come to be known."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import billingua as bl
from billingua.engine.groups import Group
from billingua.engine.locate import Located, Locator, read_rows
from billingua.engine.shape import pieces, plain, shape_of, text_of, written

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = {"a": "urn:a", "b": "urn:b"}
ROWS = (
    "BG-0 number a:id",
    "BG-0 ids //a:id",
    "BG-0 notes //b:note",
    "line * /a:line",
    "line id a:id",
    "line note b:note",
    "part * //a:part",
    "part id a:id",
    "part note b:note",
    "inner * part/a:line",
    "inner id a:id",
)
TABLE = "\n".join(row.replace(" ", "\t") for row in ROWS)

texts = st.text(st.sampled_from("x1 <>&\"'\r\n\té"), max_size=4)
names = st.sampled_from(("a:id", "b:note", "a:line", "a:part", "b:other"))
attributes = st.dictionaries(st.sampled_from(("scheme", "b:list")), texts, max_size=2)


class Node:
    """An element to be: its name, attributes, text, what stands inside, and the text after it."""

    def __init__(self, name: str, has: dict[str, str], text: str, inside: "list[Node]", tail: str) -> None:
        self.name, self.has, self.text, self.inside, self.tail = name, has, text, inside, tail

    def __repr__(self) -> str:
        return f"<{self.name} {self.has}>{self.text!r}{self.inside}{self.tail!r}"


nodes = st.recursive(
    st.builds(Node, names, attributes, texts, st.just([]), st.just("")),
    lambda inside: st.builds(Node, names, attributes, st.just("") | texts, st.lists(inside, max_size=4), texts),
    max_leaves=12,
)


def tag(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMES[prefix]}}}{local}" if prefix else local


def element(node: Node) -> etree._Element:
    made = etree.Element(tag(node.name), {tag(name): text for name, text in node.has.items()}, nsmap=NAMES)
    made.text, made.tail = node.text, node.tail
    made.extend([element(one) for one in node.inside])
    return made


def document(inside: list[Node]) -> bytes:
    root = etree.Element("{urn:a}doc", nsmap=NAMES)
    root.extend([element(one) for one in inside])
    return etree.tostring(root)


def seen(located: Located) -> Any:
    """All that can be asked of groups, by their texts and by their elements."""

    def one(group: Group) -> Any:
        return (
            group.kind,
            group.astray,
            group.element.sourceline,
            group.tag == group.element.tag,
            group.around() is group.element.getparent(),
            {term: [said.text or "" for said in group.all(term)] for term in sorted(group.terms)},
            {term: (group.text(term), group.texts(term)) for term in sorted(group.terms)},
            {term: group.attributes(term, "scheme") for term in sorted(group.terms)},
            {kind: sorted(map(repr, map(one, inside))) for kind, inside in sorted(group.groups.items())},
        )

    kinds = {kind: [one(group) for group in located.all(kind)] for kind in sorted(located.kinds())}
    return repr({kind: sorted(map(repr, found)) for kind, found in kinds.items()})


def expected_ids(root: etree._Element) -> list[str]:
    """The texts of all identifiers, with the texts of what stands inside of them."""
    return ["".join(one.itertext()) for one in root.iter("{urn:a}id")]


@given(st.lists(nodes, max_size=6))
def test_a_document_says_the_same_when_it_comes_again(inside: list[Node]) -> None:
    """First in parts, then as a whole, then by heart; with its lines cut out and without."""
    data = document(inside)
    cutting, whole = (Locator(read_rows(TABLE), NAMES, repeated=repeated) for repeated in (("a:line",), ()))
    found = [seen(locator.locate(etree.fromstring(data))) for locator in (cutting, whole) for _ in range(4)]
    assert found == [found[0]] * 8


@given(st.lists(nodes, max_size=6))
def test_all_texts_are_found(inside: list[Node]) -> None:
    data = document(inside)
    locator = Locator(read_rows(TABLE), NAMES, repeated=("a:line",))
    for _ in range(3):
        found = locator.locate(etree.fromstring(data)).root
        assert sorted(found.texts("ids")) == sorted(expected_ids(etree.fromstring(data)))


@given(st.lists(nodes, max_size=6), st.sampled_from(("utf-8", "utf-16", "iso-8859-1", "us-ascii")))
def test_the_encoding_makes_no_difference(inside: list[Node], encoding: str) -> None:
    root = etree.fromstring(document(inside))
    again = etree.fromstring(etree.tostring(root, encoding=encoding))
    assert pieces_of(again) == pieces_of(root)


def pieces_of(root: etree._Element) -> list[str]:
    return written(text_of(root)).around


@given(texts)
def test_what_is_escaped_is_read_as_it_is_meant(text: str) -> None:
    root = etree.Element("a", b=text)
    root.text = text
    found = pieces_of(root)
    assert plain(found[2]) == (root.text or "")
    assert plain(found[1].split('"')[1]) == root.get("b")


def test_numbers_of_characters_may_be_hexadecimal() -> None:
    assert plain("&#13;&#xD;&#x41;&amp;#65;&lt;") == "\r\rA&#65;<"


@pytest.mark.parametrize(
    ("inside", "runs"),
    [
        ("<l>1</l><l>2</l>", [2]),
        ("<l>1</l><x/><l>2</l><l>3</l>", [1, 2]),
        ("<x><l>1</l></x><l>2</l>", [1, 1]),
        ("<l>1<l>2</l></l>", []),
        ('<l a="">1</l><l>2</l>', []),
        ("<l/><l>2</l>", [1]),
        ("<ll>1</ll>", []),
    ],
)
def test_repeated_elements_are_cut_out(inside: str, runs: list[int]) -> None:
    text = written(f"<doc>{inside}</doc>", ["other", "l"])
    assert [len(run) for run in text.runs] == runs
    assert shape_of(text.around).count("?l") == len(runs)


def test_a_long_text_is_cut_as_a_short_one_is() -> None:
    short = "<a b='1'>x<c/></a>"
    long_ = short.replace("x", "x" * 6_000_000)
    assert [one.replace("x" * 6_000_000, "x") for one in pieces(long_)] == pieces(short)


def shifted(data: bytes) -> Iterator[bytes]:
    """The same invoice with its namespaces declared elsewhere."""
    text = data.decode()
    yield data
    yield text.replace("<cac:InvoiceLine>", '<cac:InvoiceLine xmlns:q="urn:q">').encode()
    yield text.replace("cac:", "c:").replace("xmlns:cac", "xmlns:c").encode()
    line = '<x:InvoiceLine xmlns:x="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2">'
    yield text.replace("<cac:InvoiceLine>", line).replace("</cac:InvoiceLine>", "</x:InvoiceLine>").encode()


@pytest.mark.parametrize("name", ["standard-rated.ubl.xml", "broken-total.ubl.xml", "broken-line-amount.ubl.xml"])
def test_where_namespaces_are_declared_makes_no_difference(name: str) -> None:
    reports = [bl.validate(data) for data in shifted((SAMPLES / name).read_bytes()) for _ in range(3)]
    said = [[(one.rule, one.path, one.line) for one in report.findings] for report in reports]
    assert said == [said[0]] * len(said)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_a_sample_gets_the_same_report_when_it_comes_again(path: Path) -> None:
    found = [bl.validate(path).findings for _ in range(4)]
    assert found == [found[0]] * 4


@pytest.mark.parametrize("name", ["standard-rated.ubl.xml", "standard-rated.cii.xml", "broken-total.ubl.xml"])
def test_an_invoice_leaves_no_garbage(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    for _ in range(3):
        bl.validate(data)
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            bl.validate(data)
        assert gc.collect() == 0
    finally:
        gc.enable()
