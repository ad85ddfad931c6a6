"""The codes that the rules know, and which status takes which reason."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from billingua.resources import cells_of, table_beside

__all__ = [
    "ACTIONS",
    "CHARACTERISTICS",
    "FLOWS",
    "INVOICE_TYPES",
    "REASONED",
    "STATUSES",
    "STATUS_CODES",
    "accepted",
    "reasons",
]

INVOICE_TYPES: Final = frozenset(
    (
        *("261", "262", "380", "381", "384", "386", "389", "393", "396"),
        *("471", "472", "473", "500", "501", "502", "503"),
    )
)
"""UNTDID 1001, as France takes it."""

STATUSES: Final = frozenset(
    (
        *("200", "201", "202", "203", "204", "205", "206", "207", "208", "209", "210", "211", "212", "213", "214"),
        *("220", "221", "224", "225", "226", "227", "228"),
        *("250", "251", "300", "301", "400", "401", "500", "501", "601"),
    )
)
"""The statuses of the life cycle (MDT-105)."""

REASONED: Final = frozenset(("206", "207", "208", "210", "213", "501"))
"""The statuses that need a reason."""

STATUS_CODES: Final = {
    "305": frozenset(("8", "10", "43", "48", "51")),
    "23": frozenset(("1", "5", "37", "39", "45", "46", "47", "49", "50")),
}
"""Phase to the codes of UNTDID 1373 that MDT-88 may say in it."""

FLOWS: Final = frozenset(("REGULATED", "NON_REGULATED", "B2C", "B2CINT", "B2BINT", "OUTOFSCOPE"))
"""What kind of trade the invoice is about (MDT-2)."""

ACTIONS: Final = frozenset(("NOA", "PIN", "NIN", "CNF", "CNP", "CNA", "OTH"))
"""What the other side is asked to do (MDT-121)."""

CHARACTERISTICS: Final = frozenset(
    ("MEN", "MPA", "RAP", "ESC", "RAB", "REM", "MAP", "MAPTTC", "MNA", "MNATTC", "CBB", "DIV", "DVA", "MAJ")
)
"""What a value of a detail is (MDT-207)."""


@cache
def reasons() -> Mapping[str, frozenset[str]]:
    """Each reason (MDT-113) and the statuses that are limited to some reasons and take this one; `chorus` stands for a
    refusal by Chorus Pro."""
    rows = cells_of(table_beside(__file__, "reasons.tsv"))[1:]
    return {code: frozenset(statuses.split()) for code, statuses in rows}


@cache
def accepted(status: str) -> frozenset[str]:
    """The reasons that a limited status takes, `chorus` being a refusal by Chorus Pro."""
    return frozenset([code for code, statuses in reasons().items() if status in statuses])
