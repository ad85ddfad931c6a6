"""Converting between the syntaxes: the result is valid, and every value is in it or among the losses."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from format_examples import content_of, read, write
from format_models import complete, invoices
from hypothesis import HealthCheck, given, settings

from billingua import formats
from billingua.conversion import convert_document
from billingua.engine.document import Document
from billingua.errors import UsageError
from billingua.model import Identifier, Invoice, PrecedingInvoice

FACTURX = "urn:cen.eu:en16931:2017"


def values_of(content: Any) -> Iterator[str]:
    """Every value of a model, as text."""
    if isinstance(content, msgspec.Struct):
        for name in content.__struct_fields__:
            yield from values_of(getattr(content, name))
    elif isinstance(content, tuple):
        for one in content:
            yield from values_of(one)
    elif content is not None:
        yield str(content)


def other(name: str) -> str:
    return "ubl" if name == "cii" else "cii"


def check_conversion(document: Document[Invoice]) -> Document[Invoice]:
    """Convert; every value is kept or named as lost, whatever the model could not take is named as well."""
    converted = convert_document(document, other(document.format))
    again = read(converted.data)
    lost = Counter(loss.value for loss in converted.losses)
    assert not Counter(values_of(document.content)) - Counter(values_of(again.content)) - lost
    assert len(converted.losses) >= len(document.unmapped)
    assert again.unmapped == ()
    assert again.profile == document.profile or document.profile is None
    return again


def test_examples_keep_every_value_there_and_back(example: Path) -> None:
    document = read(content_of(example))
    there = check_conversion(document)
    back = check_conversion(there)
    assert back.content == there.content


def test_converted_examples_are_valid(example: Path, official_verdict: Callable[[bytes, str], list[str]]) -> None:
    document = read(content_of(example))
    invoice = document.content.replace(specification=FACTURX)
    document = document._replace(content=invoice)
    data = {name: convert_document(document, name).data for name in ("ubl", "cii")}
    verdicts = {name: official_verdict(text, read(text).format) for name, text in data.items()}
    own = document.format if document.format == "cii" else "ubl"
    if verdicts[own]:
        pytest.skip(f"the original is not valid: {verdicts[own][0]}")
    assert verdicts[other(document.format)] == []


@given(invoice=invoices())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_invoice_keeps_every_value(invoice: Invoice) -> None:
    document = read(write(invoice, "ubl"))
    there = check_conversion(document)
    assert check_conversion(there).content == document.content


def test_whole_model_passes_through_both_syntaxes() -> None:
    invoice = complete()
    assert check_conversion(check_conversion(read(write(invoice, "cii")))).content == invoice


def test_losses_name_term_value_place_and_reason() -> None:
    invoice = complete().replace(
        preceding_invoices=(
            PrecedingInvoice(number="A"),
            PrecedingInvoice(number="B", issue_date=date(2026, 1, 31)),
        )
    )
    converted = convert_document(read(write(invoice, "ubl")), "cii")
    number, day = converted.losses
    assert (number.term, number.value, day.term, day.value) == ("BT-25", "B", "BT-26", "2026-01-31")
    assert number.where.startswith("line ")
    assert number.where.endswith("/Invoice/cac:BillingReference[2]/cac:InvoiceDocumentReference[1]/cbc:ID[1]")
    assert "D16B" in number.why


def test_codes_of_the_tax_point_are_those_of_each_syntax() -> None:
    data = write(complete(), "cii")
    assert b"<ram:DueDateTypeCode>29<" in data
    assert b"<cbc:DescriptionCode>35<" in convert_document(read(data), "ubl").data


def test_creditor_identifier_is_kept() -> None:
    invoice = complete()
    seller = invoice.seller
    assert seller is not None
    invoice = invoice.replace(payee=None, seller=seller.replace(identifiers=(Identifier("1"), Identifier("2", "0088"))))
    ubl = write(invoice, "ubl")
    assert b'schemeID="SEPA"' in ubl
    converted = convert_document(read(ubl), "cii")
    assert b"CreditorReferenceID" in converted.data
    assert converted.losses == ()
    assert read(converted.data).content == invoice


def test_due_date_of_a_credit_note_without_payment_instructions_is_lost_in_ubl() -> None:
    invoice = complete().replace(type_code="381", payment=None)
    converted = convert_document(read(write(invoice, "cii")), "ubl")
    assert [(loss.term, loss.where.startswith("line ")) for loss in converted.losses] == [("BT-9", True)]


def test_discount_without_gross_price_gets_one_where_the_syntax_needs_it() -> None:
    invoice = complete()
    price = invoice.lines[0].price
    assert price is not None
    price = price.replace(net_price=Decimal("9.00"), discount=Decimal("1.00"), gross_price=None)
    invoice = invoice.replace(lines=(invoice.lines[0].replace(price=price),))
    assert read(write(invoice, "ubl")).content == invoice
    written = read(write(invoice, "cii")).content.lines[0].price
    assert written == price.replace(gross_price=Decimal("10.00"))


def test_version_of_a_scheme_has_no_place_but_in_a_classification() -> None:
    document = read(write(complete(), "cii"))
    payee = complete().payee
    assert payee is not None
    payee = payee.replace(identifier=Identifier("1", "0088", "2.0"))
    document = document._replace(content=complete().replace(payee=payee))
    losses = convert_document(document, "ubl").losses
    assert [(loss.value, loss.where) for loss in losses] == [("2.0", "payee.identifier.scheme_version")]


def test_value_without_the_one_it_belongs_to_is_lost() -> None:
    line = complete().lines[0].replace(quantity=None)
    document = read(write(complete(), "cii"))
    document = document._replace(content=complete().replace(lines=(line,)))
    losses = convert_document(document, "cii").losses
    assert [(loss.term, loss.value) for loss in losses] == [("BT-130", line.unit_code)]


def test_unknown_target_is_refused() -> None:
    with pytest.raises(UsageError, match="no format 'edifact'"):
        convert_document(read(write(complete(), "cii")), "edifact")


def test_shelf_lists_every_folder() -> None:
    assert {"cii", "ubl"} <= set(formats.folders())
    for folder in formats.folders():
        assert formats.get(folder).folder == folder
    with pytest.raises(UsageError, match="no format folder"):
        formats.get("edifact")
