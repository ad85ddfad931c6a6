"""What the EN 16931 rules say to a person: business rules from a table, syntax rules worded from their rows."""

from functools import cache

from billingua.engine.rule import RuleText
from billingua.rules.business import business_texts
from billingua.rules.en16931 import NAME, RELEASE
from billingua.rules.en16931.syntax_texts import syntax_texts

__all__ = ["texts"]


@cache
def texts() -> dict[str, RuleText]:
    """Every rule by its id: first the business rules, then the syntax rules of UBL and CII."""
    return {**business_texts(NAME, RELEASE), **syntax_texts()}
