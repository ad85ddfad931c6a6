"""Verifying the signatures of a PDF: what they cover, what came later, who signed, and the level of PAdES reached.

Nothing is fetched: whether a certificate was revoked is known only from what the file carries. What a signer wrote
about the time is a claim; the time of a time stamp is proven as far as its authority is trusted.
"""

from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from billingua.errors import UsageError
from billingua.pdf.hanko import as_asn1, entry, need_pyhanko, own_roots, reader, run, said
from billingua.pdf.signer import certificates

if TYPE_CHECKING:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.rw_common import PdfHandler
    from pyhanko.sign.validation import EmbeddedPdfSignature
    from pyhanko.sign.validation.settings import KeyUsageConstraints
    from pyhanko.sign.validation.status import SignatureStatus, TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext

__all__ = ["SignatureCheck", "Verification", "verify"]

NO_LEVEL: Final = "none"
_PADES: Final = "/ETSI.CAdES.detached"
_STAMP: Final = "/ETSI.RFC3161"
_COVERAGE: Final = {"ENTIRE_FILE": "file", "ENTIRE_REVISION": "revision"}
_CHANGES: Final = {"NONE": "none", "LTA_UPDATES": "proofs", "FORM_FILLING": "forms", "ANNOTATIONS": "annotations"}
_SAID_OF_CHANGES: Final = {
    "proofs": "time stamps or proofs about certificates",
    "forms": "signatures or filled-in fields",
    "annotations": "annotations",
    "other": "changes that the signature does not allow",
}
_PROBLEMS: Final = {
    "NO_CERTIFICATE_CHAIN_FOUND": "no chain leads from it to a trusted root",
    "OUT_OF_BOUNDS_NO_POE": "it was not valid at that time",
    "NOT_YET_VALID": "it was not valid yet at that time",
    "EXPIRED": "it had expired at that time",
    "REVOKED": "it was revoked",
    "REVOKED_NO_POE": "it was revoked",
    "REVOKED_CA_NO_POE": "a certificate above it was revoked",
    "CHAIN_CONSTRAINTS_FAILURE": "its key usage is another",
    "CRYPTO_CONSTRAINTS_FAILURE": "an algorithm in use is too weak",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "an algorithm in use is too weak",
}
"""What pyHanko says against a certificate (the subindications of ETSI EN 319 102-1), in words."""

Rules = tuple[str, str]
"""Whether revocation is looked at: for the certificate of the signer, and for those above it (names of pyHanko)."""
_NO_RULES: Final[Rules] = ("nocheck", "nocheck")
_RULES: Final[tuple[Rules, ...]] = (("eithercheck", "nocheck"), ("nocheck", "eithercheck"))
Status = TypeVar("Status", bound="SignatureStatus | None")


class SignatureCheck(NamedTuple):
    """What is known of one signature, or of one time stamp of the whole document.

    - `kind`: "signature" or "timestamp".
    - `signed_at`: when the signer claims to have signed; `timestamp`: when an authority stamped it.
    - `level` of PAdES: "B-B", "B-T", "B-LT" or "B-LTA"; "none" for what is broken or of another kind.
    - `valid`: intact, without changes that are not allowed, and not distrusted.
    - `intact`: the signed bytes and the signature are what they were.
    - `coverage`: the signature covers the "file", the "revision" it was made in, or a "part".
    - `changes` made later: "none", "proofs", "forms", "annotations" or "other", which is not allowed.
    - `trusted`, `timestamp_trusted`: the chain leads to a given root; None without roots, or without a time stamp.
    - `reasons`: what is to be said about it, in words.
    """

    field: str
    kind: str
    signer: str
    signed_at: datetime | None
    timestamp: datetime | None
    level: str
    valid: bool
    intact: bool
    coverage: str
    changes: str
    trusted: bool | None
    timestamp_trusted: bool | None
    reasons: tuple[str, ...]


class Verification(NamedTuple):
    """All signatures of a file; `valid` if there is at least one, and each is valid. `reasons` say why it is not."""

    valid: bool
    signatures: tuple[SignatureCheck, ...]
    reasons: tuple[str, ...]


def verify(pdf_bytes: bytes, roots: Any = (), at: datetime | None = None) -> Verification:
    """Look at every signature of a PDF, without the network.

    Args:
        pdf_bytes: the file.
        roots: certificates that are trusted, of signers and time stamp authorities: PEM or DER bytes (PEM with any
            number), PEM texts, paths, or objects of cryptography; one or several.
        at: the time for which certificates are judged where no time stamp proves another; now if it is not given.

    Raises:
        CertificateError: a root cannot be read.
        UnreadableInput: the file is no PDF, is damaged, or needs a password.
        UsageError: `at` has no time zone.
        MissingExtra: pyhanko or pikepdf is not installed.
    """
    need_pyhanko("Verifying signatures")
    if at is not None and (not isinstance(at, datetime) or at.utcoffset() is None):
        raise UsageError("The time to verify at has no time zone.", todo="Give datetime(..., tzinfo=UTC).")
    trusted = as_asn1(certificates(roots))
    from billingua.pdf.document import open_pdf

    data = bytes(pdf_bytes)
    with open_pdf(data):
        opened = reader(data)
    checks = tuple(run(lambda: _Judge(opened, trusted, at or datetime.now(UTC)).checks()))
    reasons = tuple(f"{check.field}: {reason}" for check in checks if not check.valid for reason in check.reasons)
    if not checks:
        reasons = ("There is no signature in the PDF.",)
    return Verification(bool(checks) and all(check.valid for check in checks), checks, reasons)


class _Proofs(NamedTuple):
    """What a document security store holds."""

    certificates: list[Any]
    crls: list[Any]
    ocsps: list[Any]


class _Judge:
    """One file and the moment it is judged at; `moment` goes back in time with each document time stamp."""

    def __init__(self, opened: "PdfFileReader", roots: list[Any], moment: datetime) -> None:
        self.opened = opened
        self.roots = roots
        self.moment = moment
        self.proofs = _store(opened)
        self.stamps: list[EmbeddedPdfSignature] = []
        """Document time stamps that are right, the newest first."""

    async def checks(self) -> list[SignatureCheck]:
        """All signatures, the newest first judged, the oldest first told."""
        found = list(self._read())
        found.sort(key=lambda one: one.signed_revision if not isinstance(one, SignatureCheck) else -1, reverse=True)
        done = []
        for one in found:
            if isinstance(one, SignatureCheck):
                done.append(one)
                continue
            try:
                stamp = str(one.sig_object_type) == "/DocTimeStamp"
                done.append(await (self._stamp(one) if stamp else self._signature(one)))
            except Exception as error:  # pyHanko and asn1crypto let errors of every kind through
                done.append(_broken(str(one.field_name), f"It cannot be judged: {said(error)}."))
        return done[::-1]

    def _read(self) -> "Iterator[EmbeddedPdfSignature | SignatureCheck]":
        """The signatures of the form; what cannot be read as one is broken."""
        from pyhanko.sign.fields import enumerate_sig_fields
        from pyhanko.sign.validation import EmbeddedPdfSignature

        try:
            fields = list(enumerate_sig_fields(self.opened, filled_status=True))
        except Exception as error:
            yield _broken("", f"The form cannot be read: {said(error)}.")
            return
        for name, _, field in fields:
            try:
                yield EmbeddedPdfSignature(self.opened, field, str(name))
            except Exception as error:
                yield _broken(str(name), f"It cannot be read: {said(error)}.")

    async def _stamp(self, found: "EmbeddedPdfSignature") -> SignatureCheck:
        """A time stamp of the whole document; if it is right, everything before it is judged as of its time."""
        from pyhanko.sign.validation import async_validate_pdf_timestamp

        status = await self._judged(
            lambda rules: async_validate_pdf_timestamp(found, self._context(self.moment, found, rules))
        )
        intact = status.intact and status.valid
        changes = _CHANGES.get(status.modification_level.name, "other") if status.modification_level else "other"
        trusted = self._trusted(status)
        reasons = [*_of_bytes(intact, changes), *self._of_trust(status, "the time stamp authority", intact)]
        if intact and changes != "other" and trusted is not False:
            self.moment = status.timestamp
            self.stamps.append(found)
        return SignatureCheck(
            field=str(found.field_name),
            kind="timestamp",
            signer=_name(status.signing_cert),
            signed_at=None,
            timestamp=status.timestamp,
            level=NO_LEVEL,
            valid=intact and changes != "other" and trusted is not False,
            intact=intact,
            coverage=_COVERAGE.get(getattr(status.coverage, "name", ""), "part"),
            changes=changes,
            trusted=trusted,
            timestamp_trusted=trusted,
            reasons=tuple(reasons),
        )

    async def _signature(self, found: "EmbeddedPdfSignature") -> SignatureCheck:
        from pyhanko.sign.validation import async_validate_pdf_signature
        from pyhanko.sign.validation.generic_cms import collect_timing_info

        async def judge_stamp(rules: Rules) -> "TimestampSignatureStatus | None":
            context = self._context(self.moment, found, rules)
            facts = await collect_timing_info(found.signer_info, context, raw_digest=found.compute_digest)
            told: TimestampSignatureStatus | None = facts.get("timestamp_validity")
            return told

        stamp = await self._judged(judge_stamp)
        stamped = stamp is not None and stamp.intact and stamp.valid
        believed = stamp is not None and stamped and self._trusted(stamp) is not False
        moment = stamp.timestamp if stamp is not None and believed else self.moment
        status = await self._judged(
            lambda rules: async_validate_pdf_signature(
                found,
                self._context(moment, found, rules),
                self._context(self.moment, found),
                key_usage_settings=_usage(found.signer_cert),
            )
        )
        intact = status.intact and status.valid
        changes = _CHANGES.get(status.modification_level.name, "other") if status.modification_level else "other"
        if not status.docmdp_ok:
            changes = "other"
        trusted = self._trusted(status)
        reasons = [*_of_bytes(intact, changes), *self._of_trust(status, "the signer", intact)]
        if stamp is not None and not stamped:
            reasons.append("Its time stamp is not one for this signature, or is damaged.")
        elif stamp is not None:
            reasons.extend(self._of_trust(stamp, "the time stamp authority", True))
        level = NO_LEVEL
        if intact:
            level = await self._level(found, stamped, moment)
            if level == NO_LEVEL:
                reasons.append(f"It is no PAdES signature: its kind is {entry(found.sig_object, '/SubFilter')}.")
            elif level in ("B-B", "B-T"):
                reasons.append("Whether a certificate was revoked is not known: the file does not tell.")
        return SignatureCheck(
            field=str(found.field_name),
            kind="signature",
            signer=_name(status.signing_cert),
            signed_at=status.signer_reported_dt,
            timestamp=stamp.timestamp if stamp is not None and stamped else None,
            level=level,
            valid=intact and changes != "other" and trusted is not False and (stamp is None or stamped),
            intact=intact,
            coverage=_COVERAGE.get(getattr(status.coverage, "name", ""), "part"),
            changes=changes,
            trusted=trusted,
            timestamp_trusted=self._trusted(stamp) if stamp is not None and stamped else None,
            reasons=tuple(reasons),
        )

    async def _level(self, found: "EmbeddedPdfSignature", stamped: bool, moment: datetime) -> str:
        """The highest level whose conditions are all kept (ETSI EN 319 142-1, 6.3)."""
        from pyhanko.sign.validation.generic_cms import get_signing_cert_attr

        if (
            entry(found.sig_object, "/SubFilter") != _PADES
            or get_signing_cert_attr(found.signer_info["signed_attrs"]) is None
        ):
            return NO_LEVEL
        later = [one for one in self.stamps if one.signed_revision > found.signed_revision]
        if not stamped and not later:
            return "B-B"
        if not await self._proven(found, self.proofs, moment):
            return "B-T"
        for stamp in later:
            before = _store(self.opened.get_historical_resolver(stamp.signed_revision))
            if await self._proven(found, before, moment):
                return "B-LTA"
        return "B-LT"

    async def _proven(self, found: "EmbeddedPdfSignature", proofs: _Proofs, moment: datetime) -> bool:
        """Whether the file shows of the signer's and the authority's chains that nothing in them was revoked then.

        Which roots are trusted is no matter of the level, so chains may end at any root that the file carries.
        """
        from pyhanko.sign.general import extract_certificate_info
        from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
        from pyhanko_certvalidator import CertificateValidator, ValidationContext
        from pyhanko_certvalidator.errors import PathError, ValidationError

        if not (proofs.crls or proofs.ocsps):
            return False
        own = [found.signer_cert]
        for signed in extract_tst_data_iter(found.signer_info, signed=False):
            own.append(extract_certificate_info(signed).signer_cert)
        every = [*proofs.certificates, *_carried(found)]
        for certificate in own:
            context = ValidationContext(
                trust_roots=[*self.roots, *own_roots(every)],
                other_certs=every,
                moment=moment,
                crls=proofs.crls,
                ocsps=proofs.ocsps,
                revocation_mode="require",
                retroactive_revinfo=True,
            )
            validator = CertificateValidator(certificate, validation_context=context)
            try:
                await validator.async_validate_usage(set())
            except (PathError, ValidationError):
                return False
        return True

    async def _judged(self, judge: Callable[[Rules], Awaitable[Status]]) -> Status:
        """The status; once more with each rule by which a certificate may turn out to be revoked.

        A certificate of which nothing is known counts as not revoked.
        """
        status = await judge(_NO_RULES)
        if status is not None and status.trusted and (self.proofs.crls or self.proofs.ocsps):
            for rules in _RULES:
                strict = await judge(rules)
                if strict is not None and strict.revoked:
                    return strict
        return status

    def _trusted(self, status: "SignatureStatus") -> bool | None:
        """Whether the chain leads to a given root; a revoked certificate is not trusted without roots either."""
        return False if status.revoked else status.trusted if self.roots else None

    def _context(
        self, moment: datetime, found: "EmbeddedPdfSignature", rules: Rules = _NO_RULES
    ) -> "ValidationContext":
        """What certificates are judged by. Without roots, chains may end at any root that the file carries.

        However old a CRL is, what it revokes stays revoked.
        """
        from pyhanko_certvalidator import ValidationContext
        from pyhanko_certvalidator.policy_decl import (
            CertRevTrustPolicy,
            FreshnessReqType,
            RevocationCheckingPolicy,
            RevocationCheckingRule,
        )

        every = [*self.proofs.certificates, *_carried(found)]
        return ValidationContext(
            trust_roots=self.roots or own_roots(every),
            other_certs=every,
            moment=moment,
            crls=self.proofs.crls,
            ocsps=self.proofs.ocsps,
            revinfo_policy=CertRevTrustPolicy(
                RevocationCheckingPolicy(*map(RevocationCheckingRule, rules)),
                freshness=timedelta(days=36500),
                freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
                retroactive_revinfo=True,
            ),
        )

    def _of_trust(self, status: "SignatureStatus", whose: str, intact: bool) -> Iterator[str]:
        if not intact or self._trusted(status) is not False:
            return
        problem = getattr(status.trust_problem_indic, "name", "")
        reason = _PROBLEMS.get(problem, "its chain is not in order")
        details = status.revocation_details
        if details is not None:
            reason = f"{reason} on {details.revocation_date:%Y-%m-%d}"
        yield f"The certificate of {whose}, {_name(status.signing_cert)}, is not trusted: {reason}."


def _store(handler: "PdfHandler") -> _Proofs:
    """The document security store, or an empty one; what cannot be read in it proves nothing."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    try:
        context = DocumentSecurityStore.read_dss(handler).as_validation_context({"trust_roots": []})
        return _Proofs(list(context.certificate_registry), list(context.crls), list(context.ocsps))
    except Exception:
        return _Proofs([], [], [])


def _carried(found: "EmbeddedPdfSignature") -> list[Any]:
    """The certificates in a signature and in its time stamps."""
    from pyhanko.sign.general import extract_certificate_info
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    every = [found.signer_cert, *found.other_embedded_certs]
    for signed in extract_tst_data_iter(found.signer_info, signed=False):
        held = extract_certificate_info(signed)
        every.extend((held.signer_cert, *held.other_certs))
    return every


def _usage(certificate: Any) -> "KeyUsageConstraints":
    """Either of the key usages that signers have; a certificate without any may sign."""
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    if certificate.key_usage_value is None:
        return KeyUsageConstraints()
    return KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})


def _of_bytes(intact: bool, changes: str) -> Iterator[str]:
    """What is said of the signed bytes and of what came behind them."""
    if not intact:
        yield "The signed bytes were changed, or the signature was."
    elif changes != "none":
        yield f"Behind the signed bytes stand {_SAID_OF_CHANGES[changes]}."


def _name(certificate: Any) -> str:
    """The name in a certificate: of the person or company, or all there is."""
    names = certificate.subject.native
    for kind in ("common_name", "organization_name"):
        if found := names.get(kind):
            return str(found if isinstance(found, str) else found[0])
    return str(certificate.subject.human_friendly)


def _broken(field: str, reason: str) -> SignatureCheck:
    return SignatureCheck(
        field=field,
        kind="signature",
        signer="",
        signed_at=None,
        timestamp=None,
        level=NO_LEVEL,
        valid=False,
        intact=False,
        coverage="part",
        changes="other",
        trusted=None,
        timestamp_trusted=None,
        reasons=(reason,),
    )
