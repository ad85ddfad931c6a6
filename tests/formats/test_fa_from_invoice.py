"""EN 16931 to FA(3): what becomes of it and back, what is lost, what cannot be."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import format_models
import pytest
from fa_conversions import CREATED, IMPLIED, everything, figures, leaves, passed_over, text_of, to_en, to_fa, unwritten
from fa_invoices import (
    BUYER_NIP,
    KSEF_NUMBER,
    SAMPLES,
    SELLER_NIP,
    buyer,
    credit_note,
    domestic,
    german,
    invoice,
    polish,
    seller,
    with_losses,
)
from fa_invoices import line as sold
from hypothesis import HealthCheck, given, settings

import billingua
from billingua.engine.document import Loss
from billingua.errors import CannotExpress, InvalidModel
from billingua.formats.fa.convert import ROUTING, from_invoice
from billingua.formats.fa.model import (
    CorrectedInvoice,
)
from billingua.model import Address as EnAddress
from billingua.model import Delivery, Identifier, Invoice, Note, PrecedingInvoice, Totals, VatBreakdown, term_at

D = Decimal
SUPPRESS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
SAMPLE_FILES = Path(__file__).parents[2] / "samples"

CHANGED = {
    "reverse_charge": {"vat_breakdown[0].exemption_reason_code"},
    "export": {"buyer.address.city", "buyer.address.line2"},
    "outside_scope": {"buyer.address.city", "buyer.address.line2"},
    "oss": {"delivery.address.city", "delivery.address.line1"},
    "credit_note": {"notes[0].text", "notes[1].text"},
    "debit_note": {"notes[0].text", "supporting_documents[0].reference"},
    "with_losses": {
        *("business_process", "tax_point_date_code", "payment_terms", "payment.means_text"),
        *("payment.card.account_number", "payment.card.holder_name"),
        *(
            f"payment.direct_debit.{n}"
            for n in ("mandate_reference", "creditor_identifier", "debited_account_identifier")
        ),
        *(f"supporting_documents[0].{name}" for name in ("content", "mime_code", "filename")),
        "lines[0].quantity",
        *(f"lines[0].price.{name}" for name in ("net_price", "discount", "gross_price")),
    },
}
"""What is another after the way there and back: a town without a street is a line, a KSeF number a note."""

UNSENT = {
    "specification",
    *(f"{party}.electronic_address.{name}" for party in ("seller", "buyer") for name in ("value", "scheme_id")),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_come_back_as_they_were(name: str) -> None:
    source = SAMPLES[name]()
    fa, losses = to_fa(source)
    back, _ = to_en(fa)
    before, after = dict(leaves(source)), dict(leaves(back))
    differing = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert differing - UNSENT == CHANGED.get(name, set())
    assert name == "with_losses" or {loss.term for loss in losses} <= ROUTING


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_a_domestic_invoice_goes_to_ksef_and_back(syntax: str) -> None:
    source = SAMPLE_FILES / f"poland.{syntax}.xml"
    converted = billingua.convert(source, "fa3")
    assert {loss.term for loss in converted.losses} <= ROUTING
    report = billingua.validate(converted.data, today=date(2026, 12, 1))
    assert (report.valid, report.findings) == (True, ())
    back = billingua.convert(converted.data, syntax)
    assert {loss.term for loss in back.losses} == {"DataWytworzeniaFa", "SystemInfo"}
    assert billingua.validate(back.data).valid
    before, after = billingua.read(source).content, billingua.read(back.data).content
    assert figures(after) == figures(before)
    assert [line.item for line in after.lines] == [line.item for line in before.lines]


def test_a_foreign_seller_cannot_issue_in_ksef() -> None:
    with pytest.raises(CannotExpress, match="BT-31"):
        billingua.convert(SAMPLE_FILES / "standard-rated.ubl.xml", "fa3")


@pytest.mark.parametrize("name", SAMPLES)
def test_samples_keep_to_the_rules_of_ksef(name: str) -> None:
    converted = billingua.convert(billingua.write(SAMPLES[name](), "ubl"), "fa3")
    report = billingua.validate(converted.data, rulesets=["ksef"], today=date(2026, 12, 1))
    assert report.valid
    assert [finding.rule for finding in report.findings if finding.severity != "information"] == []


DERIVED = {
    *("BT-3", "BT-6", "BT-81", "BT-106", "BT-107", "BT-108", "BT-109", "BT-110", "BT-111", "BT-115", "BT-119"),
    *("BT-95", "BT-96", "BT-102", "BT-103", "BT-118", "BT-121", "BT-130", "BT-150", "BT-151", "BT-152", "BT-126"),
    *("BT-31", "BT-48", "BT-63", "BT-29-1", "BT-71-1", "BT-157-1", "BT-158-1", "BT-158-2"),
}
"""Terms that FA(3) says in words of its own: kinds, rates, units, schemes, numbers without their country, sums."""


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_not_lost_is_there(name: str) -> None:
    source = SAMPLES[name]()
    fa, losses = to_fa(source)
    lost, said = {loss.where for loss in losses}, everything(fa)
    for path, value in leaves(source):
        found = term_at(path)
        if path not in lost and found is not None and found.id not in DERIVED and not isinstance(value, Decimal):
            text = text_of(value).rpartition(": ")[2]
            assert " ".join(text.split()) in said, path


OWN_WORDS = {"Klucz", "Wartosc", "P_7", "P_9A", "FormaPlatnosci", "Powod", "Kwota"}
"""What FA(3) says in words of this library, and what a description beside it says better."""


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_samples_is_carried_or_lost(name: str) -> None:
    assert passed_over(SAMPLES[name](), unwritten) <= IMPLIED
    assert passed_over(unwritten(SAMPLES[name]())[0], to_en) <= IMPLIED | OWN_WORDS


def test_losses_name_term_value_place_and_reason() -> None:
    losses: list[Loss] = []
    from_invoice(with_losses(), losses)
    by_term = {loss.term: loss for loss in losses}
    assert by_term.keys() == ROUTING | {
        *("BT-8", "BT-20", "BT-87", "BT-88", "BT-89", "BT-90", "BT-91", "BT-125", "BT-125-1", "BT-125-2"),
        *("BT-129", "BT-146", "BT-147", "BT-148"),
    }
    assert by_term["BT-129"][1:3] == ("1.1234567", "lines[0].quantity")
    assert "rounded to 1.123457" in by_term["BT-129"].why
    assert "256" in by_term["BT-20"].why


def test_only_the_routing_may_be_lost_when_writing() -> None:
    assert b"<P_2>FV/2026/11/0042</P_2>" in billingua.write(domestic(), "fa3")
    with pytest.raises(CannotExpress, match="BT-8 "):
        billingua.write(domestic().replace(tax_point_date_code="35"), "fa3")


def test_losses_of_a_conversion_name_the_line() -> None:
    for name in ("ubl", "cii"):
        converted = billingua.convert(billingua.write(domestic(), name), "fa3")
        assert {loss.term for loss in converted.losses} == ROUTING - {"BT-23"}
        assert all(loss.where.startswith("line ") for loss in converted.losses)
        assert billingua.validate(converted.data, rulesets=[]).schema_valid
        back = billingua.convert(converted.data, name)
        assert {loss.term for loss in back.losses} == {"DataWytworzeniaFa", "SystemInfo"}
        assert all(loss.where.startswith("line ") for loss in back.losses)


def test_the_moment_is_given_or_now() -> None:
    assert from_invoice(domestic(), [], CREATED).created == CREATED
    before = datetime.now(UTC).replace(microsecond=0)
    created = from_invoice(domestic(), []).created
    assert created is not None
    assert created.microsecond == 0
    assert before <= created <= datetime.now(UTC)


PRECEDING = (PrecedingInvoice(number="FV/1", issue_date=date(2026, 11, 2)),)
FOREIGN = EnAddress(city="Rostock", country_code="DE")

IMPOSSIBLE: dict[str, tuple[Callable[[], Invoice], str]] = {
    "foreign seller": (
        lambda: domestic().replace(seller=seller(vat_identifier="DE136695976")),
        "BT-31.*DE136695976.*NIP",
    ),
    "seller without number": (lambda: domestic().replace(seller=seller(vat_identifier=None)), "no Polish tax number"),
    "pro forma": (lambda: domestic().replace(type_code="325"), "BT-3 325.*pro forma"),
    "corrected": (lambda: domestic().replace(type_code="384"), "BT-3 384.*difference.*381"),
    "no type": (lambda: domestic().replace(type_code="1"), "BT-3 '1'"),
    "credit without invoice": (lambda: credit_note().replace(preceding_invoices=()), "does not say which.*BT-25"),
    "credit without date": (
        lambda: credit_note().replace(preceding_invoices=(PrecedingInvoice(number="FV/1"),)),
        "BT-26.*missing.*FV/1",
    ),
    "foreign rate": (lambda: invoice(sold(1, "1", "10.00", rate="19")), "S at 19 %.*23, 22, 8, 7, 5, 4, 3"),
    "canary islands": (lambda: invoice(sold(1, "1", "10.00", "L", "7")), "category L.*no counterpart"),
    "currency": (lambda: domestic().replace(currency="XXQ"), "BT-5.*XXQ"),
    "early": (lambda: domestic().replace(issue_date=date(2005, 1, 1)), "BT-2 2005-01-01"),
    "buyer's number": (lambda: domestic().replace(buyer=buyer(vat_identifier="PL12")), "BT-48.*PL12.*NIP"),
    "country": (lambda: domestic().replace(buyer=buyer(address=EnAddress(country_code="QQ"))), "BT-55 'QQ'"),
    "huge": (lambda: invoice(sold(1, "1" + "0" * 15, "1.00")), "BT-.*more digits"),
    "taxed deposit": (
        lambda: SAMPLES["deposit"]().replace(
            vat_breakdown=tuple(
                one.replace(tax_amount=D(1)) if one.category_code == "E" else one
                for one in SAMPLES["deposit"]().vat_breakdown
            )
        ),
        "category E has the tax 1 .BT-117.",
    ),
    "taxed exemption": (
        lambda: domestic().replace(
            vat_breakdown=(VatBreakdown(category_code="E", rate=D(0), taxable_amount=D(1), tax_amount=D(1)),)
        ),
        "BT-117",
    ),
}
INCOMPLETE: dict[str, tuple[Callable[[], Invoice], str]] = {
    "breakdown": (lambda: domestic().replace(vat_breakdown=()), "BG-23 is missing.*with_totals"),
    "seller": (lambda: domestic().replace(seller=None), "BG-4 is missing"),
    "number": (lambda: domestic().replace(number=None), "BT-1 is missing"),
    "type": (lambda: domestic().replace(type_code=None), "BT-3 is missing"),
    "seller's address": (lambda: domestic().replace(seller=seller(address=None)), "BG-5 is missing"),
    "line amount": (
        lambda: domestic().replace(lines=(domestic().lines[0].replace(net_amount=None),)),
        "BT-131 is missing.*with_totals",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_fa_cannot_say_is_one_clear_error(name: str) -> None:
    make, expected = IMPOSSIBLE[name]
    with pytest.raises(CannotExpress, match=expected) as raised:
        from_invoice(make(), [])
    assert raised.value.where
    assert raised.value.todo


@pytest.mark.parametrize("name", INCOMPLETE)
def test_what_fa_cannot_do_without_is_named(name: str) -> None:
    make, expected = INCOMPLETE[name]
    with pytest.raises(InvalidModel, match=expected) as raised:
        from_invoice(make(), [])
    assert raised.value.where


def test_kinds() -> None:
    kinds = {name: to_fa(make())[0].kind for name, make in SAMPLES.items()}
    assert kinds["domestic"] == "VAT"
    assert kinds["credit_note"] == kinds["debit_note"] == kinds["self_billed_credit"] == "KOR"
    assert kinds["advance"] == "ZAL"
    assert kinds["settlement"] == "ROZ"
    partial = to_fa(domestic().replace(type_code="326"))[0]
    assert partial.kind == "VAT"
    assert to_en(partial)[0].type_code == "326"


def test_credit_note_is_a_correction_downwards() -> None:
    source = credit_note()
    fa, _ = to_fa(source)
    assert source.totals is not None
    assert fa.total_due == -(source.totals.total_with_vat or 0)
    assert (fa.net_total_23, fa.tax_23, fa.net_total_5) == (D("-37.00"), D("-8.51"), D("-30.00"))
    assert (fa.lines[0].quantity, fa.lines[0].net_price, fa.lines[0].net_amount) == (D(-2), D("18.50"), D("-37.00"))
    assert fa.lines[1].discount == D("-4.20")
    assert fa.correction_reason == "zwrot"
    assert fa.corrected_invoices == (
        CorrectedInvoice(issue_date=date(2026, 11, 2), number="FV/2026/11/0042", ksef_number=KSEF_NUMBER),
    )
    assert fa.footer is not None
    assert fa.footer.information == ()


def test_ksef_numbers_find_their_invoices() -> None:
    other = f"{SELLER_NIP}-20260411-0100002AF629-35"
    foreign = f"{BUYER_NIP}-20260411-0100002AF629-35"
    preceding = (
        PrecedingInvoice(number="FV/1", issue_date=date(2026, 3, 1)),
        PrecedingInvoice(number="FV/2", issue_date=date(2026, 4, 1)),
        PrecedingInvoice(number=KSEF_NUMBER, issue_date=date(2026, 5, 1)),
    )
    notes = (Note(text=f"FV/2: {KSEF_NUMBER}, por. umowa"), Note(text=other), Note(text=foreign))
    fa, _ = to_fa(credit_note().replace(preceding_invoices=preceding, notes=notes))
    assert [one.ksef_number for one in fa.corrected_invoices] == [other, KSEF_NUMBER, KSEF_NUMBER]
    assert fa.footer is not None
    assert [one.text for one in fa.footer.information] == [notes[0].text, foreign]


def test_advance_has_its_order() -> None:
    fa, _ = to_fa(SAMPLES["advance"]())
    assert fa.lines == ()
    assert fa.order is not None
    assert fa.order.gross_total == fa.total_due
    amounts = [(one.net_amount or D(0)) + (one.tax_amount or D(0)) for one in fa.order.lines]
    assert sum(amounts) == fa.total_due
    assert fa.payment is not None
    assert fa.payment.paid_on == date(2026, 11, 14)


def test_settlement_states_what_is_left() -> None:
    fa, _ = to_fa(SAMPLES["settlement"]())
    assert fa.total_due == D("300000.00")
    parts = (fa.net_total_23, fa.tax_23, fa.net_total_8, fa.tax_8)
    assert sum(filter(None, parts)) == fa.total_due
    assert parts == (D("3998.40"), D("919.63"), D("273224.05"), D("21857.92"))  # as in the example of the ministry
    assert [(one.number, one.ksef_number) for one in fa.advance_invoices] == [(None, KSEF_NUMBER), ("FZ/2", None)]
    assert fa.settlement is None


def test_tax_in_zloty_is_shared_out_to_the_last_grosz() -> None:
    source = SAMPLES["foreign_currency"]()
    fa, _ = to_fa(source)
    assert source.totals is not None
    parts = (fa.tax_23_in_pln, fa.tax_8_in_pln, fa.tax_5_in_pln)
    assert sum(filter(None, parts)) == source.totals.total_vat_in_accounting_currency
    assert parts == (D("326.85"), D("29.80"), D("1.07"))


def test_rates_follow_from_category_and_buyer() -> None:
    found = {}
    for name, make in SAMPLES.items():
        fa, _ = to_fa(make())
        found[name] = ([one.rate for one in fa.lines], fa.reverse_charge, fa.seller and fa.seller.eu_prefix)
    assert found["zero_rated"] == (["0 KR", "23"], False, None)
    assert found["reverse_charge"] == (["oo"], True, None)
    assert found["eu_goods"] == (["0 WDT"], False, "PL")
    assert found["eu_services"] == (["np II"], True, "PL")
    assert found["export"] == (["0 EX"], False, None)
    assert found["outside_scope"] == (["np I"], False, None)
    assert found["abroad_reverse_charge"] == (["np I"], True, None)
    assert found["oss"] == ([None, None], False, None)
    assert found["margin"] == ([None], False, None)
    assert [one.oss_rate for one in to_fa(SAMPLES["oss"]())[0].lines] == [D(19), D(7)]
    margin = to_fa(SAMPLES["margin"]())[0]
    assert margin.margin_second_hand
    assert (margin.total_margin, margin.lines[0].gross_amount) == (D("15000.00"), D("15000.00"))


def test_tax_in_zloty_of_a_settlement_is_that_of_what_is_left() -> None:
    source = SAMPLES["foreign_settlement"]()
    fa, losses = to_fa(source)
    assert source.totals is not None
    assert {loss.term for loss in losses} <= ROUTING
    assert fa.total_due == source.totals.amount_due == D("1000.00")
    whole = source.totals.total_vat_in_accounting_currency
    parts = (fa.tax_23_in_pln, fa.tax_8_in_pln)
    assert (whole, sum(filter(None, parts))) == (D("1014.76"), D("758.43"))
    back, _ = to_en(fa)
    assert (back.vat_currency, back.totals) == ("PLN", source.totals)


def test_reverse_charge_is_domestic_where_the_sale_is() -> None:
    source = SAMPLES["reverse_charge"]()
    abroad = Delivery(actual_date=date(2026, 11, 14), address=EnAddress(country_code="DE", city="Rostock"))
    assert [one.rate for one in to_fa(source)[0].lines] == ["oo"]
    assert [one.rate for one in to_fa(source.replace(delivery=abroad))[0].lines] == ["np I"]


def test_a_rate_beside_a_category_without_one_is_lost() -> None:
    source = SAMPLES["zero_rated"]()
    (line, *rest), (group, *groups) = source.lines, source.vat_breakdown
    assert line.vat is not None
    wrong = source.replace(
        lines=(line.replace(vat=line.vat.replace(rate=D(3))), *rest),
        vat_breakdown=(group.replace(rate=D(3)), *groups),
    )
    lost = {(loss.term, loss.value) for loss in to_fa(wrong)[1] if loss.term not in ROUTING}
    assert lost == {("BT-152", "3"), ("BT-119", "3")}


def test_exemptions_have_one_basis() -> None:
    assert to_fa(SAMPLES["exempt"]())[0].exemption_by_act == "art. 43 ust. 1 pkt 28 ustawy o VAT"
    directive = to_fa(SAMPLES["exempt_by_directive"]())[0]
    assert directive.exemption_by_directive == "art. 132 ust. 1 lit. b dyrektywy 2006/112/WE"
    assert to_fa(SAMPLES["exempt_otherwise"]())[0].exemption_by_other == "rozporządzenie Ministra Finansów"


def test_annotations_are_recognised_in_notes() -> None:
    notes = (Note(text="Mechanizm podzielonej płatności."), Note(text="P_16: metoda kasowa"), Note(text="TP: 1"))
    kept = Note(text="Nie stosuje się: mechanizm podzielonej płatności")
    fa, _ = to_fa(domestic().replace(notes=(*notes, kept)))
    assert (fa.split_payment, fa.cash_accounting, fa.related_parties) == (True, True, True)
    assert fa.footer is not None
    assert [one.text for one in fa.footer.information] == [kept.text]


def test_identifiers_go_where_they_are_looked_for() -> None:
    fa, _ = to_fa(SAMPLES["many_terms"]())
    assert fa.seller is not None
    assert fa.footer is not None
    assert fa.seller.nip == SELLER_NIP
    assert fa.seller.address is not None
    assert fa.seller.address.gln == "5901234000009"
    assert (fa.footer.registers[0].krs, fa.footer.registers[0].regon) == ("0000123456", "123456785")
    assert fa.buyer is not None
    assert (fa.buyer.nip, fa.buyer.customer_number) == (BUYER_NIP, "K-0042")
    assert [(one.role, one.nip) for one in fa.third_parties] == [("1", "2222222222")]
    assert fa.payment is not None
    assert [one.swift for one in fa.payment.factor_accounts] == ["WBKPPLPP"]
    eu = to_fa(domestic().replace(buyer=german(vat_identifier="GR123456789")))[0].buyer
    assert eu is not None
    assert (eu.eu_country, eu.eu_vat_number) == ("EL", "123456789")
    nobody = to_fa(domestic().replace(buyer=buyer(vat_identifier=None)))[0].buyer
    assert nobody is not None
    assert nobody.nip is nobody.other_id is None
    by_register = buyer(vat_identifier=None, legal_registration_identifier=Identifier(BUYER_NIP))
    found = to_fa(domestic().replace(buyer=by_register))[0].buyer
    assert found is not None
    assert found.nip == BUYER_NIP


def test_discounts_and_terms_in_words_find_their_elements() -> None:
    fa, _ = to_fa(domestic().replace(payment_terms="#SKONTO#TAGE=7#PROZENT=2.00#"))
    assert fa.payment is not None
    assert (fa.payment.discount_conditions, fa.payment.discount_amount) == ("zapłata w ciągu 7 dni", "2.00 %")
    back, _ = to_en(fa)
    assert (back.payment_terms, back.notes) == ("#SKONTO#TAGE=7#PROZENT=2.00#", domestic().notes)
    fa, _ = to_fa(domestic().replace(due_date=None, payment_terms="30 days from receipt"))
    assert fa.payment is not None
    assert (fa.payment.terms[0].count, fa.payment.terms[0].unit) == (30, "dni")
    assert to_en(fa)[0].payment_terms == "30 days from receipt"


def test_characters_that_ksef_refuses_are_left_out() -> None:
    fa, losses = to_fa(domestic().replace(number="FV\u0080/1", buyer_reference="a\u0085b\U0001fffe"))
    assert fa.number == "FV/1"
    assert {loss.term for loss in losses} - ROUTING == {"BT-1", "BT-10"}


def test_overpaid_is_to_settle() -> None:
    fa, _ = to_fa(invoice(sold(1, "1", "100.00"), paid_amount=D("150.00")))
    assert fa.settlement is not None
    assert (fa.settlement.to_pay, fa.settlement.to_settle) == (None, D("27.00"))
    back = to_en(fa)[0].totals
    assert back is not None
    assert (back.paid_amount, back.amount_due) == (D("150.00"), D("-27.00"))


def test_totals_that_do_not_add_up_are_lost() -> None:
    source = domestic()
    assert source.totals is not None
    wrong: Totals = source.totals.replace(line_total=D("1.00"), amount_due=D("2.00"))
    losses = [loss for loss in to_fa(source.replace(totals=wrong))[1] if loss.term not in ROUTING]
    assert [(loss.term, loss.value) for loss in losses] == [("BT-106", "1.00"), ("BT-115", "2.00")]


@given(source=format_models.invoices())
@settings(max_examples=60, deadline=None, suppress_health_check=SUPPRESS)
def test_any_invoice_becomes_a_valid_one_or_one_error(source: Invoice) -> None:
    source = polish(source).replace(currency="PLN", issue_date=date(2026, 1, 1), type_code="380", preceding_invoices=())
    foreign = {"buyer": source.buyer, "delivery": source.delivery, "tax_representative": source.tax_representative}
    for name, group in foreign.items():
        if group is not None and group.address is not None:
            group = group.replace(address=group.address.replace(country_code="DE"))
        if name == "buyer" and group is not None and group.vat_identifier:  # type: ignore[union-attr]
            group = group.replace(vat_identifier="DE136695976")
        source = source.replace(**{name: group})
    fa, losses = to_fa(source)
    places = dict(leaves(source))
    assert {loss.where for loss in losses} <= places.keys()
    to_en(fa)
