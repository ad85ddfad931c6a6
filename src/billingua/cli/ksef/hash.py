"""`billingua ksef hash`: the hash under which KSeF knows a file."""

import click

from billingua.cli.common import named, read_input, shown, tell
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("hash", short_help="The SHA-256 of a file, as KSeF writes it.")
@click.argument("source", metavar="FILE", type=click.Path())
@json_option
def command(source: str, as_json: bool) -> int:
    """Hash the exact bytes of FILE with SHA-256: as Base64 (API, receipts), Base64url (links) and hexadecimal.

    \b
    Example:
      billingua ksef hash invoice.fa3.xml
    """
    data = read_input(source)
    from billingua import ksef

    with named(shown(source)):
        found = ksef.invoice_hash(data)
    tell({"base64": found.base64, "base64url": found.base64url, "hex": found.hex, "size": found.size}, as_json)
    return 0
