"""What a profile has a place for: how often each element may stand where it stands, which attributes it needs, which
codes it takes, and what the profile does not use.

`structure.tsv` is the tree of CII with what the five profiles say of each step. It is made into one tree a profile; the
document is walked beside it, so that only elements that the profile knows are looked at, each once.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from billingua.codelists import codes
from billingua.engine.failure import Failure
from billingua.engine.locate import Element, Located
from billingua.engine.rule import Sweep
from billingua.resources import cells_of, table_beside
from billingua.rules.elements import Elements, path, said, tag_of_step

__all__ = ["Said", "code_list", "structure_rows", "structure_sweep"]

Test = Callable[[Element], bool]


class Said(NamedTuple):
    """One thing a profile says of a step: `steps` leads there, `rule` is the id.

    `kind` is `unused`, `count` (from `least` to `most`, None without end), `needed`, `never` (needed, but the
    artefact never tells), or `codes` (of the list `codes`).
    """

    steps: tuple[str, ...]
    rule: str
    kind: str
    least: int = 0
    most: int | None = None
    codes: str = ""


class _Place:
    """A step of the tree, made ready: what the profile says of the elements there, and the places inside.

    The counts are those of what stands directly inside. `test` tells whether an element is of the variant.
    """

    __slots__ = ("attributes", "children", "counts", "own", "spoken", "tag", "test")

    def __init__(self, tag: str = "", test: Test | None = None) -> None:
        self.tag = tag
        self.test = test
        self.own: list[Said] = []
        self.attributes: list[tuple[Said, str]] = []
        self.counts: list[tuple[Said, str, Test | None]] = []
        self.children: dict[object, list[_Place]] = {}
        self.spoken = False
        """Whether the profile says anything of the elements themselves."""


def _says(*steps: str) -> Callable[[str], Test]:
    """Whether an element has one of these texts at a path in it."""
    inside = path("/".join(steps))
    return lambda text: lambda element: any(said(one) == text for one in inside(element))


_indicator = _says("ChargeIndicator", "udt:Indicator")
_type = _says("TypeCode")


def _scheme(name: str) -> Test:
    identifiers = path("ID")
    return lambda element: any(one.get("schemeID") == name for one in identifiers(element))


def _currency(steps: str) -> Test:
    """Whether the amount is in a currency that the document names; `steps` leads there from the root element."""
    header = tag_of_step("ApplicableHeaderTradeSettlement")
    currencies, whole = path(steps), path(f"rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement/{steps}")

    def test(amount: Element) -> bool:
        around = next(amount.iterancestors(header), None)
        named = whole(amount.getroottree().getroot()) if around is None else currencies(around)
        return amount.get("currencyID") in [said(one) for one in named]

    return test


_VARIANTS: Final[dict[str, Test]] = {
    "allowance": _indicator("false"),
    "charge": _indicator("true"),
    "FC": _scheme("FC"),
    "VA": _scheme("VA"),
    "list 5153": lambda element: element.get("listID") == "5153",
    "no list": lambda element: element.get("listID") is None,
    "invoice currency": _currency("InvoiceCurrencyCode"),
    "tax currency": _currency("TaxCurrencyCode"),
}


def _variant(name: str) -> Test:
    return _type(name.removeprefix("type ")) if name.startswith("type ") else _VARIANTS[name]


@cache
def code_list(name: str) -> frozenset[str]:
    """The codes of a list of `codes.tsv`."""
    _header, *rows = cells_of(table_beside(__file__, "codes.tsv"))
    _, base, also, without = next([*cells, "", "", ""][:4] for cells in rows if cells[0] == name)
    return (codes(base) if base else frozenset()) - frozenset(without.split()) | frozenset(also.split())


@cache
def _taken(name: str) -> str:
    """The codes of a list, or where they stand."""
    found = sorted(code_list(name))
    if len(found) > _FEW:
        return f"one of the {len(found)} codes of the list, for example {found[0]} or {found[-1]}"
    return " or ".join([", ".join(found[:-1]), found[-1]] if found[1:] else found)


_FEW = 10
"""Lists of so many codes are written out."""


@cache
def _table() -> tuple[tuple[tuple[str, ...], list[str]], ...]:
    """The steps that lead to each row of the table, and its cells by profile, behind the first."""
    rows = cells_of(table_beside(__file__, "structure.tsv"))
    steps: list[str] = []
    found = []
    for cells in rows:
        step = cells[0].lstrip(" ")
        steps[len(cells[0]) - len(step) :] = [step]
        found.append((tuple(steps), cells))
    return tuple(found)


@cache
def structure_rows(profile: str) -> tuple[Said, ...]:
    """All that a profile says, in the order of the table."""
    (_, header), *rows = _table()
    column = header.index(profile)
    return tuple([_said(steps, word) for steps, cells in rows for word in "".join(cells[column : column + 1]).split()])


def _said(steps: tuple[str, ...], word: str) -> Said:
    if word == "-":
        name, variant, _ = steps[-1].partition("[")
        return Said(steps, "NOT-USED:variant" if variant else f"NOT-USED:{name}", "unused")
    number, _, name = word.partition(":")
    if name:
        return Said(steps, _rule(number), "codes", codes=name)
    asked, _, number = word.partition("=")
    if asked in ("must", "never"):
        return Said(steps, _rule(number), {"must": "needed"}.get(asked, asked))
    least, _, most = asked.partition("..")
    return Said(steps, _rule(number), "count", int(least), None if most == "n" else int(most or least))


def _rule(number: str) -> str:
    return f"FX-SCH-A-{int(number):06d}"


@cache
def _tree(profile: str) -> _Place:
    places: dict[tuple[str, ...], _Place] = {(): _Place()}
    for one in structure_rows(profile):
        last = one.steps[-1]
        holder = last.startswith("@") or one.kind == "count"
        place = _place(places, one.steps[:-1] if holder else one.steps)
        place.spoken = True
        if last.startswith("@"):
            place.attributes.append((one, last[1:]))
        elif holder:
            place.counts.append((one, *_step(one.steps)))
        else:
            place.own.append(one)
    return places[()]


def _place(places: dict[tuple[str, ...], _Place], steps: tuple[str, ...]) -> _Place:
    """The place that steps lead to, made with those on the way when it is not there yet."""
    if steps not in places:
        above = _place(places, steps[:-1])
        place = places[steps] = _Place(*_step(steps))
        above.children.setdefault(place.tag, []).append(place)
    return places[steps]


@cache
def _step(steps: tuple[str, ...]) -> tuple[str, Test | None]:
    """The tag of the last step, and which elements of that name it means."""
    name, _, variant = steps[-1].rstrip("]").partition("[")
    if variant == "other":
        beside = [one for one, _ in _table() if one[:-1] == steps[:-1] and one[-1].startswith(f"{name}[")]
        tests = [test for one in beside if one != steps and (test := _step(one)[1]) is not None]
        return tag_of_step(name), lambda element: not any(test(element) for test in tests)
    return tag_of_step(name), _variant(variant) if variant else None


def structure_sweep(profile: str) -> Sweep:
    """What a document breaks of all that a profile says of its elements."""
    return lambda located, facts: _broken(located, _tree(profile)) if facts.known else ()


def _broken(located: Located, tree: _Place) -> Iterator[Failure]:
    """The first place that speaks of an element takes it, as in the artefact."""
    open_ = [(located.root.element, [tree])]
    while open_:
        element, places = open_.pop()
        children = [*element] if len(element) else []
        for place in places:
            if place.spoken:
                yield from _failures(place, element, children)
                break
        for child in children:
            inside = _inside(places, child)
            if inside:
                open_.append((child, inside))


def _inside(places: list[_Place], child: Element) -> list[_Place]:
    """The places of a child of an element that has these places."""
    tag = child.tag
    if len(places) == 1:
        found = places[0].children.get(tag, [])
        if len(found) == 1 and found[0].test is None:
            return found
    else:
        found = [one for place in places for one in place.children.get(tag, ())]
    return [one for one in found if one.test is None or one.test(child)]


def _failures(place: _Place, element: Element, children: Elements) -> Iterator[Failure]:
    for one in place.own:
        if one.kind == "unused":
            yield Failure(one.rule, element)
        elif (text := said(element)) and text not in code_list(one.codes):
            yield Failure(one.rule, element, values={"found": text, "taken": _taken(one.codes)})
    for one, name in place.attributes:
        value = element.get(name)
        if value is None:
            if one.kind == "needed":
                yield Failure(one.rule, element)
        elif one.kind == "unused" or (one.kind == "codes" and value and value not in code_list(one.codes)):
            values = {"found": value, "taken": _taken(one.codes)} if one.codes else {"found": value}
            yield Failure(one.rule, element, values=values)
    if place.counts:
        tags = [child.tag for child in children]
        for one, tag, test in place.counts:
            found = tags.count(tag)
            if found and test is not None:
                found = sum(child.tag == tag and test(child) for child in children)
            if found < one.least or (one.most is not None and found > one.most):
                yield Failure(one.rule, element, values={"found": str(found)})
