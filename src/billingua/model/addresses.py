"""Where a party is, whom to ask there, and spans of days: what several groups of the standard share."""

from datetime import date
from typing import Annotated

from billingua.model.base import Group, term

__all__ = ["Address", "Contact", "Period"]


class Address(Group, frozen=True):
    """An address: of the Seller (BG-5), Buyer (BG-8), tax representative (BG-12) or delivery (BG-15)."""

    line1: Annotated[str | None, term("BT-35 BT-50 BT-64 BT-75 Address line 1: usually street and house number.")] = (
        None
    )
    line2: Annotated[str | None, term("BT-36 BT-51 BT-65 BT-76 Address line 2: further details.")] = None
    line3: Annotated[str | None, term("BT-162 BT-163 BT-164 BT-165 Address line 3: further details.")] = None
    city: Annotated[str | None, term("BT-37 BT-52 BT-66 BT-77 City: the common name of the town.")] = None
    post_code: Annotated[str | None, term("BT-38 BT-53 BT-67 BT-78 Post code: the postal code.")] = None
    subdivision: Annotated[
        str | None, term("BT-39 BT-54 BT-68 BT-79 Country subdivision: region, province or state.")
    ] = None
    country_code: Annotated[str | None, term("BT-40 BT-55 BT-69 BT-80 Country code: two letters of ISO 3166-1.")] = None


class Contact(Group, frozen=True):
    """Whom to ask at the Seller (BG-6) or the Buyer (BG-9)."""

    name: Annotated[str | None, term("BT-41 BT-56 Contact point: a person or department.")] = None
    telephone: Annotated[str | None, term("BT-42 BT-57 Contact telephone number: with country prefix.")] = None
    email: Annotated[str | None, term("BT-43 BT-58 Contact email address: where to write.")] = None


class Period(Group, frozen=True):
    """From the first to the last day, of the invoice (BG-14) or of one line (BG-26)."""

    start_date: Annotated[date | None, term("BT-73 BT-134 Period start date: the first day.")] = None
    end_date: Annotated[date | None, term("BT-74 BT-135 Period end date: the last day.")] = None
