"""Links: built as KSeF reads them, signed as KSeF verifies them, and refused before they are printed wrong."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from ksef_client.config import KsefClientOptions
from ksef_client.services.verification_link import VerificationLinkService
from ksef_keys import SERIAL, certificate, ec_key, pem, public_bytes, rsa_key

from billingua import ksef
from billingua.errors import BillinguaError, CertificateError, IdentifierError, UsageError
from ksef_vectors import vectors

NIP = "1111111111"
HASH = "UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
BASE64 = "UtQp9Gpc51y+u3xApZjIjgkpZ01js+J8KflSPW8WzIE="
DOCUMENTED = f"https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/{HASH}"
PATH = f"qr-test.ksef.mf.gov.pl/certificate/Nip/1111111111/1111111111/{SERIAL}/{HASH}"
CLIENTS = {
    environment: VerificationLinkService(KsefClientOptions(base_url="https://example.org", base_qr_url=base))
    for environment, base in ksef.ENVIRONMENTS.items()
}
CONTEXTS = {
    "Nip": NIP,
    "InternalId": f"{NIP}-00018",
    "NipVatUe": f"{NIP}-DE136695976",
    "PeppolId": "PPL123456",
}


def link(key: Any, **changes: Any) -> str:
    arguments = {
        "context_type": "Nip",
        "context_value": NIP,
        "seller_nip": NIP,
        "certificate_serial": SERIAL,
        "hash": HASH,
        "private_key": key,
        "environment": "test",
    }
    return ksef.certificate_link(**(arguments | changes))


def encoded(signature: bytes) -> str:
    return urlsafe_b64encode(signature).decode().rstrip("=")


@pytest.mark.parametrize("hash", [HASH, BASE64, HASH + "=", ksef.InvoiceHash(BASE64, HASH, "", 0)])
@pytest.mark.parametrize("day", [date(2026, 2, 1), "2026-02-01"])
def test_the_link_printed_in_the_documentation(hash: Any, day: Any) -> None:
    assert ksef.invoice_link(NIP, day, hash, "test") == DOCUMENTED


def test_the_vectors_of_invoices() -> None:
    for one in vectors("kod1"):
        assert ksef.invoice_link(one["nip"], one["issue_date"], one["sha256_base64"], one["env"]) == one["url"]


@settings(deadline=None)
@given(
    st.from_regex(r"\A[1-9][1-9][0-9]{8}\Z"),
    st.dates(),
    st.binary(max_size=50),
    st.sampled_from(sorted(ksef.ENVIRONMENTS)),
)
def test_links_to_invoices_agree_with_ksef_client(nip: str, day: date, data: bytes, environment: str) -> None:
    found = ksef.invoice_hash(data)
    expected = CLIENTS[environment].build_invoice_verification_url(nip, f"{day:%d-%m}-{day.year:04}", found.base64)
    assert ksef.invoice_link(nip, day, found.base64url, environment) == expected


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (
            ("111-111-11-11", "2026-02-01", HASH),
            IdentifierError,
            "ten digits without country prefix, spaces or hyphens",
        ),
        (("111 111 11 11", "2026-02-01", HASH), IdentifierError, "no NIP of a seller"),
        (("PL1111111111", "2026-02-01", HASH), IdentifierError, "no NIP of a seller"),
        (("0111111111", "2026-02-01", HASH), IdentifierError, "does not start with 0"),
        ((1111111111, "2026-02-01", HASH), IdentifierError, "a text of ten digits"),
        ((NIP, "01-02-2026", HASH), UsageError, "'01-02-2026' is no date"),
        ((NIP, "2026/02/01", HASH), UsageError, "is no date"),
        ((NIP, "2026-02-30", HASH), UsageError, "is no date"),
        ((NIP, datetime(2026, 2, 1), HASH), UsageError, "is no date"),
        ((NIP, "2026-02-01", HASH[:-1]), IdentifierError, "no SHA-256 in Base64"),
        ((NIP, "2026-02-01", "a" * 64), IdentifierError, "44 characters"),
        ((NIP, "2026-02-01", ""), IdentifierError, "no SHA-256 in Base64"),
        ((NIP, "2026-02-01", HASH, "prod"), UsageError, "environments are: production, demo, test"),
        ((NIP, "2026-02-01", HASH, None), UsageError, "no environment None"),
    ],
)
def test_links_that_would_lead_nowhere_are_refused(arguments: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ksef.invoice_link(*arguments)


def test_rsa_signatures_are_pss_with_sha_256_and_32_bytes_of_salt() -> None:
    url = link(rsa_key())
    path, _, signature = url.rpartition("/")
    assert path == f"https://{PATH}"
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    rsa_key().public_key().verify(
        urlsafe_b64decode(signature + "=" * (-len(signature) % 4)), PATH.encode(), pss, hashes.SHA256()
    )


def test_ecdsa_signatures_have_two_formats() -> None:
    short = link(ec_key()).rpartition("/")[2]
    assert len(short) == 86
    halves = urlsafe_b64decode(short + "==")
    r, s = int.from_bytes(halves[:32], "big"), int.from_bytes(halves[32:], "big")
    der = urlsafe_b64decode(link(ec_key(), signature_format="der").rpartition("/")[2] + "==")
    for signature in (utils.encode_dss_signature(r, s), der):
        ec_key().public_key().verify(signature, PATH.encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("environment", sorted(ksef.ENVIRONMENTS))
@pytest.mark.parametrize("context", sorted(CONTEXTS))
@pytest.mark.parametrize("make", [rsa_key, ec_key])
def test_links_to_certificates_agree_with_ksef_client(make: Any, context: str, environment: str) -> None:
    key = make()
    ours = link(key, context_type=context, context_value=CONTEXTS[context], environment=environment)
    theirs = CLIENTS[environment].build_certificate_verification_url(
        seller_nip=NIP,
        context_identifier_type=context,
        context_identifier_value=CONTEXTS[context],
        certificate_serial=SERIAL,
        invoice_hash=HASH,
        private_key_pem=pem(key).decode(),
    )
    assert ours.rpartition("/")[0] == theirs.rpartition("/")[0]
    for url in (ours, theirs):
        check = ksef.check_certificate_link(url, certificate(key))
        assert check == (True, "", environment, context, CONTEXTS[context], NIP, SERIAL, HASH)


def test_a_positional_call_works() -> None:
    url = ksef.certificate_link("Nip", NIP, NIP, SERIAL, HASH, pem(ec_key()), "demo", "der")
    assert url.startswith("https://qr-demo.ksef.mf.gov.pl/certificate/Nip/")
    for form in (
        certificate(ec_key()),
        certificate(ec_key()).public_bytes(Encoding.PEM),
        certificate(ec_key()).public_bytes(Encoding.DER),
        certificate(ec_key()).public_bytes(Encoding.PEM).decode(),
        ec_key().public_key(),
        public_bytes(ec_key()),
        public_bytes(ec_key(), Encoding.DER),
    ):
        assert ksef.verify_certificate_link(url, form) is True


def test_the_vectors_of_certificates() -> None:
    keys = vectors("kod2", "keys")
    for one in vectors("kod2", "signed"):
        key = keys[one["key"]]
        assert ksef.verify_certificate_link(one["url"], key["certificate_pem"])
        for signature in one["signatures"]:
            url = f"https://{one['path_to_sign']}/{signature['value']}"
            check = ksef.check_certificate_link(url, key["certificate_pem"].encode())
            assert check.valid is signature["valid"], signature
            assert bool(check.reason) is not signature["valid"]
        for serial in (None, one["serial"]):
            built = ksef.certificate_link(
                one["type"],
                one["value"],
                one["seller"],
                serial,
                one["hash"],
                key["private_key_pem"].encode(),
                one["env"],
                certificate=key["certificate_pem"],
            )
            assert built.rpartition("/")[0] == f"https://{one['path_to_sign']}"
    for one in vectors("kod2", "unsigned"):
        built = ksef.certificate_link(
            one["type"], one["value"], one["seller"], one["serial"], one["hash"], ec_key(), one["env"]
        )
        assert built.rpartition("/")[0] == f"https://{one['path_to_sign']}"


GOOD = link(ec_key())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (DOCUMENTED, r"link to an invoice \(KOD I\)"),
        (GOOD.replace("qr-test", "qr"), "signature does not fit"),
        (GOOD.replace(f"/{NIP}/{SERIAL}", f"/5265877635/{SERIAL}"), "signature does not fit"),
        (GOOD.replace(SERIAL, "0" * 16), "names the certificate 0000000000000000"),
        (GOOD.replace(SERIAL, SERIAL.lower()), "16 hexadecimal digits"),
        (GOOD.replace("/Nip/", "/nip/"), "no context type 'nip'"),
        (GOOD.replace("https:", "http:"), "does not lead to KSeF"),
        (GOOD.replace(".gov.pl", ".gov.pl.example.org"), "does not lead to KSeF"),
        (GOOD.replace(HASH, HASH[:-1]), "no SHA-256"),
        (GOOD.replace(f"/{NIP}/{NIP}/", "/1/1/"), "no value of a Nip context"),
        (GOOD + "/", "another link"),
        (GOOD.rpartition("/")[0], "another link"),
        (GOOD + "=", "no Base64url"),
        (GOOD[:-1], "no Base64url"),
        (GOOD[:-1] + ("B" if GOOD[-1] != "B" else "C"), "no Base64url"),
        (f"https://{PATH}/{encoded(bytes(64))}", "signature does not fit"),
        (f"https://{PATH}/{encoded(b'0' * 70)}", "signature does not fit"),
        (f"https://{PATH}/{encoded(b'0')}", "signature does not fit"),
        ("", "does not lead to KSeF"),
        (None, "does not lead to KSeF"),
    ],
)
def test_why_a_link_is_not_valid(url: Any, said: str) -> None:
    check = ksef.check_certificate_link(url, certificate(ec_key()))
    assert not check.valid
    assert said.replace("\\", "") in check.reason
    assert ksef.verify_certificate_link(url, certificate(ec_key())) is False


def test_wrong_ways_to_sign_are_noticed() -> None:
    key = ec_key()
    for text in (f"https://{PATH}", f"{PATH}/", hashes_of(PATH)):
        signature = encoded(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        assert not ksef.verify_certificate_link(f"https://{PATH}/{signature}", certificate(key))
    for scheme in (padding.PKCS1v15(), padding.PSS(padding.MGF1(hashes.SHA256()), 20)):
        signature = encoded(rsa_key().sign(PATH.encode(), scheme, hashes.SHA256()))
        assert not ksef.verify_certificate_link(f"https://{PATH}/{signature}", certificate(rsa_key()))


def hashes_of(text: str) -> str:
    return ksef.invoice_hash(text.encode()).hex


def test_the_key_of_another_certificate_does_not_verify() -> None:
    assert ksef.check_certificate_link(GOOD, certificate(ec_key(1))).reason.startswith("The signature")
    assert not ksef.verify_certificate_link(GOOD, rsa_key().public_key())


def test_a_certificate_that_ksef_has_not_made_is_judged_by_its_key() -> None:
    assert ksef.verify_certificate_link(GOOD, certificate(ec_key(), serial="AB" * 19))


@settings(deadline=None)
@given(st.text(max_size=80) | st.text(alphabet="/-_AbZ09", max_size=120).map(lambda text: GOOD[:40] + text))
def test_any_text_gets_an_answer(url: str) -> None:
    check = ksef.check_certificate_link(url, ec_key().public_key())
    assert check.valid is (check.reason == "") is False


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"context_type": "nip"}, UsageError, "Nip, InternalId, NipVatUe, PeppolId"),
        ({"context_type": None}, UsageError, "no context type None"),
        ({"context_value": "PL1111111111"}, IdentifierError, "a Nip context"),
        ({"context_value": f"{NIP}/x"}, IdentifierError, "a Nip context"),
        ({"context_type": "InternalId"}, IdentifierError, "a NIP, a hyphen and five digits"),
        ({"context_type": "NipVatUe", "context_value": f"{NIP}-136695976"}, IdentifierError, "EU VAT number"),
        ({"context_type": "PeppolId", "context_value": "123456"}, IdentifierError, "two letters and six digits"),
        ({"seller_nip": "111-111-11-11"}, IdentifierError, "no NIP of a seller"),
        ({"certificate_serial": SERIAL.lower()}, IdentifierError, "16 hexadecimal digits, upper case"),
        ({"certificate_serial": SERIAL[1:]}, IdentifierError, "no serial number"),
        ({"certificate_serial": 1}, IdentifierError, "no serial number"),
        ({"certificate_serial": None}, UsageError, "needs the serial number"),
        ({"hash": HASH[1:]}, IdentifierError, "no SHA-256"),
        ({"environment": "live"}, UsageError, "no environment"),
        ({"signature_format": "raw"}, UsageError, "p1363, der"),
        ({"private_key": b"x"}, CertificateError, "private key cannot be read"),
        ({"private_key": "key.pem"}, CertificateError, r"not str\. Read the file"),
    ],
)
def test_links_that_ksef_would_refuse_are_not_built(changes: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said) as caught:
        link(**({"key": ec_key()} | ({} if "private_key" not in changes else {"key": None}) | changes))
    assert isinstance(caught.value, BillinguaError)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ({"offline": False}, "not of type Offline"),
        ({"offline": None}, "not of type Offline"),
        ({"begins": -9, "ends": -1}, "has expired"),
        ({"begins": 1, "ends": 9}, "not valid yet"),
        ({"serial": "0" * 15 + "1"}, "0000000000000001"),
    ],
)
def test_a_certificate_that_must_not_sign_is_refused(made: Any, said: str) -> None:
    with pytest.raises(CertificateError, match=said):
        link(ec_key(), certificate=certificate(ec_key(), **made))


def test_a_certificate_must_be_that_of_the_key() -> None:
    assert link(ec_key(), certificate=certificate(ec_key()), certificate_serial=None).startswith(f"https://{PATH}/")
    for other in (certificate(ec_key(1)), certificate(rsa_key())):
        with pytest.raises(CertificateError, match="not the key of this certificate"):
            link(ec_key(), certificate=other)
    with pytest.raises(CertificateError, match="more than 16 digits"):
        link(ec_key(), certificate=certificate(ec_key(), serial="AB" * 19), certificate_serial=None)


def test_weak_keys_are_refused() -> None:
    weak = rsa_key(1024)
    with pytest.raises(CertificateError, match="1024 bits; KSeF takes 2048"):
        link(weak)
    other = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(CertificateError, match=r"curve secp384r1; KSeF takes P-256"):
        link(other)
    with pytest.raises(CertificateError, match="secp384r1"):
        ksef.verify_certificate_link(GOOD, other.public_key())
