"""What a row of the UBL table cannot say, in both directions."""

import re
from datetime import date
from typing import Any, Final

from billingua.engine.numbers import total
from billingua.engine.reading import DateCodec, Reading, Record, Value
from billingua.engine.writing import Marked, Writing, contents
from billingua.formats.en16931 import (
    OBJECT,
    Syntax,
    arrange_documents,
    arrange_object,
    arrange_payment,
    arrange_price,
    arrange_registrations,
    arrange_total_vat,
    fold_documents,
    fold_object,
    fold_payment,
    fold_price,
    fold_registrations,
    fold_total_vat,
    identifier,
    take,
)
from billingua.formats.subsets import subset_of
from billingua.formats.ubl import FORMAT
from billingua.model import Identifier

__all__ = ["SYNTAX"]

_NOTE = re.compile(r"#([A-Z]{3})#(.*)", re.DOTALL)
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:Z|[+-][0-9]{2}:[0-9]{2})?\Z")

NOT_AVAILABLE: Final = "NA"
"""What stands where the schema wants an order number (BT-13) that the invoice does not have."""

_SEPA: Final = "SEPA"
"""The scheme that makes an identifier of Seller or Payee the bank assigned creditor identifier (BT-90)."""

_CREDIT_NOTE: Final = "ubl-creditnote"

_OTHER_TAX: Final = "TAX"
_OTHER_TAXES: Final = ("TAX", "LOC", "FC")
"""Words for a tax registration that is not VAT (BT-32): what is written, and what is met."""


def _parse_date(value: Value) -> date | None:
    """An xs:date; the time zone it may have is no part of a business term."""
    found = _DATE.match(value.text)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _types(name: str) -> dict[str, str]:
    """Type codes of cac:AdditionalDocumentReference; a credit note has no cac:ProjectReference for BT-11."""
    return {"130": OBJECT, "50": "project_reference"} if name == _CREDIT_NOTE else {"130": OBJECT}


def fold_invoice(record: Record, reading: Reading) -> None:
    """BG-0: totals by currency, documents by type, one BG-16, BT-90 from among identifiers."""
    for tax_total in take(record, "tax-total"):
        found = [fold_total_vat(record, reading, amount) for amount in take(tax_total, "BT-110")]
        if not found or any(found):
            record.setdefault("vat_breakdown", []).extend(tax_total.get("vat_breakdown", ()))
    fold_documents(record, reading, _types(reading.name), "BT-18-1")
    order = record.get("purchase_order_reference")
    if order is not None and order.text == NOT_AVAILABLE and "sales_order_reference" in record:
        reading.use(record.pop("purchase_order_reference"))
    fold_payment(record, reading)
    for party in (record.get("payee", {}), record.get("seller", {})):
        for creditor in take(party, "creditor"):
            debit = record.setdefault("payment", {}).setdefault("direct_debit", {})
            if debit.setdefault("creditor_identifier", creditor).text == creditor.text:
                reading.use(creditor, reading.attribute(creditor, "schemeID"))


def arrange_invoice(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_invoice`."""
    arrange_tax_totals(record, writing)
    arrange_documents(record, _types(writing.name), "BT-18-1")
    if "sales_order_reference" in record:
        record.setdefault("purchase_order_reference", NOT_AVAILABLE)
    arrange_creditor(record, writing)
    payment = contents(record.get("payment"))
    if "means_code" not in payment:
        _lose_payment(payment, writing)
        record.pop("payment", None)
    arrange_payment(record, ("means_code", "remittance_information"))
    if writing.name == _CREDIT_NOTE and "due_date" in record:
        if "payment" in record or subset_of(record.get("specification")) is not None:
            record["BG-16"][0]["payment-due-date"] = record["due_date"]
        else:
            writing.lose("BT-9", record["due_date"], "due_date", "a UBL credit note has it in payment instructions")


def arrange_tax_totals(record: dict[str, Any], writing: Writing) -> None:
    """cac:TaxTotal: one in each currency; that of the invoice has the breakdown and must have BT-110."""
    amounts = arrange_total_vat(record, writing)
    breakdown = record.get("vat_breakdown", ())
    if breakdown and not any(amount.attributes["currency"] == record.get("currency") for amount in amounts):
        taxes = [one.tax_amount for one in breakdown if one.tax_amount is not None]
        amounts.insert(0, Marked(total(taxes), {"currency": record.get("currency")}))
    record["tax-total"] = [{"BT-110": amount} for amount in amounts]
    if breakdown:
        record["tax-total"][0]["vat_breakdown"] = breakdown


def arrange_creditor(record: dict[str, Any], writing: Writing) -> None:
    """BT-90 becomes an identifier of the Payee, or of the Seller where there is none."""
    debit = contents(contents(record.get("payment")).get("direct_debit"))
    creditor = debit.get("creditor_identifier")
    if creditor is None:
        return
    for party in ("payee", "seller"):
        if party in record:
            record[party] = contents(record[party]) | {"creditor": creditor}
            return
    writing.lose(
        "BT-90",
        creditor,
        "payment.direct_debit.creditor_identifier",
        "there is no Seller or Payee to hold it",
    )


def _lose_payment(payment: dict[str, Any], writing: Writing) -> None:
    why = "UBL needs a payment means code (BT-81) for payment instructions"
    debit = contents(payment.get("direct_debit"))
    card = contents(payment.get("card"))
    writing.lose("BT-82", payment.get("means_text"), "payment.means_text", why)
    writing.lose("BT-83", payment.get("remittance_information"), "payment.remittance_information", why)
    writing.lose("BT-87", card.get("account_number"), "payment.card.account_number", why)
    writing.lose("BT-88", card.get("holder_name"), "payment.card.holder_name", why)
    writing.lose("BT-89", debit.get("mandate_reference"), "payment.direct_debit.mandate_reference", why)
    where = "payment.direct_debit.debited_account_identifier"
    writing.lose("BT-91", debit.get("debited_account_identifier"), where, why)
    for number, transfer in enumerate(payment.get("credit_transfers", ())):
        where = f"payment.credit_transfers[{number}]"
        writing.lose("BT-84", transfer.account_identifier, f"{where}.account_identifier", why)
        writing.lose("BT-85", transfer.account_name, f"{where}.account_name", why)
        writing.lose("BT-86", transfer.service_provider_identifier, f"{where}.service_provider_identifier", why)


def fold_note(record: Record, _reading: Reading) -> None:
    """BG-1: a subject code (BT-21) stands before the text: `#AAI#text`."""
    note: Value | None = record.get("text")
    if note is not None and (found := _NOTE.match(note.text)):
        record["subject_code"] = Value(found[1], note.element)
        record["text"] = Value(found[2], note.element)
        if not found[2]:
            del record["text"]


def arrange_note(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_note`."""
    code = record.get("subject_code")
    if code is None:
        return
    marked = f"#{code}#{record.get('text', '')}"
    if _NOTE.match(marked):
        record["text"] = marked
    else:
        writing.lose("BT-21", code, "notes[].subject_code", "UBL carries a code of three capitals in the text")


def fold_seller(record: Record, reading: Reading) -> None:
    """BG-4: tax registrations, and BT-90 from among the identifiers."""

    def meaning(scheme: str) -> str:
        return "vat_identifier" if scheme == "VAT" else "tax_registration_identifier"

    for registration in record.get("tax-registration", ()):
        for scheme in registration.get("tax-scheme", ()):
            if scheme.text.upper() not in ("VAT", *_OTHER_TAXES):
                registration["tax-scheme"] = []
    fold_registrations(record, reading, meaning)
    for entry in [entry for entry in record.get("identifiers", ()) if is_creditor(reading, entry["value"])]:
        record["identifiers"].remove(entry)
        record.setdefault("creditor", []).append(entry["value"])


def arrange_seller(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_seller`."""
    arrange_registrations(record, "VAT", _OTHER_TAX)
    if "creditor" in record:
        record["identifiers"] = (*record.get("identifiers", ()), Identifier(record["creditor"], _SEPA))


def fold_party(record: Record, reading: Reading) -> None:
    """BG-7, BG-11: the VAT identifier."""
    fold_registrations(record, reading, lambda scheme: "vat_identifier" if scheme == "VAT" else "")


def arrange_party(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_party`."""
    arrange_registrations(record, "VAT", _OTHER_TAX)


def fold_payee(record: Record, reading: Reading) -> None:
    """BG-10: the identifier (BT-60), and BT-90 among them."""
    for value in take(record, "BT-60"):
        if is_creditor(reading, value):
            record.setdefault("creditor", []).append(value)
        else:
            record.setdefault("identifier", identifier(value, reading.attribute(value, "schemeID")))


def arrange_payee(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_payee`."""
    known = record.get("identifier")
    found = [Marked(known.value, {"BT-60-1": known.scheme_id})] if known is not None else []
    if "creditor" in record:
        found.append(Marked(record["creditor"], {"BT-60-1": _SEPA}))
    record["BT-60"] = found


def is_creditor(reading: Reading, value: Value) -> bool:
    scheme = reading.attribute(value, "schemeID")
    return scheme is not None and scheme.text.upper() == _SEPA


def fold_line(record: Record, reading: Reading) -> None:
    """BG-25: the price and the invoiced object."""
    fold_price(record, reading)
    fold_object(record, reading)


def arrange_line(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_line`."""
    arrange_price(record, "gross_price", "discount")
    arrange_object(record)


SYNTAX: Final = Syntax(
    format=FORMAT,
    dates=DateCodec(_parse_date, date.isoformat, "a date such as 2026-01-31"),
    kept=frozenset({"BG-16", "BG-24", "BT-60", "BT-110", "BT-128"}),
    folds={
        "BG-0": fold_invoice,
        "BG-1": fold_note,
        "BG-4": fold_seller,
        "BG-7": fold_party,
        "BG-10": fold_payee,
        "BG-11": fold_party,
        "BG-25": fold_line,
    },
    arrangements={
        "BG-0": arrange_invoice,
        "BG-1": arrange_note,
        "BG-4": arrange_seller,
        "BG-7": arrange_party,
        "BG-10": arrange_payee,
        "BG-11": arrange_party,
        "BG-25": arrange_line,
    },
)
