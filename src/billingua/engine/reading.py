"""Located terms become a model: lenient about what stands in a document, strict about types.

The walk's groups are turned into records (attribute -> `Value`, record or list), a format's *folds* mend what
its table cannot say, and the records become the classes of the model. Whatever no attribute took is listed
afterwards.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from billingua.engine.binding import Attribute, Binding, Bound, Form
from billingua.engine.kinds import attribute_kinds
from billingua.engine.locate import Group
from billingua.engine.places import Place, Places, Positions
from billingua.engine.values import WHITE, boolean
from billingua.engine.xml import Element
from billingua.errors import BuildError, UnreadableInput

__all__ = ["DateCodec", "Fold", "Reading", "Record", "Value"]

Record = dict[str, Any]
"""Attribute name -> Value, Record, or a list of them. Other names are ids that a fold has to deal with."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class Value:
    """One text of the document: an element's, or that of its attribute `attribute`."""

    __slots__ = ("attribute", "element", "text")

    def __init__(self, text: str, element: Element, attribute: str = "") -> None:
        self.text = text
        self.element = element
        self.attribute = attribute


class DateCodec(NamedTuple):
    """How a syntax writes dates: both directions, and in words. `parse` returns None for what is no date."""

    parse: Callable[[Value], date | None]
    format: Callable[[date], str]
    expected: str


class Reading:
    """One document on its way into the model.

    `exact` are the terms whose text counts with its white space; `name` is the wire format of the document.
    """

    def __init__(
        self,
        binding: Binding,
        folds: "Mapping[str, Fold]",
        places: Places,
        dates: "DateCodec",
        exact: frozenset[str] = frozenset(),
        name: str = "",
        file: str = "",
    ) -> None:
        self._binding = binding
        self._folds = folds
        self._places = places
        self._dates = dates
        self._exact = exact
        self.name = name
        self._file = file
        self._used: set[tuple[Element, str]] = set()
        self._values: dict[str, tuple[Element, str]] = {}

    def record(self, group: Group) -> Record:
        """The record of a located group and of all groups in it."""
        record: Record = {}
        kind = group.kind
        bound = self._binding.terms[kind]
        for term in group.terms:
            if term in bound:
                self._enter(record, term, bound[term], group.all(term))
        for inner, groups in group.groups.items():
            form = self._binding.form(kind, inner)
            target = _open(record, form.path[:-1])
            if form.many or form.kept:
                target.setdefault(form.path[-1], []).extend(self.record(one) for one in groups)
            elif form.path[-1] not in target:
                target[form.path[-1]] = self.record(groups[0])
        if kind in self._folds:
            self._folds[kind](record, self)
        return record

    def _enter(self, record: Record, term: str, bound: Bound, elements: Sequence[Element]) -> None:
        """Enter the occurrences of one term: all of them into a list, otherwise the first."""
        form, constant, attributes = bound
        for element in elements:
            text = element.text
            if not text or not (stripped := text.strip(WHITE)):
                continue
            value = Value(text if term in self._exact else stripped, element)
            if constant is not None:
                if _says(stripped, constant):
                    self.use(value)
                continue
            target = record
            if form.kept:
                record.setdefault(term, []).append(value)
            elif form.many:
                target = {form.path[-1]: value}
                _open(record, form.path[: form.many - 1]).setdefault(form.path[form.many - 1], []).append(target)
            else:
                first = _open(record, form.path[:-1]).setdefault(form.path[-1], value)
                if first is not value:
                    if first.text == value.text:
                        self.use(value)
                    continue
            if attributes and element.keys():
                self._enter_attributes(record, target, form, value, attributes)

    def _enter_attributes(
        self, record: Record, item: Record, form: Form, value: Value, attributes: Iterable[Attribute]
    ) -> None:
        """Enter the attributes of a value beside it: in its own record where it stands in a list."""
        for attribute in attributes:
            found = self.attribute(value, attribute.name)
            if found is None:
                continue
            if attribute.text is not None:
                if found.text == attribute.text:
                    self.use(found)
            elif attribute.form.kept:
                record.setdefault(attribute.term, []).append(found)
            elif form.many:
                item[attribute.form.path[-1]] = found
            elif not form.kept:
                _open(record, attribute.form.path[:-1]).setdefault(attribute.form.path[-1], found)

    def attribute(self, value: Value, name: str) -> Value | None:
        """The XML attribute of a value's element; None where it is absent or empty."""
        text = (value.element.get(name) or "").strip(WHITE)
        return Value(text, value.element, name) if text else None

    def use(self, *values: Value | None) -> None:
        """Note that these values are taken care of."""
        for value in values:
            if value is not None:
                self._used.add((value.element, value.attribute))

    def merge(self, base: Record, other: Record) -> None:
        """Take over what `base` does not have; lists are joined, and what both say alike is taken care of."""
        for name, item in other.items():
            if name not in base:
                base[name] = item
            elif isinstance(item, dict):
                self.merge(base[name], item)
            elif isinstance(item, list):
                base[name].extend(item)
            elif base[name].text == item.text:
                self.use(item)

    def build(self, kind: type[msgspec.Struct], record: Record, path: str = "") -> Any:
        """The record as an instance of a model class; None where it holds no value."""
        fields = attribute_kinds(kind)
        found: dict[str, Any] = {}
        for name, item in record.items():
            expected = fields.get(name)
            if expected is None:
                continue
            where = f"{path}.{name}" if path else name
            if isinstance(item, Value):
                found[name] = self._decode(item, expected, where)
            elif isinstance(item, dict):
                found[name] = self.build(expected, item, where)
            elif built := self._build_all(expected, item, where):
                found[name] = built
        found = {name: value for name, value in found.items() if value is not None}
        if not found:
            return None
        try:
            return kind(**found)
        except BuildError as error:
            refused = record.get(getattr(error, "attribute", ""))
            where = self._where(refused) if isinstance(refused, Value) else self._file
            raise UnreadableInput(error.what, where=where, todo=error.todo) from None

    def _build_all(self, kind: type[msgspec.Struct], records: Iterable[Record], path: str) -> tuple[Any, ...]:
        built: list[Any] = []
        for record in records:
            one = self.build(kind, record, f"{path}[{len(built)}]")
            if one is not None:
                built.append(one)
        return tuple(built)

    def _decode(self, value: Value, kind: type, path: str) -> Any:
        self._values[path] = (value.element, value.attribute)
        self._used.add((value.element, value.attribute))
        if kind is str:
            return value.text
        if kind is Decimal:
            if _DECIMAL.match(value.text):
                return Decimal(value.text)
            raise self.unreadable(value, "a decimal number such as 1234.50")
        if kind is date:
            if (day := self._dates.parse(value)) is None:
                raise self.unreadable(value, self._dates.expected)
            return day
        try:
            return base64.b64decode("".join(value.text.split()), validate=True)
        except binascii.Error:
            raise self.unreadable(value, "the Base64 form of a file") from None

    def unreadable(self, value: Value, expected: str) -> UnreadableInput:
        """The error for a value that cannot be of its type."""
        shown = value.text if len(value.text) <= 60 else f"{value.text[:57]}..."
        return UnreadableInput(
            f"The value {shown!r} is not {expected}.",
            where=self._where(value),
            todo="Correct the document, or validate it to see everything that is wrong with it.",
        )

    def _where(self, value: Value) -> str:
        place = self._places.place(value.element, value.attribute)
        line = f"line {place.line}" if place.line else ""
        return ", ".join(part for part in (self._file, line, place.path) if part)

    def positions(self) -> Positions:
        """Where each attribute of the model that was built stands in the document."""
        return Positions(self._values, self._places)

    def unmapped(self, root: Element, redundant: Mapping[str, str]) -> tuple[Place, ...]:
        """Every text and attribute below `root` that nothing took, in document order.

        `redundant` maps names of XML attributes to the text that says nothing new there.
        """
        used = self._used
        places = []
        for element in root.iter("*"):
            if not len(element) and (element.text or "").strip(WHITE) and (element, "") not in used:
                places.append(self._places.place(element))
            for name, text in element.items():
                if (
                    (element, name) not in used
                    and redundant.get(name) != text.strip(WHITE)
                    and text.strip(WHITE)
                    and not name.startswith(_SCHEMA_INSTANCE)
                ):
                    places.append(self._places.place(element, name))
        return tuple(places)


Fold = Callable[[Record, Reading], None]
"""What a format does to the record of one kind of group, after the table has filled it."""


def _says(text: str, constant: str) -> bool:
    """Whether a text is the constant, in any case, or the same truth value."""
    wanted = boolean(constant)
    return text.strip(WHITE).upper() == constant.upper() or (wanted is not None and boolean(text) is wanted)


def _open(record: Record, path: Iterable[str]) -> Record:
    for name in path:
        record = record.setdefault(name, {})
    return record
