"""Who the client is for FactPulse: a user with a password, or a token of the dashboard."""

from time import time
from typing import Any, ClassVar

from billingua.errors import UsageError
from billingua.remote.afnor.sign_in import CODES
from billingua.remote.exchange.conversation import Steps, conversation
from billingua.remote.exchange.messages import Answer, Ask, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token

__all__ = ["HOST", "SignIn", "SignInCalls", "Tokens"]

HOST = "https://factpulse.fr"
_LIFE = 30 * 60.0  # seconds that an access token lives


class SignIn(Ask, frozen=True, kw_only=True, rename={}):
    """`client_uid`: the client whose stored credentials (platform, Chorus Pro, certificates) are used."""

    username: str
    password: Secret
    client_uid: str | None = None


class Tokens(Answer):
    """`access` lives 30 minutes; the token to refresh it with is not used, as a new sign-in does the same."""

    access: Secret
    refresh: Secret | None = None
    token_type: Text = Text()


class SignInCalls(Service):
    """The base of all calls.

    Args:
        base_url: the host.
        username, password: of the user; those who came by Google or GitHub must set a password there first.
        client_uid: of the client whose stored credentials are used.
        token: of the dashboard, instead of user and password; it is not renewed.

    Raises:
        UsageError: neither user and password nor a token, or both.
    """

    name = "factpulse"
    early: ClassVar[float] = 120.0
    codes: ClassVar = CODES  # of the platforms behind it

    def __init__(
        self,
        base_url: str = HOST,
        *,
        username: str = "",
        password: Secret | None = None,
        client_uid: str | None = None,
        token: Secret | None = None,
        **options: Any,
    ) -> None:
        super().__init__(base_url, **options)
        if bool(username and password) == bool(token):
            raise UsageError(
                "FactPulse is asked either with user and password or with a token.", todo="Give one of them."
            )
        self._user = SignIn(username=username, password=password, client_uid=client_uid) if password else None
        if token:
            self.token = Token(token)

    sign_in = Endpoint(  # the slash at the end matters
        "POST", "/api/token/", SignIn, Tokens, repeatable=True, signed_in=False, errors=(400, 401), about="Get tokens."
    )

    def signing_in(self) -> Steps[Token] | None:
        return None if self._user is None else self._signed_in(self._user)

    def _signed_in(self, user: SignIn) -> Steps[Token]:
        tokens = yield from conversation(self, SignInCalls.sign_in, user)
        return Token(tokens.access, time() + _LIFE)

    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets(), *((self._user.password.reveal(),) if self._user else ()))
