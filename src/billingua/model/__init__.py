"""The semantic model of EN 16931: one class a business group, one attribute a business term."""

from billingua.model.addresses import Address, Contact, Period
from billingua.model.amounts import DocumentAllowance, DocumentCharge, Totals, VatBreakdown
from billingua.model.base import Group, Identifier
from billingua.model.explanation import Rounding, Step, TotalsExplanation
from billingua.model.extension import (
    DeliveryTerms,
    ItemAttributeExtension,
    LineChargeExtension,
    LineDelivery,
    LineExtension,
    LineNote,
    LinePrecedingInvoice,
    LineSeller,
    LineVatExtension,
    PriceExtension,
)
from billingua.model.invoice import Invoice, Note, PrecedingInvoice, SupportingDocument, json_schema
from billingua.model.lines import Item, ItemAttribute, Line, LineAllowance, LineCharge, LineVat, Price
from billingua.model.parties import Buyer, Delivery, Payee, Seller, TaxRepresentative
from billingua.model.payment import CreditTransfer, DirectDebit, PaymentCard, PaymentInstructions
from billingua.model.terms import Term, extension_terms, term_at, term_name, terms
from billingua.model.totals import explain_totals

__all__ = [
    "Address",
    "Buyer",
    "Contact",
    "CreditTransfer",
    "Delivery",
    "DeliveryTerms",
    "DirectDebit",
    "DocumentAllowance",
    "DocumentCharge",
    "Group",
    "Identifier",
    "Invoice",
    "Item",
    "ItemAttribute",
    "ItemAttributeExtension",
    "Line",
    "LineAllowance",
    "LineCharge",
    "LineChargeExtension",
    "LineDelivery",
    "LineExtension",
    "LineNote",
    "LinePrecedingInvoice",
    "LineSeller",
    "LineVat",
    "LineVatExtension",
    "Note",
    "Payee",
    "PaymentCard",
    "PaymentInstructions",
    "Period",
    "PrecedingInvoice",
    "Price",
    "PriceExtension",
    "Rounding",
    "Seller",
    "Step",
    "SupportingDocument",
    "TaxRepresentative",
    "Term",
    "Totals",
    "TotalsExplanation",
    "VatBreakdown",
    "explain_totals",
    "extension_terms",
    "json_schema",
    "term_at",
    "term_name",
    "terms",
]
