"""FactPulse: the life cycle - making, checking and sending CDAR messages, and listing what came."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from billingua import lifecycle
from billingua.errors import BillinguaError
from billingua.model import Identifier
from billingua.rules.fr_cdar.lists import ACTIONS, reasons
from billingua.sandbox import cdv
from billingua.sandbox.afnor import flow
from billingua.sandbox.call import Call
from billingua.sandbox.documents import judged
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Track

__all__ = [
    "cdar_actions",
    "cdar_cashed",
    "cdar_generate",
    "cdar_lifecycle",
    "cdar_reasons",
    "cdar_refused",
    "cdar_statuses",
    "cdar_submit",
    "cdar_submit_xml",
    "cdar_validate",
    "cdar_validate_xml",
]

_SELLER: Final = "100000009"
_BUYER: Final = "200000008"
_BUYER_SETS: Final = frozenset(("204", "205", "206", "207", "208", "210", "211", "214"))
_USUAL_RATE: Final = 20
_MOST_DAYS: Final = 365
_FLOW_TYPES: Final = ("CustomerInvoiceLC", "SupplierInvoiceLC")


def _about(
    call: Call, *, seller: str, buyer: str, seller_address: str = "", buyer_address: str = ""
) -> lifecycle.Reference:
    return lifecycle.Reference(
        number=call.text("invoiceId"),
        issue_date=date.fromisoformat(call.text("invoiceIssueDate")),
        type_code=call.text("invoiceTypeCode", "380"),
        seller_id=Identifier(seller, "0002"),
        seller_address=Identifier(seller_address or seller, "0225"),
        buyer_id=Identifier(buyer, "0002"),
        buyer_address=Identifier(buyer_address or buyer, "0225"),
    )


def _made(call: Call, about: lifecycle.Reference, status: str, amount: str, rate: str) -> bytes:
    """The message, judged.

    Raises:
        Refusal: it cannot be made, or is not valid.
    """
    cashed = {_decimal(call, rate, _USUAL_RATE): _decimal(call, amount, 0)} if call.get(amount) is not None else {}
    try:
        data = cdv.written(
            call.store,
            about,
            status,
            reason=call.text("reasonCode"),
            text=call.text("reasonText"),
            action=call.text("actionCode"),
            cashed=cashed if status == "212" else {},
            id=call.text("documentId"),
        )
    except BillinguaError as error:
        raise Refusal(400, "CDAR_GENERATION_FAILED", str(error), (Complaint("status", status, str(error)),)) from None
    verdict = judged(call.store, data)
    if not verdict.valid:
        raise Refusal(400, "SCHEMATRON_VALIDATION_FAILED", "The CDAR is not valid.", verdict.complaints)
    return data


def _decimal(call: Call, name: str, usual: int) -> Decimal:
    return Decimal(str(call.get(name, usual)))


def _generated(call: Call) -> bytes:
    status, sender = call.text("status"), call.text("senderSiren")
    buyer_sets = status in _BUYER_SETS
    seller = call.text("invoiceSellerSiren") or (_SELLER if buyer_sets else sender)
    buyer = call.text("invoiceBuyerSiren") or (sender if buyer_sets else _BUYER)
    return _made(call, _about(call, seller=seller, buyer=buyer), status, "encaisseAmount", "encaisseVatRate")


def cdar_generate(call: Call) -> Any:
    """A message as XML; it is not sent."""
    data = _generated(call)
    return {
        "documentId": call.text("documentId"),
        "xml": data.decode(),
        "xmlSize": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "message": "CDAR generated.",
    }


def _sent(call: Call, data: bytes, name: str) -> Track:
    kind = call.text("flowType", "CustomerInvoiceLC")
    if kind not in flow.FLOW_TYPES:
        raise Refusal(400, "INVALID_FLOW_TYPE", f"flowType {kind[:40]} is unknown.")
    made = flow.submitted(call.store, {"name": name, "flowSyntax": "CDAR"}, data, ends=call.ends)
    made.facts["type"] = kind
    return made


def cdar_submit(call: Call) -> Any:
    """A message is made and sent."""
    made = _sent(call, _generated(call), call.text("documentId"))
    return {"flowId": made.id, "status": made.status, "message": "Sent.", "documentId": call.text("documentId")}


def cdar_submit_xml(call: Call) -> Any:
    """A message that is there already is sent."""
    text = call.text("xml")
    data = text.encode() if text.lstrip("\ufeff \t\r\n").startswith("<") else _from_base64(text)
    verdict = judged(call.store, data)
    if verdict.format != "cdar" or not verdict.valid:
        raise Refusal(400, "SCHEMATRON_VALIDATION_FAILED", "The XML is no valid CDAR.", verdict.complaints)
    made = _sent(call, data, call.text("filename", "cdar.xml"))
    message = cdv.readable(data)
    id = message.id if message is not None else None
    return {"flowId": made.id, "status": made.status, "message": "Sent.", "documentId": id}


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return text.encode("utf-8", "replace")


def _simplified(call: Call, data: bytes, status: str) -> Any:
    message = cdv.readable(data)
    made = _sent(call, data, f"{call.text('invoiceId')}-{status}")
    return {
        "flowId": made.id,
        "documentId": message.id if message is not None else None,
        "status": status,
        "invoiceId": call.text("invoiceId"),
        "message": "Sent.",
    }


def cdar_cashed(call: Call) -> Any:
    """An invoice was paid (212): one amount at one rate."""
    about = _about(
        call,
        seller=call.text("senderSiren", _SELLER),
        buyer=call.text("invoiceBuyerSiren"),
        buyer_address=call.text("invoiceBuyerElectronicAddress"),
    )
    return _simplified(call, _made(call, about, "212", "amount", "vatRate"), "212")


def cdar_refused(call: Call) -> Any:
    """An invoice is refused (210)."""
    about = _about(
        call,
        seller=call.text("invoiceSellerSiren"),
        buyer=call.text("senderSiren", _BUYER),
        seller_address=call.text("invoiceSellerElectronicAddress"),
    )
    return _simplified(call, _made(call, about, "210", "amount", "vatRate"), "210")


def _verdict(complaints: tuple[Complaint, ...], warnings: tuple[Complaint, ...] = ()) -> dict[str, Any]:
    def shown(several: tuple[Complaint, ...], severity: str) -> list[dict[str, str]]:
        return [{"field": one.field, "message": one.message, "rule": one.code, "severity": severity} for one in several]

    return {"valid": not complaints, "errors": shown(complaints, "error"), "warnings": shown(warnings, "warning")}


def cdar_validate(call: Call) -> Any:
    """What is wrong with the fields of a message."""
    needed = ("documentId", "senderSiren", "invoiceId", "invoiceIssueDate", "status")
    missing = tuple(Complaint(name, "REQUIRED", f"{name} is required") for name in needed if not call.get(name))
    if missing:
        return _verdict(missing)
    try:
        _generated(call)
    except Refusal as refusal:
        return _verdict(refusal.complaints)
    return _verdict(())


def cdar_validate_xml(call: Call) -> Any:
    """What is wrong with a message as XML."""
    file = call.upload("xml_file")
    verdict = judged(call.store, file.data if file is not None else b"")
    if verdict.format not in ("cdar", ""):
        return _verdict((Complaint("", "FORMAT", f"The document is {verdict.format}, no CDAR."),))
    return _verdict(verdict.complaints, verdict.warnings)


def cdar_lifecycle(call: Call) -> Any:
    """The statuses that came and went in the last days, by invoice."""
    days = call.number("days", 7)
    if not 1 <= days <= _MOST_DAYS:
        complaint = Complaint("days", "range", f"days is 1 to {_MOST_DAYS}")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    since = call.store.now() - timedelta(days=days)
    invoices: dict[tuple[str | None, str], list[dict[str, Any]]] = {}
    for track in call.store.of_kind(flow.FLOW):
        if track.facts["type"] not in _FLOW_TYPES or track.history[0][1] < since:
            continue
        if call.text("flowDirection", track.facts["direction"]) != track.facts["direction"]:
            continue
        for seller, number, event in _events(track):
            if call.text("invoiceId", number) == number:
                invoices.setdefault((seller, number), []).append(event)
    shown = [
        {"sellerId": seller, "invoiceId": number, "events": events, "totalEvents": len(events)}
        for (seller, number), events in invoices.items()
    ]
    return {"invoices": shown, "totalInvoices": len(shown), "cutoffDays": days}


def _events(track: Track) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    message = cdv.readable(track.facts["data"])
    if message is None or message.referenced.number is None:
        return
    about, issuer = message.referenced, message.issuer
    seller = about.seller.global_ids[0].value if about.seller is not None and about.seller.global_ids else None
    cashed = [one for detail in about.details for one in detail.characteristics if one.amount is not None]
    amount = cashed[0].amount if cashed else None
    code = about.status or ""
    yield (
        seller,
        about.number.value or "" if about.number is not None else "",
        {
            "flowId": track.id,
            "statusCode": code,
            "statusDescription": lifecycle.status(code).label if lifecycle.is_status(code) else None,
            "ackStatus": track.status,
            "flowDirection": track.facts["direction"],
            "at": track.history[0][1].isoformat(),
            "documentId": message.id,
            "amount": str(amount.value) if amount is not None else None,
            "currency": amount.currency if amount is not None else None,
            "issuerSiren": issuer.global_ids[0].value if issuer is not None and issuer.global_ids else None,
            "issuerRole": issuer.role if issuer is not None else None,
            "reasonCode": next((one.reason_code for one in about.details if one.reason_code), None),
        },
    )


def _codes(found: list[tuple[str, str]]) -> dict[str, Any]:
    codes = [{"code": code, "name": name, "description": name} for code, name in found]
    return {"codes": codes, "count": len(codes), "source": "sandbox"}


def cdar_statuses(_: Call) -> Any:
    """All statuses."""
    return _codes([(one.code, one.label) for one in lifecycle.statuses() if not one.is_technical])


def cdar_reasons(_: Call) -> Any:
    """All reasons."""
    return _codes([(code, code) for code in sorted(reasons())])


def cdar_actions(_: Call) -> Any:
    """All actions."""
    return _codes([(code, code) for code in sorted(ACTIONS)])
