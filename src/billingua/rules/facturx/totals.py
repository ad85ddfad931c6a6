"""The document totals (BG-22) and the sums they must make."""

from collections.abc import Iterable
from decimal import Decimal
from math import isfinite

from billingua.engine.locate import Element
from billingua.engine.numbers import ZERO, round_half_up, total
from billingua.engine.rule import NotAsked
from billingua.engine.values import ZERO as NOUGHT
from billingua.engine.values import decimal, double, double_round2, double_sum, ordered, untyped
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, path, said
from billingua.rules.facturx.checks import anywhere, at_most_cents, in_cents, there
from billingua.rules.facturx.facts import HEADER, LOGISTICS, Facts, detailed

__all__ = ["ASKS"]

_TOTALS = "SpecifiedTradeSettlementHeaderMonetarySummation"
_TOLERANCE = Decimal("0.01")
"""So much may a sum be off for each amount in it, under EXTENDED."""

_lines_sum = path("LineTotalAmount")
_allowances_sum = path("AllowanceTotalAmount")
_charges_sum = path("ChargeTotalAmount")
_net = path("TaxBasisTotalAmount")
_vat = path("TaxTotalAmount")
_gross = path("GrandTotalAmount")
_prepaid = path("TotalPrepaidAmount")
_rounding = path("RoundingAmount")
_due = path("DuePayableAmount")
_amount = path("ActualAmount")
_lines_around = path("../../IncludedSupplyChainTradeLineItem")
_line_amount = path("SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
_charges_around = path("../SpecifiedTradeAllowanceCharge")
_logistics_around = path("../SpecifiedLogisticsServiceCharge")
_applied = path("AppliedAmount")
_currencies_around = path("../InvoiceCurrencyCode")
_adjustments_around = path("../SpecifiedFinancialAdjustment/ActualAmount")
_indicator = path("ChargeIndicator/udt:Indicator")


def _first(found: Elements) -> Decimal | None:
    """The first amount, None where there is none."""
    return decimal(said(found[0])) if found else None


def _only(found: Elements) -> Decimal | None:
    """The one amount, None where there is none.

    Raises:
        NotAsked: there are several, or it cannot be read.
    """
    if len(found) > 1:
        raise NotAsked
    return _first(found)


def _sum(elements: Iterable[Element]) -> Decimal:
    return total(decimal(said(one)) for one in elements)


def _rounded_sum(elements: Iterable[Element]) -> Decimal:
    return round_half_up(_sum(elements), 2)


def _amounts(charges: Iterable[Element]) -> Elements:
    return [amount for one in charges for amount in _amount(one)]


def br_53(totals: Element, facts: Facts) -> bool:
    accounting = facts.accounting_currencies
    if not accounting:
        return True
    named = any(one.get("currencyID") in accounting for one in _vat(totals))
    return named and not any(one in facts.currencies for one in accounting)


def br_dec_13(totals: Element, facts: Facts) -> bool:
    stated = _vat(totals)
    return not stated or any(one.get("currencyID") not in facts.currencies or in_cents(one) for one in stated)


def br_dec_15(totals: Element, facts: Facts) -> bool:
    stated, accounting = _vat(totals), facts.accounting_currencies
    if not stated or not accounting:
        return True
    return any(one.get("currencyID") in accounting and in_cents(one) for one in stated)


def br_co_10(totals: Element, _: Facts) -> bool:
    """The sum is made in floating point, over the lines of the same transaction."""
    stated = _only(_lines_sum(totals))
    lines = _floating_sum(amount for line in _lines_around(totals) for amount in _line_amount(line))
    return stated is not None and stated == round_half_up(Decimal(lines), 2)


def _floating_sum(elements: Iterable[Element]) -> float:
    """A sum made in floating point.

    Raises:
        NotAsked: it is no finite number.
    """
    result = double_sum(elements)
    if not isfinite(result):
        raise NotAsked
    return result


def br_co_11(totals: Element, facts: Facts) -> bool:
    allowances, stated = facts.charged("false"), _allowances_sum(totals)
    if not allowances and not stated:
        return True
    return any(_is_sum(one, _amounts(allowances)) for one in stated)


def _is_sum(stated: Element, amounts: Elements) -> bool:
    """Whether an amount is the sum of others, made in floating point, to the cent; where there are none, 0."""
    if not amounts:
        return untyped(said(stated)) == NOUGHT
    return ordered(double(said(stated))) == ordered(double_round2(double_sum(amounts)))


def br_co_12(totals: Element, facts: Facts) -> bool:
    """The sums are made in floating point; the total is that of the whole document."""
    charges = facts.charged("true")
    if not charges and not _charges_sum(totals):
        return True
    stated = facts.below(f"{HEADER}/{_TOTALS}/ChargeTotalAmount")
    if len(stated) > 1:
        raise NotAsked
    applied = [one for fee in facts.below(LOGISTICS) for one in _applied(fee)]
    expected = double_round2(double_round2(double_sum(_amounts(charges))) + double_round2(double_sum(applied)))
    return bool(stated) and double_round2(double(said(stated[0]))) == expected


def br_co_13(totals: Element, _: Facts) -> bool:
    net, lines = _first(_net(totals)), _first(_lines_sum(totals))
    if net is None or lines is None:
        return False
    allowances, charges = _first(_allowances_sum(totals)) or ZERO, _first(_charges_sum(totals)) or ZERO
    return net == round_half_up(total((lines, -allowances, charges)), 2)


def br_co_15(_totals: Element, facts: Facts) -> bool:
    gross = _first(facts.below(f"{HEADER}/{_TOTALS}/GrandTotalAmount"))
    net = _first(facts.below(f"{HEADER}/{_TOTALS}/TaxBasisTotalAmount"))
    for currency in facts.currencies:
        if gross is None or net is None:
            return False
        stated = facts.below(f"{HEADER}/{_TOTALS}/TaxTotalAmount")
        vat = [one for one in stated if one.get("currencyID") == currency]
        with_vat = len(vat) == 1 and gross == round_half_up(net + decimal(said(vat[0])), 2)
        if not with_vat and gross != net:
            return False
    return True


def br_co_16(totals: Element, _: Facts) -> bool:
    due, gross = _first(_due(totals)), _first(_gross(totals))
    if due is None or gross is None:
        return False
    prepaid, rounding = _first(_prepaid(totals)) or ZERO, _first(_rounding(totals)) or ZERO
    return due == total((gross, -prepaid, rounding))


def br_fxext_co_10(totals: Element, _: Facts) -> bool:
    stated = _only(_lines_sum(totals))
    return stated is not None and abs(stated - _counted(totals)) <= _TOLERANCE * len(_lines_around(totals))


def _counted(totals: Element) -> Decimal:
    """The sum of the lines that count."""
    return _rounded_sum(amount for line in _lines_around(totals) if detailed(line) for amount in _line_amount(line))


def br_fxext_co_11(totals: Element, facts: Facts) -> bool:
    """The sum is made in floating point."""
    allowances, stated = facts.charged("false"), _only(_allowances_sum(totals))
    if stated is None:
        return not allowances
    expected = Decimal(double_round2(_floating_sum(_amounts(allowances))))
    return abs(stated - expected) <= _TOLERANCE * len(_beside(totals, "false"))


def _beside(totals: Element, indicator: str) -> Elements:
    """The allowances or charges in the same settlement."""
    return [one for one in _charges_around(totals) if any(said(sign) == indicator for sign in _indicator(one))]


def _charged(facts: Facts) -> Decimal:
    """The charges and logistics service charges of the document."""
    fees = [one for fee in facts.below(LOGISTICS) for one in _applied(fee)]
    return _rounded_sum(_amounts(facts.charged("true"))) + _rounded_sum(fees)


def br_fxext_co_12(totals: Element, facts: Facts) -> bool:
    stated = _only(_charges_sum(totals))
    if stated is None:
        return not facts.charged("true")
    parts = len(_beside(totals, "true")) + len(_logistics_around(totals))
    return abs(stated - _charged(facts)) <= _TOLERANCE * parts


def _parts(totals: Element) -> int:
    """How many amounts the net total is made of."""
    lines = [line for line in _lines_around(totals) if detailed(line)]
    charges = [*_beside(totals, "false"), *_beside(totals, "true"), *_logistics_around(totals)]
    return len(lines) + len(charges)


def br_fxext_co_13(totals: Element, facts: Facts) -> bool:
    net = _only(_net(totals))
    if net is None:
        return False
    expected = total((_counted(totals), -_rounded_sum(_amounts(facts.charged("false"))), _charged(facts)))
    return abs(net - expected) <= _TOLERANCE * _parts(totals)


def br_fxext_co_15(totals: Element, _: Facts) -> bool:
    """Without a currency, or without one of the three amounts, it is not kept."""
    net, gross = _only(_net(totals)), _only(_gross(totals))
    vat = [
        stated
        for currency in _currencies_around(totals)
        if (stated := _only([one for one in _vat(totals) if one.get("currencyID") == said(currency)])) is not None
    ]
    if len(vat) > 1:
        raise NotAsked
    if net is None or gross is None or not vat:
        return False
    return abs(gross - vat[0] - net) <= _TOLERANCE * _parts(totals)


def br_fxext_co_16(totals: Element, _: Facts) -> bool:
    due = _only(_due(totals))
    if due is None:
        return False
    expected = total(
        (_sum(_gross(totals)), -_sum(_prepaid(totals)), _sum(_rounding(totals)), _sum(_adjustments_around(totals)))
    )
    return due == expected


def br_co_14(vat_total: Element, facts: Facts) -> bool:
    """The sum is made in floating point, over the VAT breakdown of the whole document."""
    return _is_sum(vat_total, facts.below(f"{HEADER}/ApplicableTradeTax/CalculatedAmount"))


def _in_invoice_currency(facts: Facts) -> Elements:
    return [one for one in facts.anywhere(f"{_TOTALS}/TaxTotalAmount") if one.get("currencyID") in facts.currencies]


_BG_22 = anywhere(_TOTALS)

ASKS = (
    Ask("BR-12", _BG_22, there("LineTotalAmount")),
    Ask("BR-13", _BG_22, there("TaxBasisTotalAmount")),
    Ask("BR-14", _BG_22, there("GrandTotalAmount")),
    Ask("BR-15", _BG_22, there("DuePayableAmount")),
    Ask("BR-53", _BG_22, br_53),
    Ask("BR-DEC-09", _BG_22, at_most_cents("LineTotalAmount")),
    Ask("BR-DEC-10", _BG_22, at_most_cents("AllowanceTotalAmount")),
    Ask("BR-DEC-11", _BG_22, at_most_cents("ChargeTotalAmount")),
    Ask("BR-DEC-12", _BG_22, at_most_cents("TaxBasisTotalAmount")),
    Ask("BR-DEC-13", _BG_22, br_dec_13),
    Ask("BR-DEC-14", _BG_22, at_most_cents("GrandTotalAmount")),
    Ask("BR-DEC-15", _BG_22, br_dec_15),
    Ask("BR-DEC-16", _BG_22, at_most_cents("TotalPrepaidAmount")),
    Ask("BR-DEC-17", _BG_22, at_most_cents("RoundingAmount")),
    Ask("BR-DEC-18", _BG_22, at_most_cents("DuePayableAmount")),
    Ask("BR-CO-10", _BG_22, br_co_10),
    Ask("BR-CO-11", _BG_22, br_co_11),
    Ask("BR-CO-12", _BG_22, br_co_12),
    Ask("BR-CO-13", _BG_22, br_co_13),
    Ask("BR-CO-14", _in_invoice_currency, br_co_14),
    Ask("BR-CO-15", _BG_22, br_co_15),
    Ask("BR-CO-16", _BG_22, br_co_16),
    Ask("BR-FXEXT-CO-10", _BG_22, br_fxext_co_10),
    Ask("BR-FXEXT-CO-11", _BG_22, br_fxext_co_11),
    Ask("BR-FXEXT-CO-12", _BG_22, br_fxext_co_12),
    Ask("BR-FXEXT-CO-13", _BG_22, br_fxext_co_13),
    Ask("BR-FXEXT-CO-15", _BG_22, br_fxext_co_15),
    Ask("BR-FXEXT-CO-16", _BG_22, br_fxext_co_16),
)
