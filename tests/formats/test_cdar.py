"""Life-cycle messages: read, written, as JSON, and what the model says of a bad one."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import billingua
from billingua.errors import CannotExpress, InvalidModel, UnreadableInput, UnsupportedFormat
from billingua.formats.cdar.model import (
    Acknowledgement,
    Amount,
    Characteristic,
    Day,
    Detail,
    LifecycleMessage,
    Party,
    Referenced,
    SchemedId,
    Stamp,
    codes,
)

MESSAGES = sorted((Path(__file__).parents[3] / "shared" / "conformance" / "france" / "cdar").glob("*.xml"))


def cashed() -> LifecycleMessage:
    return LifecycleMessage(
        process="REGULATED",
        guideline="urn.cpro.gouv.fr:1p0:CDV:invoice",
        id="INV-7_212",
        created_at=Stamp.of(datetime(2026, 10, 2, 10, 15)),
        sender=Party(role="WK"),
        issuer=Party(global_ids=(SchemedId("552100554", "0002"),), name="Seller", role="SE"),
        recipients=(Party(role="BY", endpoint=SchemedId("732829320", "0225")),),
        acknowledgements=(
            Acknowledgement(
                multiple="false",
                phase="23",
                references=(
                    Referenced(
                        number=SchemedId("INV-7"),
                        type_code="380",
                        issue_date=Day.of(date(2026, 9, 15)),
                        status="212",
                        status_labels=("Encaissée",),
                        seller=Party(global_ids=(SchemedId("552100554", "0002"),)),
                        details=(
                            Detail(
                                number=Decimal(1),
                                characteristics=(
                                    Characteristic(
                                        kind="MEN", amount=Amount(Decimal("960.00"), "EUR"), percent=Decimal("20.00")
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


def test_a_message_comes_back_as_it_was_written() -> None:
    message = cashed()
    data = billingua.write(message, "cdar")
    document = billingua.read(data)
    assert (document.content, document.format, document.profile) == (message, "cdar", message.guideline)
    assert document.unmapped == ()
    assert billingua.detect(data) == ("cdar", message.guideline, "D22B")
    assert billingua.validate(data).rulesets == ("fr-cdar",)
    assert billingua.validate(data).valid
    assert LifecycleMessage.from_json(message.to_json(2)) == message


def test_the_short_ways_to_the_invoice() -> None:
    message = cashed()
    assert (message.status, message.referenced.issue_date.day) == ("212", date(2026, 9, 15))
    assert message.created_at.moment == datetime(2026, 10, 2, 10, 15)
    assert LifecycleMessage().status is None
    assert LifecycleMessage().acknowledgement == Acknowledgement()


@pytest.mark.parametrize("text", ["", "2026", "20261301101500", "x", "2026100210150٣"])
def test_a_text_that_is_no_moment_is_kept_and_has_none(text: str) -> None:
    assert Stamp(text).moment is None
    assert Day(text).day is None


def test_days_and_moments_are_checked() -> None:
    assert Day.of(date(987, 1, 2)).text == "09870102"
    with pytest.raises(InvalidModel, match="must be a date with a time"):
        Stamp.of(date(2026, 1, 1))
    with pytest.raises(InvalidModel, match="must be a date, not str"):
        Day.of("2026-01-01")


def test_codes_have_meanings() -> None:
    assert codes()["status"]["205"] == "approved"
    assert set(codes()) == {"status", "action", "characteristic", "role", "phase", "reason"}


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InvalidModel, match=r"lacks guideline .*, recipients .*, acknowledgements"):
        billingua.write(LifecycleMessage(), "cdar")
    with pytest.raises(InvalidModel, match="not from str"):
        billingua.write("x", "cdar")


def test_an_amount_that_is_none_is_told_with_its_place() -> None:
    data = billingua.write(cashed(), "cdar").replace(b">960.00<", b">much<")
    with pytest.raises(UnreadableInput, match=r"ValueAmount.* 'much' is not a decimal number"):
        billingua.read(data)
    report = billingua.validate(data)
    assert (report.schema_valid, report.valid) == (False, False)


def test_a_message_is_no_invoice() -> None:
    with pytest.raises((UnsupportedFormat, CannotExpress, InvalidModel)):
        billingua.convert(billingua.write(cashed(), "cdar"), "ubl")


def test_a_finding_shows_what_was_seen() -> None:
    data = billingua.write(cashed(), "cdar").replace(b">212<", b">210<").replace(b">SE<", b">WK<")
    findings = {finding.rule: finding for finding in billingua.validate(data).findings}
    assert set(findings) == {"BR-FR-CDV-15_MDT-113", "BR-FR-CDV-CL-03_MDT-40_23"}
    found = findings["BR-FR-CDV-CL-03_MDT-40_23"]
    assert (found.severity, found.values) == ("fatal", {"MDT-40": "WK", "MDT-77": "23"})
    assert found.path == "/rsm:CrossDomainAcknowledgementAndResponse/rsm:ExchangedDocument[1]"


@pytest.mark.skipif(not MESSAGES, reason="the conformance instances (../shared/conformance) are not here")
def test_every_message_keeps_all_it_says() -> None:
    for path in MESSAGES:
        report = billingua.validate(path)
        if not report.schema_valid:
            continue
        document = billingua.read(path)
        assert document.unmapped == (), path.name
        written = billingua.write(document.content, "cdar")
        assert billingua.read(written).content == document.content, path.name
        assert LifecycleMessage.from_json(document.content.to_json()) == document.content, path.name
        assert [one.rule for one in billingua.validate(written).findings] == [one.rule for one in report.findings], (
            path.name
        )
