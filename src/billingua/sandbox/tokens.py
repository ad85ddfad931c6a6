"""Tokens: given at sign-in, valid for a while, looked up afterwards."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from billingua.sandbox.call import Call, to_json
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.store import Store

__all__ = ["Token", "bearer_of", "new_token", "owner_of"]


class Token(NamedTuple):
    """A token: the service and kind it is for, whose it is, and until when."""

    text: str
    use: str
    owner: Any
    expires: datetime


def new_token(store: Store, use: str, owner: Any, seconds: int, **claims: str) -> Token:
    """A token in the form of a JWT, signed with a key that nobody else needs."""
    expires = store.now() + timedelta(seconds=seconds)
    head = {"alg": "HS256", "typ": "JWT"}
    body = {"jti": store.digits("token", 16), "use": use, "exp": int(expires.timestamp())} | claims
    signed = f"{_part(to_json(head))}.{_part(to_json(body))}"
    text = f"{signed}.{_part(hmac.new(b'billingua sandbox', signed.encode(), hashlib.sha256).digest())}"
    store.tokens[text] = token = Token(text, use, owner, expires)
    return token


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bearer_of(call: Call) -> str:
    """The token of the header Authorization: Bearer; "" where there is none."""
    scheme, _, token = call.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def owner_of(call: Call, text: str, use: str, unknown: Refusal, expired: Refusal) -> Any:
    """Whose token it is.

    Raises:
        Refusal: `unknown` or `expired`.
    """
    token = call.store.tokens.get(text)
    if token is None or token.use != use:
        raise unknown
    if token.expires <= call.store.now():
        raise expired
    return token.owner
