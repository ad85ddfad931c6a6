"""What the rules share: the root of a report."""

from datetime import date
from typing import Final

from billingua.engine.locate import Group, Located
from billingua.engine.rule import Context

__all__ = ["Facts"]

_ROOT: Final = "Report"


class Facts:
    """`known` says whether the root is that of a report: of another one nothing is asked."""

    def __init__(self, located: Located, today: date) -> None:
        self.root = located.root.element
        self.group = located.root
        self.known = self.root.tag == _ROOT
        self.contexts: dict[Context, list[Group]] = {}
