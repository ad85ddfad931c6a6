"""Writing life-cycle messages."""

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from billingua.engine.document import Loss, hand_over
from billingua.engine.places import Places
from billingua.engine.structure import require_structure
from billingua.engine.tree import write_tree
from billingua.engine.writing import serialize
from billingua.errors import InvalidModel
from billingua.formats.cdar import FORMAT
from billingua.formats.cdar.model import LifecycleMessage
from billingua.model.base import description_of

__all__ = ["write"]

_REQUIRED: Final = ("guideline", "recipients", "acknowledgements")


def write(content: Any, name: str, losses: list[Loss] | None = None) -> bytes:
    """The message on the wire.

    Raises:
        InvalidModel: it is no message, or lacks what the schema requires.
    """
    if not isinstance(content, LifecycleMessage):
        raise InvalidModel(
            f"{FORMAT.title} is written from a LifecycleMessage, not from {type(content).__name__}.",
            todo="Make one with billingua.lifecycle.message.",
        )
    root = etree.Element(next(iter(FORMAT.roots)), nsmap=dict(FORMAT.namespaces))
    hand_over(write_tree(content, root, FORMAT.namespaces), losses, FORMAT.title)
    places = Places(FORMAT.prefixes)
    require_structure(root, FORMAT.schemas[name], "", places, lambda: _lacking(content), FORMAT.title)
    return serialize(root)


def _lacking(message: LifecycleMessage) -> Iterator[str]:
    """What every message has and this one has not: attribute, element and meaning."""
    for name in _REQUIRED:
        if not getattr(message, name):
            yield f"{name} ({description_of(LifecycleMessage, name).rstrip('.')})"
