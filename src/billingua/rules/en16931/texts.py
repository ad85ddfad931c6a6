"""What the EN 16931 rules say to a person: business rules from a table, syntax rules worded from their rows."""

from functools import cache

from billingua.engine.rule import RuleText
from billingua.engine.texts import read_texts
from billingua.resources import table_beside
from billingua.rules.en16931.release import NAME, RELEASE
from billingua.rules.en16931.syntax_texts import syntax_texts

__all__ = ["texts"]


@cache
def texts() -> dict[str, RuleText]:
    """Every rule by its id: first the business rules, then the syntax rules of UBL and CII."""
    business = read_texts(table_beside(__file__, "texts.tsv"), NAME, RELEASE)
    return {**{text.id: text for text in business}, **syntax_texts()}
