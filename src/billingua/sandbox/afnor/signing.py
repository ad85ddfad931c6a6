"""Tokens for the AFNOR services: OAuth 2 client credentials. Where the address is, is up to each platform."""

import base64
import binascii
from typing import Any, Final

from billingua.sandbox.call import Call, is_uuid
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.tokens import bearer_of, new_token, owner_of
from billingua.sandbox.world import AFNOR_CLIENT

__all__ = ["account_of", "oauth_token"]

_LIFE: Final = 3600


def oauth_token(call: Call) -> Any:
    """A token for client id and secret, in the form or as Authorization: Basic."""
    if call.text("grant_type") != "client_credentials":
        raise Refusal(400, "unsupported_grant_type", "grant_type is client_credentials.", shape="oauth")
    if (call.text("client_id"), call.text("client_secret")) != AFNOR_CLIENT and _basic(call) != AFNOR_CLIENT:
        raise Refusal(401, "invalid_client", "client_id or client_secret is wrong.", shape="oauth")
    token = new_token(call.store, "afnor", AFNOR_CLIENT[0], _LIFE)
    return {"access_token": token.text, "token_type": "Bearer", "expires_in": _LIFE}


def _basic(call: Call) -> tuple[str, ...]:
    scheme, _, coded = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ()
    try:
        return tuple(base64.b64decode(coded, validate=True).decode().split(":", 1))
    except (ValueError, binascii.Error):
        return ()


def account_of(call: Call) -> Any:
    """Who asks: Authorization: Bearer. A Request-Id is a UUID, where there is one.

    Raises:
        Refusal: 401 without a good token, 400 with another Request-Id.
    """
    unknown = Refusal(401, "UNAUTHORIZED", "The token is missing or wrong.", headers={"WWW-Authenticate": "Bearer"})
    expired = Refusal(401, "TOKEN_EXPIRED", "The token has expired.", headers={"WWW-Authenticate": "Bearer"})
    owner = owner_of(call, bearer_of(call), "afnor", unknown, expired)
    check_request_id(call)
    return owner


def check_request_id(call: Call) -> None:
    """Refuse a Request-Id that is no UUID.

    Raises:
        Refusal: it is none.
    """
    if "request-id" in call.headers and not is_uuid(call.headers["request-id"]):
        raise Refusal(400, "INVALID_REQUEST", "Request-Id is no UUID.")
