"""Openapi France: configurations, and invoices that move through their states and call back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from billingua import api
from billingua.errors import BillinguaError, InvalidModel
from billingua.identifiers import siren, siret
from billingua.model import Invoice
from billingua.sandbox.call import Call, to_json
from billingua.sandbox.callbacks import call_back
from billingua.sandbox.documents import judged
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store, Track

__all__ = ["configuration_new", "invoice_get", "invoice_list", "invoice_new"]

_KIND: Final = "openapi-invoice"
_SHELF: Final = "openapi-configurations"
_EVENTS: Final = ("customer-invoice", "supplier-invoice")
_STATES: Final = ("NEW", "SENT", "RECEIVED", "DONE")
_CATEGORIES: Final = {"standard": "S", "zero": "Z", "exempt": "E", "reverse_charge": "AE"}
"""The words for VAT categories; only the first is attested. Codes are taken as well."""
_MEANS: Final = {"sepa_credit_transfer": "58"}
_TWINS: Final = (
    ("amount_excluding_tax", "total_amount_excluding_tax", "total_without_vat"),
    ("tax_amount", "total_tax_amount", "total_vat"),
    ("amount_including_tax", "total_amount_including_tax", "total_with_vat"),
)
"""The same figure under two names, and its place in the totals."""


def _wrapped(data: Any, message: str = "OK") -> dict[str, Any]:
    return {"data": data, "success": True, "message": message, "error": None}


def configuration_new(call: Call) -> Any:
    """Who sends or receives, and where its callbacks go. The same fiscal_id again replaces it."""
    number = call.text("fiscal_id")
    if not siren.is_valid(number) and not siret.is_valid(number):
        complaint = Complaint("fiscal_id", "INVALID", "fiscal_id is a valid SIREN or SIRET")
        raise call.refuse(422, "VALIDATION_ERROR", complaint.message, complaint)
    for one in call.get("api_configurations", []):
        callback = one.get("callback") if isinstance(one, dict) else None
        url = callback.get("url") if isinstance(callback, dict) else None
        if not isinstance(url, str) or one.get("event") not in _EVENTS:
            text = f"api_configurations are {{event, callback{{url}}}}; event is {' or '.join(_EVENTS)}"
            raise call.refuse(422, "VALIDATION_ERROR", text, Complaint("api_configurations", "INVALID", text))
    kept = {**call.json, "id": call.store.digits("openapi-configuration", 24)}
    call.store.shelf(_SHELF)[number[:9]] = kept
    return _wrapped(kept, "Configuration saved.")


def invoice_new(call: Call) -> Any:
    """An invoice: judged at once, then on its way."""
    data: dict[str, Any] = call.json
    try:
        invoice = _invoice(data)
        xml = api.write(invoice, "cii")
    except BillinguaError as error:
        complaint = Complaint(error.where, "INVALID", error.what)
        raise call.refuse(422, "VALIDATION_ERROR", str(error), complaint) from None
    wrong = next(_unequal(data, invoice), None)
    if wrong:
        raise call.refuse(422, "VALIDATION_ERROR", wrong.message, wrong)
    verdict = judged(call.store, xml, without="fr-")
    if not verdict.valid:
        texts = "; ".join(f"[{one.code}] {one.message}" for one in verdict.complaints[:5])
        raise call.refuse(422, "VALIDATION_ERROR", texts, *verdict.complaints)
    number, sender = invoice.number, _fiscal(data["sender"])
    for track in call.store.of_kind(_KIND):
        if (track.facts["invoice"]["document_number"], _fiscal(track.facts["invoice"]["sender"])) == (number, sender):
            raise call.refuse(409, "DUPLICATE", f"The invoice {number} exists already.")
    steps = ("NEW", "SENT", "ERROR") if call.ends == "ERROR" else _STATES
    track = call.store.start(_KIND, call.store.digits(_KIND, 24), steps, invoice=_whole(data, invoice), incoming=False)
    track.on_move = lambda moved: _moved(call.store, moved)
    if _callbacks(call.store, sender, "customer-invoice"):
        call.store.hurried.append(track)
    return _wrapped(_shown(track), "Invoice accepted.")


def _invoice(data: Mapping[str, Any]) -> Invoice:
    """The invoice of the model.

    Raises:
        InvalidModel: a value cannot be what it should be.
    """
    means = _objects(data, "payment_means")
    made: dict[str, Any] = {
        "specification": "urn:cen.eu:en16931:2017",
        "number": data.get("document_number"),
        "issue_date": data.get("issue_date"),
        "type_code": str(data.get("type") or "380"),
        "currency": data.get("currency") or "EUR",
        "buyer_reference": data.get("chorus_pro_service_code"),
        "purchase_order_reference": data.get("commitment_number"),
        "due_date": min([str(one["due_date"]) for one in means if one.get("due_date")], default=None),
        "payment_terms": None if means else "On receipt",
        "seller": _party(data["sender"], "seller"),
        "buyer": _party(data["recipient"], "buyer"),
        "lines": [_line(number, one) for number, one in enumerate(_objects(data, "invoice_lines"), 1)],
    }
    if means:
        mode = str(means[0].get("payment_mode") or "sepa_credit_transfer")
        accounts = [{"account_identifier": one["financial_account"]} for one in means if one.get("financial_account")]
        made["payment"] = {"means_code": _MEANS.get(mode, mode), "credit_transfers": accounts}
    return Invoice.from_json(to_json(_without_nothing(made))).with_totals()


def _objects(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InvalidModel(f"{name} is a list of objects.", where=name)
    return found


def _party(source: Any, role: str) -> dict[str, Any]:
    if not isinstance(source, dict):
        raise InvalidModel(f"The {role} is no object.", where=role)
    given = source.get("address")
    address: dict[str, Any] = given if isinstance(given, dict) else {}
    number = _fiscal(source)
    return {
        "name": source.get("name"),
        "vat_identifier": source.get("vat_id"),
        "legal_registration_identifier": {"value": number[:9], "scheme_id": "0002"} if number else None,
        "electronic_address": {"value": source.get("email"), "scheme_id": "EM"} if source.get("email") else None,
        "address": {
            "line1": address.get("street_address"),
            "post_code": address.get("zip_code"),
            "city": address.get("city"),
            "country_code": address.get("country"),
        },
    }


def _fiscal(source: Mapping[str, Any]) -> str:
    """The SIREN or SIRET of a party."""
    for name in ("fiscal_id", "siret", "siren"):
        if source.get(name):
            return str(source[name])
    return ""


def _line(number: int, source: Mapping[str, Any]) -> dict[str, Any]:
    word = str(source.get("tax_category") or source.get("nature") or "standard")
    return {
        "identifier": str(number),
        "quantity": source.get("quantity"),
        "unit_code": source.get("unit_of_measure") or "C62",
        "net_amount": source.get("total_net_amount"),
        "price": {"net_price": source.get("unit_price")},
        "vat": {"category_code": _CATEGORIES.get(word, word), "rate": source.get("tax_rate")},
        "item": {"name": source.get("description")},
    }


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        made = {name: _without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in made.items() if one not in (None, "", {}, [])}
    if isinstance(value, list):
        return [_without_nothing(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _unequal(data: Mapping[str, Any], invoice: Invoice) -> Iterator[Complaint]:
    """Twins that differ, and figures that do not follow from the lines."""
    for short, long, name in _TWINS:
        given = {key: data[key] for key in (short, long) if data.get(key) is not None}
        computed = getattr(invoice.totals, name)
        for key, value in given.items():
            try:
                wrong = Decimal(str(value)) != computed
            except ArithmeticError:
                wrong = True
            if wrong:
                yield Complaint(key, "MISMATCH", f"{key} is {value}, but the lines make {computed}")


def _whole(data: Mapping[str, Any], invoice: Invoice) -> dict[str, Any]:
    """The invoice as it is shown: what was given, and all that follows from it."""
    figures = {key: getattr(invoice.totals, name) for short, long, name in _TWINS for key in (short, long)}
    subtotals = [
        {
            "taxable_amount": one.taxable_amount,
            "tax_amount": one.tax_amount,
            "tax_category": next((word for word, code in _CATEGORIES.items() if code == one.category_code), None),
            "vat_rate": one.rate,
        }
        for one in invoice.vat_breakdown
    ]
    return {**figures, "tax_subtotals": subtotals, **data}


def _shown(track: Track) -> dict[str, Any]:
    invoice = track.facts["invoice"]
    number = _fiscal(invoice["recipient"])
    sent: datetime = track.history[0][1]
    return {
        **invoice,
        "id": track.id,
        "state": track.status,
        "details": {
            "external_status": track.status.lower(),
            "network": "fr-dgfip",
            "siren": number[:9],
            "siret": number if len(number) == 14 else None,
            "service_code": invoice.get("chorus_pro_service_code"),
            "commitment_number": invoice.get("commitment_number"),
            "invoice_type": "Factur-X",
            "submission_date": sent.date().isoformat(),
        },
        "create_at": sent.isoformat(),
    }


def _callbacks(store: Store, number: str, event: str) -> list[str]:
    """Where the events of a business go."""
    found = store.shelf(_SHELF).get(number[:9], {})
    return [one["callback"]["url"] for one in found.get("api_configurations") or [] if one["event"] == event]


def _tell(store: Store, track: Track, number: str, event: str) -> None:
    """Call back; the body is not documented: the wrapper around the invoice, without a signature."""
    for url in _callbacks(store, number, event):
        call_back(store, url, to_json(_wrapped(_shown(track), event)), {})


def _moved(store: Store, track: Track) -> None:
    """A new state is told to the sender; a recipient that is configured here gets the invoice."""
    invoice = track.facts["invoice"]
    _tell(store, track, _fiscal(invoice["sender"]), "customer-invoice")
    number = _fiscal(invoice["recipient"])
    configured = store.shelf(_SHELF).get(number[:9])
    if track.status == "RECEIVED" and configured is not None and configured.get("supplier_invoice") is not False:
        copy = store.start(_KIND, store.digits(_KIND, 24), ("RECEIVED",), invoice=invoice, incoming=True)
        _tell(store, copy, number, "supplier-invoice")


def invoice_list(call: Call) -> Any:
    """All invoices, outgoing and incoming."""
    return _wrapped([_shown(track) for track in call.store.of_kind(_KIND)])


def invoice_get(call: Call) -> Any:
    """One invoice; `refresh` asks for its newest state at once."""
    track = call.store.track(_KIND, call.text("id"))
    if track is None:
        raise Refusal(404, "NOT_FOUND", "The invoice was not found.")
    if call.text("refresh") == "true":
        call.store.move(track)
    else:
        call.store.poll(track)
    return _wrapped(_shown(track))
