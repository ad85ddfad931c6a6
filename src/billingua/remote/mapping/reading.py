"""From the JSON of a service to the invoice: tolerant of what it does not know, strict about what cannot be."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from billingua.engine.kinds import attribute_kinds
from billingua.engine.numbers import plain
from billingua.engine.pause import collector_paused
from billingua.engine.places import Place
from billingua.errors import InvalidModel
from billingua.model import Identifier, Invoice
from billingua.model.base import Refused
from billingua.remote.mapping.codecs import decoded, shown
from billingua.remote.mapping.json import encode
from billingua.remote.mapping.leaves import placed
from billingua.remote.mapping.table import VALUE, Node, Row, Step, Table, spellings

__all__ = ["ReadInvoice", "read"]

_Indices = tuple[int, ...]
_Nodes = list[tuple[Node, _Indices]]

_BEFORE_ALL = -1
"""The index of a member whose place is not among the others."""


class ReadInvoice(NamedTuple):
    """The invoice that a JSON describes, and every value of it that the invoice has no attribute for."""

    invoice: Invoice
    unmapped: tuple[Place, ...]


class _Hit(NamedTuple):
    """One value of the JSON and the row that it is of."""

    row: Row
    indices: _Indices
    path: str
    value: Any


def read(table: Table, content: Any) -> ReadInvoice:
    """The invoice that a decoded JSON object describes, as the table says.

    Raises:
        InvalidModel: a value cannot be of its type, or two places of one term differ.
    """
    if not isinstance(content, dict):
        raise InvalidModel(f"{table.title} is an object, not {shown(content)}.", todo="Give the invoice alone.")
    reading = _Reading(table)
    with collector_paused():
        try:
            reading.walk([(table.root, ())], content, "")
        except RecursionError:
            raise InvalidModel(f"{table.title} is nested too deeply.", todo="Look at what the service sent.") from None
        return reading.finish()


class _Reading:
    """One JSON object on its way."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._hits: list[_Hit] = []
        self._unmapped: list[Place] = []
        self._values: dict[tuple[str, _Indices], Any] = {}
        self._places: dict[str, str] = {}

    def walk(self, nodes: _Nodes, value: Any, path: str) -> None:
        """Enter every value below a place."""
        if _is_nothing(value) or any(node.passed for node, _ in nodes):
            return
        listed = any(node.choices for node, _ in nodes)
        if listed or isinstance(value, list):
            self._walk_list(nodes, value if isinstance(value, list) else [value], path, listed=listed)
        elif isinstance(value, dict):
            for key, one in value.items():
                inner = [(node.names[key], indices) for node, indices in nodes if key in node.names]
                self.walk_or_leave(inner, one, f"{path}.{key}" if path else str(key))
        elif found := [(row, indices) for node, indices in nodes for row in node.rows]:
            self._hits += [_Hit(row, indices, path, value) for row, indices in found]
        else:
            wrapped = [(node.names[VALUE], indices) for node, indices in nodes if VALUE in node.names]
            self.walk_or_leave(wrapped, value, path)

    def walk_or_leave(self, nodes: _Nodes, value: Any, path: str) -> None:
        """Enter what the table knows; list the rest as unmapped."""
        if nodes:
            self.walk(nodes, value, path)
        else:
            self._leave(path, value)

    def _walk_list(self, nodes: _Nodes, members: Sequence[Any], path: str, *, listed: bool) -> None:
        """Enter the members of a list; where the table has none, a single member stands for itself."""
        spent: set[Step] = set()
        for number, member in enumerate(members):
            where = f"{path}[{number}]"
            if listed:
                self.walk_or_leave(list(_chosen(nodes, member, number, spent)), member, where)
            else:
                self.walk_or_leave(nodes if len(members) == 1 else [], member, where)

    def _leave(self, path: str, value: Any) -> None:
        if not _is_nothing(value):
            text = value if isinstance(value, str) else encode(value).decode()
            self._unmapped.append(Place(path, None, text))

    def finish(self) -> ReadInvoice:
        """The invoice, once every value is entered."""
        left = {hit.path: hit.value for hit in self._hits}
        for hit in sorted(self._hits, key=lambda hit: (hit.row.second, hit.row.each)):
            if self._enter(hit):
                left.pop(hit.path, None)
        for path, value in left.items():
            self._leave(path, value)
        for row in self._table.rows:
            for one in row.otherwise:
                self._drop(row, one)
        self._imply()
        return ReadInvoice(self._build(Invoice, self._record()) or Invoice(), tuple(self._unmapped))

    def _enter(self, hit: _Hit) -> bool:
        """Enter one value; False where the invoice has another one, which counts for more, or its word is unknown."""
        row = hit.row
        value = decoded(hit.value, str if row.form in self._table.words else row.kind, hit.path)
        if row.form in self._table.words:
            codes = self._table.words[row.form].codes
            if value not in codes:
                return False
            value = codes[value]
        if value == "":
            return True
        lists = row.attribute.count("[]")
        indices = hit.indices[:lists]
        if len(indices) < lists:
            indices = (*indices, 0 if row.first else _BEFORE_ALL)
        key = (row.attribute, indices)
        known = self._values.setdefault(key, value)
        self._places.setdefault(placed(*key), hit.path)
        if known != value:
            if row.second or row.each:
                return False
            raise self._differing(key, known, hit)
        if row.moves and row.scheme:
            self._values.setdefault((_scheme(row.attribute), indices), row.scheme)
        return True

    def _differing(self, key: tuple[str, _Indices], known: Any, hit: _Hit) -> InvalidModel:
        other = self._places[placed(*key)]
        return InvalidModel(
            f"{hit.row.term} is {shown(hit.value)} here, but {shown(known)} at {other}.",
            where=hit.path,
            todo="Both places must say the same.",
        )

    def _drop(self, row: Row, stand_in: Row) -> None:
        """Take out what only stood in for a value that is not there."""
        for key in [key for key in self._values if key[0] == row.attribute]:
            value = self._values[key]
            if stand_in.implied is not None:
                alike = isinstance(value, Decimal) and plain(value) == stand_in.implied
            else:
                alike = any(value == one for (place, _), one in self._values.items() if place == stand_in.attribute)
                alike = alike and (_scheme(row.attribute), key[1]) not in self._values
            if alike:
                del self._values[key]

    def _imply(self) -> None:
        """Enter what the service takes as given."""
        for row in self._table.rows:
            if row.implied is None or row.path:
                continue
            group = row.attribute.rpartition(".")[0]
            if row.implied != "#":
                self._values.setdefault((row.attribute, ()), row.implied)
                continue
            members = {key[1][0] for key in self._values if key[0].startswith(f"{group}.")}
            for number, index in enumerate(sorted(members), 1):
                self._values[row.attribute, (index,)] = str(number)

    def _record(self) -> dict[str, Any]:
        """The values as nested records; lists are records by index."""
        root: dict[Any, Any] = {}
        for (attribute, indices), value in self._values.items():
            record, left = root, iter(indices)
            *groups, name = attribute.split(".")
            for group in groups:
                record = record.setdefault(group.removesuffix("[]"), {})
                if group.endswith("[]"):
                    record = record.setdefault(next(left), {})
            record[name] = value
        return root

    def _build(self, kind: type[msgspec.Struct], record: dict[Any, Any], path: str = "") -> Any:
        """A record as an instance of a model class; None where it holds nothing."""
        kinds = attribute_kinds(kind)
        found: dict[str, Any] = {}
        for name, value in record.items():
            where = f"{path}.{name}" if path else name
            if not isinstance(value, dict):
                found[name] = value
            elif all(isinstance(key, int) for key in value):
                members = (self._build(kinds[name], value[key], f"{where}[{key}]") for key in sorted(value))
                found[name] = tuple(dict.fromkeys(members) if kinds[name] is Identifier else members)
            else:
                found[name] = self._build(kinds[name], value, where)
        try:
            return kind(**found) if found else None
        except Refused as error:
            where = f"{path}.{error.attribute}" if path else error.attribute
            raise InvalidModel(error.what, where=self._places.get(where, where), todo=error.todo) from None


def _is_nothing(value: Any) -> bool:
    """Whether a JSON value says nothing: null, empty, or made of such values."""
    if isinstance(value, dict | list):
        return all(map(_is_nothing, value.values() if isinstance(value, dict) else value))
    return value is None or value == ""


def _scheme(attribute: str) -> str:
    """The place of the scheme of an identifier."""
    return f"{attribute.removesuffix('.value')}.scheme_id"


def _chosen(nodes: _Nodes, member: Any, number: int, spent: set[Step]) -> Iterator[tuple[Node, _Indices]]:
    """What a member of a list may be: one of each in turn, the first, any, or one that says which it is."""
    matched = None
    for node, indices in nodes:
        for step, inner in node.choices.items():
            if step.chosen:
                said = _said(member, step)
                if said not in ("", step.chosen) or matched not in (None, (*step.keys, step.chosen)):
                    continue
                if not step.running and step in spent:
                    continue
                matched = (*step.keys, step.chosen)
                spent.add(step)
            elif (step.choice or "").isdigit() and step.number != number:
                continue
            yield inner, (*indices, number) if step.running else indices


def _said(member: Any, step: Step) -> str:
    """The text that tells which member of a list this is; "" where it does not say."""
    for name in step.keys:
        known = member if isinstance(member, dict) else {}
        member = next((known[key] for key in (name, *spellings(name)) if key in known), None)
    return str(member).lower() if isinstance(member, bool) else str(member or "")
