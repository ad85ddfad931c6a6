"""Encryption for KSeF: AES-256-CBC with PKCS#7, its key wrapped by RSA-OAEP with SHA-256 for hash and MGF1.

One key and one initialization vector serve a whole session. The vector travels in the session's `encryption` block
only, not in front of the encrypted bytes.
"""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from billingua.errors import CertificateError, PackageError, UsageError
from billingua.ksef.certificates import load_certificate, load_private_key, load_public_key, require_strong
from billingua.ksef.hash import InvoiceHash, chunks, digest_of, invoice_hash
from billingua.ksef.values import need

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

__all__ = [
    "MAX_INVOICE",
    "MAX_INVOICE_WITH_ATTACHMENT",
    "EncryptedInvoice",
    "SessionKey",
    "certificate_id",
    "decrypted",
    "encrypt_invoice",
    "encrypted",
    "public_key_id",
    "session_key",
    "size_problem",
    "unwrapped",
    "wrapped",
]

MAX_INVOICE: Final = 1_000_000
"""The largest invoice, in bytes."""

MAX_INVOICE_WITH_ATTACHMENT: Final = 3_000_000
"""The largest invoice that has an attachment (Zalacznik), in bytes."""

_PURPOSE = "Encrypting for KSeF"


class SessionKey(NamedTuple):
    """The key of a session. Only `encryption` leaves the machine; the key itself is not shown."""

    key: bytes
    vector: bytes
    encryption: dict[str, str]
    """For the request that opens the session: encryptedSymmetricKey, initializationVector, publicKeyId."""

    def __repr__(self) -> str:
        return f"SessionKey(encryption={self.encryption!r})"


class EncryptedInvoice(NamedTuple):
    """An invoice for an interactive session."""

    request: dict[str, str | int | bool]
    """The body of the request that sends it."""
    encryption: dict[str, str]
    """For the request that opens the session."""


def session_key(public_key: Any) -> SessionKey:
    """A new key for a session, wrapped with the ministry's public key of usage SymmetricKeyEncryption.

    Args:
        public_key: as for `load_public_key`: a certificate or public key, an object or PEM or DER bytes.

    Raises:
        CertificateError: it cannot be read, or is no RSA key of at least 2048 bits.
        MissingExtra: cryptography is not installed.
    """
    return wrapped(public_key, os.urandom(32), os.urandom(16))


def wrapped(public_key: Any, key: bytes, vector: bytes) -> SessionKey:
    """A given key for a session."""
    public = _rsa(public_key)
    block = {
        "encryptedSymmetricKey": _base64(public.encrypt(key, _oaep())),
        "initializationVector": _base64(vector),
        "publicKeyId": public_key_id(public),
    }
    return SessionKey(key, vector, block)


def public_key_id(public_key: Any) -> str:
    """The identifier of a public key (`publicKeyId`): the SHA-256 of its SubjectPublicKeyInfo, Base64.

    Raises:
        CertificateError, MissingExtra: as `load_public_key`.
    """
    need("cryptography", _PURPOSE)
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    der = load_public_key(public_key).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _base64(hashlib.sha256(der).digest())


def certificate_id(certificate: Any) -> str:
    """The identifier of a certificate (`certificateId`): the SHA-256 of its DER, Base64.

    Raises:
        CertificateError, MissingExtra: as `load_certificate`.
    """
    need("cryptography", _PURPOSE)
    from cryptography.hazmat.primitives.serialization import Encoding

    return _base64(hashlib.sha256(load_certificate(certificate).public_bytes(Encoding.DER)).digest())


def encrypt_invoice(
    data: bytes | str | os.PathLike[str] | BinaryIO,
    key: Any,
    *,
    offline_mode: bool = False,
    hash_of_corrected_invoice: InvoiceHash | str | None = None,
) -> EncryptedInvoice:
    """An invoice for an interactive session.

    Args:
        data: the invoice: its bytes, a path or a file.
        key: the `SessionKey` of the session, or the ministry's public key for a session of one invoice.
        offline_mode: whether it was issued offline.
        hash_of_corrected_invoice: of the rejected file, for a technical correction of an offline invoice.

    Raises:
        PackageError: the invoice is empty or too large for KSeF.
        UsageError: a technical correction is not of an offline invoice.
        InputError, IdentifierError, CertificateError, MissingExtra: the file, the hash or the key is not usable, or
            cryptography is not installed.
    """
    session = key if isinstance(key, SessionKey) else session_key(key)
    content = b"".join(_within(chunks(data), MAX_INVOICE_WITH_ATTACHMENT))
    if problem := size_problem(len(content), b"Zalacznik>" in content):
        raise PackageError(problem)
    if hash_of_corrected_invoice is not None and not offline_mode:
        raise UsageError("Only an offline invoice has a technical correction.", todo="Give offline_mode=True.")
    hidden = b"".join(encrypted([content], session))
    plain, secret = invoice_hash(content), invoice_hash(hidden)
    request: dict[str, str | int | bool] = {
        "invoiceHash": plain.base64,
        "invoiceSize": plain.size,
        "encryptedInvoiceHash": secret.base64,
        "encryptedInvoiceSize": secret.size,
        "encryptedInvoiceContent": _base64(hidden),
        "offlineMode": offline_mode,
    }
    if hash_of_corrected_invoice is not None:
        request["hashOfCorrectedInvoice"] = _base64(digest_of(hash_of_corrected_invoice))
    return EncryptedInvoice(request, session.encryption)


def size_problem(size: int, has_attachment: bool) -> str:
    """Why an invoice of so many bytes cannot be sent; "" when it can."""
    limit = MAX_INVOICE_WITH_ATTACHMENT if has_attachment else MAX_INVOICE
    if size == 0:
        return "The invoice is empty."
    if size > limit:
        more = "with" if has_attachment else "without"
        return f"The invoice is larger than {limit:,} bytes, the most that KSeF takes {more} an attachment."
    return ""


def encrypted(pieces: Iterable[bytes], session: SessionKey) -> Iterator[bytes]:
    """Bytes in pieces, encrypted as one: a multiple of 16 bytes in all, without the vector."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    padder = PKCS7(128).padder()
    cipher = Cipher(algorithms.AES256(session.key), modes.CBC(session.vector)).encryptor()
    for piece in pieces:
        yield cipher.update(padder.update(piece))
    yield cipher.update(padder.finalize()) + cipher.finalize()


def decrypted(pieces: Iterable[bytes], key: bytes, vector: bytes) -> Iterator[bytes]:
    """The reverse of `encrypted`.

    Raises:
        PackageError: the bytes are not what this key made.
    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.padding import PKCS7

    try:
        unpadder = PKCS7(128).unpadder()
        cipher = Cipher(algorithms.AES256(key), modes.CBC(vector)).decryptor()
        for piece in pieces:
            yield unpadder.update(cipher.update(piece))
        yield unpadder.update(cipher.finalize()) + unpadder.finalize()
    except ValueError:
        raise PackageError("The bytes cannot be decrypted: they were changed, or another key made them.") from None


def unwrapped(private_key: Any, wrapped_key: bytes, password: str | bytes | None = None) -> bytes:
    """The key of a session, with the private key that belongs to the public key it was wrapped with.

    Raises:
        CertificateError: it is another private key.
        MissingExtra: cryptography is not installed.
    """
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = load_private_key(private_key, password)
    if isinstance(key, rsa.RSAPrivateKey):
        try:
            return key.decrypt(wrapped_key, _oaep())
        except ValueError:
            pass
    raise CertificateError(
        "The private key does not open the key of this session.",
        todo="Give the private key of the public key that was used, wrapped with SHA-256 for hash and MGF1.",
    )


def _rsa(public_key: Any) -> "RSAPublicKey":
    need("cryptography", _PURPOSE)
    from cryptography.hazmat.primitives.asymmetric import rsa

    public = load_public_key(public_key)
    if not isinstance(public, rsa.RSAPublicKey):
        raise CertificateError("The key of a session is wrapped with an RSA key, and this one is ECDSA.")
    require_strong(public)
    return public


def _oaep() -> Any:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def _within(pieces: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """The pieces, up to a little more than so many bytes."""
    for piece in pieces:
        yield piece
        limit -= len(piece)
        if limit < 0:
            return


def _base64(data: bytes) -> str:
    return b64encode(data).decode()
