"""Annotations that must fit lines and totals (KSEF-ADN), and rates that must fit the parties (KSEF-RATE)."""

from decimal import Decimal
from typing import Final

from billingua.engine.locate import ROOT, Group
from billingua.engine.rule import Rule
from billingua.rules.ksef.checks import amount, is_one, needed, of_each, said
from billingua.rules.ksef.facts import Facts

__all__ = ["RULES", "SPLIT_PAYMENT", "SWEEPS"]

SPLIT_PAYMENT: Final = Decimal(15_000)
"""Above this amount in PLN split payment is obligatory for the goods and services of annex 15."""

_INTRA_EU: Final = "0 WDT"


def adn_01(invoice: Group, facts: Facts) -> bool:
    return "P_19" in invoice.terms or not ("zw" in facts.rates or amount(invoice, "P_13_7"))


def adn_02(invoice: Group, facts: Facts) -> bool:
    return is_one(invoice, "P_18") or not ("oo" in facts.rates or amount(invoice, "P_13_10"))


def adn_03(invoice: Group, facts: Facts) -> bool:
    if not is_one(invoice, "P_18") or not facts.lines or facts.kind not in ("VAT", "UPR", "ROZ"):
        return True
    return not facts.rates.isdisjoint(("oo", "np I", "np II"))


def adn_04_total(invoice: Group, _: Facts) -> bool:
    return "P_PMarzy" in invoice.terms or not amount(invoice, "P_13_11")


def adn_04_annotation(invoice: Group, facts: Facts) -> bool:
    return "P_PMarzy" not in invoice.terms or "P_13_11" in invoice.terms or facts.kind not in ("VAT", "ROZ")


def _is_basic_in_pln(facts: Facts) -> bool:
    return facts.kind == "VAT" and facts.currency == "PLN"


def adn_05(invoice: Group, facts: Facts) -> bool:
    if is_one(invoice, "P_18A") or not any("P_12_Zal_15" in line.terms for line in facts.lines):
        return True
    return not _is_basic_in_pln(facts) or needed(invoice, "P_15") <= SPLIT_PAYMENT


def adn_06(invoice: Group, facts: Facts) -> bool:
    return not is_one(invoice, "P_18A") or not _is_basic_in_pln(facts) or needed(invoice, "P_15") > SPLIT_PAYMENT


def rate_01(line: Group, _: Facts) -> bool:
    return "P_12_XII" not in line.terms or "P_12" not in line.terms


def rate_02(line: Group, facts: Facts) -> bool:
    return "oo" not in facts.rates or said(line, "P_12") != "oo" or not facts.buyer_is_foreign


def rate_03_buyer(buyer: Group, facts: Facts) -> bool:
    return "NrVatUE" in buyer.terms or _INTRA_EU not in facts.rates


def rate_03_seller(seller: Group, facts: Facts) -> bool:
    return "PrefiksPodatnika" in seller.terms or _INTRA_EU not in facts.rates


def rate_04(line: Group, facts: Facts) -> bool:
    return said(line, "P_12Z") != _INTRA_EU or facts.kind != "ZAL"


RULES = (
    Rule("KSEF-ADN-01", ROOT, adn_01, "P_19N"),
    Rule("KSEF-ADN-02", ROOT, adn_02, "P_18"),
    Rule("KSEF-ADN-03", ROOT, adn_03, "P_18"),
    Rule("KSEF-ADN-04", ROOT, adn_04_total, "P_13_11"),
    Rule("KSEF-ADN-04", ROOT, adn_04_annotation, "P_PMarzy"),
    Rule("KSEF-ADN-05", ROOT, adn_05, "P_18A"),
    Rule("KSEF-ADN-06", ROOT, adn_06, "P_18A"),
    Rule("KSEF-RATE-01", "FaWiersz", rate_01, "P_12"),
    Rule("KSEF-RATE-02", "FaWiersz", rate_02, "P_12"),
    Rule("KSEF-RATE-03", "Podmiot2", rate_03_buyer),
    Rule("KSEF-RATE-03", "Podmiot1", rate_03_seller),
    Rule("KSEF-RATE-04", "ZamowienieWiersz", rate_04, "P_12Z"),
)

SWEEPS = (of_each("KSEF-ADN-07", ROOT, "P_NrWierszaNST", lambda number, facts: facts.has_line(number)),)
