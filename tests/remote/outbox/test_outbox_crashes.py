"""A process may die at any point: nothing is lost, and nothing is sent twice."""

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from outbox_service import INVOICE, SERVICE, CountingService, child, ended, invoice, opened

from billingua.remote.outbox import Outbox, clock
from billingua.remote.outbox.checking import checked
from billingua.remote.outbox.pace import Pace

pytestmark = pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")

FILE_EVENTS = ("os.rename", "os.mkdir", "open")
KILLED = [-signal.SIGKILL]


@pytest.fixture(scope="module", autouse=True)
def _warm() -> None:
    """What validation loads is loaded before any child is forked."""
    checked(INVOICE, "a.xml")


class Fuse:
    """Counts what a process does - statements of SQLite, and changes of files below a folder - and kills it at the
    `deadly`-th, before it is done."""

    def __init__(self, deadly: int | None, folder: Path) -> None:
        self.deadly = deadly
        self.count = 0
        self.folder = str(folder)

    def lay(self) -> None:
        """From now on, in this process."""
        connect = sqlite3.connect

        def connected(*args: Any, **more: Any) -> sqlite3.Connection:
            connection = connect(*args, **more)
            connection.set_trace_callback(lambda _: self.burn())
            return connection

        sqlite3.connect = connected  # type: ignore[assignment]
        sys.addaudithook(self.heard)

    def heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in FILE_EVENTS and str(arguments[0]).startswith(self.folder):
            self.burn()

    def burn(self) -> None:
        if self.count == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1


def later() -> None:
    """An hour later, when all leases are over."""
    began = clock.now

    def now() -> float:
        return began() + 3600

    clock.now = now


def goes_on(to: Callable[[], Outbox]) -> int:
    """What the next process does; its number."""

    def work() -> None:
        later()
        with to() as outbox:
            outbox.run()
            [entry] = outbox.entries()
            assert entry.state == "accepted", outbox.history(entry.id)
            assert outbox.data(entry.id) == INVOICE

    return child(work)


def killed_at(step: int | None, folder: Path, work: Callable[[], None]) -> int:
    """A process that does something, and is killed at a step; without one, it tells how many there are."""
    fuse = Fuse(step, folder)

    def under_fuse() -> None:
        fuse.lay()
        work()
        (folder.parent / "count").write_text(str(fuse.count))

    return child(under_fuse)


def test_killed_at_every_step(memory: Path) -> None:
    """From the making of the file to the last word of the service."""

    def to(path: Path) -> Outbox:
        return opened(path, CountingService(path))

    def sends(path: Path) -> None:
        with to(path) as outbox:
            outbox.enqueue(INVOICE, SERVICE, file="a.xml")
            (path / "kept").touch()
            outbox.run()

    def ends(step: int | None, path: Path) -> list[int]:
        path.mkdir()
        return ended(killed_at(step, path / "nothing", lambda: sends(path)))

    assert ends(None, memory / "whole") == [0]
    count = int((memory / "whole" / "count").read_text())
    assert count > 60
    for step in range(count):
        path = memory / str(step)
        assert ends(step, path) == KILLED
        if not (path / "kept").exists():  # whoever was not told that it is kept brings it again
            with to(path) as outbox:
                outbox.enqueue(INVOICE, SERVICE)
        assert ended(goes_on(lambda path=path: to(path))) == [0], f"step {step}"  # type: ignore[misc]
        assert len(CountingService(path).received()) == 1, f"step {step}"


def test_killed_at_every_step_on_the_way_into_a_folder_that_is_emptied(memory: Path) -> None:
    """Whoever picks documents up may come between the crash and the next run."""

    def to(path: Path) -> Outbox:
        return Outbox(path / "outbox.db")

    def runs(path: Path) -> None:
        with to(path) as outbox:
            outbox.run()

    def ends(step: int | None, path: Path) -> list[int]:
        path.mkdir()
        with to(path) as outbox:
            outbox.enqueue(INVOICE, f"folder:{path / 'pickup'}")
            outbox.check()
        return ended(killed_at(step, path / "pickup", lambda: runs(path)))

    def picked_up(path: Path) -> int:
        found = list((path / "pickup").glob("*.xml"))
        for file in found:
            assert file.read_bytes() == INVOICE
            file.unlink()
        return len(found)

    assert ends(None, memory / "whole") == [0]
    count = int((memory / "whole" / "count").read_text())
    assert count > 30
    for step in range(count):
        path = memory / str(step)
        assert ends(step, path) == KILLED
        early = picked_up(path)
        assert ended(goes_on(lambda path=path: to(path))) == [0], f"step {step}"  # type: ignore[misc]
        assert early + picked_up(path) == 1, f"step {step}"


class Deadly(CountingService):
    """Kills its process when a document arrives, before or after it is counted."""

    when = "before"

    def submit(self, data: bytes, entry: Any, /) -> Any:
        if self.when == "after":
            super().submit(data, entry)
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("finds", [True, False])
def test_killed_while_the_service_takes_it(tmp_path: Path, when: str, finds: bool) -> None:
    def dies() -> None:
        service = Deadly(tmp_path, finds=finds)
        service.when = when
        with opened(tmp_path, service) as outbox:
            outbox.run([outbox.enqueue(INVOICE, SERVICE).id])

    def restarts() -> None:
        later()
        with opened(tmp_path, CountingService(tmp_path, finds=finds)) as outbox:
            outbox.run()

    assert ended(child(dies)) == KILLED
    assert ended(child(restarts)) == [0]
    service = CountingService(tmp_path, finds=finds)
    with opened(tmp_path, service) as outbox:
        entry = outbox.entry(1)
        if finds:
            assert (entry.state, len(service.received())) == ("accepted", 1)
            return
        assert (entry.state, entry.reason) == ("failed", "uncertain"), "nobody knows, so nothing is repeated"
        assert len(service.received()) == (when == "after")
        assert outbox.retry() == (), "only a person who names it decides"
        if when == "before":
            outbox.retry([1])
            outbox.run()
            assert (outbox.entry(1).state, len(service.received())) == ("accepted", 1)


def test_several_workers_on_one_file(tmp_path: Path) -> None:
    count = 30
    service = CountingService(tmp_path, takes=0.002)
    with opened(tmp_path, service) as outbox:
        for number in range(count):
            outbox.enqueue(invoice(number), SERVICE)

    def works() -> None:
        with opened(tmp_path, service) as outbox:
            outbox.run(wait=60)
            assert not list(outbox.entries(("enqueued", "validated", "submitting", "submitted")))

    assert ended(*[child(works) for _ in range(4)]) == [0] * 4
    assert len(service.received()) == count
    assert len(set(service.received())) == count
    with opened(tmp_path, service) as outbox:
        assert {entry.state for entry in outbox.entries()} == {"accepted"}
        assert all(entry.submissions == 1 for entry in outbox.entries())


def test_many_may_make_the_file_and_bring_the_same_document(tmp_path: Path) -> None:
    service = CountingService(tmp_path)
    start = time.time() + 0.3

    def brings() -> None:
        time.sleep(max(start - time.time(), 0))
        with opened(tmp_path, service) as outbox:
            outbox.run([outbox.enqueue(INVOICE, SERVICE).id], wait=60)

    assert ended(*[child(brings) for _ in range(6)]) == [0] * 6
    assert len(service.received()) == 1


def test_a_slow_worker_keeps_its_entry(tmp_path: Path) -> None:
    """Its lease is much shorter than the service takes; it is renewed meanwhile."""
    slow = CountingService(tmp_path, takes=1.0)
    with opened(tmp_path, slow) as outbox:
        outbox.enqueue(INVOICE, SERVICE)
        outbox.check()

    def works() -> None:
        with opened(tmp_path, slow, pace=Pace(lease=0.3)) as outbox:
            outbox.run()

    first = child(works)
    with opened(tmp_path, slow, pace=Pace(lease=0.3)) as outbox:
        while outbox.entry(1).state == "validated":
            time.sleep(0.02)
        outbox.run(wait=20)
        assert outbox.entry(1).state == "accepted"
    assert ended(first) == [0]
    assert len(slow.received()) == 1
