"""`billingua ksef pack`: invoices as an encrypted package for a batch session."""

import click

from billingua.cli.common import shown
from billingua.cli.ksef.common import option_file
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("pack", short_help="Pack and encrypt invoices for a batch session.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.option("-o", "--output", metavar="DIR", required=True, type=click.Path(), help="The folder to write to.")
@click.option(
    "--public-key",
    metavar="PEM",
    type=click.Path(),
    help="The ministry's key of usage SymmetricKeyEncryption: certificate or public key, PEM or DER.",
)
@click.option("--offline", is_flag=True, help="The invoices were issued offline.")
@json_option
def command(paths: tuple[str, ...], output: str, public_key: str | None, offline: bool, as_json: bool) -> int:
    """Check FA(3) invoices, put them in a ZIP archive, split and encrypt it. A single FILE may be a folder.

    DIR receives the encrypted parts, the request that opens the batch session (open-session.json) and the list of
    the invoices (invoices.json). Invalid or doubled invoices, other structures and packages beyond the limits of KSeF
    are refused, with exit status 1.

    \b
    Example:
      billingua ksef pack invoices/*.xml -o package --public-key ksef.pem
    """
    key = option_file(public_key, "--public-key")
    from billingua import ksef
    from billingua.engine.shown import printable
    from billingua.errors import PackageError

    try:
        package = ksef.pack(paths[0] if len(paths) == 1 else paths, output, key, offline_mode=offline)
    except PackageError as error:
        if not error.problems:
            raise
        click.echo(printable(f"billingua: {error}"), err=True)
        return 1
    if as_json:
        import json

        files = {"parts": [shown(str(part)) for part in package.parts]}
        invoices = [invoice._asdict() for invoice in package.invoices]
        click.echo(json.dumps({**files, "invoices": invoices, "request": package.request}, ensure_ascii=False))
        return 0
    size = package.request["batchFile"]["fileSize"]
    click.echo(
        f"{shown(output)}: {len(package.invoices)} invoices, {size:,} bytes, {len(package.parts)} encrypted parts"
    )
    return 0
