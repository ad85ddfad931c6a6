"""Agreement with veraPDF: on its own corpus, on invoices in PDF, and on plain PDFs."""

import json
import time
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from billingua import BillinguaError, pdf

SHARED = Path(__file__).resolve().parents[4] / "shared"
DIFFERENCES = tomllib.loads(Path(__file__).with_name("differences.toml").read_text("utf-8"))
CHUNKS = 8


@cache
def manifest(folder: str) -> list[dict[str, Any]]:
    path = SHARED / folder / "manifest.jsonl"
    if not path.is_file():
        pytest.skip(f"../shared/{folder} is not there")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def verdict(folder: str, name: str, flavour: str) -> str:
    try:
        report = pdf.check((SHARED / folder / name).read_bytes(), flavour, name)
    except BillinguaError:
        return "fail"
    return "pass" if report.valid else "fail"


def compared(folder: str, cases: list[tuple[str, str, str]]) -> None:
    """Every verdict is that of veraPDF, but where the list of differences says otherwise: there it must differ."""
    excused = DIFFERENCES.get(folder, {})
    differing = {
        f"{name} {flavour}": expected for name, flavour, expected in cases if verdict(folder, name, flavour) != expected
    }
    wanted = {f"{name} {flavour}" for name, flavour, _ in cases} & set(excused)
    assert set(differing) == wanted


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_corpus(chunk: int) -> None:
    cases = [(row["file"], row["flavour"], row["expected"]) for row in manifest("pdfa-corpus")]
    assert cases
    compared("pdfa-corpus", cases[chunk::CHUNKS])


def test_invoices() -> None:
    cases = []
    for row in manifest("facturx-pdfs"):
        cases.append((row["file"], "3b", row["verapdf_3b"]))
        if row["verapdf_declared"]:
            cases.append((row["file"], row["verapdf_declared"]["flavour"], row["verapdf_declared"]["verdict"]))
    compared("facturx-pdfs", sorted(set(cases)))


def test_plain_files() -> None:
    compared("plain-pdfs", [(row["file"], "3b", row["verapdf_3b"]) for row in manifest("plain-pdfs")])


def test_the_differences_are_of_files_that_are_there() -> None:
    for folder, excused in DIFFERENCES.items():
        names = {row["file"] for row in manifest(folder)}
        for case, reason in excused.items():
            assert case.rpartition(" ")[0] in names
            assert reason.endswith(".")


def test_a_check_of_a_small_file_is_quick() -> None:
    name = manifest("facturx-pdfs")[0]["file"]
    data = (SHARED / "facturx-pdfs" / name).read_bytes()
    pdf.check(data)
    started = time.perf_counter()
    pdf.check(data)
    assert time.perf_counter() - started < 1
