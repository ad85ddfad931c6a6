"""A model becomes an element tree: the steps of a binding in their order, the same bytes for the same model.

A format's *arrangements* first bring the record of a group into the form the syntax has; they are the
counterparts of the folds of reading. What has no place is entered as a loss.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
from lxml import etree

from billingua.engine.binding import Attribute, Binding, Form, Step
from billingua.engine.document import Loss
from billingua.engine.locate import ROOT
from billingua.engine.numbers import plain
from billingua.engine.xml import Element

__all__ = ["Arrangement", "Marked", "Test", "Writing", "contents", "serialize"]


class Marked(NamedTuple):
    """A value with the attributes of its own element: their terms and texts."""

    value: Any
    attributes: Mapping[str, str | None]


class Writing:
    """One model on its way into an element tree.

    `tests` are the predicates that rows name with `?name`: of a value and the texts of its attributes. `name`
    is the wire format that is written.
    """

    def __init__(
        self,
        binding: Binding,
        arrangements: "Mapping[str, Arrangement]",
        tests: "Mapping[str, Test]",
        format_date: Callable[[date], str],
        name: str = "",
    ) -> None:
        self._binding = binding
        self._arrangements = arrangements
        self._tests = tests
        self._format_date = format_date
        self.name = name
        self._root: dict[str, Any] = {}
        self._kept: set[Element] = set()
        self.losses: list[Loss] = []

    def lose(self, term: str, value: object, where: str, why: str) -> None:
        """Enter a value that the syntax cannot carry; nothing is entered where there is none."""
        if value not in (None, "", ()):
            shown = plain(value) if isinstance(value, Decimal) else str(value)
            self.losses.append(Loss(term, shown, where, why))

    def write(self, model: msgspec.Struct, root: Element) -> None:
        """Fill the root element."""
        self._group(model, ROOT, root)
        for element in reversed(list(root.iter())):
            parent = element.getparent()
            if parent is not None and not (len(element) or element.text or element.attrib or element in self._kept):
                parent.remove(element)

    def _group(self, content: Any, kind: str, element: Element) -> None:
        record = contents(content)
        if kind == ROOT:
            self._root = record
        if kind in self._arrangements:
            self._arrangements[kind](record, self)
        for step in self._binding.steps.get(kind, ()):
            if step.group:
                for one in self._found(record, step.form) or ([None] if step.always else []):
                    made = self._make(element, step, fresh=True)
                    if step.always:
                        self._kept.add(made)
                    self._group(one, step.group, made)
            elif step.constant is not None:
                self._make(element, step).text = step.constant
            else:
                self._values(record, step, element)

    def _values(self, record: Mapping[str, Any], step: Step, element: Element) -> None:
        """Write a term: every value of it in an element of its own, with its attributes."""
        found = self._found(record, step.form)
        if not found and not step.attributes:
            return
        for number, item in enumerate(found or (None,)):
            value = item
            if isinstance(item, Marked):
                value = item.value
            elif item is not None and 0 < step.form.many < len(step.form.path):
                value = _fetch(item, step.form.path[step.form.many :])
            attributes = {}
            for attribute in step.attributes:
                text = self._attribute(attribute, item, record, step.form)
                if text is not None:
                    attributes[attribute.name] = text
            if value is None or value == "":
                if not step.test or self._tests[step.test]("", attributes):
                    self._lose_attributes(step, attributes)
                continue
            text = self._text(value)
            if step.test and not self._tests[step.test](text, attributes):
                continue
            made = self._make(element, step, fresh=number > 0 and not step.together)
            made.text = text
            for name, attribute_text in attributes.items():
                made.set(name, attribute_text)

    def _lose_attributes(self, step: Step, attributes: Mapping[str, str]) -> None:
        """Attributes of a value that is not there: a scheme without identifier, a unit without quantity."""
        for attribute in step.attributes:
            if attribute.name in attributes and attribute.text is None and not attribute.outside:
                where = self._binding.shape.get(attribute.term, "")
                self.lose(attribute.term, attributes[attribute.name], where, "the value it belongs to is missing")

    def _attribute(self, attribute: Attribute, item: Any, record: Mapping[str, Any], form: Form) -> str | None:
        if attribute.text is not None:
            return attribute.text
        if isinstance(item, Marked) and attribute.term in item.attributes:
            return item.attributes[attribute.term]
        if attribute.outside:
            value = _fetch(self._root, attribute.form.path)
        elif form.many and attribute.form.many == form.many:
            value = None if item is None else _fetch(item, attribute.form.path[form.many :])
        else:
            value = _fetch(record, attribute.form.path)
        return None if value in (None, "") else self._text(value)

    def _make(self, element: Element, step: Step, fresh: bool = False) -> Element:
        """The element of a step: its parents are those that stand open; a repeated value opens a new one."""
        if not step.tag:
            return element
        parents = step.parents
        for number, tag in enumerate(parents, 1):
            repeated = fresh and number == len(parents) and not step.group
            if repeated or not len(element) or element[-1].tag != tag:
                element = etree.SubElement(element, tag)
            else:
                element = element[-1]
        return etree.SubElement(element, step.tag)

    def _found(self, record: Mapping[str, Any], form: Form) -> Sequence[Any]:
        if form.many:
            return _fetch(record, form.path[: form.many]) or ()
        found = _fetch(record, form.path)
        if found is None:
            return ()
        return found if isinstance(found, list) else (found,)

    def _text(self, value: Any) -> str:
        match value:
            case str():
                return value
            case Decimal():
                return plain(value)
            case date():
                return self._format_date(value)
            case bytes():
                return base64.b64encode(value).decode("ascii")
            case _:
                return str(value)


Arrangement = Callable[[dict[str, Any], Writing], None]
"""What a format does to the record of one kind of group before the table writes it."""

Test = Callable[[str, Mapping[str, str]], bool]


def contents(content: Any) -> dict[str, Any]:
    """The attributes of a group that say something."""
    if content is None:
        return {}
    if isinstance(content, msgspec.Struct):
        content = {name: getattr(content, name) for name in content.__struct_fields__}
    return {name: value for name, value in content.items() if value is not None and value != ()}


def _fetch(record: Any, path: Iterable[str]) -> Any:
    for name in path:
        record = record.get(name) if isinstance(record, dict) else getattr(record, name, None)
        if record is None:
            return None
    return record


def serialize(root: Element) -> bytes:
    """The tree as UTF-8 with an XML declaration, indented by two spaces."""
    etree.indent(root, "  ")
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>\n'
        + etree.tostring(root, encoding="UTF-8", xml_declaration=False)
        + b"\n"
    )
