"""FactPulse: generating, submitting, validating, parsing and signing invoices, and the tasks this is done in."""

from typing import Any

import msgspec

from billingua.errors import Refused, RemoteError
from billingua.remote.exchange.messages import Answer, Ask, Data, File, Text
from billingua.remote.exchange.operations import Endpoint, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.common import (
    ERRORS,
    Form,
    ForOrganization,
    Started,
    TaskOf,
    TaskStatus,
    is_finished,
    task_failed,
    unsuccessful,
)
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "AfnorCredentials",
    "AfnorDestination",
    "ChorusCredentials",
    "ChorusDestination",
    "GenerateInvoice",
    "GenerationTask",
    "InvoiceCalls",
    "Parsed",
    "PdfReport",
    "ProcessingOptions",
    "SignatureParameters",
    "SignatureTask",
    "SubmitComplete",
    "SubmittedComplete",
    "TrialCertificate",
    "ValidationTask",
]


class GenerateInvoice(Form, frozen=True, kw_only=True):
    """`invoice_data`: the simplified or the full model, as JSON or its text. `profile`: MINIMUM, BASICWL, BASIC,
    EN16931 or EXTENDED. `output_format`: xml, cii, ubl, or pdf, which needs `source_pdf`. With `auto_enrich`, which
    is how the service does it by default, the parties may be changed from look-ups of their SIRET."""

    invoice_data: dict[str, Any] | str
    profile: str | None = None
    output_format: str | None = None
    auto_enrich: bool | None = None
    source_pdf: File | None = None
    skip_br_fr: bool | None = None
    callback_url: str | None = None
    webhook_mode: str | None = None


class AfnorCredentials(Data, frozen=True, kw_only=True):
    client_id: str
    client_secret: Secret
    flow_service_url: str


class AfnorDestination(Data, frozen=True, kw_only=True, tag_field="type", tag="afnor"):
    """A platform of XP Z12-013; without credentials the stored ones of the client."""

    credentials: AfnorCredentials | None = None
    flow_syntax: str | None = None
    tracking_id: str | None = None
    processing_rule: str | None = None


class ChorusCredentials(Data, frozen=True, kw_only=True):
    """`sandbox_mode` has no default here: that of the service is True, and a real invoice would go nowhere."""

    piste_client_id: str
    piste_client_secret: Secret
    chorus_login: str
    chorus_password: Secret
    sandbox_mode: bool


class ChorusDestination(Data, frozen=True, kw_only=True, tag_field="type", tag="chorus_pro"):
    """Chorus Pro; without credentials the stored ones of the client."""

    credentials: ChorusCredentials | None = None


class SignatureParameters(Data, frozen=True, kw_only=True):
    key_pem: Secret | None = None
    cert_pem: str | None = None
    key_passphrase: Secret | None = None
    reason: str | None = None
    location: str | None = None
    contact: str | None = None
    field_name: str | None = None
    use_pades_lt: bool | None = None
    use_timestamp: bool | None = None


class ProcessingOptions(Data, frozen=True, kw_only=True):
    """`auto_enrich` is on by default: it may change the parties. The profile stands here; the README of the service
    puts it beside the invoice."""

    facturx_profile: str | None = None
    auto_enrich: bool | None = None
    validate_xml: bool | None = None
    verify_destination_parameters: bool | None = None


class SubmitComplete(ForOrganization, frozen=True, kw_only=True):
    """Generate, sign and submit in one go. `source_pdf` are the bytes of the file."""

    invoice_data: dict[str, Any]
    source_pdf: bytes
    destination: AfnorDestination | ChorusDestination
    signature: SignatureParameters | None = None
    options: ProcessingOptions | None = None


class SubmitCompleteLater(SubmitComplete, frozen=True, kw_only=True):
    callback_url: str | None = msgspec.field(default=None, name="callback_url")
    webhook_mode: str | None = msgspec.field(default=None, name="webhook_mode")


class AfnorResult(Data, frozen=True, kw_only=True):
    flow_id: Text = Text()
    tracking_id: Text = Text()
    sha256: Text = Text()
    flow_syntax: Text = Text()
    flow_profile: Text = Text()
    flow_type: Text = Text()
    processing_rule: Text = Text()
    processing_rule_source: Text = Text()


class ChorusResult(Data, frozen=True, kw_only=True):
    chorus_invoice_id: int | None = None
    deposit_flow_number: Text = Text()
    attachment_id: int | None = None


class SubmittedComplete(Answer):
    """`enriched_invoice` and `invoice`: what was really sent. `content_b64`: the PDF in base64."""

    destination_type: Text = Text()
    afnor_result: AfnorResult | None = None
    chorus_result: ChorusResult | None = None
    enriched_invoice: dict[str, Any] | None = None
    invoice: dict[str, Any] | None = None
    facturx_pdf: dict[str, Any] | None = None
    signature: dict[str, Any] | None = None
    content_b64: Text = Text()
    snake_content_b64: Text = msgspec.field(default=Text(), name="content_b64")
    message: Text = Text()

    def __post_init__(self) -> None:
        self.content_b64 = self.content_b64 or self.snake_content_b64  # both spellings occur
        afnor, chorus = self.afnor_result, self.chorus_result
        if not (afnor and afnor.flow_id) and not (chorus and chorus.chorus_invoice_id is not None):
            raise ValueError("it has neither a flowId nor a chorusInvoiceId")


class Generated(Data, frozen=True, kw_only=True, rename={}):
    """`content_b64`: a PDF in base64; `xml_content`: an XML as text."""

    status: Text = Text()
    content_b64: Text = Text()
    xml_content: Text = Text()
    filename: Text = Text()


class GenerationTask(TaskStatus):
    result: Generated | None = None  # type: ignore[assignment]


class Signed(Data, frozen=True, kw_only=True, rename={}):
    status: Text = Text()
    content_b64: Text = Text()
    filename: Text = Text()
    size_bytes: int | None = None
    is_signed: bool | None = None
    signature_count: int | None = None
    signer_cn: Text = Text()
    signing_date: Text = Text()
    validation_details: dict[str, Any] | None = None


class SignatureTask(TaskStatus):
    result: Signed | None = None  # type: ignore[assignment]


class PdfReport(Answer):
    """What FactPulse finds in a Factur-X file."""

    is_compliant: bool | None = None
    summary_message: Text = Text()
    detected_profile: Text = Text()
    xml_present: bool | None = None
    xml_compliant: bool | None = None
    xml_errors: tuple[Text, ...] = ()
    pdfa_compliant: bool | None = None
    pdfa_version: Text = Text()
    pdfa_validation_method: Text = Text()
    pdfa_errors: tuple[Text, ...] = ()
    pdfa_warnings: tuple[Text, ...] = ()
    xmp_present: bool | None = None
    xmp_facturx_compliant: bool | None = None
    xmp_errors: tuple[Text, ...] = ()
    is_signed: bool | None = None
    signature_count: int | None = None
    signature_errors: tuple[Text, ...] = ()


class Validated(Data, frozen=True, kw_only=True, rename={}):
    status: Text = Text()
    validation_result: PdfReport | None = None


class ValidationTask(TaskStatus):
    result: Validated | None = None  # type: ignore[assignment]


class XmlFile(Form, frozen=True, kw_only=True):
    xml_file: File
    profile: str | None = None
    skip_br_fr: bool | None = None


class XmlReport(Answer):
    """The XML is valid; one that is not raises `Refused` with its faults."""

    message: Text = Text()


class PdfFile(Form, frozen=True, kw_only=True):
    pdf_file: File
    profile: str | None = None
    use_verapdf: bool | None = None
    skip_br_fr: bool | None = None


class PdfFileLater(Form, frozen=True, kw_only=True):
    pdf_file: File
    profile: str | None = None
    use_verapdf: bool | None = None
    callback_url: str | None = None
    webhook_mode: str | None = None


class AnyInvoice(Ask, frozen=True, kw_only=True):
    file: File


class AnyInvoiceLater(AnyInvoice, frozen=True, kw_only=True):
    callback_url: str | None = None  # camel case in this form


class Parsed(Answer):
    """`invoice`: the full model of FactPulse."""

    status: Text = Text()
    invoice: dict[str, Any] | None = None
    detected_format: Text = Text()
    detected_profile: Text = Text()


class SignPdf(Form, frozen=True, kw_only=True):
    pdf_file: File
    reason: str | None = None
    location: str | None = None
    contact: str | None = None
    field_name: str | None = None
    use_pades_lt: bool | None = None
    use_timestamp: bool | None = None


class SignPdfLater(SignPdf, frozen=True, kw_only=True):
    callback_url: str | None = None
    webhook_mode: str | None = None


class SignedPdf(Form, frozen=True, kw_only=True):
    pdf_file: File


class SignatureReport(Answer):
    """What FactPulse finds of signatures; its shape is not documented: see `raw`."""


class NewTrialCertificate(Ask, frozen=True, kw_only=True):
    cn: str | None = None
    organization: str | None = None
    country: str | None = None
    city: str | None = None
    state: str | None = None
    email: str | None = None
    validity_days: int | None = None
    key_size: int | None = None
    key_passphrase: Secret | None = None
    generate_p12: bool | None = None
    p12_passphrase: Secret | None = None


class TrialCertificate(Answer):
    """A certificate that signs itself, for trials only."""

    certificate_pem: Text = Text()
    private_key_pem: Secret | None = None
    pkcs12_base64: Secret | None = None
    info: dict[str, Any] | None = None
    warning: Text = Text()


def _not_parsed(said: Any) -> type[RemoteError] | None:
    return Refused if isinstance(said, dict) and said.get("error") else None


class InvoiceCalls(SignInCalls):
    """Generation, submission, validation, parsing, signature and tasks."""

    generate_invoice = Endpoint(
        "POST",
        "/api/v1/processing/generate-invoice",
        GenerateInvoice,
        Started,
        body="form",
        errors=ERRORS,
        about="Make an invoice of its data, in a task.",
    )
    submit_complete = Endpoint(
        "POST",
        "/api/v1/processing/invoices/submit-complete",
        SubmitComplete,
        SubmittedComplete,
        headers=("Organization-Id",),
        failed=unsuccessful,
        errors=ERRORS,
        about="Make, sign and submit an invoice.",
    )
    submit_complete_async = Endpoint(
        "POST",
        "/api/v1/processing/invoices/submit-complete-async",
        SubmitCompleteLater,
        Started,
        query=("callback_url", "webhook_mode"),
        headers=("Organization-Id",),
        errors=ERRORS,
        about="The same in a task.",
    )

    task = Endpoint(
        "GET",
        "/api/v1/processing/tasks/{taskId}/status",
        TaskOf,
        TaskStatus,
        failed=task_failed,
        errors=(401, 422),
        about="How far a task is.",
    )
    generation_task = Endpoint(
        "GET",
        "/api/v1/processing/tasks/{taskId}/generation-status",
        TaskOf,
        GenerationTask,
        failed=task_failed,
        errors=(401, 422),
        about="How far a generation is, and the invoice it made.",
    )
    signature_task = Endpoint(
        "GET",
        "/api/v1/processing/tasks/{taskId}/signature-status",
        TaskOf,
        SignatureTask,
        failed=task_failed,
        errors=(401, 422),
        about="How far a signature is, and the file that was signed.",
    )
    validation_task = Endpoint(
        "GET",
        "/api/v1/processing/tasks/{taskId}/validation-status",
        TaskOf,
        ValidationTask,
        failed=task_failed,
        errors=(401, 422),
        about="How far a validation is, and its report.",
    )
    finished_task = Polled(task, is_finished)
    finished_generation = Polled(generation_task, is_finished)
    finished_signature = Polled(signature_task, is_finished)
    finished_validation = Polled(validation_task, is_finished)

    validate_xml = Endpoint(
        "POST",
        "/api/v1/processing/validate-xml",
        XmlFile,
        XmlReport,
        body="form",
        repeatable=True,
        errors=ERRORS,
        about="Check an XML.",
    )
    validate_facturx_pdf = Endpoint(
        "POST",
        "/api/v1/processing/validate-facturx-pdf",
        PdfFile,
        PdfReport,
        body="form",
        repeatable=True,
        errors=ERRORS,
        about="Check a Factur-X file.",
    )
    validate_facturx_async = Endpoint(
        "POST",
        "/api/v1/processing/validate-facturx-async",
        PdfFileLater,
        Started,
        body="form",
        errors=ERRORS,
        about="Check a Factur-X file, in a task.",
    )
    parse_facturx = Endpoint(
        "POST",
        "/api/v1/processing/parse-facturx",
        AnyInvoice,
        Parsed,
        body="form",
        repeatable=True,
        failed=_not_parsed,
        errors=ERRORS,
        about="The data of an invoice, of whatever format it is.",
    )
    parse_facturx_async = Endpoint(
        "POST",
        "/api/v1/processing/parse-facturx/async",
        AnyInvoiceLater,
        Started,
        body="form",
        errors=(401, 422),
        about="The same in a task.",
    )

    sign_pdf = Endpoint(
        "POST",
        "/api/v1/processing/sign-pdf",
        SignPdf,
        bytes,
        body="form",
        errors=(400, 401, 404, 422, 503),
        about="Sign with the certificate of the client: the signed file.",
    )
    sign_pdf_async = Endpoint(
        "POST",
        "/api/v1/processing/sign-pdf-async",
        SignPdfLater,
        Started,
        body="form",
        errors=ERRORS,
        about="The same in a task.",
    )
    validate_pdf_signature = Endpoint(
        "POST",
        "/api/v1/processing/validate-pdf-signature",
        SignedPdf,
        SignatureReport,
        body="form",
        repeatable=True,
        errors=ERRORS,
        about="Check the signatures of a PDF.",
    )
    generate_test_certificate = Endpoint(
        "POST",
        "/api/v1/processing/generate-test-certificate",
        NewTrialCertificate,
        TrialCertificate,
        errors=(400, 401, 422, 500),
        about="Make a certificate for trials.",
    )
