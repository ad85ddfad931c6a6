"""The verdicts of the official artefacts on the corpus: the same rules, as often, as severe; structure."""

from typing import Any

import pytest
from corpus import (
    business_rules,
    check_listed,
    differences,
    documents,
    judged,
    needs_oracle,
    official_rules,
    syntax_of,
    unlike,
    verdicts,
)

pytestmark = needs_oracle

FACTURX = ("facturx-minimum", "facturx-basicwl", "facturx-basic", "facturx-en16931", "facturx-extended")
"""Sets of documents that a rule set of the same name judges."""

SETS = (
    *("en16931-ubl", "en16931-cii", "peppol", "xrechnung-ubl", "xrechnung-cii", "br-fr-ubl", "br-fr-cii"),
    *("extended-ctc-fr-ubl", "extended-ctc-fr-cii"),
    *FACTURX,
)
CHUNK = 100
CHUNKS = 8

RULE_SETS = {
    **{name: (name,) for name in FACTURX},
    **dict.fromkeys(("br-fr-ubl", "br-fr-cii"), ("en16931", "fr-flux2")),
    **dict.fromkeys(("extended-ctc-fr-ubl", "extended-ctc-fr-cii"), ("fr-extended-ctc",)),
}
"""The rule sets that judge a set of documents; EN 16931 judges the others."""


Found = set[tuple[str, str]]


def differing(name: str, examined: list[dict[str, Any]]) -> Found:
    """(document, what differs) for the documents of these verdicts."""
    rulesets = RULE_SETS.get(name, ("en16931",))
    rules = official_rules(name if name in RULE_SETS else f"en16931-{syntax_of(name)}")
    found: Found = set()
    for verdict in examined:
        file, data = verdict["file"], documents(name)[verdict["file"]]
        structure, ours, severities = judged(data, *rulesets)
        if structure is not verdict["xsd_valid"]:
            found.add((file, "structure"))
        if verdict["fired"] is None:
            continue
        theirs = {rule: said for rule, said in verdict["fired"].items() if rule in rules}
        counts = {rule: said["count"] for rule, said in theirs.items()}
        found.update((file, rule) for rule in unlike(ours, counts))
        found.update(
            (file, f"severity of {rule}")
            for rule, said in theirs.items()
            if severities.get(rule, said["flag"]) != said["flag"]
        )
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("name", SETS)
def test_same_verdicts(name: str, chunk: int) -> None:
    examined = verdicts(name)[chunk * CHUNK : (chunk + 1) * CHUNK]
    assert examined or name in FACTURX
    check_listed(name, differing(name, examined), {verdict["file"] for verdict in examined})


@pytest.mark.parametrize("name", SETS)
def test_rules_that_are_listed_without_a_document_still_differ(name: str) -> None:
    listed = {one["rule"] for one in differences() if one["corpus"] == name and "document" not in one}
    found = {rule for _, rule in differing(name, verdicts(name))} if listed else set()
    assert listed <= found


@pytest.mark.parametrize("name", SETS)
def test_every_document_is_looked_at(name: str) -> None:
    assert len(verdicts(name)) <= CHUNK * CHUNKS
    assert {verdict["file"] for verdict in verdicts(name)} == set(documents(name))


@pytest.mark.parametrize("name", FACTURX)
def test_the_rules_of_a_profile_are_the_official_ones(name: str) -> None:
    from billingua import rules

    assert {rule: text.severity["cii"] for rule, text in rules.get(name).texts().items()} == official_rules(name)


@pytest.mark.parametrize("name", FACTURX)
def test_a_numbered_rule_names_the_business_rule_it_is(name: str) -> None:
    from billingua import rules

    texts = rules.get(name).texts()
    for rule, business in business_rules(name).items():
        assert business in texts[rule].note


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_rules_of_france_are_the_official_ones(syntax: str) -> None:
    from billingua import rules

    ours = {
        rule: text.severity[syntax] for rule, text in rules.get("fr-flux2").texts().items() if syntax in text.severity
    }
    theirs = official_rules(f"br-fr-{syntax}")
    assert ours == {rule: flag for rule, flag in theirs.items() if rule.startswith("BR-FR-")}


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_the_rules_of_the_french_profile_are_the_official_ones(syntax: str) -> None:
    from billingua import rules

    texts = rules.get("fr-extended-ctc").texts()
    ours = {rule: text.severity[syntax] for rule, text in texts.items() if syntax in text.severity}
    assert ours == official_rules(f"extended-ctc-fr-{syntax}")


@pytest.mark.parametrize("syntax", ["ubl", "cii"])
def test_every_official_rule_is_ours(syntax: str) -> None:
    from billingua import rules

    texts = rules.get("en16931").texts()
    known = {rule for rule, text in texts.items() if syntax in text.severity}
    assert set(official_rules(f"en16931-{syntax}")) <= known
