"""A receipt beside the invoice it is for."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from billingua import ksef
from billingua.errors import UnreadableInput, UnsupportedFormat
from billingua.formats.upo.model import AcceptedInvoice, Receipt

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance" / "ksef"

FA3 = "http://crd.gov.pl/wzor/2025/06/25/13775/"
INVOICE = f"""<Faktura xmlns="{FA3}">
<Podmiot1><DaneIdentyfikacyjne><NIP>5265877635</NIP></DaneIdentyfikacyjne></Podmiot1>
<Fa><P_1>2026-03-02</P_1><P_2> FV/1 </P_2><RodzajFaktury>VAT</RodzajFaktury></Fa></Faktura>""".encode()
ENTRY = AcceptedInvoice(
    seller_nip="5265877635",
    ksef_number="5265877635-20250826-0100001AF629-AF",
    number="FV/1",
    issue_date=date(2026, 3, 2),
    sent_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
    numbered_at=datetime(2026, 3, 2, 10, tzinfo=UTC),
    hash=ksef.invoice_hash(INVOICE).base64,
)
OTHER = ENTRY.replace(hash="A" * 43 + "=", number="FV/2")


def test_the_entry_is_found_by_the_hash() -> None:
    match = ksef.match_receipt(Receipt(invoices=(OTHER, ENTRY)), INVOICE)
    assert match == (ENTRY, ())
    assert match.ksef_number == "5265877635-20250826-0100001AF629-AF"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"hash": "A" * 43 + "="}, "hash"),
        ({"seller_nip": "1070063851"}, "NIP of the seller"),
        ({"number": "FV/1/2026"}, "number (P_2)"),
        ({"issue_date": date(2026, 3, 1)}, "date of issue (P_1)"),
        ({"issue_date": None}, "date of issue (P_1)"),
        ({"ksef_number": "5265877635-20260302-0100001AF629-AF"}, "checksum"),
        ({"ksef_number": None}, "no KSeF number"),
        ({"ksef_number": "1070063851-20260302-D0CD99715899-CE"}, "not one of the seller"),
        ({"numbered_at": datetime(2026, 3, 2, 9, 59, 59, tzinfo=UTC)}, "before the invoice was sent"),
    ],
)
def test_each_difference_is_told(changes: dict[str, object], problem: str) -> None:
    match = ksef.match_receipt(Receipt(invoices=(OTHER, ENTRY.replace(**changes))), INVOICE)
    assert match.entry == ENTRY.replace(**changes)
    assert match.ksef_number is None
    assert any(problem in one for one in match.problems)
    assert len(match.problems) == 1 + ("seller_nip" in changes)


def test_moments_that_cannot_be_compared_are_not() -> None:
    entry = ENTRY.replace(numbered_at=datetime(2026, 3, 1))
    assert ksef.match_receipt(Receipt(invoices=(entry,)), INVOICE).problems == ()


def test_no_entry() -> None:
    match = ksef.match_receipt(Receipt(invoices=(OTHER,)), INVOICE)
    assert (match.entry, match.ksef_number, len(match.problems)) == (None, None, 1)


def test_what_is_neither_receipt_nor_invoice(tmp_path: Path) -> None:
    receipt = Receipt(invoices=(ENTRY,))
    with pytest.raises(UnsupportedFormat, match="no FA"):
        ksef.match_receipt(receipt, b"<a/>")
    with pytest.raises(UnreadableInput):
        ksef.match_receipt(receipt, tmp_path / "none.xml")
    ubl = Path(__file__).parents[2] / "samples" / "standard-rated.ubl.xml"
    with pytest.raises(UnsupportedFormat, match="no KSeF receipt"):
        ksef.match_receipt(ubl, INVOICE)


@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the documents of KSeF (../shared/conformance/ksef) are not here")
@pytest.mark.parametrize(
    ("receipt", "invoice"),
    [
        ("own-upo-session-two-invoices-token.xml", "own-vat-split-payment.xml"),
        ("own-upo-session-two-invoices-token.xml", "own-vat-consumer-no-id.xml"),
        ("own-upo-invoice-offline-peppol-context.xml", "own-vat-split-payment.xml"),
    ],
)
def test_receipts_and_invoices_from_files(receipt: str, invoice: str) -> None:
    found = ksef.match_receipt(CONFORMANCE / receipt, BytesIO((CONFORMANCE / invoice).read_bytes()))
    assert found.problems == ()
    assert found.ksef_number
