"""`billingua ksef number`: is this a KSeF number?"""

import click

from billingua.cli.common import tell
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("number", short_help="Check a KSeF number and take it apart.")
@click.argument("number", metavar="NUMBER")
@json_option
def command(number: str, as_json: bool) -> int:
    """Check the form, the date and the checksum of a KSeF number.

    Exit status: 0 right; 1 wrong, with the reason.

    \b
    Example:
      billingua ksef number 5265877635-20250826-0100001AF629-AF
    """
    from billingua import ksef

    fields: dict[str, object] = {"number": number, "valid": True, "reason": None}
    try:
        found = ksef.KsefNumber.parse(number)
    except ksef.KsefNumberError as error:
        tell({**fields, "valid": False, "reason": f"{error.what} {error.todo}".strip()}, as_json)
        return 1
    tell({**fields, "nip": found.nip, "date": found.date, "checksum": found.checksum}, as_json)
    return 0
