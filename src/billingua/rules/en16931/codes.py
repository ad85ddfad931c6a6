"""The code list rules (BR-CL-*): a table says where a code stands and in which list it must be, one loop asks."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Final, NamedTuple

from billingua.codelists import codes, labels
from billingua.engine.failure import Failure
from billingua.engine.groups import ABSENT, ROOT, Recipe, Subtree
from billingua.engine.locate import Located, Root, Row
from billingua.engine.rule import Sweep
from billingua.engine.values import WHITE, boolean, normalized
from billingua.engine.xml import Element
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import inside, tag_of_step

__all__ = ["code_rows", "code_sweep"]

Test = Callable[[Element], bool]


class _Place(NamedTuple):
    """One row of the table, or those of its contexts that have the same conditions: the term its elements are kept
    under, which of them are looked at, and what is allowed. `beside` are the ways from the parent to what conditions
    look at, `unless` the tags of ancestors that take an element out; `local` says that nothing else decides.

    `listed` gives every value that keeps the rule without a closer look.
    """

    rule: str
    term: str
    paths: tuple[str, ...]
    beside: tuple[tuple[str, ...], ...]
    unless: frozenset[str]
    local: bool
    listed: Callable[[], frozenset[str | None]]
    looked_at: tuple[Test, ...]
    attribute: str
    read: Callable[[str], str]
    allowed: Callable[[str, Element], bool]


def code_rows(syntax: str) -> list[Row]:
    """What the walk must find for the code rules of a syntax."""
    return [Row(ROOT, place.term, path) for place in _places(syntax) for path in place.paths]


def code_sweep(syntax: str) -> Sweep:
    """The code rules of a syntax, in the order of the artefact: the first row that matches a node takes it."""

    places = _places(syntax)

    def sweep(located: Located, _: Any) -> list[Failure]:
        root = located.root
        doubtful: set[int] = set()
        for recipe, alike in root.parts:
            look = _look(recipe, places)
            if look.seen and not look.known.issuperset([look.said(subtree.texts) for subtree in alike]):
                doubtful.update(_doubtful(look, places, recipe, alike))
        return [failure for number in sorted(doubtful) for failure in _failures(places, number, root)]

    return sweep


class _Seen(NamedTuple):
    """What a rule looks at in subtrees of a recipe: the number of its place, the values it lists, where the element is
    and its value, and where the texts are that decide whether it is looked at. `inside` tells whether nothing around
    the subtree has a say."""

    number: int
    listed: frozenset[str | None]
    element: int
    value: int
    beside: list[int]
    inside: bool


class _Look(NamedTuple):
    """All that the rules look at in subtrees of a recipe; how to take all those texts from a subtree, and combinations
    of them that were seen to keep the rules: there are few."""

    seen: list[_Seen]
    said: Callable[[Sequence[Any]], Any]
    known: set[Any]


def _look(recipe: Recipe, places: Sequence[_Place]) -> _Look:
    found: _Look | None = recipe.answers.get(_Look)
    if found is None:
        seen = [
            _seen(number, place, at, recipe)
            for number, place in enumerate(places)
            for at in recipe.root_terms.get(place.term, ())
            if not place.unless or place.unless.isdisjoint(_around(at, recipe))
        ]
        columns = [column for one in seen for column in (one.value, *one.beside)]
        found = recipe.answers[_Look] = _Look(seen, itemgetter(*columns) if columns else tuple, set())
    return found


def _seen(number: int, place: _Place, at: int, recipe: Recipe) -> _Seen:
    around = recipe.above(at, 1) if len(recipe.tags) <= _LARGE else None
    return _Seen(
        number=number,
        listed=place.listed(),
        element=at,
        value=recipe.attributes.get((at, place.attribute), ABSENT) if place.attribute else at,
        beside=[] if around is None else [one for way in place.beside for one in recipe.below(around, way)],
        inside=place.local and not (place.beside and around is None),
    )


_LARGE: Final = 2000
"""In subtrees of more elements nothing beside an element is looked for: there may be as much beside each."""


def _around(at: int, recipe: Recipe) -> Iterator[str]:
    """The tags of the elements of the subtree around a place."""
    above = recipe.above(at, 1)
    while above is not None:
        yield recipe.tags[above]
        above = recipe.above(above, 1)


_KNOWN: Final = 1000
_LONG: Final = 100
"""So many combinations of texts are remembered, of texts up to so many characters."""


def _doubtful(look: _Look, places: Sequence[_Place], recipe: Recipe, alike: Sequence[Subtree]) -> set[int]:
    """The numbers of the places whose rules subtrees of a recipe may break."""
    unlisted = [one for one in look.seen if not one.listed.issuperset([subtree.texts[one.value] for subtree in alike])]
    doubtful = {one.number for one in unlisted if not one.inside or _fails(one, places, alike)}
    if not doubtful:
        if len(look.known) > _KNOWN:
            look.known.clear()
        said = {look.said(subtree.texts) for subtree in alike}
        if len(said) <= _KNOWN:
            look.known.update(one for one in said if len(str(one)) <= _LONG * len(look.seen))
    return doubtful


def _fails(seen: _Seen, places: Sequence[_Place], alike: Sequence[Subtree]) -> bool:
    """Whether one of the values that are not listed breaks the rule."""
    columns = (seen.value, *seen.beside)
    different = {tuple([subtree.texts[column] for column in columns]): subtree for subtree in alike}
    return any(
        subtree.texts[seen.value] not in seen.listed and _is_wrong(places[seen.number], subtree.elements[seen.element])
        for subtree in different.values()
    )


def _is_wrong(place: _Place, element: Element) -> bool:
    """Whether an element is looked at and has a value that is not allowed."""
    written = element.get(place.attribute) if place.attribute else element.text
    return not place.allowed(place.read(written or ""), element) and _looks_at(place, element)


def _failures(places: Sequence[_Place], number: int, root: Root) -> list[Failure]:
    """What a place finds wrong, when not all values are listed: not in elements that an earlier place takes."""
    place = places[number]
    attribute, listed = place.attribute, place.listed()
    failures = []
    for element in root.all(place.term):
        written = element.get(attribute) if attribute else element.text
        if written not in listed and _is_wrong(place, element):
            failures.append(Failure(place.rule, element, values={attribute or "value": place.read(written or "")}))
    if failures:
        sharing = [one for one in places[:number] if one.term in root.terms and _may_share(one, place.paths)]
        taken = [(one, set(root.all(one.term))) for one in sharing]
        failures = [
            failure
            for failure in failures
            if not any(failure.context in found and _looks_at(one, failure.context) for one, found in taken)
        ]
    return failures


@cache
def _places(syntax: str) -> tuple[_Place, ...]:
    header, *rows = cells_of(table_beside(__file__, "codes.tsv"))
    places: list[_Place] = []
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        if row["syntax"] in (syntax, "both"):
            alike: dict[tuple[tuple[str, str], ...], list[str]] = {}
            for context in row["context"].split(" | "):
                path, conditions = _path_and_conditions(context)
                alike.setdefault(conditions, []).append(path)
            for conditions, paths in alike.items():
                places.append(_place(row, tuple(paths), conditions, f"code {len(places)}"))
    return tuple(places)


def _may_share(one: _Place, paths: Sequence[str]) -> bool:
    """Whether an element found by a place may be found at other paths too: then one path ends as the other does."""
    firsts = [f"/{path.lstrip('/')}" for path in one.paths]
    seconds = [f"/{path.lstrip('/')}" for path in paths]
    return any(first.endswith(second) or second.endswith(first) for first in firsts for second in seconds)


def _looks_at(place: _Place, element: Element) -> bool:
    for test in place.looked_at:  # noqa: SIM110 - asked of many elements
        if not test(element):
            return False
    return True


def _place(
    row: dict[str, str],
    paths: tuple[str, ...],
    conditions: tuple[tuple[str, str], ...],
    term: str,
) -> _Place:
    function, _, value = row["value"].rstrip(")").rpartition("(")
    tests = [
        _has_attribute(name[1:]) if name.startswith("@") else _parent_says(name, said) for name, said in conditions
    ]
    unless = _tags(row["unless"].replace("ancestor ", ""))
    if unless:
        tests.append(_outside(unless))
    attribute = value.removeprefix("@") if value.startswith("@") else ""
    return _Place(
        rule=row["id"],
        term=term,
        paths=paths,
        beside=tuple([_way(name) for name, _ in conditions if not name.startswith("@")]),
        unless=unless,
        local=not unless
        and not row["also"]
        and all(not name.startswith("@") or name == value for name, _ in conditions),
        listed=_unquestioned(row["list"], function, bare=(value, "") in conditions),
        looked_at=tuple(tests),
        attribute=attribute,
        read=_READERS[function],
        allowed=_allowed(row["list"], row["also"], hashes=function == "hashes"),
    )


def _unquestioned(name: str, function: str, bare: bool) -> Callable[[], frozenset[str | None]]:
    """Values that keep the rule as they are written; no attribute at all does where the context asks for one."""
    none: frozenset[str | None] = frozenset([None]) if bare else frozenset()
    return cache(lambda: none if function == "hashes" else none | codes(name))


def _path_and_conditions(context: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The path of a context without its conditions, and these: an attribute, or a child and the text it must have."""
    conditions = []
    steps = []
    for step in _split(context):
        name, _, condition = step.rstrip("]").partition("[")
        steps.append(name)
        if condition:
            wanted, _, text = condition.partition("=")
            conditions.append((wanted, text))
    path = "/".join(steps)
    path = "/" + path.lstrip("/").partition("/")[2] if path.startswith("/") else "//" + path
    return path, tuple(conditions)


def _split(context: str) -> list[str]:
    """The steps of a context; a slash inside brackets divides nothing."""
    if "[" not in context:
        return context.split("/")
    steps, depth, start = [], 0, 0
    for position, character in enumerate(context):
        depth += (character == "[") - (character == "]")
        if character == "/" and not depth:
            steps.append(context[start:position])
            start = position + 1
    return [*steps, context[start:]]


def _way(path: str) -> tuple[str, ...]:
    return tuple([tag_of_step(step) for step in path.split("/")])


def _has_attribute(name: str) -> Test:
    return lambda element: element.get(name) is not None


def _parent_says(path: str, wanted: str) -> Test:
    """The parent has a child (at a path) with the text; true and false are read as xs:boolean."""
    truth = boolean(wanted) if wanted in ("true", "false") else None

    def test(element: Element) -> bool:
        parent = element.getparent()
        for one in () if parent is None else inside(parent, path):
            if one.text == wanted or (truth is not None and boolean(one.text) is truth):
                return True
        return False

    return test


def _tags(names: str) -> frozenset[str]:
    return frozenset([tag_of_step(name) for name in names.split(" | ") if name])


def _outside(tags: frozenset[str]) -> Test:
    def test(element: Element) -> bool:
        above = element.getparent()
        while above is not None:
            if above.tag in tags:
                return False
            above = above.getparent()
        return True

    return test


def _allowed(name: str, also: str, hashes: bool) -> Callable[[str, Element], bool]:
    if hashes:
        written_out = f" {' '.join(labels(name))} "
        return lambda value, _: len(value) != 3 or value in written_out
    if not also:
        return lambda value, _: value in codes(name)
    extra, _, where = also.partition(" if ancestor ")
    outside = _outside(_tags(where))
    return lambda value, element: value in codes(name) or (value == extra and not outside(element))


def _between_hashes(text: str) -> str:
    """The text between the first and the second `#`; "" where there are no two."""
    _, _, rest = text.partition("#")
    code, second, _ = rest.partition("#")
    return code if second else ""


_READERS: dict[str, Callable[[str], str]] = {
    "": lambda text: text.strip(WHITE),
    "upper": lambda text: normalized(text.upper()),
    "exact": lambda text: text,
    "hashes": _between_hashes,
}
