"""Factur-X and ZUGFeRD: the rules of the five profiles, a rule set each."""

from collections.abc import Mapping
from functools import cache, partial
from operator import contains

from billingua.engine.rule import Detail, Plan, RuleSet, RuleText
from billingua.rules.facturx.release import PROFILES, RELEASE, SYNTAX, name_of

__all__ = ["RULESETS"]

_TITLES = {
    "minimum": "MINIMUM",
    "basicwl": "BASIC WL",
    "basic": "BASIC",
    "en16931": "EN 16931",
    "extended": "EXTENDED",
}


@cache
def _plan(profile: str) -> Plan:
    from billingua.engine.locate import read_rows
    from billingua.resources import table_beside
    from billingua.rules.facturx.business import business_sweep
    from billingua.rules.facturx.facts import Facts
    from billingua.rules.facturx.structure import structure_sweep

    return Plan(
        ruleset=name_of(profile),
        syntax=SYNTAX,
        rows=read_rows(table_beside(__file__, "contexts.tsv")),
        rules={},
        sweeps=(business_sweep(profile), structure_sweep(profile)),
        facts=Facts,
        texts=partial(_texts, profile),
        details=partial(_details, profile),
    )


def _plan_of(profile: str, _: str) -> Plan:
    return _plan(profile)


def _details(profile: str) -> Mapping[str, Detail]:
    from billingua.rules.facturx.details import details

    return details(profile)


def _texts(profile: str) -> dict[str, RuleText]:
    from billingua.rules.facturx.texts import texts

    return texts(profile)


RULESETS = tuple(
    [
        RuleSet(
            name=name_of(profile),
            title=f"Factur-X / ZUGFeRD {_TITLES[profile]}: its business rules, and what the profile has a place for",
            authority="FNFE-MPE and FeRD",
            release=RELEASE,
            formats=("cii",),
            applies=partial(contains, guidelines),
            plan=partial(_plan_of, profile),
            texts=partial(_texts, profile),
            replaces=("en16931",),
            schema={SYNTAX: f"{name_of(profile)}/CrossIndustryInvoice.xsd"},
        )
        for profile, guidelines in PROFILES.items()
    ]
)
