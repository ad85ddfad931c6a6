"""Factur-X and ZUGFeRD: the rules of the five profiles, a rule set each."""

from collections.abc import Mapping
from functools import cache, partial
from operator import contains
from typing import Final

from billingua.engine.rule import Detail, Plan, RuleSet, RuleText

__all__ = ["PROFILES", "RELEASE", "RULESETS", "SYNTAX", "name_of"]

RELEASE: Final = "1.09"
"""The release of Factur-X whose Schematron the verdicts equal."""

SYNTAX: Final = "cii"

PROFILES: Final = {
    "minimum": ("urn:factur-x.eu:1p0:minimum", "urn:zugferd.de:2p0:minimum"),
    "basicwl": ("urn:factur-x.eu:1p0:basicwl", "urn:zugferd.de:2p0:basicwl"),
    "basic": (
        "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic",
        "urn:cen.eu:en16931:2017#compliant#urn:zugferd.de:2p0:basic",
    ),
    "en16931": (),
    "extended": (
        "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended",
        "urn:cen.eu:en16931:2017#conformant#urn:zugferd.de:2p0:extended",
    ),
}
"""The profiles, and the specification identifiers (BT-24) of Factur-X and ZUGFeRD 2.0 that are theirs alone: that of
EN 16931 is the standard's own."""


def name_of(profile: str) -> str:
    """The rule set of a profile."""
    return f"facturx-{profile}"


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
