"""What the rules say to a person: the words of the family they belong to, with the terms in their ids."""

import re
from functools import cache

from billingua.engine.rule import RuleText
from billingua.engine.texts import read_texts
from billingua.resources import table_beside
from billingua.rules.fr_flux2 import NAME, RELEASE
from billingua.rules.fr_flux2.sweep import known_rules

__all__ = ["texts"]

_TERM = re.compile(r"B[TG]-[0-9]+|EXT-FR-FE-(?:BG-)?[0-9]+")
_SHADOWED = frozenset(("BR-FR-DEC-01_BT-111", "BR-FR-16_BT-103"))
"""The artefact asks another rule of the same place first."""


@cache
def texts() -> dict[str, RuleText]:
    """Every rule of both syntaxes by its id."""
    families = {text.id: text for text in read_texts(table_beside(__file__, "texts.tsv"), NAME, RELEASE)}
    of_syntax = {syntax: frozenset(known_rules(syntax)) for syntax in ("ubl", "cii")}
    rules = dict.fromkeys([*known_rules("cii"), *known_rules("ubl")])
    return {
        rule: _text(rule, families, [syntax for syntax, known in of_syntax.items() if rule in known]) for rule in rules
    }


def _text(rule: str, families: dict[str, RuleText], syntaxes: list[str]) -> RuleText:
    family = families[max((one for one in families if re.match(rf"{one}(?:[-_]|$)", rule)), key=len)]
    named = tuple(_TERM.findall(rule))
    term = " or ".join(named)
    return family._replace(
        id=rule,
        severity=dict.fromkeys(syntaxes, "fatal"),
        terms=tuple(dict.fromkeys([*named, *family.terms])),
        title=family.title.replace("<term>", term),
        message=family.message.replace("<term>", term),
        hint=family.hint.replace("<term>", term),
        note="Another rule of the artefact takes the place, so this never fires." if rule in _SHADOWED else family.note,
    )
