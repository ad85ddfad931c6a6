"""`billingua pdf sign` and `billingua pdf verify`: what they write and print, and their exit status."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pki
from billingua.cli import program
from billingua.cli.pdf import command as group
from pki import SECRET, Holder, World
from signed_pdfs import plain

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with pki.world() as made:
        yield made


@pytest.fixture(scope="module")
def holder(world: World) -> Holder:
    return world.signer(pki.ec_key("signer"))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: Holder) -> Run:
    """Call a command in a folder with a PDF, keys and certificates."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SECRET", SECRET)
    for name, data in {
        "in.pdf": plain(),
        "own.p12": holder.p12(),
        "own.key": holder.key_pem(),
        "hidden.key": holder.key_pem(SECRET.encode()),
        "own.pem": holder.pem,
        "chain.pem": holder.chain_pem,
        "root.pem": holder.root_pem,
        "secret.txt": SECRET.encode() + b"\n",
    }.items():
        Path(name).write_bytes(data)
    return lambda *args, **more: CliRunner().invoke(program, ["pdf", *map(str, args)], **more)


@pytest.mark.parametrize("name", ["sign", "verify"])
def test_every_help_page_shows_examples_that_parse(name: str) -> None:
    result = CliRunner().invoke(program, ["pdf", name, "--help"])
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    examples = [line for line in lines if f"billingua pdf {name} " in line and not line.startswith("Usage")]
    assert examples
    assert max(map(len, lines)) <= 80
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    for example in examples:
        command.make_context(name, example.split(f"billingua pdf {name} ")[1].split())


@pytest.mark.parametrize(
    "options",
    [
        ("--p12", "own.p12", "--password-env", "SECRET"),
        ("--p12", "own.p12", "--password-file", "secret.txt", "--visible", "1:40,40,180,50", "--reason", "Issued"),
        ("--key", "own.key", "--cert", "own.pem", "--chain", "chain.pem", "--location", "Łódź"),
        ("--key", "hidden.key", "--cert", "own.pem", "--chain", "chain.pem", "--password-env", "SECRET"),
    ],
)
def test_signed_and_verified(run: Run, options: tuple[str, ...]) -> None:
    result = run("sign", "in.pdf", *options, "--field", "Invoice", "-o", "out.pdf")
    assert (result.exit_code, result.output) == (0, "")
    assert Path("out.pdf").read_bytes().startswith(Path("in.pdf").read_bytes())
    result = run("verify", "out.pdf", "--root", "root.pem", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["file"], told["valid"], told["reasons"]) == ("out.pdf", True, [])
    [signature] = told["signatures"]
    assert (signature["field"], signature["level"], signature["trusted"]) == ("Invoice", "B-B", True)
    assert signature["signed_at"].startswith("20")
    assert signature["timestamp"] is None


def test_levels_with_an_authority(run: Run, world: World) -> None:
    for level in ("B-T", "B-LT"):
        options = ("--p12", "own.p12", "--password-env", "SECRET", "--level", level, "--tsa", world.tsa_url)
        assert run("sign", "in.pdf", *options, "-o", "out.pdf").exit_code == 0
        shown = run("verify", "out.pdf")
        assert shown.exit_code == 0
        assert shown.stdout.startswith("out.pdf: valid\n  Signature1: signature, valid\n")
        for line in (f"level      {level}", "signer     Zoë Żółć & Co", "trusted    not asked", "timestamp  20"):
            assert f"    {line}" in shown.stdout


def test_a_changed_file_is_not_valid(run: Run) -> None:
    run("sign", "in.pdf", "--p12", "own.p12", "--password-env", "SECRET", "-o", "out.pdf")
    data = bytearray(Path("out.pdf").read_bytes())
    data[data.find(b"Invoice")] ^= 1
    Path("changed.pdf").write_bytes(data)
    result = run("verify", "changed.pdf")
    assert result.exit_code == 1
    assert "The signed bytes were changed, or the signature was." in result.stdout
    result = run("verify", "in.pdf")
    assert (result.exit_code, result.stdout) == (1, "in.pdf: not valid\n  There is no signature in the PDF.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("in.pdf",), "Give either --p12 or --key."),
        (("in.pdf", "--p12", "own.p12", "--key", "own.key"), "Give either --p12 or --key."),
        (("in.pdf", "--p12", "own.p12", "--cert", "own.pem"), "--cert goes with --key"),
        (("in.pdf", "--p12", "own.p12"), "in.pdf: The private key is encrypted, and no password was given."),
        (("in.pdf", "--p12", "own.p12", "--password-env", "NOWHERE"), "There is no environment variable NOWHERE."),
        (("in.pdf", "--p12", "own.p12", "--password-env", "A", "--password-file", "b"), "given twice"),
        (("in.pdf", "--p12", "own.p12", "--password-file", "root.pem"), "in.pdf: The password of the private key is"),
        (("in.pdf", "--key", "own.key", "--cert", "own.pem", "--visible", "1:2,3"), "is not like 1:40,40,180,50"),
        (("in.pdf", "--key", "own.key", "--cert", "own.pem", "--level", "B-T"), "needs the address of a time stamp"),
        (("own.key", "--key", "own.key", "--cert", "own.pem"), "own.key: This is not a PDF"),
        (("none.pdf", "--key", "own.key", "--cert", "own.pem"), "none.pdf: There is no such file."),
    ],
)
def test_what_cannot_be_signed(run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run("sign", *arguments, "-o", "out.pdf")
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert not Path("out.pdf").exists()


@pytest.mark.parametrize("arguments", [("own.key",), ("none.pdf",), ("in.pdf", "--root", "in.pdf")])
def test_what_cannot_be_verified(run: Run, arguments: tuple[str, ...]) -> None:
    result = run("verify", *arguments)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
