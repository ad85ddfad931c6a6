"""Callbacks: what the services tell an address of the caller, signed as they document it - on this machine only."""

import base64
import hashlib
import hmac
import ipaddress
from typing import Final
from urllib.parse import urlsplit

from billingua.sandbox.store import Callback, Store

__all__ = ["afnor_signature", "call_back", "deliver", "factpulse_signature", "is_loopback"]

_TIMEOUT: Final = 2.0
"""Seconds that the receiver has."""


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def factpulse_signature(secret: str, body: bytes) -> dict[str, str]:
    """The header of a webhook of FactPulse: HMAC-SHA256 over the body."""
    return {"X-Webhook-Signature": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def afnor_signature(signing_key: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The headers of a webhook of XP Z12-013: HMAC-SHA-256 over the SHA-256 of body, @ and time."""
    digest = hashlib.sha256(body + b"@" + str(timestamp).encode()).digest()
    made = hmac.new(base64.b64decode(signing_key), digest, hashlib.sha256).digest()
    return {"Afnor-Signature": base64.b64encode(made).decode(), "Afnor-Signature-Timestamp": str(timestamp)}


def call_back(store: Store, url: str, body: bytes, headers: dict[str, str]) -> None:
    """Let a message go out once the request that is answered now is done. Other machines are never called."""
    callback = Callback(url, body, {"Content-Type": "application/json"} | headers)
    if not is_loopback(url):
        callback.answer = "not sent: no address of this machine"
    store.callbacks.append(callback)


def deliver(store: Store) -> None:
    """Send what waits, in its order. What the receiver answers is kept; nothing is sent twice."""
    with store.delivery:
        with store.lock:
            store.hurry()
            waiting = list(store.unsent())
        if waiting:
            _send(waiting)


def _send(waiting: list[Callback]) -> None:
    import httpx

    with httpx.Client(timeout=_TIMEOUT, trust_env=False, follow_redirects=False) as client:
        for one in waiting:
            try:
                one.answer = str(client.post(one.url, content=one.body, headers=one.headers).status_code)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                one.answer = f"failed: {type(error).__name__}"
