"""Docnova France: invoices go out as UBL or CII, statuses as CDAR. No answer is documented: their form is assumed."""

import base64
from typing import Any, Final

from billingua import api, lifecycle
from billingua.errors import LifecycleError
from billingua.identifiers import siren
from billingua.model import Invoice
from billingua.sandbox import cdv
from billingua.sandbox.call import Call
from billingua.sandbox.docnova.signing import company_of, moment
from billingua.sandbox.documents import judged
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Track

__all__ = ["cdar_receive", "cdar_submit", "cdv_detail", "cdv_history", "cdv_list", "cdv_status", "fr_submit"]

_KIND: Final = "docnova-cdv"
_SHORT: Final = {"A1": "205", "A2": "210"}
"""The two codes of the page that are none of CDAR."""
_SYNTAX: Final = {"ubl-invoice": "UBL", "ubl-creditnote": "UBL", "cii": "CII"}
_BUYER: Final = "200000008"


def fr_submit(call: Call) -> Any:
    """An invoice: judged at once; its life cycle begins."""
    company = company_of(call, call.text("companyId"))
    number = call.text("invoiceNumber")
    _check_siren(call)
    if _known(call, company.id, number) is not None:
        raise call.refuse(400, "VALIDATION_ERROR", f"The invoice {number} exists already.")
    verdict = judged(call.store, call.body)
    if not verdict.valid:
        raise call.refuse(400, "VALIDATION_FAILED", "The invoice is not valid.", *verdict.complaints)
    syntax = _SYNTAX.get(verdict.format)
    if syntax is None:
        raise call.refuse(400, "VALIDATION_FAILED", f"The document is {verdict.format}, not UBL or CII.")
    invoice: Invoice = api.read(call.body).content
    for name, given, found in (
        ("flowSyntax", call.text("flowSyntax", syntax), syntax),
        ("invoiceNumber", number, invoice.number),
        ("invoiceTypeCode", call.text("invoiceTypeCode", "380"), invoice.type_code),
    ):
        if given != found:
            complaint = Complaint(name, "Mismatch", f"{name} is {given}, but the document says {found}")
            raise call.refuse(400, "VALIDATION_ERROR", complaint.message, complaint)
    _check_portal(call)
    steps = cdv.course(call.ends, valid=True)
    track = cdv.begin(call.store, _KIND, invoice, steps, company=company.id, number=number, data=call.body)
    return _shown(track) | {"flowSyntax": syntax, "message": "Invoice submitted."}


def cdar_submit(call: Call) -> Any:
    """A status for an invoice, of ours or of somebody else's."""
    company = company_of(call, call.text("companyId"))
    _check_siren(call)
    number = call.text("invoiceNumber")
    code = _SHORT.get(call.text("statusCode"), call.text("statusCode"))
    if not (code.isdigit() and lifecycle.is_status(code)):
        complaint = Complaint("statusCode", "Invalid", f"statusCode {code} is unknown")
        raise call.refuse(400, "VALIDATION_ERROR", complaint.message, complaint)
    if code == "210" and not call.text("reasonCode"):
        complaint = Complaint("reasonCode", "NotNull", "reasonCode is required for a refusal")
        raise call.refuse(400, "VALIDATION_ERROR", complaint.message, complaint)
    track = _known(call, company.id, number)
    own = call.text("siren", company.tax_number if company.country == "FR" else _BUYER)
    about = (
        track.facts["about"]
        if track is not None
        else cdv.reference(number, issue_date=call.store.now().date(), seller=_BUYER, buyer=own)
    )
    reason, text = call.text("reasonCode"), call.text("reasonText")
    try:
        message = cdv.written(call.store, about, code, reason=reason, text=text)
    except LifecycleError as error:
        raise call.refuse(400, "VALIDATION_FAILED", str(error)) from None
    _check_portal(call)
    if track is None:
        track = cdv.begin(call.store, _KIND, about, (code,), company=company.id, number=number, data=b"")
        track.facts["messages"][:] = [message]
    else:
        cdv.add(call.store, track, code, message)
    return _shown(track) | {"message": "Status submitted."}


def cdv_status(call: Call) -> Any:
    """The last status of an invoice; each time it is asked for, it may go on."""
    company = company_of(call, call.text("companyId"))
    track = _known(call, company.id, call.text("invoiceNumber"))
    if track is None:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice not found.")
    return _shown(call.store.poll(track))


def cdv_detail(call: Call) -> Any:
    """The last status with its message."""
    track = _by_id(call)
    return _shown(track) | {"cdar": base64.b64encode(track.facts["messages"][-1]).decode()}


def cdv_history(call: Call) -> Any:
    """All statuses of an invoice, the first one first, with their messages."""
    track = _by_id(call)
    return [
        _shown(track, place) | {"cdar": base64.b64encode(message).decode()}
        for place, message in enumerate(track.facts["messages"])
    ]


def cdv_list(call: Call) -> Any:
    """The last statuses of a company, in pages."""
    company = company_of(call, call.text("companyId"))
    found = [_shown(track) for track in call.store.of_kind(_KIND) if track.facts["company"] == company.id]
    return page_of(call, found)


def page_of(call: Call, found: list[Any], *, page: str = "page", size: str = "size", usual: int = 20) -> dict[str, Any]:
    """A page of a list, as Spring gives it; pages count from 0 and have at most 100 entries."""
    number = call.number(page, 0)
    length = min(max(call.number(size, usual), 1), 100)
    content = found[number * length : (number + 1) * length]
    pages = -(-len(found) // length)
    return {
        "content": content,
        "totalElements": len(found),
        "totalPages": pages,
        "number": number,
        "size": length,
        "numberOfElements": len(content),
        "first": number == 0,
        "last": number >= pages - 1,
        "sort": {"sorted": True},
    }


def cdar_receive(call: Call) -> Any:
    """A CDAR message of somebody else: judged, and entered in the life cycle of its invoice."""
    verdict = judged(call.store, call.body)
    if verdict.format != "cdar":
        raise call.refuse(400, "VALIDATION_FAILED", "The document is no CDAR message.", *verdict.complaints[:1])
    if not verdict.valid:
        raise call.refuse(400, "VALIDATION_FAILED", "The CDAR message is not valid.", *verdict.complaints)
    message = cdv.readable(call.body)
    number = message.referenced.number if message is not None else None
    status = message.status if message is not None else None
    tracks = call.store.of_kind(_KIND)
    track = next((one for one in tracks if number is not None and one.facts["number"] == number.value), None)
    if track is None or status is None:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice not found.")
    cdv.add(call.store, track, status, call.body)
    return _shown(track) | {"message": "Status received."}


def _check_siren(call: Call) -> None:
    given = call.text("siren")
    if given and siren.problem(given):
        complaint = Complaint("siren", "Invalid", siren.problem(given))
        raise call.refuse(400, "VALIDATION_ERROR", complaint.message, complaint)


def _check_portal(call: Call) -> None:
    if call.ends == "500":
        raise Refusal(500, "PPF_SUBMISSION_FAILED", "PPF submission failed.")


def _known(call: Call, company: str, number: str) -> Track | None:
    tracks = call.store.of_kind(_KIND)
    return next((one for one in tracks if (one.facts["company"], one.facts["number"]) == (company, number)), None)


def _by_id(call: Call) -> Track:
    track = call.store.track(_KIND, call.text("invoiceCdvId"))
    if track is None or track.facts["company"] not in call.account.companies:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice status not found.")
    return track


def _shown(track: Track, place: int = -1) -> dict[str, Any]:
    return {
        "invoiceCdvId": track.id,
        "companyId": track.facts["company"],
        "invoiceNumber": track.facts["number"],
        **cdv.entry(track, place),
        "createdAt": moment(track.history[0][1]),
    }
