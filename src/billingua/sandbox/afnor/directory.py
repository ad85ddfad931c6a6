"""The directory service: who can be reached, and where."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from billingua.identifiers import siren, siret
from billingua.resources import cells_of, table_beside
from billingua.sandbox.call import Call
from billingua.sandbox.refusal import Complaint, Refusal

__all__ = [
    "directory_health",
    "line_get",
    "line_search",
    "routing_code_get",
    "routing_code_search",
    "siren_get",
    "siren_search",
    "siret_get",
    "siret_search",
]

_MOST: Final = 100
_USUAL: Final = 25
_OPERATORS: Final = ("strict", "contains", "startWith")
_FILTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "siren": ("siren", "businessName", "entityType", "administrativeStatus"),
    "siret": (
        *("siret", "siren", "facilityType", "name", "addressLines", "postalCode", "countrySubdivision", "locality"),
        "administrativeStatus",
    ),
    "routing-code": (
        *("routingIdentifier", "siret", "routingCodeName", "administrativeStatus", "addressLines", "postalCode"),
        "locality",
    ),
    "line": ("addressingIdentifier", "siren", "siret", "routingIdentifier", "addressingSuffix"),
}
_INCLUDED: Final[Mapping[str, tuple[str, ...]]] = {
    "siren": (),
    "siret": ("legalUnit",),
    "routing-code": ("legalUnit", "facility"),
    "line": ("legalUnit", "facility", "routingCode"),
}
_ORDERS: Final = ("ascending", "descending")


@cache
def _entries() -> dict[str, tuple[dict[str, Any], ...]]:
    """The entries of each kind, all invented."""
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in _FILTERS}
    for kind, *cells in cells_of(table_beside(__file__, "entries.tsv"))[1:]:
        entry = dict(part.split("=", 1) for part in cells if part)
        found[kind].append(_MAKERS[kind](entry))
    return {kind: tuple(entries) for kind, entries in found.items()}


def _legal_unit(entry: dict[str, str]) -> dict[str, Any]:
    return {**entry, "instructions": {"isSalesProspectingForbidden": False}}


def _facility(entry: dict[str, str]) -> dict[str, Any]:
    flags = set(entry.pop("manages", "").split(","))
    made: dict[str, Any] = {
        **{name: value for name, value in entry.items() if name not in ("postalCode", "locality")},
        "siren": siret.siren_of(entry["siret"]),
        "address": {"postalCode": entry["postalCode"], "locality": entry["locality"], "countryCode": "FR"},
    }
    if flags != {""}:
        made["b2gAdditionalData"] = {
            "pm": True,
            "pmOnly": False,
            "managesPaymentStatus": "payment" in flags,
            "managesLegalCommitmentCode": "commitment" in flags,
            "managesLegalCommitmentOrServiceCode": "either" in flags,
            "serviceCodeStatus": "service" in flags,
        }
    return made


def _routing_code(entry: dict[str, str]) -> dict[str, Any]:
    return {**entry, "routingIdentifierType": "0224", "managesLegalCommitmentCode": False}


def _line(entry: dict[str, str]) -> dict[str, Any]:
    return {"siret": None, "routingIdentifier": None, "addressingSuffix": None, **entry}


_MAKERS: Final = {"siren": _legal_unit, "siret": _facility, "routing-code": _routing_code, "line": _line}


def siren_search(call: Call) -> Any:
    """Businesses."""
    return _searched(call, "siren")


def siret_search(call: Call) -> Any:
    """Establishments."""
    return _searched(call, "siret")


def routing_code_search(call: Call) -> Any:
    """Routing codes."""
    return _searched(call, "routing-code")


def line_search(call: Call) -> Any:
    """Lines of the directory: addresses."""
    return _searched(call, "line")


def _searched(call: Call, kind: str) -> Any:
    problems = tuple(_problems(call, kind))
    if problems:
        raise call.refuse((422, 400), "INVALID_SEARCH", problems[0].message, *problems)
    filters: dict[str, dict[str, str]] = call.get("filters", {})
    found = [
        entry
        for entry in _entries()[kind]
        if all(_matches(_value(entry, name), one["op"], str(one["value"])) for name, one in filters.items())
    ]
    for one in reversed(call.get("sorting", [])):
        name = one["field"]
        found.sort(key=lambda entry: str(_value(entry, name) or ""), reverse=one.get("order") == "descending")
    start, limit = call.number("ignore", 0), call.number("limit", _USUAL)
    return {
        "search": call.json,
        "totalNumberOfResults": len(found),
        "results": [_shown(entry, call) for entry in found[start : start + limit]],
    }


def _problems(call: Call, kind: str) -> Iterator[Complaint]:
    names = _FILTERS[kind]
    for name, one in call.get("filters", {}).items():
        if name not in names:
            yield Complaint(f"filters.{name}", "Unknown", f"There is no filter {name[:40]}")
        elif not isinstance(one, dict) or one.get("op") not in _OPERATORS or not isinstance(one.get("value"), str):
            yield Complaint(f"filters.{name}", "Operator", f"{name} is {{op, value}}; op is {', '.join(_OPERATORS)}")
    fields = {name for entry in _entries()[kind] for name in entry} | set(names)
    for one in call.get("sorting", []):
        field = one.get("field") if isinstance(one, dict) else None
        if not isinstance(field, str) or field not in fields or one.get("order", "ascending") not in _ORDERS:
            yield Complaint("sorting", "Sorting", "sorting is {field, order}; order is ascending or descending")
    for place, known in (("fields", fields), ("include", set(_INCLUDED[kind]))):
        for one in call.get(place, []):
            if not isinstance(one, str) or one not in known:
                yield Complaint(place, "Unknown", f"There is no {str(one)[:40]} in {place}")
    if not 1 <= call.number("limit", _USUAL) <= _MOST:
        yield Complaint("limit", "Range", f"limit is 1 to {_MOST}")


def _value(entry: Mapping[str, Any], name: str) -> Any:
    """The value of a field, also of the address."""
    return entry.get(name, entry.get("address", {}).get(name))


def _matches(value: Any, op: str, wanted: str) -> bool:
    text, wanted = str(value or "").lower(), wanted.lower()
    return {"strict": text == wanted, "contains": wanted in text, "startWith": text.startswith(wanted)}[op]


def _shown(entry: Mapping[str, Any], call: Call) -> dict[str, Any]:
    """An entry with the fields that are asked for, and with what belongs to it."""
    fields, include = (
        call.get(name, ()) if call.endpoint.takes == "json" else _words(call, name) for name in ("fields", "include")
    )
    made = {name: value for name, value in entry.items() if not fields or name in fields}
    number = entry.get("siren") or siret.siren_of(str(entry.get("siret") or ""))
    for name in include:
        if name == "legalUnit":
            made[name] = _found("siren", "siren", number)
        elif name == "facility":
            made[name] = _found("siret", "siret", entry.get("siret"))
        elif name == "routingCode":
            made[name] = _found("routing-code", "routingIdentifier", entry.get("routingIdentifier"))
    return made


def _words(call: Call, name: str) -> tuple[str, ...]:
    return tuple(one for one in call.text(name).split(",") if one)


def _found(kind: str, name: str, value: Any) -> dict[str, Any] | None:
    return next((dict(one) for one in _entries()[kind] if value is not None and one[name] == value), None)


def _got(call: Call, kind: str, entry: Mapping[str, Any] | None) -> Any:
    if entry is None:
        raise Refusal(404, "NOT_FOUND", "The directory has no such entry.")
    unknown = [one for one in _words(call, "include") if one not in _INCLUDED[kind]]
    if unknown:
        raise call.refuse((422, 400), "INVALID_REQUEST", f"There is no {unknown[0][:40]} in include.")
    return _shown(entry, call)


def siren_get(call: Call) -> Any:
    """A business by its SIREN."""
    number = call.text("siren")
    if siren.problem(number):
        raise call.refuse((422, 400), "INVALID_SIREN", siren.problem(number))
    return _got(call, "siren", _found("siren", "siren", number))


def siret_get(call: Call) -> Any:
    """An establishment by its SIRET."""
    number = call.text("siret")
    if siret.problem(number):
        raise call.refuse((422, 400), "INVALID_SIRET", siret.problem(number))
    return _got(call, "siret", _found("siret", "siret", number))


def routing_code_get(call: Call) -> Any:
    """A routing code of an establishment."""
    entry = _found("routing-code", "routingIdentifier", call.text("routing_identifier"))
    return _got(call, "routing-code", entry if entry and entry["siret"] == call.text("siret") else None)


def line_get(call: Call) -> Any:
    """A line of the directory by its address."""
    return _got(call, "line", _found("line", "addressingIdentifier", call.text("addressing_identifier")))


def directory_health(_: Call) -> Any:
    """The service is there."""
    return {"status": "UP"}
