"""What happens to a document that was sent in the background and has a national system behind it: KSeF."""

from typing import Any, Final

from billingua.sandbox.docnova import ksef_system, shelf
from billingua.sandbox.store import Store, Track

__all__ = ["QUEUE", "READY", "additional_data", "pass_on", "submit"]

QUEUE: Final = "docnova-offline"
READY: Final = "READY_FOR_KSEF"


def pass_on(store: Store, kept: shelf.Kept, *, sent: bool) -> None:
    """Send a KSEF document on; one that could not be sent waits, and so does a KSEF_OFFLINE one, in the queue."""
    if not kept.type.startswith("KSEF"):
        return
    if sent and kept.type == "KSEF":
        submit(store, kept)
        return
    kept.status = READY
    if kept.type == "KSEF_OFFLINE":
        queued = store.uuid("offline")
        store.shelf(QUEUE)[queued] = {"queue": queued, "kept": kept, "status": "PENDING", "retries": 0}


def submit(store: Store, kept: shelf.Kept, *, offline: bool = False, ends: str = "") -> Track:
    """Send a kept invoice to KSeF and wait for what it says."""
    session = ksef_system.open_session(store, kept.company, "SO")
    track = ksef_system.send(store, session, kept.xml, offline=offline, ends=ends, kept=kept.id)
    store.finish(track)
    store.finish(session)
    kept.ksef_reference = track.id
    kept.status = {"200": "KSEF_ACCEPTED", "440": "KSEF_DUPLICATE"}.get(track.status, "KSEF_REJECTED")
    return track


def additional_data(store: Store, document: str | None) -> dict[str, Any] | None:
    """The country data of a process record."""
    kept = store.shelf("docnova-documents").get(document or "")
    track = store.track(ksef_system.INVOICE, kept.ksef_reference) if kept is not None else None
    if track is None:
        return None
    return {
        "sessionReferenceNumber": track.facts["session"],
        "invoiceReferenceNumber": track.id,
        "ksefNumber": track.facts["number"],
    }
