"""The checkout: its top level, the size of its files, and nothing in them about a machine."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "samples",
    "schemas",
    "src",
    "tests",
    "xslt",
}
MADE = {"build", "dist"}
BINARY = {".pdf", ".png"}
LONGEST = 600
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/|[A-Z]:\\\\?Users")


def texts() -> Iterator[tuple[Path, str]]:
    """Every text file that is kept."""
    for top in sorted(TOP):
        path = ROOT / top
        for file in [path] if path.is_file() else sorted(path.rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in file.relative_to(ROOT).parts)
            if file.is_file() and file.suffix not in BINARY and not hidden:
                yield file, file.read_text("utf-8")


def test_the_top_level() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - MADE == TOP


def test_no_module_is_long() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "src").rglob("*.py")
        if (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_no_file_tells_of_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path, text in texts()
        if path != Path(__file__).resolve()
        for number, line in enumerate(text.splitlines(), 1)
        if MACHINE.search(line)
    ]
    assert found == []


def test_text_files_are_tidy() -> None:
    for path, text in texts():
        assert "\r" not in text, path
        assert not text or text.endswith("\n"), path


@pytest.mark.parametrize("folder", ["schemas", "samples"])
def test_folders_that_people_look_into_explain_themselves(folder: str) -> None:
    text = (ROOT / folder / "README.md").read_text("utf-8")
    for path in (ROOT / folder).iterdir():
        if path.name != "README.md":
            assert f"`{path.name}`" in text
