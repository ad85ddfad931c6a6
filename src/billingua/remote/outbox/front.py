"""The outbox as programs use it."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Self

from billingua.errors import BillinguaError, SendingError, UsageError
from billingua.remote.outbox import clock
from billingua.remote.outbox.courier import Courier, account_of, courier_for, to_target
from billingua.remote.outbox.database import Database
from billingua.remote.outbox.entry import OPEN, REASONS, STATES, Document, Entry, Step
from billingua.remote.outbox.keeper import Keeper
from billingua.remote.outbox.ledger import Ledger, Place
from billingua.remote.outbox.pace import Pace
from billingua.remote.outbox.worker import Worker
from billingua.remote.places import data_folder

__all__ = ["OUTBOX_VARIABLE", "Outbox", "Outcome", "Stopped", "default_path"]

OUTBOX_VARIABLE: Final = "BILLINGUA_OUTBOX"
"""The variable of the environment that names the file."""

_LONGEST_NAP = 1.0
_OTHERS_WORK = 0.1
"""Seconds until it is looked again whether others have done with what is due."""
_NO_COURIERS: Mapping[str, Courier] = MappingProxyType({})


def default_path() -> Path:
    """The file of the outbox: what BILLINGUA_OUTBOX names, otherwise outbox.db in the data folder of this user."""
    named = os.environ.get(OUTBOX_VARIABLE)
    return Path(named) if named else data_folder() / "outbox.db"


class Stopped(NamedTuple):
    """An account whose entries wait until a person has mended something, and what."""

    target: str
    error: BillinguaError


class Outcome(NamedTuple):
    """What a run has done: the entries it has moved on, as they stand now, and the accounts that it could not go to."""

    entries: tuple[Entry, ...]
    stopped: tuple[Stopped, ...]


class Outbox:
    """The outbox in a file, for one thread of one process; any number of processes may use the file at a time.

    Args:
        path: the file; `default_path()` if it is not given.
        create: whether to make the file when it is not there.
        settings: the file with the settings of services; the usual one if it is not given.
        couriers: couriers of your own by target; the others are those of `COURIERS`.
        pace: limits and waiting times.

    Raises:
        SendingError: the file cannot be used: no room, no right, not an outbox, from a newer billingua, damaged,
            locked. Every method may raise it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        create: bool = True,
        settings: str | os.PathLike[str] | None = None,
        couriers: Mapping[str, Courier] = _NO_COURIERS,
        pace: Pace = Pace(),  # noqa: B008 - immutable
    ) -> None:
        self.path = default_path() if path is None else Path(path)
        self._settings = settings
        self._couriers = dict(couriers)
        self._made: dict[str, tuple[Courier, str]] = {}
        self._database = Database(self.path, create)
        self._ledger = Ledger(self._database)
        self._pace = pace

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, and the connections of couriers that were made here."""
        for target, (courier, _) in self._made.items():
            if target not in self._couriers and hasattr(courier, "close"):
                courier.close()
        self._made.clear()
        self._database.close()

    def enqueue(
        self, data: bytes, to: str, *, file: str = "", offline: str | None = None, ended: date | None = None
    ) -> Entry:
        """Keep the exact bytes of a document that is to be sent. From here on it is neither lost nor sent twice.

        The entry that is there already, when the same bytes were enqueued to the same account before.

        Args:
            data: the bytes that are sent as they are.
            to: a service by its name in the settings, or `folder:` and a path.
            file: the name it has among people.
            offline: the KSeF mode the invoice was issued offline in: `offline24`, `unavailability` or `emergency`.
            ended: the day the unavailability or the failure ended; the issue date if it is not given.

        Raises:
            SendingError: it is empty or too large, or was enqueued in another mode and is on its way.
            UsageError: there is no such service or mode, or its settings are wrong.
            InputError: a mode is given, and the bytes are no FA invoice.
        """
        from billingua.engine.xml import MAX_BYTES

        if not isinstance(data, bytes):
            raise UsageError(f"The outbox takes the exact bytes that are sent, not {type(data).__name__}.")
        if not data or len(data) > MAX_BYTES:
            what = f"larger than {MAX_BYTES // 1024 // 1024} MiB" if data else "empty"
            raise SendingError(f"The document is {what}; the outbox does not take it.", where=file)
        target = to_target(to)
        deadline = None
        if offline is not None:
            from billingua.remote.outbox.checking import ksef_deadline

            deadline = ksef_deadline(data, offline, ended).isoformat()
        fields = {
            "sha256": hashlib.sha256(data).hexdigest(),
            "size": len(data),
            "file": file.encode("utf-8", "replace").decode(),
            "target": target,
            "account": "" if target in self._couriers else account_of(target, self._settings),
            "offline": offline or "",
            "deadline": deadline,
        }
        entry = self.entry(self._ledger.put(fields, data))
        return entry if offline is None else self._with_deadline(entry, offline, deadline)

    def run(
        self,
        ids: Iterable[int] | None = None,
        *,
        wait: float = 0.0,
        tick: Callable[[Entry], None] | None = None,
    ) -> Outcome:
        """Check, send and follow entries until all are settled, or until nothing is due within `wait` seconds.

        Several processes may run at a time; each entry is with one of them.

        Args:
            ids: the numbers of the entries; all if they are not given.
            wait: how long to go on, in seconds; 0 does what is due now.
            tick: called with an entry whenever it has been moved on.
        """
        until = clock.now() + wait
        moved: dict[int, Entry] = {}
        stopped: dict[Place, Stopped] = {}
        worker = Worker(self._ledger, self._courier_to, self._pace)
        self._ledger.choose(ids)
        with Keeper(self.path, self._pace.lease) as keeper:
            while True:
                claim = self._ledger.claim(stopped, self._pace.lease)
                if claim is None:
                    if not self._waited(until, stopped):
                        return Outcome(tuple(moved.values()), tuple(stopped.values()))
                    continue
                with keeper.keeping(claim):
                    error = worker.step(claim)
                if error is not None:
                    stopped[claim.entry.target, claim.entry.account] = Stopped(claim.entry.target, error)
                    continue
                entry = moved[claim.entry.id] = self.entry(claim.entry.id)
                if tick is not None:
                    tick(entry)

    def check(self, ids: Iterable[int] | None = None) -> None:
        """Validate entries that are not checked yet, and send nothing."""
        worker = Worker(self._ledger, self._courier_to, self._pace)
        self._ledger.choose(ids)
        with Keeper(self.path, self._pace.lease) as keeper:
            while (claim := self._ledger.claim((), self._pace.lease, ("enqueued",))) is not None:
                with keeper.keeping(claim):
                    worker.step(claim)

    def retry(self, ids: Iterable[int] | None = None) -> tuple[Entry, ...]:
        """Let failed entries go on from where they failed; they run with the next `run`.

        Args:
            ids: the numbers of the entries, also rejected ones, which are then sent again; if they are not given, all
                failed ones but those that are not valid and those of which nobody knows whether they are there.

        Raises:
            SendingError: an entry is neither failed nor rejected, or not there.
        """
        if ids is None:
            chosen = [entry for entry in self.entries(("failed",)) if entry.reason not in ("invalid", "uncertain")]
        else:
            chosen = [self.entry(number) for number in dict.fromkeys(ids)]
        for entry in chosen:
            self._retried(entry)
        return tuple(self.entry(entry.id) for entry in chosen)

    def entry(self, number: int) -> Entry:
        """An entry by its number.

        Raises:
            SendingError: there is none.
        """
        return self._ledger.entry(number)

    def entries(self, states: Iterable[str] | None = None) -> Iterator[Entry]:
        """The entries in these states, or all, in the order in which they came.

        Raises:
            UsageError: there is no such state.
        """
        states = None if states is None else tuple(states)
        for state in states or ():
            if state not in STATES:
                raise UsageError(f"There is no state {state!r}.", todo=f"The states are: {', '.join(STATES)}.")
        return self._ledger.entries(states)

    def history(self, number: int) -> tuple[Step, ...]:
        """All that happened to an entry, in order."""
        return self._ledger.steps(number)

    def documents(self, number: int) -> tuple[Document, ...]:
        """What the service gave for an entry, such as official receipts."""
        return self._ledger.documents(number)

    def report(self, number: int) -> bytes | None:
        """What the validation said of an entry, as JSON (the `jsonl` report); None before it was checked."""
        return self._ledger.report(number)

    def data(self, number: int) -> bytes:
        """The exact bytes of an entry.

        Raises:
            SendingError: they are no longer those that were enqueued, or there is no such entry.
        """
        data = self._ledger.data(self.entry(number))
        if data is None:
            raise SendingError(
                f"The bytes of entry {number} are damaged.", where=str(self.path), todo="Send the file again."
            )
        return data

    def _waited(self, until: float, stopped: Iterable[Place]) -> bool:
        """Wait for what is due next; False when nothing will be before the end."""
        moment, at = self._ledger.next_moment(stopped), clock.now()
        if moment is None or max(moment, at) > until:
            return False
        clock.sleep(min(moment - at if moment > at else _OTHERS_WORK, _LONGEST_NAP))
        return True

    def _courier_to(self, target: str) -> tuple[Courier, str]:
        if target not in self._made:
            own = self._couriers.get(target)
            self._made[target] = (
                (own, "")
                if own is not None
                else (courier_for(target, self._settings), account_of(target, self._settings))
            )
        return self._made[target]

    def _with_deadline(self, entry: Entry, offline: str, deadline: str | None) -> Entry:
        """The entry in the mode and with the deadline that are now given for it."""
        if (entry.offline, entry.deadline and entry.deadline.isoformat()) == (offline, deadline):
            return entry
        unsent = ("enqueued", "validated", "failed")
        if not self._ledger.change(entry.id, unsent, "another deadline", offline=offline, deadline=deadline):
            raise SendingError(
                f"Entry {entry.id} is on its way already, "
                + (f"with the offline mode {entry.offline}." if entry.offline else "without an offline mode."),
                where=entry.file,
                todo="Leave out the mode to see what became of it.",
            )
        return self.entry(entry.id)

    def _retried(self, entry: Entry) -> None:
        if entry.state not in ("failed", "rejected"):
            raise SendingError(
                f"Entry {entry.id} is {entry.state}; only what has failed or was rejected can be retried.",
                todo="billingua outbox run goes on with it." if entry.state in OPEN else "",
            )
        changes: dict[str, Any] = {"due": clock.now(), "attempts": 0, "reason": "", "lease": None}
        if entry.state == "rejected":
            changes |= {"state": "validated", "receipt": None}
        else:
            back_to = REASONS[entry.reason].back_to
            changes |= {"state": back_to, "told_to_send": int(entry.reason == "uncertain")}
        self._ledger.change(entry.id, (entry.state,), "to be retried", **changes)
