"""FactPulse: validating, reading, signing, and comparing what is there already."""

import base64
from typing import Any, Final

from billingua import api, pdf
from billingua.errors import BillinguaError
from billingua.model import Invoice
from billingua.sandbox.call import Call
from billingua.sandbox.documents import Judged, judged
from billingua.sandbox.factpulse import certificates
from billingua.sandbox.factpulse.invoice import full_of
from billingua.sandbox.factpulse.tasks import failure, start_task
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = [
    "generate_certificate",
    "parse_facturx",
    "parse_facturx_async",
    "pdf_signature",
    "sign_pdf",
    "sign_pdf_async",
    "validate_facturx",
    "validate_facturx_async",
    "validate_xml",
    "verify",
    "verify_async",
]

_KEY_SIZES: Final = (2048, 3072, 4096)
_NAMES: Final = (
    ("cn", "COMMON_NAME", "billingua sandbox"),
    ("organization", "ORGANIZATION_NAME", "Sandbox"),
    ("country", "COUNTRY_NAME", "FR"),
    ("city", "LOCALITY_NAME", "Paris"),
    ("state", "STATE_OR_PROVINCE_NAME", "Paris"),
    ("email", "EMAIL_ADDRESS", "sandbox@example.org"),
)


def _file(call: Call, name: str) -> bytes:
    found = call.upload(name)
    if found is None:
        complaint = Complaint(name, "missing", "Field required")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    return found.data


def _without(call: Call) -> str:
    return "fr-" if call.text("skip_br_fr").lower() == "true" else ""


def validate_xml(call: Call) -> Any:
    """An invoice as XML; what is wrong comes as a list of texts."""
    verdict = judged(call.store, _file(call, "xml_file"), without=_without(call))
    if not verdict.valid:
        texts = tuple(Complaint("", one.code, f"[{one.code}] {one.message}") for one in verdict.complaints)
        raise Refusal(400, "VALIDATION_FAILED", "The invoice is not valid.", texts, shape="texts")
    return {"message": f"The {verdict.format} document is valid ({verdict.profile or 'no profile'})."}


def _pdf_report(call: Call) -> dict[str, Any]:
    """The report on a Factur-X PDF."""
    data = _file(call, "pdf_file")
    verdict = judged(call.store, data, without=_without(call))
    by_source: dict[str, list[str]] = {"pdfa": [], "schematron": []}
    for one in verdict.complaints:
        by_source.setdefault(one.source, []).append(f"[{one.code}] {one.message}")
    has_xml = verdict.format == "facturx"
    xml_errors = [*by_source["schematron"], *by_source.get("system", [])]
    return {
        "isCompliant": verdict.valid and has_xml,
        "xmlPresent": has_xml,
        "xmlCompliant": has_xml and not xml_errors,
        "detectedProfile": verdict.profile or None,
        "xmlErrors": xml_errors,
        "pdfaCompliant": has_xml and not by_source["pdfa"],
        "pdfaVersion": "PDF/A-3" if has_xml else None,
        "pdfaErrors": by_source["pdfa"],
        "pdfaWarnings": [],
        "xmpPresent": has_xml,
        "xmpFacturxCompliant": has_xml and not any("XMP" in text for text in xml_errors),
        "xmpErrors": [],
        "isSigned": b"/ByteRange" in data,
        "signatureCount": data.count(b"/ByteRange"),
        "signatures": [],
        "signatureErrors": [],
        "summaryMessage": "Compliant." if verdict.valid else f"{len(verdict.complaints)} errors.",
    }


def validate_facturx(call: Call) -> Any:
    """A Factur-X PDF, at once."""
    return _pdf_report(call)


def validate_facturx_async(call: Call) -> Any:
    """The same in the background."""
    return start_task(call, "validation", {"status": "SUCCESS", "validation_result": _pdf_report(call)})


def _parsed(call: Call) -> dict[str, Any]:
    data = _file(call, "file")
    try:
        document = api.read(data)
    except BillinguaError as error:
        return {"status": "ERROR", "invoice": None, "error": str(error)}
    if not isinstance(document.content, Invoice):
        return {"status": "ERROR", "invoice": None, "error": f"The document is {document.format}, no invoice."}
    return {
        "status": "SUCCESS",
        "invoice": full_of(document.content),
        "detectedFormat": document.format,
        "detectedProfile": document.profile,
        "error": None,
    }


def parse_facturx(call: Call) -> Any:
    """The invoice in a file as JSON, at once."""
    found = _parsed(call)
    if found["status"] == "ERROR":
        raise Refusal(400, "PARSING_FAILED", found["error"])
    return found


def parse_facturx_async(call: Call) -> Any:
    """The same in the background."""
    found = _parsed(call)
    if found["status"] == "ERROR":
        found = failure("PARSING_FAILED", found["error"])
    return start_task(call, "parsing", found)


def _signed(call: Call) -> bytes:
    data = _file(call, "pdf_file")
    try:
        return certificates.signed(
            data, call.text("reason") or None, call.text("location") or None, call.text("field_name") or None
        )
    except BillinguaError as error:
        complaint = Complaint("pdf_file", "SIGNATURE", str(error), "Error", "signature")
        raise Refusal(400, "SIGNATURE_FAILED", str(error), (complaint,)) from None


def sign_pdf(call: Call) -> Any:
    """A PDF comes back signed."""
    return _signed(call)


def sign_pdf_async(call: Call) -> Any:
    """The same in the background."""
    try:
        data = _signed(call)
    except Refusal as refusal:
        return start_task(call, "signature", failure(refusal.code, refusal.message, refusal.complaints))
    result = {
        "status": "SUCCESS",
        "content_b64": base64.b64encode(data).decode(),
        "filename": "signed.pdf",
        "size_bytes": len(data),
        "is_signed": True,
        "signature_count": data.count(b"/ByteRange"),
        "signer_cn": "billingua sandbox",
        "signing_date": call.store.now().isoformat(),
        "validation_details": {},
    }
    return start_task(call, "signature", result)


def pdf_signature(call: Call) -> Any:
    """The signatures of a PDF."""
    try:
        found = pdf.verify(_file(call, "pdf_file"), at=call.store.now())
    except BillinguaError as error:
        raise Refusal(400, "SIGNATURE_VALIDATION_FAILED", str(error)) from None
    return {
        "isSigned": bool(found.signatures),
        "signatureCount": len(found.signatures),
        "isValid": found.valid,
        "signatures": [
            {
                "fieldName": one.field,
                "signer": str(one.signer or ""),
                "signingDate": one.signed_at.isoformat() if one.signed_at else None,
                "isValid": one.valid,
            }
            for one in found.signatures
        ],
        "reasons": list(found.reasons),
    }


def generate_certificate(call: Call) -> Any:
    """A certificate to try signing with."""
    size, days = call.number("keySize", 2048), call.number("validityDays", 365)
    if size not in _KEY_SIZES or not 1 <= days <= 3650:
        complaint = Complaint("keySize", "enum", "keySize is 2048, 3072 or 4096; validityDays is 1 to 3650")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    words = {name: call.text(name, usual) for name, _, usual in _NAMES}
    if len(words["country"]) != 2 or any(len(word) > 64 for word in words.values()):
        complaint = Complaint("country", "string_length", "country has two letters, the others at most 64")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    subject = tuple((oid, words[name]) for name, oid, _ in _NAMES)
    found = certificates.made(subject, days, size, call.text("keyPassphrase"), call.text("p12Passphrase"))
    shown = ",".join(f"{name}={words[name]}" for name in ("cn", "organization", "country"))
    return {
        "status": "SUCCESS",
        "certificatePem": found.certificate.decode(),
        "privateKeyPem": found.key.decode(),
        "pkcs12Base64": base64.b64encode(found.p12).decode() if call.get("generateP12") else None,
        "info": words
        | {
            "subject": shown,
            "issuer": shown,
            "serialNumber": found.serial,
            "validFrom": found.valid_from.isoformat(),
            "validTo": found.valid_to.isoformat(),
            "algorithm": f"RSA-{size} SHA-256",
        },
        "warning": "Self-signed, for tests only.",
    }


_COMPARED: Final = (
    ("BT-1", "Invoice number", "invoice_number"),
    ("BT-2", "Issue date", "invoice_date"),
    ("BT-112", "Total with VAT", "totals.total_gross_amount"),
)


def _verified(call: Call) -> dict[str, Any]:
    """The comparison of PDF and XML. The sandbox does not read the page: what the XML says counts as seen."""
    data = _file(call, "pdf_file")
    verdict: Judged = judged(call.store, data)
    if verdict.format != "facturx":
        return failure("NOT_FACTURX", "The PDF holds no invoice.", verdict.complaints[:1])
    invoice = full_of(api.read(data).content)
    fields = []
    for term, label, path in _COMPARED:
        value: Any = invoice
        for step in path.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        fields.append(
            {"businessTerm": term, "label": label, "pdfValue": value, "xmlValue": value, "status": "COMPLIANT"}
        )
    return {
        "isCompliant": verdict.valid,
        "complianceScore": 100 if verdict.valid else 50,
        "verifiedFieldsCount": len(fields),
        "compliantFieldsCount": len(fields),
        "isFacturx": True,
        "facturxProfile": verdict.profile,
        "fields": fields,
        "mandatoryNotes": [],
        "warnings": [],
    }


def verify(call: Call) -> Any:
    """Compare PDF and XML, at once."""
    found = _verified(call)
    if found.get("status") == "ERROR":
        raise Refusal(400, found["errorCode"], found["errorMessage"])
    return found


def verify_async(call: Call) -> Any:
    """The same in the background."""
    found = _verified(call)
    result = found if found.get("status") == "ERROR" else {"status": "SUCCESS", "verification_result": found}
    return start_task(call, "verification", result)
