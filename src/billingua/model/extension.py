"""What EXTENDED-CTC-FR, the French extension of the standard, adds to its groups; Factur-X EXTENDED has the same.

Every group that the extension adds to has one attribute `extension`; the standard's own attributes never change their
meaning. Only documents whose specification identifier (BT-24) names one of the two profiles carry these terms
(`billingua.formats.extension`). Ids are those of XP Z12-012, or of Factur-X (BT-X) where that has none.
"""

from datetime import date as day
from decimal import Decimal
from typing import Annotated, Final

from billingua.model.addresses import Address, Contact
from billingua.model.base import Group, Identifier, term

__all__ = [
    "EXTENSION",
    "BuyerExtension",
    "DeliveryTerms",
    "DocumentAllowanceExtension",
    "DocumentChargeExtension",
    "InvoiceExtension",
    "InvolvedParty",
    "ItemAttributeExtension",
    "LineChargeExtension",
    "LineDelivery",
    "LineExtension",
    "LineNote",
    "LinePrecedingInvoice",
    "LineSeller",
    "LineVatExtension",
    "LogisticsCharge",
    "PayeeExtension",
    "PrecedingInvoiceExtension",
    "PriceExtension",
    "VatExchange",
]


EXTENSION: Final = term("Extension: what EXTENDED-CTC-FR and Factur-X EXTENDED add to the group.")
"""The documentation of every attribute `extension`."""


class LineNote(Group, frozen=True):
    """One more remark on a line: the standard has one."""

    text: Annotated[str | None, term("BT-127 Invoice line note: the remark.")] = None
    subject_code: Annotated[str | None, term("EXT-FR-FE-183 Line note subject code: of UNCL 4451.")] = None


class LineSeller(Group, frozen=True):
    """EXT-FR-FE-BG-12 Line seller: whose sub-invoice the line belongs to, where an invoice is of several sellers."""

    name: Annotated[str | None, term("EXT-FR-FE-164 Line seller name: the full legal name.")] = None
    identifiers: Annotated[
        tuple[Identifier, ...], term("EXT-FR-FE-165 Line seller identifier: the scheme is EXT-FR-FE-166.")
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        term("EXT-FR-FE-167 Line seller legal registration identifier: the SIREN; the scheme is EXT-FR-FE-168."),
    ] = None
    vat_identifier: Annotated[
        str | None, term("EXT-FR-FE-169 Line seller VAT identifier: VAT number with its country prefix.")
    ] = None
    address: Annotated[Address | None, term("EXT-FR-FE-170 Line seller postal address: where the seller is.")] = None


class LinePrecedingInvoice(Group, frozen=True):
    """EXT-FR-FE-BG-06 Line preceding invoice: an earlier invoice that the line corrects or settles."""

    number: Annotated[str | None, term("EXT-FR-FE-136 Line preceding invoice reference: its number.")] = None
    type_code: Annotated[str | None, term("EXT-FR-FE-137 Line preceding invoice type code: of UNCL 1001.")] = None
    issue_date: Annotated[day | None, term("EXT-FR-FE-138 Line preceding invoice issue date: its date.")] = None
    line_reference: Annotated[str | None, term("EXT-FR-FE-139 Line preceding invoice line: the line of it.")] = None


class LineDelivery(Group, frozen=True):
    """EXT-FR-FE-BG-10 Line delivery: to whom, where and when the line was delivered."""

    party_name: Annotated[str | None, term("EXT-FR-FE-149 Line deliver to party name: who received it.")] = None
    location_identifier: Annotated[
        Identifier | None,
        term("EXT-FR-FE-146 Line deliver to location identifier: a number of the place; the scheme is EXT-FR-FE-148."),
    ] = None
    actual_date: Annotated[day | None, term("EXT-FR-FE-158 Line actual delivery date: the day.")] = None
    address: Annotated[Address | None, term("EXT-FR-FE-150 Line deliver to postal address: where it went.")] = None


class InvolvedParty(Group, frozen=True):
    """A party beside Seller, Buyer and Payee: an agent of one of them, the payer, the invoicee or the invoicer."""

    name: Annotated[
        str | None,
        term("EXT-FR-FE-03 EXT-FR-FE-43 EXT-FR-FE-66 EXT-FR-FE-89 EXT-FR-FE-112 Name: the full legal name."),
    ] = None
    role_code: Annotated[
        str | None,
        term(
            "EXT-FR-FE-04 EXT-FR-FE-44 EXT-FR-FE-67 EXT-FR-FE-90 EXT-FR-FE-113 Role code: of UNCL 3035; AB for the "
            "agent of the Buyer, SR for that of the Seller, PR for the payer, IV for the invoicee, II for the invoicer."
        ),
    ] = None
    trading_name: Annotated[
        str | None,
        term("EXT-FR-FE-05 EXT-FR-FE-45 EXT-FR-FE-68 EXT-FR-FE-91 EXT-FR-FE-114 Trading name: the name in business."),
    ] = None
    identifiers: Annotated[
        tuple[Identifier, ...],
        term("EXT-FR-FE-06 EXT-FR-FE-46 EXT-FR-FE-69 EXT-FR-FE-92 EXT-FR-FE-115 Identifier: such as a SIRET."),
    ] = ()
    legal_registration_identifier: Annotated[
        Identifier | None,
        term(
            "EXT-FR-FE-08 EXT-FR-FE-48 EXT-FR-FE-71 EXT-FR-FE-94 EXT-FR-FE-117 Legal registration identifier: "
            "number in a register, such as a SIREN."
        ),
    ] = None
    vat_identifier: Annotated[
        str | None,
        term(
            "EXT-FR-FE-10 EXT-FR-FE-50 EXT-FR-FE-73 EXT-FR-FE-96 EXT-FR-FE-119 VAT identifier: VAT number with its "
            "country prefix."
        ),
    ] = None
    electronic_address: Annotated[
        Identifier | None,
        term("EXT-FR-FE-12 EXT-FR-FE-52 EXT-FR-FE-75 EXT-FR-FE-98 EXT-FR-FE-121 Electronic address: in a network."),
    ] = None
    address: Annotated[
        Address | None,
        term("EXT-FR-FE-14 EXT-FR-FE-54 EXT-FR-FE-77 EXT-FR-FE-100 EXT-FR-FE-123 Postal address: where the party is."),
    ] = None
    contact: Annotated[
        Contact | None,
        term("EXT-FR-FE-22 EXT-FR-FE-62 EXT-FR-FE-85 EXT-FR-FE-108 EXT-FR-FE-131 Contact: whom to ask."),
    ] = None


class BuyerExtension(Group, frozen=True):
    """What the extension adds to BG-7."""

    further_identifiers: Annotated[
        tuple[Identifier, ...], term("BT-46 Buyer identifier: those after the first, each of another scheme.")
    ] = ()


class PayeeExtension(Group, frozen=True):
    """What the extension adds to BG-10."""

    role_code: Annotated[
        str | None, term("EXT-FR-FE-26 Payee role code: of UNCL 3035; PE for a payee, DL for a factor.")
    ] = None
    further_identifiers: Annotated[tuple[Identifier, ...], term("BT-60 Payee identifier: those after the first.")] = ()
    vat_identifier: Annotated[
        str | None, term("EXT-FR-FE-27 Payee VAT identifier: VAT number with its country prefix.")
    ] = None
    electronic_address: Annotated[
        Identifier | None, term("EXT-FR-FE-29 Payee electronic address: in a network; the scheme is EXT-FR-FE-30.")
    ] = None
    address: Annotated[Address | None, term("EXT-FR-FE-31 Payee postal address: where the payee is.")] = None
    contact: Annotated[Contact | None, term("EXT-FR-FE-39 Payee contact: whom to ask.")] = None


class PrecedingInvoiceExtension(Group, frozen=True):
    """What the extension adds to BG-3."""

    type_code: Annotated[str | None, term("EXT-FR-FE-02 Preceding invoice type code: of UNCL 1001.")] = None


class DocumentAllowanceExtension(Group, frozen=True):
    """What the extension adds to BG-20."""

    exemption_reason: Annotated[
        str | None,
        term("BT-173 Document level allowance VAT exemption reason text: that of the VAT breakdown it belongs to."),
    ] = None
    exemption_reason_code: Annotated[
        str | None, term("BT-174 Document level allowance VAT exemption reason code: of the VATEX list.")
    ] = None


class DocumentChargeExtension(Group, frozen=True):
    """What the extension adds to BG-21."""

    exemption_reason: Annotated[
        str | None,
        term("BT-175 Document level charge VAT exemption reason text: that of the VAT breakdown it belongs to."),
    ] = None
    exemption_reason_code: Annotated[
        str | None, term("BT-176 Document level charge VAT exemption reason code: of the VATEX list.")
    ] = None
    tax_code: Annotated[
        str | None, term("BT-177 Document level tax code: a tax other than VAT, of UNCL 5153, instead of BT-105.")
    ] = None


class LogisticsCharge(Group, frozen=True):
    """BG-X-42 Logistics charge: a charge for transport or packing, which counts like one of BG-21; CII alone has it."""

    description: Annotated[str | None, term("BT-X-271 Logistics charge description: what it is for.")] = None
    amount: Annotated[Decimal | None, term("BT-X-272 Logistics charge amount: without VAT.")] = None
    vat_category_code: Annotated[
        str | None, term("BT-X-273 Logistics charge VAT category code: of UNCL 5305, such as S.")
    ] = None
    vat_rate: Annotated[Decimal | None, term("BT-X-274 Logistics charge VAT rate: 19 for nineteen per cent.")] = None
    exemption_reason: Annotated[
        str | None, term("BT-X-591 Logistics charge VAT exemption reason text: that of its VAT breakdown.")
    ] = None
    exemption_reason_code: Annotated[
        str | None, term("BT-X-592 Logistics charge VAT exemption reason code: of the VATEX list.")
    ] = None


class VatExchange(Group, frozen=True):
    """BG-X-41 VAT exchange rate: how BT-110 becomes BT-111."""

    source_currency: Annotated[str | None, term("BT-X-258 VAT exchange rate source currency: that of the invoice.")] = (
        None
    )
    target_currency: Annotated[
        str | None, term("BT-X-259 VAT exchange rate target currency: that of VAT accounting.")
    ] = None
    rate: Annotated[
        Decimal | None, term("BT-167 VAT exchange rate: what an amount of the first is multiplied with.")
    ] = None
    date: Annotated[day | None, term("BT-X-261 VAT exchange rate date: the day of the rate.")] = None


class DeliveryTerms(Group, frozen=True):
    """Who bears costs and risk of a delivery, and up to which place."""

    code: Annotated[str | None, term("EXT-FR-FE-185 EXT-FR-FE-193 Delivery terms code: Incoterms, such as DAP.")] = None
    location: Annotated[
        str | None, term("EXT-FR-FE-186 EXT-FR-FE-194 Delivery terms location: the place they name.")
    ] = None


class LineChargeExtension(Group, frozen=True):
    """What the extension adds to BG-28."""

    tax_code: Annotated[
        str | None, term("BT-193 Invoice line tax code: a tax other than VAT, of UNCL 5153, instead of BT-145.")
    ] = None


class PriceExtension(Group, frozen=True):
    """What the extension adds to BG-29."""

    discount_reason: Annotated[str | None, term("EXT-FR-FE-195 Item price discount reason: in words.")] = None
    discount_reason_code: Annotated[
        str | None, term("EXT-FR-FE-196 Item price discount reason code: of UNCL 5189.")
    ] = None


class LineVatExtension(Group, frozen=True):
    """What the extension adds to BG-30."""

    exemption_reason: Annotated[
        str | None,
        term("EXT-FR-FE-178 Line VAT exemption reason text: that of the VAT breakdown the line belongs to."),
    ] = None
    exemption_reason_code: Annotated[
        str | None, term("EXT-FR-FE-179 Line VAT exemption reason code: of the VATEX list.")
    ] = None
    tax_point_date_code: Annotated[
        str | None, term("EXT-FR-FE-180 Line value added tax point date code: which event makes VAT due, of UNCL 2005.")
    ] = None


class ItemAttributeExtension(Group, frozen=True):
    """What the extension adds to BG-32."""

    code: Annotated[str | None, term("EXT-FR-FE-159 Item attribute code: of UNCL 6313, beside or for the name.")] = None
    measure: Annotated[
        Decimal | None, term("EXT-FR-FE-160 Item attribute measured value: a number instead of the text BT-161.")
    ] = None
    measure_unit_code: Annotated[
        str | None, term("EXT-FR-FE-161 Item attribute measured value unit of measure code: of UNECE Rec. 20 or 21.")
    ] = None


class LineExtension(Group, frozen=True):
    """What the extension adds to BG-25: sub-invoice lines and their seller, references, delivery and further notes.

    Lines stay a flat list: a line names its parent. Only lines without a subtype, and those of the subtype DETAIL,
    count in the totals; GROUP sums up the lines below it, INFORMATION says something about them.
    """

    subtype: Annotated[str | None, term("EXT-FR-FE-163 Line subtype: DETAIL, GROUP or INFORMATION.")] = None
    parent_line: Annotated[
        str | None, term("EXT-FR-FE-162 Parent line identifier: BT-126 of the line it is part of.")
    ] = None
    units_per_parent: Annotated[
        Decimal | None, term("EXT-FR-FE-191 Quantity per parent line: how many units one unit of the parent holds.")
    ] = None
    units_per_parent_unit_code: Annotated[
        str | None, term("EXT-FR-FE-192 Quantity per parent line unit of measure code: of UNECE Rec. 20 or 21.")
    ] = None
    vat_total: Annotated[
        Decimal | None, term("EXT-FR-FE-181 Line total VAT amount: of a GROUP line, in invoice currency.")
    ] = None
    vat_total_in_accounting_currency: Annotated[
        Decimal | None, term("EXT-FR-FE-182 Line total VAT amount in accounting currency: in BT-6 currency.")
    ] = None
    total_with_vat: Annotated[
        Decimal | None, term("EXT-FR-FE-184 Line total amount with VAT: of a GROUP line; CII alone has it.")
    ] = None
    seller: Annotated[LineSeller | None, term("EXT-FR-FE-BG-12 Line seller: whose sub-invoice it is.")] = None
    note_subject_code: Annotated[
        str | None, term("EXT-FR-FE-183 Line note subject code: what the note BT-127 is about, of UNCL 4451.")
    ] = None
    further_notes: Annotated[tuple[LineNote, ...], term("BT-127 Invoice line note: those after the first.")] = ()
    further_object_identifiers: Annotated[
        tuple[Identifier, ...],
        term("BT-128 Invoice line object identifier: those after the first, such as AFL, the number of a sub-invoice."),
    ] = ()
    preceding_invoices: Annotated[
        tuple[LinePrecedingInvoice, ...], term("EXT-FR-FE-BG-06 Line preceding invoice: earlier invoices.")
    ] = ()
    purchase_order_reference: Annotated[
        str | None, term("EXT-FR-FE-135 Line purchase order reference: the order that has the line BT-132.")
    ] = None
    purchase_order_date: Annotated[day | None, term("EXT-FR-FE-200 Line purchase order date: its date.")] = None
    sales_order_reference: Annotated[
        str | None, term("EXT-FR-FE-144 Line sales order reference: the Seller's order number.")
    ] = None
    sales_order_line_reference: Annotated[
        str | None, term("EXT-FR-FE-145 Line sales order line reference: the line of that order.")
    ] = None
    despatch_advice_reference: Annotated[
        str | None, term("EXT-FR-FE-140 Line despatch advice reference: the Seller's delivery note.")
    ] = None
    despatch_advice_line_reference: Annotated[
        str | None, term("EXT-FR-FE-141 Line despatch advice line reference: the line of that note.")
    ] = None
    receiving_advice_reference: Annotated[
        str | None, term("EXT-FR-FE-142 Line receiving advice reference: the Buyer's receipt of the goods.")
    ] = None
    receiving_advice_line_reference: Annotated[
        str | None, term("EXT-FR-FE-143 Line receiving advice line reference: the line of that receipt.")
    ] = None
    delivery: Annotated[LineDelivery | None, term("EXT-FR-FE-BG-10 Line delivery: where the line went.")] = None
    delivery_terms: Annotated[
        DeliveryTerms | None, term("EXT-FR-FE-193 EXT-FR-FE-194 Line delivery terms: Incoterms of the line.")
    ] = None


class InvoiceExtension(Group, frozen=True):
    """What the extension adds to the invoice as a whole: parties, dates, delivery terms and an exchange rate."""

    contract_type: Annotated[
        str | None, term("EXT-FR-FE-01 Contract type: what BT-12 is, of UNCL 1153 or CONTRAT or MARCHE.")
    ] = None
    contract_date: Annotated[day | None, term("EXT-FR-FE-199 Contract date: of the contract BT-12.")] = None
    purchase_order_date: Annotated[day | None, term("EXT-FR-FE-197 Purchase order date: of the order BT-13.")] = None
    despatch_advice_date: Annotated[
        day | None, term("EXT-FR-FE-198 Despatch advice date: of the delivery note BT-16.")
    ] = None
    further_invoiced_objects: Annotated[
        tuple[Identifier, ...], term("BT-18 Invoiced object identifier: those after the first.")
    ] = ()
    seller_agent: Annotated[InvolvedParty | None, term("EXT-FR-FE-BG-03 Seller agent: who acts for the Seller.")] = None
    invoicer: Annotated[
        InvolvedParty | None, term("EXT-FR-FE-BG-05 Invoicer: who issues the invoice for the Seller.")
    ] = None
    buyer_agent: Annotated[InvolvedParty | None, term("EXT-FR-FE-BG-01 Buyer agent: who acts for the Buyer.")] = None
    invoicee: Annotated[
        InvolvedParty | None, term("EXT-FR-FE-BG-04 Invoicee: who receives the invoice for the Buyer.")
    ] = None
    payer: Annotated[InvolvedParty | None, term("EXT-FR-FE-BG-02 Payer: who pays instead of the Buyer.")] = None
    delivery_terms: Annotated[DeliveryTerms | None, term("EXT-FR-FE-BG-14 Delivery terms: Incoterms.")] = None
    logistics_charges: Annotated[
        tuple[LogisticsCharge, ...], term("BG-X-42 Logistics charge: charges for transport or packing.")
    ] = ()
    vat_exchange: Annotated[VatExchange | None, term("BG-X-41 VAT exchange rate: between BT-5 and BT-6.")] = None
