"""Rules that a text settles."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from lxml import etree

from billingua.engine.locate import ROOT, Group, Located, Locator, Row
from billingua.engine.rule import NotAsked, OfDocument, OfText, Plan, Rule, by_context, run

LOCATOR = Locator([Row("line", "*", "//line"), Row("line", "amount", "amount")], {})


def broken(texts: list[str], *rules: Rule) -> list[tuple[str, str]]:
    """The rules that lines with these amounts break, and the amounts there; "-" stands for a line without one."""
    lines = "".join("<line/>" if text == "-" else f"<line><amount>{text}</amount></line>" for text in texts)
    located = LOCATOR.locate(etree.fromstring(f"<root>{lines}</root>"))
    facts = SimpleNamespace(contexts={})
    plan = Plan("one", (), by_context(rules), (), lambda *_: facts, dict, dict, "two")
    failures, _ = run(plan, located, date(2026, 1, 31))
    return [(failure.rule, failure.group.text("amount")) for failure in failures if failure.group is not None]


@pytest.mark.parametrize("times", [1, 20])
def test_texts_that_are_not_sure_are_asked_further(times: int) -> None:
    def otherwise(line: Group, _: Any) -> bool:
        if line.text("amount") == "unreadable":
            raise NotAsked
        return "amount" not in line.terms

    rule = Rule("R-1", "line", OfText("amount", str.isdigit, otherwise))
    assert broken(["1", "2"] * times, rule) == []
    assert broken(["1", "-", "unreadable", "x"] * times, rule) == [("R-1", "x")] * times


@pytest.mark.parametrize("times", [1, 20])
def test_failures_keep_the_order_of_the_rules(times: int) -> None:
    rules = (
        Rule("R-1", "line", OfText("amount", str.isdigit)),
        Rule("R-2", "line", lambda *_: False),
        Rule("R-3", "line", OfText("amount", str.islower)),
    )
    assert [rule for rule, _ in broken(["1"] * times, *rules)] == ["R-2"] * times + ["R-3"] * times


@pytest.mark.parametrize("times", [1, 20])
def test_an_attribute_may_settle_a_rule(times: int) -> None:
    rule = Rule("unit", "line", OfText("amount", lambda unit: unit == "EUR", attribute="unit"))
    locator = Locator([Row("line", "*", "//line"), Row("line", "amount", "amount")], {})
    lines = [
        *['<line><amount unit="EUR"/></line>'] * times,
        '<line><amount unit="USD"/></line>',
        "<line><amount/></line>",
    ]
    plan = Plan("one", (), by_context([rule]), (), lambda *_: SimpleNamespace(contexts={}), dict, dict, "two")
    for _ in range(4):
        root = etree.fromstring(f"<root>{''.join(lines)}</root>")
        failures, _facts = run(plan, locator.locate(root), date(2026, 1, 31))
        assert [failure.context for failure in failures] == root[-2:]


DOCUMENT = Locator(
    [
        Row("BG-0", "code", "code"),
        Row("BG-0", "name", "name"),
        Row("line", "*", "//line"),
        Row("line", "code", "code"),
    ],
    {},
    repeated=("line",),
    telling=frozenset({"code"}),
)


def asked_of(plan: Plan, *documents: str) -> list[list[str]]:
    """The rules that each of several documents breaks, which come one after the other."""
    found = []
    for inside in documents:
        failures, _ = run(plan, DOCUMENT.locate(etree.fromstring(f"<root>{inside}</root>")), date(2026, 1, 31))
        found.append([failure.rule for failure in failures])
    return found


def about_document(*checks: Callable[[Group, Any], bool], contexts: Any = ()) -> Plan:
    rules = [Rule(f"R-{number}", ROOT, check) for number, check in enumerate(checks, 1)]
    return Plan(
        str(checks),
        (),
        by_context([*rules, Rule("R-used", ("used", "A"), lambda *_: False)]),
        (),
        lambda located, _: SimpleNamespace(located=located, contexts=contexts(located) if contexts else ()),
        dict,
        dict,
        "two",
    )


LINES = "<code>A</code><name>{}</name>" + "<line><code>B</code></line>" * 3


def test_what_the_variants_of_a_document_settle_is_not_asked_again() -> None:
    asked: list[str] = []

    def coded(document: Group, _: Any) -> bool:
        asked.append("coded")
        return document.text("code") == "A"

    def named(document: Group, _: Any) -> bool:
        asked.append("named")
        return document.text("name") != "-"

    def lined(_: Group, facts: Any) -> bool:
        asked.append("lined")
        return facts.located.has("line")

    plan = about_document(coded, named, lined)
    assert asked_of(plan, *[LINES.format(name) for name in "abcd"]) == [[]] * 4
    assert set(asked) == {"coded", "named", "lined"}
    asked.clear()
    assert asked_of(plan, *[LINES.format(name) for name in "e-f"]) == [[], ["R-2"], []]
    assert asked == ["named"] * 3
    assert asked_of(plan, "<code>B</code><name/>" * 3) == [["R-1", "R-3"]]


def test_how_many_lines_are_alike_is_not_told() -> None:
    def several(_: Group, facts: Any) -> bool:
        return len(facts.located.all("line")) > 1

    plan = about_document(several)
    many, one = "<line><code>B</code></line>" * 2, "<line><code>B</code></line>"
    assert asked_of(plan, many, many, many, one, many) == [[], [], [], ["R-1"], []]


def test_contexts_that_more_than_the_variants_decide_are_looked_for_each_time() -> None:
    def used(located: Located) -> set[tuple[str, str]]:
        return {("used", located.root.text("name"))}

    plan = about_document(lambda *_: True, contexts=used)
    assert asked_of(plan, *[LINES.format(name) for name in "BBBAB"]) == [[], [], [], ["R-used"], []]


def test_a_document_that_keeps_a_rule_is_asked_once() -> None:
    asked: list[str] = []

    def check(line: Group, _: Any) -> bool:
        asked.append(line.text("amount"))
        return "2" not in asked

    assert broken(["1", "-", "3"], Rule("whole", "line", OfDocument(check))) == []
    assert len(asked) == 1
    asked[:] = ["2"]
    assert [rule for rule, _ in broken(["1", "-"], Rule("whole", "line", OfDocument(check)))] == ["whole", "whole"]
