"""What the rules of one document share: its elements by name, and sums over its lines, allowances and charges."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Group, Located
from billingua.engine.numbers import round_half_up, total
from billingua.engine.rule import Context, NotAsked
from billingua.engine.values import boolean, decimal, normalized
from billingua.rules.asks import Around
from billingua.rules.elements import Elements, path, said, stands_in, tag_of_step

__all__ = [
    "AGREEMENT",
    "CHARGES",
    "HEADER",
    "LINES",
    "LOGISTICS",
    "TRANSACTION",
    "Facts",
    "TaxUse",
    "cents",
    "detailed",
]

ROOT_TAG = tag_of_step("rsm:CrossIndustryInvoice")

TRANSACTION = "rsm:SupplyChainTradeTransaction"
HEADER = f"{TRANSACTION}/ApplicableHeaderTradeSettlement"
AGREEMENT = f"{TRANSACTION}/ApplicableHeaderTradeAgreement"
LINES = f"{TRANSACTION}/IncludedSupplyChainTradeLineItem"
CHARGES = f"{HEADER}/SpecifiedTradeAllowanceCharge"
LOGISTICS = f"{HEADER}/SpecifiedLogisticsServiceCharge"

Inside = Callable[[Element], Elements]

_INDICATOR = path("ChargeIndicator/udt:Indicator")
_KINDS = path("AssociatedDocumentLineDocument/LineStatusReasonCode")


def detailed(line: Element) -> bool:
    """Whether a line counts: it is not one that groups others or only informs."""
    kinds = _KINDS(line)
    return not kinds or any(said(kind) == "DETAIL" for kind in kinds)


class TaxUse(NamedTuple):
    """A line, an allowance, a charge or a logistics service charge, and the tax it names."""

    places: frozenset[str]
    """`line`, `logistics`, and `allowance`, `charge` or both, as its indicators say; "" for one that cannot be read."""
    codes: frozenset[str]
    rates: frozenset[Decimal | None]
    """None for one that cannot be read."""
    reason: str
    reason_code: str
    amounts: tuple[str, ...]
    detailed: bool = True


class Facts:
    """`located` is what the walk found; `root` the element of the document, which the artefact may not know."""

    def __init__(self, located: Located, today: date) -> None:
        self.located = located
        self.today = today
        self.root = located.root.element
        self.known = self.root.tag == ROOT_TAG
        self.contexts: dict[Context, list[Group]] = {}
        self._anywhere: dict[str, Elements] = {}
        self._below: dict[str, Elements] = {}
        self._answers: dict[object, bool] = {}
        self._by_code: dict[str, dict[str, Elements]] = {}

    @lazy
    def by_tag(self) -> dict[object, Elements]:
        """Every element of the document by its tag, in document order; those that say nothing stand under "" too."""
        found: dict[object, Elements] = {"": []}
        for element in self.root.iter("*"):
            found.setdefault(element.tag, []).append(element)
            if not len(element) and not normalized(element.text):
                found[""].append(element)
        return found

    def named(self, steps: str, code: str) -> Elements:
        """Of the taxes that steps lead to from anywhere, those of a category."""
        by_code = self._by_code.get(steps)
        if by_code is None:
            by_code = self._by_code[steps] = {}
            for tax in self.anywhere(steps):
                for one in {said(category) for category in _CODES(tax)}:
                    by_code.setdefault(one, []).append(tax)
        return by_code.get(code, [])

    def anywhere(self, steps: str) -> Elements:
        """The elements that steps lead to from anywhere: `//SpecifiedTaxRegistration/ID`."""
        found = self._anywhere.get(steps)
        if found is None:
            *around, last = [tag_of_step(step) for step in steps.split("/")]
            found = self.by_tag.get(last, [])
            if around:
                found = [one for one in found if stands_in(one, around)]
            self._anywhere[steps] = found
        return found

    def below(self, steps: str) -> Elements:
        """The elements that steps lead to from the root element, where it is that of an invoice."""
        found = self._below.get(steps)
        if found is None:
            found = self._below[steps] = path(steps)(self.root) if self.known else []
        return found

    def once(self, name: object, find: Callable[[], bool]) -> bool:
        """An answer that several rules ask for, found when it is first asked for."""
        if name not in self._answers:
            self._answers[name] = find()
        return self._answers[name]

    @lazy
    def around(self) -> Around:
        """What findings show: the groups that elements stand in."""
        return Around(self.located)

    @lazy
    def currencies(self) -> list[str]:
        """BT-5, however often it is there."""
        return [said(one) for one in self.below(f"{HEADER}/InvoiceCurrencyCode")]

    @lazy
    def accounting_currencies(self) -> list[str]:
        """BT-6, however often it is there."""
        return [said(one) for one in self.below(f"{HEADER}/TaxCurrencyCode")]

    def charged(self, indicator: str) -> Elements:
        """The allowances (`false`) or charges (`true`) of the document, as their indicator is written."""
        return [one for one in self.below(CHARGES) if any(said(sign) == indicator for sign in _INDICATOR(one))]

    def is_registered(self, party: str, schemes: Sequence[str]) -> bool:
        """Whether a party, wherever it stands, has a tax number of one of the schemes."""
        return any(one.get("schemeID") in schemes for one in self.anywhere(f"{party}/SpecifiedTaxRegistration/ID"))

    def is_registered_in_place(self, party: str, schemes: Sequence[str]) -> bool:
        """Whether a party that stands where the format has it does."""
        return any(
            one.get("schemeID") in schemes for one in self.below(f"{AGREEMENT}/{party}/SpecifiedTaxRegistration/ID")
        )

    def uses(self, code: str, rate: Decimal | None = None, *, fees: bool = True) -> Iterator[TaxUse]:
        """The lines, allowances and charges in their own place that name a category, and a rate where one is given;
        with `fees` those of logistics too.

        Raises:
            NotAsked: a rate or an indicator of theirs cannot be read.
        """
        for use in self._taxed:
            if code in use.codes and (fees or use.places is not _IN_LOGISTICS):
                if rate is not None and use.places and None in use.rates:
                    raise NotAsked
                if rate is None or rate in use.rates:
                    if "" in use.places:
                        raise NotAsked
                    yield use

    @lazy
    def _taxed(self) -> list[TaxUse]:
        lines = [
            _use(_IN_LINES, settlement, _LINE_TAX, _LINE_AMOUNT, detailed(line))
            for line in self.below(LINES)
            for settlement in _SETTLEMENTS(line)
        ]
        charges = [_use(_signs(one), one, _CHARGE_TAX, _ACTUAL) for one in self.below(CHARGES)]
        return [*lines, *charges, *(_use(_IN_LOGISTICS, one, _FEE_TAX, _APPLIED) for one in self.below(LOGISTICS))]


_IN_LINES = frozenset(("line",))
_IN_LOGISTICS = frozenset(("logistics",))
_SETTLEMENTS = path("SpecifiedLineTradeSettlement")
_LINE_TAX = path("ApplicableTradeTax")
_CHARGE_TAX = path("CategoryTradeTax")
_FEE_TAX = path("AppliedTradeTax")
_LINE_AMOUNT = path("SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount")
_ACTUAL = path("ActualAmount")
_APPLIED = path("AppliedAmount")
_CODES = path("CategoryCode")
_RATES = path("RateApplicablePercent")
_REASONS = path("ExemptionReason")
_REASON_CODES = path("ExemptionReasonCode")


def _use(places: frozenset[str], element: Element, taxes_of: Inside, amounts_of: Inside, counts: bool = True) -> TaxUse:
    taxes, amounts = taxes_of(element), amounts_of(element)
    return TaxUse(
        places,
        codes=frozenset([said(code) for tax in taxes for code in _CODES(tax)]),
        rates=frozenset([_readable(said(rate)) for tax in taxes for rate in _RATES(tax)]),
        reason=_only(reason for tax in taxes for reason in _REASONS(tax)),
        reason_code=_only(code for tax in taxes for code in _REASON_CODES(tax)),
        amounts=tuple([said(amount) for amount in (amounts if places is _IN_LINES else amounts[:1])]),
        detailed=counts,
    )


@lru_cache(maxsize=256)
def _readable(rate: str) -> Decimal | None:
    """A rate, of which documents have few."""
    try:
        return decimal(rate)
    except NotAsked:
        return None


def _only(elements: Iterable[Element]) -> str:
    """The text of the one element, without needless blanks; "" where there is none, the first where there are more."""
    return next((normalized(said(one)) for one in elements), "")


def _signs(charge: Element) -> frozenset[str]:
    return frozenset([_SIGNS[boolean(said(one))] for one in _INDICATOR(charge)])


_SIGNS = {True: "charge", False: "allowance", None: ""}


def cents(uses: Iterable[TaxUse]) -> Decimal:
    """The sum of their amounts, rounded to cents, half up.

    Raises:
        NotAsked: an amount cannot be read.
    """
    return round_half_up(total(decimal(amount) for use in uses for amount in use.amounts), 2)
