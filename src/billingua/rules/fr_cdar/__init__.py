"""France: the rules of life-cycle messages (BR-FR-CDV)."""

from functools import cache

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.rules.fr_cdar.release import NAME, RELEASE

__all__ = ["RULESETS"]


@cache
def _plan(format_name: str) -> Plan:
    from billingua.rules.fr_cdar.checks import sweep
    from billingua.rules.fr_cdar.facts import Facts

    return Plan(
        ruleset=NAME,
        syntax=format_name,
        rows=(),
        rules={},
        sweeps=(sweep,),
        facts=Facts,
        texts=_texts,
        details=dict,
    )


@cache
def _texts() -> dict[str, RuleText]:
    from billingua.engine.texts import read_texts
    from billingua.resources import table_beside

    return {text.id: text for text in read_texts(table_beside(__file__, "texts.tsv"), NAME, RELEASE)}


RULESETS = (
    RuleSet(
        name=NAME,
        title="France: life-cycle messages of the reform (BR-FR-CDV)",
        authority="FNFE-MPE",
        release=RELEASE,
        formats=("cdar",),
        applies=lambda profile: True,
        plan=_plan,
        texts=_texts,
    ),
)
