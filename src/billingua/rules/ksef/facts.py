"""What the rules of one invoice share: found out once, when the first of them asks."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from billingua.engine.lazy import lazy
from billingua.engine.locate import ROOT, Group, Located
from billingua.engine.numbers import ZERO, add, total
from billingua.engine.rule import Context, NotAsked
from billingua.engine.values import decimal
from billingua.rules.ksef.checks import amount, code, is_one, said, without_zeros

__all__ = ["CORRECTIONS", "FIELDS", "KINDS", "NETS", "TAXES", "Facts"]

KINDS: Final = frozenset({"VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ"})

CORRECTIONS: Final = frozenset({"KOR", "KOR_ZAL", "KOR_ROZ"})

NETS: Final[dict[str, tuple[str, ...]]] = {
    "P_13_1": ("23", "22"),
    "P_13_2": ("8", "7"),
    "P_13_3": ("5",),
    "P_13_4": ("4", "3"),
    "P_13_5": (),
    "P_13_6_1": ("0 KR",),
    "P_13_6_2": ("0 WDT",),
    "P_13_6_3": ("0 EX",),
    "P_13_7": ("zw",),
    "P_13_8": ("np I",),
    "P_13_9": ("np II",),
    "P_13_10": ("oo",),
    "P_13_11": (),
}
"""The totals without tax and the rates (P_12) of the lines in them; P_13_5 has those with P_12_XII, P_13_11 those
without a rate."""

TAXES: Final = ("P_14_1", "P_14_2", "P_14_3", "P_14_4", "P_14_5")

FIELDS: Final = {rate: field for field, rates in NETS.items() for rate in rates}
"""The total that a rate (P_12) belongs to."""


class Facts:
    """`located` is all that the walk found; the rest is worked out from it, exactly and once."""

    contexts: dict[Context, list[Group]] = {}  # noqa: RUF012 - the rules ask no groups but those of the walk

    def __init__(self, located: Located, today: date) -> None:
        self.located = located
        self.today = today
        self.invoice = located.root
        self.lines = located.all("FaWiersz")

    @lazy
    def kind(self) -> str:
        """RodzajFaktury.

        Raises:
            NotAsked: there is none that the structure knows.
        """
        kind = said(self.invoice, "RodzajFaktury")
        if kind not in KINDS:
            raise NotAsked
        return kind

    @lazy
    def currency(self) -> str:
        """KodWaluty.

        Raises:
            NotAsked: there is none.
        """
        currency = said(self.invoice, "KodWaluty")
        if not currency:
            raise NotAsked
        return currency

    @lazy
    def rates(self) -> set[str]:
        """The rates (P_12) that lines have."""
        return {said(line, "P_12") for line in self.lines if "P_12" in line.terms}

    @lazy
    def roles(self) -> set[str]:
        """The roles (Rola) of the other parties."""
        return {code(party, "Rola") for party in self.located.all("Podmiot3")}

    @lazy
    def nets(self) -> dict[str, Decimal]:
        """The totals without tax that are stated."""
        return self._stated(NETS)

    @lazy
    def taxes(self) -> dict[str, Decimal]:
        """The totals of tax that are stated, in the currency of the invoice."""
        return self._stated(TAXES)

    def _stated(self, fields: "tuple[str, ...] | dict[str, tuple[str, ...]]") -> dict[str, Decimal]:
        found = {field: amount(self.invoice, field) for field in fields}
        return {field: stated for field, stated in found.items() if stated is not None}

    @lazy
    def gross(self) -> Decimal:
        """The totals with and without tax added up: what is due."""
        return total([*self.nets.values(), *self.taxes.values()])

    def sums(self, term: str, kind: str = ROOT) -> Decimal:
        """All amounts of a term in the groups of a kind added up; 0 when there are none."""
        return total(decimal(one.text) for group in self.located.all(kind) for one in group.all(term))

    @lazy
    def by_field(self) -> dict[str, Decimal | Fraction]:
        """The values of the lines without tax, added up by the total they belong to; before a correction negative.

        A sum is a fraction where tax was taken out of values that have it.

        Raises:
            NotAsked: a line has no value, or a rate that the structure does not know.
        """
        nets: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
        grosses: defaultdict[tuple[str, Decimal], Decimal] = defaultdict(lambda: ZERO)
        for line in self.lines:
            net = amount(line, "P_11")
            gross = amount(line, "P_11A") if net is None else None
            value = gross if net is None else net
            if value is None:
                raise NotAsked
            if is_one(line, "StanPrzed"):
                value = -value
            field, rate = self._field(line)
            if net is None:
                grosses[field, rate] = add(grosses[field, rate], value)
            else:
                nets[field] = add(nets[field], value)
        found: dict[str, Decimal | Fraction] = dict(nets)
        for (field, rate), gross in grosses.items():
            found[field] = Fraction(found.get(field, ZERO)) + Fraction(gross) * 100 / (100 + Fraction(rate))
        return found

    def _field(self, line: Group) -> tuple[str, Decimal]:
        """The total that a line belongs to, and its rate in per cent."""
        if "P_12" in line.terms:
            rate = said(line, "P_12")
            field = FIELDS.get(rate)
            if field is None:
                raise NotAsked
            return field, Decimal(rate) if rate.isdigit() else ZERO
        if "P_12_XII" in line.terms:
            rate_abroad = decimal(line.text("P_12_XII"))
            if rate_abroad < 0:
                raise NotAsked
            return "P_13_5", rate_abroad
        return "P_13_11" if "P_13_11" in self.invoice.terms or "P_13_7" not in self.invoice.terms else "P_13_7", ZERO

    @lazy
    def line_numbers(self) -> set[str]:
        """The numbers of the lines."""
        return {code(line, "NrWierszaFa") for line in self.lines}

    @lazy
    def repeating(self) -> set[Group]:
        """The lines whose number another one has before them, of the same side of a correction."""
        seen: set[tuple[str, bool]] = set()
        found = set()
        for line in self.lines:
            key = (code(line, "NrWierszaFa"), is_one(line, "StanPrzed"))
            if key in seen and key[0]:
                found.add(line)
            seen.add(key)
        return found

    @lazy
    def buyer_is_foreign(self) -> bool:
        """The buyer's address is abroad, or the EU VAT number is not Polish."""
        return any(
            said(buyer, "Adres/KodKraju") not in ("", "PL")
            or ("NrVatUE" in buyer.terms and said(buyer, "KodUE") not in ("", "PL"))
            for buyer in self.located.all("Podmiot2")
        )

    def has_line(self, number: str) -> bool:
        """Whether a line has this number."""
        return without_zeros(number) in self.line_numbers
