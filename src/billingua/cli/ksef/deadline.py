"""`billingua ksef deadline`: by when an offline invoice must reach KSeF."""

from datetime import datetime

import click

from billingua.cli.common import named, read_input, say, shown, tell
from billingua.cli.options import json_option

__all__ = ["command"]

MODES = ("offline24", "unavailability", "emergency", "total_failure")


@click.command("deadline", short_help="By when an offline invoice must reach KSeF.")
@click.argument("source", metavar="FILE", type=click.Path())
@click.option("--mode", type=click.Choice(MODES), required=True, help="Why the invoice is issued offline.")
@click.option(
    "--ended",
    metavar="YYYY-MM-DD",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The day the unavailability or the failure ended; the issue date if it is not given.",
)
@json_option
def command(source: str, mode: str, ended: datetime | None, as_json: bool) -> int:
    """Work out the last day on which the FA(3) invoice FILE may be sent, over Polish working days.

    With offline24 the days count from the issue date (P_1), otherwise from the day the outage ended.

    \b
    Example:
      billingua ksef deadline invoice.fa3.xml --mode offline24
    """
    data = read_input(source)
    from billingua import ksef

    with named(shown(source)):
        issued = ksef.identity(data).issue_date
    if ended is None and mode in ("unavailability", "emergency"):
        say(shown(source), f"Counted from the issue date {issued}; name the day the outage ended with --ended.")
    day = ksef.deadline(mode, ended.date() if ended is not None and mode != "offline24" else issued)
    tell({"mode": mode, "issue_date": issued, "deadline": day}, as_json)
    return 0
