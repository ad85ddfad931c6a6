"""What a profile of Factur-X has no place for is taken out of an invoice, and listed."""

from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec

from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.formats.cii.profiles import OF_THE_STANDARD, Profile
from billingua.model import Invoice, terms
from billingua.resources import cells_of, table_beside

__all__ = ["left_out", "narrow", "schema_of"]

_ORDER: Final = ("minimum", "basicwl", "basic", "en16931", "extended")
"""Each holds what the one before it holds."""


def narrow(invoice: Invoice, profile: Profile) -> tuple[Invoice, list[Loss]]:
    """The invoice as far as a profile holds it, and every value that it does not hold."""
    losses: list[Loss] = []
    without = {attribute for term in left_out(profile.name) if (attribute := terms()[term].attribute)}
    if without:
        why = f"the profile {profile.title} has no place for it"
        invoice = _narrowed(invoice, "", "", without, losses, why) or Invoice()
    return invoice, losses


@cache
def left_out(name: str) -> frozenset[str]:
    """The terms that a profile (by its word) has no place for: `left_out("basic")`."""
    _header, *rows = cells_of(table_beside(__file__, "profiles.tsv"))
    holding = _ORDER[: _ORDER.index(name) + 1] if name in _ORDER else _ORDER
    return frozenset(term for term, least in rows if least not in holding)


def schema_of(profile: Profile) -> str:
    """The schema (below `schemas/`) of documents in a profile; "" where the format's own holds."""
    return "" if profile.name in OF_THE_STANDARD else f"facturx-{profile.name}/CrossIndustryInvoice.xsd"


def _narrowed(group: msgspec.Struct, pattern: str, where: str, without: set[str], losses: list[Loss], why: str) -> Any:
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
                term = _term_of(path)
                kept = None if _governing(path) in without else value
                if kept is None:
                    losses.append(Loss(term, _shown(value), place, why))
        if kept != value:
            changes[name] = kept
    narrowed = msgspec.structs.replace(group, **changes) if changes else group
    return None if narrowed == type(group)() else narrowed


def _term_of(path: str) -> str:
    return _ids().get(path, "")


def _governing(path: str) -> str:
    """The path that says whether a value has a place: the version of a scheme without a term goes with its value."""
    return path if path in _ids() else path.replace(".scheme_version", ".value")


@cache
def _ids() -> dict[str, str]:
    return {term.attribute: term.id for term in terms().values() if term.attribute}


def _shown(value: object) -> str:
    match value:
        case Decimal():
            return plain(value)
        case bytes():
            return f"{len(value)} bytes"
        case _:
            return str(value)
