"""Where elements stand: the first that a path leads to."""

from lxml import etree

from billingua.engine.xml import first_below


def test_the_first_element_on_a_path_may_stand_in_a_later_branch() -> None:
    root = etree.fromstring("<a><b/><b><c>1</c></b><b><c>2</c></b><c>3</c></a>")
    found = first_below(root, ["b", "c"])
    assert found is not None
    assert found.text == "1"
    assert first_below(root, ["c"]) is root[-1]
    assert first_below(root, ["c", "b"]) is None
