"""CII: the rules of the profile beside those of EN 16931."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from billingua.codelists import codes
from billingua.engine.failure import Failure
from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Located
from billingua.engine.numbers import multiply, percent_of, round_half_up, total
from billingua.engine.rule import NotAsked
from billingua.engine.values import boolean, decimal, double, double_round, double_sum, normalized
from billingua.engine.xml import tag_of
from billingua.rules.business import written_sum
from billingua.rules.elements import Elements, path, said, tag_of_step, texts
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

_TRADE: Final = "rsm:SupplyChainTradeTransaction"
_HEADER: Final = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_CHARGES: Final = f"{_HEADER}/ram:SpecifiedTradeAllowanceCharge"
_FEES: Final = f"{_HEADER}/ram:SpecifiedLogisticsServiceCharge"
_SETTLEMENT: Final = "ram:SpecifiedLineTradeSettlement"
_NET: Final = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
_PLACE: Final = "ram:AssociatedDocumentLineDocument"
_KIND: Final = f"{_PLACE}/ram:LineStatusReasonCode"
_SIGN: Final = "ram:ChargeIndicator/udt:Indicator"
_CODE: Final = "ram:CategoryCode"


class _Tax(NamedTuple):
    """What the VAT of a line, allowance, charge or fee says: categories, rates, exemption reason."""

    codes: tuple[str, ...]
    rates: tuple[str, ...]
    reasons: tuple[str, str]


def _tax(element: Element, kind: str) -> _Tax:
    taxes = path(f"ram:{kind}TradeTax")(element)
    rates = [rate for tax in taxes for rate in texts(tax, "ram:RateApplicablePercent")]
    return _Tax(tuple([code for tax in taxes for code in texts(tax, _CODE)]), tuple(rates), _reasons(taxes))


class _Facts:
    """What the rules of one document share."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.known = root.tag == tag_of_step("rsm:CrossIndustryInvoice")

    def at(self, steps: str) -> Elements:
        """The elements that steps lead to from the root."""
        return path(steps)(self.root) if self.known else []

    def anywhere(self, step: str, around: str = "") -> Elements:
        """The elements with a tag, wherever they stand, or in another one."""
        found = list(self.root.iter(tag_of_step(step)))
        return [one for one in found if _is_in(one, around)] if around else found

    @lazy
    def kinds(self) -> dict[Element, list[str]]:
        """Every line, in order, and what it says: DETAIL, GROUP or INFORMATION."""
        return {line: texts(line, _KIND) for line in self.anywhere("ram:IncludedSupplyChainTradeLineItem")}

    def counts(self, line: Element) -> bool:
        """Whether a line is one whose amount counts."""
        kinds = self.kinds[line] if line in self.kinds else texts(line, _KIND)
        return not kinds or "DETAIL" in kinds

    @lazy
    def _counted(self) -> dict[Element, Elements]:
        return {}

    def counted(self, trade: Element) -> Elements:
        """The lines of a transaction whose amounts count."""
        if trade not in self._counted:
            lines = path("ram:IncludedSupplyChainTradeLineItem")(trade)
            self._counted[trade] = [line for line in lines if self.counts(line)]
        return self._counted[trade]

    @lazy
    def lines(self) -> Elements:
        """The lines in their place."""
        return self.at(f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem")

    @lazy
    def hierarchy(self) -> Hierarchy:
        """The lines by their identifiers."""
        return Hierarchy(
            [
                Placed(
                    line,
                    tuple(texts(line, f"{_PLACE}/ram:LineID")),
                    tuple(texts(line, f"{_PLACE}/ram:ParentLineID")),
                )
                for line in self.lines
            ]
        )

    @lazy
    def taxed_lines(self) -> list[tuple[_Tax, Element]]:
        """The settlements of the lines whose amounts count, each with its VAT."""
        lines = [line for line in self.lines if self.counts(line)]
        return [(_tax(one, "Applicable"), one) for one in inside(lines, _SETTLEMENT)]

    @lazy
    def taxed_charges(self) -> list[tuple[_Tax, Element]]:
        """The allowances and charges of the document, each with its VAT."""
        return [(_tax(one, "Category"), one) for one in self.at(_CHARGES)]

    @lazy
    def taxed_fees(self) -> list[tuple[_Tax, Element]]:
        """The logistics service charges of the document, each with its VAT."""
        return [(_tax(one, "Applied"), one) for one in self.at(_FEES)]

    def charged(self, text: str) -> Elements:
        """The allowances (`false`) or charges (`true`) of the document, as their indicator is written."""
        return [one for one in self.at(_CHARGES) if text in texts(one, _SIGN)]


def _is_in(element: Element, step: str) -> bool:
    around = element.getparent()
    return around is not None and around.tag == tag_of_step(step)


def sweep(located: Located, _: Any) -> Iterator[Failure]:
    """What a document breaks of the profile's own rules."""
    facts = _Facts(located.root.element)
    for rules in (_document, _lines, _totals, _taxes, _structure, _lists):
        yield from failures(located, rules(facts))


def _document(facts: _Facts) -> Found:
    if not facts.known:
        return
    settlements = [
        one for one in facts.anywhere(_SETTLEMENT) if (line := one.getparent()) is not None and facts.counts(line)
    ]
    used_codes = _codes([*inside(settlements, "ram:ApplicableTradeTax"), *facts.anywhere("ram:CategoryTradeTax")])
    stated_codes = _codes(facts.anywhere("ram:ApplicableTradeTax", "ram:ApplicableHeaderTradeSettlement"))
    for family in FAMILIES:
        if (family.code in stated_codes) is not (family.code in used_codes):
            yield unused(family, facts.root, used=family.code in used_codes)
    due = facts.anywhere("ram:DuePayableAmount")
    try:
        if due and decimal(said(due[0])) > 0:
            terms = facts.anywhere("ram:SpecifiedTradePaymentTerms")
            if not any(path("ram:DueDateDateTime")(one) or path("ram:Description")(one) for one in terms):
                yield Broken("BR-CO-25", facts.root)
    except NotAsked:
        return


def _codes(taxes: Elements) -> set[str]:
    return {code for tax in taxes for code in texts(tax, _CODE)}


def _is_vat(tax: Element) -> bool:
    return any(text.upper() == "VAT" for text in texts(tax, "ram:TypeCode"))


_QUANTITY = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
_KINDS = ("DETAIL", "GROUP", "INFORMATION")


def _lines(facts: _Facts) -> Found:
    for line in facts.kinds:
        for place in path(_PLACE)(line):
            kinds = texts(place, "ram:LineStatusReasonCode")
            if not kinds or "DETAIL" in kinds:
                yield from (Broken(rule, place) for rule in _missing(line))
        yield from _placed(line, facts)


def _missing(line: Element) -> Iterator[str]:
    """What a line that counts must have and has not."""
    quantities = path(_QUANTITY)(line)
    taxes = path(f"{_SETTLEMENT}/ram:ApplicableTradeTax")(line)
    for rule, kept in (
        ("BR-FREXT-BR-22", bool(quantities)),
        ("BR-FREXT-BR-23", any(one.get("unitCode") is not None for one in quantities)),
        ("BR-FREXT-BR-24", bool(path(f"{_SETTLEMENT}/{_NET}")(line))),
        ("BR-FREXT-BR-26", bool(path(_PRICE)(line))),
        ("BR-FREXT-CO-04", any(path(_CODE)(tax) for tax in taxes if _is_vat(tax))),
    ):
        if not kept:
            yield rule


def _placed(line: Element, facts: _Facts) -> Found:
    """The rules about lines below others."""
    kinds = facts.kinds[line]
    above = texts(line, f"{_PLACE}/ram:ParentLineID")
    if not kinds and not above:
        return
    numbers = texts(line, f"{_PLACE}/ram:LineID")
    parent = normalized("".join(above))
    if kinds and kinds[0] not in _KINDS:
        yield Broken("BR-FREXT-05", line, kind_told(kinds))
    if parent:
        if not any(kinds):
            yield Broken("BR-FREXT-06", line, above_told(above))
        if not facts.hierarchy.has_above(numbers, [parent]):
            yield Broken("BR-FREXT-11", line, above_told(above))
    amounts = path(f"{_SETTLEMENT}/{_NET}")(line)
    if "GROUP" not in kinds or not amounts:
        return
    below = [(one, facts.kinds[one]) for one in facts.hierarchy.below(numbers)]
    parts = inside([one for one, inner in below if "DETAIL" in inner or "GROUP" in inner], f"{_SETTLEMENT}/{_NET}")
    try:
        made = double_round(double_sum(parts) * 100) / 100
        if not any(double(said(one)) == made for one in amounts):
            yield Broken("BR-FREXT-08", line, group_told(amounts, parts))
    except NotAsked:
        pass
    groups = [one for one, inner in below if "GROUP" in inner]
    stating = len(inside(groups, f"{_SETTLEMENT}/{_NET}"))
    if len(groups) != stating:
        yield Broken("BR-FREXT-12", line, f"It has {len(groups)} groups below it, and they have {stating} net amounts.")


def _sum(amounts: Elements) -> Decimal:
    return round_half_up(total(decimal(said(one)) for one in amounts), 2)


def _totals(facts: _Facts) -> Found:
    for totals in facts.anywhere("ram:SpecifiedTradeSettlementHeaderMonetarySummation"):
        settlement = totals.getparent()
        trade = None if settlement is None else settlement.getparent()
        if settlement is None or trade is None:
            continue
        for rule, figures_of in _SUMS.items():
            try:
                figures = figures_of(totals, settlement, trade, facts)
            except NotAsked:
                continue
            if figures:
                yield Broken(rule, totals, figures)


Figures = Callable[[Element, Element, Element, _Facts], str]
"""The figures of totals that are not as they must be; "" where they are."""


def _beside(settlement: Element, sign: str) -> int:
    """How many allowances, or charges and fees, stand beside the totals."""
    charges = path("ram:SpecifiedTradeAllowanceCharge")(settlement)
    fees = path("ram:SpecifiedLogisticsServiceCharge")(settlement) if sign == "true" else []
    return sum(sign in texts(one, _SIGN) for one in charges) + len(fees)


def _parts(settlement: Element, trade: Element, facts: _Facts) -> int:
    """How many lines, allowances, charges and fees there are."""
    return len(facts.counted(trade)) + _beside(settlement, "false") + _beside(settlement, "true")


def _line_amounts(trade: Element, facts: _Facts) -> Elements:
    return inside(facts.counted(trade), f"{_SETTLEMENT}/{_NET}")


def _amounts(facts: _Facts, sign: str) -> tuple[Elements, Elements]:
    """The amounts of the allowances, or of the charges, and of the fees with those."""
    fees = inside(facts.at(_FEES), "ram:AppliedAmount") if sign == "true" else []
    return inside(facts.charged(sign), "ram:ActualAmount"), fees


def _made(parts: Sequence[Elements]) -> Decimal:
    return total(map(_sum, parts))


def _co_10(totals: Element, _: Element, trade: Element, facts: _Facts) -> str:
    found = stated(totals, "ram:LineTotalAmount")
    number = len(path("ram:IncludedSupplyChainTradeLineItem")(trade))
    amounts = _line_amounts(trade, facts)
    if found is not None and abs(found - _sum(amounts)) <= CENT * number:
        return ""
    return f"{told('BT-106', found)}; the lines (BT-131) make {written(amounts)}{apart(number)}."


def _of_charges(term: str, steps: str, sign: str, words: str) -> Figures:
    def figures(totals: Element, settlement: Element, _: Element, facts: _Facts) -> str:
        found, parts, count = stated(totals, steps), _amounts(facts, sign), _beside(settlement, sign)
        if (not facts.charged(sign)) if found is None else abs(found - _made(parts)) <= CENT * count:
            return ""
        return f"{told(term, found)}; the {words} make {written([*parts[0], *parts[1]])}{apart(count)}."

    return figures


def _co_13(totals: Element, settlement: Element, trade: Element, facts: _Facts) -> str:
    found = stated(totals, "ram:TaxBasisTotalAmount")
    if found is None:
        return "BT-109 is missing."
    lines, allowances, charges = _line_amounts(trade, facts), _amounts(facts, "false"), _amounts(facts, "true")
    distance, count = found - _sum(lines) + _made(allowances) - _made(charges), _parts(settlement, trade, facts)
    if abs(distance) <= CENT * count:
        return ""
    return f"{told('BT-109', found)}; {made_of(lines, [*charges[0], *charges[1]], allowances[0])}{apart(count)}."


def _co_15(totals: Element, settlement: Element, trade: Element, facts: _Facts) -> str:
    net, gross = stated(totals, "ram:TaxBasisTotalAmount"), stated(totals, "ram:GrandTotalAmount")
    currencies = texts(settlement, "ram:InvoiceCurrencyCode")
    for currency in currencies:
        taxes = [one for one in path("ram:TaxTotalAmount")(totals) if one.get("currencyID") == currency]
        if net is None or gross is None or not taxes:
            vat = "there is a total VAT amount" if taxes else "there is no total VAT amount (BT-110)"
            return f"{told('BT-112', gross)}; {told('BT-109', net)}; {vat} in {currency}."
        tax, count = decimal(said(taxes[0])), _parts(settlement, trade, facts)
        near = abs(gross - tax - net) <= CENT * count
        if not (near if len(taxes) == 1 else net == gross):
            return f"{told('BT-112', gross)}; BT-109 + BT-110 makes {written_sum([net, tax])}{apart(count)}."
    return "" if currencies else "The currency of the invoice (BT-5) is missing."


_SUMS: Final[dict[str, Figures]] = {
    "BR-FREXT-CO-10": _co_10,
    "BR-FREXT-CO-11": _of_charges("BT-107", "ram:AllowanceTotalAmount", "false", "document allowances (BT-92)"),
    "BR-FREXT-CO-12": _of_charges("BT-108", "ram:ChargeTotalAmount", "true", "document charges (BT-99) and fees"),
    "BR-FREXT-CO-13": _co_13,
    "BR-FREXT-CO-15": _co_15,
}


def _decimals(tax: Element, step: str) -> int:
    return max([len(text.partition(".")[2]) for text in texts(tax, step)], default=0)


def _taxes(facts: _Facts) -> Found:
    for tax in facts.anywhere("ram:ApplicableTradeTax", "ram:ApplicableHeaderTradeSettlement"):
        codes_of_vat = _codes([tax]) if _is_vat(tax) else set()
        own = [family for family in FAMILIES if family.code in codes_of_vat]
        if own:
            yield from _base(own[0].id, own[0].code, tax, facts)
            continue
        rated = path("ram:RateApplicablePercent")(tax) or "O" in texts(tax, _CODE)
        for rule, kept in (
            ("BR-45", bool(path("ram:BasisAmount")(tax))),
            ("BR-46", bool(path("ram:CalculatedAmount")(tax))),
            ("BR-48", _is_vat(tax) and bool(rated)),
            ("BR-DEC-19", _decimals(tax, "ram:BasisAmount") <= 2),
            ("BR-DEC-20", _decimals(tax, "ram:CalculatedAmount") <= 2),
            ("BR-CO-03", not (facts.anywhere("ram:TaxPointDate") and facts.anywhere("ram:DueDateTypeCode"))),
        ):
            if not kept:
                yield Broken(rule, tax)


def _base(family: str, code: str, tax: Element, facts: _Facts) -> Found:
    try:
        uses = [_Uses(code, tax, facts, reasons) for reasons in (True, False)]
        base = stated(tax, "ram:BasisAmount")
        kept = [base is not None and abs(base - one.made) <= CENT * one.count for one in uses]
        figures = [f"{told('BT-116', base)}; {one.written()}{apart(one.count)}." for one in uses if not all(kept)]
        if not any(kept):
            yield Broken(f"BR-FXEXT-{family}-08", tax, figures[1])
        for place, end in enumerate(("rev", "ini")):
            if not kept[place]:
                yield Broken(f"BR-FXEXT-{family}-08{end}", tax, figures[place])
        if family == "S":
            rate, vat, count = uses[0].rate, stated(tax, "ram:CalculatedAmount"), max(use.count for use in uses)
            if base is None or rate is None or vat is None or not _fits(vat, base, rate, count):
                yield Broken("BR-FXEXT-S-09", tax, tax_told(vat, base, rate, count))
    except NotAsked:
        return


def _fits(vat: Decimal, base: Decimal, rate: Decimal, count: int) -> bool:
    return abs(vat - round_half_up(percent_of(base, rate), 2)) <= multiply(CENT, Decimal(count))


class _Uses:
    """Lines, allowances, charges and fees that a breakdown is of: by category and rate, and by exemption reason if
    asked; what they make, and how many they are."""

    def __init__(self, code: str, tax: Element, facts: _Facts, reasons: bool) -> None:
        self.code = code
        self.rate = stated(tax, "ram:RateApplicablePercent")
        self.reasons = _reasons([tax]) if reasons else None
        self._known: dict[_Tax, bool] = {}
        lines, charges, fees = map(self._alike, (facts.taxed_lines, facts.taxed_charges, facts.taxed_fees))
        allowances, others = (
            [one for one in charges if any(boolean(text) is sign for text in texts(one, _SIGN))]
            for sign in (False, True)
        )
        self.lines, self.allowances = inside(lines, _NET), inside(allowances, "ram:ActualAmount")
        self.charges, self.fees = inside(others, "ram:ActualAmount"), inside(fees, "ram:AppliedAmount")
        self.made = _sum(self.lines) - _sum(self.allowances) + _sum(self.charges) + _sum(self.fees)
        self.count = len(lines) + len(charges) + len(fees)

    def _alike(self, taxed: list[tuple[_Tax, Element]]) -> Elements:
        """Those whose VAT is that of the breakdown. Many lines say the same."""
        for tax, _ in taxed:
            if tax not in self._known:
                self._known[tax] = self._is_alike(tax)
        return [one for tax, one in taxed if self._known[tax]]

    def _is_alike(self, tax: _Tax) -> bool:
        if self.code not in tax.codes:
            return False
        if self.code != "O" and (self.rate is None or self.rate not in [decimal(rate) for rate in tax.rates]):
            return False
        return self.reasons is None or tax.reasons == self.reasons

    def written(self) -> str:
        """What they make, in figures."""
        return made_of(self.lines, [*self.charges, *self.fees], self.allowances)


def _reasons(taxes: Elements) -> tuple[str, str]:
    code = "".join([text for tax in taxes for text in texts(tax, "ram:ExemptionReasonCode")])
    return normalized(code), normalized("".join([one for tax in taxes for one in texts(tax, "ram:ExemptionReason")]))


_LINE: Final = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_RATE: Final = frozenset(("SourceCurrencyCode", "TargetCurrencyCode", "ConversionRate", "ConversionRateDateTime"))
_DATED: Final = ("Invoice", "Contract", "BuyerOrder", "DespatchAdvice")


def _short(agreement: Element) -> bool:
    """Whether delivery terms say no more than their code and the name of the place."""
    place = tag_of_step("ram:RelevantTradeLocation")
    taken = (tag_of_step("ram:DeliveryTypeCode"), place)
    return all(
        child.tag in taken and (child.tag != place or all(inside.tag == tag_of_step("ram:Name") for inside in child))
        for terms in path("ram:ApplicableTradeDeliveryTerms")(agreement)
        for child in terms
    )


def _structure(facts: _Facts) -> Found:
    for one in facts.at(f"{_LINE}/ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic"):
        for rule, step in (("CII-FREXT-SR-069", "ram:Description"), ("CII-FREXT-SR-072", "ram:Value")):
            if len(path(step)(one)) > 1:
                yield Broken(rule, one)
    for agreement in facts.at(f"{_LINE}/ram:SpecifiedLineTradeAgreement"):
        if not _short(agreement):
            yield Broken("CII-FREXT-SR-106", agreement)
        if len(path("ram:NetPriceProductTradePrice/ram:ChargeAmount")(agreement)) > 1:
            yield Broken("CII-FREXT-SR-439", agreement)
    for settlement in facts.at(f"{_LINE}/{_SETTLEMENT}"):
        if len(path("ram:ApplicableTradeTax")(settlement)) > 1:
            yield Broken("CII-SR-454", settlement)
    for agreement in facts.at(f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"):
        if not _short(agreement):
            yield Broken("CII-FREXT-SR-293", agreement)
    for settlement in facts.at(_HEADER):
        rates = path("ram:TaxApplicableTradeCurrencyExchange")(settlement)
        if not _RATE.issuperset([tag_of(child).rpartition("}")[2] for rate in rates for child in rate]):
            yield Broken("CII-FREXT-SR-366", settlement)
    for document in facts.root.iter(tag_of_step("ram:") + "*"):
        kind = tag_of(document).rpartition("}")[2]
        if kind.endswith("ReferencedDocument"):
            yield from (
                Broken(rule, document) for rule in _reference(document, kind.removesuffix("ReferencedDocument"))
            )


def _reference(document: Element, kind: str) -> Iterator[str]:
    types = texts(document, "ram:TypeCode")
    additional = kind == "Additional"
    if types and kind != "Invoice" and not (additional and not {"50", "130", "916"}.isdisjoint(types)):
        yield "CII-EXT-DT-018"
    if path("ram:ReferenceTypeCode")(document) and kind != "Contract" and not (additional and "130" in types):
        yield "CII-FREXT-DT-024"
    if path("ram:FormattedIssueDateTime")(document) and kind not in _DATED:
        yield "CII-FREXTDT-027"


def _lists(facts: _Facts) -> Found:
    for one in facts.anywhere("ram:GlobalID"):
        outside = {tag_of_step("ram:SpecifiedTradeProduct"), tag_of_step("ram:ShipToTradeParty")}
        scheme = one.get("schemeID")
        if scheme is None or normalized(scheme) in SCHEMES:
            continue
        if outside.isdisjoint([around.tag for around in one.iterancestors()]):
            yield Broken("BR-FREXT-CL-10", one, values={_scheme_term(one): scheme})
    for charge in facts.anywhere("ram:AppliedTradeAllowanceCharge", "ram:GrossPriceProductTradePrice"):
        if any(boolean(text) is False for text in texts(charge, _SIGN)):
            for code in path("ram:ReasonCode")(charge):
                if normalized(said(code)) not in codes("untdid_5189"):
                    yield Broken("BR-FREXT-CL-19-GP", code, values={"reason code": said(code)})
    for charge in facts.anywhere("ram:SpecifiedTradeAllowanceCharge"):
        if any(boolean(text) is True for text in texts(charge, _SIGN)):
            for code in path("ram:ReasonCode")(charge):
                yield from charge_reason(code)
        yield from _without_reason(charge)
    for document in facts.anywhere("ram:AttachmentBinaryObject"):
        if document.get("mimeCode") is not None and document.get("mimeCode") not in MIME:
            yield Broken("BR-FREXT-CL-24", document, values={"BT-125-1": document.get("mimeCode", "")})
    for code in facts.anywhere("ram:DeliveryTypeCode", "ram:ApplicableTradeDeliveryTerms"):
        if normalized(said(code)) not in INCOTERMS:
            yield Broken("BR-FREXT-CL-27", code, values={"delivery terms": said(code)})
    for one in facts.anywhere("ram:ApplicableProductCharacteristic"):
        if not path("ram:Description")(one) and not path("ram:TypeCode")(one):
            yield Broken("BR-FREXT-54-1", one)
        measures = path("ram:ValueMeasure")(one)
        kept = not measures if path("ram:Value")(one) else any(measure.get("unitCode") for measure in measures)
        if not kept:
            yield Broken("BR-FREXT-54-2", one)
        for code in path("ram:TypeCode")(one):
            if normalized(said(code)) not in ATTRIBUTES:
                yield Broken("BR-FXEXT-04", code, values={"BT-160": said(code)})


_SCHEME_TERMS = {
    tag_of_step("ram:SellerTradeParty"): "BT-29-1",
    tag_of_step("ram:BuyerTradeParty"): "BT-46-1",
    tag_of_step("ram:PayeeTradeParty"): "BT-60-1",
}


def _scheme_term(identifier: Element) -> str:
    """What the scheme of an identifier is called, by the party that has it."""
    return next((found for one in identifier.iterancestors() if (found := _SCHEME_TERMS.get(tag_of(one)))), "scheme")


def _without_reason(charge: Element) -> Found:
    rule = ""
    if _is_in(charge, "ram:ApplicableHeaderTradeSettlement"):
        rule = "BR-FREXT-BR-38"
    elif _is_in(charge, _SETTLEMENT):
        rule = "BR-FREXT-BR-44"
    if rule and not path("ram:Reason")(charge) and not path("ram:ReasonCode")(charge):
        for sign in path("ram:ChargeIndicator")(charge):
            if "true" in texts(sign, "udt:Indicator"):
                yield Broken(rule, sign)
