"""Invoices that an invoice refers to: those it corrects, and the advances that it settles or is part of."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import element
from billingua.model.base import Group

__all__ = ["AdvanceInvoice", "AdvancePayment", "CorrectedInvoice"]


class CorrectedInvoice(Group, frozen=True):
    """DaneFaKorygowanej: one invoice that is corrected. Without a KSeF number it is marked as issued outside KSeF."""

    issue_date: Annotated[date | None, element("DataWystFaKorygowanej", "its issue date.")] = None
    number: Annotated[str | None, element("NrFaKorygowanej", "its number, as it was printed.")] = None
    ksef_number: Annotated[
        str | None, element("NrKSeFFaKorygowanej", "its KSeF number.", given="NrKSeF", otherwise="NrKSeFN")
    ] = None


class AdvancePayment(Group, frozen=True):
    """ZaliczkaCzesciowa: one of several advance payments."""

    date_received: Annotated[date | None, element("P_6Z", "day it was received.")] = None
    amount: Annotated[Decimal | None, element("P_15Z", "amount, part of the total due.")] = None
    exchange_rate: Annotated[
        Decimal | None, element("KursWalutyZW", "exchange rate of the payment, PLN for one unit.")
    ] = None


class AdvanceInvoice(Group, frozen=True):
    """FakturaZaliczkowa: an advance invoice that is settled, by its KSeF number, or by its number if it has none."""

    number: Annotated[
        str | None, element("NrFaZaliczkowej", "its number when it was issued outside KSeF.", given="NrKSeFZN")
    ] = None
    ksef_number: Annotated[str | None, element("NrKSeFFaZaliczkowej", "its KSeF number.")] = None
