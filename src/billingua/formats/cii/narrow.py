"""What a profile of Factur-X has no place for is taken out of an invoice, and listed."""

from functools import cache
from typing import Final

from billingua.engine.document import Loss
from billingua.formats.cii.profiles import OF_THE_STANDARD, Profile, is_extended
from billingua.formats.extension import states_extension
from billingua.formats.narrowing import narrowed, of_extension
from billingua.model import Invoice, terms
from billingua.resources import cells_of, table_beside

__all__ = ["left_out", "narrow", "schema_of"]

_ORDER: Final = ("minimum", "basicwl", "basic", "en16931", "extended")
"""Each holds what the one before it holds."""


def narrow(invoice: Invoice, profile: Profile) -> tuple[Invoice, list[Loss]]:
    """The invoice as far as a profile holds it, and every value that it does not hold."""
    without = {attribute for term in left_out(profile.name) if (attribute := terms()[term].attribute)}
    if states_extension(invoice) and not is_extended(profile.guideline):
        without |= of_extension()
    return narrowed(invoice, without, f"the profile {profile.title} has no place for it") if without else (invoice, [])


@cache
def left_out(name: str) -> frozenset[str]:
    """The terms that a profile (by its word) has no place for: `left_out("basic")`."""
    _header, *rows = cells_of(table_beside(__file__, "profiles.tsv"))
    holding = _ORDER[: _ORDER.index(name) + 1] if name in _ORDER else _ORDER
    return frozenset(term for term, least in rows if least not in holding)


def schema_of(profile: Profile) -> str:
    """The schema (below `schemas/`) of documents in a profile; "" where the format's own holds."""
    return "" if profile.name in OF_THE_STANDARD else f"facturx-{profile.name}/CrossIndustryInvoice.xsd"
