"""The syntax rules of EN 16931: what may not stand in a document, and what may stand there only so often.

They are rows (`syntax_ubl.tsv`, `syntax_cii.tsv`), each about one context (`syntax_contexts.tsv`) and one
path below it. Every rule is answered by the elements that its path finds in the whole document, gathered by
the ancestor that is its context; so the walk needs only plain term rows in the root group, rules with the
same path share them, and a rule whose path finds nothing costs nothing. Rare attributes are found by one
query apart from the walk.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, cast

from lxml import etree

from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Element, Located, Row
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import NAMESPACES
from billingua.rules.en16931 import syntax_special

__all__ = ["Place", "SyntaxRow", "places", "rows", "sweep", "table"]


"""The prefixes of the paths."""

_COMMON: Final = {
    "ubl": "currencyID unitCode schemeID listID listVersionID mimeCode",
    "cii": "unitCode schemeID listID listVersionID format",
}
"""Attributes that stand on many elements: they are looked for where the walk found the elements of a path.

None of them may have the name of a rare one in it: `mimeCode` would hide an attribute `Code`.
"""

_DOCUMENT: Final = "syntax:/"
"""The key of the context that is the document itself."""

_Found = dict[str, list[Element]]


class SyntaxRow(NamedTuple):
    """One rule as the table has it; the head of the tables explains the columns."""

    id: str
    flag: str
    context: str
    kind: str
    path: str
    number: str = ""
    only: str = ""
    terms: str = ""
    title: str = ""
    message: str = ""
    hint: str = ""


class Place(NamedTuple):
    """A context: where it is searched, which contexts take its elements first, and how a message names it."""

    patterns: tuple[str, ...]
    unless: tuple[str, ...]
    words: str


class _Check(NamedTuple):
    """A rule made ready: the key of what its path finds, and how many steps its context stands above that.

    `depth` is None when all that is found counts for each context; `scope` is the key of the contexts.
    `spare` is how many elements, of those that make the check worth asking, are fine in any case; `ask` asks it.
    """

    id: str
    ask: "Callable[[_Check, Sequence[Element], _Found], Iterable[Failure]]"
    key: str
    depth: int | None
    number: int
    most: int | None
    spare: int
    only: Callable[[Sequence[Element]], Sequence[Element]] | None
    unless: tuple[str, ...]
    scope: str


def _lines(name: str) -> list[list[str]]:
    _header, *lines = cells_of(table_beside(__file__, name))
    return lines


@cache
def table(syntax: str) -> tuple[SyntaxRow, ...]:
    """The rules of a syntax, in the authority's order."""
    return tuple(SyntaxRow(*cells) for cells in _lines(f"syntax_{syntax}.tsv"))


@cache
def places(syntax: str) -> dict[str, Place]:
    """The contexts of a syntax by name."""
    cells = [cells for cells in _lines("syntax_contexts.tsv") if cells[0] == syntax]
    patterns = {name: tuple(text.split()) for _, name, text, _, _ in cells}
    return {
        name: Place(patterns[name], tuple(one for first in unless.split() for one in patterns[first]), words)
        for _, name, _, unless, words in cells
    }


def patterns(row: SyntaxRow, syntax: str) -> tuple[str, ...]:
    """The path of a row as it is searched in the document: `//` anywhere, `/` below the root element."""
    return _patterns(row.path, row.context, places(syntax))


def _patterns(path: str, context: str, known: Mapping[str, Place]) -> tuple[str, ...]:
    if path.startswith("//"):
        return (path,)
    first, _, rest = path.partition("/")
    if first in known:
        context, path = first, rest
    if path == ".":
        return known[context].patterns
    return tuple([f"{pattern.rstrip('/')}/{path}" for pattern in known[context].patterns])


def _key(searched: Iterable[str]) -> str:
    return "syntax:" + " ".join(searched)


def _searched(key: str) -> list[str]:
    return key.removeprefix("syntax:").split(" ")


def _check(row: SyntaxRow, syntax: str) -> _Check:
    place = places(syntax)[row.context]
    steps = [step for step in row.path.split("/") if not step.startswith(("@", "."))]
    number = int(row.number or 0)
    kind = row.kind if row.kind != "special" else "at-most" if row.number else "absent"
    return _Check(
        id=row.id,
        ask=_ASK[kind],
        key=_key(patterns(row, syntax)),
        depth=None if place.patterns == ("/",) or row.path.startswith("//") else len(steps),
        number=number,
        most=None if kind == "at-least" else number,
        spare=number if kind in ("at-most", "absent") else 0,
        only=getattr(syntax_special, row.only) if row.only else None,
        unless=place.unless,
        scope=_key(place.patterns),
    )


class _Attributes:
    """Finds the elements with attributes that rules speak of, for each key of a path that ends in one."""

    def __init__(self, keys: Iterable[str], common: str) -> None:
        self.rows: list[Row] = []
        self._walked: list[tuple[str, str, str]] = []
        self._rare: dict[str, list[tuple[str, str]]] = {}
        self._query = etree.XPath(f"descendant::*/@*[not(contains('{common}', name()))]")
        for key in keys:
            paths, _, attributes = zip(*(path.rpartition("@") for path in _searched(key)), strict=True)
            attribute = attributes[0]
            if attribute in common.split():
                elements = _key(path.rstrip("/") for path in paths)
                self.rows += [Row(ROOT, elements, path) for path in _searched(elements)]
                self._walked.append((key, elements, attribute))
            else:
                self._rare.setdefault(attribute, []).extend((key, path) for path in paths)

    def __call__(self, document: Element, terms: Mapping[str, list[Element]]) -> _Found:
        found: _Found = {}
        for key, elements, attribute in self._walked:
            if elements in terms:
                having = [element for element in terms[elements] if element.get(attribute) is not None]
                if having:
                    found[key] = having
        for attribute in document.keys():  # noqa: SIM118 - the elements inside are something else
            self._note(found, document, attribute)
        for value in cast("list[Any]", self._query(document)):
            self._note(found, value.getparent(), value.attrname)
        return found

    def _note(self, found: _Found, element: Element, attribute: str) -> None:
        for key, path in self._rare.get(attribute, ()):
            if _stands(element, path):
                found.setdefault(key, []).append(element)


@cache
def _steps(path: str) -> tuple[tuple[str, str | None], ...]:
    """The tags of a path, last first: each whole, or as what it starts with and what it ends with."""
    steps: list[tuple[str, str | None]] = []
    for step in reversed(path.strip("/").split("/") if path.strip("/") else ()):
        prefix, _, name = step.rpartition(":")
        start, star, end = (f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name).partition("*")
        steps.append((start, end if star else None))
    return tuple(steps)


def _stands(element: Element, path: str) -> bool:
    """Whether a path leads to an element: `//...` from anywhere, `/...` from the root element."""
    above: Element | None = element
    for start, end in _steps(path):
        tag = "" if above is None else str(above.tag)
        if above is None or (tag != start if end is None else not (tag.startswith(start) and tag.endswith(end))):
            return False
        above = above.getparent()
    return path.startswith("//") or (above is not None and above.getparent() is None)


class _Checks(dict[str, list[_Check]]):
    """The checks of a syntax by the key whose elements make them worth asking; made ready when these are found."""

    def __init__(self, syntax: str) -> None:
        super().__init__()
        self._syntax = syntax
        self.table: dict[str, list[list[str]]] = {}

    def __missing__(self, key: str) -> list[_Check]:
        checks = self[key] = [_check(SyntaxRow(*cells), self._syntax) for cells in self.table.get(key, ())]
        return checks


class _Plan:
    """What the walk must find for the rules of a syntax, and the checks to ask of it."""

    def __init__(self, syntax: str) -> None:
        self.checks = _Checks(syntax)
        table = self.checks.table
        known = places(syntax)
        scopes = {name: _key(place.patterns) for name, place in known.items()}
        paths: dict[str, Sequence[str]] = {}
        for cells in _lines(f"syntax_{syntax}.tsv"):
            _, _, context, kind, path, *_ = cells
            searched = _patterns(path, context, known)
            key, scope = _key(searched), scopes[context]
            paths[key] = searched
            if kind in ("exactly", "at-least"):
                paths[scope] = known[context].patterns
                key = scope
            elif path.startswith("//"):
                paths[scope] = known[context].patterns
            if key in table:
                table[key].append(cells)
            else:
                table[key] = [cells]
        paths.pop(_DOCUMENT, None)
        self.attributes = _Attributes([key for key in paths if "@" in key], _COMMON[syntax])
        walked = [Row(ROOT, key, path) for key, searched in paths.items() if "@" not in key for path in searched]
        self.rows = walked + [row for row in self.attributes.rows if row.term not in paths]


@cache
def _plan(syntax: str) -> _Plan:
    return _Plan(syntax)


def rows(syntax: str) -> list[Row]:
    """What the walk must note for the rules of "ubl" or "cii": terms of the root group, `syntax:...`."""
    return _plan(syntax).rows


def sweep(located: Located, syntax: str) -> list[Failure]:
    """The syntax rules that a located document breaks: one failure for each rule and context."""
    plan = _plan(syntax)
    document = located.root.element
    terms = located.root.found
    found = {**terms, **plan.attributes(document, terms), _DOCUMENT: [document]}
    checks = plan.checks
    failures: list[Failure] = []
    for key, elements in found.items():
        for check in checks[key]:
            if len(elements) > check.spare:
                failures += check.ask(check, elements, found)
    return failures


_PARENT: Final = etree._Element.getparent


def _contexts(check: _Check, elements: Iterable[Element]) -> Iterable[Element]:
    """The context of each element: its ancestor so many steps above. (The path says that it is there.)"""
    contexts = elements
    for _ in range(check.depth or 0):
        contexts = cast("Iterable[Element]", map(_PARENT, contexts))
    return contexts


def _gathered(check: _Check, elements: Sequence[Element], found: _Found) -> dict[Element, Sequence[Element]]:
    """The elements by context, without the contexts that another one takes first."""
    if check.depth is None:
        return dict.fromkeys(found.get(check.scope, ()), elements) if elements else {}
    gathered: dict[Element, list[Element]] = {}
    for context, element in zip(_contexts(check, elements), elements, strict=True):
        gathered.setdefault(context, []).append(element)
    return {one: gathered[one] for one in gathered if not any(_stands(one, path) for path in check.unless)}


def _absent(check: _Check, elements: Sequence[Element], found: _Found) -> Iterable[Failure]:
    offending = check.only(elements) if check.only else elements
    if not offending:
        return ()
    gathered = _gathered(check, offending, found)
    return [Failure(check.id, context, together[0]) for context, together in gathered.items()]


def _at_most(check: _Check, elements: Sequence[Element], found: _Found) -> Iterable[Failure]:
    if check.depth and len(set(_contexts(check, elements))) == len(elements):
        return ()
    counted = check.only(elements) if check.only else elements
    if len(counted) <= check.number:
        return ()
    return [
        Failure(check.id, context, together[check.number], {"found": str(len(together))})
        for context, together in _gathered(check, counted, found).items()
        if len(together) > check.number
    ]


def _as_often(check: _Check, contexts: Sequence[Element], found: _Found) -> Iterable[Failure]:
    elements = found.get(check.key, [])
    most = len(elements) if check.most is None else check.most
    if len(elements) <= most * len(contexts) and len(set(_contexts(check, elements))) == len(contexts):
        return ()
    gathered = _gathered(check, elements, found)
    failures = []
    for context in contexts:
        together = gathered.get(context, ())
        if not check.number <= len(together) <= most:
            at = together[check.number] if len(together) > check.number else None
            failures.append(Failure(check.id, context, at, {"found": str(len(together))}))
    return failures


_ASK: Final = {"absent": _absent, "at-most": _at_most, "exactly": _as_often, "at-least": _as_often}
