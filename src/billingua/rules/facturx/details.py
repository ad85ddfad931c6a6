"""The figures of a failure: what is stated, and what it should be."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Final

from billingua.engine.locate import Group
from billingua.engine.numbers import total
from billingua.engine.rule import careful
from billingua.engine.values import decimal
from billingua.rules.elements import path, said
from billingua.rules.facturx.business import listed
from billingua.rules.facturx.facts import HEADER, LINES, LOGISTICS, Facts, cents, detailed
from billingua.rules.vat import FAMILIES, Family

__all__ = ["details"]

Detail = Callable[[Group, Facts], str]

_LINE_AMOUNT = path("SpecifiedLineTradeSettlement/SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
_AMOUNT = path("ActualAmount")
_APPLIED = path("AppliedAmount")


def _stated(group: Group, term: str) -> str:
    return f"{term} is {group.text(term).strip()}" if group.has(term) else f"{term} is missing"


def _amount(group: Group, term: str) -> Decimal:
    return decimal(group.text(term)) if group.has(term) else Decimal(0)


def _lines(totals: Group, facts: Facts) -> str:
    counted = [line for line in facts.below(LINES) if detailed(line)]
    made = total(decimal(said(amount)) for line in counted for amount in _LINE_AMOUNT(line))
    return f"{_stated(totals, 'BT-106')}; the lines (BT-131) make {made:f}."


def _allowances(totals: Group, facts: Facts) -> str:
    made = total(decimal(said(amount)) for one in facts.charged("false") for amount in _AMOUNT(one))
    return f"{_stated(totals, 'BT-107')}; the document allowances (BT-92) make {made:f}."


def _charges(totals: Group, facts: Facts) -> str:
    charges = [amount for one in facts.charged("true") for amount in _AMOUNT(one)]
    fees = [amount for one in facts.below(LOGISTICS) for amount in _APPLIED(one)]
    made = total(decimal(said(amount)) for amount in (*charges, *fees))
    return f"{_stated(totals, 'BT-108')}; the document charges (BT-99) and logistics service charges make {made:f}."


def _net(totals: Group, _: Facts) -> str:
    made = total((_amount(totals, "BT-106"), -_amount(totals, "BT-107"), _amount(totals, "BT-108")))
    return f"{_stated(totals, 'BT-109')}; BT-106 - BT-107 + BT-108 makes {made:f}."


def _gross(totals: Group, facts: Facts) -> str:
    stated = [one for one in totals.all("BT-110") if one.get("currencyID") in facts.currencies]
    if len(stated) != 1:
        return f"There are {len(stated)} total VAT amounts (BT-110) in the invoice currency; one is needed."
    made = total((_amount(totals, "BT-109"), decimal(said(stated[0]))))
    return f"{_stated(totals, 'BT-112')}; BT-109 + BT-110 makes {made:f}."


def _due(totals: Group, _: Facts) -> str:
    made = total((_amount(totals, "BT-112"), -_amount(totals, "BT-113"), _amount(totals, "BT-114")))
    return f"{_stated(totals, 'BT-115')}; BT-112 - BT-113 + BT-114 makes {made:f}."


def _vat(_: Group, facts: Facts) -> str:
    made = total(decimal(said(one)) for one in facts.below(f"{HEADER}/ApplicableTradeTax/CalculatedAmount"))
    return f"The VAT breakdown (BT-117) makes {made:f}."


def _base(family: Family) -> Detail:
    """The taxable amount of a category, by its rate where it may have several groups."""

    def detail(tax: Group, facts: Facts) -> str:
        rate = decimal(tax.text("BT-119")) if family.breakdown == "some" else None
        uses = [use for use in facts.uses(family.code, rate) if use.detailed]
        lines, charges, fees, allowances = (
            cents(use for use in uses if place in use.places) for place in ("line", "charge", "logistics", "allowance")
        )
        made = total((lines, charges, fees, -allowances))
        return (
            f"{_stated(tax, 'BT-116')}; lines {lines:f} + charges {charges + fees:f} - allowances {allowances:f} "
            f"makes {made:f}."
        )

    return detail


_DETAILS: Final[dict[str, Detail]] = {
    **dict.fromkeys(("BR-CO-10", "BR-FXEXT-CO-10"), _lines),
    **dict.fromkeys(("BR-CO-11", "BR-FXEXT-CO-11"), _allowances),
    **dict.fromkeys(("BR-CO-12", "BR-FXEXT-CO-12"), _charges),
    **dict.fromkeys(("BR-CO-13", "BR-FXEXT-CO-13"), _net),
    **dict.fromkeys(("BR-CO-15", "BR-FXEXT-CO-15"), _gross),
    **dict.fromkeys(("BR-CO-16", "BR-FXEXT-CO-16"), _due),
    "BR-CO-14": _vat,
    **{
        name: _base(family)
        for family in FAMILIES
        for name in (
            f"BR-{family.id}-08",
            f"BR-FXEXT-{family.id}-08",
            f"BR-FXEXT-{family.id}-08b",
            f"BR-FXEXT-{family.id}08b",
            f"BR-FXEXT-{family.id}-08ini",
        )
    },
}


@cache
def details(profile: str) -> dict[str, Detail]:
    """The figures of the rules of a profile, by id."""
    return {
        rule.id: careful(_DETAILS[name])
        for rule in listed(profile)
        if (name := rule.name.removesuffix("/all")) in _DETAILS
    }
