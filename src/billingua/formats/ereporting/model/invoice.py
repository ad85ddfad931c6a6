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

    subject: Annotated[str | None, element("Subject", "code of its subject, TT-26.")] = None
    content: Annotated[str | None, element("Content", "its text, TT-27.")] = None


class Preceding(Group, frozen=True):
    """TG-11 and TG-40: an invoice before this one."""

    number: Annotated[str | None, element("ID", "its number, TT-30, TT-300.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "its date, TT-31, TT-301.")] = None


class Party(Group, frozen=True):
    """TG-12 and TG-14: seller or buyer."""

    company_id: Annotated[Numbered | None, element("CompanyId", "its number, TT-33, TT-36.")] = None
    vat_number: Annotated[VatNumber | None, element("TaxRegistrationId", "its VAT number, TT-34, TT-38.")] = None
    country: Annotated[str | None, element("PostalAddress/CountryId", "its country, TT-35, TT-39.")] = None


class Delivery(Group, frozen=True):
    """TG-17: when and where it was delivered."""

    day: Annotated[date | None, digits("Date", "the day, TT-41.")] = None
    line_1: Annotated[str | None, element("Location/LineOne", "first line of the address, TT-103.")] = None
    line_2: Annotated[str | None, element("Location/LineTwo", "second line, TT-104.")] = None
    line_3: Annotated[str | None, element("Location/LineThree", "third line, TT-105.")] = None
    city: Annotated[str | None, element("Location/CityName", "city, TT-106.")] = None
    post_code: Annotated[str | None, element("Location/PostalZone", "post code, TT-107.")] = None
    subdivision: Annotated[str | None, element("Location/CountrySubentity", "part of the country, TT-108.")] = None
    country: Annotated[str | None, element("Location/CountryId", "country, TT-44.")] = None


class InvoicePeriod(Group, frozen=True):
    """TG-18 and TG-25: the period that an invoice or line is for."""

    start: Annotated[date | None, digits("StartDate", "its first day, TT-42, TT-65.")] = None
    end: Annotated[date | None, digits("EndDate", "its last day, TT-43, TT-66.")] = None


class _Signed(Group, frozen=True):
    indicator: Annotated[
        str | None, attribute("ChargeIndicator", "sign: `true` for a charge, `false` for an allowance.")
    ] = None

    @property
    def is_charge(self) -> bool:
        """Whether it is a charge, not an allowance."""
        return self.indicator in ("true", "1")


class AllowanceCharge(_Signed, frozen=True):
    """TG-20 and TG-21: an allowance or charge of the invoice."""

    amount: Annotated[Decimal | None, element("Amount", "the amount without VAT, TT-45, TT-48.")] = None
    category: Annotated[str | None, element("TaxCategoryCode", "its VAT category, TT-46, TT-49.")] = None
    rate: Annotated[Decimal | None, element("TaxPercent", "its VAT rate, in percent, TT-47, TT-50.")] = None


class VatTotal(Group, frozen=True):
    """TT-52: the VAT of an invoice, in euros."""

    currency: Annotated[str | None, attribute("CurrencyCode", "the currency: EUR, TT-202.")] = None
    value: Annotated[Decimal | None, content("value the amount.")] = None


class TaxSubtotal(Group, frozen=True):
    """TG-23: the VAT of one category and rate."""

    basis: Annotated[Decimal | None, element("TaxableAmount", "the amount that VAT is of, TT-54.")] = None
    tax: Annotated[Decimal | None, element("TaxAmount", "the VAT, TT-55.")] = None
    category: Annotated[str | None, element("TaxCategory/Code", "the VAT category: S, E, AE, K, G, O or Z, TT-56.")] = (
        None
    )
    rate: Annotated[Decimal | None, element("TaxCategory/Percent", "the rate, in percent, TT-57.")] = None
    reason: Annotated[str | None, element("TaxCategory/TaxExemptionReason", "why it is exempt, TT-58.")] = None
    reason_code: Annotated[
        str | None, element("TaxCategory/TaxExemptionReasonCode", "the same as a VATEX code, TT-59.")
    ] = None


class LineNote(Group, frozen=True):
    """TG-61: a note of a line."""

    code: Annotated[str | None, element("Code", "code of its subject, TT-61-0.")] = None
    comment: Annotated[str | None, element("Comment", "its text, TT-61-1.")] = None


class Quantity(Group, frozen=True):
    """TT-62: how much."""

    unit: Annotated[str | None, attribute("UnitCode", "the unit, TT-63.")] = None
    value: Annotated[Decimal | None, content("value the quantity.")] = None


class LineDelivery(Group, frozen=True):
    """TG-41: where a line is delivered."""

    name: Annotated[str | None, element("Name", "name of the place, TT-302.")] = None
    line_1: Annotated[str | None, element("Location/LineOne", "first line of the address, TT-303.")] = None
    city: Annotated[str | None, element("Location/CityName", "city, TT-304.")] = None
    post_code: Annotated[str | None, element("Location/PostalZone", "post code, TT-305.")] = None
    subdivision: Annotated[str | None, element("Location/CountrySubentity", "part of the country, TT-306.")] = None
    country: Annotated[str | None, element("Location/CountryId", "country, TT-307.")] = None


class LineAllowanceCharge(_Signed, frozen=True):
    """TG-26 and TG-27: an allowance or charge of a line."""

    amount: Annotated[Decimal | None, element("Amount", "the amount without VAT, TT-67, TT-68.")] = None


class Line(Group, frozen=True):
    """TG-24: a line."""

    notes: Annotated[tuple[LineNote, ...], element("Note", "notes, TG-61.")] = ()
    quantity: Annotated[Quantity | None, element("BilledQuantity", "how much, TT-62.")] = None
    preceding: Annotated[Preceding | None, element("ReferencedDocument", "the invoice before, TG-40.")] = None
    delivery: Annotated[LineDelivery | None, element("Delivery", "where it is delivered, TG-41.")] = None
    period: Annotated[InvoicePeriod | None, element("InvoicePeriod", "its period, TG-25.")] = None
    allowances_charges: Annotated[
        tuple[LineAllowanceCharge, ...], element("AllowanceCharge", "allowances and charges, TG-26, TG-27.")
    ] = ()
    net_price: Annotated[Decimal | None, element("Price/PriceAmount", "net price, TT-69.")] = None
    discount: Annotated[Decimal | None, element("Price/AllowanceChargeAmount", "discount on the price, TT-70.")] = None
    gross_price: Annotated[
        Decimal | None, element("Price/AllowanceChargeBaseAmount", "price before the discount, TT-71.")
    ] = None
    product: Annotated[str | None, element("Product/Name", "name of the product, TT-76.")] = None


class InvoiceReport(Group, frozen=True):
    """TG-8: an invoice that is reported."""

    number: Annotated[str | None, element("ID", "its number, TT-19.")] = None
    issue_date: Annotated[date | None, digits("IssueDate", "its date, TT-20.")] = None
    type_code: Annotated[str | None, element("TypeCode", "its type (UNTDID 1001), TT-21.")] = None
    currency: Annotated[str | None, element("CurrencyCode", "its currency, TT-22.")] = None
    due_date: Annotated[date | None, digits("DueDate", "when it is due, TT-201.")] = None
    tax_due_code: Annotated[str | None, element("TaxDueDateTypeCode", "when its VAT is due, TT-24.")] = None
    notes: Annotated[tuple[Note, ...], element("IncludedNote", "notes, TG-9.")] = ()
    framework: Annotated[str | None, element("BusinessProcess/ID", "the framework, such as S1, TT-28.")] = None
    profile: Annotated[
        str | None, element("BusinessProcess/TypeID", "profile: always urn.cpro.gouv.fr:1p0:ereporting, TT-29.")
    ] = None
    preceding: Annotated[tuple[Preceding, ...], element("ReferencedDocument", "invoices before, TG-11.")] = ()
    seller: Annotated[Party | None, element("Seller", "the seller, TG-12.")] = None
    buyer: Annotated[Party | None, element("Buyer", "the buyer, TG-14.")] = None
    representative_vat_number: Annotated[
        Numbered | None,
        element("SellerTaxRepresentative/TaxRegistrationId", "VAT number of the seller's tax representative, TT-122."),
    ] = None
    deliveries: Annotated[tuple[Delivery, ...], element("Delivery", "deliveries, TG-17.")] = ()
    period: Annotated[InvoicePeriod | None, element("InvoicePeriod", "its period, TG-18.")] = None
    allowances_charges: Annotated[
        tuple[AllowanceCharge, ...], element("AllowanceCharge", "allowances and charges, TG-20, TG-21.")
    ] = ()
    net: Annotated[Decimal | None, element("MonetaryTotal/TaxExclusiveAmount", "its total without VAT, TT-51.")] = None
    tax: Annotated[VatTotal | None, element("MonetaryTotal/TaxAmount", "its VAT, TT-52.")] = None
    subtotals: Annotated[tuple[TaxSubtotal, ...], element("TaxSubTotal", "its VAT by category and rate, TG-23.")] = ()
    lines: Annotated[tuple[Line, ...], element("Line", "its lines, TG-24.")] = ()
