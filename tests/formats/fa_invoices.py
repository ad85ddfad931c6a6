"""Invoices of EN 16931 by Polish sellers, one for each thing that FA(3) says in a way of its own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from billingua.model import (
    Address,
    Buyer,
    Contact,
    CreditTransfer,
    Delivery,
    DirectDebit,
    DocumentAllowance,
    DocumentCharge,
    Identifier,
    Invoice,
    Item,
    ItemAttribute,
    Line,
    LineAllowance,
    LineCharge,
    LineVat,
    Note,
    Payee,
    PaymentCard,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Price,
    Seller,
    SupportingDocument,
    TaxRepresentative,
    VatBreakdown,
)

SELLER_NIP = "5265877635"
BUYER_NIP = "1111111111"
KSEF_NUMBER = "5265877635-20260310-0100001AF629-4F"

D = Decimal


def seller(**changes: Any) -> Seller:
    return Seller(
        name="Bursztynowa Papiernia sp. z o.o.",
        vat_identifier=f"PL{SELLER_NIP}",
        legal_registration_identifier=Identifier("0000123456"),
        address=Address(line1="ul. Przykładowa 7", city="Gdynia", post_code="81-004", country_code="PL"),
        contact=Contact(name="Księgowość", telephone="+48 58 0000000", email="faktury@papiernia.example"),
        electronic_address=Identifier("faktury@papiernia.example", "EM"),
    ).replace(**changes)


def buyer(**changes: Any) -> Buyer:
    return Buyer(
        name="Księgarnia Pod Żaglem s.c.",
        vat_identifier=f"PL{BUYER_NIP}",
        address=Address(line1="ul. Wzorcowa 12/3", city="Sopot", post_code="81-701", country_code="PL"),
        electronic_address=Identifier("zakupy@zagiel.example", "EM"),
    ).replace(**changes)


def german(**changes: Any) -> Buyer:
    return Buyer(
        name="Buchhandlung am Hafen GmbH",
        vat_identifier="DE136695976",
        address=Address(line1="Hafenstraße 3", city="Rostock", post_code="18055", country_code="DE"),
        electronic_address=Identifier("einkauf@hafen.example", "EM"),
    ).replace(**changes)


def line(
    number: int, quantity: str, net_price: str, category: str = "S", rate: str | None = "23", **changes: Any
) -> Line:
    item = changes.pop("item", None) or Item(name=f"Towar {number}")
    return Line(
        identifier=str(number),
        quantity=D(quantity),
        unit_code="H87",
        price=changes.pop("price", None) or Price(net_price=D(net_price)),
        vat=LineVat(category_code=category, rate=None if rate is None else D(rate)),
        item=item,
    ).replace(**changes)


def invoice(*lines: Line, **changes: Any) -> Invoice:
    totals = {
        name: changes.pop(name) for name in ("paid_amount", "rounding_amount", "vat_exchange_rate") if name in changes
    }
    return (
        Invoice(
            specification="urn:cen.eu:en16931:2017",
            number="FV/2026/11/0042",
            issue_date=date(2026, 11, 16),
            type_code="380",
            currency="PLN",
            due_date=date(2026, 11, 30),
            seller=seller(),
            buyer=buyer(),
            delivery=Delivery(actual_date=date(2026, 11, 14)),
            payment=PaymentInstructions(
                means_code="30", credit_transfers=(CreditTransfer(account_identifier="PL61109010140000071219812874"),)
            ),
            lines=lines,
        )
        .replace(**changes)
        .with_totals(**totals)
    )


def domestic() -> Invoice:
    return invoice(
        line(1, "40", "18.50", item=Item(name="Zeszyt", seller_identifier="ZK-80")),
        line(
            2, "12", "34.20", rate="5", item=Item(name="Atlas", standard_identifier=Identifier("5901234123457", "0160"))
        ),
        line(3, "1.5", "99.99", rate="8", unit_code="HUR"),
        purchase_order_reference="ZAM/2026/0317",
        contract_reference="U/7",
        despatch_advice_reference="WZ/11/5",
        buyer_reference="Dział zakupów",
        payment_terms="14 dni",
        notes=(Note(text="Dziękujemy."), Note(text="Towar na palecie 7", subject_code="AAI")),
    )


def exempt() -> Invoice:
    return invoice(
        line(1, "20", "150.00", "E", "0", unit_code="HUR", item=Item(name="Kurs języka")),
        line(2, "1", "200.00"),
        vat_breakdown=(
            VatBreakdown(
                category_code="E",
                rate=D(0),
                exemption_reason="art. 43 ust. 1 pkt 28 ustawy o VAT",
                exemption_reason_code="VATEX-EU-132-1I",
            ),
        ),
    )


def exempt_by_directive() -> Invoice:
    return invoice(
        line(1, "1", "500.00", "E", "0"),
        vat_breakdown=(VatBreakdown(category_code="E", rate=D(0), exemption_reason_code="VATEX-EU-132-1B"),),
    )


def exempt_otherwise() -> Invoice:
    return invoice(
        line(1, "1", "500.00", "E", "0"),
        vat_breakdown=(
            VatBreakdown(category_code="E", rate=D(0), exemption_reason="rozporządzenie Ministra Finansów"),
        ),
    )


def zero_rated() -> Invoice:
    return invoice(line(1, "3", "100.00", "Z", "0"), line(2, "1", "10.00"))


def reverse_charge() -> Invoice:
    return invoice(
        line(1, "5", "300.00", "AE", "0"),
        vat_breakdown=(VatBreakdown(category_code="AE", rate=D(0), exemption_reason="Odwrotne obciążenie"),),
    )


def eu_goods() -> Invoice:
    return invoice(
        line(
            1,
            "100",
            "7.35",
            "K",
            "0",
            item=Item(
                name="Papier", classification_identifiers=(Identifier("4802 56 20", "HS"),), country_of_origin="PL"
            ),
        ),
        currency="EUR",
        buyer=german(),
        delivery=Delivery(
            party_name="Lager Nord",
            actual_date=date(2026, 11, 14),
            location_identifier=Identifier("4012345000009", "0088"),
            address=Address(line1="Speicher 4", city="Wismar", post_code="23966", country_code="DE"),
        ),
    )


def eu_services() -> Invoice:
    return invoice(line(1, "12", "80.00", "AE", "0", unit_code="HUR"), currency="EUR", buyer=german())


def export() -> Invoice:
    return invoice(
        line(1, "10", "55.50", "G", "0"),
        currency="USD",
        buyer=Buyer(name="Harbor Books Inc.", address=Address(line1="1 Pier Road", city="Portland", country_code="US")),
    )


def outside_scope() -> Invoice:
    return invoice(
        line(1, "4", "250.00", "O", None, unit_code="HUR"),
        currency="USD",
        seller=seller(vat_identifier=None, tax_registration_identifier=SELLER_NIP),
        buyer=Buyer(
            name="Harbor Books Inc.",
            address=Address(line1="1 Pier Road", city="Portland", country_code="US"),
            legal_registration_identifier=Identifier("98-7654321"),
        ),
    )


def abroad_reverse_charge() -> Invoice:
    return invoice(
        line(1, "4", "250.00", "AE", "0", unit_code="HUR"),
        currency="CHF",
        buyer=Buyer(
            name="Seebuch AG",
            vat_identifier="CHE123456788",
            address=Address(line1="Seestrasse 1", city="Zug", post_code="6300", country_code="CH"),
        ),
    )


def oss() -> Invoice:
    return invoice(
        line(1, "2", "40.00", rate="19"),
        line(2, "1", "10.00", rate="7"),
        currency="EUR",
        buyer=german(vat_identifier=None, name="Konsument"),
        delivery=Delivery(actual_date=date(2026, 11, 14), address=Address(country_code="DE", city="Rostock")),
    )


def margin() -> Invoice:
    return invoice(
        line(1, "1", "15000.00", "E", "0", item=Item(name="Samochód używany")),
        vat_breakdown=(VatBreakdown(category_code="E", rate=D(0), exemption_reason_code="VATEX-EU-F"),),
    )


def foreign_currency() -> Invoice:
    return invoice(
        line(1, "10", "33.33"),
        line(2, "7", "12.49", rate="8"),
        line(3, "1", "5.00", rate="5"),
        currency="EUR",
        vat_currency="PLN",
        vat_exchange_rate=D("4.2637"),
    )


def credit_note() -> Invoice:
    return invoice(
        line(1, "2", "18.50"),
        line(2, "1", "34.20", rate="5", allowances=(LineAllowance(amount=D("4.20"), reason="Uszkodzenie"),)),
        type_code="381",
        number="KOR/2026/3",
        preceding_invoices=(PrecedingInvoice(number="FV/2026/11/0042", issue_date=date(2026, 11, 2)),),
        notes=(Note(text=f"Numer KSeF faktury FV/2026/11/0042: {KSEF_NUMBER}"), Note(text="PrzyczynaKorekty: zwrot")),
    )


def debit_note() -> Invoice:
    return invoice(
        line(1, "2", "18.50"),
        type_code="383",
        preceding_invoices=(PrecedingInvoice(number="FV/1", issue_date=date(2026, 11, 2)),),
        supporting_documents=(SupportingDocument(reference=KSEF_NUMBER),),
    )


def self_billed() -> Invoice:
    return invoice(line(1, "120", "4.00", rate="5", unit_code="KGM"), type_code="389")


def self_billed_credit() -> Invoice:
    return invoice(
        line(1, "20", "4.00", rate="5"),
        type_code="261",
        preceding_invoices=(PrecedingInvoice(number="FV/1", issue_date=date(2026, 11, 2)),),
    )


def advance() -> Invoice:
    return invoice(
        line(1, "1", "16260.16", item=Item(name="Zaliczka na mieszkanie")),
        line(2, "1", "100.00", rate="8", allowances=(LineAllowance(amount=D("10.00"), reason="Rabat"),)),
        type_code="386",
        paid_amount=D("20097.20"),
    )


def settlement() -> Invoice:
    return invoice(
        line(1, "1", "307500.00", rate="8"),
        line(2, "1", "4500.00"),
        preceding_invoices=(
            PrecedingInvoice(number="FZ/1", issue_date=date(2026, 3, 10)),
            PrecedingInvoice(number="FZ/2", issue_date=date(2026, 4, 10)),
        ),
        notes=(Note(text=f"Numer KSeF faktury FZ/1: {KSEF_NUMBER}"),),
        paid_amount=D("37635.00"),
    )


def foreign_settlement() -> Invoice:
    return invoice(
        line(1, "4", "250.00"),
        line(2, "1", "99.99", rate="8"),
        currency="EUR",
        vat_currency="PLN",
        vat_exchange_rate=D("4.2637"),
        preceding_invoices=(PrecedingInvoice(number="FZ/3", issue_date=date(2026, 3, 10)),),
        paid_amount=D("337.99"),
    )


def prepaid() -> Invoice:
    return invoice(line(1, "3", "33.33"), line(2, "1", "0.99"), paid_amount=D("50.00"), rounding_amount=D("0.02"))


def allowances_and_charges() -> Invoice:
    return invoice(
        line(
            1,
            "10",
            "100.00",
            allowances=(
                LineAllowance(
                    amount=D("50.00"),
                    base_amount=D("1000.00"),
                    percentage=D("5"),
                    reason="Rabat stały",
                    reason_code="95",
                ),
            ),
        ),
        line(
            2,
            "4",
            "25.00",
            rate="8",
            charges=(LineCharge(amount=D("12.00"), reason="Pakowanie"), LineCharge(amount=D("3.00"), reason_code="FC")),
        ),
        allowances=(
            DocumentAllowance(
                amount=D("20.00"),
                vat_category_code="S",
                vat_rate=D(23),
                reason="Rabat roczny",
                base_amount=D("1000.00"),
                percentage=D("2"),
            ),
        ),
        charges=(
            DocumentCharge(
                amount=D("15.00"), vat_category_code="S", vat_rate=D(23), reason="Dostawa", reason_code="FC"
            ),
        ),
    )


def deposit() -> Invoice:
    return invoice(
        line(1, "10", "3.00", rate="5"),
        charges=(DocumentCharge(amount=D("5.00"), vat_category_code="E", vat_rate=D(0), reason="Kaucja"),),
        vat_breakdown=(VatBreakdown(category_code="E", rate=D(0), exemption_reason_code="VATEX-EU-79-C"),),
    )


def many_terms() -> Invoice:
    return invoice(
        line(
            1,
            "1000",
            "0",
            price=Price(net_price=D("12.345"), base_quantity=D(100), base_quantity_unit_code="H87"),
            note="Partia 7",
            object_identifier=Identifier("LICZNIK-1", "ABT"),
            purchase_order_line_reference="3",
            buyer_accounting_reference="501-2",
            period=Period(start_date=date(2026, 11, 1), end_date=date(2026, 11, 14)),
            item=Item(
                name="Śruba M8",
                description="Ocynkowana",
                seller_identifier="S-8",
                buyer_identifier="K-77",
                country_of_origin="PL",
                attributes=(ItemAttribute(name="Klasa", value="8.8"),),
                classification_identifiers=(Identifier("25.94.11", "ZZZ", "PKWiU 2015"), Identifier("31161620", "TST")),
            ),
        ),
        line(2, "1", "10.00", identifier="A-7"),
        tax_point_date=date(2026, 11, 15),
        invoicing_period=Period(start_date=date(2026, 11, 1), end_date=date(2026, 11, 30)),
        project_reference="P-1",
        sales_order_reference="SO-1",
        receiving_advice_reference="PZ-1",
        tender_or_lot_reference="T-1",
        invoiced_object_identifier=Identifier("OB-1", "AAJ"),
        buyer_accounting_reference="402",
        seller=seller(
            trading_name="Papiernia",
            identifiers=(Identifier("5901234000009", "0088"), Identifier("123456785")),
            additional_legal_information="Kapitał zakładowy 50 000 zł",
        ),
        buyer=buyer(
            identifier=Identifier("K-0042"),
            trading_name="Pod Żaglem",
            contact=Contact(name="Biuro", telephone="58 111 22 33", email="biuro@zagiel.example"),
        ),
        payee=Payee(name="Faktor S.A.", identifier=Identifier("2222222222")),
        tax_representative=TaxRepresentative(
            name="Przedstawiciel sp. z o.o.",
            vat_identifier="PL8567346215",
            address=Address(line1="ul. Morska 1", city="Gdynia", post_code="81-001", country_code="PL"),
        ),
        payment=PaymentInstructions(
            means_code="30",
            means_text="Przelew",
            remittance_information="FV/2026/11/0042",
            credit_transfers=(
                CreditTransfer(
                    account_identifier="PL61109010140000071219812874",
                    account_name="Faktor",
                    service_provider_identifier="WBKPPLPP",
                ),
            ),
        ),
        supporting_documents=(
            SupportingDocument(
                reference="REG-1", description="Regulamin", external_location="https://papiernia.example/regulamin"
            ),
        ),
        notes=tuple(Note(text=f"Uwaga {number}") for number in range(5)),
    )


def with_losses() -> Invoice:
    return invoice(
        line(
            1,
            "1.1234567",
            "10.123456789",
            price=Price(net_price=D("10.123456789"), gross_price=D("11.00"), discount=D("0.876543211")),
        ),
        business_process="urn:proces",
        tax_point_date_code="35",
        delivery=None,
        payment_terms="x" * 300,
        payment=PaymentInstructions(
            means_code="49",
            card=PaymentCard(account_number="1234", holder_name="Osoba"),
            direct_debit=DirectDebit(
                mandate_reference="M-1", creditor_identifier="C-1", debited_account_identifier="D-1"
            ),
        ),
        supporting_documents=(
            SupportingDocument(reference="Z-1", content=b"%PDF", mime_code="application/pdf", filename="z.pdf"),
        ),
    )


SAMPLES: dict[str, Callable[[], Invoice]] = {
    one.__name__: one
    for one in (
        domestic,
        exempt,
        exempt_by_directive,
        exempt_otherwise,
        zero_rated,
        reverse_charge,
        eu_goods,
        eu_services,
        export,
        outside_scope,
        abroad_reverse_charge,
        oss,
        margin,
        foreign_currency,
        credit_note,
        debit_note,
        self_billed,
        self_billed_credit,
        advance,
        settlement,
        foreign_settlement,
        prepaid,
        allowances_and_charges,
        deposit,
        many_terms,
        with_losses,
    )
}


RATES = {D(0): "23", D(7): "8", D(10): "8", D(6): "5", D(9): "8"}


def _polish_vat(category: str | None, rate: Decimal | None) -> tuple[str, Decimal | None]:
    if category in ("S", "L", "M", "B", None) or category not in ("Z", "E", "AE", "K", "G", "O"):
        known = rate in (23, 22, 8, 7, 5, 4, 3)
        return "S", rate if known and rate is not None else D(RATES.get(rate or D(0), "23"))
    return category, None if category == "O" else D(0)


def polish(source: Invoice) -> Invoice:
    """The invoice as a seller in Poland might have issued it: its NIP, Polish rates, a kind that FA(3) has."""

    def line_vat(one: Line) -> Line:
        category, rate = _polish_vat(one.vat and one.vat.category_code, one.vat and one.vat.rate)
        return one.replace(vat=LineVat(category_code=category, rate=rate))

    def part_vat(one: Any) -> Any:
        category, rate = _polish_vat(one.vat_category_code, one.vat_rate)
        return one.replace(vat_category_code=category, vat_rate=rate)

    def group_vat(one: VatBreakdown) -> VatBreakdown:
        category, rate = _polish_vat(one.category_code, one.rate)
        tax = one.tax_amount if category == "S" else D(0)
        return one.replace(category_code=category, rate=rate, tax_amount=tax)

    address = Address(line1="ul. Przykładowa 7", city="Gdynia", post_code="81-004", country_code="PL")
    party = (source.seller or seller()).replace(vat_identifier=f"PL{SELLER_NIP}", address=address)
    party = party if party.name else party.replace(name="Sprzedawca")
    return source.replace(
        seller=party,
        type_code=source.type_code if source.type_code in ("381", "386", "389", "326") else "380",
        preceding_invoices=tuple(
            one.replace(issue_date=one.issue_date or date(2026, 1, 2)) for one in source.preceding_invoices
        )
        or ((PrecedingInvoice(number="FV/1", issue_date=date(2026, 1, 2)),) if source.type_code == "381" else ()),
        lines=tuple(map(line_vat, source.lines)),
        allowances=tuple(map(part_vat, source.allowances)),
        charges=tuple(map(part_vat, source.charges)),
        vat_breakdown=tuple(map(group_vat, source.vat_breakdown)),
    )
