"""The semantic model of EN 16931: one class a business group, one attribute a business term."""

from billingua.model.amounts import DocumentAllowance, DocumentCharge, Totals, VatBreakdown
from billingua.model.base import Group, Identifier
from billingua.model.explanation import Rounding, Step, TotalsExplanation
from billingua.model.invoice import Invoice, Note, PrecedingInvoice, SupportingDocument, json_schema
from billingua.model.lines import Item, ItemAttribute, Line, LineAllowance, LineCharge, LineVat, Price
from billingua.model.parties import (
    Address,
    Buyer,
    Contact,
    Delivery,
    Payee,
    Period,
    Seller,
    TaxRepresentative,
)
from billingua.model.payment import CreditTransfer, DirectDebit, PaymentCard, PaymentInstructions
from billingua.model.terms import Term, term_at, term_name, terms
from billingua.model.totals import explain_totals

__all__ = [
    "Address",
    "Buyer",
    "Contact",
    "CreditTransfer",
    "Delivery",
    "DirectDebit",
    "DocumentAllowance",
    "DocumentCharge",
    "Group",
    "Identifier",
    "Invoice",
    "Item",
    "ItemAttribute",
    "Line",
    "LineAllowance",
    "LineCharge",
    "LineVat",
    "Note",
    "Payee",
    "PaymentCard",
    "PaymentInstructions",
    "Period",
    "PrecedingInvoice",
    "Price",
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
    "json_schema",
    "term_at",
    "term_name",
    "terms",
]
