"""The values of an invoice one by one, each with its place."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

__all__ = ["Leaf", "leaves", "placed"]


class Leaf(NamedTuple):
    """One value: its place with `[]` for a list (`lines[].item.name`), the indices there, both in one, and itself."""

    attribute: str
    indices: tuple[int, ...]
    path: str
    value: Any

    @property
    def group(self) -> str:
        """The path of the group (or identifier) that it is an attribute of."""
        return self.path.rpartition(".")[0]


def leaves(group: msgspec.Struct, attribute: str = "", indices: tuple[int, ...] = (), path: str = "") -> Iterator[Leaf]:
    """Every value of a group and of the groups in it; an empty text is none."""
    for name in group.__struct_fields__:
        value = getattr(group, name)
        where, place = f"{attribute}{name}", f"{path}{name}"
        if isinstance(value, msgspec.Struct):
            yield from leaves(value, f"{where}.", indices, f"{place}.")
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                yield from leaves(one, f"{where}[].", (*indices, number), f"{place}[{number}].")
        elif value is not None and value != "":
            yield Leaf(where, indices, place, value)


def placed(attribute: str, indices: tuple[int, ...]) -> str:
    """A place with its indices: `lines[3].item.name`."""
    *parts, last = attribute.split("[]")
    return (
        "".join(f"{part}[{number}]" for part, number in zip(parts, (*indices, *(0 for _ in parts)), strict=False))
        + last
    )
