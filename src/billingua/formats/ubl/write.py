"""Writing UBL: as an Invoice or as a CreditNote."""

from billingua.codelists import codes
from billingua.engine.document import Loss
from billingua.formats.en16931 import write_invoice
from billingua.formats.extension import extended, without_extension
from billingua.formats.guidelines import EXTENDED_CTC_FR
from billingua.formats.subsets import subset_of
from billingua.formats.ubl.codecs import SYNTAX
from billingua.model import Invoice

__all__ = ["root_for", "write"]


def root_for(invoice: Invoice) -> str:
    """The wire format that the type code (BT-3) asks for."""
    return "ubl-creditnote" if invoice.type_code in codes("untdid_1001_creditnote") else "ubl-invoice"


def write(invoice: Invoice, name: str, losses: list[Loss] | None = None) -> bytes:
    """The invoice as `ubl-invoice` or `ubl-creditnote`; `ubl` leaves the choice to its type code (BT-3).

    It is brought down to the subset of the French portal that its specification identifier (BT-24) names.
    """
    specification = invoice.specification if isinstance(invoice, Invoice) else None
    subset = subset_of(specification)
    if subset is not None:
        from billingua.formats.flux1 import write_subset

        return write_subset(extended(SYNTAX), invoice, root_for(invoice) if name == "ubl" else name, subset, losses)
    is_extended = specification == EXTENDED_CTC_FR
    if isinstance(invoice, Invoice) and not is_extended:
        invoice = without_extension(invoice, losses)
    syntax = extended(SYNTAX) if is_extended else SYNTAX
    return write_invoice(syntax, invoice, root_for(invoice) if name == "ubl" else name, losses)
