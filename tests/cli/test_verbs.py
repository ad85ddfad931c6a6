"""`billingua detect`, `convert` and `build`, on a stand-in for the API."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

INVOICE = {"number": "A-1", "lines": [{"net_amount": "10.00", "vat": {"category_code": "S", "rate": "20"}}]}


def test_detect(run: Run) -> None:
    Path("profile.xml").write_text("<profile/>")
    result = run("detect", "good.xml", "unreadable.xml", "bug.xml", "missing.xml", "profile.xml")
    assert result.exit_code == 2
    assert result.stdout == (
        "good.xml: ubl-invoice, version 2.1\nprofile.xml: ubl-invoice, profile urn:cen.eu:en16931:2017, version 2.1\n"
    )
    lines = result.stderr.splitlines()
    assert lines[0] == "billingua: unreadable.xml: The document is not whole."
    assert lines[1].startswith("billingua: bug.xml: Internal error: ZeroDivisionError")
    assert lines[2] == "billingua: missing.xml: There is no such file."
    assert len(lines) == 3


def test_detect_as_json(run: Run) -> None:
    result = run("detect", "--json", "-", input=b"<x/>")
    assert json.loads(result.stdout) == {
        "file": "-",
        "format": "ubl-invoice",
        "profile": None,
        "version": "2.1",
    }
    assert result.exit_code == 0


def test_convert_names_what_is_lost(run: Run) -> None:
    Path("loss.xml").write_text("<loss/>")
    result = run("convert", "loss.xml", "--to", "cii", "--profile", "p", "-o", "out.xml")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        'billingua: loss.xml: lost: BT-99 "x y" (line 7, /Invoice/cbc:X[1]): cii has no place for it.\n'
    )
    assert Path("out.xml").read_bytes() == b"<cii p>"


def test_convert_in_a_pipe(run: Run) -> None:
    result = run("convert", "-", "--to", "cii", "-o", "-", input=b"<x/>")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "<cii None>", "")


def test_convert_of_an_unusable_input_writes_nothing(run: Run) -> None:
    result = run("convert", "unreadable.xml", "--to", "cii", "-o", "out.xml")
    assert result.exit_code == 2
    assert result.stderr == "billingua: unreadable.xml: The document is not whole. Send it again.\n"
    assert not Path("out.xml").exists()


def invoice(number: str) -> None:
    Path("invoice.json").write_text(json.dumps({**INVOICE, "number": number}))


def test_build(run: Run) -> None:
    invoice("A-1")
    result = run("build", "invoice.json", "--to", "ubl", "-o", "out.xml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert Path("out.xml").read_bytes() == b"<ubl None A-1 totals=False>"


def test_build_computes_totals(run: Run) -> None:
    invoice("A-1")
    result = run("build", "invoice.json", "--to", "ubl", "--totals", "-o", "-")
    assert result.stdout == "<ubl None A-1 totals=True>"


def test_build_refuses_what_is_invalid(run: Run) -> None:
    invoice("invalid")
    result = run("build", "invoice.json", "--to", "ubl", "-o", "out.xml")
    assert result.exit_code == 1
    assert "fatal BR-CO-10, line 118" in result.stderr
    assert "Not written" in result.stderr
    assert not Path("out.xml").exists()


def test_build_can_be_forced(run: Run) -> None:
    invoice("invalid")
    result = run("build", "invoice.json", "--to", "ubl", "-o", "out.xml", "--force")
    assert result.exit_code == 1
    assert "Not written" not in result.stderr
    assert Path("out.xml").exists()


@pytest.mark.parametrize("text", ["", "{", '{"numbr": "1"}', '{"number": 1}', '{"lines": 3}', "[]", "\0"], ids=repr)
def test_build_from_what_is_no_invoice(run: Run, text: str) -> None:
    Path("invoice.json").write_text(text)
    result = run("build", "invoice.json", "--to", "ubl", "-o", "out.xml")
    assert result.exit_code == 2
    assert result.stderr.startswith("billingua: invoice.json: ")
    assert "Internal" not in result.stderr
    assert result.stderr.count("\n") == 1


def test_build_to_an_unknown_format(run: Run) -> None:
    invoice("A-1")
    result = run("build", "invoice.json", "--to", "nonsense", "-o", "out.xml")
    assert result.exit_code == 2
    assert result.stderr.startswith("billingua: There is no format 'nonsense'. Name one of: ")
