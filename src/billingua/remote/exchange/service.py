"""What a client knows of its service: where it is, who it is for us, and how it says no.

A `Service` does no input or output: `conversation` tells what to send, the drivers in `clients` send it.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from billingua.errors import RemoteError, UsageError
from billingua.remote.exchange.faults import Fault, error_kind
from billingua.remote.exchange.habits import Habits, Pace
from billingua.remote.exchange.secrets import Secret

if TYPE_CHECKING:
    from billingua.remote.exchange.conversation import Steps
    from billingua.remote.exchange.operations import Endpoint

__all__ = ["Service", "Token", "checked_base_url", "checked_url"]

_SUCH = "Give one such as https://api.example.org."


@dataclass(frozen=True)
class Token:
    """What a sign-in gives. `expires` is in seconds since 1970; None where the service does not say."""

    secret: Secret
    expires: float | None = None

    def fresh(self, ahead: float) -> bool:
        """Whether it will still hold in `ahead` seconds."""
        return self.expires is None or time() + ahead < self.expires


def checked_base_url(url: str) -> str:
    """A base URL that secrets may be sent to, without the slash at its end.

    Raises:
        UsageError: it is no URL, has a query or credentials in it, or is not https and not on this machine.
    """
    return checked_url(url).rstrip("/")


def checked_url(url: str) -> str:
    """A whole URL that secrets may be sent to, as it is.

    Raises:
        UsageError: as `checked_base_url`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
        credentials = "@" in url
    except (ValueError, TypeError, AttributeError):
        raise UsageError("The base URL is no URL.", todo=_SUCH) from None
    if parts.query or parts.fragment or credentials:
        raise UsageError("A base URL has no query, fragment or credentials.", todo="Give scheme, host and path only.")
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        raise UsageError(f"{url!r} is no base URL.", todo=_SUCH)
    if parts.scheme == "http" and not _loopback(host):
        raise UsageError(f"{url} is not encrypted.", todo="Use https; plain http is for this machine only.")
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class Service:
    """Base of every client. What services differ in is overridden: sign-in, headers, kinds of errors."""

    name: ClassVar[str] = ""
    early: ClassVar[float] = 60.0
    """A token is renewed so many seconds before it expires."""

    codes: ClassVar[Mapping[str, type[RemoteError]]] = {}
    """Codes of the service that tell more than the HTTP status."""

    def __init__(self, base_url: str, *, habits: Habits | None = None, pace: Pace | None = None) -> None:
        self.base_url = checked_base_url(base_url)
        self.habits = habits or Habits()
        self.pace = pace or Pace()
        self.token: Token | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_url!r})"

    def signing_in(self) -> "Steps[Token] | None":
        """How a token is had; None where the token was given and cannot be renewed."""
        return None

    def headers(self, endpoint: "Endpoint[Any, Any]", token: Token | None) -> dict[str, str]:
        """The headers of a call: by default the token as Bearer."""
        return {"authorization": f"Bearer {token.secret.reveal()}"} if token else {}

    def secrets(self) -> tuple[str, ...]:
        """Texts that must not turn up in an error."""
        token = self.token
        return (token.secret.reveal(),) if token else ()

    def other_way(self, endpoint: "Endpoint[Any, Any]") -> bool:
        """After a token was refused: whether to try once more in another way before signing in anew."""
        return False

    def kind(self, endpoint: "Endpoint[Any, Any]", fault: Fault) -> type[RemoteError]:
        """The error that a fault is raised as."""
        return self.codes.get(fault.code) or error_kind(fault.status)
