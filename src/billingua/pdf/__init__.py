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
    from billingua.pdf.signing import sign
    from billingua.pdf.verification import SignatureCheck, Verification, verify

__all__ = ["Embedded", "SignatureCheck", "Verification", "check", "extract", "safe_name", "sign", "verify"]

_HOMES = {
    "Embedded": "pdf.extract",
    "SignatureCheck": "pdf.verification",
    "Verification": "pdf.verification",
    "check": "pdf.check",
    "extract": "pdf.extract",
    "safe_name": "pdf.extract",
    "sign": "pdf.signing",
    "verify": "pdf.verification",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"billingua.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
