"""The business rules of the profiles: `rules.tsv` says which profile asks which, the modules how."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.rule import Sweep
from billingua.resources import cells_of, table_beside
from billingua.rules.asks import Ask, broken
from billingua.rules.facturx import document, lines, totals, vat
from billingua.rules.facturx.facts import Facts

__all__ = ["Listed", "business_sweep", "listed"]


class Listed(NamedTuple):
    """A business rule as a profile has it: the name it goes by, the id there, and how severe it is."""

    name: str
    id: str
    severity: str


@cache
def listed(profile: str) -> tuple[Listed, ...]:
    """The business rules of a profile, in the order of the table."""
    header, *rows = cells_of(table_beside(__file__, "rules.tsv"))
    column = header.index(profile)
    return tuple(
        [
            Listed(cells[0], cells[0] if cells[column] == "=" else f"FX-SCH-A-{int(cells[column]):06d}", cells[1])
            for cells in rows
            if column < len(cells) and cells[column]
        ]
    )


def business_sweep(profile: str) -> Sweep:
    """What a document breaks of the business rules of a profile."""
    ids = {rule.name: rule.id for rule in listed(profile)}
    asks = [
        ask._replace(rule=ids[ask.rule])
        for module in (document, totals, vat, lines)
        for ask in module.ASKS
        if ask.rule in ids
    ]
    return lambda located, facts: _broken(asks, facts)


def _broken(asks: list[Ask[Facts]], facts: Facts) -> Iterator[Failure]:
    for rule, element in broken(asks, facts):
        yield Failure(rule, element, group=facts.around.group(element))
