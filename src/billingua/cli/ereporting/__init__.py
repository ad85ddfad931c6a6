"""`billingua ereporting`: reports of transactions and payments to the French portal; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("period", "transactions", "payments")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group("ereporting", cls=LazyGroup, package=__name__, names=COMMANDS, short_help="French e-reporting (flux 10).")
def command() -> None:
    """French e-reporting (flux 10): periods, deadlines, and reports made of invoices and payments. All offline.

    \b
    Example:
      billingua ereporting period --regime monthly --day 2027-03-05
    """
