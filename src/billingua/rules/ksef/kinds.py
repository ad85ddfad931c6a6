"""What a kind of invoice (RodzajFaktury) needs and what it must not have (KSEF-KIND)."""

from decimal import Decimal
from typing import Final

from billingua.engine.locate import ROOT, Group
from billingua.engine.rule import Check, Rule, Sweep
from billingua.engine.values import decimal
from billingua.rules.ksef.checks import is_one, needed
from billingua.rules.ksef.facts import CORRECTIONS, Facts

__all__ = ["LIMITS", "RULES", "SWEEPS"]

LIMITS: Final = {"PLN": Decimal(450), "EUR": Decimal(100)}
"""The most that a simplified invoice may come to, by currency."""


def _needs(kinds: frozenset[str], *terms: str) -> Check:
    """Invoices of these kinds have one of the terms."""
    return lambda invoice, facts: facts.kind not in kinds or any(term in invoice.terms for term in terms)


def _only(kinds: frozenset[str], term: str) -> Check:
    """No other invoices have the term."""
    return lambda invoice, facts: term not in invoice.terms or facts.kind in kinds


_ADVANCE: Final = frozenset({"ZAL"})


def kind_07(_: Group, facts: Facts) -> bool:
    return bool(facts.lines) or facts.kind not in ("VAT", "ROZ", "UPR")


def kind_08(line: Group, facts: Facts) -> bool:
    return not is_one(line, "StanPrzed") or facts.kind in ("KOR", "KOR_ROZ")


def kind_09_due(invoice: Group, facts: Facts) -> bool:
    return facts.kind in CORRECTIONS or needed(invoice, "P_15") >= 0


def kind_09_quantity(line: Group, facts: Facts) -> bool:
    quantity = line.text("P_8B")
    return "-" not in quantity or decimal(quantity) >= 0 or facts.kind in CORRECTIONS


def kind_10(invoice: Group, facts: Facts) -> bool:
    if facts.kind != "UPR":
        return True
    limit = LIMITS.get(facts.currency)
    return limit is None or needed(invoice, "P_15") <= limit


def kind_11(buyer: Group, facts: Facts) -> bool:
    return ("Nazwa" in buyer.terms and "Adres" in buyer.terms) or facts.kind == "UPR" or facts.kind in CORRECTIONS


RULES = (
    Rule("KSEF-KIND-01", ROOT, _needs(CORRECTIONS, "DaneFaKorygowanej"), "RodzajFaktury"),
    Rule("KSEF-KIND-02", ROOT, _only(CORRECTIONS, "DaneFaKorygowanej"), "DaneFaKorygowanej"),
    Rule("KSEF-KIND-03", ROOT, _needs(CORRECTIONS - {"KOR"}, "P_15ZK"), "RodzajFaktury"),
    Rule("KSEF-KIND-04", ROOT, _needs(_ADVANCE, "Zamowienie"), "RodzajFaktury"),
    Rule("KSEF-KIND-05", ROOT, _only(_ADVANCE | {"KOR_ZAL"}, "Zamowienie"), "Zamowienie"),
    Rule("KSEF-KIND-06", ROOT, _needs(frozenset({"ROZ"}), "FakturaZaliczkowa", "ZaliczkaCzesciowa"), "RodzajFaktury"),
    Rule("KSEF-KIND-07", ROOT, kind_07, "RodzajFaktury"),
    Rule("KSEF-KIND-08", "FaWiersz", kind_08, "StanPrzed"),
    Rule("KSEF-KIND-09", ROOT, kind_09_due, "P_15"),
    Rule("KSEF-KIND-09", "FaWiersz", kind_09_quantity, "P_8B"),
    Rule("KSEF-KIND-10", ROOT, kind_10, "P_15"),
    Rule("KSEF-KIND-11", "Podmiot2", kind_11),
)

SWEEPS: tuple[Sweep, ...] = ()
