"""UBL: the rules that ask more than one thing of one element."""

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
    quantity,
    signed_price,
)
from billingua.rules.fr_flux2.common import (
    Kept,
    Where,
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

_SELLER = "cac:AccountingSupplierParty/cac:Party"
_BUYER = "cac:AccountingCustomerParty/cac:Party"
_LEGAL = "cac:PartyLegalEntity/cbc:CompanyID"
_REFERENCE = "cac:BillingReference/cac:InvoiceDocumentReference"
_DUE = ("cbc:DueDate", "cac:PaymentMeans/cbc:PaymentDueDate")
_TOTALS = "cac:LegalMonetaryTotal"
_MEMBERS = f"{_SELLER}/cac:PartyIdentification/cbc:ID"
_CURRENCY = "cbc:DocumentCurrencyCode"
_ACCOUNTING = "cbc:TaxCurrencyCode"


def _anywhere(steps: str) -> Where:
    return lambda facts: facts.anywhere(steps)


def _in_lines(steps: str) -> Where:
    return lambda facts: [one for line in facts.lines for one in path(steps)(line)]


def _lines(facts: Facts) -> Elements:
    return facts.lines


def _credit_note(facts: Facts) -> Elements:
    return facts.invoices if facts.format_name == "ubl-creditnote" else []


def _notes(facts: Facts) -> str:
    """All notes as one text: `#CODE#text` one after the other."""
    return "#".join(facts.texts("cbc:Note"))


def _says(facts: Facts, subject: str) -> str:
    """The text of the first note of a subject."""
    return _notes(facts).partition(f"#{subject}#")[2].partition("#")[0]


def _with_note(subject: str) -> Kept:
    return lambda _, facts: f"#{subject}#" in _notes(facts)


def _at_most_one(subject: str) -> Kept:
    return lambda _, facts: _notes(facts).count(f"#{subject}#") <= 1


def br_fr_08(_: Element, facts: Facts) -> bool:
    return any(one in FRAMEWORKS for one in facts.frameworks)


def _siren(text: str) -> bool:
    return NINE_DIGITS.fullmatch(normalized(text)) is not None


def br_fr_10(entity: Element, _: Facts) -> bool:
    sirens = with_scheme(path("cbc:CompanyID")(entity), "0002")
    return bool(sirens) and _siren(said(sirens[0]))


def br_fr_11(_: Element, facts: Facts) -> bool:
    sirens = with_scheme(facts.at(f"{_BUYER}/{_LEGAL}"), "0002")
    return _says(facts, "BAR") != "B2B" or (bool(sirens) and _siren(said(sirens[0])))


def _has_address(party: str) -> Kept:
    return lambda _, facts: normalized(first(facts.texts(f"{party}/cbc:EndpointID"))) != ""


def _french_category(category: Element, _: Facts) -> bool:
    codes = texts(category, "cbc:ID")
    return not codes or codes[0] in CATEGORIES


def _no_margin(category: Element, _: Facts) -> bool:
    return MARGIN.isdisjoint(texts(category, "cbc:ID"))


def _french_rate(category: Element, _: Facts) -> bool:
    rates = texts(category, "cbc:Percent")
    return not rates or rates[0] in RATES


def br_fr_17(document: Element, _: Facts) -> bool:
    kinds = texts(document, "cbc:DocumentDescription")
    return not kinds or kinds[0] in ATTACHMENTS


def br_fr_18(_: Element, facts: Facts) -> bool:
    documents = facts.at("cac:AdditionalDocumentReference")
    return sum("LISIBLE" in texts(one, "cbc:DocumentDescription") for one in documents) <= 1


def br_fr_20(_: Element, facts: Facts) -> bool:
    return _says(facts, "BAR") in ("", *BAR)


def br_fr_31(_: Element, facts: Facts) -> bool:
    notes = "".join([text for text in facts.texts("cbc:Note") if "#BAR#" in text]) + "#"
    return sum(notes.count(f"BAR#{one}#") for one in BAR) <= 1


def _own_address(party: str, self_billed: bool) -> Kept:
    def kept(_: Element, facts: Facts) -> bool:
        if _says(facts, "BAR") != "B2B" or SELF_BILLED.isdisjoint(facts.types) is self_billed:
            return True
        addresses = facts.at(f"{party}/cbc:EndpointID")
        sirens = with_scheme(facts.at(f"{party}/{_LEGAL}"), "0002")
        siren = said(sirens[0]) if sirens else ""
        return (said(addresses[0]) if addresses else "").startswith(siren) and bool(with_scheme(addresses, "0225"))

    return kept


def br_fr_27(one: Element, _: Facts) -> bool:
    return bool(path("cbc:Name")(one) or path("cbc:NameCode")(one))


def br_fr_28(one: Element, _: Facts) -> bool:
    measures = path("cbc:ValueQuantity")(one)
    if path("cbc:Value")(one):
        return not measures
    return any(measure.get("unitCode") for measure in measures)


def _objects_once(document: Element, _: Facts) -> bool:
    return all(len(with_scheme(path("cbc:ID")(document), kind)) <= 1 for kind in ("AFL", "AVV"))


def br_fr_co_04(_: Element, facts: Facts) -> bool:
    types = facts.texts("cbc:InvoiceTypeCode")
    return {"384", "471", "472", "473"}.isdisjoint(types) or len(facts.at("cac:BillingReference")) == 1


def _numbered_and_dated(reference: Element) -> bool:
    return bool(path("cbc:ID")(reference) and path("cbc:IssueDate")(reference))


def _links(line: Element, facts: Facts) -> list[Link]:
    """The references of a line to this very invoice, which place it among the others."""
    return [
        Link(
            reference,
            texts(reference, "cac:InvoiceDocumentReference/cbc:DocumentStatusCode"),
            texts(reference, "cac:BillingReferenceLine/cbc:ID"),
        )
        for reference in path("cac:BillingReference")(line)
        if not set(facts.numbers).isdisjoint(texts(reference, "cac:InvoiceDocumentReference/cbc:ID"))
    ]


def _to_others(line: Element, facts: Facts) -> Elements:
    """The references of a line to other invoices."""
    return [
        document
        for reference in path("cac:BillingReference")(line)
        if any(one != own for one in texts(reference, "cac:InvoiceDocumentReference/cbc:ID") for own in facts.numbers)
        for document in path("cac:InvoiceDocumentReference")(reference)
    ]


def br_fr_co_05(_: Element, facts: Facts) -> bool:
    if OF_CREDIT.isdisjoint(facts.types) or any(_numbered_and_dated(one) for one in facts.at(_REFERENCE)):
        return True
    return all(
        any(_numbered_and_dated(one) for one in _to_others(line, facts))
        for line in facts.lines
        if not (links := _links(line, facts)) or any("DETAIL" in link.kinds for link in links)
    )


def _due(facts: Facts) -> list[str]:
    return [text for steps in _DUE for text in facts.texts(steps)]


def br_fr_co_07(_: Element, facts: Facts) -> bool:
    if not OF_PREPAYMENT.isdisjoint(facts.types) or not PAID.isdisjoint(facts.frameworks):
        return True
    return not any(due < issued for due in _due(facts) for issued in facts.texts("cbc:IssueDate"))


def br_fr_co_09_3(_: Element, facts: Facts) -> bool:
    return not is_paid(facts) or first(_due(facts)) != ""


def br_fr_co_14(_: Element, facts: Facts) -> bool:
    return not single_taxable_person(facts, _MEMBERS) or _says(facts, "TXD") == "MEMBRE_ASSUJETTI_UNIQUE"


def br_fr_co_15(_: Element, facts: Facts) -> bool:
    numbers = facts.texts("cac:TaxRepresentativeParty/cac:PartyTaxScheme/cbc:CompanyID")
    return not single_taxable_person(facts, _MEMBERS) or first(numbers) != ""


def br_fr_dec_02(line: Element, _: Facts) -> bool:
    text = normalized(first(texts(line, "cac:Price/cbc:BaseQuantity")))
    return not text or quantity(text)


def _price(steps: str) -> Kept:
    def kept(element: Element, facts: Facts) -> bool:
        text = normalized(first(texts(element, steps)) if steps else said(element))
        return not text or (signed_price(text) if facts.both_ways else price(text))

    return kept


def br_fr_mv_01(line: Element, facts: Facts) -> bool:
    kinds = [kind for link in _links(line, facts) for kind in link.kinds]
    return not facts.grouped or normalized(first(kinds)) != ""


def _any_lines(facts: Facts) -> Elements:
    return [*facts.anywhere("cac:InvoiceLine"), *facts.anywhere("cac:CreditNoteLine")] if facts.grouped else []


_IN_ALLOWANCES = _anywhere("cac:AllowanceCharge/cac:TaxCategory")
_IN_BREAKDOWN = _anywhere("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory")
_IN_ITEMS = _anywhere("cac:Item/cac:ClassifiedTaxCategory")

ASKS: Final = (
    *(Ask(f"BR-FR-05_BT-22-{at}", root, _with_note(one)) for at, one in enumerate(("PMT", "PMD", "AAB"), 1)),
    *(Ask(f"BR-FR-06_BT-21-{at}", root, _at_most_one(one)) for at, one in enumerate(("PMT", "PMD", "AAB", "TXD"), 1)),
    Ask("BR-FR-08_BT-23", root, br_fr_08),
    Ask("BR-FR-10_BT-30", _anywhere(f"{_SELLER}/cac:PartyLegalEntity"), br_fr_10),
    Ask("BR-FR-11_BT-47", root, br_fr_11),
    Ask("BR-FR-12_BT-49", root, _has_address(_BUYER)),
    Ask("BR-FR-13_BT-34", root, _has_address(_SELLER)),
    Ask("BR-FR-15_BT-95_BT-102-1", _IN_ALLOWANCES, _french_category),
    Ask("BR-FR-15_BT-95_BT-102-2", _IN_ALLOWANCES, _no_margin),
    Ask("BR-FR-15_BT-118-1", _IN_BREAKDOWN, _french_category),
    Ask("BR-FR-15_BT-118-2", _IN_BREAKDOWN, _no_margin),
    Ask("BR-FR-15_BT-151-1", _IN_ITEMS, _french_category),
    Ask("BR-FR-08_BT-151-2", _IN_ITEMS, _no_margin),
    Ask("BR-FR-16_BT-96", _IN_ALLOWANCES, _french_rate),
    Ask("BR-FR-16_BT-119", _IN_BREAKDOWN, _french_rate),
    Ask("BR-FR-16_BT-152", _anywhere("cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory"), _french_rate),
    Ask("BR-FR-17_BT-123", _anywhere("cac:AdditionalDocumentReference"), br_fr_17),
    Ask("BR-FR-18_BT-123", root, br_fr_18),
    Ask("BR-FR-20_BT-21", root, br_fr_20),
    Ask("BR-FR-21_BT-49", root, _own_address(_BUYER, self_billed=False)),
    Ask("BR-FR-22_BT-34", root, _own_address(_SELLER, self_billed=True)),
    Ask("BR-FR-27_BG-32", at("cac:Item/cac:AdditionalItemProperty"), br_fr_27),
    Ask("BR-FR-28-Value", _in_lines("cac:Item/cac:AdditionalItemProperty"), br_fr_28),
    Ask("BR-FR-29_BT-18", at("cac:AdditionalDocumentReference"), _objects_once),
    Ask("BR-FR-30_BT-128", _in_lines("cac:DocumentReference"), _objects_once),
    Ask("BR-FR-30_BT-21", root, br_fr_31),
    Ask(
        "BR-FR-CO-03_BT-3",
        _credit_note,
        br_fr_co_03(
            "cac:ContractDocumentReference/cbc:ID", "cac:InvoicePeriod/cbc:StartDate", "cac:InvoicePeriod/cbc:EndDate"
        ),
    ),
    Ask("BR-FR-CO-04_BT-3", root, br_fr_co_04),
    Ask("BR-FR-CO-05_BT-3", _credit_note, br_fr_co_05),
    Ask("BR-FR-CO-07_BT-9", root, br_fr_co_07),
    Ask("BR-FR-CO-08_BT-23", root, br_fr_co_08),
    Ask(
        "BR-FR-CO-09_BT-23-1", root, br_fr_co_09_1(f"{_TOTALS}/cbc:PrepaidAmount", f"{_TOTALS}/cbc:TaxInclusiveAmount")
    ),
    Ask("BR-FR-CO-09_BT-23-2", root, br_fr_co_09_2(f"{_TOTALS}/cbc:PayableAmount")),
    Ask("BR-FR-CO-09_BT-23-3", root, br_fr_co_09_3),
    Ask("BR-FR-CO-12_BT-5", root, br_fr_co_12(_CURRENCY, "cac:TaxTotal/cbc:TaxAmount", _ACCOUNTING)),
    Ask("BR-FR-CO-14_BT-29-1", root, br_fr_co_14),
    Ask("BR-FR-CO-15_BT-29-1", root, br_fr_co_15),
    Ask("BR-FR-DEC-02_BT-149", _lines, br_fr_dec_02),
    Ask("BR-FR-DEC-03_BT-146", _lines, _price("cac:Price/cbc:PriceAmount")),
    Ask("BR-FR-DEC-03_BT-147", _in_lines("cac:Price/cac:AllowanceCharge"), _price("cbc:Amount")),
    Ask("BR-FR-DEC-03_BT-148", _in_lines("cac:Price/cac:AllowanceCharge/cbc:BaseAmount"), _price("")),
    Ask("BR-FR-MV-01_EXT-FR-FE-163", _any_lines, br_fr_mv_01),
)

_MAKER = "cac:Item/cac:ManufacturerParty"
"""UBL has no line seller; the manufacturer stands for it."""
_OF_GROUP: Final = {
    "164": f"{_MAKER}/cac:PartyLegalEntity/cbc:RegistrationName",
    "167": f"{_MAKER}/{_LEGAL}",
    "177": f"{_MAKER}/cac:PostalAddress/cac:Country/cbc:IdentificationCode",
}


def _objects(line: Element, kind: str) -> Elements:
    documents = path("cac:DocumentReference")(line)
    numbered = [one for one in documents if "130" in texts(one, "cbc:DocumentTypeCode")]
    return [number for one in numbered for number in with_scheme(path("cbc:ID")(one), kind)]


def _line(line: Element, facts: Facts) -> Line:
    others = _to_others(line, facts)
    return Line(
        element=line,
        ids=texts(line, "cbc:ID"),
        links=_links(line, facts),
        sellers=texts(line, f"{_MAKER}/{_LEGAL}"),
        invoices=[said(one) for one in _objects(line, "AFL")],
        reasons=texts(line, "cac:Item/cac:ClassifiedTaxCategory/cbc:TaxExemptionReason"),
        nets=path("cbc:LineExtensionAmount")(line),
        taxes=path("cac:TaxTotal/cbc:TaxAmount")(line),
        totals=path("cbc:TaxInclusiveLineExtensionAmount")(line),
        references=sum(bool(path("cbc:ID")(one)) for one in others),
        dated=sum(bool(path("cbc:IssueDate")(one)) for one in others),
    )


def _read(facts: Facts) -> tuple[list[Line], Paper]:
    lines = [_line(one, facts) for one in facts.lines]

    def repeated() -> bool:
        asked = {number for line, _ in top_groups(lines) for number in _objects(line.element, "AFL")}
        seen: set[str] = set()
        for document in facts.anywhere("cac:DocumentReference"):
            if "130" in texts(document, "cbc:DocumentTypeCode"):
                for one in with_scheme(path("cbc:ID")(document), "AFL"):
                    if one in asked and said(one) in seen:
                        return True
                    seen.add(said(one))
        return False

    breakdown = [
        (texts(subtotal, "cac:TaxCategory/cbc:TaxExemptionReason"), amount)
        for subtotal in facts.at("cac:TaxTotal/cac:TaxSubtotal")
        if "VAT" in texts(subtotal, "cac:TaxCategory/cac:TaxScheme/cbc:ID")
        for amount in path("cbc:TaxAmount")(subtotal)
    ]
    return lines, Paper(
        sellers=facts.texts(f"{_SELLER}/{_LEGAL}"),
        buyers=facts.texts(f"{_BUYER}/{_LEGAL}"),
        currencies=facts.texts(_CURRENCY),
        breakdown=breakdown,
        whole=facts.invoices,
        repeated=repeated,
    )


def sweep(facts: Facts) -> Iterator[tuple[str, Element]]:
    """The rules of invoices with sub-invoices."""
    if not facts.grouped or (facts.outer is not None and facts.format_name == "ubl-creditnote"):
        return
    yield from group_rules(_read, facts)
    lines = [_line(one, facts) for one in facts.lines]
    for line, link in top_groups(lines):
        for rule in _group_needs(line, facts):
            yield rule, link.element


def _group_needs(line: Line, facts: Facts) -> Iterator[str]:
    """What a sub-invoice must say and does not."""
    for term in terms_of_group(line, facts, _OF_GROUP, _CURRENCY, _ACCOUNTING):
        yield f"BR-FR-MV-03_EXT-FR-FE-{term}"
    for kind in ("AFL", "AVV"):
        named = [said(one) for one in _objects(line.element, kind)]
        if not normalized(first(named)) or (kind == "AVV" and not {"M8", "S8", "B8"}.isdisjoint(named)):
            yield f"BR-FR-MV-03_BT-128_{kind}"
