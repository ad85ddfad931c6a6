"""Hypothesis strategies for invoices: every attribute of the model, within what a document can say."""

import string
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from hypothesis import strategies as st

from billingua.model import (
    Identifier,
    Invoice,
    Line,
    Price,
    SupportingDocument,
    Totals,
    term_at,
)

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="#"),
    min_size=1,
    max_size=12,
)
CODES = st.text(string.ascii_uppercase, min_size=3, max_size=3)
NUMBERS = st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2)
DATES = st.dates(date(1900, 1, 1), date(2999, 12, 31))
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    Decimal: NUMBERS,
    date: DATES,
    bytes: st.binary(min_size=1, max_size=20),
}

DEPENDENT = {"mime_code", "filename", "base_quantity_unit_code", "unit_code", "scheme_version"}
"""Attributes that a document can have only together with another one."""


def _bare(kind: Any) -> Any:
    if hasattr(kind, "__metadata__"):
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(option for option in get_args(kind) if option is not type(None)))
    return kind


def _is_mandatory(path: str) -> bool:
    found = term_at(path)
    return found is not None and found.mandatory


def _identifiers() -> st.SearchStrategy[Identifier]:
    return st.builds(Identifier, TEXTS, st.none() | CODES)


def group(kind: type[msgspec.Struct], path: str, *, extended: bool = False) -> st.SearchStrategy[Any]:
    """A group of the model at a path: what the standard asks for is there, the rest may be; what the extension adds
    only where that is asked for."""
    if kind is Identifier:
        return _identifiers()
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for field in msgspec.structs.fields(kind):
        if field.name == "extension" and not extended:
            continue
        where = f"{path}.{field.name}" if path else field.name
        bare = _bare(field.type)
        if get_origin(bare) is tuple:
            inner = group(get_args(bare)[0], f"{where}[]", extended=extended)
            fields[field.name] = st.lists(inner, min_size=int(_is_mandatory(f"{where}[]")), max_size=2).map(tuple)
        elif field.name not in DEPENDENT:
            value: st.SearchStrategy[Any] = SCALARS[bare] if bare in SCALARS else group(bare, where, extended=extended)
            fields[field.name] = value if _is_mandatory(where) else st.none() | value
    return st.fixed_dictionaries(fields).map(lambda values: kind(**values)).map(_consistent)


def _consistent(one: Any) -> Any:
    """The same group, with what depends on another attribute beside it."""
    if isinstance(one, Line) and one.quantity is not None:
        return one.replace(unit_code="C62")
    if isinstance(one, Price) and (one.discount is None) != (one.gross_price is None):
        return one.replace(discount=None, gross_price=None)
    if isinstance(one, Price) and one.base_quantity is not None:
        return one.replace(base_quantity_unit_code="C62")
    if isinstance(one, SupportingDocument) and one.content is not None:
        return one.replace(mime_code="text/csv", filename="a.csv")
    return one


def is_empty(one: Any) -> bool:
    """Whether a group says nothing; documents do not tell it from one that is not there."""
    return all(getattr(one, name) in (None, ()) for name in one.__struct_fields__)


def without_empty(one: Any) -> Any:
    """The same group without groups that say nothing."""
    if not isinstance(one, msgspec.Struct):
        return one
    changes: dict[str, Any] = {}
    for name in one.__struct_fields__:
        value = getattr(one, name)
        if isinstance(value, msgspec.Struct):
            value = without_empty(value)
            changes[name] = None if is_empty(value) else value
        elif isinstance(value, tuple):
            kept = tuple(without_empty(item) for item in value)
            changes[name] = tuple(item for item in kept if not (isinstance(item, msgspec.Struct) and is_empty(item)))
    return msgspec.structs.replace(one, **changes)


ANY_INVOICE = group(Invoice, "")


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    """An invoice that both syntaxes can carry whole."""
    invoice: Invoice = draw(ANY_INVOICE)
    accounting = draw(st.sampled_from((None, "SEK")))
    totals = invoice.totals or Totals()
    invoice = invoice.replace(
        type_code=draw(st.sampled_from(("380", "381", "384"))),
        currency="EUR",
        vat_currency=accounting,
        tax_point_date_code=draw(st.sampled_from((None, "3", "35", "432"))),
        totals=totals.replace(
            total_vat=totals.total_vat or Decimal("0.00"),
            total_vat_in_accounting_currency=draw(NUMBERS) if accounting else None,
        ),
        notes=tuple(note.replace(subject_code=draw(st.none() | CODES)) for note in invoice.notes),
        preceding_invoices=invoice.preceding_invoices[:1],
        due_date=invoice.due_date if invoice.payment else None,
    )
    if invoice.seller is not None:
        in_order = sorted(invoice.seller.identifiers, key=lambda one: one.scheme_id is not None)
        invoice = invoice.replace(seller=invoice.seller.replace(identifiers=tuple(in_order)))
    whole: Invoice = without_empty(invoice)
    return whole


def complete(*, extended: bool = False) -> Invoice:
    """An invoice that has every attribute of the model (of the extension if asked for), each with its own value."""
    invoice: Invoice = _Filler(extended).fill(Invoice, "")
    return invoice.replace(type_code="380", currency="EUR", vat_currency="SEK", tax_point_date_code="35")


class _Filler:
    def __init__(self, extended: bool) -> None:
        self._number = 0
        self._extended = extended

    def fill(self, kind: Any, path: str) -> Any:
        """A value of a type; lists have one member."""
        self._number += 1
        number = self._number
        bare = _bare(kind)
        if get_origin(bare) is tuple:
            return (self.fill(get_args(bare)[0], path),)
        if bare is str:
            return "ABC" if path.endswith("subject_code") else f"text {number}"
        if bare is Decimal:
            return Decimal(number).scaleb(-1)
        if bare is date:
            return date.fromordinal(730000 + number)
        if bare is bytes:
            return f"content {number}".encode()
        versioned = path.endswith("classification_identifiers")
        return bare(
            **{
                field.name: self.fill(field.type, f"{path}.{field.name}")
                for field in msgspec.structs.fields(bare)
                if (field.name != "scheme_version" or versioned) and (field.name != "extension" or self._extended)
            }
        )
