"""`billingua pdf`: the container of hybrid invoices; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("check",)
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group("pdf", cls=LazyGroup, package=__name__, names=COMMANDS, short_help="Check PDF/A.")
def command() -> None:
    """PDF files: are they PDF/A? All offline.

    \b
    Example:
      billingua pdf check invoice.pdf
    """
