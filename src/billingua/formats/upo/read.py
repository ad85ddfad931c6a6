"""Reading receipts."""

from typing import Any, TypeVar

import msgspec

from billingua.engine.document import Document
from billingua.engine.places import Places
from billingua.engine.tree import read_tree
from billingua.engine.values import normalized
from billingua.engine.xml import Element, tag_of
from billingua.formats.upo import FORMAT
from billingua.formats.upo.model import Receipt

__all__ = ["read"]

_Kind = TypeVar("_Kind", bound=msgspec.Struct)


def read(root: Element, file: str = "") -> Document[Receipt]:
    """The receipt below a root element; `file` is named in errors.

    The signature is no part of the content, so it is not listed among what the model has no place for.

    Raises:
        UnreadableInput: a value cannot be of the type its attribute has.
    """
    places = Places(FORMAT.prefixes)
    namespaces = FORMAT.namespaces_of(tag_of(root))
    content, unmapped, positions = read_tree(Receipt, root, namespaces, places, file=file)
    signature = next(root.iterchildren(FORMAT.apart), None)
    if signature is not None:
        inside = f"{places.path(signature)}/"
        unmapped = tuple(place for place in unmapped if not place.path.startswith(inside))
    return Document("upo", None, _collapsed(content), unmapped, positions)


def _collapsed(group: _Kind) -> _Kind:
    """The group with single spaces in its texts and none around them, as their types have it."""
    changes: dict[str, Any] = {}
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, str):
            changes[name] = normalized(value)
        elif isinstance(value, tuple):
            changes[name] = tuple(_collapsed(entry) for entry in value)
    return msgspec.structs.replace(group, **changes)
