"""The command as a whole: help, what it imports, pipes, signals, terminals. Real processes."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import billingua.cli
from billingua.cli import COMMANDS, program

HEAVY = (
    "rich",
    "saxonche",
    "lxml",
    "msgspec",
    "multiprocessing",
    "asyncio",
    "billingua.model",
    "billingua.engine",
)
BAD = [sys.executable, "-m", "billingua", "validate", "missing-1.xml", "missing-2.xml"]


def call(*args: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "billingua", *args]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, **more)  # type: ignore[call-overload,no-any-return]


def imported(*args: str) -> list[str]:
    """The heavy modules that a call of the command loads."""
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['billingua', *{args!r}]\n"
        "from billingua.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    return json.loads(done.stderr.decode().splitlines()[-1].replace("'", '"'))  # type: ignore[no-any-return]


@pytest.mark.parametrize("args", [("--help",), ("validate", "--help"), ("rules", "--help"), ("nonsense",)])
def test_help_loads_nothing_heavy(args: tuple[str, ...]) -> None:
    assert imported(*args) == []


def test_a_plain_run_loads_no_optional_package() -> None:
    assert not {"rich", "saxonche", "multiprocessing", "asyncio"} & set(imported("validate", "missing.xml"))


def test_help_names_every_command_once() -> None:
    page = CliRunner().invoke(program, ["--help"]).stdout
    assert all(page.count(f"\n  {name} ") == 1 for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_page_shows_an_example_that_parses(name: str) -> None:
    result = CliRunner().invoke(program, [name, "--help"])
    assert result.exit_code == 0
    lines = [line.strip() for line in result.stdout.splitlines()]
    examples = [line for line in lines if f"billingua {name} " in line and not line.startswith("Usage")]
    assert examples
    assert max(map(len, lines)) <= 80
    command = program.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    for example in examples:
        words = example.split(f"billingua {name} ")[1].split(" > ")[0].split()
        command.make_context(name, words)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nonsense"], "billingua: No such command 'nonsense'."),
        (["validate", "--nonsense"], "billingua validate: No such option"),
        (["convert", "a.xml"], "billingua convert: Missing option '--to'."),
        (["--nonsense"], "billingua: No such option"),
    ],
)
def test_a_wrong_call_is_one_line(args: list[str], said: str) -> None:
    result = CliRunner().invoke(program, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(said)
    assert result.stderr.count("\n") == 1


def test_version() -> None:
    result = CliRunner().invoke(program, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"billingua {billingua.__version__}\n")


def test_without_a_command_the_help_is_shown() -> None:
    result = CliRunner().invoke(program, [])
    assert result.exit_code == 2
    assert "Usage: billingua" in result.stderr


def test_output_is_utf_8_whatever_the_locale() -> None:
    name = "f\N{LATIN SMALL LETTER U WITH DIAERESIS}r.xml"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = call("validate", os.fsencode(name), "--report", "jsonl", env=environment)  # type: ignore[arg-type]
    assert done.returncode == 2
    assert json.loads(done.stdout)["file"] == name
    assert done.stderr.decode() == f"billingua: {name}: There is no such file.\n"


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    done = call("validate", b"\xff\x1b[2J.xml", "--report", "jsonl", cwd=tmp_path)  # type: ignore[arg-type]
    assert done.returncode == 2
    assert json.loads(done.stdout.decode("utf-8"))["valid"] is False
    assert b"\x1b" not in done.stderr


def test_a_reader_that_leaves_is_no_traceback(tmp_path: Path) -> None:
    Path(tmp_path, "list.txt").write_text("".join(f"missing-{n}.xml\n" for n in range(20_000)))
    command = [sys.executable, "-m", "billingua", "validate", "--files-from", "list.txt", "--report", "jsonl"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b'{"file":"missing-0.xml"')
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(30) == 2
    assert b"Traceback" not in said
    assert b"Exception ignored" not in said
    assert said.count(b"\n") < 20_000


@pytest.mark.parametrize("options", [[], ["--report", "jsonl"]], ids=["plain", "with options"])
def test_an_interrupt_is_quiet(options: list[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "waits.xml")
    command = [sys.executable, "-m", "billingua", "validate", "missing.xml", "waits.xml", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b"billingua: missing.xml: There is no such file.\n"


def on_terminal(command: list[str], cwd: Path, **environment: str) -> bytes:
    """What a process prints when both its outputs are a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(cwd)
        os.execve(command[0], command, {**os.environ, "TERM": "xterm", **environment})
    shown = b""
    while select.select([terminal], [], [], 30)[0]:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(terminal)
    os.waitpid(pid, 0)
    return shown


def test_a_terminal_gets_colour_and_a_bar(tmp_path: Path) -> None:
    shown = on_terminal(BAD, tmp_path)
    assert b"validating" in shown
    assert b"\x1b[31;1m" in shown
    assert b"0 of 2 valid, 2 could not be read" in shown
    assert shown.count(b"There is no such file.") == 2


def test_no_color_is_respected(tmp_path: Path) -> None:
    shown = on_terminal(BAD[:-1], tmp_path, NO_COLOR="1")
    assert shown == b"missing-1.xml: could not be read: There is no such file.\r\n"


def test_a_pipe_gets_neither(tmp_path: Path) -> None:
    done = call("validate", "missing-1.xml", "missing-2.xml", cwd=tmp_path)
    assert b"\x1b" not in done.stdout + done.stderr
    assert b"validating" not in done.stderr
