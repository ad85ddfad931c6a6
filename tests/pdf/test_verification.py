"""Verifying: what was signed, what was changed, whom to trust, and which level is reached."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

import pki
from billingua import pdf
from billingua.errors import CertificateError, UnreadableInput, UsageError
from pki import NOW, SECRET, Holder, World
from signed_pdfs import HYBRIDS, INVOICE, plain

PLAIN = plain()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with pki.world() as made:
        yield made


@pytest.fixture(scope="module")
def holder(world: World) -> Holder:
    return world.signer(pki.ec_key("signer"), ends=timedelta(10))


@pytest.fixture(scope="module")
def signed(world: World, holder: Holder) -> dict[str, bytes]:
    """The same file signed at each level."""
    url = world.tsa_url
    return {
        level: pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level=level, tsa_url=None if level == "B-B" else url)
        for level in ("B-B", "B-T", "B-LT")
    }


def only(data: bytes, roots: Any = (), at: datetime | None = None) -> pdf.SignatureCheck:
    found = pdf.verify(data, roots, at)
    assert found.valid == all(one.valid for one in found.signatures)
    [check] = found.signatures
    return check


def asn1(holder: Holder) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(holder.certificate.public_bytes(Encoding.DER))


def test_nothing_is_fetched(signed: dict[str, bytes], holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for level, data in signed.items():
        assert only(data, holder.root_pem).level == level


def test_what_is_told(signed: dict[str, bytes], holder: Holder, world: World) -> None:
    found = only(signed["B-B"])
    assert found._replace(signed_at=None) == pdf.SignatureCheck(
        field="Signature1",
        kind="signature",
        signer="Zoë Żółć & Co",
        signed_at=None,
        timestamp=None,
        level="B-B",
        valid=True,
        intact=True,
        coverage="file",
        changes="none",
        trusted=None,
        timestamp_trusted=None,
        reasons=("Whether a certificate was revoked is not known: the file does not tell.",),
    )
    assert found.signed_at is not None
    assert abs(datetime.now(UTC) - found.signed_at) < timedelta(minutes=10)
    stamped = only(signed["B-LT"], [holder.chain[-1], world.root.pem])
    assert (stamped.trusted, stamped.timestamp_trusted, stamped.reasons) == (True, True, ())


@pytest.mark.parametrize("level", ["B-B", "B-LT"])
def test_other_roots_are_not_enough(signed: dict[str, bytes], level: str) -> None:
    other = pki.issue("Other Root", pki.rsa_key("impostor"), ca=True)
    found = pdf.verify(signed[level], other.pem.decode())
    assert not found.valid
    assert found.signatures[0].intact
    assert found.signatures[0].trusted is False
    assert found.signatures[0].level == level
    assert (
        "Signature1: The certificate of the signer, Zoë Żółć & Co, is not trusted: no chain leads" in found.reasons[0]
    )


def test_a_time_stamp_outlives_the_certificate(signed: dict[str, bytes], holder: Holder) -> None:
    later = NOW + timedelta(20)
    expired = only(signed["B-B"], holder.root_pem, later)
    assert (expired.trusted, expired.valid) == (False, False)
    assert "was not valid at that time" in expired.reasons[0]
    assert only(signed["B-B"], holder.root_pem, NOW + timedelta(1)).valid
    for level in ("B-T", "B-LT"):
        assert only(signed[level], holder.root_pem, later).valid
    after_all = only(signed["B-LT"], holder.root_pem, NOW + timedelta(400))
    assert (after_all.trusted, after_all.timestamp_trusted) == (False, False)


def with_crl(data: bytes, world: World, holder: Holder) -> bytes:
    """The file with a CRL that revokes the signer, as if fetched later."""
    crl = pki.crl(world.ca, (holder.certificate,))
    output = BytesIO(data)
    DocumentSecurityStore.add_dss(output, None, certs=[asn1(world.ca)], crls=[_crl(crl)])
    return output.getvalue()


def _crl(data: bytes) -> Any:
    from asn1crypto import crl

    return crl.CertificateList.load(data)


@pytest.mark.parametrize("rooted", [True, False])
def test_revoked_before_or_after_the_proven_time(
    world: World, holder: Holder, signed: dict[str, bytes], rooted: bool
) -> None:
    roots = holder.root_pem if rooted else ()
    now = only(with_crl(signed["B-T"], world, holder), roots)
    assert (now.trusted, now.valid, now.intact, now.changes) == (False, False, True, "proofs")
    assert f"it was revoked on {NOW - timedelta(1):%Y-%m-%d}" in " ".join(now.reasons)
    world.tsa_time = NOW - timedelta(2)
    try:
        before = pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-T", tsa_url=world.tsa_url)
    finally:
        world.tsa_time = None
    found = only(with_crl(before, world, holder), roots)
    assert found.timestamp == NOW - timedelta(2)
    assert (found.trusted, found.valid) == (True if rooted else None, True)


def stamped(data: bytes, tsa: Holder) -> bytes:
    """The file with one more time stamp of all of it."""
    key = asn1_keys.PrivateKeyInfo.load(tsa.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
    above = [asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in tsa.chain]
    authority = DummyTimeStamper(asn1(tsa), key, certs_to_embed=above)  # type: ignore[arg-type]
    output = signers.PdfTimeStamper(authority, field_name="Stamp").timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(data)),
        "sha256",
        None,  # type: ignore[arg-type]
    )
    return bytes(output.getvalue())


def test_document_time_stamps(world: World, holder: Holder, signed: dict[str, bytes]) -> None:
    for level, reached in (("B-LT", "B-LTA"), ("B-B", "B-T")):
        found = pdf.verify(stamped(signed[level], world.tsa), holder.root_pem, NOW + timedelta(20))
        assert found.valid
        signature, stamp = found.signatures
        assert (signature.level, signature.changes, signature.coverage) == (reached, "proofs", "revision")
        assert (stamp.kind, stamp.signer, stamp.trusted, stamp.coverage) == ("timestamp", "Test TSA", True, "file")
        assert stamp.timestamp is not None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_no_changed_byte_goes_unseen(signed: dict[str, bytes], where: float, change: int) -> None:
    data = bytearray(signed["B-T"])
    begins, ends = data.find(b"/Contents <") + 10, data.find(b">", data.find(b"/Contents <"))
    covered = [*range(begins), *range(ends + 1, len(data))]
    data[covered[int(where * len(covered))]] ^= change
    with suppress(UnreadableInput):
        assert not pdf.verify(bytes(data)).valid


def test_a_changed_signature_is_seen(signed: dict[str, bytes]) -> None:
    data = signed["B-B"]
    begins = data.find(b"/Contents <") + 11
    ends = begins + len(data[begins : data.find(b">", begins)].rstrip(b"0"))
    for offset in range(ends - 120, ends - 20, 20):
        changed = bytearray(data)
        changed[offset] = ord("0" if changed[offset] != ord("0") else "1")
        assert not pdf.verify(bytes(changed)).valid


def update(data: bytes, change: Any) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(data))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_an_attachment_that_is_exchanged_later_is_seen(signed: dict[str, bytes], holder: Holder) -> None:
    def exchange(writer: IncrementalPdfFileWriter) -> None:
        names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
        stream = names[1]["/EF"].raw_get("/F")
        assert stream.get_object().data == INVOICE
        stream.get_object()._data = INVOICE.replace(b":100", b":200")
        stream.get_object()._encoded_data = None
        writer.mark_update(stream.reference)

    changed = update(signed["B-LT"], exchange)
    assert changed.startswith(signed["B-LT"])
    found = only(changed, holder.root_pem)
    assert (found.valid, found.intact, found.coverage, found.changes) == (False, True, "revision", "other")
    assert found.reasons == ("Behind the signed bytes stand changes that the signature does not allow.",)


def test_bytes_at_the_end_are_seen(signed: dict[str, bytes]) -> None:
    found = only(signed["B-B"] + b"\n% more\n")
    assert found.coverage != "file"


@pytest.mark.parametrize("name", HYBRIDS)
def test_a_file_without_signatures(name: str) -> None:
    found = pdf.verify(HYBRIDS[name].read_bytes())
    assert (found.valid, found.signatures) == (False, ())
    assert found.reasons == ("There is no signature in the PDF.",)


def test_no_signature_in_a_field_either() -> None:
    empty = update(PLAIN, lambda writer: fields.append_signature_field(writer, fields.SigFieldSpec("Empty")))
    assert pdf.verify(empty) == pdf.Verification(False, (), ("There is no signature in the PDF.",))


def test_the_older_kind_has_no_level(holder: Holder) -> None:
    hand = signers.SimpleSigner.load_pkcs12_data(holder.p12(), (), SECRET.encode())
    assert hand is not None
    output = BytesIO()
    meta = signers.PdfSignatureMetadata(field_name="Old")
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(PLAIN)), meta, hand, output=output)
    found = only(output.getvalue(), holder.root_pem)
    assert (found.valid, found.level) == (True, "none")
    assert found.reasons == ("It is no PAdES signature: its kind is /adbe.pkcs7.detached.",)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"/ByteRange": [0, 10, 20, 30], "/Contents": b"nonsense"},
        {"/ByteRange": [0, 10, 20, 30], "/Contents": b"\x30\x03\x02\x01\x01"},
        {"/ByteRange": [0, -1], "/Contents": 5},
        {"/SubFilter": "/adbe.x509.rsa_sha1", "/ByteRange": [0, 1, 2, 3], "/Contents": b""},
    ],
)
def test_fields_with_no_signature_in_them(value: dict[str, Any]) -> None:
    def fill(writer: IncrementalPdfFileWriter) -> None:
        made = generic.DictionaryObject()
        for key, entry in value.items():
            kinds: dict[type, Any] = {
                list: lambda given: generic.ArrayObject(map(generic.NumberObject, given)),
                bytes: generic.ByteStringObject,
                str: generic.NameObject,
                int: generic.NumberObject,
            }
            made[generic.NameObject(key)] = kinds[type(entry)](entry)
        fields.append_signature_field(writer, fields.SigFieldSpec("Odd"))
        _, _, field = next(fields.enumerate_sig_fields(writer))
        field.get_object()[generic.NameObject("/V")] = writer.add_object(made)

    found = only(update(PLAIN, fill))
    assert (found.field, found.valid, found.intact, found.level) == ("Odd", False, False, "none")
    assert found.reasons


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing more", b"<Invoice/>", PLAIN[:400]])
def test_no_pdf(data: bytes) -> None:
    with pytest.raises(UnreadableInput):
        pdf.verify(data)


def test_impossible_arguments(signed: dict[str, bytes]) -> None:
    with pytest.raises(CertificateError):
        pdf.verify(signed["B-B"], b"no certificate")
    with pytest.raises(UsageError, match="no time zone"):
        pdf.verify(signed["B-B"], at=datetime(2026, 1, 1))


def test_inside_a_running_event_loop(signed: dict[str, bytes]) -> None:
    async def verified() -> bool:
        return pdf.verify(signed["B-T"]).valid

    assert asyncio.run(verified())
