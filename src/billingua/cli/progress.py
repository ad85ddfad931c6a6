"""A progress bar on standard error for a person who waits: on a terminal, for several documents."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from billingua.engine.report import Report

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

__all__ = ["counted", "with_progress"]

Print = Callable[[bytes], None]


@contextmanager
def with_progress(
    reports: Iterable[Report], count: int, write: Print, on_terminal: bool
) -> Iterator[tuple[Iterable[Report], Print]]:
    """The same reports and the same printer, beside a bar where one is wanted.

    `on_terminal` says that `write` prints on the terminal as well; then it prints above the bar.
    """
    if not _wanted(count):
        yield reports, write
        return
    from rich.text import Text

    bar, console = _bar("validating")

    def above(data: bytes) -> None:
        if data:
            console.print(Text.from_ansi(data.decode()), soft_wrap=True)

    def counted() -> Iterator[Report]:
        each = iter(reports)
        first = next(each, None)
        with bar:
            job = bar.add_task("", total=count)
            while first is not None:
                bar.advance(job)
                yield first
                first = next(each, None)

    yield counted(), above if on_terminal else write


@contextmanager
def counted(label: str, count: int) -> Iterator[Callable[[], None]]:
    """What to call when one of `count` is done, beside a bar where one is wanted."""
    if not _wanted(count):
        yield lambda: None
        return
    bar, _ = _bar(label)
    with bar:
        job = bar.add_task("", total=count)
        yield lambda: bar.advance(job)


def _wanted(count: int) -> bool:
    return count > 1 and sys.stderr.isatty()


def _bar(label: str) -> "tuple[Progress, Console]":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    bar = Progress(
        TextColumn(label),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
    )
    return bar, console
