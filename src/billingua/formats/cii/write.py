"""Writing CII."""

from billingua.engine.document import Loss, hand_over
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.profiles import by_guideline
from billingua.formats.en16931 import write_invoice
from billingua.model import Invoice

__all__ = ["write"]


def write(invoice: Invoice, name: str, losses: list[Loss] | None = None) -> bytes:
    """The invoice as `cii`, in the profile of Factur-X that its specification identifier (BT-24) names.

    Raises:
        CannotExpress: the profile or the syntax has no place for a value, and no list of losses was given.
        InvalidModel: the invoice lacks what the schema requires.
    """
    profile = by_guideline(invoice.specification) if isinstance(invoice, Invoice) else None
    if profile is None:
        return write_invoice(SYNTAX, invoice, name, losses)
    from billingua.formats.cii.narrow import left_out, narrow, schema_of

    invoice, lost = narrow(invoice, profile)
    hand_over(lost, losses, f"{SYNTAX.format.title} {profile.title}")
    return write_invoice(SYNTAX, invoice, name, losses, schema_of(profile), left_out(profile.name))
