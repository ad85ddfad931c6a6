"""The totals of FA(3) from the lines."""

from decimal import Decimal
from typing import Any

import pytest
from fa_models import example
from hypothesis import given
from hypothesis import strategies as st

import billingua
from billingua.errors import InvalidModel
from billingua.formats.fa.model import FaInvoice, Line

D = Decimal


def totals(*lines: Line, **changes: Any) -> dict[str, Decimal]:
    """What with_totals() fills in of the totals."""
    invoice = FaInvoice(**{"kind": "VAT", "currency": "PLN", "lines": lines, **changes}).with_totals()
    names = [name for name in invoice.__struct_fields__ if name.startswith(("net_total", "tax_", "total_"))]
    return {name: value for name in names if (value := getattr(invoice, name)) is not None}


def test_a_plain_invoice() -> None:
    stated = example()
    bare = stated.replace(
        lines=(stated.lines[0].replace(number=None, net_amount=None),), net_total_23=None, tax_23=None, total_due=None
    )
    assert bare.with_totals() == stated
    assert billingua.read(billingua.write(bare.with_totals(), "fa3")).content == stated


def test_every_rate_has_its_total() -> None:
    rates = ["23", "22", "8", "7", "5", "4", "3", "0 KR", "0 WDT", "0 EX", "zw", "np I", "np II", "oo"]
    lines = [Line(net_amount=D(100), rate=rate) for rate in rates]
    assert totals(*lines, Line(net_amount=D(100), oss_rate=D(19)), Line(gross_amount=D(50)), margin_travel=True) == {
        **{"net_total_23": D("200.00"), "tax_23": D("45.00"), "net_total_8": D("200.00"), "tax_8": D("15.00")},
        **{"net_total_5": D("100.00"), "tax_5": D("5.00"), "net_total_taxi": D("200.00"), "tax_taxi": D("7.00")},
        **{"net_total_oss": D("100.00"), "tax_oss": D("19.00"), "net_total_zero": D("100.00")},
        **{"net_total_zero_eu": D("100.00"), "net_total_zero_export": D("100.00"), "net_total_exempt": D("100.00")},
        **{"net_total_abroad": D("100.00"), "net_total_eu_services": D("100.00")},
        **{"net_total_reverse_charge": D("100.00"), "total_margin": D("50.00"), "total_due": D("1641.00")},
    }


def test_lines_priced_with_tax_have_the_tax_within() -> None:
    assert totals(Line(gross_price=D("9.99"), quantity=D(3), rate="23"), Line(gross_amount=D("0.03"), rate="23")) == {
        "net_total_23": D("24.39"),
        "tax_23": D("5.61"),
        "total_due": D("30.00"),
    }


def test_lines_before_a_correction_count_negative() -> None:
    before = Line(number=1, net_amount=D("100.00"), rate="23", before_correction=True)
    after = Line(number=1, net_amount=D("80.50"), rate="23")
    assert totals(before, after, kind="KOR") == {
        "net_total_23": D("-19.50"),
        "tax_23": D("-4.49"),
        "total_due": D("-23.99"),
    }


def test_amounts_and_numbers_of_lines_are_completed_and_kept() -> None:
    invoice = FaInvoice(
        kind="VAT",
        lines=(
            Line(quantity=D("1.5"), net_price=D("3.333"), discount=D("1"), rate="5"),
            Line(number=7, quantity=D(2), net_price=D(2), net_amount=D("3.99"), rate="5"),
        ),
    ).with_totals()
    assert [(line.number, line.net_amount) for line in invoice.lines] == [(1, D("4.00")), (7, D("3.99"))]
    assert invoice.net_total_5 == D("7.99")


def test_tax_in_pln() -> None:
    first = Line(net_amount=D("10.00"), rate="23", exchange_rate=D("4.2867"))
    other = Line(net_amount=D("20.00"), rate="23", exchange_rate=D("4.3"))
    assert totals(first, other, currency="EUR")["tax_23_in_pln"] == D("29.64")
    assert "tax_23_in_pln" not in totals(first, other)
    unknown = other.replace(exchange_rate=None)
    assert "tax_23_in_pln" not in totals(first, unknown, currency="EUR")
    assert totals(first, unknown, currency="EUR", tax_23_in_pln=D(29))["tax_23_in_pln"] == D(29)
    assert "tax_8_in_pln" not in totals(first, currency="EUR", tax_8_in_pln=D(29))


def test_lines_without_a_rate() -> None:
    line = Line(net_amount=D(10))
    assert totals(line, exemption_by_act="art. 113")["net_total_exempt"] == D("10.00")
    assert totals(line, margin_second_hand=True, exemption_by_act="art. 113")["total_margin"] == D("10.00")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": None}, "kind: Totals follow from the lines on invoices of the kinds VAT, UPR, KOR"),
        ({"kind": "ZAL"}, "not on ZAL"),
        ({"lines": ()}, "There are no lines"),
        ({"lines": (Line(rate="23"),)}, "lines[0]: The line has no amount"),
        ({"lines": (Line(rate="23", net_price=D(1)),)}, "lines[0]: The line has no amount"),
        ({"lines": (Line(net_amount=D(1)),)}, "lines[0].rate: The line has no tax rate."),
        ({"lines": (Line(net_amount=D(1), rate="19"),)}, "There is no tax rate '19'. P_12 is one of 23, 22, 8"),
    ],
)
def test_what_is_needed_and_missing(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidModel) as caught:
        example().replace(**changes).with_totals()
    assert message in str(caught.value)


AMOUNTS = st.decimals(-(10**6), 10**6, places=2)
LINES = st.lists(
    st.builds(Line, net_amount=AMOUNTS, rate=st.sampled_from(["23", "22", "8", "5", "zw"]))
    | st.builds(Line, gross_amount=AMOUNTS, rate=st.sampled_from(["23", "8"])),
    min_size=1,
    max_size=8,
)


@given(LINES)
def test_the_amount_due_is_the_sum_of_the_totals_and_mirrors(lines: list[Line]) -> None:
    found = totals(*lines)
    assert found.pop("total_due") == sum(found.values())
    mirrored = totals(*[line.replace(before_correction=True) for line in lines])
    assert {name: -value for name, value in mirrored.items() if name != "total_due"} == found
