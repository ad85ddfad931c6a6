"""`billingua send` and `billingua outbox`: what is printed, exit status, bar, crash."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from billingua.cli import program
from billingua.cli.outbox import COMMANDS
from billingua.errors import SignInFailed
from billingua.remote.outbox import Entry, Outbox, Receipt, courier
from billingua.remote.settings import Service

Run = Callable[..., Result]

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"
GOOD = str(SAMPLES / "standard-rated.ubl.xml")
OTHER = str(SAMPLES / "standard-rated.cii.xml")
BROKEN = str(SAMPLES / "broken-order.ubl.xml")
FA = str(SAMPLES / "invoice.fa3.xml")
SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A current folder of its own, with the outbox in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BILLINGUA_OUTBOX", "outbox.db")
    monkeypatch.setenv("BILLINGUA_SETTINGS", str(tmp_path / "services.toml"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    Path("services.toml").touch()


@pytest.fixture
def run() -> Run:
    return lambda *args: CliRunner().invoke(program, [*args])


def test_sent_and_listed(run: Run) -> None:
    result = run("send", GOOD, BROKEN, "--to", "folder:pickup")
    assert (result.exit_code, result.stderr) == (1, "")
    first, second, why = result.stdout.splitlines()
    assert first == f"{GOOD}: accepted  (entry 1, folder:pickup)"
    assert second == f"{BROKEN}: failed: it is not valid, and was never sent  (entry 2, folder:pickup)"
    assert why.startswith("  SCHEMA, line 8: ")
    [sent] = Path("pickup").glob("*.xml")
    assert sent.read_bytes() == Path(GOOD).read_bytes()

    again = run("send", GOOD, "--to", f"folder:{Path.cwd() / 'pickup'}", "--json")
    assert again.exit_code == 0
    [entry] = json.loads(again.stdout)
    assert (entry["id"], entry["state"], entry["receipt"]["id"]) == (1, "accepted", sent.name)
    assert (entry["number"], entry["format"], entry["submissions"]) == ("2026-1001", "ubl-invoice", 1)

    listed = run("outbox", "list")
    assert listed.exit_code == 0
    assert [line.split()[:2] for line in listed.stdout.splitlines()] == [["1", "accepted"], ["2", "failed"]]
    assert [one["id"] for one in json.loads(run("outbox", "list", "--json", "--state", "failed").stdout)] == [2]


def test_one_entry_and_its_history(run: Run) -> None:
    run("send", GOOD, BROKEN, "--to", "folder:pickup")
    good, broken = run("outbox", "show", "1").stdout, run("outbox", "show", "2").stdout
    assert [line.split()[2] for line in good.splitlines()[-5:]] == [
        "enqueued",
        "validated",
        "submitting",
        "submitted",
        "accepted",
    ]
    assert "number       2026-1001" in good
    assert "finding   fatal SCHEMA, line 8: " in broken
    fields = json.loads(run("outbox", "show", "2", "--json").stdout)
    assert (fields["state"], fields["reason"], fields["documents"]) == ("failed", "invalid", [])
    assert fields["report"]["findings"][0]["rule"] == "SCHEMA"
    assert [step["event"] for step in fields["history"]] == ["enqueued", "not valid"]
    missing = run("outbox", "show", "9")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "There is no entry 9." in missing.stderr


def test_kept_now_and_sent_later(run: Run) -> None:
    kept = run("send", FA, GOOD, "--to", "folder:pickup", "--no-wait", "--offline", "offline24")
    assert kept.exit_code == 2
    assert "no FA invoice" in kept.stderr
    assert "due 2026-11-17" in kept.stdout
    assert not Path("pickup").exists()
    assert "due 2026-11-17" in run("outbox", "list").stdout
    assert "deadline     2026-11-17" in run("outbox", "show", "1").stdout
    ran = run("outbox", "run", "--wait", "0")
    assert (ran.exit_code, ran.stdout.count("accepted")) == (0, 1)
    assert run("outbox", "run").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("send", GOOD), "Missing option '--to'"),
        (("send", GOOD, "--to", "moon"), "no settings for a service 'moon'"),
        (("send", GOOD, "--to", "folder:"), "is no service"),
        (("send", "missing.xml", "--to", "folder:pickup"), "missing.xml: There is no such file."),
        (("send", GOOD, "--to", "folder:pickup", "--ended", "2026-11-01"), "--ended belongs to --offline"),
        (("send", GOOD, "--to", "folder:pickup", "--outbox", "services.toml/x.db"), "cannot be made"),
        (("send", GOOD, "--to", "folder:pickup", "--outbox", FA), "not an outbox"),
        (("outbox", "list"), "There is no outbox."),
        (("outbox", "run"), "There is no outbox."),
        (("outbox", "export"), "There is no outbox."),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...], why: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert why in result.stderr
    assert (result.stdout, result.stderr.count("\n")) == ("", 1)


class Wicket:
    """A service with a key; it refuses the first one."""

    settling = 0.0

    def __init__(self, service: Service) -> None:
        self.key = service.secret("api_key")

    def submit(self, data: bytes, entry: Entry, /) -> Receipt:  # noqa: ARG002
        if self.key == SECRET:
            raise SignInFailed("The service does not know the key.", service="wicket")
        return Receipt("w-1")

    def find(self, entry: Entry, /) -> None:
        """It has nothing."""

    def follow(self, entry: Entry, receipt: Receipt, /) -> object:  # noqa: ARG002
        from billingua.remote.outbox import Answer, Document

        return Answer("rejected", "Wrong\x1b[2J buyer.", (Document("why.txt", "text/plain", b"why"),), {"number": "7"})


def test_an_account_that_cannot_be_used_and_no_secret_anywhere(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "COURIERS", {"wicket": f"{__name__}:Wicket"})
    monkeypatch.setitem(sys.modules, __name__, sys.modules[Wicket.__module__])
    Path("services.toml").write_text('[services.w]\nservice = "wicket"\napi_key_env = "WICKET_KEY"\n')
    unset = run("send", GOOD, "--to", "w")
    assert unset.exit_code == 2
    assert "WICKET_KEY, which should hold the api_key of w, is not there" in unset.stderr
    assert "validated: valid, not yet sent" in unset.stdout
    monkeypatch.setenv("WICKET_KEY", SECRET)
    refused = run("outbox", "run")
    assert refused.exit_code == 2
    assert refused.stderr == "billingua: w: The service does not know the key.\n"
    shown = run("outbox", "show", "1").stdout + run("outbox", "export").stdout + refused.output
    assert SECRET not in shown
    assert not any(SECRET.encode() in path.read_bytes() for path in Path().glob("outbox.db*"))

    monkeypatch.setenv("WICKET_KEY", "another")
    rejected = run("outbox", "run")
    assert rejected.exit_code == 1
    assert rejected.stdout == f"{GOOD}: rejected  (entry 1, w)\n  Wrong\ufffd[2J buyer.\n"
    told = run("outbox", "show", "1").stdout
    assert "receipt      w-1, number 7" in told
    assert "document  why.txt, text/plain, 3 bytes" in told
    retried = run("outbox", "retry", "1", "--json")
    assert (retried.exit_code, json.loads(retried.stdout)[0]["state"]) == (0, "validated")
    assert run("outbox", "retry", "1").exit_code == 2


def test_the_archive(run: Run) -> None:
    run("send", GOOD, OTHER, "--to", "folder:pickup")
    plain = run("outbox", "export")
    assert [json.loads(line)["id"] for line in plain.stdout.splitlines()] == [1, 2]
    done = run("outbox", "export", "--documents", "archive", "-o", "archive.jsonl")
    assert (done.exit_code, done.output) == (0, "")
    lines = [json.loads(line) for line in Path("archive.jsonl").read_text("utf-8").splitlines()]
    assert Path("archive", lines[1]["files"][0]).read_bytes() == Path(OTHER).read_bytes()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_help_page_shows_an_example_that_parses(name: str) -> None:
    result = CliRunner().invoke(program, ["outbox", name, "--help"])
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    [example] = [line for line in lines if line.startswith(f"billingua outbox {name}")]
    command = program.get_command(None, "outbox").get_command(None, name)  # type: ignore[arg-type,union-attr]
    command.make_context(name, example.split()[3:])


def test_a_killed_command_is_gone_on_with(run: Run) -> None:
    """Killed when the document is about to be moved into the folder, and the next one comes an hour later."""
    code = (
        "import os, signal, sys\n"
        "sys.addaudithook(lambda event, _: event == 'os.rename' and os.kill(os.getpid(), signal.SIGKILL))\n"
        f"sys.argv = ['billingua', 'send', {GOOD!r}, '--to', 'folder:pickup']\n"
        "from billingua.cli import main\n"
        "main()\n"
    )
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not list(Path("pickup").glob("*.xml"))
    now = run("outbox", "run", "--wait", "0")
    assert now.exit_code == 1, "another may still be at it"
    assert json.loads(run("outbox", "list", "--json").stdout)[0]["state"] == "submitting"
    later = (
        "import sys, time\n"
        "from billingua.remote.outbox import clock\n"
        "clock.now = lambda: time.time() + 3600\n"
        "sys.argv = ['billingua', 'outbox', 'run']\n"
        "from billingua.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", later], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(list(Path("pickup").glob("*.xml"))) == 1
    with Outbox("outbox.db") as outbox:
        assert [step.event for step in outbox.history(1)][-4:] == ["not there", "being sent", "sent", "accepted"]


def shown_on_terminal(*arguments: str) -> bytes:
    """What the command prints when both its outputs are a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        command = [sys.executable, "-m", "billingua", *arguments]
        os.execve(command[0], command, {**os.environ, "TERM": "xterm"})
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


@pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning")
def test_a_bar_on_a_terminal_and_none_in_a_pipe() -> None:
    shown = shown_on_terminal("send", GOOD, OTHER, "--to", "folder:pickup")
    assert b"sending" in shown
    assert shown.count(b"accepted") == 2
    code = (
        "import atexit, sys\n"
        "atexit.register(lambda: print('rich' in sys.modules, 'lxml' in sys.modules, file=sys.stderr))\n"
        "sys.argv = ['billingua', 'outbox', 'run']\n"
        "from billingua.cli import main\n"
        "main()\n"
    )
    piped = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False)
    assert (piped.stdout, piped.stderr) == (b"", b"False False\n")
