"""France: what the public portal asks of the data of an invoice (flux 1), a rule set for each of its subsets.

BASE is the head of the invoice, asked for from the start of the reform; FULL has the lines too and follows later. Both
are documents in CII or UBL of their own schemas. The artefact's rules on payment means and modes of transport
(BT-81, BT-80) are not here: the schemas refuse those elements.
"""

from functools import cache, partial
from typing import Final

from billingua.engine.rule import Plan, RuleSet, RuleText

__all__ = ["GUIDELINES", "RELEASE", "RULESETS", "SYNTAXES", "name_of"]

RELEASE: Final = "0.2"
"""The release of the portal's Schematron for flux 1 (rules of annex 7, 1.8) whose verdicts these equal."""

GUIDELINES: Final = {
    "base": "urn.cpro.gouv.fr:1p0:einvoicingextract#Base",
    "full": "urn.cpro.gouv.fr:1p0:einvoicingextract#Full",
}
"""The specification identifiers (BT-24) of the subsets, as release 3.1 of the portal's specifications has them.

Since release 3.2 the name of the file tells the subset (rule S1.06), and any BT-24 is taken; a document with another
one is judged under the rule set that is named.
"""

SYNTAXES: Final = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}


def name_of(subset: str) -> str:
    """The rule set of a subset."""
    return f"fr-flux1-{subset}"


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
