"""FactPulse: recognising invoices in pictures. The sandbox reads no pictures: a PDF with an invoice inside is
recognised, and of any other one every field is missing until it is given.
"""

import base64
from datetime import timedelta
from typing import Any, Final

from billingua import api, pdf
from billingua.errors import BillinguaError
from billingua.model import Invoice
from billingua.sandbox import paper
from billingua.sandbox.call import Answer, Call
from billingua.sandbox.factpulse.invoice import full_of, invoice_of
from billingua.sandbox.factpulse.tasks import failure, start_task
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = ["convert_async", "convert_download", "convert_resume", "convert_resume_async", "convert_status"]

_KEPT: Final = timedelta(hours=1)
_SHELF: Final = "factpulse-conversions"
_FULL: Final = ("invoice_number", "payment_due_date", "supplier", "recipient", "totals", "references")


def convert_async(call: Call) -> Any:
    """A picture: taken at once, recognised in the background."""
    file = call.upload("file")
    if file is None or not file.data:
        complaint = Complaint("file", "missing", "Field required")
        raise Refusal(422, "VALIDATION", complaint.message, (complaint,), shape="locations")
    id = call.store.uuid("conversion")
    try:
        content = api.read(file.data).content
    except BillinguaError:
        content = None
    call.store.shelf(_SHELF)[id] = {"invoice": content if isinstance(content, Invoice) else None, "data": {}}
    return start_task(call, "conversion", _result(call, id)) | {"conversion_id": id}


def _result(call: Call, id: str) -> dict[str, Any]:
    kept = call.store.shelf(_SHELF)[id]
    if kept["invoice"] is not None:
        xml = api.write(kept["invoice"], "cii")
        return {
            "status": "SUCCESS",
            "conversion_id": id,
            "document_type_code": int(kept["invoice"].type_code or 380),
            "profile": "EN16931",
            "extraction": {"confidence_score": 1.0, "ocr_provider": "sandbox"},
            "processing_time_ms": 1,
            "content_b64": base64.b64encode(xml).decode(),
            "xml_content": xml.decode(),
        }
    return {
        "status": "PENDING_INPUT",
        "conversion_id": id,
        "message": "Fields are missing.",
        "missing_fields": [name for name in _FULL if name not in kept["data"]],
        "extracted_data": kept["data"],
        "confidence_score": 0.0,
        "processing_time_ms": 1,
    }


def _kept(call: Call) -> dict[str, Any]:
    found: dict[str, Any] | None = call.store.shelf(_SHELF).get(call.text("conversion_id"))
    if found is None:
        raise Refusal(404, "CONVERSION_NOT_FOUND", "The conversion was not found.")
    return found


def convert_status(call: Call) -> Any:
    """How far a conversion is."""
    _kept(call)
    return _result(call, call.text("conversion_id"))


def _resumed(call: Call) -> None:
    kept = _kept(call)
    overrides = call.get("overrides", {})
    kept["data"] |= overrides
    if kept["invoice"] is None and all(name in kept["data"] for name in _FULL):
        try:
            kept["invoice"] = invoice_of(kept["data"], call.store.now().date(), enrich=True)
        except BillinguaError as error:
            complaint = Complaint(error.where, "INVALID", error.what, "Error", "pydantic")
            raise Refusal(400, "INVALID_OVERRIDES", str(error), (complaint,)) from None


def convert_resume(call: Call) -> Any:
    """Give what is missing, and go on at once; 422 where something still is. The answers are not those of the task."""
    _resumed(call)
    id, kept = call.text("conversion_id"), _kept(call)
    extraction = {"confidence_score": 1.0, "fields_extracted": len(kept["data"])}
    validation = {"profile": "EN16931", "schematron_rules_passed": 0, "schematron_rules_total": 0}
    made = {"conversion_id": id, "extraction": extraction, "validation": validation}
    invoice = kept["invoice"]
    if invoice is None:
        missing = [name for name in _FULL if name not in kept["data"]]
        waiting = made | {
            "status": "validation_failed",
            "message": "Fields are missing.",
            "extracted_data": kept["data"],
            "missing_fields": [
                {"field": name, "bt_code": "", "description": name, "required_for": ["EN16931"]} for name in missing
            ],
            "resume_url": f"{call.base}/factpulse/api/v1/convert/{id}/resume",
            "expires_at": (call.store.now() + _KEPT).isoformat(),
        }
        return Answer(waiting, status=422)
    xml = api.write(invoice, "cii")
    return made | {
        "status": "success",
        "document_type": {"code": int(invoice.type_code or 380), "label": "Facture", "detected_as": "invoice"},
        "invoice": full_of(invoice),
        "files": {"xml": {"content_b64": base64.b64encode(xml).decode(), "size_bytes": len(xml)}},
        "processing_time_ms": 1,
    }


def convert_resume_async(call: Call) -> Any:
    """The same in the background."""
    try:
        _resumed(call)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return start_task(call, "conversion", failure(refusal.code, refusal.message, refusal.complaints))
    return start_task(call, "conversion", _result(call, call.text("conversion_id")))


def convert_download(call: Call) -> Any:
    """A file of a conversion: invoice.xml, invoice.json or facturx.pdf."""
    invoice = _kept(call)["invoice"]
    name = call.text("filename")
    if invoice is None or name not in ("invoice.xml", "invoice.json", "facturx.pdf"):
        raise Refusal(404, "FILE_NOT_FOUND", "There is no such file.")
    if name == "invoice.json":
        return full_of(invoice)
    xml = api.write(invoice, "cii")
    if name == "invoice.xml":
        return Answer(xml, media="application/xml")
    return Answer(pdf.embed(paper.page([f"Invoice {invoice.number}"]), xml), media="application/pdf")
