"""P_13_x, P_14_x, P_15 and Rozliczenie as VAT breakdown and totals of EN 16931."""

import re
from decimal import Decimal
from typing import Any, Final

from billingua.codelists import codes
from billingua.engine.numbers import ZERO, add, divide_half_away, multiply, percent_of, round_half_away, subtract, total
from billingua.formats.fa.mapping.described import Described, number_in
from billingua.formats.fa.mapping.from_lines import ALLOWANCE, CHARGE
from billingua.formats.fa.mapping.from_totals import DEDUCTED, basis_of
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.mapping.to_lines import Row, Signed, reconcile, split_gross
from billingua.formats.fa.mapping.vat import (
    MARGIN,
    MARGIN_CODES,
    NO_TAX_BASE,
    OSS,
    category_of,
    net_name,
    percent_of_rate,
    rates_of,
    tax_name,
)
from billingua.formats.fa.model.totals import EXEMPTIONS, TAXED, UNTAXED
from billingua.model.totals import DEFAULT_EXEMPTION

__all__ = ["LEFT", "Vat", "adjustments", "balance", "difference_part", "settle_rates", "stated_totals"]

Record = dict[str, Any]

_HUNDRED = Decimal(100)
_TOTALS: Final = tuple(dict.fromkeys(map(net_name, (*TAXED, OSS, *UNTAXED, MARGIN))))
_TAXES: Final = {net_name(rate): tax_name(rate) for rate in (*TAXED, OSS)}
LEFT: Final = "EN 16931 states the whole of each rate, not what advances have left of it"

_ABROAD: Final = "Dostawa lub usługa poza terytorium kraju (np I)"
_EXEMPT: Final = "Zwolnienie (zw)"
_ROUNDING = re.compile(r"zaokr|BT-114", re.IGNORECASE)


def stated_totals(invoice: View) -> dict[str, Decimal]:
    """P_13_x by attribute, as far as they are stated."""
    return {name: value for name in _TOTALS if (value := invoice.see(name)) is not None}


def settle_rates(invoice: View, made: list[Row], stated: dict[str, Decimal]) -> None:
    """Say what the lines without a rate count to: a margin scheme, exempt sales, or the one total there is."""
    for row in made:
        if row.rate is None:
            if "total_margin" in stated:
                row.rated(MARGIN)
            elif "net_total_exempt" in stated or not stated:
                row.rated("zw" if stated or any(invoice.see(name) for name in EXEMPTIONS) else "23")
            else:
                name = next(iter(stated))
                row.rated(*likely_rate(invoice, name))
        row.valued()


def likely_rate(invoice: View, name: str) -> tuple[str, Decimal | None]:
    """The rate that a total is of: where several share it, the one its tax is nearest to."""
    rates = rates_of(name)
    net, tax = invoice.see(name), invoice.see(_TAXES[name]) if name in _TAXES else None
    if rates == [OSS]:
        return OSS, divide_half_away(multiply(tax or ZERO, _HUNDRED), net, 0) if net else ZERO
    if tax is None or not net:
        return rates[0], None
    return min(rates, key=lambda rate: abs(percent_of(net, percent_of_rate(rate)) - tax)), None


def balance(invoice: View, made: list[Row], stated: dict[str, Decimal], name: str) -> list[tuple[Row, Decimal]]:
    """Make the lines add up to P_13_x: totals without a line get one (called `name`), and what differs is returned."""
    differences = []
    if not stated:
        _share(invoice.see("total_due"), [row for row in made if row.net is None], made)
    for key, value in stated.items():
        members = [row for row in made if net_name(row.rate or "") == key]
        if not members and (value or not made):
            row = Row(None, None, None)
            row.rated(*likely_rate(invoice, key))
            row.net, row.name = value, name
            made.append(row)
        elif members and (rest := reconcile(members, value)):
            differences.append((max(members, key=lambda row: abs(row.net or ZERO)), rest))
    for row in made:
        if row.net is None:
            row.net = ZERO
    return differences


def _share(due: Decimal | None, unknown: list[Row], made: list[Row]) -> None:
    """Without any total: the first line without a value takes what the others leave of the amount due."""
    if due is None or not unknown:
        return
    known = total(add(row.net or ZERO, percent_of(row.net or ZERO, row.percent or ZERO)) for row in made)
    unknown[0].net = split_gross(subtract(due, round_half_away(known)), unknown[0].percent or ZERO)[0]
    unknown[0].gross = due


class Vat:
    """The VAT of an invoice on its way to EN 16931: category and rate of each sale, and the breakdown of all."""

    def __init__(self, invoice: View, signed: Signed, made: list[Row], has_outside: bool) -> None:
        self.invoice = invoice
        self.signed = signed
        rates = {row.rate for row in made}
        scope = {"np I"} if not invoice.see("reverse_charge") else set()
        self.out_of_scope = bool(made) and rates <= scope
        """Whether nothing is within the scope of VAT: then the standard allows no other category beside O."""
        self.has_outside = has_outside
        self.bases: dict[tuple[str, Decimal], Decimal] = {}
        self.outside = ZERO

    def category(self, rate: str, percent: Decimal = ZERO) -> str:
        """BT-151 of a rate; that of another member state which nobody states the tax of can only be zero."""
        if rate == OSS and not percent:
            return "Z"
        if rate == "np I":
            if self.invoice.see("reverse_charge"):
                return "AE"
            return "O" if self.out_of_scope else "E"
        return category_of(rate)

    @property
    def outside_category(self) -> str:
        """The category of what belongs to no tax base: O only where nothing else is (BR-O-11)."""
        return "O" if self.out_of_scope else "E"

    def enter(self, row: Row, amount: Decimal) -> Record:
        """Count an amount (as EN 16931 signs it) to the rate of a line; returns category and rate for the line."""
        rate, percent = row.rate or "zw", row.percent or ZERO
        key = (rate, percent)
        self.bases[key] = add(self.bases.get(key, ZERO), amount)
        category = self.category(rate, percent)
        if rate == "np I" and category == "E" and row.view is not None:
            row.view.lose("rate", "EN 16931 lets category O stand alone only; beside others E stands for it")
        return {"category_code": category, "rate": None if category == "O" else percent}

    def breakdown(self, described: Described, is_settlement: bool) -> list[Record]:
        """BG-23: one group for each category and rate."""
        taxes = self._taxes(described, is_settlement)
        groups: dict[tuple[str, Decimal | None], Record] = {}
        for (rate, percent), base in self.bases.items():
            category = self.category(rate, percent)
            self._enter_group(groups, category, percent, base, taxes[rate, percent])
        if self.outside:
            self._enter_group(groups, self.outside_category, ZERO, self.outside, ZERO)
        for (category, _), group in groups.items():
            if category not in ("S", "Z"):
                self._excuse(category, group, described)
        return list(groups.values())

    def _enter_group(
        self,
        groups: dict[tuple[str, Decimal | None], Record],
        category: str,
        percent: Decimal,
        base: Decimal,
        tax: Decimal,
    ) -> None:
        shown = None if category == "O" else percent
        group = groups.setdefault(
            (category, shown),
            {"category_code": category, "rate": shown, "taxable_amount": ZERO, "tax_amount": Decimal("0.00")},
        )
        group["taxable_amount"] = add(group["taxable_amount"], base)
        group["tax_amount"] = add(group["tax_amount"], tax)

    def _taxes(self, described: Described, is_settlement: bool) -> dict[tuple[str, Decimal], Decimal]:
        """The tax of each rate: P_14_x, divided where several rates share it; on a settlement worked out."""
        found = {key: round_half_away(percent_of(base, key[1])) for key, base in self.bases.items()}
        for name in dict.fromkeys(_TAXES.values()):
            stated = self.invoice.take(name)
            members = [key for key in found if tax_name(key[0]) == name]
            if not members:
                if stated:
                    self.invoice.lose(name, "neither a line nor a total has its rate")
                continue
            if is_settlement:
                self.invoice.lose(name, LEFT)
                for key in members:
                    tax = number_in(described.take("BT-117", None, f"S {key[1]}"))
                    if tax is not None:
                        found[key] = tax
            elif stated is not None:
                largest = max(members, key=lambda key: abs(found[key]))
                rest = subtract(self.signed(stated), total(found[key] for key in members))
                found[largest] = add(found[largest], rest)
        return found

    def _excuse(self, category: str, group: Record, described: Described) -> None:
        """BT-120 and BT-121: why there is no tax."""
        code = described.take("BT-121", None, category)
        reason = described.take("BT-120", None, category)
        if category == "E":
            reasons, found = self._exemption()
            code = code or found
            if not (reason and code and len(reasons) <= 1):
                reason = "; ".join(dict.fromkeys([*reasons, *([reason] if reason else [])])) or None
            if reason is None and code is None:
                reason = _EXEMPT
        else:
            code = code or DEFAULT_EXEMPTION.get(category)
        group["exemption_reason"], group["exemption_reason_code"] = reason, code

    def _exemption(self) -> tuple[list[str], str | None]:
        """The texts on exempt sales, and the one code that says it all."""
        invoice = self.invoice
        reasons = [text for name in EXEMPTIONS if (text := invoice.take(name))]
        rates = {rate for rate, _ in self.bases if self.category(rate) == "E"}
        found = []
        if MARGIN in rates:
            found += [code for name, code in MARGIN_CODES.items() if invoice.take(name)]
        if "zw" in rates:
            found += [directive_code(text) for text in reasons] or [""]
        if "np I" in rates:
            reasons.append(_ABROAD)
            found.append("")
        if self.outside:
            found.append(NO_TAX_BASE)
        only = found[0] if len(found) == 1 else ""
        if reasons and basis_of(only) in reasons:
            reasons.remove(basis_of(only))
        return reasons, only or None


def directive_code(text: str) -> str:
    """The VATEX code of an article of the directive: `art. 132 ust. 1 lit. i` is VATEX-EU-132-1I; "" for others."""
    if "2006/112" not in text and "dyrekt" not in text.lower():
        return ""
    match = re.search(r"art\.? ?(\d+)(?:\(| ust\.? ?)?(\d+)?\)?(?:(?: lit\.? ?|\()([a-z]{1,2})\b)?", text.lower())
    if match is None:
        return ""
    article, paragraph, letter = match.groups()
    code = f"VATEX-EU-{article}"
    for part in (f"-{paragraph or ''}{(letter or '').upper()}", f"-{paragraph}" if paragraph else "", ""):
        if part != "-" and f"{code}{part}" in codes("vatex"):
            return f"{code}{part}"
    return ""


def adjustments(view: View, signed: Signed) -> tuple[list[Record], Decimal, Decimal]:
    """Rozliczenie: charges outside the tax base, what is deducted, and what is rounded (BT-114)."""
    charges: list[Record] = []
    deducted = rounding = ZERO
    for one in view.all("charges"):
        amount, reason = signed(one.take("amount") or ZERO), one.see("reason")
        if reason and _ROUNDING.search(reason):
            one.take("reason")
            rounding = add(rounding, amount)
        elif amount:
            charges.append({"amount": amount, "reason": one.take("reason")})
    for one in view.all("deductions"):
        amount, reason = signed(one.take("amount") or ZERO), one.see("reason")
        if reason and _ROUNDING.search(reason):
            one.take("reason")
            rounding = subtract(rounding, amount)
        else:
            deducted = add(deducted, amount)
            if reason == DEDUCTED:
                one.take("reason")
    return charges, deducted, rounding


def difference_part(amount: Decimal, vat: Record) -> tuple[str, Record]:
    """The allowance or charge that makes up for what lines and total differ by."""
    name = "charges" if amount > 0 else "allowances"
    reason = f"{CHARGE if amount > 0 else ALLOWANCE}: różnica między sumą wierszy a podsumowaniem faktury"
    return name, {
        "amount": abs(amount),
        "reason": reason,
        "vat_category_code": vat["category_code"],
        "vat_rate": vat["rate"],
    }
