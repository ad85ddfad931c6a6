"""`billingua pdf embed`: an ordinary PDF and an invoice in XML become one PDF/A-3."""

from typing import TYPE_CHECKING

import click

from billingua.cli.common import named, read_input, shown, write_output
from billingua.cli.options import output_option

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["attach_option", "command"]

attach_option = click.option(
    "--attach",
    "attached",
    metavar="FILE",
    multiple=True,
    type=click.Path(),
    help="A further file to put into the PDF. May be repeated.",
)


@click.command("embed", short_help="Put an invoice in XML into a PDF: Factur-X.")
@click.argument("plain", metavar="PLAIN.pdf", type=click.Path())
@click.argument("invoice", metavar="INVOICE.xml", type=click.Path())
@output_option
@click.option("--profile", metavar="P", help="The profile that the XML must have: minimum, en16931, ... (BT-24).")
@attach_option
@click.option(
    "--existing",
    type=click.Choice(("keep", "refuse")),
    default="keep",
    show_default=True,
    help="What becomes of files that are in the PDF already; a former invoice is replaced.",
)
@click.option(
    "--date",
    metavar="DATE",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")),
    help="The date of change to write (UTC), so that the same input gives the same bytes.  [default: now]",
)
def command(
    plain: str,
    invoice: str,
    output: str,
    profile: str | None,
    attached: tuple[str, ...],
    existing: str,
    date: "datetime | None",
) -> int:
    """Put INVOICE.xml (CII) into PLAIN.pdf and make the result PDF/A-3: Factur-X, ZUGFeRD.

    Fonts, colours, annotations and metadata are brought into the form of PDF/A; the pages look as before. Where that
    cannot be done, nothing is written, and page and object are told.

    \b
    Example:
      billingua pdf embed plain.pdf invoice.xml -o invoice.pdf
    """
    pdf_bytes, xml_bytes = read_input(plain), read_input(invoice)
    from billingua import pdf

    with named(shown(plain)):
        data = pdf.embed(pdf_bytes, xml_bytes, profile, attached, existing=existing, date=date, name=shown(plain))
    write_output(output, data)
    return 0
