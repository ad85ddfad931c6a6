"""What the rules share: the elements of a report by their path."""

from datetime import date
from typing import Final

from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Group, Located
from billingua.engine.rule import Context
from billingua.engine.xml import tag_of
from billingua.rules.fr_flux10.table import steps

__all__ = ["Facts"]

_ROOT: Final = "Report"


class Facts:
    """`known` says whether the root is that of a report: of another one nothing is asked."""

    def __init__(self, located: Located, today: date) -> None:
        self.root = located.root.element
        self.group = located.root
        self.known = self.root.tag == _ROOT
        self.contexts: dict[Context, list[Group]] = {}

    @lazy
    def by_path(self) -> dict[str, list[Element]]:
        """The elements that rules are asked of, or that hold such, by the path from the root; in document order."""
        found: dict[str, list[Element]] = {"": [self.root]}
        for path, inside in steps().items():
            for element in found.get(path, ()):
                for child in element:
                    below = inside.get(tag_of(child))
                    if below is not None:
                        found.setdefault(below, []).append(child)
        return found
