"""EN 16931: the rules of the CEN validation artefacts for UBL and CII."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Final

from billingua.engine.rule import Detail, Plan, RuleSet, RuleText
from billingua.resources import table_beside

__all__ = ["NAME", "RELEASE", "RULESETS"]

NAME: Final = "en16931"

RELEASE: Final = "1.3.16"
"""The release of the CEN validation artefacts that the verdicts equal."""

_SYNTAXES = {"ubl-invoice": "ubl", "ubl-creditnote": "ubl", "cii": "cii"}


def _plan(format_name: str) -> Plan:
    return _syntax_plan(_SYNTAXES[format_name])


@cache
def _syntax_plan(syntax: str) -> Plan:
    from billingua.engine.locate import read_rows
    from billingua.engine.rule import by_context
    from billingua.rules.en16931 import codes
    from billingua.rules.en16931 import syntax as syntax_rules

    own = import_module(f"{__name__}.{syntax}")
    contexts = table_beside(__file__, f"contexts_{syntax}.tsv")
    return Plan(
        ruleset=NAME,
        syntax=syntax,
        rows=(*read_rows(contexts), *codes.code_rows(syntax), *syntax_rules.rows(syntax)),
        rules=by_context(own.RULES),
        sweeps=(*own.SWEEPS, codes.code_sweep(syntax), lambda located, _: syntax_rules.sweep(located, syntax)),
        facts=own.FACTS,
        texts=_texts,
        details=_details,
        telling=own.TELLING,
        contexts=own.CONTEXTS,
    )


def _details() -> Mapping[str, Detail]:
    from billingua.rules.en16931.details import DETAILS

    return DETAILS


def _texts() -> dict[str, RuleText]:
    from billingua.rules.en16931.texts import texts

    return texts()


RULESETS = (
    RuleSet(
        name=NAME,
        title="EN 16931 business rules, code lists and syntax rules",
        authority="CEN/TC 434",
        release=RELEASE,
        formats=tuple(_SYNTAXES),
        applies=lambda profile: True,
        plan=_plan,
        texts=_texts,
    ),
)
