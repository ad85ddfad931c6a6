"""The statuses of one invoice as a history, and which may follow.

Only a contradiction is refused: a message that is missing may still come. Three things are one: the chain of the
platforms (200, 201, 202, 203) goes one way; 213, 220 and 501 end everything, and after 210 an invoice can only be
cancelled; what buyer and seller do comes after the invoice was received or deposited.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from billingua.errors import LifecycleError
from billingua.formats.cdar.model import LifecycleMessage
from billingua.lifecycle.table import Status, status, statuses

__all__ = ["History", "Step", "next_statuses"]

_CHAIN: Final = ("200", "201", "202", "203")
_RECEIVED: Final = frozenset(("202", "203"))
_BEFORE_REJECTION: Final = frozenset(("200", "201", "202", "221"))
"""All that a platform may have said of an invoice before one rejects it."""


class Step(NamedTuple):
    """A status and when it was set."""

    status: Status
    at: datetime
    message: LifecycleMessage
    waits: bool = False
    """It answers a status that has not come yet, so it does not count."""


class History:
    """The life cycle of one invoice, from messages in any order.

    Attributes:
        steps: the statuses in the order they were set.
    """

    def __init__(self, messages: Iterable[LifecycleMessage] = ()) -> None:
        self.steps: tuple[Step, ...] = ()
        self._seen: list[LifecycleMessage] = []
        for one in messages:
            self.add(one)

    def add(self, message: LifecycleMessage) -> bool:
        """Take a message in; False where it says nothing new (an exact repeat, or the same step told to another one).

        Raises:
            LifecycleError: it is about another invoice, says no known status or moment, or its status cannot have come
                where it says that it did. The history stays as it was.
        """
        if message in self._seen:
            return False
        step = _step(message)
        if self._seen:
            _same_invoice(self._seen[0], message)
        if any(_same_step(one, step) for one in self.steps):
            self._seen.append(message)
            return False
        steps = _replayed([*self.steps, step])
        self._seen.append(message)
        self.steps = steps
        return True

    @property
    def status(self) -> Status | None:
        """The current status: the last that counts; None where there is none yet."""
        return next((one.status for one in reversed(self.steps) if _counts(one)), None)

    @property
    def waiting(self) -> tuple[Step, ...]:
        """The steps that answer a status which has not come yet."""
        return tuple([one for one in self.steps if one.waits])

    @property
    def cashed(self) -> dict[tuple[Decimal, str], Decimal]:
        """What was cashed, VAT included, by VAT rate and currency; negative amounts are taken off."""
        sums: dict[tuple[Decimal, str], Decimal] = {}
        for step in self.steps:
            for detail in step.message.referenced.details if step.status.code == "212" else ():
                for one in detail.characteristics:
                    if one.kind == "MEN" and one.percent is not None and one.amount is not None:
                        key = (one.percent.normalize(), one.amount.currency or "EUR")
                        sums[key] = sums.get(key, Decimal(0)) + (one.amount.value or Decimal(0))
        return {(Decimal(f"{rate:f}"), currency): total for (rate, currency), total in sums.items()}


def next_statuses(
    known: History | str | int | LifecycleMessage | Iterable[str | int | LifecycleMessage],
) -> tuple[Status, ...]:
    """The statuses that may follow, technical answers left out.

    `known` is a history, or one or several statuses or messages; several statuses stand in their order.

    Raises:
        UsageError: there is no such status.
        LifecycleError: the messages make no history.
    """
    if isinstance(known, History):
        history = known
    else:
        several = [known] if isinstance(known, str | int | LifecycleMessage) else list(known)
        messages = [one for one in several if isinstance(one, LifecycleMessage)]
        if len(messages) < len(several):
            return _after([status(one.status or "" if isinstance(one, LifecycleMessage) else one) for one in several])
        history = History(messages)
    return _after([one.status for one in history.steps if not one.waits])


def _after(before: Sequence[Status]) -> tuple[Status, ...]:
    codes = [one.code for one in before if not one.is_technical]
    return tuple(
        [
            one
            for one in statuses()
            if not one.is_technical and not _refusal(codes, one) and not _waits(codes, one) and _is_due(codes, one)
        ]
    )


def _is_due(codes: Sequence[str], wanted: Status) -> bool:
    """What must be known before: nothing for the first statuses, a deposit for those of the seller, a reception for
    those of the buyer."""
    if wanted.code in ("200", "213", "501"):
        return True
    if wanted.phase == "305" or wanted.setters[0] == "SE":
        return bool(codes)
    return any(code in _RECEIVED or status(code).phase == "23" for code in codes)


def _refusal(before: Sequence[str], wanted: Status) -> str:
    """Why a status cannot come after others, technical ones left out; "" where it can."""
    if wanted.is_technical:
        return ""
    for code in before:
        followers = status(code).followers
        if followers is not None and wanted.code not in followers:
            return f"{_called(code)} ended the life cycle" + (
                f", and only {', '.join(map(_called, followers))} may follow" if followers else ""
            )
    if wanted.code in _CHAIN:
        later = [code for code in before if code in _CHAIN[_CHAIN.index(wanted.code) :]]
        treated = [code for code in before if status(code).phase == "23"]
        buyer = [code for code in treated if status(code).setters[0] == "BY"]
        late = later or (treated if wanted.code in ("200", "201") else buyer if wanted.code == "202" else [])
        if wanted.code in later:
            return "it was set before, at another moment"
        return f"it comes before {_called(late[0])}" if late else ""
    if wanted.code == "213":
        late = [code for code in before if code not in _BEFORE_REJECTION]
        return f"an invoice that is {_called(late[0])} is no longer rejected by a platform" if late else ""
    if wanted.code == "501":
        return f"the invoice could be read: {_called(before[0])}" if before else ""
    return ""


def _waits(before: Sequence[str], wanted: Status) -> bool:
    """209 answers a 208 each."""
    return wanted.code == "209" and before.count("208") <= before.count("209")


def _called(code: str) -> str:
    return f"{code} ({status(code).name.replace('_', ' ')})"


def _step(message: LifecycleMessage) -> Step:
    if not isinstance(message, LifecycleMessage):
        raise LifecycleError(
            f"A history is made of life-cycle messages, not of {type(message).__name__}.",
            todo="Read them first: billingua.read(path).content.",
        )
    code = (message.status or "").strip()
    found = next((one for one in statuses() if one.code == code), None)
    if found is None:
        raise LifecycleError(
            f"The message says no status of the reform (MDT-105): {code[:40]!r}.", where=message.id or ""
        )
    for stamp in (message.acknowledgement.set_at, message.created_at):
        if stamp is not None and stamp.moment is not None:
            return Step(found, stamp.moment, message)
    raise LifecycleError(
        f"The message of status {_called(code)} does not say when it was set (MDT-78).", where=message.id or ""
    )


def _same_invoice(first: LifecycleMessage, other: LifecycleMessage) -> None:
    """Number, date and seller are those of the first message, as far as both say them."""
    for name, one, two in zip(("number", "issue date", "seller"), _key(first), _key(other), strict=True):
        if one and two and one != two:
            raise LifecycleError(
                f"The message is about another invoice: its {name} is {two!r}, not {one!r}.",
                where=other.id or "",
                todo="Keep a history for each invoice.",
            )


def _key(message: LifecycleMessage) -> tuple[str, str, str]:
    about = message.referenced
    ids = about.seller.global_ids if about.seller is not None else ()
    return (
        (about.number.value or "" if about.number is not None else ""),
        (about.issue_date.text or "" if about.issue_date is not None else ""),
        (ids[0].value or "" if ids else ""),
    )


def _same_step(one: Step, other: Step) -> bool:
    """The same status set at the same moment for the same reasons: a message to another recipient."""
    return (one.status, one.at, one.message.referenced.details) == (
        other.status,
        other.at,
        other.message.referenced.details,
    )


def _counts(step: Step) -> bool:
    return not step.waits and not step.status.is_technical


def _replayed(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps in the order they were set.

    Raises:
        LifecycleError: one of them contradicts another.
    """
    codes: list[str] = []
    found = []
    for step in sorted(steps, key=lambda one: (one.at, one.status.followers is not None, one.status.code)):
        why = _refusal(codes, step.status)
        if why:
            raise LifecycleError(
                f"Status {_called(step.status.code)} of {step.at} cannot stand there: {why}.",
                where=step.message.id or "",
                todo="Compare the moments of the messages (MDT-78).",
            )
        waits = _waits(codes, step.status)
        found.append(step._replace(waits=waits))
        if not waits and not step.status.is_technical:
            codes.append(step.status.code)
    return tuple(found)
