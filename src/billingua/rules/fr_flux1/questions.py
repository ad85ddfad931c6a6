"""The questions of the table. Each says what was found and what was expected, once for each promise not kept.

The artefact asks some of them twice (of an element, and of the group around it); here each is asked once.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from math import nan
from typing import Any, Final

from billingua.engine.failure import Failure
from billingua.engine.locate import Element, Located
from billingua.engine.rule import Sweep
from billingua.engine.values import normalized
from billingua.rules.elements import Elements, inside, said, tag_of_step
from billingua.rules.fr_flux1.table import asks
from billingua.rules.portal import (
    CORRECTIVE,
    CREDITS,
    CREDITS_WITH_REFERENCE,
    DEPOSITS,
    FINAL,
    either,
    in_this_century,
    number,
    wrong_identifier,
    wrong_rate,
    wrongly_written,
)

__all__ = ["rule_sweep"]

Wrong = tuple[str, str]
"""What was found ("" where it is no one text), and what was expected ("" where it is missing)."""

Question = Callable[[Element, str], Iterator[Wrong]]

_SHOWN: Final = 200
_CENT: Final = 0.01
_MISSING: Final = ("", "")


def rule_sweep(subset: str, format_name: str) -> Sweep:
    """What a document of a wire format breaks of the rules of a subset."""

    def sweep(_: Located, facts: Any) -> Iterator[Failure]:
        if not facts.known:
            return
        for ask in asks(subset, format_name):
            question = _QUESTIONS[ask.question]
            for element in facts.at(ask.where):
                if ask.scheme and element.get("schemeID") != ask.scheme:
                    continue
                for found, expected in question(element, ask.argument):
                    values = {"name": ask.name, "said": _words(found, expected)}
                    yield Failure(ask.rule, element, element, values, facts.group)

    return sweep


def _words(found: str, expected: str) -> str:
    if not expected:
        return "is missing"
    return f"is {found[:_SHOWN]!r}; expected {expected}" if found else f"is not as it must be: expected {expected}"


# steps


def _at(element: Element, steps: str) -> Elements:
    """The elements that steps lead to; beyond `>`, only through those that say they are no charge."""
    through, _, beyond = steps.partition(">")
    found = inside(element, through)
    if beyond:
        found = [
            one
            for around in found
            if "false" in _texts(around, "cbc:ChargeIndicator")
            for one in inside(around, beyond)
        ]
    return found


def _texts(element: Element, steps: str) -> list[str]:
    return [said(one) for one in _at(element, steps)]


def _has(element: Element, steps: str) -> bool:
    return bool(_at(element, steps))


def _of(text: str, expected: Iterable[str]) -> Iterator[Wrong]:
    return ((text or "(empty)", one) for one in expected)


# texts


def identifier(element: Element, longest: str) -> Iterator[Wrong]:
    return _of(said(element), wrong_identifier(said(element), longest))


def one_of(element: Element, codes: str) -> Iterator[Wrong]:
    if said(element) not in codes.split():
        yield from _of(said(element), [either(codes)])


_FORMS: Final = {"YYYYMMDD": re.compile(r"\d{8}"), "YYYY-MM-DD": re.compile(r"\d{4}-\d{2}-\d{2}")}


def day(element: Element, form: str) -> Iterator[Wrong]:
    if not _FORMS[form].fullmatch(said(element)):
        yield from _of(said(element), [form])


def year(element: Element, form: str) -> Iterator[Wrong]:
    if _FORMS[form].fullmatch(said(element)) and not in_this_century(said(element)):
        yield from _of(said(element), ["a year from 2000 to 2099"])


def digits(element: Element, many: str) -> Iterator[Wrong]:
    if not re.fullmatch(rf"\d{{{many}}}", said(element)):
        yield from _of(said(element), [f"{many} digits"])


def at_most(element: Element, many: str) -> Iterator[Wrong]:
    if len(said(element)) > int(many):
        yield from _of(said(element), [f"at most {many} characters"])


def scheme(element: Element, schemes: str) -> Iterator[Wrong]:
    if element.get("schemeID") not in schemes.split():
        yield f"{said(element)} of scheme {element.get('schemeID') or '(none)'}", f"the scheme {either(schemes)}"


def country(element: Element, _: str) -> Iterator[Wrong]:
    if not re.fullmatch("[A-Z]{2}", said(element)) or said(element) == "EL":
        yield from _of(said(element), ["two capital letters, GR for Greece"])


def currency(document: Element, steps: str) -> Iterator[Wrong]:
    code = "".join(_texts(document, steps)[:1])
    if not re.fullmatch("[A-Z]{3}", code):
        yield from _of(code, ["three capital letters"])


def says(element: Element, argument: str) -> Iterator[Wrong]:
    steps, codes = argument.split("|")
    found = _texts(element, steps)
    if not {*codes.split()} & {*found}:
        yield from _of(", ".join(found), [either(codes)])


def kind_of_tax(element: Element, argument: str) -> Iterator[Wrong]:
    path, kind = argument.split("|")
    steps, _, attribute = path.partition("@")
    for one in _at(element, steps):
        text = (one.get(attribute) or "") if attribute else said(one)
        if text != kind:
            yield from _of(text, [kind])


# numbers


def amount(element: Element, prices: str) -> Iterator[Wrong]:
    """Not of prices, nor of what stands in them."""
    tags = {tag_of_step(step) for step in prices.split()}
    if not any(around.tag in tags for around in element.iterancestors()):
        yield from _of(said(element), wrongly_written(said(element), "-?", "2"))


def price(element: Element, _: str) -> Iterator[Wrong]:
    return _of(said(element), wrongly_written(said(element), "", "6"))


def quantity(element: Element, _: str) -> Iterator[Wrong]:
    wrong = wrongly_written(said(element), "-?", "4")
    return _of(said(element), takewhile(lambda one: one.startswith("a number"), wrong))


def rate(element: Element, steps: str) -> Iterator[Wrong]:
    text = "".join(_texts(element, steps)[:1])
    return _of(text, wrong_rate(text))


def rate_if_any(element: Element, steps: str) -> Iterator[Wrong]:
    if _has(element, steps):
        yield from rate(element, steps)


def rate_of_allowance(element: Element, argument: str) -> Iterator[Wrong]:
    charge, steps = argument.split("|")
    if not {"true", "1"} & {*_texts(element, charge)} and not normalized("".join(_texts(element, steps)[:1])):
        yield _MISSING


def sum_of_bases(document: Element, argument: str) -> Iterator[Wrong]:
    total, parts = (_texts(document, steps) for steps in argument.split("|"))
    if total and parts and not _adds_up(total[0], parts):
        yield total[0], "the sum of the taxable amounts (BT-116), within 0.01"


def sum_of_vat(document: Element, argument: str) -> Iterator[Wrong]:
    """The total in the currency that is named; if none is, that of the VAT breakdown.

    In CII the portal compares the total in euros with the breakdown, in whatever currency that is: of invoices in
    another currency only those pass whose VAT is nothing. In UBL the artefact stops with an error at a second total.
    """
    steps, of_parts, code = argument.split("|")
    parts = _at(document, of_parts)
    totals = [one for one in _at(document, steps) if not code or one.get("currencyID") == code]
    if not code:
        around = [part.getparent() for part in parts]
        totals = [
            one for one in totals if any(one.getparent() is group.getparent() for group in around if group is not None)
        ]
    if totals and parts and not _adds_up(said(totals[0]), [said(part) for part in parts]):
        yield said(totals[0]), "the sum of the taxes of the VAT breakdown (BT-117), within 0.01"


def _adds_up(total: str, parts: Iterable[str]) -> bool:
    """In floating point, as the artefact adds."""
    added = 0.0
    for part in parts:
        added += number(part)
    return abs(number(total) - added) <= _CENT


def discounted(group: Element, argument: str) -> Iterator[Wrong]:
    net, gross, discount = (_texts(group, steps) for steps in argument.split("|"))
    if not gross:
        return
    less = number(discount[0]) if discount and discount[0] else 0.0
    if not abs((number(net[0]) if net else nan) - (number(gross[0]) - less)) <= _CENT:
        yield "".join(net[:1]), "the gross price (BT-148) less the discount (BT-147), within 0.01"


# what stands beside what


def has(element: Element, path: str) -> Iterator[Wrong]:
    steps, _, attribute = path.partition("@")
    found = _at(element, steps)
    if not (any(one.get(attribute) is not None for one in found) if attribute else found):
        yield _MISSING


def vat_number(party: Element, argument: str) -> Iterator[Wrong]:
    legal, vat, kind = argument.split("|")
    numbers = [said(one) for one in _at(party, vat) if not kind or one.get("schemeID") == kind]
    if {"0002", "0223"} & {one.get("schemeID") for one in _at(party, legal)} and not "".join(numbers[:1]):
        yield _MISSING


def no_deposit(document: Element, argument: str) -> Iterator[Wrong]:
    framework, kind = ({*_texts(document, steps)} for steps in argument.split("|"))
    if FINAL & framework and DEPOSITS & kind:
        yield ", ".join(framework), f"another one in a deposit ({either(' '.join(sorted(DEPOSITS)))})"


def in_euros(document: Element, argument: str) -> Iterator[Wrong]:
    code, totals = argument.split("|")
    in_other = any(text != "EUR" for text in _texts(document, code))
    if in_other and not any(one.get("currencyID") == "EUR" for one in _at(document, totals)):
        yield _MISSING


def period(element: Element, argument: str) -> Iterator[Wrong]:
    starts, ends = (_texts(element, steps) for steps in argument.split("|"))
    if starts and ends and not any(end > start for start in starts for end in ends):
        yield f"{starts[0]} to {ends[0]}", "an end that is later than the start"


def preceding(document: Element, argument: str) -> Iterator[Wrong]:
    """BASE: in the head."""
    kind, documents, of_number = argument.split("|")
    kinds, numbers = {*_texts(document, kind)}, _at(document, f"{documents}/{of_number}")
    if CORRECTIVE & kinds and len(numbers) != 1:
        yield "", "one number (BT-25) in a corrective invoice"
    if CREDITS_WITH_REFERENCE & kinds and not numbers:
        yield _MISSING


def preceding_dated(document: Element, argument: str) -> Iterator[Wrong]:
    """FULL: with a date, in the head or in each line."""
    kind, documents, of_number, of_date, lines, of_line = argument.split("|")
    kinds, numbers = {*_texts(document, kind)}, _at(document, f"{documents}/{of_number}")
    every = _at(document, lines)
    dated = [one for one in every if _has(one, f"{of_line}/{of_number}") and _has(one, f"{of_line}/{of_date}")]
    on_lines = len(dated) == len(every)
    if numbers and any(_has(line, f"{of_line}/{of_number}") for line in every):
        yield "", "it in the head or in the lines, not in both"
    if CORRECTIVE & kinds and len(numbers) != 1 and (numbers or not (every and on_lines)):
        yield "", "one number (BT-25) in the head of a corrective invoice, or number and date in each line"
    if CREDITS_WITH_REFERENCE & kinds and not numbers and not (every and on_lines):
        yield _MISSING
    in_head = bool(numbers) and _has(document, f"{documents}/{of_date}")
    if (CORRECTIVE | CREDITS_WITH_REFERENCE) & kinds and not on_lines and not in_head:
        yield "", "number and date (BT-25, BT-26), in the head or in each line"


def alike(document: Element, steps: str) -> Iterator[Wrong]:
    codes = dict.fromkeys(_texts(document, steps))
    if len(codes) > 1:
        yield ", ".join(codes), "one code in all VAT breakdowns"


def exemption(document: Element, argument: str) -> Iterator[Wrong]:
    taxes, category, code, reason = argument.split("|")
    exempt = [one for one in _at(document, taxes) if "E" in _texts(one, category)]
    if exempt and not (any(_has(one, code) for one in exempt) and any(_has(one, reason) for one in exempt)):
        yield "", "a reason in words and as a code"


def exempt_seller(document: Element, argument: str) -> Iterator[Wrong]:
    category, *numbers = argument.split("|")
    if "E" in _texts(document, category) and not any(_has(document, steps) for steps in numbers):
        yield _MISSING


def credit_without_vat(document: Element, argument: str) -> Iterator[Wrong]:
    code, kind = argument.split("|")
    if "VATEX-FR-CNWVAT" in _texts(document, code) and not CREDITS & {*_texts(document, kind)}:
        yield "VATEX-FR-CNWVAT", "it in a credit note (261, 381, 396) only"


_OUT_OF_SCOPE: Final = re.compile(
    "VATEX-FR-CGI261(-[1234578]|A|B|C-[123]|D-(1|1BIS|2|3|4)|E-[12])",
)
"""The exemptions of article 261 of the French tax code."""


def in_scope(document: Element, argument: str) -> Iterator[Wrong]:
    """Of a document without any category the artefact says so too."""
    category, code = argument.split("|")
    reasons = [text for text in _texts(document, code) if _OUT_OF_SCOPE.fullmatch(text)]
    if all(text in ("O", "E") and reasons for text in _texts(document, category)):
        yield "".join(reasons[:1]), "VAT of another category than O and E beside it"


_QUESTIONS: Final[dict[str, Question]] = {
    question.__name__: question
    for question in (
        *(alike, amount, at_most, country, credit_without_vat, currency, day, digits, discounted, exempt_seller),
        *(exemption, has, identifier, in_euros, in_scope, kind_of_tax, no_deposit, one_of, period, preceding),
        *(preceding_dated, price, quantity, rate, rate_if_any, rate_of_allowance, says, scheme, sum_of_bases),
        *(sum_of_vat, vat_number, year),
    )
}
