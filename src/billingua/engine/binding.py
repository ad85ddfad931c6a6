"""A format's table as a plan for both directions: which attribute a row fills, and is written from.

A table names terms; a *shape* says where each term stands in the model: `lines[].price.net_price`. Every id
that the table and the shape share is bound without code. What they do not share is handed to the format by
its id, for a value that needs more than a row can say: helper terms, and the ids that the format asks to
`keep`.

Nothing here knows a business term, a format or a country.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from billingua.engine.locate import ROOT, Condition, Locator, Row
from billingua.resources import cells_of

__all__ = ["Binding", "Bound", "Entry", "Form", "Step", "read_table"]


class Entry(NamedTuple):
    """One line of a table: the row that locates a term, and what writing needs besides.

    `attributes` pairs the name of an XML attribute with a term, or with a text in apostrophes that it always
    has. `written` is one of: "" (as located), `=text` (a constant), `-` (never), `!` (always, even if empty),
    `+` (all values in one parent), `?name` (only if the test of that name holds for the value), or another path.
    `root` limits it to one root element, `profile` to documents in the extended profiles (`extended`) or in all
    others (`core`).
    """

    row: Row
    attributes: tuple[tuple[str, str], ...] = ()
    written: str = ""
    root: str = ""
    profile: str = ""


def read_table(text: str) -> list[Entry]:
    """The lines of a table: columns group, term, path, when, attributes, written, root, profile; `#` comments."""
    entries = []
    for cells in cells_of(text):
        group, term, path, when, attributes, written, root, profile = (*cells, "", "", "", "", "")[:8]
        pairs = tuple((name, value) for name, _, value in (item.partition("=") for item in attributes.split()))
        entries.append(Entry(Row(group, term, path, when), pairs, written, root, profile))
    return entries


def _anchored(entry: Entry) -> Entry:
    """The entry with the path it is written at: a model has nothing that stands just anywhere (`//`)."""
    if entry.written[:1] in ("", "=", "-", "!", "+", "?"):
        return entry
    return entry._replace(row=entry.row._replace(path=entry.written), written="")


class Form(NamedTuple):
    """Where a term or group stands in the record of the group it was found in.

    `path` leads to it through nested records. `many` is the number of steps after which a list stands, 0 for
    none; `kept` marks an id that the format deals with itself: the path is the id, and every occurrence is
    there.
    """

    path: tuple[str, ...]
    many: int = 0
    kept: bool = False


class Step(NamedTuple):
    """One row as writing sees it: what is made below the element of its group.

    `parents` and `tag` are the elements ("" when it is the group's own); `group` is the kind of a group row.
    """

    form: Form
    parents: tuple[str, ...]
    tag: str
    group: str = ""
    attributes: "tuple[Attribute, ...]" = ()
    constant: str | None = None
    test: str = ""
    always: bool = False
    together: bool = False


class Bound(NamedTuple):
    """A term as reading sees it: where it goes, its constant text (None if any), its attributes."""

    form: Form
    constant: str | None
    attributes: "list[Attribute]"


class Attribute(NamedTuple):
    """An XML attribute: a constant text, or the value of a term in the record (of the root if `outside`)."""

    name: str
    term: str
    text: str | None
    form: Form
    outside: bool


class Binding:
    """The plan of one table for one root element: made once, shared by all documents."""

    def __init__(
        self,
        entries: Iterable[Entry],
        namespaces: Mapping[str, str],
        conditions: Mapping[str, Condition],
        shape: Mapping[str, str],
        kept: frozenset[str],
        root: str,
        repeated: Sequence[str] = (),
    ) -> None:
        self.entries = [_anchored(entry) for entry in entries if entry.root in ("", root)]
        self.locator = Locator([entry.row for entry in self.entries], namespaces, conditions, repeated=repeated)
        self._namespaces = namespaces
        self._kept = kept
        self._forms: dict[tuple[str, str], Form] = {}
        self._lists = {path for path in shape.values() if path.endswith("[]")}
        self.shape = shape
        self.terms: dict[str, dict[object, Bound]] = {ROOT: {}}
        self.steps: dict[str, list[Step]] = {ROOT: []}
        for entry in self.entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        row, written = entry.row, entry.written
        parent, path = row.group, row.path
        if path.startswith("/") or row.term == "*":
            parent, _, path = path.partition("/")
            parent = parent or ROOT
        term = row.term if row.term != "*" else row.group
        form = self.form(parent, term)
        attributes = [self._attribute(parent, name, value) for name, value in entry.attributes]
        constant = written[1:] if written.startswith("=") else None
        if row.term != "*":
            bound = self.terms.setdefault(row.group, {}).setdefault(term, Bound(form, constant, []))
            bound.attributes.extend(one for one in attributes if one not in bound.attributes)
        if written == "-":
            return
        *parents, tag = self._tags(path) or ("",)
        self.steps.setdefault(parent, []).append(
            Step(
                form=form,
                parents=tuple(parents),
                tag=tag,
                group=row.group if row.term == "*" else "",
                attributes=tuple(attributes),
                constant=constant,
                test=written[1:] if written.startswith("?") else "",
                always=written == "!",
                together=written == "+",
            )
        )

    def _tags(self, path: str) -> list[str]:
        steps = [step.partition(":") for step in path.split("/") if step not in ("", ".")]
        return [f"{{{self._namespaces[prefix]}}}{name}" for prefix, _, name in steps]

    def _attribute(self, group: str, name: str, value: str) -> Attribute:
        if value.startswith("'"):
            return Attribute(name, "", value.strip("'"), Form(()), False)
        form = self.form(group, value)
        if form.kept and value in self.shape and "." not in self.shape[value]:
            return Attribute(name, value, None, self.form(ROOT, value), True)
        return Attribute(name, value, None, form, False)

    def form(self, group: str, term: str) -> Form:
        """Where a term or an inner group stands in the record of a group."""
        found = self._forms.get((group, term))
        if found is None:
            found = self._forms[group, term] = self._form(group, term)
        return found

    def _form(self, group: str, term: str) -> Form:
        path = self.shape.get(term, "")
        prefix = self.shape.get(group, "")
        if path and prefix:
            path = path[len(prefix) + 1 :] if path.startswith(f"{prefix}.") else ""
        steps = path.split(".")
        many = next((number for number, step in enumerate(steps, 1) if step.endswith("[]")), 0)
        inside = many and many < len(steps) and f"{prefix}.{'.'.join(steps[:many])}".strip(".") in self._lists
        if not path or term in self._kept or inside or sum(step.endswith("[]") for step in steps) > 1:
            return Form((term,), kept=True)
        return Form(tuple(step.removesuffix("[]") for step in steps), many)
