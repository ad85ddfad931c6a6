"""A lock that a forked child finds free, whichever thread held it in the parent."""

import os
from collections.abc import Callable
from threading import Lock

__all__ = ["ForkSafeLock"]


class ForkSafeLock:
    """A mutual exclusion for threads, used with `with`. `renewed` is called in a child after the lock was freed."""

    def __init__(self, renewed: Callable[[], None] | None = None) -> None:
        self._lock = Lock()
        self._renewed = renewed
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._renew)

    def _renew(self) -> None:
        self._lock = Lock()
        if self._renewed is not None:
            self._renewed()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
