"""`billingua convert`: the same invoice in another format, and what that format cannot carry."""

import click

from billingua.cli.common import named, read_input, say, shown, write_output
from billingua.cli.options import formats_option, output_option, profile_option

__all__ = ["command"]


@click.command("convert", short_help="Write a document in another format.")
@click.argument("source", metavar="IN", type=click.Path())
@formats_option
@profile_option
@output_option
def command(source: str, format_: str, profile: str | None, output: str) -> int:
    """Write the invoice IN in another format. IN may be - for standard input.

    What the target format cannot carry is listed on standard error, a line each; that is no failure.

    \b
    Example:
      billingua convert invoice.xml --to cii -o invoice.cii.xml
    """
    from billingua import api

    name = shown(source)
    with named(name):
        converted = api.convert(read_input(source), format_, profile=profile)
    write_output(output, converted.data)
    for loss in converted.losses:
        value = f' "{loss.value}"' if loss.value else ""
        where = f" ({loss.where})" if loss.where else ""
        say(name, f"lost: {loss.term or 'no term'}{value}{where}: {loss.why.rstrip('.')}.")
    return 0
