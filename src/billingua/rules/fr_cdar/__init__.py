"""France: the rules of life-cycle messages (BR-FR-CDV)."""

from functools import cache
from typing import Final

from billingua.engine.rule import Plan, RuleSet, RuleText

__all__ = ["NAME", "RELEASE", "RULESETS"]

NAME: Final = "fr-cdar"

RELEASE: Final = "1.4.0.03"
"""The release of the artefact (2026-08-04). The one in pyfrctc 0.24 is older: of the values of MDT-2 it takes REGULATED
alone, as it compares the others with the text of the whole context."""


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
