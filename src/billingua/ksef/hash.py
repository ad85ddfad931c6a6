"""The hash of an invoice: SHA-256 over the exact bytes that are sent, before compression and encryption.

Nothing is canonicalised: another line end, a BOM or a space inside a tag gives another hash. Keep an offline invoice
byte for byte between printing its codes and sending it.
"""

import hashlib
import os
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from billingua.errors import IdentifierError, UnreadableInput, UsageError
from billingua.ksef.values import shown

__all__ = ["CHUNK", "InvoiceHash", "chunks", "digest_of", "hash_of", "invoice_hash", "to_base64url"]

CHUNK = 1 << 20
"""So many bytes of a file are in memory at a time."""

_BASE64 = re.compile(r"[A-Za-z0-9+/]{43}=|[A-Za-z0-9_-]{43}=?")


class InvoiceHash(NamedTuple):
    """The SHA-256 of a file, in the forms that KSeF uses."""

    base64: str
    """44 characters: for the API and as `hashOfCorrectedInvoice`."""
    base64url: str
    """43 characters: for links."""
    hex: str
    size: int
    """Bytes."""


def invoice_hash(data: bytes | str | os.PathLike[str] | BinaryIO) -> InvoiceHash:
    """The hash of a document: its bytes, a path, or a file opened for reading bytes (from where it stands).

    Raises:
        UnreadableInput: the file cannot be read.
        UsageError: `data` is none of these.
    """
    return hash_of(chunks(data))


def hash_of(pieces: Iterator[bytes]) -> InvoiceHash:
    """The hash of bytes that come in pieces."""
    digest = hashlib.sha256()
    size = 0
    for piece in pieces:
        digest.update(piece)
        size += len(piece)
    found = digest.digest()
    return InvoiceHash(b64encode(found).decode(), to_base64url(found), found.hex(), size)


def to_base64url(data: bytes) -> str:
    """Base64 for links: `-` and `_`, no padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def digest_of(hash: InvoiceHash | str) -> bytes:
    """The 32 bytes of a hash given as `InvoiceHash`, Base64 or Base64url.

    Raises:
        IdentifierError: it is not the Base64 of 32 bytes.
    """
    text = hash.base64 if isinstance(hash, InvoiceHash) else hash
    if isinstance(text, str) and _BASE64.fullmatch(text):
        digest = b64decode(text.rstrip("=").translate({ord("-"): "+", ord("_"): "/"}) + "=")
        if to_base64url(digest)[-1] == text.rstrip("=")[-1]:
            return digest
    raise IdentifierError(
        f"{shown(hash)} is no SHA-256 in Base64.",
        todo="Give what invoice_hash() returns, or its 44 characters (Base64) or 43 characters (Base64url).",
    )


def chunks(data: bytes | str | os.PathLike[str] | BinaryIO) -> Iterator[bytes]:
    """The bytes of a source, piece by piece."""
    if isinstance(data, bytes | bytearray | memoryview):
        yield bytes(data)
    elif isinstance(data, str) and data.lstrip("\ufeff \t\r\n").startswith("<"):
        raise UsageError(
            "A str is the path of a file; this one holds XML.",
            todo="Give the exact bytes that are sent, not text: its encoding is part of the hash.",
        )
    elif isinstance(data, str | os.PathLike):
        try:
            with open(data, "rb") as stream:
                yield from _pieces(stream)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise UnreadableInput(f"The file cannot be read: {reason}.", where=shown(os.fspath(data))[1:-1]) from None
    elif hasattr(data, "read"):
        try:
            yield from _pieces(data)
        except (OSError, ValueError) as error:
            raise UnreadableInput(f"The file cannot be read: {str(error).rstrip('.')}.") from None
    else:
        raise UsageError(f"A document is bytes, a path or a file opened for reading bytes, not {type(data).__name__}.")


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        if not isinstance(piece, bytes):
            raise UsageError("The file is opened for reading text.", todo='Open it with open(path, "rb").')
        yield piece
