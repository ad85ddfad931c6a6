"""Keys and certificates of KSeF: read from what a user has, and refused where KSeF would refuse them.

A KSeF certificate has one type. `Offline` (key usage nonRepudiation) signs the links of offline invoices;
`Authentication` (key usage digitalSignature) logs in to the API and must not sign links. Keys are RSA of at least
2048 bits or ECDSA on P-256. Whether KSeF has blocked or revoked a certificate is not known here.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from billingua.errors import CertificateError
from billingua.ksef.values import need

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.x509 import Certificate

    PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey
    PublicKey = RSAPublicKey | EllipticCurvePublicKey

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
_MOST_BYTES = 1_000_000
_KEY_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]{0,30}PRIVATE KEY)-----.*?-----END \1-----", re.DOTALL)
_CERTIFICATE_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_PUBLIC_BLOCK = re.compile(rb"-----BEGIN ((?:RSA )?PUBLIC KEY)-----.*?-----END \1-----", re.DOTALL)

Read = TypeVar("Read")


def load_private_key(source: Any, password: str | bytes | None = None) -> "PrivateKey":
    """A private key: the object, or its bytes as PEM, DER (PKCS#8, encrypted or not, PKCS#1, SEC 1) or PKCS#12.

    PEM may also be a text. A password that an open key does not need is not looked at.

    Raises:
        CertificateError: it is none, its password is wrong or missing, or it is neither RSA nor ECDSA.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    kinds = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)
    if isinstance(source, kinds):
        return source
    data = _bytes(source, "A private key is an object of cryptography or its bytes (PEM, DER or PKCS#12)")
    if b"-----BEGIN " in data:
        block = _KEY_BLOCK.search(data)
        if block is None:
            raise CertificateError(
                "There is no private key in this PEM file.", todo="Give the file that holds the key."
            )
        key = _decrypted(serialization.load_pem_private_key, block[0], password)
    elif _is_pkcs12(data):
        key, _ = _pkcs12(data, password)
    else:
        key = _decrypted(serialization.load_der_private_key, data, password)
    if not isinstance(key, kinds):
        raise CertificateError(
            "There is no private key of a kind that KSeF uses in it.", todo="Use an RSA or an ECDSA (P-256) key."
        )
    return key


def load_certificate(source: Any, password: str | bytes | None = None) -> "Certificate":
    """A certificate: the object, or its bytes as PEM (the first one in it), DER or PKCS#12. PEM may also be a text.

    Raises:
        CertificateError: it is none, or the password of the PKCS#12 file is wrong or missing.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    from cryptography import x509

    if isinstance(source, x509.Certificate):
        return source
    data = _bytes(source, "A certificate is an object of cryptography or its bytes (PEM, DER or PKCS#12)")
    if b"-----BEGIN " in data:
        block = _CERTIFICATE_BLOCK.search(data)
        if block is None:
            raise CertificateError("There is no certificate in this PEM file.")
        return _read(lambda: x509.load_pem_x509_certificate(block[0]), "The certificate cannot be read")
    if _is_pkcs12(data):
        _, certificate = _pkcs12(data, password)
        if certificate is None:
            raise CertificateError("There is no certificate in this PKCS#12 file.")
        return certificate
    return _read(lambda: x509.load_der_x509_certificate(data), "The certificate cannot be read")


def load_public_key(source: Any, password: str | bytes | None = None) -> "PublicKey":
    """A public key: the object, its bytes as PEM or DER, or a certificate in any form of `load_certificate`.

    Raises:
        CertificateError: it is neither, or the key is neither RSA nor ECDSA.
        MissingExtra: cryptography is not installed.
    """
    need("cryptography", _PURPOSE)
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    kinds = (rsa.RSAPublicKey, ec.EllipticCurvePublicKey)
    if isinstance(source, kinds):
        return source
    key: Any = None
    if not isinstance(source, x509.Certificate):
        data = _bytes(source, "A public key is an object of cryptography or its bytes (PEM or DER), or a certificate")
        if block := _PUBLIC_BLOCK.search(data):
            key = _read(lambda: serialization.load_pem_public_key(block[0]), "The public key cannot be read")
        elif b"-----BEGIN " not in data and not _is_pkcs12(data):
            try:
                key = serialization.load_der_public_key(data)
            except _failures():
                key = None
    if key is None:
        certificate = load_certificate(source, password)
        key = _read(certificate.public_key, "The key of the certificate cannot be read")
    if not isinstance(key, kinds):
        raise CertificateError("The public key is neither RSA nor ECDSA.", todo="KSeF uses RSA and ECDSA on P-256.")
    return key


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
    except _failures() as error:
        raise CertificateError(f"The extensions of the certificate cannot be read: {_reason(error)}.") from None
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


def _bytes(source: Any, what: str) -> bytes:
    """The bytes of a key or certificate; a text only when it is PEM."""
    if isinstance(source, str) and "-----BEGIN " in source:
        source = source.encode("utf-8", "replace")
    if not isinstance(source, bytes | bytearray | memoryview):
        raise CertificateError(f"{what}, not {type(source).__name__}.", todo="Read the file: Path(name).read_bytes().")
    data = bytes(source)
    if not data or len(data) > _MOST_BYTES:
        raise CertificateError(f"{what}; these are {len(data)} bytes.")
    return data


def _is_pkcs12(data: bytes) -> bool:
    """Whether DER starts as a PKCS#12 file does: a sequence whose first member is the version 3."""
    if data[:1] != b"\x30" or len(data) < 2:
        return False
    start = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return data[start : start + 3] == b"\x02\x01\x03"


def _pkcs12(data: bytes, password: str | bytes | None) -> tuple[Any, "Certificate | None"]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _ = pkcs12.load_key_and_certificates(data, _secret(password))
    except _failures() as error:
        if "password" in str(error).lower():
            raise _wrong_password(password) from None
        raise CertificateError(f"The PKCS#12 file cannot be read: {_reason(error)}.") from None
    return key, certificate


def _decrypted(load: Callable[..., Read], data: bytes, password: str | bytes | None) -> Read:
    """A key, with its password only when it needs one."""
    try:
        return load(data, password=None)
    except TypeError:
        if password is None:
            raise _wrong_password(None) from None
    except _failures() as error:
        raise CertificateError(f"The private key cannot be read: {_reason(error)}.") from None
    try:
        return load(data, password=_secret(password))
    except _failures() as error:
        if isinstance(error, TypeError) or "decrypt" in str(error).lower() or "password" in str(error).lower():
            raise _wrong_password(password) from None
        raise CertificateError(f"The private key cannot be read: {_reason(error)}.") from None


def _secret(password: str | bytes | None) -> bytes | None:
    return password.encode() if isinstance(password, str) else password


def _wrong_password(password: str | bytes | None) -> CertificateError:
    if password is None:
        return CertificateError("The private key is encrypted, and no password was given.", todo="Give its password.")
    return CertificateError("The password of the private key is wrong.", todo="Check it, capital letters included.")


def _read(load: Callable[[], Read], what: str) -> Read:
    try:
        return load()
    except _failures() as error:
        raise CertificateError(f"{what}: {_reason(error)}.", todo="Give PEM or DER.") from None


def _failures() -> tuple[type[Exception], ...]:
    """What cryptography raises for bytes that are not what they should be."""
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion

    return ValueError, TypeError, UnsupportedAlgorithm, InternalError, DuplicateExtension, InvalidVersion


def _reason(error: Exception) -> str:
    """The first sentence of what cryptography says."""
    text = str(error.args[0]) if error.args else type(error).__name__
    return " ".join(text.split()).partition(". ")[0].rstrip(".")[:200]
