"""The life cycle of invoices that were handed in: real CDAR messages, one for each status."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from billingua import lifecycle
from billingua.errors import BillinguaError
from billingua.model import Identifier, Invoice
from billingua.rules.fr_cdar.lists import accepted, reasons
from billingua.sandbox.store import Store, Track

__all__ = ["GOOD_COURSE", "add", "begin", "course", "entry", "readable", "reference", "written"]

GOOD_COURSE: Final = ("200", "201", "202", "203", "204", "205")
"""The statuses of an invoice that everybody likes."""

_UNTIL: Final = {"204": 4, "213": 1, "501": 0}
"""After how many statuses of the good course another end comes; after 203 where nothing is said."""
_NEEDS_REASON: Final = frozenset(("206", "207", "208", "210", "213", "501"))


def course(ends: str, *, valid: bool) -> tuple[str, ...]:
    """The statuses to come: `ends` is the last one ("" for the usual one)."""
    last = ends if lifecycle.is_status(ends) and ends.isdigit() else "" if valid else "213"
    if not last:
        return GOOD_COURSE
    if last in GOOD_COURSE:
        return GOOD_COURSE[: GOOD_COURSE.index(last) + 1]
    before = _UNTIL.get(last, 4)
    return (*GOOD_COURSE[:before], last) if before or last == "213" else (last,)


def reference(
    number: str,
    *,
    issue_date: date,
    seller: str,
    buyer: str,
    type_code: str = "380",
) -> lifecycle.Reference:
    """What is known of an invoice that was not handed in here: its number, and SIREN of the parties."""
    return lifecycle.Reference(
        number=number,
        issue_date=issue_date,
        type_code=type_code,
        seller_id=Identifier(seller, "0002"),
        seller_address=Identifier(seller, "0225"),
        buyer_id=Identifier(buyer, "0002"),
        buyer_address=Identifier(buyer, "0225"),
    )


def begin(store: Store, kind: str, about: Invoice | lifecycle.Reference, steps: tuple[str, ...], **facts: Any) -> Track:
    """Let the life cycle of an invoice begin; each status makes its message."""
    track = store.start(kind, store.uuid(kind), steps, about=about, messages=[], **facts)

    def say(moved: Track) -> None:
        reason = _usual_reason(moved.status)
        text = "Decided by the sandbox." if reason else ""
        moved.facts["messages"].append(written(store, about, moved.status, reason=reason, text=text))

    track.on_move = say
    say(track)
    return track


def add(store: Store, track: Track, status: str, message: bytes) -> None:
    """A status that somebody else set: it comes now, and ends what would have come by itself."""
    track.steps = (*track.steps[: track.at + 1], status)
    track.at += 1
    track.history.append((status, store.now()))
    track.facts["messages"].append(message)


def written(
    store: Store,
    about: Invoice | lifecycle.Reference,
    status: str,
    *,
    reason: str = "",
    text: str = "",
    action: str = "",
    cashed: dict[Any, Any] | None = None,
    id: str = "",
) -> bytes:
    """The CDAR message of a status; `id` is its identifier, where it is not the usual one.

    Raises:
        LifecycleError: the status needs something that is missing.
    """
    wanted = lifecycle.status(status)
    given: list[lifecycle.Reason] = []
    if reason or text:
        given = [lifecycle.Reason(code=reason or None, text=text or None, action=action or None)]
    if wanted.code == "212" and cashed is None and isinstance(about, Invoice):
        cashed = {
            one.rate or Decimal(0): (one.taxable_amount or Decimal(0)) + (one.tax_amount or Decimal(0))
            for one in about.vat_breakdown
        }
    return lifecycle.write(
        lifecycle.message(
            about,
            wanted,
            to=_reachable(about, wanted),
            reasons=given,
            cashed=cashed or {},
            at=store.now(),
            id=id or None,
        )
    )


def _usual_reason(status: str) -> str:
    """A reason that the status takes; "" where it needs none."""
    return min(accepted(status) or reasons()) if status in _NEEDS_REASON else ""


def _reachable(about: Any, wanted: lifecycle.Status) -> Any:
    """The usual recipient, or one with a made-up address where the invoice has none for it."""
    from billingua.formats.cdar.model import Party, SchemedId

    role = wanted.recipients[0]
    parties: dict[str, Any] = {"SE": about.seller, "BY": about.buyer} if isinstance(about, Invoice) else {}
    party = parties.get(role)
    if not isinstance(about, Invoice) or (party is not None and party.electronic_address is not None):
        return None
    identifier = getattr(party, "legal_registration_identifier", None)
    number = identifier.value if identifier is not None and identifier.value else "000000000"
    return Party(global_ids=(SchemedId(number, "0002"),), role=role, endpoint=SchemedId(number, "0225"))


def entry(track: Track, place: int = -1) -> dict[str, Any]:
    """A status of a life cycle as the services show it: the last one, or that at a place."""
    status, at = track.history[place]
    found = lifecycle.status(status)
    return {
        "statusCode": found.code,
        "statusName": found.name.upper(),
        "statusLabel": found.label,
        "statusDate": at.strftime("%Y-%m-%dT%H:%M:%S"),
    }


def readable(message: bytes) -> lifecycle.LifecycleMessage | None:
    """A CDAR message as its model; None where it is none."""
    from billingua import api

    try:
        content = api.read(message).content
    except BillinguaError:
        return None
    return content if isinstance(content, lifecycle.LifecycleMessage) else None
