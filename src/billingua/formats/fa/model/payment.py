"""How the invoice is settled and paid."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from billingua.engine.tree import code, element, flag
from billingua.model.base import Group

__all__ = ["Adjustment", "BankAccount", "PartialPayment", "Payment", "PaymentTerm", "Settlement"]


class Adjustment(Group, frozen=True):
    """Obciazenia or Odliczenia: a charge or deduction outside the tax base."""

    amount: Annotated[Decimal | None, element("Kwota", "amount.")] = None
    reason: Annotated[str | None, element("Powod", "reason.")] = None


class Settlement(Group, frozen=True):
    """Rozliczenie: charges and deductions that change what is paid, but not the tax."""

    charges: Annotated[tuple[Adjustment, ...], element("Obciazenia", "charges.")] = ()
    charges_total: Annotated[Decimal | None, element("SumaObciazen", "sum of the charges.")] = None
    deductions: Annotated[tuple[Adjustment, ...], element("Odliczenia", "deductions.")] = ()
    deductions_total: Annotated[Decimal | None, element("SumaOdliczen", "sum of the deductions.")] = None
    to_pay: Annotated[Decimal | None, element("DoZaplaty", "what is left to pay.")] = None
    to_settle: Annotated[Decimal | None, element("DoRozliczenia", "what was paid too much.")] = None


class PartialPayment(Group, frozen=True):
    """ZaplataCzesciowa: a payment in part."""

    amount: Annotated[Decimal | None, element("KwotaZaplatyCzesciowej", "amount.")] = None
    paid_on: Annotated[date | None, element("DataZaplatyCzesciowej", "day it was paid.")] = None
    form: Annotated[str | None, code("FormaPlatnosci", "form of payment.", "payment_form")] = None
    other_form: Annotated[
        str | None, element("OpisPlatnosci", "a form that has no code, in words.", given="PlatnoscInna")
    ] = None


class PaymentTerm(Group, frozen=True):
    """TerminPlatnosci: by when to pay, as a date or as so many units of time from an event."""

    due_date: Annotated[date | None, element("Termin", "last day to pay.")] = None
    count: Annotated[int | None, element("TerminOpis/Ilosc", "number of units of time.", only="fa3")] = None
    unit: Annotated[str | None, element("TerminOpis/Jednostka", "unit of time, such as dni.", only="fa3")] = None
    start_event: Annotated[
        str | None, element("TerminOpis/ZdarzeniePoczatkowe", "event the time runs from.", only="fa3")
    ] = None
    description: Annotated[str | None, element("TerminOpis", "the term in words; FA(2) only.", only="fa2")] = None


class BankAccount(Group, frozen=True):
    """TRachunekBankowy: a bank account."""

    number: Annotated[str | None, element("NrRB", "full number of the account.")] = None
    swift: Annotated[str | None, element("SWIFT", "SWIFT code of the bank.")] = None
    bank_own_account: Annotated[
        str | None, code("RachunekWlasnyBanku", "kind of a bank's own account.", "bank_own_account")
    ] = None
    bank_name: Annotated[str | None, element("NazwaBanku", "name of the bank.")] = None
    description: Annotated[str | None, element("OpisRachunku", "description of the account.")] = None


class Payment(Group, frozen=True):
    """Platnosc: when and how to pay, and what is paid."""

    paid_on: Annotated[date | None, element("DataZaplaty", "day it was paid in full.", given="Zaplacono")] = None
    partly_paid: Annotated[
        bool | None,
        flag("ZnacznikZaplatyCzesciowej", "True when a part is paid, False when all is paid, in parts."),
    ] = None
    partial_payments: Annotated[tuple[PartialPayment, ...], element("ZaplataCzesciowa", "payments in part.")] = ()
    terms: Annotated[tuple[PaymentTerm, ...], element("TerminPlatnosci", "by when to pay.")] = ()
    form: Annotated[str | None, code("FormaPlatnosci", "form of payment.", "payment_form")] = None
    other_form: Annotated[
        str | None, element("OpisPlatnosci", "a form that has no code, in words.", given="PlatnoscInna")
    ] = None
    accounts: Annotated[tuple[BankAccount, ...], element("RachunekBankowy", "accounts of the seller.")] = ()
    factor_accounts: Annotated[
        tuple[BankAccount, ...], element("RachunekBankowyFaktora", "accounts of the factor.")
    ] = ()
    discount_conditions: Annotated[str | None, element("Skonto/WarunkiSkonta", "conditions of a cash discount.")] = None
    discount_amount: Annotated[str | None, element("Skonto/WysokoscSkonta", "the cash discount, in words.")] = None
    link: Annotated[str | None, element("LinkDoPlatnosci", "web address to pay at, with the IPKSeF in it.")] = None
    ipksef: Annotated[str | None, element("IPKSeF", "payment identifier of KSeF.")] = None
