"""What the codes of FA(3) mean, from `codes.tsv`; read on first use."""

from collections.abc import Mapping
from functools import cache

from billingua.resources import cells_of, table_beside

__all__ = ["codes"]


@cache
def codes() -> Mapping[str, Mapping[str, str]]:
    """The codes of each list and their meanings: `codes()["kind"]["ZAL"]` is "advance invoice"."""
    lists: dict[str, dict[str, str]] = {}
    for name, code, meaning in cells_of(table_beside(__file__, "codes.tsv"))[1:]:
        lists.setdefault(name, {})[code] = meaning
    return lists
