"""What callers hand in: dates and optional packages, each refused with one typed error."""

import importlib.util
import re
from datetime import date, datetime

from billingua.errors import MissingExtra, UsageError

__all__ = ["need", "shown", "to_date"]

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 60


def to_date(value: date | str, name: str) -> date:
    """A date, or its text as it stands in P_1 (`YYYY-MM-DD`). A date with a time is refused: its day depends on a zone.

    Raises:
        UsageError: it is neither.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise UsageError(
        f"The {name} {shown(value)} is no date.",
        todo="Give a datetime.date, or a text like 2026-02-01.",
    )


def shown(value: object) -> str:
    """A value as an error shows it."""
    text = repr(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "..."


def need(package: str, purpose: str) -> None:
    """Refuse early when an optional package is not installed.

    Raises:
        MissingExtra: it is not.
    """
    if importlib.util.find_spec(package) is None:
        raise MissingExtra(package, "ksef", purpose)
