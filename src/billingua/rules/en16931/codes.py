"""The code list rules (BR-CL-*): a table says where a code stands and in which list it must be, one loop asks."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from billingua.codelists import codes, labels
from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Located, Row
from billingua.engine.rule import Sweep
from billingua.engine.values import WHITE, boolean, normalized
from billingua.engine.xml import Element
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import NAMESPACES, inside

__all__ = ["code_rows", "code_sweep"]

Test = Callable[[Element], bool]


class _Place(NamedTuple):
    """One row of the table, or those of its contexts that have the same conditions: the term its elements are kept
    under, which of them are looked at, and what is allowed.

    `listed` gives every value that keeps the rule without a closer look; `earlier` are the places whose elements this
    one does not see, because the first that matches takes them.
    """

    rule: str
    term: str
    paths: tuple[str, ...]
    listed: Callable[[], frozenset[str | None]]
    earlier: tuple["_Place", ...]
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
        terms = located.root.found
        failures: list[Failure] = []
        for place in places:
            if place.term in terms:
                elements, attribute = terms[place.term], place.attribute
                values = {one.get(attribute) for one in elements} if attribute else {one.text for one in elements}
                if not values <= place.listed():
                    failures += _failures(place, terms)
        return failures

    return sweep


def _failures(place: _Place, terms: Mapping[str, Sequence[Element]]) -> list[Failure]:
    """What a place finds wrong, when not all values are listed."""
    attribute, listed = place.attribute, place.listed()
    failures = []
    for element in terms[place.term]:
        written = element.get(attribute) if attribute else element.text
        if written not in listed:
            value = place.read(written or "")
            if not place.allowed(value, element) and _looks_at(place, element):
                failures.append(Failure(place.rule, element, values={attribute or "value": value}))
    if failures:
        taken = [(one, set(terms[one.term])) for one in place.earlier if one.term in terms]
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
                earlier = tuple([one for one in places if _may_share(one, paths)])
                places.append(_place(row, tuple(paths), conditions, f"code {len(places)}", earlier))
    return tuple(places)


def _may_share(one: _Place, paths: list[str]) -> bool:
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
    earlier: tuple[_Place, ...],
) -> _Place:
    function, _, value = row["value"].rstrip(")").rpartition("(")
    tests = [
        _has_attribute(name[1:]) if name.startswith("@") else _parent_says(name, said) for name, said in conditions
    ]
    if row["unless"]:
        tests.append(_outside(row["unless"].replace("ancestor ", "").split(" | ")))
    return _Place(
        rule=row["id"],
        term=term,
        paths=paths,
        listed=_unquestioned(row["list"], function, bare=(value, "") in conditions),
        earlier=earlier,
        looked_at=tuple(tests),
        attribute=value.removeprefix("@") if value.startswith("@") else "",
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


def _outside(ancestors: list[str]) -> Test:
    names = [name.split(":") for name in ancestors]
    tags = [f"{{{NAMESPACES[prefix]}}}{name}" for prefix, name in names]

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
    inside = _outside(where.split(" | "))
    return lambda value, element: value in codes(name) or (value == extra and not inside(element))


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
