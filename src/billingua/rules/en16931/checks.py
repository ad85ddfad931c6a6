"""Questions that many rules ask, made from the terms they ask about. True means kept."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from billingua.engine.failure import Failure
from billingua.engine.groups import Group, Subtree, of_variant
from billingua.engine.locate import Located
from billingua.engine.rule import Check, NotAsked, OfText, Rule, Sweep
from billingua.engine.values import WHITE, decimal, not_negative
from billingua.engine.xml import Element

__all__ = [
    "all_kept",
    "amount",
    "any_not_negative",
    "any_of",
    "at_most_decimals",
    "attribute",
    "attributes_missing",
    "exact",
    "filled",
    "group_anywhere",
    "group_filled",
    "group_present",
    "group_with",
    "in_order",
    "is_filled",
    "present",
    "same_text",
    "xs_date",
]


def amount(group: Group, term: str) -> Decimal | None:
    """The first amount of the term, exact; None when there is none."""
    return exact(group.text(term)) if term in group.terms else None


exact = lru_cache(maxsize=256)(decimal)
"""Several rules look at the same few totals."""


def filled(term: str) -> Check:
    """The term is there and not blank."""

    return OfText(term, is_filled)


def is_filled(text: str) -> bool:
    """The text is not blank."""
    return bool(text.strip(WHITE))


def present(rule: str, context: str, term: str) -> Rule:
    """A rule that asks for nothing but that the term is there, even if it is empty."""
    return Rule(rule, context, lambda group, _: term in group.terms)


def any_not_negative(group: Group, term: str) -> bool:
    """One of the numbers of the term is at least 0."""
    return any(map(not_negative, group.texts(term)))


def any_of(*terms: str) -> Check:
    """At least one of the terms is there."""
    return lambda group, _: not group.terms.keys().isdisjoint(terms)


def all_kept(*conditions: Callable[[], bool]) -> bool:
    """Whether all conditions hold; one that does not decides, even where another cannot be read.

    Raises:
        NotAsked: one cannot be read, and the others hold.
    """
    is_unread = False
    for condition in conditions:
        try:
            if not condition():
                return False
        except NotAsked:
            is_unread = True
    if is_unread:
        raise NotAsked
    return True


def attribute(term: str, name: str) -> Check:
    """An element of the term has the attribute."""

    return lambda group, _: any(group.have_attribute(term, name))


def group_anywhere(kind: str) -> Check:
    """The document has the group, wherever it stands."""
    return lambda group, facts: bool(facts.located.has(kind))


def group_present(kind: str) -> Check:
    """The document has the group, in its own place."""
    return lambda group, facts: any(variant.in_place(kind) for variant, _ in facts.located.parts)


def group_with(kind: str) -> Check:
    """The group has a group of the kind in it."""
    return lambda group, _: bool(group.children(kind))


def group_filled(kind: str, term: str) -> Check:
    """The document has the group, and in it the term, not blank."""

    @of_variant
    def places(subtree: Subtree) -> list[int]:
        groups = [subtree.recipe.groups[number] for number in subtree.variant.in_place(kind)]
        return [group.terms[term][0] for group in groups if term in group.terms]

    return lambda group, facts: any(
        is_filled(subtree.texts[place])
        for _, alike in facts.located.parts
        for place in places(alike[0])
        for subtree in alike
    )


def at_most_decimals(term: str, digits: int = 2) -> Check:
    """The amount has at most so many characters behind its point, as it is written."""

    return OfText(term, lambda text: len(text.partition(".")[2]) <= digits)


def in_order(start: str, end: str, parse: Callable[[Element], int]) -> Check:
    """The end is not before the start, where both are there."""

    def check(group: Group, _: Any) -> bool:
        first, last = group.first(start), group.first(end)
        return first is None or last is None or parse(last) >= parse(first)

    return check


def same_text(left: Sequence[Element], right: Sequence[Element]) -> bool:
    """Whether any text of the one side equals any of the other (XPath `=` between two sets)."""
    texts = {element.text or "" for element in left}
    return any((element.text or "") in texts for element in right)


_DATE = r"(-?(?:[1-9][0-9]{3,}|0[0-9]{3}))-([0-9]{2})-([0-9]{2})(?:Z|([+-])([0-9]{2}):([0-9]{2}))?\Z"
_ERA = 146_097
"""The days of 400 years, after which the calendar repeats itself."""


def xs_date(element: Element) -> int:
    """When the day of an xs:date begins, in minutes; without a time zone, UTC is meant."""
    found = re.match(_DATE, (element.text or "").strip(WHITE))
    if found is None:
        raise NotAsked
    year, month, day, sign, hours, minutes = found.groups()
    eras, rest = divmod(int(year), 400)
    try:
        days = eras * _ERA + date(rest + 400, int(month), int(day)).toordinal()
    except ValueError:
        raise NotAsked from None
    offset = 60 * int(hours or 0) + int(minutes or 0)
    return days * 1440 - (-offset if sign == "-" else offset)


def attributes_missing(*rows: tuple[str, str, str, str]) -> Sweep:
    """Rows of (rule, group, term, attribute): every element of the term has the attribute. The shape tells."""

    @of_variant
    def lacking(subtree: Subtree) -> list[tuple[str, int, int]]:
        recipe = subtree.recipe
        return [
            (rule, number, place)
            for rule, kind, term, name in rows
            for number in subtree.found(kind)
            for place in recipe.groups[number].terms.get(term, ())
            if (place, name) not in recipe.attributes
        ]

    def sweep(located: Located, _: Any) -> Iterator[Failure]:
        for _variant, alike in located.parts:
            for rule, number, place in lacking(alike[0]):
                for subtree in alike:
                    yield Failure(rule, subtree.elements[place], group=subtree.group(number))

    return sweep
