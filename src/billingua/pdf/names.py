"""The names under which an invoice in XML stands in a PDF."""

from typing import Final

__all__ = ["INVOICES", "ORDERS", "is_invoice_name"]

INVOICES: Final = ("factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml")
"""By precedence: Factur-X and ZUGFeRD from 2.1, the reference profile XRECHNUNG, ZUGFeRD 1.0 and 2.0."""

ORDERS: Final = ("order-x.xml",)


def is_invoice_name(name: str) -> bool:
    """Whether a file name, in capital letters or not, is one of an invoice."""
    return name.lower() in INVOICES
