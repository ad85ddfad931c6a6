"""Rules that are asked of elements, one by one: for rule sets that follow paths."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Group, Located
from billingua.engine.rule import NotAsked

__all__ = ["Around", "Ask", "broken"]

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


class Around:
    """The groups of a document by their elements: a finding about an element shows the terms of the group around it."""

    def __init__(self, located: Located) -> None:
        self._located = located

    def group(self, element: Element) -> Group:
        """The innermost group that the walk opened for an element or around it."""
        around: Element | None = element
        while around is not None:
            group = self._groups.get(around)
            if group is not None:
                return group
            around = around.getparent()
        return self._located.root

    @lazy
    def _groups(self) -> dict[Element, Group]:
        kinds = sorted(self._located.kinds(), key=_is_business_group)
        return {group.element: group for kind in kinds for group in self._located.all(kind)}


def _is_business_group(kind: str) -> bool:
    return kind.startswith("BG-")
