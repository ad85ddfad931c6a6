"""A public key infrastructure for tests: authorities, their CRLs, OCSP and time stamps, served on this machine."""

import http.server
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from receiving import serving

NOW = datetime.now(UTC).replace(microsecond=0)
SECRET = "zażółć"


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:  # noqa: ARG001 - one key for each name
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key(name: str) -> ec.EllipticCurvePrivateKey:  # noqa: ARG001 - one key for each name
    return ec.generate_private_key(ec.SECP256R1())


class Holder(NamedTuple):
    """Somebody with a key and a certificate."""

    key: Any
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def chain_pem(self) -> bytes:
        return b"".join(one.public_bytes(Encoding.PEM) for one in self.chain)

    @property
    def root_pem(self) -> bytes:
        return self.chain[-1].public_bytes(Encoding.PEM)

    def key_pem(self, password: bytes | None = None) -> bytes:
        hidden = BestAvailableEncryption(password) if password else NoEncryption()
        data: bytes = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, hidden)
        return data

    def p12(self, password: str = SECRET, chain: bool = True) -> bytes:
        hidden = BestAvailableEncryption(password.encode())
        above = list(self.chain) if chain else None
        return serialize_key_and_certificates(b"x", self.key, self.certificate, above, hidden)


def usage(*named: str) -> x509.KeyUsage:
    every = "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
    names = [*every.split(), "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"]
    return x509.KeyUsage(**{name: name in named for name in names})


def issue(
    name: str,
    key: Any,
    issuer: Holder | None = None,
    *,
    ca: bool = False,
    begins: timedelta = timedelta(-30),
    ends: timedelta = timedelta(365),
    extensions: tuple[x509.ExtensionType, ...] = (),
    key_usage: x509.KeyUsage | None = None,
) -> Holder:
    """A certificate for a key, self-signed or of an issuer."""
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    above = issuer.certificate.subject if issuer else own
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(above)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + begins)
        .not_valid_after(NOW + ends)
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signing = issuer.key if issuer else key
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
    if key_usage is None:
        key_usage = usage("key_cert_sign", "crl_sign", "digital_signature") if ca else usage("content_commitment")
    made = made.add_extension(key_usage, critical=True)
    for extension in extensions:
        made = made.add_extension(extension, critical=isinstance(extension, x509.ExtendedKeyUsage))
    certificate = made.sign(signing, hashes.SHA256())
    return Holder(key, certificate, (issuer.certificate, *issuer.chain) if issuer else ())


def crl_point(url: str) -> x509.CRLDistributionPoints:
    return x509.CRLDistributionPoints([x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)])


def ocsp_point(url: str) -> x509.AuthorityInformationAccess:
    place = x509.UniformResourceIdentifier(url)
    return x509.AuthorityInformationAccess([x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)])


def crl(issuer: Holder, revoked: tuple[x509.Certificate, ...] = (), at: datetime | None = None) -> bytes:
    at = at or NOW - timedelta(hours=1)
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + timedelta(days=7))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    for one in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(one.serial_number).revocation_date(NOW - timedelta(1))
        made = made.add_revoked_certificate(entry.build())
    return made.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


class World:
    """A root, an authority for signers, one for time stamps, and what they serve below `url`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.root = issue("Test Root", rsa_key("root"), ca=True)
        self.ca = issue("Test CA", rsa_key("ca"), self.root, ca=True, extensions=(crl_point(f"{url}/root.crl"),))
        self.revoked: set[int] = set()
        self.asked: list[str] = []
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        self.tsa = issue(
            "Test TSA",
            rsa_key("tsa"),
            self.root,
            key_usage=usage("digital_signature"),
            extensions=(stamping, crl_point(f"{url}/root.crl")),
        )
        self.tsa_time: datetime | None = None

    @property
    def tsa_url(self) -> str:
        return f"{self.url}/tsa"

    def signer(self, key: Any = None, by: str = "ocsp", **more: Any) -> Holder:
        point = ocsp_point(f"{self.url}/ocsp") if by == "ocsp" else crl_point(f"{self.url}/ca.crl")
        found = issue("Zoë Żółć & Co", key or rsa_key("signer"), self.ca, extensions=(point,) if by else (), **more)
        self.certificates = [*getattr(self, "certificates", []), found.certificate]
        return found

    def root_crl(self) -> bytes:
        return crl(self.root)

    def ca_crl(self) -> bytes:
        return crl(self.ca, tuple(one for one in self.certificates if one.serial_number in self.revoked))

    def ocsp(self, request: bytes) -> bytes:
        asked = ocsp.load_der_ocsp_request(request)
        certificate = next(one for one in self.certificates if one.serial_number == asked.serial_number)
        gone = certificate.serial_number in self.revoked
        made = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=certificate,
                issuer=self.ca.certificate,
                algorithm=asked.hash_algorithm,
                cert_status=ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
                this_update=NOW - timedelta(hours=1),
                next_update=NOW + timedelta(days=1),
                revocation_time=NOW - timedelta(1) if gone else None,
                revocation_reason=x509.ReasonFlags.key_compromise if gone else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.ca.certificate)
        )
        for extension in asked.extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                made = made.add_extension(extension.value, critical=False)
        return made.sign(self.ca.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def stamp(self, request: bytes) -> bytes:
        return stamp(self.tsa, request, self.tsa_time)


def stamp(tsa: Holder, request: bytes, at: datetime | None = None) -> bytes:
    certificate = asn1_x509.Certificate.load(tsa.certificate.public_bytes(Encoding.DER))
    chain = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in tsa.chain]
    key = asn1_keys.PrivateKeyInfo.load(tsa.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    made = DummyTimeStamper(
        certificate, key, certs_to_embed=chain, fixed_dt=at or datetime.now(UTC).replace(microsecond=0)
    )
    found: bytes = made.request_tsa_response(tsp.TimeStampReq.load(request)).dump()
    return found


Answer = Callable[[bytes], bytes | tuple[int, dict[str, str], bytes]]


@contextmanager
def served() -> Iterator[tuple[str, dict[str, Answer], list[str]]]:
    """An address, the answers to give by path, and the paths that were asked for."""
    answers: dict[str, Answer] = {}
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = answers[self.path](body) if self.path in answers else (404, {}, b"")
            status, headers, data = found if isinstance(found, tuple) else (200, {}, found)
            self.send_response(status)
            for key, value in {"Content-Length": str(len(data)), **self.kind(), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data)

        def do_POST(self) -> None:
            self.do_GET()

        def kind(self) -> dict[str, str]:
            kinds = {"/tsa": "application/timestamp-reply", "/ocsp": "application/ocsp-response"}
            return {"Content-Type": kinds.get(self.path, "application/pkix-crl")}

        def log_message(self, *_: object) -> None:
            pass

    with serving(Handler) as address:
        yield address, answers, asked


@contextmanager
def world() -> Iterator[World]:
    with served() as (url, answers, asked):
        made = World(url)
        made.asked = asked
        answers.update(
            {
                "/tsa": lambda body: made.stamp(body),
                "/ocsp": lambda body: made.ocsp(body),
                "/root.crl": lambda _: made.root_crl(),
                "/ca.crl": lambda _: made.ca_crl(),
            }
        )
        made.answers = answers  # type: ignore[attr-defined]
        yield made
