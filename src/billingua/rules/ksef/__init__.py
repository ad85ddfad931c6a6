"""KSeF: what the Polish system refuses, and what its structure FA asks for beyond the schema."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from billingua.engine.rule import Detail, Gate, Plan, RuleSet, RuleText

__all__ = ["NAME", "RELEASE", "RULESETS"]

NAME: Final = "ksef"

RELEASE: Final = "2026-05"
"""The month of the ministry's documents that the conditions were taken from (KSeF API 2.6.0)."""


@cache
def _plan(format_name: str) -> Plan:
    from billingua.engine.rule import by_context
    from billingua.rules.ksef import amounts, annotations, identifiers, kinds, others, parties
    from billingua.rules.ksef.day import today_in_warsaw
    from billingua.rules.ksef.facts import Facts

    modules = (amounts, kinds, annotations, parties, identifiers, others)
    return Plan(
        ruleset=NAME,
        syntax=format_name,
        rows=(),
        rules=by_context(rule for module in modules for rule in module.RULES),
        sweeps=tuple([sweep for module in modules for sweep in module.SWEEPS]),
        facts=Facts,
        texts=_texts,
        details=_details,
        today=today_in_warsaw,
    )


def _details() -> Mapping[str, Detail]:
    from billingua.rules.ksef.details import DETAILS

    return DETAILS


@cache
def _texts() -> dict[str, RuleText]:
    from billingua.engine.texts import read_texts
    from billingua.resources import table_beside

    return {text.id: text for text in read_texts(table_beside(__file__, "texts.tsv"), NAME, RELEASE)}


def _gate() -> Gate:
    from billingua.rules.ksef.gate import gate

    return gate


RULESETS = (
    RuleSet(
        name=NAME,
        title="KSeF: what the system refuses, and consistency of FA(3) and FA(2)",
        authority="Ministry of Finance of Poland (KAS)",
        release=RELEASE,
        formats=("fa3", "fa2"),
        applies=lambda profile: True,
        plan=_plan,
        texts=_texts,
        gate=lambda data, name, root: _gate()(data, name, root),
    ),
)
