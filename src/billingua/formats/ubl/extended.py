"""What EXTENDED-CTC-FR adds to UBL, where a row of the table cannot say it, in both directions."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from billingua.engine.reading import Reading, Record, Value
from billingua.engine.writing import Writing, contents
from billingua.formats import extension
from billingua.formats.en16931 import LINE_NOTE, Syntax, take, take_one
from billingua.formats.ubl import codecs
from billingua.model import DocumentCharge, DocumentChargeExtension, InvoiceExtension, LogisticsCharge

__all__ = ["EXTENDED"]

POINT_CODE: Final = "EXT-FR-FE-180"
"""When the VAT of a line becomes due: UBL has it in the period of the line."""

_PARTIES_IN: Final = {
    "seller": {"EXT-FR-FE-BG-03": "seller_agent", "EXT-FR-FE-BG-05": "invoicer"},
    "buyer": {"EXT-FR-FE-BG-01": "buyer_agent", "EXT-FR-FE-BG-04": "invoicee"},
}
"""Which party UBL has the agents in, and those who issue or receive the invoice for it."""

_PAYER: Final = "EXT-FR-FE-BG-02"

_BESIDE: Final = {
    "contract_type": ("contract_reference",),
    "contract_date": ("contract_reference",),
    "purchase_order_date": ("purchase_order_reference", "sales_order_reference"),
    "despatch_advice_date": ("despatch_advice_reference",),
}
"""What says more about a document, and its numbers."""

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
    extension.fold_line_vat_totals(record, reading, _vat_amounts)
    for line in record.get("lines", ()):
        fold_hierarchy(line, record.get("number"), reading)
    extension.fold_invoiced_objects(record, reading, "BT-18-1")
    codecs.fold_invoice(record, reading)
    for holder, parties in _PARTIES_IN.items():
        for term, name in parties.items():
            if (party := take_one(record.get(holder, {}), term)) is not None:
                extension.extension_of(record)[name] = party
    if (payer := take_one(record.get("payment", {}).get("direct_debit", {}), _PAYER)) is not None:
        extension.extension_of(record)["payer"] = payer


def arrange_invoice(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_invoice`."""
    arrange_extension(record, writing)
    for number, (line, amounts) in enumerate(extension.arrange_line_vat_totals(record, writing)):
        line["line-tax-total"] = [{"line-tax-amount": amount} for amount in amounts]
        total = line["extension"].pop("total_with_vat", None)
        where = f"lines[{number}].extension.total_with_vat"
        writing.lose("EXT-FR-FE-184", total, where, "UBL has no amount with VAT in a line")
        arrange_hierarchy(line, record.get("number"), number, writing)
    codecs.arrange_invoice(record, writing)
    extension.arrange_invoiced_objects(record, "BT-18-1")


def arrange_extension(record: dict[str, Any], writing: Writing) -> None:
    """BG-0: parties stand in those they act for, the payer in the mandate; what needs another term is lost without."""
    added = record["extension"] = contents(record.get("extension"))
    for holder, parties in _PARTIES_IN.items():
        found = {term: [added.pop(name)] for term, name in parties.items() if name in added}
        if found:
            record[holder] = contents(record.get(holder)) | found
    charges = [charge_of(one) for one in added.pop("logistics_charges", ())]
    if charges:
        record["charges"] = (*record.get("charges", ()), *charges)
    payment = contents(record.get("payment"))
    payer = added.pop("payer", None)
    if payer is not None and "means_code" in payment:
        record["payment"] = payment | {"direct_debit": contents(payment.get("direct_debit")) | {_PAYER: [payer]}}
    elif payer is not None:
        why = "UBL has it in the payment instructions, which need a means code (BT-81)"
        extension.lose_all(InvoiceExtension(payer=payer), writing, why)
    for name, needed in _BESIDE.items():
        if name in added and not any(other in record for other in needed):
            part = InvoiceExtension(**{name: added.pop(name)})
            extension.lose_all(part, writing, "UBL has it beside the number of the document, and there is none")
    extension.arrange_exchange(added, writing, ("source_currency", "target_currency"))


def charge_of(logistics: LogisticsCharge) -> DocumentCharge:
    """UBL has no logistics charges; one is a charge like others there, with the same amounts and VAT."""
    reasons = DocumentChargeExtension(
        exemption_reason=logistics.exemption_reason, exemption_reason_code=logistics.exemption_reason_code
    )
    return DocumentCharge(
        amount=logistics.amount,
        vat_category_code=logistics.vat_category_code,
        vat_rate=logistics.vat_rate,
        reason=logistics.description,
        extension=reasons if reasons != DocumentChargeExtension() else None,
    )


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
    added = extension.extension_of(line)
    added |= contents({"subtype": take_one(own, "line-subtype"), "parent_line": own.get("line_reference")})


def _number_of(reference: Record) -> str | None:
    return reference["number"].text if "number" in reference else None


def arrange_hierarchy(line: dict[str, Any], number: str | None, index: int, writing: Writing) -> None:
    """The counterpart of `fold_hierarchy`."""
    added = line["extension"]
    subtype, parent = added.pop("subtype", None), added.pop("parent_line", None)
    if subtype is None and parent is None:
        return
    if number is None:
        why = "UBL has it in a reference to the invoice itself, and there is no invoice number (BT-1)"
        writing.lose("EXT-FR-FE-163", subtype, f"lines[{index}].extension.subtype", why)
        writing.lose("EXT-FR-FE-162", parent, f"lines[{index}].extension.parent_line", why)
        return
    own = contents({"number": number, "line-subtype": subtype, "line_reference": parent})
    added["preceding_invoices"] = (own, *added.get("preceding_invoices", ()))


def fold_payee(record: Record, reading: Reading) -> None:
    """BG-10: the identifiers, BT-90 among them, and the VAT identifier."""
    values = take(record, "BT-60")
    record["BT-60"] = [value for value in values if codecs.is_creditor(reading, value)]
    codecs.fold_payee(record, reading)
    record["BT-60"] = [value for value in values if not codecs.is_creditor(reading, value)]
    extension.fold_payee(record, reading, party=codecs.fold_party)


def arrange_payee(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_payee`."""
    codecs.arrange_payee(record, writing)
    creditors = record["BT-60"]["identifier" in record :]
    extension.arrange_payee(record, writing, party=codecs.arrange_party)
    record["BT-60"] += creditors


def fold_line(record: Record, reading: Reading) -> None:
    """BG-25: notes, invoiced objects, discounts, and numbers that the schema wants."""
    extension.fold_line_notes(record, reading, codecs.fold_note)
    extension.fold_objects(record, reading)
    codecs.fold_line(record, reading)
    extension.fold_discount(record)
    for code in take(record, POINT_CODE)[:1]:
        extension.extension_of(record.setdefault("vat", {}))["tax_point_date_code"] = code
    added = record.get("extension", {})
    _leave_out(record, "purchase_order_line_reference", any(name in added for name in _OF_ORDER_LINE), reading)
    _leave_out(added, "purchase_order_reference", any(name in added for name in _OF_ORDER), reading)
    for line, document in _LINES_OF.items():
        _leave_out(added, line, document in added, reading)


def _leave_out(record: Record, name: str, wanted: bool, reading: Reading) -> None:
    if wanted and name in record and record[name].text == codecs.NOT_AVAILABLE:
        reading.use(record.pop(name))


def arrange_line(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_line`."""
    record["line-note"] = []
    for note in extension.arrange_line_notes(record):
        codecs.arrange_note(note, writing)
        record["line-note"].append({LINE_NOTE: note.get("text")})
    extension.arrange_objects(record)
    codecs.arrange_line(record, writing)
    extension.arrange_discount(record, writing)
    if (code := contents(contents(record.get("vat")).get("extension")).get("tax_point_date_code")) is not None:
        record[POINT_CODE] = code
    added = record["extension"]
    if any(name in added for name in _OF_ORDER_LINE):
        record.setdefault("purchase_order_line_reference", codecs.NOT_AVAILABLE)
    if any(name in added for name in _OF_ORDER):
        added.setdefault("purchase_order_reference", codecs.NOT_AVAILABLE)
    for line, document in _LINES_OF.items():
        if document in added:
            added.setdefault(line, codecs.NOT_AVAILABLE)


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
    kept=codecs.SYNTAX.kept | {*extension.DISCOUNT_REASONS, POINT_CODE, "BT-46"},
    folds={
        **codecs.SYNTAX.folds,
        "BG-0": fold_invoice,
        "BG-7": partial(extension.fold_buyer, party=codecs.fold_party),
        "BG-10": fold_payee,
        "BG-21": extension.fold_charge,
        "BG-25": fold_line,
        "BG-28": extension.fold_charge,
        "BG-32": fold_attribute,
        **dict.fromkeys(extension.PARTIES, codecs.fold_party),
    },
    arrangements={
        **codecs.SYNTAX.arrangements,
        "BG-0": arrange_invoice,
        "BG-7": partial(extension.arrange_buyer, party=codecs.arrange_party),
        "BG-10": arrange_payee,
        "BG-21": extension.arrange_charge,
        "BG-25": arrange_line,
        "BG-28": extension.arrange_charge,
        "BG-32": arrange_attribute,
        **dict.fromkeys(extension.PARTIES, codecs.arrange_party),
    },
)
