"""XP Z12-013 through FactPulse, which hands the calls on to the platform of the client."""

import msgspec

from billingua.remote.afnor.directory import DirectoryCalls, following_page
from billingua.remote.afnor.flows import AllFlows, FlowCalls
from billingua.remote.afnor.sign_in import AccessToken, TokenRequest
from billingua.remote.exchange.messages import Answer, Ask, Text
from billingua.remote.exchange.operations import Endpoint, Paged, Polled
from billingua.remote.exchange.secrets import Secret
from billingua.remote.factpulse.sign_in import SignInCalls

__all__ = ["AfnorProxyCalls", "IncomingInvoice"]

_FLOW = "/api/v1/afnor/flow"
_DIRECTORY = "/api/v1/afnor/directory"


class IncomingInvoiceOf(Ask, frozen=True, kw_only=True):
    """`encryption_key`: that of the client, where its secrets are encrypted twice."""

    flow_id: str
    include_document: bool | None = msgspec.field(default=None, name="include_document")
    encryption_key: Secret | None = msgspec.field(default=None, name="X-Encryption-Key")


class IncomingSupplier(Answer):
    name: Text = Text()
    siren: Text = Text()
    siret: Text = Text()
    vat_number: Text = Text()
    tax_registration_id: Text = Text()
    email: Text = Text()
    phone: Text = Text()


class IncomingInvoice(Answer):
    """What FactPulse reads of an invoice that came in; amounts are texts. `document_base64`: the document itself."""

    flow_id: Text = Text()
    source_format: Text = Text()
    supplier_reference: Text = Text()
    document_type: Text = Text()
    supplier: IncomingSupplier | None = None
    billing_site_name: Text = Text()
    billing_site_siret: Text = Text()
    issue_date: Text = Text()
    due_date: Text = Text()
    currency: Text = Text()
    net_amount: Text = Text()
    vat_amount: Text = Text()
    gross_amount: Text = Text()
    purchase_order_number: Text = Text()
    contract_reference: Text = Text()
    invoice_subject: Text = Text()
    document_base64: Text = Text()
    document_content_type: Text = Text()
    document_filename: Text = Text()


class AfnorProxyCalls(SignInCalls):
    """The flow and directory services of the platform that is stored for the client."""

    submit_flow = FlowCalls.submit_flow.under(_FLOW)
    search_flows = FlowCalls.search_flows.under(_FLOW)
    all_flows = AllFlows(search_flows)
    flow = FlowCalls.flow.under(_FLOW)
    acknowledged = Polled(flow, FlowCalls.acknowledged.done)
    flow_file = FlowCalls.flow_file.under(_FLOW)
    webhooks = FlowCalls.webhooks.under(_FLOW)
    add_webhook = FlowCalls.add_webhook.under(_FLOW)
    remove_webhook = FlowCalls.remove_webhook.under(_FLOW)
    flow_health = FlowCalls.flow_health.under(_FLOW)

    search_legal_units = DirectoryCalls.search_legal_units.under(_DIRECTORY)
    search_facilities = DirectoryCalls.search_facilities.under(_DIRECTORY)
    search_routing_codes = DirectoryCalls.search_routing_codes.under(_DIRECTORY)
    search_directory_lines = DirectoryCalls.search_directory_lines.under(_DIRECTORY)
    all_legal_units = Paged(search_legal_units, lambda page: page.results, following_page)
    all_facilities = Paged(search_facilities, lambda page: page.results, following_page)
    all_routing_codes = Paged(search_routing_codes, lambda page: page.results, following_page)
    all_directory_lines = Paged(search_directory_lines, lambda page: page.results, following_page)
    legal_unit = DirectoryCalls.legal_unit.under(_DIRECTORY)
    facility = DirectoryCalls.facility.under(_DIRECTORY)
    routing_code = DirectoryCalls.routing_code.under(_DIRECTORY)
    directory_line = DirectoryCalls.directory_line.under(_DIRECTORY)
    directory_health = DirectoryCalls.directory_health.under(_DIRECTORY)

    incoming_invoice = Endpoint(
        "GET",
        "/api/v1/afnor/incoming-flows/{flowId}",
        IncomingInvoiceOf,
        IncomingInvoice,
        headers=("X-Encryption-Key",),
        errors=(400, 401, 404, 422, 503),
        about="An invoice that came in, as JSON whatever its format is.",
    )
    check_platform_credentials = Endpoint(
        "POST",
        "/api/v1/afnor/oauth/token",
        TokenRequest,
        AccessToken,
        body="urlencoded",
        repeatable=True,
        signed_in=False,
        errors=(401, 503),
        about="Whether a platform takes these credentials; it needs no sign-in.",
    )
