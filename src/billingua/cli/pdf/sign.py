"""`billingua pdf sign`: put an electronic signature on a PDF."""

import os
import sys
from typing import Any

import click

from billingua.cli.common import named, read_input, shown, write_output
from billingua.cli.options import output_option
from billingua.errors import UsageError

__all__ = ["command"]


@click.command("sign", short_help="Sign a PDF (PAdES).")
@click.argument("source", metavar="IN.pdf", type=click.Path())
@output_option
@click.option("--p12", metavar="FILE", type=click.Path(), help="Key, certificate and chain as PKCS#12 (.p12, .pfx).")
@click.option("--key", metavar="KEY.pem", type=click.Path(), help="Instead: a private key, PEM or DER.")
@click.option(
    "--cert", metavar="CERT.pem", type=click.Path(), help="Its certificate, where it is not in the file of the key."
)
@click.option("--chain", metavar="PEM", multiple=True, type=click.Path(), help="Certificates above it.")
@click.option("--password-file", metavar="FILE", type=click.Path(), help="A file with the password of the key.")
@click.option("--password-env", metavar="NAME", help="The environment variable that holds it.")
@click.option(
    "--level",
    type=click.Choice(("B-B", "B-T", "B-LT")),
    default="B-B",
    show_default=True,
    help="B-T has a time stamp; B-LT proves as well that no certificate was revoked.",
)
@click.option("--tsa", metavar="URL", help="The time stamp authority (RFC 3161) for B-T and B-LT.")
@click.option("--root", "roots", metavar="PEM", multiple=True, type=click.Path(), help="B-LT: where the chains end.")
@click.option(
    "--crl", "crls", metavar="FILE", multiple=True, type=click.Path(), help="B-LT: a CRL, so that none is fetched."
)
@click.option(
    "--ocsp", "ocsps", metavar="FILE", multiple=True, type=click.Path(), help="B-LT: an OCSP response likewise."
)
@click.option("--reason", metavar="TEXT", help="Why it is signed.")
@click.option("--location", metavar="TEXT", help="Where it is signed.")
@click.option(
    "--visible", metavar="PAGE:X,Y,W,H", help="Draw name and time: page, left, bottom, width, height in points."
)
@click.option("--field", metavar="NAME", help="The signature field: an empty one, or a new one.")
def command(
    source: str,
    output: str,
    p12: str | None,
    key: str | None,
    cert: str | None,
    chain: tuple[str, ...],
    password_file: str | None,
    password_env: str | None,
    level: str,
    tsa: str | None,
    roots: tuple[str, ...],
    crls: tuple[str, ...],
    ocsps: tuple[str, ...],
    reason: str | None,
    location: str | None,
    visible: str | None,
    field: str | None,
) -> int:
    """Sign IN.pdf as PAdES. PDF/A stays PDF/A, and attachments stay the same bytes.

    The password is read from a file or an environment variable, or is asked for on a terminal. The network is used
    for B-T (the authority) and B-LT (the CRL and OCSP addresses in the certificates as well) only.

    \b
    Examples:
      billingua pdf sign in.pdf --p12 own.p12 --password-env SECRET -o out.pdf
      billingua pdf sign in.pdf --p12 own.p12 --level B-T --tsa URL -o out.pdf
      billingua pdf sign in.pdf --key own.key --cert own.pem -o out.pdf
      billingua pdf sign in.pdf --p12 own.p12 --visible 1:40,40,180,50 -o out.pdf
    """
    place = None if visible is None else _place(visible)
    if (p12 is None) == (key is None):
        raise click.UsageError("Give either --p12 or --key.")
    if p12 is not None and cert is not None:
        raise click.UsageError("--cert goes with --key, not with --p12.")
    data = read_input(source)
    holder: dict[str, Any] = {"p12": read_input(p12)} if p12 is not None else {}
    if key is not None:
        holder = {"key": read_input(key), "certificate": read_input(cert) if cert is not None else None}
    password = _password(password_file, password_env, p12 is not None or b"ENCRYPTED" in holder["key"])
    proofs: dict[str, Any] = {
        "chain": [read_input(name) for name in chain],
        "roots": [read_input(name) for name in roots],
        "crls": [read_input(name) for name in crls],
        "ocsps": [read_input(name) for name in ocsps],
    }
    from billingua import pdf

    with named(shown(source)):
        signed = pdf.sign(
            data,
            **holder,
            **proofs,
            password=password,
            level=level,
            tsa_url=tsa,
            reason=reason,
            location=location,
            visible=place,
            field=field,
        )
    write_output(output, signed)
    return 0


def _place(text: str) -> tuple[int, tuple[float, float, float, float]]:
    """Page and box as they are typed."""
    page, _, box = text.partition(":")
    try:
        left, bottom, width, height = (float(number) for number in box.split(","))
        return int(page), (left, bottom, width, height)
    except ValueError:
        raise click.UsageError(f"--visible {text!r} is not like 1:40,40,180,50.") from None


def _password(file: str | None, variable: str | None, needed: bool) -> bytes | None:
    """The password from where the options say; where they say nothing, from a terminal if there is one."""
    if file is not None and variable is not None:
        raise click.UsageError("The password is given twice.")
    if file is not None:
        return read_input(file).rstrip(b"\r\n")
    if variable is not None:
        if variable not in os.environ:
            raise UsageError(f"There is no environment variable {variable}.", todo="Set it to the password.")
        return os.environb[variable.encode()] if os.supports_bytes_environ else os.environ[variable].encode()
    if needed and sys.stdin is not None and sys.stdin.isatty():
        typed: str = click.prompt("Password of the key", hide_input=True, err=True, default="", show_default=False)
        return typed.encode()
    return None
