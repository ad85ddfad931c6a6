"""Offline invoices: what each mode asks for, by when an invoice must reach KSeF, and what its printout shows.

Working days are Monday to Friday without the public holidays of Poland, as they are since 2025 (with 24 December).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Final, NamedTuple

from billingua.errors import UsageError
from billingua.identifiers.ksef_number import KsefNumber
from billingua.ksef.values import shown, to_date

__all__ = [
    "MODES",
    "Code",
    "Correction",
    "Mode",
    "codes_on_printout",
    "deadline",
    "is_working_day",
    "public_holidays",
    "technical_correction",
]


class Mode(NamedTuple):
    """A way to issue an invoice while KSeF is not reached."""

    working_days: int | None
    """So many working days there are to send the invoice; None when it is never sent."""
    counted_from: str
    title: str
    legal_basis: str
    """In the VAT Act."""


MODES: Final = {
    "offline24": Mode(1, "issue date (P_1)", "the taxpayer's own choice", "art. 106nda"),
    "unavailability": Mode(1, "day on which it ended", "announced maintenance of KSeF", "art. 106nh"),
    "emergency": Mode(7, "day on which it ended", "announced failure of KSeF", "art. 106nf"),
    "total_failure": Mode(None, "", "failure announced in public media", ""),
}
"""The modes by name. Only under total failure there is no duty to send and there are no codes."""

_AFTER_FAILURE: Final = 7
_FIXED: Final = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
_MOVING: Final = (0, 1, 49, 60)
"""Days after Easter Sunday: itself, Monday, Pentecost, Corpus Christi."""
_CHRISTMAS_EVE_SINCE: Final = 2025


class Code(NamedTuple):
    """A QR code that a printout shows."""

    kind: str
    """`invoice` (KOD I) or `certificate` (KOD II)."""
    label: str
    """What stands under it."""


class Correction(NamedTuple):
    """Whether a rejected invoice may be sent as a technical correction, and why."""

    allowed: bool
    reason: str


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Poland in a year."""
    easter = _easter(year)
    days = {date(year, month, day) for month, day in _FIXED} | {easter + timedelta(days) for days in _MOVING}
    return frozenset(days | {date(year, 12, 24)} if year >= _CHRISTMAS_EVE_SINCE else days)


def is_working_day(day: date) -> bool:
    """Whether a day is from Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


def deadline(
    mode: str,
    issue_date: date | str,
    *,
    failures: Iterable[tuple[date | str, date | str]] = (),
    total_failure: date | str | None = None,
) -> date | None:
    """The last day on which an offline invoice may reach KSeF; None when it need not be sent.

    Args:
        mode: one of `MODES`.
        issue_date: P_1 for `offline24`; for `unavailability` and `emergency` the day on which that ended.
        failures: first and last day of each failure that was announced meanwhile: one that begins while the invoice
            waits gives seven working days from its end, and so does the next one.
        total_failure: the day on which a total failure was announced: it ends the duty of an invoice that waits.

    Raises:
        UsageError: there is no such mode, or a date is none.
    """
    rule = _mode(mode)
    start = to_date(issue_date, "issue date")
    if rule.working_days is None:
        return None
    last = _after(start, rule.working_days)
    for begins, ends in sorted((to_date(a, "first day"), to_date(b, "last day")) for a, b in failures):
        if ends < begins:
            raise UsageError(f"A failure cannot end ({ends}) before it begins ({begins}).")
        if begins <= last and ends >= start:
            last = max(last, _after(ends, _AFTER_FAILURE))
    if total_failure is not None and start <= to_date(total_failure, "day of the total failure") <= last:
        return None
    return last


def codes_on_printout(mode: str | None, ksef_number: KsefNumber | str | None = None) -> tuple[Code, ...]:
    """The codes on a printout of an invoice, and the label under each. A mode of None is an invoice sent online.

    Raises:
        UsageError: there is no such mode.
        KsefNumberError: the number is none.
    """
    if mode is not None and _mode(mode).working_days is None:
        return ()
    if not isinstance(ksef_number, KsefNumber | None):
        ksef_number = KsefNumber.parse(ksef_number)
    invoice = Code("invoice", "OFFLINE" if ksef_number is None else str(ksef_number))
    return (invoice,) if mode is None else (invoice, Code("certificate", "CERTYFIKAT"))


_NOT_CORRECTED: Final = {
    100: "KSeF is still working on it.",
    150: "KSeF is still working on it.",
    200: "KSeF accepted it: it has a number. Change it by a correcting invoice.",
    405: "The session failed, not the invoice: send the same file again.",
    410: "The permissions are missing: a technical correction does not mend that.",
    415: "The invoice may not have an attachment: a technical correction does not mend that.",
    435: "It could not be decrypted: send the same file again.",
    440: "A good invoice of this seller, kind and number is in KSeF already.",
    500: "KSeF failed, not the invoice: send the same file again.",
    550: "KSeF gave up, not because of the invoice: send the same file again.",
}
_CORRECTED: Final = (430, 450)


def technical_correction(mode: str, status: int, *, content_changes: bool = False) -> Correction:
    """Whether an offline invoice that KSeF rejected may be sent again with another technical form.

    It is sent in an interactive session with `offlineMode` true and the hash of the rejected file as
    `hashOfCorrectedInvoice`; the code on the old printout then leads to it.

    Args:
        mode: one of `MODES`.
        status: the status of the rejected invoice in KSeF, such as 430 (file) or 450 (meaning).
        content_changes: whether anything that the invoice says would change.

    Raises:
        UsageError: there is no such mode, or the status is none of an invoice.
    """
    if _mode(mode).working_days is None:
        return Correction(False, "An invoice issued under total failure is never sent.")
    if status in _NOT_CORRECTED:
        return Correction(False, _NOT_CORRECTED[status])
    if status not in _CORRECTED:
        known = ", ".join(str(one) for one in sorted([*_NOT_CORRECTED, *_CORRECTED]))
        raise UsageError(f"{shown(status)} is no status of an invoice in KSeF.", todo=f"They are: {known}.")
    if content_changes:
        return Correction(False, "The content must stay as it is; only the technical form may change.")
    return Correction(True, "Send it with the hash of the rejected file as hashOfCorrectedInvoice.")


def _mode(name: str) -> Mode:
    mode = MODES.get(name) if isinstance(name, str) else None
    if mode is None:
        raise UsageError(f"There is no offline mode {shown(name)}.", todo=f"The modes are: {', '.join(MODES)}.")
    return mode


def _after(day: date, working_days: int) -> date:
    try:
        while working_days:
            day += timedelta(1)
            working_days -= is_working_day(day)
    except (OverflowError, ValueError):
        raise UsageError(f"There is no calendar after {day}.") from None
    return day


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar."""
    golden, century = year % 19, year // 100
    moon = (century - century // 4 - (8 * century + 13) // 25 + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))
