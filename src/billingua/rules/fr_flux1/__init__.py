"""France: what the public portal asks of the data of an invoice (flux 1), a rule set for each of its subsets.

BASE is the head of the invoice, asked for from the start of the reform; FULL has the lines too and follows later. Both
are documents in CII or UBL of their own schemas. The artefact's rules on payment means and modes of transport
(BT-81, BT-80) are not here: the schemas refuse those elements.
"""

from functools import cache, partial

from billingua.engine.rule import Plan, RuleSet, RuleText
from billingua.rules.fr_flux1.release import GUIDELINES, RELEASE, SYNTAXES, name_of

__all__ = ["RULESETS"]

_FILES = {"cii": "CrossIndustryInvoice", "ubl-invoice": "Invoice", "ubl-creditnote": "CreditNote"}


@cache
def _plan(subset: str, format_name: str) -> Plan:
    from billingua.rules.fr_flux1.facts import Facts
    from billingua.rules.fr_flux1.questions import rule_sweep

    return Plan(
        ruleset=name_of(subset),
        syntax=SYNTAXES[format_name],
        rows=(),
        rules={},
        sweeps=(rule_sweep(subset, format_name),),
        facts=Facts,
        texts=partial(_texts, subset),
        details=dict,
    )


@cache
def _texts(subset: str) -> dict[str, RuleText]:
    from billingua.rules.fr_flux1.table import texts

    return texts(subset)


def _is_of(guideline: str, profile: str | None) -> bool:
    return (profile or "").lower() == guideline.lower()


RULESETS = tuple(
    [
        RuleSet(
            name=name_of(subset),
            title=f"France: the checks of the public portal on the data of an invoice (flux 1), {subset.upper()}",
            authority="DGFiP and AIFE (PPF)",
            release=RELEASE,
            formats=tuple(SYNTAXES),
            applies=partial(_is_of, guideline),
            plan=partial(_plan, subset),
            texts=partial(_texts, subset),
            replaces=("en16931",),
            schema={format_name: f"{name_of(subset)}/{file}.xsd" for format_name, file in _FILES.items()},
        )
        for subset, guideline in GUIDELINES.items()
    ]
)
