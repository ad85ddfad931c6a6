"""The calls of Openapi E-Invoicing France. Its pages give no host, no header for the token, no errors and no limits."""

from typing import Any

from billingua.errors import Refused, RemoteError, UnexpectedAnswer
from billingua.remote.exchange.clients import AsyncClient, Client
from billingua.remote.exchange.messages import Ask
from billingua.remote.exchange.operations import Endpoint, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.exchange.service import Service, Token
from billingua.remote.openapi_fr.messages import (
    Configuration,
    Confirmation,
    InvoiceAnswer,
    InvoiceOf,
    Invoices,
    NewInvoice,
    SentInvoice,
)

__all__ = ["AsyncOpenapiFr", "OpenapiFr", "OpenapiFrCalls"]


def _unsuccessful(said: Any) -> type[RemoteError] | None:
    """Every answer is wrapped: success, message, error, data."""
    if not isinstance(said, dict):
        return None
    return Refused if said.get("success") is False or said.get("error") else None


def _not_taken(said: Any) -> type[RemoteError] | None:
    """Also an invoice in the state ERROR from the beginning. No word at all leaves open whether it was taken."""
    if said == {}:
        return UnexpectedAnswer
    data = said.get("data") if isinstance(said, dict) else None
    return Refused if isinstance(data, dict) and data.get("state") == "ERROR" else _unsuccessful(said)


class OpenapiFrCalls(Service):
    """The calls, and how the token is sent.

    Args:
        base_url: as the contract with the service says; its pages name none.
        token: had from the service beforehand.
        header, prefix: how the token is sent; that it is a Bearer token is a guess.
    """

    name = "openapi-fr"

    def __init__(
        self, base_url: str, *, token: Secret, header: str = "Authorization", prefix: str = "Bearer ", **options: Any
    ) -> None:
        super().__init__(base_url, **options)
        self.token = Token(token)
        self._header = header.lower()
        self._prefix = prefix

    def headers(self, endpoint: Endpoint[Any, Any], token: Token | None) -> dict[str, str]:  # noqa: ARG002
        return {self._header: self._prefix + token.secret.reveal()} if token else {}

    configure = Endpoint(
        "POST",
        "/FR-configurations",
        Configuration,
        Confirmation,
        failed=_unsuccessful,
        about="Say whom invoices are sent and received for, and where callbacks go.",
    )
    send_invoice = Endpoint(
        "POST",
        "/FR-invoices",
        NewInvoice,
        SentInvoice,
        failed=_not_taken,
        about="Send an invoice: to Chorus Pro, Peppol or the French network, otherwise by e-mail.",
    )
    invoices = Endpoint(
        "GET", "/FR-invoices", Ask, Invoices, failed=_unsuccessful, about="All invoices, sent and received."
    )
    invoice = Endpoint(
        "GET", "/FR-invoices/{id}", InvoiceOf, InvoiceAnswer, failed=_unsuccessful, about="One invoice and its state."
    )
    finished_invoice = Polled(invoice, lambda answer: answer.data.state in ("DONE", "ERROR"))


class OpenapiFr(OpenapiFrCalls, Client):
    """Openapi E-Invoicing France."""


class AsyncOpenapiFr(OpenapiFrCalls, AsyncClient):
    """Openapi E-Invoicing France, for asyncio and trio."""
