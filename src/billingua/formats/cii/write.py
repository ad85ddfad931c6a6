"""Writing CII."""

from collections.abc import Sequence
from typing import Final

from billingua.engine.document import Loss
from billingua.errors import CannotExpress
from billingua.formats.cii.codecs import SYNTAX
from billingua.formats.cii.profiles import Profile, by_guideline
from billingua.formats.en16931 import write_invoice
from billingua.model import Invoice

__all__ = ["write"]

_LISTED: Final = 8
"""So many terms are named in an error."""


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
    if losses is not None:
        losses += lost
    elif lost:
        raise _refused(lost, profile)
    return write_invoice(SYNTAX, invoice, name, losses, schema_of(profile), left_out(profile.name))


def _refused(lost: Sequence[Loss], profile: Profile) -> CannotExpress:
    terms = list(dict.fromkeys(loss.term for loss in lost if loss.term))
    named = ", ".join(terms[:_LISTED]) + (f" and {len(terms) - _LISTED} more terms" if len(terms) > _LISTED else "")
    first = lost[0]
    return CannotExpress(
        f"The profile {profile.title} has no place for {named}; the first value is {first.value!r}.",
        where=first.where,
        todo="Leave them out, choose a larger profile, or convert the document, which lists what it leaves out.",
    )
