"""Questions that many rules ask, made from the steps that they ask about. True means kept."""

from collections.abc import Callable, Iterable, Sequence

from billingua.engine.locate import Element
from billingua.engine.values import ZERO, double, double_round, normalized, ordered, untyped
from billingua.rules.elements import Elements, path, said
from billingua.rules.facturx.facts import Facts

__all__ = [
    "Check",
    "Where",
    "all_of",
    "any_of",
    "anywhere",
    "at_most_cents",
    "below",
    "equals_zero",
    "filled",
    "has_attribute",
    "in_cents",
    "none_of",
    "not_below_zero",
    "there",
    "trimmed",
]

Check = Callable[[Element, Facts], bool]
Where = Callable[[Facts], Iterable[Element]]


def root(facts: Facts) -> Elements:
    """The document itself."""
    return [facts.root] if facts.known else []


def anywhere(steps: str, when: Callable[[Element], bool] | None = None) -> Where:
    """The elements that steps lead to from anywhere, of which something else holds."""
    if when is None:
        return lambda facts: facts.anywhere(steps)
    return lambda facts: [one for one in facts.anywhere(steps) if when(one)]


def below(steps: str) -> Where:
    """The elements that steps lead to from the root element."""
    return lambda facts: facts.below(steps)


def says(steps: str, text: str) -> Callable[[Element], bool]:
    """Whether one of the elements there has just this text."""
    inside = path(steps)
    return lambda element: any(said(one) == text for one in inside(element))


def there(steps: str) -> Check:
    """The element is there, even empty."""
    inside = path(steps)
    return lambda element, _: bool(inside(element))


def any_of(*steps: str) -> Check:
    """At least one of the elements is there."""
    insides = [path(one) for one in steps]
    return lambda element, _: any(inside(element) for inside in insides)


def all_of(*steps: str) -> Check:
    """All of the elements are there."""
    insides = [path(one) for one in steps]
    return lambda element, _: all(inside(element) for inside in insides)


def none_of(*steps: str) -> Check:
    """None of the elements is there."""
    insides = [path(one) for one in steps]
    return lambda element, _: not any(inside(element) for inside in insides)


def at_most_one(steps: str) -> Check:
    """The element is there once at most."""
    inside = path(steps)
    return lambda element, _: len(inside(element)) <= 1


def filled(steps: str) -> Check:
    """One of the elements has a text, if only a blank."""
    inside = path(steps)
    return lambda element, _: any(said(one) for one in inside(element))


def trimmed(steps: str) -> Check:
    """One of the elements says more than white space."""
    inside = path(steps)
    return lambda element, _: any(normalized(said(one)) for one in inside(element))


def has_attribute(steps: str, name: str) -> Check:
    """One of the elements has the attribute, even empty."""
    inside = path(steps)
    return lambda element, _: any(one.get(name) is not None for one in inside(element))


def attribute_if_there(holder: str, steps: str, name: str) -> Check:
    """Where there is a holder, one of the elements has the attribute, not empty."""
    holders, inside = path(holder), path(steps)
    return lambda element, _: not holders(element) or any(one.get(name) for one in inside(element))


def at_most_cents(steps: str) -> Check:
    """The amount has at most two characters behind its point, as it is written."""
    inside = path(steps)

    def kept(element: Element, _: Facts) -> bool:
        found = inside(element)
        return not found or len(said(found[0]).partition(".")[2]) <= 2

    return kept


def in_cents(element: Element) -> bool:
    """The value is one of whole cents."""
    value = double(said(element))
    return value == double_round(value * 100) / 100


def equals_zero(steps: str) -> Check:
    """One of the numbers is 0."""
    inside = path(steps)
    return lambda element, _: any(untyped(said(one)) == ZERO for one in inside(element))


def not_below_zero(elements: Sequence[Element]) -> bool:
    """One of the numbers is 0 or more."""
    return any(untyped(said(one)) >= ZERO for one in elements)


def same_number(element: Element, number: float) -> bool:
    """Whether an untyped value is just that number."""
    return ordered(double(said(element))) == ordered(number)


def in_order(start: str, end: str) -> Check:
    """The end is not before the start, where both are there: the texts of days in format 102 are compared."""
    starts, ends = path(start), path(end)

    def kept(period: Element, _: Facts) -> bool:
        first, last = starts(period), ends(period)
        return not first or not last or any(late >= early for late in _days(last) for early in _days(first))

    return kept


_DAY = path("udt:DateTimeString")


def _days(moments: Elements) -> list[str]:
    return [said(day) for moment in moments for day in _DAY(moment) if day.get("format") == "102"]
