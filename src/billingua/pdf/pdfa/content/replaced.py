"""Which marked content has an ActualText in the logical structure."""

from collections.abc import Iterator

from billingua.pdf.pdfa.inspected import Inspected
from billingua.pdf.pdfa.values import Thing, array, dictionary, integer, string

__all__ = ["is_replaced", "parents_of"]


def parents_of(file: Inspected, holder: Thing) -> Thing:
    """The structure elements of the marked content of a page or form: an array by marked content identifier."""
    number = integer(holder.get("/StructParents"))
    return None if number is None else file.kept("parent tree", lambda: _parent_tree(file)).get(number)


def is_replaced(parents: Thing, identifier: int | None) -> bool:
    """Whether the structure element of a marked content has a text to stand for it."""
    if array(parents) is None or identifier is None or not 0 <= identifier < len(parents):
        return False
    element = dictionary(parents[identifier])
    return element is not None and string(element.get("/ActualText")) is not None


def _parent_tree(file: Inspected) -> dict[int, Thing]:
    root = dictionary(file.catalog.get("/StructTreeRoot"))
    return dict(_leaves(None if root is None else dictionary(root.get("/ParentTree")), 0))


def _leaves(node: Thing, deep: int) -> Iterator[tuple[int, Thing]]:
    """The entries of a number tree."""
    if node is None or deep > 50:
        return
    entries = array(node.get("/Nums")) or ()
    for at in range(0, len(entries) - 1, 2):
        number = integer(entries[at])
        if number is not None:
            yield number, entries[at + 1]
    for kid in array(node.get("/Kids")) or ():
        yield from _leaves(dictionary(kid), deep + 1)
