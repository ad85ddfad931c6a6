"""The rule sets of Factur-X: which document asks for which, whether tables and rules fit, and what findings say."""

import re
from pathlib import Path

import pytest

import billingua
from billingua import codelists, rules
from billingua.engine.report import Finding
from billingua.resources import cells_of
from billingua.rules import elements
from billingua.rules.facturx import PROFILES, business, document, lines, structure, totals, vat

ROOT = Path(__file__).parents[3]
FOLDER = Path(structure.__file__).parent
MODULES = (document, totals, vat, lines)
NEVER = {"BR-AF-09", "BR-AG-09", "BR-CO-05", "BR-CO-06", "BR-CO-07", "BR-CO-08", "CII-SR-464"}
GUIDELINES = [(profile, one) for profile, guidelines in PROFILES.items() for one in guidelines]
STANDARD = "urn:cen.eu:en16931:2017"


def sample(*changes: tuple[str, str]) -> bytes:
    text = (ROOT / "samples" / "reverse-charge.cii.xml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def found(data: bytes, profile: str, rule: str) -> list[Finding]:
    report = billingua.validate(data, rulesets=[f"facturx-{profile}"])
    return [finding for finding in report.findings if finding.rule == rule]


@pytest.mark.parametrize(("profile", "guideline"), GUIDELINES)
def test_a_profile_is_asked_instead_of_the_standard(profile: str, guideline: str) -> None:
    assert [one.name for one in rules.applying("cii", guideline)] == [f"facturx-{profile}", "identifiers"]
    assert [one.name for one in rules.applying("ubl-invoice", guideline)] == ["en16931", "identifiers"]
    report = billingua.validate(sample((f">{STANDARD}<", f">{guideline}<")))
    assert report.rulesets == (f"facturx-{profile}",)


@pytest.mark.parametrize("guideline", [None, STANDARD, "urn:factur-x.eu:1p0:unheard-of"])
def test_the_standard_is_asked_of_all_others(guideline: str | None) -> None:
    assert [one.name for one in rules.applying("cii", guideline)] == ["en16931", "identifiers"]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_business_rule_is_asked_once(profile: str) -> None:
    asked = [ask.rule for module in MODULES for ask in module.ASKS]
    assert len(asked) == len(set(asked))
    assert {rule.name for rule in business.listed(profile)} - set(asked) <= NEVER


def test_no_question_without_a_rule() -> None:
    listed = {rule.name for profile in PROFILES for rule in business.listed(profile)}
    assert {ask.rule for module in MODULES for ask in module.ASKS} <= listed


def test_the_table_of_the_structure_knows_only_what_cii_has() -> None:
    schemas = "".join(path.read_text("utf-8") for path in (ROOT / "schemas" / "cii-d22b").glob("*.xsd"))
    known = set(re.findall(r'name="([\w:]+)"', schemas))
    rows = cells_of((FOLDER / "structure.tsv").read_text("utf-8"))[1:]
    depth = -1
    for cells in rows:
        step = cells[0].strip()
        name = step.partition("[")[0]
        assert name.removeprefix("@") in known or name.partition(":")[2] in known, step
        if not name.startswith("@"):
            assert elements.tag_of_step(name)
        assert len(cells[0]) - len(step) <= depth + 1, "a step hangs in the air"
        depth = len(cells[0]) - len(step)
        assert all(
            re.fullmatch(r"-|(1|0\.\.[12]|1\.\.n|must|never)=\d+|\d+:[\w-]+", word)
            for word in " ".join(cells[1:]).split()
        )


def test_the_code_lists_of_the_profiles_are_there_and_used() -> None:
    header, *rows = cells_of((FOLDER / "codes.tsv").read_text("utf-8"))
    assert header == ["name", "list", "also", "without"]
    used = {one.codes for profile in PROFILES for one in structure.structure_rows(profile) if one.codes}
    assert {cells[0] for cells in rows} == used
    for name, base, also, without in ([*cells, "", "", ""][:4] for cells in rows):
        listed = codelists.codes(base) if base else frozenset()
        assert structure.code_list(name)
        assert not set(also.split()) & listed, "it is in the list already"
        assert set(without.split()) <= listed, "it is not in the list anyway"


def test_a_code_that_a_profile_does_not_take_is_shown_with_those_it_takes() -> None:
    [finding] = found(sample(), "minimum", "FX-SCH-A-000026")
    assert finding.values["found"] == STANDARD
    assert "urn:factur-x.eu:1p0:minimum" in finding.message
    assert finding.path.endswith("ram:GuidelineSpecifiedDocumentContextParameter[1]/ram:ID[1]")


def test_what_a_profile_has_no_place_for_is_found_where_it_stands() -> None:
    [finding] = found(sample(), "minimum", "NOT-USED:ram:PostalTradeAddress")
    assert finding.path.endswith("ram:BuyerTradeParty[1]/ram:PostalTradeAddress[1]")
    assert not found(sample(), "basicwl", "NOT-USED:ram:PostalTradeAddress")


def test_too_few_and_too_many_are_counted() -> None:
    data = sample(("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", ""))
    [finding] = found(data, "extended", "FX-SCH-A-000038")
    assert finding.values == {"found": "0"}


@pytest.mark.parametrize(
    ("profile", "rule"), [("basic", "FX-SCH-A-000227"), ("en16931", "BR-AE-08"), ("extended", "BR-FXEXT-AE-08b")]
)
def test_a_wrong_sum_shows_its_figures(profile: str, rule: str) -> None:
    [basis] = set(re.findall(r"<ram:BasisAmount>([\d.]+)<", sample().decode()))
    data = sample((f"<ram:BasisAmount>{basis}<", "<ram:BasisAmount>1.00<"))
    [finding] = found(data, profile, rule)
    assert finding.hint.startswith(f"BT-116 is 1.00; lines {basis} + charges 0.00 - allowances 0.00 makes {basis}.")
    assert not found(sample(), profile, rule)


def test_a_group_line_is_not_added_up_twice_in_extended() -> None:
    line = re.search(
        r"<ram:IncludedSupplyChainTradeLineItem>.*?</ram:IncludedSupplyChainTradeLineItem>", sample().decode(), re.S
    )
    assert line is not None
    kind = "<ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode></ram:AssociatedDocumentLineDocument>"
    group = line[0].replace("</ram:AssociatedDocumentLineDocument>", kind)
    data = sample((line[0], group + line[0]))
    assert not found(data, "extended", "BR-FXEXT-CO-10")
    assert not found(data, "extended", "BR-FXEXT-AE-08ini")
    assert found(data, "en16931", "BR-CO-10")
    assert found(data, "extended", "BR-FXEXT-08")


def test_a_numbered_rule_is_explained_as_the_business_rule_it_is() -> None:
    texts = rules.explain("FX-SCH-A-000001")
    assert {text.ruleset for text in texts} == {"facturx-minimum", "facturx-basic"}
    [standard] = [text for text in rules.explain("BR-CO-26") if text.ruleset == "en16931"]
    for text in texts:
        assert text.message == standard.message
        assert "BR-CO-26" in text.note


def test_a_group_of_two_categories_is_added_up_for_each() -> None:
    code = "<ram:CategoryCode>AE</ram:CategoryCode>"
    head, _, tail = sample().decode().rpartition(code)
    data = f"{head}{code}<ram:CategoryCode>E</ram:CategoryCode>{tail}".encode()
    assert not found(data, "extended", "BR-FXEXT-AE-08ini")
    assert len(found(data, "extended", "BR-FXEXT-E-08ini")) == 1
