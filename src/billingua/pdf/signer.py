"""Who signs: a private key, its certificate and the chain above it; refused where a signature would be worthless."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.engine import keys
from billingua.errors import CertificateError, UnreadableInput, UsageError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from billingua.engine.keys import PrivateKey

__all__ = ["Signer", "certificates", "content", "signer"]

_OTHER_PURPOSES: Final = {
    "1.3.6.1.5.5.7.3.1": "web servers (serverAuth)",
    "1.3.6.1.5.5.7.3.8": "time stamps (timeStamping)",
    "1.3.6.1.5.5.7.3.9": "OCSP responses (OCSPSigning)",
}
"""Extended key usages with which a certificate, where it has no other, is not one of a person or company."""


class Signer(NamedTuple):
    """What a signature is made with; `chain` are the certificates above that of the signer, and whatever came along."""

    key: "PrivateKey"
    certificate: "Certificate"
    chain: "tuple[Certificate, ...]"


def signer(
    p12: Any, password: str | bytes | None, key: Any, certificate: Any, chain: Any, now: datetime | None = None
) -> Signer:
    """The signer in a PKCS#12 file, or in a key and a certificate.

    Raises:
        CertificateError: something cannot be read, its password is wrong or missing, the key is not the certificate's,
            or the certificate must not sign documents or not today.
        UsageError: neither or both are given.
    """
    if (p12 is None) == (key is None):
        raise UsageError(
            "A signature needs either a PKCS#12 file or a private key.", todo="Give p12, or key and certificate."
        )
    above = certificates(chain)
    if p12 is not None:
        if certificate is not None:
            raise UsageError("The certificate is given twice.", todo="Give p12 alone, or key and certificate.")
        data = content(p12)
        if not isinstance(data, bytes) or not keys.is_pkcs12(data):
            raise CertificateError("This is not a PKCS#12 file.", todo="Give the .p12 or .pfx file.")
        private = keys.load_private_key(data, password)
        _, own, beside = keys.load_pkcs12(data, password)
        every = [*([own] if own is not None else []), *beside]
    else:
        private = keys.load_private_key(content(key), password)
        source = content(key if certificate is None else certificate)
        every = (
            [keys.load_certificate(source, password)] if _is_pkcs12(source) else list(keys.load_certificates(source))
        )
    if not every:
        raise CertificateError("There is no certificate in the PKCS#12 file.", todo="Export the key with it.")
    own = next((one for one in every if _is_pair(private, one)), None)
    if own is None:
        raise CertificateError(
            "The private key is not the key of this certificate.", todo="Give the key that was made for it."
        )
    _require_document_signer(own)
    _require_valid(own, now or datetime.now(UTC))
    return Signer(private, own, tuple(one for one in (*every, *above) if one != own))


def certificates(source: Any) -> "list[Certificate]":
    """Certificates: one or several of objects, bytes (PEM with any number, DER), PEM texts and files."""
    if source is None:
        return []
    if isinstance(source, str | bytes | bytearray | os.PathLike) or not isinstance(source, Iterable):
        source = [source]
    return [one for each in source for one in keys.load_certificates(content(each))]


def content(source: Any) -> Any:
    """The bytes of a file that is given by its path; anything else, PEM as text among it, stays as it is.

    Raises:
        UnreadableInput: the file cannot be read.
    """
    if isinstance(source, os.PathLike) or (isinstance(source, str) and "-----BEGIN " not in source):
        name = os.fsdecode(source)
        try:
            return Path(name).read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableInput(f"The file cannot be read: {reason}.", where=name) from None
    return bytes(source) if isinstance(source, bytearray | memoryview) else source


def _is_pkcs12(source: Any) -> bool:
    return isinstance(source, bytes) and keys.is_pkcs12(source)


def _is_pair(key: "PrivateKey", certificate: "Certificate") -> bool:
    try:
        return keys.load_public_key(certificate).public_numbers() == key.public_key().public_numbers()
    except CertificateError:
        return False


def _require_valid(certificate: "Certificate", now: datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        raise CertificateError(f"The certificate is not valid yet: it begins at {begins:%Y-%m-%d %H:%M} UTC.")
    if now > ends:
        raise CertificateError(
            f"The certificate has expired: it ended at {ends:%Y-%m-%d %H:%M} UTC.", todo="Sign with a new one."
        )


def _require_document_signer(certificate: "Certificate") -> None:
    """Refuse a certificate whose key usage is another (RFC 5280, 4.2.1.3 and 4.2.1.12); one without any may sign."""
    from cryptography import x509

    try:
        extensions = certificate.extensions
    except keys.failures() as error:
        raise CertificateError(f"The extensions of the certificate cannot be read: {keys.reason(error)}.") from None
    for extension in extensions:
        value = extension.value
        if isinstance(value, x509.KeyUsage) and not (value.content_commitment or value.digital_signature):
            raise CertificateError(
                "The certificate is not for signing: its key usage has neither nonRepudiation nor digitalSignature.",
                todo="Use a certificate for signatures or seals.",
            )
        if isinstance(value, x509.ExtendedKeyUsage):
            purposes = [_OTHER_PURPOSES.get(purpose.dotted_string) for purpose in value]
            if all(purposes):
                raise CertificateError(
                    f"The certificate is not for signing documents: it is for {' and '.join(map(str, purposes))}.",
                    todo="Use a certificate for signatures or seals.",
                )
