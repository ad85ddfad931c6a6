"""`billingua ksef upo`: is this the receipt for these invoices?"""

import json

import click

from billingua.cli.common import named, read_input, shown
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("upo", short_help="Match a receipt (UPO) with invoices.")
@click.argument("receipt", metavar="UPO.xml", type=click.Path())
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@json_option
def command(receipt: str, paths: tuple[str, ...], as_json: bool) -> int:
    """Find each FA(3) invoice FILE, exactly as it was sent, in a receipt of KSeF, and tell its KSeF number.

    Hash, seller, number and date must be those of the receipt. The signature of the receipt is not verified.

    Exit status: 0 all are in it; 1 one is not, or differs, with the reason.

    \b
    Example:
      billingua ksef upo upo.xml invoice.fa3.xml
    """
    data = read_input(receipt)
    from billingua import api, ksef

    with named(shown(receipt)):
        stated = api.read(data).content
    status = 0
    for path in paths:
        name = shown(path)
        invoice = read_input(path)
        with named(name):
            found = ksef.match_receipt(stated, invoice)
        status = max(status, 1 if found.problems else 0)
        reason = " ".join(found.problems) or None
        if as_json:
            fields = {"file": name, "valid": not found.problems, "ksef_number": found.ksef_number, "reason": reason}
            click.echo(json.dumps(fields, ensure_ascii=False))
        else:
            click.echo(f"{name}: {reason or found.ksef_number}")
    return status
