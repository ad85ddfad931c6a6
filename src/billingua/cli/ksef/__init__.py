"""`billingua ksef`: what Polish invoices need beside validation; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("hash", "number", "link", "certlink", "verify-link", "qr", "deadline", "pack", "upo")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group("ksef", cls=LazyGroup, package=__name__, names=COMMANDS, short_help="Hash, links, QR codes, packages.")
def command() -> None:
    """Hashes, KSeF numbers, verification links, QR codes, deadlines and packages for the Polish KSeF. All offline.

    \b
    Example:
      billingua ksef link invoice.fa3.xml
    """
