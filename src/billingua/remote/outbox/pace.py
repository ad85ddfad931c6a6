"""How often the outbox tries, how long it waits, and what follows from an error of a service."""

import random
from typing import Final, NamedTuple

from billingua.errors import (
    CreditUsedUp,
    NotOffered,
    NotPermitted,
    NotThere,
    Refused,
    RemoteError,
    SignInFailed,
    UnexpectedAnswer,
)

__all__ = ["Pace", "after_following", "after_submitting"]

_JITTER = 0.25
_LONGEST_ASKED = 24 * 3600.0
_UNSURE = 500
"""The HTTP status after which a service may have taken a document all the same."""


class Pace(NamedTuple):
    """Limits and waiting times, in seconds.

    Failures wait `first_pause`, twice that, ... up to `longest_pause`, each up to a quarter longer by chance; or as
    long as the service asks for, up to a day.
    """

    attempts: int = 8
    """So many failures in a row, and a person must look."""
    first_pause: float = 2.0
    longest_pause: float = 900.0
    first_poll: float = 1.0
    """A service that is still working on a document is asked again after that, then after 1.5 times that, ..."""
    longest_poll: float = 300.0
    lease: float = 60.0
    """So long a worker that has died keeps others from its entry; a living one renews its lease."""

    def pause(self, attempts: int, asked: float | None) -> float:
        """How long to wait after so many failures in a row (1, 2, ...), where the service asks for `asked`."""
        if asked is not None:
            return min(max(asked, 0.0), _LONGEST_ASKED)
        waits = min(self.first_pause * 2.0 ** min(attempts - 1, 60), self.longest_pause)
        return waits * (1 + random.random() * _JITTER)

    def poll(self, polls: int) -> float:
        """How long to wait before a service is asked again, after so many answers (0, 1, ...) that it is working."""
        return min(self.first_poll * 1.5 ** min(polls, 60), self.longest_poll)


_SUBMITTING: Final[tuple[tuple[type[RemoteError], str], ...]] = (
    (Refused, "rejected"),
    (SignInFailed, "stop"),
    (CreditUsedUp, "stop"),
    (NotPermitted, "failed"),
    (NotOffered, "failed"),
    (NotThere, "failed"),
)
_FOLLOWING: Final[tuple[tuple[type[RemoteError], str], ...]] = (
    (SignInFailed, "stop"),
    (CreditUsedUp, "stop"),
    (NotPermitted, "failed"),
    (NotOffered, "failed"),
    (Refused, "failed"),
)


def after_submitting(error: RemoteError) -> str:
    """What follows when handing over fails: "look" (it may be there), "rejected", "failed" (a person is needed for this
    entry), "stop" (a person is needed for the account: its entries wait), "again" (later, by itself).
    """
    unsure = error.uncertain or error.status == _UNSURE or isinstance(error, UnexpectedAnswer)
    return "look" if unsure else _first(_SUBMITTING, error)


def after_following(error: RemoteError) -> str:
    """What follows when the service cannot be asked: "stop", "failed" or "again", as above.

    That it does not know the document is no reason to give up: it may not show it yet.
    """
    return _first(_FOLLOWING, error)


def _first(table: tuple[tuple[type[RemoteError], str], ...], error: RemoteError) -> str:
    return next((what for kind, what in table if isinstance(error, kind)), "again")
