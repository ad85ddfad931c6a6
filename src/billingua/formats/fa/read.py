"""Reading FA(3) and FA(2)."""

from billingua.engine.document import Document
from billingua.engine.pause import collector_paused
from billingua.engine.places import Places
from billingua.engine.tree import read_tree
from billingua.engine.xml import Element
from billingua.formats.fa import FORMAT
from billingua.formats.fa.model import FaInvoice

__all__ = ["read"]

_CONSTANTS = frozenset({"KodFormularza", "WariantFormularza"})
"""They repeat what the namespace says."""


def read(root: Element, file: str = "") -> Document[FaInvoice]:
    """The invoice below a Faktura element; `file` is named in errors.

    Raises:
        UnreadableInput: a value cannot be of the type its element has.
    """
    name = FORMAT.name_of(root)
    with collector_paused():
        invoice, unmapped, positions = read_tree(
            FaInvoice,
            root,
            FORMAT.namespaces_of(name),
            Places(FORMAT.prefixes),
            file=file,
            variant=name,
            constants=_CONSTANTS,
        )
    return Document(format=name, profile=None, content=invoice, unmapped=unmapped, positions=positions)
