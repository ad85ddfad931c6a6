"""One sandbox for each module of tests, with a clock that stands still, and clients that have signed in."""

from collections.abc import Iterator

import httpx
import pytest
from sandbox_world import NOW, Service, signed_in

from billingua import sandbox


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
