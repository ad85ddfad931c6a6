"""Readings of a term, and questions that many rules ask. True means kept."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from billingua.engine.failure import Failure
from billingua.engine.locate import Group, Located, part_of
from billingua.engine.rule import NotAsked, Sweep
from billingua.engine.values import decimal, normalized
from billingua.engine.xml import Element

__all__ = [
    "CENT",
    "amount",
    "code",
    "day",
    "is_one",
    "kept",
    "needed",
    "of_each",
    "of_element",
    "said",
    "shown",
    "without_zeros",
]

CENT: Final = Decimal("0.01")

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_SHOWN = 200


def said(group: Group, term: str) -> str:
    """The text of the first element of a term, as a token; "" when there is none."""
    return normalized(group.text(term)) if term in group.terms else ""


def code(group: Group, term: str) -> str:
    """A numeric code as the structure writes it: "1" also for "01"."""
    return without_zeros(said(group, term))


def without_zeros(text: str) -> str:
    """A whole number in its shortest form."""
    return text.lstrip("+").lstrip("0")


def is_one(group: Group, term: str) -> bool:
    """The term says 1, which is yes."""
    return term in group.terms and code(group, term) == "1"


def amount(group: Group, term: str) -> Decimal | None:
    """The first amount of a term, exact; None when there is none.

    Raises:
        NotAsked: it is no number.
    """
    return decimal(group.text(term)) if term in group.terms else None


def needed(group: Group, term: str) -> Decimal:
    """The first amount of a term.

    Raises:
        NotAsked: there is none, or it is no number; the structure reports either.
    """
    found = amount(group, term)
    if found is None:
        raise NotAsked
    return found


def day(text: str | None) -> date:
    """A date as the structure writes it.

    Raises:
        NotAsked: the text is none.
    """
    text = normalized(text)
    if _DATE.fullmatch(text) is None:
        raise NotAsked
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotAsked from None


def shown(element: Element) -> str:
    """The text of an element as a finding tells it."""
    return (element.text or "")[:_LONGEST_SHOWN]


def kept(check: Callable[..., bool], *asked: Any) -> bool:
    """What a check says; a value that cannot be read is the structure's affair."""
    try:
        return check(*asked)
    except NotAsked:
        return True


def of_element(rule: str, term: str, element: Element, inside: Group, severity: str = "") -> Failure:
    """The failure of one element of a term."""
    group = part_of(inside, term, {term: element})
    return Failure(rule, element, element, {term: shown(element)}, group, severity)


def of_each(rule: str, kind: str, term: str, check: Callable[[str, Any], bool]) -> Sweep:
    """A rule asked of every element of a term, wherever a group of that kind has it."""

    def sweep(located: Located, facts: Any) -> Iterator[Failure]:
        for group in located.all(kind):
            for element in group.all(term):
                if not kept(check, element.text or "", facts):
                    yield of_element(rule, term, element, group)

    return sweep
