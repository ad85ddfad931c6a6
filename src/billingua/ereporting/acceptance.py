"""Whether the portal takes a report: nothing is handed out that its schema or its rules refuse."""

import re

from billingua.api import validate, write
from billingua.errors import InvalidModel
from billingua.formats.ereporting.model import EReport

__all__ = ["accepted"]

_INVOICE = re.compile(r"/(?:Transactions|Payments)Report\[1\]/Invoice\[(\d+)\]")


def accepted(report: EReport) -> EReport:
    """The report, if it keeps its schema and the rules of the portal (fr-flux10).

    Raises:
        InvalidModel: it does not; the invoice and the first rule are named.
    """
    findings = validate(write(report, "ereporting")).findings
    if not findings:
        return report
    first = findings[0]
    others = ", ".join(dict.fromkeys(one.rule for one in findings if one.rule != first.rule))
    raise InvalidModel(
        f"The portal refuses {_refused(report, first.path)} by {first.rule}: {first.message}",
        todo=f"Mend what the report is made of, or leave it out.{f' Also broken: {others}.' if others else ''}",
    )


def _refused(report: EReport, path: str) -> str:
    """The invoice at a path, or the report."""
    part, found = report.transactions or report.payments, _INVOICE.search(path)
    return f"invoice {part.invoices[int(found[1]) - 1].number}" if part and found else "the report"
