"""Reading life-cycle messages."""

from billingua.engine.document import Document
from billingua.engine.places import Places
from billingua.engine.tree import read_tree
from billingua.engine.xml import Element
from billingua.formats.cdar import FORMAT
from billingua.formats.cdar.model import LifecycleMessage

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[LifecycleMessage]:
    """The message below a root element; `file` is named in errors.

    Raises:
        UnreadableInput: a value cannot be of the type its attribute has.
    """
    message, unmapped, positions = read_tree(
        LifecycleMessage, root, FORMAT.namespaces, Places(FORMAT.prefixes), file=file
    )
    return Document("cdar", FORMAT.profile_of(root), message, unmapped, positions)
