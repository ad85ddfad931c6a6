"""Tasks of FactPulse: what runs in the background, how it is asked for, and how it calls back."""

import base64
from typing import Any, Final

from billingua.sandbox.call import Answer, Call, to_json
from billingua.sandbox.callbacks import call_back, factpulse_signature
from billingua.sandbox.factpulse.signing import User
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.store import Store, Track

__all__ = [
    "SECRET",
    "conversion_task",
    "download",
    "download_there",
    "failure",
    "findings",
    "generation_task",
    "signature_task",
    "start_task",
    "task",
    "validation_task",
    "verification_task",
    "verification_typed_task",
]

_TASK: Final = "factpulse-task"
_DOWNLOADS: Final = "factpulse-downloads"
SECRET: Final = "sandbox-webhook-secret"
"""The webhook secret of a user without clients."""
_HOUR: Final = 3600
_LARGE: Final = ("content_b64", "contentB64", "xml_content")
"""What DOWNLOAD_URL takes out of the message."""


def findings(complaints: tuple[Complaint, ...]) -> list[dict[str, str]]:
    """Complaints as details of an answer."""
    return [
        {"level": one.severity, "item": one.field, "reason": one.message, "source": one.source, "code": one.code}
        for one in complaints
    ]


def failure(code: str, message: str, complaints: tuple[Complaint, ...] = ()) -> dict[str, Any]:
    """The result of a task that found a business error."""
    return {"status": "ERROR", "errorCode": code, "errorMessage": message, "details": findings(complaints)}


def start_task(call: Call, family: str, result: dict[str, Any]) -> Any:
    """A task whose result is known already, and comes when it is asked for often enough."""
    steps: tuple[str, ...] = ("PENDING", "STARTED", "SUCCESS")
    if call.ends == "FAILURE":
        steps = ("PENDING", "STARTED", "FAILURE")
    elif call.ends == "RETRY":
        steps = ("PENDING", "STARTED", "RETRY", "STARTED", "SUCCESS")
    elif call.ends == "ERROR":
        result = failure("SANDBOX", "The sandbox was asked for this.")
    user: User = call.account
    track = call.store.start(_TASK, call.store.uuid(_TASK), steps, family=family, result=result, user=user)
    url = call.text("callback_url") or call.text("callbackUrl")
    if url:
        mode = (call.text("webhook_mode") or call.text("webhookMode") or "inline").lower()
        if mode not in ("inline", "download_url"):
            raise Refusal(422, "VALIDATION", "webhook_mode is inline or download_url.", shape="locations")
        track.on_move = lambda moved: _tell(call.store, moved, url, mode, call.base)
        call.store.hurried.append(track)
    return {"taskId": track.id}


def _tell(store: Store, track: Track, url: str, mode: str, base: str) -> None:
    """Call back when a task is done, signed with the secret of the client."""
    if not track.is_final:
        return
    result = track.facts["result"]
    good = track.status == "SUCCESS" and result.get("status") != "ERROR" and result.get("success") is not False
    data = dict(result) if track.status == "SUCCESS" else {"error": "The task failed."}
    if mode == "download_url":
        for name in _LARGE:
            if data.get(name):
                content = data.pop(name)
                id = store.uuid(_DOWNLOADS)
                is_xml = name == "xml_content"
                raw = content.encode() if is_xml else base64.b64decode(content)
                store.shelf(_DOWNLOADS)[id] = (raw, "application/xml" if is_xml else "application/pdf", store.now())
                data["download_url"] = f"{base}/factpulse/api/v1/download/{id}"
    event = f"{track.facts['family']}.{'completed' if good else 'failed'}"
    body = to_json({"event_type": event, "task_id": track.id, "timestamp": store.now().isoformat(), "data": data})
    call_back(store, url, body, factpulse_signature(secret_of(store, track.facts["user"]), body))


def secret_of(store: Store, user: User) -> str:
    """What the webhooks of a user are signed with."""
    client = store.shelf("factpulse-clients").get(user.client)
    return client["secret"] if client is not None and client["secret"] else SECRET


def _status(call: Call, *families: str) -> Any:
    track = call.store.track(_TASK, call.text("task_id"))
    if track is None or (families and track.facts["family"] not in families):
        raise Refusal(404, "TASK_NOT_FOUND", "The task was not found.")
    call.store.poll(track)
    result = track.facts["result"] if track.status == "SUCCESS" else None
    if track.status == "FAILURE":
        result = failure("TASK_FAILED", "The task failed.")
    return {"taskId": track.id, "status": track.status, "result": result}


def task(call: Call) -> Any:
    """How far a task is; each time it is asked for, it may go on."""
    return _status(call)


def generation_task(call: Call) -> Any:
    """A task that generates."""
    return _status(call, "generation")


def signature_task(call: Call) -> Any:
    """A task that signs."""
    return _status(call, "signature")


def validation_task(call: Call) -> Any:
    """A task that validates."""
    return _status(call, "validation")


def conversion_task(call: Call) -> Any:
    """A task that recognises."""
    return _status(call, "conversion")


def verification_task(call: Call) -> Any:
    """A task that verifies."""
    return _status(call, "verification")


def verification_typed_task(call: Call) -> Any:
    """The same, typed."""
    return _status(call, "verification")


def download(call: Call) -> Any:
    """A result that a webhook only pointed to; for one hour."""
    found = call.store.shelf(_DOWNLOADS).get(call.text("download_id"))
    if found is None or (call.store.now() - found[2]).total_seconds() >= _HOUR:
        raise Refusal(404, "DOWNLOAD_NOT_FOUND", "There is no such download, or its hour is over.")
    if call.text("delete_after") == "true":
        del call.store.shelf(_DOWNLOADS)[call.text("download_id")]
    return Answer(found[0], media=found[1])


def download_there(call: Call) -> Any:
    """Whether there is such a result."""
    return download(call)
