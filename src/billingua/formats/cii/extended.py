"""What EXTENDED-CTC-FR and Factur-X EXTENDED add to CII, where a row of the table cannot say it, in both directions."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from billingua.engine.reading import Reading, Record, Value
from billingua.engine.writing import Writing, contents
from billingua.formats import extension
from billingua.formats.cii import codecs
from billingua.formats.cii.profiles import by_guideline
from billingua.formats.en16931 import LINE_NOTE, Syntax, take

__all__ = ["EXTENDED"]


def fold_invoice(record: Record, reading: Reading) -> None:
    """BG-0: the VAT of lines."""
    extension.fold_line_vat_totals(record, reading, _vat_amounts)
    extension.fold_invoiced_objects(record, reading, "object-scheme")
    codecs.fold_invoice(record, reading)


def _vat_amounts(line: Record) -> list[Value]:
    return take(line, "line-tax-amount")


def arrange_invoice(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_invoice`."""
    added = record["extension"] = contents(record.get("extension"))
    extension.arrange_exchange(added, writing, ("source_currency", "target_currency", "rate"))
    for number, (line, amounts) in enumerate(extension.arrange_line_vat_totals(record, writing)):
        line["line-tax-amount"] = amounts
        if by_guideline(record.get("specification")) is not None:
            _keep_one(line, number, writing)
    codecs.arrange_invoice(record, writing)
    extension.arrange_invoiced_objects(record, "object-scheme")


def _keep_one(line: dict[str, Any], number: int, writing: Writing) -> None:
    """Factur-X EXTENDED has one VAT amount and one preceding invoice in a line."""
    why = "a line of Factur-X EXTENDED has room for one"
    for amount in line["line-tax-amount"][1:]:
        where = f"lines[{number}].extension.vat_total_in_accounting_currency"
        writing.lose("EXT-FR-FE-182", amount.value, where, why)
    line["line-tax-amount"] = line["line-tax-amount"][:1]
    preceding = line["extension"].get("preceding_invoices", ())
    for index, reference in enumerate(preceding[1:], 1):
        for term, name in _PRECEDING.items():
            where = f"lines[{number}].extension.preceding_invoices[{index}].{name}"
            writing.lose(term, getattr(reference, name), where, why)
    line["extension"]["preceding_invoices"] = preceding[:1]


_PRECEDING: Final = {
    "EXT-FR-FE-136": "number",
    "EXT-FR-FE-137": "type_code",
    "EXT-FR-FE-138": "issue_date",
    "EXT-FR-FE-139": "line_reference",
}


def fold_line(record: Record, reading: Reading) -> None:
    """BG-25: notes, invoiced objects, discounts, and when VAT becomes due."""
    extension.fold_line_notes(record, reading)
    extension.fold_objects(record, reading)
    codecs.fold_line(record, reading)
    extension.fold_discount(record)
    code = record.get("vat", {}).get("extension", {}).get("tax_point_date_code")
    if code is not None:
        code.text = codecs.POINT_CODES.get(code.text, code.text)


def arrange_line(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_line`."""
    notes = extension.arrange_line_notes(record)
    record["line-note"] = [{LINE_NOTE: note.get("text"), "line-note-code": note.get("subject_code")} for note in notes]
    extension.arrange_objects(record)
    codecs.arrange_line(record, writing)
    extension.arrange_discount(record, writing)
    vat = contents(record.get("vat"))
    added = contents(vat.get("extension"))
    if (code := added.get("tax_point_date_code")) is not None:
        added["tax_point_date_code"] = codecs.TO_POINT_CODES.get(code, code)
        record["vat"] = vat | {"extension": added}


EXTENDED: Final[Syntax] = replace(
    codecs.SYNTAX,
    extended=True,
    kept=codecs.SYNTAX.kept | {*extension.DISCOUNT_REASONS, "BT-46", "BT-60"},
    folds={
        **codecs.SYNTAX.folds,
        "BG-0": fold_invoice,
        "BG-7": partial(extension.fold_buyer, party=codecs.fold_party),
        "BG-10": partial(extension.fold_payee, party=codecs.fold_party),
        "BG-21": extension.fold_charge,
        "BG-25": fold_line,
        "BG-28": extension.fold_charge,
        **dict.fromkeys(extension.PARTIES, codecs.fold_party),
    },
    arrangements={
        **codecs.SYNTAX.arrangements,
        "BG-0": arrange_invoice,
        "BG-7": partial(extension.arrange_buyer, party=codecs.arrange_party),
        "BG-10": partial(extension.arrange_payee, party=codecs.arrange_party),
        "BG-21": extension.arrange_charge,
        "BG-25": arrange_line,
        "BG-28": extension.arrange_charge,
        **dict.fromkeys(extension.PARTIES, codecs.arrange_party),
    },
)
