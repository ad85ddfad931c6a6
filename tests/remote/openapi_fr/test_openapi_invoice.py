"""FR-invoices of Openapi: twins, parties by number, means of payment, and what has no word."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billingua.errors import CannotExpress, InvalidModel
from billingua.model import (
    Address,
    Buyer,
    Contact,
    CreditTransfer,
    Identifier,
    Invoice,
    Item,
    Line,
    LineVat,
    PaymentInstructions,
    Price,
    Seller,
    SupportingDocument,
)
from billingua.remote.exchange.messages import plain
from billingua.remote.mapping.json import decode, encode
from billingua.remote.openapi_fr import invoice_json
from billingua.remote.openapi_fr.messages import NewInvoice

SIRET, SIREN, BUYER = "10000000900017", "100000009", "200000008"


@pytest.fixture
def invoice() -> Invoice:
    """An invoice that Openapi carries whole."""
    return Invoice(
        specification="urn:cen.eu:en16931:2017",
        number="F-1",
        issue_date=date(2026, 9, 1),
        type_code="380",
        currency="EUR",
        due_date=date(2026, 10, 1),
        buyer_reference="SERVICE-1",
        purchase_order_reference="EJ-1",
        seller=Seller(
            name="Exemple A",
            identifiers=(Identifier(SIRET, "0009"),),
            legal_registration_identifier=Identifier(SIREN, "0002"),
            vat_identifier="FR88100000009",
            address=Address(line1="1 rue de l'Exemple", city="Paris", post_code="75003", country_code="FR"),
            contact=Contact(email="a@example.org"),
        ),
        buyer=Buyer(
            name="Exemple B",
            legal_registration_identifier=Identifier(BUYER, "0002"),
            address=Address(city="Lyon", country_code="FR"),
        ),
        payment=PaymentInstructions(means_code="58", credit_transfers=(CreditTransfer(account_identifier="FR76"),)),
        lines=(
            Line(
                identifier="1",
                quantity=Decimal(2),
                unit_code="C62",
                price=Price(net_price=Decimal("25.5000")),
                vat=LineVat(category_code="S", rate=Decimal("20.0")),
                item=Item(name="Objet"),
            ),
        ),
        supporting_documents=(
            SupportingDocument(reference="D-1", content=b"a;b", mime_code="text/csv", filename="d.csv"),
        ),
    ).with_totals()


def written(invoice: Invoice, **options: Any) -> dict[str, Any]:
    return invoice_json.write(invoice, **{"to_public_body": True, **options}).content


def test_the_whole_of_it(invoice: Invoice) -> None:
    content = written(invoice)
    assert content == {
        "document_number": "F-1",
        "issue_date": "2026-09-01",
        "type": "380",
        "currency": "EUR",
        "chorus_pro_service_code": "SERVICE-1",
        "commitment_number": "EJ-1",
        "sender": {
            "name": "Exemple A",
            "siren": SIREN,
            "siret": SIRET,
            "fiscal_id": SIRET,
            "vat_id": "FR88100000009",
            "email": "a@example.org",
            "address": {"street_address": "1 rue de l'Exemple", "zip_code": "75003", "city": "Paris", "country": "FR"},
        },
        "recipient": {
            "name": "Exemple B",
            "siren": BUYER,
            "fiscal_id": BUYER,
            "address": {"city": "Lyon", "country": "FR"},
        },
        "payment_means": [
            {
                "payment_mode": "sepa_credit_transfer",
                "financial_account": "FR76",
                "due_date": "2026-10-01",
                "amount": Decimal("61.20"),
            }
        ],
        "amount_excluding_tax": Decimal("51.00"),
        "total_amount_excluding_tax": Decimal("51.00"),
        "tax_amount": Decimal("10.20"),
        "total_tax_amount": Decimal("10.20"),
        "amount_including_tax": Decimal("61.20"),
        "total_amount_including_tax": Decimal("61.20"),
        "tax_subtotals": [
            {
                "taxable_amount": Decimal("51.00"),
                "tax_amount": Decimal("10.20"),
                "tax_category": "standard",
                "vat_rate": Decimal("20.0"),
            }
        ],
        "invoice_lines": [
            {
                "description": "Objet",
                "quantity": Decimal(2),
                "unit_of_measure": "C62",
                "unit_price": Decimal("25.5000"),
                "total_net_amount": Decimal("51.00"),
                "tax_category": "standard",
                "nature": "standard",
                "tax_rate": Decimal("20.0"),
            }
        ],
        "attachments": [{"document_id": "D-1", "document": "YTti", "mime_type": "text/csv", "filename": "d.csv"}],
    }
    assert invoice_json.read(decode(encode(content))) == (invoice, ())


def test_the_client_takes_it(invoice: Invoice) -> None:
    content = written(invoice)
    assert decode(encode(plain(NewInvoice(**content)))) == decode(encode(content))


def test_what_the_service_adds_is_not_of_the_invoice(invoice: Invoice) -> None:
    added = {"id": "0" * 24, "state": "NEW", "details": {"network": "fr-dgfip"}, "create_at": "2026-09-01"}
    content = written(invoice) | added | {"surprise": [1]}
    found = invoice_json.read(content)
    assert found.invoice == invoice
    assert [(place.path, place.text) for place in found.unmapped] == [("surprise", "[1]")]


def test_twins_may_be_alone_but_must_agree(invoice: Invoice) -> None:
    content = written(invoice)
    for key in ("amount_excluding_tax", "total_tax_amount", "amount_including_tax"):
        del content[key]
    assert invoice_json.read(content) == (invoice, ())
    with pytest.raises(InvalidModel, match=r"total_tax_amount: BT-110 is '10\.21' here, but .*10\.20.* at tax_amount"):
        invoice_json.read(content | {"total_tax_amount": "10.21"})


def test_the_service_code_is_for_public_bodies(invoice: Invoice) -> None:
    with pytest.raises(CannotExpress, match="BT-10; the first value is 'SERVICE-1': only a public body"):
        invoice_json.write(invoice)
    found = invoice_json.write(invoice, allow_losses=True)
    assert "chorus_pro_service_code" not in found.content
    assert [loss.term for loss in found.losses] == ["BT-10"]
    assert invoice_json.write(invoice.replace(buyer_reference=None)).losses == ()


def test_parties_by_their_number(invoice: Invoice) -> None:
    content = written(invoice)
    del content["sender"]["siret"], content["recipient"]["siren"]
    assert invoice_json.read(content) == (invoice, ())
    for key, number in (("siren", SIREN), ("siret", SIRET)):
        content["sender"] = {"fiscal_id": BUYER if key == "siren" else "20000000800010", key: number}
        with pytest.raises(InvalidModel, match=f"sender: fiscal_id is .*, but {key} is '{number}'"):
            invoice_json.read(content)
    foreign = invoice.replace(seller=invoice.seller.replace(identifiers=(), legal_registration_identifier=None))
    with pytest.raises(InvalidModel, match="needs the SIREN of the seller"):
        written(foreign)
    assert written(invoice.replace(buyer=Buyer(name="Somebody")))["recipient"] == {"name": "Somebody"}


def test_an_electronic_address_is_lost_and_may_serve_as_email(invoice: Invoice) -> None:
    seller = invoice.seller.replace(contact=None, electronic_address=Identifier("b@example.org", "EM"))
    found = invoice_json.write(invoice.replace(seller=seller), to_public_body=True, allow_losses=True)
    assert found.content["sender"]["email"] == "b@example.org"
    assert [loss.term for loss in found.losses] == ["BT-34", "BT-34-1"]
    peppol = seller.replace(electronic_address=Identifier(SIREN, "0225"))
    found = invoice_json.write(invoice.replace(seller=peppol), to_public_body=True, allow_losses=True)
    assert "email" not in found.content["sender"]


@pytest.mark.parametrize("category", ["E", "AE", "K", "O"])
def test_categories_without_a_word_are_refused_always(invoice: Invoice, category: str) -> None:
    line = invoice.lines[0].replace(vat=LineVat(category_code=category))
    with pytest.raises(CannotExpress, match=f"BT-151; .*no word for {category}.* through another one"):
        written(invoice.replace(lines=(line,)), allow_losses=True)


def test_other_means_of_payment_have_no_word(invoice: Invoice) -> None:
    other = invoice.replace(payment=invoice.payment.replace(means_code="49"))
    with pytest.raises(CannotExpress, match=r"BT-81; .*no word for 49"):
        written(other)
    assert "payment_mode" not in written(other, allow_losses=True)["payment_means"][0]


def test_one_due_date_alone_is_one_entry(invoice: Invoice) -> None:
    bare = Invoice(due_date=date(2026, 10, 1), seller=invoice.seller)
    assert written(bare)["payment_means"] == [{"due_date": "2026-10-01"}]


def test_several_means_of_payment_become_one(invoice: Invoice) -> None:
    content = written(invoice)
    [means] = content["payment_means"]
    content["payment_means"] = [
        means | {"amount": "41.20"},
        means | {"amount": 20, "due_date": "2026-09-15", "financial_account": "FR14"},
    ]
    found = invoice_json.read(content)
    transfers = (*invoice.payment.credit_transfers, CreditTransfer(account_identifier="FR14"))
    payment = invoice.payment.replace(credit_transfers=transfers)
    assert found == (invoice.replace(due_date=date(2026, 9, 15), payment=payment), ())
    content["payment_means"][1]["payment_mode"] = "cash"
    assert [place.path for place in invoice_json.read(content).unmapped] == ["payment_means[1].payment_mode"]
    content["payment_means"][1]["amount"] = "some"
    with pytest.raises(InvalidModel, match=r"payment_means\[1\].amount"):
        invoice_json.read(content)


def test_a_second_account_would_double_the_amount(invoice: Invoice) -> None:
    transfers = (*invoice.payment.credit_transfers, CreditTransfer(account_identifier="FR14"))
    two = invoice.replace(payment=invoice.payment.replace(credit_transfers=transfers))
    found = invoice_json.write(two, to_public_body=True, allow_losses=True)
    assert [loss.where for loss in found.losses] == ["payment.credit_transfers[1].account_identifier"]
    assert len(found.content["payment_means"]) == 1


def test_the_sum_of_lines_and_their_numbers_are_implied(invoice: Invoice) -> None:
    totals = invoice.totals.replace(line_total=Decimal("51.01"))
    line = invoice.lines[0].replace(identifier="A")
    found = invoice_json.write(invoice.replace(totals=totals, lines=(line,)), to_public_body=True, allow_losses=True)
    assert [(loss.term, loss.value) for loss in found.losses] == [("BT-106", "51.01"), ("BT-126", "A")]


def test_the_kind_of_line_that_is_no_category_is_unmapped(invoice: Invoice) -> None:
    content = written(invoice)
    content["invoice_lines"][0]["nature"] = "services"
    content["tax_subtotals"][0]["tax_category"] = "reduced"
    assert [place.path for place in invoice_json.read(content).unmapped] == [
        "tax_subtotals[0].tax_category",
        "invoice_lines[0].nature",
    ]
