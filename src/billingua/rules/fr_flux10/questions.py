"""The questions of the table. Each says what was expected, once for each promise that an element does not keep.

One rule may make several promises; the artefact reports each that is broken, and so do these.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from math import nan
from typing import Any, Final

from billingua.engine.failure import Failure
from billingua.engine.locate import Element, Located
from billingua.engine.xml import said
from billingua.rules.fr_flux10.table import asks
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

__all__ = ["sweep"]

Question = Callable[[Element, str], Iterator[str]]

_CENT: Final = Decimal("0.01")
_SHOWN: Final = 200


def sweep(_: Located, facts: Any) -> Iterator[Failure]:
    """Every rule of the table, of each element that its paths lead to."""
    if not facts.known:
        return
    for ask in asks():
        question = _QUESTIONS[ask.question]
        for path in ask.paths:
            for element in facts.by_path.get(path, ()):
                if ask.scheme and element.get("schemeId") != ask.scheme:
                    continue
                for expected in question(element, ask.argument):
                    values = {"found": _shown(element), "expected": expected}
                    yield Failure(ask.rule, element, element, values, facts.group)


def _shown(element: Element) -> str:
    if len(element):
        return "not as it must be"
    attributes = "".join(f" (@{name} {text!r})" for name, text in element.items())
    return f"{said(element)!r}{attributes}"[:_SHOWN]


def _texts(element: Element, path: str) -> list[str]:
    if "/" in path:
        return [said(one) for one in element.iterfind(path)]
    return [said(one) for one in element if one.tag == path]


def _has(element: Element, path: str) -> bool:
    return element.find(path) is not None


# texts


def identifier(element: Element, longest: str) -> Iterator[str]:
    return wrong_identifier(said(element), longest)


def moment(element: Element, _: str) -> Iterator[str]:
    return _dated(said(element), 14, "YYYYMMDDHHMMSS")


def day(element: Element, _: str) -> Iterator[str]:
    return _dated(said(element), 8, "YYYYMMDD")


def _dated(text: str, digits: int, form: str) -> Iterator[str]:
    if not re.fullmatch(rf"\d{{{digits}}}", text):
        yield form
    elif not in_this_century(text):
        yield "a year from 2000 to 2099"


def one_of(element: Element, codes: str) -> Iterator[str]:
    if said(element) not in codes.split():
        yield either(codes)


def form(element: Element, pattern: str) -> Iterator[str]:
    if not re.fullmatch(pattern, said(element), re.DOTALL):
        yield _FORMS[pattern]


def of_scheme(element: Element, argument: str) -> Iterator[str]:
    scheme, pattern = argument.split()
    yield from scheme_one_of(element, scheme)
    yield from form(element, pattern)


def scheme_one_of(element: Element, schemes: str) -> Iterator[str]:
    if element.get("schemeId") not in schemes.split():
        yield f"the schemeId {either(schemes)}"


def qualifier(element: Element, wanted: str) -> Iterator[str]:
    if element.get("qualifyingId") != wanted:
        yield f"the qualifyingId {wanted}"


_FORMS: Final = {
    r".{4}": "4 characters",
    r"\d{9}": "9 digits",
    r"\d{9,10}": "9 or 10 digits",
    r".{0,18}": "at most 18 characters",
    r"[A-Z]{2}": "a country code of two capital letters",
    r"[A-Z]{3}": "a currency code of three capital letters",
}


# numbers


def rate(element: Element, _: str) -> Iterator[str]:
    return wrong_rate(said(element))


def amount(element: Element, places: str) -> Iterator[str]:
    yield from wrongly_written(said(element), "-?", places)


def price(element: Element, places: str) -> Iterator[str]:
    yield from wrongly_written(said(element), "", places)


def vat_total(element: Element, places: str) -> Iterator[str]:
    if element.get("CurrencyCode") != "EUR":
        yield "the CurrencyCode EUR"
    yield from amount(element, places)


def invoice_totals(invoice: Element, currency: str) -> Iterator[str]:
    if currency in _texts(invoice, "CurrencyCode"):
        net, vat = _texts(invoice, "MonetaryTotal/TaxExclusiveAmount"), _texts(invoice, "MonetaryTotal/TaxAmount")
        if net and not _adds_up(net, _texts(invoice, "TaxSubTotal/TaxableAmount")):
            yield _SUM_OF_BASES
        if vat and not _adds_up(vat, _texts(invoice, "TaxSubTotal/TaxAmount")):
            yield _SUM_OF_VAT


def day_totals(transactions: Element, currency: str) -> Iterator[str]:
    if currency in _texts(transactions, "TransactionsCurrency"):
        if not _adds_up(_texts(transactions, "TaxExclusiveAmount"), _texts(transactions, "TaxSubtotal/TaxableAmount")):
            yield _SUM_OF_BASES
        if not _adds_up(_texts(transactions, "TaxTotal"), _texts(transactions, "TaxSubtotal/TaxTotal")):
            yield _SUM_OF_VAT


_SUM_OF_BASES: Final = "a total without VAT that is the sum of the bases, within 0.01 for each"
_SUM_OF_VAT: Final = "a total of VAT that is the sum over the rates, within 0.01 for each"


def _adds_up(totals: Sequence[str], parts: Sequence[str]) -> bool:
    """In floating point, as the artefact adds; a sum with a text that is no amount is not looked at."""
    if any(wrongly_written(text, "-?", "2") for text in (*totals, *parts)):
        return True
    total, added = number(totals[0]) if totals else nan, 0.0
    for part in parts:
        added += number(part)
    return abs(total - added) <= float(_CENT * len(parts))


def discounted(line_price: Element, _: str) -> Iterator[str]:
    names = ("PriceAmount", "AllowanceChargeBaseAmount", "AllowanceChargeAmount")
    texts = [_texts(line_price, name) for name in names]
    if not all(texts) or any(wrongly_written(text, "", "6") for one in texts for text in one):
        return
    net, gross, discount = (number(one[0]) for one in texts)
    if not abs(net - (gross - discount)) <= float(_CENT):
        yield "the gross price less the discount, within 0.01"


# what stands beside what


def one_report(document: Element, _: str) -> Iterator[str]:
    report = document.getparent()
    assert report is not None
    if len([*report.iterchildren("TransactionsReport", "PaymentsReport")]) != 1:
        yield "either a TransactionsReport or a PaymentsReport, and one of them"


def period(element: Element, _: str) -> Iterator[str]:
    starts, ends = _texts(element, "StartDate"), _texts(element, "EndDate")
    if starts and ends and not any(end > start for start in starts for end in ends):
        yield "an end that is later than the start, by a day at least"


def no_deposit(invoice: Element, _: str) -> Iterator[str]:
    if FINAL & {*_texts(invoice, "BusinessProcess/ID")} and DEPOSITS & {*_texts(invoice, "TypeCode")}:
        yield "no deposit (386, 500, 503) in the frameworks B4, S4 and M4, which are for the invoice after one"


def credit_without_vat(invoice: Element, _: str) -> Iterator[str]:
    reasons = _texts(invoice, "TaxSubTotal/TaxCategory/TaxExemptionReasonCode")
    if "VATEX-FR-CNWVAT" in reasons and not CREDITS & {*_texts(invoice, "TypeCode")}:
        yield "VATEX-FR-CNWVAT in a credit note (261, 381, 396) only"


def corrected_once(invoice: Element, _: str) -> Iterator[str]:
    if not CORRECTIVE & {*_texts(invoice, "TypeCode")}:
        return
    if len(invoice.findall("ReferencedDocument")) != 1 or not _has(invoice, "ReferencedDocument/IssueDate"):
        yield "exactly one preceding invoice, with its date"


def credited(invoice: Element, _: str) -> Iterator[str]:
    if not CREDITS_WITH_REFERENCE & {*_texts(invoice, "TypeCode")} or _has(invoice, "ReferencedDocument/IssueDate"):
        return
    lines = invoice.findall("Line")
    if not lines or not all(_has(line, f"ReferencedDocument/{name}") for line in lines for name in ("ID", "IssueDate")):
        yield "a preceding invoice with its date, in the invoice or in each line"


def has(element: Element, path: str) -> Iterator[str]:
    if not _has(element, path):
        yield f"an element {path}"


def vat_number(party: Element, schemes: str) -> Iterator[str]:
    known = {one.get("schemeId") for one in party.iterfind("CompanyId")}
    if known & {*schemes.split()} and not _has(party, "TaxRegistrationId"):
        yield f"a TaxRegistrationId beside a CompanyId with the schemeId {either(schemes)}"


def exempt_seller(invoice: Element, _: str) -> Iterator[str]:
    if "E" in _texts(invoice, "TaxSubTotal/TaxCategory/Code") and not (
        _has(invoice, "Seller/TaxRegistrationId") or _has(invoice, "SellerTaxRepresentative/TaxRegistrationId")
    ):
        yield "a VAT number of the seller or of its tax representative, where VAT of category E is"


def exemption(subtotal: Element, _: str) -> Iterator[str]:
    if "E" in _texts(subtotal, "TaxCategory/Code") and not (
        _has(subtotal, "TaxCategory/TaxExemptionReasonCode") and _has(subtotal, "TaxCategory/TaxExemptionReason")
    ):
        yield "a TaxExemptionReason and a TaxExemptionReasonCode, where VAT is of category E"


def in_euros(paid: Element, _: str) -> Iterator[str]:
    codes = _texts(paid, "CurrencyCode")
    if codes and "EUR" not in codes and re.fullmatch("[A-Z]{3}", codes[0]):
        yield "the CurrencyCode EUR, or none"


_QUESTIONS: Final[dict[str, Question]] = {
    "amount": amount,
    "corrected_once": corrected_once,
    "credit_without_vat": credit_without_vat,
    "credited": credited,
    "day": day,
    "day_totals": day_totals,
    "discounted": discounted,
    "exempt_seller": exempt_seller,
    "exemption": exemption,
    "form": form,
    "has": has,
    "identifier": identifier,
    "in_euros": in_euros,
    "invoice_totals": invoice_totals,
    "moment": moment,
    "no_deposit": no_deposit,
    "of_scheme": of_scheme,
    "one_of": one_of,
    "one_report": one_report,
    "period": period,
    "price": price,
    "qualifier": qualifier,
    "rate": rate,
    "scheme": scheme_one_of,
    "vat_number": vat_number,
    "vat_total": vat_total,
}
