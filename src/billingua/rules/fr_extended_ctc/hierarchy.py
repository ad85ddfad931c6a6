"""Lines below others: which stand below one, and whether the one above is there. Both syntaxes ask the same."""

from collections.abc import Iterable
from typing import NamedTuple

from billingua.engine.locate import Element
from billingua.rules.elements import Elements

__all__ = ["Hierarchy", "Placed"]


class Placed(NamedTuple):
    """A line, its own identifiers, and those of the lines above it, as they are written."""

    line: Element
    numbers: tuple[str, ...]
    parents: tuple[str, ...]


class Hierarchy:
    """The lines that stand beside each other, by their identifiers."""

    def __init__(self, lines: Iterable[Placed]) -> None:
        self._numbered: dict[str, set[tuple[str, ...]]] = {}
        self._below: dict[str, dict[Element, None]] = {}
        self._order: dict[Element, int] = {}
        for place, (line, numbers, parents) in enumerate(lines):
            self._order[line] = place
            for number in numbers:
                self._numbered.setdefault(number, set()).add(numbers)
            for parent in parents:
                self._below.setdefault(parent, {})[line] = None

    def has_above(self, numbers: Iterable[str], parents: Iterable[str]) -> bool:
        """Whether one of the identifiers `parents` is that of another line than the one with `numbers`."""
        return any(
            own != number
            for parent in parents
            for other in self._numbered.get(parent, ())
            for own in other
            for number in numbers
        )

    def below(self, numbers: Iterable[str]) -> Elements:
        """The lines that name one of the identifiers as that of the line above them, in order."""
        found = [line for number in set(numbers) for line in self._below.get(number, ())]
        return sorted(dict.fromkeys(found), key=self._order.__getitem__)
