"""Docnova Poland: one invoice at a time - sending, status, receipt, document, PDF."""

from typing import Any

from billingua import ksef
from billingua.sandbox import paper
from billingua.sandbox.call import Answer, Call
from billingua.sandbox.docnova import ksef_system, national, shelf
from billingua.sandbox.docnova.signing import company_of
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Track
from billingua.sandbox.world import Company

__all__ = [
    "company_in_poland",
    "ksef_invoice",
    "pl_generate_pdf",
    "pl_get_invoice",
    "pl_invoice_status",
    "pl_permission",
    "pl_qr_link",
    "pl_send_invoice",
    "pl_submit_saved",
    "pl_upo_by_ksef",
    "pl_upo_by_reference",
    "pl_upo_file",
    "session_of",
]


def company_in_poland(call: Call, *, key_first: bool = False) -> Company:
    """The company of a call: companyId goes before apiKey, except where the page says otherwise."""
    id = "" if key_first and call.get("apiKey") else call.text("companyId")
    return company_of(call, id, call.text("apiKey"))


def pl_permission(call: Call) -> Any:
    """Whether the company may send attachments."""
    company_in_poland(call)
    if call.ends == "415":
        raise call.refuse(500, "SERVER_ERROR", "KSeF answered 415.")
    return {"isAttachmentAllowed": True, "revokedDate": None}


def pl_send_invoice(call: Call) -> Any:
    """An FA(3) goes to KSeF in a session of its own."""
    company = company_in_poland(call)
    data = call.bytes_of("invoiceXml")
    complaints = ksef_system.refused_at_once(call.store, data)
    if complaints:
        raise call.refuse(400, "INVALID_REQUEST", complaints[0].message, *complaints)
    before = ksef_system.duplicate_of(call.store, data)
    if before is not None and before.is_final:
        raise call.refuse(400, "INVALID_REQUEST", "Duplicate invoice: it was sent to KSeF before.")
    if before is not None:
        raise call.refuse(422, "DOCUMENT_PROCESS_FAILED", "The invoice is already in progress.")
    if company.credit < 1:
        raise Refusal(402, "CREDIT_BLOCKED", "The credit of the company is used up.")
    session = ksef_system.open_session(call.store, company.id, "SO")
    track = ksef_system.send(call.store, session, data, ends=call.ends)
    return {
        "referenceNumber": track.id,
        "invoiceNumber": track.facts["who"].number,
        "processingCode": int(track.status),
        "sessionReferenceNumber": session.id,
    }


def session_of(call: Call, company: Company, reference: str) -> Track:
    """A session of a company.

    Raises:
        Refusal: there is none.
    """
    session = call.store.track(ksef_system.SESSION, reference)
    if session is None or session.facts["company"] != company.id:
        raise call.refuse((404, 400), "NOT_FOUND", "The session was not found.")
    return session


def ksef_invoice(call: Call, company: Company, number: str) -> Track:
    """An invoice of a company by its KSeF number.

    Raises:
        Refusal: the number is wrong, or there is no such invoice.
    """
    try:
        ksef.KsefNumber.parse(number)
    except ksef.KsefNumberError as error:
        raise call.refuse(400, "INVALID_REQUEST", error.what) from None
    track = ksef_system.accepted(call.store, number)
    if track is None or track.facts["company"] != company.id:
        raise call.refuse((404, 500), "NOT_FOUND_INVOICE", "The invoice was not found in KSeF.")
    return track


def _in_session(call: Call, company: Company) -> Track:
    """The invoice that a call names by its reference and that of its session."""
    session = session_of(call, company, call.text("sessionReferenceNumber"))
    track = call.store.track(ksef_system.INVOICE, call.text("invoiceReferenceNumber"))
    if track is None or track.facts["company"] != company.id:
        raise call.refuse((404, 400), "NOT_FOUND_INVOICE", "The invoice was not found.")
    if track.facts["session"] != session.id:
        raise call.refuse((422, 400), "DOCUMENT_PROCESS_FAILED", "The invoice is not of this session.")
    return track


def pl_invoice_status(call: Call) -> Any:
    """How far KSeF is with an invoice; each time it is asked for, it may go on."""
    track = _in_session(call, company_in_poland(call))
    call.store.poll(track)
    facts = track.facts
    done = track.status == "200"
    at = track.history[-1][1].isoformat() if done else None
    return {
        "ordinalNumber": 1,
        "invoiceReferenceNumber": track.id,
        "ksefReferenceNumber": facts["number"],
        "referenceNumber": facts["session"],
        "invoiceHash": facts["hash"],
        "invoiceFileName": facts["name"],
        "invoicingDate": track.history[0][1].isoformat(),
        "acquisitionDate": at,
        "permanentStorageDate": at,
        "upoDownloadUrl": f"{call.base}/docnova/upo/{track.id}" if done else None,
        "processingCode": int(track.status),
        "processingDescription": ksef_system.STATUS_TEXTS[track.status],
    }


def pl_upo_file(call: Call) -> Any:
    """What the address of a receipt leads to: that of an invoice or of a session, without signing in."""
    reference = call.text("reference")
    track = call.store.track(ksef_system.INVOICE, reference)
    if track is not None:
        return _receipt(call, track)
    for session in call.store.of_kind(ksef_system.SESSION):
        if session.facts["upo"] == reference and session.status == "200":
            good = [one for one in ksef_system.invoices_of(call.store, session) if one.status == "200"]
            return Answer(ksef_system.receipt(good, session.id))
    raise call.refuse(404, "NOT_FOUND", "The receipt was not found.")


def _receipt(call: Call, track: Track) -> Any:
    if track.status != "200":
        raise call.refuse(400, "INVALID_REQUEST", "KSeF has not accepted the invoice.")
    return Answer(ksef_system.receipt([track], track.facts["session"]))


def pl_upo_by_ksef(call: Call) -> Any:
    """The receipt of an invoice by its KSeF number."""
    company = company_in_poland(call)
    track = ksef_invoice(call, company, call.text("ksefReferenceNumber"))
    session_of(call, company, call.text("sessionReferenceNumber"))
    return _receipt(call, track)


def pl_upo_by_reference(call: Call) -> Any:
    """The receipt of an invoice by its reference."""
    return _receipt(call, _in_session(call, company_in_poland(call)))


def pl_qr_link(call: Call) -> Any:
    """KOD I as the ministry defines it; the forms that the page shows are none."""
    track = ksef_invoice(call, company_in_poland(call), call.text("ksefReferenceNumber"))
    return ksef.invoice_code(track.facts["data"], environment=ksef_system.ENVIRONMENT).url


def pl_get_invoice(call: Call) -> Any:
    """The document of an invoice as it was sent."""
    track = ksef_invoice(call, company_in_poland(call), call.text("ksefReferenceNumber"))
    return Answer(track.facts["data"])


def pl_generate_pdf(call: Call) -> Any:
    """A picture of an invoice: here a page with what matters."""
    track = ksef_invoice(call, company_in_poland(call), call.text("ksefNumber"))
    who = track.facts["who"]
    lines = [f"Invoice {who.number} of {who.issue_date}", f"Seller {who.nip}", f"KSeF number {track.facts['number']}"]
    return Answer(paper.page(lines))


def pl_submit_saved(call: Call) -> Any:
    """An invoice that waits (READY_FOR_KSEF) goes to KSeF. Of two identifiers, apiKey counts here."""
    company = company_in_poland(call, key_first=True)
    kept = shelf.find(call.store, call.text("invoiceId"), (company.id,))
    if kept is None:
        raise call.refuse(404, "NOT_FOUND_INVOICE", "Invoice not found.")
    if kept.status != national.READY:
        complaint = Complaint("invoiceId", "STATUS", f"The invoice is {kept.status}, not {national.READY}")
        raise call.refuse(400, "INVALID_REQUEST", complaint.message, complaint)
    track = national.submit(call.store, kept, ends=call.ends)
    return {
        "ksefReferenceNumber": track.facts["number"],
        "sessionReferenceNumber": track.facts["session"],
        "processingCode": int(track.status),
        "processingDescription": ksef_system.STATUS_TEXTS[track.status],
        "invoicingDate": track.history[0][1].isoformat(),
        "invoiceHash": track.facts["hash"],
    }
