"""The two links that stand as QR codes on an invoice: to the invoice (KOD I) and to its issuer's certificate (KOD II).

A link is built from facts alone. That KSeF knows the invoice or the certificate, only the page behind it tells; so
does whether the holder of a certificate may issue for the seller.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, unquote

from billingua.errors import CertificateError, IdentifierError, UsageError
from billingua.identifiers import certificate_serial as serial_numbers
from billingua.identifiers import internal_id, nip
from billingua.ksef.certificates import (
    certificate_serial,
    load_certificate,
    load_private_key,
    load_public_key,
    require_offline,
    require_strong,
)
from billingua.ksef.hash import InvoiceHash, digest_of, to_base64url
from billingua.ksef.values import need, shown, to_date

if TYPE_CHECKING:
    from billingua.engine.keys import PrivateKey, PublicKey

__all__ = [
    "CONTEXT_TYPES",
    "ENVIRONMENTS",
    "LinkCheck",
    "certificate_link",
    "check_certificate_link",
    "invoice_link",
    "verify_certificate_link",
]

ENVIRONMENTS: Final = MappingProxyType(
    {
        "production": "https://qr.ksef.mf.gov.pl",
        "demo": "https://qr-demo.ksef.mf.gov.pl",
        "test": "https://qr-test.ksef.mf.gov.pl",
    }
)
"""Where links lead, by environment."""

CONTEXT_TYPES: Final = MappingProxyType(
    {
        "Nip": "a NIP: ten digits",
        "InternalId": "a NIP, a hyphen and five digits",
        "NipVatUe": "a NIP, a hyphen and an EU VAT number with its prefix",
        "PeppolId": "P, two letters and six digits",
    }
)
"""The kinds of login context that a link can name, and what its value is."""

_CONTEXT_FORMS: Final[dict[str, Callable[[str], object]]] = {
    "Nip": nip.has_form,
    "InternalId": internal_id.has_form,
    "NipVatUe": lambda text: nip.has_form(text[:10]) and re.fullmatch(r"-[A-Z]{2}[0-9A-Z+*]{2,12}", text[10:]),
    "PeppolId": lambda text: re.fullmatch(r"P[A-Z]{2}[0-9]{6}", text),
}
_SIGNATURE = re.compile(r"[A-Za-z0-9_-]+")
_FORMATS = ("p1363", "der")
_SALT = 32
_WIDTH = 32
"""Bytes of each half of an ECDSA signature on P-256."""


class LinkCheck(NamedTuple):
    """What is known of the link to a certificate. The parts are "" where the link has none."""

    valid: bool
    reason: str
    """Why it is not valid; "" when it is."""
    environment: str = ""
    context_type: str = ""
    context_value: str = ""
    seller_nip: str = ""
    certificate_serial: str = ""
    hash: str = ""
    """Base64url."""


def invoice_link(nip: str, issue_date: date | str, hash: InvoiceHash | str, environment: str = "production") -> str:
    """KOD I, the link to an invoice.

    Args:
        nip: the seller (Podmiot1), ten digits.
        issue_date: P_1.
        hash: of the exact bytes of the file, from `invoice_hash`, or as Base64 or Base64url.
        environment: one of `ENVIRONMENTS`.

    Raises:
        IdentifierError: the NIP or the hash has a wrong form.
        UsageError: the date is none, or there is no such environment.
    """
    day = to_date(issue_date, "issue date")
    parts = (_seller(nip), f"{day.day:02}-{day.month:02}-{day.year:04}", to_base64url(digest_of(hash)))
    return "/".join([_base(environment), "invoice", *parts])


def certificate_link(
    context_type: str,
    context_value: str,
    seller_nip: str,
    certificate_serial: str | None,
    hash: InvoiceHash | str,
    private_key: Any,
    environment: str = "production",
    signature_format: str = "p1363",
    *,
    password: str | bytes | None = None,
    certificate: Any = None,
) -> str:
    """KOD II, the signed link to the certificate of who issued an offline invoice.

    Args:
        context_type: one of `CONTEXT_TYPES`, in exactly these letters.
        context_value: the identifier of the context of the login, not of the holder of the certificate.
        seller_nip: the seller (Podmiot1), ten digits.
        certificate_serial: sixteen hexadecimal digits; None takes it from `certificate`.
        hash: as for `invoice_link`.
        private_key: an object of cryptography, or PEM, DER or PKCS#12 bytes, decrypted with `password`.
        environment: one of `ENVIRONMENTS`.
        signature_format: for ECDSA `p1363` (86 characters, recommended) or `der`; RSA has one format.
        password: of the key, and of the certificate where that is PKCS#12.
        certificate: when given it must be of type Offline, valid now, and that of the key.

    Raises:
        IdentifierError: an identifier or the hash has a wrong form.
        CertificateError: the key cannot be read or is too weak, or the certificate must not sign or does not fit.
        UsageError: there is no such environment, context type or signature format, or no serial number is known.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", "Signing a link")
    base = _base(environment)
    if signature_format not in _FORMATS:
        raise UsageError(
            f"There is no signature format {shown(signature_format)}.", todo=f"The formats are: {', '.join(_FORMATS)}."
        )
    value = _context(context_type, context_value)
    seller = _seller(seller_nip)
    digest = to_base64url(digest_of(hash))
    key = load_private_key(private_key, password)
    require_strong(key)
    serial = _serial(certificate_serial, certificate, key, password)
    link = "/".join([base, "certificate", context_type, quote(value, safe=""), seller, serial, digest])
    return f"{link}/{to_base64url(_sign(_signed_text(link), key, signature_format))}"


def verify_certificate_link(url: str, certificate: Any) -> bool:
    """Whether a link is a KOD II signed with the key of a certificate (or with this public key).

    Raises:
        CertificateError: the certificate or key cannot be read or is none that KSeF would take.
        MissingExtra: cryptography is not installed.
    """
    return check_certificate_link(url, certificate).valid


def check_certificate_link(url: str, certificate: Any) -> LinkCheck:
    """What `verify_certificate_link` finds, with the reason and the parts of the link.

    That the certificate is still valid is not asked: the link is judged as on the day it was made. The serial number
    of a certificate must be the one in the link, unless it is longer than KSeF makes them (a self-signed one).

    Raises:
        CertificateError, MissingExtra: as `verify_certificate_link`.
    """
    need("cryptography", "Verifying a link")
    key = load_public_key(certificate)
    require_strong(key)
    check, link, signature = _taken_apart(url)
    if check.reason:
        return check
    serial = _serial_of(certificate)
    if serial not in ("", check.certificate_serial):
        return check._replace(
            reason=f"The link names the certificate {check.certificate_serial}, but the one given is {serial}."
        )
    if not _signed(_signed_text(link), signature, key):
        return check._replace(reason="The signature does not fit the link and the key.")
    return check._replace(valid=True)


def _base(environment: str) -> str:
    base = ENVIRONMENTS.get(environment) if isinstance(environment, str) else None
    if base is None:
        raise UsageError(
            f"There is no environment {shown(environment)}.", todo=f"The environments are: {', '.join(ENVIRONMENTS)}."
        )
    return base


def _seller(text: str) -> str:
    if not isinstance(text, str) or not nip.has_form(text):
        reason = nip.problem(text) if isinstance(text, str) else "A NIP is a text of ten digits."
        raise IdentifierError(f"{shown(text)} is no NIP of a seller. {reason}")
    return text


def _context(kind: str, value: str) -> str:
    form = _CONTEXT_FORMS.get(kind) if isinstance(kind, str) else None
    if form is None:
        raise UsageError(
            f"There is no context type {shown(kind)}.",
            todo=f"The types, in exactly these letters, are: {', '.join(CONTEXT_TYPES)}.",
        )
    if not isinstance(value, str) or not form(value):
        raise IdentifierError(f"{shown(value)} is no value of a {kind} context, which is {CONTEXT_TYPES[kind]}.")
    return value


def _serial(given: str | None, certificate: Any, key: "PrivateKey", password: str | bytes | None) -> str:
    """The serial number for a link, from the caller or from a certificate that may sign with the key."""
    if given is not None and not (isinstance(given, str) and serial_numbers.is_valid(given)):
        raise IdentifierError(f"{shown(given)} is no serial number. {serial_numbers.problem(str(given))}")
    if certificate is None:
        if given is None:
            raise UsageError("The link needs the serial number of the certificate.", todo="Give it, or certificate=.")
        return given
    read = load_certificate(certificate, password)
    require_offline(read, key)
    if given is None:
        return certificate_serial(read)
    if (serial := _serial_of(read)) not in ("", given):
        raise CertificateError(f"The serial number given is {given}, but that of the certificate is {serial}.")
    return given


def _signed_text(link: str) -> bytes:
    """What the signature covers: the link without its scheme."""
    return link.removeprefix("https://").encode()


def _sign(text: bytes, key: "PrivateKey", signature_format: str) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, padding.PSS(padding.MGF1(hashes.SHA256()), _SALT), hashes.SHA256())
    signature = key.sign(text, ec.ECDSA(hashes.SHA256()))
    if signature_format == "der":
        return signature
    return b"".join(number.to_bytes(_WIDTH, "big") for number in utils.decode_dss_signature(signature))


def _signed(text: bytes, signature: bytes, key: "PublicKey") -> bool:
    """Whether a signature is right; that of ECDSA in either format."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

    if isinstance(key, rsa.RSAPublicKey):
        try:
            key.verify(signature, text, padding.PSS(padding.MGF1(hashes.SHA256()), _SALT), hashes.SHA256())
        except InvalidSignature:
            return False
        return True
    forms = [signature]
    if len(signature) == 2 * _WIDTH:
        r, s = (int.from_bytes(half, "big") for half in (signature[:_WIDTH], signature[_WIDTH:]))
        forms.append(utils.encode_dss_signature(r, s))
    for form in forms:
        try:
            key.verify(form, text, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            continue
        return True
    return False


def _taken_apart(url: str) -> tuple[LinkCheck, str, bytes]:
    """The parts of a link, the link up to its signature, and that; or the reason why it is no such link."""

    def no_link(reason: str) -> tuple[LinkCheck, str, bytes]:
        return LinkCheck(False, reason), "", b""

    hosts = {base: environment for environment, base in ENVIRONMENTS.items()}
    parts = url.split("/") if isinstance(url, str) else []
    base = "/".join(parts[:3])
    if base not in hosts:
        return no_link(f"The link does not lead to KSeF: it starts with none of {', '.join(hosts)}.")
    if len(parts) != 10 or parts[3] != "certificate":
        what = "the link to an invoice (KOD I), which is not signed" if parts[3:4] == ["invoice"] else "another link"
        return no_link(f"This is {what}. That to a certificate has seven parts after the host, 'certificate' first.")
    _, kind, value, seller, serial, digest, last = parts[3:]
    try:
        _context(kind, unquote(value))
        _seller(seller)
        digest_of(digest)
    except (IdentifierError, UsageError) as error:
        return no_link(error.what)
    if not serial_numbers.is_valid(serial):
        return no_link(serial_numbers.problem(serial))
    if _SIGNATURE.fullmatch(last) is None or len(last) % 4 == 1:
        return no_link("The signature is no Base64url.")
    signature = urlsafe_b64decode(last + "=" * (-len(last) % 4))
    if to_base64url(signature) != last:
        return no_link("The signature is no Base64url.")
    check = LinkCheck(False, "", hosts[base], kind, unquote(value), seller, serial, digest)
    return check, url[: -len(last) - 1], signature


def _serial_of(certificate: Any) -> str:
    """The serial number of a certificate; "" where there is none to compare: of a public key, or not given by KSeF."""
    try:
        return certificate_serial(certificate)
    except CertificateError:
        return ""
