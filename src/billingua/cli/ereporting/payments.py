"""`billingua ereporting payments`: the report of payments (flux 10.2 and 10.4)."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from billingua.cli.common import named, read_input, shown
from billingua.cli.ereporting.common import day_option, finish, head_from, head_options, invoices_from, regime_option
from billingua.cli.options import output_option
from billingua.errors import UnreadableInput

if TYPE_CHECKING:
    from billingua.ereporting import Collected
    from billingua.model import Invoice

__all__ = ["command"]

_ROW = re.compile(r"(?P<number>[^;]+);(?P<day>\d{4}-\d\d-\d\d);(?P<amount>-?\d{1,15}(\.\d{1,2})?)", re.ASCII)


@click.command("payments", short_help="The report of the payments of a period.")
@click.argument("sources", metavar="FILES...", nargs=-1, required=True, type=click.Path())
@click.option(
    "--payments",
    metavar="CSV",
    type=click.Path(),
    required=True,
    help="The payments: a line each with the number of the invoice, the day and the amount in euros "
    "(F-1;2027-03-20;120.00).",
)
@regime_option
@day_option
@head_options
@output_option
def command(sources: tuple[str, ...], payments: str, regime: str, day: datetime, output: str, **head: Any) -> int:
    """Make the report of the payments of a period, for the invoices FILES.

    Each payment is shared out over the rates of its invoice. What is left out is told on standard error. A report that
    the portal's rules refuse is not written.

    \b
    Example:
      billingua ereporting payments march/*.xml --payments paid.csv --regime monthly --day 2027-03-05 --id R2 \\
        --siren 123456789 --name Shop --platform 0042 --platform-name Platform -o report.xml
    """
    invoices = {invoice.number or "": invoice for invoice in invoices_from(sources)}
    with named(shown(payments)):
        collected = _read(read_input(payments), invoices)
    from billingua.ereporting import payments_report, period

    days = period(regime, "payments", day.date())
    finish(payments_report(collected, days, head_from(head)), output, days.start, days.deadline)
    return 0


def _read(data: bytes, invoices: "dict[str, Invoice]") -> "list[Collected]":
    from billingua.ereporting import Collected

    found = []
    for count, line in enumerate(data.decode("utf-8-sig", "replace").splitlines(), 1):
        if not line.strip():
            continue
        row = _ROW.fullmatch(line.strip())
        try:
            day = date.fromisoformat(row["day"]) if row else None
        except ValueError:
            day = None
        if row is None or day is None:
            raise UnreadableInput(
                f"Line {count} is no payment.", todo="Write number;day;amount, such as F-1;2027-03-20;120.00."
            )
        invoice = invoices.get(row["number"])
        if invoice is None:
            raise UnreadableInput(
                f"Line {count} is for invoice {row['number']}, which is not among the files.", todo="Name its file too."
            )
        found.append(Collected(invoice, day, Decimal(row["amount"])))
    return found
