"""Who the client is for a platform of XP Z12-013: a bearer token, or client credentials of OAuth2 (RFC 6749, 4.4)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any, ClassVar

from billingua.errors import AlreadyThere, RemoteError, SignInFailed, UsageError
from billingua.remote.exchange.conversation import Steps, conversation
from billingua.remote.exchange.messages import Answer, Ask, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token, checked_url

__all__ = ["CODES", "AccessToken", "ClientCredentials", "PlatformCalls", "TokenRequest"]


CODES: Mapping[str, type[RemoteError]] = {
    **dict.fromkeys(("invalid_client", "invalid_grant", "unauthorized_client"), SignInFailed),  # RFC 6749, 5.2
    "AlreadyExistingFlow": AlreadyThere,
}


@dataclass(frozen=True)
class ClientCredentials:
    """What a platform gave for OAuth2; each has a token URL of its own."""

    token_url: str
    client_id: str
    client_secret: Secret
    scope: str | None = None


class TokenRequest(Ask, frozen=True, kw_only=True, rename={}):
    """The request for a token, as the short form that OAuth2 writes."""

    grant_type: str
    client_id: str
    client_secret: Secret
    scope: str | None = None


class AccessToken(Answer, rename={}):
    """The token; `expires_in` are seconds."""

    access_token: Secret
    expires_in: Text = Text()

    def token(self) -> Token:
        """The token with the moment it ends; where the platform does not say when, it is kept until it is refused."""
        try:
            seconds = float(self.expires_in)
        except ValueError:
            seconds = math.inf
        return Token(self.access_token, time() + seconds if math.isfinite(seconds) else None)


class PlatformCalls(Service):
    """What the flow service and the directory service share.

    Args:
        base_url: up to and without `/v1`.
        token: a bearer token had elsewhere; it is not renewed.
        credentials: how to have tokens. One of the two is given.

    Raises:
        UsageError: a URL that secrets may not be sent to, or not one of `token` and `credentials`.
    """

    codes: ClassVar = CODES

    def __init__(
        self,
        base_url: str,
        *,
        token: Secret | None = None,
        credentials: ClientCredentials | None = None,
        **options: Any,
    ) -> None:
        super().__init__(base_url, **options)
        if (token is None) == (credentials is None):
            raise UsageError("A platform is asked either with a token or with credentials.", todo="Give one of them.")
        if token is not None:
            self.token = Token(token)
        self._credentials = credentials
        if credentials is not None:
            self._token_call = Endpoint(
                "POST",
                checked_url(credentials.token_url),
                TokenRequest,
                AccessToken,
                body="urlencoded",
                repeatable=True,
                signed_in=False,
                errors=(400, 401),
            )
            self._token_call.name = "token"

    def signing_in(self) -> Steps[Token] | None:
        return None if self._credentials is None else self._signed_in(self._credentials)

    def _signed_in(self, given: ClientCredentials) -> Steps[Token]:
        ask = TokenRequest(
            grant_type="client_credentials",
            client_id=given.client_id,
            client_secret=given.client_secret,
            scope=given.scope,
        )
        answer = yield from conversation(self, self._token_call, ask)
        return answer.token()

    def secrets(self) -> tuple[str, ...]:
        secret = () if self._credentials is None else (self._credentials.client_secret.reveal(),)
        return (*super().secrets(), *secret)
