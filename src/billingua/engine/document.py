"""A document that was read: its content, where each value stood, and what found no place in the content."""

from collections.abc import Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from billingua.engine.places import Place
from billingua.errors import CannotExpress

__all__ = ["Document", "Loss", "hand_over"]

Content = TypeVar("Content")


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
