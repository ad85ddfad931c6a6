"""Writing CII."""

from billingua.engine.document import Loss
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.en16931 import write_invoice
from billingua.model import Invoice

__all__ = ["write"]


def write(invoice: Invoice, name: str, losses: list[Loss] | None = None) -> bytes:
    """The invoice as `cii`."""
    return write_invoice(SYNTAX, invoice, name, losses)
