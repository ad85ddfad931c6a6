"""Every part of the package has its layer; `lint-imports` then holds the imports to them."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "billingua"
ABOVE_ALL = {"__init__", "__main__"}


def test_every_package_is_in_a_layer() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers"]
    layered = [name for layer in layers for name in layer.replace(":", "|").split("|")]
    named = sorted(name.strip().removeprefix("billingua.") for name in layered)
    parts = {path.stem for path in PACKAGE.glob("*.py")} | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert named == sorted(parts - ABOVE_ALL)


def test_wire_formats_and_rule_sets_do_not_know_their_siblings() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    apart = [set(contract["modules"]) for contract in settings["contracts"] if contract["type"] == "independence"]
    for shelf in ("formats", "rules"):
        folders = {f"billingua.{shelf}.{path.parent.name}" for path in (PACKAGE / shelf).glob("*/__init__.py")}
        assert len(folders) == 1 or folders in apart
