"""The syntax rules of EN 16931: what may not stand in a document, and what may stand there only so often.

They are rows (`syntax_ubl.tsv`, `syntax_cii.tsv`), each about one context (`syntax_contexts.tsv`) and one
path below it. Every rule is answered by the elements that its path finds in the whole document, gathered by
the ancestor that is its context; so the walk needs only plain term rows in the root group, rules with the
same path share them, and a rule whose path finds nothing costs nothing. Where the shape of a subtree shows
that nothing in it can break a rule, that is found out once a shape. Rare attributes are found by one query
apart from the walk.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple, cast

from lxml import etree

from billingua.engine.failure import Failure
from billingua.engine.groups import ABSENT, ROOT, Element, Recipe, Subtree
from billingua.engine.locate import Located, Row
from billingua.resources import lines_of, table_beside
from billingua.rules.elements import NAMESPACES, tag_of_step
from billingua.rules.en16931 import syntax_special

__all__ = ["Place", "SyntaxRow", "places", "rows", "sweep", "table"]

_DOCUMENT: Final = "syntax:/"
"""The key of the context that is the document itself."""

_Found = Callable[[str], Sequence[Element]]
"""The elements that a key finds in the whole document."""


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


def _lines(name: str) -> list[str]:
    _header, *lines = lines_of(table_beside(__file__, name))
    return lines


@cache
def table(syntax: str) -> tuple[SyntaxRow, ...]:
    """The rules of a syntax, in the authority's order."""
    return tuple(_row(line) for line in _lines(f"syntax_{syntax}.tsv"))


def _row(line: str) -> SyntaxRow:
    return SyntaxRow(*line.split("\t"))


@cache
def places(syntax: str) -> dict[str, Place]:
    """The contexts of a syntax by name."""
    cells = [line.split("\t") for line in _lines("syntax_contexts.tsv") if line.startswith(f"{syntax}\t")]
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


_PREFIX: Final = "syntax:"


def _key(searched: Iterable[str]) -> str:
    return _PREFIX + " ".join(searched)


def _searched(key: str) -> list[str]:
    return key.removeprefix(_PREFIX).split(" ")


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
    """Finds the attributes that rules speak of in the shapes of subtrees."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys: dict[str, list[tuple[str, str]]] = {}
        for key in keys:
            for pattern in _searched(key):
                path, _, attribute = pattern.rpartition("@")
                self._keys.setdefault(attribute, []).append((key, path))

    def places(self, recipe: Recipe) -> dict[str, list[int]]:
        """For each key of a path that ends in one of them, the places of the elements that have it."""
        found: dict[str, list[int]] = {}
        for at, attribute in recipe.attributes:
            for key, path in self._keys.get(attribute, ()):
                if _stands_at(recipe, at, path):
                    found.setdefault(key, []).append(at)
        return found


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


def _stands_at(recipe: Recipe, at: int, path: str) -> bool:
    """The same of an element at a place in subtrees of a recipe."""
    steps = _steps(path)
    for levels, (start, end) in enumerate(steps):
        tag = recipe.tag_above(at, levels)
        if not tag or (tag != start if end is None else not (tag.startswith(start) and tag.endswith(end))):
            return False
    return path.startswith("//") or (
        bool(recipe.tag_above(at, len(steps))) and not recipe.tag_above(at, len(steps) + 1)
    )


class _Checks(dict[str, list[_Check]]):
    """The checks of a syntax by the key whose elements make them worth asking; made ready when these are found."""

    def __init__(self, syntax: str) -> None:
        super().__init__()
        self._syntax = syntax
        self.table: dict[str, list[str]] = {}

    def __missing__(self, key: str) -> list[_Check]:
        checks = self[key] = [_check(_row(line), self._syntax) for line in self.table.get(key, ())]
        return checks


class _Plan:
    """What the walk must find for the rules of a syntax, and the checks to ask of it."""

    def __init__(self, syntax: str) -> None:
        self.checks = _Checks(syntax)
        table = self.checks.table
        known = places(syntax)
        scopes = {name: _key(place.patterns) for name, place in known.items()}
        paths: dict[str, Sequence[str]] = {}
        for line in _lines(f"syntax_{syntax}.tsv"):
            _, _, context, kind, path, *_ = line.split("\t", 5)
            searched = _patterns(path, context, known)
            key, scope = _key(searched), scopes[context]
            paths[key] = searched
            if kind in ("exactly", "at-least"):
                paths[scope] = known[context].patterns
                key = scope
            elif path.startswith("//"):
                paths[scope] = known[context].patterns
            if key in table:
                table[key].append(line)
            else:
                table[key] = [line]
        paths.pop(_DOCUMENT, None)
        self.attributes = _Attributes([key for key in paths if "@" in key])
        walked = [(key, searched) for key, searched in paths.items() if "@" not in key]
        self.rows = [Row(ROOT, key, path) for key, searched in walked for path in searched]

    def open_of(self, subtree: Subtree) -> "_Open":
        """What the shape of a subtree, and its codes, leave open."""
        variant = subtree.variant
        found: _Open | None = variant.answers.get(self)
        if found is None:
            by_shape = variant.recipe.answers
            if self not in by_shape:
                by_shape[self] = _open(self, variant.recipe)
            found = variant.answers[self] = _untold(by_shape[self], subtree)
        return found


class _Open(NamedTuple):
    """What must be asked of subtrees of a recipe before it is known that none has a part in breaking a rule.

    `keys` are those that only the whole document answers; `attributes` the places of elements by the keys of
    attributes. `told` are keys that texts settle, with their places and what they must be; `seen` those that a glance
    at the document may settle. `local` are keys that the texts at some places settle (`said` takes them from a
    subtree), with the function and the elements to ask it of; `known` are combinations of these texts that were seen to
    keep all rules.
    """

    keys: frozenset[str]
    attributes: dict[str, list[int]]
    told: list[tuple[str, list[int], Callable[[Any], bool]]]
    seen: list[tuple[str, Callable[[Located], bool]]]
    local: list[tuple[str, Callable[[Sequence[Element]], Sequence[Element]], Sequence[int]]]
    said: Callable[[Sequence[Any]], Any]
    known: set[Any]


def _open(plan: _Plan, recipe: Recipe) -> _Open:
    attributes = plan.attributes.places(recipe)
    terms = {key: places for key, places in recipe.root_terms.items() if key.startswith(_PREFIX)}
    found: Mapping[str, Sequence[int]] = {**terms, **attributes}
    keys, told, seen, local, columns = set(), [], [], [], []
    for key, check in [(one, check) for one in found for check in plan.checks[one]]:
        if _is_settled(check, recipe, found):
            continue
        places, name = found[key], check.only.__name__ if check.only else ""
        inside = None not in [recipe.above(place, check.depth or 0) for place in places]
        if inside and name in syntax_special.SURE:
            attribute, sure = syntax_special.SURE[name]
            at = [recipe.attributes.get((place, attribute), ABSENT) if attribute else place for place in places]
            told.append((key, at, sure))
        elif name in syntax_special.SETTLED:
            seen.append((key, syntax_special.SETTLED[name]))
        elif check.only and (ways := _ways(name, inside, recipe)) is not None:
            local.append((key, check.only, places))
            columns += _at_ways(recipe, places, ways)
        else:
            keys.add(key)
    said = itemgetter(*columns) if columns else _nothing
    return _Open(frozenset(keys), attributes, told, seen, local, said, set())


def _untold(left: _Open, subtree: Subtree) -> _Open:
    """What is still open when the texts are known that subtrees of a variant have in common."""
    telling, texts = subtree.variant.telling, subtree.texts
    told = [
        (key, places, sure)
        for key, places, sure in left.told
        if not (telling.issuperset(places) and all(sure(texts[at]) for at in places))
    ]
    return left._replace(told=told)


def _ways(name: str, inside: bool, recipe: Recipe) -> tuple[str, ...] | None:
    """The ways to the texts that decide a function within a recipe; None if more than that decides."""
    ways = syntax_special.LOCAL.get(name) if inside else None
    return ways if ways is not None or recipe.outside else syntax_special.AROUND.get(name)


def _at_ways(recipe: Recipe, places: Sequence[int], ways: Iterable[str]) -> list[int]:
    """The places that ways lead to from those of a recipe; "" stays there."""
    steps = [[tag_of_step(step) for step in way.split("/")] if way else [] for way in ways]
    return [at for place in places for way in steps for at in recipe.below(place, way)]


def _nothing(_: Sequence[Any]) -> None:
    """No text decides."""


@cache
def _plan(syntax: str) -> _Plan:
    return _Plan(syntax)


def rows(syntax: str) -> list[Row]:
    """What the walk must note for the rules of "ubl" or "cii": terms of the root group, `syntax:...`."""
    return _plan(syntax).rows


def sweep(located: Located, syntax: str) -> list[Failure]:
    """The syntax rules that a located document breaks: one failure for each rule and context."""
    plan, root = _plan(syntax), located.root
    keys = _open_keys(plan, located)

    def found_at(key: str) -> Sequence[Element]:
        if key == _DOCUMENT:
            return [root.element]
        return _having(plan, key, located) if "@" in key else root.all(key)

    failures: list[Failure] = []
    terms = [key for key in root.terms if key in keys] if keys else []
    for key in (*terms, *sorted(keys.difference(terms)), _DOCUMENT):
        checks = plan.checks[key]
        if checks:
            elements = found_at(key)
            for check in checks:
                if len(elements) > check.spare:
                    failures += check.ask(check, elements, found_at)
    return failures


def _having(plan: _Plan, key: str, located: Located) -> list[Element]:
    """The elements that have the attribute of a key."""
    return [
        subtree.elements[at]
        for _, alike in located.root.parts
        for at in plan.open_of(alike[0]).attributes.get(key, ())
        for subtree in alike
    ]


def _open_keys(plan: _Plan, located: Located) -> set[str]:
    """The keys whose checks are to be asked of the whole document."""
    keys: set[str] = set()
    asked: set[str] = set()
    for _, alike in located.parts:
        left = plan.open_of(alike[0])
        keys |= left.keys
        for key, places, sure in left.told:
            said = {one.texts[at] for one in alike for at in places}
            if key not in keys and not all(map(sure, said)):
                keys.add(key)
        for key, is_settled in left.seen:
            if key not in asked:
                asked.add(key)
                if not is_settled(located):
                    keys.add(key)
        if left.local:
            combined = {left.said(one.texts): one for one in alike}
            if not left.known.issuperset(combined):
                keys |= _offended(left, combined)
    return keys


_KNOWN: Final = 1000
_LONG: Final = 500
"""So many combinations of texts are remembered, of so many characters."""


def _offended(left: _Open, said: Mapping[Any, Subtree]) -> set[str]:
    """The keys whose functions find offenders in one of the subtrees."""
    offended = {
        key
        for key, offenders, places in left.local
        for subtree in said.values()
        if offenders([subtree.elements[place] for place in places])
    }
    if not offended and len(left.known) + len(said) <= _KNOWN:
        left.known.update(one for one in said if len(str(one)) <= _LONG)
    return offended


def _is_settled(check: _Check, recipe: Recipe, found: Mapping[str, Sequence[int]]) -> bool:
    """Whether no subtree of a shape can have a part in breaking the rule, whatever else is in the document; `found` are
    the places that keys lead to."""
    if check.ask is _absent:
        return _cannot_offend(check, recipe, found[check.key])
    if check.depth is None:
        return not recipe.outside and check.ask is _at_most and len(found[check.key]) <= check.number
    counts = Counter([recipe.above(place, check.depth) for place in found.get(check.key, ())])
    if check.ask is _at_most:
        return None not in counts and all(count <= check.number for count in counts.values())
    most = len(recipe.parents) if check.most is None else check.most
    return all(check.number <= counts[context] <= most for context in found[check.scope])


def _cannot_offend(check: _Check, recipe: Recipe, places: Sequence[int]) -> bool:
    """Whether what a rule forbids is none of that at these places."""
    if check.only is not None:
        if len(places) == 1 and not recipe.outside and check.only in syntax_special.OF_SEVERAL:
            return True
        return {recipe.tags[at] for at in places} <= syntax_special.BUT.get(check.only, frozenset())
    contexts = [recipe.above(at, check.depth or 0) for at in places] if check.unless else [None]
    return all(
        context is not None and any(_stands_at(recipe, context, path) for path in check.unless) for context in contexts
    )


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
        return dict.fromkeys(found(check.scope), elements) if elements else {}
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
    elements = found(check.key)
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
