"""Trees bound by class: paths, markers, variants, what is left over, and values that cannot be read."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

import pytest
from lxml import etree

from billingua.engine.document import Loss
from billingua.engine.places import Place, Places
from billingua.engine.tree import (
    attribute,
    code,
    content,
    element,
    elements_of,
    flag,
    mark,
    read_tree,
    write_tree,
)
from billingua.engine.xml import parse
from billingua.errors import UnreadableInput
from billingua.model.base import Group

NAMESPACES = {"": "urn:a", "b": "urn:b"}


class Sum(Group, frozen=True):
    """An element with a text and an attribute."""

    value: Annotated[Decimal | None, content("the sum.")] = None
    currency: Annotated[str | None, attribute("cur", "its currency.", "currency")] = None


class Party(Group, frozen=True):
    """A party with a number, or none."""

    home_id: Annotated[str | None, element("Ids/Home", "number at home.", otherwise="NoId")] = None
    other_id: Annotated[str | None, element("Ids/Other", "number elsewhere.", otherwise="NoId")] = None
    name: Annotated[str | None, element("Ids/Name", "name.")] = None
    role: Annotated[str | None, code("Role", "role.", "roles")] = None
    other_role: Annotated[str | None, element("RoleText", "another role.", given="RoleOther")] = None


class Paper(Group, frozen=True):
    """A document with everything that an attribute can be."""

    made: Annotated[datetime | None, element("Head/Made", "moment.")] = None
    day: Annotated[date | None, element("Head/b:Day", "day, of another namespace.")] = None
    count: Annotated[int | None, element("Count", "count.")] = None
    yes: Annotated[bool, flag("Yes", "flag.")] = False
    maybe: Annotated[bool | None, flag("Maybe", "flag that may be missing.")] = None
    first: Annotated[bool, mark("Marks/First", "mark.", given="Some", otherwise="None")] = False
    second: Annotated[bool, mark("Marks/Second", "mark.", given="Some", otherwise="None")] = False
    parties: Annotated[tuple[Party, ...], element("Party", "parties.")] = ()
    words: Annotated[tuple[str, ...], element("Words/Word", "words.")] = ()
    old: Annotated[str | None, element("Note", "text of old papers.", only="old")] = None
    new: Annotated[str | None, element("Note/Text", "text of new papers.", only="new")] = None
    sums: Annotated[tuple[Sum, ...], element("b:Sum", "sums.")] = ()


def read(text: str, variant: str = "new") -> tuple[Paper, list[tuple[str, str]], dict[str, tuple[int | None, str]]]:
    root = parse(f'<Paper xmlns="urn:a" xmlns:b="urn:b">{text}</Paper>'.encode())
    paper, unmapped, positions = read_tree(
        Paper, root, NAMESPACES, Places({"urn:b": "b"}), file="p.xml", variant=variant, constants=frozenset({"Fixed"})
    )
    assert all(isinstance(one, Place) for one in unmapped)
    return paper, [(place.path, place.text) for place in unmapped], dict(positions)


def write(paper: Paper, variant: str = "new") -> tuple[str, tuple[Loss, ...]]:
    root = etree.Element("{urn:a}Paper", nsmap={None: "urn:a", "b": "urn:b"})
    losses = write_tree(paper, root, NAMESPACES, variant=variant)
    text = etree.tostring(root, encoding="unicode")
    return text.removeprefix('<Paper xmlns="urn:a" xmlns:b="urn:b">').removesuffix("</Paper>"), losses


LEAST = "<Yes>2</Yes><Marks><None>1</None></Marks>"

PAPERS = [
    (Paper(), LEAST),
    (
        Paper(made=datetime(2026, 1, 31, 12, tzinfo=UTC), day=date(2026, 1, 31), count=3, yes=True, maybe=False),
        "<Head><Made>2026-01-31T12:00:00Z</Made><b:Day>2026-01-31</b:Day></Head><Count>3</Count>"
        "<Yes>1</Yes><Maybe>2</Maybe><Marks><None>1</None></Marks>",
    ),
    (Paper(second=True), "<Yes>2</Yes><Marks><Some>1</Some><Second>1</Second></Marks>"),
    (
        Paper(first=True, second=True),
        "<Yes>2</Yes><Marks><Some>1</Some><First>1</First><Second>1</Second></Marks>",
    ),
    (
        Paper(parties=(Party(), Party(home_id="7", name="A", role="1"), Party(other_id="8", other_role="x y"))),
        f"{LEAST}<Party><Ids><NoId>1</NoId></Ids></Party>"
        "<Party><Ids><Home>7</Home><Name>A</Name></Ids><Role>1</Role></Party>"
        "<Party><Ids><Other>8</Other></Ids><RoleOther>1</RoleOther><RoleText>x y</RoleText></Party>",
    ),
    (
        Paper(words=("a", "", "b"), new="n", sums=(Sum(value=Decimal("1.50"), currency="PLN"), Sum())),
        f"{LEAST}<Words><Word>a</Word><Word></Word><Word>b</Word></Words><Note><Text>n</Text></Note>"
        '<b:Sum cur="PLN">1.50</b:Sum><b:Sum/>',
    ),
]


@pytest.mark.parametrize(("paper", "text"), PAPERS)
def test_both_directions_say_the_same(paper: Paper, text: str) -> None:
    written, losses = write(paper)
    assert (written.replace("<Word/>", "<Word></Word>"), losses) == (text, ())
    if not any(one.value is None for one in paper.sums):
        read_again, unmapped, _ = read(text)
        assert (read_again, unmapped) == (paper, [])


def test_paths_in_document_order() -> None:
    expected = [
        *("Head", "Head/Made", "Head/b:Day", "Count", "Yes", "Maybe"),
        *("Marks", "Marks/Some", "Marks/First", "Marks/Second", "Marks/None"),
        *("Party", "Party/Ids", "Party/Ids/Home", "Party/Ids/Other", "Party/Ids/NoId", "Party/Ids/Name"),
        *("Party/Role", "Party/RoleOther", "Party/RoleText", "Words", "Words/Word"),
    ]
    assert list(elements_of(Paper, "new")) == [*expected, "Note", "Note/Text", "b:Sum"]
    assert list(elements_of(Paper, "old")) == [*expected, "Note", "b:Sum"]


def test_positions() -> None:
    _, _, positions = read('\n<Party><Ids><Home>7</Home></Ids></Party>\n<b:Sum cur="PLN">1</b:Sum>')
    assert positions == {
        "parties[0]": (2, "/Paper/Party[1]"),
        "parties[0].home_id": (2, "/Paper/Party[1]/Ids[1]/Home[1]"),
        "sums[0]": (3, "/Paper/b:Sum[1]"),
        "sums[0].value": (3, "/Paper/b:Sum[1]"),
        "sums[0].currency": (3, "/Paper/b:Sum[1]/@cur"),
    }


def test_variants() -> None:
    old = Paper(old="words")
    assert write(old, "old") == (f"{LEAST}<Note>words</Note>", ())
    assert read("<Note>words</Note>", "old")[:2] == (old, [])
    text, losses = write(old, "new")
    assert text == LEAST
    assert losses == (Loss("Note", "words", "old", "only old has an element for it"),)
    assert write(Paper(new="n"), "old")[1][0].where == "new"


def test_an_open_wrapper_is_used_again() -> None:
    root = etree.Element("{urn:a}Paper", nsmap={None: "urn:a"})
    etree.SubElement(etree.SubElement(root, "{urn:a}Head"), "{urn:a}Fixed").text = "1"
    write_tree(Paper(day=date(2026, 1, 1)), root, NAMESPACES)
    assert [one.tag for one in root[0]] == ["{urn:a}Fixed", "{urn:b}Day"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<Strange>x</Strange>", [("/Paper/Strange[1]", "x")]),
        ("<Fixed>x</Fixed>", []),
        ("<b:Count>1</b:Count>", [("/Paper/b:Count[1]", "1")]),
        ('<Count xmlns="urn:else">1</Count>', [("/Paper/Count[1]", "1")]),
        (
            "<Strange><In>x</In><In>y</In></Strange>",
            [("/Paper/Strange[1]/In[1]", "x"), ("/Paper/Strange[1]/In[2]", "y")],
        ),
        ("<Count>1</Count><Count>2</Count>", [("/Paper/Count[2]", "2")]),
        ("<Count>1<In>x</In></Count>", [("/Paper/Count[1]/In[1]", "x")]),
        ('<Count a="x">1</Count>', [("/Paper/Count[1]/@a", "x")]),
        ('<Head a="x"/>', [("/Paper/Head[1]/@a", "x")]),
        ('<Party a="x">text</Party>', [("/Paper/Party[1]/@a", "x"), ("/Paper/Party[1]", "text")]),
        ("<Head>text</Head>", [("/Paper/Head[1]", "text")]),
        ("<Marks><Some>1</Some></Marks>", [("/Paper/Marks[1]/Some[1]", "1")]),
        ("<Marks><First>1</First><None>1</None></Marks>", [("/Paper/Marks[1]/None[1]", "1")]),
        ("<Marks><None>2</None></Marks>", [("/Paper/Marks[1]/None[1]", "2")]),
        ("<Marks><None>1</None><None>1</None></Marks>", [("/Paper/Marks[1]/None[2]", "1")]),
        ("<Party><Ids><Home>7</Home><NoId>1</NoId></Ids></Party>", [("/Paper/Party[1]/Ids[1]/NoId[1]", "1")]),
        ("<Party><RoleOther>1</RoleOther></Party>", [("/Paper/Party[1]/RoleOther[1]", "1")]),
        ('<b:Sum xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="y">1</b:Sum>', []),
        ("<b:Sum><In>x</In></b:Sum>", [("/Paper/b:Sum[1]/In[1]", "x")]),
    ],
)
def test_what_has_no_place_is_told(text: str, left: list[tuple[str, str]]) -> None:
    assert read(text)[1] == left


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("<Count> 3\n</Count>", Paper(count=3)),
        ("<Yes>01</Yes>", Paper(yes=True)),
        ("<Words><Word> a  b </Word><Word> </Word></Words>", Paper(words=("a  b", " "))),
        ("<Party><Role> a \n b</Role><Ids><NoId>1</NoId></Ids></Party>", Paper(parties=(Party(role="a b"),))),
        ("<Head><Made>2026-01-31T24:00:00</Made></Head>", Paper(made=datetime(2026, 2, 1))),
        ("<Head><Made>2026-12-31T24:00:00.00Z</Made></Head>", Paper(made=datetime(2027, 1, 1, tzinfo=UTC))),
        ("<Head><b:Day> 2026-03-01Z </b:Day></Head>", Paper(day=date(2026, 3, 1))),
        ("<Head><b:Day>2026-03-01+01:00</b:Day></Head>", Paper(day=date(2026, 3, 1))),
        ("<Head><b:Day>2026-03-01-14:00</b:Day></Head>", Paper(day=date(2026, 3, 1))),
        (
            "<Head><Made>2026-01-31T12:00:00.1234567-00:00</Made></Head>",
            Paper(made=datetime(2026, 1, 31, 12, 0, 0, 123456, UTC)),
        ),
        ("<b:Sum>+.5</b:Sum>", Paper(sums=(Sum(value=Decimal("0.5")),))),
    ],
)
def test_values_are_read_as_the_types_of_schemas_are(text: str, paper: Paper) -> None:
    assert read(text)[0] == paper


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<Count>x</Count>", "p.xml, line 1, /Paper/Count[1]: The value 'x' is not a whole number such as 3."),
        ("<Count>1.0</Count>", "not a whole number"),
        (f"<Count>{'9' * 20}</Count>", "more than 18 digits"),
        (f"<Count>{'9' * 200}</Count>", "..."),
        ("<Yes/>", "The value '' is not 1 for yes or 2 for no."),
        ("<Yes>true</Yes>", "1 for yes or 2 for no"),
        ("<Marks><First>2</First></Marks>", "The value '2' is not the mark 1."),
        ("<Head><b:Day>2026-02-30</b:Day></Head>", "/Paper/Head[1]/b:Day[1]: The value '2026-02-30' is not a date"),
        ("<Head><b:Day>2026-02-01z</b:Day></Head>", "is not a date such as"),
        ("<Head><b:Day>2026-02-01+14:30</b:Day></Head>", "is not a date such as"),
        ("<Head><b:Day>2026-02-30Z</b:Day></Head>", "is not a date such as"),
        ("<Head><Made>2026-02-01T24:00:01</Made></Head>", "is not a moment such as"),
        ("<Head><Made>2026-02-01</Made></Head>", "is not a moment such as"),
        ("<Head><Made>9999-12-31T24:00:00Z</Made></Head>", "is not a moment such as"),
        ("<Head><Made>2026-02-01T12:00:00+30:00</Made></Head>", "is not a moment such as"),
        ("<b:Sum>NaN</b:Sum>", "The value 'NaN' is not a decimal number"),
        ("<b:Sum>1e3</b:Sum>", "is not a decimal number"),
        ("<b:Sum>\u0663</b:Sum>", "is not a decimal number"),
        (f"<b:Sum>{'1' * 61}</b:Sum>", "more than 60 digits"),
    ],
)
def test_values_of_the_wrong_type_are_one_error(text: str, message: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        read(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 31, 12, 0, 0, 500000), "2026-01-31T12:00:00.5"),
        (datetime(2026, 1, 31, 12, 0, 0, 123456, UTC), "2026-01-31T12:00:00.123456Z"),
        (datetime.fromisoformat("2026-01-31T12:00:00.120-05:30"), "2026-01-31T12:00:00.12-05:30"),
    ],
)
def test_moments_are_written_without_idle_zeros(moment: datetime, text: str) -> None:
    assert f"<Made>{text}</Made>" in write(Paper(made=moment))[0]
