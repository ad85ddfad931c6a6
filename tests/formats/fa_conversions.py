"""FA(3) and EN 16931 for tests: both conversions, the values of a model, and the public invoices."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from format_examples import CONFORMANCE, read

from billingua import formats
from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.errors import BillinguaError
from billingua.formats.fa import FORMAT
from billingua.formats.fa.convert import from_invoice, to_invoice
from billingua.formats.fa.model import FaInvoice
from billingua.model import Invoice, Totals, term_at

CREATED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FOLDERS = ("ksef", "ksefuj", "ksef-fop", "ksef2")
PUBLIC = [
    path
    for folder in FOLDERS
    for path in sorted((CONFORMANCE / folder).rglob("*.xml"))
    if any(namespace[1:-8].encode() in path.read_bytes() for namespace in FORMAT.roots)
]
"""Every public invoice of FA(3) and FA(2)."""


def to_fa(source: Invoice) -> tuple[FaInvoice, list[Loss]]:
    """The invoice in FA(3) and its losses; writing it proves that the schema takes it."""
    losses: list[Loss] = []
    fa = from_invoice(source, losses, CREATED)
    data = formats.by_name("fa3").write(fa, "fa3")
    assert read(data).content == fa
    return fa, losses


def to_en(source: FaInvoice) -> tuple[Invoice, list[Loss]]:
    losses: list[Loss] = []
    return to_invoice(source, losses), losses


def unwritten(source: Invoice) -> tuple[FaInvoice, list[Loss]]:
    """The invoice in FA(3), which the schema may refuse, and its losses."""
    losses: list[Loss] = []
    return from_invoice(source, losses, CREATED), losses


def leaves(group: msgspec.Struct, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything that a model says."""
    for field in msgspec.structs.fields(group):
        value, where = getattr(group, field.name), f"{path}{field.name}"
        if value == field.default or value == "":
            continue
        for index, one in enumerate(value if isinstance(value, tuple) else (value,)):
            place = f"{where}[{index}]" if isinstance(value, tuple) else where
            if isinstance(one, msgspec.Struct):
                yield from leaves(one, f"{place}.")
            elif one != "":
                yield place, one


def text_of(value: Any) -> str:
    return plain(value.normalize()) if isinstance(value, Decimal) else str(value)


def everything(group: msgspec.Struct) -> str:
    """All that a model says, in one text."""
    return "\n".join(" ".join(text_of(value).split()) for _, value in leaves(group))


def figures(one: Invoice) -> tuple[Any, ...]:
    """Amounts, dates, identifiers and the VAT split."""
    taxes = sorted((tax.category_code, tax.rate or 0, tax.taxable_amount, tax.tax_amount) for tax in one.vat_breakdown)
    lines = [(line.identifier, line.quantity, line.net_amount) for line in one.lines]
    dates = (one.issue_date, one.due_date, one.delivery and one.delivery.actual_date, one.invoicing_period)
    zero = {name: value for name, value in msgspec.structs.asdict(one.totals or Totals()).items() if value}
    return one.number, one.currency, taxes, lines, dates, zero


IMPLIED = {
    *("RodzajFaktury", "P_18", "PrefiksPodatnika", "ZnacznikZaplatyCzesciowej"),
    "BT-119",
}
"""What follows from other values: the kind that an unknown one is taken for, reverse charge from the rates, PL from the
NIP, partly paid from what was paid, and the rate of a group of the breakdown from that of its lines."""


def passed_over(model: FaInvoice | Invoice, convert: Callable[[Any], tuple[Any, list[Loss]]]) -> set[str]:
    """The terms whose value may be another and the conversion neither differs nor lists it as lost.

    One value of each attribute is tried: where it stands in several groups of a kind, the last.
    """
    result, lost = convert(model)
    kind = None if isinstance(model, Invoice) else type(model)
    found = set()
    known = {loss.where for loss in lost}
    tried = {re.sub(r"\[[0-9]+]", "", path): (path, value) for path, value in leaves(model) if path not in known}
    for path, value in tried.values():
        try:
            other, losses = convert(_with(model, path, _another(value)))
        except BillinguaError:
            continue
        if other == result and path not in {loss.where for loss in losses}:
            term = term_at(path, kind)
            found.add(term.id if term else path)
    return found


def _another(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, Decimal | int):
        return value + 1
    if isinstance(value, date):
        return value - timedelta(1)
    if isinstance(value, bytes):
        return value + b"x"
    return f"{value}1" if value.isdigit() else f"{value}x"


def _with(model: Any, path: str, value: Any) -> Any:
    """A model with another value at a path."""
    step, _, below = path.partition(".")
    name, _, index = step.rstrip("]").partition("[")
    old = getattr(model, name)
    if not index:
        return model.replace(**{name: _with(old, below, value) if below else value})
    place = int(index)
    one = _with(old[place], below, value) if below else value
    return model.replace(**{name: (*old[:place], one, *old[place + 1 :])})
