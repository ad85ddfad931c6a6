"""Pausing the cyclic garbage collector while a document is judged: the many groups made then are no garbage yet.

The pause is to end when they are gone, because the collector looks at all that was made in the meantime and is left.
"""

import gc
from contextlib import AbstractContextManager
from typing import Final

from billingua.engine.lock import ForkSafeLock

__all__ = ["collector_paused"]


class _Pauses:
    """How many threads are in a pause, and whether the collector was on before the first."""

    def __init__(self) -> None:
        self._count = 0
        self._was_enabled = False
        self._lock = ForkSafeLock(self._forget)

    def _forget(self) -> None:
        """The threads of the parent are not in the child."""
        if self._count and self._was_enabled:
            gc.enable()
        self._count = 0

    def __enter__(self) -> None:
        with self._lock:
            if self._count == 0:
                self._was_enabled = gc.isenabled()
                gc.disable()
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._count -= 1
            if self._count == 0 and self._was_enabled:
                gc.enable()


_pauses: Final = _Pauses()


def collector_paused() -> AbstractContextManager[None]:
    """No collection inside; the last thread to leave switches it on again, if it was on."""
    return _pauses
