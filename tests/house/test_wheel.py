"""The wheel holds all of the package, the schemas and the stylesheets, and little else."""

import importlib.util
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import billingua

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 2_000_000

pytestmark = pytest.mark.skipif(importlib.util.find_spec("hatchling") is None, reason="needs hatchling")


def files_of(folder: Path, name: str) -> set[str]:
    """The files below a folder as the wheel names them."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {f"{name}/{path.relative_to(folder).as_posix()}" for path in paths}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert built.returncode == 0, built.stderr
    [path] = folder.glob("*.whl")
    return path


def test_the_wheel_is_complete(wheel: Path) -> None:
    expected = files_of(ROOT / "src" / "billingua", "billingua")
    for folder in ("schemas", "xslt"):
        expected |= files_of(ROOT / folder, f"billingua/_data/{folder}")
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        about = {name.partition("/")[2] for name in archive.namelist() if ".dist-info/" in name}
    assert found == expected
    assert {"METADATA", "entry_points.txt", "licenses/LICENSE"} <= about
    assert wheel.stat().st_size < LARGEST


def test_the_wheel_works_by_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    sample = ROOT / "samples" / "standard-rated.ubl.xml"
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import billingua; from billingua.resources import data_folder\n"
        "assert data_folder('schemas').startswith(sys.argv[1])\n"
        "print(billingua.validate(sys.argv[2]).valid)"
    )
    command = [sys.executable, "-c", code, str(tmp_path), str(sample)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (run.stdout, run.stderr) == ("True\n", "")


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == billingua.__version__
    assert billingua.__version__ in (ROOT / "CHANGELOG.md").read_text("utf-8")
