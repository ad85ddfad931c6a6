"""Judging: a rule set that brings a schema of its own has it judge the structure."""

from pathlib import Path

from billingua import formats, rules
from billingua.engine.judge import judge
from billingua.engine.report import Finding
from billingua.engine.rule import Plan, RuleSet
from billingua.engine.xml import parse

SAMPLE = Path(__file__).parents[2] / "samples" / "standard-rated.cii.xml"


def ruleset(profile: str) -> RuleSet:
    """A rule set without rules, with the schema of a Factur-X profile."""
    name = f"facturx-{profile}"
    plan = Plan(
        f"{name} without rules",
        (),
        {},
        (),
        lambda _located, _today: type("Facts", (), {"contexts": {}}),
        dict,
        dict,
        "cii",
    )
    path = f"{name}/CrossIndustryInvoice.xsd"
    whole = rules.get("en16931")
    return whole._replace(name=plan.ruleset, formats=("cii",), plan=lambda _: plan, texts=dict, schema={"cii": path})


def structure(*rulesets: RuleSet) -> list[Finding]:
    root = parse(SAMPLE.read_bytes())
    valid, findings = judge(root, formats.get("cii"), "cii", rulesets, None)
    found = [finding for finding in findings if finding.rule == "SCHEMA"]
    assert valid is not bool(found)
    return found


def test_the_schema_of_the_rule_set_judges_instead_of_that_of_the_format() -> None:
    assert structure(rules.get("en16931")) == []
    assert structure(ruleset("en16931")) == []
    assert any("IncludedSupplyChainTradeLineItem" in finding.path for finding in structure(ruleset("basicwl")))


def test_all_schemas_hold_and_none_says_a_thing_twice() -> None:
    minimum, basicwl = structure(ruleset("minimum")), structure(ruleset("basicwl"))
    both = structure(ruleset("minimum"), ruleset("basicwl"))
    assert {(finding.path, finding.message) for finding in both} == {
        (finding.path, finding.message) for finding in (*minimum, *basicwl)
    }
    assert structure(ruleset("minimum"), rules.get("en16931"), ruleset("minimum")) == minimum
    assert len(both) == len({(finding.path, finding.message) for finding in both})
