"""One walk over an element tree that finds every group and term a table names.

A table row says where something stands: `group`, `term`, `path` and, for groups, `when`.

* A group row has the term `*`. Its path starts with `//` (anywhere), with `/` (below the root element), or with the
  name of the group it stands in (`BG-25/cac:Item`). One element may open several groups, but each kind once: where an
  exact row and one that searches anywhere both match, the exact one opens it.
* A term row has a path relative to its group (`cac:Item/cbc:Name`; `.` is the group's own element), or one that starts
  with `//`, which is searched in the whole document and kept in the root group.
* `when` keeps a group only if the condition holds once its content is known (see `Condition`).
* A row with the term `-` closes a place: what stands below it is not looked at.
* A step without a prefix is in the namespace of the prefix "", or in none where that is not given.
* A step may name the end of a name only: `ram:*ID` (in that namespace), `*Amount` (in any).
* A last step `@unitCode` is an attribute. Such terms are kept in the root group, which tells who has them.

The rows become a deterministic automaton over tags, made while documents are read: one dictionary look-up an element,
whatever the number of rows. Nothing here knows a business term, a format or a country.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import attrgetter
from typing import Final, NamedTuple, cast

from billingua.engine.groups import (
    ROOT,
    Closing,
    Condition,
    Element,
    Group,
    Located,
    Made,
    Recipe,
    Root,
    Subtree,
    part_of,
)
from billingua.engine.lock import ForkSafeLock
from billingua.engine.xml import tag_of
from billingua.resources import cells_of

__all__ = [
    "ROOT",
    "Condition",
    "Element",
    "Group",
    "Located",
    "Locator",
    "Root",
    "Row",
    "part_of",
    "read_rows",
]


class Row(NamedTuple):
    """One line of a table: what stands where."""

    group: str
    term: str
    path: str
    when: str = ""


_numbers = count()


class _Node:
    """A place in the trie of one group's paths. Paths are unfolded a step at a time, where a document goes."""

    __slots__ = ("attributes", "children", "closed", "endings", "folded", "groups", "number", "terms")

    def __init__(self) -> None:
        self.number = next(_numbers)
        self.closed = False
        self.children: dict[str, _Node] = {}
        self.endings: list[tuple[str, str, _Node]] = []
        self.folded: dict[str, list[tuple[str, Row]]] = {}
        self.attributes: list[tuple[str, str]] = []
        self.terms: list[str] = []
        self.groups: list[Row] = []

    def add(self, path: str, row: Row) -> None:
        """Enter a row at a path below this place; "" is the place itself."""
        if path.startswith("@"):
            self.attributes.append((path[1:], row.term))
        elif path:
            step, _, rest = path.partition("/")
            self.folded.setdefault(step, []).append((rest, row))
        elif row.term == "*":
            self.groups.append(row)
        elif row.term == "-":
            self.closed = True
        elif row.term not in self.terms:
            self.terms.append(row.term)

    def unfold(self, namespaces: Mapping[str, str]) -> None:
        """Make the places one step below."""
        folded, self.folded = self.folded, {}
        for step, rows in folded.items():
            prefix, _, name = step.rpartition(":")
            uri = namespaces[prefix] if prefix else namespaces.get("", "")
            tag = f"{{{uri}}}{name}" if uri else name
            node = self.children[tag] = _Node()
            for rest, row in rows:
                node.add(rest, row)
            start, star, end = tag.partition("*")
            if star:
                self.endings.append((start, end, node))

    def matching(self, tag: object, namespaces: Mapping[str, str]) -> "Iterator[_Node]":
        """The places that an element with this tag below this place reaches."""
        if not isinstance(tag, str):
            return
        if self.folded:
            self.unfold(namespaces)
        if tag in self.children:
            yield self.children[tag]
        for start, end, node in self.endings:
            if tag.startswith(start) and tag.endswith(end):
                yield node

    @property
    def is_end(self) -> bool:
        """Whether no path goes on from here."""
        return not (self.folded or self.children or self.groups)


class _Opening(NamedTuple):
    """A group that an element opens: of the one kind, or of the first whose condition holds when it is finished.

    `slot` is the open group it stands in, None for the innermost.
    """

    kinds: tuple[tuple[str, Condition | None], ...]
    slot: int | None

    @property
    def held(self) -> bool:
        """Whether its kind is known only when it is finished."""
        return self.kinds[0][1] is not None


class _State(dict[object, "_State"]):
    """Where a walk stands: the trie nodes reached, each with the open group its terms belong to.

    A leaf is a place below which no row names anything: if elements stand there all the same, its text is theirs too.

    A slot is an index into the stack of open groups; None marks a path that is searched anywhere.
    """

    __slots__ = (
        "attributes",
        "closed",
        "depth",
        "leaf",
        "locator",
        "opens",
        "reached",
        "recipes",
        "remembered",
        "terms",
    )

    def __init__(self, locator: "Locator", items: Iterable[tuple[_Node, int | None]], depth: int) -> None:
        super().__init__()
        reached = sorted(items, key=lambda item: (item[1] is None, item[1] or 0, item[0].number))
        self.locator = locator
        self.leaf = bool(reached) and all(node.is_end for node, _ in reached)
        self.closed = any(node.closed for node, _ in reached)
        self.opens = self._openings(reached)
        for opening in self.opens:
            reached += [(locator.tries[kind], depth) for kind, _ in opening.kinds]
            depth += 1
        self.terms = tuple(dict.fromkeys((slot or 0, term) for node, slot in reached for term in node.terms))
        self.attributes = tuple(dict.fromkeys(one for node, _ in reached for one in node.attributes))
        self.reached = tuple(reached)
        self.depth = depth
        self.recipes: dict[tuple[int, ...], list[Recipe]] = {}
        self.remembered = 0

    def _openings(self, reached: Iterable[tuple[_Node, int | None]]) -> list[_Opening]:
        """The groups that open here. Kinds with conditions in the same group are one group, until it is finished."""
        openings: list[_Opening] = []
        for node, slot in reached:
            conditions = self.locator.conditions
            kinds = [(row.group, conditions[row.when] if row.when else None) for row in node.groups]
            known = [(kind, opening.slot) for opening in openings for kind, _ in opening.kinds]
            kinds = [one for one in kinds if not any(one[0] == kind and slot in (None, at) for kind, at in known)]
            held = tuple(one for one in kinds if one[1] is not None)
            openings += [_Opening((one,), slot) for one in kinds if one[1] is None]
            openings += [_Opening(held, slot)] if held else []
        return openings

    def __missing__(self, tag: object) -> "_State":
        locator = self.locator
        names = locator.namespaces
        with locator.lock:
            items: set[tuple[_Node, int | None]] = {
                (reached, slot) for node, slot in self.reached for reached in node.matching(tag, names)
            }
            items.update((reached, None) for reached in locator.anywhere.matching(tag, names))
            state = self[tag] = locator.state(frozenset(items), self.depth)
        return state


class Locator:
    """The automaton of a set of rows: made once, used for every document of that kind, safe to share by threads.

    `namespaces` maps the prefixes of the paths; `conditions` maps the names used in `when` to predicates on the
    finished group. Where `roots` are given, no group stands in its own place below any other root element, and the root
    is no group itself.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        namespaces: Mapping[str, str],
        conditions: Mapping[str, Condition] | None = None,
        roots: frozenset[str] = frozenset(),
    ) -> None:
        self._roots = roots
        self.tries: dict[str, _Node] = {ROOT: _Node()}
        self.anywhere = _Node()
        self.namespaces = namespaces
        self.conditions = conditions or {}
        self.lock = ForkSafeLock()
        self._states: dict[tuple[frozenset[tuple[_Node, int | None]], int], _State] = {}
        for row in rows:
            self._add(row)
        self.start = _State(self, [(self.tries[ROOT], 0)], 1)

    def _add(self, row: Row) -> None:
        if row.term == "*":
            self.tries.setdefault(row.group, _Node())
        if row.path.startswith("//"):
            self.anywhere.add(row.path[2:], row)
            return
        path = row.path if row.term == "*" or row.path.startswith("/") else f"{row.group}/{row.path}"
        group, _, rest = path.partition("/")
        self.tries.setdefault(group or ROOT, _Node()).add("" if rest == "." else rest, row)

    def state(self, items: frozenset[tuple[_Node, int | None]], depth: int) -> _State:
        """The one state for these trie nodes and open groups."""
        key = (items, depth)
        state = self._states.get(key)
        return state if state is not None else self._states.setdefault(key, _State(self, items, depth))

    def locate(self, root: Element) -> Located:
        """Walk the tree below `root` once and return what the rows name."""
        group = Root(root, astray=bool(self._roots) and root.tag not in self._roots)
        located = Located(group)
        _note(root, self.start, group)
        _walk(root, self.start, located)
        group.settle()
        return located


def _note(element: Element, state: _State, root: Root) -> None:
    """Enter an element that stands in no subtree."""
    for _, term in state.terms:
        root.own[term].append(element)
    for name, term in state.attributes:
        if element.get(name) is not None:
            root.having[term].append(element)


def _walk(parent: Element, state: _State, located: Located) -> None:
    """Follow the elements that open no group."""
    for child in parent[:]:
        entered = state[child.tag]
        if entered.opens:
            _enter(child, entered, located)
            continue
        _note(child, entered, located.root)
        if len(child) and not entered.closed:
            if entered.leaf:
                child.text = _whole_text(child)
            _walk(child, entered, located)


def _whole_text(element: Element) -> str:
    return "".join(cast("Iterable[str]", element.itertext()))


def _enter(child: Element, entered: _State, located: Located) -> None:
    """Enter a subtree that opens groups by the recipe of its shape: the same elements in the same nesting yield the
    same.

    Invoice lines are mostly alike, and so are parties from one document to the next; a recipe saves asking for the way
    at every element.
    """
    elements = list(child.iter())
    recipe = _recipe(child, elements, entered)
    for place in recipe.mixed:
        elements[place].text = _whole_text(elements[place])
    texts: list[str | None] = [element.text or "" for element in elements]
    texts += [elements[place].get(name) for place, name in recipe.attributes]
    root = located.root
    alike = [] if recipe.mixed else root.repeated[recipe]
    subtree = Subtree(recipe, child, texts, elements if len(alike) < _KEPT else None)
    alike.append(subtree)
    if recipe.mixed:
        root.take_alone(recipe, subtree)
    made: list[Group] = []
    for kind, at, parent, held, anywhere, terms in recipe.groups:
        around = root if parent is None else made[parent]
        made.append(Group(kind, at, around, subtree, terms, held, anywhere or around.astray))
    groups = located.groups
    for number, plain, kinds, anywhere in recipe.closing:
        group = made[number]
        if plain and group.parent is not None:
            group.parent.take(group)
            groups[plain].append(group)
        else:
            _close(group, kinds, anywhere, located)


def _recipe(child: Element, elements: Sequence[Element], entered: _State) -> Recipe:
    """The recipe for the shape of a subtree.

    It is looked for by sizes, because the tags are too long to be counted in every time: few have the same sizes.
    """
    tags = list(map(_TAG, elements))
    sizes = (*map(len, tags), *map(len, elements))
    for recipe in entered.recipes.get(sizes, ()):
        if recipe.tags == tags:
            return recipe
    if entered.remembered >= _SHAPES:
        entered.recipes.clear()
        entered.remembered = 0
    entered.remembered += 1
    recipe = _Recorder(child, entered).recipe()
    entered.recipes.setdefault(sizes, []).append(recipe)
    return recipe


_TAG: Final = cast("Callable[[Element], str]", attrgetter("tag"))

_KEPT: Final = 20
"""Of so many subtrees of a shape the elements are kept, because somebody often asks for one; then they are found again
when that happens."""

_SHAPES: Final = 500
"""So many shapes are remembered for one kind of place; then it starts anew."""


class _Recorder:
    """Walks one subtree with the automaton and writes down where everything went."""

    def __init__(self, child: Element, entered: _State) -> None:
        self._numbers = {element: number for number, element in enumerate(child.iter())}
        self._parents = [-1] * len(self._numbers)
        self._attributes: dict[tuple[int, str], int] = {}
        self._opened: list[tuple[_Opening, int, int | None, bool]] = []
        self._terms: list[dict[str, list[int]]] = []
        self._root_terms: dict[str, list[int]] = {}
        self._root_attributes: dict[str, list[tuple[int, int]]] = {}
        self._closing: list[int] = []
        self._mixed: list[int] = []
        self._enter(child, entered, [None])

    def recipe(self) -> Recipe:
        """What was written down."""
        groups = []
        for (opening, at, parent, held), terms in zip(self._opened, self._terms, strict=True):
            once_first = sorted(terms.items(), key=lambda item: len(item[1]) > 1)
            places = {term: tuple(places) for term, places in once_first}
            groups.append(Made(opening.kinds[0][0], at, parent, held, opening.slot is None, places))
        return Recipe(
            tags=[tag_of(element) for element in self._numbers],
            parents=self._parents,
            attributes=self._attributes,
            groups=groups,
            closing=[self._closed(number) for number in self._closing],
            root_terms={term: tuple(places) for term, places in self._root_terms.items()},
            root_attributes={term: tuple(places) for term, places in self._root_attributes.items()},
            mixed=self._mixed,
        )

    def _closed(self, number: int) -> Closing:
        opening, _, parent, held = self._opened[number]
        around_held = parent is not None and self._opened[parent][3]
        plain = "" if held or around_held else opening.kinds[0][0]
        return Closing(number, plain, opening.kinds, opening.slot is None)

    def _enter(self, element: Element, entered: _State, stack: list[int | None]) -> None:
        place, outer, innermost = self._numbers[element], len(stack), stack[-1]
        for opening in entered.opens:
            parent = innermost if opening.slot is None else stack[opening.slot]
            around_held = parent is not None and self._opened[parent][3]
            held = opening.held or (opening.slot is not None and around_held)
            stack.append(len(self._opened))
            self._opened.append((opening, place, parent, held))
            self._terms.append({})
        for slot, term in entered.terms:
            group = stack[slot]
            terms = self._root_terms if group is None else self._terms[group]
            terms.setdefault(term, []).append(place)
        for name, term in entered.attributes:
            at = self._attributes.setdefault((place, name), len(self._numbers) + len(self._attributes))
            self._root_attributes.setdefault(term, []).append((place, at))
        if not entered.closed:
            if entered.leaf and len(element) and not entered.opens:
                self._mixed.append(place)
            for child in element[:]:
                self._parents[self._numbers[child]] = place
                self._enter(child, entered[child.tag], stack)
        self._closing += [number for number in stack[outer:] if number is not None]
        del stack[outer:]


def _close(group: Group, kinds: tuple[tuple[str, Condition | None], ...], anywhere: bool, located: Located) -> None:
    """Keep a finished group, if a condition holds: in the group around it and among all of its kind."""
    for kind, condition in kinds:
        if condition is None or condition(group):
            group.kind = kind
            break
    else:
        return
    parent = group.parent
    if parent is None:
        return
    parent.take(group)
    if anywhere or not parent.held:
        _register(group, located)


def _register(group: Group, located: Located) -> None:
    """Enter a group among those of its kind, and with it what was held back until its condition was known."""
    located.groups[group.kind].append(group)
    if group.held:
        for inside in group.groups.values():
            for one in inside:
                if one.held:
                    _register(one, located)


def read_rows(text: str) -> list[Row]:
    """The rows of a table: tab-separated columns group, term, path, when; lines that start with `#` are comments.

    A row whose eighth column says `extended` is for reading and writing in extended profiles alone, and left out.
    """
    rows = []
    for group, term, path, *more in cells_of(text):
        if more[4:] != ["extended"]:
            rows.append(Row(group, term, path, more[0] if more else ""))
    return rows
