"""`billingua validate`: reports, exit status, inputs, worker processes."""

import json
import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

KEYS = [
    "file",
    "format",
    "profile",
    "rulesets",
    "schema_valid",
    "valid",
    "error",
    "elapsed_ms",
    "findings",
    "not_checked",
]
FINDING_KEYS = ["rule", "severity", "ruleset", "path", "line", "terms", "values", "message", "hint"]


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that inherit the stand-in."""
    context = multiprocessing.get_context("fork")
    monkeypatch.setattr(multiprocessing, "Process", context.Process)


def objects(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("names", "options", "status"),
    [
        (["good"], [], 0),
        (["good", "warning"], [], 0),
        (["warning"], ["--fail-on", "warning"], 1),
        (["good"], ["--fail-on", "warning"], 0),
        (["good", "invalid"], [], 1),
        (["skipped"], [], 1),
        (["invalid", "unreadable", "good"], [], 2),
        (["bug", "good"], [], 2),
        (["missing"], [], 2),
    ],
)
@pytest.mark.parametrize("report", ["text", "jsonl"])
def test_exit_status(run: Run, names: list[str], options: list[str], status: int, report: str) -> None:
    result = run("validate", *(f"{name}.xml" for name in names), *options, "--report", report)
    assert result.exit_code == status


def test_jsonl_is_one_object_a_document_in_the_order_of_the_contract(run: Run) -> None:
    result = run("validate", "invalid.xml", "unreadable.xml", "good.xml", "--report", "jsonl")
    invalid, unreadable, good = objects(result)
    assert [list(item) for item in (invalid, unreadable, good)] == [KEYS] * 3
    assert list(invalid["findings"][0]) == FINDING_KEYS  # type: ignore[index]
    assert (invalid["valid"], invalid["error"]) == (False, None)
    assert unreadable["error"] == "line 3: The document is not whole. Send it again."
    assert (unreadable["valid"], unreadable["format"], unreadable["findings"]) == (False, None, [])
    assert (good["file"], good["valid"]) == ("good.xml", True)
    assert result.stderr == "billingua: unreadable.xml: line 3: The document is not whole. Send it again.\n"


def test_json_is_the_same_in_an_array(run: Run) -> None:
    lines = objects(run("validate", "invalid.xml", "good.xml", "--report", "jsonl"))
    assert json.loads(run("validate", "invalid.xml", "good.xml", "--report", "json").stdout) == lines


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.xml", "There is no such file."),
        (".", "This is a directory. Name the files in it, for example with *.xml."),
        ("bug.xml", "Internal error: ZeroDivisionError: a bug. Please report it"),
    ],
)
def test_an_unusable_input_is_one_line_and_the_others_go_on(run: Run, name: str, said: str) -> None:
    result = run("validate", "good.xml", name, "invalid.xml", "--report", "jsonl")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"billingua: {name}: {said}")
    assert result.stderr.count("\n") == 1
    assert [item["file"] for item in objects(result)] == ["good.xml", name, "invalid.xml"]


def test_standard_input_is_a_document(run: Run) -> None:
    (item,) = objects(run("validate", "-", "--report", "jsonl", input=b"<invalid/>"))
    assert (item["file"], item["valid"]) == ("-", False)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\0"])
def test_files_from(run: Run, separator: str) -> None:
    names = ["good.xml", "invalid.xml"]
    result = run("validate", "--files-from", "-", "--report", "jsonl", input=separator.join([*names, ""]))
    assert [item["file"] for item in objects(result)] == names
    Path("list.txt").write_bytes(separator.join(names).encode())
    result = run("validate", "warning.xml", "--files-from", "list.txt", "--report", "jsonl")
    assert [item["file"] for item in objects(result)] == ["warning.xml", *names]


@pytest.mark.parametrize(
    "args",
    [
        (),
        ("-", "-"),
        ("-", "--files-from", "-"),
        ("--files-from", "missing.txt"),
        ("--files-from", "empty.txt"),
        ("good.xml", "--report", "pdf"),
        ("good.xml", "--today", "2026-13-01"),
        ("good.xml", "--jobs", "-1"),
        ("good.xml", "--ruleset", "nonsense"),
        ("good.xml", "--schematron", "missing.sch"),
        ("good.xml", "--schematron", "good.xml"),
        ("good.xml", "-o", "no/such/folder.txt"),
        ("good.xml", "-o", "./good.xml"),
    ],
)
def test_a_wrong_command_line_is_one_line(run: Run, args: tuple[str, ...]) -> None:
    Path("empty.txt").touch()
    result = run("validate", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("billingua")
    assert result.stderr.count("\n") == 1
    assert Path("good.xml").read_bytes() == b"<good/>"


def test_rulesets_and_today_are_handed_on(run: Run) -> None:
    result = run(
        *("validate", "good.xml", "--ruleset", "peppol", "--ruleset", "en16931"),
        *("--today", "2026-01-31", "--report", "jsonl"),
    )
    assert objects(result)[0]["rulesets"] == ["peppol", "en16931", "2026-01-31"]


def test_output_goes_to_a_file(run: Run) -> None:
    result = run("validate", "good.xml", "invalid.xml", "-o", "report.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert Path("report.txt").read_text("utf-8").endswith("1 of 2 valid\n")


def test_text_for_people(run: Run) -> None:
    result = run("validate", "good.xml", "invalid.xml")
    assert result.stdout == (
        "good.xml: valid  (ubl-invoice, en16931)\n"
        "invalid.xml: invalid, 1 fatal  (ubl-invoice, en16931)\n"
        "  fatal BR-CO-10, line 118: The sum of the line net amounts must equal BT-106.\n"
        '    seen: BT-106 "100.00"\n'
        "    fix:  Add up BT-131.\n"
        "    at:   /Invoice/cac:LegalMonetaryTotal[1]\n"
        "\n"
        "1 of 2 valid\n"
    )


@pytest.mark.usefixtures("forked")
@pytest.mark.parametrize("jobs", ["2", "0"])
def test_jobs_keep_the_order(run: Run, jobs: str) -> None:
    names = []
    for number in range(60):
        word = ("good", "invalid", "unreadable")[number % 3]
        names.append(f"{number}.xml")
        Path(names[-1]).write_text(f"<{word}/>" + " " * (5000 if number < 4 else 0))
    result = run("validate", *names, "--report", "jsonl", "--jobs", jobs)
    assert result.exit_code == 2
    assert [item["file"] for item in objects(result)] == names
    assert [item["valid"] for item in objects(result)] == [number % 3 == 0 for number in range(60)]
    assert result.stderr.count("\n") == 20


@pytest.mark.usefixtures("forked")
def test_a_lost_worker_is_told_and_the_others_go_on(run: Run) -> None:
    names = ["good.xml", "exit.xml", "invalid.xml", "kill.xml", "good.xml", *["warning.xml"] * 20]
    result = run("validate", *names, "--report", "jsonl", "--jobs", "2")
    assert result.exit_code == 2
    found = objects(result)
    assert [item["file"] for item in found] == names
    errors = {item["file"]: item["error"] for item in found if item["error"]}
    assert errors == {
        "exit.xml": "Not checked: the worker process ended while it was at this document (exit code 7).",
        "kill.xml": "Not checked: the worker process ended while it was at this document "
        "(SIGKILL, perhaps for lack of memory).",
    }
    assert not any(item["valid"] for item in found if item["error"])
    assert result.stderr.count("\n") == 2


@pytest.mark.usefixtures("forked")
def test_a_wrong_option_stops_the_workers_too(run: Run) -> None:
    result = run("validate", "good.xml", "invalid.xml", "--ruleset", "nonsense", "--jobs", "2")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "billingua: There is no rule set nonsense. Choose en16931.\n"
