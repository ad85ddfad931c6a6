"""Docnova Poland: sessions and batches."""

import base64
import binascii
from typing import Any, Final

from billingua.sandbox.call import Answer, Call, is_uuid
from billingua.sandbox.docnova import ksef_system
from billingua.sandbox.docnova.poland import company_in_poland, session_of
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Track

__all__ = [
    "pl_batch_close",
    "pl_batch_open",
    "pl_session_failed",
    "pl_session_invoices",
    "pl_session_status",
]

_MOST: Final = 10_000


def pl_batch_open(call: Call) -> Any:
    """Invoices as a batch. The page says that the session is closed at once; so it is."""
    company = company_in_poland(call)
    given = call.get("invoiceXmlList", [])
    if len(given) > _MOST:
        raise call.refuse(400, "INVALID_REQUEST", f"At most {_MOST} invoices in a batch.")
    documents, complaints = [], []
    for number, one in enumerate(given):
        field = f"invoiceXmlList[{number}]"
        try:
            data = base64.b64decode(one, validate=True)
        except (TypeError, ValueError, binascii.Error):
            complaints.append(Complaint(field, "Invalid", "is no valid Base64"))
            continue
        complaints += [one._replace(field=field) for one in ksef_system.refused_at_once(call.store, data)]
        documents.append(data)
    if complaints:
        raise call.refuse(400, "VALIDATION_ERROR", "Invoices are not valid.", *complaints)
    session = ksef_system.open_session(call.store, company.id, "SB")
    for data in documents:
        ksef_system.send(call.store, session, data, ends=call.ends)
    call.store.move(session)
    return {
        "referenceNumber": session.id,
        "timestamp": call.store.now().isoformat(),
        "totalInvoices": len(documents),
        "savedInvoices": len(documents),
        "message": "Batch session opened and closed.",
    }


def pl_batch_close(call: Call) -> Any:
    """Close a batch session. A companyId that is no UUID gives 500, as documented."""
    if not is_uuid(call.text("companyId")):
        raise Refusal(500, "SERVER_ERROR", "Invalid UUID string.")
    session = session_of(call, company_in_poland(call), call.text("referenceNumber"))
    if session.status == "100":
        call.store.move(session)
    return Answer(None)


def _settle(call: Call, session: Track) -> None:
    """Its invoices go one status further with the session; it is done when all of them are."""
    invoices = ksef_system.invoices_of(call.store, session)
    for one in invoices:
        call.store.poll(one)
    if session.status == "100" and session.facts["kind"] == "SO" and all(one.is_final for one in invoices):
        call.store.move(session)
    if session.status == "170" and all(one.is_final for one in invoices):
        if not any(one.status == "200" for one in invoices):
            session.steps = (*session.steps[:-1], "445")
        call.store.move(session)


def pl_session_status(call: Call) -> Any:
    """How far a session is; each time it is asked for, its invoices may go on."""
    session = session_of(call, company_in_poland(call), call.text("referenceNumber"))
    _settle(call, session)
    invoices = ksef_system.invoices_of(call.store, session)
    good = sum(one.status == "200" for one in invoices)
    pages = [
        {
            "referenceNumber": session.facts["upo"],
            "downloadUrl": f"{call.base}/docnova/upo/{session.facts['upo']}",
            "downloadUrlExpirationDate": session.facts["valid_until"].isoformat(),
        }
    ]
    return {
        "status": ksef_system.status(session),
        "validUntil": session.facts["valid_until"].isoformat(),
        "upo": {"pages": pages} if session.status == "200" else None,
        "invoiceCount": len(invoices),
        "successfulInvoiceCount": good,
        "failedInvoiceCount": sum(one.is_final for one in invoices) - good,
    }


def pl_session_invoices(call: Call) -> Any:
    """The invoices of a session."""
    session = session_of(call, company_in_poland(call), call.text("sessionReferenceNumber"))
    _settle(call, session)
    return _listed(call, ksef_system.invoices_of(call.store, session))


def pl_session_failed(call: Call) -> Any:
    """The invoices of a session that KSeF refused. One that is open gives the status of KSeF itself."""
    session = session_of(call, company_in_poland(call), call.text("sessionReferenceNumber"))
    _settle(call, session)
    if session.status == "100":
        raise Refusal(400, "SESSION", ksef_system.STATUS_TEXTS["100"], shape="K", data=int(session.status))
    if not session.is_final:
        raise call.refuse(422, "DOCUMENT_PROCESS_FAILED", "The session is still processed.")
    invoices = ksef_system.invoices_of(call.store, session)
    return _listed(call, [one for one in invoices if one.is_final and one.status != "200"])


def _listed(call: Call, invoices: list[Track]) -> dict[str, Any]:
    """A page of invoices. That the token of the next page is given back in the body is an assumption."""
    size = min(max(call.number("pageSize", 10), 1), 1000)
    token = call.text("continuationToken", "0")
    start = int(token) if token.isdigit() and len(token) < 9 else 0
    following = start + size if start + size < len(invoices) else None
    return {
        "continuationToken": str(following) if following is not None else None,
        "invoices": [
            {
                "ordinalNumber": number,
                "invoiceNumber": one.facts["who"].number,
                "referenceNumber": one.id,
                "ksefNumber": one.facts["number"],
                "invoiceHash": one.facts["hash"],
                "invoiceFileName": one.facts["name"],
                "invoicingDate": one.history[0][1].isoformat(),
                "invoicingMode": "OFFLINE" if one.facts["offline"] else "ONLINE",
                "status": ksef_system.status(one),
            }
            for number, one in enumerate(invoices[start : start + size], start + 1)
        ],
    }
