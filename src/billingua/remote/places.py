"""Where the outbox and the settings of services stand when nobody says otherwise."""

import os
import sys
from pathlib import Path

__all__ = ["data_folder", "settings_folder"]

_NAME = "billingua"


def data_folder() -> Path:
    """The folder for what billingua keeps: XDG_DATA_HOME, Application Support or LOCALAPPDATA of this user."""
    return _folder("XDG_DATA_HOME", (".local", "share"), "LOCALAPPDATA")


def settings_folder() -> Path:
    """The folder for settings: XDG_CONFIG_HOME, Application Support or APPDATA of this user."""
    return _folder("XDG_CONFIG_HOME", (".config",), "APPDATA")


def _folder(variable: str, below_home: tuple[str, ...], windows: str) -> Path:
    home = Path(os.path.expanduser("~"))
    if sys.platform == "win32":
        return Path(os.environ.get(windows) or home) / _NAME
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / _NAME
    given = os.environ.get(variable, "")
    return (Path(given) if os.path.isabs(given) else home.joinpath(*below_home)) / _NAME
