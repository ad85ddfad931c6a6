"""The code list rules (BR-CL-*): a table says where a code stands and in which list it must be, one loop asks."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from billingua.codelists import codes, labels
from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Located, Row
from billingua.engine.rule import Sweep
from billingua.engine.values import WHITE, boolean, normalized
from billingua.engine.xml import Element, tag_of
from billingua.resources import table_beside

__all__ = ["code_rows", "code_sweep"]

Test = Callable[[Element], bool]


class _Place(NamedTuple):
    """One context of one row: the term its elements are kept under, which of them are looked at, and what is allowed.

    `listed` gives every value that keeps the rule without a closer look; `earlier` are the places whose elements this
    one does not see, because the first that matches takes them.
    """

    rule: str
    term: str
    path: str
    listed: Callable[[], frozenset[str | None]]
    earlier: tuple["_Place", ...]
    looked_at: tuple[Test, ...]
    attribute: str
    read: Callable[[str], str]
    allowed: Callable[[str, Element], bool]


def code_rows(syntax: str) -> list[Row]:
    """What the walk must find for the code rules of a syntax."""
    return [Row(ROOT, place.term, place.path) for place in _places(syntax)]


def code_sweep(syntax: str) -> Sweep:
    """The code rules of a syntax, in the order of the artefact: the first row that matches a node takes it."""

    def sweep(located: Located, _: Any) -> Iterator[Failure]:
        terms = located.root.terms
        for place in _places(syntax):
            elements = terms.get(place.term)
            if not elements:
                continue
            attribute = place.attribute
            values = {one.get(attribute) for one in elements} if attribute else {one.text for one in elements}
            listed = place.listed()
            if values <= listed:
                continue
            taken = [(one, set(terms[one.term])) for one in place.earlier if one.term in terms]
            for element in elements:
                written = element.get(attribute) if attribute else element.text
                if written in listed:
                    continue
                value = place.read(written or "")
                if place.allowed(value, element) or not _looks_at(place, element):
                    continue
                if not any(element in found and _looks_at(one, element) for one, found in taken):
                    yield Failure(place.rule, element, values={attribute or "value": value})

    return sweep


@cache
def _places(syntax: str) -> tuple[_Place, ...]:
    lines = table_beside(__file__, "codes.tsv").splitlines()
    header, *rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    places: list[_Place] = []
    for cells in rows:
        row = dict(zip(header, cells, strict=False))
        if row["syntax"] in (syntax, "both"):
            for context in row["context"].split(" | "):
                places.append(_place(row, context, len(places)))
    return tuple(
        [
            place._replace(earlier=tuple([one for one in places[:number] if _may_share(one, place)]))
            for number, place in enumerate(places)
        ]
    )


def _may_share(one: _Place, other: _Place) -> bool:
    """Whether an element found by one place may be found by the other: the one path then ends as the other does."""
    first, second = f"/{one.path.lstrip('/')}", f"/{other.path.lstrip('/')}"
    return first.endswith(second) or second.endswith(first)


def _looks_at(place: _Place, element: Element) -> bool:
    return not place.looked_at or all(test(element) for test in place.looked_at)


def _place(row: dict[str, str], context: str, number: int) -> _Place:
    function, _, value = row["value"].rstrip(")").rpartition("(")
    path, tests = _path_and_tests(context)
    if row["unless"]:
        tests.append(_outside(row["unless"].replace("ancestor ", "").split(" | ")))
    return _Place(
        rule=row["id"],
        term=f"code {number}",
        path=path,
        listed=_unquestioned(row["list"], function, bare=f"[{value}]" in context),
        earlier=(),
        looked_at=tuple(tests),
        attribute=value.removeprefix("@") if value.startswith("@") else "",
        read=_READERS[function],
        allowed=_allowed(row["list"], row["also"], hashes=function == "hashes"),
    )


def _unquestioned(name: str, function: str, bare: bool) -> Callable[[], frozenset[str | None]]:
    """Values that keep the rule as they are written; no attribute at all does where the context asks for one."""
    none: frozenset[str | None] = frozenset([None]) if bare else frozenset()
    return cache(lambda: none if function == "hashes" else none | codes(name))


def _path_and_tests(context: str) -> tuple[str, list[Test]]:
    """The path of a context without its conditions, and the conditions as tests on the element found."""
    tests: list[Test] = []
    steps = []
    for step in _split(context):
        name, _, condition = step.rstrip("]").partition("[")
        steps.append(name)
        if condition.startswith("@"):
            tests.append(_has_attribute(condition[1:]))
        elif condition:
            child, _, wanted = condition.partition("=")
            tests.append(_parent_says([part.rpartition(":")[2] for part in child.split("/")], wanted))
    path = "/".join(steps)
    if path.startswith("/"):
        return "/" + path.lstrip("/").partition("/")[2], tests
    return "//" + path, tests


def _split(context: str) -> list[str]:
    """The steps of a context; a slash inside brackets divides nothing."""
    steps, depth, start = [], 0, 0
    for position, character in enumerate(context):
        depth += (character == "[") - (character == "]")
        if character == "/" and not depth:
            steps.append(context[start:position])
            start = position + 1
    return [*steps, context[start:]]


def _has_attribute(name: str) -> Test:
    return lambda element: element.get(name) is not None


def _parent_says(path: list[str], wanted: str) -> Test:
    """The parent has a child (at a path of local names) with the text; true and false are read as xs:boolean."""
    query = "/".join(f"{{*}}{name}" for name in path)
    truth = boolean(wanted) if wanted in ("true", "false") else None

    def test(element: Element) -> bool:
        parent = element.getparent()
        if parent is None:
            return False
        texts: Iterable[str] = (found.text or "" for found in parent.iterfind(query))
        return any(boolean(text) is truth if truth is not None else text == wanted for text in texts)

    return test


def _outside(ancestors: list[str]) -> Test:
    names = [f"}}{name.rpartition(':')[2]}" for name in ancestors]
    return lambda element: not any(tag_of(one).endswith(name) for one in element.iterancestors() for name in names)


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
