"""The command `billingua`: a file a command, loaded when it is called.

Nothing here or at the top of a command's module imports more than click, so that help and light commands are
quick.
"""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from billingua import __version__
from billingua.cli.lazy import LazyGroup
from billingua.errors import BillinguaError

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

_UNUSABLE = 2
_INTERRUPTED = 130


class Program(LazyGroup):
    """The group of commands: turns every expected error into one line and status 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader that has left, a full disk and Ctrl-C end it without a traceback."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _leave_stdout()
        except OSError as error:
            _say(f"billingua: The output cannot be written: {error.strerror or error}.")
            _leave_stdout()
        except KeyboardInterrupt:
            raise click.exceptions.Exit(_INTERRUPTED) from None
        else:
            return status
        raise click.exceptions.Exit(_UNUSABLE)

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
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(AttributeError):
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
        try:
            status = super().main(args, prog_name or "billingua", complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            status = _UNUSABLE
        except click.UsageError as error:
            _say(f"{_command(error)}: {error.format_message()} Try '{_command(error)} --help'.")
            status = _UNUSABLE
        except click.ClickException as error:
            _say(f"billingua: {error.format_message()}")
            status = _UNUSABLE
        except BillinguaError as error:
            _say(f"billingua: {error}")
            status = _UNUSABLE
        except click.Abort:
            status = _INTERRUPTED
        sys.exit(status if isinstance(status, int) else 0)


def _command(error: click.UsageError) -> str:
    return error.ctx.command_path if error.ctx is not None else "billingua"


def _say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        click.echo(" ".join(text.split()), err=True)


def _leave_stdout() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, so that the exit is quiet."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    "billingua", cls=Program, package=__name__, names=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
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
