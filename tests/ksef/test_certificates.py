"""Keys and certificates in every form that users have, and one typed error for everything else."""

from contextlib import suppress
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ksef_keys import SERIAL, certificate, ec_key, pem, private_bytes, public_bytes, rsa_key

from billingua import ksef
from billingua.errors import CertificateError

SECRET = "zażółć"
CERTIFICATE = certificate(ec_key())
FORMS = [
    (encoding, form, password)
    for encoding in (Encoding.PEM, Encoding.DER)
    for form, password in (
        (PrivateFormat.PKCS8, None),
        (PrivateFormat.PKCS8, SECRET.encode()),
        (PrivateFormat.TraditionalOpenSSL, None),
    )
]


def pkcs12(key: Any = None, made: Any = CERTIFICATE, password: bytes | None = SECRET.encode()) -> bytes:
    hidden = BestAvailableEncryption(password) if password else NoEncryption()
    return serialize_key_and_certificates(b"x", key, made, None, hidden)


def same(one: Any, other: Any) -> bool:
    return bool(one.private_numbers() == other.private_numbers())


@pytest.mark.parametrize("make", [rsa_key, ec_key])
@pytest.mark.parametrize(("encoding", "form", "password"), FORMS)
def test_private_keys_in_every_form(make: Any, encoding: Encoding, form: PrivateFormat, password: bytes | None) -> None:
    data = private_bytes(make(), encoding, password, form)
    assert same(ksef.load_private_key(data, SECRET), make())
    assert same(ksef.load_private_key(bytearray(data), SECRET.encode()), make())
    if password is None:
        assert same(ksef.load_private_key(data), make())
    else:
        with pytest.raises(CertificateError, match="no password was given"):
            ksef.load_private_key(data)
        for wrong in ("wrong", "", "x" * 5000):
            with pytest.raises(CertificateError, match="password of the private key is wrong"):
                ksef.load_private_key(data, wrong)


def test_an_object_and_a_text_are_taken() -> None:
    assert ksef.load_private_key(ec_key()) is ec_key()
    assert same(ksef.load_private_key(pem(ec_key()).decode()), ec_key())
    assert ksef.load_certificate(CERTIFICATE) is CERTIFICATE
    assert ksef.load_public_key(ec_key().public_key()).public_numbers() == ec_key().public_key().public_numbers()


def test_one_pem_file_may_hold_both() -> None:
    both = b"Bag Attributes\n" + CERTIFICATE.public_bytes(Encoding.PEM) + b"\n" + pem(ec_key()) + b"\n"
    assert same(ksef.load_private_key(both), ec_key())
    assert ksef.load_certificate(both) == CERTIFICATE
    assert ksef.certificate_serial(both) == SERIAL


def test_pkcs12_holds_both() -> None:
    data = pkcs12(ec_key())
    assert same(ksef.load_private_key(data, SECRET), ec_key())
    assert ksef.load_certificate(data, SECRET) == CERTIFICATE
    assert ksef.load_public_key(data, SECRET).public_numbers() == ec_key().public_key().public_numbers()
    for password, said in (("wrong", "is wrong"), (None, "no password was given")):
        for load in (ksef.load_private_key, ksef.load_certificate, ksef.load_public_key):
            with pytest.raises(CertificateError, match=said):
                load(data, password)
    link = ksef.certificate_link(
        "Nip",
        "1111111111",
        "1111111111",
        None,
        "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE",
        data,
        password=SECRET,
        certificate=data,
    )
    assert ksef.verify_certificate_link(link, CERTIFICATE)


def test_pkcs12_that_lacks_one() -> None:
    with pytest.raises(CertificateError, match="no private key of a kind"):
        ksef.load_private_key(pkcs12(None), SECRET)
    with pytest.raises(CertificateError, match="no certificate in this PKCS#12"):
        ksef.load_certificate(pkcs12(ec_key(), None), SECRET)
    assert same(ksef.load_private_key(pkcs12(ec_key(), password=None)), ec_key())


def test_the_serial_number_has_sixteen_digits() -> None:
    assert ksef.certificate_serial(CERTIFICATE) == SERIAL
    assert ksef.certificate_serial(certificate(ec_key(), serial="1").public_bytes(Encoding.DER)) == "0" * 15 + "1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "these are 0 bytes"),
        (b"x" * 2_000_000, "these are 2000000 bytes"),
        (b"nonsense", "cannot be read"),
        (b"\x30", "cannot be read"),
        (b"\x30\x03\x02\x01\x03", "PKCS#12 file cannot be read"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "cannot be read"),
        (CERTIFICATE.public_bytes(Encoding.PEM), "no private key in this PEM"),
        (CERTIFICATE.public_bytes(Encoding.DER), "cannot be read"),
        (public_bytes(ec_key()), "no private key in this PEM"),
        (CERTIFICATE, "not Certificate"),
        ("key.pem", "Read the file"),
        (None, "not NoneType"),
        (ed25519.Ed25519PrivateKey.generate(), "not "),
        (private_bytes(ed25519.Ed25519PrivateKey.generate(), Encoding.PEM), "RSA or an ECDSA"),
    ],
)
def test_what_is_no_private_key_is_refused(data: Any, said: str) -> None:
    with pytest.raises(CertificateError, match=said):
        ksef.load_private_key(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        pem(ec_key()),
        private_bytes(ec_key(), Encoding.DER),
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
        "cert.pem",
        None,
        5,
    ],
)
def test_what_is_no_certificate_is_refused(data: Any) -> None:
    for load in (ksef.load_certificate, ksef.load_public_key, ksef.certificate_serial, ksef.certificate_id):
        with pytest.raises(CertificateError):
            load(data)


def test_a_public_key_of_another_kind_is_refused() -> None:
    with pytest.raises(CertificateError, match="neither RSA nor ECDSA"):
        ksef.load_public_key(public_bytes(ed25519.Ed25519PrivateKey.generate()))


SEEDS = {
    "PEM": pem(ec_key()),
    "DER": private_bytes(rsa_key(), Encoding.DER),
    "PKCS#12": pkcs12(ec_key(), password=None),
    "certificate": CERTIFICATE.public_bytes(Encoding.DER),
}


@settings(deadline=None, max_examples=60)
@example("certificate", 14, b"\x80", None).via("a serial number below 0")
@given(st.sampled_from(sorted(SEEDS)), st.integers(0, 300), st.binary(max_size=6), st.sampled_from([None, "x"]))
def test_damaged_bytes_are_a_typed_error(seed: str, place: int, change: bytes, password: str | None) -> None:
    data = SEEDS[seed][:place] + change + SEEDS[seed][place + len(change) :]
    for load in (ksef.load_private_key, ksef.load_certificate, ksef.load_public_key):
        with suppress(CertificateError):
            load(data, password)
