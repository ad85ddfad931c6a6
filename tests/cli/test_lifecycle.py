"""`billingua lifecycle`: a message made, a history shown, what may follow."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import billingua as bl
from billingua import lifecycle
from billingua.cli import program
from billingua.lifecycle import Reference
from billingua.model import Identifier

Run = Callable[..., Result]

AT = ("--at", "2026-10-02T10:15")


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(program, [*args])


@pytest.fixture
def earlier(tmp_path: Path) -> str:
    """A message about an invoice, from which others can be made."""
    reference = Reference(
        number="INV-7",
        issue_date=date(2026, 9, 15),
        seller_id=Identifier("552100554"),
        seller_address=Identifier("552100554"),
        buyer_id=Identifier("732829320"),
        buyer_address=Identifier("732829320"),
    )
    made = lifecycle.message(reference, 203, to=["SE", "BY"], at=datetime(2026, 10, 1))
    path = tmp_path / "203.xml"
    path.write_bytes(lifecycle.write(made))
    return str(path)


def test_a_message_is_made(run: Run, earlier: str, tmp_path: Path) -> None:
    out = tmp_path / "out.xml"
    proof = tmp_path / "proof.txt"
    proof.write_text("x")
    result = run(
        *("lifecycle", "new", earlier, "refused", "--reason", "TX_TVA_ERR=Rate", "--action", "NIN"),
        *("--attach", str(proof), *AT, "-o", str(out)),
    )
    assert (result.exit_code, result.stderr) == (0, "")
    made = bl.read(out).content
    assert bl.validate(out).valid
    assert (made.status, made.referenced.details[0].reasons, made.referenced.attachments[0].name) == (
        "210",
        ("Rate",),
        "proof.txt",
    )


@pytest.mark.parametrize(
    ("to", "address"),
    [
        ("SE", "552100554"),
        ("SE=552100554_STATUTS", "0225:552100554_STATUTS"),
        ("SE=EM:billing@example.org", "EM:billing@example.org"),
    ],
)
def test_the_address_of_the_recipient(run: Run, earlier: str, tmp_path: Path, to: str, address: str) -> None:
    out = tmp_path / "out.xml"
    assert run("lifecycle", "new", earlier, "approved", "--to", to, *AT, "-o", str(out)).exit_code == 0
    assert bl.validate(out).valid
    [party] = bl.read(out).content.recipients
    assert (party.role, party.global_ids[0].value) == ("SE", "552100554")
    assert f"{party.endpoint.scheme}:{party.endpoint.value}".endswith(address)


def test_amounts_cashed(run: Run, earlier: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.xml")
    assert run("lifecycle", "new", earlier, "212", "--cashed", "20=960.00", "--cashed", "5.5=211", *AT, "-o", out)
    shown = run("lifecycle", "show", out, earlier, earlier)
    assert shown.exit_code == 0
    assert shown.stdout == (
        "2026-10-01 00:00:00  203  made available\n"
        "2026-10-02 10:15:00  212  cashed\n"
        "cashed at 20 %: 960.00 EUR\n"
        "cashed at 5.5 %: 211 EUR\n"
        "status: 212 cashed\n"
    )
    assert "nothing new" in shown.stderr
    told = json.loads(run("lifecycle", "show", out, "--json").stdout)
    assert told["status"] == "212"
    assert told["cashed"][0] == {"rate": "20", "currency": "EUR", "amount": "960.00"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("207",), "needs a reason"),
        (("999",), "no status '999'"),
        (("212", "--cashed", "20"), "has no ="),
        (("212", "--cashed", "20=1", "--cashed", "20=2"), "twice"),
        (("205", "--action", "NIN"), "belongs to a --reason"),
        (("205", "--to", "BY"), "does not go to"),
    ],
)
def test_what_cannot_be_made_is_told(run: Run, earlier: str, arguments: tuple[str, ...], why: str) -> None:
    result = run("lifecycle", "new", earlier, *arguments, "-o", "-")
    assert result.exit_code == 2
    assert why in result.stderr
    assert result.stdout == ""


def test_a_step_that_cannot_be_is_told(run: Run, earlier: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.xml")
    run("lifecycle", "new", earlier, "213", "--reason", "REJ_SEMAN", *AT, "-o", out)
    result = run("lifecycle", "show", earlier, out)
    assert result.exit_code == 1
    assert "no longer rejected" in result.stderr
    assert run("lifecycle", "next", earlier, out).exit_code == 1


def test_what_may_follow(run: Run, earlier: str) -> None:
    assert [line[:3] for line in run("lifecycle", "next").stdout.splitlines()] == ["200", "213", "501"]
    by_word = run("lifecycle", "next", "203", "--json").stdout
    assert by_word == run("lifecycle", "next", earlier, "--json").stdout
    assert json.loads(by_word)[0]["setters"] == ["BY", "AB", "IV", "PR"]
    assert run("lifecycle", "next", "203", "210").stdout.startswith("220  cancelled")
    assert run("lifecycle", "next", "nothing.xml").exit_code == 2
