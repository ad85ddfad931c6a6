"""What the rules of one document share: found out once, when the first of them asks."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from billingua.engine.lazy import lazy
from billingua.engine.locate import Group, Located
from billingua.engine.numbers import ZERO, add, subtract, total
from billingua.engine.rule import Context, NotAsked
from billingua.engine.values import decimal, normalized
from billingua.engine.xml import Element

__all__ = ["Facts", "TaxUse"]

_AMOUNT = {"BG-20": "BT-92", "BG-21": "BT-99"}
_CATEGORY = {"BG-20": "BT-95", "BG-21": "BT-102"}
_RATE = {"BG-20": "BT-96", "BG-21": "BT-103"}

Sums = dict[tuple[str, Decimal | None], Decimal | None]


class TaxUse(NamedTuple):
    """One place where a VAT category code stands."""

    group: Group
    place: str
    """`line`, `allowance`, `charge`, `breakdown` or `other`."""
    raw: str
    """The category code as it is written; "" when there is none."""
    code: str
    """The category code without white space around it."""
    vat: bool
    """Whether the tax scheme beside it is VAT."""


class Facts:
    """`located` is all that the walk found; the rest is worked out from it, exactly and once."""

    @staticmethod
    def category(text: str | None) -> str:
        """A category code as the syntax reads it when it adds up amounts."""
        return normalized(text)

    def __init__(self, located: Located, today: date) -> None:
        self.located = located
        self.today = today
        self.invoice = located.root
        self._sums: dict[str, Sums] = {}
        self._amounts: dict[Group, list[Decimal | None]] = {}

    @lazy
    def contexts(self) -> dict[Context, list[Group]]:
        """Groups that rules ask about and that are no kind of their own: see the facts of each syntax."""
        return {}

    def in_place(self, kind: str) -> list[Group]:
        """The groups of a kind that stand where the format has them, not just anywhere."""
        return [group for group in self.located.all(kind) if not group.astray]

    def parts(self, kind: str) -> list[Group]:
        """The lines (BG-25), document allowances (BG-20) or charges (BG-21) that the totals add up."""
        return self.located.all(kind) if kind == "BG-25" else self.in_place(kind)

    def amounts(self, kind: str) -> Decimal:
        """The exact sum of their amounts.

        Raises:
            NotAsked: an amount cannot be read.
        """
        term = _AMOUNT.get(kind, "BT-131")
        stated = [amount for one in self.parts(kind) for amount in self._stated(one, term)]
        if None in stated:
            raise NotAsked
        return total(amount for amount in stated if amount is not None)

    def _stated(self, part: Group, term: str) -> list[Decimal | None]:
        """The amounts of a part, None for one that cannot be read."""
        found = self._amounts.get(part)
        if found is None:
            found = self._amounts[part] = [readable(amount.text) for amount in part.all(term)]
        return found

    def lines(self, kind: str) -> list[Group]:
        """The lines (BG-25) that stand where the format has them."""
        return self.in_place(kind)

    def categories(self, line: Group) -> list[Group]:
        """The VAT information (BG-30) of a line."""
        return line.children("BG-30")

    def sums(self, kind: str) -> Sums:
        """The amounts in their own place by (category, rate) and (category, None), as the VAT breakdown adds them.

        `kind` is BG-20, BG-21 or what `lines` knows. A sum is None where an amount in it cannot be read.
        """
        sums = self._sums.get(kind)
        if sums is None:
            sums = self._sums[kind] = {}
            for key, amounts in self._by_category(kind).items():
                sums[key] = None if None in amounts else total(one for one in amounts if one is not None)
        return sums

    def sum_of(self, kind: str, code: str, rate: Decimal | None) -> Decimal:
        """One of these sums; 0 where nothing has the category and rate.

        Raises:
            NotAsked: an amount in it cannot be read.
        """
        found = self.sums(kind).get((code, rate), ZERO)
        if found is None:
            raise NotAsked
        return found

    def _by_category(self, kind: str) -> dict[tuple[str, Decimal | None], list[Decimal | None]]:
        """The amounts themselves, None for one that cannot be read."""
        category, of_lines, amount_term = self.category, kind not in _AMOUNT, _AMOUNT.get(kind, "BT-131")
        code_term, rate_term = _CATEGORY.get(kind, "BT-151"), _RATE.get(kind, "BT-152")
        groups = self.lines(kind) if of_lines else self.in_place(kind)
        parts: defaultdict[tuple[str, Decimal | None], list[Decimal | None]] = defaultdict(list)
        for group in () if self.invoice.astray else groups:
            holders = self.categories(group) if of_lines else [group]
            stated = self._stated(group, amount_term)
            amounts = stated if of_lines else stated[:1]
            codes = [category(code.text) for holder in holders for code in holder.all(code_term)]
            rates = [_rate(rate.text) for holder in holders for rate in holder.all(rate_term)]
            for code in codes if len(codes) < 2 else set(codes):
                parts[code, None] += amounts
                for rate in rates if len(rates) < 2 else set(rates):
                    if rate is not None:
                        parts[code, rate] += amounts
        return parts

    def base(self, code: str, rate: Decimal | None, lines: str = "BG-25") -> Decimal:
        """What the taxable amount (BT-116) of a category should be: lines + charges - allowances."""
        charged = add(self.sum_of(lines, code, rate), self.sum_of("BG-21", code, rate))
        return subtract(charged, self.sum_of("BG-20", code, rate))

    @lazy
    def currency(self) -> str:
        """BT-5 as it is written."""
        return self.invoice.text("BT-5")

    @lazy
    def buyer_legal(self) -> bool:
        """BT-47 is there."""
        return any("BT-47" in buyer.terms for buyer in self.located.all("BG-7"))

    def vat_totals(self, currency: str) -> list[Element]:
        """Every total VAT amount in a currency: BT-110 in that of the invoice, BT-111 in the accounting currency."""
        holders = self.in_place("tax-total") or self.in_place("BG-22")
        return [amount for holder in holders for amount in holder.all("BT-110") if amount.get("currencyID") == currency]


@lru_cache(maxsize=256)
def _rate(text: str | None) -> Decimal | None:
    """A rate, of which documents have few."""
    return readable(text)


def readable(text: str | None) -> Decimal | None:
    """An xs:decimal, or None where the text is none."""
    try:
        return decimal(text)
    except NotAsked:
        return None
