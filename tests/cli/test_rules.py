"""`billingua rules`: explanations, lists, and help with ids that are not quite right."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from billingua import rules
from billingua.engine.rule import RuleText
from billingua.errors import UsageError

Run = Callable[..., Result]

TEXTS = [
    RuleText(
        id="BR-CO-10",
        ruleset="en16931",
        release="1.3.16",
        severity={"ubl": "fatal", "cii": "fatal"},
        terms=("BT-106", "BT-131"),
        title="Sum of line net amounts",
        message="The sum of the line net amounts must equal BT-106.",
        hint="Add up BT-131.",
        note="The artefact compares exactly.",
    ),
    RuleText("BR-CO-11", "en16931", "1.3.16", {"ubl": "fatal", "cii": "warning"}, (), "T", "M.", ""),
    RuleText("X-1", "peppol", "2026.5", {"ubl": "warning"}, ("XX-1",), "Other", "N.", ""),
]


def catalogue(ruleset: str | None = None) -> list[RuleText]:
    found = [text for text in TEXTS if ruleset in (None, text.ruleset)]
    if not found:
        raise UsageError(f"There is no rule set {ruleset}.")
    return found


def explain(rule_id: str) -> list[RuleText]:
    found = [text for text in TEXTS if text.id == rule_id]
    if not found:
        raise UsageError(f"There is no rule {rule_id}.")
    return found


@pytest.fixture
def ask(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(rules, "catalogue", catalogue, raising=False)
    monkeypatch.setattr(rules, "explain", explain, raising=False)
    return run


def test_one_rule_in_full(ask: Run) -> None:
    result = ask("rules", "BR-CO-10")
    assert result.exit_code == 0
    assert result.stdout == (
        "BR-CO-10  Sum of line net amounts\n"
        "rule set  en16931 1.3.16\n"
        "severity  fatal (ubl, cii)\n"
        "term      BT-106 Sum of Invoice line net amount\n"
        "          BT-131 Invoice line net amount\n"
        "message   The sum of the line net amounts must equal BT-106.\n"
        "hint      Add up BT-131.\n"
        "note      The artefact compares exactly.\n"
    )


def test_ids_are_found_in_any_case_and_several_at_once(ask: Run) -> None:
    result = ask("rules", "br-co-11", "x-1")
    assert result.exit_code == 0
    assert "severity  fatal (ubl), warning (cii)" in result.stdout
    assert "term      XX-1\n" in result.stdout


def test_a_list(ask: Run) -> None:
    assert ask("rules").stdout == (
        "en16931  BR-CO-10  fatal    Sum of line net amounts\n"
        "en16931  BR-CO-11  fatal/warning  T\n"
        "peppol   X-1       warning  Other\n"
    )
    assert ask("rules", "--ruleset", "peppol").stdout == "peppol  X-1  warning  Other\n"


def test_json(ask: Run) -> None:
    found = json.loads(ask("rules", "BR-CO-10", "--json").stdout)
    assert [list(item) for item in found] == [list(RuleText._fields)]
    assert len(json.loads(ask("rules", "--json").stdout)) == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("BR-CO-1",), "There is no rule BR-CO-1. Did you mean BR-CO-11 or BR-CO-10?"),
        (("BRCO10",), "There is no rule BRCO10. Did you mean BR-CO-10 or BR-CO-11?"),
        (("nothing",), "There is no rule nothing. List the ids with: billingua rules"),
        (
            ("X-1", "--ruleset", "en16931"),
            "There is no rule X-1 in the rule set en16931. List the ids with: billingua rules",
        ),
        (("--ruleset", "nonsense"), "There is no rule set nonsense."),
    ],
)
def test_an_unknown_id(ask: Run, args: tuple[str, ...], said: str) -> None:
    result = ask("rules", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"billingua: {said}\n"
