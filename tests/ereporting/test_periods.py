"""Periods and deadlines by VAT regime."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua import ereporting
from billingua.errors import UsageError

CASES = [
    ("monthly", "transactions", "2027-03-05", "2027-03-01", "2027-03-10", "2027-03-20"),
    ("monthly", "transactions", "2027-02-20", "2027-02-11", "2027-02-20", "2027-02-28"),
    ("monthly", "transactions", "2027-12-31", "2027-12-21", "2027-12-31", "2028-01-10"),
    ("monthly", "payments", "2027-03-05", "2027-03-01", "2027-03-31", "2027-04-10"),
    ("quarterly", "transactions", "2028-02-29", "2028-02-01", "2028-02-29", "2028-03-10"),
    ("simplified", "payments", "2027-01-31", "2027-01-01", "2027-01-31", "2027-02-28"),
    ("exempt", "transactions", "2027-02-10", "2027-01-01", "2027-02-28", "2027-03-31"),
    ("exempt", "payments", "2027-11-30", "2027-11-01", "2027-12-31", "2028-01-31"),
]


@pytest.mark.parametrize(("regime", "kind", "day", "start", "end", "deadline"), CASES)
def test_the_period_of_a_day(regime: str, kind: str, day: str, start: str, end: str, deadline: str) -> None:
    found = ereporting.period(regime, kind, date.fromisoformat(day))
    assert [str(one) for one in found] == [start, end, deadline]


@given(
    st.sampled_from(sorted(ereporting.REGIMES)),
    st.sampled_from(ereporting.KINDS),
    st.dates(date(2024, 1, 1), date(2099, 12, 31)),
)
def test_periods_cover_the_calendar_without_gaps(regime: str, kind: str, day: date) -> None:
    found = ereporting.period(regime, kind, day)
    assert found.start <= day <= found.end < found.deadline
    after = ereporting.period(regime, kind, found.end + timedelta(1))
    assert after.start == found.end + timedelta(1)
    assert ereporting.period(regime, kind, found.start) == found


@pytest.mark.parametrize(
    ("regime", "kind", "day"),
    [
        ("yearly", "payments", date(2027, 1, 1)),
        ("monthly", "taxes", date(2027, 1, 1)),
        ("exempt", "payments", date.max),
    ],
)
def test_what_there_is_not(regime: str, kind: str, day: date) -> None:
    with pytest.raises(UsageError):
        ereporting.period(regime, kind, day)
