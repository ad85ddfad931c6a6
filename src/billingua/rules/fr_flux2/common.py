"""What both syntaxes ask alike. Where an invoice says a thing is given as steps from the root; True means kept."""

from collections.abc import Callable, Iterator, Mapping

from billingua.engine.locate import Element
from billingua.engine.values import decimal, normalized
from billingua.rules.elements import Elements, said, texts, with_scheme
from billingua.rules.fr_flux2.checks import OF_PREPAYMENT, PAID
from billingua.rules.fr_flux2.facts import Facts
from billingua.rules.fr_flux2.lines import Line

__all__ = [
    "Kept",
    "Where",
    "at",
    "br_fr_co_03",
    "br_fr_co_08",
    "br_fr_co_09_1",
    "br_fr_co_09_2",
    "br_fr_co_12",
    "first",
    "is_paid",
    "root",
    "single_taxable_person",
    "terms_of_group",
]

Where = Callable[[Facts], Elements]
Kept = Callable[[Element, Facts], bool]


def at(steps: str) -> Where:
    """The elements that steps lead to from the root."""
    return lambda facts: facts.at(steps)


def root(facts: Facts) -> Elements:
    """The invoice itself."""
    return facts.invoices


def first(found: list[str]) -> str:
    """The first text, "" where there is none."""
    return found[0] if found else ""


def br_fr_co_03(*needed: str) -> Kept:
    """A global discount (262) names the contract and the whole period."""
    return lambda _, facts: "262" not in facts.types or all(first(facts.texts(steps)) for steps in needed)


def br_fr_co_08(_: Element, facts: Facts) -> bool:
    """A final invoice after an advance is not itself an advance."""
    return {"B4", "S4", "M4"}.isdisjoint(facts.frameworks) or OF_PREPAYMENT.isdisjoint(facts.types)


def is_paid(facts: Facts) -> bool:
    """The framework is one of an invoice that is paid already (x2)."""
    return not PAID.isdisjoint(facts.frameworks)


def br_fr_co_09_1(prepaid: str, gross: str) -> Kept:
    """What is paid is the whole."""

    def kept(_: Element, facts: Facts) -> bool:
        if not is_paid(facts):
            return True
        paid, whole = facts.texts(prepaid), facts.texts(gross)
        return bool(paid and whole) and decimal(paid[0]) == decimal(whole[0])

    return kept


def br_fr_co_09_2(due: str) -> Kept:
    """Nothing is left to pay."""

    def kept(_: Element, facts: Facts) -> bool:
        left = facts.texts(due) if is_paid(facts) else ["0"]
        return bool(left) and decimal(left[0]) == 0

    return kept


def br_fr_co_12(currency: str, taxes: str, accounting: str) -> Kept:
    """An invoice in another currency states its VAT in euros as well."""

    def kept(_: Element, facts: Facts) -> bool:
        if all(one == "EUR" for one in facts.texts(currency)):
            return True
        in_euros = [said(one) for one in facts.at(taxes) if one.get("currencyID") == "EUR"]
        return "EUR" in facts.texts(accounting) and first(in_euros) != ""

    return kept


def single_taxable_person(facts: Facts, identifiers: str) -> bool:
    """The seller is a member of a single taxable person (VAT group)."""
    return bool(with_scheme(facts.at(identifiers), "0231"))


def terms_of_group(
    line: Line, facts: Facts, needed: Mapping[str, str], currency: str, accounting: str
) -> Iterator[str]:
    """The terms that a sub-invoice must state and does not: those that steps lead to from its line, and its VAT in the
    currency of the invoice and in that of the accounts.
    """
    for term, steps in needed.items():
        if not normalized(first(texts(line.element, steps))):
            yield term
    accounts = facts.texts(accounting)
    for term, currencies in (("181", facts.texts(currency)), ("182", accounts)):
        amounts = [said(one) for one in line.taxes if one.get("currencyID") in currencies]
        stated = normalized(first(amounts)) and any(currencies)
        if not stated and (term == "181" or currencies):
            yield term
