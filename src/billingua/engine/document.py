"""A document that was read: its content, where each value stood, and what found no place in the content."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from billingua.engine.xml import Element, qualified, tag_of
from billingua.errors import CannotExpress

__all__ = ["Document", "Loss", "Place", "Places", "Positions", "hand_over"]

Content = TypeVar("Content")


class Place(NamedTuple):
    """Something that stands in a document: path (with `/@name` for an attribute), line and text."""

    path: str
    line: int | None
    text: str


class Loss(NamedTuple):
    """A value that a conversion did not take over: its term ("" if none), the value, where, and why."""

    term: str
    value: str
    where: str
    why: str


def hand_over(found: Sequence[Loss], losses: list[Loss] | None, title: str) -> None:
    """Enter what a format (`title`) has no place for in `losses`.

    Raises:
        CannotExpress: there is something, and no such list was given.
    """
    if losses is not None:
        losses += found
    elif found:
        first = found[0]
        raise CannotExpress(
            f"{title} has no place for {first.term} {first.value!r}: {first.why}.",
            where=first.where,
            todo="Leave it out, or convert the document and look at the losses.",
        )


class Document(NamedTuple, Generic[Content]):
    """One document: the wire format and profile it has, its content, and what else it says.

    `positions` leads from a path in the content (`lines[3].item.name`) to line and path in the file;
    `unmapped` lists the values for which the content has no attribute.
    """

    format: str
    profile: str | None
    content: Content
    unmapped: tuple[Place, ...]
    positions: Mapping[str, tuple[int | None, str]]


class Places:
    """Paths of elements in one document; the children of an element are counted once."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self._steps: dict[Element, str] = {}
        self._counted: set[Element] = set()

    def path(self, element: Element, attribute: str = "") -> str:
        """Where an element or its attribute stands: `/Invoice/cac:InvoiceLine[2]/cbc:ID[1]/@schemeID`."""
        steps = [f"@{qualified(attribute, self.prefixes)}"] if attribute else []
        node: Element | None = element
        while node is not None:
            parent = node.getparent()
            if parent is None:
                steps.append(qualified(tag_of(node), self.prefixes))
            else:
                if parent not in self._counted:
                    self._count(parent)
                steps.append(self._steps[node])
            node = parent
        return "/" + "/".join(reversed(steps))

    def place(self, element: Element, attribute: str = "") -> Place:
        """Path, line and text of an element or attribute."""
        text = element.get(attribute) if attribute else element.text
        return Place(self.path(element, attribute), element.sourceline, text or "")

    def _count(self, parent: Element) -> None:
        self._counted.add(parent)
        counts: dict[str, int] = {}
        for child in parent:
            tag = tag_of(child)
            counts[tag] = number = counts.get(tag, 0) + 1
            self._steps[child] = f"{qualified(tag, self.prefixes)}[{number}]"


class Positions(Mapping[str, tuple[int | None, str]]):
    """Path in the content -> line and path in the file. The paths are made when they are asked for."""

    def __init__(self, values: Mapping[str, tuple[Element, str]], places: Places) -> None:
        self._values = values
        self._places = places

    def __getitem__(self, path: str) -> tuple[int | None, str]:
        element, attribute = self._values[path]
        return element.sourceline, self._places.path(element, attribute)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)
