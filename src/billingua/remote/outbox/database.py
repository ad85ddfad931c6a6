"""The file of the outbox: SQLite in WAL mode, its tables, and what is said when it cannot be used.

Whatever is committed lasts through a crash of the program and of the machine (`synchronous` is FULL). All that writes
does so in one transaction from its first read on (BEGIN IMMEDIATE), so several workers may use one file. It belongs on
a disk of this machine: WAL does not work over a network.
"""

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from billingua.errors import SendingError

__all__ = ["VERSION", "Database"]

_APPLICATION: Final = 0x62696C6C
"""The mark in the file that says whose it is: "bill"."""

_VERSIONS: Final = (
    (
        """CREATE TABLE blobs (
            sha256 TEXT PRIMARY KEY,
            data BLOB NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE entries (
            id INTEGER PRIMARY KEY,
            sha256 TEXT NOT NULL REFERENCES blobs,
            size INTEGER NOT NULL,
            file TEXT NOT NULL,
            target TEXT NOT NULL,
            account TEXT NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL DEFAULT '',
            message TEXT NOT NULL DEFAULT '',
            format TEXT NOT NULL DEFAULT '',
            profile TEXT NOT NULL DEFAULT '',
            number TEXT NOT NULL DEFAULT '',
            issue_date TEXT,
            offline TEXT NOT NULL DEFAULT '',
            deadline TEXT,
            receipt TEXT,
            submissions INTEGER NOT NULL DEFAULT 0,
            attempts INTEGER NOT NULL DEFAULT 0,
            polls INTEGER NOT NULL DEFAULT 0,
            told_to_send INTEGER NOT NULL DEFAULT 0,
            handed_over REAL,
            due REAL NOT NULL,
            created REAL NOT NULL,
            changed REAL NOT NULL,
            lease TEXT,
            lease_until REAL NOT NULL DEFAULT 0,
            report BLOB,
            UNIQUE (sha256, target, account)
        )""",
        """CREATE INDEX entries_to_do ON entries (deadline IS NULL, deadline, due, id)
            WHERE state IN ('enqueued', 'validated', 'submitting', 'submitted')""",
        """CREATE TABLE steps (
            id INTEGER PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entries,
            at REAL NOT NULL,
            state TEXT NOT NULL,
            event TEXT NOT NULL,
            message TEXT NOT NULL
        )""",
        "CREATE INDEX steps_by_entry ON steps (entry, id)",
        """CREATE TABLE documents (
            id INTEGER PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entries,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (entry, name)
        )""",
        """CREATE TABLE pauses (
            target TEXT NOT NULL,
            account TEXT NOT NULL,
            until REAL NOT NULL,
            PRIMARY KEY (target, account)
        ) WITHOUT ROWID""",
    ),
)
"""What each version of the tables adds to the one before."""

VERSION: Final = len(_VERSIONS)

_SMALLEST = 512
"""Bytes of the smallest SQLite file that is not empty."""

_PATIENCE = 30.0
"""Seconds to wait for others that write."""

_SAID: Final = {
    sqlite3.SQLITE_FULL: ("There is no room left on the disk.", "Make room; what was kept before is still there."),
    sqlite3.SQLITE_BUSY: ("Another program keeps it locked.", "End that program, or try again later."),
    sqlite3.SQLITE_LOCKED: ("Another program keeps it locked.", "End that program, or try again later."),
    sqlite3.SQLITE_READONLY: ("It cannot be written to.", "Give this user the right to write to it and its folder."),
    sqlite3.SQLITE_PERM: ("It may not be used by this user.", "Give this user the right to read and write it."),
    sqlite3.SQLITE_CANTOPEN: ("It cannot be opened.", "Look whether its folder is there and may be written to."),
    sqlite3.SQLITE_NOTADB: ("It is not an outbox.", "Name another file."),
    sqlite3.SQLITE_CORRUPT: ("It is damaged.", "Take it from a backup; do not send its invoices again unlooked."),
    sqlite3.SQLITE_IOERR: ("The disk fails to read or write it.", "Look after the disk, then try again."),
    sqlite3.SQLITE_TOOBIG: ("A document is too large for it.", "Send a smaller one."),
}
"""What is said of an error of SQLite, by its primary code."""


class Database:
    """An open outbox file. For one thread of one process."""

    def __init__(self, path: Path, create: bool) -> None:
        """Open the file, or make it.

        Raises:
            SendingError: it is not there and must not be made, or it cannot be used: why.
        """
        self.path = path
        self._process = os.getpid()
        if create:
            _make(path)
        elif not path.is_file():
            raise SendingError("There is no outbox.", where=str(path), todo="The command billingua send makes one.")
        if 0 < path.stat().st_size < _SMALLEST:  # SQLite would take it for an empty file
            raise self._not_ours("")
        with self.told():
            self.connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of what is done in it lasts, or nothing."""
        with self.told():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For single questions."""
        with self.told():
            yield self.connection

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Say errors of SQLite in words."""
        if os.getpid() != self._process:
            raise SendingError(
                "The outbox was opened before this process was forked.",
                where=str(self.path),
                todo="Open it again in the new process.",
            )
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            what, todo = _SAID.get(code, (f"SQLite says: {error}.", ""))
            raise SendingError(what, where=str(self.path), todo=todo) from error

    def _prepare(self) -> None:
        with self.told():
            ask = self.connection.execute
            ask("BEGIN")  # one look at all that tells whose the file is, while others may be making it
            known = self._version()
            ask("COMMIT")
            mode = self._wal()
            if mode != "wal":
                raise SendingError(
                    f"The file system does not allow SQLite's WAL mode (it stays with {mode}).",
                    where=str(self.path),
                    todo="Put the outbox on a disk of this machine.",
                )
            ask("PRAGMA synchronous = FULL")
            ask("PRAGMA temp_store = MEMORY")
            ask("PRAGMA foreign_keys = ON")
        if known < VERSION:
            with self.writing() as connection:
                for version in range(self._version(), VERSION):
                    for statement in _VERSIONS[version]:
                        connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {_APPLICATION}")
                connection.execute(f"PRAGMA user_version = {VERSION}")

    def _version(self) -> int:
        """The version of the tables that are there; 0 for a new file.

        Raises:
            SendingError: the file belongs to another program, or to a newer billingua.
        """
        ask = self.connection.execute
        [application], [version] = ask("PRAGMA application_id").fetchone(), ask("PRAGMA user_version").fetchone()
        new = not version and not application and not ask("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != _APPLICATION and not new:
            raise self._not_ours(" Another program made this SQLite file.")
        if version > VERSION:
            raise SendingError(
                f"A newer billingua made it: its tables have version {version}, this one knows {VERSION}.",
                where=str(self.path),
                todo="Install the newer billingua.",
            )
        return int(version)

    def _not_ours(self, why: str) -> SendingError:
        what, todo = _SAID[sqlite3.SQLITE_NOTADB]
        return SendingError(f"{what}{why}", where=str(self.path), todo=todo)

    def _wal(self) -> str:
        """Turn WAL mode on. SQLite does not wait by itself for another program that does the same just now."""
        patience = time.monotonic() + _PATIENCE
        while True:
            try:
                mode: str = self.connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
                return mode
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                    raise
                time.sleep(0.02)


def _make(path: Path) -> None:
    """Make the folder and an empty file that only this user may read, unless they are there."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except (OSError, ValueError) as error:
        if path.is_dir():
            raise SendingError("It is a folder.", where=str(path), todo="Name a file for the outbox.") from None
        if isinstance(error, FileExistsError) and path.parent.is_dir():
            return
        reason = getattr(error, "strerror", None) or str(error)
        raise SendingError(f"The outbox cannot be made: {reason}.", where=str(path)) from None
