"""Where validation runs: in threads, after a fork, in little memory, and without what it does not need."""

import json
import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import billingua as bl

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = sorted(path.name for path in SAMPLES.glob("*.xml"))
MEGABYTE = 1024 * 1024


def verdict(name: str) -> tuple[Any, ...]:
    """What is said of a sample, less the time it took."""
    report = bl.validate(SAMPLES / name)
    return report.valid, report.schema_valid, report.findings, report.not_checked


def in_new_process(code: str, *args: str) -> Any:
    """What a piece of Python prints as JSON, run by itself."""
    command = [sys.executable, "-c", code, *args]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_eight_threads_come_to_the_same_verdicts() -> None:
    alone = [verdict(name) for name in NAMES]
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(lambda _: [verdict(name) for name in NAMES], range(8)):
            assert together == alone


def test_structural_errors_stay_with_their_document() -> None:
    good, broken = (SAMPLES / name for name in ("standard-rated.ubl.xml", "broken-order.ubl.xml"))
    with ThreadPoolExecutor(8) as pool:
        reports = pool.map(bl.validate, [good, broken] * 200)
        assert [len(report.findings) for report in reports] == [0, 1] * 200


def test_threads_may_be_the_first_to_validate() -> None:
    code = """
import json, sys, threading
import billingua as bl
gate, verdicts = threading.Barrier(8), []
def work():
    gate.wait()
    verdicts.append([bl.validate(path).valid for path in sys.argv[1:]])
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps(verdicts))
"""
    paths = [str(SAMPLES / name) for name in NAMES]
    verdicts = in_new_process(code, *paths)
    assert verdicts == [[not name.startswith("broken") for name in NAMES]] * 8


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_fork_after_validation_validates() -> None:
    alone = [verdict(name) for name in NAMES]
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    process = context.Process(target=lambda: theirs.send([verdict(name) for name in NAMES]))
    process.start()
    assert ours.poll(30)
    assert ours.recv() == alone
    process.join(10)
    assert process.exitcode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS is not kept elsewhere")
def test_a_limit_of_address_space_is_enough() -> None:
    code = """
import json, resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
import billingua as bl
print(json.dumps([bl.validate(path).valid for path in sys.argv[2:]]))
"""
    paths = [str(SAMPLES / name) for name in NAMES]
    verdicts = in_new_process(code, str(300 * MEGABYTE), *paths)
    assert verdicts == [not name.startswith("broken") for name in NAMES]


MODULES = """
import json, sys
{code}
print(json.dumps(sorted(sys.modules)))
"""


def loaded_by(code: str) -> set[str]:
    """The modules that are there after a piece of Python in a new process."""
    return set(in_new_process(MODULES.format(code=code)))


def test_importing_the_package_loads_next_to_nothing() -> None:
    loaded = loaded_by("import billingua")
    assert not loaded & {"lxml", "lxml.etree", "msgspec", "click", "rich", "stdnum", "saxonche", "decimal"}
    ours = {name for name in loaded if name.startswith("billingua")}
    assert ours == {"billingua", "billingua.errors", "billingua.lazy_names"}


@pytest.mark.parametrize("name", ["standard-rated.ubl.xml", "standard-rated.cii.xml", "broken-order.ubl.xml"])
def test_validation_loads_only_what_it_needs(name: str) -> None:
    loaded = loaded_by(f"import billingua; billingua.validate({str(SAMPLES / name)!r})")
    assert "lxml.etree" in loaded
    assert not loaded & {
        "saxonche",
        "click",
        "rich",
        "billingua.conversion",
        "billingua.model.invoice",
        "socket",
    }
    other = "cii" if ".ubl." in name else "ubl"
    assert not {module for module in loaded if module.startswith(f"billingua.formats.{other}.")}
    assert f"billingua.rules.en16931.{other}" not in loaded


@pytest.mark.parametrize("arguments", [["--help"], ["validate", "--help"], ["build", "--help"]])
def test_help_loads_neither_the_model_nor_rich(arguments: list[str]) -> None:
    code = f"""
from contextlib import redirect_stdout, suppress
from io import StringIO
sys.argv = ["billingua", *{arguments!r}]
from billingua.cli import main
with redirect_stdout(StringIO()), suppress(SystemExit):
    main()
"""
    loaded = loaded_by(code)
    assert "click" in loaded
    assert not loaded & {"rich", "lxml", "msgspec", "saxonche", "billingua.api", "billingua.model"}


def test_the_command_in_a_pipe_needs_no_progress_bar() -> None:
    code = f"""
from contextlib import redirect_stdout, suppress
from io import StringIO
sys.argv = ["billingua", "detect", {str(SAMPLES / "standard-rated.ubl.xml")!r}]
from billingua.cli import main
with redirect_stdout(StringIO()), suppress(SystemExit):
    main()
"""
    loaded = loaded_by(code)
    assert "lxml.etree" in loaded
    assert not loaded & {"rich", "saxonche", "billingua.model.invoice"}
