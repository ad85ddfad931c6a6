"""The French rules: which documents ask for them, whether tables and rules fit, and what findings say."""

from pathlib import Path

import pytest

import billingua
from billingua import rules
from billingua.engine.xml import parse
from billingua.resources import cells_of, table_beside
from billingua.rules.fr_flux2 import checks, cii, parties, sweep, ubl

ROOT = Path(__file__).parents[3]
REFORM = "urn:cen.eu:en16931:2017"
EXTENDED = f"{REFORM}#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"


def sample(name: str, *changes: tuple[str, str]) -> bytes:
    text = (ROOT / "samples" / name).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def fired(data: bytes) -> list[str]:
    return [one.rule for one in billingua.validate(data, rulesets=["fr-flux2"]).findings]


SELLER = {
    "standard-rated.ubl.xml": "<cbc:IdentificationCode>DE</cbc:IdentificationCode>",
    "standard-rated.cii.xml": "<ram:CountryID>DE</ram:CountryID>",
}


@pytest.mark.parametrize("name", SELLER)
def test_a_seller_in_france_is_judged_without_being_asked(name: str) -> None:
    assert "fr-flux2" not in billingua.validate(sample(name)).rulesets
    french = sample(name, (SELLER[name], SELLER[name].replace("DE", "FR")))
    assert billingua.validate(french).rulesets == ("en16931", "fr-flux2")


@pytest.mark.parametrize("name", SELLER)
def test_profiles_of_other_trade_are_left_alone(name: str) -> None:
    root = parse(sample(name, (SELLER[name], SELLER[name].replace("DE", "FR"))), name)
    format_name = "cii" if "cii" in name else "ubl-invoice"
    for profile, asked in (
        (REFORM, True),
        (EXTENDED, True),
        ("urn:factur-x.eu:1p0:minimum", False),
        (f"{REFORM}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0", False),
        (None, False),
    ):
        assert ("fr-flux2" in [one.name for one in rules.applying(format_name, profile, root)]) is asked


def test_the_profile_of_france_is_enough() -> None:
    assert "fr-flux2" in [one.name for one in rules.applying("cii", EXTENDED)]
    assert "fr-flux2" not in [one.name for one in rules.applying("cii", REFORM)]


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_every_question_is_a_rule_that_is_listed_once(syntax: str) -> None:
    asked = [ask.rule for ask in ({"ubl": ubl.ASKS, "cii": cii.ASKS}[syntax])]
    asked += [ask.rule for ask in parties.asks(syntax, "ram:IncludedSupplyChainTradeLineItem")]
    known = sweep.known_rules(syntax)
    assert len(asked) == len(set(asked))
    assert len(known) == len(set(known))
    assert set(asked) <= set(known)


def test_places_ask_what_there_is_to_ask() -> None:
    rows = cells_of(table_beside(sweep.__file__, "places.tsv"))
    assert {row[3] for row in rows} == set(checks.ASKED)


@pytest.mark.parametrize("name", SELLER)
def test_a_foreign_invoice_lacks_what_france_asks_for(name: str) -> None:
    found = fired(sample(name))
    assert "BR-FR-08_BT-23" in found
    assert sum(rule.startswith("BR-FR-05_") for rule in found) == 3


def test_notes_in_one_text_are_equal_to_several() -> None:
    note = "<cbc:Note>#PMT#40 euros#PMD#10 %#AAB#none##thanks</cbc:Note>"
    before = "<cbc:DocumentCurrencyCode>"
    assert not any(
        rule.startswith("BR-FR-05_") for rule in fired(sample("standard-rated.ubl.xml", (before, note + before)))
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [("2024-02-29", True), ("2023-02-29", False), ("2100-01-01", False), ("2024-1-1", False), ("20240229", False)],
)
def test_days_of_ubl(text: str, kept: bool) -> None:
    data = sample("standard-rated.ubl.xml")
    start = data.index(b"<cbc:IssueDate>") + len(b"<cbc:IssueDate>")
    changed = data[:start] + text.encode() + data[data.index(b"<", start) :]
    assert ("BR-FR-03_BT-2" in fired(changed)) is not kept


@pytest.mark.parametrize(
    ("siret", "siren", "kept"),
    [
        ("55210055400013", "552100554", True),
        ("55210055400013", "732829320", False),
        ("5521005540001", "552100554", False),
    ],
)
def test_a_siret_begins_with_its_siren(siret: str, siren: str, kept: bool) -> None:
    assert checks.coherent(siret, siren) is kept


@pytest.mark.parametrize(
    ("text", "plain", "signed"),
    [
        ("1.123456", True, True),
        ("-1.5", False, True),
        ("1.1234567", False, False),
        ("", False, False),
        ("--1", False, False),
    ],
)
def test_prices(text: str, plain: bool, signed: bool) -> None:
    assert (checks.price(text), checks.signed_price(text)) == (plain, signed)


def test_a_finding_shows_the_value_and_its_place() -> None:
    data = sample("standard-rated.ubl.xml")
    start = data.index(b"<cbc:ID>") + len(b"<cbc:ID>")
    changed = data[:start] + b"No 1 of May" + data[data.index(b"<", start) :]
    report = billingua.validate(changed, rulesets=["fr-flux2"])
    [finding] = [one for one in report.findings if one.rule == "BR-FR-02_BT-1"]
    assert finding.values == {"BT-1": "No 1 of May"}
    assert finding.path == "/Invoice/cbc:ID[1]"
    assert finding.line is not None
    assert "BT-1" in finding.message


@pytest.mark.parametrize(
    ("ruleset", "rule"),
    [
        ("fr-flux2", "BR-FR-CO-07_BT-9"),
        ("fr-flux2", "BR-FR-CO-09_BT-23-1"),
        ("fr-flux2", "BR-FR-MV-05_EXT-FR-FE-BG-12"),
        ("fr-flux2", "BR-FR-MV-09_EXT-FR-FE-181"),
        ("fr-flux2", "BR-FR-MV-10_EXT-FR-FE-184"),
        ("fr-flux2", "BR-FR-20_BT-21"),
        ("fr-flux2", "BR-FR-22_BT-34"),
        ("fr-extended-ctc", "CII-FREXT-SR-069"),
        ("fr-extended-ctc", "CII-FREXT-SR-072"),
        ("fr-cdar", "BR-FR-CDV-CL-01_MDT-2"),
    ],
)
def test_rules_that_two_releases_ask_otherwise_say_so(ruleset: str, rule: str) -> None:
    assert "1.4.0.03" in rules.get(ruleset).texts()[rule].note


@pytest.mark.parametrize("name", ["france.ubl.xml", "france.cii.xml"])
def test_findings_show_the_terms_of_the_group_around(name: str) -> None:
    paid = sample(name, (">B1<", ">B2<"))
    [found] = [one for one in billingua.validate(paid, rulesets=["fr-flux2"]).findings if one.rule.endswith("23-2")]
    assert found.values["BT-23"] == "B2"
    assert found.values["BT-112"] == found.values["BT-115"] == "648.20"
    assert b">B2<" in paid.splitlines()[found.line - 1]
