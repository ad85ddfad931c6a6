"""Reading UBL."""

from billingua.engine.document import Document
from billingua.engine.xml import Element
from billingua.formats.en16931 import read_invoice
from billingua.formats.ubl.codecs import SYNTAX
from billingua.model import Invoice

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below an Invoice or CreditNote element; `file` is named in errors."""
    return read_invoice(SYNTAX, root, file)
