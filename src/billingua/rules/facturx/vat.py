"""The VAT categories: what a line, an allowance, a charge and a VAT breakdown group of each must say.

Each category asks alike; `billingua.rules.vat` says what. BASIC and EN 16931 compare the taxable amount with the sum of
its category to less than one unit; EXTENDED, and for some categories MINIMUM, to a cent for each amount in the sum.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import le

from billingua.engine.locate import Element
from billingua.engine.numbers import percent_of, round_half_up, total
from billingua.engine.rule import NotAsked
from billingua.engine.values import ZERO, decimal, double, double_round, normalized, untyped
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, only, path, said
from billingua.rules.facturx.checks import (
    Check,
    Where,
    any_of,
    anywhere,
    at_most_cents,
    equals_zero,
    none_of,
    root,
    same_number,
    there,
)
from billingua.rules.facturx.facts import TRANSACTION, Facts, TaxUse, cents, detailed
from billingua.rules.vat import FAMILIES, Family, tax_follows

__all__ = ["ASKS"]

_SELLER = "SellerTradeParty"
_BUYER = "BuyerTradeParty"
_REPRESENTATIVE = "SellerTaxRepresentativeTradeParty"
_HEADER_TAX = "ApplicableHeaderTradeSettlement/ApplicableTradeTax"
_PLACED_TAX = f"rsm:SupplyChainTradeTransaction/{_HEADER_TAX}"
_LINE_TAX = "SpecifiedLineTradeSettlement/ApplicableTradeTax"
_PLACED_LINE_TAX = f"rsm:SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/{_LINE_TAX}"
_CHARGE_TAX = "SpecifiedTradeAllowanceCharge/CategoryTradeTax"

_code = path("CategoryCode")
_type = path("TypeCode")
_rate = path("RateApplicablePercent")
_base = path("BasisAmount")
_tax = path("CalculatedAmount")
_reason = path("ExemptionReason")
_reason_code = path("ExemptionReasonCode")
_indicator = path("../ChargeIndicator/udt:Indicator")
_line_of = path("../..")


# Identifiers and rates, on lines, allowances and charges.


def _on(place: str, code: str) -> Where:
    """The taxes of a category on lines, allowances or charges, wherever these stand."""
    if place == "line":
        return lambda facts: facts.named(_PLACED_LINE_TAX, code)
    sign = "true" if place == "charge" else "false"
    return lambda facts: [
        one for one in facts.named(_CHARGE_TAX, code) if any(said(found) == sign for found in _indicator(one))
    ]


def _identified(family: Family) -> Check:
    """-02, -03 and -04: the identifiers of seller, representative and buyer that the category asks for (or forbids)."""

    schemes = ("VA", "FC") if family.seller == "registered" else ("VA",)
    in_place = family.id not in ("AE", "IC", "G")

    def kept(_: Element, facts: Facts) -> bool:
        is_registered = facts.is_registered_in_place if in_place else facts.is_registered
        seller = is_registered(_SELLER, schemes) or is_registered(_REPRESENTATIVE, ("VA",))
        if family.seller == "none":
            return not seller and not facts.is_registered(_BUYER, ("VA",))
        if not seller or not family.buyer or facts.is_registered(_BUYER, ("VA",)):
            return seller
        return family.buyer == "vat or legal" and bool(facts.anywhere(f"{_BUYER}/SpecifiedLegalOrganization/ID"))

    return kept


def _rated(family: Family) -> Check:
    """-05, -06 and -07: the rate. IGIC asks for more than 0 here."""

    def kept(tax: Element, _: Facts) -> bool:
        rates = [untyped(said(one)) for one in _rate(tax)]
        if family.rate == "absent":
            return not rates
        if family.rate == "= 0":
            return any(rate == ZERO for rate in rates)
        return any(rate > ZERO or (family.id == "AG" and rate == ZERO) for rate in rates)

    return kept


# The VAT breakdown.


def _some_used(code: str) -> Check:
    """-01 of S, AF, AG: the category of a line or an allowance stands in the breakdown too, or on another one."""

    def kept(_: Element, facts: Facts) -> bool:
        header = len(facts.named(_HEADER_TAX, code))
        lines, charges = (
            len(facts.named(_LINE_TAX, code)),
            len(facts.named("CategoryTradeTax", code)),
        )
        return (not lines or lines + header >= 2) and (not charges or charges + header >= 2)

    return kept


def _one_used(family: Family) -> Check:
    """-01 of the others: once in the breakdown if it is used, else not at all."""

    def kept(_: Element, facts: Facts) -> bool:
        header = len(facts.named(_HEADER_TAX, family.code))
        if family.id == "O" and not header:
            return True
        used = facts.named(_LINE_TAX, family.code) or facts.named("CategoryTradeTax", family.code)
        return header == 1 if used else header == 0

    return kept


def _used(code: str) -> Check:
    """BR-FXEXT-*-01: it is in the breakdown if it is used by a line that counts, an allowance or a charge, else not."""

    def kept(_: Element, facts: Facts) -> bool:
        lines = [one for one in facts.named(_LINE_TAX, code) if all(detailed(line) for line in _line_of(one))]
        used = lines or any(facts.named(name, code) for name in ("CategoryTradeTax", "AppliedTradeTax"))
        return bool(facts.named(_HEADER_TAX, code)) == bool(used)

    return kept


def _expected(facts: Facts, code: str, rate: Decimal | None = None) -> Decimal:
    """Lines + charges - allowances, each sum rounded to cents."""
    return _added(list(facts.uses(code, rate, fees=False)))


def _added(uses: Sequence[TaxUse]) -> Decimal:
    lines, charges, fees, allowances = (
        cents(use for use in uses if place in use.places) for place in ("line", "charge", "logistics", "allowance")
    )
    return total((lines, charges, fees, -allowances))


def _base_near(code: str) -> Check:
    """-08 of the categories without tax: the sum, to less than one unit of the currency."""

    def kept(tax: Element, facts: Facts) -> bool:
        expected = float(_expected(facts, code))
        return any(double(said(one)) - 1 <= expected < double(said(one)) + 1 for one in _base(tax))

    return kept


def _base_exact(tax: Element, facts: Facts) -> bool:
    """BR-O-08: just the sum."""
    expected = float(_expected(facts, "O"))
    return any(same_number(one, expected) for one in _base(tax))


def _base_by_rate(code: str) -> Check:
    """-08 of S, AF and AG: just the sum of each rate."""

    def kept(tax: Element, facts: Facts) -> bool:
        return all(
            any(same_number(one, float(_expected(facts, code, decimal(said(rate))))) for one in _base(tax))
            for rate in _rate(tax)
        )

    return kept


def _outside(check: Check) -> Check:
    """The artefact asks what stands around the group here."""
    return lambda tax, facts: all(check(one, facts) for one in _around(tax))


def _only_number(elements: Elements) -> Decimal | None:
    return _number(elements) if elements else None


def _number(elements: Elements) -> Decimal:
    if len(elements) > 1:
        raise NotAsked
    return decimal(said(elements[0]))


def _only_text(elements: Elements) -> str:
    if len(elements) > 1:
        raise NotAsked
    return normalized(said(elements[0])) if elements else ""


def _uses(tax: Element, facts: Facts, family: Family, *, alike: bool, all_lines: bool) -> list[TaxUse] | None:
    """What makes up a group of the breakdown: of its category and rate and, where `alike`, of its exemption reason.
    None where the group has no rate and needs one."""
    rate = None
    if family.rate != "absent":
        rate = _only_number(_rate(tax))
        if rate is None:
            return None
    reason, reason_code = _only_text(_reason(tax)), _only_text(_reason_code(tax))
    return [
        use
        for use in facts.uses(family.code, rate)
        if (all_lines or use.detailed) and (not alike or (use.reason == reason and use.reason_code == reason_code))
    ]


def _base_within(family: Family, *, alike: bool, all_lines: bool = False) -> Check:
    """BR-FXEXT-*-08rev (`alike`) and -08ini: the sum, to a cent for each amount in it."""

    def within(tax: Element, facts: Facts) -> bool:
        base = _only_number(_base(tax))
        uses = _uses(tax, facts, family, alike=alike, all_lines=all_lines)
        if base is None or uses is None:
            return False
        return abs(base - _added(uses)) <= _CENT * len(uses)

    return lambda tax, facts: facts.once((family.id, tax, alike, all_lines), lambda: within(tax, facts))


_CENT = Decimal("0.01")


def _either(first: Check, second: Check) -> Check:
    return lambda tax, facts: first(tax, facts) or second(tax, facts)


def _base_counted(tax: Element, facts: Facts) -> bool:
    """BR-FXEXT-G-08 of MINIMUM: whatever the rate."""
    base = _only_number(_base(tax))
    uses = [use for use in facts.uses("G") if use.detailed]
    return base is not None and abs(base - _added(uses)) <= _CENT * len(uses)


def _tax_near(tax: Element, _: Facts) -> bool:
    """BR-S-09: the taxable amount times the rate, to less than one unit of the currency."""
    stated, rates = _only_number(_tax(tax)), _rate(tax)
    base = None if stated is None or not rates else _only_number(_base(tax))
    if stated is None or base is None:
        return False
    if len(rates) > 1:
        raise NotAsked
    expected = double_round(float(abs(base)) * double(said(rates[0]))) / 100
    return float(abs(stated) - 1) < expected < float(abs(stated) + 1)


def _tax_within(tax: Element, facts: Facts) -> bool:
    """BR-FXEXT-S-09b: the taxable amount times the rate, to a cent for each amount in it."""
    stated, base, rate = _only_number(_tax(tax)), _only_number(_base(tax)), _only_number(_rate(tax))
    if stated is None or base is None or rate is None:
        return False
    off = abs(stated - round_half_up(percent_of(base, rate), 2))
    return any(
        off <= _CENT * len(_uses(tax, facts, FAMILIES[0], alike=alike, all_lines=False) or ())
        for alike in (True, False)
    )


def br_48(tax: Element, _: Facts) -> bool:
    return bool(_rate(tax)) or any(said(one) == "O" for one in _code(tax))


def br_co_03(tax: Element, _: Facts) -> bool:
    return not (_POINT(tax) and _POINT_CODE(tax))


_POINT = path("TaxPointDate")
_POINT_CODE = path("DueDateTypeCode")


def br_co_17(tax: Element, _: Facts) -> bool:
    said_of = {"BT-116": _base(tax), "BT-117": _tax(tax), "BT-119": _rate(tax)}
    terms = [term for term, elements in said_of.items() if elements]
    return tax_follows(terms, lambda term: _number(said_of[term]), lambda: _only_text(_type(tax)).upper() == "VAT", le)


def _no_other_tax(name: str) -> Check:
    """BR-O-11 to -14: no tax of another category anywhere."""
    return lambda _, facts: not any(said(code) != "O" for code in facts.anywhere(f"{name}/CategoryCode"))


def br_ic_11(tax: Element, facts: Facts) -> bool:
    return bool(
        facts.below(_DELIVERED)
        or path("../BillingSpecifiedPeriod/StartDateTime")(tax)
        or path("../BillingSpecifiedPeriod/EndDateTime")(tax)
    )


_DELIVERY = f"{TRANSACTION}/ApplicableHeaderTradeDelivery"
_DELIVERED = f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/udt:DateTimeString"
_DELIVERY_COUNTRY = f"{_DELIVERY}/ShipToTradeParty/PostalTradeAddress/CountryID"


def br_ic_12(_: Element, facts: Facts) -> bool:
    return bool(facts.below(_DELIVERY_COUNTRY))


def br_b_01(_: Element, facts: Facts) -> bool:
    return not _has_split_payment(facts) or not any(said(one) != "IT" for one in facts.anywhere("CountryID"))


def br_b_02(_: Element, facts: Facts) -> bool:
    return not _has_split_payment(facts) or not any(said(one) == "S" for one in facts.anywhere("CategoryCode"))


def _has_split_payment(facts: Facts) -> bool:
    return any(said(one) == "B" for one in facts.anywhere("CategoryCode"))


def _broken_down(family: Family, rule: str, check: Check) -> Ask[Facts]:
    """A rule about a group of the breakdown. The artefact stands on the category code of the group, for some families
    on the group."""
    tax, code = _HEADER_TAX if family.id in ("S", "Z") else _PLACED_TAX, family.code
    if family.id in ("O", "AF", "AG"):
        return Ask(rule, lambda facts: facts.named(tax, code), check)
    return Ask(
        rule,
        lambda facts: [one for group in facts.named(tax, code) for one in _code(group) if said(one) == code],
        lambda one, facts: all(check(group, facts) for group in _around(one)),
    )


_around = path("..")


def _typed(code: str) -> Where:
    """The groups of the breakdown of a category whose tax is VAT, in capitals or not."""
    return lambda facts: [one for one in facts.named(_HEADER_TAX, code) if only(_type(one)).upper() == "VAT"]


def _of_family(family: Family) -> Iterator[Ask[Facts]]:
    name, code = f"BR-{family.id}", family.code
    extended = f"BR-FXEXT-{family.id}"
    yield Ask(f"{name}-01", root, _some_used(code) if family.breakdown == "some" else _one_used(family))
    yield Ask(f"{extended}-01", root, _used(code))
    for number, place in enumerate(("line", "allowance", "charge")):
        yield Ask(f"{name}-{2 + number:02d}", _on(place, code), _identified(family))
        yield Ask(f"{name}-{5 + number:02d}", _on(place, code), _rated(family))
    yield _broken_down(family, f"{name}-08", _base_kept(family))
    if family.id not in ("AF", "AG"):
        kept = _tax_near if family.id == "S" else equals_zero("CalculatedAmount")
        yield _broken_down(family, f"{name}-09", kept)
    reasons = any_of if family.reason else none_of
    yield _broken_down(family, f"{name}-10", reasons("ExemptionReason", "ExemptionReasonCode"))
    alike, unlike = _base_within(family, alike=True), _base_within(family, alike=False)
    yield Ask(_LIKE_S.get(family.id, f"{extended}-08b"), _typed(code), _either(alike, unlike))
    yield Ask(f"{extended}-08ini", _typed(code), unlike)
    yield Ask(f"{extended}-08rev", _typed(code), alike)
    if family.id in _OF_MINIMUM:
        alike, unlike = (_base_within(family, alike=one, all_lines=True) for one in (True, False))
        yield Ask(f"{extended}-08b/all", _typed(code), _either(alike, unlike))
        yield Ask(f"{extended}-08ini/all", _typed(code), unlike)
        yield Ask(f"{extended}-08rev/all", _typed(code), alike)


_OF_MINIMUM = ("Z", "IC", "G", "O")
"""The categories that MINIMUM asks so too: there all lines count."""

_LIKE_S = {"S": "BR-FXEXT-S08b"}
"""The artefact writes this id otherwise."""


def _base_kept(family: Family) -> Check:
    if family.breakdown == "some":
        return _base_by_rate(family.code) if family.id == "S" else _outside(_base_by_rate(family.code))
    return _base_exact if family.id == "O" else _base_near(family.code)


_TAX = anywhere(_HEADER_TAX)
_IC, _G, _O = (family for family in FAMILIES if family.id in ("IC", "G", "O"))

ASKS = (
    *(ask for family in FAMILIES for ask in _of_family(family)),
    Ask("BR-45", _TAX, there("BasisAmount")),
    Ask("BR-46", _TAX, there("CalculatedAmount")),
    Ask("BR-47", _TAX, there("CategoryCode")),
    Ask("BR-48", _TAX, br_48),
    Ask("BR-CO-03", _TAX, br_co_03),
    Ask("BR-CO-17", _TAX, br_co_17),
    Ask("BR-DEC-19", _TAX, at_most_cents("BasisAmount")),
    Ask("BR-DEC-20", _TAX, at_most_cents("CalculatedAmount")),
    Ask(
        "BR-CO-18",
        anywhere("rsm:SupplyChainTradeTransaction/ApplicableHeaderTradeSettlement"),
        there("ApplicableTradeTax"),
    ),
    Ask("BR-B-01", root, br_b_01),
    Ask("BR-B-02", root, br_b_02),
    _broken_down(_IC, "BR-IC-11", br_ic_11),
    _broken_down(_IC, "BR-IC-12", br_ic_12),
    _broken_down(_O, "BR-O-11", _no_other_tax("ApplicableTradeTax")),
    _broken_down(_O, "BR-O-12", _no_other_tax("ApplicableTradeTax")),
    _broken_down(_O, "BR-O-13", _no_other_tax("CategoryTradeTax")),
    _broken_down(_O, "BR-O-14", _no_other_tax("CategoryTradeTax")),
    _broken_down(_G, "BR-FXEXT-G-08", _base_counted),
    Ask("BR-FXEXT-S-09b", lambda facts: facts.named(_HEADER_TAX, "S"), _tax_within),
)
