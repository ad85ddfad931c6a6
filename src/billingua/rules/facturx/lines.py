"""Invoice lines (BG-25), their periods, allowances and charges."""

from collections import defaultdict
from math import nan

from billingua.codelists import codes
from billingua.engine.locate import Element
from billingua.engine.rule import NotAsked
from billingua.engine.values import double, double_round, normalized
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, only, path, said
from billingua.rules.facturx.checks import (
    all_of,
    any_of,
    anywhere,
    at_most_cents,
    attribute_if_there,
    filled,
    has_attribute,
    in_order,
    not_below_zero,
    root,
    says,
    there,
)
from billingua.rules.facturx.facts import LINES, Facts

__all__ = ["ASKS"]

_LINE = "IncludedSupplyChainTradeLineItem"
_SETTLEMENT = "SpecifiedLineTradeSettlement"
_AMOUNT = f"{_SETTLEMENT}/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount"
_QUANTITY = "SpecifiedLineTradeDelivery/BilledQuantity"
_NET_PRICE = "SpecifiedLineTradeAgreement/NetPriceProductTradePrice/ChargeAmount"
_GROSS_PRICE = "SpecifiedLineTradeAgreement/GrossPriceProductTradePrice/ChargeAmount"
_CLASSIFICATION = "SpecifiedTradeProduct/DesignatedProductClassification"

_amount = path(_AMOUNT)
_net_price = path(_NET_PRICE)
_gross_price = path(_GROSS_PRICE)
_taxes = path(f"{_SETTLEMENT}/ApplicableTradeTax")
_type = path("TypeCode")
_code = path("CategoryCode")
_id = path("AssociatedDocumentLineDocument/LineID")
_parent = path("AssociatedDocumentLineDocument/ParentLineID")
_kind = path("AssociatedDocumentLineDocument/LineStatusReasonCode")
_value = path("Value")
_measure = path("ValueMeasure")
_of_line = path("..")


def _has_lines(_: Element, facts: Facts) -> bool:
    return bool(facts.anywhere(_LINE))


def br_27(line: Element, _: Facts) -> bool:
    return not_below_zero(_net_price(line))


def br_28(line: Element, _: Facts) -> bool:
    gross = _gross_price(line)
    return not gross or not_below_zero(gross)


def br_co_04(line: Element, _: Facts) -> bool:
    return any(_code(tax) for tax in _taxes(line) if any(said(kind).upper() == "VAT" for kind in _type(tax)))


def br_fxext_co_04(document: Element, facts: Facts) -> bool:
    """The type must be written in capitals on one of the taxes."""
    line = _of_line(document)[0]
    return any(said(kind) == "VAT" for tax in _taxes(line) for kind in _type(tax)) and br_co_04(line, facts)


def _is(line: Element, kind: str) -> bool:
    return any(said(one) == kind for one in _kind(line))


def _names(elements: Elements) -> set[str]:
    return {normalized(said(one)) for one in elements}


def br_fxext_06(line: Element, _: Facts) -> bool:
    parents = _parent(line)
    return not parents or not normalized(said(parents[0])) or any(said(kind) for kind in _kind(line))


def br_fxext_08(_: Element, facts: Facts) -> bool:
    """Asked of each line, and answered for the whole document. The sum is made in floating point."""
    return facts.once("groups", lambda: _groups_add_up(facts.anywhere(_LINE)))


def _groups_add_up(lines: Elements) -> bool:
    """Whether each line that groups others has the sum of their net amounts, where it has an amount."""
    parts: defaultdict[str, list[float]] = defaultdict(list)
    for line in lines:
        if _is(line, "DETAIL") or _is(line, "GROUP"):
            parts[_first(_parent(line))].append(_number(_first(_amount(line))))
    groups = [(line, stated) for line in lines if _is(line, "GROUP") and (stated := _first(_amount(line)))]
    return all(_number(stated) == double_round(sum(parts[_first(_id(line))]) * 100) / 100 for line, stated in groups)


def _first(elements: Elements) -> str:
    return normalized(said(elements[0])) if elements else ""


def _number(text: str) -> float:
    """XPath's `number()`: what is none becomes NaN."""
    try:
        return double(text)
    except NotAsked:
        return nan


def br_fxext_11(line: Element, facts: Facts) -> bool:
    return _first(_parent(line)) in _names(facts.anywhere(f"{_LINE}/AssociatedDocumentLineDocument/LineID"))


def _has_parent(line: Element) -> bool:
    return bool(normalized(only(_parent(line))))


def br_fxext_12(group: Element, facts: Facts) -> bool:
    names = [said(one) for one in _id(group)]
    if len(names) > 1:
        raise NotAsked
    parts = [
        part for part in facts.below(LINES) if _is(part, "GROUP") and any(said(one) in names for one in _parent(part))
    ]
    return bool(names) and len(parts) == sum(len(_amount(part)) for part in parts)


def _is_group_with_amount(line: Element) -> bool:
    return _is(line, "GROUP") and bool(_amount(line))


def br_fxext_br_54_2(attribute: Element, _: Facts) -> bool:
    if _value(attribute):
        return not _measure(attribute)
    return any(one.get("unitCode") for one in _measure(attribute))


def br_fxext_04(kind: Element, _: Facts) -> bool:
    return normalized(said(kind)) in codes("untdid_6313")


def _counts(document: Element) -> bool:
    """Whether the line document is that of a line that counts."""
    kinds = path("LineStatusReasonCode")(document)
    return not kinds or any(said(one) == "DETAIL" for one in kinds)


_BG_25 = anywhere(_LINE)
_BG_26 = anywhere(f"{_SETTLEMENT}/BillingSpecifiedPeriod")
_BG_32 = anywhere("ApplicableProductCharacteristic")
_INDICATOR = f"{_SETTLEMENT}/SpecifiedTradeAllowanceCharge/ChargeIndicator"
_BG_27 = anywhere(_INDICATOR, says("udt:Indicator", "false"))
_BG_28 = anywhere(_INDICATOR, says("udt:Indicator", "true"))
_COUNTING = anywhere(f"{_LINE}/AssociatedDocumentLineDocument", _counts)

ASKS = (
    Ask("BR-16", root, _has_lines),
    Ask("BR-21", _BG_25, filled("AssociatedDocumentLineDocument/LineID")),
    Ask("BR-22", _BG_25, there(_QUANTITY)),
    Ask("BR-23", _BG_25, has_attribute(_QUANTITY, "unitCode")),
    Ask("BR-24", _BG_25, there(_AMOUNT)),
    Ask("BR-25", _BG_25, filled("SpecifiedTradeProduct/Name")),
    Ask("BR-26", _BG_25, there(_NET_PRICE)),
    Ask("BR-27", _BG_25, br_27),
    Ask("BR-28", _BG_25, br_28),
    Ask(
        "BR-64",
        _BG_25,
        attribute_if_there("SpecifiedTradeProduct/GlobalID", "SpecifiedTradeProduct/GlobalID", "schemeID"),
    ),
    Ask("BR-65", _BG_25, attribute_if_there(_CLASSIFICATION, f"{_CLASSIFICATION}/ClassCode", "listID")),
    Ask("BR-CO-04", _BG_25, br_co_04),
    Ask("BR-DEC-23", _BG_25, at_most_cents(_AMOUNT)),
    Ask("BR-FXEXT-06", _BG_25, br_fxext_06),
    Ask("BR-FXEXT-08", _BG_25, br_fxext_08),
    Ask("BR-FXEXT-11", anywhere(_LINE, _has_parent), br_fxext_11),
    Ask("BR-FXEXT-12", anywhere(_LINE, _is_group_with_amount), br_fxext_12),
    Ask("BR-FXEXT-BR-22", _COUNTING, there(f"../{_QUANTITY}")),
    Ask("BR-FXEXT-BR-23", _COUNTING, has_attribute(f"../{_QUANTITY}", "unitCode")),
    Ask("BR-FXEXT-BR-24", _COUNTING, there(f"../{_AMOUNT}")),
    Ask("BR-FXEXT-BR-26", _COUNTING, there(f"../{_NET_PRICE}")),
    Ask("BR-FXEXT-CO-04", _COUNTING, br_fxext_co_04),
    Ask("BR-FXEXT-04", anywhere("ApplicableProductCharacteristic/TypeCode"), br_fxext_04),
    Ask("BR-54", _BG_32, all_of("Description", "Value")),
    Ask("BR-FXEXT-BR-54-1", _BG_32, any_of("Description", "TypeCode")),
    Ask("BR-FXEXT-BR-54-2", _BG_32, br_fxext_br_54_2),
    Ask("BR-30", _BG_26, in_order("StartDateTime", "EndDateTime")),
    Ask("BR-CO-20", _BG_26, any_of("StartDateTime", "EndDateTime")),
    Ask("BR-41", _BG_27, there("../ActualAmount")),
    Ask("BR-42", _BG_27, any_of("../Reason", "../ReasonCode")),
    Ask("BR-CO-23", _BG_27, any_of("../Reason", "../ReasonCode")),
    Ask("BR-DEC-24", _BG_27, at_most_cents("../ActualAmount")),
    Ask("BR-DEC-25", _BG_27, at_most_cents("../BasisAmount")),
    Ask("BR-43", _BG_28, there("../ActualAmount")),
    Ask("BR-44", _BG_28, any_of("../Reason", "../ReasonCode")),
    Ask("BR-FXEXT-BR-44", _BG_28, any_of("../Reason", "../ReasonCode")),
    Ask("BR-CO-24", _BG_28, any_of("../Reason", "../ReasonCode")),
    Ask("BR-DEC-27", _BG_28, at_most_cents("../ActualAmount")),
    Ask("BR-DEC-28", _BG_28, at_most_cents("../BasisAmount")),
)
