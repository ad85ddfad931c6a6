"""Who is involved: Seller, Buyer, Payee, tax representative, and where the goods go (BG-4 to BG-15)."""

from datetime import date
from typing import Annotated

from billingua.model.base import Group, Identifier, term

__all__ = ["Address", "Buyer", "Contact", "Delivery", "Payee", "Period", "Seller", "TaxRepresentative"]


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


class Seller(Group, frozen=True):
    """BG-4 Seller: who claims the payment."""

    name: Annotated[str | None, term("BT-27 Seller name: the full legal name.")] = None
    trading_name: Annotated[
        str | None, term("BT-28 Seller trading name: the name in business, where it is another.")
    ] = None
    identifiers: Annotated[
        tuple[Identifier, ...], term("BT-29 Seller identifier: numbers such as a GLN; the scheme is BT-29-1.")
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        term("BT-30 Seller legal registration identifier: number in a register; the scheme is BT-30-1."),
    ] = None
    vat_identifier: Annotated[str | None, term("BT-31 Seller VAT identifier: VAT number with its country prefix.")] = (
        None
    )
    tax_registration_identifier: Annotated[
        str | None, term("BT-32 Seller tax registration identifier: the local tax number.")
    ] = None
    additional_legal_information: Annotated[
        str | None, term("BT-33 Seller additional legal information: such as the share capital.")
    ] = None
    electronic_address: Annotated[
        Identifier | None,
        term("BT-34 Seller electronic address: where answers are delivered; the scheme is BT-34-1."),
    ] = None
    address: Annotated[Address | None, term("BG-5 Seller postal address: where the Seller is.")] = None
    contact: Annotated[Contact | None, term("BG-6 Seller contact: whom to ask.")] = None


class Buyer(Group, frozen=True):
    """BG-7 Buyer: who owes the payment."""

    name: Annotated[str | None, term("BT-44 Buyer name: the full name.")] = None
    trading_name: Annotated[
        str | None, term("BT-45 Buyer trading name: the name in business, where it is another.")
    ] = None
    identifier: Annotated[
        Identifier | None, term("BT-46 Buyer identifier: a number such as a GLN; the scheme is BT-46-1.")
    ] = None
    legal_registration_identifier: Annotated[
        Identifier | None,
        term("BT-47 Buyer legal registration identifier: number in a register; the scheme is BT-47-1."),
    ] = None
    vat_identifier: Annotated[str | None, term("BT-48 Buyer VAT identifier: VAT number with its country prefix.")] = (
        None
    )
    electronic_address: Annotated[
        Identifier | None,
        term("BT-49 Buyer electronic address: where the invoice is delivered; the scheme is BT-49-1."),
    ] = None
    address: Annotated[Address | None, term("BG-8 Buyer postal address: where the Buyer is.")] = None
    contact: Annotated[Contact | None, term("BG-9 Buyer contact: whom to ask.")] = None


class Payee(Group, frozen=True):
    """BG-10 Payee: who receives the payment, where it is not the Seller."""

    name: Annotated[str | None, term("BT-59 Payee name: the name of the party that is paid.")] = None
    identifier: Annotated[
        Identifier | None, term("BT-60 Payee identifier: a number of the Payee; the scheme is BT-60-1.")
    ] = None
    legal_registration_identifier: Annotated[
        Identifier | None,
        term("BT-61 Payee legal registration identifier: number in a register; the scheme is BT-61-1."),
    ] = None


class TaxRepresentative(Group, frozen=True):
    """BG-11 Seller tax representative party: who answers for the Seller's VAT."""

    name: Annotated[str | None, term("BT-62 Seller tax representative name: the full name.")] = None
    vat_identifier: Annotated[
        str | None,
        term("BT-63 Seller tax representative VAT identifier: VAT number with its country prefix."),
    ] = None
    address: Annotated[
        Address | None, term("BG-12 Seller tax representative postal address: where the representative is.")
    ] = None


class Delivery(Group, frozen=True):
    """BG-13 Delivery information: to whom, where and when goods or services were delivered."""

    party_name: Annotated[str | None, term("BT-70 Deliver to party name: who received the delivery.")] = None
    location_identifier: Annotated[
        Identifier | None,
        term("BT-71 Deliver to location identifier: a number of the place; the scheme is BT-71-1."),
    ] = None
    actual_date: Annotated[date | None, term("BT-72 Actual delivery date: the day of the delivery.")] = None
    address: Annotated[Address | None, term("BG-15 Deliver to address: where the delivery went.")] = None
