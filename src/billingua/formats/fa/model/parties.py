"""Who takes part in an invoice: seller, buyer, other parties, and their addresses."""

from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import code, element, flag
from billingua.model.base import Group

__all__ = [
    "Address",
    "AuthorisedContact",
    "AuthorisedParty",
    "Buyer",
    "Contact",
    "PreviousBuyer",
    "PreviousSeller",
    "Seller",
    "ThirdParty",
]


class Address(Group, frozen=True):
    """TAdres: an address in one or two lines."""

    country: Annotated[str | None, element("KodKraju", "country code, such as PL; Greece is GR.")] = None
    line_1: Annotated[str | None, element("AdresL1", "first line: street and number, or all of it.")] = None
    line_2: Annotated[str | None, element("AdresL2", "second line: postcode and town.")] = None
    gln: Annotated[str | None, element("GLN", "global location number.")] = None


class Contact(Group, frozen=True):
    """DaneKontaktowe: how to reach a party."""

    email: Annotated[str | None, element("Email", "e-mail address.")] = None
    phone: Annotated[str | None, element("Telefon", "telephone number.")] = None


class AuthorisedContact(Group, frozen=True):
    """DaneKontaktowe of PodmiotUpowazniony: how to reach the authorised party."""

    email: Annotated[str | None, element("EmailPU", "e-mail address.")] = None
    phone: Annotated[str | None, element("TelefonPU", "telephone number.")] = None


class Seller(Group, frozen=True):
    """Podmiot1: the seller, who is the taxpayer."""

    eu_prefix: Annotated[
        str | None,
        element("PrefiksPodatnika", "PL on intra-EU supplies, services to EU taxable persons and triangulation."),
    ] = None
    eori: Annotated[str | None, element("NrEORI", "EORI number.")] = None
    nip: Annotated[str | None, element("DaneIdentyfikacyjne/NIP", "tax identification number, ten digits.")] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("Adres", "address.")] = None
    correspondence_address: Annotated[Address | None, element("AdresKoresp", "where letters go.")] = None
    contacts: Annotated[tuple[Contact, ...], element("DaneKontaktowe", "how to reach the seller, up to 3.")] = ()
    status: Annotated[str | None, code("StatusInfoPodatnika", "state such as liquidation.", "seller_status")] = None


class Buyer(Group, frozen=True):
    """Podmiot2: the buyer. Without any of the numbers it is written as a buyer without identifier (BrakID).

    A buyer with a Polish NIP sees the invoice in KSeF only when it stands in `nip`.
    """

    eori: Annotated[str | None, element("NrEORI", "EORI number.")] = None
    nip: Annotated[
        str | None, element("DaneIdentyfikacyjne/NIP", "Polish tax identification number.", otherwise="BrakID")
    ] = None
    eu_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodUE", "prefix of the EU VAT number.", otherwise="BrakID")
    ] = None
    eu_vat_number: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrVatUE", "EU VAT number without its prefix.", otherwise="BrakID")
    ] = None
    other_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodKraju", "country of the other identifier.", otherwise="BrakID")
    ] = None
    other_id: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrID", "identifier of another kind.", otherwise="BrakID")
    ] = None
    name: Annotated[
        str | None, element("DaneIdentyfikacyjne/Nazwa", "full name; may be missing on simplified invoices.")
    ] = None
    address: Annotated[Address | None, element("Adres", "address; may be missing on simplified invoices.")] = None
    correspondence_address: Annotated[Address | None, element("AdresKoresp", "where letters go.")] = None
    contacts: Annotated[tuple[Contact, ...], element("DaneKontaktowe", "how to reach the buyer, up to 3.")] = ()
    customer_number: Annotated[str | None, element("NrKlienta", "number the buyer has in the contract or order.")] = (
        None
    )
    link_key: Annotated[
        str | None, element("IDNabywcy", "key that links the buyer to its previous data on a correction.")
    ] = None
    local_government_unit: Annotated[
        bool, flag("JST", "whether the invoice concerns a subordinate unit of local government.")
    ] = False
    vat_group_member: Annotated[bool, flag("GV", "whether the invoice concerns a member of a VAT group.")] = False


class ThirdParty(Group, frozen=True):
    """Podmiot3: another party, such as a factor or a recipient; numbers as those of `Buyer`."""

    link_key: Annotated[
        str | None, element("IDNabywcy", "key that links an additional buyer to its previous data.")
    ] = None
    eori: Annotated[str | None, element("NrEORI", "EORI number.")] = None
    nip: Annotated[
        str | None, element("DaneIdentyfikacyjne/NIP", "Polish tax identification number.", otherwise="BrakID")
    ] = None
    internal_id: Annotated[
        str | None,
        element("DaneIdentyfikacyjne/IDWew", "internal identifier: NIP, hyphen, five digits.", otherwise="BrakID"),
    ] = None
    eu_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodUE", "prefix of the EU VAT number.", otherwise="BrakID")
    ] = None
    eu_vat_number: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrVatUE", "EU VAT number without its prefix.", otherwise="BrakID")
    ] = None
    other_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodKraju", "country of the other identifier.", otherwise="BrakID")
    ] = None
    other_id: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrID", "identifier of another kind.", otherwise="BrakID")
    ] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("Adres", "address.")] = None
    correspondence_address: Annotated[Address | None, element("AdresKoresp", "where letters go.")] = None
    contacts: Annotated[tuple[Contact, ...], element("DaneKontaktowe", "how to reach the party, up to 3.")] = ()
    role: Annotated[str | None, code("Rola", "role in the transaction.", "party_role")] = None
    other_role: Annotated[str | None, element("OpisRoli", "a role that has no code, in words.", given="RolaInna")] = (
        None
    )
    share: Annotated[Decimal | None, element("Udzial", "share of an additional buyer in per cent.")] = None
    customer_number: Annotated[str | None, element("NrKlienta", "number the party has in the contract or order.")] = (
        None
    )


class AuthorisedParty(Group, frozen=True):
    """PodmiotUpowazniony: a tax representative, enforcement authority or court bailiff."""

    eori: Annotated[str | None, element("NrEORI", "EORI number.")] = None
    nip: Annotated[str | None, element("DaneIdentyfikacyjne/NIP", "tax identification number.")] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("Adres", "address.")] = None
    correspondence_address: Annotated[Address | None, element("AdresKoresp", "where letters go.")] = None
    contacts: Annotated[
        tuple[AuthorisedContact, ...], element("DaneKontaktowe", "how to reach the party, up to 3.")
    ] = ()
    role: Annotated[str | None, code("RolaPU", "role of the party.", "authorised_role")] = None


class PreviousSeller(Group, frozen=True):
    """Podmiot1K: the seller as the corrected invoice has it."""

    eu_prefix: Annotated[str | None, element("PrefiksPodatnika", "PL on intra-EU supplies.")] = None
    nip: Annotated[str | None, element("DaneIdentyfikacyjne/NIP", "tax identification number.")] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("Adres", "address.")] = None


class PreviousBuyer(Group, frozen=True):
    """Podmiot2K: the buyer, or an additional buyer, as the corrected invoice has it; numbers as those of `Buyer`."""

    nip: Annotated[
        str | None, element("DaneIdentyfikacyjne/NIP", "Polish tax identification number.", otherwise="BrakID")
    ] = None
    eu_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodUE", "prefix of the EU VAT number.", otherwise="BrakID")
    ] = None
    eu_vat_number: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrVatUE", "EU VAT number without its prefix.", otherwise="BrakID")
    ] = None
    other_country: Annotated[
        str | None, element("DaneIdentyfikacyjne/KodKraju", "country of the other identifier.", otherwise="BrakID")
    ] = None
    other_id: Annotated[
        str | None, element("DaneIdentyfikacyjne/NrID", "identifier of another kind.", otherwise="BrakID")
    ] = None
    name: Annotated[str | None, element("DaneIdentyfikacyjne/Nazwa", "full name.")] = None
    address: Annotated[Address | None, element("Adres", "address.")] = None
    link_key: Annotated[str | None, element("IDNabywcy", "key that links these data to the buyer they belong to.")] = (
        None
    )
