"""Every rule of the set on documents of our own: it fires where it is broken, and not where it just is not."""

import re
from typing import Any

import pytest
from ksef_cases import CASES, HERE, base, edited, ids, judged
from test_ksef_gate import GATE_CASES

from billingua import rules

TEXTS = rules.get("ksef").texts()
OF_PACKAGES = {"KSEF-DUP-01"}
FIRING = [case for case in CASES if "fires" in case]
PASSING = [case for case in CASES if "passes" in case]


def name(case: dict[str, Any]) -> str:
    return f"{case['rule']}-{case['base']}"


@pytest.mark.parametrize("document", sorted(path.stem for path in (HERE / "documents").glob("*.xml")))
def test_the_documents_keep_every_rule(document: str) -> None:
    report = judged(base(document))
    assert (report.valid, report.findings) == (True, ())


@pytest.mark.parametrize("case", FIRING, ids=name)
def test_a_broken_rule_fires(case: dict[str, Any]) -> None:
    report = judged(edited(base(case["base"]), case["fires"]))
    assert report.schema_valid
    assert ids(report) == {case["rule"], *case.get("also", ())}
    findings = [finding for finding in report.findings if finding.rule == case["rule"]]
    [finding] = findings
    assert finding.path == case.get("at", finding.path)
    assert finding.severity == case.get("severity", "warning")
    assert finding.line
    assert report.valid is (finding.severity != "fatal")


@pytest.mark.parametrize("case", PASSING, ids=name)
def test_a_near_miss_does_not(case: dict[str, Any]) -> None:
    report = judged(edited(base(case["base"]), case["passes"]))
    assert report.schema_valid
    assert ids(report) == set(case.get("beside", ()))


def test_every_rule_has_both_cases() -> None:
    wanted = set(TEXTS) - OF_PACKAGES
    assert {case["rule"] for case in FIRING} | {rule for rule, _, fires in GATE_CASES if fires} == wanted
    assert {case["rule"] for case in PASSING} | {rule for rule, _, fires in GATE_CASES if not fires} == wanted


def test_severities_are_those_of_the_texts() -> None:
    for case in FIRING:
        if case["rule"] != "KSEF-NUM-01":
            assert TEXTS[case["rule"]].severity["fa3"] == case.get("severity", "warning"), case["rule"]


def test_findings_tell_values_and_figures() -> None:
    [finding] = judged(edited(base("vat"), ["//P_15 = 1338.03"])).findings
    assert finding.line == 58
    assert finding.values == {
        "P_15": "1338.03", "P_13_1": "1000.00", "P_14_1": "230.00", "P_13_2": "100.00", "P_14_2": "8.00"
    }  # fmt: skip
    assert finding.hint.startswith(
        "P_15 is 1338.03; P_13_1 + P_13_2 + P_14_1 + P_14_2 makes 1000.00 + 100.00 + 230.00 + 8.00 = 1338.00: "
        "0.03 apart, 0.02 allowed."
    )


@pytest.mark.parametrize(
    ("edits", "figures"),
    [
        (["//P_14_2 = 6.97", "//P_15 = 1336.97"], "P_14_2 is 6.97; of P_13_2 100.00, 8 % makes 8.00 or 7 % makes 7.00"),
        (["//FaWiersz[1]/P_11 = 1000.03", "- //FaWiersz[1]/P_8B"], "P_13_1 is 1000.00; its lines make 1000.03: 0.03"),
        (["//P_9A = 501"], "P_11 is 1000.00; P_8B x P_9A makes 1002: 2.00 apart, 0.01 allowed."),
        (["//P_9A > <P_10>0.02</P_10>"], "P_8B x P_9A - P_10 makes 999.98 and P_8B x (P_9A - P_10) makes 999.96: 0.02"),
        (["//Podmiot1//NIP = 1111111112"], "1111111112 ends in 2; the check digit of 111111111 is 1."),
        (["//Podmiot1//NIP = 1234567890"], "No NIP starts with 123456789: its check digit would be 10."),
        (["//P_1 = 2026-11-22"], "P_1 is 2026-11-22; today is 2026-11-21."),
        (["//Podmiot3[1]/Udzial = 70"], "The shares make 70 + 40.5 = 110.5."),
        (["//IPKSeF = 123abcDEF456a"], "IPKSeF is 123abcDEF456a; the link has 123abcDEF4567."),
    ],
)
def test_figures(edits: list[str], figures: str) -> None:
    [finding] = judged(edited(base("vat"), edits)).findings
    assert figures in finding.hint
    assert finding.hint.endswith(TEXTS[finding.rule].hint)


def test_messages_name_terms_of_their_rules() -> None:
    elements = re.compile(r"\b(?:P_[0-9A-Za-z_]*[0-9A-Za-z]|[A-Z][a-z]+(?:[A-Z][A-Za-z0-9]+)+)\b")
    for text in TEXTS.values():
        for named in elements.findall(text.message):
            known = any(term.startswith(named) for term in text.terms) or named in ("KSeF", "Podmiot2", "Podmiot3")
            assert known or named in text.note + text.hint, f"{text.id}: {named}"
