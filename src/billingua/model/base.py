"""What every group of the model shares: strict values at the door, whichever way they come in.

The constructors check types, not validity: an incomplete invoice can be held, and the rules say what it
lacks.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Final, Self, Union, get_args, get_origin

import msgspec
from msgspec.structs import force_setattr

from billingua.engine.kinds import extra_of
from billingua.errors import InvalidModel

__all__ = ["Group", "Identifier", "Refused", "checked_number", "description_of", "term"]

MAX_DIGITS: Final = 60
"""No number of an invoice has more digits than this before or after its decimal point."""

MAX_WHOLE_DIGITS: Final = 18
"""No count has more digits than this, so that every JSON library can read it."""

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TERM_IDS = re.compile(r"(?:(?:B[TG](?:-X)?|EXT-FR-FE(?:-BG)?)-\d+(?:-\d)? )+")


def term(description: str) -> msgspec.Meta:
    """The documentation of an attribute: its term ids, the standard's name, a colon, an explanation."""
    return msgspec.Meta(description=description)


class Refused(InvalidModel, ValueError):
    """An `InvalidModel` that msgspec takes for a failed validation, so that JSON errors get their path."""

    def __init__(self, group: "type[Group]", attribute: str, unfit: "_Unfit") -> None:
        self.attribute = attribute
        self.problem = unfit.what
        super().__init__(f"{group.__name__}.{attribute}{_terms_of(group, attribute)} {unfit.what}.", todo=unfit.todo)


class Group(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    repr_omit_defaults=True,
    forbid_unknown_fields=True,
):
    """A business group: immutable, given by keyword, empty where nothing was said.

    Numbers are `Decimal` (an `int` is converted, a `float` refused), counts `int`, yes and no `bool`, dates `date`,
    moments `datetime`; collections are tuples (a list is converted), identifiers with a scheme are `Identifier` (plain
    text is converted).
    """

    def __post_init__(self) -> None:
        cls = type(self)
        for name, exact, optional, convert in _PLANS.get(cls) or _plan(cls):
            value = getattr(self, name)
            if type(value) is exact or (value is None and optional):
                continue
            try:
                converted = convert(value)
            except _Unfit as unfit:
                raise Refused(cls, name, unfit) from None
            if converted is not value:
                force_setattr(self, name, converted)

    def replace(self, **changes: Any) -> Self:
        """A copy with some attributes changed; the values are checked as by the constructor."""
        return msgspec.structs.replace(self, **changes)


class Identifier(Group, frozen=True, kw_only=False):
    """An identifier and the scheme it comes from: `Identifier("5790000435975", "0088")`."""

    value: str | None = None
    scheme_id: str | None = None
    scheme_version: str | None = None

    def __str__(self) -> str:
        return self.value or ""


class _Unfit(Exception):
    """A value that its attribute cannot hold: what is wrong with it and what to give instead."""

    def __init__(self, what: str, todo: str) -> None:
        self.what = what
        self.todo = todo
        super().__init__(what)


_Convert = Callable[[Any], Any]
_FieldPlan = tuple[str, type | None, bool, _Convert]
_Plan = tuple[_FieldPlan, ...]

_PLANS: dict[type[Group], _Plan] = {}


def _plan(cls: type[Group]) -> _Plan:
    """For each attribute: name, type that needs no further look, whether None will do, conversion."""
    _PLANS[cls] = plan = tuple(_plan_field(field) for field in msgspec.structs.fields(cls))
    return plan


def _plan_field(field: msgspec.structs.FieldInfo) -> _FieldPlan:
    kind = field.type
    if hasattr(kind, "__metadata__"):
        kind = get_args(kind)[0]
    optional = False
    if get_origin(kind) in (Union, UnionType):
        optional = type(None) in get_args(kind)
        kind = next(option for option in get_args(kind) if option is not type(None))
    if get_origin(kind) is tuple:
        return field.name, None, False, _tuple_of(get_args(kind)[0])
    exact, convert = _SCALARS.get(kind) or (kind, _group(kind))
    return field.name, exact, optional, convert


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Unfit(f"must be text, not {_named(value)}", 'Give a str, such as "10".')
    if not value.isprintable() and (found := _UNWRITABLE.search(value)):
        raise _Unfit(
            f"holds the character {found[0]!r} at position {found.start() + 1}, which XML cannot carry",
            "Remove it.",
        )
    return value if type(value) is str else str.__str__(value)


def _number(value: Any) -> Decimal:
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    if isinstance(value, float):
        raise _Unfit(
            f"must be a Decimal or an int, not {_named(value)}, which is not exact",
            f'Give the exact number as text: Decimal("{value}").',
        )
    if not isinstance(value, Decimal):
        raise _Unfit(f"must be a Decimal or an int, not {_named(value)}", 'Give Decimal("10.00").')
    shown = str(value)
    if len(shown) <= MAX_DIGITS and "E" not in shown and value.is_finite():
        return value
    exponent = value.as_tuple().exponent
    if isinstance(exponent, str):
        raise _Unfit(f"must be a finite number, not {value}", "Leave it out where there is no value.")
    if value.adjusted() >= MAX_DIGITS or exponent < -MAX_DIGITS:
        raise _Unfit(f"has more than {MAX_DIGITS} digits before or after the decimal point", "Round it.")
    return Decimal(int(value)) if exponent > 0 else value


def checked_number(value: Any, name: str) -> Decimal:
    """A number that is an argument rather than an attribute, checked in the same way."""
    try:
        return _number(value)
    except _Unfit as unfit:
        raise InvalidModel(f"{name} {unfit.what}.", todo=unfit.todo) from None


def _whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) >= 10**MAX_WHOLE_DIGITS:
            raise _Unfit(f"has more than {MAX_WHOLE_DIGITS} digits", "Give a smaller number.")
        return value
    raise _Unfit(f"must be a whole number, not {_named(value)}", "Give an int, such as 10.")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Unfit(f"must be True or False, not {_named(value)}", "Give True or False.")


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    raise _Unfit(f"must be a date with a time, not {_named(value)}", "Give datetime(2026, 1, 31, 12, 0, tzinfo=UTC).")


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    todo = "Give its .date()." if isinstance(value, datetime) else "Give date(2026, 1, 31)."
    raise _Unfit(f"must be a date without a time, not {_named(value)}", todo)


def _content(value: Any) -> bytes:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value)
    raise _Unfit(f"must be the bytes of a file, not {_named(value)}", "Give Path(...).read_bytes().")


def _group(kind: type[Group]) -> _Convert:
    def convert(value: Any) -> Group:
        if isinstance(value, kind):
            return value
        if kind is Identifier and isinstance(value, str):
            return Identifier(value)
        raise _Unfit(f"must be of the class {kind.__name__}, not {_named(value)}", f"Give {kind.__name__}(...).")

    return convert


def _tuple_of(kind: Any) -> _Convert:
    exact, convert = _SCALARS.get(kind) or (kind, _group(kind))

    def convert_all(values: Any) -> tuple[Any, ...]:
        if not isinstance(values, tuple | list):
            raise _Unfit(
                f"must be a tuple of {kind.__name__}, not {_named(values)}",
                "Put the value in a tuple or list.",
            )
        if type(values) is tuple and all(type(value) is exact for value in values):
            return values
        converted = []
        for number, value in enumerate(values, 1):
            try:
                converted.append(value if type(value) is exact else convert(value))
            except _Unfit as unfit:
                raise _Unfit(f"(entry {number}) {unfit.what}", unfit.todo) from None
        return tuple(converted)

    return convert_all


_SCALARS: dict[Any, tuple[type | None, _Convert]] = {
    str: (None, _text),
    Decimal: (None, _number),
    int: (None, _whole),
    bool: (bool, _truth),
    date: (date, _day),
    datetime: (datetime, _moment),
    bytes: (bytes, _content),
}


def _named(value: object) -> str:
    """A value as an error message shows it: its type and, if short, itself."""
    shown = repr(value)
    name = type(value).__name__
    return f"{name} {shown}" if len(shown) <= 40 else name


def description_of(cls: type[Group], name: str) -> str:
    """The documentation that an attribute carries, "" where it has none."""
    for field in msgspec.structs.fields(cls):
        if field.name == name:
            metadata: tuple[Any, ...] = getattr(field.type, "__metadata__", ())
            for entry in metadata:
                if isinstance(entry, msgspec.Meta) and entry.description:
                    return entry.description
    return ""


def _terms_of(cls: type[Group], name: str) -> str:
    found = _TERM_IDS.match(description_of(cls, name))
    if found:
        return f" ({', '.join(found[0].split())})"
    path = extra_of(cls, name).get("path", "")
    return f" ({path.rpartition('/')[2]})" if path else ""
