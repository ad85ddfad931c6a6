"""The rows of tables as an automaton over tags.

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

The rows become a deterministic automaton over tags, made while documents are read: one dictionary look-up an element,
whatever the number of rows. Nothing here knows a business term, a format or a country.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import NamedTuple

from billingua.engine.groups import ROOT, Condition
from billingua.engine.lock import ForkSafeLock
from billingua.engine.shape import Shapes
from billingua.resources import cells_of

__all__ = ["Automaton", "Opening", "Row", "State", "read_rows", "tag_of_step"]


class Row(NamedTuple):
    """One line of a table: what stands where."""

    group: str
    term: str
    path: str
    when: str = ""


_numbers = count()


def tag_of_step(step: str, namespaces: Mapping[str, str]) -> str:
    """The tag that a step means."""
    prefix, _, name = step.rpartition(":")
    uri = namespaces[prefix] if prefix else namespaces.get("", "")
    return f"{{{uri}}}{name}" if uri else name


class _Node:
    """A place in the trie of one group's paths. Paths are unfolded a step at a time, where a document goes."""

    __slots__ = ("children", "closed", "endings", "folded", "groups", "number", "terms")

    def __init__(self) -> None:
        self.number = next(_numbers)
        self.closed = False
        self.children: dict[str, _Node] = {}
        self.endings: list[tuple[str, str, _Node]] = []
        self.folded: dict[str, list[tuple[str, Row]]] = {}
        self.terms: list[str] = []
        self.groups: list[Row] = []

    def add(self, path: str, row: Row) -> None:
        """Enter a row at a path below this place; "" is the place itself."""
        if path:
            step, _, rest = path.partition("/")
            if step in self.folded:
                self.folded[step].append((rest, row))
            else:
                self.folded[step] = [(rest, row)]
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
            tag = tag_of_step(step, namespaces)
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


class Opening(NamedTuple):
    """A group that an element opens: of the one kind, or of the first whose condition holds when it is finished.

    `slot` is the open group it stands in, None for the innermost.
    """

    kinds: tuple[tuple[str, Condition | None], ...]
    slot: int | None

    @property
    def held(self) -> bool:
        """Whether its kind is known only when it is finished."""
        return self.kinds[0][1] is not None


class State(dict[object, "State"]):
    """Where a walk stands: the trie nodes reached, each with the open group its terms belong to.

    A leaf is a place below which no row names anything: if elements stand there all the same, its text is theirs too.

    A slot is an index into the stack of open groups; None marks a path that is searched anywhere.
    """

    __slots__ = (
        "automaton",
        "closed",
        "depth",
        "is_text",
        "leaf",
        "opens",
        "reached",
        "shapes",
        "terms",
    )

    def __init__(self, automaton: "Automaton", items: Iterable[tuple[_Node, int | None]], depth: int) -> None:
        super().__init__()
        reached = sorted(items, key=lambda item: (item[1] is None, item[1] or 0, item[0].number))
        self.automaton = automaton
        self.leaf = bool(reached) and all(node.is_end for node, _ in reached)
        self.closed = any(node.closed for node, _ in reached)
        self.opens = self._openings(reached)
        for opening in self.opens:
            reached += [(automaton.tries[kind], depth) for kind, _ in opening.kinds]
            depth += 1
        self.terms = tuple(dict.fromkeys((slot or 0, term) for node, slot in reached for term in node.terms))
        self.is_text = self.leaf and not self.opens and not self.closed
        self.reached = tuple(reached)
        self.depth = depth
        self.shapes: dict[object, Shapes] = {}

    def _openings(self, reached: Iterable[tuple[_Node, int | None]]) -> list[Opening]:
        """The groups that open here. Kinds with conditions in the same group are one group, until it is finished."""
        openings: list[Opening] = []
        for node, slot in reached:
            conditions = self.automaton.conditions
            kinds = [(row.group, conditions[row.when] if row.when else None) for row in node.groups]
            known = [(kind, opening.slot) for opening in openings for kind, _ in opening.kinds]
            kinds = [one for one in kinds if not any(one[0] == kind and slot in (None, at) for kind, at in known)]
            held = tuple(one for one in kinds if one[1] is not None)
            openings += [Opening((one,), slot) for one in kinds if one[1] is None]
            openings += [Opening(held, slot)] if held else []
        return openings

    def __missing__(self, tag: object) -> "State":
        automaton = self.automaton
        names = automaton.namespaces
        with automaton.lock:
            items: set[tuple[_Node, int | None]] = {
                (reached, slot) for node, slot in self.reached for reached in node.matching(tag, names)
            }
            items.update((reached, None) for reached in automaton.anywhere.matching(tag, names))
            state = self[tag] = automaton.state(frozenset(items), self.depth)
        return state


class Automaton:
    """The rows as an automaton, which is made while documents are read and is safe to share by threads.

    `namespaces` maps the prefixes of the paths; `conditions` maps the names used in `when` to predicates on the
    finished group.
    """

    def __init__(self, rows: Iterable[Row], namespaces: Mapping[str, str], conditions: Mapping[str, Condition]) -> None:
        self.tries: dict[str, _Node] = {ROOT: _Node()}
        self.anywhere = _Node()
        self.namespaces = namespaces
        self.conditions = conditions
        self.lock = ForkSafeLock()
        self.is_empty = True
        self._states: dict[tuple[frozenset[tuple[_Node, int | None]], int], State] = {}
        for row in rows:
            self.is_empty = False
            self._add(row)
        self.start = State(self, [(self.tries[ROOT], 0)], 1)

    def _add(self, row: Row) -> None:
        group, term, path, _ = row
        if term == "*" and group not in self.tries:
            self.tries[group] = _Node()
        if path.startswith("//"):
            self.anywhere.add(path[2:], row)
            return
        if path.startswith("/"):
            group, path = ROOT, path[1:]
        elif term == "*":
            group, _, path = path.partition("/")
        if group not in self.tries:
            self.tries[group] = _Node()
        self.tries[group].add("" if path == "." else path, row)

    def state(self, items: frozenset[tuple[_Node, int | None]], depth: int) -> State:
        """The one state for these trie nodes and open groups."""
        key = (items, depth)
        state = self._states.get(key)
        return state if state is not None else self._states.setdefault(key, State(self, items, depth))


def read_rows(text: str) -> list[Row]:
    """The rows of a table: tab-separated columns group, term, path, when; lines that start with `#` are comments.

    A row whose eighth column says `extended` is for reading and writing in extended profiles alone, and left out.
    """
    rows = []
    for group, term, path, *more in cells_of(text):
        if more[4:] != ["extended"]:
            rows.append(Row(group, term, path, more[0] if more else ""))
    return rows
