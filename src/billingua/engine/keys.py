"""Private keys and certificates, read from what a user has: PEM, DER or PKCS#12, RSA or ECDSA.

They are objects of the package cryptography, which is loaded when the first one is read; that it is installed is the
caller's to see to. What a key may be used for is the caller's to judge, too.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from billingua.errors import CertificateError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from cryptography.x509 import Certificate

    PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey
    PublicKey = RSAPublicKey | EllipticCurvePublicKey

__all__ = [
    "failures",
    "is_pkcs12",
    "load_certificate",
    "load_certificates",
    "load_pkcs12",
    "load_private_key",
    "load_public_key",
    "reason",
]

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
    """
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
    elif is_pkcs12(data):
        key, _, _ = load_pkcs12(data, password)
    else:
        key = _decrypted(serialization.load_der_private_key, data, password)
    if not isinstance(key, kinds):
        raise CertificateError(
            "There is no private key of a kind that can be used in it: neither RSA nor ECDSA.",
            todo="Give a file with an RSA or an ECDSA key.",
        )
    return key


def load_certificate(source: Any, password: str | bytes | None = None) -> "Certificate":
    """A certificate: the object, or its bytes as PEM (the first one in it), DER or PKCS#12. PEM may also be a text.

    Raises:
        CertificateError: it is none, or the password of the PKCS#12 file is wrong or missing.
    """
    from cryptography import x509

    if isinstance(source, x509.Certificate):
        return source
    data = _bytes(source, "A certificate is an object of cryptography or its bytes (PEM, DER or PKCS#12)")
    if b"-----BEGIN " in data:
        block = _CERTIFICATE_BLOCK.search(data)
        if block is None:
            raise CertificateError("There is no certificate in this PEM file.")
        return _read(lambda: x509.load_pem_x509_certificate(block[0]), "The certificate cannot be read")
    if is_pkcs12(data):
        _, certificate, _ = load_pkcs12(data, password)
        if certificate is None:
            raise CertificateError("There is no certificate in this PKCS#12 file.")
        return certificate
    return _read(lambda: x509.load_der_x509_certificate(data), "The certificate cannot be read")


def load_public_key(source: Any, password: str | bytes | None = None) -> "PublicKey":
    """A public key: the object, its bytes as PEM or DER, or a certificate in any form of `load_certificate`.

    Raises:
        CertificateError: it is neither, or the key is neither RSA nor ECDSA.
    """
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
        elif b"-----BEGIN " not in data and not is_pkcs12(data):
            try:
                key = serialization.load_der_public_key(data)
            except failures():
                key = None
    if key is None:
        certificate = load_certificate(source, password)
        key = _read(certificate.public_key, "The key of the certificate cannot be read")
    if not isinstance(key, kinds):
        raise CertificateError("The public key is neither RSA nor ECDSA.", todo="Use an RSA or an ECDSA key.")
    return key


def load_pkcs12(
    data: bytes, password: str | bytes | None = None
) -> "tuple[Any, Certificate | None, list[Certificate]]":
    """What a PKCS#12 file holds: the private key, its certificate and the certificates beside it.

    Raises:
        CertificateError: it is none, or its password is wrong or missing.
    """
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, others = pkcs12.load_key_and_certificates(data, _secret(password))
    except failures() as error:
        if "password" in str(error).lower():
            raise _wrong_password(password) from None
        raise CertificateError(f"The PKCS#12 file cannot be read: {reason(error)}.") from None
    return key, certificate, others


def load_certificates(source: Any) -> "list[Certificate]":
    """Every certificate of a PEM file, in its order; or the one that `load_certificate` finds in anything else.

    Raises:
        CertificateError: there is none, or one cannot be read.
    """
    from cryptography import x509

    if isinstance(source, str) and "-----BEGIN " in source:
        source = source.encode("utf-8", "replace")
    if isinstance(source, bytes | bytearray) and source.count(b"-----BEGIN CERTIFICATE-----") > 1:
        blocks = _CERTIFICATE_BLOCK.findall(_bytes(source, "Certificates are PEM or DER"))
        return [
            _read(partial(x509.load_pem_x509_certificate, block), "A certificate cannot be read") for block in blocks
        ]
    return [load_certificate(source)]


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


def is_pkcs12(data: bytes) -> bool:
    """Whether DER starts as a PKCS#12 file does: a sequence whose first member is the version 3."""
    if data[:1] != b"\x30" or len(data) < 2:
        return False
    start = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return data[start : start + 3] == b"\x02\x01\x03"


def _decrypted(load: Callable[..., Read], data: bytes, password: str | bytes | None) -> Read:
    """A key, with its password only when it needs one."""
    try:
        return load(data, password=None)
    except TypeError:
        if password is None:
            raise _wrong_password(None) from None
    except failures() as error:
        raise CertificateError(f"The private key cannot be read: {reason(error)}.") from None
    try:
        return load(data, password=_secret(password))
    except failures() as error:
        if isinstance(error, TypeError) or "decrypt" in str(error).lower() or "password" in str(error).lower():
            raise _wrong_password(password) from None
        raise CertificateError(f"The private key cannot be read: {reason(error)}.") from None


def _secret(password: str | bytes | None) -> bytes | None:
    return password.encode() if isinstance(password, str) else password


def _wrong_password(password: str | bytes | None) -> CertificateError:
    if password is None:
        return CertificateError("The private key is encrypted, and no password was given.", todo="Give its password.")
    return CertificateError("The password of the private key is wrong.", todo="Check it, capital letters included.")


def _read(load: Callable[[], Read], what: str) -> Read:
    try:
        return load()
    except failures() as error:
        raise CertificateError(f"{what}: {reason(error)}.", todo="Give PEM or DER.") from None


def failures() -> tuple[type[Exception], ...]:
    """What cryptography raises for bytes that are not what they should be; its warnings are such errors to be, and are
    raised where somebody asks for that."""
    from cryptography.exceptions import InternalError, UnsupportedAlgorithm
    from cryptography.x509 import DuplicateExtension, InvalidVersion

    return ValueError, TypeError, Warning, UnsupportedAlgorithm, InternalError, DuplicateExtension, InvalidVersion


def reason(error: Exception) -> str:
    """The first sentence of what cryptography says."""
    text = str(error.args[0]) if error.args else type(error).__name__
    return " ".join(text.split()).partition(". ")[0].rstrip(".")[:200]
