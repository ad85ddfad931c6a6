"""What a walk finds: the groups of a document, the subtrees they stand in, and the terms of each.

A place is a number within a subtree: first its elements in document order, then the attributes that a row names.
Subtrees of one shape share a recipe, which tells for every place what it is; so only the texts are kept of each. Its
elements are found again when somebody asks for one: those of ten thousand lines would crowd the memory, and most rules
ask for texts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from lxml import etree

__all__ = [
    "ROOT",
    "Closing",
    "Condition",
    "Element",
    "Group",
    "Located",
    "Made",
    "Recipe",
    "Root",
    "Subtree",
    "first_texts",
    "part_of",
    "shapes",
]

ROOT = "BG-0"
"""The group of the root element: the document itself."""

Element = etree._Element
Condition = Callable[["Group"], bool]
Places = tuple[int, ...]

_NO_GROUPS: Final[dict[str, list["Group"]]] = {}
"""Shared by all groups that have none inside; never written to."""


class Made(NamedTuple):
    """One group of a recipe: `at` is the place of its element, `parent` the number of the made one around it."""

    kind: str
    at: int
    parent: int | None
    held: bool
    anywhere: bool
    terms: dict[str, Places]


class Closing(NamedTuple):
    """What happens when the made group of a number is finished: it is of the first kind whose condition holds.

    `plain` is its kind if nothing is left open: no condition decides, not even one of a group around it.
    """

    number: int
    plain: str
    kinds: tuple[tuple[str, Condition | None], ...]
    anywhere: bool


class Recipe:
    """What a subtree of a certain shape yields: its groups, in the order they open and in the order they close, what
    it adds to the root group, and where the texts of elements inside have to be put together.

    `tags` are those of the elements, `parents` the places around them (-1 where nothing was looked for); `attributes`
    is the place of each attribute that rows name, by the place of its element and its name; `root_attributes` those of
    a term, as the places of the element and of the attribute. `answers` is for rule sets: what they make of the shape
    alone, by whatever key they choose.
    """

    __slots__ = (
        "_children",
        "answers",
        "attributes",
        "closing",
        "groups",
        "mixed",
        "parents",
        "root_attributes",
        "root_terms",
        "tags",
    )

    def __init__(
        self,
        tags: Sequence[str],
        parents: Sequence[int],
        attributes: Mapping[tuple[int, str], int],
        groups: list[Made],
        closing: list[Closing],
        root_terms: Mapping[str, Places],
        root_attributes: Mapping[str, tuple[tuple[int, int], ...]],
        mixed: list[int],
    ) -> None:
        self.tags = tags
        self.parents = parents
        self.attributes = attributes
        self.groups = groups
        self.closing = closing
        self.root_terms = root_terms
        self.root_attributes = root_attributes
        self.mixed = mixed
        self.answers: dict[object, Any] = {}
        self._children: defaultdict[int, list[int]] = defaultdict(list)
        for at, around in enumerate(parents):
            if at:
                self._children[around].append(at)

    def above(self, place: int, levels: int) -> int | None:
        """The element so many levels above the one at a place; None where that stands around the subtree."""
        for _ in range(levels):
            if not place:
                return None
            place = self.parents[place]
        return place

    def below(self, place: int, tags: Iterable[str]) -> list[int]:
        """The elements that a path of tags leads to from the one at a place."""
        found = [place]
        for tag in tags:
            found = [at for around in found for at in self._children.get(around, ()) if self.tags[at] == tag]
        return found


class Subtree:
    """One occurrence of a recipe: its own element, and the texts at its places ("" for an element without any, None for
    an attribute that is not there)."""

    __slots__ = ("_recipe", "element", "kept", "texts")

    def __init__(
        self, recipe: Recipe | None, element: Element, texts: Sequence[Any], elements: Sequence[Element] | None
    ) -> None:
        self._recipe = recipe
        self.kept = elements
        self.element = element
        self.texts = texts

    @property
    def elements(self) -> Sequence[Element]:
        """Its elements in document order."""
        if self.kept is None:
            self.kept = list(self.element.iter())
        return self.kept

    def around(self, place: int) -> Element:
        """The element around the one at a place inside."""
        around = 0 if self._recipe is None else self._recipe.parents[place]
        return self.elements[around] if around else self.element

    def attribute(self, place: int, name: str) -> str | None:
        """An attribute of the element at a place."""
        known = None if self._recipe is None else self._recipe.attributes.get((place, name))
        if known is None:
            return self.elements[place].get(name)
        value: str | None = self.texts[known]
        return value


class Group:
    """One occurrence of a group: its element, the terms found in it, and the groups inside it.

    `terms` tells for each term that is there its places in the subtree; groups of subtrees of one shape share it.
    `held` groups wait for a condition (their own or that of a group around them) to be known; `astray` ones were found
    by a row that searches anywhere, or stand in such a group.
    """

    __slots__ = ("astray", "at", "groups", "held", "kind", "parent", "subtree", "terms")

    def __init__(
        self,
        kind: str,
        at: int,
        parent: "Group | None",
        subtree: Subtree,
        terms: Mapping[str, Sequence[int]],
        held: bool = False,
        astray: bool = False,
    ) -> None:
        self.kind = kind
        self.at = at
        self.parent = parent
        self.subtree = subtree
        self.terms = terms
        self.held = held
        self.astray = astray
        self.groups = _NO_GROUPS

    @property
    def element(self) -> Element:
        """Its own element."""
        subtree = self.subtree
        return (subtree.kept or subtree.elements)[self.at] if self.at else subtree.element

    def all(self, term: str) -> Sequence[Element]:
        """Every element of a term, in document order."""
        places = self.terms.get(term)
        if places is None:
            return ()
        elements = self.subtree.kept or self.subtree.elements
        return [elements[place] for place in places]

    def first(self, term: str) -> Element | None:
        """The first element of a term, or None."""
        places = self.terms.get(term)
        if places is None:
            return None
        subtree = self.subtree
        return (subtree.kept or subtree.elements)[places[0]]

    def has(self, term: str) -> bool:
        """Whether the term stands in the document at all, even empty."""
        return term in self.terms

    def text(self, term: str) -> str:
        """The text of the first element of a term as it stands; "" when there is none."""
        places = self.terms.get(term)
        return "" if places is None else self.subtree.texts[places[0]]

    def texts(self, term: str) -> list[str]:
        """The texts of all elements of a term."""
        places, texts = self.terms.get(term), self.subtree.texts
        return [] if places is None else [texts[place] for place in places]

    def attributes(self, term: str, name: str) -> list[str | None]:
        """An attribute of all elements of a term; None for those that do not have it."""
        return [self.subtree.attribute(place, name) for place in self.terms.get(term, ())]

    def around(self) -> Element | None:
        """The element around its own."""
        subtree, at = self.subtree, self.at
        return subtree.element.getparent() if not at else subtree.around(at)

    def children(self, kind: str) -> list["Group"]:
        """The groups of a kind directly inside this one."""
        return self.groups.get(kind) or []

    def take(self, group: "Group") -> None:
        """Keep a finished group among those inside."""
        kind = group.kind
        if self.groups is _NO_GROUPS:
            self.groups = {kind: [group]}
        elif kind in self.groups:
            self.groups[kind].append(group)
        else:
            self.groups[kind] = [group]


def part_of(group: Group, kind: str, terms: Mapping[str, Element]) -> Group:
    """A group of its own for some elements of another one, for a rule that is asked there several times."""
    elements = (group.element, *terms.values())
    places = {term: (place,) for place, term in enumerate(terms, 1)}
    return Group(kind, 0, group, _alone(elements), places)


def _alone(elements: Sequence[Element]) -> Subtree:
    return Subtree(None, elements[0], [element.text or "" for element in elements], elements)


def shapes(groups: Iterable[Group]) -> list[list[Group]]:
    """The groups by their terms: those together that subtrees of one shape hold at one place."""
    alike: defaultdict[int, list[Group]] = defaultdict(list)
    for group in groups:
        alike[id(group.terms)].append(group)
    return list(alike.values())


def first_texts(alike: Sequence[Group], term: str) -> set[str]:
    """What groups of one shape say first of a term; "" where there is none."""
    places = alike[0].terms.get(term)
    if places is None:
        return {""}
    place = places[0]
    return {group.subtree.texts[place] for group in alike}


class Root(Group):
    """The group of the document itself. Its terms are those that stand in no subtree (`own`, or `having` where they are
    attributes: the elements that have them) and those that the subtrees add (`repeated`)."""

    __slots__ = ("_columns", "_found", "having", "own", "repeated")

    def __init__(self, element: Element, astray: bool) -> None:
        self.own: defaultdict[str, list[Element]] = defaultdict(list)
        self.having: defaultdict[str, list[Element]] = defaultdict(list)
        self.repeated: defaultdict[Recipe, list[Subtree]] = defaultdict(list)
        self._columns: dict[str, list[tuple[Places, list[Subtree]]]] = {}
        self._found: dict[str, list[Element]] = {}
        super().__init__(
            ROOT, 0, None, _alone([element]), cast("Mapping[str, Sequence[int]]", self._columns), False, astray
        )

    def take_alone(self, recipe: Recipe, subtree: Subtree) -> None:
        """Enter what a subtree adds as if it stood in none."""
        for term, places in recipe.root_terms.items():
            self.own[term] += [subtree.elements[place] for place in places]
        for term, pairs in recipe.root_attributes.items():
            having = [subtree.elements[holder] for holder, place in pairs if subtree.texts[place] is not None]
            if having:
                self.having[term] += having

    def settle(self) -> None:
        """Note where the subtrees have each term, when all is found: its places, and all that have it there."""
        columns = self._columns
        columns.update((term, []) for term in self.own)
        for recipe, alike in self.repeated.items():
            for term, places in recipe.root_terms.items():
                if term in columns:
                    columns[term].append((places, alike))
                else:
                    columns[term] = [(places, alike)]

    def all(self, term: str) -> Sequence[Element]:
        found = self._found.get(term)
        if found is None:
            if term not in self._columns:
                return ()
            found = self._found[term] = list(self.own.get(term, ()))
            for places, alike in self._columns[term]:
                found += [subtree.elements[place] for place in places for subtree in alike]
        return found

    def first(self, term: str) -> Element | None:
        if term in self.own:
            return self.own[term][0]
        for places, alike in self._columns.get(term, ()):
            return alike[0].elements[places[0]]
        return None

    def text(self, term: str) -> str:
        if term in self.own:
            return self.own[term][0].text or ""
        for places, alike in self._columns.get(term, ()):
            text: str = alike[0].texts[places[0]]
            return text
        return ""

    def count(self, term: str) -> int:
        """How often the term is there."""
        own = len(self.own[term]) if term in self.own else 0
        return own + sum([len(places) * len(alike) for places, alike in self._columns.get(term, ())])

    def texts(self, term: str) -> list[str]:
        if term not in self._columns:
            return []
        texts = [one.text or "" for one in self.own[term]] if term in self.own else []
        for places, alike in self._columns[term]:
            texts += [subtree.texts[place] for place in places for subtree in alike]
        return texts

    def attributes(self, term: str, name: str) -> list[str | None]:
        values = [one.get(name) for one in self.own.get(term, ())]
        for places, alike in self._columns.get(term, ()):
            values += [subtree.attribute(place, name) for place in places for subtree in alike]
        return values

    def with_attribute(self, term: str) -> list[Element]:
        """The elements that have the attribute that a term is."""
        found = list(self.having.get(term, ()))
        for recipe, alike in self.repeated.items():
            for holder, place in recipe.root_attributes.get(term, ()):
                found += [subtree.elements[holder] for subtree in alike if subtree.texts[place] is not None]
        return found


class Located:
    """Everything a walk found: the root group, and all groups by kind in document order."""

    __slots__ = ("groups", "root")

    def __init__(self, root: Root) -> None:
        self.root = root
        self.groups: defaultdict[str, list[Group]] = defaultdict(list)
        if not root.astray:
            self.groups[ROOT] = [root]

    def all(self, kind: str) -> list[Group]:
        """Every group of a kind in the document."""
        return self.groups.get(kind) or []

    def release(self) -> None:
        """Part the groups from those inside them, so that they and the document go as soon as nobody needs them.

        A group knows the one around it and is known by it: without this, only the garbage collector could tell.
        """
        for groups in self.groups.values():
            for group in groups:
                group.groups = _NO_GROUPS
        self.root.groups = _NO_GROUPS
