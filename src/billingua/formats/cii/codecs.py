"""What a row of the CII table cannot say, in both directions."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from billingua.engine.reading import DateCodec, Reading, Record, Value
from billingua.engine.writing import Marked, Writing, contents
from billingua.formats.cii import FORMAT
from billingua.formats.cii.profiles import by_guideline, is_extended
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
    take,
)
from billingua.formats.subsets import subset_of

__all__ = ["SYNTAX"]

_DATE = re.compile(r"[0-9]{8}\Z")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}\Z")

_DOCUMENTS: Final = {"50": "tender_or_lot_reference", "130": OBJECT}
_SUPPORTING: Final = "916"
"""Type codes of ram:AdditionalReferencedDocument: BT-17, BT-18 and BG-24."""

_PROJECT_NAME: Final = "Project reference"
"""The name that a project gets; the standard has only its number (BT-11)."""

_SEVERAL_PRECEDING: Final = frozenset({"basicwl", "basic"})
"""Profiles of Factur-X that are written by their own schemas, which follow D22B and repeat BG-3."""

POINT_CODES: Final = {"5": "3", "29": "35", "72": "432"}
"""BT-8: codes of UNTDID 2475, which CII uses, and what they are in UNTDID 2005, which the standard uses."""
TO_POINT_CODES: Final = {standard: code for code, standard in POINT_CODES.items()}


def _parse_date(value: Value) -> date | None:
    """A date of format 102 (YYYYMMDD)."""
    if value.element.get("format", "102") != "102" or not _DATE.match(value.text):
        return None
    try:
        return date(int(value.text[:4]), int(value.text[4:6]), int(value.text[6:]))
    except ValueError:
        return None


def _format_date(day: date) -> str:
    return day.isoformat().replace("-", "")


def fold_invoice(record: Record, reading: Reading) -> None:
    """BG-0: totals by currency, documents by type, payment instructions in one."""
    for amount in take(record.get("totals", {}), "BT-110"):
        fold_total_vat(record, reading, amount)
    fold_documents(record, reading, _DOCUMENTS, "object-scheme", _SUPPORTING)
    fold_payment(record, reading)
    code = record.get("tax_point_date_code")
    if code is not None:
        code.text = POINT_CODES.get(code.text, code.text)
    for name in take(record, "project-name"):
        if name.text in (
            _PROJECT_NAME,
            record["project_reference"].text if "project_reference" in record else "",
        ):
            reading.use(name)


def arrange_invoice(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_invoice`."""
    amounts = arrange_total_vat(record, writing)
    record["totals"]["BT-110"] = amounts
    if record.get("vat_currency") == record.get("currency"):
        writing.lose("BT-6", record.pop("vat_currency", None), "vat_currency", "CII has it only where it is not BT-5")
    arrange_documents(record, _DOCUMENTS, "object-scheme", _SUPPORTING)
    arrange_payment(record, ("means_code", "means_text"))
    arrange_tax_point(record, writing)
    arrange_preceding(record, writing)
    if "project_reference" in record:
        record["project-name"] = _PROJECT_NAME


def arrange_preceding(record: dict[str, Any], writing: Writing) -> None:
    """BG-3: several preceding invoices only in profiles whose own schema has room for them."""
    specification = record.get("specification")
    profile = by_guideline(specification)
    several = profile.name in _SEVERAL_PRECEDING if profile else subset_of(specification) is not None
    if several or is_extended(specification):
        return
    for number, preceding in enumerate(record.get("preceding_invoices", ())[1:], 1):
        why = "CII D16B has room for one preceding invoice"
        writing.lose("BT-25", preceding.number, f"preceding_invoices[{number}].number", why)
        writing.lose("BT-26", preceding.issue_date, f"preceding_invoices[{number}].issue_date", why)
    record["preceding_invoices"] = record.get("preceding_invoices", ())[:1]


def arrange_tax_point(record: dict[str, Any], writing: Writing) -> None:
    """BT-7 and BT-8 stand in the VAT breakdown: the date once, the code in each."""
    day, code = record.get("tax_point_date"), record.get("tax_point_date_code")
    if day is None and code is None:
        return
    breakdown = [contents(one) for one in record.get("vat_breakdown", ())]
    if breakdown:
        record["vat_breakdown"] = breakdown
        breakdown[0]["tax-point-date"] = day
        for one in breakdown:
            one["tax-point-date-code"] = TO_POINT_CODES.get(code, code) if code is not None else None
    else:
        why = "CII has it in the VAT breakdown, and there is none"
        writing.lose("BT-7", day, "tax_point_date", why)
        writing.lose("BT-8", code, "tax_point_date_code", why)


def fold_seller(record: Record, reading: Reading) -> None:
    """BG-4: tax registrations."""
    words = {"VA": "vat_identifier", "FC": "tax_registration_identifier"}
    fold_registrations(record, reading, lambda scheme: words.get(scheme, ""))


def fold_party(record: Record, reading: Reading) -> None:
    """BG-7, BG-11: the VAT identifier."""
    fold_registrations(record, reading, lambda scheme: "vat_identifier" if scheme == "VA" else "")


def arrange_party(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_seller` and `fold_party`."""
    arrange_registrations(record, "VA", "FC")


def fold_instructions(record: Record, _reading: Reading) -> None:
    """BG-16: the bank (BT-86) stands beside the account that it keeps."""
    banks = take(record, "BT-86")
    if banks:
        transfers = record.setdefault("credit_transfers", [{}])
        transfers[0]["service_provider_identifier"] = banks[0]


def arrange_instructions(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_instructions`."""
    for transfer in record.get("credit_transfers", ()):
        if transfer.service_provider_identifier:
            record["BT-86"] = [transfer.service_provider_identifier]


def fold_line(record: Record, reading: Reading) -> None:
    """BG-25: the invoiced object and the price, whose base quantity (BT-149) stands with BT-148 as well."""
    fold_price(record, reading)
    fold_object(record, reading)
    for quantity in take(record, "gross-price-base-quantity"):
        price = record.setdefault("price", {})
        unit = reading.attribute(quantity, "unitCode")
        if _same_number(price.setdefault("base_quantity", quantity).text, quantity.text):
            reading.use(quantity)
            if unit is not None and price.setdefault("base_quantity_unit_code", unit).text == unit.text:
                reading.use(unit)


def arrange_line(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_line`."""
    arrange_price(record, "discount", "gross_price")
    arrange_object(record)
    price = record["price"]
    if "gross_price" in price and "base_quantity" in price:
        unit = {"gross-price-unit-code": price.get("base_quantity_unit_code")}
        record["gross-price-base-quantity"] = [Marked(price["base_quantity"], unit)]


def _same_number(first: str, second: str) -> bool:
    try:
        return Decimal(first) == Decimal(second)
    except ArithmeticError:
        return first == second


def _is_iban(text: str, _attributes: Mapping[str, str]) -> bool:
    return _IBAN.match("".join(text.split()).upper()) is not None


SYNTAX: Final = Syntax(
    format=FORMAT,
    dates=DateCodec(_parse_date, _format_date, "a date of format 102, such as 20260131"),
    kept=frozenset({"BG-16", "BG-24", "BT-110", "BT-128"}),
    folds={
        "BG-0": fold_invoice,
        "BG-4": fold_seller,
        "BG-7": fold_party,
        "BG-11": fold_party,
        "BG-16": fold_instructions,
        "BG-25": fold_line,
    },
    arrangements={
        "BG-0": arrange_invoice,
        "BG-4": arrange_party,
        "BG-7": arrange_party,
        "BG-11": arrange_party,
        "BG-16": arrange_instructions,
        "BG-25": arrange_line,
    },
    tests={
        "iban": _is_iban,
        "other-account": lambda text, attributes: not _is_iban(text, attributes),
        "plain": lambda _text, attributes: "schemeID" not in attributes,
        "schemed": lambda _text, attributes: "schemeID" in attributes,
    },
)
