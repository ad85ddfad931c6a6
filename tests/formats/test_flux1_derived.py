"""Flux 1 derived from invoices: what is kept, what is stated anew, what is listed as lost."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from extension_models import extended_invoices
from format_examples import CONFORMANCE, EXAMPLES, content_of, read
from format_models import complete, invoices
from hypothesis import HealthCheck, given, settings

import billingua as bl
from billingua import formats
from billingua.errors import CannotExpress, InvalidModel, UsageError
from billingua.formats.subsets import SUBSETS, subset_called, subset_of
from billingua.model import (
    Address,
    Delivery,
    DocumentAllowance,
    Identifier,
    Invoice,
    Line,
    Period,
    PrecedingInvoice,
    Price,
    VatBreakdown,
)
from billingua.model.extension import LineDelivery, LineExtension, LinePrecedingInvoice
from billingua.rules.fr_flux1 import GUIDELINES

SAMPLES = Path(__file__).parents[2] / "samples"
FRANCE = CONFORMANCE / "france"
PROFILES = tuple([subset.name for subset in SUBSETS])
SYNTAXES = ("cii", "ubl")

VAT = ("vat.category_code", "vat.rate")
NOT_TAKEN = {"G1.01", "G1.02", "G1.53", "G2.32"}
"""What the portal refuses in flux 1 and the rules of flux 2 accept: a global discount (262), several sellers, other
currencies than the euro (in CII), and what is exempt as a whole."""


Derived = tuple[Invoice, list[Any]]


def french(**changes: Any) -> Invoice:
    """A French invoice with two lines, but for these changes."""
    return read((SAMPLES / "france.cii.xml").read_bytes()).content.replace(**changes)


def derived(invoice: Invoice, to: str, profile: str) -> Derived:
    """What is read back of an invoice in a subset, and the losses."""
    losses: list[Any] = []
    subset = subset_called(profile)
    assert subset is not None
    data = formats.by_name(to).write(invoice.replace(specification=subset.guideline), to, losses)
    assert bl.validate(data).rulesets[0] == f"fr-{profile}"
    return read(data).content, losses


def leaves(group: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every value of a model with its path."""
    for name in group.__struct_fields__:
        value = getattr(group, name)
        if isinstance(value, msgspec.Struct):
            yield from leaves(value, f"{where}{name}.")
        elif isinstance(value, tuple):
            for number, one in enumerate(value):
                yield from leaves(one, f"{where}{name}[{number}].")
        elif value is not None:
            yield f"{where}{name}", value


def lines(*prices: Price) -> tuple[Line, ...]:
    """The first line of the French invoice with other prices."""
    return tuple([french().lines[0].replace(price=price) for price in prices])


def test_subsets_are_called_by_word_and_identifier() -> None:
    assert {subset.name.removeprefix("flux1-"): subset.guideline for subset in SUBSETS} == GUIDELINES
    for subset in SUBSETS:
        assert subset_called(subset.name) is subset_called(subset.title) is subset_of(subset.guideline) is subset
        assert subset_of(subset.guideline.lower()) is subset
    assert subset_called("basic") is subset_of(None) is subset_of("urn:cen.eu:en16931:2017") is None


def test_an_unknown_word_is_answered_with_all_there_are() -> None:
    with pytest.raises(UsageError, match="no profile 'flux2'") as caught:
        bl.convert(SAMPLES / "france.ubl.xml", "ubl", profile="flux2")
    assert "xrechnung, extended-ctc-fr, flux1-base, flux1-full, or" in str(caught.value)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("to", SYNTAXES)
@pytest.mark.parametrize("sample", ["france.cii.xml", "france.ubl.xml"])
def test_the_data_of_french_invoices_are_valid(sample: str, to: str, profile: str) -> None:
    data, losses = bl.convert(SAMPLES / sample, to, profile=profile)
    report = bl.validate(data)
    assert (report.valid, report.rulesets) == (True, (f"fr-{profile}",)), report.findings
    named = {loss.term for loss in losses}
    assert {"BT-10", "BT-29", "BT-34", "BT-81", "BT-84", "BT-106", "BT-112", "BT-115", "BT-126", "BT-131"} <= named
    assert not named & {"BT-1", "BT-9", "BT-22", "BT-30", "BT-31", "BT-40", "BT-72", "BT-110", "BT-116"}
    assert ("BT-27" in named) is (to == "ubl")
    assert ("BT-153" in named) is (profile == "flux1-base")
    assert all(loss.where.startswith("line ") for loss in losses)


@pytest.mark.skipif(not FRANCE.is_dir(), reason="the conformance instances (../shared/conformance) are not here")
@pytest.mark.parametrize("profile", PROFILES)
def test_the_data_of_the_public_french_invoices_are_valid(profile: str) -> None:
    rows = [json.loads(line) for line in (FRANCE / "manifest.jsonl").read_text("utf-8").splitlines()]
    valid = 0
    for path in [FRANCE / row["file"] for row in rows if row["kind"] == "invoice" and not row["fatal"]]:
        for to in SYNTAXES:
            data = bl.convert(path, to, profile=profile).data
            report = bl.validate(data)
            assert report.schema_valid
            found = {one.rule for one in report.findings if one.ruleset == f"fr-{profile}"}
            assert found <= NOT_TAKEN, (path.name, to, found)
            valid += report.valid
    assert valid > 50


@pytest.mark.parametrize("path", EXAMPLES[::3], ids=lambda path: path.name)
def test_the_data_of_public_examples_keep_the_schema(path: Path) -> None:
    original = read(content_of(path)).content
    for profile in PROFILES:
        for to in SYNTAXES:
            kept, losses = derived(original.replace(business_process="B1"), to, profile)
            stated = dict(leaves(original))
            assert {loss.where for loss in losses} <= {*stated, "business_process"}
            assert kept.number == original.number


def test_deriving_again_changes_nothing() -> None:
    for to in SYNTAXES:
        for profile in PROFILES:
            once = bl.convert(SAMPLES / "france.cii.xml", to, profile=profile)
            again = bl.convert(once.data, to, profile=profile)
            assert (again.data, again.losses) == (once.data, ())
            assert bl.write(bl.read(once.data).content, to) == once.data


def test_base_is_in_full() -> None:
    for to in SYNTAXES:
        full = bl.convert(SAMPLES / "france.cii.xml", to, profile="flux1-full").data
        direct = bl.convert(SAMPLES / "france.cii.xml", to, profile="flux1-base").data
        assert bl.convert(full, to, profile="flux1-base").data == direct


@given(invoice=invoices() | extended_invoices())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_value_is_kept_or_listed(invoice: Invoice) -> None:
    invoice = invoice.replace(business_process="B1", type_code="380")
    for profile in PROFILES:
        for to in SYNTAXES:
            kept, losses = derived(invoice, to, profile)
            listed = {loss.where for loss in losses}
            assert len(listed) == len(losses)
            said = [value for _, value in leaves(kept)]
            for where, value in leaves(invoice):
                restated = ".price." in where or where == "specification"
                assert where in listed or restated or value in said, where


@pytest.mark.parametrize("to", SYNTAXES)
def test_the_whole_model_in_base(to: str) -> None:
    kept, losses = derived(complete(), to, "flux1-base")
    assert kept.lines == kept.allowances == kept.supporting_documents == ()
    assert kept.payment is kept.payee is None
    assert (kept.vat_currency, kept.totals.total_vat_in_accounting_currency) == (
        complete().vat_currency,
        complete().totals.total_vat_in_accounting_currency,
    )
    assert {loss.term for loss in losses} >= {"BT-7", "BT-20", "BT-26", "BT-32", "BT-92", "BT-126", "BT-153"}


def test_prices_are_those_of_one_unit() -> None:
    prices = lines(
        Price(net_price=Decimal("12.00"), base_quantity=Decimal(100), base_quantity_unit_code="XBX"),
        Price(
            net_price=Decimal("10.00"), gross_price=Decimal("11.00"), discount=Decimal("1.00"), base_quantity=Decimal(3)
        ),
        Price(net_price=Decimal("9.00"), discount=Decimal("1.00")),
    )
    for to in SYNTAXES:
        kept, losses = derived(french(lines=prices), to, "flux1-full")
        said = [(one.price.net_price, one.price.gross_price) for one in kept.lines]
        assert said == [
            (Decimal("0.12"), Decimal("0.12")),
            (Decimal("3.333333"), Decimal("3.666667")),
            (Decimal("9.00"), Decimal("10.00")),
        ]
        assert kept.lines[1].price.discount == Decimal("0.333334")
        named = [(loss.term, loss.value, loss.why) for loss in losses if loss.where.startswith("lines[0].price")]
        assert named == [
            ("BT-149", "100", "the price is that of one unit"),
            ("BT-150", "XBX", "the price is that of one unit"),
        ]


def test_what_the_portal_asks_for_is_stated() -> None:
    invoice = french()
    untaxed = invoice.replace(
        vat_breakdown=[VatBreakdown(taxable_amount=Decimal("548.60"), tax_amount=Decimal(0), category_code="O")],
        totals=invoice.totals.replace(total_vat=None),
        allowances=[DocumentAllowance(amount=Decimal(1), vat_category_code="O")],
    )
    for to in SYNTAXES:
        kept, losses = derived(untaxed, to, "flux1-full")
        assert (kept.vat_breakdown[0].rate, kept.allowances[0].vat_rate, kept.totals.total_vat) == (0, 0, 0)
        assert not [loss for loss in losses if loss.where.startswith(("vat_breakdown", "allowances"))]


def test_only_a_single_taxable_person_keeps_its_number() -> None:
    numbers = [Identifier("10000000900017", "0009"), Identifier("300000007", "0231"), Identifier("7")]
    for to in SYNTAXES:
        kept, losses = derived(french(seller=french().seller.replace(identifiers=numbers)), to, "flux1-base")
        assert kept.seller.identifiers == (numbers[1],)
        assert [loss.where for loss in losses if "identifiers" in loss.where] == [
            "seller.identifiers[0].value",
            "seller.identifiers[0].scheme_id",
            "seller.identifiers[2].value",
        ]


def test_a_period_of_a_day_and_half_an_address_are_left_out() -> None:
    day, later = date(2026, 9, 1), date(2026, 9, 2)
    street = Address(line1="1 rue", city="Lyon", post_code="69003", country_code="FR")
    for to in SYNTAXES:
        whole, _ = derived(french(invoicing_period=Period(start_date=day, end_date=later)), to, "flux1-base")
        assert whole.invoicing_period == Period(start_date=day, end_date=later)
        short, losses = derived(french(invoicing_period=Period(start_date=day, end_date=day)), to, "flux1-base")
        assert short.invoicing_period is None
        assert {loss.why for loss in losses if loss.term in ("BT-73", "BT-74")} == {
            "the portal takes no period of a single day (G6.25)"
        }
        kept, _ = derived(french(delivery=Delivery(actual_date=day, address=street)), to, "flux1-full")
        assert kept.delivery.address == street
        half = Delivery(actual_date=day, address=Address(country_code="FR"))
        kept, losses = derived(french(delivery=half), to, "flux1-full")
        assert kept.delivery == Delivery(actual_date=day)
        assert [loss.why for loss in losses if loss.term == "BT-80"] == [
            "the portal takes whole addresses only (G6.16)"
        ]


def test_a_credit_note_keeps_its_due_date_and_every_preceding_invoice() -> None:
    preceding = tuple([PrecedingInvoice(number=f"F-{one}", issue_date=date(2026, 8, one)) for one in (1, 2)])
    credit = french(type_code="381", preceding_invoices=preceding, payment=None)
    for to in SYNTAXES:
        kept, _ = derived(credit, to, "flux1-full")
        assert (kept.due_date, kept.preceding_invoices) == (credit.due_date, preceding)
        kept, losses = derived(credit, to, "flux1-base")
        assert [one.number for one in kept.preceding_invoices] == ["F-1", "F-2"]
        assert [loss.term for loss in losses].count("BT-26") == 2


def test_lines_that_only_group_others_are_left_out() -> None:
    group = Line(identifier="1", net_amount=Decimal("548.60"))
    for to in SYNTAXES:
        kept, losses = derived(french(lines=[group, *french().lines]), to, "flux1-full")
        assert [line.item for line in kept.lines] == [line.item for line in french().lines]
        assert [loss.where for loss in losses if loss.where.startswith("lines")] == [
            "lines[0].identifier",
            "lines[0].net_amount",
            *[f"lines[{number}].{name}" for number in (1, 2) for name in ("identifier", "net_amount", *VAT)],
        ]


def test_lines_of_an_extended_invoice() -> None:
    preceding = LinePrecedingInvoice(number="F-1", type_code="380", issue_date=date(2026, 8, 1))
    street = Address(line1="1 rue", city="Lyon", post_code="69003", country_code="FR")
    whole = LineDelivery(actual_date=date(2026, 9, 14), address=street)
    first, second = french().lines
    extended = french(
        type_code="381",
        lines=[
            first.replace(extension=LineExtension(subtype="GROUP")),
            first.replace(extension=LineExtension(subtype="DETAIL", preceding_invoices=[preceding], delivery=whole)),
            second.replace(
                extension=LineExtension(
                    preceding_invoices=[preceding], delivery=whole.replace(address=Address(country_code="FR"))
                )
            ),
        ],
    )
    for to in SYNTAXES:
        kept, losses = derived(extended, to, "flux1-full")
        said = [(line.item.name, line.extension.preceding_invoices, line.extension.delivery) for line in kept.lines]
        known = (preceding.replace(type_code=None),)
        assert said == [
            (first.item.name, known, whole),
            (second.item.name, known, whole.replace(address=None)),
        ]
        assert kept.preceding_invoices == ()
        lost = {loss.where for loss in losses if ".extension." in loss.where}
        assert lost == {
            "lines[0].extension.subtype",
            "lines[1].extension.subtype",
            "lines[1].extension.preceding_invoices[0].type_code",
            "lines[2].extension.preceding_invoices[0].type_code",
            "lines[2].extension.delivery.address.country_code",
        }
        kept, _ = derived(extended, to, "flux1-base")
        assert kept.preceding_invoices == (PrecedingInvoice(number="F-1"),)
        head = PrecedingInvoice(number="F-2", issue_date=date(2026, 8, 2))
        kept, losses = derived(extended.replace(preceding_invoices=[head]), to, "flux1-full")
        assert kept.preceding_invoices == (head,)
        assert not any(line.extension.preceding_invoices for line in kept.lines)
        assert {"EXT-FR-FE-136", "EXT-FR-FE-138"} <= {loss.term for loss in losses}


def test_writing_refuses_what_a_subset_has_no_place_for() -> None:
    with pytest.raises(CannotExpress, match="flux 1 BASE has no place for BT-10 'ACHATS-7'"):
        bl.write(french(), "cii", profile="flux1-base")


def test_what_a_subset_asks_for_is_missed_by_its_term() -> None:
    with pytest.raises(InvalidModel, match=r"lacks BT-23 Business process type \(business_process\)"):
        derived(french(business_process=None), "ubl", "flux1-base")
    with pytest.raises(InvalidModel, match=r"lacks BG-25 Invoice line \(lines\)"):
        derived(french(lines=()), "ubl", "flux1-full")
    with pytest.raises(InvalidModel, match=r"lacks BT-153 Item name \(lines\[0\]\)"):
        derived(french(lines=[french().lines[0].replace(item=None)]), "cii", "flux1-full")


def test_a_document_that_is_no_invoice_has_no_subset() -> None:
    with pytest.raises(UsageError, match="has no profile"):
        bl.convert(SAMPLES / "poland.ubl.xml", "fa3", profile="flux1-base")
