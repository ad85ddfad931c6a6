"""The table of the rules."""

from functools import cache
from typing import NamedTuple

from billingua.resources import cells_of, table_beside

__all__ = ["Ask", "asks", "steps"]


class Ask(NamedTuple):
    """A rule: the terms it speaks of, what they are called, where its elements stand, and the question with its
    argument."""

    rule: str
    terms: tuple[str, ...]
    name: str
    paths: tuple[str, ...]
    scheme: str
    """The schemeId of the elements that are asked; "" for all."""
    question: str
    argument: str


@cache
def asks() -> tuple[Ask, ...]:
    """Every rule, in the order of the artefact."""
    _, *rows = cells_of(table_beside(__file__, "rules.tsv"))
    return tuple(
        [
            Ask(rule, tuple(terms.split()), name, tuple(paths.split()), scheme, question, argument)
            for rule, terms, name, paths, scheme, question, argument in rows
        ]
    )


@cache
def steps() -> dict[str, dict[str, str]]:
    """For each path that leads on: the names of the elements inside, and the path of each. Shorter paths come first."""
    found: dict[str, dict[str, str]] = {}
    for ask in asks():
        for path in ask.paths:
            above = ""
            for name in path.split("/"):
                below = f"{above}/{name}".lstrip("/")
                found.setdefault(above, {})[name] = below
                above = below
    return found
