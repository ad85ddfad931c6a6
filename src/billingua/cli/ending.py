"""How a command ends: every expected error becomes one line and an exit status."""

import contextlib
import os
import sys
from collections.abc import Callable

from billingua.errors import BillinguaError

__all__ = ["INTERRUPTED", "UNUSABLE", "complain", "status_of", "take_any_text"]

UNUSABLE = 2
"""The command line or an input could not be used."""

INTERRUPTED = 130


def take_any_text() -> None:
    """Let the standard streams take any text, whatever the system thinks of it."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def status_of(run: Callable[[], object]) -> int:
    """Run a command, and say why it ended if it was not done: it is done with the status that it returns (None: 0).

    A reader that has left, a full disk and Ctrl-C end it without a traceback.
    """
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_stdout()
    except OSError as error:
        complain(f"billingua: The output cannot be written: {error.strerror or error}.")
        _leave_stdout()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BillinguaError as error:
        complain(f"billingua: {error}")
    else:
        return status if isinstance(status, int) else 0
    return UNUSABLE


def complain(text: str) -> None:
    """One line on standard error."""
    if sys.stderr is not None:
        with contextlib.suppress(BrokenPipeError):
            print(" ".join(text.split()), file=sys.stderr, flush=True)


def _leave_stdout() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, so that the exit is quiet."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
