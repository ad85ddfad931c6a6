"""Where the data is: schemas/ and xslt/ (in the wheel, or in the checkout beside src/), and tables beside a module.

Plain file names, not `pathlib` or `importlib.resources`: importing those takes longer than judging an invoice.
"""

import os
from functools import cache

__all__ = ["cells_of", "data_folder", "lines_of", "shelf", "table_beside"]

_PACKAGE = os.path.dirname(os.path.abspath(__file__))


@cache
def data_folder(name: str) -> str:
    """The folder `schemas` or `xslt`: `billingua/_data` of an installed wheel, otherwise the top of the checkout."""
    installed = os.path.join(_PACKAGE, "_data", name)
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(os.path.dirname(_PACKAGE)), name)


def table_beside(module: str, name: str) -> str:
    """The text of a table that stands beside a module: `table_beside(__file__, "binding.tsv")`."""
    with open(os.path.join(os.path.dirname(module), name), encoding="utf-8") as table:
        return table.read()


def lines_of(table: str) -> list[str]:
    """The lines of a table, without comments (`#`) and empty ones."""
    return [line for line in table.splitlines() if line and line[0] != "#"]


def cells_of(table: str) -> list[list[str]]:
    """The tab-separated cells of each line of a table."""
    return [line.split("\t") for line in lines_of(table)]


def shelf(module: str) -> tuple[str, ...]:
    """The names of the packages in the folder of a module, sorted: `shelf(__file__)`."""
    with os.scandir(os.path.dirname(module)) as entries:
        return tuple(sorted([one.name for one in entries if os.path.isfile(os.path.join(one.path, "__init__.py"))]))
