"""Identifiers of parties and accounts: forms and check digits that no authority's artefact tests. Ids of our own."""

from functools import cache

from billingua.engine.rule import Plan, RuleSet, RuleText

__all__ = ["RULESETS"]

_NAME = "identifiers"
_RELEASE = "1.0"
_SYNTAXES = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}


@cache
def _plan(format_name: str) -> Plan:
    from billingua.rules.identifiers.checks import DETAILS, Facts, sweep

    return Plan(
        ruleset=_NAME,
        syntax=_SYNTAXES[format_name],
        rows=(),
        rules={},
        sweeps=(sweep,),
        facts=lambda located, today: Facts({}),
        texts=_texts,
        details=lambda: DETAILS,
    )


@cache
def _texts() -> dict[str, RuleText]:
    from billingua.engine.texts import read_texts
    from billingua.resources import table_beside

    return {text.id: text for text in read_texts(table_beside(__file__, "texts.tsv"), _NAME, _RELEASE)}


RULESETS = (
    RuleSet(
        name=_NAME,
        title="Identifiers of parties and accounts: forms and check digits; warnings",
        authority="none; ids of our own",
        release=_RELEASE,
        formats=tuple(_SYNTAXES),
        applies=lambda profile: True,
        plan=_plan,
        texts=_texts,
        advisory=True,
    ),
)
