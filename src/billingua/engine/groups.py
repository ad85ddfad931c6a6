"""What a walk finds: the groups of a document, the parts they stand in, and the terms of each.

A document is its repeated elements (mostly invoice lines) and what stands around them: each of these is a subtree. A
place is a number within a subtree: first its elements in document order, then their attributes. Subtrees of one shape
share a recipe, which tells for every place what it is; so only the texts are kept of each. Groups and elements are made
when somebody asks for one: those of ten thousand lines would crowd the memory, and most rules ask for texts.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from lxml import etree

__all__ = [
    "ABSENT",
    "ROOT",
    "UNTOLD",
    "Alone",
    "Closing",
    "Condition",
    "Element",
    "Found",
    "Group",
    "Made",
    "NotTold",
    "Recipe",
    "Subtree",
    "Variant",
    "Variants",
    "of_variant",
    "part_of",
    "trial_of",
]

ROOT = "BG-0"
"""The group of the root element: the document itself."""

Element = etree._Element
Condition = Callable[["Group"], bool]
Places = tuple[int, ...]

ABSENT: Final = -1
"""The place of an attribute that is not there: its text is None in every subtree."""

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
    """What happens when the made group of a number is finished: it is of the first kind whose condition holds."""

    number: int
    kinds: tuple[tuple[str, Condition | None], ...]
    anywhere: bool


class Recipe:
    """What a subtree of a certain shape yields: its groups, in the order they open and in the order they close, what
    it adds to the root group, and where the texts of elements inside have to be put together.

    `tags` are those of the elements, `parents` the places around them (-1 for the first); `attributes` is the place of
    each attribute by the place of its element and its name. `mixed` are the places of elements without rows that have
    elements inside, with the pieces between which their text stands. `outside` are the tags of the elements around it,
    the nearest first. `answers` is for rule sets: what they make of the shape alone, by whatever key they choose.
    """

    __slots__ = (
        "_children",
        "answers",
        "attributes",
        "closing",
        "groups",
        "mixed",
        "outside",
        "parents",
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
        mixed: Sequence[tuple[int, int, int]] = (),
        outside: Sequence[str] = (),
    ) -> None:
        self.tags = tags
        self.parents = parents
        self.attributes = attributes
        self.groups = groups
        self.closing = closing
        self.root_terms = root_terms
        self.mixed = mixed
        self.outside = outside
        self.answers: dict[object, Any] = {}
        self._children: defaultdict[tuple[int, str], list[int]] | None = None

    def is_astray(self, number: int) -> bool:
        """Whether a group was found by a row that searches anywhere, or stands in such a group."""
        made = self.groups[number]
        return made.anywhere or (made.parent is not None and self.is_astray(made.parent))

    def tag_above(self, place: int, levels: int = 1) -> str:
        """The tag of the element so many levels above the one at a place, even around the subtree; "" if there is
        none."""
        while levels and place:
            place, levels = self.parents[place], levels - 1
        if not levels:
            return self.tags[place]
        return self.outside[levels - 1] if levels <= len(self.outside) else ""

    def above(self, place: int, levels: int) -> int | None:
        """The element so many levels above the one at a place; None where that stands around the subtree."""
        for _ in range(levels):
            if not place:
                return None
            place = self.parents[place]
        return place

    def below(self, place: int, tags: Iterable[str]) -> list[int]:
        """The elements that a path of tags leads to from the one at a place."""
        children = self._children
        if children is None:
            children = self._children = defaultdict(list)
            for at, around in enumerate(self.parents):
                children[around, self.tags[at]].append(at)
        found = [place]
        for tag in tags:
            found = [at for around in found for at in children.get((around, tag), ())]
        return found


class Variant:
    """A recipe with the texts that decide on its groups: which of them are there, and of which kind.

    `kinds` is the kind of each made group ("" if no condition held), `inside` the numbers of those in it by kind, `top`
    of those in none; `found` all those that count, by kind. `answers` is for rule sets, as in a recipe.
    """

    __slots__ = ("_in_place", "answers", "found", "inside", "is_common", "kinds", "recipe", "telling", "top")

    def __init__(self, recipe: Recipe, texts: Sequence[Any], is_common: bool) -> None:
        self.recipe = recipe
        self.is_common = is_common
        self.telling: frozenset[int] = frozenset()
        self.answers: dict[object, Any] = {}
        self.kinds = [made.kind for made in recipe.groups]
        self.inside: list[dict[str, list[int]]] = [{} for _ in recipe.groups]
        self.top: dict[str, list[int]] = {}
        self.found: dict[str, list[int]] = {}
        self._in_place: dict[str, list[int]] = {}
        trial = Subtree(self, texts, _NOWHERE)
        for number, kinds, anywhere in recipe.closing:
            for kind, condition in kinds:
                if condition is None or condition(trial.group(number)):
                    self._keep(number, kind, anywhere)
                    break
            else:
                self.kinds[number] = ""
        trial.part()

    def in_place(self, kind: str) -> list[int]:
        """The numbers of the groups of a kind that stand where the format has them, not just anywhere."""
        found = self._in_place.get(kind)
        if found is None:
            numbers = self.found.get(kind, ())
            found = self._in_place[kind] = [one for one in numbers if not self.recipe.is_astray(one)]
        return found

    def _keep(self, number: int, kind: str, anywhere: bool) -> None:
        """Enter a finished group in the one around it, and among all of its kind once that is sure to be there."""
        self.kinds[number] = kind
        parent = self.recipe.groups[number].parent
        beside = self.top if parent is None else self.inside[parent]
        beside.setdefault(kind, []).append(number)
        if anywhere or parent is None or not self.recipe.groups[parent].held:
            self._register(number)

    def _register(self, number: int) -> None:
        self.found.setdefault(self.kinds[number], []).append(number)
        if self.recipe.groups[number].held:
            for numbers in self.inside[number].values():
                for one in numbers:
                    if self.recipe.groups[one].held:
                        self._register(one)


_VARIANTS: Final = 100
"""So many variants are remembered of a recipe. Where there are more, its texts do not tell much."""

_MISSED: Final = 20 * _VARIANTS
"""When so many others came, those that are remembered are forgotten."""


_Decide = Callable[[Sequence[Any]], Any]


def _by(places: Iterable[int]) -> _Decide:
    """How to take the texts at these places."""
    return itemgetter(*places) if places else _nothing


def _nothing(_: Sequence[Any]) -> None:
    """No text decides."""


class _Noted(list[Any]):
    """Texts that note which of them were asked for."""

    def __init__(self, texts: Sequence[Any]) -> None:
        super().__init__(texts)
        self.places: set[int] = set()

    def __getitem__(self, place: Any) -> Any:
        self.places.add(place)
        return super().__getitem__(place)


class Variants:
    """The variants of a recipe: `telling` are the places whose texts decide what the groups are, and such as say the
    same few things in all documents."""

    __slots__ = ("_known", "_missed", "recipe", "telling")

    def __init__(self, recipe: Recipe, telling: Iterable[int] = ()) -> None:
        self.recipe = recipe
        self.telling = frozenset(telling)
        self._missed = 0
        self._known: tuple[_Decide, dict[Any, Variant]] = _by(self.telling), {}

    def of(self, texts: Sequence[Any]) -> "Variant":
        """What subtrees of this shape are that say the same at the telling places."""
        decide, variants = self._known
        found = variants.get(decide(texts))
        return found if found is not None else self._new(texts)

    def _new(self, texts: Sequence[Any]) -> "Variant":
        noted = _Noted(texts)
        decide, variants = self._known
        if len(variants) >= _VARIANTS:
            self._missed += 1
            if self._missed > _MISSED:
                self._missed = 0
                decide, variants = self._known = decide, {}
        made = Variant(self.recipe, noted, is_common=len(variants) < _VARIANTS)
        telling = made.telling = self.telling | noted.places
        if telling != self.telling:
            self.telling = telling
            decide, variants = self._known = _by(telling), {}
        if len(variants) < _VARIANTS:
            variants[decide(texts)] = made
        return made


class Found(Protocol):
    """What a subtree knows of its document."""

    @property
    def root(self) -> "Group":
        """The group of the root element."""

    def elements_of(self, subtree: "Subtree") -> Sequence[Element]:
        """The elements of one of its subtrees, in document order."""

    def around(self, subtree: "Subtree") -> Element | None:
        """The element around one of its subtrees."""


class Subtree:
    """One occurrence of a variant: the texts at its places ("" for an element without any), and its number among the
    repeated elements (-1 for what stands around them)."""

    __slots__ = ("_found", "kept", "made", "number", "texts", "variant")

    def __init__(self, variant: Variant, texts: Sequence[Any], found: Found, number: int = -1) -> None:
        self.variant = variant
        self.texts = texts
        self.number = number
        self.kept: Sequence[Element] | None = None
        self.made: list[Group | None] | None = None
        self._found = found

    def part(self) -> None:
        """Part from the groups, which know the subtree: without this, only the garbage collector could tell that nobody
        needs them."""
        self.made = None

    @property
    def recipe(self) -> Recipe:
        """What all subtrees of its shape have in common."""
        return self.variant.recipe

    @property
    def elements(self) -> Sequence[Element]:
        """Its elements in document order."""
        if self.kept is None:
            self.kept = self._found.elements_of(self)
        return self.kept

    @property
    def group_around(self) -> "Group":
        """The group of the root element."""
        return self._found.root

    def around(self, place: int) -> Element | None:
        """The element around the one at a place."""
        if place:
            return self.elements[self.recipe.parents[place]]
        return self._found.around(self)

    def attribute(self, place: int, name: str) -> str | None:
        """An attribute of the element at a place."""
        at = self.variant.recipe.attributes.get((place, name))
        value: str | None = None if at is None else self.texts[at]
        return value

    def has_attribute(self, place: int, name: str) -> bool:
        """Whether the element at a place has an attribute."""
        return (place, name) in self.recipe.attributes

    def tag(self, place: int) -> str:
        """The tag of the element at a place."""
        return self.recipe.tags[place]

    def found(self, kind: str) -> Sequence[int]:
        """The numbers of its groups of a kind."""
        return self.variant.found.get(kind, ())

    def group(self, number: int) -> "Group":
        """The made group of a number."""
        groups = self.variant.recipe.groups
        if self.made is None:
            self.made = [None] * len(groups)
        group = self.made[number]
        if group is None:
            _, at, around, _, anywhere, terms = groups[number]
            parent = self._found.root if around is None else self.group(around)
            kind, astray = self.variant.kinds[number], anywhere or parent.astray
            group = self.made[number] = Group(kind, at, parent, self, terms, astray, number)
        return group


class Group:
    """One occurrence of a group: its element, the terms found in it, and the groups inside it.

    `terms` tells for each term that is there its places in the subtree; groups of subtrees of one shape share it.
    `astray` groups were found by a row that searches anywhere, or stand in such a group. `number` is its number among
    those that the recipe of its subtree makes; -1 where it is none of these.
    """

    __slots__ = ("astray", "at", "kind", "number", "parent", "subtree", "terms")

    def __init__(
        self,
        kind: str,
        at: int,
        parent: "Group | None",
        subtree: Subtree,
        terms: Mapping[str, Sequence[Any]],
        astray: bool = False,
        number: int = -1,
    ) -> None:
        self.kind = kind
        self.at = at
        self.parent = parent
        self.subtree = subtree
        self.terms = terms
        self.astray = astray
        self.number = number

    @property
    def groups(self) -> dict[str, list["Group"]]:
        """The groups directly inside this one by kind."""
        subtree, number = self.subtree, self.number
        if number < 0:
            return _NO_GROUPS
        return {
            kind: [subtree.group(one) for one in numbers] for kind, numbers in subtree.variant.inside[number].items()
        }

    @property
    def element(self) -> Element:
        """Its own element."""
        return self.subtree.elements[self.at]

    @property
    def tag(self) -> str:
        """The tag of its element."""
        return self.subtree.tag(self.at)

    def all(self, term: str) -> Sequence[Element]:
        """Every element of a term, in document order."""
        places = self.terms.get(term)
        if places is None:
            return ()
        elements = self.subtree.elements
        return [elements[place] for place in places]

    def first(self, term: str) -> Element | None:
        """The first element of a term, or None."""
        places = self.terms.get(term)
        return None if places is None else self.subtree.elements[places[0]]

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

    def have_attribute(self, term: str, name: str) -> list[bool]:
        """Whether each of the elements of a term has an attribute."""
        return [self.subtree.has_attribute(place, name) for place in self.terms.get(term, ())]

    def around(self) -> Element | None:
        """The element around its own."""
        return self.subtree.around(self.at)

    def children(self, kind: str) -> list["Group"]:
        """The groups of a kind directly inside this one."""
        subtree, number = self.subtree, self.number
        if number < 0:
            return []
        numbers = subtree.variant.inside[number].get(kind)
        return [] if numbers is None else [subtree.group(one) for one in numbers]


def part_of(group: Group, kind: str, terms: Mapping[str, Element]) -> Group:
    """A group of its own for some elements of another one, for a rule that is asked there several times."""
    elements = (group.element, *terms.values())
    places = {term: (place,) for place, term in enumerate(terms, 1)}
    return Group(kind, 0, group, Alone(elements), places)


class Alone(Subtree):
    """Elements by themselves, of which the first stands around the others: no shape tells what they are."""

    __slots__ = ()

    def __init__(self, elements: Sequence[Element]) -> None:
        super().__init__(_SHAPELESS, [element.text or "" for element in elements], _NOWHERE)
        self.kept = elements

    def around(self, place: int) -> Element | None:
        return self.elements[0] if place else self.elements[0].getparent()

    def attribute(self, place: int, name: str) -> str | None:
        return self.elements[place].get(name)

    def has_attribute(self, place: int, name: str) -> bool:
        return name in self.elements[place].attrib

    def tag(self, place: int) -> str:
        return str(self.elements[place].tag)


class NotTold(LookupError):
    """What is asked for is not the same in all subtrees of a variant."""


class _Untold(Mapping[str, Any]):
    """What documents have not in common: whoever asks for anything gets no answer."""

    def __getattr__(self, name: str) -> Any:
        raise NotTold(name)

    def __getitem__(self, name: str) -> Any:
        raise NotTold(name)

    def __contains__(self, name: object) -> bool:
        raise NotTold(name)

    def __iter__(self) -> Iterator[str]:
        raise NotTold

    def __len__(self) -> int:
        raise NotTold


UNTOLD: Final[Any] = _Untold()


class _Nowhere:
    """No document at all: `root` is the group around a subtree of which nothing else is known."""

    def __init__(self, astray: bool = False) -> None:
        self.root = Group(ROOT, 0, None, UNTOLD, UNTOLD, astray)

    def elements_of(self, _: Subtree) -> Sequence[Element]:
        raise NotTold("elements")

    def around(self, _: Subtree) -> Element | None:
        raise NotTold("around")


_NOWHERE: Final = _Nowhere()

_SHAPELESS: Final = Variant(Recipe((), (), {}, [], [], {}), (), is_common=False)


Answer = TypeVar("Answer")


def of_variant(find: Callable[[Subtree], Answer]) -> Callable[[Subtree], Answer]:
    """A function of a subtree, worked out once for all subtrees of a variant because it finds the same in them."""

    def found(subtree: Subtree) -> Answer:
        answers = subtree.variant.answers
        try:
            answer: Answer = answers[find]
        except KeyError:
            answer = answers[find] = find(subtree)
        return answer

    return found


class _Told(list[Any]):
    """Texts of which only those at telling places are told."""

    def __init__(self, texts: Sequence[Any], telling: frozenset[int]) -> None:
        super().__init__(texts)
        self._telling = telling

    def __getitem__(self, place: Any) -> Any:
        if place not in self._telling:
            raise NotTold(place)
        return super().__getitem__(place)


def trial_of(subtree: Subtree) -> Subtree:
    """A subtree that tells of another one what all of its variant have in common, and raises `NotTold` else."""
    told = _Told(subtree.texts, subtree.variant.telling)
    return Subtree(subtree.variant, told, _Nowhere(subtree.group_around.astray))
