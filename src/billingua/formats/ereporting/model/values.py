"""Numbers of parties with their scheme."""

from typing import Annotated

from billingua.engine.tree import attribute, content
from billingua.model.base import Group

__all__ = ["Numbered", "VatNumber"]


class Numbered(Group, frozen=True):
    """A number and the scheme it is of."""

    scheme: Annotated[
        str | None,
        attribute("schemeId", "the scheme: 0002 SIREN, 0223 VAT number in the EU, 0227 outside it, 0238 platform."),
    ] = None
    value: Annotated[str | None, content("value the number.")] = None


class VatNumber(Group, frozen=True):
    """TaxRegistrationId: a VAT number."""

    qualifier: Annotated[str | None, attribute("qualifyingId", "what kind of number it is: VAT.")] = None
    value: Annotated[str | None, content("value the number.")] = None
