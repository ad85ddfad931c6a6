"""Who is involved: Seller, Buyer, Payee, tax representative, and where the goods go (BG-4 to BG-15)."""

from datetime import date
from typing import Annotated

from billingua.model.addresses import Address, Contact
from billingua.model.base import Group, Identifier, term
from billingua.model.extension import EXTENSION, BuyerExtension, PayeeExtension

__all__ = ["Buyer", "Delivery", "Payee", "Seller", "TaxRepresentative"]


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
    extension: Annotated[BuyerExtension | None, EXTENSION] = None


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
    extension: Annotated[PayeeExtension | None, EXTENSION] = None


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
