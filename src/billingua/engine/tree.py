"""Documents whose model is their structure: a class an element, an attribute a child, in the order of the schema.

    class Contract(Group, frozen=True):
        signed: Annotated[date | None, element("DataUmowy", "When it was made.")] = None
        number: Annotated[str | None, element("NrUmowy", "Its number.")] = None

One description serves both directions and the documentation. A path of two steps (`DaneIdentyfikacyjne/NIP`) saves a
class for an element that only holds others; attributes with the same first step stand together.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

import msgspec
from lxml import etree

from billingua.engine.document import Place, Places, Positions
from billingua.engine.kinds import attribute_kinds
from billingua.engine.numbers import plain
from billingua.engine.values import WHITE
from billingua.engine.xml import Element, tag_of
from billingua.errors import BuildError, UnreadableInput

__all__ = ["attribute", "element", "elements_of", "flag", "mark", "read_tree", "write_tree"]

Kind = TypeVar("Kind", bound=msgspec.Struct)

_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


def element(path: str, description: str, *, given: str = "") -> msgspec.Meta:
    """An attribute that stands in an element of its own.

    `given` names an element with the text 1 that stands before it whenever it is there (`RolaInna` before `OpisRoli`).
    """
    return _meta(path, description, "text", given)


def flag(path: str, description: str) -> msgspec.Meta:
    """A `bool` that is written as 1 for yes and 2 for no."""
    return _meta(path, description, "flag")


def mark(path: str, description: str, *, otherwise: str = "") -> msgspec.Meta:
    """A `bool` whose element says 1 for yes and is left out for no, or gives way to the element `otherwise`."""
    return _meta(path, description, "mark", otherwise)


def attribute(name: str, description: str) -> msgspec.Meta:
    """An attribute that is one of the group's own element in XML as well."""
    return _meta(name, description, "attribute")


def _meta(path: str, description: str, form: str, other: str = "") -> msgspec.Meta:
    name = path.rpartition("/")[2]
    return msgspec.Meta(description=f"{name} {description}", extra={"path": path, "form": form, "other": other})


class _Bound(NamedTuple):
    """An attribute of a class and its place in the document."""

    name: str
    kind: Any
    many: bool
    wrappers: tuple[str, ...]
    tag: str
    form: str
    other: str


class _Marker(NamedTuple):
    """An element that stands beside attributes: it says that one of them is there, or that a mark is not set."""

    names: list[str]
    denies: bool


_Trie = dict[str, Any]
"""Local name -> _Bound, _Marker, or the trie below an element that only holds others."""


@cache
def _bounds(kind: type[msgspec.Struct]) -> tuple[_Bound, ...]:
    kinds = attribute_kinds(kind)
    bounds = []
    for field in msgspec.structs.fields(kind):
        extra = next(entry.extra for entry in field.type.__metadata__ if entry.extra)
        *wrappers, tag = extra["path"].split("/")
        many = field.default == () and field.default is not msgspec.NODEFAULT
        bounds.append(_Bound(field.name, kinds[field.name], many, tuple(wrappers), tag, extra["form"], extra["other"]))
    return tuple(bounds)


@cache
def _trie(kind: type[msgspec.Struct]) -> _Trie:
    trie: _Trie = {}
    for bound in _bounds(kind):
        if bound.form == "attribute":
            continue
        here = trie
        for step in bound.wrappers:
            here = here.setdefault(step, {})
        here[bound.tag] = bound
        if bound.other:
            here.setdefault(bound.other, _Marker([], bound.form == "mark")).names.append(bound.name)
    return trie


def elements_of(kind: type[msgspec.Struct]) -> Iterator[str]:
    """The path of every element that a class and those in it know, in document order; markers included."""
    yield from _paths(_trie(kind))


def _paths(trie: _Trie) -> Iterator[str]:
    for name, entry in trie.items():
        yield name
        below: _Trie = {}
        if isinstance(entry, dict):
            below = entry
        elif isinstance(entry, _Bound) and _is_group(entry.kind):
            below = _trie(entry.kind)
        for path in _paths(below):
            yield f"{name}/{path}"


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


# reading


class _Reading:
    def __init__(self, namespace: str, places: Places, file: str, constants: frozenset[str]) -> None:
        self.namespace = namespace
        self.places = places
        self.file = file
        self.constants = constants
        self.values: dict[str, tuple[Element, str]] = {}
        self.unmapped: list[Place] = []

    def group(self, kind: type[msgspec.Struct], parent: Element, path: str) -> Any:
        found: dict[str, Any] = {}
        for bound in _bounds(kind):
            if bound.form == "attribute" and (text := parent.get(bound.tag)) is not None:
                found[bound.name] = self.value(bound, text, parent, f"{path}{bound.name}", bound.tag)
        taken = {bound.tag for bound in _bounds(kind) if bound.form == "attribute"}
        self.attributes(parent, taken)
        self.fill(parent, _trie(kind), found, path)
        try:
            return kind(**{name: tuple(item) if isinstance(item, list) else item for name, item in found.items()})
        except BuildError as error:
            raise UnreadableInput(error.what, where=self.where(parent), todo=error.todo) from None

    def fill(self, parent: Element, trie: _Trie, found: dict[str, Any], path: str) -> None:
        markers: list[tuple[Element, _Marker]] = []
        for child in parent:
            tag = tag_of(child)
            entry = trie.get(tag[len(self.namespace) :]) if tag.startswith(self.namespace) else None
            if isinstance(entry, dict):
                self.attributes(child, set())
                self.fill(child, entry, found, path)
            elif isinstance(entry, _Bound):
                self.enter(entry, child, found, path)
            elif isinstance(entry, _Marker):
                markers.append((child, entry))
            elif tag[len(self.namespace) :] not in self.constants:
                self.unmapped += [self.places.place(one) for one in child.iter("*") if not len(one)]
        for child, marker in markers:
            if marker.denies and marker.names[0] not in found:
                found[marker.names[0]] = False
                self.values[f"{path}{marker.names[0]}"] = (child, "")
            elif marker.denies or not any(name in found for name in marker.names):
                self.unmapped.append(self.places.place(child))

    def enter(self, bound: _Bound, child: Element, found: dict[str, Any], path: str) -> None:
        name = f"{path}{bound.name}"
        if bound.many:
            values = found.setdefault(bound.name, [])
            name = f"{name}[{len(values)}]"
        elif bound.name in found:
            self.unmapped += [self.places.place(one) for one in child.iter("*") if not len(one)]
            return
        if _is_group(bound.kind):
            value = self.group(bound.kind, child, f"{name}.")
        else:
            self.attributes(child, set())
            value = self.value(bound, child.text or "", child, name, "")
        if bound.many:
            values.append(value)
        else:
            found[bound.name] = value

    def value(self, bound: _Bound, text: str, at: Element, path: str, attribute: str) -> Any:
        self.values[path] = (at, attribute)
        if bound.kind is str:
            return text
        text = text.strip(WHITE)
        expected, parse = _MARK if bound.form == "mark" else _SCALARS[bound.kind]
        value = parse(text)
        if value is None:
            shown = text if len(text) <= 60 else f"{text[:57]}..."
            raise UnreadableInput(
                f"The value {shown!r} is not {expected}.",
                where=self.where(at, attribute),
                todo="Correct the document, or validate it to see everything that is wrong with it.",
            )
        return value

    def attributes(self, at: Element, taken: set[str]) -> None:
        for name, text in at.items():
            if name not in taken and not name.startswith(_SCHEMA_INSTANCE) and text.strip(WHITE):
                self.unmapped.append(self.places.place(at, name))

    def where(self, at: Element, attribute: str = "") -> str:
        place = self.places.place(at, attribute)
        line = f"line {place.line}" if place.line else ""
        return ", ".join(part for part in (self.file, line, place.path) if part)


_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_WHOLE = re.compile(r"[+-]?[0-9]{1,30}\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})?\Z")


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.match(text) else None


def _whole(text: str) -> int | None:
    return int(text) if _WHOLE.match(text) else None


def _day(text: str) -> date | None:
    return _tried(date.fromisoformat, text) if _DAY.match(text) else None


def _moment(text: str) -> datetime | None:
    return _tried(datetime.fromisoformat, text) if _MOMENT.match(text) else None


def _tried(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        return None


def _flag(text: str) -> bool | None:
    return {1: True, 2: False}.get(_whole(text) or 0)


_SCALARS: Final[Mapping[Any, tuple[str, Callable[[str], Any]]]] = {
    Decimal: ("a decimal number such as 1234.50", _number),
    int: ("a whole number such as 3", _whole),
    date: ("a date such as 2026-01-31", _day),
    datetime: ("a moment such as 2026-01-31T12:00:00Z", _moment),
    bool: ("1 for yes or 2 for no", _flag),
}
_MARK: Final = ("the mark 1", lambda text: True if _whole(text) == 1 else None)


def read_tree(
    kind: type[Kind], root: Element, places: Places, file: str = "", constants: frozenset[str] = frozenset()
) -> tuple[Kind, tuple[Place, ...], Positions]:
    """The model below an element, what it has no place for, and where each attribute stands.

    `constants` are local names whose elements always say the same and are no attribute; `file` is named in errors.

    Raises:
        UnreadableInput: a value cannot be of the type its attribute has.
    """
    reading = _Reading(tag_of(root).rpartition("}")[0] + "}", places, file, constants)
    content: Kind = reading.group(kind, root, "")
    return content, tuple(reading.unmapped), Positions(reading.values, places)


# writing


def write_tree(content: msgspec.Struct, root: Element) -> None:
    """Fill an element with a model, in the order of its attributes and in the namespace of the element."""
    namespace = tag_of(root).rpartition("}")[0] + "}"
    wrappers: dict[tuple[str, ...], Element] = {(): root}
    for bound in _bounds(type(content)):
        value = getattr(content, bound.name)
        if bound.form == "attribute":
            if value is not None:
                root.set(bound.tag, _text(value))
            continue
        for one in value if bound.many else (value,):
            tags = _tags(bound, one)
            if not tags:
                continue
            parent = root
            for depth in range(1, len(bound.wrappers) + 1):
                steps = bound.wrappers[:depth]
                if steps not in wrappers:
                    wrappers[steps] = etree.SubElement(parent, f"{namespace}{steps[-1]}")
                parent = wrappers[steps]
            for tag, text in tags:
                child = etree.SubElement(parent, f"{namespace}{tag}")
                if text is not None:
                    child.text = text
                else:
                    write_tree(one, child)


def _tags(bound: _Bound, value: Any) -> list[tuple[str, str | None]]:
    """The elements that a value becomes, with their texts; None for a group, which is written below."""
    if bound.form == "mark":
        return [(bound.tag, "1")] if value else [(bound.other, "1")] if bound.other else []
    if value is None:
        return []
    if bound.form == "flag":
        return [(bound.tag, "1" if value else "2")]
    text = None if _is_group(bound.kind) else _text(value)
    return [*([(bound.other, "1")] if bound.other else []), (bound.tag, text)]


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else str(value)
