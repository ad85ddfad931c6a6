"""What the rules of one document share: the elements that steps lead to."""

from datetime import date

from billingua.engine.lazy import lazy
from billingua.engine.locate import Group, Located
from billingua.engine.rule import Context
from billingua.rules.elements import ROOTS, Elements, by_tag, inside, tag_of_step

__all__ = ["Facts"]


class Facts:
    """`known` says whether the root is that of an invoice: of another one nothing is asked."""

    def __init__(self, located: Located, today: date) -> None:
        self.root = located.root.element
        self.group = located.root
        self.known = self.root.tag in ROOTS
        self.contexts: dict[Context, list[Group]] = {}
        self._found: dict[str, Elements] = {}

    def at(self, where: str) -> Elements:
        """The elements that a place of the table names."""
        if where not in self._found:
            self._found[where] = [one for place in where.split() for one in self._at(place)]
        return self._found[where]

    def _at(self, place: str) -> Elements:
        if place == ".":
            return [self.root]
        steps, _, tags = place.partition("//")
        if not tags:
            return inside(self.root, steps)
        wanted = [tag_of_step(tag) for tag in tags.split(",")]
        if not steps:
            return [one for tag in wanted for one in self._by_tag.get(tag, ())]
        return [one for around in inside(self.root, steps) for one in around.iter(*wanted)]

    @lazy
    def _by_tag(self) -> dict[object, Elements]:
        return by_tag(self.root)
