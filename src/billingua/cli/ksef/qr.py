"""`billingua ksef qr`: the QR codes of an invoice as images."""

from typing import Any

import click

from billingua.cli.common import named, read_input, shown, tell, write_output
from billingua.cli.ksef.common import certificate_code, certificate_options, environment_option
from billingua.cli.options import json_option
from billingua.errors import UsageError

__all__ = ["command"]


@click.command("qr", short_help="The QR code of an invoice as PNG or SVG.")
@click.argument("source", metavar="FILE", type=click.Path())
@click.option("-o", "--output", metavar="OUT.png|OUT.svg", required=True, type=click.Path(), help="The image to write.")
@click.option("--ksef-number", metavar="N", help="The KSeF number, where the invoice has one: the label of KOD I.")
@certificate_options
@environment_option
@json_option
def command(source: str, output: str, ksef_number: str | None, environment: str, as_json: bool, **signing: Any) -> int:
    """Draw KOD I of the FA(3) invoice FILE; with --key and --cert, KOD II. The label stands under the code.

    \b
    Examples:
      billingua ksef qr invoice.xml -o kod1.png
      billingua ksef qr invoice.xml --key own.key --cert own.pem -o kod2.svg
    """
    kind = output.rpartition(".")[2].lower()
    if kind not in ("png", "svg"):
        raise UsageError("The image is a .png or a .svg.", where=shown(output), todo="Name OUT.png or OUT.svg.")
    data = read_input(source)
    from billingua import ksef

    with named(shown(source)):
        if signing["key"] is None and signing["cert"] is None:
            code = ksef.invoice_code(data, environment=environment, ksef_number=ksef_number)
        else:
            code = certificate_code(data, environment, **signing)
    write_output(output, ksef.qr_png(code.url, code.label) if kind == "png" else ksef.qr_svg(code.url, code.label))
    if as_json:
        tell({"url": code.url, "label": code.label, "file": shown(output)}, as_json)
    return 0
