"""`billingua pdf`: the container of hybrid invoices; a file a command."""

import click

from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "command"]

COMMANDS = ("embed", "extract", "check", "sign", "verify")
"""The commands in the order of the help page; each is `command` in the module of its name."""


@click.group(
    "pdf",
    cls=LazyGroup,
    package=__name__,
    names=COMMANDS,
    short_help="Put invoices into PDFs, take them out, check PDF/A, sign.",
)
def command() -> None:
    """Hybrid invoices: put one into a PDF, take the files out, check that it is PDF/A, sign it and verify it.

    All offline, but for the time stamps and proofs that a signature asks for.

    \b
    Examples:
      billingua pdf check invoice.pdf
      billingua pdf verify invoice.pdf
    """
