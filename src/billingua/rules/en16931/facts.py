"""What the rules of one document share: found out once, when the first of them asks."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from billingua.engine.lazy import lazy
from billingua.engine.locate import Group, Located
from billingua.engine.numbers import ZERO, add, subtract, total
from billingua.engine.rule import Context, NotAsked
from billingua.engine.values import decimal, normalized, readable
from billingua.engine.xml import Element

__all__ = ["Alike", "Facts", "alike", "rate_of"]

_AMOUNT = {"BG-20": "BT-92", "BG-21": "BT-99"}
_CATEGORY = {"BG-20": "BT-95", "BG-21": "BT-102"}
_RATE = {"BG-20": "BT-96", "BG-21": "BT-103"}

Sums = dict[tuple[str, Decimal | None], Decimal]
Written = tuple[str, ...]

_UNREADABLE: Final = Decimal("NaN")
"""Stands for an amount that cannot be read; it makes every sum that it is part of such a one too."""


class Alike(NamedTuple):
    """A VAT category code in one kind of place, and the tax groups that name it there: all those of lines together."""

    groups: list[Group]
    place: str
    """`line`, `allowance`, `charge`, `breakdown`, `other`, or one of these that is `astray`."""
    code: str
    """The category code; "" when there is none."""
    vat: bool
    """Whether the tax scheme beside it is VAT."""


def alike(found: Iterable[tuple[Group, str, str, bool]]) -> list[Alike]:
    """Tax groups with their place, code and whether it is VAT, gathered by these; in the order of the first ones."""
    gathered: dict[tuple[str, str, bool], Alike] = {}
    for group, place, code, vat in found:
        known = gathered.get((place, code, vat))
        if known is None:
            gathered[place, code, vat] = Alike([group], place, code, vat)
        else:
            known.groups.append(group)
    return list(gathered.values())


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
        self._amounts: dict[Group, list[Decimal]] = {}

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
        return _asked(total([amount for one in self.parts(kind) for amount in self._stated(one, term)]))

    def _stated(self, part: Group, term: str) -> list[Decimal]:
        """The amounts of a part."""
        found = self._amounts.get(part)
        if found is None:
            found = self._amounts[part] = [_amount(text) for text in part.texts(term)]
        return found

    def lines(self, kind: str) -> list[Group]:
        """The lines (BG-25) that stand where the format has them."""
        return self.in_place(kind)

    def categories(self, line: Group) -> list[Group]:
        """The VAT information (BG-30) of a line: lines of one shape have it at the same places."""
        return line.children("BG-30")

    def sums(self, kind: str) -> Sums:
        """The amounts in their own place by (category, rate) and (category, None), as the VAT breakdown adds them.

        `kind` is BG-20, BG-21 or what `lines` knows. A sum is NaN where an amount in it cannot be read.
        """
        sums = self._sums.get(kind)
        if sums is None:
            sums = self._sums[kind] = {}
            for (codes, rates), amounts in self._by_category(kind).items():
                amount = total(amounts)
                for code in set(map(self.category, codes)):
                    for rate in {None, *map(_rate, rates)}:
                        sums[code, rate] = add(sums[code, rate], amount) if (code, rate) in sums else amount
        return sums

    def sum_of(self, kind: str, code: str, rate: Decimal | None) -> Decimal:
        """One of these sums; 0 where nothing has the category and rate.

        Raises:
            NotAsked: an amount in it cannot be read.
        """
        return _asked(self.sums(kind).get((code, rate), ZERO))

    def _by_category(self, kind: str) -> dict[tuple[Written, Written], list[Decimal]]:
        """The amounts themselves, by the categories and rates as they are written: of these there are few."""
        of_lines, amount_term = kind not in _AMOUNT, _AMOUNT.get(kind, "BT-131")
        code_term, rate_term = _CATEGORY.get(kind, "BT-151"), _RATE.get(kind, "BT-152")
        groups = self.lines(kind) if of_lines else self.in_place(kind)
        parts: defaultdict[tuple[Written, Written], list[Decimal]] = defaultdict(list)
        places: dict[int, tuple[list[int], list[int]]] = {}
        for group in () if self.invoice.astray else groups:
            shape, texts = id(group.terms), group.subtree.texts
            if shape not in places:
                holders = self.categories(group) if of_lines else [group]
                places[shape] = _places(holders, code_term), _places(holders, rate_term)
            codes, rates = places[shape]
            stated = self._stated(group, amount_term)
            written = tuple([texts[place] for place in codes]), tuple([texts[place] for place in rates])
            parts[written] += stated if of_lines else stated[:1]
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


def _asked(amount: Decimal) -> Decimal:
    if amount.is_nan():
        raise NotAsked
    return amount


def _amount(text: str) -> Decimal:
    try:
        return decimal(text)
    except NotAsked:
        return _UNREADABLE


def _places(holders: Iterable[Group], term: str) -> list[int]:
    """Where groups in one subtree have a term."""
    return [place for holder in holders for place in holder.terms.get(term, ())]


def rate_of(text: str | None) -> Decimal:
    """A rate.

    Raises:
        NotAsked: the text is no decimal number.
    """
    rate = _rate(text)
    if rate is None:
        raise NotAsked
    return rate


@lru_cache(maxsize=256)
def _rate(text: str | None) -> Decimal | None:
    """A rate, of which documents have few: one object a text, so that its hash is worked out once."""
    return readable(text)
