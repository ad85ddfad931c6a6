"""Whatever is made of whatever invoice: the portal takes the report, or a typed error says why not."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import billingua
from billingua import ereporting
from billingua.errors import BuildError, InvalidModel
from billingua.formats.ereporting.model import EReport
from billingua.model import (
    Address,
    Buyer,
    Identifier,
    Invoice,
    Item,
    Line,
    LineVat,
    Note,
    Period,
    PrecedingInvoice,
    Price,
    Seller,
    VatBreakdown,
)
from billingua.model.extension import LineExtension, LinePrecedingInvoice

D = Decimal
HEAD = ereporting.Head("R-1", datetime(2027, 3, 11, 8, 30), "0042", "Platform", "123456782", "Shop")
UNREADABLE = ("broken-date.cii.xml",)
SAMPLES = Path(__file__).parents[2] / "samples"
DAY = date(2027, 3, 5)


@cache
def samples() -> tuple[Invoice, ...]:
    files = sorted(
        path
        for path in SAMPLES.iterdir()
        if path.name.endswith((".ubl.xml", ".cii.xml")) and path.name not in UNREADABLE
    )
    contents = [billingua.read(path).content for path in files]
    return tuple([one for one in contents if isinstance(one, Invoice) and one.issue_date])


def export(**more: object) -> Invoice:
    """An invoice to a business abroad, with one line of 100.00 and its totals."""
    made = Invoice(
        number="F-1",
        issue_date=DAY,
        type_code="380",
        currency="EUR",
        business_process="B1",
        seller=Seller(
            name="Shop",
            legal_registration_identifier=Identifier("123456782", "0002"),
            vat_identifier="FR84123456782",
            address=Address(country_code="FR"),
        ),
        buyer=Buyer(name="Buyer", vat_identifier="US1", address=Address(country_code="US")),
        lines=(LINE,),
    )
    return made.replace(**more).with_totals()


LINE = Line(
    identifier="1",
    quantity=D(1),
    unit_code="C62",
    price=Price(net_price=D("100.00")),
    vat=LineVat(category_code="G", rate=D(0)),
    item=Item(name="Thing"),
)


def reported(invoice: Invoice) -> EReport:
    days = ereporting.period("monthly", "transactions", DAY)
    return ereporting.transactions_report([invoice], days, HEAD).report


def is_accepted(report: EReport) -> bool:
    verdict = billingua.validate(billingua.write(report, "ereporting"))
    return bool(verdict.schema_valid and verdict.valid and verdict.rulesets == ("fr-flux10",))


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_what_is_made_of_the_samples_is_accepted_or_refused_with_the_reason(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(samples()), max_size=3))
    sale = data.draw(st.sampled_from(("", "B2C", "B2BINT")))
    kind = data.draw(st.sampled_from(ereporting.KINDS))
    framework = data.draw(st.sampled_from(("", "B1", "S1", "M2")))
    changes: dict[str, object] = {"business_process": framework} if framework else {}
    if sale:
        changes["notes"] = (Note(subject_code="BAR", text=sale),)
    invoices = [one.replace(**changes) for one in chosen]
    day = invoices[0].issue_date if invoices else DAY
    assert day is not None
    days = ereporting.period(data.draw(st.sampled_from(sorted(ereporting.REGIMES))), kind, day)
    made = None
    with suppress(BuildError):
        if kind == "payments":
            amounts = st.decimals(-50, 500, places=2)
            paid = [ereporting.Collected(one, day, data.draw(amounts)) for one in invoices]
            made = ereporting.payments_report(paid, days, HEAD)
        else:
            made = ereporting.transactions_report(invoices, days, HEAD, mixed="goods")
    assert made is None or is_accepted(made.report)


def test_french_samples_make_reports_of_every_flux() -> None:
    made: set[str] = set()
    for invoice in samples():
        if (invoice.business_process or "")[:1] not in ("B", "S", "M") or invoice.issue_date is None:
            continue
        for sale in ("B2C", "B2BINT"):
            noted = invoice.replace(notes=(Note(subject_code="BAR", text=sale),), business_process="S1")
            day = invoice.issue_date
            sold = ereporting.transactions_report([noted], ereporting.period("exempt", "transactions", day), HEAD)
            month = ereporting.period("quarterly", "payments", day)
            paid = ereporting.payments_report([ereporting.Collected(noted, day, D("10.00"))], month, HEAD)
            assert sold.left_out == ()
            for part in (sold.report.transactions, paid.report.payments):
                assert part is not None
                made |= {f"{type(part).__name__} {name}" for name in ("invoices", "days") if getattr(part, name)}
    assert len(made) == 4


@given(st.decimals(D("0.01"), D(10_000), places=2), st.decimals(D("0.5"), D(1000), places=1))
@settings(deadline=None)
def test_prices_are_those_of_one_unit(net: Decimal, base: Decimal) -> None:
    price = Price(net_price=net, gross_price=net + 3, discount=D(3), base_quantity=base)
    [line] = reported(export(lines=(LINE.replace(price=price),))).transactions.invoices[0].lines
    assert abs(line.net_price * base - net) <= base * D("0.0000005")
    assert line.gross_price - line.discount == line.net_price
    assert max(-one.as_tuple().exponent for one in (line.net_price, line.gross_price, line.discount)) <= 6


def test_a_price_for_a_hundred_is_divided_and_others_stay() -> None:
    hundred = Price(net_price=D("25.00"), base_quantity=D(100))
    lines = (LINE.replace(price=hundred), LINE.replace(identifier="2", price=Price(net_price=D("0.3333"))))
    report = reported(export(lines=lines))
    assert [one.net_price for one in report.transactions.invoices[0].lines] == [D("0.25"), D("0.3333")]


def test_periods_of_a_single_day_are_left_out() -> None:
    one_day, longer = Period(start_date=DAY, end_date=DAY), Period(start_date=DAY, end_date=DAY + timedelta(1))
    for period, kept in ((one_day, None), (longer, (DAY, DAY + timedelta(1))), (Period(end_date=DAY), (None, DAY))):
        invoice = export(invoicing_period=period, lines=(LINE.replace(period=period),))
        [one] = reported(invoice).transactions.invoices
        for found in (one.period, one.lines[0].period):
            assert (found and (found.start, found.end)) == kept


def test_a_report_of_a_single_day_is_refused_with_the_rule() -> None:
    with pytest.raises(InvalidModel, match=r"the report by F10-PERIODE-TX-G6\.25"):
        ereporting.transactions_report([], ereporting.ReportingPeriod(DAY, DAY, DAY), HEAD)


def test_a_credit_note_refers_to_the_invoice_before_in_its_head_or_in_each_line() -> None:
    before = PrecedingInvoice(number="F-0", issue_date=date(2027, 3, 1))
    of_line = LineExtension(preceding_invoices=(LinePrecedingInvoice(number="F-0", issue_date=before.issue_date),))
    line = LINE.replace(extension=of_line)
    for more in ({"preceding_invoices": (before,)}, {"lines": (line, line.replace(identifier="2"))}):
        assert is_accepted(reported(export(type_code="381", **more)))
    for more in ({}, {"lines": (line, LINE)}, {"preceding_invoices": (before.replace(issue_date=None),)}):
        with pytest.raises(InvalidModel, match=r"invoice F-1 by F10-FACTURE-G1\.32b"):
            reported(export(type_code="381", **more))


def test_an_invoice_in_another_currency_states_its_vat_in_euros() -> None:
    foreign = export(currency="USD", lines=(LINE.replace(vat=LineVat("S", D(20))),))
    assert foreign.totals is not None
    totals = foreign.totals.replace(total_vat_in_accounting_currency=D("18.40"))
    with pytest.raises(InvalidModel, match="total of VAT in euros"):
        reported(foreign)
    known = foreign.replace(vat_currency="EUR", totals=totals)
    [one] = reported(known).transactions.invoices
    assert (one.currency, one.net, one.tax.currency, one.tax.value) == ("USD", D("100.00"), "EUR", D("18.40"))
    assert one.subtotals[0].tax == D("20.00")


def test_the_first_rule_and_the_others_are_named() -> None:
    with pytest.raises(InvalidModel, match=r"F10-TVA-G1\.24.*'19'") as caught:
        reported(
            export(number="F 1", lines=(LINE.replace(vat=LineVat("S", D(19))), LINE.replace(vat=LineVat("L", D(0)))))
        )
    assert "invoice F 1" in caught.value.what
    assert "Also broken: F10-TVA-G2.31." in caught.value.todo


PARTS = st.lists(
    st.tuples(st.sampled_from((D("2.1"), D("5.5"), D(10), D(20))), st.decimals(0, 1000, places=2)), min_size=1
)


@settings(deadline=None)
@given(PARTS, st.decimals(0, 2000, places=2))
def test_no_rate_gets_less_than_nothing_of_a_payment(parts: list[tuple[Decimal, Decimal]], amount: Decimal) -> None:
    breakdown = tuple(
        [VatBreakdown(category_code="S", rate=rate, taxable_amount=basis, tax_amount=D(0)) for rate, basis in parts]
    )
    invoice = export(business_process="S1").replace(vat_breakdown=breakdown)
    if not any(basis for _, basis in parts):
        return
    days = ereporting.period("monthly", "payments", DAY)
    made = ereporting.payments_report([ereporting.Collected(invoice, DAY, amount)], days, HEAD)
    [paid] = made.report.payments.invoices
    assert sum(one.amount for one in paid.subtotals) == amount
    total = sum(basis for _, basis in parts)
    for one in paid.subtotals:
        share = amount * sum(basis for rate, basis in parts if rate == one.rate) / total
        assert one.amount >= 0
        assert abs(one.amount - share) <= D("0.01")
