"""The catalogue of rules: ids are unique, rules and words match, and the words are sentences."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import billingua
from billingua import rules
from billingua.engine.rule import RuleSet

SHELF = Path(billingua.__file__).parent / "rules"
SETS = rules.rulesets()
FOLDERS = {
    ruleset.name: path.parent
    for path in SHELF.glob("*/__init__.py")
    for ruleset in import_module(f"billingua.rules.{path.parent.name}").RULESETS
}
"""Where each rule set stands."""
BUILT_ON = {"fr-extended-ctc": "en16931"}
"""The rule sets that are another one with changes."""
SEVERITIES = {"fatal", "warning", "information"}


def named_in_code(ruleset: RuleSet) -> set[str]:
    """What the modules and tables of a rule set name between quotes, or in the first column of a table."""
    found: set[str] = set()
    for path in FOLDERS[ruleset.name].iterdir():
        if path.suffix == ".py":
            found |= set(re.findall(r'"([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)"', path.read_text("utf-8")))
        elif path.suffix == ".tsv" and path.name != "texts.tsv":
            text = path.read_text("utf-8")
            found |= {line.partition("\t")[0] for line in text.splitlines()}
            found |= {f"FX-SCH-A-{int(number):06d}" for number in re.findall(r"[\t =](\d+)(?=[:\s])", text)}
            found |= {f"NOT-USED:{step}" for step in ("variant", *re.findall(r"^ *([\w:@]+)", text, re.MULTILINE))}
    return found


def test_every_folder_of_the_shelf_holds_rule_sets() -> None:
    assert {ruleset.name for ruleset in SETS} == set(FOLDERS)
    assert len(SETS) == len(FOLDERS)
    for name, folder in FOLDERS.items():
        assert name.replace("-", "_").startswith(folder.name)


@pytest.mark.parametrize("ruleset", SETS, ids=lambda ruleset: ruleset.name)
def test_rules_and_words_match(ruleset: RuleSet) -> None:
    texts = ruleset.texts()
    named = named_in_code(ruleset)
    if ruleset.name in BUILT_ON:
        named |= named_in_code(rules.get(BUILT_ON[ruleset.name]))
    for format_name in ruleset.formats:
        plan = ruleset.plan(format_name)
        asked = [rule.id for one in plan.rules.values() for rule in one]
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
    assert len({id.upper() for _, id in ids}) == len({id for _, id in ids}), "ids that differ in case only"
