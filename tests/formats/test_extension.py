"""What EXTENDED-CTC-FR adds: kept through both syntaxes, refused or listed in documents that have no place for it."""

from decimal import Decimal
from typing import Any

import pytest
from extension_models import extended_invoices, whole
from format_examples import read, write
from format_models import complete
from hypothesis import HealthCheck, Phase, given, settings

import billingua as bl
from billingua import formats
from billingua.engine.binding import read_table
from billingua.engine.document import Loss
from billingua.errors import CannotExpress
from billingua.formats.guidelines import EXTENDED_CTC_FR, STANDARD
from billingua.formats.narrowing import of_extension
from billingua.model import Identifier, Invoice, LinePrecedingInvoice, extension_terms

SYNTAXES = ("ubl", "cii")
FACTURX_EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"
VAT_IDENTIFIERS = {f"EXT-FR-FE-{number}" for number in ("10", "27", "50", "73", "96", "119", "169")}
BOUND_BY_CODE = {
    "ubl": {
        *("EXT-FR-FE-162", "EXT-FR-FE-163", "EXT-FR-FE-181", "EXT-FR-FE-182", "EXT-FR-FE-183", "EXT-FR-FE-184"),
        *VAT_IDENTIFIERS,
        *("BT-177", "BT-193"),
    },
    "cii": {"EXT-FR-FE-181", "EXT-FR-FE-182", "EXT-FR-FE-183", "EXT-FR-FE-BG-10", *VAT_IDENTIFIERS, "BT-177", "BT-193"},
}
"""Terms that no row names: folds and arrangements find them, or (EXT-FR-FE-184 in UBL) there is no place."""


def lost_in(invoice: Invoice, name: str) -> list[Loss]:
    """What a wire format names as lost when it is written."""
    losses: list[Loss] = []
    formats.by_name(name).write(invoice, name, losses)
    return losses


@pytest.mark.parametrize("name", SYNTAXES)
@given(invoice=extended_invoices())
@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
def test_any_extended_invoice_comes_back_whole(name: str, invoice: Invoice) -> None:
    data = write(invoice, name)
    document = read(data)
    assert document.content == invoice
    assert document.unmapped == ()
    assert write(document.content, name) == data


@pytest.mark.parametrize("name", SYNTAXES)
def test_every_attribute_of_the_extension_has_a_place(name: str) -> None:
    invoice = whole(ubl=name == "ubl")
    document = read(write(invoice, name))
    assert document.content == invoice
    assert document.unmapped == ()


def test_every_attribute_survives_the_way_through_the_other_syntax() -> None:
    invoice = whole()
    there = bl.convert(write(invoice, "ubl"), "cii")
    back = bl.convert(there.data, "ubl")
    assert there.losses == back.losses == ()
    assert read(back.data).content == invoice


@pytest.mark.parametrize("name", SYNTAXES)
def test_the_table_has_every_term_of_the_extension(name: str) -> None:
    entries = [entry for entry in read_table(formats.get(name).table()) if entry.profile != "core"]
    bound = {entry.row.term for entry in entries} | {term for entry in entries for _, term in entry.attributes}
    bound |= {entry.row.group for entry in entries}
    missing = {term.id for term in extension_terms() if term.id.startswith(("EXT", "BT-1"))} - bound
    assert missing - {"BT-127", "BT-128", "BT-128-1", "BT-18", "EXT-FR-FE-BG-14"} - {"BT-18-1"} == BOUND_BY_CODE[name]


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_document_of_the_standard_is_refused_or_loses_them(name: str) -> None:
    invoice = whole().replace(specification=STANDARD)
    with pytest.raises(CannotExpress, match=r"no place for EXT-FR-FE-02, BT-46, .* and \d+ more terms"):
        write(invoice, name)
    losses = [loss for loss in lost_in(invoice, name) if "extension" in loss.where]
    assert {loss.term for loss in losses} >= {term.id for term in extension_terms() if "[].code" in term.attribute}
    assert all("place for it" in loss.why for loss in losses)
    assert len(losses) == len({loss.where for loss in losses})


PLACES = sorted({term.attribute.partition("extension.")[0].replace("[]", "[0]") for term in extension_terms()})


def with_one(core: Any, full: Any, place: str) -> Any:
    """A group of the standard with the extension that another has at one place (`lines[0].vat.`), and no other."""
    name, _, rest = place.partition(".")
    if not name:
        return core.replace(extension=full.extension)
    attribute = name.removesuffix("[0]")
    inner, other = getattr(core, attribute), getattr(full, attribute)
    if attribute == name:
        return core.replace(**{attribute: with_one(inner, other, rest)})
    return core.replace(**{attribute: (with_one(inner[0], other[0], rest),)})


@pytest.mark.parametrize("place", PLACES)
def test_each_extension_alone_is_refused_in_a_document_of_the_standard(place: str) -> None:
    invoice = with_one(complete(), whole(), place)
    with pytest.raises(CannotExpress, match="has no place for") as refusal:
        write(invoice, "ubl")
    assert f"{place}extension." in str(refusal.value)


@pytest.mark.parametrize("profile", ["minimum", "basicwl", "basic", "en16931", "xrechnung"])
def test_smaller_profiles_name_what_they_lose(profile: str) -> None:
    there = bl.convert(write(whole(), "ubl"), "cii", profile=profile)
    assert {"EXT-FR-FE-163", "EXT-FR-FE-167", "EXT-FR-FE-43", "BT-193"} <= {loss.term for loss in there.losses}
    assert "extension" not in read(there.data).content.to_json().decode()


def test_the_french_profile_has_a_word_in_both_syntaxes() -> None:
    facturx = whole().replace(specification=FACTURX_EXTENDED)
    for name in ("ubl", "cii"):
        document = read(bl.write(facturx, name, profile="extended-ctc-fr"))
        assert document.profile == EXTENDED_CTC_FR
        assert document.content == whole()
    there = bl.convert(write(whole(), "ubl"), "cii", profile="extended")
    assert {loss.term for loss in there.losses} == {"EXT-FR-FE-182"}


def test_a_document_of_the_standard_is_read_as_before() -> None:
    data = write(whole(), "ubl").replace(EXTENDED_CTC_FR.encode(), STANDARD.encode())
    document = read(data)
    assert b"extension" not in document.content.to_json()
    assert any(place.path.endswith("cbc:DocumentStatusCode[1]") for place in document.unmapped)


def test_an_empty_extension_loses_nothing() -> None:
    line = complete().lines[0]
    empty = type(whole().lines[0].extension)()
    invoice = complete().replace(lines=(line.replace(extension=empty),))
    assert read(write(invoice, "ubl")).content == complete()


def test_ubl_says_what_it_has_no_place_for() -> None:
    invoice = whole(ubl=False)
    losses = lost_in(invoice, "ubl")
    assert [(loss.term, loss.where) for loss in losses] == [
        ("EXT-FR-FE-184", "lines[0].extension.total_with_vat"),
    ]
    unplaced = whole().replace(payment=None, due_date=None, contract_reference=None, despatch_advice_reference=None)
    lost = {loss.term for loss in lost_in(unplaced, "ubl")}
    assert {"EXT-FR-FE-01", "EXT-FR-FE-198", "EXT-FR-FE-199", "EXT-FR-FE-43", "EXT-FR-FE-55"} <= lost
    assert "EXT-FR-FE-197" not in lost
    head = whole().extension
    assert head is not None
    assert head.vat_exchange is not None
    half = whole().replace(extension=head.replace(vat_exchange=head.vat_exchange.replace(target_currency=None)))
    assert [loss.term for loss in lost_in(half, "ubl")] == ["BT-X-258", "BT-167", "BT-X-261"]
    assert [loss.term for loss in lost_in(half, "cii")] == ["BT-X-258", "BT-167", "BT-X-261"]
    nameless = whole().replace(number=None)
    assert [loss.term for loss in losses_before_structure(nameless)] == ["EXT-FR-FE-163", "EXT-FR-FE-162"]


def losses_before_structure(invoice: Invoice) -> list[Loss]:
    """What UBL loses of an invoice that its schema refuses afterwards."""
    losses: list[Loss] = []
    with pytest.raises(bl.BillinguaError):
        formats.by_name("ubl").write(invoice, "ubl", losses)
    return losses


def test_a_logistics_charge_is_a_charge_in_ubl() -> None:
    invoice = whole(ubl=False)
    assert invoice.extension is not None
    (logistics,) = invoice.extension.logistics_charges
    *others, charge = read(bl.convert(write(invoice, "cii"), "ubl").data).content.charges
    assert others == list(invoice.charges)
    assert charge.extension is not None
    assert (charge.amount, charge.reason, charge.vat_category_code, charge.vat_rate) == (
        *(logistics.amount, logistics.description, logistics.vat_category_code, logistics.vat_rate),
    )
    assert charge.extension.exemption_reason == logistics.exemption_reason


def test_factur_x_extended_has_the_same_places_with_room_for_less() -> None:
    invoice = whole(ubl=False).replace(specification=FACTURX_EXTENDED)
    line = invoice.lines[0]
    assert line.extension is not None
    further = (*line.extension.preceding_invoices, LinePrecedingInvoice(number="F-0"))
    line = line.replace(extension=line.extension.replace(preceding_invoices=further))
    losses = lost_in(invoice.replace(lines=(line,)), "cii")
    assert [(loss.term, loss.value) for loss in losses] == [
        ("EXT-FR-FE-182", str(line.extension.vat_total_in_accounting_currency)),
        ("EXT-FR-FE-136", "F-0"),
    ]


@pytest.mark.parametrize("name", SYNTAXES)
def test_versions_of_schemes_are_lost(name: str) -> None:
    invoice = whole()
    assert invoice.extension is not None
    versioned = Identifier("A-1", "0002", "2026")
    invoice = invoice.replace(extension=invoice.extension.replace(further_invoiced_objects=(versioned,)))
    assert [(loss.value, loss.where) for loss in lost_in(invoice, name)] == [
        ("2026", "extension.further_invoiced_objects[0].scheme_version"),
    ]


def test_the_vat_of_a_line_needs_its_currency() -> None:
    invoice = whole()
    totals = invoice.totals
    assert totals is not None
    invoice = invoice.replace(vat_currency=None, totals=totals.replace(total_vat_in_accounting_currency=None))
    assert [loss.term for loss in lost_in(invoice, "cii")] == ["EXT-FR-FE-182"]


@pytest.mark.parametrize("name", SYNTAXES)
def test_a_reason_without_its_place_is_lost(name: str) -> None:
    invoice = whole()
    line = invoice.lines[0]
    assert line.price is not None
    charge = line.charges[0].replace(reason_code="AA")
    bare = line.price.replace(discount=None, gross_price=None)
    losses = lost_in(invoice.replace(lines=(line.replace(charges=(charge,), price=bare),)), name)
    assert sorted(loss.term for loss in losses) == ["", "EXT-FR-FE-195", "EXT-FR-FE-196"]


def test_numbers_that_the_schema_of_ubl_wants_are_no_values() -> None:
    invoice = whole()
    line = invoice.lines[0]
    assert line.extension is not None
    extension = line.extension.replace(
        purchase_order_reference=None, despatch_advice_line_reference=None, receiving_advice_line_reference=None
    )
    invoice = invoice.replace(lines=(line.replace(purchase_order_line_reference=None, extension=extension),))
    data = write(invoice, "ubl")
    assert data.count(b">NA<") == 5
    assert read(data).content == invoice
    assert read(data).unmapped == ()


def test_every_leaf_of_the_extension_is_a_term() -> None:
    assert {term.attribute for term in extension_terms()} == of_extension()
    amounts = lost_in(whole().replace(specification=STANDARD), "cii")
    assert all(loss.term for loss in amounts if "extension" in loss.where)
    assert Decimal(next(loss.value for loss in amounts if loss.term == "EXT-FR-FE-181")) > 0
