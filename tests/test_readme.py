"""What the README shows runs as printed, and prints what it shows."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import billingua
from billingua import formats, rules
from billingua.cli import COMMANDS
from billingua.engine.xml import MAX_BYTES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = re.findall(r"^```python\n(.*?)^```$(?:\s+^```text\n(.*?)^```$)?", README, re.MULTILINE | re.DOTALL)
CONSOLE = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
ELAPSED = re.compile(r'("elapsed_ms": |took )[\d.]+')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the samples in it, as a reader of the README has it."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "samples", folder / "samples")
    return folder


def output(folder: Path, *command: str) -> str:
    """All that a command prints, without what differs from run to run."""
    run = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return ELAPSED.sub(r"\g<1>0", run.stdout)


def test_there_are_examples() -> None:
    assert len(PYTHON) >= 2
    assert len(CONSOLE) >= 3


@pytest.mark.parametrize(("code", "printed"), PYTHON, ids=range(len(PYTHON)))
def test_python_blocks_print_what_is_shown(folder: Path, code: str, printed: str) -> None:
    assert output(folder, "-W", "error", "-c", code) == ELAPSED.sub(r"\g<1>0", printed)


@pytest.mark.parametrize("block", CONSOLE, ids=range(len(CONSOLE)))
def test_console_blocks_print_what_is_shown(folder: Path, block: str) -> None:
    shown = ""
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        program, *arguments = shlex.split(command)
        assert program in ("billingua", "python")
        module = ("-m", "billingua") if program == "billingua" else ()
        shown += f"$ {command}\n{output(folder, *module, *arguments)}"
    assert shown == ELAPSED.sub(r"\g<1>0", block)


def test_commands_formats_and_rule_sets_are_those_there_are() -> None:
    for command in COMMANDS:
        assert f"`{command}`" in README or f"billingua {command}" in README
    for form in formats.all_formats():
        for name in form.names:
            assert f"`{name}`" in README
    for ruleset in rules.rulesets():
        [row] = re.findall(rf"^\| `{ruleset.name}` \| .* \| (\S+) \|$", README, re.MULTILINE)
        assert row == ruleset.release


def test_figures_are_those_of_the_program() -> None:
    assert f"{MAX_BYTES // 1024 // 1024} MiB" in README
    assert "Python 3.11 or newer" in README
    assert billingua.__doc__ is not None
