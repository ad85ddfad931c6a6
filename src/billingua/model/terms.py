"""The business terms and groups of EN 16931-1, from `terms.tsv`; read on first use."""

import re
from functools import cache

import msgspec

from billingua.errors import UsageError
from billingua.resources import cells_of, table_beside

__all__ = ["Term", "attributes_below", "term_at", "term_name", "terms"]

_INDEX = re.compile(r"\[\d+\]")


class Term(msgspec.Struct, frozen=True):
    """One business term or group.

    `type` is the standard's semantic data type ("group" for a group), `parent` the group it belongs to (""
    for the invoice), `attribute` its place in the Python model, with `[]` after a collection ("" for BG-2,
    whose terms are attributes of the invoice).
    """

    id: str
    name: str
    type: str
    cardinality: str
    parent: str
    attribute: str

    @property
    def mandatory(self) -> bool:
        """Whether its group needs at least one of it."""
        return self.cardinality.startswith("1")

    @property
    def repeatable(self) -> bool:
        """Whether its group may hold more than one of it."""
        return self.cardinality.endswith("n")


@cache
def terms() -> dict[str, Term]:
    """Every term and group by its id, in the order of the standard."""
    _header, *rows = cells_of(table_beside(__file__, "terms.tsv"))
    return {row[0]: Term(*row) for row in rows}


def term_name(term_id: str) -> str:
    """The English name that the standard gives to a term: `term_name("BT-1")` is "Invoice number"."""
    try:
        return terms()[term_id].name
    except KeyError:
        raise UsageError(
            f"There is no business term {term_id}.", todo="Terms are written as in BT-1, BT-29-1 or BG-25."
        ) from None


@cache
def _by_attribute() -> dict[str, Term]:
    return {term.attribute: term for term in terms().values() if term.attribute}


def term_at(path: str) -> Term | None:
    """The term at a path of the model, with or without indices: `lines[3].item.name`."""
    path = _INDEX.sub("[]", path)
    found = _by_attribute()
    return found.get(path) or found.get(f"{path}[]") or found.get(f"{path}.value") or found.get(f"{path}[].value")


def attributes_below(path: str) -> list[str]:
    """The names that may follow a path of the model, in the order of the standard; "" is the invoice."""
    prefix = f"{_INDEX.sub('[]', path)}." if path else ""
    below = (name[len(prefix) :] for name in _by_attribute() if name.startswith(prefix))
    return list(dict.fromkeys(re.split(r"[.\[]", name, maxsplit=1)[0] for name in below))
