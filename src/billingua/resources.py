"""The one place that knows where schemas/ and xslt/ are: in the wheel, or in the checkout beside src/."""

from functools import cache
from pathlib import Path

__all__ = ["data_folder"]

_PACKAGE = Path(__file__).resolve().parent


@cache
def data_folder(name: str) -> Path:
    """The folder `schemas` or `xslt`: `billingua/_data` of an installed wheel, otherwise the top of the checkout."""
    installed = _PACKAGE / "_data" / name
    return installed if installed.is_dir() else _PACKAGE.parent.parent / name
