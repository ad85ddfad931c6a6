"""Signing a PDF: PAdES at the levels B-B, B-T and B-LT (ETSI EN 319 142-1), as an update behind the bytes of it.

Nothing of the file is written anew, so attachments stay the same bytes, earlier signatures stay whole and PDF/A stays
PDF/A: the update has no font, no device colour and no form action in it.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.errors import BillinguaError, PdfError, SignatureError, UsageError
from billingua.pdf.hanko import as_asn1, entry, need_pyhanko, own_roots, reader, run, said
from billingua.pdf.signer import Signer, certificates, content, signer

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.timestamps import TimeStamper
    from pyhanko_certvalidator import ValidationContext

__all__ = ["LEVELS", "sign"]

LEVELS: Final = ("B-B", "B-T", "B-LT")
"""What a signature can be: signed; with the time of an authority; with what proves that no certificate was revoked."""

_FIELD: Final = "Signature"
_SECONDS: Final = 20
"""How long a CRL or OCSP server may take for one answer."""
_LONGEST: Final = 500
"""Characters of a reason or location."""

Box = tuple[float, float, float, float]


class _Place(NamedTuple):
    """Where a signature is seen: the page from 0, its rectangle on the unturned page, and how the page is turned."""

    page: int
    box: Box
    rotate: int


def sign(
    pdf_bytes: bytes,
    *,
    p12: bytes | str | os.PathLike[str] | None = None,
    password: str | bytes | None = None,
    key: Any = None,
    certificate: Any = None,
    chain: Any = (),
    level: str = "B-B",
    tsa_url: str | None = None,
    roots: Any = (),
    crls: Iterable[Any] = (),
    ocsps: Iterable[Any] = (),
    reason: str | None = None,
    location: str | None = None,
    visible: tuple[int, Box] | None = None,
    field: str | None = None,
) -> bytes:
    """The PDF with one more signature.

    Args:
        pdf_bytes: the file; it must not be encrypted.
        p12: a PKCS#12 file with key, certificate and chain: its bytes or its path.
        password: of the PKCS#12 file or of the private key.
        key: instead, a private key (RSA or ECDSA): PEM or DER bytes, a PEM text, a path, an object of cryptography.
        certificate: its certificate in the same forms; if it is not given, it stands beside the key in the PEM file.
        chain: certificates above it, one or several.
        level: B-B; B-T, with a time stamp of `tsa_url`; B-LT, with CRLs or OCSP responses in the file as well.
        tsa_url: the address of any time stamp authority of RFC 3161. Asked at B-T once or twice, and at B-LT.
        roots: for B-LT: where the chains end (signer and authority). Otherwise at the self-signed ones among `chain`,
            the PKCS#12 file and what the authority sends.
        crls: for B-LT: CRLs (DER bytes or paths). Where CRLs or OCSP responses are given, none are fetched; otherwise
            they come from the addresses that the certificates name.
        ocsps: for B-LT: OCSP responses (DER bytes or paths).
        reason: why, in words.
        location: where, in words.
        visible: page (from 1) and box (left, bottom, width, height in points from the lower left corner of the page as
            it is seen) of a picture with name and time; not given: the signature is not seen on a page.
        field: the name of the signature field: an empty one of the file, or a new one. Otherwise the first free of
            Signature1, Signature2, ...

    Raises:
        CertificateError: key or certificate cannot be read, do not belong together, or must not sign, or not today.
        PdfError: the file is encrypted, is certified and forbids changes, or has no such page or free field.
        SignatureError: no time stamp, or no proof that the certificates are not revoked.
        UnreadableInput: the file is no PDF, is damaged, or needs a password.
        UsageError: an argument is impossible.
        MissingExtra: pyhanko or pikepdf is not installed.
    """
    need_pyhanko("Signing PDF files")
    if level not in LEVELS:
        raise UsageError(f"There is no level {level!r}.", todo=f"Choose {', '.join(LEVELS)}.")
    if (tsa_url is None) != (level == "B-B"):
        raise UsageError(
            f"The level {level} needs {'no' if level == 'B-B' else 'the address of a'} time stamp authority.",
            todo="Give tsa_url with the levels B-T and B-LT.",
        )
    who = signer(p12, password, key, certificate, chain)
    for name, text in (("reason", reason), ("location", location)):
        if text is not None and not (isinstance(text, str) and text.isprintable() and len(text) <= _LONGEST):
            raise UsageError(f"The {name} is no line of text of at most {_LONGEST} characters.")
    from billingua.pdf.tsa import stamper

    authority = stamper(tsa_url) if tsa_url is not None else None
    data = bytes(pdf_bytes)
    place = _checked(data, visible)
    opened = reader(data)
    proofs = _Proofs(certificates(roots), _loaded(crls), _loaded(ocsps)) if level == "B-LT" else None
    words = _words(who, reason, location) if place is not None or field is not None else ()
    try:
        _require_open(opened)
        name = _field(opened, field, place is not None)
        return run(lambda: _signed(opened, who, authority, proofs, name, reason, location, place, words))
    except BillinguaError:
        raise
    except Exception as error:  # pyHanko lets errors of every kind through where a file is damaged
        raise PdfError(f"The PDF cannot be signed: {said(error)}.", todo="Write the file anew first.") from None


class _Proofs(NamedTuple):
    roots: list[Any]
    crls: list[bytes]
    ocsps: list[bytes]


async def _signed(
    opened: "PdfFileReader",
    who: Signer,
    authority: "TimeStamper | None",
    proofs: _Proofs | None,
    name: str,
    reason: str | None,
    location: str | None,
    place: _Place | None,
    words: tuple[str, ...],
) -> bytes:
    from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    from billingua.pdf.stamp import style

    class Signing(signers.PdfSigner):
        def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:  # noqa: ARG002
            # pyHanko would call a file signed with ECDSA PDF 2.0, which PDF/A-3 is not.
            pdf_out.ensure_output_version((1, 7))
            if pdf_out.output_version < (2, 0):
                pdf_out.register_extension(ESIC_EXTENSION_1)

    opened.stream.seek(-1, os.SEEK_END)
    ended = opened.stream.read(1) in b"\r\n"

    class Update(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """Leave XMP and document info alone: pyHanko would write anew what says Factur-X."""

        def _write_header(self, stream: Any) -> None:
            super()._write_header(stream)  # type: ignore[no-untyped-call]
            if not ended:
                stream.write(b"\n")  # PDF/A wants an object to begin on a line of its own

    [own], chain = as_asn1([who.certificate]), as_asn1(who.chain)
    registry = SimpleCertificateStore()
    registry.register_multiple(chain)
    private = who.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    hand = signers.SimpleSigner(
        signing_cert=own, signing_key=asn1_keys.PrivateKeyInfo.load(private), cert_registry=registry
    )
    context = await _context(hand.signing_cert, chain, authority, proofs) if proofs is not None else None
    meta = signers.PdfSignatureMetadata(
        field_name=name,
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=context is not None,
        validation_context=context,
        signer_key_usage=set(),  # looked at before
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    spec = None
    if place is not None:
        spec = SigFieldSpec(name, on_page=place.page, box=place.box, readable_field_name="; ".join(words))  # type: ignore[arg-type]
    signing = Signing(
        meta,
        hand,
        timestamper=authority,
        stamp_style=style(words, place.rotate if place is not None else 0),
        new_field_spec=spec,
    )
    try:
        output = await signing.async_sign_pdf(Update.from_reader(opened))
    except Exception as error:
        raise _explained(error, context is not None) from None
    finally:
        if context is not None:
            await context.aclose()
    return bytes(output.getvalue())


async def _context(own: Any, chain: list[Any], authority: "TimeStamper | None", proofs: _Proofs) -> "ValidationContext":
    """Where the chains end, and from where it is known that nothing in them is revoked."""
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.fetchers import OwnedFetcherBackend
    from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
    from pyhanko_certvalidator.fetchers.api import FetchLimits

    every = [own, *chain]
    if authority is not None:
        from pyhanko.sign.signers.pdf_cms import select_suitable_signing_md

        await authority.async_dummy_response(select_suitable_signing_md(own.public_key))
        every.extend(authority.cert_registry)
    roots = as_asn1(proofs.roots) or own_roots(every)
    if not roots:
        raise SignatureError(
            "Level B-LT needs the certificates up to the root, and there is no root among them.",
            todo="Give roots, or chain with all of them.",
        )
    fetch = not (proofs.crls or proofs.ocsps)
    limits = FetchLimits(max_requests=50, max_cert_requests=0)
    return ValidationContext(
        trust_roots=roots,
        other_certs=every,
        crls=proofs.crls,
        ocsps=proofs.ocsps,
        allow_fetching=fetch,
        revocation_mode="require",
        fetcher_backend=OwnedFetcherBackend(AIOHttpFetcherBackend(per_request_timeout=_SECONDS, limits=limits))
        if fetch
        else None,
    )


def _explained(error: Exception, proving: bool) -> BillinguaError:
    """What pyHanko refuses, as one of our errors."""
    from pyhanko_certvalidator.errors import (
        ExpiredError,
        PathBuildingError,
        PathError,
        RevokedError,
        ValidationError,
    )

    if isinstance(error, BillinguaError):
        return error
    chain: list[BaseException] = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and cause not in chain:
        chain.append(cause)
    for each in chain:
        if isinstance(each, BillinguaError):
            return each
        if isinstance(each, RevokedError):
            return SignatureError(f"Level B-LT cannot be reached: a certificate is revoked. {said(each)}.")
        if isinstance(each, ExpiredError):
            return SignatureError(f"Level B-LT cannot be reached: a certificate has expired. {said(each)}.")
        if isinstance(each, PathBuildingError):
            return SignatureError(
                f"Level B-LT cannot be reached: a chain does not end at a root. {said(each)}.",
                todo="Give the missing certificates with chain, or the root with roots.",
            )
        if isinstance(each, PathError | ValidationError):
            return SignatureError(
                f"Level B-LT cannot be reached: {said(each)}.",
                todo="Give CRLs or OCSP responses, or sign at level B-T.",
            )
    if proving and isinstance(error, OSError):
        return SignatureError(f"Level B-LT cannot be reached: {said(error)}.")
    return PdfError(f"The PDF cannot be signed: {said(error)}.", todo="Write the file anew first.")


def _checked(data: bytes, visible: tuple[int, Box] | None) -> _Place | None:
    """The file as pikepdf reads it: not encrypted; and where the picture goes."""
    from billingua.pdf.document import open_pdf

    with open_pdf(data) as pdf:
        if pdf.is_encrypted:
            raise PdfError(
                "The PDF is encrypted; a signed invoice must be readable by everybody.",
                todo="Save it without encryption.",
            )
        if visible is None:
            return None
        try:
            number, box = visible
            left, bottom, width, height = (float(value) for value in box)
        except (TypeError, ValueError):
            raise UsageError(
                "The place of a visible signature is no page and box.", todo="Give (1, (left, bottom, width, height))."
            ) from None
        pages = len(pdf.pages)
        if not isinstance(number, int) or not 1 <= number <= pages:
            raise PdfError(f"There is no page {number!r}: the PDF has {pages}.", todo="Count pages from 1.")
        page = pdf.pages[number - 1]
        x0, y0, x1, y1 = (float(value) for value in page.cropbox)
        wide, tall = abs(x1 - x0), abs(y1 - y0)
        rotate = int(_inherited(page.obj, "/Rotate") or 0) % 360
        seen_wide, seen_tall = (tall, wide) if rotate in (90, 270) else (wide, tall)
        inside = left >= 0 and bottom >= 0 and left + width <= seen_wide + 1 and bottom + height <= seen_tall + 1
        if not (width >= 1 and height >= 1 and inside):
            raise PdfError(
                f"The box {left:g},{bottom:g},{width:g},{height:g} does not lie on page {number}, "
                f"which is {seen_wide:g} by {seen_tall:g} points.",
                page=number,
                todo="Give left, bottom, width and height in points.",
            )
        right, top = left + width, bottom + height
        turned = {
            90: (wide - top, left, wide - bottom, right),
            180: (wide - right, tall - top, wide - left, tall - bottom),
            270: (bottom, tall - right, top, tall - left),
        }.get(rotate, (left, bottom, right, top))
        x, y = min(x0, x1), min(y0, y1)
        box = (turned[0] + x, turned[1] + y, turned[2] + x, turned[3] + y)
        return _Place(number - 1, box, rotate if rotate in (90, 180, 270) else 0)


def _inherited(page: Any, key: str) -> Any:
    """An entry of a page that may stand in the tree above it."""
    for _ in range(100):
        if page is None or key in page:
            break
        page = page.get("/Parent")
    return None if page is None else page.get(key)


def _require_open(opened: "PdfFileReader") -> None:
    """Refuse a file whose signatures forbid every change."""
    from pyhanko.sign.fields import MDPPerm

    forbidding = [one.field_name for one in opened.embedded_signatures if one.docmdp_level == MDPPerm.NO_CHANGES]
    if forbidding:
        raise PdfError(
            f"The signature {forbidding[0]} certifies the PDF and forbids every change, another signature too.",
            todo="Sign the PDF as it was before.",
        )


def _field(opened: "PdfFileReader", asked: str | None, placed: bool) -> str:
    """The name of the field to sign in."""
    from pyhanko.sign.fields import enumerate_sig_fields

    fields = {str(name): value for name, value, _ in enumerate_sig_fields(opened)}
    taken = {str(name) for name in _names(opened)}
    if asked is None:
        return next(f"{_FIELD}{number}" for number in range(1, len(taken) + 2) if f"{_FIELD}{number}" not in taken)
    if fields.get(asked) is not None:
        raise PdfError(f"The field {asked} is signed already.", todo="Name another one, or none.")
    if asked in fields:
        if placed:
            raise PdfError(f"The field {asked} has its place already.", todo="Leave the place away.")
        return asked
    if not asked or not asked.isprintable() or "." in asked or len(asked) > 100:
        raise UsageError(f"The field cannot be named {asked!r}.", todo="Give a short name without a full stop.")
    if asked in taken:
        raise PdfError(f"The field {asked} is not one for signatures.", todo="Name another one, or none.")
    return asked


def _names(opened: "PdfFileReader") -> list[Any]:
    """The names of the topmost fields of the form."""
    fields = entry(entry(opened.root, "/AcroForm") or {}, "/Fields") or ()
    return [entry(field.get_object(), "/T") for field in fields]


def _words(who: Signer, reason: str | None, location: str | None) -> tuple[str, ...]:
    """What the picture says."""
    now = datetime.now(UTC)
    lines = [f"Signed by {common_name(who)}", f"{now:%Y-%m-%d %H:%M} UTC", reason, location]
    return tuple(line for line in lines if line)


def common_name(who: Signer) -> str:
    """The name in the certificate: of the person or company, or all there is."""
    from cryptography.x509.oid import NameOID

    subject = who.certificate.subject
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := subject.get_attributes_for_oid(kind):
            return str(found[0].value)
    return subject.rfc4514_string()


def _loaded(sources: Iterable[Any]) -> list[bytes]:
    return [bytes(content(Path(source) if isinstance(source, str) else source)) for source in sources]
