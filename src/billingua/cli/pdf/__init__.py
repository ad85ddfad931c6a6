"""`billingua pdf`: the container of hybrid invoices; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("embed", "extract", "check")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group(
    "pdf",
    cls=LazyGroup,
    package=__name__,
    names=COMMANDS,
    short_help="Put invoices into PDFs, take them out, check PDF/A.",
)
def command() -> None:
    """Hybrid invoices: put one into a PDF, take the files out, check that it is PDF/A. All offline.

    \b
    Example:
      billingua pdf check invoice.pdf
    """
