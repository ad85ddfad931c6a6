"""What the business rules of EN 16931 say to a person: the words that every rule set which asks them shares."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from billingua.engine.numbers import round_half_up
from billingua.engine.rule import RuleText
from billingua.engine.texts import read_texts
from billingua.resources import table_beside

__all__ = ["business_texts", "written_sum"]

_SHOWN: Final = 8
"""So many parts of a sum are written out; the others are counted."""


def business_texts(ruleset: str, release: str) -> dict[str, RuleText]:
    """The texts by rule id, as those of a rule set. Severities and notes are those of EN 16931's own artefacts."""
    return {text.id: text for text in read_texts(table_beside(__file__, "business.tsv"), ruleset, release)}


def written_sum(parts: Iterable[Decimal | None]) -> str:
    """`60.00 + 45.00 = 105.00`, as an accountant writes it, with the middle left out of a long one."""
    known = [part for part in parts if part is not None]
    if not known:
        return "nothing, which is 0"
    terms = [f"{part:f}" for part in known]
    if len(terms) > _SHOWN:
        left_out = len(terms) - _SHOWN
        terms = [*terms[: _SHOWN - 1], f"({left_out} more)", terms[-1]]
    written = " + ".join(terms).replace("+ -", "- ")
    total = round_half_up(sum(known, Decimal(0)), 2)
    return f"{total:f}" if len(known) == 1 else f"{written} = {total:f}"
