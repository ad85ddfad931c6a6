"""The invoice of KSeF as it is in FA(3): one class an element with content of its own, one attribute a value."""

from billingua.formats.fa.model.attachment import (
    BlockProperty,
    Column,
    DataBlock,
    Footer,
    Information,
    Register,
    Row,
    Table,
    TableProperty,
)
from billingua.formats.fa.model.code_lists import codes
from billingua.formats.fa.model.corrections import AdvanceInvoice, AdvancePayment, CorrectedInvoice
from billingua.formats.fa.model.invoice import Description, FaInvoice, json_schema
from billingua.formats.fa.model.lines import Line, NewMeansOfTransport, Order, OrderLine
from billingua.formats.fa.model.parties import (
    Address,
    AuthorisedContact,
    AuthorisedParty,
    Buyer,
    Contact,
    PreviousBuyer,
    PreviousSeller,
    Seller,
    ThirdParty,
)
from billingua.formats.fa.model.payment import (
    Adjustment,
    BankAccount,
    PartialPayment,
    Payment,
    PaymentTerm,
    Settlement,
)
from billingua.formats.fa.model.transaction import Carrier, Contract, PurchaseOrder, TransactionTerms, Transport

__all__ = [
    "Address",
    "Adjustment",
    "AdvanceInvoice",
    "AdvancePayment",
    "AuthorisedContact",
    "AuthorisedParty",
    "BankAccount",
    "BlockProperty",
    "Buyer",
    "Carrier",
    "Column",
    "Contact",
    "Contract",
    "CorrectedInvoice",
    "DataBlock",
    "Description",
    "FaInvoice",
    "Footer",
    "Information",
    "Line",
    "NewMeansOfTransport",
    "Order",
    "OrderLine",
    "PartialPayment",
    "Payment",
    "PaymentTerm",
    "PreviousBuyer",
    "PreviousSeller",
    "PurchaseOrder",
    "Register",
    "Row",
    "Seller",
    "Settlement",
    "Table",
    "TableProperty",
    "ThirdParty",
    "TransactionTerms",
    "Transport",
    "codes",
    "json_schema",
]
