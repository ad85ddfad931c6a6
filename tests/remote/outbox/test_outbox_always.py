"""Whatever the service does and wherever the process ends: one submission, and the outbox says what is so."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from outbox_service import INVOICE, MEMORY, SERVICE, Clock, opened

from billingua.errors import NotOffered, NotReached, Refused, RemoteError, ServiceFailed, TooManyRequests
from billingua.remote.outbox import Answer, Entry, Receipt, clock
from billingua.remote.outbox.entry import OPEN


class Crash(BaseException):
    """The end of a process, at a place from which nothing of it is done any more."""


HAPPENS = ("fine", "away", "busy", "arrives unsaid", "lost unsaid", "arrives, crash", "lost, crash", "refused", "bug")
ASKED = ("fine", "away", "busy", "crash", "bug")


class Moody:
    """A service that does what is drawn, and counts what it has taken."""

    settling = 60.0

    def __init__(self, submits: list[str], asks: list[str], finds: bool) -> None:
        self.submits = iter(submits)
        self.asks = iter(asks)
        self.finds = finds
        self.taken = 0
        self.refused = 0

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        assert data == INVOICE
        assert entry.state == "submitting", "written down before it is sent"
        mood = next(self.submits, "fine")
        if mood == "refused":
            self.refused += 1
            raise Refused("No.")
        self.taken += mood in ("fine", "arrives unsaid", "arrives, crash")
        self._raise(mood)
        return Receipt("1")

    def find(self, entry: Entry, /) -> Receipt | None:  # noqa: ARG002
        if not self.finds:
            raise NotOffered("It has no search.")
        self._raise(next(self.asks, "fine"))
        return Receipt("1") if self.taken else None

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:  # noqa: ARG002
        self._raise(next(self.asks, "fine"))
        return Answer("accepted")

    def _raise(self, mood: str) -> None:
        errors: dict[str, BaseException] = {
            "away": NotReached("Away."),
            "busy": TooManyRequests("Busy.", retry_after=5),
            "arrives unsaid": ServiceFailed("500", uncertain=True),
            "lost unsaid": NotReached("Broke off.", uncertain=True),
            "bug": ValueError("a bug"),
        }
        if mood.endswith("crash"):
            raise Crash
        if mood in errors:
            raise errors[mood]


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation is not what is tried here, nor is the disk."""
    from billingua.remote.outbox import worker
    from billingua.remote.outbox.checking import Checked

    monkeypatch.setattr(worker, "checked", lambda *_: Checked(True, "", {}))


def worked_off(folder: Path, service: Moody) -> Entry:
    """The entry when nothing goes on any more; a new process comes after each crash, when leases are over."""
    turned = Clock()
    kept = clock.now, clock.sleep
    clock.now, clock.sleep = turned.now, turned.sleep
    try:
        for _ in range(60):
            try:
                with opened(folder, service) as outbox:
                    entry = outbox.enqueue(INVOICE, SERVICE)
                    outbox.run(wait=1e6)
                    entry = outbox.entry(entry.id)
            except Crash:
                turned.moment += 61
                continue
            return entry
        raise AssertionError("it does not end")
    finally:
        clock.now, clock.sleep = kept


@settings(max_examples=120, deadline=None)
@given(
    submits=st.lists(st.sampled_from(HAPPENS), max_size=12),
    asks=st.lists(st.sampled_from(ASKED), max_size=20),
    finds=st.booleans(),
)
def test_one_submission_whatever_happens(submits: list[str], asks: list[str], finds: bool) -> None:
    service: Any = Moody(submits, asks, finds)
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        entry = worked_off(Path(folder), service)
    assert service.taken <= 1
    assert entry.state not in OPEN
    if entry.state == "accepted":
        assert service.taken == 1
    elif entry.state == "rejected":
        assert (service.taken, service.refused) == (0, 1)
    elif entry.reason == "not_sent":
        assert service.taken == 0
    elif entry.reason == "not_followed":
        assert service.taken == 1
    else:
        assert entry.reason == "uncertain"


@pytest.mark.parametrize("error", RemoteError.__subclasses__())
def test_every_error_of_a_service_has_consequences(error: type[RemoteError]) -> None:
    from billingua.remote.outbox.pace import after_following, after_submitting

    assert after_submitting(error("x")) in ("rejected", "failed", "stop", "again", "look")
    assert after_submitting(error("x", uncertain=True)) == "look"
    assert after_following(error("x")) in ("failed", "stop", "again")
