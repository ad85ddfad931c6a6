"""One sandbox for each module of tests, with a clock that stands still, and clients that have signed in."""

from collections.abc import Iterator

import httpx
import pytest
from sandbox_world import NOW, Service, signed_in

from billingua import sandbox
from receiving import Posted, receiving


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with sandbox.running(clock=lambda: NOW) as url:
        yield url


@pytest.fixture(scope="module")
def connected(base: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=base, trust_env=False, timeout=10) as http:
        yield http


@pytest.fixture
def http(connected: httpx.Client) -> httpx.Client:
    assert connected.post("/_sandbox/reset").json() == {"reset": True}
    return connected


@pytest.fixture
def companies(http: httpx.Client) -> dict[str, str]:
    found: dict[str, str] = http.get("/").json()["credentials"]["docnova"]["companies"]
    return found


@pytest.fixture
def docnova(http: httpx.Client) -> Service:
    """Docnova as Germany and Poland have it."""
    return Service(http, "/docnova", {"R-Auth": signed_in(http)})


@pytest.fixture
def polish_page(http: httpx.Client) -> Service:
    """Docnova for an account that gets the error bodies of the Polish page."""
    return Service(http, "/docnova", {"R-Auth": signed_in(http, "sandbox-key-pl")})


@pytest.fixture
def france(http: httpx.Client) -> Service:
    """Docnova as France has it."""
    return Service(http, "/docnova", {"Authorization": f"Bearer {signed_in(http)}"})


@pytest.fixture
def afnor(http: httpx.Client) -> Service:
    """The AFNOR services."""
    form = {"grant_type": "client_credentials", "client_id": "sandbox-client", "client_secret": "sandbox-secret"}
    token = http.post("/afnor/oauth/token", data=form).json()["access_token"]
    return Service(http, "/afnor", {"Authorization": f"Bearer {token}"})


@pytest.fixture
def received() -> Iterator[tuple[str, Posted]]:
    """An address on this machine, and what was posted there: headers and body."""
    with receiving() as address:
        yield address


@pytest.fixture
def factpulse(http: httpx.Client) -> Service:
    """FactPulse, without a client."""
    body = {"username": "sandbox@example.org", "password": "sandbox-password"}
    access = http.post("/factpulse/api/token/", json=body).json()["access"]
    return Service(http, "/factpulse/api/v1", {"Authorization": f"Bearer {access}"})
