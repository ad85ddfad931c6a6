"""`billingua ksef link`: the link (KOD I) under which anybody can look an invoice up."""

import click

from billingua.cli.common import named, read_input, shown, tell
from billingua.cli.ksef.common import environment_option
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("link", short_help="The verification link of an invoice (KOD I).")
@click.argument("source", metavar="FILE", type=click.Path())
@environment_option
@click.option("--ksef-number", metavar="N", help="The KSeF number, where the invoice has one: the label of its code.")
@json_option
def command(source: str, environment: str, ksef_number: str | None, as_json: bool) -> int:
    """Work out the link of KOD I from the exact bytes of the FA(3) invoice FILE, and the label of its QR code.

    \b
    Example:
      billingua ksef link invoice.fa3.xml --env test
    """
    data = read_input(source)
    from billingua import ksef

    with named(shown(source)):
        code = ksef.invoice_code(data, environment=environment, ksef_number=ksef_number)
    tell({"url": code.url, "label": code.label}, as_json)
    return 0
