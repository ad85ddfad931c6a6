"""Before anything is sent: is the document valid, what is it, and by when must it be there?"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from billingua.engine.report import Report
from billingua.errors import BillinguaError, SendingError

__all__ = ["Checked", "checked", "ksef_deadline"]


class Checked(NamedTuple):
    """What the check of a document has shown."""

    valid: bool
    message: str
    """Why it is not valid; "" if it is."""
    facts: Mapping[str, Any]
    """Columns of its entry: format, profile, number, issue date, the report."""


def checked(data: bytes, file: str) -> Checked:
    """The verdict on a document, by the rule sets that it asks for, and what it is."""
    from billingua import api

    try:
        report = api.validate(data, name=file)
        content = api.read(data).content if report.valid else None
    except BillinguaError as error:
        return Checked(False, str(error), {})
    number, issued = getattr(content, "number", None), getattr(content, "issue_date", None)
    facts = {
        "format": report.format or "",
        "profile": report.profile or "",
        "number": number if isinstance(number, str) else "",
        "issue_date": issued.isoformat() if isinstance(issued, date) else None,
        "report": report.to_json(),
    }
    return Checked(report.valid, "" if report.valid else _why(report), facts)


def ksef_deadline(data: bytes, mode: str, ended: date | None) -> date:
    """The last day on which an FA(3) invoice issued offline may reach KSeF.

    Args:
        data: the invoice.
        mode: one of `billingua.ksef.MODES`.
        ended: the day the unavailability or the failure ended; the issue date if it is not given.

    Raises:
        SendingError: an invoice issued in this mode is never sent.
        InputError: the bytes are no FA invoice.
        UsageError: there is no such mode.
    """
    from billingua import ksef

    issued = ksef.identity(data).issue_date
    day = ksef.deadline(mode, issued if ended is None or mode == "offline24" else ended)
    if day is None:
        raise SendingError("An invoice issued under total failure is never sent to KSeF.", todo="Leave out the mode.")
    return day


def _why(report: Report) -> str:
    """The first thing that is wrong, and how many more there are."""
    fatal = [finding for finding in report.findings if finding.severity == "fatal"]
    if fatal:
        first = fatal[0]
        place = f", line {first.line}" if first.line is not None else ""
        more = f" And {len(fatal) - 1} more." if len(fatal) > 1 else ""
        return f"{first.rule}{place}: {first.message}{more}"
    return " ".join(f"{one.layer} was not checked: {one.reason}" for one in report.not_checked)
