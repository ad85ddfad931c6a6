"""The group of all commands, and how wrong calls of it end."""

import sys
from collections.abc import Sequence
from functools import partial
from typing import Any

import click

from billingua import __version__
from billingua.cli.ending import INTERRUPTED, UNUSABLE, complain, status_of, take_any_text
from billingua.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "main", "program"]

COMMANDS = (
    "validate",
    "detect",
    "convert",
    "build",
    "show",
    "rules",
    "pdf",
    "ksef",
    "lifecycle",
    "ereporting",
    "send",
    "outbox",
    "sandbox",
)
"""The commands in the order of the help page; each is `command` in the module of its name."""


class Program(LazyGroup):
    """The group of commands."""

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; the exit status."""
        return status_of(partial(super().invoke, ctx))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        take_any_text()
        try:
            status = super().main(args, prog_name or "billingua", complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = UNUSABLE
        except click.UsageError as error:
            complain(f"{_command(error)}: {error.format_message()} Try '{_command(error)} --help'.")
            status = UNUSABLE
        except click.ClickException as error:
            complain(f"billingua: {error.format_message()}")
            status = UNUSABLE
        except click.Abort:
            status = INTERRUPTED
        sys.exit(status if isinstance(status, int) else 0)


def _command(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx is not None else "billingua"


@click.group(
    "billingua",
    cls=Program,
    package="billingua.cli",
    names=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="%(prog)s %(version)s")
def program() -> None:
    """Build, read, validate and convert electronic invoices (EN 16931), offline.

    Exit status: 0 done and valid; 1 done, and something is invalid; 2 the command line or an input could not
    be used.

    \b
    Example:
      billingua validate invoices/*.xml
    """


def main() -> None:
    """Run the command with the arguments of the process."""
    program.main()
