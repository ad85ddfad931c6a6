"""Reading CII."""

from billingua.engine.document import Document
from billingua.engine.xml import Element
from billingua.formats.cii import FORMAT
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.profiles import is_extended
from billingua.formats.en16931 import read_invoice
from billingua.formats.extension import extended
from billingua.formats.subsets import subset_of
from billingua.model import Invoice

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below a CrossIndustryInvoice element; `file` is named in errors."""
    profile = FORMAT.profile_of(root)
    in_extension = is_extended(profile) or subset_of(profile) is not None
    return read_invoice(extended(SYNTAX) if in_extension else SYNTAX, root, file)
