"""What a document looks like without its texts: its shape, by which it is known again.

The tree is written out again by the parser's library, so that layout, comments, encoding and quotes make no difference
and a `<` or `>` always belongs to a tag. Then the repeated elements are cut out: what stands around them is mostly the
same from one document of a sender to the next, and so are they among each other. All of this is done by a few calls for
the whole text, where a walk over the elements would take one or more for each.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from operator import itemgetter
from typing import Any, Final, NamedTuple

from lxml import etree

from billingua.engine.groups import Element, Recipe, Variants

__all__ = [
    "GAP",
    "LONGEST",
    "Gap",
    "Recorded",
    "Run",
    "Shapes",
    "Written",
    "pieces",
    "plain",
    "shape_of",
    "taking",
    "text_of",
    "written",
]

GAP: Final = "?"
"""So begins the tag that stands for elements that were cut out; their name follows."""

Run = list[str | list[str]]
"""Elements that stand beside each other, as texts or in pieces: of each what follows its opening tag, to the end of its
closing one."""


class Written(NamedTuple):
    """A document as text: the pieces of what stands around elements that are cut out, with a gap for each run of them,
    and whether characters are escaped there; and the runs."""

    around: list[str]
    is_escaped: bool
    runs: list[Run]


def text_of(root: Element) -> str:
    """A document as text."""
    return etree.tostring(root, encoding="unicode", with_tail=False)


def written(text: str, names: Sequence[str] = ()) -> Written:
    """The pieces of a document, without the elements of the first of these names (with their prefixes) that can stand
    for themselves.

    Elements with attributes are not cut out, and none are if they stand in each other.
    """
    for name in names:
        if f"<{name} " not in text:
            around, runs = _cut(text.split(f"<{name}>"), f"</{name}>", f"<{GAP}{name}>")
            if runs:
                text = "".join(around)
                return Written(pieces(text), "&" in text, runs)
    return Written(pieces(text), "&" in text, [])


def _cut(parts: list[str], closing: str, gap: str) -> tuple[list[str], list[Run]]:
    """What stands around repeated elements, with gaps, and the runs of these; nothing if they stand in each other."""
    around = [parts[0], gap]
    runs: list[Run] = [[]]
    for part in parts[1:]:
        if part.endswith(closing):
            runs[-1].append(part)
            continue
        inside, end, rest = part.partition(closing)
        if not end:
            return [], []
        runs[-1].append(inside + end)
        around += (rest, gap)
        runs.append([])
    return around[:-1], runs[:-1]


def pieces(text: str) -> list[str]:
    """The texts (first, third, ...) and the tags between them (second, fourth, ...); at the end stands one more ""."""
    found = text.replace("<", ">").split(">") if len(text) < _LARGE else list(_cut_out(text))
    found.append("")
    return found


_LARGE: Final = 5_000_000
"""Of a text of so many characters no copy is made, which would be quicker."""


def _cut_out(text: str) -> Iterator[str]:
    start = 0
    for bound in cycle("<>"):
        end = text.find(bound, start)
        if end < 0:
            yield text[start:]
            return
        yield text[start:end]
        start = end + 1


def shape_of(found: Sequence[str]) -> str:
    """The tags among pieces: `cbc:ID schemeID="0088"`, `/cbc:ID`, `cbc:Note/`, `?cac:InvoiceLine`."""
    return _BETWEEN.join(found[1:-1:2])


_BETWEEN: Final = ">"


def taking(places: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """How to take the pieces at these places, however few there are."""
    if len(places) > 1:
        return itemgetter(*places)
    (only,) = places
    return lambda found: (found[only],)


class Gap(NamedTuple):
    """A place where elements were cut out: the element around it, their tag, where the walk stands in one of them, and
    the shapes that were seen there (None where nothing is looked for). `names` tell what tags mean there, `outside` are
    the tags of the elements around, the nearest first."""

    around: int
    tag: str
    state: Any
    shapes: "Shapes | None"
    names: Any
    outside: tuple[str, ...]


class Recorded(NamedTuple):
    """What a walk has found out of a shape: its recipe and the variants of it, how to take its texts from pieces, the
    gaps in it, the values of its attributes. `gaps` is None if they must not be there. `uses` are the prefixes in it
    and the namespaces that they name around it."""

    recipe: Recipe
    variants: Variants
    take: Callable[[Sequence[str]], tuple[str, ...]]
    gaps: tuple[Gap, ...] | None
    uses: tuple[tuple[str, str | None], ...]
    fitting: list[Mapping[str, str]]
    """The namespaces that were last seen to be those."""
    values: tuple[str, ...] = ()

    def fits(self, uris: Mapping[str, str]) -> bool:
        """Whether these namespaces by prefix are the same, as far as they are used."""
        if self.fitting[0] is uris:
            return True
        if any(uris.get(prefix) != uri for prefix, uri in self.uses):
            return False
        self.fitting[0] = uris
        return True

    def texts(self, found: Sequence[str], escaped: bool) -> tuple[str | None, ...]:
        """The texts at the places of the recipe and None, from pieces in which characters may be escaped."""
        texts = self.take(found)
        if self.recipe.mixed:
            together = list(texts)
            for place, start, stop in self.recipe.mixed:
                together[place] = "".join(found[start:stop:2])
            texts = tuple(together)
        if escaped:
            texts = tuple([plain(text) if "&" in text else text for text in texts])
        return texts + self.values + _ABSENT


class Shapes:
    """The shapes that were seen in one kind of place.

    The values of attributes are looked at only where a shape comes for the first time with them: there may be as many
    as there are elements, so that the recipe is kept for the shape without them.
    """

    def __init__(self, limit: int) -> None:
        self.known: dict[str, Recorded] = {}
        self._limit = limit
        self._plain: dict[str, Recorded] = {}

    @property
    def is_full(self) -> bool:
        """Whether the next new shape makes all others be forgotten."""
        return len(self._plain) >= self._limit

    def find(self, shape: str, uris: Mapping[str, str], record: Callable[[list[str]], Recorded]) -> Recorded:
        """What there is to know of a shape, where prefixes name these namespaces; `record` walks its tags, without the
        values of their attributes, if it is not known yet."""
        known = self.known.get(shape)
        return known if known is not None and known.fits(uris) else self._learn(shape, uris, record)

    def _learn(self, shape: str, uris: Mapping[str, str], record: Callable[[list[str]], Recorded]) -> Recorded:
        tags, values = _apart(shape)
        without = _BETWEEN.join(tags)
        found = self._plain.get(without)
        if found is None or not found.fits(uris):
            found = record(tags)
            if len(shape) > LONGEST:
                return found._replace(values=values)
            if len(self._plain) >= self._limit:
                self._plain, self.known = {}, {}
            self._plain[without] = found
        if len(self.known) >= self._limit * _VALUES:
            self.known = {}
        made = self.known[shape] = found._replace(values=values)
        return made


def _apart(shape: str) -> tuple[list[str], tuple[str, ...]]:
    """The tags of a shape without the values of their attributes, and these."""
    tags, values = shape.split(_BETWEEN), []
    for at, tag in enumerate(tags):
        if '"' not in tag:
            continue
        if " xmlns" in tag:
            values += [found[2] for found in _VALUE.finditer(tag)]
            tags[at] = _VALUE.sub(r'\1=""', tag)
        else:
            pieces = tag.split('"')
            values += pieces[1::2]
            tags[at] = '""'.join(pieces[::2])
    return tags, tuple([plain(value) for value in values])


_ABSENT: Final = (None,)
"""The last of the texts, at the place `ABSENT`: what an attribute says that is not there."""

LONGEST: Final = 200_000
"""Shapes of so many characters are remembered."""

_VALUES: Final = 4
"""With so many combinations of values as many shapes as may be remembered."""

_VALUE: Final = re.compile(r'(?<= )(?!xmlns[:=])([^ ="<>]+)="([^"]*)"')
_ESCAPED: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))
_NUMBERED: Final = r"&#(?:x([0-9A-Fa-f]+)|([0-9]+));"


def plain(text: str) -> str:
    """A text with its escaped characters as they are meant."""
    if "&" not in text:
        return text
    if "&#" in text:
        text = re.sub(_NUMBERED, lambda found: chr(int(found[1], 16) if found[1] else int(found[2])), text)
    for escaped, plain in _ESCAPED:
        text = text.replace(escaped, plain)
    return text
