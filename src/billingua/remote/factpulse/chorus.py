"""Chorus Pro through FactPulse: invoices to public bodies.

In order: the structure by its SIRET, what it wants (`chorus_structure`: service code, commitment number), the file
(`chorus_add_file`), the invoice (`chorus_submit`), its state (`chorus_invoice`). An answer whose return code is not 0
raises `Refused`. Calls that FactPulse hands on as they are speak French on the wire.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from billingua.errors import NotThere, Refused, RemoteError
from billingua.remote.exchange.messages import Answer, Ask, Data, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "ChorusAnswer",
    "ChorusAttachment",
    "ChorusCalls",
    "ChorusFile",
    "ChorusFiles",
    "ChorusInvoice",
    "ChorusProCredentials",
    "ChorusServices",
    "ChorusStructure",
    "ChorusStructureId",
    "ChorusStructures",
    "ChorusSubmitted",
]

_ERRORS = (401, 422)


class ChorusProCredentials(
    Data,
    frozen=True,
    kw_only=True,
    rename={
        "piste_client_id": "pisteClientId",
        "piste_client_secret": "pisteClientSecret",
        "chorus_login": "chorusProLogin",
        "chorus_password": "chorusProPassword",
        "sandbox_mode": "sandbox",
    },
):
    """Those of `ChorusCredentials`, which these calls name otherwise. `sandbox_mode` has no default here: that of the
    service is True, and a real invoice would go nowhere."""

    piste_client_id: str
    piste_client_secret: Secret
    chorus_login: str
    chorus_password: Secret
    sandbox_mode: bool


class ChorusAsk(Ask, frozen=True, kw_only=True):
    """Every call: without credentials the stored ones of the client are used."""

    credentials: ChorusProCredentials | None = None


class FindStructures(ChorusAsk, frozen=True, kw_only=True):
    structure_identifier: str | None = None
    structure_identifier_type: str | None = None
    company_name: str | None = None
    restrict_private_structures: bool | None = None


class StructureIdOf(ChorusAsk, frozen=True, kw_only=True):
    """`identifier_type`: SIRET."""

    siret: str
    identifier_type: str | None = None


class StructureOf(ChorusAsk, frozen=True, kw_only=True):
    structure_id: int
    language_code: str | None = None


class ServicesOf(Ask, frozen=True, kw_only=True):
    structure_id: int


class AddFile(ChorusAsk, frozen=True, kw_only=True):
    """`name`: at most 50 characters with its ending; `extension`: such as PDF, from a closed list."""

    content: bytes = msgspec.field(name="pieceJointeFichier")
    name: str = msgspec.field(name="pieceJointeNom")
    media_type: str = msgspec.field(name="pieceJointeTypeMime")
    extension: str = msgspec.field(name="pieceJointeExtension")


class SubmitInvoice(ChorusAsk, frozen=True, kw_only=True):
    """`structure_id`: the buyer; the PDF is `main_attachment_id`."""

    invoice_number: str
    invoice_date: dt.date
    structure_id: int
    total_net_amount: Decimal
    vat_amount: Decimal
    total_gross_amount: Decimal
    payment_due_date: dt.date | None = None
    service_code: str | None = None
    engagement_number: str | None = None
    main_attachment_id: int | None = None
    main_attachment_label: str | None = None
    comment: str | None = None
    purchase_order_reference: str | None = None
    contract_reference: str | None = None


class InvoiceOf(ChorusAsk, frozen=True, kw_only=True):
    chorus_invoice_id: int


class ChorusAttachment(Data, frozen=True, kw_only=True):
    """A file that was added before."""

    attachment_id: int = msgspec.field(name="pieceJointeIdFichier")
    name: str = msgspec.field(name="pieceJointeNom")


class CompleteInvoice(ChorusAsk, frozen=True, kw_only=True):
    chorus_invoice_id: int = msgspec.field(name="identifiantFactureCPP")
    comment: str | None = msgspec.field(default=None, name="commentaire")
    attachments: tuple[ChorusAttachment, ...] = msgspec.field(default=(), name="listePiecesJointes")


class RecycleInvoice(ChorusAsk, frozen=True, kw_only=True):
    chorus_invoice_id: int = msgspec.field(name="identifiantFactureCPP")
    structure_id: int | None = msgspec.field(default=None, name="idStructureCPP")
    service_code: str | None = msgspec.field(default=None, name="codeService")
    engagement_number: str | None = msgspec.field(default=None, name="numeroEngagement")


class OtherFields(ChorusAsk, frozen=True, kw_only=True):
    """`fields` by the names of Chorus Pro, which FactPulse does not list."""

    fields: dict[str, Any] | None = msgspec.field(default=None, name="*")


class DownloadInvoices(ChorusAsk, frozen=True, kw_only=True):
    """At most 120 MB in all. `file_format`: PDF, XML or ZIP."""

    chorus_invoice_ids: tuple[int, ...] = msgspec.field(name="listeIdentifiantsFactureCPP")
    with_attachments: bool | None = msgspec.field(default=None, name="inclurePiecesJointes")
    file_format: str | None = msgspec.field(default=None, name="formatFichier")


class ProcessInvoice(ChorusAsk, frozen=True, kw_only=True):
    """`status`: such as SUSPENDUE or REJETEE, which need a reason."""

    chorus_invoice_id: int = msgspec.field(name="identifiantFactureCPP")
    status: str = msgspec.field(name="nouveauStatut")
    reason: str | None = msgspec.field(default=None, name="motifRejet")
    comment: str | None = msgspec.field(default=None, name="commentaire")


class ValidatorInvoiceOf(ChorusAsk, frozen=True, kw_only=True):
    chorus_invoice_id: int = msgspec.field(name="idFacture")


class ChorusAnswer(Answer):
    """What Chorus Pro answers: the rest, which FactPulse does not describe, is in `raw`."""

    return_code: int | None = None
    message: Text = Text()


class FoundStructure(Data, frozen=True, kw_only=True):
    structure_id: int | None = None
    structure_identifier: Text = Text()
    structure_identifier_type: Text = Text()
    structure_name: Text = Text()
    status: Text = Text()


class ChorusStructures(ChorusAnswer):
    structures: tuple[FoundStructure, ...] = ()
    total: int | None = None


class ChorusStructureId(Answer):
    structure_id: int
    structure_identifier: Text = Text()
    structure_name: Text = Text()
    message: Text = Text()


class StructureParameters(Data, frozen=True, kw_only=True):
    """What must stand in an invoice: `engagement_or_service_management` wants one of the two."""

    service_code_required: bool | None = None
    engagement_number_required: bool | None = None
    engagement_or_service_management: bool | None = None


class ChorusStructure(ChorusAnswer):
    structure_id: int | None = None
    structure_identifier: Text = Text()
    structure_label: Text = Text()
    company_name: Text = Text()
    vat_number: Text = Text()
    structure_email: Text = Text()
    parameters: StructureParameters = StructureParameters()


class StructureService(Data, frozen=True, kw_only=True):
    service_id: int | None = None
    service_code: Text = Text()
    service_label: Text = Text()
    is_active: bool | None = None


class ChorusServices(ChorusAnswer):
    services: tuple[StructureService, ...] = ()
    total: int | None = None


class ChorusFile(ChorusAnswer, kw_only=True):
    """`attachment_id`: what to submit or complete an invoice with."""

    attachment_id: int = msgspec.field(name="pieceJointeIdFichier")


class ChorusSubmitted(ChorusAnswer, kw_only=True):
    chorus_invoice_id: int
    deposit_flow_number: Text = Text()


class ChorusStatus(Data, frozen=True, kw_only=True):
    """`code`: such as SOUMISE, VALIDEE, REJETEE, SUSPENDUE, MANDATEE."""

    code: Text = Text()
    label: Text = Text()
    date: Text = Text()


class ChorusInvoice(ChorusAnswer):
    chorus_invoice_id: int | None = None
    invoice_number: Text = Text()
    invoice_date: Text = Text()
    total_gross_amount: Text = Text()
    current_status: ChorusStatus | None = None
    recipient_structure_id: int | None = None
    recipient_structure_name: Text = Text()


class ChorusFiles(ChorusAnswer):
    """`content`: the bytes of the file."""

    content: bytes = msgspec.field(default=b"", name="fichierBase64")


def _refused(said: Any) -> type[RemoteError] | None:
    code = said.get("returnCode") if isinstance(said, dict) else None
    return Refused if code is not None and str(code) != "0" else None


def _no_structure(said: Any) -> type[RemoteError] | None:
    """0 stands for none, and for several."""
    return NotThere if isinstance(said, dict) and str(said.get("structureId")) == "0" else _refused(said)


class ChorusCalls(SignInCalls):
    """Chorus Pro."""

    chorus_structures = Endpoint(
        "POST",
        "/api/v1/chorus-pro/structures/rechercher",
        FindStructures,
        ChorusStructures,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="Firms and public bodies on Chorus Pro.",
    )
    chorus_structure_id = Endpoint(
        "POST",
        "/api/v1/chorus-pro/structures/obtenir-id-depuis-siret",
        StructureIdOf,
        ChorusStructureId,
        repeatable=True,
        failed=_no_structure,
        errors=_ERRORS,
        about="The number of a structure by its SIRET.",
    )
    chorus_structure = Endpoint(
        "POST",
        "/api/v1/chorus-pro/structures/consulter",
        StructureOf,
        ChorusStructure,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="What a public body wants to stand in an invoice.",
    )
    chorus_services = Endpoint(
        "GET",
        "/api/v1/chorus-pro/structures/{structureId}/services",
        ServicesOf,
        ChorusServices,
        failed=_refused,
        errors=_ERRORS,
        about="The services of a public body.",
    )
    chorus_add_file = Endpoint(
        "POST",
        "/api/v1/chorus-pro/transverses/ajouter-fichier",
        AddFile,
        ChorusFile,
        limits={"content": "chorus-file"},
        failed=_refused,
        errors=_ERRORS,
        about="Add a file to the account, to go with an invoice.",
    )
    chorus_submit = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/soumettre",
        SubmitInvoice,
        ChorusSubmitted,
        failed=_refused,
        errors=_ERRORS,
        about="Submit an invoice.",
    )
    chorus_invoice = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/consulter",
        InvoiceOf,
        ChorusInvoice,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="The state of an invoice.",
    )
    chorus_complete = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/completer",
        CompleteInvoice,
        ChorusAnswer,
        failed=_refused,
        errors=_ERRORS,
        about="Add what a suspended invoice lacks.",
    )
    chorus_recycle = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/recycler",
        RecycleInvoice,
        ChorusAnswer,
        failed=_refused,
        errors=_ERRORS,
        about="Send a rejected invoice elsewhere.",
    )
    chorus_sent_invoices = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/rechercher-fournisseur",
        OtherFields,
        ChorusAnswer,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="Invoices that were sent.",
    )
    chorus_received_invoices = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/rechercher-destinataire",
        OtherFields,
        ChorusAnswer,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="Invoices that were received.",
    )
    chorus_download = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/telecharger-groupe",
        DownloadInvoices,
        ChorusFiles,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="Invoices with their files, as one file.",
    )
    chorus_process = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/traiter-facture-recue",
        ProcessInvoice,
        ChorusAnswer,
        failed=_refused,
        errors=_ERRORS,
        about="Give a received invoice another status.",
    )
    chorus_validator_invoices = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/valideur/rechercher",
        OtherFields,
        ChorusAnswer,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="The invoices that wait to be validated.",
    )
    chorus_validator_invoice = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/valideur/consulter",
        ValidatorInvoiceOf,
        ChorusAnswer,
        repeatable=True,
        failed=_refused,
        errors=_ERRORS,
        about="An invoice, for whoever validates it.",
    )
    chorus_validator_process = Endpoint(
        "POST",
        "/api/v1/chorus-pro/factures/valideur/traiter",
        OtherFields,
        ChorusAnswer,
        failed=_refused,
        errors=_ERRORS,
        about="Validate or reject; what it takes is not described.",
    )
