"""An international invoice as flux 10.1 reports it.

Some of it is stated as the portal wants it: prices are those of one unit (BT-149 has no place), and periods of a
single day are left out (G6.25).
"""

from decimal import Decimal
from typing import Final

from billingua.ereporting.sales import framework_of, rate_of
from billingua.errors import InvalidModel
from billingua.formats.ereporting.model import (
    AllowanceCharge,
    Delivery,
    InvoicePeriod,
    InvoiceReport,
    Line,
    LineAllowanceCharge,
    Note,
    Numbered,
    Party,
    Preceding,
    Quantity,
    TaxSubtotal,
    VatNumber,
    VatTotal,
)
from billingua.identifiers.eu_vat import COUNTRIES
from billingua.model import Invoice
from billingua.model import Line as InvoiceLine
from billingua.model.addresses import Period
from billingua.model.parties import Buyer, Seller
from billingua.model.unit_prices import of_one_unit

__all__ = ["invoice_of"]

_PROFILE: Final = "urn.cpro.gouv.fr:1p0:ereporting"
_SCHEMES: Final = frozenset(("0002", "0223", "0227", "0228", "0229"))
_OF_NAME: Final = 16
"""So many characters of the name of a business outside the European Union make its number, after its country."""


def invoice_of(invoice: Invoice) -> InvoiceReport:
    """What is reported of an invoice.

    Raises:
        InvalidModel: its total of VAT in euros is not known, or it does not say what is sold.
    """
    totals, delivery = invoice.totals, invoice.delivery
    address = delivery.address if delivery else None
    representative = invoice.tax_representative
    return InvoiceReport(
        number=invoice.number,
        issue_date=invoice.issue_date,
        type_code=invoice.type_code,
        currency=invoice.currency,
        due_date=invoice.due_date,
        tax_due_code=invoice.tax_point_date_code,
        notes=tuple([Note(subject=one.subject_code, content=one.text) for one in invoice.notes if one.subject_code]),
        framework=framework_of(invoice),
        profile=_PROFILE,
        preceding=tuple(
            [Preceding(number=one.number, issue_date=one.issue_date) for one in invoice.preceding_invoices]
        ),
        seller=_party(invoice.seller),
        buyer=_party(invoice.buyer),
        representative_vat_number=Numbered(scheme="VAT", value=representative.vat_identifier)
        if representative and representative.vat_identifier
        else None,
        deliveries=(
            Delivery(
                day=delivery.actual_date,
                line_1=address.line1 if address else None,
                line_2=address.line2 if address else None,
                line_3=address.line3 if address else None,
                city=address.city if address else None,
                post_code=address.post_code if address else None,
                subdivision=address.subdivision if address else None,
                country=address.country_code if address else None,
            ),
        )
        if delivery and (delivery.actual_date or address)
        else (),
        period=_longer(invoice.invoicing_period),
        allowances_charges=tuple(
            [
                AllowanceCharge(indicator=sign, amount=one.amount, category=one.vat_category_code, rate=one.vat_rate)
                for sign, found in (("false", invoice.allowances), ("true", invoice.charges))
                for one in found
            ]
        ),
        net=totals.total_without_vat if totals else None,
        tax=VatTotal(currency="EUR", value=_vat_in_euros(invoice)),
        subtotals=tuple(
            [
                TaxSubtotal(
                    basis=one.taxable_amount,
                    tax=one.tax_amount,
                    category=one.category_code,
                    rate=rate_of(one),
                    reason=one.exemption_reason,
                    reason_code=one.exemption_reason_code,
                )
                for one in invoice.vat_breakdown
            ]
        ),
        lines=tuple([_line(one) for one in invoice.lines]),
    )


def _vat_in_euros(invoice: Invoice) -> Decimal:
    totals = invoice.totals
    if totals is not None:
        if invoice.currency == "EUR" and totals.total_vat is not None:
            return totals.total_vat
        if invoice.vat_currency == "EUR" and totals.total_vat_in_accounting_currency is not None:
            return totals.total_vat_in_accounting_currency
        if not any(one.tax_amount for one in invoice.vat_breakdown):
            return Decimal("0.00")
    raise InvalidModel(
        f"Invoice {invoice.number} does not say its total of VAT in euros.",
        todo="Give BT-110 of an invoice in EUR, or BT-111 with EUR as the VAT accounting currency (BT-6).",
    )


def _party(party: Seller | Buyer | None) -> Party | None:
    if party is None:
        return None
    country = party.address.country_code if party.address else None
    vat = party.vat_identifier
    return Party(
        company_id=_company_id(party, country),
        vat_number=VatNumber(qualifier="VAT", value=vat) if vat else None,
        country=country,
    )


def _company_id(party: Seller | Buyer, country: str | None) -> Numbered | None:
    """Its legal registration in a scheme of the portal; else its VAT number in the Union; else country and name."""
    legal, vat = party.legal_registration_identifier, party.vat_identifier
    if legal is not None and legal.scheme_id in _SCHEMES:
        return Numbered(scheme=legal.scheme_id, value=legal.value)
    if vat and vat[:2] in COUNTRIES:
        return Numbered(scheme="0223", value=vat)
    if country and party.name:
        return Numbered(scheme="0227", value=f"{country}{party.name[:_OF_NAME]}")
    return None


def _longer(period: Period | None) -> InvoicePeriod | None:
    """A period, if it ends later than it begins, or does not say."""
    if period is None or (period.start_date and period.end_date and period.end_date <= period.start_date):
        return None
    return InvoicePeriod(start=period.start_date, end=period.end_date)


def _line(line: InvoiceLine) -> Line:
    price = of_one_unit(line.price) if line.price else None
    return Line(
        quantity=Quantity(unit=line.unit_code, value=line.quantity) if line.quantity is not None else None,
        preceding=_preceding(line),
        period=_longer(line.period),
        allowances_charges=tuple(
            [
                LineAllowanceCharge(indicator=sign, amount=one.amount)
                for sign, found in (("false", line.allowances), ("true", line.charges))
                for one in found
            ]
        ),
        net_price=price.net_price if price else None,
        discount=price.discount if price else None,
        gross_price=price.gross_price if price else None,
        product=line.item.name if line.item else None,
    )


def _preceding(line: InvoiceLine) -> Preceding | None:
    """The first invoice that the line refers to; there is place for one."""
    found = line.extension.preceding_invoices if line.extension else ()
    return Preceding(number=found[0].number, issue_date=found[0].issue_date) if found else None
