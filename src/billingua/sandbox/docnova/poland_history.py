"""Docnova Poland: fetching the invoices of a past period."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from billingua.sandbox.call import Call, is_uuid
from billingua.sandbox.docnova import ksef_system
from billingua.sandbox.docnova.poland import company_in_poland
from billingua.sandbox.docnova.signing import owned
from billingua.sandbox.world import ACCOUNTS, COMPANIES

__all__ = ["pl_history", "pl_history_status"]

_TASK: Final = "docnova-history"
_LONGEST: Final = timedelta(days=365)
_PAGE: Final = 100
_KEPT: Final = timedelta(hours=12)


def pl_history(call: Call) -> Any:
    """What KSeF has of a company between two moments, at most 365 days."""
    if call.text("apiKey") not in ACCOUNTS:
        raise call.refuse(401, "UNAUTHORIZED", "Api Key Didnt Match")
    company = company_in_poland(call)
    since, until = (datetime.fromisoformat(call.text(name)) for name in ("fromDate", "toDate"))
    if since.tzinfo is None or until.tzinfo is None:
        raise call.refuse(400, "INVALID_DATE", "Dates need an offset.")
    now = call.store.now()
    if until > now:
        raise call.refuse(400, "INVALID_DATE", "toDate is in the future.")
    if since > until:
        raise call.refuse(400, "INVALID_DATE_RANGE", "fromDate is after toDate.")
    if until - since > _LONGEST:
        raise call.refuse(422, "DATE_RANGE_TOO_LARGE", "At most 365 days.")
    found = [
        one
        for one in call.store.of_kind(ksef_system.INVOICE)
        if one.facts["number"] is not None
        and one.facts["company"] == company.id
        and since <= one.facts["numbered_at"].astimezone(UTC) <= until
    ]
    ending = call.ends if call.ends in ("PARTIAL", "FAILED") else "COMPLETED"
    task = call.store.start(
        _TASK, call.store.uuid(_TASK), ("PENDING", "IN_PROGRESS", "COMPLETED"), company=company.id, count=len(found)
    )
    return {
        "success": ending != "FAILED",
        "country": "PL",
        "companyId": company.id,
        "fromDate": call.text("fromDate"),
        "toDate": call.text("toDate"),
        "totalFetched": len(found),
        "totalPages": -(-len(found) // _PAGE),
        "invoices": [
            {
                "ksefNumber": one.facts["number"],
                "invoiceNumber": one.facts["who"].number,
                "issueDate": one.facts["who"].issue_date.isoformat(),
                "sellerNip": one.facts["who"].nip,
                "invoiceHash": one.facts["hash"],
            }
            for one in found
        ],
        "processingStatus": ending,
        "message": f"{len(found)} invoices.",
        "taskId": task.id,
    }


def pl_history_status(call: Call) -> Any:
    """How far a fetch is; each time it is asked for, it may go on."""
    id = call.text("taskId")
    if not is_uuid(id):
        raise call.refuse(400, "INVALID_TASK_ID", "taskId is no UUID.")
    task = call.store.track(_TASK, id)
    if task is None:
        raise call.refuse(404, "TASK_NOT_FOUND", "The task was not found.")
    if call.store.now() - task.history[0][1] >= _KEPT:
        raise call.refuse(410, "TASK_GONE", "The task is no longer kept.")
    owned(call, COMPANIES[task.facts["company"]])
    call.store.poll(task)
    count = task.facts["count"]
    return {
        "taskId": task.id,
        "country": "PL",
        "status": task.status,
        "totalCount": count,
        "processedCount": count if task.is_final else 0,
        "failedCount": 0,
        "startedAt": task.history[0][1].isoformat(),
        "completedAt": task.history[-1][1].isoformat() if task.is_final else None,
        "errorMessage": None,
    }
