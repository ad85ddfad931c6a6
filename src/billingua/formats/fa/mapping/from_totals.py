"""Totals, VAT breakdown and exemption of an EN 16931 invoice as P_13_x, P_14_x, P_15 and Rozliczenie."""

import re
from decimal import Decimal
from typing import Any, Final

from billingua.engine.numbers import ZERO, add, divide_half_away, multiply, percent_of, round_half_away, subtract, total
from billingua.errors import CannotExpress
from billingua.formats.fa.mapping.draft import Draft, fit_decimals, missing
from billingua.formats.fa.mapping.from_lines import no_percent, outside_tax_base
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.mapping.vat import (
    MARGIN_CODES,
    NO_TAX_BASE,
    OSS,
    Regime,
    fa_rate,
    net_name,
    tax_name,
)
from billingua.formats.fa.model import Adjustment, Settlement
from billingua.model.totals import DEFAULT_EXEMPTION

__all__ = [
    "DEDUCTED",
    "ROUNDED",
    "Sums",
    "basis_of",
    "exemption",
    "implied",
    "in_pln",
    "left",
    "settlement",
    "sums",
    "tax_remarks",
    "totals",
]

DEDUCTED: Final = "Zapłacono (BT-113)"
ROUNDED: Final = "Zaokrąglenie (BT-114)"
"""Powod of what the invoice has terms for."""

_ARTICLE = re.compile(r"VATEX-EU-(\d+)(?:-(\d+)?([A-Z]{1,2})?)?")
_BASIS = "{0} dyrektywy 2006/112/WE"
_DIRECTIVE = re.compile(r"dyrekt|directive|2006/112", re.IGNORECASE)
_ACT = re.compile(r"ustaw|\bart\. ?(43|82|113)\b", re.IGNORECASE)


class Sums:
    """Net and tax of each rate (P_12, `OSS`, `MARGIN`), with the signs of FA(3)."""

    def __init__(self) -> None:
        self.net: dict[str, Decimal] = {}
        self.tax: dict[str, Decimal] = {}

    def enter(self, rate: str, net: Decimal, tax: Decimal) -> None:
        """Add to a rate."""
        self.net[rate] = add(self.net.get(rate, ZERO), net)
        self.tax[rate] = add(self.tax.get(rate, ZERO), tax)

    @property
    def gross(self) -> Decimal:
        """Everything together."""
        return add(total(self.net.values()), total(self.tax.values()))


def sums(draft: Draft, regime: Regime) -> Sums:
    """The VAT breakdown by the rates of FA(3), without what stands in Rozliczenie.

    Raises:
        InvalidModel: there is no breakdown, or one without its amounts.
        CannotExpress: FA(3) has no such rate.
    """
    found = Sums()
    groups = draft.source.all("vat_breakdown")
    if not groups:
        raise missing(draft.source, "vat_breakdown", "Call with_totals() before converting.")
    outside = outside_tax_base(draft.source)
    for view in groups:
        category, percent = view.take("category_code"), view.take("rate")
        net, tax = draft.amount(view, "taxable_amount"), draft.amount(view, "tax_amount")
        if net is None:
            raise missing(view, "taxable_amount", "Call with_totals() before converting.")
        rate = fa_rate(category, percent, regime, view.at("category_code"))
        if tax and not tax_name(rate):
            raise CannotExpress(
                f"VAT category {category} has the tax {tax} (BT-117), which FA(3) has no place for.",
                where=view.at("tax_amount"),
                todo="The tax of this category is 0.",
            )
        if category != "S":
            no_percent(view, "rate")
        if category in outside:
            net = subtract(net, draft.signed(_outside(draft.source, category)))
            if not net and category not in {one.one("vat").see("category_code") for one in draft.source.all("lines")}:
                continue
        found.enter(rate, net, tax or ZERO)
    return found


def _outside(source: View, category: str) -> Decimal:
    """Charges less allowances of a category, as far as they stand in Rozliczenie."""
    amounts = []
    for name, sign in (("charges", 1), ("allowances", -1)):
        for view in source.all(name):
            if view.see("vat_category_code") == category:
                amounts.append(sign * fit_decimals(view.see("amount") or ZERO, 2))
    return total(amounts)


def totals(found: Sums) -> dict[str, Decimal]:
    """P_13_x and P_14_x by the attributes they are."""
    values: dict[str, Decimal] = {}
    for rate, net in found.net.items():
        values[net_name(rate)] = add(values.get(net_name(rate), ZERO), net)
        if name := tax_name(rate):
            values[name] = add(values.get(name, ZERO), found.tax[rate])
    return values


def in_pln(draft: Draft, found: Sums, currency: str, rest: Sums | None = None) -> dict[str, Decimal]:
    """P_14_xW: the tax in PLN (BT-111) by the share of each tax in the whole, the largest taking the rest.

    `rest` is what advances have left of it, where that is what the invoice states: BT-111 itself is then described.
    """
    source, view = draft.source, draft.source.one("totals")
    if source.see("vat_currency") != "PLN" or currency == "PLN":
        draft.describe(source, "vat_currency")
        draft.describe(view, "total_vat_in_accounting_currency")
        return {}
    source.take("vat_currency")
    values, whole = _taxes(found), total(_taxes(found).values())
    stated = view.see("total_vat_in_accounting_currency")
    if rest is not None:
        draft.describe(source, "vat_currency")
    if rest is not None or not whole or stated is None:
        draft.describe(view, "total_vat_in_accounting_currency")
    if not whole or stated is None:
        return {}
    amount = draft.amount(view, "total_vat_in_accounting_currency") or ZERO
    if rest is not None:
        values = _taxes(rest)
        amount, whole = divide_half_away(multiply(amount, total(values.values())), whole), total(values.values())
    if not whole:
        return {}
    parts = {name: divide_half_away(multiply(amount, tax), whole) for name, tax in values.items()}
    largest = max(parts, key=lambda name: abs(parts[name]))
    parts[largest] = add(parts[largest], subtract(amount, total(parts.values())))
    return {f"{name}_in_pln": part for name, part in parts.items()}


def _taxes(found: Sums) -> dict[str, Decimal]:
    """P_14_x, as far as there is a P_14_xW beside it."""
    return {name: tax for name, tax in totals(found).items() if name.startswith("tax_") and name != f"tax_{OSS}"}


def left(found: Sums, due: Decimal) -> Sums:
    """What is left of each rate when only `due` of the gross total is: a settlement states that."""
    rest = Sums()
    gross = found.gross
    parts: dict[str, Decimal] = {}
    for rate, net in found.net.items():
        whole = add(net, found.tax[rate])
        parts[rate] = divide_half_away(multiply(whole, due), gross) if gross else ZERO
    if parts:
        largest = max(parts, key=lambda rate: abs(parts[rate]))
        parts[largest] = add(parts[largest], subtract(due, total(parts.values())))
    for rate, part in parts.items():
        net, tax = found.net[rate], found.tax[rate]
        share = divide_half_away(multiply(part, net), add(net, tax)) if add(net, tax) else part
        rest.enter(rate, share, subtract(part, share))
    return rest


def settlement(draft: Draft, due: Decimal, paid_before: bool) -> Settlement | None:
    """Rozliczenie: what is outside the tax base, what is paid and what is rounded; None where there is none of it.

    `due` is P_15; `paid_before` says that the paid amount is that of advance invoices and already off it.
    """
    view = draft.source.one("totals")
    outside = outside_tax_base(draft.source)
    charges: list[Adjustment] = []
    deductions: list[Adjustment] = []
    for name, entries, word in (("charges", charges, "Opłata"), ("allowances", deductions, "Odliczenie")):
        for part in draft.source.all(name):
            if part.see("vat_category_code") in outside:
                part.take("vat_category_code")
                part.take("vat_rate")
                no_percent(part, "vat_rate")
                reason = draft.text(part, "reason")
                entries.append(Adjustment(amount=draft.amount(part, "amount"), reason=reason or word))
    paid = draft.amount(view, "paid_amount")
    if paid and not paid_before:
        deductions.append(Adjustment(amount=paid, reason=DEDUCTED))
    rounding = draft.amount(view, "rounding_amount")
    if rounding:
        up = draft.signed(rounding) > 0
        amount = rounding if up else subtract(ZERO, rounding)
        (charges if up else deductions).append(Adjustment(amount=amount, reason=ROUNDED))
    stated = draft.amount(view, "amount_due")
    to_pay = _sum(due, charges, deductions)
    if stated is not None and stated != to_pay:
        view.lose("amount_due", f"it does not follow from the other totals, which give {abs(to_pay)}")
    if not charges and not deductions:
        return None
    return Settlement(
        charges=tuple(charges),
        charges_total=_total(charges) if charges else None,
        deductions=tuple(deductions),
        deductions_total=_total(deductions) if deductions else None,
        to_pay=to_pay if draft.signed(to_pay) >= 0 else None,
        to_settle=subtract(ZERO, to_pay) if draft.signed(to_pay) < 0 else None,
    )


def _total(entries: list[Adjustment]) -> Decimal:
    return total(one.amount or ZERO for one in entries)


def _sum(due: Decimal, charges: list[Adjustment], deductions: list[Adjustment]) -> Decimal:
    return subtract(add(due, _total(charges)), _total(deductions))


def implied(draft: Draft, found: Sums) -> None:
    """Take the totals that FA(3) does not state, as far as they follow from what it states."""
    source, view = draft.source, draft.source.one("totals")
    outside = outside_tax_base(source)
    allowances = total(one.see("amount") or ZERO for one in source.all("allowances"))
    charges = total(one.see("amount") or ZERO for one in source.all("charges"))
    extra = total(_outside(source, category) for category in outside)
    net = add(draft.signed(total(found.net.values())), extra)
    for name, value in (
        ("line_total", total(one.see("net_amount") or ZERO for one in source.all("lines"))),
        ("allowance_total", allowances),
        ("charge_total", charges),
        ("total_without_vat", net),
        ("total_vat", draft.signed(total(found.tax.values()))),
        ("total_with_vat", add(net, draft.signed(total(found.tax.values())))),
    ):
        stated = view.take(name)
        if stated is not None and stated != value:
            view.lose(name, f"FA(3) does not state it, and what it states gives {value}")


def exemption(draft: Draft, regime: Regime) -> dict[str, Any]:
    """P_19A, P_19B, P_19C and the margin annotations; other reasons become descriptions."""
    values: dict[str, Any] = {}
    outside = outside_tax_base(draft.source)
    for view in draft.source.all("vat_breakdown"):
        category, code = view.see("category_code"), view.see("exemption_reason_code")
        if code == DEFAULT_EXEMPTION.get(category, "") or (category in outside and code == NO_TAX_BASE):
            view.take("exemption_reason_code")
            draft.describe(view, "exemption_reason", None, category)
        elif category == "E" and not values:
            values, said = _basis(draft, view, regime)
            for name in ("exemption_reason_code", "exemption_reason"):
                if name != said:
                    draft.describe(view, name, None, category)
        else:
            draft.describe(view, "exemption_reason_code", None, category)
            draft.describe(view, "exemption_reason", None, category)
    return values


def _basis(draft: Draft, view: View, regime: Regime) -> tuple[dict[str, Any], str]:
    """The annotation of an exemption, and which of code and reason it says."""
    code, reason = view.see("exemption_reason_code"), view.see("exemption_reason")
    scheme = next((name for name, one in MARGIN_CODES.items() if one == code), None)
    if regime.margin and scheme:
        view.take("exemption_reason_code")
        return {scheme: True}, "exemption_reason_code"
    if reason and _ACT.search(reason) and not _DIRECTIVE.search(reason):
        return {"exemption_by_act": draft.text(view, "exemption_reason")}, "exemption_reason"
    if basis := basis_of(code):
        view.take("exemption_reason_code")
        return {"exemption_by_directive": basis}, "exemption_reason_code"
    if reason:
        name = "exemption_by_directive" if _DIRECTIVE.search(reason) else "exemption_by_other"
        return {name: draft.text(view, "exemption_reason")}, "exemption_reason"
    if code:
        return {"exemption_by_other": draft.text(view, "exemption_reason_code")}, "exemption_reason_code"
    return {}, ""


def basis_of(code: str | None) -> str:
    """The article that a VATEX code names: `art. 132 ust. 1 lit. i dyrektywy 2006/112/WE`; "" for other codes."""
    match = _ARTICLE.fullmatch(code or "")
    if match is None:
        return ""
    article, paragraph, letter = match.groups()
    text = f"art. {article}"
    if paragraph:
        text += f" ust. {paragraph}"
    if letter:
        text += f" lit. {letter.lower()}"
    return _BASIS.format(text)


def tax_remarks(draft: Draft) -> None:
    """On a settlement P_14_x is what is left; a tax that does not follow from the lines is stated beside it."""
    for view in draft.source.all("vat_breakdown"):
        base, percent, tax = view.see("taxable_amount"), view.see("rate"), view.see("tax_amount")
        if base is not None and percent and tax is not None and round_half_away(percent_of(base, percent)) != tax:
            draft.describe(view, "tax_amount", None, f"{view.see('category_code')} {percent}")
