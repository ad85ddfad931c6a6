"""Which days a report is of, and by when it must be sent, for each VAT regime."""

from calendar import monthrange
from datetime import date
from typing import Final, NamedTuple

from billingua.errors import UsageError

__all__ = ["KINDS", "REGIMES", "ReportingPeriod", "period"]

KINDS: Final = ("transactions", "payments")
"""What is reported: flux 10.1 and 10.3, or flux 10.2 and 10.4."""

REGIMES: Final = {
    "monthly": "VAT returns by the month: transactions every ten days, payments every month",
    "quarterly": "VAT returns by the quarter: every month",
    "simplified": "the simplified regime: every month, with more time",
    "exempt": "exempt small business (franchise en base): every two months",
}
"""The VAT regimes by name."""

_LAST: Final = 31


class ReportingPeriod(NamedTuple):
    """The first and last day that a report is of, and the last day on which it may be sent."""

    start: date
    end: date
    deadline: date


def period(regime: str, kind: str, day: date) -> ReportingPeriod:
    """The period that a day falls into.

    Args:
        regime: one of `REGIMES`.
        kind: one of `KINDS`.
        day: any day of the period.

    Raises:
        UsageError: there is no such regime or kind.
    """
    if kind not in KINDS:
        raise UsageError(f"There is no report of {kind!r}.", todo=f"Name one of: {', '.join(KINDS)}.")
    match regime:
        case "monthly" if kind == "transactions":
            return _ten_days(day)
        case "monthly" | "quarterly":
            return ReportingPeriod(_on(day, 1), _on(day, _LAST), _on(day, 10, months=1))
        case "simplified":
            return ReportingPeriod(_on(day, 1), _on(day, _LAST), _on(day, _LAST, months=1))
        case "exempt":
            start = _on(day, 1, months=-((day.month - 1) % 2))
            return ReportingPeriod(start, _on(start, _LAST, months=1), _on(start, _LAST, months=2))
    raise UsageError(f"There is no VAT regime {regime!r}.", todo=f"Name one of: {', '.join(REGIMES)}.")


def _ten_days(day: date) -> ReportingPeriod:
    if day.day <= 10:
        return ReportingPeriod(_on(day, 1), _on(day, 10), _on(day, 20))
    if day.day <= 20:
        return ReportingPeriod(_on(day, 11), _on(day, 20), _on(day, _LAST))
    return ReportingPeriod(_on(day, 21), _on(day, _LAST), _on(day, 10, months=1))


def _on(day: date, number: int, months: int = 0) -> date:
    """A day of the month, some months later; the last one where the month has fewer.

    Raises:
        UsageError: it is after the last year that a date can have.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))
    except ValueError:
        raise UsageError(f"There is no period of {day}: its deadline is beyond the calendar.") from None
