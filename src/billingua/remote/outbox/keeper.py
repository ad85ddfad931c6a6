"""Keeps a worker's entry from others for as long as the work on it takes."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from billingua.errors import SendingError
from billingua.remote.outbox.database import Database
from billingua.remote.outbox.ledger import Claim, Ledger

__all__ = ["Keeper"]


class Keeper:
    """Renews the lease of the entry that is being worked on, from a thread with a connection of its own."""

    def __init__(self, path: Path, lease: float) -> None:
        self._path = path
        self._lease = lease
        self._claim: Claim | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @contextmanager
    def keeping(self, claim: Claim) -> Iterator[None]:
        """Keep this entry meanwhile."""
        self._claim = claim
        try:
            yield
        finally:
            self._claim = None

    def _renew(self) -> None:
        while not self._over.wait(self._lease / 3):
            claim = self._claim
            if claim is None:
                continue
            try:
                database = Database(self._path, create=False)
            except SendingError:  # the next time it may be had again
                continue
            try:
                Ledger(database).renew(claim, self._lease)
            except SendingError:
                continue
            finally:
                database.close()
