"""Reading CII."""

from billingua.engine.document import Document
from billingua.engine.xml import Element
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.en16931 import read_invoice
from billingua.model import Invoice

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below a CrossIndustryInvoice element; `file` is named in errors."""
    return read_invoice(SYNTAX, root, file)
