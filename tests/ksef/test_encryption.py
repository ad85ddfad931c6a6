"""Encryption: what KSeF decrypts, and what others encrypt."""

from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from ksef_client.services.crypto import build_encryption_data, build_send_invoice_request, encrypt_aes_cbc_pkcs7
from ksef_keys import certificate, ec_key, pem, public_bytes, rsa_key

from billingua import ksef
from billingua.errors import CertificateError, IdentifierError, PackageError, UnreadableInput, UsageError
from billingua.ksef.encryption import decrypted, encrypted, unwrapped, wrapped
from ksef_vectors import vectors

KEY, VECTOR = bytes(range(32)), bytes(range(16))
SESSION = ksef.SessionKey(KEY, VECTOR, {})


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=6))
def test_pieces_are_encrypted_as_one_like_ksef_client(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    hidden = b"".join(encrypted(pieces, SESSION))
    assert hidden == encrypt_aes_cbc_pkcs7(data, KEY, VECTOR)
    assert len(hidden) == len(data) // 16 * 16 + 16
    assert b"".join(decrypted([hidden[:5], hidden[5:]], KEY, VECTOR)) == data


@pytest.mark.parametrize("make", [certificate, lambda key: public_bytes(key), lambda key: key.public_key()])
def test_the_key_of_a_session(make: Any) -> None:
    session = ksef.session_key(make(rsa_key()))
    block = session.encryption
    assert sorted(block) == ["encryptedSymmetricKey", "initializationVector", "publicKeyId"]
    assert unwrapped(rsa_key(), b64decode(block["encryptedSymmetricKey"])) == session.key
    assert b64decode(block["initializationVector"]) == session.vector
    assert (len(session.key), len(session.vector)) == (32, 16)
    assert session.key != ksef.session_key(make(rsa_key())).key
    assert session.key.hex() not in repr(session)
    assert repr(session.key) not in f"{session!r} {session}"


def test_a_key_wrapped_by_ksef_client_opens() -> None:
    pem_certificate = certificate(rsa_key()).public_bytes(Encoding.PEM).decode()
    theirs = build_encryption_data(pem_certificate)
    assert theirs.encryption_info is not None
    assert unwrapped(pem(rsa_key()), b64decode(theirs.encryption_info.encrypted_symmetric_key)) == theirs.key


def test_the_vectors() -> None:
    known = vectors("batch")
    private, public = known["private_key_pem"].encode(), known["certificate_pem"].encode()
    key, vector = bytes.fromhex(known["aes_key_hex"]), bytes.fromhex(known["iv_hex"])
    block = wrapped(public, key, vector).encryption
    assert block["publicKeyId"] == known["publicKeyId"] == ksef.public_key_id(public)
    assert block["initializationVector"] == known["initializationVector_base64"]
    for one in (block["encryptedSymmetricKey"], known["encryptedSymmetricKey_base64"]):
        assert unwrapped(private, b64decode(one)) == key
    with pytest.raises(CertificateError, match="does not open"):
        unwrapped(private, b64decode(known["encryptedSymmetricKey_wrong_mgf1_sha1_base64"]))


def test_identifiers_of_key_and_certificate() -> None:
    made = certificate(rsa_key())
    spki = public_bytes(rsa_key(), Encoding.DER)
    assert ksef.public_key_id(made) == ksef.public_key_id(spki) == ksef.invoice_hash(spki).base64
    assert ksef.certificate_id(made) == ksef.invoice_hash(made.public_bytes(Encoding.DER)).base64


@pytest.mark.parametrize("data", [b"<Faktura/>", b"x" * 1_000_000, b"<Zalacznik>" + b"x" * 2_999_989])
def test_an_invoice_for_an_interactive_session(data: bytes) -> None:
    session = ksef.session_key(certificate(rsa_key()))
    found = ksef.encrypt_invoice(data, session)
    theirs = build_send_invoice_request(data, session.key, session.vector, offline_mode=False)
    assert found.request == {
        "invoiceHash": theirs.invoice_hash,
        "invoiceSize": theirs.invoice_size,
        "encryptedInvoiceHash": theirs.encrypted_invoice_hash,
        "encryptedInvoiceSize": theirs.encrypted_invoice_size,
        "encryptedInvoiceContent": theirs.encrypted_invoice_content,
        "offlineMode": False,
    }
    assert found.encryption == session.encryption


def test_a_technical_correction_names_the_rejected_file() -> None:
    rejected = ksef.invoice_hash(b"<faktura/>")
    public = public_bytes(rsa_key())
    for hash in (rejected, rejected.base64, rejected.base64url):
        found = ksef.encrypt_invoice(b"<Faktura/>", public, offline_mode=True, hash_of_corrected_invoice=hash)
        assert found.request["hashOfCorrectedInvoice"] == rejected.base64
        assert found.request["offlineMode"] is True
    with pytest.raises(UsageError, match="offline_mode=True"):
        ksef.encrypt_invoice(b"<Faktura/>", public, hash_of_corrected_invoice=rejected)
    with pytest.raises(IdentifierError):
        ksef.encrypt_invoice(b"<Faktura/>", public, offline_mode=True, hash_of_corrected_invoice="x")


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", PackageError, "The invoice is empty"),
        (b"x" * 1_000_001, PackageError, "larger than 1,000,000 bytes.*without an attachment"),
        (b"<Zalacznik>" + b"x" * 3_000_000, PackageError, "larger than 3,000,000 bytes"),
        ("nothing-here.xml", UnreadableInput, "nothing-here"),
    ],
)
def test_what_ksef_would_not_take_is_not_encrypted(data: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ksef.encrypt_invoice(data, SESSION)


def test_an_endless_file_is_not_read() -> None:
    with open("/dev/zero", "rb") as endless, pytest.raises(PackageError, match="larger"):
        ksef.encrypt_invoice(endless, SESSION)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (b"nonsense", "cannot be read"),
        (pem(rsa_key()), "no certificate"),
        (public_bytes(ec_key()), "wrapped with an RSA key"),
        (public_bytes(rsa_key(1024)), "1024 bits"),
        ("key.pem", "Read the file"),
    ],
)
def test_a_public_key_that_cannot_wrap_is_refused(key: Any, said: str) -> None:
    with pytest.raises(CertificateError, match=said):
        ksef.session_key(key)


def test_what_another_key_made_is_not_decrypted() -> None:
    hidden = b"".join(encrypted([b"x" * 100], SESSION))
    for data, key in ((hidden, bytes(32)), (hidden[:-1], KEY), (hidden[:-16], KEY), (b"", KEY), (hidden, b"short")):
        with pytest.raises(PackageError, match="cannot be decrypted"):
            b"".join(decrypted([data], key, VECTOR))
    for other in (rsa_key(2048, 1), ec_key()):
        with pytest.raises(CertificateError, match="does not open"):
            unwrapped(other, bytes(256))


def test_padding_is_what_the_documentation_says() -> None:
    session = wrapped(rsa_key().public_key(), KEY, VECTOR)
    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    assert rsa_key().decrypt(b64decode(session.encryption["encryptedSymmetricKey"]), oaep) == KEY
