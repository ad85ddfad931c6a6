"""`billingua outbox`: what `send` keeps, and what becomes of it; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("list", "show", "run", "retry", "export")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group(
    "outbox", cls=LazyGroup, package=__name__, names=COMMANDS, short_help="What is sent, and what became of it."
)
def command() -> None:
    """The outbox: every document that was given to `billingua send`, what became of it, and what is still to be done.

    It is one file: --outbox, otherwise the variable BILLINGUA_OUTBOX, otherwise outbox.db in the data folder of this
    user.

    \b
    Example:
      billingua outbox list
    """
