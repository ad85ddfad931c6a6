"""Faults on request: what goes wrong, where, how often."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from billingua.sandbox.refusal import Refusal

__all__ = ["ENDS", "HEADER", "KINDS", "Fault", "fault_of", "fault_of_header", "take"]

HEADER: Final = "x-sandbox-fault"
"""The header of a request that asks for a fault of its own: `429; retry=2`, `slow; seconds=0.5`, `drop`."""

KINDS: Final[Mapping[str, str]] = {
    "slow": "the answer comes late, by `seconds`",
    "drop": "the connection breaks off before anything is done",
    "duplicate": "everything is done, then the connection breaks off before the answer",
    "half": "everything is done, and the connection breaks off in the middle of the answer",
    "wrong-json": "everything is done, and the body of the answer is no JSON",
    "empty": "everything is done, and the body of the answer is empty",
    "ends": "the document ends in the status `ends`, instead of what it deserves",
}
"""The faults that are no HTTP status, and what they do. Every status from 400 to 599 is a fault too."""

ENDS: Final[Mapping[str, str]] = {
    "docnova": "COMPLETED, FAILED (which is tried again), SENDING_FAILED, PERMANENT_FAILED; QUEUE for JSON; in France "
    "a status such as 210, or 500; in Poland a status of KSeF such as 440, 415 for the permission, PARTIAL or FAILED "
    "for history",
    "openapi-fr": "ERROR",
    "factpulse": "ERROR, FAILURE or RETRY for tasks; Ok or Error for flows; any status of Chorus Pro",
    "afnor-flow": "Ok, Error",
}
"""What `ends` may be, by service."""

_TEXTS: Final[Mapping[int, tuple[str, str]]] = {
    401: ("UNAUTHORIZED", "The token is not accepted."),
    402: ("CREDIT_BLOCKED", "The credit of the account is used up."),
    403: ("FORBIDDEN", "The account may not do this."),
    429: ("RATE_LIMIT_EXCEEDED", "Too many requests."),
    498: ("TOKEN_EXPIRED", "The token has expired."),
    500: ("SERVER_ERROR", "An unexpected error occurred."),
    502: ("BAD_GATEWAY", "A system behind the service does not answer."),
    503: ("SERVICE_UNAVAILABLE", "The service is not available for the moment."),
}
_RETRY: Final = 1
"""Seconds to wait, where the fault says none."""


class Fault(NamedTuple):
    """A fault that waits for requests."""

    kind: str
    service: str = ""
    """"" for all of them."""
    path: str = ""
    """The path of an endpoint as its table has it, or as it is asked for; "" for all of them."""
    times: int = 1
    retry: int | None = None
    seconds: float = 0.0
    ends: str = ""

    def fits(self, service: str, paths: tuple[str, ...]) -> bool:
        """Whether a request to one of these paths has it."""
        return self.service in ("", service) and self.path in ("", *paths)

    def refusal(self) -> Refusal | None:
        """The error of a fault that is an HTTP status."""
        if not self.kind.isdigit():
            return None
        status = int(self.kind)
        code, message = _TEXTS.get(status, ("API_ERROR", f"The sandbox was asked for the status {status}."))
        retry = self.retry if self.retry is not None else _RETRY if status in (429, 503) else None
        return Refusal(status, code, message, retry_after=retry)

    def shown(self) -> dict[str, Any]:
        """What /_sandbox/state says of it."""
        return self._asdict()


def fault_of(given: Any) -> Fault:
    """A fault from what is given to /_sandbox/faults.

    Raises:
        Refusal: it is none.
    """
    if not isinstance(given, dict):
        raise _none("The body is no JSON object.")
    known = {"fault", "service", "endpoint", "path", "times", "retry", "seconds", "ends"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise _none(f"There is no {unknown[0]!r}; there are {', '.join(sorted(known))}.")
    kind = str(given.get("fault", ""))
    if not (kind in KINDS or (kind.isdigit() and len(kind) == 3 and 400 <= int(kind) < 600)):
        raise _none(f"There is no fault {kind[:40]!r}; there are {', '.join(KINDS)}, and the statuses 400 to 599.")
    numbers: dict[str, float | None] = {"times": 1, "retry": None, "seconds": 0.0}
    for name in numbers:
        value = given.get(name, numbers[name])
        if value is not None:
            try:
                numbers[name] = float(value) if name == "seconds" else int(value)
            except (TypeError, ValueError, OverflowError):
                raise _none(f"{name} is no number.") from None
    seconds = numbers["seconds"] or 0.0
    if not 0 <= seconds <= _LONGEST:
        raise _none(f"seconds is not between 0 and {_LONGEST}.")
    return Fault(
        kind,
        service=str(given.get("service") or ""),
        path=str(given.get("path") or given.get("endpoint") or ""),
        times=int(numbers["times"] or 1),
        retry=None if numbers["retry"] is None else int(numbers["retry"]),
        seconds=seconds,
        ends=str(given.get("ends") or ""),
    )


_LONGEST: Final = 3600


def _none(message: str) -> Refusal:
    return Refusal(400, "NO_FAULT", message)


def fault_of_header(text: str) -> Fault:
    """A fault from the header of a request.

    Raises:
        Refusal: it is none.
    """
    kind, *parts = (part.strip() for part in text.split(";"))
    given: dict[str, Any] = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)}
    return fault_of(given | {"fault": kind})


def take(faults: list[Fault], service: str, paths: tuple[str, ...]) -> Fault | None:
    """The first fault that waits for such a request; it waits once less."""
    for place, fault in enumerate(faults):
        if fault.fits(service, paths):
            if fault.times > 1:
                faults[place] = fault._replace(times=fault.times - 1)
            else:
                del faults[place]
            return fault
    return None
