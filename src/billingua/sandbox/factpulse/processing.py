"""FactPulse: making invoices, and handing them in."""

import base64
from typing import Any, Final

from billingua import api, pdf
from billingua.errors import BillinguaError
from billingua.model import Invoice
from billingua.sandbox.afnor import flow
from billingua.sandbox.call import Call, decoded
from billingua.sandbox.documents import judged
from billingua.sandbox.factpulse import certificates, chorus
from billingua.sandbox.factpulse.invoice import full_of, invoice_of
from billingua.sandbox.factpulse.tasks import failure, start_task
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = ["generate_invoice", "submit_complete", "submit_complete_async"]

PROFILES: Final = ("MINIMUM", "BASICWL", "BASIC", "EN16931", "EXTENDED")
_BUSINESS_RULES: Final = "SCHEMATRON_VALIDATION_FAILED"


class Failed(Exception):
    """A business error: code, message, and what is wrong."""

    def __init__(self, code: str, message: str, complaints: tuple[Complaint, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.complaints = complaints


def _made(call: Call, data: Any, *, enrich: bool) -> Invoice:
    try:
        return invoice_of(data, call.store.now().date(), enrich=enrich)
    except BillinguaError as error:
        raise Failed("INVALID_INVOICE_DATA", str(error), (_complaint(error),)) from None


def _complaint(error: BillinguaError) -> Complaint:
    return Complaint(error.where, "INVALID", error.what, "Error", "pydantic")


def _written(call: Call, invoice: Invoice, profile: str, syntax: str, *, without: str, check: bool = True) -> bytes:
    """The XML of an invoice, judged."""
    try:
        if syntax == "ubl":
            data = api.write(invoice, "ubl")
        else:
            data = api.write(invoice, "cii")
            if profile != "EN16931":
                data = api.convert(data, "cii", profile=profile.lower()).data
    except BillinguaError as error:
        raise Failed("GENERATION_FAILED", str(error), (_complaint(error),)) from None
    verdict = judged(call.store, data, without=without)
    if check and not verdict.valid:
        raise Failed(_BUSINESS_RULES, "The invoice breaks business rules.", verdict.complaints)
    return data


def _embedded(plain: bytes, xml: bytes) -> bytes:
    try:
        return pdf.embed(plain, xml)
    except BillinguaError as error:
        raise Failed("PDF_GENERATION_FAILED", str(error), (Complaint("source_pdf", "PDF", str(error)),)) from None


def _is_true(call: Call, name: str, usual: str) -> bool:
    return call.text(name, usual).lower() == "true"


def generate_invoice(call: Call) -> Any:
    """An invoice as XML, or inside the PDF that comes along."""
    profile, kind = call.text("profile", "EN16931"), call.text("output_format", "xml")
    source = call.upload("source_pdf")
    if kind == "pdf" and source is None:
        complaint = Complaint("source_pdf", "missing", "Field required")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    try:
        data = decoded(call.text("invoice_data").encode())
    except ValueError as error:
        complaint = Complaint("invoice_data", "json_invalid", str(error))
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations") from None
    try:
        invoice = _made(call, data, enrich=_is_true(call, "auto_enrich", "true"))
        without = "fr-" if _is_true(call, "skip_br_fr", "false") else ""
        xml = _written(call, invoice, profile, kind, without=without)
        name = f"{invoice.number}.{'pdf' if source and kind == 'pdf' else 'xml'}"
        result: dict[str, Any] = {"status": "SUCCESS", "filename": name, "content_b64": None, "xml_content": None}
        if source is not None and kind == "pdf":
            result["content_b64"] = base64.b64encode(_embedded(source.data, xml)).decode()
        else:
            result["xml_content"] = xml.decode()
            result["content_b64"] = base64.b64encode(xml).decode()
    except Failed as failed:
        result = failure(failed.code, failed.message, failed.complaints)
    return start_task(call, "generation", result)


def submit_complete(call: Call) -> Any:
    """Make an invoice, sign it if wanted, and hand it in, at once."""
    try:
        return _submitted(call)
    except Failed as failed:
        raise Refusal(400, failed.code, failed.message, failed.complaints) from None


def submit_complete_async(call: Call) -> Any:
    """The same in the background."""
    try:
        result = {"status": "SUCCESS", **_submitted(call)}
    except Failed as failed:
        result = failure(failed.code, failed.message, failed.complaints)
    return start_task(call, "submission", result)


def _submitted(call: Call) -> dict[str, Any]:
    options = call.get("options", {})
    destination = call.get("destination", {})
    kind = destination.get("type")
    if kind not in ("afnor", "chorus_pro"):
        complaint = Complaint("destination.type", "union_tag_invalid", "destination.type is afnor or chorus_pro")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    profile = str(options.get("facturxProfile") or "EN16931")
    if profile not in PROFILES:
        complaint = Complaint("options.facturxProfile", "enum", f"facturxProfile is one of {', '.join(PROFILES)}")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    enrich = options.get("autoEnrich") is not False
    invoice = _made(call, call.get("invoiceData"), enrich=enrich)
    xml = _written(call, invoice, profile, "xml", without="", check=options.get("validateXml") is not False)
    hybrid = _embedded(call.bytes_of("sourcePdf"), xml)
    signature = call.get("signature")
    if isinstance(signature, dict):
        hybrid = _signed(hybrid, signature)
    result: dict[str, Any] = {
        "success": True,
        "destinationType": kind,
        "afnorResult": None,
        "chorusResult": None,
        "enrichedInvoice": _enriched(invoice),
        "invoice": full_of(invoice),
        "facturxPdf": {"size": len(hybrid), "profile": profile, "signed": isinstance(signature, dict)},
        "signature": {"signed": True, "cn": None} if isinstance(signature, dict) else None,
        "contentB64": base64.b64encode(hybrid).decode(),
        "message": "Invoice submitted.",
    }
    if kind == "afnor":
        return result | {"afnorResult": _to_platform(call, invoice, hybrid, xml, destination)}
    return result | {"chorusResult": chorus.deposited(call, invoice)}


def _enriched(invoice: Invoice) -> dict[str, Any]:
    """The invoice in short."""
    full = full_of(invoice)
    figures = {name: full["totals"].get(name) for name in ("total_net_amount", "vat_amount", "total_gross_amount")}
    return {
        "invoiceNumber": invoice.number,
        "supplierName": full["supplier"].get("name"),
        "recipientName": full["recipient"].get("name"),
        "totalNetAmount": figures["total_net_amount"],
        "vatAmount": figures["vat_amount"],
        "totalGrossAmount": figures["total_gross_amount"],
    }


def _signed(data: bytes, wanted: dict[str, Any]) -> bytes:
    try:
        if wanted.get("keyPem") and wanted.get("certPem"):
            return pdf.sign(
                data,
                key=str(wanted["keyPem"]).encode(),
                certificate=str(wanted["certPem"]).encode(),
                password=wanted.get("keyPassphrase"),
                reason=wanted.get("reason"),
                location=wanted.get("location"),
            )
        return certificates.signed(data, wanted.get("reason"), wanted.get("location"))
    except BillinguaError as error:
        raise Failed("SIGNATURE_FAILED", str(error), (Complaint("signature", "SIGNATURE", str(error)),)) from None


def _to_platform(
    call: Call, invoice: Invoice, hybrid: bytes, xml: bytes, destination: dict[str, Any]
) -> dict[str, Any]:
    syntax = destination.get("flowSyntax") or "Factur-X"
    if syntax not in ("CII", "UBL", "Factur-X"):
        raise Failed("INVALID_FLOW_SYNTAX", f"flowSyntax {str(syntax)[:40]} is none of CII, UBL, Factur-X.")
    data = {"CII": xml, "Factur-X": hybrid}.get(syntax) or api.convert(xml, "ubl").data
    info = {
        "name": invoice.number,
        "flowSyntax": syntax,
        "trackingId": destination.get("trackingId"),
        "processingRule": destination.get("processingRule"),
        "flowProfile": "CIUS",
    }
    made = flow.submitted(call.store, info, data)
    return {
        "flowId": made.id,
        "trackingId": info["trackingId"],
        "sha256": made.facts["sha256"],
        "flowSyntax": syntax,
        "flowProfile": "CIUS",
        "flowType": made.facts["type"],
        "processingRule": info["processingRule"] or "Undefined",
        "processingRuleSource": "Input" if info["processingRule"] else "Computed",
    }
