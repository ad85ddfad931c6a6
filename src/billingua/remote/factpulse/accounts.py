"""FactPulse: the clients of an account, what is stored for them, and small calls of every day."""

from typing import Any

import msgspec

from billingua.remote.exchange.messages import Answer, Ask, Key, Text
from billingua.remote.exchange.operations import Endpoint, Paged
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.cdar import CodeList
from billingua.remote.factpulse.common import unsuccessful
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "AccountCalls",
    "ClientOfAccount",
    "ClientPage",
    "ClientSummary",
    "Done",
    "PdpConfig",
    "SuperPdpStatus",
    "User",
    "WebhookSecret",
    "WebhookSecretStatus",
]

_ERRORS = (400, 401, 403, 404, 422, 500)


class ClientsAsk(Ask, frozen=True, kw_only=True):
    """`page` counts from 1; `page_size` is 20 where it is left out, at most 100."""

    page: int | None = None
    page_size: int | None = None


class NewClient(Ask, frozen=True, kw_only=True):
    name: str
    description: str | None = None
    siret: str | None = None


class ClientOf(Ask, frozen=True, kw_only=True):
    uid: str


class ChangeClient(ClientOf, frozen=True, kw_only=True):
    """Only what is given is changed."""

    name: str | None = None
    description: str | None = None
    siret: str | None = None


class RotateKey(ClientOf, frozen=True, kw_only=True):
    """Keys of AES-256 in base64."""

    old_key: Secret
    new_key: Secret


class NewPdpConfig(ClientOf, frozen=True, kw_only=True):
    """`encryption_key`: that of the client, where its secrets are encrypted twice."""

    flow_service_url: str
    token_url: str
    oauth_client_id: str
    client_secret: Secret
    is_active: bool | None = None
    mode_sandbox: bool | None = None
    encryption_mode: str | None = None
    encryption_key: Secret | None = msgspec.field(default=None, name="X-Encryption-Key")


class ConnectUrl(ClientOf, frozen=True, kw_only=True):
    """`mode_sandbox`: whether it is for trials, which is the default of the service."""

    mode_sandbox: bool
    return_url: str | None = None


class ClientSummary(Answer):
    """A client of the account, as it stands in a list."""

    uid: Text = Text()
    name: Text = Text()
    siret: Text = Text()
    description: Text = Text()
    is_active: bool | None = None
    has_config_pdp: bool | None = None
    pdp_is_active: bool | None = None
    pdp_is_mock: bool | None = None
    has_config_chorus: bool | None = None
    created_at: Text = Text()
    updated_at: Text = Text()


class ClientOfAccount(ClientSummary, kw_only=True):
    """One client, as a call for it answers: without its identifier it was not given."""

    uid: Key


class ClientPage(Answer):
    results: tuple[ClientSummary, ...] = ()
    total: int | None = None
    page: int | None = None
    page_size: int | None = None


class Activated(Answer):
    uid: Text = Text()
    is_active: bool | None = None
    message: Text = Text()


class Done(Answer):
    """What was asked is done."""

    message: Text = Text()


class Rotated(Answer):
    """`partial_errors`: what could not be encrypted anew."""

    message: Text = Text()
    rotated_count: int | None = None
    partial_errors: tuple[Text, ...] = ()


class PdpConfig(Answer):
    """How a platform is reached for a client; the secret is never given back."""

    is_configured: bool | None = None
    id: int | None = None
    is_active: bool | None = None
    mode_sandbox: bool | None = None
    flow_service_url: Text = Text()
    token_url: Text = Text()
    oauth_client_id: Text = Text()
    encryption_mode: Text = Text()
    secret_status: dict[str, Any] | None = None
    last_test_at: Text = Text()
    last_test_success: bool | None = None
    last_test_error: Text = Text()
    message: Text = Text()


class WebhookSecret(Answer):
    """The secret that callbacks are signed with. It is shown this once."""

    webhook_secret: Secret
    message: Text = Text()
    created_at: Text = Text()


class WebhookSecretStatus(Answer):
    has_secret: bool | None = None
    created_at: Text = Text()


class ConnectTo(Answer):
    """`authorize_url`: where the user connects the account; it lets in whoever has it."""

    authorize_url: Text = Text()


class SuperPdpStatus(Answer):
    connected: bool | None = None
    connected_at: Text = Text()
    expires_at: Text = Text()
    mode_sandbox: bool | None = None
    last_error: Text = Text()


class User(Answer):
    """Who is signed in, and the quota; its shape is not documented: see `raw`."""


class DownloadOf(Ask, frozen=True, kw_only=True):
    download_id: str


class VatexAsk(Ask, frozen=True, kw_only=True):
    category: str | None = None


def _next_clients(ask: ClientsAsk, found: ClientPage) -> ClientsAsk | None:
    page = found.page or ask.page or 1
    size = found.page_size or ask.page_size or 20
    if not found.results or (found.total is not None and page * size >= found.total):
        return None
    return ClientsAsk(page=page + 1, page_size=ask.page_size)


class AccountCalls(SignInCalls):
    """Clients: those with `uid` need a sign-in with that `client_uid`, the others one without."""

    clients = Endpoint(
        "GET",
        "/api/v1/clients",
        ClientsAsk,
        ClientPage,
        errors=_ERRORS,
        about="One page of the clients of the account.",
    )
    all_clients = Paged(clients, lambda page: page.results, _next_clients)
    add_client = Endpoint(
        "POST", "/api/v1/clients", NewClient, ClientOfAccount, errors=_ERRORS, about="Add a client to the account."
    )
    client = Endpoint(
        "GET", "/api/v1/clients/{uid}", ClientOf, ClientOfAccount, errors=_ERRORS, about="One client of the account."
    )
    change_client = Endpoint(
        "PATCH",
        "/api/v1/clients/{uid}",
        ChangeClient,
        ClientOfAccount,
        repeatable=True,
        errors=_ERRORS,
        about="Change name, description or SIRET of a client.",
    )
    activate_client = Endpoint(
        "POST",
        "/api/v1/clients/{uid}/activer",
        ClientOf,
        Activated,
        repeatable=True,
        errors=_ERRORS,
        about="Let a client be used again.",
    )
    deactivate_client = Endpoint(
        "POST",
        "/api/v1/clients/{uid}/desactiver",
        ClientOf,
        Activated,
        repeatable=True,
        errors=_ERRORS,
        about="Let a client no longer be used.",
    )
    rotate_encryption_key = Endpoint(
        "POST",
        "/api/v1/clients/{uid}/rotate-encryption-key",
        RotateKey,
        Rotated,
        failed=unsuccessful,
        errors=_ERRORS,
        about="Encrypt what is stored for a client with another key.",
    )

    pdp_config = Endpoint(
        "GET",
        "/api/v1/clients/{uid}/pdp-config",
        ClientOf,
        PdpConfig,
        errors=_ERRORS,
        about="How the platform of a client is reached.",
    )
    set_pdp_config = Endpoint(
        "PUT",
        "/api/v1/clients/{uid}/pdp-config",
        NewPdpConfig,
        PdpConfig,
        headers=("X-Encryption-Key",),
        errors=_ERRORS,
        about="Say how the platform of a client is reached.",
    )
    remove_pdp_config = Endpoint(
        "DELETE",
        "/api/v1/clients/{uid}/pdp-config",
        ClientOf,
        Done,
        failed=unsuccessful,
        errors=_ERRORS,
        about="Forget the platform of a client.",
    )

    generate_webhook_secret = Endpoint(
        "POST",
        "/api/v1/clients/{uid}/webhook-secret/generate",
        ClientOf,
        WebhookSecret,
        failed=unsuccessful,
        errors=_ERRORS,
        about="A new secret for signatures of callbacks; the one before holds no longer.",
    )
    webhook_secret_status = Endpoint(
        "GET",
        "/api/v1/clients/{uid}/webhook-secret/status",
        ClientOf,
        WebhookSecretStatus,
        errors=_ERRORS,
        about="Whether callbacks have a secret of their own.",
    )
    remove_webhook_secret = Endpoint(
        "DELETE",
        "/api/v1/clients/{uid}/webhook-secret",
        ClientOf,
        Done,
        failed=unsuccessful,
        errors=_ERRORS,
        about="Forget the secret: callbacks are then signed with that of the server.",
    )

    superpdp_connect_url = Endpoint(
        "POST",
        "/api/v1/clients/{uid}/superpdp/connect-url",
        ConnectUrl,
        ConnectTo,
        query=("modeSandbox", "returnUrl"),
        errors=_ERRORS,
        about="Where a user connects an account of SuperPDP.",
    )
    superpdp_status = Endpoint(
        "GET",
        "/api/v1/clients/{uid}/superpdp/status",
        ClientOf,
        SuperPdpStatus,
        errors=_ERRORS,
        about="Whether an account of SuperPDP is connected.",
    )
    disconnect_superpdp = Endpoint(
        "DELETE",
        "/api/v1/clients/{uid}/superpdp",
        ClientOf,
        Done,
        failed=unsuccessful,
        errors=_ERRORS,
        about="Forget the connection to SuperPDP.",
    )

    me = Endpoint("GET", "/api/v1/me", Ask, User, errors=(401,), about="Who is signed in.")
    download = Endpoint(
        "GET",
        "/api/v1/download/{downloadId}",
        DownloadOf,
        bytes,
        errors=(401, 403, 404, 422),
        about="A file that a task made; it is kept for an hour.",
    )
    check_download = Endpoint(
        "HEAD",
        "/api/v1/download/{downloadId}",
        DownloadOf,
        type(None),
        errors=(401, 403, 404, 422),
        about="Whether the file is still there; NotThere where it is not.",
    )
    vatex_codes = Endpoint(
        "GET",
        "/api/v1/references/vatex-codes",
        VatexAsk,
        CodeList,
        errors=(422,),
        about="The codes of reasons for exemption from VAT.",
    )
