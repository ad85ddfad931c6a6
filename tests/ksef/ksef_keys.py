"""Keys and certificates that the tests make for themselves."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

SERIAL = "01F20A5D352AE590"
NOW = datetime.now(UTC).replace(microsecond=0)


@cache
def rsa_key(bits: int = 2048, which: int = 0) -> rsa.RSAPrivateKey:  # noqa: ARG001 - one key for each number
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(which: int = 0) -> ec.EllipticCurvePrivateKey:  # noqa: ARG001 - one key for each number
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    key: Any, *, offline: bool | None = True, begins: int = -1, ends: int = 1, serial: str = SERIAL
) -> x509.Certificate:
    """A self-signed certificate; `offline` is its type (None: no key usage), `begins` and `ends` are days from now."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "billingua test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int(serial, 16))
        .not_valid_before(NOW + timedelta(begins))
        .not_valid_after(NOW + timedelta(ends))
    )
    if offline is not None:
        usage = dict.fromkeys(
            (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        usage["content_commitment" if offline else "digital_signature"] = True
        made = made.add_extension(x509.KeyUsage(**usage), critical=True)
    return made.sign(key, hashes.SHA256())


def pem(key: Any, password: bytes | None = None) -> bytes:
    return private_bytes(key, Encoding.PEM, password)


def private_bytes(
    key: Any, encoding: Encoding, password: bytes | None = None, form: PrivateFormat = PrivateFormat.PKCS8
) -> bytes:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    data: bytes = key.private_bytes(encoding, form, hidden)
    return data


def public_bytes(key: Any, encoding: Encoding = Encoding.PEM) -> bytes:
    data: bytes = key.public_key().public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
    return data
