"""CII: the rules of the profile beside those of EN 16931."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from billingua.codelists import codes
from billingua.engine.failure import Failure
from billingua.engine.lazy import lazy
from billingua.engine.locate import Element, Located
from billingua.engine.numbers import multiply, percent_of, round_half_up, total
from billingua.engine.rule import NotAsked
from billingua.engine.values import boolean, decimal, double, double_round, double_sum, normalized
from billingua.engine.xml import tag_of
from billingua.rules.elements import Elements, path, said, tag_of_step, texts
from billingua.rules.fr_extended_ctc.listed import ATTRIBUTES, INCOTERMS, MIME, SCHEMES, charge_reason
from billingua.rules.vat import FAMILIES

__all__ = ["sweep"]

_CENT: Final = Decimal("0.01")
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

Found = Iterator[tuple[str, Element]]


def _counts(line: Element) -> bool:
    """Whether a line is one whose amount counts."""
    kinds = texts(line, _KIND)
    return not kinds or "DETAIL" in kinds


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
    def counted(self) -> Elements:
        """The lines whose amounts count."""
        return [line for line in self.at(f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem") if _counts(line)]

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
        for rule, element in rules(facts):
            yield Failure(rule, element, at=element, values={})


def _document(facts: _Facts) -> Found:
    if not facts.known:
        return
    settlements = [
        one for one in facts.anywhere(_SETTLEMENT) if (line := one.getparent()) is not None and _counts(line)
    ]
    used = [*_inside(settlements, "ram:ApplicableTradeTax"), *facts.anywhere("ram:CategoryTradeTax")]
    stated = facts.anywhere("ram:ApplicableTradeTax", "ram:ApplicableHeaderTradeSettlement")
    for family in FAMILIES:
        if _has_code(family.code, stated) is not _has_code(family.code, used):
            yield f"BR-FREXT-{family.id}-01", facts.root
    due = facts.anywhere("ram:DuePayableAmount")
    try:
        if due and decimal(said(due[0])) > 0:
            terms = facts.anywhere("ram:SpecifiedTradePaymentTerms")
            if not any(path("ram:DueDateDateTime")(one) or path("ram:Description")(one) for one in terms):
                yield "BR-CO-25", facts.root
    except NotAsked:
        return


def _has_code(code: str, taxes: Elements) -> bool:
    return any(code in texts(tax, _CODE) for tax in taxes)


def _inside(elements: Elements, steps: str) -> Elements:
    return [found for one in elements for found in path(steps)(one)]


def _is_vat(tax: Element) -> bool:
    return any(text.upper() == "VAT" for text in texts(tax, "ram:TypeCode"))


_QUANTITY = "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
_PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
_KINDS = ("DETAIL", "GROUP", "INFORMATION")


def _lines(facts: _Facts) -> Found:
    everywhere = facts.anywhere("ram:IncludedSupplyChainTradeLineItem")
    in_place = facts.at(f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem")
    for line in everywhere:
        for place in path(_PLACE)(line):
            kinds = texts(place, "ram:LineStatusReasonCode")
            if not kinds or "DETAIL" in kinds:
                yield from ((rule, place) for rule in _missing(line))
        yield from ((rule, line) for rule in _placed(line, in_place))


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


def _placed(line: Element, lines: Elements) -> Iterator[str]:
    """The rules about lines below others."""
    kinds = texts(line, _KIND)
    numbers = texts(line, f"{_PLACE}/ram:LineID")
    parent = normalized("".join(texts(line, f"{_PLACE}/ram:ParentLineID")))
    if kinds and kinds[0] not in _KINDS:
        yield "BR-FREXT-05"
    if parent:
        if not any(kinds):
            yield "BR-FREXT-06"
        others = [texts(one, f"{_PLACE}/ram:LineID") for one in lines]
        if not any(parent in ids and any(a != b for a in ids for b in numbers) for ids in others):
            yield "BR-FREXT-11"
    amounts = path(f"{_SETTLEMENT}/{_NET}")(line)
    if "GROUP" not in kinds or not amounts:
        return
    below = [one for one in lines if not set(numbers).isdisjoint(texts(one, f"{_PLACE}/ram:ParentLineID"))]
    parts = [one for one in below if not {"DETAIL", "GROUP"}.isdisjoint(texts(one, _KIND))]
    try:
        made = double_round(double_sum(_inside(parts, f"{_SETTLEMENT}/{_NET}")) * 100) / 100
        if not any(double(said(one)) == made for one in amounts):
            yield "BR-FREXT-08"
    except NotAsked:
        pass
    inner = [one for one in below if "GROUP" in texts(one, _KIND)]
    if len(inner) != len(_inside(inner, f"{_SETTLEMENT}/{_NET}")):
        yield "BR-FREXT-12"


def _sum(amounts: Elements) -> Decimal:
    return round_half_up(total(decimal(said(one)) for one in amounts), 2)


def _stated(around: Element, steps: str) -> Decimal | None:
    found = path(steps)(around)
    return decimal(said(found[0])) if found else None


def _totals(facts: _Facts) -> Found:
    for totals in facts.anywhere("ram:SpecifiedTradeSettlementHeaderMonetarySummation"):
        settlement = totals.getparent()
        trade = None if settlement is None else settlement.getparent()
        if settlement is None or trade is None:
            continue
        for rule, kept in _SUMS.items():
            try:
                if not kept(totals, settlement, trade, facts):
                    yield rule, totals
            except NotAsked:
                continue


Kept = Callable[[Element, Element, Element, _Facts], bool]


def _beside(settlement: Element, sign: str) -> int:
    """How many allowances, or charges and fees, stand beside the totals."""
    charges = path("ram:SpecifiedTradeAllowanceCharge")(settlement)
    fees = path("ram:SpecifiedLogisticsServiceCharge")(settlement) if sign == "true" else []
    return sum(sign in texts(one, _SIGN) for one in charges) + len(fees)


def _parts(settlement: Element, trade: Element) -> int:
    lines = [line for line in path("ram:IncludedSupplyChainTradeLineItem")(trade) if _counts(line)]
    return len(lines) + _beside(settlement, "false") + _beside(settlement, "true")


def _made_lines(trade: Element) -> Decimal:
    lines = [line for line in path("ram:IncludedSupplyChainTradeLineItem")(trade) if _counts(line)]
    return _sum(_inside(lines, f"{_SETTLEMENT}/{_NET}"))


def _made(facts: _Facts, sign: str) -> Decimal:
    made = _sum(_inside(facts.charged(sign), "ram:ActualAmount"))
    return total((made, _sum(_inside(facts.at(_FEES), "ram:AppliedAmount")))) if sign == "true" else made


def _co_10(totals: Element, _: Element, trade: Element, __: _Facts) -> bool:
    stated = _stated(totals, "ram:LineTotalAmount")
    number = len(path("ram:IncludedSupplyChainTradeLineItem")(trade))
    return stated is not None and abs(stated - _made_lines(trade)) <= _CENT * number


def _of_charges(term: str, sign: str) -> Kept:
    def kept(totals: Element, settlement: Element, _: Element, facts: _Facts) -> bool:
        stated = _stated(totals, term)
        if stated is None:
            return not facts.charged(sign)
        return abs(stated - _made(facts, sign)) <= _CENT * _beside(settlement, sign)

    return kept


def _co_13(totals: Element, settlement: Element, trade: Element, facts: _Facts) -> bool:
    stated = _stated(totals, "ram:TaxBasisTotalAmount")
    if stated is None:
        return False
    apart = stated - _made_lines(trade) + _made(facts, "false") - _made(facts, "true")
    return abs(apart) <= _CENT * _parts(settlement, trade)


def _co_15(totals: Element, settlement: Element, trade: Element, _: _Facts) -> bool:
    net, gross = _stated(totals, "ram:TaxBasisTotalAmount"), _stated(totals, "ram:GrandTotalAmount")
    for currency in texts(settlement, "ram:InvoiceCurrencyCode"):
        taxes = [one for one in path("ram:TaxTotalAmount")(totals) if one.get("currencyID") == currency]
        if net is None or gross is None or not taxes:
            return False
        near = abs(gross - decimal(said(taxes[0])) - net) <= _CENT * _parts(settlement, trade)
        if not (near if len(taxes) == 1 else net == gross):
            return False
    return bool(path("ram:InvoiceCurrencyCode")(settlement))


_SUMS: Final[dict[str, Kept]] = {
    "BR-FREXT-CO-10": _co_10,
    "BR-FREXT-CO-11": _of_charges("ram:AllowanceTotalAmount", "false"),
    "BR-FREXT-CO-12": _of_charges("ram:ChargeTotalAmount", "true"),
    "BR-FREXT-CO-13": _co_13,
    "BR-FREXT-CO-15": _co_15,
}


def _decimals(tax: Element, step: str) -> int:
    return max([len(text.partition(".")[2]) for text in texts(tax, step)], default=0)


def _taxes(facts: _Facts) -> Found:
    for tax in facts.anywhere("ram:ApplicableTradeTax", "ram:ApplicableHeaderTradeSettlement"):
        own = [family for family in FAMILIES if _is_vat(tax) and _has_code(family.code, [tax])]
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
                yield rule, tax


def _base(family: str, code: str, tax: Element, facts: _Facts) -> Found:
    try:
        uses = [_Uses(code, tax, facts, reasons) for reasons in (True, False)]
        base = _stated(tax, "ram:BasisAmount")
        kept = [base is not None and abs(base - one.made) <= _CENT * one.count for one in uses]
        if not any(kept):
            yield f"BR-FXEXT-{family}-08", tax
        for end, one in zip(("rev", "ini"), kept, strict=True):
            if not one:
                yield f"BR-FXEXT-{family}-08{end}", tax
        if family == "S":
            rate, vat = uses[0].rate, _stated(tax, "ram:CalculatedAmount")
            if base is None or rate is None or vat is None:
                yield "BR-FXEXT-S-09", tax
            else:
                apart = abs(vat - round_half_up(percent_of(base, rate), 2))
                if apart > multiply(_CENT, Decimal(max(use.count for use in uses))):
                    yield "BR-FXEXT-S-09", tax
    except NotAsked:
        return


class _Uses:
    """Lines, allowances, charges and fees that a breakdown is of: by category and rate, and by exemption reason if
    asked; what they make, and how many they are."""

    def __init__(self, code: str, tax: Element, facts: _Facts, reasons: bool) -> None:
        self.code = code
        self.rate = _stated(tax, "ram:RateApplicablePercent")
        self.reasons = _reasons([tax]) if reasons else None
        lines = [one for line in facts.counted for one in path(_SETTLEMENT)(line) if self._alike(one, "Applicable")]
        charges = [one for one in facts.at(_CHARGES) if self._alike(one, "Category")]
        fees = [one for one in facts.at(_FEES) if self._alike(one, "Applied")]
        signed = {
            sign: [one for one in charges if any(boolean(text) is sign for text in texts(one, _SIGN))]
            for sign in (False, True)
        }
        self.made = (
            _sum(_inside(lines, _NET))
            - _sum(_inside(signed[False], "ram:ActualAmount"))
            + _sum(_inside(signed[True], "ram:ActualAmount"))
            + _sum(_inside(fees, "ram:AppliedAmount"))
        )
        self.count = len(lines) + len(charges) + len(fees)

    def _alike(self, element: Element, kind: str) -> bool:
        taxes = path(f"ram:{kind}TradeTax")(element)
        if not _has_code(self.code, taxes):
            return False
        if self.code != "O":
            rates = texts(element, f"ram:{kind}TradeTax/ram:RateApplicablePercent")
            if self.rate is None or self.rate not in [decimal(rate) for rate in rates]:
                return False
        return self.reasons is None or _reasons(taxes) == self.reasons


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
                yield rule, one
    for agreement in facts.at(f"{_LINE}/ram:SpecifiedLineTradeAgreement"):
        if not _short(agreement):
            yield "CII-FREXT-SR-106", agreement
        if len(path("ram:NetPriceProductTradePrice/ram:ChargeAmount")(agreement)) > 1:
            yield "CII-FREXT-SR-439", agreement
    for settlement in facts.at(f"{_LINE}/{_SETTLEMENT}"):
        if len(path("ram:ApplicableTradeTax")(settlement)) > 1:
            yield "CII-SR-454", settlement
    for agreement in facts.at(f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"):
        if not _short(agreement):
            yield "CII-FREXT-SR-293", agreement
    for settlement in facts.at(_HEADER):
        rates = path("ram:TaxApplicableTradeCurrencyExchange")(settlement)
        if not _RATE.issuperset([tag_of(child).rpartition("}")[2] for rate in rates for child in rate]):
            yield "CII-FREXT-SR-366", settlement
    for document in facts.root.iter(tag_of_step("ram:") + "*"):
        kind = tag_of(document).rpartition("}")[2]
        if kind.endswith("ReferencedDocument"):
            yield from ((rule, document) for rule in _reference(document, kind.removesuffix("ReferencedDocument")))


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
            yield "BR-FREXT-CL-10", one
    for charge in facts.anywhere("ram:AppliedTradeAllowanceCharge", "ram:GrossPriceProductTradePrice"):
        if any(boolean(text) is False for text in texts(charge, _SIGN)):
            for code in path("ram:ReasonCode")(charge):
                if normalized(said(code)) not in codes("untdid_5189"):
                    yield "BR-FREXT-CL-19-GP", code
    for charge in facts.anywhere("ram:SpecifiedTradeAllowanceCharge"):
        if any(boolean(text) is True for text in texts(charge, _SIGN)):
            for code in path("ram:ReasonCode")(charge):
                yield from charge_reason(code)
        yield from _without_reason(charge)
    for document in facts.anywhere("ram:AttachmentBinaryObject"):
        if document.get("mimeCode") is not None and document.get("mimeCode") not in MIME:
            yield "BR-FREXT-CL-24", document
    for code in facts.anywhere("ram:DeliveryTypeCode", "ram:ApplicableTradeDeliveryTerms"):
        if normalized(said(code)) not in INCOTERMS:
            yield "BR-FREXT-CL-27", code
    for one in facts.anywhere("ram:ApplicableProductCharacteristic"):
        if not path("ram:Description")(one) and not path("ram:TypeCode")(one):
            yield "BR-FREXT-54-1", one
        measures = path("ram:ValueMeasure")(one)
        kept = not measures if path("ram:Value")(one) else any(measure.get("unitCode") for measure in measures)
        if not kept:
            yield "BR-FREXT-54-2", one
        for code in path("ram:TypeCode")(one):
            if normalized(said(code)) not in ATTRIBUTES:
                yield "BR-FXEXT-04", code


def _without_reason(charge: Element) -> Found:
    rule = ""
    if _is_in(charge, "ram:ApplicableHeaderTradeSettlement"):
        rule = "BR-FREXT-BR-38"
    elif _is_in(charge, _SETTLEMENT):
        rule = "BR-FREXT-BR-44"
    if rule and not path("ram:Reason")(charge) and not path("ram:ReasonCode")(charge):
        for sign in path("ram:ChargeIndicator")(charge):
            if "true" in texts(sign, "udt:Indicator"):
                yield rule, sign
