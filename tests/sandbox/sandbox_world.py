"""What the tests of the sandbox share: a moment, the samples, and a client of one service."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "samples"


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


class Service:
    """A client of one service: the base URL, and what shows who asks."""

    def __init__(self, http: httpx.Client, prefix: str, headers: dict[str, str] | None = None) -> None:
        self.http = http
        self.prefix = prefix
        self.headers = headers or {}

    def __call__(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        return self.http.request(method, self.prefix + path, headers=self.headers | (headers or {}), **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self("POST", path, **more)

    def with_headers(self, **headers: str) -> "Service":
        return Service(self.http, self.prefix, headers)


def signed_in(http: httpx.Client, key: str = "sandbox-key") -> str:
    token: str = http.post("/docnova/auth/login", json={"apiKey": key}).json()["jwt"]
    return token


def wait_for(done: Callable[[], bool]) -> None:
    """Wait until something is so; fail where it does not become so."""
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.01)


def upload(factpulse: Service, path: str, name: str, data: bytes, **form: str) -> httpx.Response:
    return factpulse.post(path, files={name: ("file", data, "application/octet-stream")}, data=form)
