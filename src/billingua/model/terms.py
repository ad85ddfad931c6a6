"""The business terms and groups of EN 16931-1, from `terms.tsv`; read on first use."""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from billingua.engine.kinds import attribute_kinds, extra_of
from billingua.errors import UsageError
from billingua.resources import cells_of, table_beside

__all__ = ["Term", "attributes_below", "extension_terms", "term_at", "term_name", "terms", "terms_of"]

_INDEX = re.compile(r"\[\d+\]")


class Term(msgspec.Struct, frozen=True):
    """One business term or group.

    `type` is the standard's semantic data type ("group" for a group), `parent` the group it belongs to (""
    for the invoice), `attribute` its place in the Python model, with `[]` after a collection ("" for BG-2,
    whose terms are attributes of the invoice), `codes` the list that its values are of, where the format has one.
    """

    id: str
    name: str
    type: str
    cardinality: str
    parent: str
    attribute: str
    codes: str = ""

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


@cache
def extension_terms() -> tuple[Term, ...]:
    """The terms and groups of `extension.tsv`, which EXTENDED-CTC-FR adds to those of the standard.

    A term of the standard is among them where the extension repeats it, as it does the note of a line.
    """
    _header, *rows = cells_of(table_beside(__file__, "extension.tsv"))
    return tuple(Term(*row) for row in rows)


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
    return {term.attribute: term for term in (*terms().values(), *extension_terms()) if term.attribute}


@cache
def terms_of(kind: type[msgspec.Struct]) -> dict[str, Term]:
    """What stands at each path below a class of a model, as terms.

    The terms of a document with a model of its own (FA) are its elements. All other classes are taken for the invoice.
    """
    return dict(_elements(kind, "", "")) or _by_attribute()


def _elements(kind: type[msgspec.Struct], path: str, parent: str) -> Iterator[tuple[str, Term]]:
    for name, bound in attribute_kinds(kind).items():
        if not (extra := extra_of(kind, name)):
            continue
        many = isinstance(next(field.default for field in msgspec.structs.fields(kind) if field.name == name), tuple)
        is_group = issubclass(bound, msgspec.Struct)
        place = f"{path}{name}{'[]' if many else ''}"
        yield (
            place,
            Term(
                id=extra["path"].rpartition("/")[2],
                name=name.replace("_", " "),
                type="group" if is_group else bound.__name__,
                cardinality="0..n" if many else "0..1",
                parent=parent,
                attribute=place,
                codes=extra["codes"],
            ),
        )
        if is_group:
            yield from _elements(bound, f"{place}.", extra["path"].rpartition("/")[2])


def term_at(path: str, kind: type[msgspec.Struct] | None = None) -> Term | None:
    """The term at a path of the model, with or without indices: `lines[3].item.name`.

    `kind` is the class of the model, where that is not the invoice of the standard.
    """
    path = _INDEX.sub("[]", path)
    found = _by_attribute() if kind is None else terms_of(kind)
    return found.get(path) or found.get(f"{path}[]") or found.get(f"{path}.value") or found.get(f"{path}[].value")


def attributes_below(path: str, kind: type[msgspec.Struct] | None = None) -> list[str]:
    """The names that may follow a path of the model, in the order of the standard; "" is the invoice."""
    prefix = f"{_INDEX.sub('[]', path)}." if path else ""
    known = _by_attribute() if kind is None else terms_of(kind)
    below = (name[len(prefix) :] for name in known if name.startswith(prefix))
    return list(dict.fromkeys(re.split(r"[.\[]", name, maxsplit=1)[0] for name in below))
