"""Keys and certificates of KSeF: read from what a user has, and refused where KSeF would refuse them.

A KSeF certificate has one type. `Offline` (key usage nonRepudiation) signs the links of offline invoices;
`Authentication` (key usage digitalSignature) logs in to the API and must not sign links. Keys are RSA of at least
2048 bits or ECDSA on P-256. Whether KSeF has blocked or revoked a certificate is not known here.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from billingua.engine import keys
from billingua.errors import CertificateError
from billingua.ksef.values import need

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from billingua.engine.keys import PrivateKey, PublicKey

__all__ = [
    "certificate_serial",
    "load_certificate",
    "load_private_key",
    "load_public_key",
    "require_offline",
    "require_strong",
]

_PURPOSE = "Reading keys and certificates"
_LEAST_BITS = 2048


def load_private_key(source: Any, password: str | bytes | None = None) -> "PrivateKey":
    """A private key: the object, or its bytes as PEM, DER (PKCS#8, encrypted or not, PKCS#1, SEC 1) or PKCS#12.

    PEM may also be a text. A password that an open key does not need is not looked at.

    Raises:
        CertificateError: it is none, its password is wrong or missing, or it is neither RSA nor ECDSA.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    return keys.load_private_key(source, password)


def load_certificate(source: Any, password: str | bytes | None = None) -> "Certificate":
    """A certificate: the object, or its bytes as PEM (the first one in it), DER or PKCS#12. PEM may also be a text.

    Raises:
        CertificateError: it is none, or the password of the PKCS#12 file is wrong or missing.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    return keys.load_certificate(source, password)


def load_public_key(source: Any, password: str | bytes | None = None) -> "PublicKey":
    """A public key: the object, its bytes as PEM or DER, or a certificate in any form of `load_certificate`.

    Raises:
        CertificateError: it is neither, or the key is neither RSA nor ECDSA.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    return keys.load_public_key(source, password)


def certificate_serial(certificate: Any, password: str | bytes | None = None) -> str:
    """The serial number of a certificate as links carry it: sixteen hexadecimal digits, upper case.

    Raises:
        CertificateError: it is no certificate, or its number is longer, as no number given by KSeF is.
    """
    text = f"{load_certificate(certificate, password).serial_number:016X}"
    if len(text) > 16:
        raise CertificateError(
            f"The serial number {text} of the certificate has more than 16 digits.",
            todo="Use the certificate that KSeF issued.",
        )
    return text


def require_strong(key: "PrivateKey | PublicKey") -> None:
    """Refuse a key that KSeF does not take.

    Raises:
        CertificateError: an RSA key has less than 2048 bits, or an ECDSA key is not on P-256.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    if isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey):
        if not isinstance(key.curve, ec.SECP256R1):
            raise CertificateError(f"The key is on the curve {key.curve.name}; KSeF takes P-256 (secp256r1) only.")
    elif key.key_size < _LEAST_BITS:
        raise CertificateError(f"The RSA key has {key.key_size} bits; KSeF takes {_LEAST_BITS} and more.")


def require_offline(certificate: "Certificate", key: "PrivateKey", now: datetime | None = None) -> None:
    """Refuse a certificate with which a link must not be signed.

    Raises:
        CertificateError: its type is not Offline, it is not valid now, or the key is that of another certificate.
    """
    from cryptography import x509

    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    except keys.failures() as error:
        raise CertificateError(f"The extensions of the certificate cannot be read: {keys.reason(error)}.") from None
    if usage is None or not usage.content_commitment:
        raise CertificateError(
            "The certificate is not of type Offline: its key usage lacks nonRepudiation.",
            todo="Authentication certificates only log in; ask KSeF for an Offline certificate.",
        )
    now = now or datetime.now(UTC)
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        raise CertificateError(f"The certificate is not valid yet: it begins at {begins:%Y-%m-%d %H:%M} UTC.")
    if now > ends:
        raise CertificateError(
            f"The certificate has expired: it ended at {ends:%Y-%m-%d %H:%M} UTC.", todo="Ask KSeF for a new one."
        )
    if load_public_key(certificate).public_numbers() != key.public_key().public_numbers():
        raise CertificateError(
            "The private key is not the key of this certificate.", todo="Give the key that was made for it."
        )
