"""Who we are for Docnova: the login, its token, and the two headers that its pages name for it."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from time import time
from typing import Any, ClassVar, Literal, get_args

from billingua.errors import AlreadyThere, NotPermitted, RemoteError, SecondFactorNeeded, SignInFailed, UsageError
from billingua.remote.exchange.conversation import Steps, conversation
from billingua.remote.exchange.faults import Fault
from billingua.remote.exchange.messages import Answer, Ask, Data, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token

__all__ = ["PRODUCTION", "STAGE", "Account", "AuthStyle", "Company", "DocnovaSignIn", "Login"]

STAGE = "https://api-stage.docnova.ai"
"""The pages name the portal's host app-stage too; every example asks this one."""

PRODUCTION = "https://api.docnova.ai"

AuthStyle = Literal["r-auth", "bearer"]
"""`R-Auth: <jwt>` as most pages say, or `Authorization: Bearer <jwt>` as the French page does."""

_STYLES = get_args(AuthStyle)
_LIFE = 24 * 3600.0  # seconds; where no expiration is told
_FRANCE = "/invoice/FR/"
_CAPTCHA = re.compile(r'"requiresRecaptchaV2"\s*:\s*"?true')
_DOUBLE = ("duplicate", "already exist", "exists already")


class Login(Ask, frozen=True, kw_only=True):
    api_key: Secret
    email: str | None = None


class Company(Data, frozen=True, kw_only=True):
    id: Text = Text()
    name: Text = Text()
    tax_number: Text = Text()
    vat_number: Text = Text()
    country: Text = Text()
    credit: Decimal | None = None


class Account(Answer):
    """Who signed in."""

    jwt: Secret | None = None
    refresh_token: Secret | None = None
    expiration_date: Text = Text()
    companies: tuple[Company, ...] = ()
    last_company_id: Text = Text()
    mfa_enabled: bool = False
    mfa_type: Text = Text()
    requires_recaptcha_v2: bool = False


class DocnovaSignIn(Service):
    """Signing in with the API key of the portal (Settings, ERP Management, API Management).

    Args:
        base_url: `PRODUCTION` or `STAGE`, or another host.
        api_key: the key.
        email: sent when given; the pages disagree whether it is needed.
        auth_style: the header for the token. A French call that is refused is tried once in the other style, which is
            then kept.

    Raises:
        UsageError: a URL that secrets may not be sent to, or another style.
    """

    name = "docnova"
    early = 300.0
    codes: ClassVar[Mapping[str, type[RemoteError]]] = {
        "AUTHORIZATION_FAILED": NotPermitted,  # comes with 401, but a new token would not help
    }

    def __init__(
        self,
        base_url: str,
        *,
        api_key: str | Secret,
        email: str | None = None,
        auth_style: AuthStyle = "r-auth",
        **options: Any,
    ) -> None:
        super().__init__(base_url, **options)
        if auth_style not in _STYLES:
            raise UsageError(f"There is no auth_style {auth_style!r}.", todo=f"There are: {', '.join(_STYLES)}.")
        self._login = Login(api_key=api_key if isinstance(api_key, Secret) else Secret(api_key), email=email)
        self.auth_style: AuthStyle = auth_style
        self.french_style: AuthStyle = auth_style

    login = Endpoint(
        "POST",
        "/auth/login",
        Login,
        Account,
        errors=(400, 401, 403, 422, 429, 500),
        signed_in=False,
        about="Sign in. A client does it by itself; call it for the companies of the account.",
    )

    def signing_in(self) -> Steps[Token]:
        return self._token()

    def _token(self) -> Steps[Token]:
        account = yield from conversation(self, DocnovaSignIn.login, self._login)
        if not account.jwt:
            factor = account.mfa_type or ("captcha" if account.requires_recaptcha_v2 else "second factor")
            raise SecondFactorNeeded(
                f"Docnova asks for a {factor} before it gives a token.",
                todo="Use an API key of an account without it; a program cannot answer.",
                service=self.name,
                endpoint="login",
            )
        return Token(account.jwt, _expiry(account.expiration_date))

    def headers(self, endpoint: Endpoint[Any, Any], token: Token | None) -> dict[str, str]:
        if token is None:
            return {}
        style = self.french_style if endpoint.path.startswith(_FRANCE) else self.auth_style
        return {"r-auth": token.secret.reveal()} if style == "r-auth" else super().headers(endpoint, token)

    def other_way(self, endpoint: Endpoint[Any, Any]) -> bool:
        if not endpoint.path.startswith(_FRANCE):
            return False
        self.french_style = "bearer" if self.french_style == "r-auth" else "r-auth"
        return True

    def secrets(self) -> tuple[str, ...]:
        return (*super().secrets(), self._login.api_key.reveal())

    def kind(self, endpoint: Endpoint[Any, Any], fault: Fault) -> type[RemoteError]:
        if endpoint.name == "login" and (fault.status == 403 or (fault.status == 429 and _CAPTCHA.search(fault.body))):
            return SecondFactorNeeded
        said = fault.message.lower()
        if fault.status == 404 and "api key" in said:
            return SignInFailed  # "Api Key Didnt Match"
        if fault.status in (400, 409, 422) and any(word in f"{said} {fault.code.lower()}" for word in _DOUBLE):
            return AlreadyThere
        return super().kind(endpoint, fault)


def _expiry(text: str) -> float:
    """Seconds since 1970 of an expiration: ISO 8601, or seconds or milliseconds since 1970."""
    try:
        number = float(text)
        return number / 1000 if number > 1e11 else number
    except ValueError:
        pass
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return time() + _LIFE
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()
