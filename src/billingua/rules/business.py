"""What the business rules of EN 16931 say to a person: the words that every rule set which asks them shares."""

from billingua.engine.rule import RuleText
from billingua.engine.texts import read_texts
from billingua.resources import table_beside

__all__ = ["business_texts"]


def business_texts(ruleset: str, release: str) -> dict[str, RuleText]:
    """The texts by rule id, as those of a rule set. Severities and notes are those of EN 16931's own artefacts."""
    return {text.id: text for text in read_texts(table_beside(__file__, "business.tsv"), ruleset, release)}
