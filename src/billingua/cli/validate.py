"""`billingua validate`: does a document keep the schema and the rules?"""

import os
from datetime import datetime

import click

from billingua.cli.common import STDIN, read_input, shown
from billingua.cli.reporting import report_on
from billingua.errors import UnreadableInput

__all__ = [
    "command",
    "files_from_option",
    "input_names",
    "jobs_option",
    "paths_argument",
    "report_option",
    "report_output_option",
]

_REPORTS = ("text", "json", "jsonl", "junit", "sarif", "svrl", "html")

paths_argument = click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path())
files_from_option = click.option(
    "--files-from", metavar="FILE|-", help="Read more paths from a file: one a line, or NUL between."
)
report_option = click.option(
    "--report",
    "report_format",
    type=click.Choice(_REPORTS),
    default="text",
    show_default=True,
    help="The form of the report.",
)
report_output_option = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help="Write the report there instead of standard output.",
)
jobs_option = click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Worker processes; 0 is one for each core.",
)


@click.command("validate", short_help="Check documents against schema and rules.")
@paths_argument
@files_from_option
@click.option(
    "--ruleset",
    "rulesets",
    metavar="NAME",
    multiple=True,
    help="A rule set to apply, in place of those the document asks for. May be repeated.",
)
@click.option(
    "--schematron",
    metavar="X.sch|X.xslt",
    multiple=True,
    help="A Schematron schema, or a stylesheet that yields SVRL, to run as well. May be repeated.",
)
@report_option
@report_output_option
@jobs_option
@click.option(
    "--fail-on",
    type=click.Choice(("warning", "error")),
    default="error",
    show_default=True,
    help="The mildest finding for which the exit status is 1.",
)
@click.option(
    "--today",
    metavar="YYYY-MM-DD",
    type=click.DateTime(("%Y-%m-%d",)),
    help="The day to take for today, in rules that compare with it.",
)
def command(
    paths: tuple[str, ...],
    files_from: str | None,
    rulesets: tuple[str, ...],
    schematron: tuple[str, ...],
    report_format: str,
    output: str | None,
    jobs: int,
    fail_on: str,
    today: datetime | None,
) -> int:
    """Check documents: first their structure (XSD), then the business rules.

    PATH is a file; - is standard input. A document is valid when it keeps the schema, breaks no fatal rule,
    and nothing that was asked for was left unchecked.

    Exit status: 0 all valid; 1 something is invalid; 2 an input could not be used.

    \b
    Examples:
      billingua validate invoice.xml
      billingua validate --ruleset en16931 --report jsonl *.xml
      find . -name '*.xml' | billingua validate --files-from - --jobs 4
    """
    names = input_names(paths, files_from)
    from billingua.cli.check import Task

    if schematron:
        from pathlib import Path

        from billingua.schematron import require

        require([Path(name) for name in schematron])
    task = Task(rulesets or None, schematron, today.date() if today else None)
    return report_on(names, task, report_format, output, jobs, fail_on)


def input_names(paths: tuple[str, ...], files_from: str | None) -> list[str]:
    """All inputs in order: those of the command line, then those of the list."""
    names = list(paths)
    if files_from is not None:
        if files_from == STDIN and STDIN in names:
            raise click.UsageError("Standard input cannot be a document and the list of files at once.")
        listed = read_input(files_from)
        lines = listed.split(b"\0") if b"\0" in listed else listed.splitlines()
        names += [os.fsdecode(line) for line in lines if line.strip()]
        if not names:
            raise UnreadableInput("The list names no document.", where=shown(files_from))
    elif not names:
        raise click.UsageError("No document is given.")
    if names.count(STDIN) > 1:
        raise click.UsageError("Standard input can be read only once.")
    return names
