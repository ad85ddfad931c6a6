"""What the two syntaxes of EXTENDED-CTC-FR have in common between their tables and the model.

The rows of a table that are marked `extended` hold for documents whose specification identifier (BT-24) is that of
EXTENDED-CTC-FR, and in CII for Factur-X EXTENDED, which has the same places. All other documents are read and written
as if there was no extension; whoever writes one with values of it is refused, or gets them listed as losses.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, Final

from billingua.engine.document import Loss
from billingua.engine.reading import Fold, Reading, Record, Value
from billingua.engine.writing import Arrangement, Marked, Writing, contents
from billingua.errors import CannotExpress
from billingua.formats.en16931 import LINE_NOTE, Syntax, identifier, take, take_one
from billingua.formats.narrowing import narrowed, of_extension
from billingua.model import Identifier, Invoice, InvoiceExtension, Line

__all__ = [
    "DISCOUNT_REASONS",
    "PARTIES",
    "arrange_buyer",
    "arrange_charge",
    "arrange_discount",
    "arrange_exchange",
    "arrange_invoiced_objects",
    "arrange_line_notes",
    "arrange_line_vat_totals",
    "arrange_objects",
    "arrange_payee",
    "extended",
    "extension_of",
    "fold_buyer",
    "fold_charge",
    "fold_discount",
    "fold_invoiced_objects",
    "fold_line_notes",
    "fold_line_vat_totals",
    "fold_objects",
    "fold_payee",
    "lose_all",
    "refused",
    "states_extension",
    "without_extension",
]

DISCOUNT_REASONS: Final = {"EXT-FR-FE-195": "discount_reason", "EXT-FR-FE-196": "discount_reason_code"}

PARTIES: Final = tuple(f"EXT-FR-FE-BG-{number}" for number in ("01", "02", "03", "04", "05", "12"))
"""The parties that the extension adds: agents, payer, invoicee, invoicer and the sellers of lines."""

_OTHER_TAXES: Final = "5153"
"""The code list of taxes other than VAT, where charge reasons are of UNCL 7161."""
_REASONS: Final = "7161"

_OBJECT: Final = "130"
"""The type of a referenced document that is an invoiced object (BT-128)."""

_LISTED: Final = 8
"""So many terms are named in an error."""


def extended(core: Syntax) -> Syntax:
    """A syntax of the standard with what the extension adds: `EXTENDED` in the module `extended` of its folder."""
    syntax: Syntax = import_module(f"{core.format.package}.extended").EXTENDED
    return syntax


def states_extension(invoice: Invoice) -> bool:
    """Whether an invoice has an attribute `extension` anywhere."""
    parts = (*invoice.preceding_invoices, *invoice.allowances, *invoice.charges)
    return _states(invoice, invoice.buyer, invoice.payee, *parts) or any(_line_states(line) for line in invoice.lines)


def _line_states(line: Line) -> bool:
    attributes = line.item.attributes if line.item is not None else ()
    return _states(line, line.vat, line.price, *line.charges, *attributes)


def _states(*groups: Any) -> bool:
    return any(group is not None and group.extension is not None for group in groups)


def without_extension(invoice: Invoice, losses: list[Loss] | None) -> Invoice:
    """The invoice as a document of the standard holds it; what the extension adds is entered in `losses`.

    Raises:
        CannotExpress: there is something, and no list of losses was given.
    """
    if not states_extension(invoice):
        return invoice
    title = f"The specification {invoice.specification or 'EN 16931'}"
    invoice, lost = narrowed(
        invoice, of_extension(), "only the profiles EXTENDED-CTC-FR and EXTENDED have a place for it"
    )
    if losses is not None:
        losses += lost
    elif lost:
        raise refused(lost, title)
    return invoice


def refused(lost: Sequence[Loss], title: str) -> CannotExpress:
    """The error for values that a profile, named by `title`, has no place for."""
    terms = list(dict.fromkeys(loss.term for loss in lost if loss.term))
    named = ", ".join(terms[:_LISTED]) + (f" and {len(terms) - _LISTED} more terms" if len(terms) > _LISTED else "")
    first = lost[0]
    return CannotExpress(
        f"{title} has no place for {named}; the first value is {first.value!r}.",
        where=first.where,
        todo="Leave them out, choose a larger profile, or convert the document, which lists what it leaves out.",
    )


def extension_of(record: Record) -> Record:
    """The record of a group's extension, made where there is none."""
    opened: Record = record.setdefault("extension", {})
    return opened


def fold_buyer(record: Record, reading: Reading, *, party: Fold) -> None:
    """BG-7: the identifiers, and what the syntax folds of any `party`."""
    fold_identifiers(record, reading, take(record, "BT-46"))
    party(record, reading)


def arrange_buyer(record: dict[str, Any], writing: Writing, *, party: Arrangement) -> None:
    """The counterpart of `fold_buyer`."""
    record["BT-46"] = arrange_identifiers(record, "BT-46")
    party(record, writing)


def fold_payee(record: Record, reading: Reading, *, party: Fold) -> None:
    """BG-10: the identifiers, and the VAT identifier, which is of the extension."""
    fold_identifiers(record, reading, take(record, "BT-60"))
    party(record, reading)
    if "vat_identifier" in record:
        extension_of(record)["vat_identifier"] = record.pop("vat_identifier")


def arrange_payee(record: dict[str, Any], writing: Writing, *, party: Arrangement) -> None:
    """The counterpart of `fold_payee`."""
    record["BT-60"] = arrange_identifiers(record, "BT-60")
    registered = contents(record.get("extension"))
    party(registered, writing)
    record["tax-registration"] = registered["tax-registration"]


def fold_identifiers(record: Record, reading: Reading, values: Iterable[Value]) -> None:
    """The first identifier of a party is the standard's, further ones are of the extension."""
    found = [identifier(value, reading.attribute(value, "schemeID")) for value in values]
    if found:
        record["identifier"], *further = found
        if further:
            extension_of(record)["further_identifiers"] = further


def arrange_identifiers(record: dict[str, Any], term: str) -> list[Marked]:
    """The counterpart of `fold_identifiers`; `term` is that of the identifiers."""
    further: Iterable[Identifier] = contents(record.get("extension")).get("further_identifiers", ())
    first = [record["identifier"]] if "identifier" in record else []
    return [Marked(one.value, {f"{term}-1": one.scheme_id}) for one in (*first, *further)]


def fold_invoiced_objects(record: Record, reading: Reading, scheme: str) -> None:
    """BG-0: invoiced objects after the first (BT-18); `scheme` is the helper that holds BT-18-1."""
    documents = record.get("BG-24", [])
    objects = [one for one in documents if any(code.text == _OBJECT for code in one.get("document-type", ()))]
    for document in [one for one in objects if "reference" in one][1:]:
        documents.remove(document)
        reading.use(take_one(document, "document-type"))
        further = identifier(document["reference"], take_one(document, scheme))
        extension_of(record).setdefault("further_invoiced_objects", []).append(further)


def arrange_invoiced_objects(record: dict[str, Any], scheme: str) -> None:
    """The counterpart of `fold_invoiced_objects`, for documents that are arranged already."""
    further: Iterable[Identifier] = contents(record.get("extension")).get("further_invoiced_objects", ())
    record["BG-24"] += [{"reference": one.value, scheme: one.scheme_id, "document-type": _OBJECT} for one in further]


def lose_all(part: InvoiceExtension, writing: Writing, why: str) -> None:
    """Enter every value of a part of the extension as lost."""
    writing.losses += narrowed(Invoice(extension=part), of_extension(), why)[1]


def arrange_exchange(added: dict[str, Any], writing: Writing, needed: Iterable[str]) -> None:
    """An exchange rate without an attribute that the schema needs is lost; `added` is the extension of the invoice."""
    exchange = added.get("vat_exchange")
    if exchange is not None and any(getattr(exchange, name) is None for name in needed):
        part = InvoiceExtension(vat_exchange=added.pop("vat_exchange"))
        lose_all(part, writing, f"an exchange rate needs its {', '.join(needed)}".replace("_", " "))


def fold_line_notes(record: Record, reading: Reading, split: Callable[[Record, Reading], None] | None = None) -> None:
    """BG-25: the first note is BT-127, further ones are of the extension; `split` finds the subject code in a text."""
    notes: list[Record] = []
    for found in take(record, "line-note"):
        note = contents({"text": take_one(found, LINE_NOTE), "subject_code": take_one(found, "line-note-code")})
        if split is not None:
            split(note, reading)
        notes.append(note)
    if notes:
        first, *further = notes
        if "text" in first:
            record["note"] = first["text"]
        if "subject_code" in first:
            extension_of(record)["note_subject_code"] = first["subject_code"]
        if further:
            extension_of(record)["further_notes"] = further


def arrange_line_notes(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The counterpart of `fold_line_notes`: notes with `text` and `subject_code`, taken out of the line."""
    extension = record["extension"] = contents(record.get("extension"))
    first = contents({"text": record.pop("note", None), "subject_code": extension.pop("note_subject_code", None)})
    return [note for note in (first, *map(contents, extension.pop("further_notes", ()))) if note]


def fold_objects(record: Record, reading: Reading) -> None:
    """BG-25: the first invoiced object is BT-128, further ones are of the extension."""
    objects = [one for document in take(record, "line-object") if (one := _object(document, reading))]
    if objects:
        record["object_identifier"], *further = objects
        if further:
            extension_of(record)["further_object_identifiers"] = further


def _object(document: Record, reading: Reading) -> Record | None:
    code = take_one(document, "document-type")
    value = take_one(document, "line-object-id")
    if value is None or (code is not None and code.text != _OBJECT):
        return None
    reading.use(code)
    return identifier(value, take_one(document, "object-scheme") or reading.attribute(value, "schemeID"))


def arrange_objects(record: dict[str, Any]) -> None:
    """The counterpart of `fold_objects`; the scheme is an attribute (UBL) or an element of its own (CII)."""
    extension = record["extension"] = contents(record.get("extension"))
    known: Iterable[Identifier] = (
        *([record["object_identifier"]] if "object_identifier" in record else ()),
        *extension.pop("further_object_identifiers", ()),
    )
    record["line-object"] = [
        {
            "line-object-id": Marked(one.value, {"line-object-scheme": one.scheme_id}),
            "document-type": _OBJECT,
            "object-scheme": one.scheme_id,
        }
        for one in known
    ]


def fold_charge(record: Record, reading: Reading) -> None:
    """BG-21, BG-28: a reason code of another list is the code of a tax (BT-177, BT-193)."""
    for code_list in take(record, "charge-code-list")[:1]:
        if code_list.text == _OTHER_TAXES:
            extension_of(record)["tax_code"] = record.pop("reason_code")
        if code_list.text in (_OTHER_TAXES, _REASONS):
            reading.use(code_list)


def arrange_charge(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_charge`."""
    tax_code = contents(record.get("extension")).get("tax_code")
    if tax_code is not None and "reason_code" in record:
        writing.lose(
            "", tax_code, "charges[].extension.tax_code", "a charge has one code, and this one has a reason code"
        )
    elif tax_code is not None:
        record["reason_code"] = Marked(tax_code, {"charge-code-list": _OTHER_TAXES})


def fold_discount(record: Record) -> None:
    """BG-29: the reason of the discount BT-147, not that of another one beside it."""
    price = record.get("price", {})
    discount: Value | None = price.get("discount")
    for term, name in DISCOUNT_REASONS.items():
        for reason in take(record, term):
            if discount is not None and reason.element.getparent() is discount.element.getparent():
                extension_of(price)[name] = reason


def arrange_discount(record: dict[str, Any], writing: Writing) -> None:
    """The counterpart of `fold_discount`."""
    price = contents(record.get("price"))
    reasons = contents(price.get("extension"))
    for term, name in DISCOUNT_REASONS.items():
        if name in reasons and "discount" in price:
            record[term] = reasons[name]
        else:
            writing.lose(term, reasons.get(name), f"lines[].price.extension.{name}", "there is no discount (BT-147)")


def fold_line_vat_totals(record: Record, reading: Reading, amounts: Callable[[Record], Iterable[Value]]) -> None:
    """BG-0: the VAT of a line, told apart by currency; `amounts` takes them out of the record of a line."""
    document, accounting = record.get("currency"), record.get("vat_currency")
    for line in record.get("lines", ()):
        for amount in amounts(line):
            currency = reading.attribute(amount, "currencyID")
            if currency is None or document is None or currency.text == document.text:
                name = "vat_total"
            elif accounting is not None and currency.text == accounting.text:
                name = "vat_total_in_accounting_currency"
            else:
                continue
            if extension_of(line).setdefault(name, amount) is amount:
                reading.use(currency)


def arrange_line_vat_totals(record: dict[str, Any], writing: Writing) -> Iterator[tuple[dict[str, Any], list[Marked]]]:
    """The counterpart of `fold_line_vat_totals`: every line, as a record, with its amounts and their currencies."""
    lines = record["lines"] = [contents(line) for line in record.get("lines", ())]
    document, accounting = record.get("currency"), record.get("vat_currency")
    for number, line in enumerate(lines):
        extension = line["extension"] = contents(line.get("extension"))
        amounts = []
        if (vat := extension.pop("vat_total", None)) is not None:
            amounts.append(Marked(vat, {"currency": document}))
        if (vat := extension.pop("vat_total_in_accounting_currency", None)) is not None:
            if accounting in (None, document):
                where = f"lines[{number}].extension.vat_total_in_accounting_currency"
                writing.lose("EXT-FR-FE-182", vat, where, "it needs an accounting currency (BT-6) other than BT-5")
            else:
                amounts.append(Marked(vat, {"currency": accounting}))
        yield line, amounts
