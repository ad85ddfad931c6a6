"""Rules that are asked of elements, one by one: for rule sets that follow paths."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from billingua.engine.locate import Element
from billingua.engine.rule import NotAsked

__all__ = ["Ask", "broken"]

Facts = TypeVar("Facts")


class Ask(NamedTuple, Generic[Facts]):
    """A rule, the elements that it is asked of, and whether it is kept by one. Both know what its rule set shares."""

    rule: str
    where: Callable[[Facts], Iterable[Element]]
    kept: Callable[[Element, Facts], bool]


def broken(asks: Iterable[Ask[Facts]], facts: Facts) -> Iterator[tuple[str, Element]]:
    """Each rule that an element does not keep. Where a value cannot be read, a rule is not asked."""
    for rule, where, kept in asks:
        for element in where(facts):
            try:
                if kept(element, facts):
                    continue
            except NotAsked:
                continue
            yield rule, element
