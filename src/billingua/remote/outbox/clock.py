"""The clock of the outbox: seconds since 1970, which all workers of one machine share."""

import time

__all__ = ["now", "sleep"]


def now() -> float:
    """The current moment."""
    return time.time()


def sleep(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)
