"""France: the profile EXTENDED-CTC-FR. It is EN 16931 without the rules that it has a place for, and with its own."""

from functools import cache

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.rules.fr_extended_ctc.release import GUIDELINE, NAME, RELEASE, SYNTAXES

__all__ = ["RULESETS"]


@cache
def _plan(format_name: str) -> Plan:
    from billingua.rules.fr_extended_ctc.profile import plan

    return plan(format_name)


def _texts() -> dict[str, RuleText]:
    from billingua.rules.fr_extended_ctc.profile import texts

    return texts()


RULESETS = (
    RuleSet(
        name=NAME,
        title="France: the profile EXTENDED-CTC-FR",
        authority="FNFE-MPE and AFNOR (XP Z12-012)",
        release=RELEASE,
        formats=tuple(SYNTAXES),
        applies=lambda profile: profile == GUIDELINE,
        plan=_plan,
        texts=_texts,
        replaces=("en16931",),
        schema={"cii": "cii-d22b/CrossIndustryInvoice.xsd"},
    ),
)
