"""What EXTENDED-CTC-FR adds to UBL, where a row of the table cannot say it, in both directions."""

from dataclasses import replace
from typing import Any, Final

from billingua.engine.reading import Reading, Record, Value
from billingua.engine.writing import Writing, contents
from billingua.formats.en16931 import LINE_NOTE, Syntax, take, take_one
from billingua.formats.extension import (
    DISCOUNT_REASONS,
    arrange_charge,
    arrange_discount,
    arrange_line_notes,
    arrange_line_vat_totals,
    arrange_objects,
    extension_of,
    fold_charge,
    fold_discount,
    fold_line_notes,
    fold_line_vat_totals,
    fold_objects,
)
from billingua.formats.ubl import codecs

__all__ = ["EXTENDED"]

NOT_AVAILABLE: Final = "NA"
"""What stands where the schema wants a number that the invoice does not have."""

POINT_CODE: Final = "EXT-FR-FE-180"
"""When the VAT of a line becomes due: UBL has it in the period of the line."""

_LINES_OF: Final = {
    "despatch_advice_line_reference": "despatch_advice_reference",
    "receiving_advice_line_reference": "receiving_advice_reference",
}
"""The number of a line that the schema wants beside the number of its document."""

_OF_ORDER: Final = ("sales_order_reference", "purchase_order_date")
_OF_ORDER_LINE: Final = ("purchase_order_reference", "sales_order_line_reference", *_OF_ORDER)
"""What has a place in UBL only beside the number of an order (EXT-FR-FE-135), or beside that of its line (BT-132)."""


def fold_invoice(record: Record, reading: Reading) -> None:
    """BG-0: subtype and parent of lines, and their VAT."""
    fold_line_vat_totals(record, reading, _vat_amounts)
    for line in record.get("lines", ()):
        fold_hierarchy(line, record.get("number"), reading)
    codecs.fold_invoice(record, reading)


def arrange_invoice(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_invoice`."""
    for number, (line, amounts) in enumerate(arrange_line_vat_totals(record, writing)):
        line["line-tax-total"] = [{"line-tax-amount": amount} for amount in amounts]
        total = line["extension"].pop("total_with_vat", None)
        where = f"lines[{number}].extension.total_with_vat"
        writing.lose("EXT-FR-FE-184", total, where, "UBL has no amount with VAT in a line")
        arrange_hierarchy(line, record.get("number"), number, writing)
    codecs.arrange_invoice(record, writing)


def _vat_amounts(line: Record) -> list[Value]:
    return [amount for total in take(line, "line-tax-total") for amount in take(total, "line-tax-amount")]


def fold_hierarchy(line: Record, number: Value | None, reading: Reading) -> None:
    """BG-25: a reference to the invoice itself says what the line is in it, and below which line it stands."""
    references = line.get("extension", {}).get("preceding_invoices", [])
    own = next((one for one in references if number is not None and _number_of(one) == number.text), None)
    if own is None:
        return
    references.remove(own)
    reading.use(own["number"])
    extension = extension_of(line)
    extension |= contents({"subtype": take_one(own, "line-subtype"), "parent_line": own.get("line_reference")})


def _number_of(reference: Record) -> str | None:
    return reference["number"].text if "number" in reference else None


def arrange_hierarchy(line: dict[str, Any], number: str | None, index: int, writing: Writing) -> None:
    """The counterpart of `fold_hierarchy`."""
    extension = line["extension"]
    subtype, parent = extension.pop("subtype", None), extension.pop("parent_line", None)
    if subtype is None and parent is None:
        return
    if number is None:
        why = "UBL has it in a reference to the invoice itself, and there is no invoice number (BT-1)"
        writing.lose("EXT-FR-FE-163", subtype, f"lines[{index}].extension.subtype", why)
        writing.lose("EXT-FR-FE-162", parent, f"lines[{index}].extension.parent_line", why)
        return
    own = contents({"number": number, "line-subtype": subtype, "line_reference": parent})
    extension["preceding_invoices"] = (own, *extension.get("preceding_invoices", ()))


def fold_line(record: Record, reading: Reading) -> None:
    """BG-25: notes, invoiced objects, discounts, and numbers that the schema wants."""
    fold_line_notes(record, reading, codecs.fold_note)
    fold_objects(record, reading)
    codecs.fold_line(record, reading)
    fold_discount(record)
    for code in take(record, POINT_CODE)[:1]:
        extension_of(record.setdefault("vat", {}))["tax_point_date_code"] = code
    extension = record.get("extension", {})
    _leave_out(record, "purchase_order_line_reference", any(name in extension for name in _OF_ORDER_LINE), reading)
    _leave_out(extension, "purchase_order_reference", any(name in extension for name in _OF_ORDER), reading)
    for line, document in _LINES_OF.items():
        _leave_out(extension, line, document in extension, reading)


def _leave_out(record: Record, name: str, wanted: bool, reading: Reading) -> None:
    if wanted and name in record and record[name].text == NOT_AVAILABLE:
        reading.use(record.pop(name))


def arrange_line(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_line`."""
    record["line-note"] = []
    for note in arrange_line_notes(record):
        codecs.arrange_note(note, writing)
        record["line-note"].append({LINE_NOTE: note.get("text")})
    arrange_objects(record)
    codecs.arrange_line(record, writing)
    arrange_discount(record, writing)
    if (code := contents(contents(record.get("vat")).get("extension")).get("tax_point_date_code")) is not None:
        record[POINT_CODE] = code
    extension = record["extension"]
    if any(name in extension for name in _OF_ORDER_LINE):
        record.setdefault("purchase_order_line_reference", NOT_AVAILABLE)
    if any(name in extension for name in _OF_ORDER):
        extension.setdefault("purchase_order_reference", NOT_AVAILABLE)
    for line, document in _LINES_OF.items():
        if document in extension:
            extension.setdefault(line, NOT_AVAILABLE)


def fold_attribute(record: Record, reading: Reading) -> None:
    """BG-32: the schema wants a name; one that only repeats the code is none."""
    code = record.get("extension", {}).get("code")
    if code is not None and "name" in record and record["name"].text == code.text:
        reading.use(record.pop("name"))


def arrange_attribute(record: dict[str, Any], _writing: Writing) -> None:
    """The counterpart of `fold_attribute`."""
    code = contents(record.get("extension")).get("code")
    if code is not None:
        record.setdefault("name", code)


EXTENDED: Final[Syntax] = replace(
    codecs.SYNTAX,
    extended=True,
    kept=codecs.SYNTAX.kept | {*DISCOUNT_REASONS, POINT_CODE},
    folds={
        **codecs.SYNTAX.folds,
        "BG-0": fold_invoice,
        "BG-25": fold_line,
        "BG-28": fold_charge,
        "BG-32": fold_attribute,
        "EXT-FR-FE-BG-12": codecs.fold_party,
    },
    arrangements={
        **codecs.SYNTAX.arrangements,
        "BG-0": arrange_invoice,
        "BG-25": arrange_line,
        "BG-28": arrange_charge,
        "BG-32": arrange_attribute,
        "EXT-FR-FE-BG-12": codecs.arrange_party,
    },
)
