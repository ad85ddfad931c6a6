"""`billingua pdf check`: is a PDF file PDF/A?"""

import click

from billingua.cli.reporting import report_on
from billingua.cli.validate import (
    files_from_option,
    input_names,
    jobs_option,
    paths_argument,
    report_option,
    report_output_option,
)

__all__ = ["command"]

_FLAVOURS = ("3b", "3u", "3a", "2b", "2u", "2a")


@click.command("check", short_help="Is a PDF file PDF/A?")
@paths_argument
@files_from_option
@click.option(
    "--flavour",
    type=click.Choice(_FLAVOURS),
    default="3b",
    show_default=True,
    help="Part and level of PDF/A: b looks the same everywhere, u has its text in Unicode, a is tagged as well.",
)
@report_option
@report_output_option
@jobs_option
def command(
    paths: tuple[str, ...], files_from: str | None, flavour: str, report_format: str, output: str | None, jobs: int
) -> int:
    """Check PDF files against PDF/A (ISO 19005-2 and -3), clause by clause.

    PATH is a file; - is standard input. Findings name the clause, the object and the page; `billingua rules`
    explains each of them.

    Exit status: 0 all are PDF/A of the flavour; 1 one is not; 2 an input could not be used.

    \b
    Examples:
      billingua pdf check invoice.pdf
      billingua pdf check --flavour 3a --report jsonl *.pdf
    """
    names = input_names(paths, files_from)
    from billingua.cli.check import Task

    return report_on(names, Task(flavour=flavour), report_format, output, jobs)
