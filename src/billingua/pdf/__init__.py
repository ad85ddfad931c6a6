"""PDF: the container of hybrid invoices, and what makes one PDF/A.

    from billingua import pdf

    report = pdf.check(Path("invoice.pdf").read_bytes(), "3b")   # is it PDF/A-3b? (ISO 19005-3)

This needs the packages pikepdf and fonttools: the extra `pdf`. Everything loads when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from billingua.pdf.check import check
    from billingua.pdf.extract import Embedded, extract, safe_name

__all__ = ["Embedded", "check", "extract", "safe_name"]

_HOMES = {
    "Embedded": "pdf.extract",
    "check": "pdf.check",
    "extract": "pdf.extract",
    "safe_name": "pdf.extract",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"billingua.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
