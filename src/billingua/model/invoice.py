"""The invoice itself: its head, references and parts (EN 16931-1, BG-1 to BG-25)."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from billingua.model.addresses import Period
from billingua.model.amounts import DocumentAllowance, DocumentCharge, Totals, VatBreakdown
from billingua.model.base import Group, Identifier, term
from billingua.model.explanation import Rounding
from billingua.model.extension import EXTENSION, InvoiceExtension, PrecedingInvoiceExtension
from billingua.model.json import decode, encode, schema
from billingua.model.lines import Line
from billingua.model.parties import Buyer, Delivery, Payee, Seller, TaxRepresentative
from billingua.model.payment import PaymentInstructions
from billingua.model.totals import with_totals

__all__ = ["Invoice", "Note", "PrecedingInvoice", "SupportingDocument", "json_schema"]


class Note(Group, frozen=True):
    """BG-1 Invoice note: a remark on the whole invoice."""

    text: Annotated[str | None, term("BT-22 Invoice note: the remark.")] = None
    subject_code: Annotated[str | None, term("BT-21 Invoice note subject code: what it is about, of UNCL 4451.")] = None


class PrecedingInvoice(Group, frozen=True):
    """BG-3 Preceding invoice reference: an earlier invoice this one corrects or settles."""

    number: Annotated[str | None, term("BT-25 Preceding invoice reference: its number.")] = None
    issue_date: Annotated[date | None, term("BT-26 Preceding invoice issue date: its date.")] = None
    extension: Annotated[PrecedingInvoiceExtension | None, EXTENSION] = None


class SupportingDocument(Group, frozen=True):
    """BG-24 Additional supporting documents: a document that proves a claim, attached or linked."""

    reference: Annotated[str | None, term("BT-122 Supporting document reference: its number or name.")] = None
    description: Annotated[str | None, term("BT-123 Supporting document description: what it is.")] = None
    external_location: Annotated[
        str | None, term("BT-124 External document location: the URL where it can be had.")
    ] = None
    content: Annotated[bytes | None, term("BT-125 Attached document: the bytes of the file.")] = None
    mime_code: Annotated[str | None, term("BT-125-1 Attached document Mime code: such as application/pdf.")] = None
    filename: Annotated[str | None, term("BT-125-2 Attached document Filename: the name of the file.")] = None


class Invoice(Group, frozen=True):
    """One invoice or credit note of EN 16931: an attribute for each business term.

    Amounts are in the currency BT-5; BT-111 alone is in the VAT accounting currency BT-6.
    """

    specification: Annotated[str | None, term("BT-24 Specification identifier: the rules the invoice follows.")] = None
    business_process: Annotated[
        str | None, term("BT-23 Business process type: the process the invoice belongs to.")
    ] = None
    number: Annotated[str | None, term("BT-1 Invoice number: unique for the Seller.")] = None
    issue_date: Annotated[date | None, term("BT-2 Invoice issue date: the day of issue.")] = None
    type_code: Annotated[
        str | None, term("BT-3 Invoice type code: of UNCL 1001; 380 is an invoice, 381 a credit note.")
    ] = None
    currency: Annotated[str | None, term("BT-5 Invoice currency code: three letters of ISO 4217.")] = None
    vat_currency: Annotated[
        str | None, term("BT-6 VAT accounting currency code: where VAT is reported in another currency.")
    ] = None
    tax_point_date: Annotated[date | None, term("BT-7 Value added tax point date: the day VAT becomes due.")] = None
    tax_point_date_code: Annotated[
        str | None, term("BT-8 Value added tax point date code: which event makes VAT due, of UNCL 2005.")
    ] = None
    due_date: Annotated[date | None, term("BT-9 Payment due date: the last day to pay.")] = None
    buyer_reference: Annotated[
        str | None, term("BT-10 Buyer reference: for routing at the Buyer, such as a Leitweg-ID.")
    ] = None
    project_reference: Annotated[str | None, term("BT-11 Project reference: the project.")] = None
    contract_reference: Annotated[str | None, term("BT-12 Contract reference: the contract.")] = None
    purchase_order_reference: Annotated[
        str | None, term("BT-13 Purchase order reference: the Buyer's order number.")
    ] = None
    sales_order_reference: Annotated[str | None, term("BT-14 Sales order reference: the Seller's order number.")] = None
    receiving_advice_reference: Annotated[
        str | None, term("BT-15 Receiving advice reference: the Buyer's receipt of the goods.")
    ] = None
    despatch_advice_reference: Annotated[
        str | None, term("BT-16 Despatch advice reference: the Seller's delivery note.")
    ] = None
    tender_or_lot_reference: Annotated[
        str | None, term("BT-17 Tender or lot reference: the call for tenders or its lot.")
    ] = None
    invoiced_object_identifier: Annotated[
        Identifier | None,
        term("BT-18 Invoiced object identifier: what is invoiced, such as a meter; the scheme is BT-18-1."),
    ] = None
    buyer_accounting_reference: Annotated[
        str | None, term("BT-19 Buyer accounting reference: where the Buyer books the invoice.")
    ] = None
    payment_terms: Annotated[str | None, term("BT-20 Payment terms: in words, such as a cash discount.")] = None
    notes: Annotated[tuple[Note, ...], term("BG-1 Invoice note: remarks.")] = ()
    preceding_invoices: Annotated[
        tuple[PrecedingInvoice, ...], term("BG-3 Preceding invoice reference: earlier invoices.")
    ] = ()
    seller: Annotated[Seller | None, term("BG-4 Seller: who claims the payment.")] = None
    buyer: Annotated[Buyer | None, term("BG-7 Buyer: who owes the payment.")] = None
    payee: Annotated[Payee | None, term("BG-10 Payee: who is paid instead of the Seller.")] = None
    tax_representative: Annotated[
        TaxRepresentative | None, term("BG-11 Seller tax representative party: who answers for the VAT.")
    ] = None
    delivery: Annotated[Delivery | None, term("BG-13 Delivery information: to whom, where and when.")] = None
    invoicing_period: Annotated[Period | None, term("BG-14 Invoicing period: the days the invoice covers.")] = None
    payment: Annotated[PaymentInstructions | None, term("BG-16 Payment instructions: how to pay.")] = None
    allowances: Annotated[
        tuple[DocumentAllowance, ...], term("BG-20 Document level allowances: reductions of the whole.")
    ] = ()
    charges: Annotated[tuple[DocumentCharge, ...], term("BG-21 Document level charges: additions to the whole.")] = ()
    totals: Annotated[Totals | None, term("BG-22 Document totals: computed by with_totals().")] = None
    vat_breakdown: Annotated[tuple[VatBreakdown, ...], term("BG-23 VAT breakdown: computed by with_totals().")] = ()
    supporting_documents: Annotated[
        tuple[SupportingDocument, ...], term("BG-24 Additional supporting documents: attached or linked.")
    ] = ()
    lines: Annotated[tuple[Line, ...], term("BG-25 Invoice line: the positions.")] = ()
    extension: Annotated[InvoiceExtension | None, EXTENSION] = None

    def with_totals(
        self,
        *,
        rounding: Rounding = "category",
        paid_amount: Decimal | None = None,
        rounding_amount: Decimal | None = None,
        vat_exchange_rate: Decimal | None = None,
    ) -> "Invoice":
        """A copy with the totals (BG-22) and the VAT breakdown (BG-23) computed.

        Missing net amounts of lines (BT-131) come from quantity and price, missing amounts of allowances and
        charges from base and percentage; amounts that are given stay. The paid amount (BT-113) and the
        rounding amount (BT-114) are kept unless given here. `rounding` says where VAT is rounded: once per
        category and rate, or per "line". `vat_exchange_rate` converts the total VAT to the accounting
        currency (BT-6).

        In EXTENDED-CTC-FR only lines without a subtype and DETAIL lines count; a GROUP line without a net amount gets
        the sum of the GROUP and DETAIL lines right below it. Lines, allowances and charges with an exemption reason of
        their own have a VAT breakdown of their own.

        Exemption reasons are taken from the present VAT breakdown; the categories AE, K, G and O fall back on
        the one reason code they can have. Raises InvalidModel where a value that is needed is missing.
        """
        return with_totals(
            self,
            rounding=rounding,
            paid_amount=paid_amount,
            rounding_amount=rounding_amount,
            vat_exchange_rate=vat_exchange_rate,
        )

    @classmethod
    def from_json(cls, data: bytes | str) -> Self:
        """The invoice that a JSON text describes; see `json_schema`.

        Numbers may be JSON numbers or strings and keep their decimals either way. Raises UnreadableInput
        where the text is not JSON, InvalidModel with path and term where it is no invoice.
        """
        return decode(data, cls)

    def to_json(self, indent: int = 0) -> bytes:
        """The invoice as JSON in UTF-8: numbers as strings, attributes without a value left out."""
        return encode(self, indent)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of an invoice; each description begins with its business terms."""
    return schema(Invoice)
