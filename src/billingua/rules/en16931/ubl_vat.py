"""UBL: the VAT category rules (BR-S-*, BR-Z-*, BR-E-*, BR-AE-*, BR-IC-*, BR-G-*, BR-O-*, BR-AF-*, BR-AG-*, BR-B-*).

The artefact asks most of them of the whole invoice, so that each is reported once however many lines break it.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

from billingua.engine.locate import Group
from billingua.engine.rule import Check, Rule
from billingua.engine.values import between, decimal, finite
from billingua.rules.elements import NAMESPACES
from billingua.rules.en16931.checks import all_kept
from billingua.rules.en16931.facts import rate_of
from billingua.rules.en16931.ubl_facts import TaxUse, UblFacts
from billingua.rules.vat import FAMILIES, Family, rate_is, tax_of

__all__ = ["RULES"]


def _used_and_broken_down(family: Family) -> Check:
    """-01: a category that is used stands in the VAT breakdown, exactly once or at least once."""

    def some(_: Group, facts: UblFacts) -> bool:
        any_scheme = family.id == "S"
        allowances = (*facts.allowances(False), *facts.allowances(True), *_odd_allowances(facts))
        named = facts.line_codes.union((use.code, use.vat) for use in allowances)
        if (family.code, True) in named or (any_scheme and (family.code, False) in named):
            return any(_names(use, family) for use in facts.breakdown)
        return not any(use.code == family.code and (any_scheme or use.vat) for use in facts.breakdown)

    def one(_: Group, facts: UblFacts) -> bool:
        key = (family.code, True)
        used = key in facts.line_codes or any((use.code, use.vat) == key for use in facts.uses)
        return not used or sum((use.code, use.vat) == key for use in facts.breakdown) == 1

    return some if family.breakdown == "some" else one


def _names(use: TaxUse, family: Family) -> bool:
    """Whether a breakdown names the category, as the artefact compares it for each family."""
    match family.id:
        case "S":
            return use.code == family.code
        case "AF":
            return use.raw == family.code
        case _:
            return use.raw == family.code and use.vat


def _odd_allowances(facts: UblFacts) -> list[TaxUse]:
    """Allowances or charges whose indicator says neither: the artefact counts their categories all the same."""
    return [use for use in facts.uses if use.place == "other" and use.in_allowance]


def _identified(family: Family, facts: UblFacts) -> bool:
    """The identifiers of seller, representative and buyer that a category asks for (or forbids)."""
    if family.seller == "none":
        return not (facts.seller_vat or facts.representative_vat or facts.buyer_vat)
    seller = facts.seller_registered if family.seller == "registered" else facts.seller_vat
    if not (seller or facts.representative_vat):
        return False
    if family.buyer:
        return facts.buyer_vat or (family.buyer == "vat or legal" and facts.buyer_legal)
    return True


def _line_parties(family: Family) -> Check:
    """-02: lines of the category come with the identifiers it asks for."""

    def check(_: Group, facts: UblFacts) -> bool:
        used = (family.code, True) in facts.line_codes
        if not used and family.id == "S":
            return (family.code, False) not in facts.line_codes
        return not used or _identified(family, facts)

    return check


def _allowance_parties(family: Family, charge: bool) -> Check:
    """-03 and -04: allowances (charges) of the category come with the identifiers it asks for."""
    exact = family.id == "AF" and charge

    def check(_: Group, facts: UblFacts) -> bool:
        for use in facts.allowances(charge):
            if use.code != family.code or not use.vat or (exact and use.raw != family.code):
                continue
            if family.id == "O" and not use.on_document:
                continue
            return _identified(family, facts)
        return True

    return check


def _subtotal(category: Group) -> Group:
    assert category.parent is not None
    return category.parent


def _amounts(category: Group, term: str) -> list[str]:
    return _subtotal(category).texts(term)


def _base_exact(family: Family) -> Check:
    """-08: the taxable amount is the sum of lines, charges and allowances of the category."""

    def check(category: Group, facts: UblFacts) -> bool:
        expected = [facts.base(family.code, None, tag) for tag in facts.line_kinds]
        return any(decimal(amount) in expected for amount in _amounts(category, "BT-116"))

    return check


def _base_by_rate(family: Family) -> Check:
    """-08 of the families with rates: the same by rate, to less than one unit of the currency.

    The bounds are computed in floating point, as `TaxableAmount - 1` is in the artefact. BR-S-08 takes the sum with the
    lines of either document type, if such lines have the rate, or any allowance or charge.
    """
    is_standard = family.id == "S"

    def check(category: Group, facts: UblFacts) -> bool:
        for rate in [rate_of(rate) for rate in category.texts("rate")]:
            for tag in _LINES if is_standard else facts.line_kinds:
                near = partial(_is_near, category, facts, family.code, rate, tag)
                if all_kept(near, partial(_is_rated, facts, rate, tag)) if is_standard else near():
                    break
            else:
                return False
        return True

    return check


def _is_near(category: Group, facts: UblFacts, code: str, rate: Decimal, tag: str) -> bool:
    """Whether a taxable amount is that of the lines of a tag, to less than one unit of the currency."""
    expected = facts.base(code, rate, tag)
    taxable = [finite(amount) for amount in _amounts(category, "BT-116")]
    return any(between(base - 1, expected, base + 1) for base in taxable)


def _is_rated(facts: UblFacts, rate: Decimal, tag: str) -> bool:
    return facts.has_line(tag, "S", rate) or _rated_anywhere(facts, "S", rate)


_LINES = [f"{{{NAMESPACES['cac']}}}{name}" for name in ("InvoiceLine", "CreditNoteLine")]


def _rated_anywhere(facts: UblFacts, code: str, rate: Decimal) -> bool:
    """An allowance or charge on any level has the category and the rate."""
    return any(
        use.code == code and any(rate_of(one) == rate for one in use.rates) for use in facts.uses if use.in_allowance
    )


def _tax_zero(category: Group, _: UblFacts) -> bool:
    """-09: no tax is due."""
    return any(decimal(amount) == 0 for amount in _amounts(category, "BT-117"))


def _tax_by_rate(category: Group, _: UblFacts) -> bool:
    """-09: the tax is the taxable amount times the rate, to less than one unit of the currency."""
    subtotal = _subtotal(category)
    if not (subtotal.has("BT-117") and subtotal.has("BT-116") and category.has("rate")):
        return False
    expected = tax_of(decimal(subtotal.text("BT-116")), decimal(category.text("rate")))
    return abs(abs(decimal(subtotal.text("BT-117"))) - expected) < 1


def _reason(family: Family) -> Check:
    """-10: an exemption reason (text or code) is there, or is not."""

    def check(category: Group, _: UblFacts) -> bool:
        return ("reason" in category.terms or "reason-code" in category.terms) is family.reason

    return check


def _family_rules(family: Family) -> Iterator[Rule]:
    name = f"BR-{family.id}-"
    exact = family.rate in ("= 0", "absent")
    used, breakdown = ("used", family.code), ("breakdown", family.code)
    yield Rule(name + "01", used, _used_and_broken_down(family))
    yield Rule(name + "02", used, _line_parties(family))
    yield Rule(name + "03", used, _allowance_parties(family, charge=False))
    yield Rule(name + "04", used, _allowance_parties(family, charge=True))
    yield Rule(name + "05", ("line", family.code), rate_is(family.rate, "BT-152"))
    yield Rule(name + "06", ("allowance", family.code), rate_is(family.rate, "rate"))
    yield Rule(name + "07", ("charge", family.code), rate_is(family.rate, "rate"))
    yield Rule(name + "08", breakdown, _base_exact(family) if exact else _base_by_rate(family))
    yield Rule(name + "09", breakdown, _tax_zero if exact else _tax_by_rate)
    yield Rule(name + "10", breakdown, _reason(family))


def _in_vat_breakdown(facts: UblFacts, code: str) -> bool:
    return any(use.code == code and use.vat for use in facts.breakdown)


def br_ic_11(invoice: Group, facts: UblFacts) -> bool:
    if not _in_vat_breakdown(facts, "K"):
        return True
    delivered = any(len(delivery.text("BT-72")) > 1 for delivery in facts.in_place("BG-13"))
    return delivered or any(len(period.element) for period in facts.in_place("BG-14"))


def br_ic_12(invoice: Group, facts: UblFacts) -> bool:
    if not _in_vat_breakdown(facts, "K"):
        return True
    return any(len(address.text("BT-80")) > 1 for address in facts.in_place("BG-15"))


def br_o_11(invoice: Group, facts: UblFacts) -> bool:
    return not _in_vat_breakdown(facts, "O") or all(use.code == "O" or not use.vat for use in facts.breakdown)


def br_o_12(invoice: Group, facts: UblFacts) -> bool:
    return not _in_vat_breakdown(facts, "O") or all(use.code == "O" or not use.vat for use in facts.line_uses)


def br_o_13(invoice: Group, facts: UblFacts) -> bool:
    return not _in_vat_breakdown(facts, "O") or all(
        use.code == "O" or not use.vat for use in facts.allowances(charge=False)
    )


def br_o_14(invoice: Group, facts: UblFacts) -> bool:
    return not _in_vat_breakdown(facts, "O") or all(
        use.code == "O" or not use.vat for use in facts.allowances(charge=True)
    )


def br_b_01(invoice: Group, facts: UblFacts) -> bool:
    used = "B" in facts.line_codes_as_written or any(use.raw == "B" for use in facts.uses)
    return not used or all(country == "IT" for country in invoice.texts("any-country"))


def br_b_02(invoice: Group, facts: UblFacts) -> bool:
    codes = {use.raw for use in facts.breakdown} | facts.line_codes_as_written
    codes |= {use.raw for use in facts.uses if use.in_allowance and use.on_document}
    return not {"B", "S"} <= codes


RULES = (
    *(rule for family in FAMILIES for rule in _family_rules(family)),
    Rule("BR-IC-11", ("used", "K"), br_ic_11),
    Rule("BR-IC-12", ("used", "K"), br_ic_12),
    Rule("BR-O-11", ("used", "O"), br_o_11),
    Rule("BR-O-12", ("used", "O"), br_o_12),
    Rule("BR-O-13", ("used", "O"), br_o_13),
    Rule("BR-O-14", ("used", "O"), br_o_14),
    Rule("BR-B-01", ("used", "B"), br_b_01),
    Rule("BR-B-02", ("used", "B"), br_b_02),
)
