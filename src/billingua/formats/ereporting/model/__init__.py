"""The report of French e-reporting: one class an element with content of its own, one attribute a value.

Amounts are in the currency that the invoice or the transactions name; VAT totals of invoices and payments are in euros.
"""

from billingua.formats.ereporting.model.invoice import (
    AllowanceCharge,
    Delivery,
    InvoicePeriod,
    InvoiceReport,
    Line,
    LineAllowanceCharge,
    LineDelivery,
    LineNote,
    Note,
    Party,
    Preceding,
    Quantity,
    TaxSubtotal,
    VatTotal,
)
from billingua.formats.ereporting.model.report import (
    DaySubtotal,
    DayTransactions,
    Declarant,
    EReport,
    PaidInvoice,
    PaidSubtotal,
    Payment,
    PaymentsReport,
    TransactionsReport,
    json_schema,
)
from billingua.formats.ereporting.model.values import Numbered, VatNumber

__all__ = [
    "AllowanceCharge",
    "DaySubtotal",
    "DayTransactions",
    "Declarant",
    "Delivery",
    "EReport",
    "InvoicePeriod",
    "InvoiceReport",
    "Line",
    "LineAllowanceCharge",
    "LineDelivery",
    "LineNote",
    "Note",
    "Numbered",
    "PaidInvoice",
    "PaidSubtotal",
    "Party",
    "Payment",
    "PaymentsReport",
    "Preceding",
    "Quantity",
    "TaxSubtotal",
    "TransactionsReport",
    "VatNumber",
    "VatTotal",
    "json_schema",
]
