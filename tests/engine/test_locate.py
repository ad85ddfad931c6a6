"""The walk: what rows find, where groups belong, and that a remembered shape yields what a walk would."""

from threading import Thread

import pytest
from lxml import etree

from billingua.engine.locate import ROOT, Group, Located, Locator, Row, part_of, read_rows

NAMES = {"a": "urn:a"}


def locator(*rows: str, **options: object) -> Locator:
    return Locator(read_rows("\n".join(row.replace(" ", "\t") for row in rows)), NAMES, **options)  # type: ignore[arg-type]


def document(inner: str) -> etree._Element:
    return etree.fromstring(f'<a:doc xmlns:a="urn:a">{inner}</a:doc>')


def shape(located: Located) -> object:
    """Everything located, in a form that can be compared."""

    def one(group: Group) -> object:
        terms = {term: [element.text for element in group.all(term)] for term in group.terms}
        return (
            group.kind,
            group.astray,
            terms,
            {kind: [one(inner) for inner in found] for kind, found in group.groups.items()},
        )

    return {kind: [one(group) for group in located.all(kind)] for kind in located.kinds()}


def test_terms_belong_to_the_group_of_their_row() -> None:
    found = locator("BG-0 number a:id", "line * /a:line", "line number a:id", "line name a:item/a:name").locate(
        document("<a:id>7</a:id><a:line><a:id>1</a:id><a:item><a:name>x</a:name></a:item></a:line>")
    )
    assert found.root.text("number") == "7"
    (line,) = found.all("line")
    assert (line.text("number"), line.text("name"), line.parent) == ("1", "x", found.root)


def test_a_term_that_is_not_there_is_empty() -> None:
    root = locator("BG-0 number a:id").locate(document("")).root
    assert (root.text("number"), root.first("number"), root.all("number"), root.has("number")) == (
        "",
        None,
        (),
        False,
    )


def test_rows_that_search_anywhere_find_at_any_depth() -> None:
    found = locator("BG-0 any //a:id", "x * //a:x", "x name a:name").locate(
        document("<a:id>1</a:id><a:b><a:id>2</a:id><a:x><a:name>n</a:name><a:id>3</a:id></a:x></a:b>")
    )
    assert sorted(found.root.texts("any")) == ["1", "2", "3"]
    (group,) = found.all("x")
    assert group.astray
    assert group.text("name") == "n"


def test_an_element_opens_a_kind_once_and_the_exact_row_wins() -> None:
    found = locator("x * /a:x", "x * //a:x").locate(document("<a:x/><a:b><a:x/></a:b>"))
    assert [group.astray for group in found.all("x")] == [False, True]


def test_a_group_is_kept_only_if_its_condition_holds() -> None:
    conditions = {"yes": lambda group: group.text("is") == "y", "no": lambda group: group.text("is") == "n"}
    found = locator(
        "good * /a:x yes",
        "good is a:is",
        "bad * /a:x no",
        "bad is a:is",
        "in * good/a:in",
        "in * bad/a:in",
        conditions=conditions,
    ).locate(document("<a:x><a:is>y</a:is><a:in/></a:x><a:x><a:is>n</a:is><a:in/></a:x><a:x><a:in/></a:x>"))
    assert len(found.all("good")) == len(found.all("bad")) == 1
    assert [group.parent.kind for group in found.all("in") if group.parent] == ["good", "bad"]


def test_an_ending_matches_every_name_that_ends_so() -> None:
    found = locator("BG-0 amount //a:*Amount").locate(
        document("<a:NetAmount>1</a:NetAmount><a:Amount>2</a:Amount><a:Amounts/>")
    )
    assert sorted(found.root.texts("amount")) == ["1", "2"]


def test_the_text_of_a_leaf_with_elements_inside_is_the_whole_text() -> None:
    found = locator("BG-0 number a:id", "line * /a:line", "line number a:id").locate(
        document("<a:id>1<a:b>2</a:b></a:id><a:line><a:id>3<a:b>4</a:b></a:id></a:line>")
    )
    assert found.root.text("number") == "12"
    assert found.all("line")[0].text("number") == "34"


def test_below_a_strange_root_nothing_stands_in_its_place() -> None:
    found = locator("line * /a:line", roots=frozenset({"{urn:a}invoice"})).locate(document("<a:line/>"))
    assert found.all(ROOT) == []
    assert [group.astray for group in found.all("line")] == [True]


ROWS = (
    "line * //a:line",
    "line id a:id",
    "line all //a:id",
    "in * line/a:in",
    "in id a:id",
    "BG-0 ids //a:id",
)
BODY = "".join(
    f"<a:line><a:id>{number}</a:id><a:in><a:id>i{number}</a:id></a:in>{'<a:in/>' * (number % 2)}</a:line>"
    for number in range(6)
)


def test_a_remembered_shape_yields_what_the_first_walk_yields() -> None:
    one = locator(*ROWS)
    first, second = shape(one.locate(document(BODY))), shape(one.locate(document(BODY)))
    assert first == second
    assert len(one.locate(document(BODY)).root.all("ids")) == 12


def test_shapes_differ_by_nesting_and_not_by_names_alone() -> None:
    one = locator("line * /a:line", "line top a:id", "line inner a:b/a:id")
    nested, flat = "<a:line><a:b><a:id>1</a:id></a:b></a:line>", "<a:line><a:b/><a:id>1</a:id></a:line>"
    assert [group.text("inner") for group in one.locate(document(nested + flat)).all("line")] == ["1", ""]
    assert [group.text("top") for group in one.locate(document(flat + nested)).all("line")] == ["1", ""]


def test_threads_share_a_locator() -> None:
    expected = shape(locator(*ROWS).locate(document(BODY)))
    shared = locator(*ROWS)
    results: list[object] = []
    threads = [Thread(target=lambda: results.append(shape(shared.locate(document(BODY))))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_nothing_is_looked_for_below_a_closed_place() -> None:
    rows = ("BG-0 inner a:big/a:id", "BG-0 after a:id")
    body = "<a:big><a:id>1</a:id></a:big><a:id>2</a:id>"
    assert locator(*rows).locate(document(body)).root.text("inner") == "1"
    closed = locator(*rows, "BG-0 - a:big").locate(document(body)).root
    assert (closed.has("inner"), closed.text("after")) == (False, "2")


def test_a_part_of_a_group_has_its_own_terms_and_knows_the_group_around() -> None:
    root = locator("BG-0 one a:one", "BG-0 two a:two").locate(document("<a:one>1</a:one><a:two>2</a:two>")).root
    part = part_of(root, "half", {"two": root.all("two")[0]})
    assert (part.kind, part.text("two"), part.has("one"), part.parent) == ("half", "2", False, root)
    assert part.all("two") == root.all("two")


def test_comments_in_tables_are_skipped() -> None:
    assert read_rows("# a comment\n\nx\t*\t/a:x\twhen\tmore\n") == [Row("x", "*", "/a:x", "when")]


def test_an_unknown_prefix_is_an_error() -> None:
    with pytest.raises(KeyError):
        locator("BG-0 x b:x").locate(document("<a:x/>"))


def test_a_remembered_shape_gathers_the_text_of_its_leaves() -> None:
    one = locator("line * /a:line", "line number a:id", "BG-0 ids //a:id")
    lines = "<a:line><a:id>1<a:b>2</a:b></a:id></a:line><a:line><a:id>3<a:b>4</a:b></a:id></a:line>"
    for found in (one.locate(document(lines)), one.locate(document(lines))):
        assert [group.text("number") for group in found.all("line")] == ["12", "34"]
        assert found.root.texts("ids") == ["12", "34"]
