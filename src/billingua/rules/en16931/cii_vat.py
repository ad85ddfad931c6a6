"""CII: the VAT category rules (BR-S-*, BR-Z-*, BR-E-*, BR-AE-*, BR-IC-*, BR-G-*, BR-O-*, BR-AF-*, BR-AG-*, BR-B-*).

The artefact asks for identifiers at every line, allowance and charge of a category, and computes partly in floating
point. The rules of L, M and O stand on the tax group itself, where some of them cannot fail.
"""

from collections.abc import Iterator
from decimal import Decimal

from billingua.engine.locate import Group
from billingua.engine.numbers import round_half_up
from billingua.engine.rule import Check, OfDocument, Rule
from billingua.engine.values import ZERO, decimal, double, double_round, ordered, untyped
from billingua.rules.en16931.cii_facts import CiiFacts, child_text
from billingua.rules.en16931.facts import rate_of
from billingua.rules.vat import FAMILIES, Family, rate_is

__all__ = ["RULES"]


def _used_and_broken_down(family: Family) -> Check:
    """-01: a category that is used stands in the VAT breakdown, exactly once or at least once.

    The artefact is content, too, if there are two lines or two allowances of it.
    """
    code = family.code

    def some(_: Group, facts: CiiFacts) -> bool:
        if facts.is_named("breakdown", code):
            return True
        return facts.count("line", code) != 1 and facts.count("allowance", code) != 1

    def one(_: Group, facts: CiiFacts) -> bool:
        header = facts.count("breakdown", code)
        used = facts.is_named("line", code) or facts.is_named("allowance", code)
        if family.id == "O" and not header:
            return True
        return header == 1 if used else header == 0

    return some if family.breakdown == "some" else one


def _identified(family: Family) -> Check:
    """-02, -03 and -04: the identifiers of seller, representative and buyer that the category asks for (or forbids)."""

    in_place = family.id not in ("AE", "IC", "G")
    schemes = ("VA", "FC") if family.seller == "registered" else ("VA",)

    def check(_: Group, facts: CiiFacts) -> bool:
        seller = facts.is_registered("BG-4", schemes, in_place)
        seller = seller or facts.is_registered("BG-11", ("VA",), in_place)
        if family.seller == "none":
            return not seller and not facts.is_registered("BG-7", ("VA",), in_place=False)
        if not seller or not family.buyer:
            return seller
        if facts.is_registered("BG-7", ("VA",), in_place=False):
            return True
        return family.buyer == "vat or legal" and facts.buyer_legal

    return OfDocument(check)


def _rate(family: Family, term: str) -> Check:
    """-05, -06 and -07: the rate on a line, an allowance or a charge. IGIC asks for more than 0 here."""
    if family.rate == "= 0":
        return lambda group, _: any(untyped(rate) == ZERO for rate in group.texts(term))
    asked = "> 0" if family.id == "AF" else family.rate
    return rate_is(asked, term)


def _rounded_base(facts: CiiFacts, code: str, rate: Decimal | None) -> Decimal:
    """Lines + charges - allowances of a category, each sum rounded to cents."""
    lines, charges, allowances = (
        round_half_up(facts.sum_of(kind, code, rate), 2) for kind in ("BG-25", "BG-21", "BG-20")
    )
    return lines + charges - allowances


def _base_by_rate(tax: Group, facts: CiiFacts) -> bool:
    """BR-S-08: exactly the sum of the rate."""
    return all(_is_base(tax, _rounded_base(facts, "S", rate_of(rate))) for rate in tax.texts("BT-119"))


def _is_base(tax: Group, expected: Decimal) -> bool:
    return any(ordered(double(base)) == ordered(float(expected)) for base in tax.texts("BT-116"))


def _base_near(family: Family) -> Check:
    """-08 of the categories without tax: the sum, to less than one unit of the currency."""

    def check(tax: Group, facts: CiiFacts) -> bool:
        expected = float(_rounded_base(facts, family.code, None))
        return any(double(base) - 1 < expected < double(base) + 1 for base in tax.texts("BT-116"))

    return check


def _base_exact(tax: Group, facts: CiiFacts) -> bool:
    """BR-O-08: exactly the sum."""
    return _is_base(tax, _rounded_base(facts, "O", None))


def _tax_zero(tax: Group, _: CiiFacts) -> bool:
    """-09: no tax is due."""
    return any(untyped(amount) == ZERO for amount in tax.texts("BT-117"))


def _tax_by_rate(group: Group, _: CiiFacts) -> bool:
    """BR-S-09: the tax is the taxable amount times the rate, to less than one unit of the currency."""
    if not (group.has("BT-117") and group.has("BT-116") and group.has("BT-119")):
        return False
    cents = float(abs(decimal(group.text("BT-116")))) * double(group.text("BT-119"))
    expected = double_round(cents) / 100
    stated = abs(decimal(group.text("BT-117")))
    return float(stated - 1) < expected < float(stated + 1)


def _reason(family: Family) -> Check:
    """-10: an exemption reason (text or code) is there, or is not."""
    return lambda tax, _: ("BT-120" in tax.terms or "BT-121" in tax.terms) is family.reason


def _family_rules(family: Family) -> Iterator[Rule]:
    name, identified = f"BR-{family.id}-", _identified(family)
    yield Rule(name + "01", ("used", family.code), _used_and_broken_down(family))
    for place, term, parties, rate in (
        ("line", "BT-152", "02", "05"),
        ("allowance", "rate", "03", "06"),
        ("charge", "rate", "04", "07"),
    ):
        yield Rule(name + parties, (place, family.code), identified)
        yield Rule(name + rate, (place, family.code), _rate(family, term))
    anywhere = family.id in ("S", "Z")
    breakdown = ("breakdown of any type" if anywhere else "breakdown", family.code)
    match family.id:
        case "AF" | "AG":
            yield Rule(name + "10", breakdown, _reason(family))
        case "S":
            yield Rule(name + "08", breakdown, _base_by_rate, "BT-118")
            yield Rule(name + "09", breakdown, _tax_by_rate, "BT-118")
            yield Rule(name + "10", breakdown, _reason(family), "BT-118")
        case "O":
            yield Rule(name + "08", breakdown, _base_exact)
            yield Rule(name + "09", breakdown, _tax_zero)
            yield Rule(name + "10", breakdown, _reason(family))
        case _:
            yield Rule(name + "08", breakdown, _base_near(family), "BT-118")
            yield Rule(name + "09", breakdown, _tax_zero, "BT-118")
            yield Rule(name + "10", breakdown, _reason(family), "BT-118")


def br_ic_11(tax: Group, facts: CiiFacts) -> bool:
    return any("BT-72" in delivery.terms for delivery in facts.located.all("BG-13")) or any(
        "start" in period.terms or "end" in period.terms
        for period in facts.located.all("BG-14")
        if period.element.getparent() is tax.element.getparent()
    )


def br_ic_12(tax: Group, facts: CiiFacts) -> bool:
    return any("BT-80" in address.terms for address in facts.located.all("BG-15"))


def only_not_subject(term: str) -> Check:
    """BR-O-11 to -14: beside a breakdown "not subject to VAT" no other category stands."""

    def check(_: Group, facts: CiiFacts) -> bool:
        return all(code == "O" for tax in facts.invoice.all(term) for code in child_text(tax, "CategoryCode"))

    return check


def br_b_01(invoice: Group, facts: CiiFacts) -> bool:
    return "B" not in invoice.texts("any-category") or set(invoice.texts("any-country")) <= {"IT"}


def br_b_02(invoice: Group, facts: CiiFacts) -> bool:
    return not {"B", "S"} <= set(invoice.texts("any-category"))


RULES = (
    *(rule for family in FAMILIES for rule in _family_rules(family)),
    Rule("BR-IC-11", ("breakdown", "K"), br_ic_11, "BT-118"),
    Rule("BR-IC-12", ("breakdown", "K"), br_ic_12, "BT-118"),
    Rule("BR-O-11", ("breakdown", "O"), only_not_subject("any-tax")),
    Rule("BR-O-12", ("breakdown", "O"), only_not_subject("any-tax")),
    Rule("BR-O-13", ("breakdown", "O"), only_not_subject("any-allowance-tax")),
    Rule("BR-O-14", ("breakdown", "O"), only_not_subject("any-allowance-tax")),
    Rule("BR-B-01", ("used", "B"), br_b_01),
    Rule("BR-B-02", ("used", "B"), br_b_02),
)
