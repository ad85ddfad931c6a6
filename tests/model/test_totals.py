"""Totals and VAT breakdown: the sums of EN 16931 hold, and each cent is explained."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billingua.engine.numbers import percent_of, round_half_away, total
from billingua.errors import InvalidModel, UsageError
from billingua.model import (
    DocumentAllowance,
    DocumentCharge,
    Invoice,
    Line,
    LineAllowance,
    LineCharge,
    LineVat,
    Price,
    Totals,
    VatBreakdown,
    explain_totals,
)

D = Decimal
ONE_REASON = [("AE", "VATEX-EU-AE"), ("K", "VATEX-EU-IC"), ("G", "VATEX-EU-G"), ("O", "VATEX-EU-O")]


def line(net: str | None = None, rate: str | None = "19", category: str = "S", **more: Any) -> Line:
    vat = LineVat(category_code=category, rate=None if rate is None else D(rate))
    return Line(net_amount=None if net is None else D(net), vat=vat, **more)


def priced(quantity: str, price: str, base: str | None = None, **more: Any) -> Line:
    base_quantity = None if base is None else D(base)
    return line(quantity=D(quantity), price=Price(net_price=D(price), base_quantity=base_quantity), **more)


def computed(*lines: Line, **more: Any) -> Invoice:
    return Invoice(currency="EUR", lines=lines, **more).with_totals()


def totals_of(invoice: Invoice) -> Totals:
    assert invoice.totals is not None
    return invoice.totals


def test_a_whole_invoice() -> None:
    invoice = computed(
        line("100.00"),
        line("50.00", "7"),
        line("-10.00"),
        allowances=(DocumentAllowance(amount=D("5.00"), vat_category_code="S", vat_rate=D("19.00")),),
        charges=(DocumentCharge(amount=D("2.50"), vat_category_code="S", vat_rate=D("7")),),
        totals=Totals(paid_amount=D("20.00"), rounding_amount=D("0.01")),
    )
    assert invoice.totals == Totals(
        line_total=D("140.00"),
        allowance_total=D("5.00"),
        charge_total=D("2.50"),
        total_without_vat=D("137.50"),
        total_vat=D("19.83"),
        total_with_vat=D("157.33"),
        paid_amount=D("20.00"),
        rounding_amount=D("0.01"),
        amount_due=D("137.34"),
    )
    assert invoice.vat_breakdown == (
        VatBreakdown(taxable_amount=D("85.00"), tax_amount=D("16.15"), category_code="S", rate=D("19")),
        VatBreakdown(taxable_amount=D("52.50"), tax_amount=D("3.68"), category_code="S", rate=D("7")),
    )


@pytest.mark.parametrize(
    ("item", "net"),
    [
        (priced("3", "9.99"), "29.97"),
        (priced("1", "0.125"), "0.13"),
        (priced("-1", "0.125"), "-0.13"),
        (priced("10", "10", "3"), "33.33"),
        (priced("1", "1", "-8"), "-0.13"),
        (priced("1000000", "0.0000001"), "0.10"),
        (priced("2", "10", charges=(LineCharge(amount=D("0.50")),)), "20.50"),
        (
            priced("2", "10", "4", allowances=(LineAllowance(base_amount=D("5"), percentage=D("2.5")),)),
            "4.87",
        ),
        (priced("3", "9.99").replace(net_amount=D("30.00")), "30.00"),
        (line(quantity=D(2), price=Price(gross_price=D("10.00"), discount=D("1.00"))), "18.00"),
    ],
)
def test_line_net_amount(item: Line, net: str) -> None:
    assert str(computed(item).lines[0].net_amount) == net


def test_missing_amounts_and_prices_are_filled_in() -> None:
    invoice = computed(
        line("10.00", price=Price(gross_price=D("6"), discount=D("1"))),
        allowances=(DocumentAllowance(base_amount=D("9.99"), percentage=D(50), vat_category_code="S", vat_rate=D(19)),),
    )
    assert invoice.allowances[0].amount == D("5.00")
    price = invoice.lines[0].price
    assert price is not None
    assert price.net_price == D(5)


@pytest.mark.parametrize(("category", "code"), [*ONE_REASON, ("E", None), ("Z", None)])
def test_categories_without_tax(category: str, code: str | None) -> None:
    rate = None if category == "O" else "0.00"
    invoice = computed(line("10.00", rate, category), line("5.00", rate, category))
    (entry,) = invoice.vat_breakdown
    assert entry.taxable_amount == D("15.00")
    assert str(entry.tax_amount) == "0.00"
    assert str(entry.rate) == str(rate)
    assert (entry.exemption_reason_code, entry.exemption_reason) == (code, None)
    assert totals_of(invoice).total_with_vat == D("15.00")


@pytest.mark.parametrize("category", ["S", "L", "M", "B"])
def test_categories_with_tax(category: str) -> None:
    invoice = computed(line("10.00", "5", category), line("10.00", "5.00", category), line("1.00", "0", category))
    assert [(entry.rate, entry.tax_amount) for entry in invoice.vat_breakdown] == [(D(5), D(1)), (D(0), D(0))]


def test_reasons_of_the_invoice_are_kept() -> None:
    said = VatBreakdown(category_code="E", exemption_reason="Kleinunternehmer", exemption_reason_code="VATEX-EU-132")
    invoice = computed(line("10.00", "0", "E"), line("1.00"), vat_breakdown=(said,))
    assert invoice.vat_breakdown[0].exemption_reason == "Kleinunternehmer"
    assert invoice.vat_breakdown[0].exemption_reason_code == "VATEX-EU-132"
    text_only = VatBreakdown(category_code="AE", exemption_reason="Reverse charge")
    assert computed(line("1", "0", "AE"), vat_breakdown=(text_only,)).vat_breakdown[0].exemption_reason_code is None
    other = VatBreakdown(category_code="E", exemption_reason="Education")
    with pytest.raises(InvalidModel, match="2 different exemption reasons for E"):
        computed(line("10.00", "0", "E"), vat_breakdown=(said, other))


def test_vat_in_the_accounting_currency() -> None:
    invoice = Invoice(currency="EUR", vat_currency="PLN", lines=(line("100.00"),))
    with pytest.raises(InvalidModel, match=r"PLN \(BT-111\) is missing.*vat_exchange_rate"):
        invoice.with_totals()
    converted = invoice.with_totals(vat_exchange_rate=D("4.2511"))
    assert totals_of(converted).total_vat_in_accounting_currency == D("80.77")
    assert converted.with_totals() == converted
    with pytest.raises(InvalidModel, match="has changed with the total VAT"):
        converted.replace(lines=(line("200.00"),)).with_totals()
    given_only = invoice.replace(totals=Totals(total_vat_in_accounting_currency=D("80.00"))).with_totals()
    assert totals_of(given_only).total_vat_in_accounting_currency == D("80.00")
    same = invoice.replace(vat_currency="EUR").with_totals()
    assert totals_of(same).total_vat_in_accounting_currency == D("19.00")
    with pytest.raises(InvalidModel, match="no VAT accounting currency"):
        invoice.replace(vat_currency=None).with_totals(vat_exchange_rate=D(4))
    with pytest.raises(InvalidModel, match="vat_exchange_rate must be a Decimal"):
        invoice.with_totals(vat_exchange_rate=4.25)  # type: ignore[arg-type]


def test_paid_and_rounding_amounts_can_be_given() -> None:
    invoice = computed(line("10.00", "0", "Z")).with_totals(paid_amount=D(3), rounding_amount=D("-0.02"))
    assert totals_of(invoice).amount_due == D("6.98")
    assert invoice.with_totals() == invoice
    with pytest.raises(InvalidModel, match="BT-113"):
        invoice.with_totals(paid_amount=1.5)  # type: ignore[arg-type]


def test_rounding_per_line() -> None:
    invoice = Invoice(lines=tuple(line("0.13") for _ in range(5)))
    assert totals_of(invoice.with_totals()).total_vat == D("0.12")
    assert totals_of(invoice.with_totals(rounding="line")).total_vat == D("0.10")
    many = Invoice(lines=tuple(line("0.13") for _ in range(250)))
    with pytest.raises(InvalidModel, match=r"BR-CO-17.*less than 1\.00"):
        many.with_totals(rounding="line")
    with pytest.raises(UsageError, match="category, line"):
        invoice.with_totals(rounding="up")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("item", "where", "said"),
    [
        (Line(net_amount=D(1)), "lines[0].vat.category_code", "BT-151"),
        (line("1", None), "lines[0].vat.rate", "BT-152"),
        (line("1", "0", "X"), "lines[0].vat.category_code", "'X' is not a VAT category"),
        (line(price=Price(net_price=D(1))), "lines[0].quantity", "BT-129"),
        (line(quantity=D(1)), "lines[0].price.net_price", "BT-146"),
        (priced("1", "1", "0"), "lines[0].price.base_quantity", "BT-149"),
        (line("1", charges=(LineCharge(percentage=D(5)),)), "lines[0].charges[0].amount", "BT-141"),
    ],
)
def test_what_is_needed_and_missing(item: Line, where: str, said: str) -> None:
    with pytest.raises(InvalidModel, match=said) as caught:
        computed(item)
    assert caught.value.where == where


def test_no_digit_is_lost_in_large_sums() -> None:
    large = "12345678901234567890123456789012345.67"
    rebate = DocumentAllowance(amount=D(large), vat_category_code="Z", vat_rate=D(0))
    invoice = computed(line(large, "0", "Z"), line("0.01", "0", "Z"), allowances=(rebate,))
    assert totals_of(invoice).line_total == D("12345678901234567890123456789012345.68")
    assert totals_of(invoice).amount_due == D("0.01")
    assert invoice.vat_breakdown[0].taxable_amount == D("0.01")


def test_an_invoice_without_lines_comes_to_nothing() -> None:
    assert totals_of(computed()).amount_due == D("0.00")


def test_the_explanation_shows_every_cent() -> None:
    invoice = Invoice(
        number="7",
        currency="EUR",
        lines=(priced("3", "1.115", identifier="A"), line("10.00", "7", identifier="B")),
        totals=Totals(amount_due=D("14.68"), total_vat=D("1.34")),
    )
    explanation = explain_totals(invoice)
    (tax, _) = explanation.of("BT-117")
    assert (tax.subject, tax.value, tax.exact) == ("S 19 %", D("0.64"), D("0.6365"))
    assert tax.lost == D("-0.0035")
    assert [(step.term, step.difference) for step in explanation.differences] == [("BT-115", D("-0.01"))]
    text = str(explanation)
    assert text.startswith("Totals of invoice 7 in EUR, VAT rounded per category and rate\n")
    assert "Invoice line net amount (line A): 3 x 1.115 = 3.345, rounded to 3.35 (0.005 gained)" in text
    assert "VAT category tax amount (S 19 %): 3.35 x 19 % = 0.6365, rounded to 0.64 (0.0035 gained)" in text
    assert "Amount due for payment: 14.69 [the invoice says 14.68: 0.01 less]" in text
    assert explain_totals(invoice.with_totals()).differences == ()
    assert "0.02 + 0.02 = 0.04 (0.26 x 19 % = 0.0494) (0.0094 lost)" in str(
        explain_totals(Invoice(lines=(line("0.13"), line("0.13"))), rounding="line")
    )
    assert "... (20 amounts) = 20.00" in str(explain_totals(Invoice(lines=(line("1.00"),) * 20)))


amounts = st.decimals(min_value=-9999, max_value=9999, places=2, allow_nan=False, allow_infinity=False)
rates = st.sampled_from(["7", "19", "19.0", "5.5", "20", "25"]).map(D)
vat = st.one_of(
    st.tuples(st.sampled_from(["S", "L", "M"]), rates),
    st.tuples(st.sampled_from(["Z", "E", "AE", "K", "G"]), st.just(D(0))),
)


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    lines = []
    for category, rate in draw(st.lists(vat, min_size=1, max_size=8)):
        quantity = draw(st.decimals(min_value=-500, max_value=500, places=3, allow_nan=False))
        price = draw(st.decimals(min_value=0, max_value=999, places=4, allow_nan=False))
        base = draw(st.sampled_from([None, D(1), D(3), D(7), D(100)]))
        allowances = tuple(LineAllowance(amount=amount) for amount in draw(st.lists(amounts, max_size=2)))
        lines.append(
            Line(
                quantity=quantity,
                price=Price(net_price=price, base_quantity=base),
                allowances=allowances,
                vat=LineVat(category_code=category, rate=rate),
            )
        )
    parts = draw(st.lists(st.tuples(st.booleans(), amounts, vat), max_size=4))
    return Invoice(
        lines=tuple(lines),
        allowances=tuple(
            DocumentAllowance(amount=amount, vat_category_code=category, vat_rate=rate)
            for charge, amount, (category, rate) in parts
            if not charge
        ),
        charges=tuple(
            DocumentCharge(amount=amount, vat_category_code=category, vat_rate=rate)
            for charge, amount, (category, rate) in parts
            if charge
        ),
        totals=Totals(paid_amount=draw(st.none() | amounts), rounding_amount=draw(st.none() | amounts)),
    )


def sum_of(values: Any) -> D:
    return total(value or D(0) for value in values)


@given(invoices(), st.sampled_from(["category", "line"]))
def test_the_sums_of_the_standard_hold(invoice: Invoice, rounding: Any) -> None:
    result = invoice.with_totals(rounding=rounding)
    totals = totals_of(result)
    lines, allowances, charges = result.lines, result.allowances, result.charges
    assert totals.line_total == sum_of(item.net_amount for item in lines)
    assert sum_of([totals.allowance_total]) == sum_of(part.amount for part in allowances)
    assert sum_of([totals.charge_total]) == sum_of(part.amount for part in charges)
    without_vat = sum_of([totals.line_total, totals.charge_total]) - sum_of([totals.allowance_total])
    assert totals.total_without_vat == without_vat
    assert totals.total_vat == sum_of(entry.tax_amount for entry in result.vat_breakdown)
    assert totals.total_with_vat == without_vat + sum_of([totals.total_vat])
    due = sum_of([totals.total_with_vat, totals.rounding_amount]) - sum_of([totals.paid_amount])
    assert totals.amount_due == due
    assert sum_of(entry.taxable_amount for entry in result.vat_breakdown) == without_vat
    keys = [(entry.category_code, entry.rate) for entry in result.vat_breakdown]
    assert len(keys) == len(set(keys))
    for entry in result.vat_breakdown:
        expected = round_half_away(percent_of(sum_of([entry.taxable_amount]), sum_of([entry.rate])))
        assert abs(sum_of([entry.tax_amount]) - expected) < (1 if rounding == "line" else D("0.001"))
    for value in (getattr(totals, name) for name in totals.__struct_fields__):
        assert value is None or value.as_tuple().exponent == -2
    assert result.with_totals(rounding=rounding) == result


@given(invoices())
def test_the_credit_note_mirrors_the_invoice(invoice: Invoice) -> None:
    def negated(part: Any) -> Any:
        return part.replace(amount=-part.amount)

    mirrored = invoice.replace(
        lines=tuple(
            item.replace(quantity=-(item.quantity or D(0)), allowances=tuple(negated(part) for part in item.allowances))
            for item in invoice.lines
        ),
        allowances=tuple(negated(part) for part in invoice.allowances),
        charges=tuple(negated(part) for part in invoice.charges),
        totals=None,
    ).with_totals()
    original = invoice.replace(totals=None).with_totals()
    assert totals_of(mirrored).amount_due == -sum_of([totals_of(original).amount_due])
    assert [entry.tax_amount for entry in mirrored.vat_breakdown] == [
        -sum_of([entry.tax_amount]) for entry in original.vat_breakdown
    ]


@given(invoices())
def test_the_explanation_agrees_with_the_result(invoice: Invoice) -> None:
    totals = totals_of(invoice.with_totals())
    explanation = explain_totals(invoice)
    assert [step.value for step in explanation.of("BT-115")] == [totals.amount_due]
    assert [step.value for step in explanation.of("BT-110")] == [totals.total_vat]
    assert len(str(explanation).splitlines()) == len(explanation.steps) + 1
