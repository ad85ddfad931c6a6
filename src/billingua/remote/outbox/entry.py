"""What the outbox knows of a document that is to be sent, and the words it has for that."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final, NamedTuple

__all__ = ["OPEN", "REASONS", "STATES", "Answer", "Document", "Entry", "Receipt", "Step", "to_json"]

STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "enqueued": "kept, not yet checked",
        "validated": "valid, not yet sent",
        "submitting": "may have been sent: the service is asked before it is sent again",
        "submitted": "the service has it",
        "accepted": "the service has accepted it",
        "rejected": "the service has refused it",
        "failed": "nothing goes on without a person",
    }
)
"""The states in their order."""

OPEN: Final = ("enqueued", "validated", "submitting", "submitted")
"""The states from which the outbox goes on by itself."""


class Reason(NamedTuple):
    """Why an entry has failed."""

    means: str
    back_to: str
    """The state in which it goes on after a retry."""


REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "invalid": Reason("it is not valid, and was never sent", "enqueued"),
        "damaged": Reason("its bytes are no longer those that were enqueued", "enqueued"),
        "not_sent": Reason("it could not be sent, and is certainly not there", "validated"),
        "uncertain": Reason("it may be there, and the service cannot tell: look before you retry", "submitting"),
        "not_followed": Reason("the service has it, but does not tell what became of it", "submitted"),
    }
)
"""The reasons of the state `failed`."""


class Receipt(NamedTuple):
    """What a service gives for a document: by which it knows it from then on."""

    id: str
    details: Mapping[str, str] = MappingProxyType({})
    """Further numbers that it wants to be told later, such as that of a session."""


class Document(NamedTuple):
    """A document that a service gives back, such as an official receipt."""

    name: str
    media_type: str
    data: bytes


class Answer(NamedTuple):
    """What a service says of a document that it has: `state` is "working", "accepted" or "rejected"."""

    state: str
    message: str = ""
    """Why, in the service's own words."""
    documents: tuple[Document, ...] = ()
    details: Mapping[str, str] = MappingProxyType({})
    """What it has assigned meanwhile, such as a KSeF number; it is added to the details of the receipt."""


class Step(NamedTuple):
    """Something that happened to an entry."""

    at: datetime
    state: str
    """The state it led to."""
    event: str
    """In a few words: enqueued, not valid, sent, not reached, ..."""
    message: str
    """The words of the service or of the error; "" where there are none."""


class Entry(NamedTuple):
    """A document on its way to one account of one service. Moments are in UTC."""

    id: int
    sha256: str
    """Of the exact bytes, as 64 hexadecimal digits: with `target` and `account` the key."""
    size: int
    file: str
    """The name it came under, for people."""
    target: str
    """Where it goes: a service by its name in the settings, or `folder:` and a path."""
    account: str
    """Which account that is, in words without a secret."""
    state: str
    """One of `STATES`."""
    reason: str
    """One of `REASONS` when it has failed, otherwise ""."""
    message: str
    """What was last said of it."""
    format: str
    """The wire format, once it is checked."""
    profile: str
    number: str
    """The number of the invoice, once it is checked; "" for other documents."""
    issue_date: date | None
    offline: str
    """The KSeF mode it was issued offline in; "" otherwise."""
    deadline: date | None
    """The last day on which it may reach KSeF, when it was issued offline."""
    receipt: Receipt | None
    submissions: int
    """How often it has been handed over, or was about to be."""
    attempts: int
    """Failures in a row."""
    due: datetime
    """When the outbox looks at it next."""
    created: datetime
    changed: datetime

    @property
    def settled(self) -> bool:
        """Whether the outbox is done with it."""
        return self.state not in OPEN

    @property
    def overdue(self) -> bool:
        """Whether its deadline is over, by the clocks of Poland, and it is not accepted."""
        from billingua.lifecycle.clock import now  # France and Poland keep the same time

        return self.deadline is not None and self.state != "accepted" and now().date() > self.deadline


def to_json(value: Entry | Step) -> dict[str, Any]:
    """An entry or a step in the types of JSON: moments as 2026-11-02T10:15:00Z, days as 2026-11-02."""
    fields: dict[str, Any] = {}
    for key, one in value._asdict().items():
        if isinstance(one, datetime):
            fields[key] = one.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        elif isinstance(one, date):
            fields[key] = one.isoformat()
        elif isinstance(one, Receipt):
            fields[key] = {"id": one.id, "details": dict(one.details)}
        else:
            fields[key] = one
    if isinstance(value, Entry):
        fields["overdue"] = value.overdue
    return fields
