"""The command `billingua` as a process of its own, also run by `python -m billingua`."""

import gc
import os
import sys

__all__ = ["start"]

_BUSY = frozenset({"concurrent.futures", "coverage", "multiprocessing", "rich"})
"""Modules that have something to do when the process ends."""


def start() -> None:
    """Run the command, and end the process without taking the heap apart.

    Python would spend more time on that than on judging an invoice. It is left to do so where modules are loaded that
    have something to do at the end, or where the output cannot be written. The garbage collector is off, as most runs
    end before it pays; `cli.check` turns it on before a second document.
    """
    gc.disable()
    from billingua.cli.plain import is_plain, validate

    arguments = sys.argv[1:]
    try:
        if is_plain(arguments):
            raise SystemExit(validate(arguments[1:]))
        from billingua.cli import main

        main()
    except SystemExit as end:
        _leave_at_once(end.code)
        raise


def _leave_at_once(status: str | int | None) -> None:
    if isinstance(status, str) or not _BUSY.isdisjoint(sys.modules):
        return
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(status or 0)


if __name__ == "__main__":
    start()
