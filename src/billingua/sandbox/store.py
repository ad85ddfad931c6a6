"""What a server remembers, its clock, and its identifiers: the same ones in the same order after each reset."""

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

__all__ = ["Store", "Track"]


class Track:
    """Something that moves through its statuses: a document, a task, a flow, a session."""

    def __init__(self, kind: str, id: str, steps: tuple[str, ...], /, **facts: Any) -> None:
        self.kind = kind
        self.id = id
        self.steps = steps
        self.at = 0
        self.polls = 0
        self.facts = facts
        self.history: list[tuple[str, datetime]] = []
        self.on_move: Callable[[Track], None] | None = None

    @property
    def status(self) -> str:
        return self.steps[self.at]

    @property
    def is_final(self) -> bool:
        return self.at == len(self.steps) - 1

    def shown(self) -> dict[str, Any]:
        """What /_sandbox/state says of it."""
        return {
            "kind": self.kind,
            "id": self.id,
            "status": self.status,
            "steps": list(self.steps),
            "history": [{"status": status, "at": at.isoformat()} for status, at in self.history],
        }


class Callback:
    """A message that is on its way to an address of the caller."""

    def __init__(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        self.url = url
        self.body = body
        self.headers = headers
        self.answer = "waiting"


class Store:
    """The memory of one server. `lock` is held while a request is answered,
    `delivery` while callbacks are sent.

    `clock` gives the current moment with its zone; `polls` is how often a status is shown before the next one comes.
    """

    def __init__(self, clock: Callable[[], datetime] | None = None, polls: int = 1) -> None:
        self._clock = clock or (lambda: datetime.now(UTC))
        self.polls = polls
        self.lock = threading.RLock()
        self.delivery = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self._numbers: dict[str, int] = {}
        self._ahead = timedelta()
        self.tracks: dict[str, Track] = {}
        self.tokens: dict[str, Any] = {}
        self.shelves: dict[str, dict[str, Any]] = {}
        self.faults: list[Any] = []
        self.callbacks: list[Callback] = []
        self.hurried: list[Track] = []
        self.requests = 0

    def now(self) -> datetime:
        """The current moment of this server, UTC, to the second."""
        return (self._clock() + self._ahead).astimezone(UTC).replace(microsecond=0)

    def advance_clock(self, seconds: float) -> None:
        """Let the clock of this server go ahead of the real one."""
        self._ahead += timedelta(seconds=seconds)

    def number(self, kind: str) -> int:
        """1, 2, 3, ... for each kind."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return self._numbers[kind]

    def digits(self, kind: str, length: int) -> str:
        """Hexadecimal digits that no other call gives."""
        return hashlib.sha256(f"{kind} {self.number(kind)}".encode()).hexdigest()[:length]

    def uuid(self, kind: str) -> str:
        """An identifier in the form of a UUID."""
        return str(uuid.UUID(self.digits(kind, 32), version=4))

    def shelf(self, name: str) -> dict[str, Any]:
        """A place for things of one kind, by their identifiers."""
        return self.shelves.setdefault(name, {})

    def start(self, kind: str, id: str, steps: tuple[str, ...], /, **facts: Any) -> Track:
        """Let something begin to move."""
        track = self.tracks[f"{kind} {id}"] = Track(kind, id, steps, **facts)
        track.history.append((track.status, self.now()))
        return track

    def track(self, kind: str, id: str) -> Track | None:
        """What moves under an identifier."""
        return self.tracks.get(f"{kind} {id}")

    def of_kind(self, kind: str) -> list[Track]:
        """Everything of a kind, the oldest first."""
        return [track for track in self.tracks.values() if track.kind == kind]

    def poll(self, track: Track) -> Track:
        """Somebody asks for it: what is shown is its status now; after enough of that it moves on."""
        track.polls += 1
        if track.polls > self.polls:
            self.move(track)
        return track

    def move(self, track: Track) -> bool:
        """One step further; False where it is at its end."""
        if track.is_final:
            return False
        track.at += 1
        track.polls = 1
        track.history.append((track.status, self.now()))
        if track.on_move is not None:
            track.on_move(track)
        return True

    def finish(self, track: Track) -> None:
        """Move it to its end."""
        while self.move(track):
            pass

    def hurry(self) -> None:
        """Finish what somebody waits for who is called back, and so does not ask."""
        while self.hurried:
            self.finish(self.hurried.pop(0))

    def unsent(self) -> Iterator[Callback]:
        """The callbacks that still wait."""
        return (one for one in self.callbacks if one.answer == "waiting")

    def shown(self) -> dict[str, Any]:
        """What /_sandbox/state says: no tokens."""
        return {
            "now": self.now().isoformat(),
            "requests": self.requests,
            "documents": [track.shown() for track in self.tracks.values()],
            "faults": [fault.shown() for fault in self.faults],
            "callbacks": [
                {"url": one.url, "answer": one.answer, "body": one.body.decode("utf-8", "replace")}
                for one in self.callbacks
            ],
            "things": {name: sorted(shelf) for name, shelf in self.shelves.items()},
        }
