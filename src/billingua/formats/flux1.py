"""Flux 1: the data of an invoice that the French public portal takes, derived from the invoice.

Kept is what the schema of the subset has a place for; whatever else the invoice says is a loss. Some of it is stated
anew or left out for the rules of the portal, so that an invoice of French businesses is not refused for what other
receivers may well have:

- prices are those of one unit (BT-149 has no place), and a missing gross price (BT-148), which FULL asks for, is the
  net one with the discount;
- the rate of the VAT category O is 0 (G6.08, G6.10), and a missing total of VAT (BT-110) the sum of the VAT breakdown;
- of the identifiers of the seller (BT-29) only that of a single taxable person is kept (scheme 0231: S1.14), and no tax
  number but that of VAT (S1.17);
- a delivery address that is not whole is left out (G6.16), and so is a period of a single day (G6.25);
- lines that only group or explain others are left out: those of subtype GROUP or INFORMATION, and those that have
  neither quantity nor price (G6.09);
- preceding invoices stand in the head or in the lines, not in both (G1.31): those of the lines are left out where the
  head has any, and stand in the head of BASE where it has none.

The specification leaves open: how these data follow from an invoice (its mapping rules are not published); which of the
two subsets a platform sends when; and what stands in BT-24 (see `subsets`). What the rules refuse beyond that, such as
a buyer without SIREN (G1.63), is refused in the result too: such invoices are reported as flux 10.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from billingua.engine.content_model import bring_down, places_of
from billingua.engine.document import Loss, hand_over
from billingua.engine.numbers import add, total
from billingua.engine.places import Places
from billingua.engine.structure import require_structure
from billingua.engine.writing import serialize
from billingua.formats.en16931 import Syntax, read_invoice, tree_of
from billingua.formats.narrowing import shown, term_of
from billingua.formats.subsets import Subset
from billingua.model import Address, Delivery, Invoice, Item, Line, Period, PrecedingInvoice, Price, terms
from billingua.model.extension import LineDelivery
from billingua.model.unit_prices import of_one_unit

__all__ = ["write_subset"]

_ZERO: Final = Decimal(0)

_NO_RATE: Final = "O"
"""The VAT category that has no rate in the standard."""

_SINGLE_TAXABLE_PERSON: Final = "0231"

_OF_ONE_UNIT: Final = "the price is that of one unit"
_WHOLE_ADDRESS: Final = "the portal takes whole addresses only (G6.16)"
_LONGER_PERIOD: Final = "the portal takes no period of a single day (G6.25)"
_REASONS: Final = {
    "seller.identifiers": "of the seller the portal takes the number of a single taxable person alone (S1.14)",
    "invoicing_period": _LONGER_PERIOD,
}
_REASONS_OF_FULL: Final = _REASONS | {
    "delivery.address": _WHOLE_ADDRESS,
    "lines[].extension.delivery.address": _WHOLE_ADDRESS,
    "lines[].period": _LONGER_PERIOD,
    "lines[].price.base_quantity": _OF_ONE_UNIT,
}
"""Why a value is left out that the subset has a place for, by the beginning of its path."""


def write_subset(syntax: Syntax, invoice: Invoice, name: str, subset: Subset, losses: list[Loss] | None) -> bytes:
    """The data of an invoice in a subset, as the wire format `name`.

    Raises:
        CannotExpress: the subset has no place for a value, and no list of losses was given.
        InvalidModel: the invoice lacks what the schema of the subset requires.
    """
    schema = subset.schema(name)
    restated = _restated(invoice, subset)
    root, _ = tree_of(syntax, _taken(restated), name)
    bring_down(root, places_of(schema))
    kept = _in_place(read_invoice(syntax, root).content, restated)
    hand_over([_loss(*one, subset) for one in _missing(restated, kept, "", "")], losses, subset.title)
    places = Places(syntax.format.prefixes)
    require_structure(root, schema, "", places, lambda: _lacking(invoice, subset), subset.title)
    return serialize(root)


def _restated(invoice: Invoice, subset: Subset) -> Invoice:
    """The invoice as the subset has it said; the base quantities of prices are still there."""
    totals, taxes = invoice.totals, [one.tax_amount for one in invoice.vat_breakdown if one.tax_amount is not None]
    if totals is not None and totals.total_vat is None and taxes:
        totals = totals.replace(total_vat=total(taxes))
    head = invoice.replace(
        totals=totals,
        vat_breakdown=[
            one.replace(rate=_ZERO) if one.category_code == _NO_RATE and one.rate is None else one
            for one in invoice.vat_breakdown
        ],
    )
    if not subset.has_lines:
        return head if head.preceding_invoices else head.replace(preceding_invoices=_of_lines(invoice))
    return head.replace(
        allowances=[
            one.replace(vat_rate=_ZERO) if one.vat_category_code == _NO_RATE and one.vat_rate is None else one
            for one in invoice.allowances
        ],
        lines=[_restated_line(line) for line in invoice.lines],
    )


def _of_lines(invoice: Invoice) -> list[PrecedingInvoice]:
    """The preceding invoices that the lines refer to, each once."""
    found = [one for line in invoice.lines if line.extension is not None for one in line.extension.preceding_invoices]
    return list(dict.fromkeys(PrecedingInvoice(number=one.number) for one in found if one.number))


def _restated_line(line: Line) -> Line:
    if line.price is None or line.price.net_price is None:
        return line
    price = of_one_unit(line.price)
    if price.net_price is not None and price.gross_price is None:
        price = price.replace(gross_price=add(price.net_price, price.discount or _ZERO))
    return line.replace(price=price)


def _taken(invoice: Invoice) -> Invoice:
    """The invoice without what the portal's rules refuse, or what would stand where a subset has another thing."""
    seller = invoice.seller
    if seller is not None:
        seller = seller.replace(
            identifiers=[one for one in seller.identifiers if one.scheme_id == _SINGLE_TAXABLE_PERSON],
            tax_registration_identifier=None,
        )
    return invoice.replace(
        seller=seller,
        delivery=invoice.delivery and _to_a_whole_address(invoice.delivery),
        payment=None,
        payee=None,
        invoicing_period=_longer(invoice.invoicing_period),
        lines=[_taken_line(line, bool(invoice.preceding_invoices)) for line in invoice.lines if _is_sold(line)],
    )


def _taken_line(line: Line, refers_in_head: bool) -> Line:
    extension = line.extension
    if extension is not None:
        extension = extension.replace(
            subtype=None,
            parent_line=None,
            preceding_invoices=() if refers_in_head else extension.preceding_invoices,
            delivery=extension.delivery and _to_a_whole_address(extension.delivery),
        )
    return line.replace(
        extension=extension,
        period=_longer(line.period),
        price=line.price and line.price.replace(base_quantity=None),
    )


def _is_sold(line: Line) -> bool:
    """Whether a line says how many or at what price, and is none that only groups or explains others."""
    if line.extension is not None and line.extension.subtype in ("GROUP", "INFORMATION"):
        return False
    return line.quantity is not None or (line.price is not None and line.price.net_price is not None)


def _in_place(kept: Invoice, invoice: Invoice) -> Invoice:
    """What was kept, with empty lines for those that were left out."""
    lines = iter(kept.lines)
    return kept.replace(
        lines=[next(lines) if _is_sold(line) else Line() for line in invoice.lines] if kept.lines else ()
    )


_To = TypeVar("_To", Delivery, LineDelivery)


def _to_a_whole_address(delivery: _To) -> _To:
    """A delivery, without its address where that is not whole."""
    return delivery if _is_whole(delivery.address) else delivery.replace(address=None)


def _is_whole(address: Address | None) -> bool:
    return address is not None and all((address.line1, address.city, address.post_code, address.country_code))


def _longer(period: Period | None) -> Period | None:
    """A period, if it ends later than it begins, or does not say."""
    if period is None or period.start_date is None or period.end_date is None:
        return period
    return period if period.end_date > period.start_date else None


_NEEDED: Final = ("BT-1", "BT-2", "BT-3", "BT-5", "BT-23")
_NEEDED_OF_LINES: Final = ("BT-129", "BT-130", "BT-146", "BT-153")


def _lacking(invoice: Invoice, subset: Subset) -> Iterator[str]:
    """The terms that a subset asks for and an invoice does not have."""
    for term in _NEEDED:
        attribute = terms()[term].attribute
        if getattr(invoice, attribute) is None:
            yield f"{term} {terms()[term].name} ({attribute})"
    if not subset.has_lines:
        return
    if not any(map(_is_sold, invoice.lines)):
        yield f"BG-25 {terms()['BG-25'].name} (lines)"
    for number, line in enumerate(invoice.lines):
        price, item = line.price or Price(), line.item or Item()
        values = (line.quantity, line.unit_code, price.net_price, item.name)
        for term, value in zip(_NEEDED_OF_LINES, values, strict=True):
            if value is None and _is_sold(line):
                yield f"{term} {terms()[term].name} (lines[{number}])"


def _missing(stated: Any, kept: Any, pattern: str, where: str) -> Iterator[tuple[str, str, Any]]:
    """The values of a group that are not in another one: path without indices, path, value."""
    for name in stated.__struct_fields__:
        value, found = getattr(stated, name), getattr(kept, name, None)
        path, place = f"{pattern}{name}", f"{where}{name}"
        match value:
            case None | ():
                continue
            case msgspec.Struct():
                yield from _missing(value, found, f"{path}.", f"{place}.")
            case tuple():
                for number, (one, other) in enumerate(_beside(value, found or ())):
                    yield from _missing(one, other, f"{path}[].", f"{place}[{number}].")
            case _:
                if value != found:
                    yield path, place, value


def _beside(stated: tuple[Any, ...], kept: tuple[Any, ...]) -> Iterator[tuple[Any, Any]]:
    """Each entry with the one that was kept of it; entries may be left out, but stay in their order."""
    left = list(kept)
    for one in stated:
        same = len(left) > 0 and (len(stated) == len(kept) or not any(_missing(left[0], one, "", "")))
        yield one, left.pop(0) if same else None


def _loss(path: str, where: str, value: Any, subset: Subset) -> Loss:
    reasons = _REASONS_OF_FULL if subset.has_lines else _REASONS
    why = next((reason for start, reason in reasons.items() if path.startswith(start)), None)
    return Loss(term_of(path), shown(value), where, why or f"it is not among the data of {subset.title}")
