"""The model as JSON: exact numbers, round trips, and errors that say where."""

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.errors import BillinguaError, InvalidModel, UnreadableInput
from billingua.model import (
    Identifier,
    Invoice,
    Item,
    Line,
    Price,
    Seller,
    SupportingDocument,
    Totals,
    json_schema,
)

INVOICE = Invoice(
    number="2026-1",
    issue_date=date(2026, 1, 31),
    seller=Seller(name="Żuraw", identifiers=(Identifier("5790000435975", "0088"),)),
    lines=(Line(quantity=Decimal("1.50"), price=Price(net_price=Decimal("0.0000001")), item=Item(name="x")),),
    supporting_documents=(SupportingDocument(reference="A", content=b"\x00\xff"),),
)


def test_round_trip() -> None:
    data = INVOICE.to_json()
    assert Invoice.from_json(data) == INVOICE
    assert Invoice.from_json(data.decode()) == INVOICE
    assert Invoice.from_json(b"\xef\xbb\xbf" + INVOICE.to_json(indent=2)) == INVOICE
    assert Invoice.from_json(data).to_json() == data


def test_only_what_was_said_is_written_and_numbers_are_strings() -> None:
    assert Invoice().to_json() == b"{}"
    invoice = Invoice(totals=Totals(amount_due=Decimal("10.10")), lines=(Line(quantity=Decimal(0)),))
    assert invoice.to_json() == b'{"totals":{"amount_due":"10.10"},"lines":[{"quantity":"0"}]}'


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10.10", "10.10"),
        ('"10.10"', "10.10"),
        ("10", "10"),
        ("-0.50", "-0.50"),
        ("1e3", "1000"),
        ("1.25E+1", "12.5"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ("123456789012345678901234567890.12", "123456789012345678901234567890.12"),
    ],
)
def test_numbers_keep_their_decimals(text: str, number: str) -> None:
    totals = Invoice.from_json(f'{{"totals": {{"amount_due": {text}}}}}').totals
    assert totals is not None
    assert str(totals.amount_due) == number


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ('{"lines":[{},{"item":{"nam":1}}]}', "lines[1].item.nam", "Did you mean name?"),
        ('{"sellr":{}}', "sellr", "Did you mean seller?"),
        ('{"totals":{"qqq":1}}', "totals.qqq", "Known here: line_total"),
        ('{"lines":[{"price":{"net_price":true}}]}', "lines[0].price.net_price", "(BT-146): expected number"),
        (
            '{"lines":[{"quantity":"NaN"}]}',
            "lines[0].quantity",
            "Invoiced quantity (BT-129) must be a finite",
        ),
        ('{"lines":[{"quantity":1e500}]}', "lines[0].quantity", "more than 60 digits"),
        ('{"lines":[{"quantity":1e99999999999999999999}]}', "lines[0].quantity", "BT-129"),
        ('{"seller":{"address":{"city":5}}}', "seller.address.city", "Seller city (BT-37): expected text"),
        ('{"buyer":{"address":{"city":5}}}', "buyer.address.city", "Buyer city (BT-52): expected text"),
        ('{"seller":{"electronic_address":"x"}}', "seller.electronic_address", '{"value": "..."}'),
        ('{"seller":{"identifiers":[{"value":5}]}}', "seller.identifiers[0].value", "BT-29"),
        ('{"issue_date":"2026-02-30"}', "issue_date", "(BT-2): invalid"),
        ('{"lines":{}}', "lines", "(BG-25): expected list"),
        ('{"lines":null}', "lines", "(BG-25): expected list"),
        ('{"number":"\\u0001"}', "number", "BT-1"),
        ('{"supporting_documents":[{"content":"?"}]}', "supporting_documents[0].content", "BT-125"),
        ("[]", "", "The invoice: expected object, got list"),
    ],
)
def test_what_is_wrong_is_said_with_path_and_term(text: str, where: str, said: str) -> None:
    with pytest.raises(InvalidModel) as caught:
        Invoice.from_json(text)
    assert caught.value.where == where
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b'{"number":\n  x}', "line 2, column 3"),
        (b'{"number":"a', "truncated"),
        (b'{"lines":[{"quantity":NaN}]}', "invalid character"),
        (b"{} {}", "trailing"),
        (b'{"number":"\xff"}', "UTF-8"),
        ('{"number":"\ud800"}', "UTF-8"),
        (b'{"number":"\\ud800"}', "cannot be read"),
    ],
)
def test_what_is_no_json_is_unreadable(text: Any, said: str) -> None:
    with pytest.raises(UnreadableInput, match=said):
        Invoice.from_json(text)


@given(st.text() | st.binary() | st.text(alphabet='{}[]",:12eE.-lines ').map(lambda text: '{"lines":' + text))
def test_bad_input_ends_in_one_family_of_errors(data: str | bytes) -> None:
    with suppress(BillinguaError):
        Invoice.from_json(data)


def test_deep_nesting_is_refused() -> None:
    for opening in ('{"lines":[' * 5, '{"x":', '{"lines":[{"quantity":'):
        with pytest.raises(BillinguaError):
            Invoice.from_json(opening + "[" * 200_000)


def test_the_schema_carries_terms_and_both_ways_to_write_a_number() -> None:
    schema = json_schema()
    assert schema["$schema"].endswith("2020-12/schema")
    line = schema["$defs"]["Line"]
    assert line["properties"]["quantity"]["description"].startswith("BT-129 Invoiced quantity: ")
    assert line["properties"]["quantity"]["anyOf"][0]["type"] == ["string", "number"]
    assert line["additionalProperties"] is False
    assert msgspec.json.decode(msgspec.json.encode(schema)) == schema
