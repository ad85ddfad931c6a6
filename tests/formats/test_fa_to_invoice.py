"""FA(3) to EN 16931: what becomes of it, and what is lost."""

from datetime import date
from decimal import Decimal
from typing import Any

import fa_models
import pytest
from fa_conversions import CREATED, leaves, to_en, to_fa
from fa_invoices import (
    BUYER_NIP,
    KSEF_NUMBER,
    SAMPLES,
)
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from billingua.formats.fa.convert import from_invoice
from billingua.formats.fa.model import (
    Address,
    Adjustment,
    Buyer,
    CorrectedInvoice,
    Description,
    FaInvoice,
    Line,
    OrderLine,
    Payment,
    Settlement,
    ThirdParty,
)
from billingua.model import Identifier, Note, PrecedingInvoice, terms
from billingua.model.terms import terms_of

D = Decimal
SUPPRESS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def correction(**changes: Any) -> FaInvoice:
    return fa_models.example().replace(
        kind="KOR",
        corrected_invoices=(CorrectedInvoice(issue_date=date(2026, 1, 2), number="FV/9", ksef_number=KSEF_NUMBER),),
        **changes,
    )


def pair(before: str, after: str) -> tuple[Line, ...]:
    line = fa_models.example().lines[0]
    return tuple(
        line.replace(quantity=D(1), net_price=D(amount), net_amount=D(amount), before_correction=first, unique_id="u-1")
        for amount, first in ((before, True), (after, False))
    )


def test_correction_downwards_is_a_credit_note() -> None:
    source = correction(
        lines=pair("200.00", "150.00"), net_total_23=D("-50.00"), tax_23=D("-11.50"), total_due=D("-61.50")
    )
    converted, _ = to_en(source)
    assert converted.type_code == "381"
    assert [(one.quantity, one.net_amount) for one in converted.lines] == [(D(1), D("200.00")), (D(-1), D("-150.00"))]
    assert [one.identifier for one in converted.lines] == ["1", "1-2"]
    assert converted.totals is not None
    assert converted.totals.total_with_vat == D("61.50")
    assert converted.preceding_invoices == (PrecedingInvoice(number="FV/9", issue_date=date(2026, 1, 2)),)
    assert Note(text=f"Numer KSeF faktury FV/9: {KSEF_NUMBER}") in converted.notes


def test_correction_upwards_is_a_debit_note() -> None:
    source = correction(lines=pair("150.00", "200.00"), net_total_23=D(50), tax_23=D("11.50"), total_due=D("61.50"))
    converted, _ = to_en(source)
    assert converted.type_code == "383"
    assert [one.net_amount for one in converted.lines] == [D("-150.00"), D("200.00")]
    again = from_invoice(converted, [], CREATED)
    assert (again.kind, again.total_due) == ("KOR", D("61.50"))


def test_correction_without_lines_gets_one() -> None:
    source = correction(lines=(), net_total_23=D("-40650.41"), tax_23=D("-9349.59"), total_due=D("-50000"),
                        correction_reason="rabat")  # fmt: skip
    converted, _ = to_en(source)
    (line,) = converted.lines
    assert line.item is not None
    assert (line.item.name, line.net_amount, line.vat and line.vat.rate) == ("rabat", D("40650.41"), D(23))
    data = correction(lines=(), net_total_23=None, tax_23=None, total_due=D(0))
    assert [one.net_amount for one in to_en(data)[0].lines] == [D(0)]


def test_prices_with_tax_become_prices_without() -> None:
    line = Line(
        number=1, name="Jabłka", unit="kg", quantity=D(3), gross_price=D("3.33"), gross_amount=D("9.99"), rate="23"
    )
    other = line.replace(number=2, gross_amount=D("3.33"), quantity=D(1))
    source = fa_models.example().replace(
        lines=(line, other), net_total_23=D("10.84"), tax_23=D("2.48"), total_due=D("13.32")
    )
    converted, losses = to_en(source)
    assert [one.net_amount for one in converted.lines] == [D("8.13"), D("2.71")]
    assert converted.lines[0].price is not None
    assert converted.lines[0].price.net_price == D("2.71")
    assert converted.lines[0].unit_code == "KGM"
    assert {loss.term for loss in losses} >= {"P_9B", "P_11A"}


@pytest.mark.parametrize(
    ("discount", "amount", "allowance"),
    [("10.00", "90.00", "10.00"), ("1.00", "98.00", "2.00"), ("1.005", "98.995", "1.01")],
)
def test_discounts_are_of_the_line_or_of_each_unit(discount: str, amount: str, allowance: str) -> None:
    line = fa_models.example().lines[0].replace(discount=D(discount), net_amount=D(amount))
    source = fa_models.example().replace(lines=(line,), net_total_23=None, tax_23=None, total_due=None)
    converted, _ = to_en(source.replace(net_total_23=D(amount), tax_23=D(0), total_due=D(amount)))
    assert [one.amount for one in converted.lines[0].allowances] == [D(allowance)]


@pytest.mark.parametrize(
    ("word", "code"),
    [("szt.", "H87"), ("SZT", "H87"), ("godz.", "HUR"), ("m-c", "MON"), ("KGM", "KGM"), ("pęczek", "C62")],
)
def test_units_are_read_as_people_write_them(word: str, code: str) -> None:
    line = fa_models.example().lines[0].replace(unit=word)
    converted, losses = to_en(fa_models.example().replace(lines=(line,)))
    assert converted.lines[0].unit_code == code
    assert converted.lines[0].note == (None if word != "pęczek" else "P_8A: pęczek")
    assert {loss.term for loss in losses} == {"DataWytworzeniaFa"}


@pytest.mark.parametrize(
    ("country", "lines", "expected"),
    [
        ("PL", ("ul. Kwiatowa 1 m. 2", "00-001 Warszawa"), ("ul. Kwiatowa 1 m. 2", None, "00-001", "Warszawa", None)),
        ("PL", ("Akacjowa 1, 00-001 Warszawa", None), ("Akacjowa 1", None, "00-001", "Warszawa", None)),
        ("PL", ("00-950 Warszawa", None), (None, None, "00-950", "Warszawa", None)),
        ("PL", ("ul. Długa 3", "81-001 Gdynia, pomorskie"), ("ul. Długa 3", None, "81-001", "Gdynia", "pomorskie")),
        ("DE", ("Hafenstraße 3", "18055 Rostock"), ("Hafenstraße 3", None, "18055", "Rostock", None)),
        ("GB", ("1 Pier Road", "London SW1A 1AA"), ("1 Pier Road", "London SW1A 1AA", None, None, None)),
        ("PL", ("PL", None), (None, None, None, None, None)),
    ],
)
def test_addresses_are_split_where_they_can_be(
    country: str, lines: tuple[str, str | None], expected: tuple[str | None, ...]
) -> None:
    place = Address(country=country, line_1=lines[0], line_2=lines[1])
    party = Buyer(nip=BUYER_NIP, name="Nabywca", address=place)
    converted = to_en(fa_models.example().replace(buyer=party))[0].buyer
    assert converted is not None
    found = converted.address
    assert found is not None
    assert (found.line1, found.line2, found.post_code, found.city, found.subdivision) == expected
    assert found.country_code == country


def test_settlement_comes_back_with_what_is_left() -> None:
    source = fa_models.example().replace(kind="ROZ", net_total_23=D("40.00"), tax_23=D("9.20"), total_due=D("49.20"))
    totals = to_en(source)[0].totals
    assert totals is not None
    assert (totals.total_with_vat, totals.paid_amount, totals.amount_due) == (D("123.00"), D("73.80"), D("49.20"))


def test_what_a_settlement_has_left_by_rate_is_lost() -> None:
    source = fa_models.example().replace(kind="ROZ", net_total_23=D("40.00"), tax_23=D("9.20"), total_due=D("49.20"))
    assert {loss.term for loss in to_en(source)[1]} >= {"P_13_1", "P_14_1"}


def test_sums_that_do_not_follow_are_lost() -> None:
    part = Adjustment(amount=D("5.00"), reason="Kaucja")
    right = Settlement(charges=(part,), charges_total=D(5), to_pay=D(128))
    for settlement, lost in (
        (right, set()),
        (right.replace(charges_total=D(6)), {"SumaObciazen"}),
        (right.replace(deductions_total=D(1)), {"SumaOdliczen"}),
        (right.replace(to_pay=D(1)), {"DoZaplaty"}),
        (right.replace(to_pay=None, to_settle=D(1)), {"DoRozliczenia"}),
    ):
        _, losses = to_en(fa_models.example().replace(settlement=settlement))
        assert {loss.term for loss in losses} - {"DataWytworzeniaFa"} == lost
    _, losses = to_en(fa_models.example().replace(tax_8=D(1)))
    assert "P_14_2" in {loss.term for loss in losses}


@pytest.mark.parametrize("kind", ["UPR", "KOR_ZAL", "KOR_ROZ"])
def test_kinds_that_the_standard_does_not_tell_apart_are_lost(kind: str) -> None:
    assert "RodzajFaktury" in {loss.term for loss in to_en(correction().replace(kind=kind))[1]}


def test_reverse_charge_that_no_rate_says_is_a_note() -> None:
    converted, losses = to_en(fa_models.example().replace(reverse_charge=True))
    assert Note(text="P_18: odwrotne obciążenie") in converted.notes
    assert {loss.term for loss in losses} == {"DataWytworzeniaFa"}
    again = from_invoice(converted, [], CREATED)
    assert (again.reverse_charge, again.footer) == (True, None)
    noted = SAMPLES["reverse_charge"]().replace(notes=(Note(text="Odwrotne obciążenie"),))
    assert from_invoice(noted, [], CREATED).footer is not None


def test_numbers_beside_universal_identifiers_are_lost_where_they_are_no_count() -> None:
    line = fa_models.example().lines[0].replace(unique_id="u-1")
    for number, lost in ((1, set()), (7, {"NrWierszaFa"})):
        converted, losses = to_en(fa_models.example().replace(lines=(line.replace(number=number),)))
        assert [one.identifier for one in converted.lines] == ["u-1"]
        assert {loss.term for loss in losses} - {"DataWytworzeniaFa"} == lost


def test_charges_outside_the_tax_base_are_no_category_o_beside_others() -> None:
    part = Adjustment(amount=D("5.00"), reason="Kaucja")
    back = Adjustment(amount=D("3.00"), reason="Nadpłata")
    source = fa_models.example().replace(
        settlement=Settlement(
            charges=(part,), charges_total=D(5), deductions=(back,), deductions_total=D(3), to_pay=D(125)
        )
    )
    converted, losses = to_en(source)
    assert [(one.category_code, one.exemption_reason_code) for one in converted.vat_breakdown] == [
        ("S", None),
        ("E", "VATEX-EU-79-C"),
    ]
    assert converted.totals is not None
    assert (converted.totals.total_with_vat, converted.totals.amount_due) == (D("128.00"), D("125.00"))
    assert "Powod" in {loss.term for loss in losses}
    again = from_invoice(converted, [], CREATED)
    assert again.settlement is not None
    assert again.settlement.charges == (part,)
    assert (again.total_due, again.settlement.to_pay) == (D("123.00"), D("125.00"))


def test_payments() -> None:
    paid = to_en(fa_models.example().replace(payment=Payment(paid_on=date(2026, 2, 2), form="1")))
    assert paid[0].totals is not None
    assert (paid[0].totals.paid_amount, paid[0].totals.amount_due) == (D("123.00"), D("0.00"))
    assert paid[0].payment is not None
    assert paid[0].payment.means_code == "10"
    assert "DataZaplaty" in {loss.term for loss in paid[1]}
    bare = to_en(fa_models.example().replace(payment=Payment(form="6")))[0].payment
    assert bare is not None
    assert (bare.means_code, bare.means_text) == ("ZZZ", "przelew")


def test_keys_that_are_terms_go_back_to_their_term() -> None:
    descriptions = (
        *(
            Description(key=key, value=value)
            for key, value in (("BT-10", "Dział"), ("BT-7", "wczoraj"), ("BT-125", "QQ=="), ("Kolor", "x"))
        ),
        *(
            Description(key=key, value=value)
            for key, value in (("BT-18/AAJ", "OB-1"), ("BT-1", "inny"), ("BT-999", "?"))
        ),
        Description(line_number=1, key="BT-132", value="7"),
        Description(line_number=1, key="Partia", value="9"),
        Description(line_number=9, key="BT-132", value="8"),
    )
    converted, _ = to_en(fa_models.example().replace(descriptions=descriptions))
    assert (converted.buyer_reference, converted.number) == ("Dział", "FV/1/2026")
    assert converted.invoiced_object_identifier == Identifier("OB-1", "AAJ")
    assert converted.lines[0].purchase_order_line_reference == "7"
    assert converted.lines[0].note == "Partia: 9"
    notes = {note.text for note in converted.notes}
    assert notes == {"BT-7: wczoraj", "BT-125: QQ==", "Kolor: x", "BT-1: inny", "BT-999: ?", "9: BT-132: 8"}


def test_other_parties_are_notes() -> None:
    party = ThirdParty(nip=BUYER_NIP, name="Gmina", role="8", address=Address(country="PL", line_1="Rynek 1"))
    converted, losses = to_en(fa_models.example().replace(third_parties=(party,)))
    (note,) = [one.text for one in converted.notes]
    assert note is not None
    assert all(word in note for word in ("Podmiot3 8", "Gmina", BUYER_NIP, "Rynek 1", "PL"))
    assert {loss.term for loss in losses} == {"DataWytworzeniaFa"}


def test_orders_beyond_the_advance_are_lost() -> None:
    order = SAMPLES["advance"]()
    fa, _ = to_fa(order)
    assert fa.order is not None
    bigger = fa.order.replace(gross_total=D(100000), lines=(*fa.order.lines, OrderLine(number=3, name="Reszta")))
    converted, losses = to_en(fa.replace(order=bigger))
    assert [one.item and one.item.name for one in converted.lines] == ["Zaliczka", "Zaliczka"]
    assert "WartoscZamowienia" in {loss.term for loss in losses}


@given(source=fa_models.invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESS)
def test_any_invoice_of_fa_becomes_one_of_the_standard(source: FaInvoice) -> None:
    converted, losses = to_en(source)
    assert {loss.where for loss in losses} <= dict(leaves(source)).keys()
    totals = converted.totals
    assert totals is not None
    amounts = [getattr(totals, name) or D(0) for name in ("line_total", "allowance_total", "charge_total")]
    assert totals.total_without_vat == amounts[0] - amounts[1] + amounts[2]


KEYS = st.sampled_from(sorted(terms())) | st.sampled_from(sorted(terms())).map(lambda key: f"{key}/1")
VALUES = st.sampled_from(["1", "2026-02-30", "2026-02-28", "S", "-1.5", "x" * 40, "ZZZ", "0", "NaN", "1e9"])


@given(entries=st.lists(st.tuples(KEYS, VALUES, st.sampled_from([None, 1, 2])), max_size=12))
@example(entries=[("BT-149", "NaN", 1)])
@settings(max_examples=100, deadline=None)
def test_any_description_is_taken(entries: list[tuple[str, str, int | None]]) -> None:
    descriptions = tuple(Description(key=key, value=value, line_number=number) for key, value, number in entries)
    converted, losses = to_en(fa_models.example().replace(descriptions=descriptions))
    assert {loss.term for loss in losses} == {"DataWytworzeniaFa"}
    assert converted.number == "FV/1/2026"


def test_every_element_has_a_name_for_its_loss() -> None:
    assert all(term.id for term in terms_of(FaInvoice).values())
