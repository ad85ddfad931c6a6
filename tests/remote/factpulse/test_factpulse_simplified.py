"""The simplified invoice of FactPulse: what is sent, what is lost, and when it would be another invoice."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.errors import BillinguaError, CannotExpress, InvalidModel
from billingua.model import (
    Address,
    Buyer,
    CreditTransfer,
    DocumentAllowance,
    Identifier,
    Invoice,
    Item,
    Line,
    LineVat,
    Note,
    PaymentInstructions,
    PrecedingInvoice,
    Price,
    Seller,
)
from billingua.remote.factpulse import simplified
from billingua.remote.mapping.json import encode


def line(number: int, quantity: Decimal, price: Decimal, rate: Decimal) -> Line:
    return Line(
        identifier=str(number),
        quantity=quantity,
        price=Price(net_price=price),
        vat=LineVat(category_code="S", rate=rate),
        item=Item(name=f"Objet {number}"),
    )


SMALL = Invoice(
    specification="urn:cen.eu:en16931:2017",
    number="F-1",
    issue_date=date(2026, 9, 1),
    due_date=date(2026, 10, 16),
    type_code="380",
    currency="EUR",
    business_process="S1",
    purchase_order_reference="EJ-1",
    contract_reference="C-1",
    notes=(Note(text="Merci"),),
    preceding_invoices=(PrecedingInvoice(number="F-0"),),
    seller=Seller(
        identifiers=(Identifier("10000000900017", "0009"),),
        legal_registration_identifier=Identifier("100000009", "0002"),
        vat_identifier="FR88100000009",
        electronic_address=Identifier("100000009_A", "0225"),
    ),
    buyer=Buyer(
        identifier=Identifier("20000000800017", "0009"),
        legal_registration_identifier=Identifier("200000008", "0002"),
        vat_identifier="FR37200000008",
        electronic_address=Identifier("200000008", "0225"),
    ),
    payment=PaymentInstructions(
        remittance_information="F-1",
        credit_transfers=(CreditTransfer(account_identifier="FR76", service_provider_identifier="BICFRPP"),),
    ),
    lines=(
        line(1, Decimal(10), Decimal("100.00"), Decimal("20.0")),
        line(2, Decimal(-1), Decimal("3.005"), Decimal("5.5")),
    ),
).with_totals()


def written(invoice: Invoice, **options: Any) -> dict[str, Any]:
    return simplified.write(invoice, **options).content


def test_the_whole_of_it() -> None:
    found = simplified.write(SMALL)
    assert found.losses == ()
    assert found.content == {
        "number": "F-1",
        "date": "2026-09-01",
        "dueDays": 45,
        "invoiceType": "380",
        "operationNature": "S1",
        "contractReference": "C-1",
        "purchaseOrderReference": "EJ-1",
        "precedingInvoiceReference": "F-0",
        "comment": "Merci",
        "paymentReference": "F-1",
        "supplier": {
            "siret": "10000000900017",
            "routingAddress": "100000009_A",
            "iban": "FR76",
            "bic": "BICFRPP",
        },
        "recipient": {"siret": "20000000800017", "vatNumber": "FR37200000008", "routingAddress": "200000008"},
        "lines": [
            {"description": "Objet 1", "quantity": "10", "unitPrice": "100.00", "vatRate": Decimal("20.0")},
            {"description": "Objet 2", "quantity": "-1", "unitPrice": "3.005", "vatRate": Decimal("5.5")},
        ],
    }


def test_what_the_register_says_is_lost_where_the_invoice_says_it() -> None:
    seller = SMALL.seller.replace(name="Exemple A", address=Address(city="Paris"))
    found = simplified.write(SMALL.replace(seller=seller), allow_losses=True)
    assert [(loss.term, loss.why) for loss in found.losses] == [
        ("BT-27", "FactPulse takes it from the register, by the SIRET"),
        ("BT-37", "FactPulse takes it from the register, by the SIRET"),
    ]
    with pytest.raises(CannotExpress, match=r"BT-27, BT-37; .*Send the full model"):
        written(SMALL.replace(seller=seller))


@pytest.mark.parametrize(
    ("seller", "terms"),
    [
        (SMALL.seller.replace(vat_identifier="FR00100000009"), ["BT-31"]),
        (SMALL.seller.replace(tax_registration_identifier="100000009"), ["BT-31"]),
        (SMALL.seller.replace(vat_identifier=None, tax_registration_identifier="100000009"), []),
        (SMALL.seller.replace(legal_registration_identifier=Identifier("200000008", "0002")), ["BT-30", "BT-30-1"]),
        (SMALL.seller.replace(electronic_address=Identifier("x@example.org", "EM")), ["BT-34", "BT-34-1"]),
    ],
)
def test_numbers_other_than_those_that_follow_from_the_siret_are_lost(seller: Seller, terms: list[str]) -> None:
    found = simplified.write(SMALL.replace(seller=seller), allow_losses=True)
    assert [loss.term for loss in found.losses] == terms


def test_factpulse_would_make_up_a_vat_number_or_a_due_date() -> None:
    with pytest.raises(InvalidModel, match=r"no VAT number \(BT-31\), and FactPulse would make one"):
        written(SMALL.replace(seller=SMALL.seller.replace(vat_identifier=None)))
    with pytest.raises(InvalidModel, match=r"BT-9\) is missing, and FactPulse would enter one"):
        written(SMALL.replace(due_date=None))
    for days in (-1, 366):
        with pytest.raises(CannotExpress, match=f"BT-9.* {days} days after"):
            written(SMALL.replace(due_date=SMALL.issue_date + timedelta(days)), allow_losses=True)


@pytest.mark.parametrize(
    ("invoice", "term"),
    [
        (
            SMALL.replace(
                allowances=(DocumentAllowance(amount=Decimal(5), vat_category_code="S", vat_rate=Decimal(20)),)
            ),
            "BT-106|BT-107",
        ),
        (
            SMALL.replace(lines=(SMALL.lines[0].replace(price=Price(net_price=Decimal(1), base_quantity=Decimal(2))),)),
            "BT-131",
        ),
        (SMALL.with_totals(paid_amount=Decimal(1)), "BT-113"),
        (SMALL.with_totals(rounding_amount=Decimal("0.01")), "BT-114"),
        (SMALL.replace(vat_breakdown=(SMALL.vat_breakdown[0].replace(tax_amount=Decimal("1.00")),)), "BT-117"),
        (SMALL.replace(currency="SEK"), "BT-5"),
        (SMALL.replace(lines=(SMALL.lines[0].replace(vat=LineVat(category_code="Z", rate=Decimal(0))),)), "BT-151"),
        (SMALL.replace(type_code="751"), "BT-3"),
    ],
)
def test_another_invoice_is_refused_always(invoice: Invoice, term: str) -> None:
    if invoice.allowances:
        invoice = invoice.with_totals()
    with pytest.raises(CannotExpress, match=term):
        written(invoice, allow_losses=True)


def test_every_french_type_goes() -> None:
    assert written(SMALL.replace(type_code="503"))["invoiceType"] == "503"


MONEY = st.decimals(-10_000, 10_000, places=4)


@given(st.lists(st.tuples(MONEY, MONEY, st.sampled_from((Decimal("20.0"), Decimal("5.5")))), min_size=1, max_size=4))
def test_the_sums_of_an_invoice_are_those_of_its_lines(rows: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    lines = tuple(line(number, *row) for number, row in enumerate(rows, 1))
    invoice = SMALL.replace(lines=lines, totals=None, vat_breakdown=()).with_totals()
    content = written(invoice)
    assert len(content["lines"]) == len(rows)
    assert b"e+" not in encode(content).lower()


def outcome(invoice: Invoice) -> Any:
    try:
        found = simplified.write(invoice, allow_losses=True)
    except BillinguaError as error:
        return str(error)
    return found.content, found.losses


@pytest.mark.parametrize(
    "change",
    [
        {"number": "F-2"},
        {"issue_date": date(2026, 9, 2)},
        {"due_date": None},
        {"notes": (*SMALL.notes, Note(text="Encore"))},
        {"notes": (Note(text="Merci", subject_code="AAI"),)},
        {"specification": "urn:example:1"},
        {"payment_terms": "soon"},
        {"lines": SMALL.lines[::-1]},
        {"totals": SMALL.totals.replace(total_vat_in_accounting_currency=Decimal(1))},
        {"vat_breakdown": (SMALL.vat_breakdown[0].replace(exemption_reason="x"), *SMALL.vat_breakdown[1:])},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_change_is_seen(change: dict[str, Any]) -> None:
    assert outcome(SMALL.replace(**change)) != outcome(SMALL)
