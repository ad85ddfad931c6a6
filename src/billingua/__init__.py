"""billingua: one EN 16931 invoice, every wire language.

    import billingua as bl

    report = bl.validate("invoice.xml")        # the verdict the official artefacts give, with reasons
    document = bl.read("invoice.xml")          # .content is the invoice of the semantic model
    data = bl.write(document.content, "cii")   # bytes on the wire
    converted = bl.convert("invoice.xml", "cii")  # .data and .losses

Everything else loads when it is first used.
"""

from typing import TYPE_CHECKING

from billingua.errors import BillinguaError
from billingua.lazy_names import names_on_use

if TYPE_CHECKING:
    from billingua.api import Detected, convert, detect, read, validate, write
    from billingua.conversion import Converted
    from billingua.engine.document import Document
    from billingua.engine.report import Finding, Report
    from billingua.model import Invoice

__all__ = [
    "BillinguaError",
    "Converted",
    "Detected",
    "Document",
    "Finding",
    "Invoice",
    "Report",
    "convert",
    "detect",
    "read",
    "validate",
    "write",
]

__version__ = "0.1.0"

_HOMES = {
    "Converted": "conversion",
    "Detected": "api",
    "Document": "engine.document",
    "Finding": "engine.report",
    "Invoice": "model",
    "Report": "engine.report",
    "convert": "api",
    "detect": "api",
    "read": "api",
    "validate": "api",
    "write": "api",
}

__getattr__, __dir__ = names_on_use(globals(), _HOMES)
