"""The resources a content stream names, and which of them are not its own."""

from typing import Final

import pikepdf

from billingua.pdf.pdfa.content.spaces import DEFAULTS, Space, space_named
from billingua.pdf.pdfa.values import Thing, dictionary

__all__ = ["Resources", "of_page"]

_NONE: Final = pikepdf.Dictionary()


class Resources:
    """Where a content stream looks names up: its own dictionary, then that of the page.

    `borrowed` gathers the names that are found, but not in a dictionary of the stream's own (6.2.2).
    """

    __slots__ = ("_spaces", "borrowed", "inherited", "own", "page")

    def __init__(self, page: Thing, own: Thing = None, *, inherited: bool = False) -> None:
        self.page = page
        self.own = own
        self.inherited = inherited
        self.borrowed: dict[str, None] = {}
        self._spaces: dict[str, Space | None] = {}

    def of(self, holder: Thing) -> "Resources":
        """Those of a form, a pattern or a Type 3 font that the stream uses."""
        return Resources(self.page, dictionary(holder.get("/Resources")) or _NONE)

    @property
    def nearest(self) -> Thing:
        return self.page if self.own is None else self.own

    def find(self, category: str, name: str) -> Thing:
        """What a name stands for: `find("/Font", "F1")`."""
        if self.own is not None:
            found = _entry(self.own, category, name)
            if found is None:
                found = self._lent(_entry(self.page, category, name), name)
            return found
        found = _entry(self.page, category, name)
        return self._lent(found, name) if self.inherited else found

    def space(self, name: str) -> Space | None:
        """The colour space of a name; a device space may have a default to stand for it."""
        if name not in self._spaces:
            self._spaces[name] = self._space(name)
        return self._spaces[name]

    def _space(self, name: str) -> Space | None:
        default = DEFAULTS.get(name)
        if default and _entry(self.nearest, "/ColorSpace", default) is not None:
            return space_named(default, self.nearest, defaulted=True)
        found = space_named(name, self.nearest)
        if self.own is None:
            return self._lent(found, name) if self.inherited and not _device(found) else found
        return found or self._lent(space_named(name, self.page), name)

    def _lent(self, found: Thing, name: str) -> Thing:
        if found is not None:
            self.borrowed[name] = None
        return found


def _device(space: Space | None) -> bool:
    return space is None or space.kind in DEFAULTS


def _entry(resources: Thing, category: str, name: str) -> Thing:
    if resources is None:
        return None
    group = dictionary(resources.get(category))
    return None if group is None else group.get(f"/{name}")


def of_page(page: Thing) -> Resources:
    """Those of a page; they may stand on a node above it."""
    node, seen = page, 0
    while node is not None and seen < 100:
        found = dictionary(node.get("/Resources"))
        if found is not None:
            return Resources(found, inherited=seen > 0)
        node, seen = dictionary(node.get("/Parent")), seen + 1
    return Resources(None)
