"""Documents whose model is their structure: a class an element, an attribute a child, in the order of the schema.

    class Contract(Group, frozen=True):
        signed: Annotated[date | None, element("DataUmowy", "when it was made.")] = None
        number: Annotated[str | None, element("NrUmowy", "its number.")] = None

One description serves both directions and the documentation. A path of two steps (`DaneIdentyfikacyjne/NIP`) saves a
class for an element that only holds others; attributes with the same first steps stand together. A step has the
prefix that the format gives to its namespace (`ram:ID`).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from lxml import etree

from billingua.engine.document import Loss
from billingua.engine.kinds import attribute_kinds, extra_of
from billingua.engine.numbers import plain
from billingua.engine.places import Place, Places, Positions
from billingua.engine.values import WHITE
from billingua.engine.xml import Element, tag_of
from billingua.errors import BuildError, UnreadableInput

__all__ = [
    "attribute",
    "code",
    "content",
    "digits",
    "element",
    "elements_of",
    "flag",
    "mark",
    "read_tree",
    "write_tree",
]

Kind = TypeVar("Kind", bound=msgspec.Struct)
Value = TypeVar("Value")

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
_SHOWN = 60


def element(path: str, description: str, *, given: str = "", otherwise: str = "", only: str = "") -> msgspec.Meta:
    """An attribute that stands in an element of its own.

    `given` names an element with the text 1 that stands before it whenever it is there (`RolaInna` before
    `OpisRoli`); `otherwise` one that stands in its place when it is not (`NrKSeFN`). Attributes that share such a
    name share the element. `only` is the variant of the document that has the element, "" for all.
    """
    return _meta(path, description, "text", given, otherwise, only)


def code(path: str, description: str, codes: str, *, only: str = "") -> msgspec.Meta:
    """An attribute whose text is a code; `codes` names the list it is of."""
    return _meta(path, description, "code", only=only, codes=codes)


def flag(path: str, description: str, *, given: str = "", otherwise: str = "") -> msgspec.Meta:
    """A `bool` that is written as 1 for yes and 2 for no."""
    return _meta(path, description, "flag", given, otherwise)


def mark(path: str, description: str, *, given: str = "", otherwise: str = "") -> msgspec.Meta:
    """A `bool` whose element says 1 for yes and is left out for no."""
    return _meta(path, description, "mark", given, otherwise)


def digits(path: str, description: str) -> msgspec.Meta:
    """A `date` or `datetime` that is written in digits alone: YYYYMMDD or YYYYMMDDHHMMSS."""
    return _meta(path, description, "digits")


def attribute(name: str, description: str, codes: str = "") -> msgspec.Meta:
    """An attribute that is one of the group's own element in XML as well."""
    return _meta(name, description, "attribute", codes=codes)


def content(description: str) -> msgspec.Meta:
    """The text of the group's own element, where that has attributes and no children."""
    return msgspec.Meta(description=description, extra=_extra("", "content"))


def _meta(
    path: str, description: str, form: str, given: str = "", otherwise: str = "", only: str = "", codes: str = ""
) -> msgspec.Meta:
    name = path.rpartition("/")[2]
    return msgspec.Meta(description=f"{name} {description}", extra=_extra(path, form, given, otherwise, only, codes))


def _extra(
    path: str, form: str, given: str = "", otherwise: str = "", only: str = "", codes: str = ""
) -> dict[str, str]:
    return {"path": path, "form": form, "given": given, "otherwise": otherwise, "only": only, "codes": codes}


class _Bound(NamedTuple):
    """An attribute of a class and its place in the document."""

    name: str
    kind: Any
    many: bool
    wrappers: tuple[str, ...]
    tag: str
    form: str
    given: str
    otherwise: str
    only: str
    is_group: bool
    last: bool
    """Whether it is the last of those that share their `otherwise`."""


class _Marker(NamedTuple):
    """An element that only says whether some attributes are there: one of them, or (`denies`) none."""

    names: list[str]
    denies: bool


_Trie = dict[str, Any]
"""Name of an element -> _Bound, _Marker, or the trie below an element that only holds others."""


class _Plan(NamedTuple):
    bounds: tuple[_Bound, ...]
    attributes: Mapping[str, _Bound]
    content: _Bound | None
    trie: _Trie


@cache
def _bounds(kind: type[msgspec.Struct]) -> tuple[_Bound, ...]:
    kinds = attribute_kinds(kind)
    bounds: list[_Bound] = []
    for field in msgspec.structs.fields(kind):
        extra = extra_of(kind, field.name)
        *wrappers, tag = extra["path"].split("/")
        bound = _Bound(
            name=field.name,
            kind=kinds[field.name],
            many=isinstance(field.default, tuple),
            wrappers=tuple(wrappers),
            tag=tag,
            form=extra["form"],
            given=extra["given"],
            otherwise=extra["otherwise"],
            only=extra["only"],
            is_group=issubclass(kinds[field.name], msgspec.Struct),
            last=True,
        )
        if bound.otherwise:
            bounds = [one._replace(last=False) if one.otherwise == bound.otherwise else one for one in bounds]
        bounds.append(bound)
    return tuple(bounds)


@cache
def _plan(kind: type[msgspec.Struct], variant: str) -> _Plan:
    bounds = tuple(bound for bound in _bounds(kind) if bound.only in ("", variant))
    trie: _Trie = {}
    for bound in bounds:
        if bound.form in ("attribute", "content"):
            continue
        here = trie
        for step in bound.wrappers:
            here = here.setdefault(step, {})
        if bound.given:
            here.setdefault(bound.given, _Marker([], denies=False)).names.append(bound.name)
        here[bound.tag] = bound
        if bound.otherwise and bound.last:
            names = [one.name for one in bounds if one.otherwise == bound.otherwise]
            here[bound.otherwise] = _Marker(names, denies=True)
    return _Plan(
        bounds=bounds,
        attributes={bound.tag: bound for bound in bounds if bound.form == "attribute"},
        content=next((bound for bound in bounds if bound.form == "content"), None),
        trie=trie,
    )


def elements_of(kind: type[msgspec.Struct], variant: str = "") -> Iterator[str]:
    """The path of every element that a class and those in it know in a variant of the document; markers included."""
    return _paths(_plan(kind, variant).trie, variant)


def _paths(trie: _Trie, variant: str) -> Iterator[str]:
    for name, entry in trie.items():
        yield name
        below: _Trie = {}
        if isinstance(entry, dict):
            below = entry
        elif isinstance(entry, _Bound) and entry.is_group:
            below = _plan(entry.kind, variant).trie
        for path in _paths(below, variant):
            yield f"{name}/{path}"


# reading


class _Reading:
    def __init__(
        self, prefixes: Mapping[str, str], places: Places, file: str, variant: str, constants: frozenset[str]
    ) -> None:
        self.steps = prefixes
        self.places = places
        self.file = file
        self.variant = variant
        self.constants = constants
        self.values: dict[str, tuple[Element, str]] = {}
        self.unmapped: list[Place] = []

    def group(self, kind: type[msgspec.Struct], at: Element, path: str) -> Any:
        plan = _plan(kind, self.variant)
        found: dict[str, Any] = {}
        for name, text in at.items():
            if bound := plan.attributes.get(name):
                found[bound.name] = self.value(bound, text, at, f"{path}{bound.name}", name)
            else:
                self.leave_attribute(at, name, text)
        if plan.content is not None and not len(at):
            bound = plan.content
            found[bound.name] = self.value(bound, at.text or "", at, f"{path}{bound.name}")
        else:
            self.leave_text(at)
        self.fill(at, plan.trie, found, path)
        try:
            return kind(**{name: tuple(item) if isinstance(item, list) else item for name, item in found.items()})
        except BuildError as error:
            raise UnreadableInput(error.what, where=self.where(at), todo=error.todo) from None

    def fill(self, parent: Element, trie: _Trie, found: dict[str, Any], path: str) -> None:
        markers: list[tuple[Element, _Marker]] = []
        for child in parent:
            step = self.step(tag_of(child))
            entry = trie.get(step)
            if isinstance(entry, dict):
                self.leave_attributes(child)
                self.leave_text(child)
                self.fill(child, entry, found, path)
            elif isinstance(entry, _Bound):
                self.enter(entry, child, found, path)
            elif isinstance(entry, _Marker):
                markers.append((child, entry))
            elif step not in self.constants:
                self.leave(child)
        seen = set()
        for child, marker in markers:
            tag = tag_of(child)
            is_there = any(name in found for name in marker.names)
            if is_there is marker.denies or tag in seen or _marked(child.text or "") is None or len(child):
                self.leave(child)
            else:
                self.leave_attributes(child)
            seen.add(tag)

    def step(self, tag: str) -> str:
        namespace, _, name = tag.rpartition("}")
        prefix = self.steps.get(namespace[1:])
        return f"{prefix}:{name}" if prefix else name if prefix is not None else tag

    def enter(self, bound: _Bound, child: Element, found: dict[str, Any], path: str) -> None:
        name = f"{path}{bound.name}"
        if bound.many:
            values = found.setdefault(bound.name, [])
            name = f"{name}[{len(values)}]"
        elif bound.name in found:
            self.leave(child)
            return
        if bound.is_group:
            self.values[name] = (child, "")
            value = self.group(bound.kind, child, f"{name}.")
        else:
            self.leave_attributes(child)
            for below in child:
                self.leave(below)
            value = self.value(bound, child.text or "", child, name)
        if bound.many:
            values.append(value)
        else:
            found[bound.name] = value

    def value(self, bound: _Bound, text: str, at: Element, path: str, attribute: str = "") -> Any:
        self.values[path] = (at, attribute)
        if bound.kind is str:
            if bound.form == "code" or attribute:
                return _BLANKS.sub(" ", text.strip(WHITE))
            return text.strip(WHITE) or text
        text = text.strip(WHITE)
        forms = {"mark": _MARK, "digits": _DIGITS.get(bound.kind)}
        expected, parse = forms.get(bound.form) or _SCALARS[bound.kind]
        value = parse(text)
        if value is None:
            shown = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
            raise UnreadableInput(
                f"The value {shown!r} is not {expected}.",
                where=self.where(at, attribute),
                todo="Correct the document, or validate it to see everything that is wrong with it.",
            )
        return value

    def leave(self, at: Element) -> None:
        """Enter an element and those below it as unmapped."""
        for one in at.iter("*"):
            if not len(one) or (one.text or "").strip(WHITE):
                self.unmapped.append(self.places.place(one))
            self.leave_attributes(one)

    def leave_attributes(self, at: Element) -> None:
        for name, text in at.items():
            self.leave_attribute(at, name, text)

    def leave_attribute(self, at: Element, name: str, text: str) -> None:
        if not name.startswith(_SCHEMA_INSTANCE) and text.strip(WHITE):
            self.unmapped.append(self.places.place(at, name))

    def leave_text(self, at: Element) -> None:
        """Enter a text that stands where only elements do."""
        if (at.text or "").strip(WHITE):
            self.unmapped.append(self.places.place(at))

    def where(self, at: Element, attribute: str = "") -> str:
        place = self.places.place(at, attribute)
        line = f"line {place.line}" if place.line else ""
        return ", ".join(part for part in (self.file, line, place.path) if part)


_BLANKS = re.compile(r"[ \t\r\n]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_WHOLE = re.compile(r"[+-]?[0-9]{1,60}\Z")
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?\Z"
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})" + _ZONE)
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T)([0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?)(Z|[+-][0-9]{2}:[0-9]{2})?\Z"
)
_MIDNIGHT = re.compile(r"24:00:00(\.0+)?\Z")


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.match(text) else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.match(text) else None


def _day(text: str) -> date | None:
    """xs:date; the time zone that it may have says nothing of the day that an invoice means."""
    match = _DAY.match(text)
    return _tried(date.fromisoformat, match[1]) if match else None


def _moment(text: str) -> datetime | None:
    """xs:dateTime; the end of a day may be written as 24:00:00."""
    match = _MOMENT.match(text)
    if match is None:
        return None
    day, time, zone = match.groups("")
    if _MIDNIGHT.match(time):
        return _tried(lambda start: datetime.fromisoformat(start) + timedelta(1), f"{day}00:00:00{zone}")
    return _tried(datetime.fromisoformat, text)


def _tried(make: Callable[[str], Value], text: str) -> Value | None:
    try:
        return make(text)
    except (ValueError, OverflowError):
        return None


def _flag(text: str) -> bool | None:
    return {1: True, 2: False}.get(_whole(text) or 0)


def _marked(text: str) -> bool | None:
    return True if _whole(text.strip(WHITE)) == 1 else None


_SCALARS: Final[Mapping[Any, tuple[str, Callable[[str], Any]]]] = {
    Decimal: ("a decimal number such as 1234.50", _number),
    int: ("a whole number such as 3", _whole),
    date: ("a date such as 2026-01-31", _day),
    datetime: ("a moment such as 2026-01-31T12:00:00Z", _moment),
    bool: ("1 for yes or 2 for no", _flag),
}
_MARK: Final = ("the mark 1", _marked)


def _digits(form: str, length: int) -> Callable[[str], datetime | None]:
    """A moment in digits alone, of which there are so many."""

    def parse(text: str) -> datetime | None:
        plain_digits = len(text) == length and text.isascii() and text.isdigit()
        return _tried(lambda stamp: datetime.strptime(stamp, form), text) if plain_digits else None

    return parse


def _digits_of_day(text: str) -> date | None:
    moment = _digits(_DAY_IN_DIGITS, 8)(text)
    return moment.date() if moment else None


_DAY_IN_DIGITS: Final = "%Y%m%d"
_MOMENT_IN_DIGITS: Final = "%Y%m%d%H%M%S"
_DIGITS: Final[Mapping[Any, tuple[str, Callable[[str], Any]]]] = {
    date: ("a date such as 20260131", _digits_of_day),
    datetime: ("a moment such as 20260131120000", _digits(_MOMENT_IN_DIGITS, 14)),
}


def read_tree(
    kind: type[Kind],
    root: Element,
    namespaces: Mapping[str, str],
    places: Places,
    *,
    file: str = "",
    variant: str = "",
    constants: frozenset[str] = frozenset(),
) -> tuple[Kind, tuple[Place, ...], Positions]:
    """The model below an element, what it has no place for, and where each attribute stands.

    `namespaces` leads from prefixes to namespaces, `variant` is that of the document, `constants` names elements that
    always say the same and are no attribute; `file` is named in errors. White space around a text is dropped, and what
    is finer than a microsecond.

    Raises:
        UnreadableInput: a value cannot be of the type its attribute has.
    """
    prefixes = {uri: prefix for prefix, uri in namespaces.items()}
    reading = _Reading(prefixes, places, file, variant, constants)
    read: Kind = reading.group(kind, root, "")
    return read, tuple(reading.unmapped), Positions(reading.values, places)


# writing


class _Writing:
    def __init__(self, namespaces: Mapping[str, str], variant: str) -> None:
        self.namespaces = namespaces
        self.variant = variant
        self.losses: list[Loss] = []

    def group(self, model: msgspec.Struct, at: Element, path: str) -> None:
        marked: set[str] = set()
        for bound in _bounds(type(model)):
            value = getattr(model, bound.name)
            if (value is None or value == ()) and not bound.otherwise:
                continue
            values = value if bound.many else () if value is None else (value,)
            if bound.form == "mark" and not value:
                values = ()
            if bound.only not in ("", self.variant):
                self.lose(bound, values, f"{path}{bound.name}")
                continue
            if values and bound.given and bound.given not in marked:
                self.make(at, bound, bound.given).text = "1"
            if values:
                marked |= {bound.given, bound.otherwise}
            for number, one in enumerate(values):
                self.write(bound, one, at, f"{path}{bound.name}[{number}]" if bound.many else f"{path}{bound.name}")
            if bound.otherwise and bound.last and bound.otherwise not in marked:
                self.make(at, bound, bound.otherwise).text = "1"

    def write(self, bound: _Bound, value: Any, at: Element, path: str) -> None:
        if bound.form == "attribute":
            at.set(bound.tag, _text(value))
        elif bound.form == "content":
            at.text = _text(value)
        elif bound.is_group:
            self.group(value, self.make(at, bound, bound.tag), f"{path}.")
        elif bound.kind is bool:
            self.make(at, bound, bound.tag).text = "1" if value else "2"
        elif bound.form == "digits":
            self.make(at, bound, bound.tag).text = _in_digits(value)
        else:
            self.make(at, bound, bound.tag).text = _text(value)

    def make(self, at: Element, bound: _Bound, tag: str) -> Element:
        """A new element for an attribute, in the wrappers that stand open."""
        for step in bound.wrappers:
            name = self.name(step)
            at = at[-1] if len(at) and at[-1].tag == name else etree.SubElement(at, name)
        return etree.SubElement(at, self.name(tag))

    def name(self, step: str) -> str:
        prefix, _, name = step.rpartition(":")
        namespace = self.namespaces.get(prefix, "") if not prefix else self.namespaces[prefix]
        return f"{{{namespace}}}{name}" if namespace else name

    def lose(self, bound: _Bound, values: tuple[Any, ...], path: str) -> None:
        for value in values:
            shown = value if isinstance(value, str) else _text(value)
            self.losses.append(Loss(bound.tag, shown, path, f"only {bound.only} has an element for it"))


def write_tree(
    model: msgspec.Struct, root: Element, namespaces: Mapping[str, str], *, variant: str = ""
) -> tuple[Loss, ...]:
    """Fill an element with a model, in the order of its attributes; the values for which the variant has no element.

    An element of a path that is already there, last among its siblings, is used again.
    """
    writing = _Writing(namespaces, variant)
    writing.group(model, root, "")
    return tuple(writing.losses)


def _in_digits(value: date) -> str:
    stamp = value.isoformat().replace("-", "").replace(":", "").replace("T", "")
    return stamp[:14] if isinstance(value, datetime) else stamp


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        day, point, rest = value.isoformat().replace("+00:00", "Z").partition(".")
        return f"{day}.{rest[:6].rstrip('0')}{rest[6:]}" if point else day
    return value.isoformat() if isinstance(value, date) else str(value)
