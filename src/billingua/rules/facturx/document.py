"""The document as a whole: its head, parties, delivery, payment, allowances and charges, and its dates."""

import re
from collections.abc import Callable

from billingua.codelists import codes
from billingua.engine.locate import Element
from billingua.engine.rule import NotAsked
from billingua.engine.values import ZERO, normalized, untyped
from billingua.rules.asks import Ask
from billingua.rules.elements import Elements, only, path, said, tag_of_step
from billingua.rules.facturx.checks import (
    Check,
    Where,
    any_of,
    anywhere,
    at_most_cents,
    at_most_one,
    below,
    filled,
    in_order,
    root,
    says,
    there,
    trimmed,
)
from billingua.rules.facturx.facts import AGREEMENT, HEADER, LINES, TRANSACTION, Facts

__all__ = ["ASKS"]

_SELLER = "SellerTradeParty"
_BUYER = "BuyerTradeParty"
_REPRESENTATIVE = "SellerTaxRepresentativeTradeParty"
_MEANS = "SpecifiedTradeSettlementPaymentMeans"
_ACCOUNT = "PayeePartyCreditorFinancialAccount"
_DELIVERY = f"{TRANSACTION}/ApplicableHeaderTradeDelivery"

_id = path("ID")
_name = path("Name")
_numbers = path("SpecifiedTaxRegistration/ID")
_legal_id = path("SpecifiedLegalOrganization/ID")
_seller_beside = path(f"../{_SELLER}")
_address = path("URIUniversalCommunication")
_address_id = path("URIID")
_type = path("TypeCode")
_country = path("PostalTradeAddress/CountryID")
_taxes = path("CategoryTradeTax")
_tax_type = path("TypeCode")
_category = path("CategoryCode")
_charge = path("..")
_line_period = path("SpecifiedLineTradeSettlement/BillingSpecifiedPeriod")
_issue_date = path("rsm:ExchangedDocument/IssueDateTime/udt:DateTimeString")

_PREFIXES = codes("vat_prefix_cii")


def br_03(invoice: Element, _: Facts) -> bool:
    return any(said(one) for one in _issue_date(invoice) if one.get("format") == "102")


def _somewhere(steps: str) -> Check:
    """The document has it, wherever it stands."""
    return lambda _, facts: bool(facts.anywhere(steps))


def _filled_somewhere(steps: str) -> Check:
    return lambda _, facts: any(said(one) for one in facts.anywhere(steps))


def _address_has_scheme(party: str) -> Check:
    """The first electronic address of the party has a scheme."""
    parties = path(f"{AGREEMENT}/{party}")

    def kept(invoice: Element, _: Facts) -> bool:
        addresses = [found for one in parties(invoice) if (found := _address(one))]
        firsts = [identifier for found in addresses for identifier in _address_id(found[0])]
        return not addresses or any(normalized(one.get("schemeID")) for one in firsts)

    return kept


def _alike(steps: str) -> Check:
    """What stands there several times says the same each time."""
    return lambda _, facts: len({normalized(said(one)) for one in facts.anywhere(steps)}) <= 1


def _at_most_once(steps: str) -> Check:
    return lambda _, facts: len(facts.anywhere(steps)) <= 1


def br_co_25(_: Element, facts: Facts) -> bool:
    due = facts.anywhere("DuePayableAmount")
    if len(due) > 1:
        raise NotAsked
    if not due or untyped(said(due[0])) <= ZERO:
        return True
    terms = ("SpecifiedTradePaymentTerms/DueDateDateTime", "SpecifiedTradePaymentTerms/Description")
    return any(facts.anywhere(one) for one in terms)


def br_17(payee: Element, _: Facts) -> bool:
    sellers = _seller_beside(payee)
    same = any(
        {said(one) for one in inside(payee)} & {said(one) for seller in sellers for one in inside(seller)}
        for inside in (_name, _id, _legal_id)
    )
    return bool(_name(payee)) and not same


def br_56(representative: Element, _: Facts) -> bool:
    return any(said(one) for one in _numbers(representative) if one.get("schemeID") == "VA")


def br_co_09(identifier: Element, _: Facts) -> bool:
    return said(identifier)[:2] in _PREFIXES


def br_co_26(seller: Element, _: Facts) -> bool:
    known = _id(seller) or path("GlobalID")(seller) or _legal_id(seller)
    return bool(known) or any(one.get("schemeID") == "VA" for one in _numbers(seller))


def br_vat_category(indicator: Element, _: Facts) -> bool:
    """The allowance or charge has a category of VAT, which is written in capitals or not."""
    taxes = [tax for charge in _charge(indicator) for tax in _taxes(charge)]
    return any(_category(tax) for tax in taxes if any(said(kind).upper() == "VAT" for kind in _tax_type(tax)))


def _one_name(party: str) -> Check:
    """The contact of a party is a person or a department."""
    person, department = (
        path(f"{party}/DefinedTradeContact/PersonName"),
        path(f"{party}/DefinedTradeContact/DepartmentName"),
    )
    return lambda agreement, _: not (person(agreement) and department(agreement))


def _one_of_type(steps: str, kind: str, inside: str = "") -> Check:
    """Of the documents of a type, or of what stands in them, there is one at most."""
    documents, parts = path(steps), path(inside) if inside else None

    def kept(element: Element, _: Facts) -> bool:
        typed = [one for one in documents(element) if any(normalized(said(code)) == kind for code in _type(one))]
        return len(typed if parts is None else [part for one in typed for part in parts(one)]) <= 1

    return kept


def br_57(delivery: Element, _: Facts) -> bool:
    addresses, countries = (
        path("ShipToTradeParty/PostalTradeAddress"),
        path("ShipToTradeParty/PostalTradeAddress/CountryID"),
    )
    return not addresses(delivery) or any(said(one) for one in countries(delivery))


def br_50(account: Element, _: Facts) -> bool:
    return any(normalized(said(one)) for one in (*path("IBANID")(account), *path("ProprietaryID")(account)))


def br_51(card: Element, _: Facts) -> bool:
    return all(len(normalized(said(one))) <= 10 for one in _id(card))


def _one_account(means: Element, _: Facts) -> bool:
    """An IBAN or another account number, not both."""
    return bool(path(f"{_ACCOUNT}/IBANID")(means)) != bool(path(f"{_ACCOUNT}/ProprietaryID")(means))


def _is_transfer(account: Element) -> bool:
    return any(said(code) in ("30", "58") for code in path("../TypeCode")(account))


def _pays_by_transfer(means: Element) -> bool:
    return normalized(only(_type(means))) in ("30", "58")


def _german_trade(facts: Facts) -> Elements:
    """The transaction of a document that is no prepayment invoice, from a German party to a German one."""
    kinds = facts.below("rsm:ExchangedDocument/TypeCode")
    if not any(said(one) != "386" for one in kinds):
        return []
    return [one for one in facts.below(TRANSACTION) if _is_german(one, _SUPPLIERS) and _is_german(one, _CUSTOMERS)]


_SUPPLIERS = (
    path(f"ApplicableHeaderTradeAgreement/{_SELLER}"),
    path("ApplicableHeaderTradeSettlement/InvoicerTradeParty"),
)
_CUSTOMERS = (
    path(f"ApplicableHeaderTradeAgreement/{_BUYER}"),
    path("ApplicableHeaderTradeSettlement/InvoiceeTradeParty"),
)


def _is_german(transaction: Element, parties: tuple[Callable[[Element], Elements], ...]) -> bool:
    return any(
        normalized(said(country)).upper() == "DE"
        for inside in parties
        for party in inside(transaction)
        for country in _country(party)
    )


def br_fx_en_04(transaction: Element, _: Facts) -> bool:
    """When it was delivered: a date, an invoicing period, or a period on every line; and not an empty delivery."""
    if path("ApplicableHeaderTradeDelivery/ActualDeliverySupplyChainEvent/OccurrenceDateTime")(transaction):
        return True
    lines = path("IncludedSupplyChainTradeLineItem")(transaction)
    period = path("ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod")(transaction)
    if not period and not all(_line_period(line) for line in lines):
        return False
    return any(normalized(said(one)) for one in path("ApplicableHeaderTradeDelivery")(transaction))


def _says_nothing(facts: Facts) -> Elements:
    """The elements without a text and without an element in them."""
    return facts.by_tag[""]


def _matches(pattern: str) -> Check:
    compiled = re.compile(rf"[ \t\r\n]*{pattern}[ \t\r\n]*\Z")
    return lambda element, _: compiled.match(said(element)) is not None


def _formatted(name: str) -> Where:
    return anywhere("udt:DateTimeString", lambda element: element.get("format") == name)


def _with_subject(notes: Where) -> Where:
    """The notes that have a subject code."""
    subject = path("SubjectCode")
    return lambda facts: [note for note in notes(facts) if subject(note)]


def _numbers_of_others(facts: Facts) -> Elements:
    """The tax numbers of all parties but the seller."""
    seller = tag_of_step(_SELLER)
    return [one for one in facts.anywhere(_TAX_NUMBER) if next(one.iterancestors(seller), None) is None]


_DAY = r"\d{4}(?:1[0-2]|0[1-9])(?:3[01]|[12][0-9]|0[1-9])"
_TAX_NUMBER = "SpecifiedTaxRegistration/ID"
_SETTLEMENT = "ApplicableHeaderTradeSettlement"
_PERIOD = anywhere(f"{_SETTLEMENT}/BillingSpecifiedPeriod")
_PARTY_11 = anywhere(_REPRESENTATIVE)
_ANY_CHARGE = anywhere("SpecifiedTradeAllowanceCharge")
_INDICATOR = f"{_SETTLEMENT}/SpecifiedTradeAllowanceCharge/ChargeIndicator"
_BG_20 = anywhere(_INDICATOR, says("udt:Indicator", "false"))
_BG_21 = anywhere(_INDICATOR, says("udt:Indicator", "true"))
_BG_16 = anywhere(_MEANS)
_BG_17 = anywhere(f"{_MEANS}/{_ACCOUNT}", _is_transfer)

ASKS = (
    Ask("BR-01", root, filled("rsm:ExchangedDocumentContext/GuidelineSpecifiedDocumentContextParameter/ID")),
    Ask("BR-02", root, filled("rsm:ExchangedDocument/ID")),
    Ask("BR-03", root, br_03),
    Ask("BR-04", root, filled("rsm:ExchangedDocument/TypeCode")),
    Ask("BR-05", root, filled(f"{HEADER}/InvoiceCurrencyCode")),
    Ask("BR-06", root, filled(f"{AGREEMENT}/{_SELLER}/Name")),
    Ask("BR-07", root, filled(f"{AGREEMENT}/{_BUYER}/Name")),
    Ask("BR-08", root, _somewhere(f"{_SELLER}/PostalTradeAddress")),
    Ask("BR-09", root, _filled_somewhere(f"{_SELLER}/PostalTradeAddress/CountryID")),
    Ask("BR-10", root, _somewhere(f"{_BUYER}/PostalTradeAddress")),
    Ask("BR-11", root, _filled_somewhere(f"{_BUYER}/PostalTradeAddress/CountryID")),
    Ask("BR-62", root, _address_has_scheme(_SELLER)),
    Ask("BR-63", root, _address_has_scheme(_BUYER)),
    Ask("BR-CO-25", root, br_co_25),
    Ask("CII-SR-467", root, _alike(f"{_MEANS}/TypeCode")),
    Ask("CII-SR-468", root, _alike(f"{_MEANS}/Information")),
    Ask("CII-SR-469", root, _at_most_once(f"{_SETTLEMENT}/PaymentReference")),
    Ask("BR-17", anywhere("PayeeTradeParty"), br_17),
    Ask("BR-18", _PARTY_11, trimmed("Name")),
    Ask("BR-19", _PARTY_11, there("PostalTradeAddress")),
    Ask("BR-20", _PARTY_11, trimmed("PostalTradeAddress/CountryID")),
    Ask("BR-56", _PARTY_11, br_56),
    Ask("BR-CO-09", anywhere(_TAX_NUMBER, lambda one: one.get("schemeID") == "VA"), br_co_09),
    Ask("BR-CO-26", anywhere(_SELLER), br_co_26),
    Ask("CII-SR-465", below(AGREEMENT), _one_name(_SELLER)),
    Ask("CII-SR-466", below(AGREEMENT), _one_name(_BUYER)),
    Ask("CII-SR-475", below(AGREEMENT), _one_of_type("AdditionalReferencedDocument", "916", "Name")),
    Ask("CII-SR-476", below(AGREEMENT), _one_of_type("AdditionalReferencedDocument", "916", "AttachmentBinaryObject")),
    Ask(
        "CII-SR-474",
        below(f"{LINES}/SpecifiedLineTradeSettlement"),
        _one_of_type("AdditionalReferencedDocument", "130"),
    ),
    Ask("BR-52", anywhere("AdditionalReferencedDocument"), filled("IssuerAssignedID")),
    Ask("BR-55", below(f"{HEADER}/InvoiceReferencedDocument"), filled("IssuerAssignedID")),
    Ask("BR-57", below(_DELIVERY), br_57),
    Ask("BR-29", _PERIOD, in_order("StartDateTime", "EndDateTime")),
    Ask("BR-CO-19", _PERIOD, any_of("StartDateTime", "EndDateTime")),
    Ask("BR-49", _BG_16, there("TypeCode")),
    Ask("BR-50", _BG_17, br_50),
    Ask("BR-61", _BG_17, any_of("IBANID", "ProprietaryID")),
    Ask("BR-51", anywhere("ApplicableTradeSettlementFinancialCard"), br_51),
    Ask("CII-SR-470", anywhere(_MEANS, _pays_by_transfer), _one_account),
    Ask("BR-CO-27", anywhere(_MEANS, _pays_by_transfer), _one_account),
    Ask("CII-SR-463", _ANY_CHARGE, there("ChargeIndicator")),
    Ask("CII-SR-471", _ANY_CHARGE, at_most_one("CategoryTradeTax")),
    Ask("CII-SR-472", _ANY_CHARGE, at_most_one("RateApplicablePercent")),
    Ask("CII-SR-473", _ANY_CHARGE, at_most_one("ActualAmount")),
    Ask("BR-31", _BG_20, there("../ActualAmount")),
    Ask("BR-32", _BG_20, br_vat_category),
    Ask("BR-33", _BG_20, any_of("../Reason", "../ReasonCode")),
    Ask("BR-CO-21", _BG_20, any_of("../Reason", "../ReasonCode")),
    Ask("BR-DEC-01", _BG_20, at_most_cents("../ActualAmount")),
    Ask("BR-DEC-02", _BG_20, at_most_cents("../BasisAmount")),
    Ask("BR-36", _BG_21, there("../ActualAmount")),
    Ask("BR-37", _BG_21, br_vat_category),
    Ask("BR-38", _BG_21, any_of("../Reason", "../ReasonCode")),
    Ask("BR-FXEXT-BR-38", _BG_21, any_of("../Reason", "../ReasonCode")),
    Ask("BR-CO-22", _BG_21, any_of("../Reason", "../ReasonCode")),
    Ask("BR-DEC-05", _BG_21, at_most_cents("../ActualAmount")),
    Ask("BR-DEC-06", _BG_21, at_most_cents("../BasisAmount")),
    Ask("BR-FXEXT-01", _with_subject(below("rsm:ExchangedDocument/IncludedNote")), any_of("ContentCode", "Content")),
    Ask(
        "BR-FXEXT-02",
        _with_subject(anywhere("AssociatedDocumentLineDocument/IncludedNote")),
        any_of("ContentCode", "Content"),
    ),
    Ask("BR-FXEXT-03", _numbers_of_others, lambda one, _: one.get("schemeID") == "VA"),
    Ask("CII-DT-097", _formatted("102"), _matches(_DAY)),
    Ask("BR-FXEXT-CII-DT-097a", _formatted("205"), _matches(rf"{_DAY}(?:[01][0-9]|2[0-3])[0-5][0-9]")),
    Ask("BR-FX-EN-04", _german_trade, br_fx_en_04),
    Ask("PEPPOL-EN16931-R008", _says_nothing, lambda *_: False),
)
