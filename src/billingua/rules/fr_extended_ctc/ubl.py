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
from billingua.rules.elements import Elements, path, said, tag_of_step, texts
from billingua.rules.fr_extended_ctc.listed import ATTRIBUTES, INCOTERMS, MIME, SCHEMES, charge_reason
from billingua.rules.vat import FAMILIES

__all__ = ["sweep"]

_CENT: Final = Decimal("0.01")
_ROOTS: Final = frozenset(
    (
        "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice",
        "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote",
    )
)
_LINES: Final = ("cac:InvoiceLine", "cac:CreditNoteLine")
_REASON: Final = "cbc:AllowanceChargeReasonCode"
_AMOUNT: Final = "cbc:LineExtensionAmount"


class _Facts:
    """What the rules of one document share. `numbers` are BT-1 of the document, which its lines refer to."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.known = tag_of(root) in _ROOTS
        self.numbers = frozenset(texts(root, "cbc:ID")) if self.known else frozenset()
        self.currencies = texts(root, "cbc:DocumentCurrencyCode") if self.known else []

    def anywhere(self, *steps: str) -> Elements:
        """The elements with one of the tags, wherever they stand."""
        return list(self.root.iter(*[tag_of_step(step) for step in steps]))

    @lazy
    def lines(self) -> Elements:
        return self.anywhere(*_LINES)

    def own(self, line: Element) -> Elements:
        """The references of a line to this very invoice, which place it among the others."""
        return [
            one
            for one in path("cac:BillingReference")(line)
            if not self.numbers.isdisjoint(texts(one, "cac:InvoiceDocumentReference/cbc:ID"))
        ]

    def kinds(self, line: Element) -> list[str]:
        """DETAIL, GROUP or INFORMATION, as the line says."""
        steps = "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"
        return [kind for one in self.own(line) for kind in texts(one, steps)]

    def parents(self, line: Element) -> list[str]:
        """The identifiers of the line above it."""
        return [parent for one in self.own(line) for parent in texts(one, "cac:BillingReferenceLine/cbc:ID")]

    def counts(self, line: Element) -> bool:
        """Whether a line is one whose amount counts."""
        return not self.own(line) or "DETAIL" in self.kinds(line)

    @lazy
    def counted(self) -> Elements:
        return [line for line in self.lines if self.counts(line)]


Found = Iterator[tuple[str, Element]]


def sweep(located: Located, _: Any) -> Iterator[Failure]:
    """What a document breaks of the profile's own rules."""
    facts = _Facts(located.root.element)
    for rules in (_document, _lines, _totals, _breakdown, _lists):
        for rule, element in rules(facts):
            yield Failure(rule, element, at=element, values={})


def _document(facts: _Facts) -> Found:
    root = facts.root
    if not facts.known:
        return
    for reference in path("cac:BillingReference")(root):
        if not path("cac:InvoiceDocumentReference/cbc:ID")(reference):
            yield "BR-55", reference
    for family in FAMILIES:
        if not _has_breakdown(family.code, facts):
            yield f"BR-FREXT-{family.id}-01", root
    if not all(_short(terms) for terms in path("cac:DeliveryTerms")(root)):
        yield "UBL-FREXT-CR-410", root
    of_lines = [terms for step in _LINES for terms in path(f"{step}/cac:DeliveryTerms")(root)]
    if not all(_short(terms) for terms in of_lines):
        yield "UBL-FREXT-CR-645", root
    named = [tag_of(child).rpartition("}")[2] for rate in path("cac:TaxExchangeRate")(root) for child in rate]
    if not _RATE.issuperset(named):
        yield "CII-FREXT-CR-490", root
    if tag_of(root).endswith("}Invoice"):
        dated = bool(facts.anywhere("cbc:DueDate")) or any(
            path("cbc:Note")(terms) for terms in facts.anywhere("cac:PaymentTerms")
        )
        for due in path("cac:LegalMonetaryTotal/cbc:PayableAmount")(root):
            if not dated and _positive(said(due)):
                yield "BR-CO-25", due


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


def _has_code(code: str, categories: Iterable[Element]) -> bool:
    return any(normalized(one) == code for category in categories for one in texts(category, "cbc:ID"))


def _has_breakdown(code: str, facts: _Facts) -> bool:
    stated = _has_code(code, path("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")(facts.root))
    used = _has_code(code, path("cac:AllowanceCharge/cac:TaxCategory")(facts.root)) or any(
        _has_code(code, path("cac:Item/cac:ClassifiedTaxCategory")(line))
        for step in _LINES
        for line in path(step)(facts.root)
        if facts.counts(line)
    )
    return stated is used


def _is_vat(category: Element) -> bool:
    return any(normalized(one.upper()) == "VAT" for one in texts(category, "cac:TaxScheme/cbc:ID"))


def _lines(facts: _Facts) -> Found:
    for line in facts.lines:
        categories = path("cac:Item/cac:ClassifiedTaxCategory")(line)
        quantities = [*path("cbc:InvoicedQuantity")(line), *path("cbc:CreditedQuantity")(line)]
        if facts.counts(line):
            for rule, kept in (
                ("BR-FREXT-22", bool(quantities)),
                ("BR-FREXT-23", any(one.get("unitCode") is not None for one in quantities)),
                ("BR-FREXT-24", bool(path(_AMOUNT)(line))),
                ("BR-FREXT-26", bool(path("cac:Price/cbc:PriceAmount")(line))),
                ("BR-FREXT-CO-04", any(path("cbc:ID")(one) for one in categories if _is_vat(one))),
            ):
                if not kept:
                    yield rule, line
        referring = path("cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")(line)
        single = not referring or "DETAIL" in facts.kinds(line)
        if len(categories) > 1 or (single and not categories):
            yield "UBL-FREXT-SR-48", line
        yield from _placed(line, facts)


_KINDS = frozenset(("DETAIL", "GROUP", "INFORMATION"))


def _placed(line: Element, facts: _Facts) -> Found:
    """The rules about lines below others."""
    kinds, parents = facts.kinds(line), facts.parents(line)
    stated = texts(line, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:DocumentStatusCode")
    if kinds and not (len(stated) == 1 and normalized(stated[0]) in _KINDS):
        yield "BR-FREXT-05", line
    around = line.getparent()
    if around is None:
        return
    beside = [one for step in _LINES for one in path(step)(around)]
    numbers = texts(line, "cbc:ID")
    if parents:
        if not kinds:
            yield "BR-FREXT-06", line
        others = [texts(one, "cbc:ID") for one in beside]
        if not any(not set(ids).isdisjoint(parents) and any(a != b for a in ids for b in numbers) for ids in others):
            yield "BR-FREXT-11", line
    amounts = path(_AMOUNT)(line)
    if not amounts or not _groups(line, facts):
        return
    below = [one for one in beside if not set(numbers).isdisjoint(facts.parents(one))]
    parts = [
        part for one in below if not {"DETAIL", "GROUP"}.isdisjoint(facts.kinds(one)) for part in path(_AMOUNT)(one)
    ]
    try:
        made = double_round(double_sum(parts) * 100) / 100
        if not any(double(said(one)) == made for one in amounts):
            yield "BR-FREXT-08", line
    except NotAsked:
        pass
    inner = [one for one in below if "GROUP" in facts.kinds(one)]
    if len(inner) != sum(len(path(_AMOUNT)(one)) for one in inner):
        yield "BR-FREXT-12", line


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


def _stated(around: Element, steps: str) -> Decimal | None:
    found = path(steps)(around)
    return decimal(said(found[0])) if found else None


def _charged(around: Element, indicator: bool) -> Elements:
    return [
        one
        for one in path("cac:AllowanceCharge")(around)
        if any(boolean(text) is indicator for text in texts(one, "cbc:ChargeIndicator"))
    ]


def _inside(elements: Elements, steps: str) -> Elements:
    return [found for one in elements for found in path(steps)(one)]


def _totals(facts: _Facts) -> Found:
    for totals in facts.anywhere("cac:LegalMonetaryTotal"):
        around = totals.getparent()
        if around is None:
            continue
        for rule, kept in _SUMS.items():
            try:
                if not kept(totals, around, facts):
                    yield rule, totals
            except NotAsked:
                continue


def _co_10(totals: Element, _: Element, facts: _Facts) -> bool:
    stated, lines = _stated(totals, _AMOUNT), _sum(_inside(facts.counted, _AMOUNT))
    if stated is None:
        return False
    return double_round(abs(float(stated) - lines.value) * 100) / 100 <= float(_CENT * lines.number)


def _of_charges(term: str, indicator: bool) -> Callable[[Element, Element, _Facts], bool]:
    def kept(totals: Element, around: Element, _: _Facts) -> bool:
        charges, stated = _charged(around, indicator), _stated(totals, term)
        if stated is None:
            return not charges
        return abs(stated - _sum(_inside(charges, "cbc:Amount")).exact) <= _CENT * len(charges)

    return kept


def _parts(around: Element, facts: _Facts) -> int:
    """How many lines, allowances and charges there are."""
    charges = len(_charged(around, False)) + len(_charged(around, True))
    return len(_inside(facts.counted, _AMOUNT)) + charges


def _co_13(totals: Element, around: Element, facts: _Facts) -> bool:
    stated, lines = _stated(totals, "cbc:TaxExclusiveAmount"), _sum(_inside(facts.counted, _AMOUNT))
    if stated is None:
        return False
    allowances, charges = (_sum(_inside(_charged(around, sign), "cbc:Amount")) for sign in (False, True))
    apart = abs(float(stated) - lines.value + allowances.value - charges.value)
    return double_round(apart * 100) / 100 <= float(_CENT * _parts(around, facts))


def _co_15(totals: Element, around: Element, facts: _Facts) -> bool:
    taxes = [one for one in path("cac:TaxTotal/cbc:TaxAmount")(around) if one.get("currencyID") in facts.currencies]
    if not taxes:
        return True
    gross, net = _stated(totals, "cbc:TaxInclusiveAmount"), _stated(totals, "cbc:TaxExclusiveAmount")
    if gross is None or net is None:
        return False
    return abs(gross - decimal(said(taxes[0])) - net) <= _CENT * _parts(around, facts)


_SUMS: Final = {
    "BR-FREXT-CO-10": _co_10,
    "BR-FREXT-CO-11": _of_charges("cbc:AllowanceTotalAmount", False),
    "BR-FREXT-CO-12": _of_charges("cbc:ChargeTotalAmount", True),
    "BR-FREXT-CO-13": _co_13,
    "BR-FREXT-CO-15": _co_15,
}


def _breakdown(facts: _Facts) -> Found:
    for subtotal in path("cac:TaxTotal/cac:TaxSubtotal")(facts.root):
        for category in path("cac:TaxCategory")(subtotal):
            if _is_vat(category):
                for family in FAMILIES:
                    if _has_code(family.code, [category]):
                        yield from _base(family.id, family.code, subtotal, category, facts)


def _base(family: str, code: str, subtotal: Element, category: Element, facts: _Facts) -> Found:
    try:
        uses = [_Uses(code, category, facts, reasons) for reasons in (True, False)]
        base = _stated(subtotal, "cbc:TaxableAmount")
        kept = [base is not None and one.make(base) for one in uses]
        if not any(kept):
            yield f"BR-FREXT-{family}-08", category
        for end, one in zip(("rev", "ini"), kept, strict=True):
            if not one:
                yield f"BR-FREXT-{family}-08{end}", category
        if family == "S":
            rate, tax = uses[0].rate, _stated(subtotal, "cbc:TaxAmount")
            if base is None or rate is None or tax is None or not _fits(tax, base, rate, uses[0].count):
                yield "BR-FREXT-S-09", category
    except NotAsked:
        return


def _fits(tax: Decimal, base: Decimal, rate: Decimal, count: int) -> bool:
    return abs(tax - round_half_up(percent_of(base, rate), 2)) <= multiply(_CENT, Decimal(count))


class _Uses:
    """Lines, allowances and charges that a breakdown is of: by category and rate, and by exemption reason if asked."""

    def __init__(self, code: str, category: Element, facts: _Facts, reasons: bool) -> None:
        self.code = code
        self.rate = _stated(category, "cbc:Percent")
        self.reasons = _reasons(category) if reasons else None
        self.lines = [
            amount
            for line in facts.counted
            if any(self._alike(one) for one in path("cac:Item/cac:ClassifiedTaxCategory")(line))
            for amount in path(_AMOUNT)(line)
        ]
        of_code: dict[bool, Elements] = {}
        for sign in (False, True):
            charged = [one for one in _charged(facts.root, sign) if any(map(self._alike, path("cac:TaxCategory")(one)))]
            of_code[sign] = _inside(charged, "cbc:Amount")
        self.allowances, self.charges = of_code[False], of_code[True]
        self.count = len(self.lines) + len(self.allowances) + len(self.charges)

    def _alike(self, category: Element) -> bool:
        if not _has_code(self.code, [category]):
            return False
        if self.code != "O" and (self.rate is None or _stated(category, "cbc:Percent") != self.rate):
            return False
        return self.reasons is None or _reasons(category) == self.reasons

    def make(self, base: Decimal) -> bool:
        """Whether they make the base, within a cent each."""
        lines, allowances, charges = _sum(self.lines), _sum(self.allowances), _sum(self.charges)
        if not self.lines:
            return abs(base + allowances.exact - charges.exact) <= _CENT * self.count
        return abs(float(base) - lines.value + allowances.value - charges.value) <= float(_CENT * self.count)


def _reasons(category: Element) -> tuple[str, str]:
    code = "".join(texts(category, "cbc:TaxExemptionReasonCode"))
    return normalized(code), normalized("".join(texts(category, "cbc:TaxExemptionReason")))


def _lists(facts: _Facts) -> Found:
    for identification in facts.anywhere("cac:PartyIdentification"):
        for one in path("cbc:ID")(identification):
            scheme = normalized(one.get("schemeID") or "")
            if one.get("schemeID") is not None and scheme not in SCHEMES and not (scheme == "SEPA" and _may_debit(one)):
                yield "BR-FREXT-CL-10", one
    for charge in facts.anywhere("cac:AllowanceCharge"):
        if any(boolean(text) is True for text in texts(charge, "cbc:ChargeIndicator")):
            for code in path(_REASON)(charge):
                yield from charge_reason(code)
    for document in facts.anywhere("cbc:EmbeddedDocumentBinaryObject"):
        if document.get("mimeCode") is not None and document.get("mimeCode") not in MIME:
            yield "BR-FREXT-CL-24", document
    for terms in facts.anywhere("cac:DeliveryTerms"):
        for code in path("cbc:ID")(terms):
            if normalized(said(code)) not in INCOTERMS:
                yield "BR-FREXT-CL-27", code
    for line in facts.lines:
        for code in path("cac:Item/cac:AdditionalItemProperty/cbc:NameCode")(line):
            if normalized(said(code)) not in ATTRIBUTES:
                yield "BR-FREXT-04", code
    for one in facts.anywhere("cac:AdditionalItemProperty"):
        if not path("cbc:Name")(one) and not path("cbc:NameCode")(one):
            yield "BR-FREXT-54-1", one
        measures = path("cbc:ValueQuantity")(one)
        kept = not measures if path("cbc:Value")(one) else any(measure.get("unitCode") for measure in measures)
        if not kept:
            yield "BR-FREXT-54-2", one


_DEBITING = frozenset((tag_of_step("cac:AccountingSupplierParty"), tag_of_step("cac:PayeeParty")))


def _may_debit(element: Element) -> bool:
    return any(one.tag in _DEBITING for one in element.iterancestors())
