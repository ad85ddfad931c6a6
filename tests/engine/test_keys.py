"""Keys and certificates that come in bundles; single ones in every form are tested with KSeF."""

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import pki
from billingua.engine import keys
from billingua.errors import CertificateError

ROOT = pki.issue("Root", pki.ec_key("root"), ca=True)
OWN = pki.issue("Own", pki.ec_key("own"), ROOT)


def test_every_certificate_of_a_bundle_in_order() -> None:
    assert keys.load_certificates(OWN.pem + b"\n# the root:\n" + ROOT.pem) == [OWN.certificate, ROOT.certificate]
    assert keys.load_certificates((OWN.pem + ROOT.pem).decode()) == [OWN.certificate, ROOT.certificate]
    assert keys.load_certificates(ROOT.certificate.public_bytes(Encoding.DER)) == [ROOT.certificate]
    assert keys.load_certificates(ROOT.certificate) == [ROOT.certificate]


def test_a_damaged_certificate_in_a_bundle_is_refused() -> None:
    with pytest.raises(CertificateError, match="A certificate cannot be read"):
        keys.load_certificates(OWN.pem + ROOT.pem.replace(b"MII", b"MIJ", 1))


def test_a_pkcs12_file_with_its_chain() -> None:
    key, certificate, others = keys.load_pkcs12(OWN.p12(), pki.SECRET)
    assert key.private_numbers() == OWN.key.private_numbers()
    assert (certificate, others) == (OWN.certificate, [ROOT.certificate])
    with pytest.raises(CertificateError, match="is wrong"):
        keys.load_pkcs12(OWN.p12(), "other")
    with pytest.raises(CertificateError, match="cannot be read"):
        keys.load_pkcs12(b"\x30\x05\x02\x01\x03\x30\x00", "other")
