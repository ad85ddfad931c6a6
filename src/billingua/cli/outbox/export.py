"""`billingua outbox export`: everything as JSON lines, and the documents into a folder."""

import json

import click

from billingua.cli.common import Output
from billingua.cli.outbox.common import outbox_option

__all__ = ["command"]


@click.command("export", short_help="Everything as JSON lines.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    default="-",
    help="Where to write; standard output if not given.",
)
@click.option("--documents", metavar="DIR", type=click.Path(), help="A folder for the bytes sent and those received.")
@outbox_option
def command(output: str, documents: str | None, path: str | None) -> int:
    """Write every entry with its history and its report, one JSON object a line.

    With --documents, DIR receives the exact bytes of each entry and what the service gave for it; the objects then say
    in "files" which those are.

    \b
    Example:
      billingua outbox export --documents archive -o archive.jsonl
    """
    from billingua.remote.outbox import Outbox
    from billingua.remote.outbox.export import exported

    with Outbox(path, create=False) as outbox, Output(output) as sink:
        for fields in exported(outbox, documents):
            sink.write(json.dumps(fields, ensure_ascii=False).encode() + b"\n")
    return 0
