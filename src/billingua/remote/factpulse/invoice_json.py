"""The invoice as FactPulse takes it: its full model, which it also gives back.

Amounts, prices and quantities are written as text, as the models of FactPulse refuse some numbers (a price of 0), rates
as numbers. Keys are written as the published models spell them, mostly in snake_case, and read in either spelling.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from billingua.engine.document import Loss
from billingua.errors import InvalidModel, UsageError
from billingua.formats.cii.profiles import by_guideline, profile_of
from billingua.model import Invoice, Line
from billingua.remote.mapping.reading import ReadInvoice
from billingua.remote.mapping.reading import read as read_table
from billingua.remote.mapping.table import Table, load
from billingua.remote.mapping.writing import Written, require_invoice
from billingua.remote.mapping.writing import write as write_table

__all__ = ["INSTEAD", "VAT_ACCOUNTING", "profile", "read", "read_incoming", "settled_specification", "write"]

VAT_ACCOUNTING: Final = ("TVA_SUR_DEBIT", "TVA_SUR_ENCAISSEMENT", "EXONERATION", "SANS_TVA")
"""When VAT falls due, in the words of FactPulse: on invoicing, on payment, exempt, no VAT."""

INSTEAD: Final = "FactPulse also takes the document itself, as XML or Factur-X, by afnor/flow/v1/flows."

_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,17}")
"""A number of a line (BT-126) that stays the same text as a JSON number."""

_PROFILES: Final = {"minimum": "MINIMUM", "basicwl": "BASICWL", "basic": "BASIC", "extended": "EXTENDED"}


@cache
def _table() -> Table:
    return load(
        __file__,
        "invoice_json.tsv",
        title="The full invoice of FactPulse",
        instead=INSTEAD,
        words="words.tsv",
        spelled_twice=True,
        numbers="text",
    )


@cache
def _incoming() -> Table:
    return load(__file__, "incoming.tsv", title="The incoming invoice of FactPulse", instead="", spelled_twice=True)


def write(invoice: Invoice, *, vat_accounting: str | None = None, allow_losses: bool = False) -> Written:
    """The invoice as the full model of FactPulse: `invoice_data`, and `invoiceData` of submit-complete.

    FactPulse requires a word for when VAT falls due. It follows from BT-8 (3 and 432), or from VAT categories that bear
    no tax; otherwise `vat_accounting` is asked for, one of `VAT_ACCOUNTING`. The specification identifier (BT-24) is no
    part of the model: see `profile`.

    Raises:
        CannotExpress: a value has no place and losses are not allowed, or FactPulse does not know a code: types (BT-3)
            other than 380, 381, 384, 386 and 389, units (BT-130) other than its fourteen, VAT category B.
        InvalidModel: a value is missing that FactPulse requires.
        UsageError: there is no such word for `vat_accounting`.
    """
    if vat_accounting is not None and vat_accounting not in VAT_ACCOUNTING:
        raise UsageError(
            f"FactPulse has no vat_accounting {vat_accounting!r}.", todo=f"Name one of: {', '.join(VAT_ACCOUNTING)}."
        )
    invoice = require_invoice(invoice, _table().title)
    numbered, losses = _numbered(invoice)
    written = write_table(
        _table(), numbered, allow_losses=allow_losses, settled=settled_specification(invoice), losses=losses
    )
    references = written.content["references"]
    if "vat_accounting_code" not in references:
        references["vat_accounting_code"] = vat_accounting or _accounting_of(invoice)
    return written


def read(content: dict[str, Any]) -> ReadInvoice:
    """The invoice that the full model describes (`invoice` of an answer), and what of it has no place in an invoice.

    Raises:
        InvalidModel: a value is impossible, or two places of one term differ.
    """
    return read_table(_table(), _in_new_form(content))


def read_incoming(content: dict[str, Any]) -> ReadInvoice:
    """The head of the invoice that an incoming flow brought (GET afnor/incoming-flows), which has no lines.

    Raises:
        InvalidModel: a value is impossible.
    """
    return read_table(_incoming(), content)


def profile(invoice: Invoice) -> str:
    """The profile to ask for (`profile`, `facturxProfile`), as the specification identifier (BT-24) says."""
    found = profile_of(invoice.specification)
    return _PROFILES.get(found.name, "EN16931") if found else "EN16931"


def settled_specification(invoice: Invoice) -> tuple[str, ...]:
    """BT-24 where the profile that is asked for says just that."""
    found = by_guideline(invoice.specification)
    return ("specification",) if found is not None and found.name != "xrechnung" else ()


def _numbered(invoice: Invoice) -> tuple[Invoice, list[Loss]]:
    """The invoice with whole numbers for lines (BT-126): their own, or all by position."""
    names = [line.identifier or "" for line in invoice.lines]
    if all(_WHOLE.fullmatch(name) for name in names):
        return invoice, []
    numbers = {name: str(number) for number, name in enumerate(names, 1)}
    lines = tuple(_renumbered(line, str(number), numbers) for number, line in enumerate(invoice.lines, 1))
    losses = [
        Loss("BT-126", name, f"lines[{number}].identifier", f"FactPulse numbers lines: it becomes {number + 1}")
        for number, name in enumerate(names)
        if name not in ("", str(number + 1))
    ]
    return invoice.replace(lines=lines), losses


def _renumbered(line: Line, number: str, numbers: Mapping[str, str]) -> Line:
    """A line with another number, and with that of the line it is part of."""
    extension = line.extension
    if extension is not None and extension.parent_line is not None:
        extension = extension.replace(parent_line=numbers.get(extension.parent_line, extension.parent_line))
    return line.replace(identifier=number, extension=extension)


def _accounting_of(invoice: Invoice) -> str:
    """When VAT falls due, where no tax is to fall due at all."""
    categories = {one.category_code for one in invoice.vat_breakdown}
    if categories == {"E"}:
        return "EXONERATION"
    if categories and all(one.tax_amount == 0 for one in invoice.vat_breakdown):
        return "SANS_TVA"
    raise InvalidModel(
        "FactPulse needs to know when VAT falls due, and has no word for what the invoice says (BT-8).",
        where="tax_point_date_code",
        todo=f"Give vat_accounting: {', '.join(VAT_ACCOUNTING)}.",
    )


def _in_new_form(content: Any) -> Any:
    """The same with notes and allowances where the table has them, instead of in their older keys."""
    if not isinstance(content, dict):
        return content
    content = dict(content)
    comment, notes = content.get("comment"), content.get("notes") or []
    if comment and isinstance(notes, list):
        del content["comment"]
        if not any(isinstance(note, dict) and note.get("content") == comment for note in notes):
            content["notes"] = [*notes, {"content": comment}]
    for key in ("invoice_lines", "invoiceLines"):
        if isinstance(content.get(key), list):
            content[key] = [_line_in_new_form(line) if isinstance(line, dict) else line for line in content[key]]
    return content


_OLDER: Final = {"allowanceAmount": "amount", "allowanceReason": "reason", "allowanceReasonCode": "reason_code"}


def _line_in_new_form(line: dict[str, Any]) -> dict[str, Any]:
    """A line with one note, and its allowances in the list."""
    line = dict(line)
    notes = line.get("line_notes")
    if isinstance(notes, list) and notes and isinstance(notes[0], dict) and not line.get("line_note"):
        first = dict(notes[0])
        line["line_note"] = first.pop("content", None)
        line["line_notes"] = [first, *notes[1:]]
    if line.get("allowanceAmount") and not line.get("allowances_charges"):
        older = {new: line.pop(old, None) for old, new in _OLDER.items()}
        line["allowances_charges"] = [{"is_charge": False, **older}]
    return line
