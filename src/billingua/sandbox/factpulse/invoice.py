"""The two forms of an invoice at FactPulse - the full one and the simplified one - read into the model, and back."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, Final

from billingua.errors import InvalidModel
from billingua.identifiers import fr_vat, siren, siret
from billingua.model import Invoice
from billingua.resources import cells_of, table_beside
from billingua.sandbox.call import to_json

__all__ = ["full_of", "invoice_of", "is_simplified"]

UNITS: Final = {
    "PIECE": "C62",
    "HEURE": "HUR",
    "JOUR": "DAY",
    "KILOGRAMME": "KGM",
    "LITRE": "LTR",
    "FORFAIT": "LS",
}
MEANS: Final = {"CHEQUE": "20", "PRELEVEMENT": "49", "VIREMENT": "30", "ESPECE": "10", "AUTRE": "1", "REPORT": "97"}
_DUE: Final = {"5": "3", "29": "35", "72": "432"}
"""BT-8 as CII has it, and as the model does."""
_NOTES: Final = (
    ("PMT", "Indemnité forfaitaire pour frais de recouvrement : 40 €."),
    ("PMD", "Pénalités de retard : trois fois le taux d'intérêt légal."),
    ("AAB", "Pas d'escompte pour paiement anticipé."),
)
"""The notes that the French rules want, which the simplified form has no place for."""

_KNOWN: Final = {
    "100000009": ("Sandbox Seller", "75003", "Paris"),
    "200000008": ("Sandbox Buyer", "69003", "Lyon"),
    "300000007": ("Sandbox Town Hall", "31000", "Toulouse"),
}
"""What the look-up of a SIREN gives; any other one is found as well, in Paris."""


@cache
def _rows() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """By group: paths in the full form, and in the model."""
    found: dict[str, list[tuple[str, str]]] = {}
    for group, theirs, ours in cells_of(table_beside(__file__, "invoice.tsv"))[1:]:
        found.setdefault(group, []).append((theirs, ours))
    return {group: tuple(rows) for group, rows in found.items()}


def is_simplified(data: Mapping[str, Any]) -> bool:
    """Whether an invoice is in the simplified form."""
    return "number" in data and "invoice_number" not in data


def invoice_of(data: Any, today: date, *, enrich: bool) -> Invoice:
    """The invoice that either form describes. `enrich` looks the parties up by their SIRET, as the service does.

    Raises:
        InvalidModel: something required is missing, or a value cannot be what it should be.
    """
    if not isinstance(data, dict):
        raise InvalidModel("The invoice is no JSON object.")
    made = _of_simplified(data, today) if is_simplified(data) else _of_full(data)
    for role in ("seller", "buyer"):
        party = made.setdefault(role, {})
        if enrich:
            _look_up(party)
    made.setdefault("specification", "urn:cen.eu:en16931:2017")
    made.setdefault("currency", "EUR")
    made.setdefault("issue_date", today.isoformat())
    invoice = Invoice.from_json(to_json(_without_nothing(made)))
    return invoice.with_totals() if invoice.totals is None or not invoice.vat_breakdown else invoice


def _mapped(source: Any, group: str) -> dict[str, Any]:
    """The values of a group at their places in the model."""
    made: dict[str, Any] = {}
    for theirs, ours in _rows()[group]:
        value = _at(source, theirs)
        if value is not None:
            _put(made, ours, value)
    return made


def _at(source: Any, path: str) -> Any:
    for step in path.split("."):
        source = source.get(step) if isinstance(source, dict) else None
    return source


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    *steps, last = path.split(".")
    for step in steps:
        target = target.setdefault(step, {})
    target[last] = value


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _of_full(data: Mapping[str, Any]) -> dict[str, Any]:
    for path in ("invoice_number", "payment_due_date", "supplier", "recipient", "totals", "references"):
        if data.get(path) in (None, ""):
            raise InvalidModel(f"{path} is required.", where=path)
    made = _mapped(data, "invoice")
    made["seller"], made["buyer"] = _party(data["supplier"], "seller"), _party(data["recipient"], "buyer")
    made["lines"] = [_line(one) for one in _list(data, "invoice_lines")]
    made["vat_breakdown"] = [_vat(_mapped(one, "vat"), one) for one in _list(data, "vat_lines")]
    notes = [_mapped(one, "note") for one in _list(data, "notes")]
    made["notes"] = notes + ([{"text": data["comment"]}] if data.get("comment") else [])
    for one in _list(data, "allowances_charges"):
        kind = "charges" if one.get("is_charge") else "allowances"
        made.setdefault(kind, []).append(_mapped(one, "allowance"))
    if _at(data, "references.preceding_invoice_reference"):
        made["preceding_invoices"] = [_mapped(data, "preceding")]
    due = [one.get("due_date_type_code") for one in _list(data, "vat_lines") if one.get("due_date_type_code")]
    if due:
        made["tax_point_date_code"] = _DUE.get(str(due[0]), str(due[0]))
    _pay(made, str(_at(data, "references.payment_means") or ""), data["supplier"])
    return made


def _party(source: Any, role: str) -> dict[str, Any]:
    made = _mapped(source, "party")
    number = source.get("siret") if isinstance(source, dict) else None
    identifier = source.get("siren") if isinstance(source, dict) else None
    _number(made, role, str(number or ""), str(identifier or ""))
    if role == "buyer":
        for name in ("tax_registration_identifier", "additional_legal_information"):
            made.pop(name, None)
    return made


def _number(made: dict[str, Any], role: str, number: str, company: str) -> None:
    """SIRET and SIREN of a party, and what is not given of the electronic address: it is one of the French network."""
    if number:
        identifier = {"value": number, "scheme_id": "0009"}
        made["identifiers" if role == "seller" else "identifier"] = [identifier] if role == "seller" else identifier
    company = company or (siret.siren_of(number) if siret.has_form(number) else "")
    if company:
        made["legal_registration_identifier"] = {"value": company, "scheme_id": "0002"}
        made.setdefault("electronic_address", {"value": company})
    if "electronic_address" in made:
        made["electronic_address"].setdefault("scheme_id", "0225")


def _look_up(party: dict[str, Any]) -> None:
    """Name, address and VAT number of a party by its SIREN, where they are missing."""
    number = str(party.get("legal_registration_identifier", {}).get("value", ""))
    name, post_code, city = _KNOWN.get(number, (f"Business {number}", "75001", "Paris"))
    if not number:
        return
    party.setdefault("name", name)
    party.setdefault("address", {"city": city, "post_code": post_code, "country_code": "FR"})
    if not siren.problem(number):
        party.setdefault("vat_identifier", fr_vat.of_siren(number))


def _line(source: Mapping[str, Any]) -> dict[str, Any]:
    made = _mapped(source, "line")
    made["identifier"] = str(made.get("identifier", ""))
    made["unit_code"] = UNITS.get(str(made.get("unit_code")), made.get("unit_code"))
    vat = made.setdefault("vat", {})
    vat.setdefault("category_code", "S")
    if "rate" not in vat and source.get("vat_rate") is not None:
        vat["rate"] = _rate(source["vat_rate"])
    for one in _list(source, "allowances_charges"):
        kind = "charges" if one.get("is_charge") else "allowances"
        part = _mapped(one, "allowance")
        made.setdefault(kind, []).append({name: part[name] for name in part if not name.startswith("vat_")})
    return made


def _vat(made: dict[str, Any], source: Mapping[str, Any]) -> dict[str, Any]:
    made.setdefault("category_code", "S")
    if "rate" not in made and source.get("rate") is not None:
        made["rate"] = _rate(source["rate"])
    return made


def _rate(value: Any) -> Any:
    """A rate as a number, or as a code such as TVA5_5."""
    return value.removeprefix("TVA").replace("_", ".").replace(",", ".") if isinstance(value, str) else value


def _pay(made: dict[str, Any], means: str, supplier: Any) -> None:
    payment = made.setdefault("payment", {})
    payment["means_code"] = MEANS.get(means, means) or "30"
    transfer = _mapped(supplier, "account")
    if transfer:
        payment["credit_transfers"] = [transfer]


def _of_simplified(data: Mapping[str, Any], today: date) -> dict[str, Any]:
    for path in ("number", "supplier", "recipient", "lines"):
        if not data.get(path):
            raise InvalidModel(f"{path} is required.", where=path)
    made = _mapped(data, "simplified")
    issued = _day(data.get("date")) or today
    made["issue_date"] = issued.isoformat()
    made["due_date"] = (issued + timedelta(days=_days(data.get("dueDays", 30)))).isoformat()
    made.setdefault("type_code", "380")
    made.setdefault("business_process", "B1")
    made["notes"] = [{"subject_code": code, "text": text} for code, text in _NOTES]
    if data.get("comment"):
        made["notes"].append({"text": data["comment"]})
    if data.get("precedingInvoiceReference"):
        made["preceding_invoices"] = [{"number": data["precedingInvoiceReference"]}]
    for role, name in (("seller", "supplier"), ("buyer", "recipient")):
        party = _mapped(data[name], "simplified-party")
        if role == "buyer":
            party.pop("tax_registration_identifier", None)
        _number(party, role, str(_at(data[name], "siret") or ""), "")
        made[role] = party
    made["lines"] = [_simplified_line(number, one) for number, one in enumerate(_list(data, "lines"), 1)]
    made["payment"] = {**made.get("payment", {}), "means_code": "30"}
    transfer = _mapped(data["supplier"], "account")
    if transfer:
        made["payment"]["credit_transfers"] = [transfer]
    return made


def _simplified_line(number: int, source: Mapping[str, Any]) -> dict[str, Any]:
    made = _mapped(source, "simplified-line")
    made["identifier"] = str(number)
    made.setdefault("quantity", 1)
    made["unit_code"] = UNITS.get(str(source.get("unit")), source.get("unit") or "C62")
    rate = _rate(source.get("vatRate", 20))
    made["vat"] = {"category_code": "S", "rate": rate}
    return made


def _day(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidModel(f"date {str(value)[:40]!r} is no date.", where="date") from None


def _days(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value <= 3650:
        raise InvalidModel(f"dueDays {str(value)[:40]!r} is no number of days.", where="dueDays")
    return value


def _without_nothing(value: Any) -> Any:
    """Without nulls, empty texts and empty objects; numbers as texts, so that their digits stay."""
    if isinstance(value, dict):
        made = {name: _without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in made.items() if one not in (None, "", {}, [])}
    if isinstance(value, list):
        return [one for one in map(_without_nothing, value) if one not in (None, "", {})]
    return str(value) if isinstance(value, Decimal) else value


def full_of(invoice: Invoice) -> dict[str, Any]:
    """An invoice of the model in the full form, as far as that has places."""
    source = _plain(invoice)
    made = _back(source, "invoice")
    made["supplier"], made["recipient"] = (_back_party(source.get(role) or {}) for role in ("seller", "buyer"))
    made["invoice_lines"] = [_back(one, "line") for one in source.get("lines", [])]
    made["vat_lines"] = [_back(one, "vat") for one in source.get("vat_breakdown", [])]
    made["notes"] = [_back(one, "note") for one in source.get("notes", [])]
    made["allowances_charges"] = [
        {"is_charge": kind == "charges"} | _back(one, "allowance")
        for kind in ("allowances", "charges")
        for one in source.get(kind, [])
    ]
    return made


def _plain(invoice: Invoice) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(invoice.to_json())
    return found


def _back(source: Any, group: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for theirs, ours in _rows()[group]:
        value = _at(source, ours)
        if value is not None:
            _put(made, theirs, value)
    return made


def _back_party(source: Mapping[str, Any]) -> dict[str, Any]:
    made = _back(source, "party")
    for one in _identifiers(source):
        if one.get("scheme_id") == "0009":
            made["siret"] = one["value"]
    number = _at(source, "legal_registration_identifier.value")
    return made | ({"siren": number} if number else {})


def _identifiers(source: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from source.get("identifiers", ())
    if source.get("identifier"):
        yield source["identifier"]
