"""FA(3) and EN 16931: both ways, what is lost, what cannot be, and whether the results are valid."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import fa_models
import format_models
import msgspec
import pytest
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
from format_examples import CONFORMANCE, EXAMPLES, content_of, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import billingua
from billingua import formats
from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.errors import BillinguaError, CannotExpress, InvalidModel
from billingua.formats.fa import FORMAT
from billingua.formats.fa.convert import ROUTING, from_invoice, to_invoice
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
from billingua.model import Address as EnAddress
from billingua.model import Identifier, Invoice, Note, PrecedingInvoice, Totals, VatBreakdown, term_at, terms
from billingua.model.terms import terms_of

D = Decimal
CREATED = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SUPPRESS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

SAMPLE_FILES = Path(__file__).parents[2] / "samples"
FOLDERS = ("ksef", "ksefuj/test-fixtures/official-examples", "ksef-fop", "ksef2")
PUBLIC = [
    path
    for folder in FOLDERS
    for path in sorted((CONFORMANCE / folder).rglob("*.xml"))
    if any(namespace[1:-8].encode() in path.read_bytes() for namespace in FORMAT.roots)
]


def to_fa(source: Invoice) -> tuple[FaInvoice, list[Loss]]:
    """The invoice in FA(3) and its losses; writing it proves that the schema takes it."""
    losses: list[Loss] = []
    fa = from_invoice(source, losses, CREATED)
    data = formats.by_name("fa3").write(fa, "fa3")
    assert read(data).content == fa
    return fa, losses


def to_en(source: FaInvoice) -> tuple[Invoice, list[Loss]]:
    losses: list[Loss] = []
    return to_invoice(source, losses), losses


def leaves(group: msgspec.Struct, path: str = "") -> Iterator[tuple[str, Any]]:
    """Path and value of everything that a model says."""
    for field in msgspec.structs.fields(group):
        value, where = getattr(group, field.name), f"{path}{field.name}"
        if value == field.default or value == "":
            continue
        for index, one in enumerate(value if isinstance(value, tuple) else (value,)):
            place = f"{where}[{index}]" if isinstance(value, tuple) else where
            if isinstance(one, msgspec.Struct):
                yield from leaves(one, f"{place}.")
            elif one != "":
                yield place, one


def text_of(value: Any) -> str:
    return plain(value.normalize()) if isinstance(value, Decimal) else str(value)


def everything(group: msgspec.Struct) -> str:
    """All that a model says, in one text."""
    return "\n".join(" ".join(text_of(value).split()) for _, value in leaves(group))


@pytest.fixture(params=PUBLIC or [None], ids=[path.name for path in PUBLIC] or ["none"])
def public(request: pytest.FixtureRequest) -> Path:
    """A public invoice of FA(3) or FA(2) that the schema takes."""
    if request.param is None:
        pytest.skip(f"no public invoices in {CONFORMANCE}")
    path: Path = request.param
    if not billingua.validate(path, rulesets=[]).schema_valid:
        pytest.skip("the schema refuses it")
    return path


# from EN 16931

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
    assert _figures(after) == _figures(before)
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


AMOUNTS = ("taxable_amount", "tax_amount")


def test_public_invoices_of_others_come_back_with_their_figures() -> None:
    if not EXAMPLES:
        pytest.skip(f"no public examples in {CONFORMANCE}")
    converted = 0
    for path in EXAMPLES:
        try:
            source = polish(read(content_of(path)).content).with_totals()
        except BillinguaError:
            continue
        back, _ = to_en(to_fa(source)[0])
        assert _figures(back) == _figures(source), path
        converted += 1
    assert converted > 50


def _figures(one: Invoice) -> tuple[Any, ...]:
    """Amounts, dates, identifiers and the VAT split."""
    taxes = sorted((tax.category_code, tax.rate or 0, tax.taxable_amount, tax.tax_amount) for tax in one.vat_breakdown)
    lines = [(line.identifier, line.quantity, line.net_amount) for line in one.lines]
    dates = (one.issue_date, one.due_date, one.delivery and one.delivery.actual_date, one.invoicing_period)
    zero = {name: value for name, value in msgspec.structs.asdict(one.totals or Totals()).items() if value}
    return one.number, one.currency, taxes, lines, dates, zero


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


# from FA(3)


def test_public_invoices_are_valid_in_both_syntaxes(public: Path) -> None:
    fa: FaInvoice = billingua.read(public).content
    converted, _ = to_en(fa)
    no_name = fa.buyer is None or fa.buyer.name is None
    no_address = fa.buyer is None or fa.buyer.address is None
    excused = ({"BR-07"} if no_name else set()) | ({"BR-10", "BR-11"} if no_address else set())
    for name in ("ubl", "cii"):
        data = formats.by_name(name).write(converted, name, [])
        report = billingua.validate(data, rulesets=["en16931"])
        assert report.schema_valid
        assert {finding.rule for finding in report.findings if finding.severity == "fatal"} <= excused


SPOKEN = {
    *("KodKraju", "AdresL1", "AdresL2", "KodUE", "PrefiksPodatnika", "NIP", "RodzajFaktury", "P_17", "P_18", "P_12"),
    *("P_12_XII", "P_8A", "NrWierszaFa", "StanPrzed", "P_22", "FormaPlatnosci", "Rola", "RolaPU", "NrRB", "NrWiersza"),
    *("P_PMarzy_2", "P_PMarzy_3_1", "P_PMarzy_3_2", "P_PMarzy_3_3", "P_16", "P_18A", "P_23", "FP", "TP", "ZwrotAkcyzy"),
    *("ZnacznikZaplatyCzesciowej", "P_12_Zal_15", "GLN", "UU_ID", "NrWierszaZam", "NrID", "P_19B", "StopkaFaktury"),
}
"""Elements that EN 16931 says in codes or words of its own."""


def test_what_is_not_lost_of_public_invoices_is_there(public: Path) -> None:
    fa: FaInvoice = billingua.read(public).content
    converted, losses = to_en(fa)
    lost, said = {loss.where for loss in losses}, everything(converted)
    places = dict(leaves(fa))
    assert lost <= places.keys()
    for path, value in places.items():
        found = term_at(path, FaInvoice)
        assert found is not None
        if path not in lost and found.id not in SPOKEN and not isinstance(value, Decimal | int):
            assert " ".join(text_of(value).split()) in said, path


def test_public_invoices_keep_their_total(public: Path) -> None:
    fa: FaInvoice = billingua.read(public).content
    converted, losses = to_en(fa)
    assert converted.totals is not None
    assert fa.total_due is not None
    if "total_due" in {loss.where for loss in losses}:
        return
    charges = sum((one.amount or D(0) for one in fa.settlement.charges), D(0)) if fa.settlement else D(0)
    due = -fa.total_due if converted.type_code in ("381", "261") else fa.total_due
    totals = converted.totals
    if fa.kind == "ROZ":
        assert totals.amount_due == due
    else:
        assert (totals.total_with_vat or D(0)) + (totals.rounding_amount or D(0)) == due + charges


def test_public_invoices_come_back_with_their_totals(public: Path) -> None:
    fa: FaInvoice = billingua.read(public).content
    converted, losses = to_en(fa)
    if {"total_due", "lines[0].rate"} & {loss.where for loss in losses} or fa.kind in ("UPR", "ROZ"):
        pytest.skip("its totals do not follow from what it says")
    if fa.kind is not None and fa.kind.startswith("KOR") and not fa.corrected_invoices:
        pytest.skip("it does not say what it corrects")
    again = from_invoice(converted, [], CREATED)
    names = [name for name in FaInvoice.__struct_fields__ if name.startswith(("net_total", "total_margin", "tax_"))]
    before = {name: getattr(fa, name) for name in names if getattr(fa, name)}
    after = {name: getattr(again, name) for name in names if getattr(again, name)}
    if fa.reverse_charge:
        for totals in (before, after):
            amounts = [totals.pop(f"net_total_{name}", D(0)) for name in ("abroad", "eu_services", "reverse_charge")]
            totals["without tax"] = sum(amounts, D(0))
    assert after == before


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
            for key, value in (("BT-10", "Dział"), ("BT-7", "wczoraj"), ("Kolor", "x"))
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
    assert notes == {"BT-7: wczoraj", "Kolor: x", "BT-1: inny", "BT-999: ?", "9: BT-132: 8"}


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
@settings(max_examples=100, deadline=None)
def test_any_description_is_taken(entries: list[tuple[str, str, int | None]]) -> None:
    descriptions = tuple(Description(key=key, value=value, line_number=number) for key, value, number in entries)
    converted, losses = to_en(fa_models.example().replace(descriptions=descriptions))
    assert {loss.term for loss in losses} == {"DataWytworzeniaFa"}
    assert converted.number == "FV/1/2026"


def test_every_element_has_a_name_for_its_loss() -> None:
    assert all(term.id for term in terms_of(FaInvoice).values())
