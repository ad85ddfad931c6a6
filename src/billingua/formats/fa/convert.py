"""Between FA(3) and the invoice of EN 16931, and what either way loses."""

from datetime import datetime
from typing import Final

from billingua.engine.document import Loss
from billingua.formats.fa.model import FaInvoice
from billingua.model import Invoice

__all__ = ["ROUTING", "from_invoice", "renewed", "to_invoice"]

ROUTING: Final = frozenset({"BT-23", "BT-24", "BT-34", "BT-34-1", "BT-49", "BT-49-1"})
"""Terms that say where and under which profile a network delivers: FA(3) needs none of them, so that their loss does
not keep an invoice from being written."""


def to_invoice(invoice: FaInvoice, losses: list[Loss]) -> Invoice:
    """The invoice of EN 16931 that one of FA(3) (or FA(2)) is; what has no term is entered in `losses` by its element.

    Corrections become credit notes (381) or debit notes (383), prices with tax become prices without, annotations
    become notes, and a DodatkowyOpis whose key is a term goes back to that term.

    Raises:
        CannotExpress: the invoice has nothing that an amount could follow from.
    """
    from billingua.formats.fa.mapping.to_invoice import to_invoice as convert

    return convert(invoice, losses)


def from_invoice(invoice: Invoice, losses: list[Loss], created: datetime | None = None) -> FaInvoice:
    """The invoice of FA(3) that one of EN 16931 is; what has no place is entered in `losses` by its term.

    `created` is the moment at which the file is made (DataWytworzeniaFa), by default now in UTC. Whoever needs the
    same bytes again, such as to compare hashes, gives it or keeps the bytes. A term without an element becomes a
    DodatkowyOpis with its id as the key, which is a loss only where 256 characters do not hold it.

    Raises:
        CannotExpress: FA(3) has no form for the kind of invoice, its VAT or its seller (KSeF knows Polish sellers).
        InvalidModel: the invoice lacks what FA(3) cannot do without, such as its totals.
    """
    from billingua.formats.fa.mapping.from_invoice import from_invoice as convert

    return convert(invoice, losses, created)


def renewed(invoice: FaInvoice, losses: list[Loss], created: datetime | None = None) -> FaInvoice:
    """The invoice that one of FA(2) is in FA(3); what has no place there is entered in `losses` by its element.

    Moment and system are those of the new file: `created`, by default now in UTC. The rates `0` and `np` become those
    that the totals of the invoice stand for, payment terms in words the parts that FA(3) has for them.
    """
    from billingua.formats.fa.mapping.renewal import renewed as convert

    return convert(invoice, losses, created)
