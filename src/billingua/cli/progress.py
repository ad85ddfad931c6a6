"""A progress bar on standard error for a person who waits: on a terminal, for several documents."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from billingua.engine.report import Report

__all__ = ["with_progress"]

Print = Callable[[bytes], None]


@contextmanager
def with_progress(
    reports: Iterable[Report], count: int, write: Print, on_terminal: bool
) -> Iterator[tuple[Iterable[Report], Print]]:
    """The same reports and the same printer, beside a bar where one is wanted.

    `on_terminal` says that `write` prints on the terminal as well; then it prints above the bar.
    """
    if count < 2 or not sys.stderr.isatty():
        yield reports, write
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
    from rich.text import Text

    console = Console(stderr=True)
    bar = Progress(
        TextColumn("validating"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        redirect_stdout=False,
    )

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
