"""`billingua ksef certlink`: the link (KOD II) that proves who issued an offline invoice."""

from typing import Any

import click

from billingua.cli.common import named, read_input, shown, tell
from billingua.cli.ksef.common import certificate_code, certificate_options, environment_option
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("certlink", short_help="The certificate link of an offline invoice (KOD II).")
@click.argument("source", metavar="FILE", type=click.Path())
@certificate_options
@environment_option
@json_option
def command(source: str, environment: str, as_json: bool, **signing: Any) -> int:
    """Sign the link of KOD II for the FA(3) invoice FILE with the key of an Offline certificate.

    A certificate of type Authentication, one that is not valid today, and a key that belongs to another certificate
    are refused.

    \b
    Example:
      billingua ksef certlink invoice.xml --key own.key --cert own.pem
    """
    data = read_input(source)
    with named(shown(source)):
        code = certificate_code(data, environment, **signing)
    tell({"url": code.url, "label": code.label}, as_json)
    return 0
