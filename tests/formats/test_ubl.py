"""UBL: what its syntax has of its own."""

from datetime import date
from decimal import Decimal

import pytest
from format_examples import read, write
from format_models import complete

from billingua import formats
from billingua.codelists import codes
from billingua.errors import CannotExpress, InvalidModel, UnreadableInput, UsageError
from billingua.model import Invoice, Note

INVOICE = write(complete(), "ubl").decode()


def changed(old: str, new: str) -> bytes:
    assert old in INVOICE
    return INVOICE.replace(old, new, 1).encode()


def between(start: str, end: str) -> str:
    return INVOICE[INVOICE.index(start) : INVOICE.index(end) + len(end)]


def test_output_is_declared_indented_and_prefixed_as_usual() -> None:
    lines = INVOICE.splitlines()
    assert lines[0] == '<?xml version="1.0" encoding="UTF-8"?>'
    assert lines[1].startswith('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac=')
    assert lines[2].startswith("  <cbc:CustomizationID>")
    assert INVOICE.endswith("</Invoice>\n")


def test_every_amount_has_its_currency() -> None:
    amounts = [line for line in INVOICE.splitlines() if "Amount" in line and "</" in line and ">" in line.strip()[1:-1]]
    texts = [line for line in amounts if line.strip().startswith("<cbc:")]
    assert texts
    assert all('currencyID="EUR"' in line or 'currencyID="SEK"' in line for line in texts)
    assert INVOICE.count('currencyID="SEK"') == 1


@pytest.mark.parametrize("code", sorted(codes("untdid_1001_creditnote")))
def test_credit_note_follows_from_the_type_code(code: str) -> None:
    invoice = complete().replace(type_code=code)
    document = read(write(invoice, "ubl"))
    assert document.format == "ubl-creditnote"
    assert document.content == invoice
    assert document.unmapped == ()


def test_credit_note_has_project_and_due_date_elsewhere() -> None:
    text = write(complete().replace(type_code="381"), "ubl").decode()
    assert "ProjectReference" not in text
    assert "<cbc:DocumentTypeCode>50<" in text
    assert "<cbc:DueDate>" not in text
    assert "<cbc:PaymentDueDate>" in text
    assert "<cbc:CreditedQuantity" in text


def test_note_carries_its_subject_code() -> None:
    invoice = complete().replace(notes=(Note(text="a\nb", subject_code="AAI"), Note(text="#1 of 2"), Note(text="x")))
    text = write(invoice, "ubl").decode()
    assert "<cbc:Note>#AAI#a\nb</cbc:Note>" in text
    assert read(text.encode()).content == invoice
    with pytest.raises(CannotExpress, match="BT-21"):
        write(complete().replace(notes=(Note(text="a", subject_code="long"),)), "ubl")


@pytest.mark.parametrize("day", ["2026-01-31", "2026-01-31Z", "2026-01-31+01:00", " 2026-01-31\n"])
def test_date_may_have_a_time_zone(day: str) -> None:
    old = between("<cbc:IssueDate>", "</cbc:IssueDate>")
    assert read(changed(old, f"<cbc:IssueDate>{day}</cbc:IssueDate>")).content.issue_date == date(2026, 1, 31)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_any_encoding(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    text = INVOICE.replace('encoding="UTF-8"', f'encoding="{declared}"').replace("text ", "täxt ")
    content = read(text.encode(encoding)).content
    assert content.seller is not None
    assert (content.seller.name or "").startswith("täxt ")


def test_any_prefix_comments_and_instructions() -> None:
    assert read(INVOICE.replace("<cbc:ID>", "<cbc:ID><!-- c --><?p i?>").encode()).content == complete()
    text = INVOICE.replace("cbc:", "b:").replace("xmlns:cbc", "xmlns:b")
    text = text.replace("<Invoice xmlns=", "<u:Invoice xmlns:u=").replace("</Invoice>", "</u:Invoice>")
    assert read(text.encode()).content == complete()


def test_what_the_model_has_no_term_for_is_listed_with_its_place() -> None:
    document = read(changed("<cbc:IssueDate>", "<cbc:UUID schemeName='n'>u-1</cbc:UUID><cbc:IssueDate>"))
    assert [(place.path, place.text) for place in document.unmapped] == [
        ("/Invoice/cbc:UUID[1]", "u-1"),
        ("/Invoice/cbc:UUID[1]/@schemeName", "n"),
    ]
    assert document.content == complete()


def test_first_of_several_values_is_taken() -> None:
    document = read(
        changed("<cbc:BuyerReference>", "<cbc:BuyerReference>first</cbc:BuyerReference><cbc:BuyerReference>")
    )
    assert document.content.buyer_reference == "first"
    assert [place.path for place in document.unmapped] == ["/Invoice/cbc:BuyerReference[2]"]


def test_positions_lead_to_line_and_path() -> None:
    document = read(INVOICE.encode())
    line, path = document.positions["lines[0].net_amount"]
    assert path == "/Invoice/cac:InvoiceLine[1]/cbc:LineExtensionAmount[1]"
    assert line is not None
    assert "LineExtensionAmount" in INVOICE.splitlines()[line - 1]
    assert document.positions["seller.electronic_address.scheme_id"][1].endswith("/cbc:EndpointID[1]/@schemeID")
    assert len(document.positions) == len(list(document.positions))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("<cbc:IssueDate>", "<cbc:IssueDate>x", "a date"),
        (
            '<cbc:LineExtensionAmount currencyID="EUR">',
            '<cbc:LineExtensionAmount currencyID="EUR">1,',
            "a decimal",
        ),
        ("</cbc:EmbeddedDocumentBinaryObject>", "?</cbc:EmbeddedDocumentBinaryObject>", "Base64"),
    ],
)
def test_value_that_is_not_of_its_type_is_refused_with_its_place(old: str, new: str, expected: str) -> None:
    with pytest.raises(UnreadableInput, match=expected) as caught:
        read(changed(old, new))
    assert "/Invoice/" in caught.value.where
    assert "line " in caught.value.where


@pytest.mark.parametrize("number", ["1e3", "NaN", "1.2.3", "٣", "--1", ""])
def test_numbers_are_those_of_the_schema(number: str) -> None:
    old = between("<cbc:PayableAmount", "</cbc:PayableAmount>")
    data = changed(old, f'<cbc:PayableAmount currencyID="EUR">{number}</cbc:PayableAmount>')
    if number:
        with pytest.raises(UnreadableInput):
            read(data)
    else:
        totals = read(data).content.totals
        assert totals is not None
        assert totals.amount_due is None


def test_decimals_are_written_as_given() -> None:
    lines = complete().lines
    quantity = Decimal("1E-7")
    invoice = complete().replace(lines=(lines[0].replace(quantity=quantity, net_amount=Decimal("-0.100")),))
    text = write(invoice, "ubl").decode()
    assert ">0.0000001</cbc:InvoicedQuantity>" in text
    assert ">-0.100</cbc:LineExtensionAmount>" in text


def test_writing_refuses_what_has_no_place() -> None:
    with pytest.raises(CannotExpress, match="BT-9"):
        write(complete().replace(type_code="381", payment=None), "ubl")
    with pytest.raises(CannotExpress, match="BT-111"):
        write(complete().replace(vat_currency=None), "ubl")


def test_writing_refuses_an_invoice_that_lacks_what_the_schema_requires() -> None:
    with pytest.raises(InvalidModel, match="cannot be written as UBL"):
        write(Invoice(), "ubl")
    with pytest.raises(InvalidModel):
        write(complete().replace(lines=()), "ubl")
    line = complete().lines[0]
    with pytest.raises(InvalidModel, match=r"lacks BT-126 Invoice line identifier \(lines\[1\].identifier\)"):
        write(complete().replace(lines=(line, line.replace(identifier=None))), "ubl")


def test_specification_has_a_default() -> None:
    assert read(write(complete().replace(specification=None), "ubl")).profile == "urn:cen.eu:en16931:2017"


def test_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError):
        formats.get("ubl").write(complete(), "ubl-order")
