"""Input that is no invoice: one clear, typed error each; no network, no hang, no traceback."""

import faulthandler
import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from click.testing import CliRunner

import billingua as bl
from billingua.cli import program
from billingua.engine.xml import MAX_BYTES
from billingua.errors import InvalidModel, UnknownFormat, UnreadableInput, UnsupportedFormat, UsageError
from billingua.model import Line

GOOD = (Path(__file__).parents[1] / "samples" / "standard-rated.ubl.xml").read_bytes()
UBL = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
PATIENCE = 10
"""Seconds: far more than any of this takes, far less than a hang."""


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    """A document that hangs in C code ends the process, with a trace of where it was."""
    faulthandler.dump_traceback_later(6 * PATIENCE, exit=True)
    start = perf_counter()
    yield
    faulthandler.cancel_dump_traceback_later()
    assert perf_counter() - start < PATIENCE


def invoice(content: str = "", attributes: str = "", before: str = "") -> bytes:
    """A document with the root of an invoice."""
    return f'<?xml version="1.0"?>{before}<Invoice xmlns="{UBL}" {attributes}>{content}</Invoice>'.encode()


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("invoice.xml", GOOD)
    return stream.getvalue()


def laughs() -> str:
    """Ten entities, each ten times the one before."""
    entities = ['<!ENTITY e0 "ha">', *(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 11))]
    return f"<!DOCTYPE Invoice [{''.join(entities)}]>"


BIG_ENTITY = f'<!DOCTYPE Invoice [<!ENTITY a "{"a" * 100_000}">]>'
FILE_ENTITY = '<!DOCTYPE Invoice [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
PARAMETER_ENTITY = '<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "file:///etc/hostname"> %p;]>'

UNUSABLE: dict[str, tuple[bytes, type[bl.BillinguaError], str]] = {
    "empty": (b"", UnreadableInput, "is empty"),
    "white space": (b" \r\n\t ", UnreadableInput, "is empty"),
    "only a byte order mark": (b"\xef\xbb\xbf", UnreadableInput, "not well-formed"),
    "text": (b"Dear Sir or Madam", UnreadableInput, "line 1, column 1: The input is not well-formed XML"),
    "csv": (b"number;amount\n1;2\n", UnreadableInput, "not well-formed"),
    "json": (b'\n{"number": "1"}', UnsupportedFormat, "is JSON"),
    "html": (b"<!DOCTYPE html><html><body><p>Invoice<br></body></html>", UnreadableInput, "DOCTYPE"),
    "html without a doctype": (b"<html><body><br></body></html>", UnreadableInput, "not well-formed"),
    "xhtml": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', UnknownFormat, "root element html"),
    "truncated": (GOOD[: len(GOOD) // 2], UnreadableInput, "whole"),
    "truncated at the end": (GOOD[:-3], UnreadableInput, "whole"),
    "two roots": (GOOD + b"<more/>", UnreadableInput, "not well-formed"),
    "text before the declaration": (b"\n" + GOOD, UnreadableInput, "not well-formed"),
    "declared UTF-16, is UTF-8": (GOOD.replace(b"UTF-8", b"UTF-16"), UnreadableInput, "declared encoding"),
    "declared UTF-8, is Latin-1": (
        GOOD.replace(b"Beispielallee", b"Beispielstra\xdfe"),
        UnreadableInput,
        "line 34",
    ),
    "declared ASCII, is UTF-8": (
        GOOD.replace(b"UTF-8", b"US-ASCII").replace(b"Beispielallee", "Beispielstraße".encode()),
        UnreadableInput,
        "declared encoding",
    ),
    "unknown encoding": (GOOD.replace(b"UTF-8", b"KLINGON-1"), UnreadableInput, "KLINGON-1"),
    "UTF-16 without mark or declaration": (
        GOOD.decode().partition("?>")[2].strip().encode("utf-16-le"),
        UnreadableInput,
        "not well-formed",
    ),
    "a NUL": (GOOD.replace(b"Copy", b"Co\0py"), UnreadableInput, "not well-formed"),
    "NULs": (bytes(1000), UnreadableInput, "not well-formed"),
    "unbound prefix": (b"<a:Invoice/>", UnreadableInput, "not well-formed"),
    "no namespace": (b"<Invoice/>", UnknownFormat, "'(none)'"),
    "another vocabulary": (b"<order xmlns='urn:example:order'/>", UnknownFormat, "urn:example:order"),
    "a name without end": (f"<{'n' * 40_000}/>".encode(), UnknownFormat, "..."),
    "a namespace without end": (f"<Invoice xmlns='{'n' * 40_000}'/>".encode(), UnknownFormat, "..."),
    "ZUGFeRD 1.0": (
        b"<x:CrossIndustryDocument xmlns:x='urn:ferd:CrossIndustryDocument:invoice:1p0'/>",
        UnsupportedFormat,
        "ZUGFeRD 1.0",
    ),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", UnreadableInput, "The PDF is cut off"),
    "ZIP": (zipped(), UnsupportedFormat, "ZIP"),
    "gzip": (gzip.compress(GOOD), UnsupportedFormat, "gzip"),
    "PNG": (b"\x89PNG\r\n\x1a\n" + bytes(40), UnsupportedFormat, "PNG"),
    "doctype": (invoice(before="<!DOCTYPE Invoice>"), UnreadableInput, "DOCTYPE"),
    "external entity": (invoice("&e;", before=FILE_ENTITY), UnreadableInput, "DOCTYPE"),
    "parameter entity": (invoice(before=PARAMETER_ENTITY), UnreadableInput, "DOCTYPE"),
    "entity bomb": (invoice("&e10;", before=laughs()), UnreadableInput, "DOCTYPE"),
    "wide entity bomb": (invoice("&a;" * 10_000, before=BIG_ENTITY), UnreadableInput, "DOCTYPE"),
    "entity in an attribute": (invoice(attributes='a="&e10;"', before=laughs()), UnreadableInput, "DOCTYPE"),
    "undefined entity": (invoice("&nbsp;"), UnreadableInput, "not well-formed"),
    "1,000 levels": (invoice("<a>" * 1_000 + "</a>" * 1_000), UnreadableInput, "too deep"),
    "100,000 levels": (invoice("<a>" * 100_000 + "</a>" * 100_000), UnreadableInput, "too deep"),
    "1,000 levels in a large document": (
        invoice("<a>" * 1_000 + "</a>" * 1_000 + " " * 9_500_000),
        UnreadableInput,
        "too deep",
    ),
    "too large": (b"<" + bytes(MAX_BYTES), UnreadableInput, "larger than 128 MiB"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_it_is_one_typed_error(case: str) -> None:
    data, kind, said = UNUSABLE[case]
    verbs: tuple[Any, ...] = (bl.validate, bl.read, lambda source: bl.convert(source, "cii"))
    for verb in verbs:
        with pytest.raises(bl.BillinguaError) as caught:
            verb(data)
        assert type(caught.value) is kind
        text = str(caught.value)
        assert said in text
        assert "\n" not in text
        assert len(text) < 500


@pytest.mark.parametrize("case", UNUSABLE)
def test_the_command_says_it_in_one_line(case: str, tmp_path: Path) -> None:
    data, _, said = UNUSABLE[case]
    path = tmp_path / "input.xml"
    path.write_bytes(data)
    result = CliRunner().invoke(program, ["validate", str(path), "--report", "jsonl"])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"billingua: {path}: ")
    assert said in result.stderr
    [line] = result.stdout.splitlines()
    report = json.loads(line)
    assert report["valid"] is False
    assert said in report["error"]
    assert report["findings"] == []


STRANGE = {
    "a huge attribute": invoice(attributes=f'a="{"x" * 8_000_000}"'),
    "a huge attribute in a large document": invoice(attributes=f'a="{"x" * 12_000_000}"'),
    "attributes without end": invoice(attributes=" ".join(f"a{n}='1'" for n in range(20_000))),
    "namespaces without end": invoice("<b/>" * 100, " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(100_000))),
    "children without end": invoice("<b/>" * 100_000),
    "250 levels": invoice("<a>" * 250 + "</a>" * 250),
    "nothing in it": invoice(),
}


@pytest.mark.parametrize("case", STRANGE)
def test_what_has_the_right_root_gets_a_verdict(case: str) -> None:
    report = bl.validate(STRANGE[case])
    assert not report.valid
    assert report.schema_valid is False
    assert report.findings


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "iso-8859-1"])
def test_any_encoding_that_xml_allows_is_read(encoding: str) -> None:
    declared = {"utf-8-sig": "UTF-8", "iso-8859-1": "ISO-8859-1"}.get(encoding, "UTF-16")
    text = GOOD.decode().replace('encoding="UTF-8"', f'encoding="{declared}"')
    report = bl.validate(text.replace("Beispielallee", "Beispielstraße").encode(encoding))
    assert report.valid
    assert report.findings == ()


# Not the content, but the source is wrong.


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.xml", "No such file"), (tmp_path, "directory")):
        with pytest.raises(UnreadableInput, match=said) as caught:
            bl.validate(path)
        assert str(path) in str(caught.value)
        result = CliRunner().invoke(program, ["validate", str(path)])
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert str(path) in result.stderr


def test_names_that_no_file_can_have() -> None:
    for name in ("a\0b", "x" * 100_000, ""):
        with pytest.raises(UnreadableInput) as caught:
            bl.validate(name)
        assert len(str(caught.value)) < 500


def test_two_hundred_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as stream:
        stream.write(GOOD[:1000])
        stream.truncate(200 * 1024 * 1024)
    start = perf_counter()
    with pytest.raises(UnreadableInput, match="larger than 128 MiB"):
        bl.validate(path)
    assert perf_counter() - start < 0.5
    with path.open("rb") as stream, pytest.raises(UnreadableInput, match="larger than 128 MiB"):
        bl.validate(stream)
    result = CliRunner().invoke(program, ["validate", str(path)])
    assert result.exit_code == 2
    assert "larger than 128 MiB" in result.stderr


def test_file_objects(tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    path.write_bytes(GOOD)
    with path.open("rb") as stream:
        assert bl.validate(stream).valid
    with path.open("rb", buffering=0) as raw:
        assert bl.validate(raw).valid
    with path.open(encoding="utf-8") as text, pytest.raises(UsageError, match=r"open\(path, \"rb\"\)"):
        bl.validate(text)  # type: ignore[arg-type]
    with pytest.raises(UnreadableInput, match="closed file"):
        bl.validate(raw)


@pytest.mark.parametrize("source", [None, 7, ["a.xml"], GOOD.decode()], ids=["None", "int", "list", "XML text"])
def test_what_is_no_source(source: Any) -> None:
    with pytest.raises(UsageError):
        bl.validate(source)


# Models.


def test_floats_are_refused() -> None:
    with pytest.raises(InvalidModel, match=r"not float 1\.1, which is not exact"):
        Line(quantity=1.1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        "{'number': 1}",
        '{"number": 1}',
        '{"numbre": "1"}',
        '{"lines": [{"quantity": "NaN"}]}',
        '{"lines": [{"quantity": "1,5"}]}',
        '{"lines": [{"quantity": true}]}',
        '{"lines": [{"quantity": 1e999}]}',
        '{"issue_date": "2026-02-30"}',
        '{"number": "a\\u0000b"}',
        '{"number": "\\ud800"}',
        '{"lines": ' * 5_000,
        "[" * 100_000,
    ],
)
def test_json_that_is_no_invoice(text: str, tmp_path: Path) -> None:
    with pytest.raises(bl.BillinguaError) as caught:
        bl.Invoice.from_json(text)
    assert "\n" not in str(caught.value)
    path = tmp_path / "invoice.json"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(program, ["build", str(path), "--to", "ubl", "-o", str(tmp_path / "out.xml")])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "out.xml").exists()


def test_json_numbers_keep_their_decimals() -> None:
    [line] = bl.Invoice.from_json('{"lines": [{"quantity": 141.2600, "net_amount": "0.10"}]}').lines
    assert (str(line.quantity), line.net_amount) == ("141.2600", Decimal("0.10"))


# The outside world.


def test_there_is_no_network(web: tuple[str, list[str]]) -> None:
    address, asked = web
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    documents = [
        invoice(before=f'<!DOCTYPE Invoice SYSTEM "{address}/dtd">'),
        invoice(before=f'<!DOCTYPE Invoice PUBLIC "-//X//Y" "{address}/public">'),
        invoice("&e;", before=f'<!DOCTYPE Invoice [<!ENTITY e SYSTEM "{address}/entity">]>'),
        invoice(before=f'<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "{address}/parameter"> %p;]>'),
        invoice(before=f'<?xml-stylesheet href="{address}/style" type="text/xsl"?>'),
        invoice(attributes=f'xmlns:xsi="{xsi}" xsi:schemaLocation="{UBL} {address}/schema"'),
        invoice(attributes=f'xmlns:xsi="{xsi}" xsi:noNamespaceSchemaLocation="{address}/schema"'),
        invoice(f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{address}/include"/>'),
    ]
    for document in documents:
        with suppress(UnreadableInput):
            assert not bl.validate(document).valid
    assert asked == []


def test_no_file_is_read_for_a_document(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    for entity in (f'<!ENTITY e SYSTEM "{secret.as_uri()}">', f'<!ENTITY e SYSTEM "{secret}">'):
        with pytest.raises(UnreadableInput) as caught:
            bl.read(invoice("<a>&e;</a>", before=f"<!DOCTYPE Invoice [{entity}]>"))
        assert "the secret" not in str(caught.value)


def test_the_real_command_shows_no_traceback(tmp_path: Path) -> None:
    for name in ("entity bomb", "100,000 levels", "PDF", "truncated", "NULs"):
        (tmp_path / f"{name}.xml").write_bytes(UNUSABLE[name][0])
    paths = sorted(map(str, [*tmp_path.iterdir(), tmp_path, tmp_path / "missing.xml"]))
    command = [sys.executable, "-m", "billingua", "validate", *paths]
    result = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert result.returncode == 2
    assert "Traceback" not in result.stdout + result.stderr
    assert len(result.stderr.splitlines()) == len(paths)
