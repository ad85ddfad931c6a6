"""From the invoice to the JSON of a service: each value has its place, or is named as lost."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from billingua.engine.document import Loss
from billingua.engine.pause import collector_paused
from billingua.errors import CannotExpress, InvalidModel
from billingua.formats.fa.mapping.ledger import shown
from billingua.model import Invoice, term_at, term_name
from billingua.remote.mapping.codecs import encoded
from billingua.remote.mapping.leaves import Leaf, leaves, placed
from billingua.remote.mapping.table import Row, Step, Table

__all__ = ["Written", "require_invoice", "write"]

_NO_PLACE: Final = "there is no key for it"
_TWO_PLACES: Final = "there is room for one"


class Written(NamedTuple):
    """The JSON of an invoice, numbers as Decimal, and every value of the invoice that it does not carry."""

    content: dict[str, Any]
    losses: tuple[Loss, ...]


class _Members(dict[tuple[int, int], dict[str, Any]]):
    """A list in the making: its members by rank and index."""


def write(
    table: Table,
    invoice: Invoice,
    *,
    allow_losses: bool,
    withheld: Mapping[str, str] | None = None,
    settled: Collection[str] = (),
    losses: Iterable[Loss] = (),
) -> Written:
    """The invoice as the table says.

    `withheld` are places of the model (`buyer_reference`) that are not written, each with the reason; `settled` those
    that the caller takes care of; `losses` what the caller has found lost already.

    Raises:
        CannotExpress: a value has no place and losses are not allowed, or cannot be left out.
        InvalidModel: a value is missing that the service requires.
    """
    with collector_paused():
        writing = _Writing(table, invoice)
        for leaf in writing.all:
            if leaf.attribute in settled:
                writing.taken.add(leaf.path)
            elif withheld and leaf.attribute in withheld:
                writing.lose(leaf, withheld[leaf.attribute])
        for row in sorted((row for row in table.rows if row.written), key=lambda row: row.each):
            writing.row(row)
        missing = [gap for row in table.rows if row.otherwise or row.needed for gap in writing.fill(row)]
        lost = [*losses, *writing.losses()]
    refused = [loss for loss in lost if loss.where in writing.refused]
    _check(table, lost, refused, allow_losses=allow_losses)
    if missing:
        raise InvalidModel(
            f"{table.title} needs {', '.join(dict.fromkeys(missing))}.",
            todo=f"Give the invoice what is missing. {table.instead}",
        )
    return Written(_finished(writing.content), tuple(lost))


def require_invoice(content: Any, title: str) -> Invoice:
    """What is to be written, if it is an invoice of EN 16931.

    Raises:
        InvalidModel: it is something else, such as the content of an FA(3) document.
    """
    if isinstance(content, Invoice):
        return content
    raise InvalidModel(
        f"{title} is written from an Invoice, not from {type(content).__name__}.",
        todo="Convert the document that it was read from.",
    )


def _check(table: Table, lost: Sequence[Loss], refused: Sequence[Loss], *, allow_losses: bool) -> None:
    """Refuse an invoice that is not carried whole.

    Raises:
        CannotExpress: something is refused, or lost although losses are not allowed.
    """
    found = refused if allow_losses else (*refused, *lost)
    if not found:
        return
    terms = list(dict.fromkeys(loss.term or loss.where for loss in found))
    first = found[0]
    todo = "" if refused else "Leave them out, or allow the losses. "
    raise CannotExpress(
        f"{table.title} has no place for {', '.join(terms)}; the first value is {first.value!r}: {first.why}.",
        where=first.where,
        todo=f"{todo}{table.instead}",
    )


class _Writing:
    """One invoice on its way."""

    def __init__(self, table: Table, invoice: Invoice) -> None:
        self.table = table
        self.all = list(leaves(invoice))
        self.content: dict[str, Any] = {}
        self.taken: set[str] = set()
        self.refused: set[str] = set()
        self._moved: set[str] = set()
        self._reasons: dict[str, str] = {}
        self._changed: dict[str, str] = {}
        self._withheld: set[str] = set()
        self._by_attribute: dict[str, list[Leaf]] = {}
        for leaf in self.all:
            self._by_attribute.setdefault(leaf.attribute, []).append(leaf)
        self._by_path = {leaf.path: leaf for leaf in self.all}

    def row(self, row: Row) -> None:
        """Write what a row says."""
        done: set[tuple[int, ...]] = set()
        for leaf in self._by_attribute.get(row.attribute, ()):
            if leaf.path in self._withheld or not self._fits(row, leaf):
                continue
            indices = self._indices(row, leaf)
            if row.implied is not None:
                self._imply(row, leaf)
            elif not row.path:
                self._reasons.setdefault(leaf.path, row.reason)
            elif indices is None or (row.moves and indices in done):
                self._reasons.setdefault(leaf.path, _TWO_PLACES)
            elif self._put(row, leaf, indices):
                done.add(indices)

    def _fits(self, row: Row, leaf: Leaf) -> bool:
        """Whether a row is for an identifier of this scheme, and no other row has it."""
        if leaf.group in self._moved and not row.moves:
            return False
        if self._of_scheme(row, leaf):
            return True
        if not row.moves:
            self._reasons.setdefault(leaf.path, "the service does not know its scheme")
        return False

    def _of_scheme(self, row: Row, leaf: Leaf) -> bool:
        """Whether an identifier is of the scheme that a row asks for."""
        if row.scheme is None:
            return True
        found = self._by_path.get(f"{leaf.group}.scheme_id")
        scheme = found.value if found else ""
        return scheme == row.scheme if row.moves else not scheme or scheme in self.table.words[row.scheme].words

    def _indices(self, row: Row, leaf: Leaf) -> tuple[int, ...] | None:
        """The indices of a value in the JSON; None where a row holds the first one alone, and this is another."""
        if not row.first:
            return leaf.indices[:-1] if row.moves and "[]" in row.attribute else leaf.indices
        return None if leaf.indices[-1] else leaf.indices[:-1]

    def _imply(self, row: Row, leaf: Leaf) -> None:
        """A value that the service takes as given: lost if it is another."""
        expected = str(leaf.indices[-1] + 1) if row.implied == "#" else row.implied
        if leaf.value == expected:
            self.taken.add(leaf.path)
        else:
            self.lose(leaf, f"{self.table.title} always means {expected} here", refused=row.refuse)

    def _put(self, row: Row, leaf: Leaf, indices: tuple[int, ...]) -> bool:
        """Write one value; False where there is no word for it."""
        value = leaf.value
        if row.form in self.table.words:
            value, exact = self.table.words[row.form].word(leaf.value)
            if not value:
                self._reasons.setdefault(leaf.path, f"{self.table.title} has no word for {leaf.value}")
                if row.refuse:
                    self.refused.add(leaf.path)
                return False
            if not exact:
                meant = self.table.words[row.form].codes.get(value, "another code")
                self._changed[leaf.path] = f"it becomes {value}, which stands for {meant}"
        self.taken.add(leaf.path)
        if row.moves:
            self._moved.add(leaf.group)
            self.taken.add(f"{leaf.group}.scheme_id")
        self._place(row, indices, value)
        return True

    def _place(self, row: Row, indices: tuple[int, ...], value: Any) -> None:
        """Put a value, and what belongs beside it, where a row says."""
        for holder in _holders(self.content, row.path[:-1], indices):
            holder[row.path[-1].name] = encoded(value, row.form or self.table.numbers)
            for key, other in row.beside:
                leaf = self._by_path.get(placed(other.attribute, indices[: other.attribute.count("[]")]))
                if leaf is not None and leaf.group not in self._moved:
                    holder[key] = leaf.value
                    self.taken.add(leaf.path)

    def fill(self, row: Row) -> Iterator[str]:
        """Enter what stands in for the values of a row that are not there; what is missing is returned by name."""
        for indices in list(_gaps(self.content, row.path, always=row.needed != "?")):
            stand_in = next((value for one in row.otherwise if (value := self._stand_in(one)) is not None), None)
            if stand_in is not None:
                self._place(row, indices, stand_in)
            elif row.needed:
                yield f"{row.term} {term_name(row.term)} ({placed(row.attribute, indices)})"

    def _stand_in(self, row: Row) -> Any:
        """The value that a row of a stand-in means."""
        if row.implied is not None:
            return Decimal(row.implied)
        fitting = (leaf.value for leaf in self._by_attribute.get(row.attribute, ()) if self._of_scheme(row, leaf))
        return next(fitting, None)

    def lose(self, leaf: Leaf, why: str, *, refused: bool = False) -> None:
        """Note that a value is lost, whatever other rows say."""
        self._changed[leaf.path] = why
        self._withheld.add(leaf.path)
        if refused:
            self.refused.add(leaf.path)

    def losses(self) -> Iterator[Loss]:
        """Every value that has no place, or one that does not say quite the same."""
        for leaf in self.all:
            why = self._changed.get(leaf.path) or (
                "" if leaf.path in self.taken else self._reasons.get(leaf.path, _NO_PLACE)
            )
            if why:
                yield Loss(_term_of(leaf), shown(leaf.value), leaf.path, why)


def _term_of(leaf: Leaf) -> str:
    found = term_at(leaf.path)
    return found.id if found else ""


def _holders(node: dict[str, Any], steps: Sequence[Step], indices: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The objects at a path, made where they are not there."""
    if not steps:
        yield node
        return
    step, *rest = steps
    if step.choice is None:
        yield from _holders(node.setdefault(step.name, {}), rest, indices)
        return
    members = node.setdefault(step.name, _Members())
    if step.choice == "*":
        for member in list(members.values()) or [members.setdefault((0, 0), {})]:
            yield from _holders(member, rest, indices)
        return
    index = indices[0] if step.running else step.number
    member = members.get((step.rank, index))
    if member is None:
        member = members[step.rank, index] = {}
        if step.chosen:
            *groups, last = step.keys
            next(_holders(member, [Step(name) for name in groups], ()))[last] = _TRUTH.get(step.chosen, step.chosen)
    yield from _holders(member, rest, indices[step.running :])


def _gaps(
    node: dict[str, Any], steps: Sequence[Step], indices: tuple[int, ...] = (), *, always: bool
) -> Iterator[tuple[int, ...]]:
    """The indices at which a path leads to nothing: below objects that are there, or `always`."""
    step, *rest = steps
    inner = node.get(step.name)
    if not rest:
        if inner is None:
            yield indices
    elif step.choice is None:
        if inner is not None or always:
            yield from _gaps(inner or {}, rest, indices, always=always)
    else:
        members = [(key, one) for key, one in (inner or {}).items() if _is_of(step, key)]
        for (_, index), one in members or ([((0, 0), {})] if always else []):
            yield from _gaps(one, rest, (*indices, index) if step.running else indices, always=always)


def _is_of(step: Step, key: tuple[int, int]) -> bool:
    """Whether a member of a list is among those that a step means."""
    rank, index = key
    if step.choice == "*":
        return True
    return rank == step.rank and (step.running or index == step.number)


_TRUTH: Final = {"true": True, "false": False}


def _finished(node: Any) -> Any:
    """The same with lists for members."""
    if isinstance(node, _Members):
        return [_finished(node[key]) for key in sorted(node)]
    return {name: _finished(one) for name, one in node.items()} if isinstance(node, dict) else node
