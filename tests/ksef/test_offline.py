"""Deadlines, working days, codes on a printout, technical corrections."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billingua import ksef
from billingua.errors import KsefNumberError, UsageError
from billingua.ksef.offline import is_working_day, public_holidays
from ksef_vectors import vectors

NUMBER = "5265877635-20250826-0100001AF629-AF"


@pytest.mark.parametrize(
    ("mode", "start", "last"),
    [
        ("offline24", date(2026, 3, 2), date(2026, 3, 3)),
        ("offline24", date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday is a working day, Easter Monday is none
        ("offline24", date(2026, 6, 3), date(2026, 6, 5)),  # Corpus Christi
        ("offline24", date(2026, 12, 23), date(2026, 12, 28)),
        ("offline24", date(2024, 12, 23), date(2024, 12, 24)),
        ("unavailability", date(2026, 11, 10), date(2026, 11, 12)),
        ("emergency", date(2025, 7, 12), date(2025, 7, 22)),
        ("emergency", date(2026, 12, 22), date(2027, 1, 5)),
        ("total_failure", date(2026, 3, 2), None),
    ],
)
def test_deadlines(mode: str, start: date, last: date | None) -> None:
    assert ksef.deadline(mode, start) == last
    assert ksef.deadline(mode, start.isoformat()) == last


def test_the_vectors() -> None:
    for one in vectors("deadlines"):
        assert str(ksef.deadline(one["mode"], one["from"])) == str(one["deadline"]), one


@settings(deadline=None)
@given(st.sampled_from(["offline24", "unavailability", "emergency"]), st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_a_deadline_is_a_working_day_with_that_many_before_it(mode: str, start: date) -> None:
    last = ksef.deadline(mode, start)
    assert last is not None
    assert is_working_day(last)
    days = [start + timedelta(number) for number in range(1, (last - start).days + 1)]
    assert sum(map(is_working_day, days)) == ksef.MODES[mode].working_days


def test_public_holidays() -> None:
    moving = {date(2026, 4, 5), date(2026, 4, 6), date(2026, 5, 24), date(2026, 6, 4)}
    fixed = {(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 24), (12, 25), (12, 26)}
    assert public_holidays(2026) == moving | {date(2026, month, day) for month, day in fixed}
    assert date(2024, 12, 24) not in public_holidays(2024)
    easters = {2025: (4, 20), 2027: (3, 28), 2028: (4, 16), 2038: (4, 25), 2049: (4, 18), 2076: (4, 19), 2285: (3, 22)}
    for year, (month, day) in easters.items():
        assert date(year, month, day) in public_holidays(year)


def test_a_failure_meanwhile_moves_the_deadline() -> None:
    start = date(2026, 3, 2)
    failure = (date(2026, 3, 3), date(2026, 3, 5))
    assert ksef.deadline("offline24", start, failures=[failure]) == date(2026, 3, 16)
    again = (date(2026, 3, 16), date(2026, 3, 17))
    assert ksef.deadline("offline24", start, failures=[again, failure]) == date(2026, 3, 26)
    assert ksef.deadline("offline24", start, failures=[again]) == date(2026, 3, 3), "it began too late"
    before = (date(2026, 2, 2), date(2026, 2, 27))
    assert ksef.deadline("offline24", start, failures=[before]) == date(2026, 3, 3), "it had ended"
    assert ksef.deadline("emergency", start, failures=[("2026-03-11", "2026-03-11")]) == date(2026, 3, 20)


def test_a_total_failure_meanwhile_ends_the_duty() -> None:
    start = date(2026, 3, 2)
    assert ksef.deadline("offline24", start, total_failure=date(2026, 3, 3)) is None
    assert ksef.deadline("offline24", start, total_failure=date(2026, 3, 4)) == date(2026, 3, 3)
    assert ksef.deadline("emergency", start, total_failure="2026-03-04") is None


@pytest.mark.parametrize(
    ("mode", "start", "said"),
    [
        ("offline", date(2026, 3, 2), "no offline mode 'offline'.*offline24, unavailability, emergency, total_failure"),
        ("total-failure", date(2026, 3, 2), "no offline mode"),
        (None, date(2026, 3, 2), "no offline mode"),
        ("offline24", "02-03-2026", "'02-03-2026' is no date"),
        ("offline24", "2026-02-30", "is no date"),
        ("offline24", "20260302", "is no date"),
        ("offline24", datetime(2026, 3, 2, 23, 59), "is no date"),
        ("offline24", None, "None is no date"),
        ("total_failure", "tomorrow", "is no date"),
        ("offline24", date(9999, 12, 31), "no calendar"),
    ],
)
def test_what_is_no_mode_or_date_is_refused(mode: Any, start: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ksef.deadline(mode, start)


def test_a_failure_has_an_order() -> None:
    with pytest.raises(UsageError, match="cannot end"):
        ksef.deadline("offline24", date(2026, 3, 2), failures=[(date(2026, 3, 4), date(2026, 3, 3))])


def test_codes_on_a_printout() -> None:
    certificate = ("certificate", "CERTYFIKAT")
    for mode in ("offline24", "unavailability", "emergency"):
        assert ksef.codes_on_printout(mode) == (("invoice", "OFFLINE"), certificate)
        assert ksef.codes_on_printout(mode, NUMBER) == (("invoice", NUMBER), certificate)
    assert ksef.codes_on_printout("total_failure", NUMBER) == ()
    assert ksef.codes_on_printout(None) == (("invoice", "OFFLINE"),)
    assert ksef.codes_on_printout(None, ksef.KsefNumber.parse(NUMBER)) == (("invoice", NUMBER),)
    with pytest.raises(KsefNumberError):
        ksef.codes_on_printout(None, "1")
    with pytest.raises(UsageError, match="no offline mode"):
        ksef.codes_on_printout("online")


@pytest.mark.parametrize(
    ("mode", "status", "content", "allowed", "said"),
    [
        ("offline24", 430, False, True, "hashOfCorrectedInvoice"),
        ("emergency", 450, False, True, "hashOfCorrectedInvoice"),
        ("offline24", 450, True, False, "content"),
        ("offline24", 410, False, False, "permissions"),
        ("unavailability", 440, False, False, "already"),
        ("offline24", 200, False, False, "accepted"),
        ("offline24", 435, False, False, "same file"),
        ("total_failure", 430, False, False, "never sent"),
    ],
)
def test_technical_corrections(mode: str, status: int, content: bool, allowed: bool, said: str) -> None:
    found = ksef.technical_correction(mode, status, content_changes=content)
    assert found.allowed is allowed
    assert said in found.reason


def test_a_status_must_be_one_of_an_invoice() -> None:
    with pytest.raises(UsageError, match=r"7 is no status.*430"):
        ksef.technical_correction("offline24", 7)
