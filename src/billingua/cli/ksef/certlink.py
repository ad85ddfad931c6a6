"""`billingua ksef certlink`: the link (KOD II) that proves who issued an offline invoice."""

import click

from billingua.cli.common import named, read_input, shown
from billingua.cli.ksef.common import (
    certificate_option,
    context_option,
    environment_option,
    json_option,
    key_option,
    option_file,
    password_of,
    password_options,
    signature_option,
    tell,
)

__all__ = ["command"]


@click.command("certlink", short_help="The certificate link of an offline invoice (KOD II).")
@click.argument("source", metavar="FILE", type=click.Path())
@key_option
@certificate_option
@password_options
@context_option
@signature_option
@environment_option
@json_option
def command(
    source: str,
    key: str | None,
    cert: str | None,
    password: str | None,
    password_file: str | None,
    context: str | None,
    signature: str,
    environment: str,
    as_json: bool,
) -> int:
    """Sign the link of KOD II for the FA(3) invoice FILE with the key of an Offline certificate.

    A certificate of type Authentication, one that is not valid today, and a key that belongs to another certificate
    are refused.

    \b
    Example:
      billingua ksef certlink invoice.xml --key own.key --cert own.pem
    """
    data = read_input(source)
    key_data, certificate = option_file(key, "--key"), option_file(cert, "--cert")
    from billingua import ksef

    with named(shown(source)):
        code = ksef.certificate_code(
            data,
            key_data,
            certificate,
            password=password_of(password, password_file),
            context=context,
            environment=environment,
            signature_format=signature,
        )
    tell({"url": code.url, "label": code.label}, as_json)
    return 0
