"""The totals of an invoice from its lines: P_13_x, P_14_x, P_14_xW and P_15.

Every amount is rounded to two decimals, a half away from zero, so that a correction mirrors its invoice.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from billingua.engine.numbers import (
    ZERO,
    add,
    divide_half_away,
    multiply,
    percent_of,
    round_half_away,
    subtract,
    total,
)
from billingua.errors import InvalidModel

if TYPE_CHECKING:
    from billingua.formats.fa.model.invoice import FaInvoice
    from billingua.formats.fa.model.lines import Line

__all__ = ["with_totals"]

KINDS: Final = ("VAT", "UPR", "KOR")
"""The kinds whose amounts follow from the lines; on the others they follow from payments."""

TAXED: Final = {
    **{"23": "23", "22": "23"},
    **{"8": "8", "7": "8"},
    "5": "5",
    **{"4": "taxi", "3": "taxi"},
}
"""Rate of a line -> the totals `net_total_...`, `tax_...` and `tax_..._in_pln` it counts to."""

UNTAXED: Final = {
    "0 KR": "net_total_zero",
    "0 WDT": "net_total_zero_eu",
    "0 EX": "net_total_zero_export",
    "zw": "net_total_exempt",
    "np I": "net_total_abroad",
    "np II": "net_total_eu_services",
    "oo": "net_total_reverse_charge",
}

OSS: Final = "oss"

MARGINS: Final = ("margin_travel", "margin_second_hand", "margin_art", "margin_antiques")
EXEMPTIONS: Final = ("exemption_by_act", "exemption_by_directive", "exemption_by_other")

_HUNDRED = Decimal(100)


class _Sum(NamedTuple):
    """What falls under one rate at one exchange rate."""

    net: Decimal
    tax: Decimal


def with_totals(invoice: "FaInvoice") -> "FaInvoice":
    """The invoice with missing amounts of lines, the totals of each rate and the amount due computed."""
    if invoice.kind not in KINDS:
        raise InvalidModel(
            f"Totals follow from the lines on invoices of the kinds {', '.join(KINDS)}, not on {invoice.kind}.",
            where="kind",
            todo="Give the kind (RodzajFaktury), or on advances and settlements the totals themselves.",
        )
    if not invoice.lines:
        raise InvalidModel(
            "There are no lines to compute totals from.", where="lines", todo="Give lines, or the totals themselves."
        )
    lines = tuple(_complete(line, index) for index, line in enumerate(invoice.lines))
    totals = _totals(invoice, lines)
    return invoice.replace(lines=lines, **totals)


def _complete(line: "Line", index: int) -> "Line":
    """A line with its number and its amount."""
    changes: dict[str, Any] = {} if line.number is not None else {"number": index + 1}
    if line.net_amount is None and line.gross_amount is None:
        price = line.gross_price if line.net_price is None else line.net_price
        if price is None or line.quantity is None:
            raise InvalidModel(
                "The line has no amount, and not both quantity and price to compute it from.",
                where=f"lines[{index}]",
                todo="Give quantity (P_8B) and net_price (P_9A) or gross_price (P_9B), or net_amount (P_11).",
            )
        amount = round_half_away(subtract(multiply(line.quantity, price), line.discount or ZERO))
        changes["gross_amount" if line.net_price is None else "net_amount"] = amount
    return line.replace(**changes) if changes else line


def _totals(invoice: "FaInvoice", lines: tuple["Line", ...]) -> dict[str, Decimal | None]:
    changes: dict[str, Decimal | None] = dict.fromkeys(UNTAXED.values())
    changes["total_margin"] = None
    groups: dict[str, dict[tuple[Decimal, Decimal | None], list[Line]]] = {}
    due = []
    for index, line in enumerate(lines):
        if line.rate in TAXED or line.oss_rate is not None:
            percent = line.oss_rate if line.oss_rate is not None else Decimal(line.rate or 0)
            group = groups.setdefault(OSS if line.oss_rate is not None else TAXED[line.rate or ""], {})
            group.setdefault((percent, line.exchange_rate), []).append(line)
            continue
        name = _untaxed(invoice, line, index)
        amount = _signed(line, line.gross_amount if line.net_amount is None else line.net_amount)
        changes[name] = round_half_away(add(changes[name] or ZERO, amount))
        due.append(amount)
    for name in dict.fromkeys((*TAXED.values(), OSS)):
        group = groups.get(name, {})
        sums = {key: _sum(key[0], members) for key, members in group.items()}
        net, tax = total(one.net for one in sums.values()), total(one.tax for one in sums.values())
        changes[f"net_total_{name}"] = round_half_away(net) if group else None
        changes[f"tax_{name}"] = round_half_away(tax) if group else None
        if name != OSS:
            changes[f"tax_{name}_in_pln"] = _in_pln(invoice, name, sums)
        due += [net, tax]
    changes["total_due"] = round_half_away(total(due))
    return changes


def _untaxed(invoice: "FaInvoice", line: "Line", index: int) -> str:
    """The total that a line without tax counts to."""
    if line.rate in UNTAXED:
        return UNTAXED[line.rate]
    if line.rate is not None:
        raise InvalidModel(
            f"There is no tax rate {line.rate!r}.",
            where=f"lines[{index}].rate",
            todo=f"P_12 is one of {', '.join((*TAXED, *UNTAXED))}.",
        )
    if any(getattr(invoice, name) for name in MARGINS):
        return "total_margin"
    if any(getattr(invoice, name) for name in EXEMPTIONS):
        return UNTAXED["zw"]
    raise InvalidModel(
        "The line has no tax rate.",
        where=f"lines[{index}].rate",
        todo="Give rate (P_12) or oss_rate (P_12_XII); only under a margin scheme or an exemption it may be missing.",
    )


def _sum(percent: Decimal, lines: "list[Line]") -> _Sum:
    """Net and tax of the lines of one rate: tax on what is priced without it, and within what is priced with it."""
    net = total(_signed(line, line.net_amount) for line in lines if line.net_amount is not None)
    gross = total(_signed(line, line.gross_amount) for line in lines if line.net_amount is None)
    within = divide_half_away(multiply(gross, percent), add(_HUNDRED, percent))
    return _Sum(add(net, subtract(gross, within)), add(round_half_away(percent_of(net, percent)), within))


def _signed(line: "Line", amount: Decimal | None) -> Decimal:
    value = amount or ZERO
    return subtract(ZERO, value) if line.before_correction else value


def _in_pln(invoice: "FaInvoice", name: str, sums: dict[tuple[Decimal, Decimal | None], _Sum]) -> Decimal | None:
    """The tax of a rate in PLN; what is stated where an exchange rate is missing."""
    if invoice.currency == "PLN" or not sums:
        return None
    amounts = [multiply(one.tax, rate) for (_, rate), one in sums.items() if rate is not None]
    if len(amounts) < len(sums):
        stated: Decimal | None = getattr(invoice, f"tax_{name}_in_pln")
        return stated
    return round_half_away(total(amounts))
