"""Writing CII."""

from typing import Final

from billingua.engine.document import Loss
from billingua.formats.cii import FORMAT
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.profiles import by_guideline, is_extended
from billingua.formats.en16931 import write_invoice
from billingua.formats.extension import extended, refused, without_extension
from billingua.formats.subsets import subset_of
from billingua.model import Invoice

__all__ = ["write"]

_EXTENDED: Final = "d22b"
"""The release of the schema that EXTENDED-CTC-FR follows."""


def write(invoice: Invoice, name: str, losses: list[Loss] | None = None) -> bytes:
    """The invoice as `cii`, in the profile of Factur-X, or the subset of the French portal, that its specification
    identifier (BT-24) names.

    Raises:
        CannotExpress: the profile or the syntax has no place for a value, and no list of losses was given.
        InvalidModel: the invoice lacks what the schema requires.
    """
    specification = invoice.specification if isinstance(invoice, Invoice) else None
    subset = subset_of(specification)
    if subset is not None:
        from billingua.formats.flux1 import write_subset

        return write_subset(extended(SYNTAX), invoice, name, subset, losses)
    syntax = extended(SYNTAX) if is_extended(specification) else SYNTAX
    profile = by_guideline(specification)
    if profile is None and syntax.extended:
        return write_invoice(syntax, invoice, name, losses, FORMAT.releases[_EXTENDED])
    if profile is None:
        known = without_extension(invoice, losses) if isinstance(invoice, Invoice) else invoice
        return write_invoice(syntax, known, name, losses)
    from billingua.formats.cii.narrow import left_out, narrow, schema_of

    invoice, lost = narrow(invoice, profile)
    if losses is not None:
        losses += lost
    elif lost:
        raise refused(lost, f"The profile {profile.title}")
    return write_invoice(syntax, invoice, name, losses, schema_of(profile), left_out(profile.name))
