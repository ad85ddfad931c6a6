"""The catalogue of rules: ids are unique, rules and words match, and the words are sentences."""

import re
from pathlib import Path

import pytest

import billingua
from billingua import rules
from billingua.engine.rule import RuleSet

SHELF = Path(billingua.__file__).parent / "rules"
SETS = rules.rulesets()
SEVERITIES = {"fatal", "warning", "information"}


def named_in_code(ruleset: RuleSet) -> set[str]:
    """What the modules and tables of a rule set name between quotes, or in the first column of a table."""
    found: set[str] = set()
    for path in (SHELF / ruleset.name.replace("-", "_")).iterdir():
        if path.suffix == ".py":
            found |= set(re.findall(r'"([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)"', path.read_text("utf-8")))
        elif path.suffix == ".tsv" and path.name != "texts.tsv":
            found |= {line.partition("\t")[0] for line in path.read_text("utf-8").splitlines()}
    return found


def test_every_folder_of_the_shelf_is_a_rule_set() -> None:
    assert sorted(path.parent.name for path in SHELF.glob("*/__init__.py")) == sorted(
        ruleset.name.replace("-", "_") for ruleset in SETS
    )


@pytest.mark.parametrize("ruleset", SETS, ids=lambda ruleset: ruleset.name)
def test_rules_and_words_match(ruleset: RuleSet) -> None:
    texts = ruleset.texts()
    named = named_in_code(ruleset)
    for format_name in ruleset.formats:
        plan = ruleset.plan(format_name)
        asked = [rule.id for one in plan.rules.values() for rule in (*one.presence, *one.rules)]
        worded = {id for id, text in texts.items() if plan.syntax in text.severity}
        assert set(asked) <= worded, "rules without words"
        silent = {id for id in worded - set(asked) - named if not texts[id].note}
        assert silent == set(), "words without a rule, and no note that says why"


@pytest.mark.parametrize("ruleset", SETS, ids=lambda ruleset: ruleset.name)
def test_the_words_are_sentences(ruleset: RuleSet) -> None:
    for id, text in ruleset.texts().items():
        assert id == text.id
        assert (text.ruleset, text.release) == (ruleset.name, ruleset.release)
        assert set(text.severity.values()) <= SEVERITIES
        assert text.severity, id
        assert text.title, id
        assert not text.title.endswith("."), id
        for sentence in (text.message, text.hint, text.note):
            assert sentence == " ".join(sentence.split()), id
            assert not sentence or sentence.endswith((".", "?")), id
        assert text.message, id


def test_ids_are_unique() -> None:
    ids = [(text.ruleset, text.id) for text in rules.catalogue()]
    assert len(ids) == len(set(ids))
    upper = [id.upper() for _, id in ids]
    assert len(upper) == len(set(upper)), "ids that differ in case only"
