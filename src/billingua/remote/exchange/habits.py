"""How long a client waits, how often it repeats, how much it reads."""

from dataclasses import dataclass

__all__ = ["Habits", "Pace", "answering_within"]


@dataclass(frozen=True, kw_only=True)
class Habits:
    """The patience of a client. All times are seconds.

    `attempts` counts the first one. A repeat waits what the service says (`Retry-After`, `retryAfterSeconds`), else
    `first_wait`, doubled each time, with up to half of it added or taken off at random, so that clients that failed
    together do not come back together. A service that asks for more than `longest_wait` is not waited for: the error
    says when to come back.
    """

    attempts: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60.0
    connect_within: float = 10.0
    answer_within: float = 60.0
    """Without a byte of the answer for so long, it is given up."""
    finished_within: float = 600.0
    """An answer that still trickles in after so long is given up too."""
    largest_answer: int = 128 * 1024 * 1024
    """Bytes: an answer that goes on beyond them is not read to its end."""


def answering_within(seconds: float | None) -> Habits | None:
    """The usual habits with another time limit for answers, if one is given."""
    return None if seconds is None else Habits(answer_within=seconds)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How often an unfinished task is asked after, and for how long. All times are seconds."""

    first: float = 1.0
    factor: float = 1.5
    longest: float = 10.0
    deadline: float = 120.0
