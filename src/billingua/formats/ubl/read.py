"""Reading UBL."""

from billingua.engine.document import Document
from billingua.engine.xml import Element
from billingua.formats.en16931 import read_invoice
from billingua.formats.extension import extended
from billingua.formats.guidelines import EXTENDED_CTC_FR
from billingua.formats.subsets import subset_of
from billingua.formats.ubl import FORMAT
from billingua.formats.ubl.codecs import SYNTAX
from billingua.model import Invoice

__all__ = ["read"]


def read(root: Element, file: str = "") -> Document[Invoice]:
    """The invoice below an Invoice or CreditNote element; `file` is named in errors."""
    profile = FORMAT.profile_of(root)
    is_extended = profile == EXTENDED_CTC_FR or subset_of(profile) is not None
    return read_invoice(extended(SYNTAX) if is_extended else SYNTAX, root, file)
