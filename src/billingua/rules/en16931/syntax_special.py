"""What a row of the syntax tables cannot say: which of the elements that its path finds offend, or count.

Each function takes all of them, in document order, and returns those that do.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from typing import Any, Final

from billingua.engine.groups import Element, Subtree, of_variant
from billingua.engine.locate import Located
from billingua.engine.values import boolean, normalized
from billingua.rules.elements import inside, said, tag_of_step, texts

Elements = Sequence[Element]


def _above(element: Element, levels: int = 1) -> Element:
    """The ancestor so many levels up; the element itself where the document ends before."""
    for _ in range(levels):
        parent = element.getparent()
        element = element if parent is None else parent
    return element


def _beside(found: Elements, steps: str) -> Iterator[tuple[Element, list[str]]]:
    """Each element, with what those say that steps lead to from the one around it, which is asked once."""
    known: dict[Element, list[str]] = {}
    for element in found:
        around = _above(element)
        if around not in known:
            known[around] = texts(around, steps)
        yield element, known[around]


def _is(element: Element, tag: str) -> bool:
    return bool(element.tag == tag_of_step(tag))


def distinct(found: Elements) -> Elements:
    """The first element of each text."""
    first: dict[str, Element] = {}
    for element in found:
        first.setdefault(said(element), element)
    return list(first.values())


def unlike_first(found: Elements) -> Elements:
    """Those whose text is not that of the first element, white space apart."""
    expected = normalized(said(found[0]))
    return [element for element in found if normalized(said(element)) != expected]


# UBL

_TYPE = "cbc:DocumentTypeCode"
_INDICATOR = "cbc:ChargeIndicator"


def mistyped_document(found: Elements) -> Elements:
    """Document references with a type or a scheme that only the invoiced object may have."""
    allowed = {"130", "50"} if _is_credit_note(found[0]) else {"130"}
    return [reference for reference in found if _mistyped(reference, allowed)]


def _mistyped(reference: Element, allowed: set[str]) -> bool:
    types = texts(reference, _TYPE)
    if types:
        return allowed.isdisjoint(types)
    return any(one.get("schemeID") is not None for one in inside(reference, "cbc:ID"))


def of_invoiced_object(found: Elements) -> Elements:
    """Those in the reference to the invoiced object."""
    return [element for element, types in _beside(found, _TYPE) if "130" in types]


def of_supporting_document(found: Elements) -> Elements:
    """Those in a reference whose type is missing or not that of the invoiced object."""
    return [element for element, types in _beside(found, _TYPE) if set(types) != {"130"}]


def over_two_decimals(found: Elements) -> Elements:
    """Amounts, other than unit prices and their discounts, with more than two characters behind the point."""
    return [
        amount
        for amount in found
        if "." in (amount.text or "")[:-3]
        and not str(amount.tag).endswith("PriceAmount")
        and not any(inside(price, "cac:AllowanceCharge") for price in amount.iterancestors(tag_of_step("cac:Price")))
    ]


def in_allowance(found: Elements) -> Elements:
    """Those in an allowance."""
    return [element for element, texts in _beside(found, _INDICATOR) if False in map(boolean, texts)]


def in_charge(found: Elements) -> Elements:
    """Those in a charge (and not in what is an allowance already)."""
    said = ((element, set(map(boolean, texts))) for element, texts in _beside(found, _INDICATOR))
    return [element for element, values in said if True in values and False not in values]


def incomplete_tax_scheme(found: Elements) -> Elements:
    """Tax registrations without a number or without the identifier of the scheme."""
    return [one for one in found if not (inside(one, "cac:TaxScheme/cbc:ID") and inside(one, "cbc:CompanyID"))]


def other_ubl_version(found: Elements) -> Elements:
    """All, when none says 2.1."""
    return [] if "2.1" in map(said, found) else found


def _is_credit_note(element: Element) -> bool:
    return _is(element.getroottree().getroot(), "cn:CreditNote")


def on_invoice(found: Elements) -> Elements:
    """All, when the document is no credit note."""
    return [] if _is_credit_note(found[0]) else found


def not_payment_means_code(found: Elements) -> Elements:
    """All but payment means codes."""
    return [element for element in found if not _is(element, "cbc:PaymentMeansCode")]


def _schemes(number: Element) -> list[str]:
    """The tax schemes of the registration that a number stands in, in capitals."""
    return ["".join(texts(one, "cbc:ID")).upper() for one in inside(_above(number), "cac:TaxScheme")]


def of_vat(found: Elements) -> Elements:
    """Numbers of a VAT registration."""
    return [number for number in found if "VAT" in _schemes(number)]


def of_other_tax(found: Elements) -> Elements:
    """Numbers of a registration for something else."""
    return [number for number in found if any(scheme != "VAT" for scheme in _schemes(number))]


def creditor_identifier(found: Elements) -> Elements:
    """Identifiers for direct debits."""
    return [identifier for identifier in found if _scheme(identifier) == "SEPA"]


def _scheme(identifier: Element) -> str:
    return (identifier.get("schemeID") or "").upper()


def payee_name(found: Elements) -> Elements:
    """Payees with several names, or without a name of their own."""
    return [payee for payee in found if _same_as_seller(payee) or len(inside(payee, "cac:PartyName/cbc:Name")) > 1]


def payee_identifier(found: Elements) -> Elements:
    """Payees with several identifiers besides that for direct debits, or without a name of their own."""
    return [
        payee
        for payee in found
        if _same_as_seller(payee)
        or sum(_scheme(one) != "SEPA" for one in inside(payee, "cac:PartyIdentification/cbc:ID")) > 1
    ]


def payee_registration(found: Elements) -> Elements:
    """Payees with several legal registrations, or without a name of their own."""
    return [
        payee
        for payee in found
        if _same_as_seller(payee) or len(inside(payee, "cac:PartyLegalEntity/cbc:CompanyID")) > 1
    ]


def _same_as_seller(payee: Element) -> bool:
    """Whether no name of the payee differs from a name of the seller; so also where one of them has none."""
    names = texts(payee, "cac:PartyName/cbc:Name")
    return not any(
        name != other
        for seller in _above(payee).iterchildren(tag_of_step("cac:AccountingSupplierParty"))
        for other in texts(seller, "cac:Party/cac:PartyLegalEntity/cbc:RegistrationName")
        for name in names
    )


# CII


def no_scheme(found: Elements) -> Elements:
    """Item identifiers without a scheme, none beside them having one."""
    items = dict.fromkeys(map(_above, found))  # each is asked once, however many identifiers it has
    bare = {item for item in items if all(one.get("schemeID") is None for one in inside(item, "ram:GlobalID"))}
    return [element for element in found if element.get("schemeID") is None and _above(element) in bare]


def not_one_origin(found: Elements) -> Elements:
    """Countries of origin of items that have not exactly one code altogether."""
    codes: dict[Element, int] = {}
    for country in found:
        item = _above(country)
        codes[item] = codes.get(item, 0) + len(inside(country, "ram:ID"))
    return [country for country in found if codes[_above(country)] != 1]


def mixed_price_allowance(found: Elements) -> Elements:
    """Price discounts with an amount or an indicator, but not with both an amount and the indicator false."""
    agreements: dict[Element, list[Element]] = {}
    for discount in found:
        agreements.setdefault(_above(discount, 2), []).append(discount)
    return [one for together in agreements.values() if not _plain_discounts(together) for one in together]


def _plain_discounts(discounts: Elements) -> bool:
    amounts = any(inside(one, "ram:ActualAmount") for one in discounts)
    if any(boolean(text) is False for one in discounts for text in texts(one, "ram:ChargeIndicator/udt:Indicator")):
        return amounts
    return not amounts and not any(inside(one, "ram:ChargeIndicator") for one in discounts)


_ATTACHMENT, _OBJECT, _TENDER = "916", "130", "50"
_TYPE_CODE = "ram:TypeCode"


def _types(reference: Element) -> list[str]:
    return texts(reference, _TYPE_CODE)


def object_reference(found: Elements) -> Elements:
    """References to the invoiced object."""
    return [reference for reference in found if _OBJECT in _types(reference)]


def object_reference_trimmed(found: Elements) -> Elements:
    """References to the invoiced object, white space around the type apart."""
    return [reference for reference in found if _OBJECT in map(normalized, _types(reference))]


def tender_reference(found: Elements) -> Elements:
    """References to a tender or lot."""
    return [reference for reference in found if _TENDER in _types(reference)]


def of_attachment(found: Elements) -> Elements:
    """Those in a supporting document, white space around its type apart."""
    return [element for element, types in _beside(found, _TYPE_CODE) if _ATTACHMENT in map(normalized, types)]


def _outside(found: Elements, types: set[str]) -> Elements:
    """Those not in an additional document of one of the types."""
    return [
        element
        for element, own in _beside(found, _TYPE_CODE)
        if not _is(_above(element), "ram:AdditionalReferencedDocument") or types.isdisjoint(own)
    ]


def outside_attachment(found: Elements) -> Elements:
    """Those that do not stand in a supporting document."""
    return _outside(found, {_ATTACHMENT})


def outside_object_reference(found: Elements) -> Elements:
    """Those that do not stand in the reference to the invoiced object."""
    return _outside(found, {_OBJECT})


def unexpected_document_type(found: Elements) -> Elements:
    """Types of documents other than the three that EN 16931 knows."""
    return _outside(found, {_ATTACHMENT, _OBJECT, _TENDER})


def beside_id(found: Elements) -> Elements:
    """Global identifiers of a party that has a plain one too."""
    return [one for one in found if any(inside(party, "ram:ID") for party in _alike(_above(one)))]


def beside_person(found: Elements) -> Elements:
    """Departments of a party that names a contact person too."""
    person = "ram:DefinedTradeContact/ram:PersonName"
    return [one for one in found if any(inside(party, person) for party in _alike(_above(one, 2)))]


def _alike(party: Element) -> Elements:
    """A party and the elements of the same name beside it."""
    return list(_above(party).iterchildren(str(party.tag)))


def transfer_without_account(found: Elements) -> Elements:
    """Credit transfers without an account to pay to."""
    account = "ram:PayeePartyCreditorFinancialAccount"
    return [
        means
        for means in found
        if not {"30", "58"}.isdisjoint(map(normalized, _types(means)))
        and not inside(means, f"{account}/ram:IBANID")
        and not inside(means, f"{account}/ram:ProprietaryID")
    ]


_LINE_DELIVERY = tuple(
    map(
        tag_of_step,
        (
            "ram:SpecifiedLineTradeDelivery",
            "ram:IncludedSupplyChainTradeLineItem",
            "rsm:SupplyChainTradeTransaction",
            "rsm:CrossIndustryInvoice",
        ),
    )
)


def unit_without_invoiced_unit(found: Elements) -> Elements:
    """Quantities with a unit, when no invoiced quantity has one."""
    if any(map(_is_invoiced, found)):
        return []
    return [quantity for quantity in found if quantity.get("unitCode") is not None]


def _is_invoiced(quantity: Element) -> bool:
    return (
        _is(quantity, "ram:BilledQuantity")
        and quantity.get("unitCode") is not None
        and tuple([element.tag for element in quantity.iterancestors()]) == _LINE_DELIVERY
    )


def not_vat(found: Elements) -> Elements:
    """Types of taxes other than VAT."""
    return [one for one in found if (one.text != "VAT" or len(one)) and "VAT" not in _types(_above(one))]


def outside_settlement(found: Elements) -> Elements:
    """Those that stand outside the settlement part of the document."""
    settlement = tag_of_step("ram:ApplicableHeaderTradeSettlement")
    return [one for one in found if next(one.iterancestors(settlement), None) is None]


def no_calendar_date(found: Elements) -> Elements:
    """Dates of the format 102 that are not eight digits with a possible month and day."""
    return [one for one in found if one.get("format") == "102" and not _is_date(normalized(said(one)))]


def _is_date(text: str) -> bool:
    return len(text) == 8 and text.isdecimal() and "01" <= text[4:6] <= "12" and "01" <= text[6:] <= "31"


SURE: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "over_two_decimals": ("", lambda text: "." not in text[:-3]),
    "creditor_identifier": ("schemeID", lambda scheme: (scheme or "").upper() != "SEPA"),
    "no_scheme": ("schemeID", lambda scheme: scheme is not None),
    "not_vat": ("", lambda text: text == "VAT"),
    "no_calendar_date": ("", lambda text: _is_date(normalized(text))),
}
"""For functions that an element's text ("") or attribute may settle: what it must be for the element not to offend."""

LOCAL: Final[Mapping[str, tuple[str, ...]]] = {
    "not_one_origin": (),
    "mixed_price_allowance": ("ram:ChargeIndicator/udt:Indicator",),
}
"""For functions that look at nothing around the context: the paths from an element to the texts that decide, beside
the shape of the context, whether it offends."""

AROUND: Final[Mapping[str, tuple[str, ...]]] = {
    "beside_id": (),
    "beside_person": (),
    "incomplete_tax_scheme": (),
    "mistyped_document": ("cbc:DocumentTypeCode",),
    "outside_settlement": (),
    "transfer_without_account": ("ram:TypeCode",),
}
"""The same for functions that look at the shape of the whole document, for elements that stand in no line."""

BUT: Final[Mapping[Callable[[Elements], Elements], frozenset[str]]] = {
    not_payment_means_code: frozenset((tag_of_step("cbc:PaymentMeansCode"),))
}
"""The elements in which a function finds nothing."""

OF_SEVERAL: Final[Container[Callable[[Elements], Elements]]] = frozenset({unlike_first})
"""Functions that find nothing where an element is the only one."""


def _has_invoiced_unit(located: Located) -> bool:
    """Whether a line stands in its place and has an invoiced quantity with a unit."""
    return any(_invoices_unit(alike[0]) for _, alike in located.parts)


@of_variant
def _invoices_unit(subtree: Subtree) -> bool:
    """Whether such a line is in a subtree."""
    recipe = subtree.recipe
    return any(
        (quantity, "unitCode") in recipe.attributes
        and [recipe.tag_above(quantity, levels) for levels in range(1, 6)] == [*_LINE_DELIVERY, ""]
        for line in subtree.found("BG-25")
        for quantity in recipe.groups[line].terms.get("BT-129", ())
    )


SETTLED: Final[Mapping[str, Callable[[Located], bool]]] = {"unit_without_invoiced_unit": _has_invoiced_unit}
"""For functions that look at the whole document: what shows at a glance that nothing in it offends."""
