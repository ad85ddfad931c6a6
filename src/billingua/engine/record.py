"""How the recipe of a shape is found out: one walk with the automaton that writes down where everything goes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from billingua.engine.automaton import Opening, State
from billingua.engine.groups import Closing, Made, Recipe, Variants
from billingua.engine.shape import GAP, Gap, Recorded, Shapes, taking

__all__ = ["Names", "Recorder"]

_NOT: Final = -1
"""A text is not put together."""

_DEEPEST: Final = 500
"""Elements nested deeper than that are no invoice, and somebody may follow them step by step."""

_NAMES: Final = 20
"""So many ways to name the namespaces of one place are remembered."""

_XML: Final = {"xml": "http://www.w3.org/XML/1998/namespace"}


class _Tag(NamedTuple):
    """An opening tag as it is meant: its tag and those of its attributes in Clark notation, and whether the element is
    empty; what it declares (prefix, namespace) holds inside. `prefixes` are those it uses."""

    tag: str
    attributes: tuple[str, ...]
    is_empty: bool
    declared: tuple[tuple[str, str], ...]
    prefixes: frozenset[str]


_ATTRIBUTE: Final = re.compile(r""" ([^ =]+)=(?:"([^"]*)"|'([^']*)')""")


class Names(dict[str, _Tag]):
    """What tags mean in a place: by the tags as they are written; `uris` are the namespaces by their prefixes."""

    def __init__(self, uris: Mapping[str, str] = _XML) -> None:
        super().__init__()
        self.uris = dict(uris)
        self._inside: dict[tuple[tuple[str, str], ...], Names] = {}

    def __missing__(self, markup: str) -> _Tag:
        name, _, rest = markup.removesuffix("/").partition(" ")
        found = [(one, first or second) for one, first, second in _ATTRIBUTE.findall(f" {rest}")] if rest else []
        declared = [(one[6:], uri) for one, uri in found if one == "xmlns" or one.startswith("xmlns:")]
        uris = {**self.uris, **dict(declared)}
        attributes = [one for one, _ in found if one != "xmlns" and not one.startswith("xmlns:")]
        made = _Tag(
            _meant(name, uris),
            tuple([_meant(one, uris) if ":" in one else one for one in attributes]),
            markup.endswith("/"),
            tuple(declared),
            frozenset([one.rpartition(":")[0] for one in (name, *attributes) if one is name or ":" in one]),
        )
        if len(self) < _TAGS:
            self[markup] = made
        return made

    def inside(self, declared: tuple[tuple[str, str], ...]) -> "Names":
        """What tags mean where more is declared."""
        known = self._inside.get(declared)
        if known is None:
            if len(self._inside) >= _NAMES:
                self._inside.clear()
            known = self._inside[declared] = Names({**self.uris, **dict(declared)})
        return known


_TAGS: Final = 5000
"""So many tags are remembered of one place."""


def _meant(name: str, uris: Mapping[str, str]) -> str:
    prefix, _, local = name.rpartition(":")
    uri = uris.get(prefix, "")
    return f"{{{uri}}}{local}" if uri else local


class Recorder:
    """Walks one subtree and writes down where everything went.

    `names` tell what tags mean around it, `outside` the tags of the elements around it, the nearest first; `telling`
    are terms that say the same few things in all documents; `limit` is how many shapes are remembered at a gap.
    """

    def __init__(
        self,
        telling: frozenset[str],
        names: Names,
        outside: tuple[str, ...] = (),
        limit: int = 0,
    ) -> None:
        self._telling = telling
        self._names = names
        self._outside = outside
        self._limit = limit
        self._tags: list[str] = []
        self._parents: list[int] = []
        self._takes: list[int] = []
        self._attributes: list[tuple[int, str]] = []
        self._opened: list[tuple[Opening, int, int | None, bool]] = []
        self._terms: list[dict[str, list[int]]] = []
        self._root_terms: dict[str, list[int]] = {}
        self._closing: list[int] = []
        self._mixed: list[tuple[int, int, int]] = []
        self._gaps: list[Gap] | None = []
        self._groups: list[dict[str, list[int]]] = [self._root_terms]
        """The terms of the groups that are open."""
        self._numbers: list[int] = [_NOT]
        """Their numbers."""
        self._open: list[tuple[int, State | None, int, Names]] = []
        """Of the elements that are not finished: the place, where the walk stands in it (None: nothing is looked for),
        how many groups were open outside, and the names outside."""
        self._used: set[str] = set()
        self._around = names
        self._together: set[int] = set()
        """The places of elements that have elements inside although no row asks for these: their texts are put
        together."""

    def whole(self, start: State, markups: Sequence[str]) -> Recorded:
        """What a document yields; the walk stands at its root element."""
        self._walk(markups, 1, start)
        return self._recorded()

    def part(self, entered: State, tag: str, markups: Sequence[str]) -> Recorded:
        """What a repeated element yields; the walk stands at it. The tags are those that follow its own."""
        self._tags.append(tag)
        self._parents.append(_NOT)
        self._takes.append(0)
        self._note(entered, 0)
        self._open.append((0, None if entered.closed else entered, 1, self._names))
        self._walk(markups, 1, None)
        return self._recorded()

    def _recorded(self) -> Recorded:
        groups = []
        telling = [place for term, places in self._root_terms.items() if term in self._telling for place in places]
        for (opening, at, parent, held), terms in zip(self._opened, self._terms, strict=True):
            places = {term: tuple(at) for term, at in sorted(terms.items(), key=_is_repeated)}
            groups.append(Made(opening.kinds[0][0], at, parent, held, opening.slot is None, places))
            telling += [place for term in places if term in self._telling for place in places[term]]
        recipe = Recipe(
            tags=self._tags,
            parents=self._parents,
            attributes={named: place for place, named in enumerate(self._attributes, len(self._tags))},
            groups=groups,
            closing=[self._closed(number) for number in self._closing],
            root_terms={term: tuple(places) for term, places in self._root_terms.items()},
            mixed=self._mixed,
            outside=self._outside,
        )
        gaps = None if self._gaps is None else tuple(self._gaps)
        uris = self._around.uris
        uses = tuple([(prefix, uris.get(prefix)) for prefix in self._used])
        return Recorded(recipe, Variants(recipe, telling), taking(self._takes), gaps, uses, [uris])

    def _closed(self, number: int) -> Closing:
        opening = self._opened[number][0]
        return Closing(number, opening.kinds, opening.slot is None)

    def _walk(self, markups: Sequence[str], piece: int, start: State | None) -> None:
        """Follow the tags, of which the first is that piece; at the root element the walk stands at `start`."""
        tags, parents, takes, open_, used = self._tags, self._parents, self._takes, self._open, self._used
        for at, markup in zip(range(piece, piece + 2 * len(markups), 2), markups, strict=True):
            if markup[0] == GAP:
                self._leave_out(self._names[markup[1:]].tag)
                continue
            if markup[0] == "/":
                self._leave(at)
                continue
            names, place = self._names, len(tags)
            tag, attributes, is_empty, declared, prefixes = names[markup]
            used |= prefixes
            entered, around = start, _NOT
            if open_:
                around, state, _, _ = open_[-1]
                entered = None
                if state is not None:
                    entered = state[tag]
                    if state.is_text:
                        self._together.add(around)
            tags.append(tag)
            parents.append(around)
            takes.append(_NOT if is_empty else at + 1)
            if attributes:
                self._attributes += [(place, one) for one in attributes]
            if declared:
                self._names = names.inside(declared)
            outside = len(self._numbers)
            if entered is not None:
                self._note(entered, place)
                if entered.closed:
                    entered = None
            open_.append((place, entered, outside, names))
            if len(open_) > _DEEPEST:
                raise RecursionError
            if is_empty:
                self._leave(at)

    def _note(self, entered: State, place: int) -> None:
        """Open the groups and enter the terms of an element."""
        if entered.opens:
            self._open_groups(entered.opens, place)
        groups = self._groups
        for slot, term in entered.terms:
            terms = groups[slot]
            if term in terms:
                terms[term].append(place)
            else:
                terms[term] = [place]

    def _open_groups(self, openings: Iterable[Opening], place: int) -> None:
        innermost = self._numbers[-1]
        for opening in openings:
            parent = innermost if opening.slot is None else self._numbers[opening.slot]
            around_held = parent != _NOT and self._opened[parent][3]
            held = opening.held or (opening.slot is not None and around_held)
            self._numbers.append(len(self._opened))
            self._opened.append((opening, place, None if parent == _NOT else parent, held))
            terms: dict[str, list[int]] = {}
            self._terms.append(terms)
            self._groups.append(terms)

    def _leave(self, at: int) -> None:
        place, _, outside, self._names = self._open.pop()
        if place in self._together:
            self._mixed.append((place, self._takes[place], at))
        if len(self._numbers) > outside:
            self._closing += self._numbers[outside:]
            del self._numbers[outside:], self._groups[outside:]

    def _leave_out(self, tag: str) -> None:
        """A gap: what stands there is walked apart, unless it belongs to a group or to a text that is put together."""
        place, state, *_ = self._open[-1]
        is_text = state is not None and state.is_text
        if len(self._groups) > 1 or is_text or any(one[0] in self._together for one in self._open):
            self._gaps = None
        if self._gaps is None:
            return
        entered = None if state is None else state[tag]
        if entered is None or entered.closed:
            self._gaps.append(Gap(place, tag, None, None, self._names, ()))
            return
        outside = tuple([self._tags[at] for at, *_ in reversed(self._open)])
        if outside not in entered.shapes and len(entered.shapes) >= _NAMES:
            entered.shapes.clear()
        shapes = entered.shapes.setdefault(outside, Shapes(self._limit))
        self._gaps.append(Gap(place, tag, entered, shapes, self._names, outside))


def _is_repeated(item: tuple[str, list[int]]) -> bool:
    return len(item[1]) > 1
