"""What a table can say, feature by feature, in both directions."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from billingua.errors import CannotExpress, InvalidModel
from billingua.model import (
    Buyer,
    CreditTransfer,
    DocumentAllowance,
    DocumentCharge,
    Identifier,
    Invoice,
    Line,
    Note,
    PaymentInstructions,
    Price,
    Seller,
    Totals,
)
from billingua.remote.mapping.reading import read
from billingua.remote.mapping.table import Table, load
from billingua.remote.mapping.writing import write

TableOf = Callable[..., Table]

WORDS = """
type|380|INVOICE
type|381|CREDIT
means|30|TRANSFER
means|58|TRANSFER|~
means||NONE
known|0088|0088
"""


@pytest.fixture
def table_of(tmp_path: Path) -> TableOf:
    """Makes a table of its lines, cells separated by bars."""

    def make(*lines: str, **options: Any) -> Table:
        (tmp_path / "rows.tsv").write_text("\n".join(lines).replace("|", "\t"), "utf-8")
        (tmp_path / "words.tsv").write_text(WORDS.replace("|", "\t"), "utf-8")
        found = {"title": "The form", "instead": "Send XML.", "words": "words.tsv"} | options
        return load(str(tmp_path / "module.py"), "rows.tsv", **found)

    return make


def written(table: Table, invoice: Invoice) -> dict[str, Any]:
    return write(table, invoice, allow_losses=False).content


def lost(table: Table, invoice: Invoice) -> list[tuple[str, str]]:
    return [(loss.where, loss.why) for loss in write(table, invoice, allow_losses=True).losses]


def both_ways(table: Table, invoice: Invoice, content: dict[str, Any]) -> None:
    assert written(table, invoice) == content
    assert read(table, content) == (invoice, ())


def test_values_by_their_type(table_of: TableOf) -> None:
    table = table_of("BT-1|a.number", "BT-2|a.day", "BT-115|due", "BT-146|lines[].price")
    invoice = Invoice(
        number="7",
        issue_date=date(2026, 1, 31),
        totals=Totals(amount_due=Decimal("1.10")),
        lines=(Line(price=Price(net_price=Decimal("2.5000"))), Line(price=Price(net_price=Decimal(3)))),
    )
    content = {
        "a": {"number": "7", "day": "2026-01-31"},
        "due": Decimal("1.10"),
        "lines": [{"price": Decimal("2.5000")}, {"price": Decimal(3)}],
    }
    both_ways(table, invoice, content)
    assert written(table_of("BT-115|due", numbers="text"), Invoice(totals=Totals(amount_due=Decimal("1E-7")))) == {
        "due": "0.0000001"
    }
    loose = {
        "a": {"number": 7, "day": "2026-01-31T00:00:00"},
        "due": "1.10",
        "lines": [{"price": " 2.5 "}, {"price": 3}],
    }
    assert read(table, loose) == (invoice, ())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"due": "much"}, r"due: The value 'much' is not a decimal number"),
        ({"due": 1.5}, r"due: The value 1.5 is not a decimal number .* exact numbers"),
        ({"due": True}, "is not a decimal number"),
        ({"due": Decimal("1E+999999999")}, "is not a number of 60 digits at most"),
        ({"day": "31.01.2026"}, r"day: The value '31.01.2026' is not a date such as 2026-01-31"),
        ({"day": "2026-02-30"}, "is not a date"),
        ({"file": "%%%%"}, "is not the Base64 form of a file"),
        ({"number": True}, "is not a text"),
        ({"number": "a\x00"}, r"number: .*which XML cannot carry"),
        ([], r"The form is an object, not \[\]"),
    ],
)
def test_impossible_values_are_one_error(table_of: TableOf, content: Any, message: str) -> None:
    table = table_of("BT-1|number", "BT-2|day", "BT-115|due", "BT-125|file[]")
    with pytest.raises(InvalidModel, match=message):
        read(table, content)


def test_what_the_table_does_not_know_is_unmapped(table_of: TableOf) -> None:
    table = table_of("-|service", "BT-1|a.number", "BT-153|lines[].name", "BT-20|terms[0]")
    content = {
        "service": {"id": 5},
        "a": {"number": "7", "more": {"x": 1}, "nothing": None, "empty": [{}]},
        "lines": [{"name": "x", "colour": "red"}, "odd"],
        "terms": ["soon", "or later"],
    }
    found = read(table, content)
    assert found.invoice == Invoice(
        number="7", payment_terms="soon", lines=read(table, {"lines": [{"name": "x"}]})[0].lines
    )
    assert [(place.path, place.text) for place in found.unmapped] == [
        ("a.more", '{"x":1}'),
        ("lines[0].colour", "red"),
        ("lines[1]", "odd"),
        ("terms[1]", "or later"),
    ]


def test_a_single_member_may_stand_for_its_list_and_a_list_for_its_member(table_of: TableOf) -> None:
    table = table_of("BT-1|number", "BT-153|lines[].name")
    assert read(table, {"number": ["7"], "lines": {"name": "x"}}) == read(
        table, {"number": "7", "lines": [{"name": "x"}]}
    )


def test_a_term_in_two_places_must_be_the_same(table_of: TableOf) -> None:
    table = table_of("BT-112|total", "BT-112|amount")
    invoice = Invoice(totals=Totals(total_with_vat=Decimal("61.20")))
    both_ways(table, invoice, {"total": Decimal("61.20"), "amount": Decimal("61.20")})
    assert read(table, {"amount": "61.20"}) == (invoice, ())
    assert read(table, {"amount": "61.2", "total": Decimal("61.20")}).unmapped == ()
    with pytest.raises(InvalidModel, match=r"amount: BT-112 is '61.21' here, but .*61.20.* at total"):
        read(table, {"total": "61.20", "amount": "61.21"})


def test_echoes_and_aliases_give_way(table_of: TableOf) -> None:
    table = table_of("<BT-20|older", "BT-20|terms", "~BT-20|echo")
    both_ways(table, Invoice(payment_terms="soon"), {"terms": "soon", "echo": "soon"})
    assert read(table, {"older": "soon"}).invoice.payment_terms == "soon"
    found = read(table, {"older": "later", "terms": "soon"})
    assert found.invoice.payment_terms == "soon"
    assert [place.path for place in found.unmapped] == ["older"]


def test_the_first_member_alone(table_of: TableOf) -> None:
    table = table_of("BT-84[0]|iban")
    two = PaymentInstructions(
        credit_transfers=(CreditTransfer(account_identifier="A"), CreditTransfer(account_identifier="B"))
    )
    one = two.replace(credit_transfers=two.credit_transfers[:1])
    both_ways(table, Invoice(payment=one), {"iban": "A"})
    assert lost(table, Invoice(payment=two)) == [
        ("payment.credit_transfers[1].account_identifier", "there is room for one")
    ]


def test_every_member_alike(table_of: TableOf) -> None:
    table = table_of("BT-81|means[*].code", "BT-84|means[].iban")
    payment = PaymentInstructions(
        means_code="30",
        credit_transfers=(CreditTransfer(account_identifier="A"), CreditTransfer(account_identifier="B")),
    )
    both_ways(table, Invoice(payment=payment), {"means": [{"iban": "A", "code": "30"}, {"iban": "B", "code": "30"}]})
    both_ways(table, Invoice(payment=PaymentInstructions(means_code="30")), {"means": [{"code": "30"}]})
    assert [place.path for place in read(table, {"means": [{"code": "30"}, {"code": "58"}]}).unmapped] == [
        "means[1].code"
    ]


def test_members_told_apart_by_a_key(table_of: TableOf) -> None:
    table = table_of("BT-92|changes[plus=false].amount", "BT-99|changes[plus=true].amount")
    invoice = Invoice(
        allowances=(DocumentAllowance(amount=Decimal(1)), DocumentAllowance(amount=Decimal(2))),
        charges=(DocumentCharge(amount=Decimal(3)),),
    )
    content = {
        "changes": [
            {"plus": False, "amount": Decimal(1)},
            {"plus": False, "amount": Decimal(2)},
            {"plus": True, "amount": Decimal(3)},
        ]
    }
    both_ways(table, invoice, content)
    content["changes"].reverse()
    assert [one.amount for one in read(table, content).invoice.allowances] == [2, 1]
    assert [place.path for place in read(table, {"changes": [{"plus": "perhaps", "amount": 1}]}).unmapped] == [
        "changes[0]"
    ]


def test_the_one_member_that_a_key_tells(table_of: TableOf) -> None:
    table = table_of("BT-31|taxes[scheme.id=VAT].number")
    invoice = Invoice(seller=Seller(vat_identifier="FR1"))
    both_ways(table, invoice, {"taxes": [{"scheme": {"id": "VAT"}, "number": "FR1"}]})
    others = {"taxes": [{"scheme": {"id": "GST"}, "number": "7"}, {"number": "FR1"}, {"number": "FR2"}]}
    found = read(table, others)
    assert found.invoice == invoice
    assert [place.path for place in found.unmapped] == ["taxes[0]", "taxes[2]"]


def test_identifiers_by_their_scheme(table_of: TableOf) -> None:
    table = table_of(
        "BT-29{0009}|siret",
        "BT-29{known}|ids[].id|||scheme=BT-29-1",
        "BT-46{}|plain",
        "BT-47|legal|||kind=BT-47-1",
    )
    numbers = (Identifier("1", "0009"), Identifier("2", "0088"), Identifier("3"))
    invoice = Invoice(
        seller=Seller(identifiers=numbers),
        buyer=Buyer(identifier=Identifier("4"), legal_registration_identifier=Identifier("5", "0002")),
    )
    content = {
        "siret": "1",
        "ids": [{"id": "2", "scheme": "0088"}, {"id": "3"}],
        "plain": "4",
        "legal": "5",
        "kind": "0002",
    }
    both_ways(table, invoice, content)
    strange = Invoice(
        seller=Seller(identifiers=(Identifier("1", "9999"), Identifier("2", "0009"), Identifier("3", "0009"))),
        buyer=Buyer(identifier=Identifier("4", "0088")),
    )
    assert [where for where, _ in lost(table, strange)] == [
        "seller.identifiers[0].value",
        "seller.identifiers[0].scheme_id",
        "seller.identifiers[2].value",
        "seller.identifiers[2].scheme_id",
        "buyer.identifier.value",
        "buyer.identifier.scheme_id",
    ]
    twice = {"siret": "1", "ids": [{"id": "1", "scheme": "0009"}]}
    assert read(table, twice).invoice.seller == Seller(identifiers=(Identifier("1", "0009"),))


def test_words(table_of: TableOf) -> None:
    table = table_of("BT-3|type|type!", "BT-81|means|means")
    payment = PaymentInstructions(means_code="30")
    both_ways(table, Invoice(type_code="381", payment=payment), {"type": "CREDIT", "means": "TRANSFER"})
    with pytest.raises(
        CannotExpress, match=r"type_code: The form has no place for BT-3; .*no word for 384\. Send XML\."
    ):
        write(table, Invoice(type_code="384"), allow_losses=True)
    assert lost(table, Invoice(payment=PaymentInstructions(means_code="48"))) == [
        ("payment.means_code", "The form has no word for 48")
    ]
    assert lost(table, Invoice(payment=PaymentInstructions(means_code="58"))) == [
        ("payment.means_code", "it becomes TRANSFER, which stands for 30")
    ]
    found = read(table, {"type": "NEW_WORD", "means": "NONE"})
    assert found == (Invoice(), found.unmapped)
    assert [place.path for place in found.unmapped] == ["type"]


def test_what_the_service_takes_as_given(table_of: TableOf) -> None:
    table = table_of("BT-5|=EUR|!", "BT-126|=#", "BT-153|lines[].name")
    invoice = Invoice(currency="EUR", lines=(Line(identifier="1"), Line(identifier="2")))
    invoice = read(table, {"lines": [{"name": "x"}, {"name": "y"}]}).invoice
    assert [line.identifier for line in invoice.lines] == ["1", "2"]
    both_ways(table, invoice, {"lines": [{"name": "x"}, {"name": "y"}]})
    swapped = invoice.replace(lines=invoice.lines[::-1])
    assert lost(table, swapped)[0] == ("lines[0].identifier", "The form always means 1 here")
    with pytest.raises(CannotExpress, match="BT-5"):
        write(table, invoice.replace(currency="SEK"), allow_losses=True)


def test_what_stands_in_for_what_is_missing(table_of: TableOf) -> None:
    table = table_of(
        "BT-27|name||!", "BT-28|shop||BT-27 !", "BT-113|paid||=0", "BT-22|notes[].text||?", "BT-21|notes[].code"
    )
    named = Invoice(seller=Seller(name="A"))
    both_ways(table, named, {"name": "A", "shop": "A", "paid": Decimal(0)})
    full = Invoice(seller=Seller(name="A", trading_name="B"), totals=Totals(paid_amount=Decimal("0.00")))
    both_ways(table, full, {"name": "A", "shop": "B", "paid": Decimal("0.00")})
    with pytest.raises(InvalidModel, match=r"BT-27 Seller name \(seller.name\), BT-28 Seller trading name .*Send XML"):
        written(table, Invoice())
    with pytest.raises(InvalidModel, match=r"BT-22 Invoice note \(notes\[1\].text\)"):
        written(table, named.replace(notes=(Note(text="x"), Note(subject_code="AAI"))))


def test_the_reason_of_a_loss(table_of: TableOf) -> None:
    table = table_of("BT-27|-||the register knows it")
    invoice = Invoice(number="7", seller=Seller(name="A"))
    assert lost(table, invoice) == [("number", "there is no key for it"), ("seller.name", "the register knows it")]
    with pytest.raises(CannotExpress, match=r"no place for BT-1, BT-27; the first value is '7': .*allow the losses"):
        written(table, invoice)


def test_wrapped_values(table_of: TableOf) -> None:
    table = table_of("BT-5|Currency", "BT-115|Due|||currencyID=BT-5", "BT-31|Tax[Scheme.ID=VAT].ID", wrapped=True)
    invoice = Invoice(currency="EUR", seller=Seller(vat_identifier="FR1"), totals=Totals(amount_due=Decimal("1.0")))
    content = {
        "Currency": {"Value": "EUR"},
        "Due": {"Value": Decimal("1.0"), "currencyID": "EUR"},
        "Tax": [{"Scheme": {"ID": {"Value": "VAT"}}, "ID": {"Value": "FR1"}}],
    }
    both_ways(table, invoice, content)
    assert read(table, {**content, "Currency": "EUR"}) == (invoice, ())
    assert read(table, {"Due": content["Due"]}).invoice.currency == "EUR"
    with pytest.raises(InvalidModel, match="BT-5 is 'SEK' here, but 'EUR' at Currency"):
        read(table, {**content, "Due": {"Value": 1, "currencyID": "SEK"}})


def test_keys_in_either_spelling(table_of: TableOf) -> None:
    table = table_of("BT-131|invoice_lines[].lineNetAmount", spelled_twice=True)
    plain = {"invoice_lines": [{"lineNetAmount": Decimal(5)}]}
    invoice = read(table, plain).invoice
    both_ways(table, invoice, plain)
    assert read(table, {"invoiceLines": [{"line_net_amount": 5}]}) == (invoice, ())
