"""CII: the business rules (BR-*, BR-CO-*) as the artefact asks them of a CrossIndustryInvoice."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from math import isfinite
from operator import le

from billingua.codelists import codes
from billingua.engine.failure import Failure
from billingua.engine.groups import ABSENT, Subtree, of_variant
from billingua.engine.locate import ROOT, Group, Located
from billingua.engine.numbers import add, round_half_up, subtract
from billingua.engine.rule import NotAsked, OfDocument, OfText, Rule
from billingua.engine.values import (
    ZERO,
    double,
    double_round,
    double_round2,
    double_total,
    normalized,
    ordered,
    untyped,
)
from billingua.engine.xml import Element, tag_of
from billingua.rules.elements import inside, tag_of_step
from billingua.rules.en16931 import cii_vat, common
from billingua.rules.en16931.checks import (
    amount,
    any_of,
    exact,
    group_anywhere,
    group_filled,
    is_filled,
    same_text,
)
from billingua.rules.en16931.cii_facts import TELLING, CiiFacts, contexts, is_vat
from billingua.rules.vat import tax_follows

__all__ = ["CONTEXTS", "FACTS", "RULES", "SWEEPS", "TELLING"]

_CREDIT_TRANSFER = ("30", "58")
"""Payment means codes that need an account: credit transfer, SEPA credit transfer."""


def _dated(group: Group, term: str) -> list[str]:
    """The texts of dates in the format 102, the only one that EN 16931 uses."""
    said = zip(group.texts(term), group.attributes(term, "format"), strict=True)
    return [text for text, form in said if form == "102"]


def _with_attribute(term: str, name: str) -> Callable[[Located], list[tuple[str, str | None]]]:
    """What finds the texts of a term of a document, each with an attribute, in no order."""

    @of_variant
    def places(subtree: Subtree) -> list[tuple[int, int]]:
        recipe = subtree.recipe
        return [(at, recipe.attributes.get((at, name), ABSENT)) for at in recipe.root_terms.get(term, ())]

    return lambda located: [
        (subtree.texts[place], subtree.texts[at])
        for _, alike in located.parts
        for place, at in places(alike[0])
        for subtree in alike
    ]


_issued = _with_attribute("BT-2", "format")


def br_03(invoice: Group, facts: CiiFacts) -> bool:
    return any(form == "102" and normalized(text) for text, form in _issued(facts.located))


def br_17(payee: Group, facts: CiiFacts) -> bool:
    if "BT-59" not in payee.terms:
        return False
    plain = [one for one in payee.all("BT-60") if tag_of(one).endswith("}ID")]
    return not any(
        same_text(payee.all("BT-59"), seller.all("BT-27"))
        or same_text(plain, [one for one in seller.all("BT-29") if tag_of(one).endswith("}ID")])
        or same_text(payee.all("BT-61"), seller.all("BT-30"))
        for seller in facts.located.all("BG-4")
        if _transaction(seller) is _transaction(payee)
    )


def _transaction(party: Group) -> Element | None:
    """The element around the part of the document in which a party stands."""
    part = party.element.getparent()
    return None if part is None else part.getparent()


def br_20(representative: Group, _: CiiFacts) -> bool:
    return any(is_filled(address.text("BT-69")) for address in representative.children("BG-12"))


def _period_in_order(period: Group, start: str, end: str) -> bool:
    """Dates are compared as texts. A period whose dates are in another format than 102 fails."""
    if "start" not in period.terms or "end" not in period.terms:
        return True
    return any(last >= first for last in _dated(period, end) for first in _dated(period, start))


def br_29(period: Group, _: CiiFacts) -> bool:
    return _period_in_order(period, "BT-73", "BT-74")


def br_30(period: Group, _: CiiFacts) -> bool:
    return _period_in_order(period, "BT-134", "BT-135")


def br_vat_category(allowance: Group, _: CiiFacts) -> bool:
    return is_vat(allowance) and ("BT-95" in allowance.terms or "BT-102" in allowance.terms)


def br_47(tax: Group, _: CiiFacts) -> bool:
    return is_vat(tax) and "BT-118" in tax.terms


def br_48(tax: Group, _: CiiFacts) -> bool:
    return is_vat(tax) and ("BT-119" in tax.terms or tax.text("BT-118") == "O")


def _is_credit_transfer(account: Group) -> bool:
    means = account.parent
    return means is not None and any(code in _CREDIT_TRANSFER for code in means.texts("BT-81"))


def br_50(account: Group, _: CiiFacts) -> bool:
    return not _is_credit_transfer(account) or any(map(is_filled, account.texts("BT-84")))


def br_51(card: Group, _: CiiFacts) -> bool:
    return all(len(normalized(number)) <= 10 for number in card.texts("BT-87"))


def br_53(totals: Group, facts: CiiFacts) -> bool:
    accounting = facts.invoice.texts("BT-6")
    if not accounting:
        return True
    stated = any(said in accounting for said in totals.attributes("BT-110", "currencyID"))
    return stated and not any(currency in accounting for currency in facts.currencies)


def br_55(preceding: Group, _: CiiFacts) -> bool:
    return is_filled(preceding.text("BT-25"))


def br_56(representative: Group, _: CiiFacts) -> bool:
    return any(
        scheme == "VA" and is_filled(text)
        for one in representative.children("tax-registration")
        for text, scheme in zip(one.texts("company-id"), one.attributes("company-id", "schemeID"), strict=True)
    )


def br_57(delivery: Group, _: CiiFacts) -> bool:
    addresses = delivery.children("BG-15")
    return not addresses or any(is_filled(address.text("BT-80")) for address in addresses)


def br_61(account: Group, _: CiiFacts) -> bool:
    return not _is_credit_transfer(account) or "BT-84" in account.terms


def br_62(invoice: Group, facts: CiiFacts) -> bool:
    return _addresses_have_scheme(facts, "BG-4")


def br_63(invoice: Group, facts: CiiFacts) -> bool:
    return _addresses_have_scheme(facts, "BG-7")


def _addresses_have_scheme(facts: CiiFacts, party: str) -> bool:
    return all(
        normalized(subtree.texts[at])
        for _, alike in facts.located.parts
        for at in _schemes_of_addresses(alike[0])[party]
        for subtree in alike
    )


@of_variant
def _schemes_of_addresses(subtree: Subtree) -> dict[str, list[int]]:
    """The place of the scheme of the electronic address of each party, seller (BG-4) or buyer (BG-7), that has one."""
    recipe = subtree.recipe
    return {
        party: [
            recipe.attributes.get((address[0], "schemeID"), ABSENT) if address else ABSENT
            for number in subtree.variant.in_place(party)
            for first in recipe.below(recipe.groups[number].at, _COMMUNICATION)[:1]
            for address in [recipe.below(first, _ADDRESS)]
        ]
        for party in ("BG-4", "BG-7")
    }


_COMMUNICATION = (tag_of_step("ram:URIUniversalCommunication"),)
_ADDRESS = (tag_of_step("ram:URIID"),)


def br_64(line: Group, _: CiiFacts) -> bool:
    return "BT-157" not in line.terms or any(map(normalized, line.attributes("BT-157", "schemeID")))


_class_codes = _with_attribute("class-code", "listID")


def br_65(located: Located, _: CiiFacts) -> Iterator[Failure]:
    """Asked of each classification: there may be one on every line, too many to open a group for."""
    if all(normalized(said) for _, said in _class_codes(located)):
        return
    for classification in located.root.all("classification"):
        codes_of = inside(classification, "ram:ClassCode")
        if codes_of and not any(normalized(one.get("listID")) for one in codes_of):
            yield Failure("BR-65", classification, values={"BT-158": codes_of[0].text or ""})


def br_co_03(_tax: Group, facts: CiiFacts) -> bool:
    return not ("any-vat-date" in facts.invoice.terms and "any-vat-date-code" in facts.invoice.terms)


def br_co_04(line: Group, _: CiiFacts) -> bool:
    return any(is_vat(one) and "BT-151" in one.terms for one in line.children("BG-30"))


_PREFIXES = codes("vat_prefix_cii")


def _has_prefix(number: str) -> bool:
    """The number starts with the code of a country."""
    return number[:2] in _PREFIXES


def br_co_09(identifier: Group, _: CiiFacts) -> bool:
    said, at = identifier.subtree, identifier.at
    return said.attribute(at, "schemeID") != "VA" or _has_prefix(said.texts[at])


def br_co_10(totals: Group, facts: CiiFacts) -> bool:
    """The sum is made in floating point, over the lines of the same transaction."""
    sum_of_lines = double_total(facts.line_amounts(totals))
    if not isfinite(sum_of_lines):
        raise NotAsked
    expected = round_half_up(Decimal(sum_of_lines), 2)
    return any(exact(one) == expected for one in totals.texts("BT-106"))


def br_co_11(totals: Group, facts: CiiFacts) -> bool:
    return _sum_kept(totals, "BT-107", "BG-20", "BT-92", facts)


def br_co_12(totals: Group, facts: CiiFacts) -> bool:
    return _sum_kept(totals, "BT-108", "BG-21", "BT-99", facts)


def _sum_kept(totals: Group, term: str, kind: str, part: str, facts: CiiFacts) -> bool:
    """The sum is made in floating point, from the first amount of each allowance or charge."""
    stated, groups = totals.texts(term), facts.in_place(kind)
    if not stated:
        return not groups
    amounts = [group.text(part) for group in groups if part in group.terms]
    return any(_is_sum(one, amounts) for one in stated)


def _is_sum(stated: str, amounts: Sequence[str]) -> bool:
    """Whether an amount is the sum of others, to the cent; where there are none, the whole number 0."""
    if not amounts:
        return untyped(stated) == ZERO
    return ordered(double(stated)) == ordered(double_round2(double_total(amounts)))


def br_co_13(totals: Group, _: CiiFacts) -> bool:
    net = amount(totals, "BT-109")
    lines = None if net is None else amount(totals, "BT-106")
    if net is None or lines is None:
        return False
    charges, allowances = amount(totals, "BT-108"), amount(totals, "BT-107")
    if charges is not None:
        lines = add(lines, charges)
    if allowances is not None:
        lines = subtract(lines, allowances)
    return net == round_half_up(lines, 2)


def br_co_14(vat_total: Group, facts: CiiFacts) -> bool:
    """The sum is made in floating point, over the VAT breakdown of the whole document."""
    said, at = vat_total.subtree, vat_total.at
    if facts.invoice.astray or said.attribute(at, "currencyID") not in facts.currencies:
        return True
    return _is_sum(said.texts[at], [one for tax in facts.in_place("BG-23") for one in tax.texts("BT-117")])


def br_co_15(invoice: Group, facts: CiiFacts) -> bool:
    totals = facts.in_place("BG-22")
    grosses, nets = ([one.text(term) for one in totals if term in one.terms] for term in ("BT-112", "BT-109"))
    if not grosses or not nets:
        return not facts.currencies
    gross, net = exact(grosses[0]), exact(nets[0])
    for currency in facts.currencies:
        vat = facts.vat_totals(currency)
        with_vat = len(vat) == 1 and gross == round_half_up(add(net, exact(vat[0])), 2)
        if not with_vat and gross != net:
            return False
    return True


def br_co_16(totals: Group, _: CiiFacts) -> bool:
    due = amount(totals, "BT-115")
    gross = None if due is None else amount(totals, "BT-112")
    if due is None or gross is None:
        return False
    prepaid, rounding = amount(totals, "BT-113"), amount(totals, "BT-114")
    if prepaid is not None:
        gross = subtract(gross, prepaid)
    if rounding is not None:
        gross = add(gross, rounding)
    return due == gross


def br_co_17(tax: Group, _: CiiFacts) -> bool:
    return tax_follows(
        tax.terms,
        lambda term: exact(tax.text(term)),
        lambda: any(normalized(one).upper() == "VAT" for one in tax.texts("tax-scheme")),
        le,
    )


def br_co_18(_line: Group, facts: CiiFacts) -> bool:
    return facts.broken_down


def br_co_26(seller: Group, _: CiiFacts) -> bool:
    return (
        "BT-29" in seller.terms
        or "BT-30" in seller.terms
        or any(
            scheme == "VA"
            for one in seller.children("tax-registration")
            for scheme in one.attributes("company-id", "schemeID")
        )
    )


def _in_currency(totals: Group, currencies: list[str]) -> list[str]:
    said = zip(totals.texts("BT-110"), totals.attributes("BT-110", "currencyID"), strict=True)
    return [text for text, currency in said if currency in currencies]


def br_dec_13(totals: Group, facts: CiiFacts) -> bool:
    stated, own = totals.texts("BT-110"), _in_currency(totals, facts.currencies)
    return len(own) < len(stated) or not stated or any(_in_cents(one) for one in own)


def br_dec_15(totals: Group, facts: CiiFacts) -> bool:
    accounting = facts.invoice.texts("BT-6")
    if not accounting or "BT-110" not in totals.terms:
        return True
    return any(_in_cents(one) for one in _in_currency(totals, accounting))


def _in_cents(text: str) -> bool:
    value = double(text)
    return value == double_round(value * 100) / 100


def _at_indicator(rule: Rule) -> Rule:
    """The artefact sees allowances and charges only through an indicator that says `true` or `false`, to the letter."""
    if rule.context not in ("BG-20", "BG-21", "BG-27", "BG-28"):
        return rule
    return rule._replace(context=("said", str(rule.context)), anchor="indicator")


_BREAKDOWN = ("breakdown", "")
"""The VAT breakdown groups that no rule of a category takes first."""

RULES = (
    *(
        _at_indicator(rule)
        for rule in (
            *common.RULES,
            Rule("BR-32", "BG-20", br_vat_category),
            Rule("BR-37", "BG-21", br_vat_category),
        )
    ),
    *cii_vat.RULES,
    *(rule._replace(context=_BREAKDOWN) for rule in common.BREAKDOWN),
    Rule("BR-47", _BREAKDOWN, br_47),
    Rule("BR-48", _BREAKDOWN, br_48),
    Rule("BR-CO-03", _BREAKDOWN, br_co_03),
    Rule("BR-CO-17", _BREAKDOWN, br_co_17),
    Rule("BR-03", ROOT, br_03),
    Rule("BR-09", ROOT, group_filled("BG-5", "BT-40")),
    Rule("BR-11", ROOT, group_filled("BG-8", "BT-55")),
    Rule("BR-16", ROOT, group_anywhere("BG-25")),
    Rule("BR-17", "BG-10", br_17),
    Rule("BR-20", "BG-11", br_20),
    Rule("BR-29", "BG-14", br_29),
    Rule("BR-30", "BG-26", br_30),
    Rule("BR-50", "BG-17", OfText("BT-84", is_filled, br_50)),
    Rule("BR-51", "BG-18", br_51),
    Rule("BR-53", "BG-22", br_53),
    Rule("BR-55", "BG-3", br_55),
    Rule("BR-56", "BG-11", br_56),
    Rule("BR-57", "BG-13", br_57),
    Rule("BR-61", "BG-17", br_61),
    Rule("BR-62", ROOT, br_62),
    Rule("BR-63", ROOT, br_63),
    Rule("BR-64", "BG-25", OfText("BT-157", is_filled, br_64, attribute="schemeID")),
    Rule("BR-CO-04", "BG-25", br_co_04),
    Rule("BR-CO-09", "registered-id", OfText("registered-number", _has_prefix, br_co_09)),
    Rule("BR-CO-10", "BG-22", br_co_10),
    Rule("BR-CO-11", "BG-22", br_co_11),
    Rule("BR-CO-12", "BG-22", br_co_12),
    Rule("BR-CO-13", "BG-22", br_co_13),
    Rule("BR-CO-14", "vat-total", br_co_14),
    Rule("BR-CO-15", ROOT, br_co_15),
    Rule("BR-CO-16", "BG-22", br_co_16),
    Rule("BR-CO-18", "BG-25", OfDocument(br_co_18)),
    Rule("BR-CO-19", "BG-14", any_of("start", "end")),
    Rule("BR-CO-20", "BG-26", any_of("start", "end")),
    Rule("BR-CO-26", "BG-4", br_co_26),
    Rule("BR-DEC-13", "BG-22", br_dec_13),
    Rule("BR-DEC-15", "BG-22", br_dec_15),
)

SWEEPS = (br_65,)

FACTS = CiiFacts
CONTEXTS = contexts
