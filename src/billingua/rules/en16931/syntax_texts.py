"""What the syntax rules say to a person: worded from their rows, in our own words."""

from typing import Final

from billingua.engine.rule import RuleText
from billingua.rules.en16931 import NAME, RELEASE
from billingua.rules.en16931.syntax import SyntaxRow, patterns, places, table

__all__ = ["syntax_texts"]

_PLACES: Final[dict[str, tuple[str, str]]] = {
    "cac:AccountingSupplierParty": ("the seller", "BG-4"),
    "cac:AccountingCustomerParty": ("the buyer", "BG-7"),
    "cac:PayeeParty": ("the payee", "BG-10"),
    "cac:TaxRepresentativeParty": ("the tax representative of the seller", "BG-11"),
    "cac:Delivery": ("the delivery", "BG-13"),
    "cac:PaymentMeans": ("the payment instructions", "BG-16"),
    "cac:PaymentMandate": ("the direct debit", "BG-19"),
    "cac:CardAccount": ("the payment card", "BG-18"),
    "cac:PaymentTerms": ("the payment terms", "BT-20"),
    "cac:AllowanceCharge": ("an allowance or charge", "BG-20 BG-21"),
    "cac:TaxTotal": ("the VAT totals", "BG-23"),
    "cac:LegalMonetaryTotal": ("the document totals", "BG-22"),
    "cac:InvoicePeriod": ("the invoicing period", "BG-14"),
    "cac:OrderReference": ("the purchase order reference", "BT-13"),
    "cac:BillingReference": ("a preceding invoice reference", "BG-3"),
    "cac:DespatchDocumentReference": ("the despatch advice reference", "BT-16"),
    "cac:ReceiptDocumentReference": ("the receiving advice reference", "BT-15"),
    "cac:OriginatorDocumentReference": ("the tender or lot reference", "BT-17"),
    "cac:ContractDocumentReference": ("the contract reference", "BT-12"),
    "cac:AdditionalDocumentReference": ("a supporting document", "BG-24"),
    "cac:ProjectReference": ("the project reference", "BT-11"),
    "cac:InvoiceLine": ("an invoice line", "BG-25"),
    "cac:InvoiceLine/cac:AllowanceCharge": ("an allowance or charge of an invoice line", "BG-27 BG-28"),
    "cac:InvoiceLine/cac:Item": ("the item of an invoice line", "BG-31"),
    "cac:InvoiceLine/cac:Item/cac:AdditionalItemProperty": ("an item attribute", "BG-32"),
    "cac:InvoiceLine/cac:Item/cac:ClassifiedTaxCategory": ("the VAT category of an invoice line", "BG-30"),
    "cac:InvoiceLine/cac:Price": ("the price of an invoice line", "BG-29"),
    "cac:InvoiceLine/cac:Price/cac:AllowanceCharge": ("a price discount", "BT-147"),
    "cac:InvoiceLine/cac:InvoicePeriod": ("the period of an invoice line", "BG-26"),
    "cac:Price/cac:AllowanceCharge": ("a price discount", "BT-147"),
    "ram:SellerTradeParty": ("the seller", "BG-4"),
    "ram:BuyerTradeParty": ("the buyer", "BG-7"),
    "ram:SellerTaxRepresentativeTradeParty": ("the tax representative of the seller", "BG-11"),
    "ram:PayeeTradeParty": ("the payee", "BG-10"),
    "ram:ShipToTradeParty": ("the delivery place", "BG-13"),
    "ram:SpecifiedTradeSettlementPaymentMeans": ("the payment instructions", "BG-16"),
    "ram:SpecifiedTradePaymentTerms": ("the payment terms", "BT-20"),
    "ram:SpecifiedTradeAllowanceCharge": ("an allowance or charge", ""),
    "ram:SpecifiedTradeSettlementHeaderMonetarySummation": ("the document totals", "BG-22"),
    "ram:ApplicableHeaderTradeDelivery": ("the delivery", "BG-13"),
    "ram:IncludedSupplyChainTradeLineItem": ("an invoice line", "BG-25"),
    "ram:SpecifiedTradeProduct": ("the item of an invoice line", "BG-31"),
    "ram:SpecifiedLineTradeAgreement": ("the price details of an invoice line", "BG-29"),
    "ram:SpecifiedLineTradeSettlement": ("an invoice line", "BG-25"),
    "ram:ApplicableProductCharacteristic": ("an item attribute", "BG-32"),
    "ram:GrossPriceProductTradePrice": ("the gross price of an invoice line", "BT-148"),
    "ram:NetPriceProductTradePrice": ("the net price of an invoice line", "BT-146"),
    "ram:BillingSpecifiedPeriod": ("an invoicing period", ""),
    "ram:InvoiceReferencedDocument": ("a preceding invoice reference", "BG-3"),
}
"""How messages name the place of an element, and its business group or term, by the steps of its path."""

_PARTIES: Final = {"the seller", "the buyer", "the payee", "the tax representative of the seller"}

_TIMES: Final = {1: "once", 2: "twice"}


def syntax_texts() -> dict[str, RuleText]:
    """The texts of all syntax rules, by id. A message may hold `{found}`, for the `values` of the failure."""
    return {row.id: _text(row, syntax) for syntax in ("ubl", "cii") for row in table(syntax)}


def _text(row: SyntaxRow, syntax: str) -> RuleText:
    steps = patterns(row, syntax)[0].strip("/").split("/")
    words, terms = _place(steps[:-1])
    if not words:
        words = places(syntax)[row.context].words
    title, message, hint = _sentences(row, f"{'under' if words in _PARTIES else 'in'} {words}")
    return RuleText(
        id=row.id,
        ruleset=NAME,
        release=RELEASE,
        severity={syntax: row.flag},
        terms=tuple((row.terms or terms).split()),
        title=title,
        message=message,
        hint=hint,
    )


def _place(steps: list[str]) -> tuple[str, str]:
    """The words and terms for the innermost place that a path passes through."""
    for last in range(len(steps), 0, -1):
        for first in range(last):
            known = _PLACES.get("/".join(steps[first:last]))
            if known:
                return known
    return "", ""


def _sentences(row: SyntaxRow, place: str) -> tuple[str, str, str]:
    """Title, message and hint."""
    if row.message:
        return row.title, row.message, row.hint
    element, name = _named(row)
    count = _TIMES.get(int(row.number or 0), f"{row.number} times")
    match row.kind:
        case "absent":
            what = "attribute" if "@" in row.path else "element"
            return (
                f"{name} is not used {place}",
                f"EN 16931 does not use {element} {place}.",
                f"Remove the {what}; receivers may ignore or refuse it.",
            )
        case "at-most":
            return (
                f"{name} at most {count} {place}",
                f"There may be {element} at most {count} {place}; found {{found}}.",
                "Keep one and remove the others." if count == "once" else "Remove those too many.",
            )
        case "exactly":
            return (
                f"{name} exactly {count} {place}",
                f"There must be {element} exactly {count} {place}; found {{found}}.",
                f"Add {element} where it is missing; keep one where there are several.",
            )
        case _:
            return (
                f"{name} is needed {place}",
                f"There must be {element} {place}; there is none.",
                f"Add {element}.",
            )


def _named(row: SyntaxRow) -> tuple[str, str]:
    """The path as messages show it, and the short name that titles use."""
    steps = [step for step in row.path.split("/") if ":" in step or "@" in step]
    names = [step.rpartition(":")[2] for step in steps]
    if not steps[-1].startswith("@"):
        return f"`{'/'.join(steps)}`", names[-1]
    attribute = steps[-1].removeprefix("@")
    if len(steps) == 1:
        return f"the attribute `{attribute}`", f"Attribute {attribute}"
    return f"the attribute `{attribute}` of `{'/'.join(steps[:-1])}`", f"Attribute {attribute} of {names[-2]}"
