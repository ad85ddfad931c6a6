"""`billingua ereporting period`: which days a report is of, and by when it must be sent."""

from datetime import datetime

import click

from billingua.cli.common import tell
from billingua.cli.ereporting.common import day_option, regime_option
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("period", short_help="The reporting period of a day, and its deadline.")
@regime_option
@click.option(
    "--kind",
    type=click.Choice(("transactions", "payments")),
    default="transactions",
    show_default=True,
    help="Of what.",
)
@day_option
@json_option
def command(regime: str, kind: str, day: datetime, as_json: bool) -> int:
    """Work out the reporting period that a day falls into, for a VAT regime, and the last day to send its report.

    \b
    Example:
      billingua ereporting period --regime monthly --day 2027-03-05
    """
    from billingua.ereporting import period

    tell({"regime": regime, "kind": kind, **period(regime, kind, day.date())._asdict()}, as_json)
    return 0
