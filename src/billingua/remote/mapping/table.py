"""The table of a service: which term stands where in its JSON.

Columns, separated by tabs; `#` comments:

    term       BT-27                one value, or one for each member of the groups it stands in
               BT-84[0]             only that of the first member
               BT-30{0002}          only an identifier of that scheme; `{}` of no scheme, `{name}` of none or one of
                                    the list of words
               ~BT-9, <BT-9         an echo (written beside another place of the term) and an alias (never written):
                                    read where the other place says nothing
               -                    the service's own, and no term: passed over
    path       a.b[].c              `[]` each member in turn, `[0]` the first one, `[*]` every one alike, `[k.l=text]`
                                    those where k.l is that text
               =text                nowhere: the service takes it to be that text; `=#` to be the position in the list
               -                    nowhere: lost, for the reason in the column `otherwise`
    as         what a plain value does not say: `number`, `text` or `whole` for a number, or a list of words;
               `!` behind it: a value without a word is refused, rather than lost
    otherwise  what stands there when the invoice has no such value: terms in order, or `=text`; `!` in the end means
               that it must be there, `?` that it must be if anything is there beside it
    beside     key=term: what stands beside the value under another key

A second table lists words: list, code, word. A code `*` stands for all others, `~` in a fourth column marks a word that
does not mean quite this code (the rest is a loss), and a word without code means nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Final, NamedTuple

from billingua.engine.kinds import attribute_kinds
from billingua.model import Invoice, extension_terms, terms
from billingua.resources import cells_of, table_beside

__all__ = ["VALUE", "Node", "Row", "Step", "Table", "Words", "load", "spellings"]

_TERM = re.compile(r"(?P<mark>[~<]?)(?P<id>(?:BT|EXT-FR-FE)-\d+(?:-\d)?)(?P<first>\[0\])?(?:\{(?P<scheme>\w*)\})?")
_STEP = re.compile(r"(\w+)(\[([^\]]*)\])?")

VALUE: Final = "Value"
"""The key under which a wrapped value stands."""


class Step(NamedTuple):
    """One key of a path, and which members of its list are meant.

    `choice` is None where there is no list, otherwise "" (each in turn), "*" (every one alike), a number, or the path
    of a key whose text is `chosen`. `rank` orders members of different choices; a `running` step has an index.
    """

    name: str
    choice: str | None = None
    chosen: str = ""
    rank: int = 0
    running: bool = False

    @property
    def number(self) -> int:
        """Which member is meant, where it is one alone."""
        return int(self.choice) if self.choice and self.choice.isdigit() else 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The path of the key that chooses."""
        return tuple((self.choice or "").split("."))


class Row(NamedTuple):
    """One line of a table, see the module.

    `attribute` is the place in the model, such as `lines[].price.net_price`, and `kind` its type. A row that is
    `second` (an echo or alias) gives way to others in reading; `first` is that of the first member alone. `implied` is
    what the service takes the value to be, `reason` why there is no place.
    """

    term: str
    attribute: str
    kind: type
    path: tuple[Step, ...] = ()
    written: bool = True
    second: bool = False
    first: bool = False
    scheme: str | None = None
    implied: str | None = None
    reason: str = ""
    form: str = ""
    refuse: bool = False
    otherwise: "tuple[Row, ...]" = ()
    needed: str = ""
    beside: "tuple[tuple[str, Row], ...]" = ()

    @property
    def each(self) -> bool:
        """Whether it stands in every member of a list alike."""
        return any(step.choice == "*" for step in self.path)

    @property
    def moves(self) -> bool:
        """Whether it takes an identifier away from rows that take any, as its place says the scheme."""
        return self.scheme is not None and (not self.scheme or self.scheme.isdigit() or self.scheme.isupper())


class Words(NamedTuple):
    """A list of words: by code, each with whether it means just that, and codes by word."""

    words: dict[str, tuple[str, bool]]
    codes: dict[str, str]

    def word(self, code: str) -> tuple[str, bool]:
        """The word for a code, "" where there is none, and whether it means just that."""
        return self.words.get(code) or self.words.get("*") or ("", True)


@dataclass
class Node:
    """One place of the JSON as reading sees it: what may stand below it, and the rows whose value it holds."""

    names: dict[str, "Node"] = field(default_factory=dict)
    choices: dict[Step, "Node"] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    passed: bool = False

    def below(self, path: Iterable[Step], spelled_twice: bool = False) -> "Node":
        """The node at a path below this one, made where it is not there."""
        node = self
        for step in path:
            inner = node.names.setdefault(step.name, Node())
            if spelled_twice:
                for other in spellings(step.name):
                    node.names.setdefault(other, inner)
            node = inner
            if step.choice is not None:
                node = node.choices.setdefault(step, Node())
                if step.chosen:
                    node.below((Step(name) for name in step.keys), spelled_twice).passed = True
        return node


@dataclass(frozen=True, kw_only=True)
class Table:
    """The table of a service, ready to be walked.

    `title` names the JSON in messages, `instead` says what to do with an invoice that does not fit. `wrapped` means
    that each value stands in an object, under `Value`; `spelled_twice` that keys may come in snake_case and camelCase;
    `numbers` is the form of a number (`number`, `text`) where a row does not say.
    """

    title: str
    instead: str
    rows: tuple[Row, ...]
    passed: tuple[tuple[Step, ...], ...]
    words: Mapping[str, Words]
    wrapped: bool
    spelled_twice: bool
    numbers: str

    @cached_property
    def root(self) -> Node:
        """What reading walks."""
        root = Node()
        for path in self.passed:
            root.below(path, self.spelled_twice).passed = True
        for row in self.rows:
            if row.path:
                root.below(row.path, self.spelled_twice).rows.append(row)
            for key, other in row.beside:
                root.below((*row.path[:-1], Step(key)), self.spelled_twice).rows.append(other)
        return root


def load(
    module: str,
    name: str,
    *,
    title: str,
    instead: str,
    words: str = "",
    wrapped: bool = False,
    spelled_twice: bool = False,
    numbers: str = "number",
) -> Table:
    """The table `name` that stands beside a module, with its list of words."""
    rows, passed = [], []
    ranks: dict[str, list[str]] = {}
    for cells in cells_of(table_beside(module, name)):
        if cells[0] == "-":
            passed.append(_steps(cells[1], 0, ranks))
        else:
            rows.append(_row(cells, ranks, wrapped=wrapped))
    lists = _words(table_beside(module, words)) if words else {}
    return Table(
        title=title,
        instead=instead,
        rows=tuple(rows),
        passed=tuple(passed),
        words=lists,
        wrapped=wrapped,
        spelled_twice=spelled_twice,
        numbers=numbers,
    )


def _row(cells: list[str], ranks: dict[str, list[str]], *, wrapped: bool) -> Row:
    term, path, form, otherwise, beside = (*cells, "", "", "", "")[:5]
    row = _value(term)._replace(form=form.removesuffix("!"), refuse=form.endswith("!"))
    if path.startswith("="):
        return row._replace(implied=path[1:])
    if path == "-":
        return row._replace(reason=otherwise)
    names = otherwise.split()
    needed = names.pop() if names and names[-1] in ("!", "?") else ""
    indices = row.attribute.count("[]") - (row.first or (row.moves and "[]" in row.attribute))
    return row._replace(
        path=_steps(path, indices, ranks, wrapped),
        otherwise=tuple(_stand_in(name, row) for name in names),
        needed=needed,
        beside=tuple((key, _value(named)) for key, _, named in (item.partition("=") for item in beside.split())),
    )


def _value(term: str) -> Row:
    """The row of a term that has no place yet."""
    match = _TERM.fullmatch(term)
    if match is None:
        raise ValueError(term)
    attribute = _attributes()[match["id"]]
    return Row(
        term=match["id"],
        attribute=attribute,
        kind=_kind(attribute),
        written=match["mark"] != "<",
        second=bool(match["mark"]),
        first=bool(match["first"]),
        scheme=match["scheme"],
    )


@cache
def _attributes() -> dict[str, str]:
    """The place in the model of each term: of one that the extension repeats, that of the standard."""
    return {term.id: term.attribute for term in (*reversed(extension_terms()), *terms().values())}


def _stand_in(name: str, row: Row) -> Row:
    return row._replace(implied=name[1:]) if name.startswith("=") else _value(name)


def _kind(attribute: str) -> type:
    """The type of the values at a place of the model."""
    kind: type = Invoice
    for name in attribute.replace("[]", "").split("."):
        kind = attribute_kinds(kind)[name]
    return kind


def _steps(path: str, indices: int, ranks: dict[str, list[str]], wrapped: bool = False) -> tuple[Step, ...]:
    """The steps of a path; `indices` is how many of its lists follow a list of the model."""
    left = indices - path.count("[]")
    steps: list[Step] = []
    where = ""
    for name, brackets, choice in _STEP.findall(path):
        where += f".{name}"
        if not brackets:
            steps.append(Step(name))
        elif "=" in choice:
            key, _, chosen = choice.partition("=")
            known = ranks.setdefault(where, [])
            if choice not in known:
                known.append(choice)
            steps.append(Step(name, f"{key}.{VALUE}" if wrapped else key, chosen, known.index(choice), left > 0))
            left -= 1
        else:
            steps.append(Step(name, choice, running=not choice))
    if wrapped:
        steps.append(Step(VALUE))
    return tuple(steps)


def spellings(name: str) -> Iterator[str]:
    """A key in camelCase and in snake_case."""
    first, *others = name.split("_")
    yield first + "".join(word.capitalize() for word in others)
    yield re.sub("([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _words(text: str) -> dict[str, Words]:
    lists: dict[str, Words] = {}
    for name, code, word, *inexact in cells_of(text):
        known = lists.setdefault(name, Words({}, {}))
        if code:
            known.words.setdefault(code, (word, not inexact))
        if not inexact:
            known.codes.setdefault(word, code)
    return lists
