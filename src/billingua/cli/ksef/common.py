"""What the commands of `billingua ksef` share."""

import json
from typing import Any

import click

from billingua.cli.common import read_input
from billingua.errors import UsageError

__all__ = [
    "certificate_option",
    "context_option",
    "environment_option",
    "json_option",
    "key_option",
    "option_file",
    "password_of",
    "password_options",
    "signature_option",
    "tell",
]

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object.")
environment_option = click.option(
    "--env",
    "environment",
    type=click.Choice(("production", "demo", "test")),
    default="production",
    show_default=True,
    help="The KSeF environment.",
)
context_option = click.option(
    "--context",
    metavar="TYPE:VALUE",
    help="Whose KSeF account issues: Nip, InternalId, NipVatUe or PeppolId, and its identifier. "
    "The seller's NIP if it is not given.",
)
signature_option = click.option(
    "--signature",
    type=click.Choice(("p1363", "der")),
    default="p1363",
    show_default=True,
    help="The form of an ECDSA signature.",
)
key_option = click.option(
    "--key", metavar="KEY.pem", type=click.Path(), help="The private key of the certificate: PEM, DER or PKCS#12."
)
certificate_option = click.option(
    "--cert", metavar="CERT.pem", type=click.Path(), help="The Offline certificate: PEM, DER or PKCS#12."
)


def password_options(command: Any) -> Any:
    """The options for the password of an encrypted key."""
    typed = click.option("--password", metavar="TEXT", help="The password of the key; others may see it.")
    kept = click.option("--password-file", metavar="FILE", type=click.Path(), help="A file with that password.")
    return typed(kept(command))


def password_of(password: str | None, password_file: str | None) -> bytes | None:
    """The password that the options give."""
    if password is not None and password_file is not None:
        raise click.UsageError("The password is given twice.")
    if password_file is not None:
        return read_input(password_file).rstrip(b"\r\n")
    return None if password is None else password.encode()


def option_file(name: str | None, option: str) -> bytes:
    """The bytes of a file that an option names."""
    if name is None:
        raise UsageError(f"{option} is missing.", todo=f"Name the file after {option}.")
    return read_input(name)


def tell(fields: dict[str, Any], as_json: bool) -> None:
    """The answer: one JSON object, or a line for each field that has a value."""
    if as_json:
        click.echo(json.dumps(fields, ensure_ascii=False, default=str))
        return
    from billingua.engine.shown import printable

    width = max(len(name) for name in fields)
    for name, value in fields.items():
        if value is not None:
            text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            click.echo(f"{name.replace('_', ' '):<{width}}  {printable(str(text))}")
