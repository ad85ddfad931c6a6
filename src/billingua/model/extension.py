"""What EXTENDED-CTC-FR, the French extension of the standard, adds to its groups; Factur-X EXTENDED has the same.

Every group that the extension adds to has one attribute `extension`; the standard's own attributes never change their
meaning. Only documents whose specification identifier (BT-24) names one of the two profiles carry these terms
(`billingua.formats.extension`). Ids are those of XP Z12-012, or of Factur-X (BT-X) where that has none.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from billingua.model.addresses import Address
from billingua.model.base import Group, Identifier, term

__all__ = [
    "EXTENSION",
    "DeliveryTerms",
    "ItemAttributeExtension",
    "LineChargeExtension",
    "LineDelivery",
    "LineExtension",
    "LineNote",
    "LinePrecedingInvoice",
    "LineSeller",
    "LineVatExtension",
    "PriceExtension",
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
    issue_date: Annotated[date | None, term("EXT-FR-FE-138 Line preceding invoice issue date: its date.")] = None
    line_reference: Annotated[str | None, term("EXT-FR-FE-139 Line preceding invoice line: the line of it.")] = None


class LineDelivery(Group, frozen=True):
    """EXT-FR-FE-BG-10 Line delivery: to whom, where and when the line was delivered."""

    party_name: Annotated[str | None, term("EXT-FR-FE-149 Line deliver to party name: who received it.")] = None
    location_identifier: Annotated[
        Identifier | None,
        term("EXT-FR-FE-146 Line deliver to location identifier: a number of the place; the scheme is EXT-FR-FE-148."),
    ] = None
    actual_date: Annotated[date | None, term("EXT-FR-FE-158 Line actual delivery date: the day.")] = None
    address: Annotated[Address | None, term("EXT-FR-FE-150 Line deliver to postal address: where it went.")] = None


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
    purchase_order_date: Annotated[date | None, term("EXT-FR-FE-200 Line purchase order date: its date.")] = None
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
