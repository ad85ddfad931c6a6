"""Where something stands in a document: paths and lines."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from billingua.engine.xml import Element, qualified, tag_of

__all__ = ["Place", "Places", "Positions"]


class Place(NamedTuple):
    """Something that stands in a document: path (with `/@name` for an attribute), line and text."""

    path: str
    line: int | None
    text: str


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
