"""The day it is where KSeF is, whatever the clock of the computer is set to."""

from datetime import UTC, date, datetime, timedelta

__all__ = ["day_in_warsaw", "today_in_warsaw"]

_WINTER = timedelta(hours=1)
_SUMMER = timedelta(hours=2)


def today_in_warsaw() -> date:
    """The current day in Warsaw."""
    return day_in_warsaw(datetime.now(UTC))


def day_in_warsaw(moment: datetime) -> date:
    """The day in Warsaw at a moment (in UTC): Central European Time.

    Worked out here, because the time zone database is no part of Python on every system. Summer time lasts from the
    last Sunday of March to that of October, 1:00 UTC each (Directive 2000/84/EC).
    """
    summer = _turn(moment.year, 3) <= moment < _turn(moment.year, 10)
    return (moment + (_SUMMER if summer else _WINTER)).date()


def _turn(year: int, month: int) -> datetime:
    """The last Sunday of a month of 31 days, 1:00 UTC."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)
