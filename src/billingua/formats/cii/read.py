"""Reading CII."""

from billingua.engine.document import Document
from billingua.engine.xml import Element
from billingua.formats.cii import FORMAT
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.profiles import is_extended
from billingua.formats.en16931 import read_invoice
from billingua.formats.extension import extended
from billingua.model import Invoice

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below a CrossIndustryInvoice element; `file` is named in errors."""
    return read_invoice(extended(SYNTAX) if is_extended(FORMAT.profile_of(root)) else SYNTAX, root, file)
