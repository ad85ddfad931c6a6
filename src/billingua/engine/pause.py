"""Pausing the cyclic garbage collector while a document is judged: the many groups made then are no garbage yet.

The pause is to end when they are gone, because the collector looks at all that was made in the meantime and is left.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from billingua.engine.lock import ForkSafeLock

__all__ = ["collector_paused"]


class _Pauses:
    """How many threads are in a pause, and whether the collector was on before the first."""

    def __init__(self) -> None:
        self.count = 0
        self.was_enabled = False
        self.lock = ForkSafeLock(self.forget)

    def forget(self) -> None:
        """The threads of the parent are not in the child."""
        if self.count and self.was_enabled:
            gc.enable()
        self.count = 0


_pauses = _Pauses()


@contextmanager
def collector_paused() -> Iterator[None]:
    """No collection inside; the last thread to leave switches it on again, if it was on."""
    with _pauses.lock:
        if _pauses.count == 0:
            _pauses.was_enabled = gc.isenabled()
            gc.disable()
        _pauses.count += 1
    try:
        yield
    finally:
        with _pauses.lock:
            _pauses.count -= 1
            if _pauses.count == 0 and _pauses.was_enabled:
                gc.enable()
