"""FactPulse: life-cycle messages (CDAR, Flux 6)."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec

from billingua.remote.exchange.messages import Answer, Ask, Data, File, Key, Text
from billingua.remote.exchange.operations import Endpoint
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.common import Form, PlatformAsk
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = [
    "CdarCalls",
    "CdarCheck",
    "CdarComplaint",
    "CdarRecipient",
    "CdarTaken",
    "CodeList",
    "GeneratedCdar",
    "InvoiceLifecycle",
    "LifecycleEvent",
    "Lifecycles",
    "ListedCode",
]

_ERRORS = (400, 401, 422, 500)
_ORGANIZATION = ("Organization-Id",)


class CdarRecipient(Data, frozen=True, kw_only=True):
    """`role`: BY where it is left out."""

    siren: str | None = None
    siret: str | None = None
    name: str | None = None
    role: str | None = None
    email: str | None = None


class NewCdar(Ask, frozen=True, kw_only=True):
    """A message of one status. The service has defaults: REGULATED, type code 23, sender role WK, invoice type 380.

    It takes one amount and one VAT rate: for an invoice of several rates make the message with billingua and use
    `submit_cdar_xml`. Where an amount is given, give its rate; the service would take 20.
    """

    document_id: str
    sender_siren: str
    invoice_id: str
    invoice_issue_date: dt.date
    status: str
    business_process: str | None = None
    type_code: str | None = None
    sender_role: str | None = None
    sender_name: str | None = None
    sender_email: str | None = None
    recipients: tuple[CdarRecipient, ...] = ()
    invoice_type_code: str | None = None
    invoice_seller_siren: str | None = None
    invoice_buyer_siren: str | None = None
    reason_code: str | None = None
    reason_text: str | None = None
    action_code: str | None = None
    encaisse_amount: Decimal | None = None
    encaisse_vat_rate: Decimal | None = None


class SubmitCdar(NewCdar, frozen=True, kw_only=True):
    """`flow_type`: CustomerInvoiceLC for an invoice that was issued here, whichever way the message goes (XP Z12-013);
    SupplierInvoiceLC for one that was received."""

    flow_type: str | None = None
    pdp_flow_service_url: str | None = None
    pdp_token_url: str | None = None
    pdp_client_id: str | None = None
    pdp_client_secret: Secret | None = None
    organization_id: str | None = msgspec.field(default=None, name="Organization-Id")


class SubmitCdarXml(PlatformAsk, frozen=True, kw_only=True):
    """`xml`: the message as text."""

    xml: str
    flow_type: str | None = None
    filename: str | None = None


class Cashed(PlatformAsk, frozen=True, kw_only=True):
    """Status 212. `vat_rate` has no default here: that of the service is 20."""

    invoice_id: str
    invoice_issue_date: dt.date
    invoice_buyer_siren: str
    invoice_buyer_electronic_address: str
    amount: Decimal
    vat_rate: Decimal
    currency: str | None = None
    sender_siren: str | None = None
    flow_type: str | None = None


class RefusedInvoice(PlatformAsk, frozen=True, kw_only=True):
    """Status 210."""

    invoice_id: str
    invoice_issue_date: dt.date
    invoice_seller_siren: str
    invoice_seller_electronic_address: str
    reason_code: str
    reason_text: str | None = None
    sender_siren: str | None = None
    flow_type: str | None = None


class CheckCdar(Ask, frozen=True, kw_only=True):
    document_id: str | None = None
    sender_siren: str | None = None
    sender_role: str | None = None
    invoice_id: str | None = None
    invoice_issue_date: dt.date | None = None
    status: str | None = None
    reason_code: str | None = None
    encaisse_amount: Decimal | None = None


class CdarFile(Form, frozen=True, kw_only=True):
    xml_file: File


class LifecycleOf(Ask, frozen=True, kw_only=True):
    """The last `days` (7). The credentials of a platform, which this call takes too, would stand in the URL and so in
    logs on the way: they are taken from what is stored for the client."""

    days: int | None = None
    invoice_id: str | None = None
    flow_direction: str | None = None
    organization_id: str | None = msgspec.field(default=None, name="Organization-Id")


class GeneratedCdar(Answer):
    document_id: Text = Text()
    xml: Text = Text()
    xml_size: int | None = None
    sha256: Text = Text()
    message: Text = Text()


class CdarTaken(Answer):
    flow_id: Key
    document_id: Text = Text()
    status: Text = Text()
    invoice_id: Text = Text()
    message: Text = Text()


class CdarComplaint(Data, frozen=True, kw_only=True):
    field: Text = Text()
    message: Text = Text()
    rule: Text = Text()
    severity: Text = Text()


class CdarCheck(Answer):
    valid: bool | None = None
    errors: tuple[CdarComplaint, ...] = ()
    warnings: tuple[CdarComplaint, ...] = ()


class XmlCheck(Answer):
    """What is found in an XML; its shape is not documented: see `raw`."""

    valid: bool | None = None
    errors: tuple[Any, ...] = ()
    warnings: tuple[Any, ...] = ()


class LifecycleEvent(Data, frozen=True, kw_only=True):
    """`at`: when the platform had it."""

    flow_id: Text = Text()
    status_code: Text = Text()
    status_description: Text = Text()
    ack_status: Text = Text()
    flow_direction: Text = Text()
    at: Text = Text()
    document_id: Text = Text()
    amount: Decimal | None = None
    currency: Text = Text()
    issuer_siren: Text = Text()
    issuer_role: Text = Text()
    reason_code: Text = Text()


class InvoiceLifecycle(Data, frozen=True, kw_only=True):
    invoice_id: Text = Text()
    seller_id: Text = Text()
    events: tuple[LifecycleEvent, ...] = ()
    total_events: int | None = None


class Lifecycles(Answer):
    invoices: tuple[InvoiceLifecycle, ...] = ()
    total_invoices: int | None = None
    cutoff_days: int | None = None


class ListedCode(Data, frozen=True, kw_only=True):
    code: Text = Text()
    name: Text = Text()
    description: Text = Text()
    category: Text = Text()


class CodeList(Answer):
    codes: tuple[ListedCode, ...] = ()
    count: int | None = None
    source: Text = Text()


class CdarCalls(SignInCalls):
    """Life-cycle messages. Every status may be sent, not only the 210 and 212 that have calls of their own."""

    generate_cdar = Endpoint(
        "POST",
        "/api/v1/cdar/generate",
        NewCdar,
        GeneratedCdar,
        repeatable=True,
        errors=_ERRORS,
        about="Make a life-cycle message, without sending it.",
    )
    submit_cdar = Endpoint(
        "POST",
        "/api/v1/cdar/submit",
        SubmitCdar,
        CdarTaken,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="Make a life-cycle message and send it.",
    )
    submit_cdar_xml = Endpoint(
        "POST",
        "/api/v1/cdar/submit-xml",
        SubmitCdarXml,
        CdarTaken,
        headers=_ORGANIZATION,
        limits={"xml": "fr-cdar"},
        errors=_ERRORS,
        about="Send a life-cycle message that was made elsewhere.",
    )
    cdar_cashed = Endpoint(
        "POST",
        "/api/v1/cdar/encaissee",
        Cashed,
        CdarTaken,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="Say that an amount was cashed (212), at one VAT rate.",
    )
    cdar_refused = Endpoint(
        "POST",
        "/api/v1/cdar/refusee",
        RefusedInvoice,
        CdarTaken,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="Refuse an invoice (210).",
    )
    validate_cdar = Endpoint(
        "POST",
        "/api/v1/cdar/validate",
        CheckCdar,
        CdarCheck,
        repeatable=True,
        errors=_ERRORS,
        about="Check the data of a life-cycle message.",
    )
    validate_cdar_xml = Endpoint(
        "POST",
        "/api/v1/cdar/validate-xml",
        CdarFile,
        XmlCheck,
        body="form",
        repeatable=True,
        limits={"xml_file": "fr-cdar"},
        errors=_ERRORS,
        about="Check a life-cycle message.",
    )
    lifecycle = Endpoint(
        "GET",
        "/api/v1/cdar/lifecycle",
        LifecycleOf,
        Lifecycles,
        headers=_ORGANIZATION,
        errors=_ERRORS,
        about="What became of invoices in the last days.",
    )
    cdar_status_codes = Endpoint(
        "GET", "/api/v1/cdar/status-codes", Ask, CodeList, errors=(400, 422, 500), about="The codes of statuses."
    )
    cdar_reason_codes = Endpoint(
        "GET", "/api/v1/cdar/reason-codes", Ask, CodeList, errors=(400, 422, 500), about="The codes of reasons."
    )
    cdar_action_codes = Endpoint(
        "GET",
        "/api/v1/cdar/action-codes",
        Ask,
        CodeList,
        errors=(400, 422, 500),
        about="The codes of what the other side is asked to do.",
    )
