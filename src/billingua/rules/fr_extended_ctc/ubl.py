"""UBL: the rules of the profile beside those of EN 16931."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from math import isfinite
from typing import Any, Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Located
from billingua.engine.numbers import multiply, percent_of, round_half_up
from billingua.engine.rule import NotAsked
from billingua.engine.values import boolean, decimal, double, double_round, double_sum, normalized
from billingua.engine.xml import tag_of
from billingua.rules.business import written_sum
from billingua.rules.elements import ROOTS, Elements, path, said, tag_of_step, texts
from billingua.rules.fr_extended_ctc.common import (
    CENT,
    Broken,
    Found,
    above_told,
    apart,
    failures,
    group_told,
    inside,
    kind_told,
    made_of,
    stated,
    tax_told,
    told,
    unused,
    written,
)
from billingua.rules.fr_extended_ctc.hierarchy import Hierarchy, Placed
from billingua.rules.fr_extended_ctc.listed import ATTRIBUTES, INCOTERMS, MIME, SCHEMES, charge_reason
from billingua.rules.vat import FAMILIES

__all__ = ["sweep"]

_FORMATS: Final = ("ubl-invoice", "ubl-creditnote")
_LINES: Final = ("cac:InvoiceLine", "cac:CreditNoteLine")
_REASON: Final = "cbc:AllowanceChargeReasonCode"
_AMOUNT: Final = "cbc:LineExtensionAmount"


class _Place(NamedTuple):
    """Where a line places itself among the others: DETAIL, GROUP or INFORMATION, and the identifiers of those above.

    `placed` says whether it refers to this very invoice, which is how it does so.
    """

    placed: bool
    kinds: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def counts(self) -> bool:
        """Whether the line is one whose amount counts."""
        return not self.placed or "DETAIL" in self.kinds


_BY_ITSELF: Final = _Place(False, (), ())


class _Tax(NamedTuple):
    """What a VAT category of a line, allowance or charge says: category, rate, exemption reason."""

    codes: tuple[str, ...]
    rate: str | None
    reasons: tuple[str, str]


class _Facts:
    """What the rules of one document share. `numbers` are BT-1 of the document, which its lines refer to."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.known = ROOTS.get(tag_of(root)) in _FORMATS
        self.numbers = frozenset(texts(root, "cbc:ID")) if self.known else frozenset()
        self.currencies = texts(root, "cbc:DocumentCurrencyCode") if self.known else []

    def anywhere(self, *steps: str) -> Elements:
        """The elements with one of the tags, wherever they stand."""
        return list(self.root.iter(*[tag_of_step(step) for step in steps]))

    @lazy
    def places(self) -> dict[Element, _Place]:
        """Every line, in order, with its place."""
        return {line: self._place(line) for line in self.anywhere(*_LINES)}

    def _place(self, line: Element) -> _Place:
        own = [
            one
            for one in path("cac:BillingReference")(line)
            if not self.numbers.isdisjoint(texts(one, "cac:InvoiceDocumentReference/cbc:ID"))
        ]
        if not own:
            return _BY_ITSELF
        kinds = [kind for one in own for kind in texts(one, "cac:InvoiceDocumentReference/cbc:DocumentStatusCode")]
        parents = [parent for one in own for parent in texts(one, "cac:BillingReferenceLine/cbc:ID")]
        return _Place(True, tuple(kinds), tuple(parents))

    @lazy
    def counted(self) -> Elements:
        """The lines whose amounts count."""
        return [line for line, place in self.places.items() if place.counts]

    @lazy
    def amounts(self) -> Elements:
        """The net amounts of the lines that count."""
        return inside(self.counted, _AMOUNT)

    @lazy
    def taxed(self) -> list[tuple[tuple[_Tax, ...], Elements]]:
        """The lines that count: their VAT categories, and their net amounts."""
        return [
            (tuple(map(_tax, path("cac:Item/cac:ClassifiedTaxCategory")(line))), path(_AMOUNT)(line))
            for line in self.counted
        ]

    @lazy
    def _hierarchies(self) -> dict[Element, Hierarchy]:
        return {}

    def beside(self, around: Element) -> Hierarchy:
        """The lines that stand in an element."""
        if around not in self._hierarchies:
            lines = [line for step in _LINES for line in path(step)(around)]
            self._hierarchies[around] = Hierarchy(
                [Placed(line, tuple(texts(line, "cbc:ID")), self.places[line].parents) for line in lines]
            )
        return self._hierarchies[around]


def _tax(category: Element) -> _Tax:
    rates = path("cbc:Percent")(category)
    codes = tuple([normalized(one) for one in texts(category, "cbc:ID")])
    return _Tax(codes, said(rates[0]) if rates else None, _reasons(category))


def sweep(located: Located, _: Any) -> Iterator[Failure]:
    """What a document breaks of the profile's own rules."""
    facts = _Facts(located.root.element)
    for rules in (_document, _lines, _totals, _breakdown, _lists):
        yield from failures(located, rules(facts))


def _document(facts: _Facts) -> Found:
    root = facts.root
    if not facts.known:
        return
    for reference in path("cac:BillingReference")(root):
        if not path("cac:InvoiceDocumentReference/cbc:ID")(reference):
            yield Broken("BR-55", reference)
    yield from _breakdowns(facts)
    if not all(_short(terms) for terms in path("cac:DeliveryTerms")(root)):
        yield Broken("UBL-FREXT-CR-410", root)
    of_lines = [terms for step in _LINES for terms in path(f"{step}/cac:DeliveryTerms")(root)]
    if not all(_short(terms) for terms in of_lines):
        yield Broken("UBL-FREXT-CR-645", root)
    named = [tag_of(child).rpartition("}")[2] for rate in path("cac:TaxExchangeRate")(root) for child in rate]
    if not _RATE.issuperset(named):
        yield Broken("CII-FREXT-CR-490", root)
    if tag_of(root).endswith("}Invoice"):
        dated = bool(facts.anywhere("cbc:DueDate")) or any(
            path("cbc:Note")(terms) for terms in facts.anywhere("cac:PaymentTerms")
        )
        for due in path("cac:LegalMonetaryTotal/cbc:PayableAmount")(root):
            if not dated and _positive(said(due)):
                yield Broken("BR-CO-25", due)


_RATE = frozenset(("SourceCurrencyCode", "TargetCurrencyCode", "CalculationRate", "Date"))


def _positive(text: str) -> bool:
    try:
        return double(text) > 0
    except NotAsked:
        return False


def _short(terms: Element) -> bool:
    place = tag_of_step("cac:DeliveryLocation")
    return all(child.tag in (tag_of_step("cbc:ID"), place) for child in terms) and all(
        inside.tag == tag_of_step("cbc:Name") for child in terms if child.tag == place for inside in child
    )


def _breakdowns(facts: _Facts) -> Found:
    """Every category that is used has a breakdown, and every breakdown is of one that is used."""
    stated_codes = _codes(path("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")(facts.root))
    lines = [line for step in _LINES for line in path(step)(facts.root) if facts.places[line].counts]
    used_codes = _codes(
        [
            *path("cac:AllowanceCharge/cac:TaxCategory")(facts.root),
            *inside(lines, "cac:Item/cac:ClassifiedTaxCategory"),
        ]
    )
    for family in FAMILIES:
        if (family.code in stated_codes) is not (family.code in used_codes):
            yield unused(family, facts.root, used=family.code in used_codes)


def _codes(categories: Iterable[Element]) -> set[str]:
    return {normalized(one) for category in categories for one in texts(category, "cbc:ID")}


def _is_vat(category: Element) -> bool:
    return any(normalized(one.upper()) == "VAT" for one in texts(category, "cac:TaxScheme/cbc:ID"))


def _lines(facts: _Facts) -> Found:
    for line, place in facts.places.items():
        categories = path("cac:Item/cac:ClassifiedTaxCategory")(line)
        quantities = [*path("cbc:InvoicedQuantity")(line), *path("cbc:CreditedQuantity")(line)]
        if place.counts:
            for rule, kept in (
                ("BR-FREXT-22", bool(quantities)),
                ("BR-FREXT-23", any(one.get("unitCode") is not None for one in quantities)),
                ("BR-FREXT-24", bool(path(_AMOUNT)(line))),
                ("BR-FREXT-26", bool(path("cac:Price/cbc:PriceAmount")(line))),
                ("BR-FREXT-CO-04", any(path("cbc:ID")(one) for one in categories if _is_vat(one))),
            ):
                if not kept:
                    yield Broken(rule, line)
        referring = path("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")(line)
        single = not referring or "DETAIL" in place.kinds
        if len(categories) > 1 or (single and not categories):
            yield Broken("UBL-FREXT-SR-48", line, f"It has {len(categories)} VAT categories.")
        if place.placed:
            yield from _placed(line, place, facts)


_KINDS = frozenset(("DETAIL", "GROUP", "INFORMATION"))


def _placed(line: Element, place: _Place, facts: _Facts) -> Found:
    """The rules about lines below others."""
    said_kinds = texts(line, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode")
    if place.kinds and not (len(said_kinds) == 1 and normalized(said_kinds[0]) in _KINDS):
        yield Broken("BR-FREXT-05", line, kind_told(said_kinds))
    around = line.getparent()
    if around is None:
        return
    numbers = texts(line, "cbc:ID")
    beside = facts.beside(around)
    if place.parents:
        if not place.kinds:
            yield Broken("BR-FREXT-06", line, above_told(place.parents))
        if not beside.has_above(numbers, place.parents):
            yield Broken("BR-FREXT-11", line, above_told(place.parents))
    amounts = path(_AMOUNT)(line)
    if not amounts or not _groups(line, facts):
        return
    below = [(one, facts.places[one].kinds) for one in beside.below(numbers)]
    parts = inside([one for one, kinds in below if "DETAIL" in kinds or "GROUP" in kinds], _AMOUNT)
    try:
        made = double_round(double_sum(parts) * 100) / 100
        if not any(double(said(one)) == made for one in amounts):
            yield Broken("BR-FREXT-08", line, group_told(amounts, parts))
    except NotAsked:
        pass
    inner = [one for one, kinds in below if "GROUP" in kinds]
    stating = len(inside(inner, _AMOUNT))
    if len(inner) != stating:
        yield Broken("BR-FREXT-12", line, f"It has {len(inner)} groups below it, and they have {stating} net amounts.")


def _groups(line: Element, facts: _Facts) -> bool:
    references = path("cac:BillingReference/cac:InvoiceDocumentReference")(line)
    return any(
        not facts.numbers.isdisjoint(texts(one, "cbc:ID")) and "GROUP" in texts(one, "cbc:DocumentStatusCode")
        for one in references
    )


class _Sum(NamedTuple):
    """An amount that the artefact adds up in floating point, and of how many it is."""

    value: float
    exact: Decimal
    number: int


def _sum(amounts: Elements) -> _Sum:
    value = double_round(double_sum(amounts) * 100) / 100
    if not isfinite(value):
        raise NotAsked
    return _Sum(value, Decimal(value), len(amounts))


def _charged(around: Element, indicator: bool) -> Elements:
    return [
        one
        for one in path("cac:AllowanceCharge")(around)
        if any(boolean(text) is indicator for text in texts(one, "cbc:ChargeIndicator"))
    ]


def _totals(facts: _Facts) -> Found:
    for totals in facts.anywhere("cac:LegalMonetaryTotal"):
        around = totals.getparent()
        if around is None:
            continue
        for rule, figures_of in _SUMS.items():
            try:
                figures = figures_of(totals, around, facts)
            except NotAsked:
                continue
            if figures:
                yield Broken(rule, totals, figures)


Figures = Callable[[Element, Element, _Facts], str]
"""The figures of totals that are not as they must be; "" where they are."""


def _co_10(totals: Element, _: Element, facts: _Facts) -> str:
    found, lines = stated(totals, _AMOUNT), _sum(facts.amounts)
    if found is not None:
        distance = double_round(abs(float(found) - lines.value) * 100) / 100
        if distance <= float(CENT * lines.number):
            return ""
    return f"{told('BT-106', found)}; the lines (BT-131) make {written(facts.amounts)}{apart(lines.number)}."


def _of_charges(term: str, steps: str, indicator: bool, words: str) -> Figures:
    def figures(totals: Element, around: Element, _: _Facts) -> str:
        charges, found = _charged(around, indicator), stated(totals, steps)
        amounts = inside(charges, "cbc:Amount")
        if (not charges) if found is None else abs(found - _sum(amounts).exact) <= CENT * len(charges):
            return ""
        return f"{told(term, found)}; the {words} make {written(amounts)}{apart(len(charges))}."

    return figures


def _parts(around: Element, facts: _Facts) -> int:
    """How many lines, allowances and charges there are."""
    return len(facts.amounts) + len(_charged(around, False)) + len(_charged(around, True))


def _co_13(totals: Element, around: Element, facts: _Facts) -> str:
    found, lines = stated(totals, "cbc:TaxExclusiveAmount"), _sum(facts.amounts)
    if found is None:
        return "BT-109 is missing."
    allowances, charges = (inside(_charged(around, sign), "cbc:Amount") for sign in (False, True))
    distance = abs(float(found) - lines.value + _sum(allowances).value - _sum(charges).value)
    count = _parts(around, facts)
    if double_round(distance * 100) / 100 <= float(CENT * count):
        return ""
    return f"{told('BT-109', found)}; {made_of(facts.amounts, charges, allowances)}{apart(count)}."


def _co_15(totals: Element, around: Element, facts: _Facts) -> str:
    taxes = [one for one in path("cac:TaxTotal/cbc:TaxAmount")(around) if one.get("currencyID") in facts.currencies]
    if not taxes:
        return ""
    gross, net = stated(totals, "cbc:TaxInclusiveAmount"), stated(totals, "cbc:TaxExclusiveAmount")
    if gross is None or net is None:
        return f"{told('BT-112', gross)}; {told('BT-109', net)}."
    tax, count = decimal(said(taxes[0])), _parts(around, facts)
    if abs(gross - tax - net) <= CENT * count:
        return ""
    return f"{told('BT-112', gross)}; BT-109 + BT-110 makes {written_sum([net, tax])}{apart(count)}."


_SUMS: Final[dict[str, Figures]] = {
    "BR-FREXT-CO-10": _co_10,
    "BR-FREXT-CO-11": _of_charges("BT-107", "cbc:AllowanceTotalAmount", False, "document allowances (BT-92)"),
    "BR-FREXT-CO-12": _of_charges("BT-108", "cbc:ChargeTotalAmount", True, "document charges (BT-99)"),
    "BR-FREXT-CO-13": _co_13,
    "BR-FREXT-CO-15": _co_15,
}


def _breakdown(facts: _Facts) -> Found:
    for subtotal in path("cac:TaxTotal/cac:TaxSubtotal")(facts.root):
        for category in path("cac:TaxCategory")(subtotal):
            if _is_vat(category):
                codes = _codes([category])
                for family in FAMILIES:
                    if family.code in codes:
                        yield from _base(family.id, family.code, subtotal, category, facts)


def _base(family: str, code: str, subtotal: Element, category: Element, facts: _Facts) -> Found:
    try:
        uses = [_Uses(code, category, facts, reasons) for reasons in (True, False)]
        base = stated(subtotal, "cbc:TaxableAmount")
        kept = [base is not None and one.make(base) for one in uses]
        figures = [f"{told('BT-116', base)}; {one.written()}{apart(one.count)}." for one in uses if not all(kept)]
        if not any(kept):
            yield Broken(f"BR-FREXT-{family}-08", category, figures[1])
        for place, end in enumerate(("rev", "ini")):
            if not kept[place]:
                yield Broken(f"BR-FREXT-{family}-08{end}", category, figures[place])
        if family == "S":
            rate, tax, count = uses[0].rate, stated(subtotal, "cbc:TaxAmount"), uses[0].count
            if base is None or rate is None or tax is None or not _fits(tax, base, rate, count):
                yield Broken("BR-FREXT-S-09", category, tax_told(tax, base, rate, count))
    except NotAsked:
        return


def _fits(tax: Decimal, base: Decimal, rate: Decimal, count: int) -> bool:
    return abs(tax - round_half_up(percent_of(base, rate), 2)) <= multiply(CENT, Decimal(count))


class _Uses:
    """Lines, allowances and charges that a breakdown is of: by category and rate, and by exemption reason if asked."""

    def __init__(self, code: str, category: Element, facts: _Facts, reasons: bool) -> None:
        self.code = code
        self.rate = stated(category, "cbc:Percent")
        self.reasons = _reasons(category) if reasons else None
        self._known: dict[tuple[_Tax, ...], bool] = {}
        self.lines = [amount for taxes, amounts in facts.taxed if self._are_alike(taxes) for amount in amounts]
        self.allowances, self.charges = (
            inside(
                [
                    one
                    for one in _charged(facts.root, sign)
                    if self._are_alike(tuple(map(_tax, path("cac:TaxCategory")(one))))
                ],
                "cbc:Amount",
            )
            for sign in (False, True)
        )
        self.count = len(self.lines) + len(self.allowances) + len(self.charges)

    def _are_alike(self, taxes: tuple[_Tax, ...]) -> bool:
        """Whether one of them is that of the breakdown. Many lines say the same."""
        if taxes not in self._known:
            self._known[taxes] = any(map(self._alike, taxes))
        return self._known[taxes]

    def _alike(self, tax: _Tax) -> bool:
        if self.code not in tax.codes:
            return False
        if self.code != "O" and (self.rate is None or tax.rate is None or decimal(tax.rate) != self.rate):
            return False
        return self.reasons is None or tax.reasons == self.reasons

    def make(self, base: Decimal) -> bool:
        """Whether they make the base, within a cent each."""
        lines, allowances, charges = _sum(self.lines), _sum(self.allowances), _sum(self.charges)
        if not self.lines:
            return abs(base + allowances.exact - charges.exact) <= CENT * self.count
        return abs(float(base) - lines.value + allowances.value - charges.value) <= float(CENT * self.count)

    def written(self) -> str:
        """What they make, in figures."""
        return made_of(self.lines, self.charges, self.allowances)


def _reasons(category: Element) -> tuple[str, str]:
    code = "".join(texts(category, "cbc:TaxExemptionReasonCode"))
    return normalized(code), normalized("".join(texts(category, "cbc:TaxExemptionReason")))


def _lists(facts: _Facts) -> Found:
    for identification in facts.anywhere("cac:PartyIdentification"):
        for one in path("cbc:ID")(identification):
            scheme = normalized(one.get("schemeID") or "")
            if one.get("schemeID") is not None and scheme not in SCHEMES and not (scheme == "SEPA" and _may_debit(one)):
                yield Broken("BR-FREXT-CL-10", one, values={_scheme_term(one): one.get("schemeID", "")})
    for charge in facts.anywhere("cac:AllowanceCharge"):
        if any(boolean(text) is True for text in texts(charge, "cbc:ChargeIndicator")):
            for code in path(_REASON)(charge):
                yield from charge_reason(code)
    for document in facts.anywhere("cbc:EmbeddedDocumentBinaryObject"):
        if document.get("mimeCode") is not None and document.get("mimeCode") not in MIME:
            yield Broken("BR-FREXT-CL-24", document, values={"BT-125-1": document.get("mimeCode", "")})
    for terms in facts.anywhere("cac:DeliveryTerms"):
        for code in path("cbc:ID")(terms):
            if normalized(said(code)) not in INCOTERMS:
                yield Broken("BR-FREXT-CL-27", code, values={"delivery terms": said(code)})
    for line in facts.places:
        for code in path("cac:Item/cac:AdditionalItemProperty/cbc:NameCode")(line):
            if normalized(said(code)) not in ATTRIBUTES:
                yield Broken("BR-FREXT-04", code, values={"BT-160": said(code)})
    for one in facts.anywhere("cac:AdditionalItemProperty"):
        if not path("cbc:Name")(one) and not path("cbc:NameCode")(one):
            yield Broken("BR-FREXT-54-1", one)
        measures = path("cbc:ValueQuantity")(one)
        kept = not measures if path("cbc:Value")(one) else any(measure.get("unitCode") for measure in measures)
        if not kept:
            yield Broken("BR-FREXT-54-2", one)


_SCHEME_TERMS = {
    tag_of_step("cac:AccountingSupplierParty"): "BT-29-1",
    tag_of_step("cac:AccountingCustomerParty"): "BT-46-1",
    tag_of_step("cac:PayeeParty"): "BT-60-1",
}


def _scheme_term(identifier: Element) -> str:
    """What the scheme of an identifier is called, by the party that has it."""
    return next((found for one in identifier.iterancestors() if (found := _SCHEME_TERMS.get(tag_of(one)))), "scheme")


_DEBITING = frozenset((tag_of_step("cac:AccountingSupplierParty"), tag_of_step("cac:PayeeParty")))


def _may_debit(element: Element) -> bool:
    return any(one.tag in _DEBITING for one in element.iterancestors())
