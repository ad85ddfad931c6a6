"""UBL: the business rules (BR-*, BR-CO-*) as the artefact asks them of a UBL Invoice or CreditNote."""

from decimal import Decimal
from functools import partial
from operator import lt

from billingua.codelists import codes
from billingua.engine.locate import ROOT, Group
from billingua.engine.numbers import add, round_half_up, subtract, total
from billingua.engine.rule import Rule
from billingua.engine.values import decimal, normalized
from billingua.rules.en16931 import common, ubl_vat
from billingua.rules.en16931.checks import (
    amount,
    any_of,
    attributes_missing,
    exact,
    filled,
    group_present,
    in_order,
    present,
    same_text,
    xs_date,
)
from billingua.rules.en16931.ubl_facts import TELLING, UblFacts, contexts, is_vat, line_place
from billingua.rules.vat import tax_follows

__all__ = ["CONTEXTS", "FACTS", "RULES", "SWEEPS", "TELLING"]

_CREDIT_TRANSFER = ("30", "58")
"""Payment means codes that need an account: credit transfer, SEPA credit transfer."""


def br_16(_: Group, facts: UblFacts) -> bool:
    return any(numbers for _, numbers in facts.lines())


def br_17(payee: Group, facts: UblFacts) -> bool:
    if "BT-59" not in payee.terms:
        return False
    return not any(
        same_text(payee.all("BT-59"), seller.all("BT-28")) or same_text(payee.all("BT-60"), seller.all("BT-29"))
        for seller in facts.located.all("BG-4")
        if seller.element.getparent() is payee.element.getparent()
    )


def br_vat_category(allowance: Group, _: UblFacts) -> bool:
    return is_vat(allowance) and ("BT-95" in allowance.terms or "BT-102" in allowance.terms)


def br_47(subtotal: Group, _: UblFacts) -> bool:
    return is_vat(subtotal) and "BT-118" in subtotal.terms


def br_48(subtotal: Group, _: UblFacts) -> bool:
    return is_vat(subtotal) and (
        "BT-119" in subtotal.terms or any(normalized(code) == "O" for code in subtotal.texts("BT-118"))
    )


def br_50(account: Group, _: UblFacts) -> bool:
    means = account.parent
    if means is None or not any(code in _CREDIT_TRANSFER for code in means.texts("BT-81")):
        return True
    return bool(normalized(account.text("BT-84")))


def br_51(card: Group, _: UblFacts) -> bool:
    return all(len(normalized(number)) <= 10 for number in card.texts("BT-87"))


def br_53(invoice: Group, facts: UblFacts) -> bool:
    accounting = invoice.texts("BT-6")
    return not accounting or set(accounting) <= set(invoice.attributes("any-tax-amount", "currencyID"))


def br_56(representative: Group, _: UblFacts) -> bool:
    return any(is_vat(one) and "company-id" in one.terms for one in representative.children("tax-registration"))


def br_61(means: Group, _: UblFacts) -> bool:
    if normalized(means.text("BT-81")) not in _CREDIT_TRANSFER:
        return True
    return any("BT-84" in account.terms for account in means.children("BG-17"))


def br_co_03(invoice: Group, facts: UblFacts) -> bool:
    return not ("BT-7" in invoice.terms and "BT-8" in invoice.terms)


def br_co_04(line: Group, _: UblFacts) -> bool:
    return any(
        is_vat(one) and "BT-151" in one.terms and line_place(one.subtree, one.number) == "line"
        for one in line.children("BG-30")
    )


_PREFIXES = f" {' '.join(sorted(codes('vat_prefix_ubl')))} "


def br_co_09(registration: Group, _: UblFacts) -> bool:
    return not is_vat(registration) or registration.text("company-id")[:2] in _PREFIXES


def br_co_10(totals: Group, facts: UblFacts) -> bool:
    expected = round_half_up(facts.amounts("BG-25"), 2)
    return any(decimal(one) == expected for one in totals.texts("BT-106"))


def br_co_11(totals: Group, facts: UblFacts) -> bool:
    return _sum_kept(totals, "BT-107", "BG-20", facts)


def br_co_12(totals: Group, facts: UblFacts) -> bool:
    return _sum_kept(totals, "BT-108", "BG-21", facts)


def _sum_kept(totals: Group, term: str, kind: str, facts: UblFacts) -> bool:
    stated, astray = totals.texts(term), totals.astray
    if not stated:
        return astray or not facts.located.has(kind)
    expected = Decimal(0) if astray else round_half_up(facts.amounts(kind), 2)
    return decimal(stated[0]) == expected


def br_co_13(totals: Group, _: UblFacts) -> bool:
    net = amount(totals, "BT-109")
    lines = None if net is None else amount(totals, "BT-106")
    if net is None or lines is None:
        return False
    if "BT-107" not in totals.terms and "BT-108" not in totals.terms:
        return net == lines
    charges, allowances = amount(totals, "BT-108") or Decimal(0), amount(totals, "BT-107") or Decimal(0)
    return net == round_half_up(subtract(add(lines, charges), allowances), 2)


def br_co_14(tax_total: Group, _: UblFacts) -> bool:
    subtotals = tax_total.children("BG-23")
    if not subtotals:
        return True
    expected = round_half_up(total(decimal(one) for subtotal in subtotals for one in subtotal.texts("BT-117")), 2)
    return any(decimal(one) == expected for one in tax_total.texts("BT-110"))


def br_co_15(invoice: Group, facts: UblFacts) -> bool:
    for currency in invoice.texts("BT-5"):
        vat = facts.vat_totals(currency)
        if len(vat) != 1:
            return False
        for totals in facts.in_place("BG-22"):
            if "BT-112" in totals.terms and "BT-109" in totals.terms:
                gross, net = exact(totals.text("BT-112")), exact(totals.text("BT-109"))
                if gross == round_half_up(add(net, decimal(vat[0])), 2):
                    break
        else:
            return False
    return True


def br_co_16(totals: Group, _: UblFacts) -> bool:
    due = amount(totals, "BT-115")
    gross = None if due is None else amount(totals, "BT-112")
    if due is None or gross is None:
        return False
    prepaid, rounding = amount(totals, "BT-113"), amount(totals, "BT-114")
    if rounding is not None:
        due = round_half_up(subtract(due, rounding), 2)
    if prepaid is not None:
        gross = round_half_up(subtract(gross, prepaid), 2)
    return due == gross


def br_co_17(subtotal: Group, _: UblFacts) -> bool:
    return tax_follows(subtotal.terms, lambda term: exact(subtotal.text(term)), partial(is_vat, subtotal), lt)


def br_co_19(period: Group, _: UblFacts) -> bool:
    return any(term in period.terms for term in ("BT-73", "BT-74", "period-code"))


def br_co_26(seller: Group, _: UblFacts) -> bool:
    return (
        any(is_vat(one) and "company-id" in one.terms for one in seller.children("tax-registration"))
        or any(scheme != "SEPA" for scheme in seller.attributes("BT-29", "schemeID"))
        or "BT-30" in seller.terms
    )


RULES = (
    *common.RULES,
    *common.BREAKDOWN,
    Rule("BR-03", ROOT, filled("BT-2")),
    Rule("BR-09", "BG-5", filled("BT-40")),
    Rule("BR-11", "BG-8", filled("BT-55")),
    Rule("BR-16", ROOT, br_16),
    Rule("BR-17", "BG-10", br_17),
    Rule("BR-20", "BG-12", filled("BT-69")),
    Rule("BR-29", ("period", ""), in_order("BT-73", "BT-74", xs_date)),
    Rule("BR-30", "BG-26", in_order("BT-134", "BT-135", xs_date)),
    Rule("BR-32", "BG-20", br_vat_category),
    Rule("BR-37", "BG-21", br_vat_category),
    Rule("BR-47", "BG-23", br_47),
    Rule("BR-48", "BG-23", br_48),
    Rule("BR-50", "BG-17", br_50),
    Rule("BR-51", "BG-18", br_51, "BT-87"),
    Rule("BR-53", ROOT, br_53),
    present("BR-55", "BG-3", "BT-25"),
    Rule("BR-56", "BG-11", br_56),
    present("BR-57", "BG-15", "BT-80"),
    Rule("BR-61", "BG-16", br_61),
    Rule("BR-CO-03", ROOT, br_co_03),
    Rule("BR-CO-04", "BG-25", br_co_04),
    Rule("BR-CO-09", "vat-identifier", br_co_09),
    Rule("BR-CO-10", "BG-22", br_co_10),
    Rule("BR-CO-11", "BG-22", br_co_11),
    Rule("BR-CO-12", "BG-22", br_co_12),
    Rule("BR-CO-13", "BG-22", br_co_13),
    Rule("BR-CO-14", "tax-total", br_co_14),
    Rule("BR-CO-15", ROOT, br_co_15),
    Rule("BR-CO-16", "BG-22", br_co_16),
    Rule("BR-CO-17", "BG-23", br_co_17),
    Rule("BR-CO-18", ROOT, group_present("BG-23")),
    Rule("BR-CO-19", ("period", ""), br_co_19),
    Rule("BR-CO-20", "BG-26", any_of("BT-134", "BT-135")),
    Rule("BR-CO-26", "BG-4", br_co_26),
    *ubl_vat.RULES,
)

SWEEPS = (
    attributes_missing(
        ("BR-62", "BG-4", "BT-34", "schemeID"),
        ("BR-63", "BG-7", "BT-49", "schemeID"),
        ("BR-64", "BG-25", "BT-157", "schemeID"),
        ("BR-65", "BG-25", "BT-158", "listID"),
    ),
)

FACTS = UblFacts
CONTEXTS = contexts
