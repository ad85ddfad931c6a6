"""A rule that was not kept, before words are found for it."""

from typing import NamedTuple

from billingua.engine.locate import Element, Group

__all__ = ["Failure"]


class Failure(NamedTuple):
    """One broken rule at one place.

    `context` is the node that the authority's artefact reports; `at` the most telling element, when it is another one;
    `values` the texts seen, by term, when the group does not tell them; `group` the group that was asked; `severity`
    that of this failure, where the rule does not treat all alike; `figures` the sentence that shows its figures, where
    whoever found it knows them.
    """

    rule: str
    context: Element
    at: Element | None = None
    values: dict[str, str] | None = None
    group: Group | None = None
    severity: str = ""
    figures: str = ""
