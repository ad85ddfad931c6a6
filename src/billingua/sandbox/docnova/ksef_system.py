"""KSeF behind Docnova: sessions, invoices and their numbers, as the ministry has them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from billingua import ksef
from billingua.errors import InputError
from billingua.identifiers.digits import crc8
from billingua.sandbox import paper
from billingua.sandbox.documents import judged
from billingua.sandbox.refusal import Complaint
from billingua.sandbox.store import Store, Track

__all__ = [
    "ENVIRONMENT",
    "INVOICE",
    "SESSION",
    "STATUS_TEXTS",
    "accepted",
    "duplicate_of",
    "invoices_of",
    "open_session",
    "receipt",
    "refused_at_once",
    "send",
    "status",
]

SESSION: Final = "ksef-session"
INVOICE: Final = "ksef-invoice"
ENVIRONMENT: Final = "test"
"""The environment of the links."""

STATUS_TEXTS: Final = {
    "100": "Accepted for processing",
    "150": "Processing",
    "170": "Session closed",
    "200": "Success",
    "405": "Cancelled because of an error of the session",
    "410": "Wrong scope of permissions",
    "415": "Attachments are not allowed",
    "430": "The file could not be verified",
    "435": "The file could not be decrypted",
    "440": "Duplicate of an invoice",
    "445": "No valid invoice in the session",
    "450": "The document could not be verified",
    "500": "Unknown error",
    "550": "Cancelled by the system",
}
_SESSION_TIME: Final = timedelta(hours=12)


def open_session(store: Store, company: str, kind: str) -> Track:
    """A session: SO for single invoices, SB for a batch."""
    session = store.start(SESSION, _reference(store, kind), ("100", "170", "200"), company=company, kind=kind)
    session.facts["valid_until"] = store.now() + _SESSION_TIME
    session.facts["upo"] = _reference(store, "EU")
    return session


def _reference(store: Store, kind: str) -> str:
    """A reference number: 36 characters. How its last two come about is not published."""
    digits = store.digits(f"ksef-{kind}", 22).upper()
    return f"{store.now():%Y%m%d}-{kind}-{digits[:10]}-{digits[10:20]}-{digits[20:]}"


def refused_at_once(store: Store, data: bytes) -> tuple[Complaint, ...]:
    """Why a document is no FA(3) at all; empty where it is one."""
    verdict = judged(store, data)
    if verdict.format != "fa3":
        found = verdict.complaints[:1] if not verdict.format else ()
        return found or (Complaint("invoiceXml", "SCHEMA", f"The document is {verdict.format}, not FA(3)."),)
    try:
        ksef.identity(data)
    except InputError as error:
        return (Complaint("invoiceXml", "SCHEMA", str(error)),)
    return tuple(one for one in verdict.complaints if one.code == "SCHEMA")


def duplicate_of(store: Store, data: bytes) -> Track | None:
    """The invoice of the same seller, kind and number that is in KSeF already or on its way; not one it refused."""
    key = _key(data)
    for track in store.of_kind(INVOICE):
        if track.facts["key"] == key and track.steps[-1] == "200":
            return track
    return None


def _key(data: bytes) -> tuple[str, str, str]:
    who = ksef.identity(data)
    return who.nip, who.kind, who.number


def send(
    store: Store, session: Track, data: bytes, *, ends: str = "", offline: bool = False, name: str = "", kept: str = ""
) -> Track:
    """An FA(3) goes to KSeF in a session; its number comes with the status 200."""
    who = ksef.identity(data)
    duplicate = duplicate_of(store, data)
    complaints = () if duplicate is not None else judged(store, data).complaints
    code = _code(complaints, has_attachment=who.has_attachment and session.facts["kind"] == "SO")
    last = "440" if duplicate is not None else ends if ends in STATUS_TEXTS and ends >= "200" else code
    track = store.start(
        INVOICE,
        _reference(store, "EE"),
        ("100", "150", last),
        session=session.id,
        company=session.facts["company"],
        data=data,
        who=who,
        key=(who.nip, who.kind, who.number),
        hash=ksef.invoice_hash(data).base64,
        offline=offline,
        name=name or f"{store.number('ksef-file')}.xml",
        complaints=complaints,
        original=duplicate,
        number=None,
        kept=kept,
    )
    track.on_move = lambda moved: _numbered(store, moved)
    return track


def _code(complaints: Sequence[Complaint], *, has_attachment: bool) -> str:
    """The status of an invoice with these findings."""
    codes = {one.code for one in complaints}
    if any(code.startswith(("KSEF-XML", "KSEF-SIZE")) for code in codes):
        return "430"
    if codes:
        return "450"
    return "415" if has_attachment else "200"


def _numbered(store: Store, track: Track) -> None:
    if track.status == "200" and track.facts["number"] is None:
        start = f"{track.facts['who'].nip}-{store.now():%Y%m%d}-{store.digits('ksef-number', 12).upper()}"
        track.facts["number"] = f"{start}-{crc8(start.encode()):02X}"
        track.facts["numbered_at"] = store.now()


def accepted(store: Store, number: str) -> Track | None:
    """The invoice with a KSeF number."""
    return next((one for one in store.of_kind(INVOICE) if one.facts["number"] == number), None)


def invoices_of(store: Store, session: Track) -> list[Track]:
    """The invoices of a session, in their order."""
    return [one for one in store.of_kind(INVOICE) if one.facts["session"] == session.id]


def status(track: Track) -> dict[str, Any]:
    """The status object of KSeF."""
    facts = track.facts
    details = [one.message for one in facts.get("complaints", ())] if track.is_final else []
    extensions = {}
    original = facts.get("original")
    if original is not None and track.is_final:
        extensions = {
            "originalSessionReferenceNumber": original.facts["session"],
            "originalKsefNumber": original.facts["number"],
        }
    return {
        "code": int(track.status),
        "description": STATUS_TEXTS[track.status],
        "details": details,
        "extensions": extensions,
    }


def receipt(tracks: Sequence[Track], session: str) -> bytes:
    """A page that stands for the receipt (UPO): the real one is a signed XML of the ministry."""
    lines = ["UPO (sandbox, not a receipt of the ministry)", f"Session {session}"]
    for one in tracks:
        who = one.facts["who"]
        lines += [
            f"KSeF number {one.facts['number']}",
            f"Invoice {who.number} of {who.issue_date}, seller {who.nip}",
            f"SHA-256 {one.facts['hash']}",
        ]
    return paper.page(lines)
