"""CII: what its syntax has of its own."""

import pytest
from format_examples import read, write
from format_models import complete

from billingua.errors import CannotExpress, UnreadableInput
from billingua.model import CreditTransfer, Identifier, Invoice, PaymentInstructions

INVOICE = write(complete(), "cii").decode()


def changed(old: str, new: str) -> bytes:
    assert old in INVOICE
    return INVOICE.replace(old, new, 1).encode()


def test_dates_have_format_102() -> None:
    assert INVOICE.count('format="102"') == INVOICE.count("<udt:Date") + INVOICE.count("<qdt:Date")
    assert "<udt:DateString format" in INVOICE


def test_only_tax_totals_have_a_currency() -> None:
    lines = [line.strip() for line in INVOICE.splitlines() if "currencyID" in line]
    assert [line.partition(">")[0] for line in lines] == [
        '<ram:TaxTotalAmount currencyID="EUR"',
        '<ram:TaxTotalAmount currencyID="SEK"',
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<udt:DateTimeString format="102">', '<udt:DateTimeString format="610">'),
        ('<udt:DateTimeString format="102">', '<udt:DateTimeString format="102">2'),
        (
            '<udt:DateTimeString format="102">',
            '<udt:DateTimeString format="102">99999999</udt:DateTimeString><udt:x>',
        ),
    ],
)
def test_other_dates_are_refused_with_their_place(old: str, new: str) -> None:
    data = changed(old, new)
    if b"<udt:x>" in data:
        data = data.replace(b"</udt:DateTimeString>", b"</udt:x>", 2).replace(b"</udt:x>", b"</udt:DateTimeString>", 1)
    with pytest.raises(UnreadableInput, match="a date of format 102") as caught:
        read(data)
    assert "udt:DateTimeString" in caught.value.where


def test_account_is_an_iban_where_it_looks_like_one() -> None:
    transfers = (
        CreditTransfer(account_identifier="DE02120300000000202051", service_provider_identifier="BYLADEM1001"),
        CreditTransfer(account_identifier="12-345/6", account_name="x"),
    )
    payment = PaymentInstructions(means_code="30", means_text="transfer", credit_transfers=transfers)
    invoice = complete().replace(payment=payment)
    text = write(invoice, "cii").decode()
    assert "<ram:IBANID>DE02120300000000202051<" in text
    assert "<ram:ProprietaryID>12-345/6<" in text
    assert text.count("<ram:SpecifiedTradeSettlementPaymentMeans>") == 2
    assert read(text.encode()).content == invoice


def test_identifier_with_a_scheme_is_a_global_one() -> None:
    seller = complete().seller
    assert seller is not None
    invoice = complete().replace(seller=seller.replace(identifiers=(Identifier("1"), Identifier("2", "0088"))))
    text = write(invoice, "cii").decode()
    assert "<ram:ID>1</ram:ID>" in text
    assert '<ram:GlobalID schemeID="0088">2</ram:GlobalID>' in text
    assert read(text.encode()).content == invoice


def test_payment_means_with_another_code_are_listed() -> None:
    start = INVOICE.index("<ram:SpecifiedTradeSettlementPaymentMeans>")
    extra = (
        "<ram:SpecifiedTradeSettlementPaymentMeans><ram:TypeCode>97</ram:TypeCode>"
        "<ram:Information>netting</ram:Information></ram:SpecifiedTradeSettlementPaymentMeans>"
    )
    end = "</ram:SpecifiedTradeSettlementPaymentMeans>"
    stop = INVOICE.index(end, start) + len(end)
    document = read((INVOICE[:stop] + extra + INVOICE[stop:]).encode())
    assert [place.text for place in document.unmapped] == ["97", "netting"]
    assert document.content == complete()


def test_charge_on_the_price_is_no_discount() -> None:
    start = INVOICE.index("<ram:AppliedTradeAllowanceCharge>")
    text = INVOICE[:start] + INVOICE[start:].replace(">false<", ">true<", 1)
    document = read(text.encode())
    price = document.content.lines[0].price
    assert price is not None
    assert price.discount is None
    assert [place.path.rpartition("/")[2] for place in document.unmapped] == [
        "udt:Indicator[1]",
        "ram:ActualAmount[1]",
    ]


def test_line_document_of_another_type_is_listed() -> None:
    document = read(changed("<ram:TypeCode>130</ram:TypeCode>", "<ram:TypeCode>916</ram:TypeCode>"))
    assert document.content.lines[0].object_identifier is None
    assert len(document.unmapped) == 3


def test_currency_that_says_nothing_new_is_not_listed() -> None:
    assert read(changed("<ram:LineTotalAmount>", '<ram:LineTotalAmount currencyID="EUR">')).unmapped == ()
    unmapped = read(changed("<ram:LineTotalAmount>", '<ram:LineTotalAmount currencyID="USD">')).unmapped
    assert [place.text for place in unmapped] == ["USD"]


def test_only_one_preceding_invoice_has_a_place() -> None:
    invoice = complete()
    with pytest.raises(CannotExpress, match="BT-25"):
        write(invoice.replace(preceding_invoices=invoice.preceding_invoices * 2), "cii")


def test_accounting_currency_must_be_another_one() -> None:
    with pytest.raises(CannotExpress, match="BT-111"):
        write(complete().replace(vat_currency="EUR"), "cii")


def test_empty_document_gives_an_empty_invoice() -> None:
    namespace = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    assert read(f'<CrossIndustryInvoice xmlns="{namespace}"/>'.encode()).content == Invoice()
