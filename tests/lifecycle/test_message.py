"""A message for every status: valid by the rules, from an invoice or a reference, refused where something is off."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import billingua
from billingua import lifecycle
from billingua.errors import InvalidModel, LifecycleError, TooLarge, UsageError
from billingua.formats.cdar.model import Amount, Characteristic, Party, SchemedId
from billingua.lifecycle import Cashed, Reason, Reference
from billingua.lifecycle.clock import local
from billingua.model import Buyer, Identifier, Invoice, Seller
from billingua.rules.fr_cdar.lists import STATUSES, accepted

AT = datetime(2026, 10, 2, 10, 15)
REFERENCE = Reference(
    number="INV-7",
    issue_date=date(2026, 9, 15),
    type_code="380",
    seller_id=Identifier("552100554", "0002"),
    seller_name="Seller",
    seller_address=Identifier("552100554_STATUTS", "0225"),
    buyer_id=Identifier("732829320"),
    buyer_name="Buyer",
    buyer_address=Identifier("732829320"),
)
INVOICE = Invoice(
    number="INV-7",
    issue_date=date(2026, 9, 15),
    type_code="380",
    seller=Seller(
        name="Seller",
        legal_registration_identifier=Identifier("552100554", "0002"),
        electronic_address=Identifier("552100554_STATUTS", "0225"),
    ),
    buyer=Buyer(
        name="Buyer",
        legal_registration_identifier=Identifier("732829320"),
        electronic_address=Identifier("732829320"),
    ),
)
PORTAL: dict[str, Any] = {"to": "DFH", "platform": ("0042", "Platform"), "id": "FFE0614A_CC0238_6099239258834564607"}


def needs(status: lifecycle.Status) -> dict[str, Any]:
    """The least that a status needs."""
    reasons = {"reasons": sorted(accepted(status.code))[0]} if status.reasons == "needed" else {}
    return {**reasons, **({"cashed": {20: Decimal("120.00")}} if status.code == "212" else {}), "at": AT}


def findings(made: lifecycle.LifecycleMessage) -> list[str]:
    return [finding.rule for finding in billingua.validate(lifecycle.write(made)).findings]


def test_the_statuses_are_those_of_the_rules() -> None:
    assert {one.code for one in lifecycle.statuses()} == STATUSES
    assert lifecycle.status("made-available") is lifecycle.status(203) is lifecycle.status("203")
    with pytest.raises(UsageError, match="There is no status '299'"):
        lifecycle.status("299")


@pytest.mark.parametrize("status", lifecycle.statuses(), ids=lambda one: one.code)
def test_each_status_gives_a_message_that_the_rules_take(status: lifecycle.Status) -> None:
    made = lifecycle.message(INVOICE, status, **needs(status))
    assert made == lifecycle.message(REFERENCE, status.name, **needs(status))
    assert findings(made) == []
    assert (made.status, made.acknowledgement.phase) == (status.code, status.phase)
    assert billingua.read(lifecycle.write(made)).content == made
    for role in status.setters:
        by = role if role in ("SE", "BY", "WK") else Party(role=role, global_ids=(SchemedId("775670417", "0002"),))
        for recipient in status.recipients:
            known = recipient in ("SE", "BY")
            to = recipient if known else Party(role=recipient, endpoint=SchemedId("775670417", "0225"))
            assert findings(lifecycle.message(INVOICE, status, by=by, to=to, **needs(status))) == []


@pytest.mark.parametrize("status", lifecycle.statuses(), ids=lambda one: one.code)
def test_some_statuses_go_to_the_portal(status: lifecycle.Status) -> None:
    if not status.portal:
        with pytest.raises(LifecycleError, match="does not go to the portal"):
            lifecycle.message(INVOICE, status, **needs(status), **PORTAL)
        return
    made = lifecycle.message(INVOICE, status, **needs(status), **PORTAL)
    assert findings(made) == []
    assert (made.process, made.recipients[0].global_ids) == (None, (SchemedId("0000", "0238"),))
    for lacking in ("platform", "id"):
        with pytest.raises(LifecycleError, match="the sending platform is named"):
            lifecycle.message(INVOICE, status, **needs(status), **{**PORTAL, lacking: None})


@pytest.mark.parametrize("status", [one for one in lifecycle.statuses() if one.reasons], ids=lambda one: one.code)
def test_each_reason_that_a_status_takes(status: lifecycle.Status) -> None:
    for code in accepted(status.code):
        reason = Reason(code, "In words", "NIN", note="A note")
        assert findings(lifecycle.message(INVOICE, status, reasons=[reason], at=AT)) == []


def test_chorus_pro_refuses_for_more_reasons() -> None:
    platform = ("9999", "Chorus Pro")
    assert findings(lifecycle.message(INVOICE, 210, reasons="AUTRE", platform=platform, at=AT)) == []
    with pytest.raises(LifecycleError, match="does not take the reason 'AUTRE'"):
        lifecycle.message(INVOICE, 210, reasons="AUTRE", at=AT)


@pytest.mark.parametrize(
    ("status", "given", "why"),
    [
        ("206", {}, "needs a reason"),
        ("205", {"reasons": "TX_TVA_ERR"}, "has no reason"),
        ("208", {"reasons": "QTE_ERR"}, "does not take the reason 'QTE_ERR'"),
        ("207", {"reasons": "x"}, "no reason at all"),
        ("207", {"reasons": Reason("AUTRE", action="nin")}, "'nin' is no action"),
        ("212", {}, "amounts cashed are missing"),
        ("211", {"cashed": {20: 1}}, "no amount is cashed"),
        ("212", {"cashed": {"20": "1", Decimal("20.0"): 1}}, "is there twice"),
        ("212", {"cashed": [Cashed(Decimal(20))]}, "lacks its amount or its VAT rate"),
        ("212", {"cashed": {120: 1}}, "120 is no rate of VAT"),
        ("212", {"cashed": {"x": 1}}, "'x' is no number"),
        ("205", {"by": "SE"}, "'SE' may not set it"),
        ("205", {"by": "WK"}, "'WK' may not set it"),
        ("200", {"by": "BY"}, "'BY' may not set it"),
        ("205", {"by": "AB"}, r"\(AB\) has no identifier"),
        ("205", {"to": "BY"}, "does not go to 'BY'"),
        ("204", {"to": "PE"}, r"\(PE\) has no electronic address"),
        ("200", {"to": ["SE", "DFH"]}, "has no other recipient"),
        ("205", {"to": 5}, "to must be of str or Party, one or a list, not int"),
        ("207", {"reasons": [5]}, "reasons must be of str or Reason"),
        ("212", {"cashed": 5}, "cashed must be of Cashed"),
        ("211", {"values": "x"}, "values must be of Characteristic"),
        ("205", {"platform": "0042"}, "number and the name of a platform"),
        ("209", {"attachments": [("a", "b", "c")]}, "name, media type, bytes"),
        ("205", {"process": "B2G"}, "'B2G' is no kind of trade"),
        ("205", {"at": date(2026, 1, 1)}, "at must be a date with a time"),
        ("205", {"attachments": [("a.pdf", "application/pdf", b"x")]}, "has no files"),
        ("209", {"attachments": [("a.pdf", "application/pdf", bytes(4_000_000))]}, "larger than 5,000,000"),
        ("200", {"values": [Characteristic(kind="MPA")]}, "has no values"),
        ("211", {"values": [Characteristic(kind="MEN")]}, "amounts cashed"),
        ("211", {"values": [Characteristic(kind="XXX")]}, "'XXX' is no kind of value"),
    ],
)
def test_the_rest_is_refused(status: str, given: dict[str, Any], why: str) -> None:
    with pytest.raises(LifecycleError, match=why):
        lifecycle.message(INVOICE, status, **given)


@pytest.mark.parametrize("name", ["number", "issue_date", "seller_id"])
def test_what_the_invoice_must_say(name: str) -> None:
    reference = REFERENCE.replace(**{name: None})
    with pytest.raises(LifecycleError, match=r"is missing|has no legal identifier"):
        lifecycle.message(reference, 205, at=AT)
    assert findings(lifecycle.message(reference, 501, reasons="IRR_SYNTAX", at=AT)) == []


def test_a_float_is_no_amount() -> None:
    with pytest.raises(InvalidModel, match="not exact"):
        lifecycle.message(INVOICE, 212, cashed={20: 1.5})


def test_the_invoice_tells_what_a_recipient_leaves_out() -> None:
    asked = lifecycle.message(INVOICE, "suspended", reasons="JUSTIF_ABS", at=AT)
    there = SchemedId("732829320_STATUTS", "0225")
    [party] = lifecycle.message(INVOICE, "completed", to=Party(role="BY", endpoint=there), at=AT).recipients
    assert (party.endpoint, party.name, party.global_ids) == (there, "Buyer", (SchemedId("732829320", "0002"),))
    named = Party(role="SE", name="Another", global_ids=(SchemedId("55210055400013", "0009"),))
    [party] = lifecycle.message(asked, "refused", reasons="TX_TVA_ERR", to=named, at=AT).recipients
    assert (party.name, party.global_ids) == (named.name, named.global_ids)
    assert party.endpoint == SchemedId("552100554_STATUTS", "0225")


def test_a_message_is_not_larger_than_platforms_take() -> None:
    asked = lifecycle.message(INVOICE, "suspended", reasons="JUSTIF_ABS", at=AT)
    buyer = Party(role="BY", endpoint=SchemedId("732829320", "0225"))
    file = ("a.txt", "text/plain", bytes(3_749_999))
    made = lifecycle.message(asked, "completed", to=buyer, attachments=[file], at=AT)
    with pytest.raises(TooLarge, match=r"CDAR\) has 5,00\d,\d{3} bytes; at most 5,000,000 are taken. Attach less"):
        lifecycle.write(made)


def test_an_answer_to_a_message() -> None:
    asked = lifecycle.message(INVOICE, "suspended", reasons="JUSTIF_ABS", at=AT)
    buyer = Party(role="BY", endpoint=SchemedId("732829320", "0225"))
    made = lifecycle.message(asked, "completed", to=buyer, attachments=[("a.txt", "text/plain", b"proof")], at=AT)
    assert findings(made) == []
    assert made.referenced.number == asked.referenced.number
    assert made.referenced.attachments[0].base64 == "cHJvb2Y="
    assert findings(lifecycle.message(asked, "disputed", reasons="AUTRE", at=AT)) == []
    with pytest.raises(LifecycleError, match=r"\(BY\) has no electronic address"):
        lifecycle.message(asked, "completed", at=AT)


def test_values_beside_the_amounts_cashed() -> None:
    rest = Characteristic(kind="RAP", amount=Amount(Decimal("5.00"), "EUR"))
    cashed = [Cashed(Decimal("5.5"), Decimal("-3.10"), day=date(2026, 10, 1))]
    made = lifecycle.message(INVOICE, 212, cashed=cashed, values=[rest], at=AT)
    assert [one.kind for one in made.referenced.details[0].characteristics] == ["MEN", "RAP"]
    assert findings(made) == []


def test_moments_are_those_of_france() -> None:
    summer, winter = datetime(2026, 7, 1, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
    assert local(summer) == datetime(2026, 7, 2, 0, 30)
    assert local(winter) == datetime(2026, 10, 25, 2, 0)
    assert lifecycle.message(INVOICE, 205, at=summer).acknowledgement.set_at.text == "20260702003000"


def test_only_invoices_have_statuses() -> None:
    with pytest.raises(LifecycleError, match="not about str"):
        lifecycle.message("INV-7", 205)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["20", "10", "5.5", "2.1"]), st.decimals(-(10**9), 10**9, places=2), min_size=1))
def test_any_amounts_cashed_come_back(cashed: dict[str, Decimal]) -> None:
    made = lifecycle.message(INVOICE, 212, cashed=cashed, at=AT)
    history = lifecycle.History([billingua.read(lifecycle.write(made)).content])
    assert history.cashed == {(Decimal(rate), "EUR"): amount for rate, amount in cashed.items()}
