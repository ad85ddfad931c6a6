"""What the commands of `billingua ksef` share."""

from typing import TYPE_CHECKING, Any

import click

from billingua.cli.common import read_input
from billingua.errors import UsageError

if TYPE_CHECKING:
    from billingua.ksef import QrCode

__all__ = [
    "certificate_code",
    "certificate_option",
    "certificate_options",
    "environment_option",
    "option_file",
]

environment_option = click.option(
    "--env",
    "environment",
    type=click.Choice(("production", "demo", "test")),
    default="production",
    show_default=True,
    help="The KSeF environment.",
)
_context_option = click.option(
    "--context",
    metavar="TYPE:VALUE",
    help="Whose KSeF account issues: Nip, InternalId, NipVatUe or PeppolId, and its identifier. "
    "The seller's NIP if it is not given.",
)
_password_option = click.option("--password", metavar="TEXT", help="The password of the key; others may see it.")
_password_file_option = click.option(
    "--password-file", metavar="FILE", type=click.Path(), help="A file with that password."
)
_signature_option = click.option(
    "--signature",
    type=click.Choice(("p1363", "der")),
    default="p1363",
    show_default=True,
    help="The form of an ECDSA signature.",
)
_key_option = click.option(
    "--key", metavar="KEY.pem", type=click.Path(), help="The private key of the certificate: PEM, DER or PKCS#12."
)
certificate_option = click.option(
    "--cert", metavar="CERT.pem", type=click.Path(), help="The Offline certificate: PEM, DER or PKCS#12."
)


def _password_of(password: str | None, password_file: str | None) -> bytes | None:
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


def certificate_options(command: Any) -> Any:
    """The options of the commands that sign KOD II; `certificate_code` takes what they give."""
    for option in reversed(
        (_key_option, certificate_option, _password_option, _password_file_option, _context_option, _signature_option)
    ):
        command = option(command)
    return command


def certificate_code(
    data: bytes,
    environment: str,
    *,
    key: str | None,
    cert: str | None,
    password: str | None,
    password_file: str | None,
    context: str | None,
    signature: str,
) -> "QrCode":
    """KOD II of an invoice, signed as the options say."""
    from billingua import ksef

    return ksef.certificate_code(
        data,
        option_file(key, "--key"),
        option_file(cert, "--cert"),
        password=_password_of(password, password_file),
        context=context,
        environment=environment,
        signature_format=signature,
    )
