"""Signing: every level from every form of key, and one typed error for everything that stands in the way."""

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

import pki
from billingua import pdf
from billingua.errors import CertificateError, PdfError, SignatureError, UnreadableInput, UsageError
from billingua.pdf import tsa
from pki import SECRET, Holder, World
from signed_pdfs import HYBRIDS, attachments, plain

PLAIN = plain()


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    with pki.world() as made:
        yield made


@pytest.fixture
def world(shared: World) -> World:
    shared.revoked.clear()
    shared.asked.clear()
    shared.tsa_time = None
    return shared


@pytest.fixture
def holder(world: World) -> Holder:
    return world.signer(pki.ec_key("signer"))


def field_of(data: bytes, name: str = "Signature1") -> tuple[pikepdf.Pdf, Any]:
    """A field, and the document that it lives in."""
    opened = pikepdf.open(BytesIO(data))
    return opened, next(field for field in opened.Root.AcroForm.Fields if name == field.T)


def numbers(array: Any) -> list[float]:
    return [float(value) for value in array]


@pytest.mark.parametrize("make", [pki.rsa_key, pki.ec_key])
@pytest.mark.parametrize(
    ("level", "by", "asked"),
    [
        ("B-B", "ocsp", set()),
        ("B-T", "ocsp", {"/tsa"}),
        ("B-LT", "ocsp", {"/tsa", "/ocsp", "/root.crl"}),
        ("B-LT", "crl", {"/tsa", "/ca.crl", "/root.crl"}),
    ],
)
def test_each_level_from_a_pkcs12_file(world: World, make: Any, level: str, by: str, asked: set[str]) -> None:
    holder = world.signer(make("signer"), by)
    found = pdf.sign(
        PLAIN, p12=holder.p12(), password=SECRET, level=level, tsa_url=world.tsa_url if level != "B-B" else None
    )
    assert set(world.asked) == asked, "no other address is asked"
    assert found.startswith(PLAIN)
    assert attachments(found) == attachments(PLAIN)
    [check] = pdf.verify(found, holder.root_pem).signatures
    assert check.valid
    assert check.trusted
    assert (check.level, check.coverage, check.changes) == (level, "file", "none")
    assert (check.timestamp is not None) == (level != "B-B")
    assert check.signer == "Zoë Żółć & Co"


def test_keys_and_certificates_as_pem(world: World, holder: Holder, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    key.write_bytes(holder.key_pem(SECRET.encode()))
    certificate.write_bytes(holder.pem + holder.chain_pem)
    for more in (
        {"key": key, "certificate": str(certificate), "password": SECRET},
        {"key": holder.key_pem(), "certificate": holder.pem.decode(), "chain": [holder.chain_pem]},
        {"key": holder.key_pem() + holder.pem, "chain": holder.chain},
        {"key": holder.key, "certificate": holder.certificate, "chain": holder.chain},
        {"p12": holder.p12(chain=False), "password": SECRET.encode(), "chain": holder.chain_pem},
    ):
        assert pdf.verify(pdf.sign(PLAIN, **more), holder.root_pem).valid  # type: ignore[arg-type]
    assert world.asked == []


@pytest.mark.parametrize("name", HYBRIDS)
def test_hybrid_invoices_stay_what_they_are(holder: Holder, name: str) -> None:
    data = (HYBRIDS[name]).read_bytes()
    before = pdf.check(data, "3b")
    for visible in (None, (1, (20.0, 20.0, 180.0, 50.0))):
        found = pdf.sign(data, p12=holder.p12(), password=SECRET, visible=visible, reason="Because")
        assert found.startswith(data)
        assert attachments(found) == attachments(data)
        assert pdf.verify(found, holder.root_pem).valid
        after = pdf.check(found, "3b")
        assert {finding.rule for finding in after.findings} <= {finding.rule for finding in before.findings}


def test_what_the_file_says_of_itself_is_not_written_anew(holder: Holder) -> None:
    found = pdf.sign(PLAIN, p12=holder.p12(), password=SECRET)
    old, new = pikepdf.open(BytesIO(PLAIN)), pikepdf.open(BytesIO(found))
    assert new.Root.Metadata.read_raw_bytes() == old.Root.Metadata.read_raw_bytes()
    assert dict(new.docinfo) == dict(old.docinfo)
    assert b"pyHanko" not in found
    assert "/Version" not in new.Root or new.Root.Version == "/1.7"
    assert new.trailer.ID[0] == old.trailer.ID[0]


def test_a_picture_obeys_pdf_a(holder: Holder) -> None:
    found = pdf.sign(
        PLAIN,
        p12=holder.p12(),
        password=SECRET,
        visible=(2, (50, 60, 200, 70)),
        reason="Rechnung №1 – geprüft",
        location="Łódź 東京",
    )
    opened, field = field_of(found)
    assert field.F == 4 + 128, "printed and locked, nothing else"
    assert numbers(field.Rect) == [50, 60, 250, 130]
    assert field.P.objgen == opened.pages[1].obj.objgen
    assert not {"/A", "/AA"} & set(field.keys())
    form = field.AP.N
    assert set(form.Resources.keys()) == {"/ColorSpace"}
    assert form.Resources.ColorSpace.Ink[0] == "/CalGray"
    assert numbers(form.BBox) == [0, 0, 200, 70]
    operators = {str(operator) for _, operator in pikepdf.parse_content_stream(form)}
    assert operators <= {"q", "Q", "CS", "SC", "w", "J", "j", "re", "m", "l", "c", "S"}
    for operands, operator in pikepdf.parse_content_stream(form):
        if str(operator) in ("m", "l"):
            assert 0 <= float(operands[0]) <= 200
            assert 0 <= float(operands[1]) <= 70
    assert "/NeedAppearances" not in opened.Root.AcroForm


def test_an_update_begins_on_a_line_of_its_own(holder: Holder) -> None:
    cut = PLAIN.rstrip()
    found = pdf.sign(cut, p12=holder.p12(), password=SECRET)
    assert found.startswith(cut + b"\n")
    assert b"\n" not in pdf.sign(PLAIN, p12=holder.p12(), password=SECRET)[len(PLAIN) :][:1]
    assert pdf.verify(found, holder.root_pem).valid


def test_no_picture_no_place(holder: Holder) -> None:
    _opened, field = field_of(pdf.sign(PLAIN, p12=holder.p12(), password=SECRET))
    assert numbers(field.Rect) == [0, 0, 0, 0]
    assert field.F == 4 + 128


@pytest.mark.parametrize(
    ("rotate", "rect", "matrix"),
    [
        (0, [110, 220, 140, 230], [1, 0, 0, 1, 0, 0]),
        (90, [370, 210, 380, 240], [0, 1, -1, 0, 0, 0]),
        (180, [360, 570, 390, 580], [-1, 0, 0, -1, 0, 0]),
        (270, [120, 560, 130, 590], [0, -1, 1, 0, 0, 0]),
    ],
)
def test_a_picture_stands_upright_where_it_is_seen(
    holder: Holder, rotate: int, rect: list[float], matrix: list[float]
) -> None:
    """The visible page of 300 by 400 points begins at (100, 200)."""
    data = plain(box=(100, 200, 400, 600), rotate=rotate)
    _opened, field = field_of(pdf.sign(data, p12=holder.p12(), password=SECRET, visible=(1, (10, 20, 30, 10))))
    assert numbers(field.Rect) == rect
    assert numbers(field.AP.N.Matrix) == matrix
    assert numbers(field.AP.N.BBox) == [0, 0, 30, 10], "upright"


def test_signatures_stand_side_by_side(holder: Holder, world: World) -> None:
    once = pdf.sign(PLAIN, p12=holder.p12(), password=SECRET)
    other = world.signer(pki.rsa_key("other"))
    twice = pdf.sign(once, p12=other.p12(), password=SECRET, field="Approval")
    assert twice.startswith(once)
    found = pdf.verify(twice, holder.root_pem)
    assert found.valid
    assert [(one.field, one.coverage, one.changes) for one in found.signatures] == [
        ("Signature1", "revision", "forms"),
        ("Approval", "file", "none"),
    ]
    assert [one.field for one in pdf.verify(pdf.sign(once, p12=other.p12(), password=SECRET)).signatures][1] == (
        "Signature2"
    )


def with_field(box: tuple[int, int, int, int] | None = None, kind: str = "/Sig") -> bytes:
    if kind != "/Sig":
        return plain(text_field="Given")
    writer = IncrementalPdfFileWriter(BytesIO(PLAIN))
    fields.append_signature_field(writer, fields.SigFieldSpec("Given", box=box))
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def test_an_empty_field_is_filled(holder: Holder) -> None:
    found = pdf.sign(with_field((10, 10, 110, 60)), p12=holder.p12(), password=SECRET, field="Given")
    assert [one.field for one in pdf.verify(found).signatures] == ["Given"]
    _opened, field = field_of(found, "Given")
    assert numbers(field.Rect) == [10, 10, 110, 60]
    assert b"S" in field.AP.N.read_bytes(), "its picture is drawn"


def test_inside_a_running_event_loop(world: World, holder: Holder) -> None:
    async def both() -> bool:
        found = pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-LT", tsa_url=world.tsa_url)
        return pdf.verify(found, holder.root_pem).valid

    assert asyncio.run(both())


def test_given_proofs_are_used_instead_of_the_network(world: World, tmp_path: Path) -> None:
    holder = world.signer(pki.ec_key("signer"), by="")
    kept = tmp_path / "root.crl"
    kept.write_bytes(world.root_crl())
    found = pdf.sign(
        PLAIN,
        p12=holder.p12(chain=False),
        chain=holder.chain[:1],
        password=SECRET,
        level="B-LT",
        tsa_url=world.tsa_url,
        roots=holder.root_pem,
        crls=[kept, world.ca_crl()],
    )
    assert set(world.asked) == {"/tsa"}
    [check] = pdf.verify(found, holder.root_pem).signatures
    assert (check.level, check.valid) == ("B-LT", True)


def refusals() -> dict[str, tuple[dict[str, Any], str]]:
    own, key = pki.issue("A", pki.ec_key("a")), pki.ec_key("a")
    edwards = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    old = pki.issue("A", key, ends=timedelta(-1))
    young = pki.issue("A", key, begins=timedelta(1))
    cipher = pki.issue("A", key, key_usage=pki.usage("key_encipherment", "key_agreement"))
    web = pki.issue("A", key, key_usage=pki.usage("digital_signature"), extensions=(server,))
    return {
        "wrong password": ({"p12": own.p12(), "password": "wrong"}, "password of the private key is wrong"),
        "no password": ({"p12": own.p12()}, "no password was given"),
        "no PKCS#12": ({"p12": own.pem, "password": SECRET}, "not a PKCS#12 file"),
        "truncated": ({"p12": own.p12()[:-40], "password": SECRET}, "cannot be read|is wrong"),
        "wrong PEM password": ({"key": own.key_pem(b"x"), "certificate": own.pem, "password": "y"}, "is wrong"),
        "no certificate": ({"key": own.key_pem()}, "no certificate in this PEM"),
        "other key": ({"key": pki.ec_key("b"), "certificate": own.pem}, "not the key of this certificate"),
        "other kind of key": ({"key": edwards, "certificate": own.pem}, "neither RSA nor ECDSA"),
        "expired": ({"p12": old.p12(), "password": SECRET}, "has expired"),
        "not yet valid": ({"p12": young.p12(), "password": SECRET}, "not valid yet"),
        "key usage": ({"key": key, "certificate": cipher.pem}, "neither nonRepudiation nor digitalSignature"),
        "web server": ({"key": key, "certificate": web.pem}, "it is for web servers"),
    }


@pytest.mark.parametrize("name", refusals())
def test_keys_and_certificates_that_must_not_sign(name: str) -> None:
    given, said = refusals()[name]
    with pytest.raises(CertificateError, match=said):
        pdf.sign(PLAIN, **given)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"level": "B-X"}, "no level 'B-X'"),
        ({"level": "B-T"}, "needs the address of a time stamp authority"),
        ({"tsa_url": "http://x.example"}, "needs no time stamp authority"),
        ({"level": "B-T", "tsa_url": "file:///etc/passwd"}, "none of HTTP"),
        ({"p12": b"x"}, "either a PKCS#12 file or a private key"),
        ({"reason": "a\nb"}, "The reason is no line of text"),
        ({"location": "x" * 501}, "The location is no line of text"),
        ({"visible": 5}, "no page and box"),
        ({"visible": (1, ("a", 0, 0, 0))}, "no page and box"),
        ({"field": "a.b"}, "cannot be named"),
        ({"field": ""}, "cannot be named"),
    ],
)
def test_impossible_arguments(given: dict[str, Any], said: str) -> None:
    own = pki.issue("A", pki.ec_key("a"))
    with pytest.raises(UsageError, match=said):
        pdf.sign(PLAIN, **{"key": own.key, "certificate": own.certificate, **given})


def encrypted(user: str) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(PLAIN)) as opened:
        opened.save(output, encryption=pikepdf.Encryption(owner="owner", user=user))
    return output.getvalue()


def certified(holder: Holder, permission: fields.MDPPerm) -> bytes:
    meta = signers.PdfSignatureMetadata(field_name="Author", certify=True, docmdp_permissions=permission)
    hand = signers.SimpleSigner.load_pkcs12_data(holder.p12(), (), SECRET.encode())
    assert hand is not None
    output = BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(PLAIN)), meta, hand, output=output)
    return output.getvalue()


@pytest.mark.parametrize(
    ("make", "given", "error", "said"),
    [
        (lambda: encrypted("secret"), {}, UnreadableInput, "password"),
        (lambda: encrypted(""), {}, PdfError, "is encrypted"),
        (lambda: PLAIN[:300], {}, UnreadableInput, "."),
        (lambda: b"<Invoice/>", {}, UnreadableInput, "not a PDF"),
        (lambda: b"", {}, UnreadableInput, "not a PDF"),
        (lambda: PLAIN, {"visible": (3, (0, 0, 9, 9))}, PdfError, "no page 3: the PDF has 2"),
        (lambda: PLAIN, {"visible": (0, (0, 0, 9, 9))}, PdfError, "no page 0"),
        (lambda: PLAIN, {"visible": (1, (500, 0, 200, 9))}, PdfError, "does not lie on page 1"),
        (lambda: PLAIN, {"visible": (1, (5, 5, 0, 9))}, PdfError, "does not lie on page 1"),
        (lambda: with_field(kind="/Tx"), {"field": "Given"}, PdfError, "not one for signatures"),
        (lambda: with_field((1, 1, 9, 9)), {"field": "Given", "visible": (1, (0, 0, 9, 9))}, PdfError, "its place"),
    ],
)
def test_files_that_cannot_be_signed(
    make: Callable[[], bytes], given: dict[str, Any], error: type[Exception], said: str
) -> None:
    own = pki.issue("A", pki.ec_key("a"))
    with pytest.raises(error, match=said):
        pdf.sign(make(), key=own.key, certificate=own.certificate, **given)


def test_a_certified_file_is_signed_where_it_allows_that(holder: Holder) -> None:
    with pytest.raises(PdfError, match="certifies the PDF and forbids every change"):
        pdf.sign(certified(holder, fields.MDPPerm.NO_CHANGES), p12=holder.p12(), password=SECRET)
    found = pdf.sign(certified(holder, fields.MDPPerm.FILL_FORMS), p12=holder.p12(), password=SECRET)
    assert pdf.verify(found, holder.root_pem).valid


def test_a_signed_field_is_not_signed_again(holder: Holder) -> None:
    once = pdf.sign(PLAIN, p12=holder.p12(), password=SECRET)
    with pytest.raises(PdfError, match="Signature1 is signed already"):
        pdf.sign(once, p12=holder.p12(), password=SECRET, field="Signature1")


@cache
def impostor() -> Holder:
    return pki.issue("Impostor", pki.rsa_key("impostor"))


def spoilt(answer: bytes) -> bytes:
    """A time stamp whose signature, its last bytes, is another."""
    return answer[:-20] + bytes(byte ^ 255 for byte in answer[-20:])


ANSWERS: dict[str, tuple[Callable[[World, bytes], Any], str]] = {
    "no such page": (lambda *_: (404, {}, b""), "answers with HTTP status 404"),
    "a redirection": (lambda *_: (302, {"Location": "http://elsewhere.example/"}, b""), "redirects to http://elsew"),
    "a page": (lambda *_: b"<html>Login</html>", "something else than a time stamp"),
    "nothing": (lambda *_: b"", "something else than a time stamp"),
    "too much": (lambda *_: b"0" * 1_000_001, "more than a time stamp"),
    "half": (lambda world, request: world.stamp(request)[:-100], "something else than a time stamp"),
    "refusal": (lambda *_: bytes.fromhex("30053003020102"), "refuses a time stamp: rejection"),
    "wrong signature": (lambda world, request: spoilt(world.stamp(request)), "signature is wrong|something else"),
    "of another request": (
        lambda world, _: world.stamp(world.first),  # type: ignore[attr-defined]
        "answers to another request",
    ),
    "of no authority": (lambda _, request: pki.stamp(impostor(), request), "not for time stamps"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_authorities_that_answer_nonsense(world: World, holder: Holder, name: str) -> None:
    answer, said = ANSWERS[name]
    if not hasattr(world, "first"):
        _, request = tsa.stamper("http://x.example").request_cms(b"x" * 32, "sha256")  # type: ignore[no-untyped-call]
        world.first = request.dump()  # type: ignore[attr-defined]
    world.answers["/other"] = lambda body: answer(world, body)  # type: ignore[attr-defined]
    for level in ("B-T", "B-LT"):
        with pytest.raises(SignatureError, match=said):
            pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level=level, tsa_url=f"{world.url}/other")
    assert set(world.asked) == {"/other"}


def test_an_authority_that_is_not_there_or_does_not_answer(
    world: World, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}/"
    with pytest.raises(SignatureError, match="cannot be reached") as caught:
        pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-T", tsa_url=url)
    assert "secret" not in str(caught.value)
    monkeypatch.setattr(tsa, "SECONDS", 0.2)
    world.answers["/slow"] = lambda _: time.sleep(0.6) or b""  # type: ignore[attr-defined, func-returns-value]
    with pytest.raises(SignatureError, match="did not answer"):
        pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-T", tsa_url=f"{world.url}/slow")


@pytest.mark.parametrize("by", ["ocsp", "crl"])
def test_a_revoked_certificate_does_not_reach_b_lt(world: World, by: str) -> None:
    holder = world.signer(pki.ec_key("signer"), by)
    world.revoked.add(holder.certificate.serial_number)
    with pytest.raises(SignatureError, match="a certificate is revoked"):
        pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-LT", tsa_url=world.tsa_url)


def test_without_proofs_or_roots_there_is_no_b_lt(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    silent, holder = world.signer(pki.ec_key("signer"), by=""), world.signer(pki.ec_key("signer"))
    for given, said in (
        ({"p12": silent.p12()}, "B-LT cannot be reached"),
        ({"p12": holder.p12(), "crls": [world.root_crl()]}, "B-LT cannot be reached"),
        ({"p12": holder.p12(), "roots": impostor().pem}, "does not end at a root"),
    ):
        with pytest.raises(SignatureError, match=said):
            pdf.sign(PLAIN, password=SECRET, level="B-LT", tsa_url=world.tsa_url, **given)  # type: ignore[arg-type]
    monkeypatch.setitem(world.answers, "/ocsp", lambda _: (500, {}, b""))  # type: ignore[attr-defined]
    with pytest.raises(SignatureError, match="B-LT cannot be reached"):
        pdf.sign(PLAIN, p12=holder.p12(), password=SECRET, level="B-LT", tsa_url=world.tsa_url)


def test_nothing_is_said_on_standard_error(holder: Holder, tmp_path: Path) -> None:
    (tmp_path / "in.pdf").write_bytes(PLAIN)
    (tmp_path / "own.p12").write_bytes(holder.p12())
    program = (
        "from pathlib import Path; from billingua import pdf\n"
        f"data = pdf.sign(Path('in.pdf').read_bytes(), p12='own.p12', password={SECRET!r})\n"
        "found = pdf.verify(data[:400] + b'?' + data[401:], Path('own.pem').read_bytes())\n"
        "assert not found.valid\n"
    )
    (tmp_path / "own.pem").write_bytes(impostor().pem)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_embedded_invoice_is_signed_as_pdf_a(holder: Holder) -> None:
    xml = (Path(__file__).parents[2] / "samples" / "standard-rated.cii.xml").read_bytes()
    hybrid = pdf.embed(plain(file=False), xml)
    assert pdf.check(hybrid, "3b").valid
    for visible in (None, (1, (40.0, 40.0, 180.0, 50.0))):
        signed = pdf.sign(hybrid, p12=holder.p12(), password=SECRET, visible=visible)
        assert pdf.check(signed, "3b").valid
        assert pdf.verify(signed, holder.root_pem).valid
        assert pdf.extract(signed) == pdf.extract(hybrid)
