"""What the rules of one document share: found out once, when the first of them asks."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from billingua.engine.groups import Group, Recipe, Subtree, Variant
from billingua.engine.lazy import lazy
from billingua.engine.locate import Located
from billingua.engine.numbers import ZERO, add, subtract, total
from billingua.engine.rule import Context, NotAsked
from billingua.engine.values import decimal, normalized, readable

__all__ = ["Facts", "Holders", "rate_of"]

_AMOUNT = {"BG-20": "BT-92", "BG-21": "BT-99"}
_CATEGORY = {"BG-20": "BT-95", "BG-21": "BT-102"}
_RATE = {"BG-20": "BT-96", "BG-21": "BT-103"}

Key = tuple[str, str, Decimal | None]
"""What an amount counts for: lines, allowances or charges, of a category, and of a rate or of all rates (None)."""

Sums = dict[Key, Decimal]

_UNREADABLE: Final = Decimal("NaN")
"""Stands for an amount that cannot be read; it makes every sum that it is part of such a one too."""


Holders = list[tuple[list[Subtree], Sequence[int]]]
"""Groups: subtrees of one variant, and the numbers of the groups in each of them."""


class Entry(NamedTuple):
    """An amount in subtrees of one variant: what it counts for, and its place."""

    keys: list[Key]
    place: int


class Facts:
    """`located` is all that the walk found; the rest is worked out from it, exactly and once."""

    VAT_TOTALS = "BG-22"
    """The groups in which BT-110 and BT-111 stand."""

    @staticmethod
    def category(text: str | None) -> str:
        """A category code as the syntax reads it when it adds up amounts."""
        return normalized(text)

    def __init__(self, located: Located, today: date) -> None:
        self.located = located
        self.today = today
        self.invoice = located.root
        self._in_place: dict[str, list[Group]] = {}
        self._amounts: dict[tuple[int, int], list[Decimal]] = {}

    @lazy
    def contexts(self) -> set[Context]:
        """What rules ask of the document that depends on what it says: see the facts of each syntax."""
        return set()

    def in_place(self, kind: str) -> list[Group]:
        """The groups of a kind that stand where the format has them, not just anywhere."""
        found = self._in_place.get(kind)
        if found is None:
            found = self._in_place[kind] = self.located.gathered(self.in_order(kind))
        return found

    def parts(self, kind: str) -> list[Group]:
        """The lines (BG-25), document allowances (BG-20) or charges (BG-21) that the totals add up."""
        return self.located.all(kind) if kind == "BG-25" else self.in_place(kind)

    def amounts(self, kind: str) -> Decimal:
        """The exact sum of their amounts.

        Raises:
            NotAsked: an amount cannot be read.
        """
        holders = self.holders(kind) if kind == "BG-25" else self.in_order(kind)
        return _asked(
            total(
                [
                    one
                    for alike, at in self.places(holders, _AMOUNT.get(kind, "BT-131"))
                    for one in self._stated(alike, at)
                ]
            )
        )

    def holders(self, kind: str) -> Holders:
        """The groups of a kind, wherever they stand."""
        return [(alike, numbers) for variant, alike in self.located.parts if (numbers := variant.found.get(kind))]

    def in_order(self, kind: str) -> Holders:
        """Those that stand where the format has them."""
        parts = () if self.invoice.astray else self.located.parts
        return [(alike, numbers) for variant, alike in parts if (numbers := variant.in_place(kind))]

    @staticmethod
    def places(holders: Holders, term: str) -> list[tuple[Sequence[Subtree], int]]:
        return [
            (alike, place)
            for alike, numbers in holders
            for number in numbers
            for place in alike[0].recipe.groups[number].terms.get(term, ())
        ]

    def _stated(self, alike: Sequence[Subtree], place: int) -> list[Decimal]:
        """The amounts at a place in subtrees of one variant."""
        key = id(alike), place
        found = self._amounts.get(key)
        if found is None:
            found = self._amounts[key] = [_amount(subtree.texts[place]) for subtree in alike]
        return found

    def lines(self) -> Holders:
        """The lines (BG-25) that stand where the format has them."""
        return [(alike, self.lines_in(variant)) for variant, alike in self.located.parts]

    def lines_in(self, variant: Variant) -> list[int]:
        """Those in subtrees of a variant."""
        return variant.in_place("BG-25")

    def line_kind(self, recipe: Recipe, line: int) -> str:
        """The lines that one is added up with."""
        return "BG-25"

    @lazy
    def line_kinds(self) -> list[str]:
        """All that there are."""
        return ["BG-25"]

    def categories(self, subtree: Subtree, line: int) -> list[int]:
        """The VAT information (BG-30) of a line, as numbers of groups in its subtree."""
        return subtree.variant.inside[line].get("BG-30", [])

    @lazy
    def sums(self) -> Sums:
        """The amounts in their own place, as the VAT breakdown adds them: by BG-20, BG-21 or kind of lines, category,
        and rate or None. A sum is NaN where an amount in it cannot be read.
        """
        sums: Sums = {}
        for variant, alike in () if self.invoice.astray else self.located.parts:
            for keys, place in self._entries(variant, alike[0]):
                amount = total(self._stated(alike, place))
                for key in keys:
                    sums[key] = add(sums[key], amount) if key in sums else amount
        return sums

    def sum_of(self, kind: str, code: str, rate: Decimal | None) -> Decimal:
        """One of these sums; 0 where nothing has the category and rate.

        Raises:
            NotAsked: an amount in it cannot be read.
        """
        return _asked(self.sums.get((kind, code, rate), ZERO))

    def _entries(self, variant: Variant, subtree: Subtree) -> list[Entry]:
        """Where the amounts are in subtrees of a variant, and what they count for: its codes and rates are the same."""
        found: list[Entry] | None = variant.answers.get(Entry)
        if found is None:
            groups = variant.recipe.groups
            found = variant.answers[Entry] = [
                *(
                    Entry(self._keys(subtree, self.line_kind(variant.recipe, line), self.categories(subtree, line)), at)
                    for line in self.lines_in(variant)
                    for at in groups[line].terms.get("BT-131", ())
                ),
                *(
                    Entry(self._keys(subtree, kind, [one]), at)
                    for kind, term in _AMOUNT.items()
                    for one in variant.in_place(kind)
                    for at in groups[one].terms.get(term, ())[:1]
                ),
            ]
        return found

    def _keys(self, subtree: Subtree, kind: str, named: list[int]) -> list[Key]:
        """What an amount counts for, with the groups that name its category and rate."""
        groups = subtree.recipe.groups
        codes, rates = (
            [subtree.texts[place] for one in named for place in groups[one].terms.get(term, ())]
            for term in (_CATEGORY.get(kind, "BT-151"), _RATE.get(kind, "BT-152"))
        )
        return [(kind, code, rate) for code in set(map(self.category, codes)) for rate in {None, *map(_rate, rates)}]

    def base(self, code: str, rate: Decimal | None, lines: str) -> Decimal:
        """What the taxable amount (BT-116) of a category should be: lines of a kind + charges - allowances."""
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

    def vat_totals(self, currency: str) -> list[str]:
        """Every total VAT amount in a currency: BT-110 in that of the invoice, BT-111 in the accounting currency."""
        return [
            text
            for holder in self.in_place(self.VAT_TOTALS)
            for text, said in zip(holder.texts("BT-110"), holder.attributes("BT-110", "currencyID"), strict=True)
            if said == currency
        ]


def _asked(amount: Decimal) -> Decimal:
    if amount.is_nan():
        raise NotAsked
    return amount


def _amount(text: str) -> Decimal:
    try:
        return decimal(text)
    except NotAsked:
        return _UNREADABLE


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
