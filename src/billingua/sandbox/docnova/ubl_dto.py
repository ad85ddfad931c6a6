"""The JSON image of UBL (ublDto): what must be there, and the UBL document it stands for."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from lxml import etree

from billingua import api
from billingua.errors import CannotExpress

__all__ = ["missing_in", "ubl_of"]

_INVOICE: Final = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
_CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
_CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_ATTRIBUTES: Final = ("currencyID", "unitCode", "schemeID", "name", "listID", "mimeCode", "filename")
_DIGITS: Final = 40
_OWN: Final = frozenset(
    ("CompanyId", "Type", "Format", "ProfileType", "IsPeppolParticipant", "DraftUuid", "PartnerUuid")
)
"""Keys that are not of UBL."""

TYPE_CODES: Final = {
    "VAT": "380",
    "CREDIT_NOTE": "381",
    "DEBIT_NOTE": "383",
    "PROFORMA_INVOICE": "325",
    "KSEF_BASIC": "380",
    "KSEF_CORRECTIVE": "384",
    "KSEF_PREPAYMENT": "386",
    "KSEF_BILLING": "380",
}
"""The words for BT-3."""

_PARTY: Final = (
    "PartyIdentification.ID",
    "PartyName.Name",
    "PostalAddress.StreetName",
    "PostalAddress.CityName",
    "PostalAddress.PostalZone",
    "PostalAddress.Country.IdentificationCode",
    "PartyTaxScheme.CompanyID",
    "PartyTaxScheme.TaxScheme.ID",
    "PartyLegalEntity.RegistrationName",
    "PartyLegalEntity.CompanyID",
)
_REQUIRED: Final = (
    *("Type", "ProfileType", "CustomizationID", "ID", "IssueDate", "InvoiceTypeCode", "DocumentCurrencyCode"),
    *[f"{role}.Party.{path}" for role in ("AccountingSupplierParty", "AccountingCustomerParty") for path in _PARTY],
    *("TaxTotal.TaxAmount", "TaxTotal.TaxSubtotal.TaxableAmount", "TaxTotal.TaxSubtotal.TaxAmount"),
    *("TaxTotal.TaxSubtotal.TaxCategory.ID", "TaxTotal.TaxSubtotal.TaxCategory.Percent"),
    "TaxTotal.TaxSubtotal.TaxCategory.TaxScheme.ID",
    *("LegalMonetaryTotal.LineExtensionAmount", "LegalMonetaryTotal.TaxExclusiveAmount"),
    *("LegalMonetaryTotal.TaxInclusiveAmount", "LegalMonetaryTotal.PayableAmount"),
    *("InvoiceLine.ID", "InvoiceLine.InvoicedQuantity", "InvoiceLine.LineExtensionAmount", "InvoiceLine.Item.Name"),
    *("InvoiceLine.Item.ClassifiedTaxCategory.ID", "InvoiceLine.Item.ClassifiedTaxCategory.Percent"),
    *("InvoiceLine.Item.ClassifiedTaxCategory.TaxScheme.ID", "InvoiceLine.Price.PriceAmount"),
)
"""What the tables of the page mark as required; in each entry of a list."""


def missing_in(dto: Any) -> list[str]:
    """The required paths that have no value."""
    return [path for path in _REQUIRED if not _has(dto, path.split("."))]


def _has(node: Any, steps: list[str]) -> bool:
    if isinstance(node, list):
        return bool(node) and all(_has(one, steps) for one in node)
    if not steps:
        value = node.get("Value") if isinstance(node, dict) else node
        return value not in (None, "", [])
    return isinstance(node, dict) and steps[0] in node and _has(node[steps[0]], steps[1:])


def ubl_of(dto: dict[str, Any]) -> bytes:
    """The UBL document of a ublDto.

    Raises:
        BillinguaError: a value cannot be what it should be.
    """
    word = str(dto["InvoiceTypeCode"].get("Value", "") if isinstance(dto["InvoiceTypeCode"], dict) else "")
    code = TYPE_CODES.get(word)
    if code is None:
        raise CannotExpress(f"InvoiceTypeCode {word[:40]!r} is none of {', '.join(TYPE_CODES)}.")
    root = etree.Element(f"{{{_INVOICE}}}Invoice")
    for name, node in dto.items():
        if name not in _OWN:
            for element in _elements(name, node):
                root.append(element)
    for element in root.iterfind(f"{_CBC}InvoiceTypeCode"):
        element.text = code
    document = api.read(etree.tostring(root))
    return api.write(document.content, "ubl")


def _elements(name: str, node: Any) -> Iterator[Any]:
    """The elements for a key: one for each entry of a list."""
    if not _is_name(name):
        raise CannotExpress(f"The key {name[:40]!r} is no element of UBL.")
    if isinstance(node, list):
        for one in node:
            yield from _elements(name, one)
    elif isinstance(node, dict) and "Value" in node:
        if node["Value"] is not None:
            element = _leaf(name, node["Value"])
            for attribute in _ATTRIBUTES:
                if node.get(attribute) is not None:
                    element.set(attribute, _text(node[attribute]))
            yield element
    elif isinstance(node, dict):
        element = etree.Element(_CAC + name)
        for key, value in node.items():
            for child in _elements(key, value):
                element.append(child)
        yield element
    elif node is not None:
        yield _leaf(name, node)


def _is_name(name: str) -> bool:
    return name.isascii() and name.isalnum() and not name[:1].isdigit()


def _leaf(name: str, value: Any) -> Any:
    element = etree.Element(_CBC + name)
    element.text = _text(value)
    return element


def _text(value: Any) -> str:
    """A value as XML has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal) and not -_DIGITS < value.adjusted() < _DIGITS:
        raise CannotExpress(f"A number has more than {_DIGITS} digits.")
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if any((ord(letter) < 32 and letter not in "\t\n\r") or letter in "\ufffe\uffff" for letter in text):
        raise CannotExpress("A value has characters that XML cannot have.")
    return text
