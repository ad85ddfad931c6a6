"""Podmiot1, Podmiot2, Podmiot3 and PodmiotUpowazniony as the parties of EN 16931."""

import re
from typing import Any, Final

from billingua.codelists import codes
from billingua.formats.fa.mapping.codes import country_back
from billingua.formats.fa.mapping.from_parties import GLN, PAYEE_ROLE
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.model.code_lists import codes as fa_codes

__all__ = ["address", "buyer", "others", "seller", "tax_representative"]

Record = dict[str, Any]

_POLISH = re.compile(r"(?P<code>\d{2}-\d{3})\s+(?P<city>[^\d,][^,]*)(?:, (?P<subdivision>[^,]+))?")
_FOREIGN = re.compile(r"(?P<code>\d{4,6})\s+(?P<city>[^\d,][^,]*)(?:, (?P<subdivision>[^,]+))?")
_MERGED = re.compile(r"(?P<line>.+),\s*(?P<town>\d{2}-\d{3}\s+[^\d,]+)")
_FACTOR: Final = "1"
_RECIPIENT: Final = "2"


def address(view: View) -> Record:
    """TAdres: postcode and town are split off where they look like that."""
    if not view:
        return {}
    country = view.take("country")
    found: Record = {"country_code": country_back(country) if country else None}
    first, second = view.take("line_1"), view.take("line_2")
    if first and first == country and second is None:
        return found
    pattern = _POLISH if country == "PL" else _FOREIGN
    if second is None and (merged := _MERGED.fullmatch(first or "")):
        first, second = merged["line"], merged["town"]
    if second is None and (match := pattern.fullmatch(first or "")):
        first = None
    else:
        match = pattern.fullmatch(second or "")
    if match:
        found |= {"post_code": match["code"], "city": match["city"].strip(), "subdivision": match["subdivision"]}
        second = None
    return {**found, "line1": first, "line2": second}


def _contact(view: View) -> Record:
    first = next(iter(view.all("contacts")), None)
    if first is None:
        return {}
    return {"telephone": first.take("phone"), "email": first.take("email")}


def seller(view: View, footer: View, out_of_scope: bool) -> Record:
    """BG-4. Where nothing is within the scope of VAT the standard forbids a VAT identifier (BR-O-02): the NIP is
    BT-32 there."""
    number = view.take("nip")
    view.take("eu_prefix")
    found: Record = {"name": view.take("name"), "address": address(view.one("address")), "contact": _contact(view)}
    identifiers: list[Record] = []
    if gln := view.one("address").take("gln"):
        identifiers.append({"value": gln, "scheme_id": GLN})
    register = next(iter(footer.all("registers")), None)
    if register is not None:
        numbers = [value for name in ("krs", "regon") if (value := register.take(name))]
        if numbers:
            found["legal_registration_identifier"] = {"value": numbers[0]}
            identifiers += [{"value": value} for value in numbers[1:]]
        if register.see("full_name") == view.see("name"):
            register.take("full_name")
    if number and out_of_scope:
        found["tax_registration_identifier"] = number
        if not identifiers and "legal_registration_identifier" not in found:
            identifiers.append({"value": number})
    elif number:
        found["vat_identifier"] = f"PL{number}"
    return {**found, "identifiers": identifiers}


def _number(view: View) -> str | None:
    """The tax number of a party with its prefix, as BT-48 has it."""
    if number := view.take("nip"):
        return f"PL{number}"
    if number := view.take("eu_vat_number"):
        return f"{view.take('eu_country') or ''}{number}"
    return None


def buyer(view: View, out_of_scope: bool) -> Record:
    """BG-7. A number of another kind is a VAT identifier only if a country code begins it (BR-CO-09)."""
    found: Record = {"name": view.take("name"), "address": address(view.one("address")), "contact": _contact(view)}
    number = _number(view)
    other = view.see("other_id")
    if other is not None:
        view.take("other_id")
        country = view.see("other_country")
        if country is None or country == view.one("address").see("country") or other.startswith(country):
            view.take("other_country")
        if re.match("[A-Z]{2}", other) and other[:2] in codes("iso_3166_ubl"):
            number = other
        else:
            found["legal_registration_identifier"] = {"value": other}
    if number and out_of_scope:
        found["legal_registration_identifier"] = {"value": number}
    elif number:
        found["vat_identifier"] = number
    gln = view.one("address")
    if customer := view.take("customer_number"):
        found["identifier"] = {"value": customer}
    elif gln.see("gln"):
        found["identifier"] = {"value": gln.take("gln"), "scheme_id": GLN}
    return found


def tax_representative(view: View) -> Record:
    """BG-11, if the authorised party is that."""
    if view.see("role") != "3":
        return {}
    view.take("role")
    number = view.take("nip")
    return {
        "name": view.take("name"),
        "vat_identifier": f"PL{number}" if number else None,
        "address": address(view.one("address")),
    }


def others(views: list[View], authorised: View, has_factor_account: bool) -> tuple[Record, Record, list[str]]:
    """The payee (BG-10) and the recipient (BG-13) among Podmiot3, and notes on the other parties."""
    payee: Record = {}
    delivery: Record = {}
    notes = []
    for view in views:
        role = view.see("role")
        if not payee and ((role == _FACTOR and has_factor_account) or view.see("other_role") == PAYEE_ROLE):
            view.take("role"), view.take("other_role")
            number = view.take("nip") or _number(view) or view.take("other_id")
            payee = {"name": view.take("name"), "identifier": {"value": number} if number else {}}
        elif not delivery and role == _RECIPIENT and view.one("address"):
            view.take("role")
            place = view.one("address")
            delivery = {"party_name": view.take("name"), "address": address(place)}
            if gln := place.take("gln"):
                delivery["location_identifier"] = {"value": gln, "scheme_id": GLN}
        else:
            notes.append(_note(view, "Podmiot3", "party_role"))
    if authorised and authorised.see("role") != "3":
        notes.append(_note(authorised, "PodmiotUpowazniony", "authorised_role"))
    return payee, delivery, notes


def _note(view: View, element: str, roles: str) -> str:
    """Another party in one line: its role, name, number and address."""
    role = view.take("role")
    words: list[str | None] = [f"{element} {role} ({fa_codes()[roles].get(role, role)})" if role else element]
    if roles == "party_role":
        words += [view.take("other_role"), view.take("name")]
        words += [f"{view.take('share')} %" if view.see("share") is not None else None]
        words += [_number(view), view.take("internal_id")]
        words += [view.take("other_country"), view.take("other_id")]
    else:
        words += [view.take("name"), view.take("nip")]
    place = view.one("address")
    words += [place.take(name) for name in ("line_1", "line_2", "country")]
    return ", ".join(str(word) for word in words if word)
