"""Invoices of FA(3): a plain one, and Hypothesis strategies for every attribute of the model."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from billingua.engine.kinds import attribute_kinds, extra_of
from billingua.formats.fa.model import Address, Buyer, FaInvoice, Line, Seller, codes


def example() -> FaInvoice:
    """The least that a domestic invoice says."""
    return FaInvoice(
        created=datetime(2026, 2, 2, 10, 30, tzinfo=UTC),
        kind="VAT",
        number="FV/1/2026",
        issue_date=date(2026, 2, 2),
        currency="PLN",
        seller=Seller(
            nip="5260250274", name="Sprzedawca", address=Address(country="PL", line_1="ul. Pusta 1, 00-001 Warszawa")
        ),
        buyer=Buyer(
            nip="7740001454", name="Nabywca", address=Address(country="PL", line_1="ul. Ludna 2, 09-411 Płock")
        ),
        lines=(
            Line(
                number=1,
                name="Papier",
                unit="szt.",
                quantity=Decimal(2),
                net_price=Decimal("50.00"),
                net_amount=Decimal("100.00"),
                rate="23",
            ),
        ),
        net_total_23=Decimal("100.00"),
        tax_23=Decimal("23.00"),
        total_due=Decimal("123.00"),
    )


_CHARACTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"))
_TEXTS = st.lists(st.text(_CHARACTERS, min_size=1, max_size=6), min_size=1, max_size=2).map(" ".join)
_ZONES = st.none() | st.just(UTC) | st.integers(-840, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: _TEXTS,
    bool: st.booleans(),
    int: st.integers(-(10**17), 10**17),
    Decimal: st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=2),
    date: st.dates(),
    datetime: st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=_ZONES),
}


def _attribute(kind: type[msgspec.Struct], field: msgspec.structs.FieldInfo) -> st.SearchStrategy[Any]:
    extra, bound = extra_of(kind, field.name), attribute_kinds(kind)[field.name]
    if extra["only"] == "fa2":
        return st.just(field.default)
    if issubclass(bound, msgspec.Struct):
        one: st.SearchStrategy[Any] = st.deferred(lambda: _group(bound))
    else:
        one = st.sampled_from(sorted(codes()[extra["codes"]])) if extra["codes"] else _SCALARS[bound]
    if field.default == ():
        return st.lists(one, max_size=2).map(tuple)
    return one if field.default is False else st.none() | one


def _group(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """A group with some of its attributes."""
    fields = {field.name: _attribute(kind, field) for field in msgspec.structs.fields(kind)}
    return (
        st.lists(st.sampled_from(sorted(fields)), max_size=6, unique=True)
        .flatmap(lambda names: st.fixed_dictionaries({name: fields[name] for name in names}))
        .map(lambda values: kind(**values))
    )


def invoices() -> st.SearchStrategy[FaInvoice]:
    """Invoices with some of their attributes; few of them are valid."""
    return _group(FaInvoice)
