"""The ublDto of Docnova: what it requires, what it has no word for, and what stands in."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import billingua as bl
from billingua.errors import CannotExpress, InvalidModel, UsageError
from billingua.model import Identifier, Invoice, LineVat, Totals, VatBreakdown
from billingua.remote.docnova import ubl_dto
from billingua.remote.mapping.json import decode, encode
from billingua.sandbox.docnova import ubl_dto as sandbox

SAMPLES = Path(__file__).parents[3] / "samples"
COMPANY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
def invoice() -> Invoice:
    """A domestic invoice that Docnova can carry whole."""
    found = bl.read(SAMPLES / "standard-rated.ubl.xml").content
    assert isinstance(found, Invoice)
    seller = found.seller.replace(identifiers=(), trading_name=None, legal_registration_identifier=Identifier("HRB 1"))
    buyer = found.buyer.replace(identifier=None, trading_name=None, legal_registration_identifier=Identifier("HRB 2"))
    written = ubl_dto.write(
        found.replace(
            seller=seller.replace(vat_identifier="DE000000002"), buyer=buyer.replace(vat_identifier="DE000000001")
        ),
        company_id=None,
        allow_losses=True,
    )
    whole: Invoice = ubl_dto.read(written.content).invoice
    return whole


def written(invoice: Invoice, **options: Any) -> dict[str, Any]:
    return ubl_dto.write(invoice, **{"company_id": COMPANY, **options}).content


def test_the_head_and_a_line(invoice: Invoice) -> None:
    content = written(invoice, type="KSEF", profile_type="KSEF_FA3")
    assert [content[key] for key in ("CompanyId", "Type", "ProfileType")] == [COMPANY, "KSEF", "KSEF_FA3"]
    assert "CompanyId" not in written(invoice, company_id=None)
    line, model = content["InvoiceLine"][0], invoice.lines[0]
    assert line["InvoicedQuantity"] == {"Value": model.quantity, "unitCode": model.unit_code}
    assert line["Price"]["PriceAmount"] == {"Value": model.price.net_price, "currencyID": "EUR"}
    category = {"ID": {"Value": "S"}, "Percent": {"Value": model.vat.rate}, "TaxScheme": {"ID": {"Value": "VAT"}}}
    assert line["Item"]["ClassifiedTaxCategory"] == [category]
    assert content["InvoiceTypeCode"] == {"Value": "VAT"}
    assert ubl_dto.read(decode(encode(content))) == (invoice, ())


@pytest.mark.parametrize(("code", "word"), [("381", "CREDIT_NOTE"), ("383", "DEBIT_NOTE"), ("325", "PROFORMA_INVOICE")])
def test_words_for_types(invoice: Invoice, code: str, word: str) -> None:
    content = written(invoice.replace(type_code=code))
    assert content["InvoiceTypeCode"]["Value"] == word
    assert ubl_dto.read(content).invoice.type_code == code


@pytest.mark.parametrize("word", ["KSEF_BASIC", "380", "SOMETHING_NEW"])
def test_other_words_for_types_are_unmapped(invoice: Invoice, word: str) -> None:
    found = ubl_dto.read(written(invoice) | {"InvoiceTypeCode": {"Value": word}})
    assert found.invoice == invoice.replace(type_code=None)
    assert [(place.path, place.text) for place in found.unmapped] == [("InvoiceTypeCode.Value", word)]


@pytest.mark.parametrize("allow_losses", [False, True])
def test_codes_without_a_word_are_refused_always(invoice: Invoice, allow_losses: bool) -> None:
    with pytest.raises(CannotExpress, match=r"BT-3; .* no word for 384.* as XML, by send-document-async"):
        written(invoice.replace(type_code="384"), allow_losses=allow_losses)
    supply = invoice.replace(
        vat_breakdown=tuple(one.replace(category_code="K", rate=Decimal(0)) for one in invoice.vat_breakdown),
        lines=tuple(line.replace(vat=LineVat(category_code="K", rate=Decimal(0))) for line in invoice.lines),
    )
    with pytest.raises(CannotExpress, match=r"BT-118, BT-151; .* no word for K.* as XML, by send-document-async"):
        written(supply, allow_losses=allow_losses)


def test_every_term_without_a_place_is_named(invoice: Invoice) -> None:
    richer = invoice.replace(project_reference="P 1", payment_terms="soon", contract_reference="C 1")
    with pytest.raises(
        CannotExpress, match=r"has no place for BT-11, BT-12; the first value is 'P 1'.*allow the losses"
    ):
        written(richer)
    found = ubl_dto.write(richer, company_id=COMPANY, allow_losses=True)
    assert [(loss.term, loss.where) for loss in found.losses] == [
        ("BT-11", "project_reference"),
        ("BT-12", "contract_reference"),
    ]
    assert ubl_dto.read(found.content).invoice == invoice.replace(payment_terms="soon")


def test_what_is_not_subject_to_vat_has_percent_0_there_and_no_rate_here(invoice: Invoice) -> None:
    outside = invoice.replace(
        vat_breakdown=(VatBreakdown(taxable_amount=Decimal(9), tax_amount=Decimal(0), category_code="O"),),
        lines=(invoice.lines[0].replace(vat=LineVat(category_code="O")),),
    )
    content = written(outside)
    assert content["TaxTotal"][0]["TaxSubtotal"][0]["TaxCategory"]["Percent"] == {"Value": Decimal(0)}
    assert content["InvoiceLine"][0]["Item"]["ClassifiedTaxCategory"][0]["Percent"] == {"Value": Decimal(0)}
    assert ubl_dto.read(content) == (outside, ())
    rated = outside.replace(lines=(invoice.lines[0].replace(vat=LineVat(category_code="O", rate=Decimal(7))),))
    with pytest.raises(CannotExpress, match="BT-152"):
        written(rated)
    assert ubl_dto.write(rated, company_id=COMPANY, allow_losses=True).content == content


def test_what_docnova_requires(invoice: Invoice) -> None:
    consumer = invoice.replace(buyer=invoice.buyer.replace(vat_identifier=None, legal_registration_identifier=None))
    with pytest.raises(
        InvalidModel,
        match=r"needs BT-46 Buyer identifier .*, BT-48 Buyer VAT identifier .*, BT-47 .*send-document-async",
    ):
        written(consumer)
    with pytest.raises(InvalidModel, match=r"BT-152 .*lines\[0\].vat.rate"):
        written(invoice.replace(lines=(invoice.lines[0].replace(vat=LineVat(category_code="E")),)))
    with pytest.raises(InvalidModel, match="BT-126"):
        written(invoice.replace(lines=()))


def test_what_stands_in(invoice: Invoice) -> None:
    party = written(invoice)["AccountingSupplierParty"]["Party"]
    assert party["PartyName"] == [{"Name": {"Value": invoice.seller.name}}]
    assert party["PartyIdentification"] == [{"ID": {"Value": "HRB 1"}}]
    assert written(invoice)["LegalMonetaryTotal"]["PrepaidAmount"] == {"Value": Decimal(0), "currencyID": "EUR"}
    own = invoice.replace(seller=invoice.seller.replace(trading_name="Shop", identifiers=(Identifier("7", "0088"),)))
    party = written(own)["AccountingSupplierParty"]["Party"]
    assert party["PartyName"] == [{"Name": {"Value": "Shop"}}]
    assert party["PartyIdentification"] == [{"ID": {"Value": "7", "schemeID": "0088"}}]
    assert ubl_dto.read(written(own)) == (own, ())


def test_vat_in_the_accounting_currency_wherever_it_stands(invoice: Invoice) -> None:
    totals = (invoice.totals or Totals()).replace(total_vat_in_accounting_currency=Decimal("55.50"))
    foreign = invoice.replace(vat_currency="SEK", totals=totals)
    content = written(foreign)
    assert content["TaxTotal"][1] == {"TaxAmount": {"Value": Decimal("55.50"), "currencyID": "SEK"}}
    content["TaxTotal"].reverse()
    assert ubl_dto.read(content) == (foreign, ())


def test_amounts_are_in_the_currency_of_the_invoice(invoice: Invoice) -> None:
    content = written(invoice)
    content["LegalMonetaryTotal"]["PayableAmount"]["currencyID"] = "SEK"
    with pytest.raises(InvalidModel, match=r"PayableAmount.currencyID: BT-5 is 'SEK' here, but 'EUR' at"):
        ubl_dto.read(content)


def test_the_sandbox_makes_the_same_invoice_of_it(invoice: Invoice) -> None:
    content = written(invoice)
    assert sandbox.missing_in(content) == []
    made = bl.read(sandbox.ubl_of(content)).content
    assert made.seller.trading_name == made.seller.name
    assert ubl_dto.read(ubl_dto.write(made, company_id=None).content) == (invoice, ())


def test_a_due_date_among_the_means_of_payment(invoice: Invoice) -> None:
    content = written(invoice)
    means = content.setdefault("PaymentMeans", [{}])
    means[0]["PaymentDueDate"] = content.pop("DueDate")
    assert ubl_dto.read(content) == (invoice, ())


def test_unknown_types_and_models_are_refused(invoice: Invoice) -> None:
    with pytest.raises(UsageError, match="no type 'XRECHNUNG_UBL'"):
        written(invoice, type="XRECHNUNG_UBL")
    with pytest.raises(UsageError, match="no profile_type 'MINIMUM'"):
        written(invoice, profile_type="MINIMUM")
    fa = bl.read(SAMPLES / "invoice.fa3.xml").content
    with pytest.raises(InvalidModel, match="written from an Invoice, not from FaInvoice"):
        ubl_dto.write(fa, company_id=COMPANY)  # type: ignore[arg-type]
