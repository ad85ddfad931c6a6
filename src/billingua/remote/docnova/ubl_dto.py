"""The ublDto of Docnova (send-document-async-json): the invoice as JSON with the names of UBL.

Each value stands in an object, `{"Value": ...}`, with its currency, unit or scheme beside it. Only what Docnova
documents is written: a document with allowances, periods, exemption reasons, attachments or preceding invoices goes as
XML, by send-document-async.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, Final, TypeVar

from billingua.engine.document import Loss
from billingua.engine.numbers import plain
from billingua.errors import UsageError
from billingua.model import Invoice, LineVat, VatBreakdown
from billingua.remote.mapping.reading import ReadInvoice
from billingua.remote.mapping.reading import read as read_table
from billingua.remote.mapping.table import VALUE, Table, load
from billingua.remote.mapping.writing import Written, require_invoice
from billingua.remote.mapping.writing import write as write_table

__all__ = ["PROFILE_TYPES", "TYPES", "read", "write"]

TYPES: Final = frozenset(
    [
        *("PEPPOL_BIS", "XRECHNUNG", "XRECHNUNG_CII", "ZUGFERD", "FACTUR_X", "CII", "CID", "PDF", "RO_EFACTURA"),
        *("MY_INVOIS", "MY_PINT", "DK_OIOUBL", "EG_INVOICE", "HR_INVOICE", "UAE_PINT", "KZ_ESF_V2"),
        *("KSEF", "KSEF_OFFLINE"),
    ]
)
"""What Docnova makes of the invoice: its documentType."""

PROFILE_TYPES: Final = frozenset(("EN16931", "EXTENDED", "BASIC", "KSEF_FA2", "KSEF_FA3"))
"""Its ProfileType; KSEF_FA3 stands in a sample, not in the list."""

_OUTSIDE: Final = "O"
"""The VAT category of what is not subject to VAT."""

_Vat = TypeVar("_Vat", LineVat, VatBreakdown)


@cache
def _table() -> Table:
    return load(
        __file__,
        "ubl_dto.tsv",
        title="The ublDto of Docnova",
        instead="Docnova takes the document itself, as XML, by send-document-async.",
        words="words.tsv",
        wrapped=True,
    )


def write(
    invoice: Invoice,
    *,
    company_id: str | None,
    type: str = "XRECHNUNG",
    profile_type: str = "EN16931",
    allow_losses: bool = False,
) -> Written:
    """The invoice as a ublDto, numbers as Decimal with their own decimals.

    `company_id` is the UUID of the company, None where the request has an apiKey instead. Docnova asks for names and
    numbers of parties that EN 16931 does not: the trading name is then the name, and the identifier the registration
    or VAT number. The rate of category O is 0, as Percent must be there.

    Raises:
        CannotExpress: a value has no place and losses are not allowed, or a code has no word: types (BT-3) other than
            380, 381, 383 and 325, VAT categories other than S, Z, E, AE, G and O.
        InvalidModel: a value is missing that Docnova requires.
        UsageError: Docnova has no such type.
    """
    for name, given, known in (("type", type, TYPES), ("profile_type", profile_type, PROFILE_TYPES)):
        if given not in known:
            raise UsageError(f"Docnova has no {name} {given!r}.", todo=f"Name one of: {', '.join(sorted(known))}.")
    head = {"Type": type, "ProfileType": profile_type}
    if company_id is not None:
        head = {"CompanyId": company_id, **head}
    invoice = require_invoice(invoice, _table().title)
    written = write_table(
        _table(),
        _of_outside(invoice, lambda _: Decimal(0)),
        allow_losses=allow_losses,
        losses=tuple(_rates_of_outside(invoice)),
    )
    return Written({**head, **written.content}, written.losses)


def read(content: dict[str, Any]) -> ReadInvoice:
    """The invoice that a ublDto describes, and what of it has no place in an invoice.

    Raises:
        InvalidModel: a value is impossible, or an amount is not in the currency of the invoice.
    """
    if isinstance(content, dict):
        content = {**content, "TaxTotal": _in_order(content)}
    found = read_table(_table(), content)
    return ReadInvoice(_of_outside(found.invoice, lambda rate: rate or None), found.unmapped)


def _rates_of_outside(invoice: Invoice) -> Iterator[Loss]:
    """Rates of category O: Docnova has 0 there, EN 16931 has none."""
    groups = [
        *(
            (f"vat_breakdown[{n}]", "BT-119", one.category_code, one.rate)
            for n, one in enumerate(invoice.vat_breakdown)
        ),
        *(
            (f"lines[{n}].vat", "BT-152", one.vat.category_code, one.vat.rate)
            for n, one in enumerate(invoice.lines)
            if one.vat
        ),
    ]
    for where, term, category, rate in groups:
        if category == _OUTSIDE and rate is not None:
            yield Loss(term, plain(rate), f"{where}.rate", "what is not subject to VAT has no rate")


def _of_outside(invoice: Invoice, change: Callable[[Decimal | None], Decimal | None]) -> Invoice:
    """The invoice with other rates wherever the category is O."""
    return invoice.replace(
        vat_breakdown=tuple([_changed(one, change) for one in invoice.vat_breakdown]),
        lines=tuple([line.replace(vat=_changed(line.vat, change)) if line.vat else line for line in invoice.lines]),
    )


def _changed(vat: _Vat, change: Callable[[Decimal | None], Decimal | None]) -> _Vat:
    return vat.replace(rate=change(vat.rate)) if vat.category_code == _OUTSIDE else vat


def _in_order(content: dict[str, Any]) -> Any:
    """TaxTotal with that of the invoice currency (BT-110) before that of the accounting currency (BT-111)."""
    found = content.get("TaxTotal")
    if not isinstance(found, list):
        return found
    currency = _value(content.get("DocumentCurrencyCode"))
    return sorted(found, key=lambda one: _currency(one) not in (None, currency))


def _currency(total: Any) -> Any:
    amount = total.get("TaxAmount") if isinstance(total, dict) else None
    return amount.get("currencyID") if isinstance(amount, dict) else None


def _value(leaf: Any) -> Any:
    return leaf.get(VALUE) if isinstance(leaf, dict) else leaf
