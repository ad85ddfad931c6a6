"""The table of the rules."""

from functools import cache
from typing import NamedTuple

from billingua.resources import cells_of, table_beside

__all__ = ["Ask", "asks"]


class Ask(NamedTuple):
    """A rule: the terms it speaks of, what they are called, where its elements stand, and the question with its
    argument."""

    rule: str
    terms: tuple[str, ...]
    name: str
    paths: tuple[str, ...]
    question: str
    argument: str


@cache
def asks() -> tuple[Ask, ...]:
    """Every rule, in the order of the artefact."""
    _, *rows = cells_of(table_beside(__file__, "rules.tsv"))
    return tuple(
        [
            Ask(rule, tuple(terms.split()), name, tuple(paths.split()), question, argument)
            for rule, terms, name, paths, question, argument in rows
        ]
    )
