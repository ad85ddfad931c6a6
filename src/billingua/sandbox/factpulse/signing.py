"""Signing in to FactPulse, and who one is."""

from typing import Any, Final, NamedTuple

from billingua.sandbox.afnor.signing import check_request_id
from billingua.sandbox.call import Call
from billingua.sandbox.refusal import Refusal
from billingua.sandbox.tokens import bearer_of, new_token, owner_of
from billingua.sandbox.world import AFNOR_CLIENT, FACTPULSE_USER

__all__ = ["User", "account_of", "me", "token"]

_ACCESS: Final = 30 * 60
_REFRESH: Final = 7 * 24 * 3600


class User(NamedTuple):
    """Who is signed in, and the client ("" for none) whose stored credentials count."""

    name: str
    client: str


def token(call: Call) -> Any:
    """A token for a user; `client_uid` chooses one of the user's clients."""
    if (call.text("username"), call.text("password")) != FACTPULSE_USER:
        raise Refusal(401, "AUTHENTICATION_FAILED", "No active account with these credentials.")
    client = call.text("client_uid")
    if client and client not in call.store.shelf("factpulse-clients"):
        raise Refusal(401, "CLIENT_NOT_FOUND", f"There is no client {client[:60]}.")
    user = User(call.text("username"), client)
    return {
        "access": new_token(call.store, "factpulse", user, _ACCESS, client_uid=client).text,
        "refresh": new_token(call.store, "factpulse-refresh", user, _REFRESH, client_uid=client).text,
    }


def account_of(call: Call) -> User:
    """Who asks: Authorization: Bearer. The AFNOR calls also take a token of their own.

    Raises:
        Refusal: 401 without a good token.
    """
    text = bearer_of(call)
    unknown = Refusal(401, "NOT_AUTHENTICATED", "Authentication credentials were not provided or are wrong.")
    expired = Refusal(401, "TOKEN_EXPIRED", "The token has expired.")
    if call.path.startswith("/api/v1/afnor/"):
        check_request_id(call)
        known = call.store.tokens.get(text)
        if known is not None and known.use == "afnor":
            owner_of(call, text, "afnor", unknown, expired)
            return User(AFNOR_CLIENT[0], "")
    user: User = owner_of(call, text, "factpulse", unknown, expired)
    return user


def me(call: Call) -> Any:
    """Who is signed in."""
    user: User = call.account
    return {
        "username": user.name,
        "email": user.name,
        "clientUid": user.client or None,
        "plan": "SANDBOX",
        "quota": {"limit": 1000, "used": call.store.requests},
    }
