"""Values of an invoice that a document has no place for are taken out of it, and listed."""

from collections.abc import Set
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.model import Invoice, extension_terms, terms

__all__ = ["narrowed", "of_extension", "shown", "term_of"]


def narrowed(invoice: Invoice, without: Set[str], why: str) -> tuple[Invoice, list[Loss]]:
    """The invoice without some attributes (given as `lines[].note`), and every value that they had."""
    losses: list[Loss] = []
    return _narrowed(invoice, "", "", without, losses, why) or Invoice(), losses


@cache
def of_extension() -> frozenset[str]:
    """The attributes that only the extended profiles have a place for."""
    return frozenset(term.attribute for term in extension_terms())


def _narrowed(group: msgspec.Struct, pattern: str, where: str, without: Set[str], losses: list[Loss], why: str) -> Any:
    """A group without what has no place; None if nothing is left of it. `pattern` is its path without indices."""
    changes: dict[str, Any] = {}
    for name in group.__struct_fields__:
        value = getattr(group, name)
        path, place = f"{pattern}{name}", f"{where}{name}"
        match value:
            case None | ():
                continue
            case msgspec.Struct():
                kept = _narrowed(value, f"{path}.", f"{place}.", without, losses, why)
            case tuple():
                entries = [
                    _narrowed(one, f"{path}[].", f"{place}[{number}].", without, losses, why)
                    for number, one in enumerate(value)
                ]
                kept = tuple([one for one in entries if one is not None])
            case _:
                term = term_of(path)
                kept = None if _governing(path) in without else value
                if kept is None:
                    losses.append(Loss(term, shown(value), place, why))
        if kept != value:
            changes[name] = kept
    narrowed = msgspec.structs.replace(group, **changes) if changes else group
    return None if narrowed == type(group)() else narrowed


def term_of(path: str) -> str:
    """The id of the term at a path without indices; "" where the standard and its extension have none."""
    return _ids().get(path, "")


def _governing(path: str) -> str:
    """The path that says whether a value has a place: the version of a scheme without a term goes with its value."""
    return path if path in _ids() else path.replace(".scheme_version", ".value")


@cache
def _ids() -> dict[str, str]:
    return {term.attribute: term.id for term in (*terms().values(), *extension_terms()) if term.attribute}


def shown(value: object) -> str:
    """A value as a loss shows it."""
    match value:
        case Decimal():
            return plain(value)
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
