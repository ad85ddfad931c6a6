"""`billingua ksef verify-link`: was this link (KOD II) signed with the key of this certificate?"""

import click

from billingua.cli.common import tell
from billingua.cli.ksef.common import certificate_option, option_file
from billingua.cli.options import json_option

__all__ = ["command"]


@click.command("verify-link", short_help="Check a certificate link (KOD II) offline.")
@click.argument("url", metavar="LINK")
@certificate_option
@json_option
def command(url: str, cert: str | None, as_json: bool) -> int:
    """Check the signature in a link of KOD II against a certificate or public key, without asking KSeF.

    Whether KSeF knows the certificate, and whether it may issue in that context, only KSeF can tell.

    Exit status: 0 right; 1 wrong, with the reason.

    \b
    Example:
      billingua ksef verify-link https://qr.ksef.mf.gov.pl/... --cert own.pem
    """
    certificate = option_file(cert, "--cert")
    from billingua import ksef

    found = ksef.check_certificate_link(url, certificate)
    tell({"valid": found.valid, "reason": found.reason or None}, as_json)
    return 0 if found.valid else 1
