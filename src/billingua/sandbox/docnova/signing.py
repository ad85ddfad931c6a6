"""Signing in to Docnova, and what every later call has to show."""

from datetime import datetime
from typing import Any, Final

from billingua.sandbox.call import Call
from billingua.sandbox.refusal import Complaint, Refusal
from billingua.sandbox.tokens import bearer_of, new_token, owner_of
from billingua.sandbox.world import ACCOUNTS, COMPANIES, Account, Company

__all__ = ["account_of", "company_of", "login", "moment", "owned", "refresh"]

_DAY: Final = 24 * 3600
_WEEK: Final = 7 * _DAY


def moment(at: datetime) -> str:
    """A moment as Docnova writes it: no zone."""
    return at.strftime("%Y-%m-%dT%H:%M:%S")


def login(call: Call) -> Any:
    """Full with an e-mail address, the token alone without one."""
    account = ACCOUNTS.get(call.text("apiKey"))
    email = call.text("email")
    if email and "@" not in email:
        complaint = Complaint("email", "Email", "email must be a well-formed address")
        raise Refusal(422, "VALIDATION_ERROR", complaint.message, (complaint,))
    if account is None or (email and email != account.email):
        raise Refusal(401, "UNAUTHORIZED", "The API key or the e-mail address is wrong.", shape=_login_shape(call))
    if account.refused == "mfa":
        raise Refusal(403, "MFA_REQUIRED", "A second factor is needed.", shape="second-factor")
    if account.refused == "captcha":
        raise Refusal(429, "RECAPTCHA_REQUIRED", "Too many attempts to sign in.", shape="captcha")
    return _signed_in(call, account, full=bool(email) or account.page == "pl")


def _login_shape(call: Call) -> str | None:
    """The body of the German page, and the Polish one where an e-mail address of it is named."""
    return None if call.text("email").startswith("sandbox-pl@") else "login"


def _signed_in(call: Call, account: Account, *, full: bool) -> dict[str, Any]:
    token = new_token(call.store, "docnova", account, _DAY)
    basic = {"jwt": token.text, "expirationDate": moment(token.expires)}
    if not full:
        return basic
    fresh = new_token(call.store, "docnova-refresh", account, _WEEK)
    return basic | {
        "id": account.companies[0],
        "superAdmin": False,
        "companies": [COMPANIES[one].shown() for one in account.companies],
        "lastCompanyId": account.companies[-1],
        "refreshToken": fresh.text,
        "refreshTokenExpiration": moment(fresh.expires),
        "user": {"email": account.email, "active": True},
        "mfaEnabled": False,
        "mfaType": None,
        "portalType": "ERP",
        "mailLanguage": "en",
        "active": True,
        "isAppLogin": False,
        "requiresRecaptchaV2": False,
        "message": None,
    }


def refresh(call: Call) -> Any:
    """A new token for a refresh token. An assumption: the page only names the path."""
    refused = Refusal(401, "UNAUTHORIZED", "The refresh token is not accepted.", shape="login")
    account = owner_of(call, call.text("refreshToken"), "docnova-refresh", refused, refused)
    return _signed_in(call, account, full=True)


def account_of(call: Call) -> Account:
    """Who asks. France takes Authorization: Bearer, everything else R-Auth without Bearer.

    Raises:
        Refusal: 401 without a good token; 498 (in France and on the Polish pages of its own shape 401) with an old one.
    """
    shape = None if call.path.startswith(("/invoice/PL/", "/qrcode/PL/")) else "security"
    if call.endpoint.auth == "bearer":
        token, wanted = bearer_of(call), "Authorization: Bearer"
    else:
        token, wanted = call.headers.get("r-auth", "").strip(), "R-Auth, without Bearer"
    unknown = Refusal(401, "UNAUTHORIZED", f"Full authentication is required: {wanted}.", shape=shape)
    expired = unknown
    if call.endpoint.auth != "bearer" and shape:
        text = "|" in call.endpoint.shape and call.path.startswith("/peppol/")
        expired = Refusal(498, "TOKEN_EXPIRED", "Token expired.", shape="A-expired-text" if text else "A-expired")
    elif shape is None:
        expired = Refusal(401, "TOKEN_EXPIRED", "Token expired.")
    account: Account = owner_of(call, token, "docnova", unknown, expired)
    return account


def company_of(call: Call, id: str = "", api_key: str = "") -> Company:
    """The company that a call is for: that of `companyId`, otherwise the last one of the account of `apiKey`.

    Raises:
        Refusal: there is no such company, the key is wrong, or the company is somebody else's.
    """
    if id:
        return owned(call, COMPANIES.get(id.lower()))
    account = ACCOUNTS.get(api_key)
    if account is None or account.refused:
        raise call.refuse((404, 401, 400), "NOT_FOUND", "Api Key Didnt Match")
    return owned(call, COMPANIES[account.companies[-1]])


def owned(call: Call, company: Company | None) -> Company:
    """The company, if the account that asks may act for it.

    Raises:
        Refusal: it may not, or there is none.
    """
    if company is None:
        raise call.refuse((404, 400, 500), "COMPANY_NOT_FOUND", "Company not found.")
    if company.id not in call.account.companies:
        raise call.refuse((403, 401), "AUTHORIZATION_FAILED", "You are not authorized for this company.")
    return company
