"""`billingua ereporting transactions`: the report of invoices (flux 10.1 and 10.3)."""

from datetime import datetime
from typing import Any, Literal

import click

from billingua.cli.ereporting.common import day_option, finish, head_from, head_options, invoices_from, regime_option
from billingua.cli.options import output_option

__all__ = ["command"]


@click.command("transactions", short_help="The report of the invoices of a period.")
@click.argument("sources", metavar="FILES...", nargs=-1, required=True, type=click.Path())
@regime_option
@day_option
@head_options
@click.option(
    "--mixed", type=click.Choice(("goods", "services")), help="What an invoice for both to a consumer counts as."
)
@output_option
def command(
    sources: tuple[str, ...],
    regime: str,
    day: datetime,
    mixed: Literal["goods", "services"] | None,
    output: str,
    **head: Any,
) -> int:
    """Make the report of the transactions of a period from the invoices FILES.

    Sales to consumers become sums by day, category and rate; international invoices are reported one by one. What is
    left out is told on standard error. A report that the portal's rules refuse is not written.

    \b
    Example:
      billingua ereporting transactions march/*.xml --regime monthly --day 2027-03-05 --id R1 --siren 123456789 \\
        --name Shop --platform 0042 --platform-name Platform -o report.xml
    """
    invoices = invoices_from(sources)
    from billingua.ereporting import period, transactions_report

    days = period(regime, "transactions", day.date())
    made = transactions_report(invoices, days, head_from(head), mixed=mixed or "")
    finish(made, output, days.start, days.deadline)
    return 0
