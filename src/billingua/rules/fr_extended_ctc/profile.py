"""The plan of the profile: that of the rule set EN 16931, without the rules left out (`left_out.tsv`), and its own."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from billingua import rules
from billingua.engine.failure import Failure
from billingua.engine.locate import Located
from billingua.engine.rule import Plan, RuleText, Sweep, by_context
from billingua.engine.texts import read_texts
from billingua.resources import cells_of, table_beside
from billingua.rules.fr_extended_ctc import NAME, RELEASE, SYNTAXES, cii, ubl
from billingua.rules.vat import FAMILIES

__all__ = ["plan", "texts"]

_STANDARD: Final = "en16931"
_SAME: Final = {
    "BR-FREXT-BR-38": "BR-FREXT-BR-44",
    "CII-FREXT-SR-293": "UBL-FREXT-CR-410",
    "CII-FREXT-SR-106": "UBL-FREXT-CR-645",
    "CII-FREXT-SR-366": "CII-FREXT-CR-490",
}
"""Rules that say what others say."""
_NOTES: Final = {"BR-EXT-CL-07": "The test of the artefact is always true, so this never fires."}
_OF_HEADER: Final = frozenset(("UBL-SR-06", "UBL-SR-07"))
"""Rules about preceding invoices that are asked of those of the document, not of those of a line."""


_OWN: Final = {
    "ubl": (ubl.sweep, frozenset(("BR-55",))),
    "cii": (cii.sweep, frozenset(("BR-45", "BR-46", "BR-48", "BR-DEC-19", "BR-DEC-20", "BR-CO-03", "CII-SR-454"))),
}
"""The rules of a syntax, and those of the standard among them that the profile asks otherwise."""


@cache
def _left_out(syntax: str) -> frozenset[str]:
    rows = cells_of(table_beside(__file__, "left_out.tsv"))
    return frozenset([rule for rule, *syntaxes in rows if syntax in syntaxes])


def plan(format_name: str) -> Plan:
    """What the profile asks of a wire format."""
    standard = rules.get(_STANDARD).plan(format_name)
    syntax = SYNTAXES[format_name]
    sweep, otherwise = _OWN[syntax]
    dropped = _left_out(syntax) | otherwise
    kept = [rule for asked in standard.rules.values() for rule in asked if rule.id not in dropped]
    return standard._replace(
        ruleset=NAME,
        rules=by_context(kept),
        sweeps=(*[_without(one, dropped) for one in standard.sweeps], sweep),
        texts=texts,
    )


def _without(standard: Sweep, dropped: frozenset[str]) -> Sweep:
    def kept(located: Located, facts: Any) -> Iterator[Failure]:
        for failure in standard(located, facts):
            if failure.rule in dropped:
                continue
            if failure.rule in _OF_HEADER and failure.context.getparent() is not located.root.element:
                continue
            yield failure

    return kept


@cache
def texts() -> dict[str, RuleText]:
    """Every rule of the profile by its id: those kept of the standard, and its own. A row for `<category>` stands for
    every VAT category."""
    found: dict[str, RuleText] = {}
    for text in rules.get(_STANDARD).texts().values():
        severity = {
            syntax: flag
            for syntax, flag in text.severity.items()
            if syntax in _OWN and text.id not in _left_out(syntax)
        }
        if severity:
            found[text.id] = text._replace(ruleset=NAME, release=RELEASE, severity=severity)
    words = {text.id: text for text in read_texts(table_beside(__file__, "texts.tsv"), NAME, RELEASE)}
    for rule, *flags in cells_of(table_beside(__file__, "rules.tsv")):
        severity = {syntax: flag for syntax, flag in zip(_OWN, flags, strict=True) if flag != "-"}
        text = _own(rule, words)
        found[rule] = text._replace(
            id=rule, severity={**_kept(found, rule), **severity}, note=_NOTES.get(rule, text.note)
        )
    return found


def _kept(found: dict[str, RuleText], rule: str) -> dict[str, str]:
    return found[rule].severity if rule in found else {}


def _own(rule: str, words: dict[str, RuleText]) -> RuleText:
    """The words of a rule, or of its kin in every category."""
    shared = _SAME.get(rule, rule).replace("FXEXT", "FREXT").replace("FREXT-BR-2", "FREXT-2")
    if shared in words:
        return words[shared]
    rule = shared
    *start, name, end = rule.split("-")
    text = words["-".join([*start, "<category>", end])]
    code = next(family.code for family in FAMILIES if family.id == name)
    said = {part: getattr(text, part).replace("<code>", code) for part in ("title", "message", "hint")}
    return text._replace(**said)
