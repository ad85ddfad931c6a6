"""Invoices that are reported one by one (flux 10.1)."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import attribute, content, digits, element
from billingua.formats.ereporting.model.values import Numbered, VatNumber
from billingua.model.base import Group

__all__ = [
    "AllowanceCharge",
    "Delivery",
    "InvoicePeriod",
    "InvoiceReport",
    "Line",
    "LineAllowanceCharge",
    "LineDelivery",
    "LineNote",
    "Note",
    "Party",
    "Preceding",
    "Quantity",
    "TaxSubtotal",
    "VatTotal",
]


class Note(Group, frozen=True):
    """TG-9: a note."""

    subject: Annotated[str | None, element("Subject", "TT-26 code of its subject.")] = None
    content: Annotated[str | None, element("Content", "TT-27 its text.")] = None


class Preceding(Group, frozen=True):
    """TG-11 and TG-40: an invoice before this one."""

    number: Annotated[str | None, element("ID", "TT-30, TT-300 its number.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "TT-31, TT-301 its date.")] = None


class Party(Group, frozen=True):
    """TG-12 and TG-14: seller or buyer."""

    company_id: Annotated[Numbered | None, element("CompanyId", "TT-33, TT-36 its number.")] = None
    vat_number: Annotated[VatNumber | None, element("TaxRegistrationId", "TT-34, TT-38 its VAT number.")] = None
    country: Annotated[str | None, element("PostalAddress/CountryId", "TT-35, TT-39 its country.")] = None


class Delivery(Group, frozen=True):
    """TG-17: when and where it was delivered."""

    day: Annotated[date | None, digits("Date", "TT-41 the day.")] = None
    line_1: Annotated[str | None, element("Location/LineOne", "TT-103 first line of the address.")] = None
    line_2: Annotated[str | None, element("Location/LineTwo", "TT-104 second line.")] = None
    line_3: Annotated[str | None, element("Location/LineThree", "TT-105 third line.")] = None
    city: Annotated[str | None, element("Location/CityName", "TT-106 city.")] = None
    post_code: Annotated[str | None, element("Location/PostalZone", "TT-107 post code.")] = None
    subdivision: Annotated[str | None, element("Location/CountrySubentity", "TT-108 part of the country.")] = None
    country: Annotated[str | None, element("Location/CountryId", "TT-44 country.")] = None


class InvoicePeriod(Group, frozen=True):
    """TG-18 and TG-25: the period that an invoice or line is for."""

    start: Annotated[date | None, digits("StartDate", "TT-42, TT-65 its first day.")] = None
    end: Annotated[date | None, digits("EndDate", "TT-43, TT-66 its last day.")] = None


class _Signed(Group, frozen=True):
    indicator: Annotated[str | None, attribute("ChargeIndicator", "`true` for a charge, `false` for an allowance.")] = (
        None
    )

    @property
    def is_charge(self) -> bool:
        """Whether it is a charge, not an allowance."""
        return self.indicator in ("true", "1")


class AllowanceCharge(_Signed, frozen=True):
    """TG-20 and TG-21: an allowance or charge of the invoice."""

    amount: Annotated[Decimal | None, element("Amount", "TT-45, TT-48 the amount without VAT.")] = None
    category: Annotated[str | None, element("TaxCategoryCode", "TT-46, TT-49 its VAT category.")] = None
    rate: Annotated[Decimal | None, element("TaxPercent", "TT-47, TT-50 its VAT rate, in percent.")] = None


class VatTotal(Group, frozen=True):
    """TT-52: the VAT of an invoice, in euros."""

    currency: Annotated[str | None, attribute("CurrencyCode", "TT-202 the currency: EUR.")] = None
    value: Annotated[Decimal | None, content("The amount.")] = None


class TaxSubtotal(Group, frozen=True):
    """TG-23: the VAT of one category and rate."""

    basis: Annotated[Decimal | None, element("TaxableAmount", "TT-54 the amount that VAT is of.")] = None
    tax: Annotated[Decimal | None, element("TaxAmount", "TT-55 the VAT.")] = None
    category: Annotated[str | None, element("TaxCategory/Code", "TT-56 the VAT category: S, E, AE, K, G, O or Z.")] = (
        None
    )
    rate: Annotated[Decimal | None, element("TaxCategory/Percent", "TT-57 the rate, in percent.")] = None
    reason: Annotated[str | None, element("TaxCategory/TaxExemptionReason", "TT-58 why it is exempt.")] = None
    reason_code: Annotated[
        str | None, element("TaxCategory/TaxExemptionReasonCode", "TT-59 the same as a VATEX code.")
    ] = None


class LineNote(Group, frozen=True):
    """TG-61: a note of a line."""

    code: Annotated[str | None, element("Code", "TT-61-0 code of its subject.")] = None
    comment: Annotated[str | None, element("Comment", "TT-61-1 its text.")] = None


class Quantity(Group, frozen=True):
    """TT-62: how much."""

    unit: Annotated[str | None, attribute("UnitCode", "TT-63 the unit.")] = None
    value: Annotated[Decimal | None, content("The quantity.")] = None


class LineDelivery(Group, frozen=True):
    """TG-41: where a line is delivered."""

    name: Annotated[str | None, element("Name", "TT-302 name of the place.")] = None
    line_1: Annotated[str | None, element("Location/LineOne", "TT-303 first line of the address.")] = None
    city: Annotated[str | None, element("Location/CityName", "TT-304 city.")] = None
    post_code: Annotated[str | None, element("Location/PostalZone", "TT-305 post code.")] = None
    subdivision: Annotated[str | None, element("Location/CountrySubentity", "TT-306 part of the country.")] = None
    country: Annotated[str | None, element("Location/CountryId", "TT-307 country.")] = None


class LineAllowanceCharge(_Signed, frozen=True):
    """TG-26 and TG-27: an allowance or charge of a line."""

    amount: Annotated[Decimal | None, element("Amount", "TT-67, TT-68 the amount without VAT.")] = None


class Line(Group, frozen=True):
    """TG-24: a line."""

    notes: Annotated[tuple[LineNote, ...], element("Note", "TG-61 notes.")] = ()
    quantity: Annotated[Quantity | None, element("BilledQuantity", "TT-62 how much.")] = None
    preceding: Annotated[Preceding | None, element("ReferencedDocument", "TG-40 the invoice before.")] = None
    delivery: Annotated[LineDelivery | None, element("Delivery", "TG-41 where it is delivered.")] = None
    period: Annotated[InvoicePeriod | None, element("InvoicePeriod", "TG-25 its period.")] = None
    allowances_charges: Annotated[
        tuple[LineAllowanceCharge, ...], element("AllowanceCharge", "TG-26, TG-27 allowances and charges.")
    ] = ()
    net_price: Annotated[Decimal | None, element("Price/PriceAmount", "TT-69 net price.")] = None
    discount: Annotated[Decimal | None, element("Price/AllowanceChargeAmount", "TT-70 discount on the price.")] = None
    gross_price: Annotated[
        Decimal | None, element("Price/AllowanceChargeBaseAmount", "TT-71 price before the discount.")
    ] = None
    product: Annotated[str | None, element("Product/Name", "TT-76 name of the product.")] = None


class InvoiceReport(Group, frozen=True):
    """TG-8: an invoice that is reported."""

    number: Annotated[str | None, element("ID", "TT-19 its number.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "TT-20 its date.")] = None
    type_code: Annotated[str | None, element("TypeCode", "TT-21 its type (UNTDID 1001).")] = None
    currency: Annotated[str | None, element("CurrencyCode", "TT-22 its currency.")] = None
    due_date: Annotated[date | None, digits("DueDate", "TT-201 when it is due.")] = None
    tax_due_code: Annotated[str | None, element("TaxDueDateTypeCode", "TT-24 when its VAT is due.")] = None
    notes: Annotated[tuple[Note, ...], element("IncludedNote", "TG-9 notes.")] = ()
    framework: Annotated[str | None, element("BusinessProcess/ID", "TT-28 the framework, such as S1.")] = None
    profile: Annotated[
        str | None, element("BusinessProcess/TypeID", "TT-29 always urn.cpro.gouv.fr:1p0:ereporting.")
    ] = None
    preceding: Annotated[tuple[Preceding, ...], element("ReferencedDocument", "TG-11 invoices before.")] = ()
    seller: Annotated[Party | None, element("Seller", "TG-12 the seller.")] = None
    buyer: Annotated[Party | None, element("Buyer", "TG-14 the buyer.")] = None
    representative_vat_number: Annotated[
        Numbered | None,
        element("SellerTaxRepresentative/TaxRegistrationId", "TT-122 VAT number of the seller's tax representative."),
    ] = None
    deliveries: Annotated[tuple[Delivery, ...], element("Delivery", "TG-17 deliveries.")] = ()
    period: Annotated[InvoicePeriod | None, element("InvoicePeriod", "TG-18 its period.")] = None
    allowances_charges: Annotated[
        tuple[AllowanceCharge, ...], element("AllowanceCharge", "TG-20, TG-21 allowances and charges.")
    ] = ()
    net: Annotated[Decimal | None, element("MonetaryTotal/TaxExclusiveAmount", "TT-51 its total without VAT.")] = None
    tax: Annotated[VatTotal | None, element("MonetaryTotal/TaxAmount", "TT-52 its VAT.")] = None
    subtotals: Annotated[tuple[TaxSubtotal, ...], element("TaxSubTotal", "TG-23 its VAT by category and rate.")] = ()
    lines: Annotated[tuple[Line, ...], element("Line", "TG-24 its lines.")] = ()
