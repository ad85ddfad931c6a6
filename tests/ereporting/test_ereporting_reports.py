"""Reports made of invoices and payments: sums, what is left out, and that the rules of the portal hold."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

import billingua
from billingua import ereporting
from billingua.cli import program
from billingua.errors import CannotExpress, InvalidModel
from billingua.model import Address, Buyer, Identifier, Invoice, Item, Line, LineVat, Note, Price, Seller

D = Decimal
PERIOD = ereporting.period("monthly", "transactions", date(2027, 3, 5))
MONTH = ereporting.period("monthly", "payments", date(2027, 3, 5))
HEAD = ereporting.Head("R-1", datetime(2027, 3, 11, 8, 30), "0042", "Platform", "123456789", "Shop")
SELLER = Seller(
    name="Shop",
    legal_registration_identifier=Identifier("123456789", "0002"),
    vat_identifier="FR32123456789",
    address=Address(line1="1 rue", city="Paris", post_code="75001", country_code="FR"),
)
CONSUMER = Buyer(name="A consumer", address=Address(country_code="FR"))
ABROAD = Buyer(name="Acme Incorporated of Ohio", vat_identifier="US12", address=Address(country_code="US"))


def invoice(number: str, *lines: tuple[str, str, str], **more: object) -> Invoice:
    """An invoice with lines of amount, VAT category and rate, and its totals."""
    made = Invoice(
        number=number,
        issue_date=more.pop("issue_date", date(2027, 3, 5)),
        type_code=more.pop("type_code", "380"),
        currency=more.pop("currency", "EUR"),
        business_process=more.pop("framework", "S1"),
        seller=SELLER,
        buyer=more.pop("buyer", CONSUMER),
        notes=more.pop("notes", ()),
        lines=tuple(
            Line(
                identifier=str(count),
                quantity=D(1),
                unit_code="C62",
                price=Price(net_price=D(amount)),
                vat=LineVat(category_code=category, rate=D(rate)),
                item=Item(name="Thing"),
            )
            for count, (amount, category, rate) in enumerate(lines, 1)
        ),
    )
    assert not more
    return made.with_totals()


def valid(made: ereporting.Reported) -> bytes:
    data = billingua.write(made.report, "ereporting")
    report = billingua.validate(data)
    assert report.valid, report.findings
    return data


def test_sales_to_consumers_become_sums_of_a_day() -> None:
    made = ereporting.transactions_report(
        [
            invoice("1", ("100.00", "S", "20"), ("10.00", "S", "5.5")),
            invoice("2", ("50.00", "S", "20")),
            invoice("3", ("20.00", "S", "20"), type_code="381"),
            invoice("4", ("7.00", "S", "20"), framework="B1"),
            invoice("5", ("9.00", "S", "20"), issue_date=date(2027, 3, 6)),
        ],
        PERIOD,
        HEAD,
    )
    valid(made)
    days = made.report.transactions.days
    assert [(one.day.day, one.category, one.net, one.tax, one.count) for one in days] == [
        (5, "TLB1", D("7.00"), D("1.40"), 1),
        (5, "TPS1", D("140.00"), D("26.55"), 3),
        (6, "TPS1", D("9.00"), D("1.80"), 1),
    ]
    assert [(one.rate, one.basis, one.tax) for one in days[1].subtotals] == [
        (D("5.5"), D("10.00"), D("0.55")),
        (D("20"), D("130.00"), D("26.00")),
    ]
    assert made.left_out == ()


def test_what_is_not_taxed_in_france_and_margins_have_their_categories() -> None:
    margin = invoice("2", ("30.00", "E", "0"))
    entry = margin.vat_breakdown[0].replace(exemption_reason_code="VATEX-EU-F")
    made = ereporting.transactions_report(
        [invoice("1", ("40.00", "G", "0")), margin.replace(vat_breakdown=(entry,))], PERIOD, HEAD
    )
    valid(made)
    assert [(one.category, one.net) for one in made.report.transactions.days] == [
        ("TMA1", D("30.00")),
        ("TNT1", D("40.00")),
    ]


def test_international_invoices_are_reported_one_by_one() -> None:
    made = ereporting.transactions_report(
        [invoice("F 1", ("100.00", "G", "0"), buyer=ABROAD, framework="B1")], PERIOD, HEAD
    )
    data = valid(made)
    (one,) = made.report.transactions.invoices
    assert (one.buyer.company_id.scheme, one.buyer.company_id.value) == ("0227", "USAcme Incorporate")
    assert (one.seller.company_id.value, one.tax.value, one.net) == ("123456789", D("0.00"), D("100.00"))
    assert billingua.read(data).content == made.report


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"issue_date": date(2027, 3, 11)}, "not in the period"),
        ({"buyer": Buyer(name="B", vat_identifier="FR1", address=Address(country_code="FR"))}, "B2B is not reported"),
        ({"notes": (Note(subject_code="BAR", text="OUTOFSCOPE"),)}, "OUTOFSCOPE is not reported"),
    ],
)
def test_what_is_left_out_is_told(more: dict[str, object], why: str) -> None:
    made = ereporting.transactions_report([invoice("1", ("1.00", "S", "20"), **more)], PERIOD, HEAD)
    assert made.report.transactions.days == made.report.transactions.invoices == ()
    ((number, reason),) = made.left_out
    assert number == "1"
    assert why in reason


def test_a_note_says_what_kind_of_sale_it_is() -> None:
    noted = invoice("1", ("1.00", "S", "20"), notes=(Note(subject_code="BAR", text="B2BINT"),))
    assert ereporting.sale_of(noted) == "B2BINT"
    assert ereporting.sale_of(noted.replace(notes=())) == "B2C"
    assert ereporting.sale_of(noted.replace(notes=(), buyer=ABROAD)) == "B2BINT"
    assert ereporting.sale_of(Invoice()) == "B2C"


def test_goods_and_services_together_must_be_told() -> None:
    both = invoice("1", ("1.00", "S", "20"), framework="M1")
    with pytest.raises(CannotExpress, match="goods and services"):
        ereporting.transactions_report([both], PERIOD, HEAD)
    made = ereporting.transactions_report([both], PERIOD, HEAD, mixed="goods")
    assert made.report.transactions.days[0].category == "TLB1"


def test_what_a_report_needs_is_asked_for() -> None:
    good = invoice("1", ("1.00", "S", "20"))
    for bad in (good.replace(vat_breakdown=()), good.replace(business_process=None), good.replace(issue_date=None)):
        with pytest.raises(InvalidModel):
            ereporting.transactions_report([bad], PERIOD, HEAD)
    with pytest.raises(CannotExpress, match="USD"):
        ereporting.transactions_report([good.replace(currency="USD")], PERIOD, HEAD)
    with pytest.raises(InvalidModel, match="in euros"):
        ereporting.transactions_report([good.replace(currency="USD", buyer=ABROAD)], PERIOD, HEAD)


def test_payments_are_shared_out_over_the_rates() -> None:
    service = invoice("1", ("100.00", "S", "20"), ("100.00", "S", "5.5"))
    abroad = invoice("2", ("100.00", "S", "20"), buyer=ABROAD)
    goods = invoice("3", ("100.00", "S", "20"), framework="B1")
    day = date(2027, 3, 20)
    made = ereporting.payments_report(
        [
            ereporting.Collected(service, day, D("100.00")),
            ereporting.Collected(service, day, D("125.50")),
            ereporting.Collected(abroad, day, D("60.00")),
            ereporting.Collected(goods, day, D("120.00")),
            ereporting.Collected(service, date(2027, 4, 1), D("1.00")),
        ],
        MONTH,
        HEAD,
    )
    valid(made)
    (paid,) = made.report.payments.days
    assert [(one.rate, one.amount) for one in paid.subtotals] == [(D("5.5"), D("105.50")), (D("20"), D("120.00"))]
    (single,) = made.report.payments.invoices
    assert (single.number, single.subtotals[0].amount) == ("2", D("60.00"))
    assert [one.number for one in made.left_out] == ["3", "1"]


OPTIONS = (
    *("--regime", "monthly", "--day", "2027-03-05", "--id", "R-1", "--siren", "123456789", "--name", "Shop"),
    *("--platform", "0042", "--platform-name", "Platform", "--issued", "2027-03-11T08:30:00"),
)


def test_the_command_makes_reports(tmp_path: Path) -> None:
    source, paid, out = tmp_path / "1.xml", tmp_path / "paid.csv", tmp_path / "out.xml"
    source.write_bytes(billingua.write(invoice("F-1", ("100.00", "S", "20")), "cii"))
    run = CliRunner().invoke(program, ["ereporting", "transactions", str(source), *OPTIONS, "-o", str(out)])
    assert run.exit_code == 0, run.output
    assert "must be sent by 2027-03-20" in run.stderr
    assert billingua.read(out).content.transactions.days[0].net == D("100.00")
    assert billingua.read(out).content.issuer.role == "SE"
    paid.write_text("F-1;2027-03-20;120.00\n")
    command = ["ereporting", "payments", str(source), "--payments", str(paid), *OPTIONS, "-o", str(out)]
    run = CliRunner().invoke(program, command)
    assert run.exit_code == 0, run.output
    assert billingua.read(out).content.payments.days[0].subtotals[0].amount == D("120.00")
    paid.write_text("F-1;2027-03-20;-1.00\n")
    run = CliRunner().invoke(program, command)
    assert (run.exit_code, "F10-PMT-AGREGE-G1.16" in run.stderr) == (2, True)
    for line in ("F-2;2027-03-20;1.00", "F-1;2027-02-30;1.00", "F-1;1"):
        paid.write_text(line)
        run = CliRunner().invoke(program, command)
        assert run.exit_code == 2
        assert "Line 1" in run.stderr


def test_the_command_tells_the_period() -> None:
    run = CliRunner().invoke(program, ["ereporting", "period", "--regime", "exempt", "--day", "2027-02-10", "--json"])
    assert '"deadline": "2027-03-31"' in run.output


def test_a_buyer_declares_what_it_bought(tmp_path: Path) -> None:
    foreign = Seller(
        name="Muster GmbH",
        vat_identifier="DE123456704",
        address=Address(line1="1 Weg", city="Ort", post_code="1", country_code="DE"),
    )
    buyer = Buyer(
        name="Shop",
        legal_registration_identifier=Identifier("123456789", "0002"),
        vat_identifier="FR32123456789",
        address=Address(country_code="FR"),
    )
    bought = invoice("F-1", ("100.00", "AE", "0"), buyer=buyer)
    source, out = tmp_path / "1.xml", tmp_path / "out.xml"
    source.write_bytes(billingua.write(bought.replace(seller=foreign), "cii"))
    command = ["ereporting", "transactions", str(source), *OPTIONS, "--role", "BY", "-o", str(out)]
    run = CliRunner().invoke(program, command)
    assert run.exit_code == 0, run.output
    report = billingua.read(out).content
    [one] = report.transactions.invoices
    assert (report.issuer.role, one.seller.company_id.value) == ("BY", "DE123456704")
