"""What Openapi is asked and what it answers; its JSON is in snake case, like the names here."""

import datetime as dt
from decimal import Decimal
from typing import Any

from billingua.remote.exchange.messages import Answer, Ask, Data, Text

__all__ = [
    "Address",
    "ApiConfiguration",
    "Attachment",
    "Callback",
    "Configuration",
    "Confirmation",
    "InvoiceAnswer",
    "InvoiceDetails",
    "InvoiceOf",
    "Invoices",
    "Line",
    "NewInvoice",
    "Party",
    "PaymentMeans",
    "ReceivedInvoice",
    "SentInvoice",
    "TaxSubtotal",
]


class Part(Data, frozen=True, kw_only=True, rename={}):
    """A part of a request."""


class Address(Part, frozen=True, kw_only=True):
    street_address: str | None = None
    zip_code: str | None = None
    city: str | None = None
    country: str | None = None


class Callback(Part, frozen=True, kw_only=True):
    url: str


class ApiConfiguration(Part, frozen=True, kw_only=True):
    """A callback for an `event`: customer-invoice (the status of what one sent) or supplier-invoice (what came in)."""

    event: str
    callback: Callback


class Configuration(Ask, frozen=True, kw_only=True, rename={}):
    """Whom invoices are sent and received for; `fiscal_id`, a SIREN or SIRET, is enough."""

    fiscal_id: str
    vat_id: str | None = None
    name: str | None = None
    email: str | None = None
    customer_invoice: bool | None = None
    supplier_invoice: bool | None = None
    address: Address | None = None
    api_configurations: tuple[ApiConfiguration, ...] = ()


class Party(Part, frozen=True, kw_only=True):
    """A sender or recipient; `fiscal_id` is the SIRET if it is known, otherwise the SIREN."""

    name: str | None = None
    email: str | None = None
    fiscal_id: str | None = None
    siren: str | None = None
    siret: str | None = None
    vat_id: str | None = None
    address: Address | None = None


class PaymentMeans(Part, frozen=True, kw_only=True):
    payment_mode: str | None = None
    financial_account: str | None = None
    amount: Decimal | None = None
    due_date: dt.date | None = None


class TaxSubtotal(Part, frozen=True, kw_only=True):
    taxable_amount: Decimal | None = None
    tax_amount: Decimal | None = None
    tax_category: str | None = None
    vat_rate: Decimal | None = None


class Line(Part, frozen=True, kw_only=True):
    description: str | None = None
    quantity: Decimal | None = None
    unit_of_measure: str | None = None
    unit_price: Decimal | None = None
    total_net_amount: Decimal | None = None
    tax_category: str | None = None
    nature: str | None = None
    tax_rate: Decimal | None = None


class Attachment(Part, frozen=True, kw_only=True):
    """A file that goes along: `document` are its bytes."""

    document_id: str | None = None
    description: str | None = None
    document: bytes | None = None
    mime_type: str | None = None
    filename: str | None = None


class NewInvoice(Ask, frozen=True, kw_only=True, rename={}):
    """An invoice to be sent. The sample of the service leaves out most totals, but shows all in its answers: give
    all; `amount_...` and `total_amount_...` are the same amounts twice."""

    document_number: str
    issue_date: dt.date | str
    type: str
    currency: str
    sender: Party | dict[str, Any]
    recipient: Party | dict[str, Any]
    payment_means: tuple[PaymentMeans | dict[str, Any], ...] = ()
    chorus_pro_service_code: str | None = None
    commitment_number: str | None = None
    amount_excluding_tax: Decimal | None = None
    total_amount_excluding_tax: Decimal | None = None
    tax_amount: Decimal | None = None
    total_tax_amount: Decimal | None = None
    amount_including_tax: Decimal | None = None
    total_amount_including_tax: Decimal | None = None
    tax_subtotals: tuple[TaxSubtotal | dict[str, Any], ...] = ()
    invoice_lines: tuple[Line | dict[str, Any], ...] = ()
    attachments: tuple[Attachment | dict[str, Any], ...] = ()


class InvoiceOf(Ask, frozen=True, kw_only=True, rename={}):
    """`refresh` has the service ask the network for the newest status first."""

    id: str
    refresh: bool | None = None


class InvoiceDetails(Data, frozen=True, kw_only=True, rename={}):
    """What the network said. `network`: fr-dgfip."""

    external_status: Text = Text()
    network: Text = Text()
    siren: Text = Text()
    siret: Text = Text()
    service_code: Text = Text()
    commitment_number: Text = Text()
    invoice_type: Text = Text()
    submission_date: Text = Text()


class ReceivedInvoice(Answer, rename={}):
    """An invoice as the service has it: its parts are JSON as it gives them.

    `state` is NEW, SENT, RECEIVED, DONE, ERROR or another word: the list is open, and the words are not explained.
    Whether it was sent or received is not said: compare the parties with your own number.
    """

    id: Text = Text()
    state: Text = Text()
    details: InvoiceDetails = InvoiceDetails()
    create_at: Text = Text()  # so spelt by the service
    document_number: Text = Text()
    issue_date: Text = Text()
    type: Text = Text()
    currency: Text = Text()
    sender: dict[str, Any] | None = None
    recipient: dict[str, Any] | None = None
    total_amount_excluding_tax: Decimal | None = None
    total_tax_amount: Decimal | None = None
    total_amount_including_tax: Decimal | None = None


class Confirmation(Answer, rename={}):
    """That something was taken; what `data` is then is not documented."""

    data: Any = None
    message: Text = Text()

    def _of_data(self, name: str) -> str:
        found = self.data.get(name) if isinstance(self.data, dict) else None
        return "" if found is None else str(found)

    @property
    def id(self) -> str:
        """The number to ask for it; "" where the service gave none."""
        return self._of_data("id")

    @property
    def state(self) -> str:
        """Its state; "" where the service gave none."""
        return self._of_data("state")


class SentInvoice(Confirmation):
    """That an invoice was taken: it has an `id`."""

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("its data have no id")


class InvoiceAnswer(Answer, rename={}):
    data: ReceivedInvoice
    message: Text = Text()


class Invoices(Answer, rename={}):
    """All invoices, sent and received: pages are not documented."""

    data: tuple[ReceivedInvoice, ...] = ()
    message: Text = Text()
