"""`billingua lifecycle`: the status messages of the French reform; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("new", "show", "next")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group("lifecycle", cls=LazyGroup, package=__name__, names=COMMANDS, short_help="French status messages (CDAR).")
def command() -> None:
    """Status messages of the French life cycle (CDAR): make one, see what several come to, and what may follow.

    \b
    Example:
      billingua lifecycle new invoice.xml refused --reason TX_TVA_ERR -o refused.xml
    """
