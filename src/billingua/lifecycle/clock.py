"""French time: a life-cycle message can say no time zone, so its moments are local ones."""

from datetime import UTC, datetime, timedelta

__all__ = ["local", "now"]


def now() -> datetime:
    """The current moment in France, to the second."""
    return local(datetime.now(UTC)).replace(microsecond=0)


def local(moment: datetime) -> datetime:
    """A moment as the clocks of France show it; one without a time zone is taken to be that already.

    Worked out here, because the time zone database is no part of Python on every system. Summer time lasts from the
    last Sunday of March to that of October, 1:00 UTC each (Directive 2000/84/EC).
    """
    if moment.tzinfo is None:
        return moment
    universal = moment.astimezone(UTC).replace(tzinfo=None)
    summer = _turn(universal.year, 3) <= universal < _turn(universal.year, 10)
    return universal + timedelta(hours=2 if summer else 1)


def _turn(year: int, month: int) -> datetime:
    """The last Sunday of a month of 31 days, 1:00."""
    last = datetime(year, month, 31, 1)
    return last - timedelta(days=last.isoweekday() % 7)
