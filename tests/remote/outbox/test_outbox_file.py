"""The file of the outbox: whose it is, and what is said when it cannot be used."""

import os
import sqlite3
import stat
from pathlib import Path
from typing import Any

import pytest
from outbox_service import INVOICE, SERVICE, Clock, CountingService, Scripted, child, ended, invoice, opened

from billingua.errors import SendingError
from billingua.remote.outbox import Entry, Outbox, Receipt, database, default_path, worker
from billingua.remote.outbox.checking import Checked


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An outbox with one accepted entry."""
    with opened(tmp_path, Scripted()) as outbox:
        outbox.enqueue(INVOICE, SERVICE)
        outbox.run()
    return tmp_path / "outbox.db"


def ask(path: Path, *statements: str) -> Any:
    """Something done to the file by another program; what the last statement gives."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for statement in statements:
            row = connection.execute(statement).fetchone()
        return row and row[0]
    finally:
        connection.close()


def test_it_is_sqlite_in_wal_mode_with_a_version(path: Path) -> None:
    assert ask(path, "PRAGMA journal_mode") == "wal"
    assert ask(path, "PRAGMA user_version") == database.VERSION
    assert ask(path, "PRAGMA integrity_check") == "ok"
    assert bytes.fromhex(f"{ask(path, 'PRAGMA application_id'):x}") == b"bill"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, "invoices are nobody else's business"


def test_what_is_committed_survives_the_power(path: Path) -> None:
    with Outbox(path) as outbox:
        assert outbox._database.connection.execute("PRAGMA synchronous").fetchone()[0] == 2


def test_it_is_not_made_where_it_is_only_read(tmp_path: Path) -> None:
    with pytest.raises(SendingError, match="There is no outbox"):
        Outbox(tmp_path / "none.db", create=False)
    assert not list(tmp_path.iterdir())


def test_another_program_s_file_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    ask(path, "CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(SendingError, match="Another program made this"):
        Outbox(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"%PDF-1.7 something else", b"SQLite format 3\0" + bytes(84), b"x"])
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "outbox.db"
    path.write_bytes(content)
    with pytest.raises(SendingError, match=r"not an outbox|damaged"):
        Outbox(path)
    assert path.read_bytes() == content


def test_a_newer_file_is_left_alone(path: Path) -> None:
    ask(path, f"PRAGMA user_version = {database.VERSION + 1}")
    with pytest.raises(SendingError, match="A newer billingua made it"):
        Outbox(path)


def test_a_folder_and_a_place_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(SendingError, match="It is a folder"):
        Outbox(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(SendingError, match="cannot be made"):
        Outbox(tmp_path / "file" / "outbox.db")
    with pytest.raises(SendingError, match="cannot be made"):
        Outbox(str(tmp_path / "a\0b"))


def test_a_damaged_file_is_told(path: Path) -> None:
    content = bytearray(path.read_bytes())
    page = 4096
    for start in range(page, len(content), page):
        content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(SendingError, match="damaged"), Outbox(path) as outbox:
        list(outbox.entries())


def test_damaged_bytes_are_never_sent(path: Path) -> None:
    service = Scripted()
    with opened(path.parent, service) as outbox:
        number = outbox.enqueue(invoice(1), SERVICE).id
        outbox.check()
        ask(path, f"UPDATE blobs SET data = X'00' WHERE sha256 = (SELECT sha256 FROM entries WHERE id = {number})")
        outbox.run()
        entry = outbox.entry(number)
        assert (entry.state, entry.reason, service.asked) == ("failed", "damaged", [])
        with pytest.raises(SendingError, match="damaged"):
            outbox.data(number)
        outbox.enqueue(invoice(1), SERVICE)
        outbox.retry()
        outbox.run()
        assert (outbox.entry(number).state, outbox.data(number)) == ("accepted", invoice(1))


def test_a_full_disk_is_told_and_loses_nothing(path: Path) -> None:
    service = Scripted()
    with opened(path.parent, service) as outbox:
        connection = outbox._database.connection
        [pages] = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(SendingError, match="no room left on the disk"):
            [outbox.enqueue(invoice(number), SERVICE) for number in range(9)]
        kept = [entry.id for entry in outbox.entries()]
        connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        outbox.enqueue(invoice(99), SERVICE)
        outbox.run()
        assert [entry.state for entry in outbox.entries()] == ["accepted"] * (len(kept) + 1)


def test_a_receipt_that_cannot_be_written_down_is_asked_for_again(path: Path, turned: Clock) -> None:
    """The disk fails just when the service has the document."""
    service = CountingService(path.parent)

    with opened(path.parent, service) as outbox:
        connection = outbox._database.connection

        class Fails(CountingService):
            def submit(self, data: bytes, entry: Entry, /) -> Receipt:
                receipt = super().submit(data, entry)
                connection.execute("PRAGMA query_only = ON")
                return receipt

        number = outbox.enqueue(invoice(1), SERVICE).id
        outbox._couriers[SERVICE] = Fails(path.parent)
        with pytest.raises(SendingError, match="cannot be written to"):
            outbox.run()
        connection.execute("PRAGMA query_only = OFF")
        turned.moment += 61
        outbox._made.clear()
        outbox._couriers[SERVICE] = service
        outbox.run()
        assert outbox.entry(number).state == "accepted"
        assert len(service.received()) == 1


def test_a_locked_file_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        with Outbox(path) as outbox:
            assert outbox.entry(1).state == "accepted", "reading goes on"
            with pytest.raises(SendingError, match="keeps it locked"):
                outbox.enqueue(INVOICE, "folder:x")
    finally:
        other.close()


def work_for_each(folder: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> float:
    """How much SQLite does for each of so many entries that are named."""
    monkeypatch.setattr(worker, "checked", lambda *_: Checked(True, "", {}))
    folder.mkdir()
    done: list[None] = []
    with opened(folder, Scripted()) as outbox:
        ids = [outbox.enqueue(b"%d" % number, SERVICE).id for number in range(count)]
        outbox._database.connection.set_progress_handler(lambda: done.append(None), 50)
        outbox.run(ids)
        outbox._database.connection.set_progress_handler(None, 0)
        assert {entry.state for entry in outbox.entries()} == {"accepted"}
    return len(done) / count


def test_many_entries_are_no_more_work_each(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = (work_for_each(memory / str(count), count, monkeypatch) for count in (20, 300))
    assert many < 1.5 * few


def test_a_file_that_may_only_be_read(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox._database.connection.execute("PRAGMA query_only = ON")
        with pytest.raises(SendingError, match="cannot be written to"):
            outbox.enqueue(INVOICE, "folder:x")


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_an_open_outbox_does_not_go_through_a_fork(path: Path) -> None:
    with Outbox(path) as outbox:

        def uses() -> None:
            with pytest.raises(SendingError, match="forked"):
                outbox.entry(1)

        assert ended(child(uses)) == [0]


def test_it_must_be_a_file_system_with_wal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database.Database, "_wal", lambda _: "delete")
    with pytest.raises(SendingError, match="WAL mode"):
        Outbox(tmp_path / "outbox.db")


def test_where_it_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BILLINGUA_OUTBOX", str(tmp_path / "mine.db"))
    assert default_path() == tmp_path / "mine.db"
    monkeypatch.delenv("BILLINGUA_OUTBOX")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_path() == tmp_path / "billingua" / "outbox.db"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_path() == tmp_path / ".local" / "share" / "billingua" / "outbox.db"
    monkeypatch.setattr("sys.platform", "darwin")
    assert default_path() == tmp_path / "Library" / "Application Support" / "billingua" / "outbox.db"
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert default_path() == tmp_path / "local" / "billingua" / "outbox.db"
