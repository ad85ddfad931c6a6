"""A certificate of the sandbox: it signs, and proves nothing."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from billingua import pdf
from billingua.errors import MissingExtra

__all__ = ["Made", "made", "signed"]


class Made(NamedTuple):
    """A key and its self-signed certificate."""

    key: bytes
    certificate: bytes
    p12: bytes
    serial: int
    valid_from: datetime
    valid_to: datetime


def made(
    subject: tuple[tuple[str, str], ...],
    days: int,
    size: int,
    passphrase: str = "",
    p12_passphrase: str = "",
) -> Made:
    """A new RSA key with a certificate for document signing.

    Raises:
        MissingExtra: cryptography is not installed.
    """
    try:
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa
        from cryptography.hazmat.primitives.serialization import pkcs12
        from cryptography.x509.oid import NameOID
    except ImportError:
        raise MissingExtra("cryptography", "sandbox", "Making a certificate") from None
    key = rsa.generate_private_key(public_exponent=65537, key_size=size)
    name = x509.Name([x509.NameAttribute(getattr(NameOID, part), text) for part, text in subject if text])
    start = datetime.now(UTC) - timedelta(minutes=5)
    end = start + timedelta(days=days)
    usage = dict.fromkeys(
        (
            *("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
            *("encipher_only", "decipher_only"),
        ),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )

    def lock(text: str) -> Any:
        return serialization.BestAvailableEncryption(text.encode()) if text else serialization.NoEncryption()

    return Made(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock(passphrase)),
        certificate.public_bytes(serialization.Encoding.PEM),
        pkcs12.serialize_key_and_certificates(b"sandbox", key, certificate, None, lock(p12_passphrase)),
        certificate.serial_number % 2**53,
        start,
        end,
    )


@cache
def _own() -> Made:
    return made((("COMMON_NAME", "billingua sandbox"),), 30, 2048)


def signed(data: bytes, reason: str | None, location: str | None, field: str | None = None) -> bytes:
    """A PDF, signed with the certificate of the sandbox.

    Raises:
        BillinguaError: it cannot be signed.
    """
    return pdf.sign(data, key=_own().key, certificate=_own().certificate, reason=reason, location=location, field=field)
