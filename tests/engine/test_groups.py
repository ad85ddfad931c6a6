"""What the walk keeps of a document: texts by place, elements that are found again, attributes that rows name."""

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from billingua.engine.locate import Located, Locator, Root, read_rows

ROWS = (
    "line * /a:line",
    "line id a:id",
    "line note a:note",
    "part * line/a:part",
    "part id a:id",
    "BG-0 ids //a:id",
)
LOCATOR = Locator(read_rows("\n".join(row.replace(" ", "\t") for row in ROWS)), {"a": "urn:a"})
MANY = 60

SCHEME = ' scheme="s"'

lines = st.lists(
    st.tuples(st.sampled_from(("", "x", "y")), st.integers(0, 2), st.booleans()), min_size=1, max_size=MANY
).map(
    lambda made: "".join(
        f"<a:line><a:id{SCHEME * has}>{text}</a:id>{'<a:part><a:id>p</a:id></a:part>' * parts}</a:line>"
        for text, parts, has in made
    )
)


def located(inner: str) -> Located:
    return LOCATOR.locate(etree.fromstring(f'<a:doc xmlns:a="urn:a">{inner}</a:doc>'))


def ids(root: Root) -> list[etree._Element]:
    return list(root.element.iter("{urn:a}id"))


@given(lines)
def test_texts_and_elements_say_the_same_however_many_lines_there_are(inner: str) -> None:
    found = located(inner)
    for group in (found.root, *found.all("line"), *found.all("part")):
        for term in group.terms:
            elements = group.all(term)
            assert group.texts(term) == [element.text or "" for element in elements]
            assert group.attributes(term, "scheme") == [element.get("scheme") for element in elements]
            assert (group.first(term), group.text(term)) == (elements[0], elements[0].text or "")
    assert set(found.root.all("ids")) == set(ids(found.root))
    assert found.root.count("ids") == len(ids(found.root))


def test_an_attribute_outside_of_groups_is_found_too() -> None:
    root = located('<a:id scheme="s">1</a:id><a:id>2</a:id>').root
    assert root.have_attribute("ids", "scheme") == [True, False]
    assert root.attributes("ids", "scheme") == ["s", None]


def test_an_element_that_is_found_again_is_the_one_of_the_tree() -> None:
    found = located("".join(f"<a:line><a:id>{number}</a:id><a:part/></a:line>" for number in range(MANY)))
    last = found.all("part")[-1]
    assert last.element is found.root.element[MANY - 1][1]
    assert last.around() is found.root.element[MANY - 1]
    assert found.all("line")[-1].around() is found.root.element


def test_an_attribute_that_no_row_names_can_be_asked_for() -> None:
    found = located("".join(f'<a:line><a:id other="{number}"/></a:line>' for number in range(MANY)))
    assert found.all("line")[-1].attributes("id", "other") == [str(MANY - 1)]
    assert found.root.attributes("ids", "other")[-1] == str(MANY - 1)
