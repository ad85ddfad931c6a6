"""CII: the rules that ask more than one thing of one element."""

from collections.abc import Iterator
from typing import Final

from billingua.engine.locate import Element
from billingua.engine.values import normalized
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, path, said, texts, with_scheme
from billingua.rules.fr_flux2.checks import (
    ATTACHMENTS,
    BAR,
    CATEGORIES,
    FRAMEWORKS,
    MARGIN,
    NINE_DIGITS,
    OF_CREDIT,
    OF_PREPAYMENT,
    PAID,
    RATES,
    SELF_BILLED,
    price,
    signed_price,
)
from billingua.rules.fr_flux2.common import (
    Kept,
    at,
    br_fr_co_03,
    br_fr_co_08,
    br_fr_co_09_1,
    br_fr_co_09_2,
    br_fr_co_12,
    first,
    is_paid,
    root,
    single_taxable_person,
    terms_of_group,
)
from billingua.rules.fr_flux2.facts import Facts
from billingua.rules.fr_flux2.lines import Line, Link, Paper, group_rules, top_groups

__all__ = ["ASKS", "sweep"]

_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_SETTLEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeSettlement"
_SUMS = f"{_SETTLEMENT}/ram:SpecifiedTradeSettlementHeaderMonetarySummation"
_LINE = f"{_TRADE}/ram:IncludedSupplyChainTradeLineItem"
_SELLER = f"{_AGREEMENT}/ram:SellerTradeParty"
_BUYER = f"{_AGREEMENT}/ram:BuyerTradeParty"
_MEMBERS = f"{_SELLER}/ram:GlobalID"
_CURRENCY = f"{_SETTLEMENT}/ram:InvoiceCurrencyCode"
_ACCOUNTING = f"{_SETTLEMENT}/ram:TaxCurrencyCode"
_LEGAL = "ram:SpecifiedLegalOrganization/ram:ID"
_ADDRESS = "ram:URIUniversalCommunication/ram:URIID"
_DUE = f"{_SETTLEMENT}/ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime/udt:DateTimeString"
_KIND = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
_PERIOD = f"{_SETTLEMENT}/ram:BillingSpecifiedPeriod"
_REFERENCES = "ram:InvoiceReferencedDocument"
_DATE = "ram:FormattedIssueDateTime/qdt:DateTimeString"
_NET_PRICE = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice"
_GROSS_PRICE = "ram:SpecifiedLineTradeAgreement/ram:GrossPriceProductTradePrice"

_document = at("rsm:ExchangedDocument")
_NOTES = path("ram:IncludedNote")


def _notes(document: Element, subject: str) -> Elements:
    return [note for note in _NOTES(document) if subject in texts(note, "ram:SubjectCode")]


def _with_note(subject: str) -> Kept:
    return lambda document, _: bool(_notes(document, subject))


def _at_most_one(subject: str) -> Kept:
    return lambda document, _: len(_notes(document, subject)) <= 1


def _all_notes(facts: Facts, subject: str) -> list[str]:
    return [text for document in _document(facts) for note in _notes(document, subject) for text in _contents(note)]


def _contents(note: Element) -> list[str]:
    return texts(note, "ram:Content")


def _between_businesses(facts: Facts) -> bool:
    return "B2B" in _all_notes(facts, "BAR")


def br_fr_08(context: Element, _: Facts) -> bool:
    return any(
        one in FRAMEWORKS for one in texts(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID")
    )


def br_fr_10(_: Element, facts: Facts) -> bool:
    sirens = with_scheme(facts.at(f"{_SELLER}/{_LEGAL}"), "0002")
    return bool(sirens) and NINE_DIGITS.fullmatch(normalized(said(sirens[0]))) is not None


def br_fr_11(_: Element, facts: Facts) -> bool:
    if not _between_businesses(facts):
        return True
    sirens = with_scheme(facts.at(f"{_BUYER}/{_LEGAL}"), "0002")
    return bool(sirens) and NINE_DIGITS.fullmatch(said(sirens[0])) is not None


def _has_address(party: str) -> Kept:
    return lambda _, facts: first(facts.texts(f"{party}/{_ADDRESS}")) != ""


def _french_category(tax: Element, _: Facts) -> bool:
    return any(code in CATEGORIES for code in texts(tax, "ram:CategoryCode"))


def _no_margin(tax: Element, _: Facts) -> bool:
    return MARGIN.isdisjoint(texts(tax, "ram:CategoryCode"))


def _line_category(tax: Element, facts: Facts) -> bool:
    if _french_category(tax, facts):
        return True
    line = tax.getparent()
    line = None if line is None else line.getparent()
    if line is None or path("ram:CategoryCode")(tax):
        return False
    return any(kind in ("GROUP", "INFORMATION") for kind in texts(line, _KIND))


def _french_rate(tax: Element, _: Facts) -> bool:
    rate = first(texts(tax, "ram:RateApplicablePercent"))
    return not rate or rate in RATES


def _supporting(facts: Facts) -> Elements:
    documents = facts.at(f"{_AGREEMENT}/ram:AdditionalReferencedDocument")
    return [one for one in documents if "916" in texts(one, "ram:TypeCode")]


def br_fr_17(document: Element, _: Facts) -> bool:
    kind = normalized(first(texts(document, "ram:Name")))
    return not kind or kind in ATTACHMENTS


def br_fr_18(_: Element, facts: Facts) -> bool:
    documents = facts.at(f"{_AGREEMENT}/ram:AdditionalReferencedDocument")
    return sum("LISIBLE" in texts(one, "ram:Name") for one in documents) <= 1


def _treatments(facts: Facts) -> Elements:
    return [note for document in _document(facts) for note in _notes(document, "BAR")]


def br_fr_20(note: Element, _: Facts) -> bool:
    return any(text in BAR for text in _contents(note))


def br_fr_31(document: Element, _: Facts) -> bool:
    return sum(any(normalized(text) in BAR for text in _contents(note)) for note in _notes(document, "BAR")) <= 1


def _own_address(party: str, self_billed: bool) -> Kept:
    def kept(_: Element, facts: Facts) -> bool:
        if not _between_businesses(facts) or SELF_BILLED.isdisjoint(facts.types) is self_billed:
            return True
        addresses = facts.at(f"{party}/{_ADDRESS}")
        siren = first(facts.texts(f"{party}/{_LEGAL}"))
        address = said(addresses[0]) if addresses else ""
        return address.startswith(siren) and bool(with_scheme(addresses, "0225"))

    return kept


def br_fr_27(one: Element, _: Facts) -> bool:
    return bool(path("ram:Description")(one) or path("ram:TypeCode")(one))


def br_fr_28(one: Element, _: Facts) -> bool:
    measures = path("ram:ValueMeasure")(one)
    if path("ram:Value")(one):
        return not measures
    return any(measure.get("unitCode") for measure in measures)


def _objects_once(around: Element, _: Facts) -> bool:
    documents = path("ram:AdditionalReferencedDocument")(around)
    kinds = [set(texts(one, "ram:ReferenceTypeCode")) for one in documents]
    return all(sum(kind in one for one in kinds) <= 1 for kind in ("AFL", "AVV"))


def br_fr_co_04(_: Element, facts: Facts) -> bool:
    correcting = not {"384", "471", "472", "473"}.isdisjoint(facts.types)
    return not correcting or len(facts.at(f"{_SETTLEMENT}/{_REFERENCES}")) == 1


def _numbered_and_dated(reference: Element) -> bool:
    return bool(path("ram:IssuerAssignedID")(reference) and path(_DATE)(reference))


def br_fr_co_05(_: Element, facts: Facts) -> bool:
    if OF_CREDIT.isdisjoint(facts.types):
        return True
    if any(_numbered_and_dated(one) for one in facts.at(f"{_SETTLEMENT}/{_REFERENCES}")):
        return True
    of_line = path(f"ram:SpecifiedLineTradeSettlement/{_REFERENCES}")
    return all(
        any(_numbered_and_dated(one) for one in of_line(line))
        for line in facts.lines
        if not (kinds := texts(line, _KIND)) or "DETAIL" in kinds
    )


def br_fr_co_07(_: Element, facts: Facts) -> bool:
    due = facts.texts(_DUE)
    if not any(normalized(one) for one in due):
        return True
    if not OF_PREPAYMENT.isdisjoint(facts.types) or not PAID.isdisjoint(facts.frameworks):
        return True
    issued = facts.texts("rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString")
    return bool(issued) and all(one >= issued[0] for one in due)


def br_fr_co_09_3(_: Element, facts: Facts) -> bool:
    return not is_paid(facts) or any(normalized(one) for one in facts.texts(_DUE))


def br_fr_co_14(_: Element, facts: Facts) -> bool:
    return not single_taxable_person(facts, _MEMBERS) or "MEMBRE_ASSUJETTI_UNIQUE" in _all_notes(facts, "TXD")


def br_fr_co_15(_: Element, facts: Facts) -> bool:
    numbers = facts.at(f"{_AGREEMENT}/ram:SellerTaxRepresentativeTradeParty/ram:SpecifiedTaxRegistration/ram:ID")
    vat = with_scheme(numbers, "VA")
    return not single_taxable_person(facts, _MEMBERS) or (bool(vat) and said(vat[0]) != "")


def _price(amount: Element, facts: Facts) -> bool:
    text = normalized(said(amount))
    return signed_price(text) if facts.both_ways else price(text)


def br_fr_mv_01(kind: Element, facts: Facts) -> bool:
    return not facts.grouped or normalized(said(kind)) != ""


_TAXES: Final = (
    ("BT-95_BT-102", at(f"{_SETTLEMENT}/ram:SpecifiedTradeAllowanceCharge/ram:CategoryTradeTax"), _french_category),
    ("BT-95_BT-118", at(f"{_SETTLEMENT}/ram:ApplicableTradeTax"), _french_category),
    ("BT-95_BT-151", at(f"{_LINE}/ram:SpecifiedLineTradeSettlement/ram:ApplicableTradeTax"), _line_category),
)
_ITEM = f"{_LINE}/ram:SpecifiedTradeProduct/ram:ApplicableProductCharacteristic"

ASKS: Final = (
    *(Ask(f"BR-FR-05_BT-22_{one}", _document, _with_note(one)) for one in ("PMT", "PMD", "AAB")),
    *(Ask(f"BR-FR-06_BT-21_{one}", _document, _at_most_one(one)) for one in ("PMT", "PMD", "AAB", "TXD")),
    Ask("BR-FR-08_BT-23", at("rsm:ExchangedDocumentContext"), br_fr_08),
    Ask("BR-FR-10_BT-30", root, br_fr_10),
    Ask("BR-FR-11_BT-47", root, br_fr_11),
    Ask("BR-FR-12_BT-49", root, _has_address(_BUYER)),
    Ask("BR-FR-13_BT-34", root, _has_address(_SELLER)),
    *(Ask(f"BR-FR-15_{name}", where, kept) for name, where, kept in _TAXES),
    *(Ask(f"BR-FR-15_{name}_LM", where, _no_margin) for name, where, _ in _TAXES),
    Ask("BR-FR-16_BT-96_BT-103", _TAXES[0][1], _french_rate),
    Ask("BR-FR-16_BT-119", _TAXES[1][1], _french_rate),
    Ask("BR-FR-16_BT-152", _TAXES[2][1], _french_rate),
    Ask("BR-FR-17_BT-123", _supporting, br_fr_17),
    Ask("BR-FR-18_BT-123", root, br_fr_18),
    Ask("BR-FR-20_BT-21", _treatments, br_fr_20),
    Ask("BR-FR-21_BT-49", root, _own_address(_BUYER, self_billed=False)),
    Ask("BR-FR-22_BT-34", root, _own_address(_SELLER, self_billed=True)),
    Ask("BR-FR-27_BG-32", at(_ITEM), br_fr_27),
    Ask("BR-FR-28-Value", at(_ITEM), br_fr_28),
    Ask("BR-FR-29_BT-18", at(_AGREEMENT), _objects_once),
    Ask("BR-FR-30_BT-128", at(_LINE), _objects_once),
    Ask("BR-FR-31_BT-21", _document, br_fr_31),
    Ask(
        "BR-FR-CO-03_BT-3",
        root,
        br_fr_co_03(
            f"{_AGREEMENT}/ram:ContractReferencedDocument/ram:IssuerAssignedID",
            f"{_PERIOD}/ram:StartDateTime/udt:DateTimeString",
            f"{_PERIOD}/ram:EndDateTime/udt:DateTimeString",
        ),
    ),
    Ask("BR-FR-CO-04_BT-4", root, br_fr_co_04),
    Ask("BR-FR-CO-05_BT-3", root, br_fr_co_05),
    Ask("BR-FR-CO-07_BT-9", root, br_fr_co_07),
    Ask("BR-FR-CO-08_BT-23", root, br_fr_co_08),
    Ask("BR-FR-CO-09_BT-23-1", root, br_fr_co_09_1(f"{_SUMS}/ram:TotalPrepaidAmount", f"{_SUMS}/ram:GrandTotalAmount")),
    Ask("BR-FR-CO-09_BT-23-2", root, br_fr_co_09_2(f"{_SUMS}/ram:DuePayableAmount")),
    Ask("BR-FR-CO-09_BT-23-3", root, br_fr_co_09_3),
    Ask("BR-FR-CO-12_BT-5", root, br_fr_co_12(_CURRENCY, f"{_SUMS}/ram:TaxTotalAmount", _ACCOUNTING)),
    Ask("BR-FR-CO-14_BT-29-1", root, br_fr_co_14),
    Ask("BR-FR-CO-15_BT-29-1", root, br_fr_co_15),
    Ask("BR-FR-DEC-03_BT-146", at(f"{_LINE}/{_NET_PRICE}/ram:ChargeAmount"), _price),
    Ask(
        "BR-FR-DEC-03_BT-147",
        at(f"{_LINE}/{_GROSS_PRICE}/ram:AppliedTradeAllowanceCharge/ram:ActualAmount"),
        _price,
    ),
    Ask("BR-FR-DEC-03_BT-148", at(f"{_LINE}/{_GROSS_PRICE}/ram:ChargeAmount"), _price),
    Ask("BR-FR-MV-01_EXT-FR-FE-163", at(f"{_LINE}/{_KIND}"), br_fr_mv_01),
)

_LINE_SELLER = "ram:SpecifiedLineTradeAgreement/ram:ItemSellerTradeParty"
_OF_GROUP: Final = {
    "164": f"{_LINE_SELLER}/ram:Name",
    "167": f"{_LINE_SELLER}/{_LEGAL}",
    "177": f"{_LINE_SELLER}/ram:PostalTradeAddress/ram:CountryID",
}
_LINE_SETTLEMENT = "ram:SpecifiedLineTradeSettlement"
_LINE_SUMS = f"{_LINE_SETTLEMENT}/ram:SpecifiedTradeSettlementLineMonetarySummation"
_LINE_OBJECTS = f"{_LINE_SETTLEMENT}/ram:AdditionalReferencedDocument"


def _objects(line: Element, kind: str) -> Elements:
    return [one for one in path(_LINE_OBJECTS)(line) if kind in texts(one, "ram:ReferenceTypeCode")]


def _numbers(line: Element) -> Elements:
    """The elements that number the sub-invoice of a line."""
    objects = [one for one in _objects(line, "AFL") if "130" in texts(one, "ram:TypeCode")]
    return [number for one in objects for number in path("ram:IssuerAssignedID")(one)]


def _line(line: Element) -> Line:
    parents = texts(line, "ram:AssociatedDocumentLineDocument/ram:ParentLineID")
    references = path(f"{_LINE_SETTLEMENT}/{_REFERENCES}")(line)
    return Line(
        element=line,
        ids=texts(line, "ram:AssociatedDocumentLineDocument/ram:LineID"),
        links=[Link(line, texts(line, _KIND), parents)],
        sellers=texts(line, f"{_LINE_SELLER}/{_LEGAL}"),
        invoices=[said(one) for one in _numbers(line)],
        reasons=texts(line, f"{_LINE_SETTLEMENT}/ram:ApplicableTradeTax/ram:ExemptionReason"),
        nets=path(f"{_LINE_SUMS}/ram:LineTotalAmount")(line),
        taxes=path(f"{_LINE_SUMS}/ram:TaxTotalAmount")(line),
        totals=path(f"{_LINE_SUMS}/ram:GrandTotalAmount")(line),
        references=sum(bool(path("ram:IssuerAssignedID")(one)) for one in references),
        dated=sum(bool(path(_DATE)(one)) for one in references),
    )


def _read(facts: Facts) -> tuple[list[Line], Paper]:
    lines = [_line(one) for one in facts.lines]

    def repeated() -> bool:
        asked = {number for line, _ in top_groups(lines) for number in _numbers(line.element)}
        seen: set[str] = set()
        for one in facts.anywhere("ram:IssuerAssignedID"):
            if one in asked and said(one) in seen:
                return True
            seen.add(said(one))
        return False

    breakdown = [
        (texts(tax, "ram:ExemptionReason"), amount)
        for tax in facts.at(f"{_SETTLEMENT}/ram:ApplicableTradeTax")
        if "VAT" in texts(tax, "ram:TypeCode")
        for amount in path("ram:CalculatedAmount")(tax)
    ]
    return lines, Paper(
        sellers=facts.texts(f"{_SELLER}/{_LEGAL}"),
        buyers=facts.texts(f"{_BUYER}/{_LEGAL}"),
        currencies=facts.texts(_CURRENCY),
        breakdown=breakdown,
        whole=facts.at(_TRADE),
        repeated=repeated,
    )


def sweep(facts: Facts) -> Iterator[tuple[str, Element]]:
    """The rules of invoices with sub-invoices."""
    if not facts.grouped:
        return
    yield from group_rules(_read, facts)
    lines = [_line(one) for one in facts.lines]
    for line, _ in top_groups(lines):
        yield from _group_needs(line, facts)


def _group_needs(line: Line, facts: Facts) -> Iterator[tuple[str, Element]]:
    """What a sub-invoice must say."""
    for term in terms_of_group(line, facts, _OF_GROUP, _CURRENCY, _ACCOUNTING):
        yield f"BR-FR-MV-03_EXT-FR-FE-{term}", line.element
    for kind in ("AFL", "AVV"):
        for one in _objects(line.element, kind):
            named = texts(one, "ram:IssuerAssignedID")
            kept = "130" in texts(one, "ram:TypeCode") and normalized(first(named))
            if not kept or (kind == "AVV" and not {"M8", "S8", "B8"}.isdisjoint(named)):
                yield f"BR-FR-MV-03_BT-128_{kind}", one
