"""FA(2) to FA(3): a new file, rates spelled out, terms in their parts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import fa_models
import pytest
from fa_conversions import CREATED, PUBLIC, to_en
from lxml import etree

import billingua
from billingua.conversion import Converted
from billingua.engine.document import Loss
from billingua.errors import UnsupportedFormat
from billingua.formats.fa import FORMAT
from billingua.formats.fa.convert import renewed
from billingua.formats.fa.model import Address, Description, FaInvoice, Line, Order, OrderLine, Payment, PaymentTerm
from billingua.formats.fa.model.parties import ThirdParty

D = Decimal
OLD = FORMAT.namespaces_of("fa2")[""]
PUBLIC_FA2 = [path for path in PUBLIC if OLD.encode() in path.read_bytes()]


def renew(invoice: FaInvoice) -> tuple[FaInvoice, list[Loss]]:
    losses: list[Loss] = []
    return renewed(invoice, losses, CREATED), losses


def fa2(*changes: tuple[str, str]) -> bytes:
    """A plain invoice as FA(2) had it, made before FA(3) was there."""
    root = etree.fromstring(billingua.write(fa_models.example(), "fa3"))
    for one in list(root.iter()):
        one.tag = f"{{{OLD}}}{etree.QName(one).localname}"
        if etree.QName(one).localname in ("JST", "GV"):
            parent = one.getparent()
            assert parent is not None
            parent.remove(one)
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode")
    for old, new in (
        ('kodSystemowy="FA (3)"', 'kodSystemowy="FA (2)"'),
        ("WariantFormularza>3<", "WariantFormularza>2<"),
        ("2026-02-02T10:30:00Z", "2023-12-20T10:30:00Z"),
        *changes,
    ):
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def check(converted: Converted) -> None:
    report = billingua.validate(converted.data, today=date(2026, 12, 1))
    assert (report.format, report.valid, report.findings) == ("fa3", True, ())


def test_an_old_file_becomes_a_new_one() -> None:
    assert billingua.validate(fa2(), rulesets=[]).schema_valid
    before = datetime.now(UTC).replace(microsecond=0)
    converted = billingua.convert(fa2(), "fa3")
    check(converted)
    (loss,) = converted.losses
    assert loss[:2] == ("DataWytworzeniaFa", "2023-12-20T10:30:00+00:00")
    assert loss.where.startswith("line ")
    content: FaInvoice = billingua.read(converted.data).content
    assert content.created is not None
    assert before <= content.created <= datetime.now(UTC)
    assert content == fa_models.example().replace(created=content.created, system="billingua")


def test_a_file_of_today_stays_as_it_is() -> None:
    data = billingua.write(fa_models.example(), "fa3")
    assert billingua.convert(data, "fa3") == (data, ())
    with pytest.raises(UnsupportedFormat, match="fa2 is read"):
        billingua.convert(fa2(), "fa2")


def line(rate: str, amount: str, **changes: Any) -> Line:
    return Line(name="Towar", quantity=D(1), net_price=D(amount), net_amount=D(amount), rate=rate).replace(**changes)


@pytest.mark.parametrize(
    ("lines", "totals", "rates"),
    [
        ([("0", "5.00")], {"net_total_zero": D(5)}, ["0 KR"]),
        ([("0", "5.00")], {"net_total_zero_eu": D(5), "net_total_zero": D(0)}, ["0 WDT"]),
        ([("0", "5.00")], {"net_total_zero_export": D(0)}, ["0 EX"]),
        (
            [("0", "7.00"), ("23", "1.00"), ("0", "3.00"), ("0", "5.00")],
            {"net_total_zero_eu": D(12), "net_total_zero_export": D(3)},
            ["0 WDT", "23", "0 EX", "0 WDT"],
        ),
        (
            [("np", "5.00"), ("np", "8.00")],
            {"net_total_abroad": D(8), "net_total_eu_services": D(5)},
            ["np II", "np I"],
        ),
        ([("0", "5.00"), ("np", "8.00")], {}, ["0 KR", "np I"]),
    ],
)
def test_rates_are_those_of_the_totals(
    lines: list[tuple[str, str]], totals: dict[str, Decimal], rates: list[str]
) -> None:
    source = fa_models.example().replace(
        lines=tuple(line(rate, amount, number=number) for number, (rate, amount) in enumerate(lines, 1)),
        net_total_23=None, tax_23=None, **totals,
    )  # fmt: skip
    assert [one.rate for one in renew(source)[0].lines] == rates
    ordered = source.replace(
        lines=(), order=Order(lines=tuple(OrderLine(rate=rate, net_amount=D(amount)) for rate, amount in lines))
    )
    order = renew(ordered)[0].order
    assert order is not None
    assert [one.rate for one in order.lines] == rates


@pytest.mark.parametrize(
    ("changes", "rates"),
    [
        ({"nip": None, "eu_country": "DE", "eu_vat_number": "136695976"}, ["0 WDT", "np II"]),
        ({"nip": None, "address": Address(country="US", line_1="1 Pier Road")}, ["0 EX", "np I"]),
        ({"nip": None, "address": Address(country="GR", line_1="Odos 1")}, ["0 KR", "np I"]),
    ],
)
def test_rates_without_totals_follow_from_the_buyer(changes: dict[str, Any], rates: list[str]) -> None:
    source = fa_models.example()
    assert source.buyer is not None
    source = source.replace(
        buyer=source.buyer.replace(**changes), lines=(line("0", "5.00"), line("np", "8.00")), net_total_23=None
    )
    assert [one.rate for one in renew(source)[0].lines] == rates


def test_old_rates_have_their_category() -> None:
    source = fa_models.example().replace(
        lines=(line("0", "5.00", number=1), line("np", "8.00", number=2), line("23", "1.00", number=3)),
        net_total_23=D(1), tax_23=D("0.23"), net_total_zero_export=D(5), net_total_abroad=D(8), total_due=D("14.23"),
    )  # fmt: skip
    converted, _ = to_en(source)
    assert [one.vat and one.vat.category_code for one in converted.lines] == ["G", "E", "S"]
    assert converted.totals is not None
    assert converted.totals.total_with_vat == D("14.23")


def test_corrected_lines_count_negative_for_their_rate() -> None:
    source = fa_models.example().replace(
        lines=(line("0", "9.00", before_correction=True), line("0", "4.00"), line("0", "2.00")),
        net_total_23=None, net_total_zero_eu=D(-5), net_total_zero_export=D(2),
    )  # fmt: skip
    assert [one.rate for one in renew(source)[0].lines] == ["0 WDT", "0 WDT", "0 EX"]


def test_terms_in_words_come_in_their_parts_or_as_a_description() -> None:
    terms = (
        PaymentTerm(due_date=date(2026, 3, 1), description="14 dni od dostawy"),
        PaymentTerm(due_date=date(2026, 4, 1), description="Reszta po odbiorze"),
    )
    invoice, losses = renew(fa_models.example().replace(payment=Payment(terms=terms)))
    assert invoice.payment is not None
    assert invoice.payment.terms == (
        PaymentTerm(due_date=date(2026, 3, 1), count=14, unit="dni", start_event="od dostawy"),
        PaymentTerm(due_date=date(2026, 4, 1)),
    )
    assert invoice.descriptions == (Description(key="TerminOpis", value="Reszta po odbiorze"),)
    assert [loss.term for loss in losses] == ["DataWytworzeniaFa"]
    assert billingua.validate(billingua.write(invoice, "fa3"), rulesets=[]).schema_valid


@pytest.mark.parametrize(("role", "expected"), [("8", (True, False)), ("10", (False, True)), ("2", (False, False))])
def test_members_are_marked_with_the_buyer(role: str, expected: tuple[bool, bool]) -> None:
    invoice, _ = renew(fa_models.example().replace(third_parties=(ThirdParty(name="Gmina", role=role),)))
    assert invoice.buyer is not None
    assert (invoice.buyer.local_government_unit, invoice.buyer.vat_group_member) == expected


@pytest.mark.parametrize("path", PUBLIC_FA2 or [None], ids=[path.name for path in PUBLIC_FA2] or ["none"])
def test_public_invoices_are_renewed(path: Path | None) -> None:
    if path is None:
        pytest.skip("there are no public invoices of FA(2)")
    converted = billingua.convert(path, "fa3")
    assert {loss.term for loss in converted.losses} <= {"DataWytworzeniaFa", "SystemInfo"}
    report = billingua.validate(converted.data, today=date(2026, 12, 1))
    assert report.valid
    assert {finding.severity for finding in report.findings} <= {"information"}
