"""A document that was walked: its root group, and the groups of each kind in all of its subtrees."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Final, NamedTuple, TypeVar

from billingua.engine.groups import (
    ROOT,
    UNTOLD,
    Alone,
    Element,
    Group,
    NotTold,
    Places,
    Recipe,
    Subtree,
    Variant,
    trial_of,
)
from billingua.engine.shape import GAP
from billingua.engine.xml import tag_of

__all__ = ["Located", "Part", "Root", "in_common"]

Answer = TypeVar("Answer")


class Part(NamedTuple):
    """A variant, and all subtrees of it in document order."""

    variant: Variant
    alike: list[Subtree]


class _Terms(Mapping[str, list[tuple[Places, list[Subtree]]]]):
    """Where the subtrees of a document have each term: the places, and all subtrees that have it there."""

    def __init__(self, parts: Mapping[Recipe, list[Subtree]]) -> None:
        self._parts = parts

    def __getitem__(self, term: str) -> list[tuple[Places, list[Subtree]]]:
        return [(recipe.root_terms[term], alike) for recipe, alike in self._parts.items() if term in recipe.root_terms]

    def __contains__(self, term: object) -> bool:
        for recipe in self._parts:  # noqa: SIM110 - asked very often
            if term in recipe.root_terms:
                return True
        return False

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(chain.from_iterable([recipe.root_terms for recipe in self._parts])))

    def __len__(self) -> int:
        return len(list(iter(self)))


_NO_TERMS: Final = _Terms({})

_NOTHING: Final = Alone(())
"""No subtree is that of the document as a whole."""


class Root(Group):
    """The group of the document itself. Its terms are those that its subtrees add.

    `parts` are the recipes of the document, first that of what stands around the repeated elements, each with its
    subtrees.
    """

    __slots__ = ("_columns", "_found", "located", "parts")

    def __init__(self, located: "Located", astray: bool) -> None:
        self.located = located
        self.parts: list[tuple[Recipe, list[Subtree]]] = []
        self._found: dict[str, list[Element]] = {}
        self._columns = _NO_TERMS
        super().__init__(ROOT, 0, None, _NOTHING, {}, astray)

    def settle(self, parts: Mapping[Recipe, list[Subtree]]) -> None:
        """Enter what was found."""
        self.parts = list(parts.items())
        self.terms = self._columns = _Terms(parts)

    @property
    def element(self) -> Element:
        return self.located.element

    @property
    def tag(self) -> str:
        return tag_of(self.located.element)

    def around(self) -> Element | None:
        return self.located.element.getparent()

    @property
    def groups(self) -> dict[str, list[Group]]:
        kinds = dict.fromkeys(chain.from_iterable(variant.top for variant, _ in self.located.parts))
        return {kind: self.children(kind) for kind in kinds}

    def children(self, kind: str) -> list[Group]:
        parts = self.located.parts
        return self.located.gathered([(alike, variant.top[kind]) for variant, alike in parts if kind in variant.top])

    def all(self, term: str) -> Sequence[Element]:
        found = self._found.get(term)
        if found is None:
            if term not in self.terms:
                return ()
            found = self._found[term] = [subtree.elements[place] for subtree, place in self._in_order(term)]
        return found

    def _in_order(self, term: str) -> list[tuple[Subtree, int]]:
        """Where the term is, in document order."""
        columns = self._columns[term]
        found = [(subtree, place) for places, alike in columns for subtree in alike for place in places]
        return sorted(found, key=self.located.order) if len(columns) > 1 else found

    def first(self, term: str) -> Element | None:
        found = self.all(term)
        return found[0] if found else None

    def text(self, term: str) -> str:
        found = ""
        are_several = False
        for recipe, alike in self.parts:
            places = recipe.root_terms.get(term)
            if places is not None:
                if are_several:
                    return self.texts(term)[0]
                found, are_several = alike[0].texts[places[0]], True
        return found

    def count(self, term: str) -> int:
        """How often the term is there."""
        return sum([len(places) * len(alike) for places, alike in self._columns[term]])

    def texts(self, term: str) -> list[str]:
        return [subtree.texts[place] for subtree, place in self._in_order(term)]

    def attributes(self, term: str, name: str) -> list[str | None]:
        return [subtree.attribute(place, name) for subtree, place in self._in_order(term)]

    def have_attribute(self, term: str, name: str) -> list[bool]:
        return [value is not None for value in self.attributes(term, name)]


class Located:
    """Everything a walk found: the root group, and all groups by kind in document order.

    `parts` are its subtrees by their variants, first what stands around the elements that were cut out; `around_parts`
    is the place there that is around each of those. `tags` are those of what stands around, with gaps, and `runs` how
    many elements there are in each gap. `answers` is for rule sets: what they make of its variants alone, as documents
    have them in common.
    """

    __slots__ = (
        "_elements",
        "_known",
        "_only",
        "_order",
        "answers",
        "around_parts",
        "element",
        "parts",
        "root",
        "runs",
        "tags",
    )

    def __init__(self, element: Element, astray: bool) -> None:
        self.element = element
        self.answers: dict[object, Any] = {}
        self.parts: list[Part] = []
        self.around_parts: list[int] = []
        self.tags: Sequence[str] = ()
        self.runs: list[int] = []
        self.root = Root(self, astray)
        self._known: dict[str, list[Group]] = {}
        self._only: dict[str, Group | None] = {}
        self._order: tuple[list[int], list[int]] | None = None
        self._elements: tuple[list[Element], list[Element]] | None = None

    def settle(self, parts: Mapping[Variant, list[Subtree]]) -> None:
        """Enter what was found: subtrees of several variants of a recipe are put in document order."""
        self.parts = [Part(*one) for one in parts.items()]
        found: dict[Recipe, list[list[Subtree]]] = {}
        for variant, alike in parts.items():
            found.setdefault(variant.recipe, []).append(alike)
        self.root.settle({recipe: _together(several) for recipe, several in found.items()})

    def all(self, kind: str) -> list[Group]:
        """Every group of a kind in the document."""
        known = self._known.get(kind)
        if known is None:
            known = self._known[kind] = self._all(kind)
        return known

    def _all(self, kind: str) -> list[Group]:
        if kind == ROOT:
            return [] if self.root.astray else [self.root]
        return self.gathered([(alike, variant.found[kind]) for variant, alike in self.parts if kind in variant.found])

    def only_one_with(self, term: str) -> Group | None:
        """The group that has a term, if that is the only one; the document itself is one of them."""
        if term not in self._only:
            self._only[term] = self._only_one(term)
        return self._only[term]

    def _only_one(self, term: str) -> Group | None:
        found: list[Group] = [self.root] if not self.root.astray and term in self.root.terms else []
        for variant, alike in self.parts:
            for numbers in variant.found.values():
                for number in numbers:
                    if term in variant.recipe.groups[number].terms:
                        found += [subtree.group(number) for subtree in alike[:2]]
                        if len(found) > 1:
                            return None
        return found[0] if found else None

    def gathered(self, columns: Sequence[tuple[list[Subtree], Sequence[int]]]) -> list[Group]:
        """The groups of these numbers in these subtrees, in document order as far as subtrees are repeated."""
        groups = [subtree.group(number) for alike, numbers in columns for subtree in alike for number in numbers]
        if len(columns) > 1:
            groups.sort(key=_number)
        return groups

    def kinds(self) -> list[str]:
        """The kinds of groups in the document."""
        root = [] if self.root.astray else [ROOT]
        return list(dict.fromkeys([*root, *chain.from_iterable(variant.found for variant, _ in self.parts)]))

    def has(self, kind: str) -> bool:
        """Whether a group of the kind is in the document."""
        return any(kind in variant.found for variant, _ in self.parts)

    def elements_of(self, subtree: Subtree) -> Sequence[Element]:
        """The elements of a subtree; texts that were put together are put into them."""
        if self._elements is None:
            self._elements = _apart(self.element, self.tags, self.runs)
        around, cut_out = self._elements
        elements = around if subtree.number < 0 else list(cut_out[subtree.number].iter())
        for place, _, _ in subtree.recipe.mixed:
            elements[place].text = subtree.texts[place]
        return elements

    def around(self, subtree: Subtree) -> Element | None:
        """The element around a subtree."""
        if subtree.number < 0:
            return self.element.getparent()
        return self.parts[0].alike[0].elements[self.around_parts[subtree.number]]

    def order(self, where: tuple[Subtree, int]) -> tuple[int, int]:
        """By this, elements (their subtree and place) are sorted as in the document."""
        if self._order is None:
            self._order = _order(self.tags, self.runs)
        around, cut_out = self._order
        subtree, place = where
        return (around[place], 0) if subtree.number < 0 else (cut_out[subtree.number], place)

    def place_above(self, subtree: Subtree, place: int, levels: int) -> int | None:
        """The place, in what stands around the elements that were cut out, of the element so many levels above one of
        them; None where that is no part of it."""
        parents = subtree.recipe.parents
        while levels and place >= 0 and (place or subtree.number < 0):
            place, levels = parents[place], levels - 1
        if subtree.number >= 0:
            if not levels:
                return None
            parents = self.parts[0].variant.recipe.parents
            place, levels = self.around_parts[subtree.number], levels - 1
            while levels and place >= 0:
                place, levels = parents[place], levels - 1
        return place if place >= 0 else None

    def release(self) -> None:
        """Part the groups from their subtrees, so that they and the document go as soon as nobody needs them.

        A group knows its subtree and is known by it: without this, only the garbage collector could tell.
        """
        for _, alike in self.parts:
            for subtree in alike:
                subtree.part()
        self.parts = []
        self._known = {}
        self._only = {}
        del self.root


def _together(parts: list[list[Subtree]]) -> list[Subtree]:
    return parts[0] if len(parts) == 1 else sorted(chain.from_iterable(parts), key=_PLACE_IN_RUNS)


class _Some(list[Subtree]):
    """Subtrees of a variant of which nobody is told how many there are: there is a first one."""

    def __getitem__(self, index: Any) -> Any:
        if index != 0:
            raise NotTold(index)
        return super().__getitem__(index)

    def __iter__(self) -> Iterator[Subtree]:
        raise NotTold("all of a variant")

    def __len__(self) -> int:
        raise NotTold("how many of a variant")


def in_common(located: Located, find: Callable[[Located], Answer]) -> Answer:
    """What a function makes of a document that tells of another one only what all documents of its variants have in
    common.

    Raises:
        NotTold: it asks for more.
    """
    trials = [trial_of(alike[0]) for _, alike in located.parts]
    alike = [trials[:1], *(_Some([trial]) for trial in trials[1:])]
    told = Located(UNTOLD, located.root.astray)
    told.tags = told.runs = told.around_parts = UNTOLD
    told.parts = [Part(one[0].variant, one) for one in alike]
    told.root.settle({variant.recipe: alike for variant, alike in reversed(told.parts)})
    try:
        return find(told)
    finally:
        for trial in trials:
            trial.part()
        del told.root


def _number(group: Group) -> int:
    return group.subtree.number


_PLACE_IN_RUNS: Final = attrgetter("number")


def _apart(root: Element, tags: Iterable[str], runs: Iterable[int]) -> tuple[list[Element], list[Element]]:
    """The elements of a document that stand around those that were cut out, and these, in document order."""
    around: list[Element] = []
    cut_out: list[Element] = []
    counts = iter(runs)
    open_ = [iter((root,))]
    for tag in tags:
        if tag[0] == GAP:
            cut_out += islice(open_[-1], next(counts))
        elif tag[0] == "/":
            open_.pop()
        else:
            element = next(open_[-1])
            around.append(element)
            if tag[-1] != "/":
                open_.append(iter(element))
    return around, cut_out


def _order(tags: Iterable[str], runs: Iterable[int]) -> tuple[list[int], list[int]]:
    """Numbers in document order of the elements that stand around those that were cut out, and of these."""
    around: list[int] = []
    cut_out: list[int] = []
    counts = iter(runs)
    number = 0
    for tag in tags:
        if tag[0] == GAP:
            count = next(counts)
            cut_out += range(number, number + count)
            number += count
        elif tag[0] != "/":
            around.append(number)
            number += 1
    return around, cut_out
