"""A stand-in for `billingua.api`: what it says of a document follows from one word in the document."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

import billingua
from billingua.engine.document import Loss
from billingua.engine.report import Finding, NotChecked, Report
from billingua.errors import UnreadableInput, UsageError

SOURCE = Path(billingua.__file__).parents[1]


@pytest.fixture(autouse=True)
def _importable_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that tests start in other folders find the package."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))


FINDINGS = {
    b"invalid": Finding(
        rule="BR-CO-10",
        severity="fatal",
        ruleset="en16931",
        path="/Invoice/cac:LegalMonetaryTotal[1]",
        line=118,
        terms=("BT-106", "BT-131"),
        values={"BT-106": "100.00"},
        message="The sum of the line net amounts must equal BT-106.",
        hint="Add up BT-131.",
    ),
    b"warning": Finding(
        rule="UBL-CR-001",
        severity="warning",
        ruleset="en16931",
        path="/Invoice",
        line=2,
        terms=(),
        values={},
        message="Not used.",
        hint="",
    ),
}


def validate(opened: Any, *, rulesets: Any = None, today: Any = None, name: str | None = None) -> Report:
    source = opened.read() if hasattr(opened, "read") else opened
    if rulesets and "nonsense" in rulesets:
        raise UsageError("There is no rule set nonsense.", todo="Choose en16931.")
    if b"unreadable" in source:
        raise UnreadableInput("The document is not whole.", where=f"{name}, line 3", todo="Send it again.")
    if b"bug" in source:
        raise ZeroDivisionError("a bug")
    if b"exit" in source:
        os._exit(7)
    if b"kill" in source:
        os.kill(os.getpid(), signal.SIGKILL)
    findings = tuple(finding for word, finding in FINDINGS.items() if word in source)
    not_checked = (NotChecked("peppol", "It cannot run."),) if b"skipped" in source else ()
    return Report(
        file=name,
        format="ubl-invoice",
        profile="urn:cen.eu:en16931:2017",
        rulesets=tuple(rulesets or ("en16931",)) + ((str(today),) if today else ()),
        schema_valid=True,
        valid=not not_checked and b"invalid" not in source,
        error=None,
        elapsed_ms=1.5,
        findings=findings,
        not_checked=not_checked,
    )


def detect(source: bytes) -> SimpleNamespace:
    if b"unreadable" in source:
        raise UnreadableInput("The document is not whole.")
    if b"bug" in source:
        raise ZeroDivisionError("a bug")
    profile = "urn:cen.eu:en16931:2017" if b"profile" in source else None
    return SimpleNamespace(format="ubl-invoice", profile=profile, version="2.1")


def write(invoice: Any, format: str, *, profile: str | None = None) -> bytes:
    if format == "nonsense":
        raise UsageError("There is no format nonsense.")
    return f"<{format} {profile} {invoice.number} totals={invoice.totals is not None}>".encode()


def convert(source: bytes, to: str, *, profile: str | None = None) -> SimpleNamespace:
    if b"unreadable" in source:
        raise UnreadableInput("The document is not whole.", todo="Send it again.")
    loss = Loss("BT-99", "x\ny", "line 7, /Invoice/cbc:X[1]", "cii has no place for it")
    return SimpleNamespace(data=f"<{to} {profile}>".encode(), losses=(loss,) if b"loss" in source else ())


@pytest.fixture
def fake_api(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`billingua.api`, replaced."""
    module = ModuleType("billingua.api")
    for verb in (validate, detect, write, convert):
        setattr(module, verb.__name__, verb)
    monkeypatch.setitem(sys.modules, "billingua.api", module)
    monkeypatch.setattr(billingua, "api", module, raising=False)
    return module


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, made the current one, with a document of each kind."""
    monkeypatch.chdir(tmp_path)
    for word in ("good", "invalid", "warning", "unreadable", "bug", "skipped", "exit", "kill"):
        Path(f"{word}.xml").write_bytes(f"<{word}/>".encode())
    return tmp_path


@pytest.fixture
def run(fake_api: ModuleType, files: Path) -> Callable[..., Result]:  # noqa: ARG001
    """Call the command in this process."""
    from billingua.cli import program

    def call(*args: str, **more: Any) -> Result:
        return CliRunner().invoke(program, [*args], **more)

    return call
