"""One step of one entry: checked, handed over, looked for, followed - and written down before and after.

This process may die at any moment. So the file says "may have been sent" before a request goes out; an entry found like
that is looked for at the service first, and only sent again when it is certainly not there. Where the service cannot be
asked, a person decides.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from billingua.engine.shown import printable
from billingua.errors import (
    AlreadyThere,
    BillinguaError,
    MissingExtra,
    NotOffered,
    RemoteError,
    SendingError,
    UnexpectedAnswer,
    UsageError,
)
from billingua.remote.outbox import clock
from billingua.remote.outbox.checking import checked
from billingua.remote.outbox.courier import Courier
from billingua.remote.outbox.entry import Answer, Receipt
from billingua.remote.outbox.ledger import Claim, Ledger
from billingua.remote.outbox.pace import Pace, after_following, after_submitting

__all__ = ["Worker"]

_T = TypeVar("_T")

_ANSWERS = ("working", "accepted", "rejected")
_LONGEST_MESSAGE = 2000


class Worker:
    """Takes entries one step further. `courier_to` gives the courier to a target and the account it goes to."""

    def __init__(self, ledger: Ledger, courier_to: Callable[[str], tuple[Courier, str]], pace: Pace) -> None:
        self.ledger = ledger
        self.courier_to = courier_to
        self.pace = pace

    def step(self, claim: Claim) -> BillinguaError | None:
        """Take a claimed entry one step further, whatever the service says.

        Returns what stands in the way of all entries to its account, until a person mends it; None otherwise.
        """
        try:
            if claim.entry.state == "enqueued":
                self._check(claim)
                return None
            courier = self._courier(claim)
            if claim.entry.state == "validated":
                return self._submit(claim, courier)
            if claim.entry.state == "submitting":
                return self._find(claim, courier)
            return self._follow(claim, courier)
        except _Stop as stop:
            return stop.error
        finally:
            with suppress(SendingError):  # then the lease ends by itself
                self.ledger.release(claim)

    def _courier(self, claim: Claim) -> Courier:
        entry = claim.entry
        try:
            courier, account = self.courier_to(entry.target)
        except BillinguaError as error:
            raise _Stop(error) from None
        if account != entry.account:
            raise _Stop(
                SendingError(
                    f"{entry.target} now means another account ({account or 'none'}) than when the entry was made "
                    f"({entry.account or 'none'}).",
                    todo="Set it back, or send the file again to the new one.",
                )
            )
        return courier

    def _check(self, claim: Claim) -> None:
        data = self.ledger.data(claim.entry)
        if data is None:
            self._damaged(claim)
            return
        valid, message, facts = checked(data, claim.entry.file)
        if valid:
            self.ledger.note(claim, "valid", state="validated", due=clock.now(), **facts)
        else:
            self._fail(claim, "not valid", "invalid", message, **facts)

    def _submit(self, claim: Claim, courier: Courier) -> BillinguaError | None:
        data = self.ledger.data(claim.entry)
        if data is None:
            self._damaged(claim)
            return None
        submissions = claim.entry.submissions + 1
        intended = self.ledger.note(
            claim,
            "being sent",
            keep=True,
            state="submitting",
            submissions=submissions,
            handed_over=clock.now(),
            told_to_send=0,
        )
        if not intended:
            return None
        claim = claim._replace(entry=claim.entry._replace(state="submitting", submissions=submissions))
        try:
            receipt = _asked(lambda: courier.submit(data, claim.entry))
        except AlreadyThere as error:
            return self._already_there(claim, courier, error)
        except RemoteError as error:
            return self._not_submitted(claim, error)
        except _Stop as stop:
            self.ledger.note(claim, "not sent", _cut(str(stop.error)), state="validated")
            return stop.error
        except BillinguaError as error:
            self._fail(claim, "cannot be sent", "not_sent", str(error))
        else:
            self._received(claim, "sent", receipt)
        return None

    def _not_submitted(self, claim: Claim, error: RemoteError) -> BillinguaError | None:
        what = after_submitting(error)
        if what == "look":
            self._again(claim, "no certain answer", error, state="submitting")
        elif what == "rejected":
            self._reject(claim, _words(error))
        elif what == "failed":
            self._fail(claim, "not sent", "not_sent", str(error))
        elif what == "stop":
            self.ledger.note(claim, "not sent", _cut(str(error)), state="validated")
            return error
        elif claim.entry.attempts + 1 >= self.pace.attempts:
            self._fail(claim, "not sent, given up", "not_sent", str(error))
        else:
            self._again(claim, "not sent", error, state="validated")
        return None

    def _already_there(self, claim: Claim, courier: Courier, error: AlreadyThere) -> BillinguaError | None:
        """The service has it, or another document in its place: what came first tells."""
        try:
            receipt = _asked(lambda: courier.find(claim.entry))
        except NotOffered:
            receipt = None
        except RemoteError as failure:
            return self._not_found(claim, failure)
        except BillinguaError as failure:
            self._fail(claim, "cannot be looked for", "uncertain", f"{error} {failure}")
            return None
        if receipt is not None:
            self._received(claim, "there already", receipt)
        elif claim.entry.submissions > 1:
            self._fail(claim, "there already", "uncertain", f"{error} It may be from an earlier attempt.")
        else:
            self._reject(claim, _words(error))
        return None

    def _find(self, claim: Claim, courier: Courier) -> BillinguaError | None:
        try:
            receipt = _asked(lambda: courier.find(claim.entry))
        except NotOffered as error:
            if claim.told_to_send:
                self.ledger.note(claim, "to be sent again, as told", state="validated", due=clock.now())
            else:
                self._fail(claim, "may be there", "uncertain", f"{claim.entry.message or 'It broke off.'} {error}")
        except RemoteError as error:
            return self._not_found(claim, error)
        except BillinguaError as error:
            self._fail(claim, "cannot be looked for", "uncertain", str(error))
        else:
            if receipt is not None:
                self._received(claim, "found there", receipt)
                return None
            now, certain_at = clock.now(), claim.handed_over + courier.settling
            if now < certain_at:  # looked for again after as long a time as has passed
                again = now + max(now - claim.handed_over, self.pace.first_poll)
                self.ledger.note(claim, "not there yet", claim.entry.message, due=min(again, certain_at))
            elif claim.entry.attempts >= self.pace.attempts:
                self._fail(claim, "not there, given up", "not_sent", claim.entry.message)
            else:
                self.ledger.note(claim, "not there", claim.entry.message, state="validated", due=clock.now())
        return None

    def _not_found(self, claim: Claim, error: RemoteError) -> BillinguaError | None:
        """The service could not be asked whether a document is there."""
        if after_following(error) == "stop":
            self.ledger.note(claim, "not looked for", _cut(str(error)))
            return error
        if after_following(error) == "failed" or claim.entry.attempts + 1 >= self.pace.attempts:
            self._fail(claim, "not looked for, given up", "uncertain", str(error))
        else:
            self._again(claim, "not looked for", error)
        return None

    def _follow(self, claim: Claim, courier: Courier) -> BillinguaError | None:
        receipt = claim.entry.receipt
        assert receipt is not None
        try:
            answer = _asked(lambda: courier.follow(claim.entry, receipt))
            if answer.state not in _ANSWERS:
                raise UnexpectedAnswer(f"The courier says {answer.state!r}, not one of: {', '.join(_ANSWERS)}.")
        except RemoteError as error:
            what = after_following(error)
            if what == "stop":
                self.ledger.note(claim, "not followed", _cut(str(error)))
                return error
            if what == "failed" or claim.entry.attempts + 1 >= self.pace.attempts:
                self._fail(claim, "not followed, given up", "not_followed", str(error))
            else:
                self._again(claim, "not followed", error)
        except BillinguaError as error:
            self._fail(claim, "not followed", "not_followed", str(error))
        else:
            self._answered(claim, receipt, answer)
        return None

    def _answered(self, claim: Claim, receipt: Receipt, answer: Answer) -> None:
        message = _cut(answer.message)
        if answer.state == "working":
            self.ledger.note(
                claim,
                "working",
                message,
                quietly=bool(claim.polls) and message == claim.entry.message,
                due=clock.now() + self.pace.poll(claim.polls),
                polls=claim.polls + 1,
                attempts=0,
            )
            return
        told = _stored(Receipt(receipt.id, {**receipt.details, **answer.details}))
        self.ledger.note(
            claim, answer.state, message, documents=answer.documents, state=answer.state, receipt=told, attempts=0
        )

    def _received(self, claim: Claim, event: str, receipt: Receipt) -> None:
        at, told = clock.now(), _stored(receipt)
        self.ledger.note(claim, event, anyhow=True, state="submitted", receipt=told, due=at, attempts=0, polls=0)

    def _again(self, claim: Claim, event: str, error: RemoteError, **changes: Any) -> None:
        """Later, by itself. What the service asks to wait concerns all that goes to the account."""
        attempts = claim.entry.attempts + 1
        due = clock.now() + self.pace.pause(attempts, error.retry_after)
        self.ledger.note(claim, event, _cut(str(error)), due=due, attempts=attempts, **changes)
        if error.retry_after is not None:
            self.ledger.pause((claim.entry.target, claim.entry.account), due)

    def _reject(self, claim: Claim, message: str) -> None:
        self.ledger.note(claim, "rejected", _cut(message), state="rejected", attempts=0)

    def _fail(self, claim: Claim, event: str, reason: str, message: str, **facts: Any) -> None:
        self.ledger.note(claim, event, _cut(message), state="failed", reason=reason, attempts=0, **facts)

    def _damaged(self, claim: Claim) -> None:
        self._fail(
            claim,
            "damaged",
            "damaged",
            "Its bytes in the outbox are damaged. Send the file again, then retry this entry.",
        )


class _Stop(Exception):
    """What is wrong with the settings, or with what is installed: it concerns all that goes to the account."""

    def __init__(self, error: BillinguaError) -> None:
        self.error = error
        super().__init__(error)


def _asked(question: Callable[[], _T]) -> _T:
    """What a courier says. Of an error that is none of ours nobody knows what it left behind."""
    try:
        return question()
    except (UsageError, MissingExtra) as error:
        raise _Stop(error) from None
    except BillinguaError:
        raise
    except Exception as error:
        raise UnexpectedAnswer(
            f"Internal error of the courier: {type(error).__name__}.",
            todo="Please report it to its authors.",
            uncertain=True,
        ) from error


def _words(error: RemoteError) -> str:
    """What a service says against a document: its own words, and its complaints about single fields."""
    said = str(error)
    complaints = [f"{field}: {text}" for field, text in error.fields]
    return "; ".join([said, *[one for one in complaints if one not in said]])


def _cut(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST_MESSAGE else text[: _LONGEST_MESSAGE - 3] + "..."


def _stored(receipt: Receipt) -> str:
    return json.dumps([receipt.id, dict(receipt.details)])
