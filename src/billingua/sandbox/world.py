"""Who there is in the sandbox: accounts, companies and directory entries, all invented, and their credentials."""

from typing import Any, Final, NamedTuple

__all__ = [
    "ACCOUNTS",
    "AFNOR_CLIENT",
    "COMPANIES",
    "CREDENTIALS",
    "FACTPULSE_USER",
    "OPENAPI_TOKEN",
    "Account",
    "Company",
]


class Company(NamedTuple):
    """A company at Docnova."""

    id: str
    name: str
    country: str
    tax_number: str
    vat_number: str
    credit: int

    def shown(self) -> dict[str, Any]:
        """What signing in says of it."""
        return {
            "id": self.id,
            "name": self.name,
            "taxNumber": self.tax_number,
            "vatNumber": self.vat_number,
            "country": self.country,
            "credit": self.credit,
        }


class Account(NamedTuple):
    """An account at Docnova. `page` is the page of the documentation whose error bodies it gets: de or pl."""

    api_key: str
    email: str
    companies: tuple[str, ...]
    page: str = "de"
    refused: str = ""
    """What keeps it from signing in: `mfa` or `captcha`."""


def _id(number: int) -> str:
    return f"5a4db0c5-0000-4000-8000-{number:012}"


_FRANCE, _GERMANY, _POLAND, _BROKE, _FOREIGN = (_id(number) for number in range(1, 6))

COMPANIES: Final = {
    one.id: one
    for one in (
        Company(_FRANCE, "Sandbox France", "FR", "100000009", "FR88100000009", 1000),
        Company(_GERMANY, "Sandbox Germany", "DE", "111111125", "DE111111125", 1000),
        Company(_POLAND, "Sandbox Poland", "PL", "1111111111", "PL1111111111", 1000),
        Company(_BROKE, "Sandbox without credit", "PL", "1111111111", "PL1111111111", 0),
        Company(_FOREIGN, "Sandbox of somebody else", "DE", "111111125", "DE111111125", 1000),
    )
}
"""By their identifiers. The last one belongs to no account."""

ACCOUNTS: Final = {
    one.api_key: one
    for one in (
        Account("sandbox-key", "sandbox@example.org", (_FRANCE, _GERMANY, _POLAND)),
        Account("sandbox-key-pl", "sandbox-pl@example.org", (_POLAND,), page="pl"),
        Account("sandbox-key-no-credit", "no-credit@example.org", (_BROKE,), page="pl"),
        Account("sandbox-key-mfa", "mfa@example.org", (_GERMANY,), refused="mfa"),
        Account("sandbox-key-captcha", "captcha@example.org", (_GERMANY,), refused="captcha"),
    )
}
"""By their keys."""

OPENAPI_TOKEN: Final = "sandbox-openapi-token"
FACTPULSE_USER: Final = ("sandbox@example.org", "sandbox-password")
AFNOR_CLIENT: Final = ("sandbox-client", "sandbox-secret")

CREDENTIALS: Final = {
    "docnova": {
        "apiKey": "sandbox-key",
        "email": "sandbox@example.org",
        "companies": {"FR": _FRANCE, "DE": _GERMANY, "PL": _POLAND},
    },
    "openapi-fr": {"token": OPENAPI_TOKEN},
    "factpulse": {"username": FACTPULSE_USER[0], "password": FACTPULSE_USER[1]},
    "afnor": {"client_id": AFNOR_CLIENT[0], "client_secret": AFNOR_CLIENT[1], "token_path": "/afnor/oauth/token"},
}
"""What `billingua sandbox` prints, and GET / answers. They open nothing but the sandbox."""
