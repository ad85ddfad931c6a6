"""Reports on the way out: what is said of each document, when it is there."""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from billingua.cli.common import STDIN, Output, read_input, say, shown
from billingua.errors import UsageError

if TYPE_CHECKING:
    from billingua.cli.check import Task
    from billingua.engine.report import Report

__all__ = ["report_on"]


def report_on(
    names: Sequence[str],
    task: "Task",
    report_format: str = "text",
    output: str | None = None,
    jobs: int = 1,
    fail_on: str = "error",
) -> int:
    """Check documents and write what is said of them; the exit status. No `jobs` are one for each core."""
    from billingua.cli.check import Input, run

    items = [Input(name, read_input(name) if name == STDIN else None) for name in names]
    workers = min(jobs or os.cpu_count() or 1, len(items))
    _spare_inputs(output, names)
    with Output(output) as sink:
        return _write_reports(run(items, task, workers), len(items), report_format, sink, fail_on)


def _spare_inputs(output: str | None, names: Sequence[str]) -> None:
    """Refuse to write the report over a document that is to be checked."""
    if output is None or not os.path.isfile(output):
        return
    for name in names:
        if name != STDIN and os.path.isfile(name) and os.path.samefile(name, output):
            raise UsageError(
                "The report would overwrite this input.",
                where=shown(name),
                todo="Give another name after -o.",
            )


def _write_reports(reports: Iterator["Report"], count: int, report_format: str, sink: Output, fail_on: str) -> int:
    """Write what is said of each document when it is there; the exit status."""
    from billingua.cli.progress import with_progress
    from billingua.reports import Style, fails, writer

    terminal = sink.standard and sys.stdout.isatty()
    colour = terminal and report_format == "text" and not os.environ.get("NO_COLOR")
    told_there = terminal and report_format == "text" and sys.stderr.isatty()
    made = writer(report_format, Style(several=count != 1, colour=colour, fail_on=fail_on))
    status = 0
    with with_progress(reports, count, sink.write, terminal) as (counted, write):
        sink.write(made.begin().encode())
        for report in counted:
            if report.error is not None:
                status = 2
                if not told_there:
                    say(report.file or STDIN, report.error)
            elif fails(report, fail_on):
                status = max(status, 1)
            write(made.report(report).encode())
    sink.write(made.end().encode())
    return status
