"""Reading and writing are inverse to each other, in both syntaxes."""

from pathlib import Path

import pytest
from format_examples import content_of, read, write
from format_models import complete, invoices
from hypothesis import HealthCheck, given, settings

from billingua import formats
from billingua.engine.binding import read_table
from billingua.model import Invoice, terms

SYNTAXES = ("ubl", "cii")


@pytest.mark.parametrize("name", SYNTAXES)
@given(invoice=invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_invoice_comes_back_whole(name: str, invoice: Invoice) -> None:
    data = write(invoice, name)
    document = read(data)
    assert document.content == invoice
    assert document.unmapped == ()
    assert write(document.content, name) == data


@pytest.mark.parametrize("name", SYNTAXES)
def test_every_attribute_of_the_model_has_a_place(name: str) -> None:
    invoice = complete()
    document = read(write(invoice, name))
    assert document.content == invoice
    assert document.unmapped == ()


def test_examples_come_back_whole(example: Path) -> None:
    original = read(content_of(example))
    data = formats.by_name(original.format).write(original.content, original.format)
    again = read(data)
    assert again.content == original.content
    assert again.unmapped == ()
    assert write(again.content, original.format) == data


@pytest.mark.parametrize("name", SYNTAXES)
def test_table_has_every_term(name: str) -> None:
    entries = read_table(formats.get(name).table())
    bound = {entry.row.term for entry in entries} | {term for entry in entries for _, term in entry.attributes}
    bound |= {entry.row.group for entry in entries}
    elsewhere = {
        "ubl": {"BT-18", "BT-21", "BT-31", "BT-32", "BT-48", "BT-63", "BT-90", "BT-111"},
        "cii": {"BT-17", "BT-18", "BT-18-1", "BT-31", "BT-32", "BT-48", "BT-63", "BT-111", "BT-128-1"},
    }
    groups_of_terms_only = {"BG-2", "BG-29", "BG-31"}
    assert set(terms()) - bound == elsewhere[name] | groups_of_terms_only
