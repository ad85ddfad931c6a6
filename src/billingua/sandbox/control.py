"""What is no service: /_sandbox to look at the state and steer it, /openapi.json, and the overview at /."""

from collections.abc import Callable, Mapping
from typing import Any

from billingua.sandbox import faults
from billingua.sandbox.call import decoded
from billingua.sandbox.openapi import description
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.services import overview
from billingua.sandbox.store import Store

__all__ = ["CONTROLS", "answer"]


def _faults(store: Store, body: Any) -> Any:
    for one in body if isinstance(body, list) else [body]:
        store.faults.append(faults.fault_of(one))
    return {"faults": [fault.shown() for fault in store.faults]}


def _no_faults(store: Store, _: Any) -> Any:
    store.faults.clear()
    return {"faults": []}


def _reset(store: Store, _: Any) -> Any:
    store.reset()
    return {"reset": True}


def _clock(store: Store, body: Any) -> Any:
    seconds = body.get("advance") if isinstance(body, dict) else None
    try:
        store.advance_clock(float(seconds))  # type: ignore[arg-type]
        return {"now": store.now().isoformat()}
    except (TypeError, ValueError, OverflowError):
        raise Refusal(400, "NO_NUMBER", 'The body is {"advance": seconds}.') from None


def _step(store: Store, body: Any) -> Any:
    count = body.get("count", 1) if isinstance(body, dict) else 1
    if not isinstance(count, int) or not 0 < count < 1000:
        raise Refusal(400, "NO_NUMBER", 'The body is {"count": steps}, or empty for one step.')
    for _ in range(count):
        for track in list(store.tracks.values()):
            store.move(track)
    return {"documents": [track.shown() for track in store.tracks.values()]}


CONTROLS: Mapping[tuple[str, str], tuple[str, Callable[[Store, Any], Any]]] = {
    ("GET", "/_sandbox/state"): ("What the sandbox remembers.", lambda store, _: store.shown()),
    ("POST", "/_sandbox/reset"): ("Forget everything: state, tokens, faults, clock.", _reset),
    ("POST", "/_sandbox/faults"): (
        "Let something go wrong: {fault, service, path, times, retry, seconds, ends}, or a list of them.",
        _faults,
    ),
    ("DELETE", "/_sandbox/faults"): ("Let nothing go wrong any more.", _no_faults),
    ("POST", "/_sandbox/clock"): ("Let the clock go ahead: {advance: seconds}.", _clock),
    ("POST", "/_sandbox/step"): ("Move every document one status further, or {count: steps}.", _step),
}
"""Method and path: what it is for, and the function."""


def answer(store: Store, method: str, path: str, body: bytes, base: str) -> Any:
    """The answer to a request that is for no service.

    Raises:
        Refusal: there is no such path, or the body is wrong.
    """
    if path in ("", "/"):
        return overview(base)
    if path == "/openapi.json":
        return description(base, {key: about for key, (about, _) in CONTROLS.items()})
    found = CONTROLS.get((method, path))
    if found is None:
        raise Refusal(404, "NOT_FOUND", f"There is no {method} {path} in the sandbox; GET / lists what there is.")
    try:
        given = decoded(body) if body else None
    except ValueError as error:
        raise Refusal(400, "NO_JSON", f"The body is no JSON: {error}") from None
    return found[1](store, given)
