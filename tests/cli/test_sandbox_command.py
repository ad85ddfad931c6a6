"""The command `billingua sandbox`: what it prints, that it serves, and how it stops. Real processes."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

import billingua.cli

SOURCE = Path(billingua.cli.__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}


@contextmanager
def started(*options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "billingua", "sandbox", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=ENVIRONMENT) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_it_serves_and_stops_cleanly(ending: signal.Signals) -> None:
    with started("--port", "0", "--json", "--polls", "2") as process:
        found = json.loads(next_line(process))
        base = found["services"]["docnova"]
        key = {"apiKey": found["credentials"]["docnova"]["apiKey"]}
        answer = httpx.post(f"{base}/auth/login", json=key, trust_env=False)
        assert answer.json()["jwt"]
        process.send_signal(ending)
        output, errors = process.communicate(timeout=20)
        assert (process.returncode, output, errors) == (0, "", "")


def test_it_says_where_everything_is() -> None:
    with started("--port", "0") as process:
        lines = [next_line(process)]
        while not lines[-1].startswith("State ") and lines[-1]:
            lines.append(next_line(process))
    text = "".join(lines)
    assert lines[0].startswith("billingua sandbox: http://127.0.0.1:")
    for word in ("/docnova\n", "/openapi-fr\n", "/flow-service\n", "sandbox-key", "sandbox-secret", "openapi.json"):
        assert word in text


def test_a_port_in_use_is_one_clear_line() -> None:
    with started("--port", "0", "--json") as first:
        port = json.loads(next_line(first))["control"].split(":")[2].split("/")[0]
        with started("--port", port) as second:
            _, errors = second.communicate(timeout=20)
    assert second.returncode == 2
    assert errors.startswith(f"billingua: The sandbox cannot listen on port {port} of 127.0.0.1")
    assert errors.count("\n") == 1
