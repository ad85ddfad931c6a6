"""The picture of a signature: every letter is drawn, within the frame, and nothing but strokes."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billingua.pdf.stamp import drawing

EMPTY = drawing([], 200, 60)


def strokes(text: str, width: float = 500, height: float = 60) -> int:
    return drawing([text], width, height).count(b" S")


def points(data: bytes) -> list[tuple[float, float]]:
    """Where lines begin, go and end."""
    return [
        (float(words[at - 2]), float(words[at - 1]))
        for words in (line.split() for line in data.decode("ascii").splitlines())
        for at, word in enumerate(words)
        if word in ("m", "l", "c")
    ]


def test_every_printable_sign_has_its_own_picture() -> None:
    signs = [sign for sign in string.printable if sign.isprintable() and sign != " "]
    assert len({drawing([sign], 500, 60) for sign in signs}) == len(signs)
    assert strokes(" ") == strokes("")


@pytest.mark.parametrize(
    "text", ["ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝÞßæœðđ", "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "ăâîșțőűčďěňřšťůžģķļņāēīū", "€£§°–—„“”’«»…№ﬁ½"]
)
def test_the_letters_of_europe(text: str) -> None:
    unknown = drawing(["?"], 500, 60)
    for sign in text:
        assert drawing([sign], 500, 60) != unknown, sign
    assert drawing(["漢"], 500, 60) == unknown


def test_marks_are_put_on_letters() -> None:
    assert strokes("é") == strokes("e") + 1
    assert strokes("í") == strokes("i"), "the mark stands for the dot"
    assert strokes("ę") == strokes("e") + 1
    assert drawing(["e\N{COMBINING ACUTE ACCENT}"], 500, 60) == drawing(["é"], 500, 60)


@settings(max_examples=50, deadline=None)
@given(
    lines=st.lists(st.text(max_size=80), min_size=1, max_size=4),
    width=st.floats(1, 600),
    height=st.floats(1, 300),
)
def test_no_stroke_leaves_the_frame(lines: list[str], width: float, height: float) -> None:
    for x, y in points(drawing(lines, width, height)):
        assert -0.02 <= x <= width + 0.02
        assert -0.02 <= y <= height + 0.02


def test_long_lines_shrink_and_are_cut_off() -> None:
    assert strokes("x" * 25, 200) == strokes("x" * 25, 2000)
    assert strokes("x" * 400, 200) < strokes("x" * 400, 9000)
