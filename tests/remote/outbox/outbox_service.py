"""A service that counts what it gets, and a clock that tests turn: what the tests of the outbox share."""

import hashlib
import os
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from billingua.errors import NotOffered
from billingua.remote.outbox import Answer, Document, Entry, Outbox, Receipt, clock
from billingua.remote.outbox.courier import Courier

SAMPLES = Path(__file__).parents[3] / "samples"
INVOICE = (SAMPLES / "standard-rated.ubl.xml").read_bytes()
SERVICE = "counting"
MEMORY = Path("/dev/shm")


def invoice(number: int) -> bytes:
    """An invoice unlike the others."""
    return INVOICE.replace(b"2026-1001", b"2026-%d" % (2000 + number))


class CountingService:
    """Writes down each submission in a file, so that all processes count together; `finds` says whether it can be
    asked, `takes` how long a submission takes, in seconds."""

    def __init__(self, folder: Path, *, finds: bool = True, takes: float = 0.0, settling: float = 0.0) -> None:
        self.log = folder / "received"
        self.finds = finds
        self.takes = takes
        self.settling = settling

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:
        time.sleep(self.takes)
        digest = hashlib.sha256(data).hexdigest()
        assert digest == entry.sha256
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(descriptor, f"{digest}\n".encode())
        os.close(descriptor)
        return Receipt(f"receipt-{digest[:8]}", {"session": "1"})

    def find(self, entry: Entry, /) -> Receipt | None:
        if not self.finds:
            raise NotOffered("It cannot be asked.")
        return Receipt(f"receipt-{entry.sha256[:8]}") if entry.sha256 in self.received() else None

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:
        assert receipt.id == f"receipt-{entry.sha256[:8]}"
        return Answer("accepted", documents=(Document("upo.xml", "application/xml", b"<upo/>"),))

    def received(self) -> list[str]:
        """The hashes of all submissions, in order."""
        return self.log.read_text().split() if self.log.exists() else []


class Scripted:
    """A service that does as told: each call takes the next of a list, which is raised or returned; the last stays."""

    settling = 0.0

    def __init__(self, submit: Iterable[Any] = (), find: Iterable[Any] = (), follow: Iterable[Any] = ()) -> None:
        self.told = {"submit": list(submit), "find": list(find), "follow": list(follow)}
        self.asked: list[str] = []

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:  # noqa: ARG002
        return self._next("submit", Receipt("1"))

    def find(self, entry: Entry, /) -> Receipt | None:  # noqa: ARG002
        return self._next("find", None)

    def follow(self, entry: Entry, receipt: Receipt, /) -> Answer:  # noqa: ARG002
        return self._next("follow", Answer("accepted"))

    def _next(self, call: str, usual: Any) -> Any:
        self.asked.append(call)
        script = self.told[call]
        what = usual if not script else script.pop(0) if len(script) > 1 else script[0]
        if isinstance(what, BaseException):
            raise what
        return what


class Clock:
    """A clock that only moves when somebody waits, or turns it."""

    def __init__(self) -> None:
        self.moment = 1_800_000_000.0

    def now(self) -> float:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += max(seconds, 0.001)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the outbox, in the hand of the test."""
    made = Clock()
    monkeypatch.setattr(clock, "now", made.now)
    monkeypatch.setattr(clock, "sleep", made.sleep)
    return made


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory, where there is such a thing: a disk would have to write hundreds of times."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder)


def opened(folder: Path, courier: Courier, **more: Any) -> Outbox:
    """The outbox of a test, with a courier to `SERVICE`."""
    return Outbox(folder / "outbox.db", couriers={SERVICE: courier}, **more)


def child(work: Callable[[], None]) -> int:
    """Do something in a process of its own; its number."""
    pid = os.fork()
    if pid == 0:  # pragma: no cover
        try:
            work()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return pid


def ended(*pids: int) -> list[int]:
    """How processes ended: their exit status, or the signal that killed them, negative."""
    return [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
