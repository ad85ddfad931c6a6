"""What a conversion has taken of a model, so that the rest can be named as lost."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.model import Invoice, term_at
from billingua.model.base import Group

__all__ = ["Ledger", "View", "shown"]


def shown(value: object) -> str:
    """A value as a loss names it."""
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)


class Ledger:
    """The values of a model by path (`lines[3].item.name`): which of them were taken, and why others were not."""

    def __init__(self, content: Group) -> None:
        self.content = content
        self._kind = None if isinstance(content, Invoice) else type(content)
        self._taken: set[str] = set()
        self._reasons: dict[str, str] = {}

    @property
    def root(self) -> "View":
        """The model itself."""
        return View(self, self.content, "")

    def term(self, path: str) -> str:
        """The term (or element) at a path; "" where the model has none there."""
        found = term_at(path, self._kind)
        return found.id if found else ""

    def take(self, path: str) -> None:
        """Note that the value at a path has its place in the target."""
        self._taken.add(path)

    def lose(self, path: str, why: str) -> None:
        """Note that the value at a path is lost, as a whole or in part."""
        self._reasons.setdefault(path, why)

    def losses(self, why: str) -> Iterator[Loss]:
        """Every value that was noted as lost, and every one that was not taken: for the latter the reason is `why`."""
        for path, value in _leaves(self.content, ""):
            reason = self._reasons.get(path) or ("" if path in self._taken else why)
            if reason:
                yield Loss(self.term(path), shown(value), path, reason)


def _leaves(group: msgspec.Struct, path: str) -> Iterator[tuple[str, Any]]:
    """Every value of a model with its path; what is as by default is none."""
    for name, default in _defaults(type(group)):
        value = getattr(group, name)
        if value is default or value == default:
            continue
        where = f"{path}{name}"
        if isinstance(value, msgspec.Struct):
            yield from _leaves(value, f"{where}.")
        elif isinstance(value, tuple):
            for index, one in enumerate(value):
                if isinstance(one, msgspec.Struct):
                    yield from _leaves(one, f"{where}[{index}].")
                elif one:
                    yield f"{where}[{index}]", one
        elif value != "":
            yield where, value


@cache
def _defaults(kind: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    return [(field.name, field.default) for field in msgspec.structs.fields(kind)]


class View:
    """One group of a model, or its absence: what is asked of it is entered in the ledger."""

    __slots__ = ("_group", "_ledger", "_path")

    def __init__(self, ledger: Ledger, group: Group | None, path: str) -> None:
        self._ledger = ledger
        self._group = group
        self._path = path

    def __bool__(self) -> bool:
        return self._group is not None

    def at(self, name: str = "") -> str:
        """The path of an attribute, or of the group itself."""
        if not name:
            return self._path
        return f"{self._path}.{name}" if self._path else name

    def knows(self, name: str) -> bool:
        """Whether groups of this class have such an attribute."""
        return hasattr(self._group, name)

    def term(self, name: str) -> str:
        """The term of an attribute."""
        return self._ledger.term(self.at(name))

    def see(self, name: str) -> Any:
        """The value of an attribute, without taking it; None where there is none."""
        value = None if self._group is None else getattr(self._group, name)
        return None if value == "" else value

    def take(self, name: str) -> Any:
        """The value of an attribute, which now has its place in the target."""
        value = self.see(name)
        if value is not None:
            self._ledger.take(self.at(name))
        return value

    def take_entry(self, name: str, index: int) -> None:
        """Note that one text of an attribute that holds several has its place in the target."""
        self._ledger.take(f"{self.at(name)}[{index}]")

    def one(self, name: str) -> "View":
        """The group of an attribute."""
        return View(self._ledger, self.see(name), self.at(name))

    def all(self, name: str) -> "list[View]":
        """The groups of an attribute that holds several."""
        found = self.see(name) or ()
        return [View(self._ledger, one, f"{self.at(name)}[{index}]") for index, one in enumerate(found)]

    def lose(self, name: str, why: str) -> None:
        """Note that the value of an attribute is lost, even if something of it was taken."""
        if self.see(name) is not None:
            self._ledger.lose(self.at(name), why)

    def lose_all(self, why: str) -> None:
        """Note that every value of the group is lost."""
        for path, _ in _leaves(self._group, f"{self._path}." if self._path else "") if self._group else ():
            self._ledger.lose(path, why)

    def take_all(self) -> None:
        """Note that every value of the group has its place in the target."""
        for path, _ in _leaves(self._group, f"{self._path}." if self._path else "") if self._group else ():
            self._ledger.take(path)
