"""`billingua build`: an invoice described in JSON, written in a wire format - if it is valid."""

from typing import Any

import click

from billingua.cli.common import named, read_input, say, shown, write_output
from billingua.cli.options import formats_option, output_option, profile_option

__all__ = ["command"]

_REFUSED = "Not written, because the document is not valid. Mend it, or write it all the same with --force."


@click.command("build", short_help="Write an invoice from its description in JSON.")
@click.argument("source", metavar="INVOICE.json", type=click.Path())
@formats_option
@profile_option
@output_option
@click.option(
    "--pdf",
    "plain",
    metavar="PLAIN.pdf",
    type=click.Path(),
    help="With --to facturx: the PDF that the invoice is put into.",
)
@click.option("--totals", is_flag=True, help="First compute the totals (BG-22) and the VAT breakdown (BG-23).")
@click.option("--force", is_flag=True, help="Write the document even if it is not valid (exit status 1).")
def command(
    source: str, format_: str, profile: str | None, output: str, plain: str | None, totals: bool, force: bool
) -> int:
    """Write the invoice that INVOICE.json describes in a wire format.

    The result is validated first. If it is not valid, the findings are printed, nothing is written, and the
    exit status is 1. The form of the JSON is that of `billingua show --json`; - is standard input.

    With --to facturx the invoice is put into PLAIN.pdf, and the result is PDF/A-3.

    \b
    Examples:
      billingua build invoice.json --to ubl --totals -o invoice.xml
      billingua build invoice.json --to facturx --pdf plain.pdf -o invoice.pdf
    """
    if (plain is None) != (format_ != "facturx"):
        said = "--to facturx needs a PDF" if plain is None else f"--pdf is for --to facturx, not for {format_}"
        raise click.UsageError(f"{said}: billingua build INVOICE.json --to facturx --pdf PLAIN.pdf -o OUT.pdf.")
    data = read_input(source)
    pdf_bytes = b"" if plain is None else read_input(plain)
    from billingua import api
    from billingua.reports import writer

    with named(shown(source)):
        invoice = _described(data, format_)
        if totals and hasattr(invoice, "with_totals"):
            invoice = invoice.with_totals()
        document = api.write(invoice, format_ if plain is None else "cii", profile=profile)
    if plain is not None:
        from billingua import pdf

        with named(shown(plain)):
            document = pdf.embed(pdf_bytes, document, name=shown(plain))
    with named(shown(source)):
        report = api.validate(document, name=shown(output))
    if report.findings or not report.valid:
        click.echo(writer("text").report(report), err=True, nl=False)
    if report.valid or force:
        write_output(output, document)
    else:
        say(shown(output), _REFUSED)
    return 0 if report.valid else 1


def _described(data: bytes, format_: str) -> Any:
    """What the JSON describes: a document of the format's own model if most of its names are those of that model."""
    from billingua.formats import by_name
    from billingua.model import Invoice

    own = by_name(format_).model()
    if own is not None and _known(own, data) > _known(Invoice, data):
        return own.from_json(data)
    return Invoice.from_json(data)


def _known(model: Any, data: bytes) -> int:
    """How many names of a JSON object a model has; 0 for what is no object."""
    import msgspec

    try:
        names = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return 0
    return len(set(names) & set(model.__struct_fields__)) if isinstance(names, dict) else 0
