"""Reading reports."""

from billingua.engine.document import Document
from billingua.engine.pause import collector_paused
from billingua.engine.places import Places
from billingua.engine.tree import read_tree
from billingua.engine.xml import Element
from billingua.formats.ereporting import FORMAT
from billingua.formats.ereporting.model import EReport

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[EReport]:
    """The report below a root element; `file` is named in errors.

    Raises:
        UnreadableInput: a value cannot be of the type its element has.
    """
    with collector_paused():
        report, unmapped, positions = read_tree(EReport, root, _NONE, Places(FORMAT.prefixes), file=file)
    return Document(FORMAT.names[0], None, report, unmapped, positions)


_NONE = {"": ""}
"""The report has no namespace, and its elements no prefix."""
