"""The statuses of the reform: who may set each and send it to whom, and what it needs."""

from functools import cache
from typing import NamedTuple

from billingua.errors import UsageError
from billingua.resources import cells_of, table_beside

__all__ = ["Status", "is_status", "status", "statuses"]


class Status(NamedTuple):
    """A status of the life cycle (MDT-105).

    `label` is its French name (MDT-106), `phase` 305 where a platform sets it and 23 where a party does (MDT-77),
    `status_code` the code of UNTDID 1373 (MDT-88, "" where none is usual). `setters` are the roles that may set it,
    `recipients` those it may go to, the usual one first. `portal` says whether it also goes to the public portal:
    `yes`, `vat` (if VAT is due on payment) or "". `reasons` is `needed`, `allowed` or "". `followers` are the only
    statuses that may come after it, None where it ends nothing.
    """

    code: str
    name: str
    label: str
    phase: str
    status_code: str
    setters: tuple[str, ...]
    recipients: tuple[str, ...]
    portal: str
    reasons: str
    followers: tuple[str, ...] | None

    @property
    def is_technical(self) -> bool:
        """An answer between platforms and portal that leaves the state of the invoice as it is."""
        return self.name.startswith("technical_") or self.name == "status_rejected"


@cache
def statuses() -> tuple[Status, ...]:
    """All statuses, by their codes."""
    return tuple(
        [
            Status(
                *(code, name, label, phase, status_code),
                setters=tuple(setters.split()),
                recipients=tuple(recipients.split()),
                portal=portal,
                reasons=reasons,
                followers=tuple(followers.replace("-", "").split()) if followers else None,
            )
            for code, name, label, phase, status_code, setters, recipients, portal, reasons, followers in cells_of(
                table_beside(__file__, "statuses.tsv")
            )[1:]
        ]
    )


def status(wanted: str | int | Status) -> Status:
    """A status by its code (`"205"`, `205`) or its name (`"approved"`).

    Raises:
        UsageError: there is no such status.
    """
    if isinstance(wanted, Status):
        return wanted
    named = str(wanted).strip().replace("-", "_")
    found = next((one for one in statuses() if named in (one.code, one.name)), None)
    if found is not None:
        return found
    known = ", ".join(f"{one.code} {one.name}" for one in statuses() if not one.is_technical)
    raise UsageError(f"There is no status {named[:40]!r}.", todo=f"There are: {known}; and the technical ones.")


def is_status(text: str) -> bool:
    """Whether a text is the code or name of a status."""
    return any(text.replace("-", "_") in (one.code, one.name) for one in statuses())
