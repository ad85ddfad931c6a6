"""French e-reporting (flux 10): what the public portal asks of a report beyond its schema."""

from functools import cache
from typing import Final

from billingua.engine.rule import Plan, RuleSet, RuleText

__all__ = ["FORMAT", "NAME", "RELEASE", "RULESETS"]

NAME: Final = "fr-flux10"

FORMAT: Final = "ereporting"
"""The wire format they judge."""

RELEASE: Final = "1.0"
"""The release of the portal's Schematron for flux 10 whose verdicts these equal."""


@cache
def _plan(_: str) -> Plan:
    from billingua.rules.fr_flux10.facts import Facts
    from billingua.rules.fr_flux10.questions import sweep

    return Plan(
        ruleset=NAME,
        syntax=FORMAT,
        rows=(),
        rules={},
        sweeps=(sweep,),
        facts=Facts,
        texts=_texts,
        details=dict,
    )


@cache
def _texts() -> dict[str, RuleText]:
    from billingua.rules.fr_flux10.table import asks

    return {
        ask.rule: RuleText(
            id=ask.rule,
            ruleset=NAME,
            release=RELEASE,
            severity={FORMAT: "fatal"},
            terms=ask.terms,
            title=f"{ask.name} keeps {ask.rule.rpartition('-')[2]} of the portal",
            message=f"{ask.name} is {{found}}; expected {{expected}}.",
            hint="Correct the report where it is made, and send it again.",
        )
        for ask in asks()
    }


RULESETS = (
    RuleSet(
        name=NAME,
        title="French e-reporting (flux 10): the checks of the public portal on transactions and payments",
        authority="DGFiP and AIFE (PPF)",
        release=RELEASE,
        formats=(FORMAT,),
        applies=lambda profile: True,
        plan=_plan,
        texts=_texts,
    ),
)
