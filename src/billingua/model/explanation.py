"""How totals came about, to the cent: the steps of a calculation as data and as text."""

from decimal import Decimal
from typing import Literal

import msgspec

from billingua.engine.numbers import plain, shortened, subtract

__all__ = ["Rounding", "Step", "TotalsExplanation"]

Rounding = Literal["category", "line"]
"""Where VAT is rounded: once per category and rate, or for each line, document allowance and charge."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One value and where it comes from.

    `subject` tells which line, allowance or VAT category ("" for a total); `formula` shows the calculation
    with its numbers; `exact` is the value before rounding (None where it has no end, as 1/3); `stated` is
    what the invoice said before, where it said anything.
    """

    term: str
    name: str
    subject: str
    formula: str
    value: Decimal
    exact: Decimal | None
    stated: Decimal | None = None

    @property
    def lost(self) -> Decimal:
        """What rounding took away (negative: what it added); 0 where nothing was rounded."""
        return subtract(self.exact, self.value) if self.exact is not None else Decimal(0)

    @property
    def difference(self) -> Decimal:
        """How much more the invoice said than the calculation gives; 0 where it said nothing."""
        return subtract(self.stated, self.value) if self.stated is not None else Decimal(0)

    def __str__(self) -> str:
        label = f"{self.name} ({self.subject})" if self.subject else self.name
        text = f"{self.term:<7}{label}: {self.formula}"
        if lost := self.lost:
            text += f" ({plain(shortened(lost.copy_abs()))} {'lost' if lost > 0 else 'gained'})"
        if self.stated is not None and self.difference:
            more = "more" if self.difference > 0 else "less"
            text += f" [the invoice says {plain(self.stated)}: {plain(self.difference.copy_abs())} {more}]"
        return text


class TotalsExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """The calculation of all totals of an invoice, in the order of its steps; `str()` prints it."""

    number: str
    currency: str
    rounding: Rounding
    steps: tuple[Step, ...]

    def of(self, term: str) -> tuple[Step, ...]:
        """The steps that give a term: one for a total, one for each category for BT-117."""
        return tuple(step for step in self.steps if step.term == term)

    @property
    def differences(self) -> tuple[Step, ...]:
        """The steps whose value the invoice states differently."""
        return tuple(step for step in self.steps if step.difference)

    def __str__(self) -> str:
        where = "per category and rate" if self.rounding == "category" else "per line"
        number = f" {self.number}" if self.number else ""
        currency = f" in {self.currency}" if self.currency else ""
        head = f"Totals of invoice{number}{currency}, VAT rounded {where}"
        return "\n".join([head, *(f"  {step}" for step in self.steps)])
