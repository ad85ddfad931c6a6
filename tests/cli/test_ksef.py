"""`billingua ksef`: what its commands print and write, and their exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from click.testing import CliRunner, Result
from PIL import Image

from billingua import ksef
from billingua.cli import program
from billingua.cli.ksef import COMMANDS
from billingua.cli.ksef import command as group

SAMPLES = Path(__file__).parents[2] / "samples"
KEY, CERTIFICATE, ENCRYPTION = (
    str(SAMPLES / name) for name in ("ksef-offline.key", "ksef-offline.pem", "ksef-encryption.pem")
)
INVOICE = str(SAMPLES / "invoice.fa3.xml")
DATA = Path(INVOICE).read_bytes()
NUMBER = "5265877635-20250826-0100001AF629-AF"
Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(program, ["ksef", *map(str, args)])


def told(result: Result, status: int = 0) -> dict[str, object]:
    assert result.exit_code == status, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_page_shows_an_example_that_parses(name: str) -> None:
    result = CliRunner().invoke(program, ["ksef", name, "--help"])
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    examples = [line for line in lines if f"billingua ksef {name} " in line and not line.startswith("Usage")]
    assert examples
    assert max(map(len, lines)) <= 80
    command = group.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    for example in examples:
        command.make_context(name, example.split(f"billingua ksef {name} ")[1].replace("'", "").split())


def test_hash(run: Run) -> None:
    found = ksef.invoice_hash(DATA)
    assert told(run("hash", INVOICE, "--json")) == found._asdict()
    assert f"base64url  {found.base64url}\n" in run("hash", INVOICE).stdout


def test_number(run: Run) -> None:
    assert told(run("number", NUMBER, "--json")) == {
        "number": NUMBER,
        "valid": True,
        "reason": None,
        "nip": "5265877635",
        "date": "2025-08-26",
        "checksum": "AF",
    }
    wrong = told(run("number", NUMBER[:-1] + "E", "--json"), 1)
    assert (wrong["valid"], "checksum is AE" in str(wrong["reason"])) == (False, True)
    assert run("number", "123").exit_code == 1


def test_link(run: Run) -> None:
    found = told(run("link", INVOICE, "--env", "test", "--json"))
    hash_ = ksef.invoice_hash(DATA).base64url
    assert found == {
        "url": f"https://qr-test.ksef.mf.gov.pl/invoice/5265877635/16-11-2026/{hash_}",
        "label": "OFFLINE",
    }
    assert told(run("link", INVOICE, "--ksef-number", NUMBER, "--json"))["label"] == NUMBER
    assert run("link", INVOICE, "--ksef-number", "1").exit_code == 2


def test_certificate_link_and_its_check(run: Run) -> None:
    url = str(told(run("certlink", INVOICE, "--key", KEY, "--cert", CERTIFICATE, "--json"))["url"])
    assert "/certificate/Nip/5265877635/5265877635/" in url
    assert told(run("verify-link", url, "--cert", CERTIFICATE, "--json")) == {"valid": True, "reason": None}
    other = url.replace("/5265877635/", "/1111111111/", 1)
    found = told(run("verify-link", other, "--cert", CERTIFICATE, "--json"), 1)
    assert (found["valid"], bool(found["reason"])) == (False, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ((), "--key is missing"),
        (("--key", KEY), "--cert is missing"),
        (("--key", KEY, "--cert", ENCRYPTION), "certificate"),
        (("--key", KEY, "--cert", CERTIFICATE, "--context", "5265877635"), "no type and identifier"),
        (("--key", KEY, "--cert", CERTIFICATE, "--context", "Nip:526"), "526"),
        (("--key", KEY, "--cert", CERTIFICATE, "--password", "a", "--password-file", KEY), "given twice"),
    ],
)
def test_a_certificate_link_that_cannot_be_made(run: Run, more: tuple[str, ...], said: str) -> None:
    result = run("certlink", INVOICE, *more)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_images(run: Run, tmp_path: Path) -> None:
    first, second, drawn = tmp_path / "1.png", tmp_path / "2.PNG", tmp_path / "1.svg"
    assert run("qr", INVOICE, "-o", first).exit_code == 0
    assert run("qr", INVOICE, "-o", drawn).exit_code == 0
    url = told(run("qr", INVOICE, "-o", second, "--key", KEY, "--cert", CERTIFICATE, "--json"))["url"]
    codes = [zxingcpp.read_barcode(Image.open(path)).text for path in (first, second)]
    assert codes == [ksef.invoice_code(DATA).url, url]
    assert drawn.read_bytes() == ksef.invoice_code(DATA).svg()
    assert run("qr", INVOICE, "-o", tmp_path / "code.gif").exit_code == 2
    assert not (tmp_path / "code.gif").exists()


def test_deadline(run: Run) -> None:
    found = told(run("deadline", INVOICE, "--mode", "offline24", "--json"))
    assert found == {"mode": "offline24", "issue_date": "2026-11-16", "deadline": "2026-11-17"}
    ended = run("deadline", INVOICE, "--mode", "emergency", "--ended", "2026-12-22", "--json")
    assert told(ended)["deadline"] == "2027-01-05"
    assert told(run("deadline", INVOICE, "--mode", "total_failure", "--json"))["deadline"] is None
    result = run("deadline", INVOICE, "--mode", "emergency")
    assert "Counted from the issue date 2026-11-16" in result.stderr


def test_package(run: Run, tmp_path: Path) -> None:
    found = told(run("pack", INVOICE, "-o", tmp_path / "out", "--public-key", ENCRYPTION, "--json"))
    assert [Path(part).name for part in found["parts"]] == ["part-01.bin"]  # type: ignore[attr-defined]
    assert json.loads((tmp_path / "out" / "open-session.json").read_text("utf-8")) == found["request"]
    assert run("pack", INVOICE, "-o", tmp_path / "out", "--public-key", ENCRYPTION).exit_code == 2
    doubled = tmp_path / "again.xml"
    doubled.write_bytes(DATA)
    result = run("pack", INVOICE, doubled, "-o", tmp_path / "two", "--public-key", ENCRYPTION)
    assert (result.exit_code, "KSEF-DUP-01" in result.stderr) == (1, True)


def test_receipt(run: Run, tmp_path: Path) -> None:
    receipt = tmp_path / "upo.xml"
    receipt.write_text(
        '<Potwierdzenie xmlns="http://upo.schematy.mf.gov.pl/KSeF/v4-3"><Dokument>'
        f"<NipSprzedawcy>5265877635</NipSprzedawcy><NumerKSeFDokumentu>{NUMBER}</NumerKSeFDokumentu>"
        "<NumerFaktury>FV/2026/11/0042</NumerFaktury><DataWystawieniaFaktury>2026-11-16</DataWystawieniaFaktury>"
        f"<SkrotDokumentu>{ksef.invoice_hash(DATA).base64}</SkrotDokumentu></Dokument></Potwierdzenie>"
    )
    assert told(run("upo", receipt, INVOICE, "--json")) == {
        "file": INVOICE,
        "valid": True,
        "ksef_number": NUMBER,
        "reason": None,
    }
    other = tmp_path / "other.xml"
    other.write_bytes(DATA + b"\n")
    result = run("upo", receipt, INVOICE, other)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (1, f"{INVOICE}: {NUMBER}")
    assert "hash" in result.stdout


@pytest.mark.parametrize("name", ["hash", "link", "certlink", "deadline", "qr", "pack"])
def test_bad_input_is_one_line(run: Run, tmp_path: Path, name: str) -> None:
    more = {
        "certlink": ("--key", KEY, "--cert", CERTIFICATE),
        "deadline": ("--mode", "offline24"),
        "qr": ("-o", tmp_path / "a.png"),
        "pack": ("-o", tmp_path / "out", "--public-key", ENCRYPTION),
    }.get(name, ())
    for source in (tmp_path / "missing.xml", SAMPLES / "standard-rated.ubl.xml", SAMPLES / "invoice.json"):
        if name == "hash" and source.exists():
            continue
        result = run(name, source, *more)
        assert result.exit_code in (1, 2)
        assert (result.stdout, result.stderr.count("\n")) == ("", 1)
        assert not isinstance(result.exception, AttributeError)
