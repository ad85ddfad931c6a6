"""The parties of an EN 16931 invoice as Podmiot1, Podmiot2, Podmiot3 and PodmiotUpowazniony."""

import re
from typing import Any, Final

from billingua.errors import CannotExpress
from billingua.formats.fa.mapping.codes import EU, country_to
from billingua.formats.fa.mapping.draft import DESCRIPTION, Draft, missing
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.model import (
    Address,
    AuthorisedParty,
    Buyer,
    Contact,
    Register,
    Seller,
    ThirdParty,
)
from billingua.identifiers import nip, regon

__all__ = [
    "GLN",
    "PAYEE_ROLE",
    "authorised_party",
    "buyer",
    "buyer_country",
    "payee",
    "recipient",
    "seller",
    "seller_nip",
]

GLN: Final = "0088"
"""The scheme of global location numbers."""

PAYEE_ROLE: Final = "odbiorca płatności"
"""OpisRoli of a payee that is no factor."""

_ROUTING = "KSeF delivers by NIP, not by electronic address"
_NAME = 512
_PHONE = 16
_VAT_NUMBER = re.compile(r"[0-9A-Z+*]{1,12}")
_MAIL = re.compile(r".+@.+")


def compact(text: str) -> str:
    """An identifier without what people put between its parts."""
    return re.sub(r"[\s.\-/]", "", text).upper()


def nip_of(text: str | None) -> str:
    """The NIP that a text is, with or without PL before it; "" when it is none."""
    digits = compact(text or "").removeprefix("PL")
    return digits if nip.has_form(digits) else ""


def _valid_nip(text: str | None) -> str:
    """The same for a text that need not be meant as a NIP: the check digit must fit."""
    found = nip_of(text)
    return found if nip.is_valid(found) else ""


def seller(draft: Draft, view: View, number: str) -> tuple[Seller, Register | None]:
    """Podmiot1 with its NIP, and the numbers of the seller in registers.

    Raises:
        InvalidModel: name or address is missing.
    """
    found: dict[str, str] = {}
    gln = None
    legal = view.one("legal_registration_identifier")
    for identifier in (legal, *view.all("identifiers")):
        value = identifier.see("value")
        if not value:
            continue
        if nip_of(value) == number and not identifier.see("scheme_id"):
            identifier.take("value")
        elif identifier.see("scheme_id") == GLN and gln is None and len(value) <= 13:
            gln = identifier.take("value")
            identifier.take("scheme_id")
        elif (register := _register_of(value)) and register not in found:
            found[register] = identifier.take("value")
            draft.describe(identifier, "scheme_id")
        else:
            draft.describe_identifier(identifier)
    if nip_of(view.see("tax_registration_identifier")) == number:
        view.take("tax_registration_identifier")
    else:
        draft.describe(view, "tax_registration_identifier")
    draft.describe(view, "trading_name")
    draft.describe(view, "additional_legal_information")
    _lose_routing(view)
    name = draft.text(view, "name", _NAME)
    if name is None:
        raise missing(view, "name")
    place = address(draft, view.one("address"), gln)
    if place is None:
        raise missing(view, "address")
    party = Seller(nip=number, name=name, address=place, contacts=_contacts(draft, view.one("contact")))
    return party, Register(**found) if found else None


def seller_nip(view: View) -> str:
    """The NIP of the seller.

    Raises:
        CannotExpress: it has none.
    """
    vat = view.see("vat_identifier")
    if vat is not None:
        number = nip_of(vat)
        if not number:
            raise CannotExpress(
                f"The VAT identifier of the seller (BT-31) {vat!r} is not Polish: KSeF is for sellers with a NIP.",
                where=view.at("vat_identifier"),
                todo="Give PL and the NIP, such as PL5265877635; other invoices do not belong in KSeF.",
            )
        view.take("vat_identifier")
        return number
    others = [view.see("tax_registration_identifier"), view.one("legal_registration_identifier").see("value")]
    others += [one.see("value") for one in view.all("identifiers")]
    for other in others:
        if number := _valid_nip(other):
            return number
    raise CannotExpress(
        "The seller has no Polish tax number.",
        where=view.at("vat_identifier"),
        todo="Give PL and the NIP as the VAT identifier (BT-31), or the NIP as tax registration identifier (BT-32).",
    )


def _register_of(value: str) -> str:
    """The register whose numbers look so: KRS (ten digits from 0) or REGON; "" for another."""
    if re.fullmatch(r"0[0-9]{9}", value):
        return "krs"
    return "regon" if regon.is_valid(value) else ""


def buyer_country(invoice: View) -> tuple[str, bool]:
    """The country of the buyer, and whether it comes from a VAT number."""
    party = invoice.one("buyer")
    vat = compact(party.see("vat_identifier") or "")
    prefix = "EL" if vat[:2] == "GR" else vat[:2]
    if prefix in EU:
        return prefix, True
    if vat and nip_of(vat):
        return "PL", True
    return country_to(party.one("address").see("country_code") or ""), bool(vat)


def buyer(draft: Draft, view: View) -> Buyer:
    """Podmiot2.

    Raises:
        CannotExpress: its VAT number begins with PL and is no NIP, or its country is unknown to FA(3).
    """
    country = view.one("address").see("country_code")
    identifier, legal = view.one("identifier"), view.one("legal_registration_identifier")
    numbers = _buyer_numbers(view, country)
    gln = None
    customer_number = None
    if identifier:
        if identifier.see("scheme_id") == GLN and view.one("address") and len(identifier.see("value") or "") <= 13:
            gln = identifier.take("value")
            identifier.take("scheme_id")
        elif identifier.see("value") != numbers.get("nip"):
            customer_number = draft.text(identifier, "value")
            draft.describe(identifier, "scheme_id")
        else:
            identifier.take_all()
    if legal:
        if numbers.get("nip") and nip_of(legal.see("value")) == numbers["nip"]:
            legal.take_all()
        elif not numbers and country not in (None, "PL"):
            numbers = _other_number(draft, legal, "value", country)
            draft.describe(legal, "scheme_id")
        else:
            draft.describe_identifier(legal)
    draft.describe(view, "trading_name")
    _lose_routing(view)
    return Buyer(
        **numbers,
        name=draft.text(view, "name", _NAME),
        address=address(draft, view.one("address"), gln),
        contacts=_contacts(draft, view.one("contact")),
        customer_number=customer_number,
    )


def _buyer_numbers(view: View, country: str | None) -> dict[str, Any]:
    vat = view.see("vat_identifier")
    if vat is None:
        if country not in (None, "PL"):
            return {}
        others = (view.one("legal_registration_identifier").see("value"), view.one("identifier").see("value"))
        number = next(filter(None, map(_valid_nip, others)), "")
        return {"nip": number} if number else {}
    text = compact(view.take("vat_identifier"))
    prefix = "EL" if text[:2] == "GR" else text[:2]
    if number := nip_of(text) if prefix == "PL" or (text.isdigit() and country in (None, "PL")) else "":
        return {"nip": number}
    if prefix == "PL":
        raise CannotExpress(
            f"The VAT identifier of the buyer (BT-48) {vat!r} is no Polish NIP.",
            where=view.at("vat_identifier"),
            todo="Give PL and ten digits: the buyer sees the invoice in KSeF by its NIP alone.",
        )
    if prefix in EU and _VAT_NUMBER.fullmatch(text[2:]):
        return {"eu_country": prefix, "eu_vat_number": text[2:]}
    known = country_to(prefix) if prefix.isalpha() else ""
    return {"other_country": known or country_to(country or "") or None, "other_id": str(vat).strip()[:50]}


def _other_number(draft: Draft, view: View, name: str, country: str | None) -> dict[str, Any]:
    """Any identifier as NrID."""
    return draft.found(other_country=country_to(country or "") or None, other_id=draft.text(view, name, 50))


def _lose_routing(view: View) -> None:
    for name in ("value", "scheme_id"):
        view.one("electronic_address").lose(name, _ROUTING)


def address(draft: Draft, view: View, gln: str | None = None) -> Address | None:
    """TAdres: the lines of the street in AdresL1, postcode, town and subdivision in AdresL2.

    Raises:
        CannotExpress: FA(3) does not know the country.
        InvalidModel: there is an address without a country.
    """
    if not view:
        return None
    code = view.take("country_code")
    if code is None:
        raise missing(view, "country_code")
    country = country_to(code)
    if not country:
        raise CannotExpress(
            f"{view.term('country_code')} {code!r} is no country that FA(3) knows.",
            where=view.at("country_code"),
            todo="Give the two letters of ISO 3166-1.",
        )
    lines = [text for name in ("line1", "line2", "line3") if (text := draft.text(view, name, 512))]
    town = " ".join(text for name in ("post_code", "city") if (text := draft.text(view, name, 512)))
    town = ", ".join(text for text in (town, draft.text(view, "subdivision", 512)) if text)
    first = draft.fitted(view, "line1", ", ".join(lines), 512) or town or country
    return Address(
        country=country,
        line_1=first,
        line_2=(draft.fitted(view, "city", town, 512) if lines else None),
        gln=gln,
    )


def _contacts(draft: Draft, view: View) -> tuple[Contact, ...]:
    email, phone = _contact(draft, view)
    return (Contact(email=email, phone=phone),) if email or phone else ()


def _contact(draft: Draft, view: View) -> tuple[str | None, str | None]:
    draft.describe(view, "name")
    mail, phone = view.see("email"), view.see("telephone")
    email = None
    if mail is not None and _MAIL.fullmatch(mail.strip()) and len(mail) < DESCRIPTION:
        email = draft.text(view, "email")
    else:
        draft.describe(view, "email")
    number = None
    if phone is not None:
        short = phone if len(phone.strip()) <= _PHONE else re.sub(r"[\s()./-]", "", phone)
        if len(short) <= _PHONE:
            view.take("telephone")
            number = draft.fitted(view, "telephone", short, _PHONE)
        else:
            draft.describe(view, "telephone")
    return email, number


def authorised_party(draft: Draft, view: View) -> AuthorisedParty | None:
    """PodmiotUpowazniony: the tax representative; without a Polish NIP it is lost."""
    if not view:
        return None
    number = nip_of(view.see("vat_identifier"))
    place = address(draft, view.one("address"))
    if not number or place is None or view.see("name") is None:
        view.lose_all("PodmiotUpowazniony needs a Polish NIP, a name and an address")
        return None
    view.take("vat_identifier")
    return AuthorisedParty(nip=number, name=draft.text(view, "name", _NAME), address=place, role="3")


def payee(draft: Draft, view: View, factor: bool) -> ThirdParty | None:
    """Podmiot3 for the payee: the factor when an account of it is given, otherwise a role in words."""
    if not view:
        return None
    numbers: dict[str, Any] = {}
    for name in ("legal_registration_identifier", "identifier"):
        one = view.one(name)
        if not one:
            continue
        if numbers:
            draft.describe_identifier(one)
        elif not one.see("scheme_id") and (number := _valid_nip(one.see("value"))):
            one.take("value")
            numbers = {"nip": number}
        else:
            numbers = draft.found(other_id=draft.text(one, "value", 50))
            draft.describe(one, "scheme_id")
    role: dict[str, Any] = {"role": "1"} if factor else {"other_role": PAYEE_ROLE}
    return ThirdParty(**numbers, **role, name=draft.text(view, "name", _NAME))


def recipient(draft: Draft, view: View) -> ThirdParty | None:
    """Podmiot3 role 2: to whom and where is delivered."""
    location = view.one("location_identifier")
    gln = None
    if location and location.see("scheme_id") == GLN and view.one("address") and len(location.see("value") or "") <= 13:
        gln = location.take("value")
        location.take("scheme_id")
    elif location:
        draft.describe_identifier(location)
    name = draft.text(view, "party_name", _NAME)
    place = address(draft, view.one("address"), gln)
    return ThirdParty(role="2", name=name, address=place) if name or place else None
