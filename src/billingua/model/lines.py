"""What is invoiced: the lines and their parts (BG-25 to BG-32)."""

from decimal import Decimal
from typing import Annotated

from billingua.model.addresses import Period
from billingua.model.base import Group, Identifier, term
from billingua.model.extension import (
    EXTENSION,
    ItemAttributeExtension,
    LineChargeExtension,
    LineExtension,
    LineVatExtension,
    PriceExtension,
)

__all__ = ["Item", "ItemAttribute", "Line", "LineAllowance", "LineCharge", "LineVat", "Price"]


class LineAllowance(Group, frozen=True):
    """BG-27 Invoice line allowances: one reduction of a line."""

    amount: Annotated[Decimal | None, term("BT-136 Invoice line allowance amount: without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, term("BT-137 Invoice line allowance base amount: what the percentage is taken of.")
    ] = None
    percentage: Annotated[Decimal | None, term("BT-138 Invoice line allowance percentage: 10 for ten per cent.")] = None
    reason: Annotated[str | None, term("BT-139 Invoice line allowance reason: in words.")] = None
    reason_code: Annotated[str | None, term("BT-140 Invoice line allowance reason code: of UNCL 5189.")] = None


class LineCharge(Group, frozen=True):
    """BG-28 Invoice line charges: one addition to a line, other than taxes."""

    amount: Annotated[Decimal | None, term("BT-141 Invoice line charge amount: without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, term("BT-142 Invoice line charge base amount: what the percentage is taken of.")
    ] = None
    percentage: Annotated[Decimal | None, term("BT-143 Invoice line charge percentage: 10 for ten per cent.")] = None
    reason: Annotated[str | None, term("BT-144 Invoice line charge reason: in words.")] = None
    reason_code: Annotated[str | None, term("BT-145 Invoice line charge reason code: of UNCL 7161.")] = None
    extension: Annotated[LineChargeExtension | None, EXTENSION] = None


class Price(Group, frozen=True):
    """BG-29 Price details: what one base quantity of the item costs."""

    net_price: Annotated[Decimal | None, term("BT-146 Item net price: without VAT, after the discount.")] = None
    discount: Annotated[Decimal | None, term("BT-147 Item price discount: gross price less net price.")] = None
    gross_price: Annotated[Decimal | None, term("BT-148 Item gross price: without VAT, before the discount.")] = None
    base_quantity: Annotated[
        Decimal | None, term("BT-149 Item price base quantity: how many units the price is for; 1 if absent.")
    ] = None
    base_quantity_unit_code: Annotated[
        str | None, term("BT-150 Item price base quantity unit of measure code: the same unit as BT-130.")
    ] = None
    extension: Annotated[PriceExtension | None, EXTENSION] = None


class LineVat(Group, frozen=True):
    """BG-30 Line VAT information: the VAT that applies to the line."""

    category_code: Annotated[str | None, term("BT-151 Invoiced item VAT category code: of UNCL 5305, such as S.")] = (
        None
    )
    rate: Annotated[Decimal | None, term("BT-152 Invoiced item VAT rate: 19 for nineteen per cent.")] = None
    extension: Annotated[LineVatExtension | None, EXTENSION] = None


class ItemAttribute(Group, frozen=True):
    """BG-32 Item attributes: one property of the item."""

    name: Annotated[str | None, term("BT-160 Item attribute name: such as Colour.")] = None
    value: Annotated[str | None, term("BT-161 Item attribute value: such as Black.")] = None
    extension: Annotated[ItemAttributeExtension | None, EXTENSION] = None


class Item(Group, frozen=True):
    """BG-31 Item information: the goods or services."""

    name: Annotated[str | None, term("BT-153 Item name: what it is called.")] = None
    description: Annotated[str | None, term("BT-154 Item description: more about it.")] = None
    seller_identifier: Annotated[str | None, term("BT-155 Item Seller's identifier: its number at the Seller.")] = None
    buyer_identifier: Annotated[str | None, term("BT-156 Item Buyer's identifier: its number at the Buyer.")] = None
    standard_identifier: Annotated[
        Identifier | None, term("BT-157 Item standard identifier: such as a GTIN; the scheme is BT-157-1.")
    ] = None
    classification_identifiers: Annotated[
        tuple[Identifier, ...],
        term("BT-158 Item classification identifier: such as a CPV code; scheme BT-158-1, version BT-158-2."),
    ] = ()
    country_of_origin: Annotated[str | None, term("BT-159 Item country of origin: two letters of ISO 3166-1.")] = None
    attributes: Annotated[tuple[ItemAttribute, ...], term("BG-32 Item attributes: its properties.")] = ()


class Line(Group, frozen=True):
    """BG-25 Invoice line: one position of the invoice."""

    identifier: Annotated[str | None, term("BT-126 Invoice line identifier: unique within the invoice.")] = None
    note: Annotated[str | None, term("BT-127 Invoice line note: a remark on the line.")] = None
    object_identifier: Annotated[
        Identifier | None,
        term("BT-128 Invoice line object identifier: what the line is about; the scheme is BT-128-1."),
    ] = None
    quantity: Annotated[Decimal | None, term("BT-129 Invoiced quantity: how many units.")] = None
    unit_code: Annotated[str | None, term("BT-130 Invoiced quantity unit of measure code: of UNECE Rec. 20 or 21.")] = (
        None
    )
    net_amount: Annotated[
        Decimal | None, term("BT-131 Invoice line net amount: without VAT, with line allowances and charges.")
    ] = None
    purchase_order_line_reference: Annotated[
        str | None, term("BT-132 Referenced purchase order line reference: the line of the order BT-13.")
    ] = None
    buyer_accounting_reference: Annotated[
        str | None, term("BT-133 Invoice line Buyer accounting reference: where the Buyer books the line.")
    ] = None
    period: Annotated[Period | None, term("BG-26 Invoice line period: the days the line covers.")] = None
    allowances: Annotated[
        tuple[LineAllowance, ...], term("BG-27 Invoice line allowances: reductions of the line.")
    ] = ()
    charges: Annotated[tuple[LineCharge, ...], term("BG-28 Invoice line charges: additions to the line.")] = ()
    price: Annotated[Price | None, term("BG-29 Price details: what a unit costs.")] = None
    vat: Annotated[LineVat | None, term("BG-30 Line VAT information: category and rate.")] = None
    item: Annotated[Item | None, term("BG-31 Item information: the goods or services.")] = None
    extension: Annotated[LineExtension | None, EXTENSION] = None
