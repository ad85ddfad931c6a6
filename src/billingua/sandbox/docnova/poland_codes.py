"""Docnova Poland: QR codes, and the queue of offline invoices."""

import base64
from functools import cache
from typing import Any, Final

from billingua import ksef
from billingua.errors import BillinguaError
from billingua.sandbox.call import Call
from billingua.sandbox.docnova import ksef_system, national
from billingua.sandbox.docnova.poland import company_in_poland
from billingua.sandbox.refusal import Complaint

__all__ = ["pl_offline_all", "pl_offline_pending", "pl_offline_submit", "qr_certificate", "qr_offline", "qr_online"]

_SERIAL: Final = "01F20A5D352AE590"
"""The serial number of a certificate that there is not."""
_MOST_RETRIES: Final = 3


@cache
def _key() -> Any:
    """A key that signs certificate links, made anew for each process."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _code(url: str, label: str) -> dict[str, Any]:
    return {"url": url, "qrCode": base64.b64encode(ksef.qr_png(url, label)).decode()}


def _link(call: Call) -> str:
    try:
        return ksef.invoice_link(
            call.text("nip"), call.text("issueDate"), call.text("invoiceHash"), ksef_system.ENVIRONMENT
        )
    except BillinguaError as error:
        raise call.refuse(400, "INVALID_REQUEST", str(error)) from None


def qr_offline(call: Call) -> Any:
    """KOD I of an invoice that has no KSeF number yet; one that is given is ignored."""
    if call.text("issueDate") > call.store.now().date().isoformat():
        complaint = Complaint("issueDate", "Future", "issueDate is in the future")
        raise call.refuse(422, "VALIDATION_ERROR", complaint.message, complaint)
    return _code(_link(call), "OFFLINE")


def qr_online(call: Call) -> Any:
    """KOD I with the KSeF number under it."""
    number = call.text("ksefNumber")
    try:
        ksef.KsefNumber.parse(number)
    except ksef.KsefNumberError as error:
        raise call.refuse(400, "INVALID_REQUEST", error.what) from None
    return _code(_link(call), number)


def qr_certificate(call: Call) -> Any:
    """KOD II, signed with a key that no certificate of KSeF has."""
    company = company_in_poland(call)
    try:
        url = ksef.certificate_link(
            call.text("contextIdentifierType"),
            call.text("contextIdentifierValue"),
            company.tax_number,
            _SERIAL,
            call.text("invoiceHash"),
            _key(),
            ksef_system.ENVIRONMENT,
        )
    except BillinguaError as error:
        complaint = Complaint("contextIdentifierValue", "Invalid", str(error))
        raise call.refuse(400, "INVALID_REQUEST", str(error), complaint) from None
    return _code(url, "CERTYFIKAT")


def _queue(call: Call) -> list[dict[str, Any]]:
    company = company_in_poland(call)
    return [one for one in call.store.shelf(national.QUEUE).values() if one["kept"].company == company.id]


def _shown(one: dict[str, Any], call: Call) -> dict[str, Any]:
    kept = one["kept"]
    link = ksef.invoice_code(kept.xml, environment=ksef_system.ENVIRONMENT).url
    track = call.store.track(ksef_system.INVOICE, kept.ksef_reference)
    return {
        "queueId": one["queue"],
        "invoiceId": kept.id,
        "invoiceHash": ksef.invoice_hash(kept.xml).base64,
        "qrCodeI": link,
        "qrCodeII": None,
        "status": one["status"],
        "issueDate": kept.facts.issue_date,
        "createdTime": kept.created,
        "ksefNumber": track.facts["number"] if track is not None else None,
    }


def pl_offline_all(call: Call) -> Any:
    """The whole queue."""
    return [_shown(one, call) for one in _queue(call)]


def pl_offline_pending(call: Call) -> Any:
    """What still waits in the queue."""
    return [_shown(one, call) for one in _queue(call) if one["status"] == "PENDING"]


def pl_offline_submit(call: Call) -> Any:
    """Everything that waits, or failed less than three times, goes to KSeF."""
    good, bad = [], []
    for one in _queue(call):
        if one["status"] == "SUBMITTED" or one["retries"] >= _MOST_RETRIES:
            continue
        kept = one["kept"]
        track = national.submit(call.store, kept, offline=True, ends=call.ends)
        names = {"queueId": one["queue"], "invoiceId": kept.id}
        if track.status == "200":
            one["status"] = "SUBMITTED"
            good.append(names | {"ksefNumber": track.facts["number"]})
        else:
            one["status"], one["retries"] = "FAILED", one["retries"] + 1
            text = ksef_system.STATUS_TEXTS[track.status]
            bad.append(names | {"errorMessage": text, "retryCount": one["retries"]})
    return {
        "totalProcessed": len(good) + len(bad),
        "successCount": len(good),
        "failureCount": len(bad),
        "submittedInvoices": good,
        "failedInvoices": bad,
    }
