"""The entries of an outbox file: put in, claimed by one worker at a time, moved on, read."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from billingua.engine.shown import printable
from billingua.errors import SendingError
from billingua.remote.outbox import clock
from billingua.remote.outbox.database import Database
from billingua.remote.outbox.entry import OPEN, Document, Entry, Receipt, Step

__all__ = ["Claim", "Ledger", "Place"]

Place = tuple[str, str]
"""A target and its account."""

_OPEN = ", ".join(f"'{state}'" for state in OPEN)
_MINE = "id = :id AND lease = :lease"
_CHOSEN = "(:all OR id IN chosen)"
_NOT_STOPPED = """(state = 'enqueued' OR NOT EXISTS (
    SELECT 1 FROM json_each(:stopped)
    WHERE json_extract(value, '$[0]') = target AND json_extract(value, '$[1]') = account))"""
_PAUSED = """coalesce((SELECT until FROM pauses
    WHERE pauses.target = entries.target AND pauses.account = entries.account AND state != 'enqueued'), 0)"""
_DUE_AT = f"max(due, {_PAUSED})"
_FREE = "(lease IS NULL OR lease_until <= :now)"
_READY = f"state IN ({_OPEN}) AND {_CHOSEN} AND {_NOT_STOPPED}"


class Claim(NamedTuple):
    """An entry that one worker has for itself until its lease ends, and the word that proves it."""

    entry: Entry
    lease: str
    polls: int
    """How often the service has said that it is working on it."""
    told_to_send: bool
    """Whether a person has said that it is to be sent although nobody knows whether it is there."""
    handed_over: float
    """When it was about to be handed over the last time; 0 if never."""


class Ledger:
    """What stands in the file."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._all = True

    def put(self, fields: Mapping[str, Any], data: bytes) -> int:
        """Keep a document that is not in the file, in the state `enqueued`; the number of its entry.

        One that is there already stays as it is. Its bytes are put right where they were damaged.
        """
        at = clock.now()
        with self.database.writing() as connection:
            there = connection.execute(
                "SELECT id FROM entries WHERE sha256 = :sha256 AND target = :target AND account = :account", fields
            ).fetchone()
            connection.execute(
                "INSERT INTO blobs VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET data = excluded.data "
                "WHERE data != excluded.data",
                (fields["sha256"], data),
            )
            if there is not None:
                return int(there["id"])
            values = {**fields, "state": "enqueued", "due": at, "created": at, "changed": at}
            cursor = connection.execute(
                f"INSERT INTO entries ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})", values
            )
            number = cursor.lastrowid
            assert number is not None
            _step(connection, number, at, "enqueued", "enqueued", "")
            return number

    def choose(self, ids: Iterable[int] | None) -> None:
        """Only see to these entries from now on; to all if none are given."""
        self._all = ids is None
        with self.database.reading() as connection:
            connection.execute("CREATE TEMP TABLE IF NOT EXISTS chosen (id INTEGER PRIMARY KEY)")
            connection.execute("DELETE FROM chosen")
            connection.executemany("INSERT OR IGNORE INTO chosen VALUES (?)", [(_known(id_),) for id_ in ids or ()])

    def claim(self, stopped: Iterable[Place], lease: float, states: Iterable[str] = OPEN) -> Claim | None:
        """Take the next of the chosen entries that is due, those with the nearest deadline first; None when there is
        none now.
        """
        at = clock.now()
        asked = {"all": self._all, "stopped": json.dumps(list(stopped)), "now": at, "states": json.dumps(list(states))}
        with self.database.writing() as connection:
            row = connection.execute(
                f"SELECT * FROM entries INDEXED BY entries_to_do WHERE {_READY} "
                f"AND due <= :now AND {_DUE_AT} <= :now AND {_FREE} "
                "AND state IN (SELECT value FROM json_each(:states)) "
                "ORDER BY deadline IS NULL, deadline, due, id LIMIT 1",
                asked,
            ).fetchone()
            if row is None:
                return None
            word = secrets.token_hex(8)
            connection.execute(
                "UPDATE entries SET lease = ?, lease_until = ? WHERE id = ?", (word, at + lease, row["id"])
            )
        return Claim(_entry(row), word, row["polls"], bool(row["told_to_send"]), row["handed_over"] or 0.0)

    def next_moment(self, stopped: Iterable[Place]) -> float | None:
        """When the next of the chosen entries is due, whether others have it or not; None when no open one is left."""
        asked = {"all": self._all, "stopped": json.dumps(list(stopped))}
        with self.database.reading() as connection:
            [moment] = connection.execute(f"SELECT min({_DUE_AT}) FROM entries WHERE {_READY}", asked).fetchone()
        return None if moment is None else float(moment)

    def renew(self, claim: Claim, lease: float) -> None:
        """Keep an entry for longer, if it is still this worker's."""
        with self.database.writing() as connection:
            connection.execute(
                f"UPDATE entries SET lease_until = :until WHERE {_MINE}",
                {"until": clock.now() + lease, "id": claim.entry.id, "lease": claim.lease},
            )

    def release(self, claim: Claim) -> None:
        """Leave an entry to others, as it is."""
        with self.database.writing() as connection:
            connection.execute(
                f"UPDATE entries SET lease = NULL WHERE {_MINE}", {"id": claim.entry.id, "lease": claim.lease}
            )

    def note(
        self,
        claim: Claim,
        event: str,
        message: str = "",
        *,
        keep: bool = False,
        quietly: bool = False,
        anyhow: bool = False,
        documents: Iterable[Document] = (),
        **changes: Any,
    ) -> bool:
        """Write down what happened to a claimed entry, and leave it to others unless it is to be kept.

        False, and nothing is changed, when the claim is no longer this worker's: its lease ended, and another took the
        entry. `anyhow` is for a receipt, which is written down all the same where the entry has none and goes on.
        `quietly` leaves out the history.
        """
        at = clock.now()
        values = {**changes, "message": message, "changed": at}
        if not keep:
            values["lease"] = None
        asked = {**{f"new_{name}": value for name, value in values.items()}, "id": claim.entry.id, "lease": claim.lease}
        with self.database.writing() as connection:
            where = _MINE
            if anyhow:
                where = f"({_MINE}) OR (id = :id AND receipt IS NULL AND state IN ('submitting', 'validated'))"
            updated = connection.execute(
                f"UPDATE entries SET {', '.join(f'{name} = :new_{name}' for name in values)} WHERE {where}", asked
            )
            if not updated.rowcount:
                return False
            if not quietly:
                _step(connection, claim.entry.id, at, changes.get("state", claim.entry.state), event, message)
            connection.executemany(
                "INSERT INTO documents (entry, name, media_type, data) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (entry, name) DO UPDATE SET media_type = excluded.media_type, data = excluded.data",
                [(claim.entry.id, printable(name), kind, data) for name, kind, data in documents],
            )
        return True

    def change(self, number: int, states: tuple[str, ...], event: str, **changes: Any) -> bool:
        """Change an entry on behalf of a person; False when it is in none of these states."""
        at = clock.now()
        values = {**changes, "changed": at}
        with self.database.writing() as connection:
            row = connection.execute("SELECT state FROM entries WHERE id = ?", (number,)).fetchone()
            if row is None or row["state"] not in states:
                return False
            connection.execute(
                f"UPDATE entries SET {', '.join(f'{name} = :{name}' for name in values)} WHERE id = :id",
                {**values, "id": number},
            )
            _step(connection, number, at, changes.get("state", row["state"]), event, "")
        return True

    def pause(self, place: Place, until: float) -> None:
        """Nobody goes to an account before that moment."""
        with self.database.writing() as connection:
            connection.execute("DELETE FROM pauses WHERE until < ?", (clock.now(),))
            connection.execute(
                "INSERT INTO pauses VALUES (?, ?, ?) ON CONFLICT (target, account) DO UPDATE "
                "SET until = max(until, excluded.until)",
                (*place, until),
            )

    def entry(self, number: int) -> Entry:
        """An entry by its number.

        Raises:
            SendingError: there is none.
        """
        with self.database.reading() as connection:
            row = connection.execute("SELECT * FROM entries WHERE id = ?", (_known(number),)).fetchone()
        if row is None:
            raise SendingError(
                f"There is no entry {number}.", where=str(self.database.path), todo="billingua outbox list shows all."
            )
        return _entry(row)

    def entries(self, states: Iterable[str] | None = None) -> Iterator[Entry]:
        """The entries in these states, or all, in the order in which they came."""
        last = 0
        chosen = None if states is None else json.dumps(list(states))
        while True:
            with self.database.reading() as connection:
                rows = connection.execute(
                    "SELECT * FROM entries WHERE id > ? AND (?2 IS NULL OR state IN (SELECT value FROM json_each(?2))) "
                    "ORDER BY id LIMIT 500",
                    (last, chosen),
                ).fetchall()
            if not rows:
                return
            yield from map(_entry, rows)
            last = rows[-1]["id"]

    def steps(self, number: int) -> tuple[Step, ...]:
        """The history of an entry."""
        with self.database.reading() as connection:
            rows = connection.execute("SELECT * FROM steps WHERE entry = ? ORDER BY id", (number,)).fetchall()
        return tuple(Step(_moment(row["at"]), row["state"], row["event"], row["message"]) for row in rows)

    def documents(self, number: int) -> tuple[Document, ...]:
        """What the service gave for an entry."""
        with self.database.reading() as connection:
            rows = connection.execute(
                "SELECT name, media_type, data FROM documents WHERE entry = ? ORDER BY id", (number,)
            ).fetchall()
        return tuple(Document(*row) for row in rows)

    def report(self, number: int) -> bytes | None:
        """What the validation said of an entry, as JSON."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT report FROM entries WHERE id = ?", (number,)).fetchone()
        return None if row is None else row["report"]

    def data(self, entry: Entry) -> bytes | None:
        """The exact bytes of an entry; None when they are no longer those that were put in."""
        with self.database.reading() as connection:
            row = connection.execute("SELECT data FROM blobs WHERE sha256 = ?", (entry.sha256,)).fetchone()
        data = None if row is None else row["data"]
        return data if isinstance(data, bytes) and hashlib.sha256(data).hexdigest() == entry.sha256 else None


def _known(number: int) -> int:
    """A number that SQLite can look for; -1, which no entry has, for one that is too large."""
    return number if 0 < number < 1 << 63 else -1


def _step(connection: sqlite3.Connection, entry: int, at: float, state: str, event: str, message: str) -> None:
    connection.execute(
        "INSERT INTO steps (entry, at, state, event, message) VALUES (?, ?, ?, ?, ?)",
        (entry, at, state, event, message),
    )


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


_MOMENTS = ("due", "created", "changed")
_DAYS = ("issue_date", "deadline")


def _entry(row: sqlite3.Row) -> Entry:
    fields = {name: row[name] for name in Entry._fields}
    fields |= {name: _moment(row[name]) for name in _MOMENTS}
    fields |= {name: _day(row[name]) for name in _DAYS}
    if row["receipt"] is not None:
        id_, details = json.loads(row["receipt"])
        fields["receipt"] = Receipt(id_, MappingProxyType(details))
    return Entry(**fields)
