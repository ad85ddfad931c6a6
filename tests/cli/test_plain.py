"""The plainest call, which goes without click: it says and ends as the call that goes with it."""

import subprocess
import sys
from pathlib import Path

import pytest

from billingua.cli.plain import is_plain

SAMPLES = Path(__file__).parents[2] / "samples"
VALID, BROKEN = str(SAMPLES / "standard-rated.ubl.xml"), str(SAMPLES / "broken-total.ubl.xml")


def called(*args: str, **more: object) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "billingua", "validate", *args]
    return subprocess.run(command, stderr=subprocess.PIPE, timeout=60, check=False, **more)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("paths", "status"),
    [
        ([VALID], 0),
        ([VALID, BROKEN], 1),
        ([BROKEN, "missing.xml", VALID], 2),
        (["."], 2),
        ([""], 2),
        (["no-such.xml", "f\u00fcr.xml"], 2),
        ([str(SAMPLES / "README.md")], 2),
    ],
)
def test_it_says_and_ends_as_a_call_with_options(paths: list[str], status: int, tmp_path: Path) -> None:
    plain, optioned = (called(*more, *paths, stdout=subprocess.PIPE, cwd=tmp_path) for more in ([], ["--jobs", "1"]))
    assert (plain.stdout, plain.stderr, plain.returncode) == (optioned.stdout, optioned.stderr, optioned.returncode)
    assert plain.returncode == status
    assert plain.stdout or plain.stderr


@pytest.mark.parametrize(
    ("arguments", "plain"),
    [
        (["validate", "a.xml"], True),
        (["validate", "a.xml", "b.xml"], True),
        (["validate"], False),
        (["validate", "-"], False),
        (["validate", "--help"], False),
        (["validate", "a.xml", "--jobs", "2"], False),
        (["validate", "--", "-a.xml"], False),
        (["detect", "a.xml"], False),
        ([], False),
    ],
)
def test_which_call_is_plain(arguments: list[str], plain: bool) -> None:
    assert is_plain(arguments) is plain


def test_a_shell_that_completes_a_word_goes_on_to_click(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_BILLINGUA_COMPLETE", "bash_complete")
    assert not is_plain(["validate", "a.xml"])


def test_it_goes_without_click() -> None:
    code = (
        f"import sys; from billingua.cli.plain import validate; validate([{VALID!r}]); sys.exit('click' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "wb") as full:
        done = called(BROKEN, stdout=full)
    assert done.returncode == 2
    assert done.stderr.decode().startswith("billingua: The output cannot be written: ")
    assert done.stderr.count(b"\n") == 1


def test_a_closed_standard_error_leaves_standard_output_alone(tmp_path: Path) -> None:
    run = f'"{sys.executable}" -m billingua validate missing.xml 2>&-'
    done = subprocess.run(["sh", "-c", run], stdout=subprocess.PIPE, cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stdout == b"missing.xml: could not be read: There is no such file.\n"
