"""FactPulse: converting documents to Factur-X (OCR), and comparing a PDF with its XML."""

from typing import Any

from billingua.errors import RemoteError
from billingua.remote.exchange.messages import Answer, Data, File, Text
from billingua.remote.exchange.operations import Endpoint, Polled
from billingua.remote.factpulse.common import ERRORS, Form, Started, TaskOf, TaskStatus, is_finished, task_failed
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "Conversion",
    "ConversionResult",
    "ConversionStatus",
    "ConversionTask",
    "ConvertCalls",
    "Verification",
    "VerificationTask",
]


class ConvertDocument(Form, frozen=True, kw_only=True):
    file: File
    output: str | None = None
    callback_url: str | None = None
    webhook_mode: str | None = None


class ConversionOf(Form, frozen=True, kw_only=True):
    conversion_id: str


class ConversionStatus(Answer, rename={}):
    """`status` may be PENDING_INPUT: then `missing_fields` says what to resume it with."""

    status: Text = Text()
    missing_fields: tuple[Any, ...] = ()


class ConversionResult(Data, frozen=True, kw_only=True, rename={}):
    """`status`: SUCCESS; PENDING_INPUT or VALIDATION_FAILED when it waits to be resumed with what is missing."""

    status: Text = Text()
    conversion_id: Text = Text()
    message: Text = Text()
    document_type_code: Text = Text()
    profile: Text = Text()
    missing_fields: tuple[Any, ...] = ()
    extracted_data: dict[str, Any] | None = None
    validation_errors: tuple[Any, ...] = ()
    content_b64: Text = Text()
    xml_content: Text = Text()


class ConversionTask(TaskStatus):
    result: ConversionResult | None = None  # type: ignore[assignment]


class Resume(Form, frozen=True, kw_only=True):
    """`overrides`: the values that were missing or wrong."""

    conversion_id: str
    overrides: dict[str, Any] | None = None
    callback_url: str | None = None
    webhook_mode: str | None = None


class Conversion(Answer, rename={}):
    """A document that became Factur-X; one that lacks values raises `Refused` with what is missing."""

    status: Text = Text()
    conversion_id: Text = Text()
    document_type: dict[str, Any] | None = None
    invoice: dict[str, Any] | None = None
    validation: dict[str, Any] | None = None
    files: dict[str, Any] | None = None
    pdf_regenerated: bool | None = None


class ConvertedFile(Form, frozen=True, kw_only=True):
    """`filename`: facturx.pdf or facturx.xml, kept for 24 hours."""

    conversion_id: str
    filename: str


class Verify(Form, frozen=True, kw_only=True):
    pdf_file: File


class VerifyLater(Verify, frozen=True, kw_only=True):
    force_ocr: bool | None = None
    callback_url: str | None = None
    webhook_mode: str | None = None


class Verification(Answer):
    """Whether the PDF says what its XML says. `compliance_score`: 0 to 100."""

    is_compliant: bool | None = None
    compliance_score: float | None = None
    verified_fields_count: int | None = None
    compliant_fields_count: int | None = None
    is_facturx: bool | None = None
    facturx_profile: Text = Text()
    fields: tuple[dict[str, Any], ...] = ()
    mandatory_notes: tuple[dict[str, Any], ...] = ()
    warnings: tuple[Text, ...] = ()


class Verified(Data, frozen=True, kw_only=True, rename={}):
    status: Text = Text()
    verification_result: Verification | None = None


class VerificationTask(TaskStatus):
    result: Verified | None = None  # type: ignore[assignment]


def _conversion_failed(said: Any) -> type[RemoteError] | None:
    """The same words as for a task, with the result around or within."""
    return task_failed(said) or task_failed({"result": said})


class ConvertCalls(SignInCalls):
    """Conversion and verification."""

    convert_async = Endpoint(
        "POST",
        "/api/v1/convert/async",
        ConvertDocument,
        Started,
        body="form",
        errors=ERRORS,
        about="Make Factur-X of a document, in a task.",
    )
    conversion = Endpoint(
        "GET",
        "/api/v1/convert/{conversion_id}/status",
        ConversionOf,
        ConversionStatus,
        failed=_conversion_failed,
        errors=(401, 422),
        about="How far a conversion is.",
    )
    conversion_task = Endpoint(
        "GET",
        "/api/v1/convert/tasks/{taskId}/conversion-status",
        TaskOf,
        ConversionTask,
        failed=task_failed,
        errors=(401, 422),
        about="How far the task of a conversion is, and what came of it.",
    )
    finished_conversion = Polled(conversion_task, is_finished)
    resume_conversion = Endpoint(
        "POST",
        "/api/v1/convert/{conversion_id}/resume",
        Resume,
        Conversion,
        errors=(401, 404, 422),
        about="Go on with a conversion, with what was missing.",
    )
    resume_conversion_async = Endpoint(
        "POST",
        "/api/v1/convert/{conversion_id}/resume/async",
        Resume,
        Started,
        errors=(401, 404, 422),
        about="The same in a task.",
    )
    converted_file = Endpoint(
        "GET",
        "/api/v1/convert/{conversion_id}/download/{filename}",
        ConvertedFile,
        bytes,
        errors=(401, 404, 422),
        about="A file that a conversion made.",
    )

    verify = Endpoint(
        "POST",
        "/api/v1/verification/verify",
        Verify,
        Verification,
        body="form",
        repeatable=True,
        errors=(400, 401, 413, 422),
        about="Compare what a PDF shows with its XML.",
    )
    verify_async = Endpoint(
        "POST",
        "/api/v1/verification/verify-async",
        VerifyLater,
        Started,
        body="form",
        errors=(401, 422),
        about="The same in a task.",
    )
    verification_status = Endpoint(
        "GET",
        "/api/v1/verification/verify-async/{taskId}/status",
        TaskOf,
        TaskStatus,
        failed=task_failed,
        errors=(401, 422),
        about="How far a verification is.",
    )
    verification_task = Endpoint(
        "GET",
        "/api/v1/verification/verify-async/{taskId}/typed-status",
        TaskOf,
        VerificationTask,
        failed=task_failed,
        errors=(401, 422),
        about="How far a verification is, and its result.",
    )
    finished_verification = Polled(verification_task, is_finished)
