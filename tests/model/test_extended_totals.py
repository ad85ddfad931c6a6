"""Totals of invoices in EXTENDED-CTC-FR: which lines count, what groups sum up, breakdowns by exemption reason."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billingua.errors import InvalidModel
from billingua.model import (
    DocumentAllowance,
    DocumentAllowanceExtension,
    DocumentCharge,
    DocumentChargeExtension,
    Invoice,
    InvoiceExtension,
    Line,
    LineExtension,
    LineVat,
    LineVatExtension,
    LogisticsCharge,
    Totals,
    VatBreakdown,
    explain_totals,
)

D = Decimal
AMOUNTS = st.decimals(-(10**6), 10**6, places=2)


def sub_line(
    identifier: str, subtype: str | None, parent: str | None = None, net: str | None = None, **more: Any
) -> Line:
    vat = LineVat(category_code="S", rate=D(20)) if subtype in (None, "DETAIL") else None
    return Line(
        identifier=identifier,
        net_amount=None if net is None else D(net),
        extension=LineExtension(subtype=subtype, parent_line=parent),
        **({"vat": vat} | more),
    )


def exempt(reason: str | None, code: str | None) -> LineVat:
    return LineVat(category_code="E", extension=LineVatExtension(exemption_reason=reason, exemption_reason_code=code))


def computed(*lines: Line, **more: Any) -> Invoice:
    return Invoice(currency="EUR", lines=lines, **more).with_totals()


def totals_of(invoice: Invoice) -> Totals:
    assert invoice.totals is not None
    return invoice.totals


def test_only_lines_without_subtype_and_details_count() -> None:
    invoice = computed(
        sub_line("1", "GROUP"),
        sub_line("1.1", "GROUP", "1"),
        sub_line("1.1.1", "DETAIL", "1.1", "10.00"),
        sub_line("1.1.2", "DETAIL", "1.1", "20.00"),
        sub_line("1.2", "DETAIL", "1", "5.00"),
        sub_line("1.3", "INFORMATION", "1", "99.00"),
        sub_line("2", None, None, "7.00"),
    )
    assert [line.net_amount for line in invoice.lines] == [
        *(D("35.00"), D("30.00"), D("10.00"), D("20.00"), D("5.00"), D("99.00"), D("7.00"))
    ]
    totals = totals_of(invoice)
    assert (totals.line_total, totals.total_vat, totals.amount_due) == (D("42.00"), D("8.40"), D("50.40"))
    assert [entry.taxable_amount for entry in invoice.vat_breakdown] == [D("42.00")]
    assert invoice.with_totals() == invoice


def test_a_group_keeps_the_amount_that_is_given_and_has_none_without_lines_below() -> None:
    invoice = computed(
        sub_line("1", "GROUP", net="1.00"), sub_line("1.1", "DETAIL", "1", "10.00"), sub_line("2", "GROUP")
    )
    assert [line.net_amount for line in invoice.lines] == [D("1.00"), D("10.00"), None]
    assert totals_of(invoice).line_total == D("10.00")


def test_groups_that_contain_each_other_have_no_amount() -> None:
    invoice = computed(sub_line("1", "GROUP", "2"), sub_line("2", "GROUP", "1"), sub_line("3", "DETAIL", "2", "10.00"))
    assert [line.net_amount for line in invoice.lines] == [None, None, D("10.00")]


def test_the_explanation_names_the_lines_of_a_group() -> None:
    lines = (sub_line("1", "GROUP"), sub_line("1.1", "DETAIL", "1", "10.00"), sub_line("1.2", "DETAIL", "1", "2.50"))
    steps = explain_totals(Invoice(number="7", currency="EUR", lines=lines)).steps
    assert [step.formula for step in steps if step.subject == "line 1"] == ["10.00 + 2.50 = 12.50"]


@given(st.lists(st.lists(AMOUNTS, min_size=1, max_size=4), min_size=1, max_size=4))
@settings(deadline=None)
def test_the_net_amounts_of_groups_add_up_to_the_total(groups: list[list[Decimal]]) -> None:
    lines = []
    for number, amounts in enumerate(groups):
        lines.append(sub_line(f"{number}", "GROUP"))
        lines += [sub_line(f"{number}.{index}", "DETAIL", f"{number}", str(net)) for index, net in enumerate(amounts)]
    invoice = computed(*lines)
    nets = [line.net_amount or D(0) for line in invoice.lines if line.vat is None]
    assert nets == [sum(amounts) for amounts in groups]
    assert totals_of(invoice).line_total == sum(nets)


def test_each_exemption_reason_has_a_breakdown() -> None:
    invoice = computed(
        Line(net_amount=D("10.00"), vat=exempt("training", "VATEX-EU-132-1I")),
        Line(net_amount=D("20.00"), vat=exempt("insurance", None)),
        Line(net_amount=D("30.00"), vat=exempt("training", "VATEX-EU-132-1I")),
        allowances=(
            DocumentAllowance(
                amount=D("4.00"),
                vat_category_code="E",
                extension=DocumentAllowanceExtension(exemption_reason="insurance"),
            ),
        ),
        charges=(
            DocumentCharge(
                amount=D("1.00"),
                vat_category_code="E",
                extension=DocumentChargeExtension(exemption_reason="travel", tax_code="AAA"),
            ),
        ),
    )
    found = [
        (entry.taxable_amount, entry.exemption_reason, entry.exemption_reason_code) for entry in invoice.vat_breakdown
    ]
    assert found == [
        (D("40.00"), "training", "VATEX-EU-132-1I"),
        (D("16.00"), "insurance", None),
        (D("1.00"), "travel", None),
    ]
    assert invoice.with_totals() == invoice


def test_logistics_charges_count_like_charges() -> None:
    logistics = LogisticsCharge(amount=D("5.00"), vat_category_code="S", vat_rate=D(20), description="freight")
    invoice = computed(
        sub_line("1", None, None, "10.00"),
        charges=(DocumentCharge(amount=D("1.00"), vat_category_code="S", vat_rate=D(20)),),
        extension=InvoiceExtension(logistics_charges=(logistics,)),
    )
    totals = totals_of(invoice)
    assert (totals.charge_total, totals.total_without_vat, totals.total_vat) == (D("6.00"), D("16.00"), D("3.20"))
    with pytest.raises(InvalidModel, match="BT-X-272"):
        computed(extension=InvoiceExtension(logistics_charges=(logistics.replace(amount=None),)))


def test_a_breakdown_completes_the_reason_of_its_lines() -> None:
    before = (
        VatBreakdown(category_code="E", exemption_reason="training", exemption_reason_code="VATEX-EU-132-1I"),
        VatBreakdown(category_code="E", exemption_reason="small firm"),
    )
    invoice = computed(
        Line(net_amount=D("10.00"), vat=exempt(None, "VATEX-EU-132-1I")),
        Line(net_amount=D("20.00"), vat=LineVat(category_code="E")),
        vat_breakdown=before,
    )
    assert [(entry.taxable_amount, entry.exemption_reason) for entry in invoice.vat_breakdown] == [
        (D("10.00"), "training"),
        (D("20.00"), "small firm"),
    ]
