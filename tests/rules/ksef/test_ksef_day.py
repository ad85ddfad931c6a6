"""The day in Warsaw, at the edges of days and of summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.rules.ksef import day
from billingua.rules.ksef.day import day_in_warsaw


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-31T22:59:59", date(2026, 1, 31)),
        ("2026-01-31T23:00:00", date(2026, 2, 1)),
        ("2026-07-31T21:59:59", date(2026, 7, 31)),
        ("2026-07-31T22:00:00", date(2026, 8, 1)),
        ("2026-03-28T23:30:00", date(2026, 3, 29)),  # summer time starts at 1:00 UTC of the 29th
        ("2026-03-29T22:00:00", date(2026, 3, 30)),
        ("2026-10-24T22:30:00", date(2026, 10, 25)),  # it ends at 1:00 UTC of the 25th
        ("2026-10-25T22:30:00", date(2026, 10, 25)),
    ],
)
def test_the_day_changes_at_midnight_in_warsaw(moment: str, expected: date) -> None:
    assert day_in_warsaw(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == expected


@given(st.datetimes(datetime(2024, 1, 1), datetime(2045, 12, 31), timezones=st.just(UTC)))
def test_it_is_the_day_of_the_time_zone_database(moment: datetime) -> None:
    try:
        warsaw = ZoneInfo("Europe/Warsaw")
    except ZoneInfoNotFoundError:
        pytest.skip("this system has no time zone database")
    assert day_in_warsaw(moment) == moment.astimezone(warsaw).date()


def test_today_is_the_current_day_there() -> None:
    now = datetime.now(UTC)
    assert now.date() <= day.today_in_warsaw() <= now.date() + timedelta(days=2)
