"""`billingua pdf extract`: the files inside a PDF."""

import os

import click

from billingua.cli.common import named, read_input, say, shown
from billingua.errors import UsageError

__all__ = ["command"]


@click.command("extract", short_help="Take the files out of a PDF.")
@click.argument("source", metavar="IN.pdf", type=click.Path())
@click.option("-o", "--output", metavar="DIR", required=True, type=click.Path(), help="The folder to write to.")
def command(source: str, output: str) -> int:
    """Write every file that IN.pdf holds into DIR, which is made if it is not there, and list them.

    A name that would lead out of DIR, or that no system takes, is changed; that is said on standard error. A file that
    is there already is not overwritten.

    \b
    Example:
      billingua pdf extract invoice.pdf -o files
    """
    data = read_input(source)
    from billingua import pdf
    from billingua.engine.shown import printable

    name = shown(source)
    with named(name):
        found = pdf.extract(data, name)
    if not found:
        say(name, "There is no file inside.")
        return 1
    try:
        os.makedirs(output, exist_ok=True)
        for entry in found:
            safe = pdf.safe_name(entry.name)
            path = _write(output, safe, entry.data)
            if os.path.basename(path) != entry.name:
                say(name, f"The file {entry.name!r} is written as {os.path.basename(path)!r}.")
            about = ", ".join(part for part in (entry.mime, entry.relationship, f"{len(entry.data)} bytes") if part)
            click.echo(printable(f"{shown(path)}: {about}"))
    except OSError as error:
        raise UsageError(f"The output cannot be written: {error.strerror or error}.", where=shown(output)) from None
    return 0


def _write(folder: str, name: str, data: bytes) -> str:
    """Write a file that is not there yet, under a name with a number if need be; gives its path."""
    stem, ending = os.path.splitext(name)
    number = 1
    path = os.path.join(folder, name)
    while True:
        try:
            with open(path, "xb") as stream:
                stream.write(data)
        except FileExistsError:
            number += 1
            path = os.path.join(folder, f"{stem}-{number}{ending}")
        else:
            return path
