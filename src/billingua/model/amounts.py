"""Document level allowances and charges, totals and VAT breakdown (BG-20 to BG-23)."""

from decimal import Decimal
from typing import Annotated

from billingua.model.base import Group, term
from billingua.model.extension import EXTENSION, DocumentAllowanceExtension, DocumentChargeExtension

__all__ = ["DocumentAllowance", "DocumentCharge", "Totals", "VatBreakdown"]


class DocumentAllowance(Group, frozen=True):
    """BG-20 Document level allowances: one reduction of the whole invoice."""

    amount: Annotated[Decimal | None, term("BT-92 Document level allowance amount: without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, term("BT-93 Document level allowance base amount: what the percentage is taken of.")
    ] = None
    percentage: Annotated[Decimal | None, term("BT-94 Document level allowance percentage: 10 for ten per cent.")] = (
        None
    )
    vat_category_code: Annotated[
        str | None, term("BT-95 Document level allowance VAT category code: of UNCL 5305, such as S.")
    ] = None
    vat_rate: Annotated[Decimal | None, term("BT-96 Document level allowance VAT rate: 19 for nineteen per cent.")] = (
        None
    )
    reason: Annotated[str | None, term("BT-97 Document level allowance reason: in words.")] = None
    reason_code: Annotated[str | None, term("BT-98 Document level allowance reason code: of UNCL 5189.")] = None
    extension: Annotated[DocumentAllowanceExtension | None, EXTENSION] = None


class DocumentCharge(Group, frozen=True):
    """BG-21 Document level charges: one addition to the whole invoice, other than taxes."""

    amount: Annotated[Decimal | None, term("BT-99 Document level charge amount: without VAT.")] = None
    base_amount: Annotated[
        Decimal | None, term("BT-100 Document level charge base amount: what the percentage is taken of.")
    ] = None
    percentage: Annotated[Decimal | None, term("BT-101 Document level charge percentage: 10 for ten per cent.")] = None
    vat_category_code: Annotated[
        str | None, term("BT-102 Document level charge VAT category code: of UNCL 5305, such as S.")
    ] = None
    vat_rate: Annotated[Decimal | None, term("BT-103 Document level charge VAT rate: 19 for nineteen per cent.")] = None
    reason: Annotated[str | None, term("BT-104 Document level charge reason: in words.")] = None
    reason_code: Annotated[str | None, term("BT-105 Document level charge reason code: of UNCL 7161.")] = None
    extension: Annotated[DocumentChargeExtension | None, EXTENSION] = None


class Totals(Group, frozen=True):
    """BG-22 Document totals: in the invoice currency, except BT-111."""

    line_total: Annotated[Decimal | None, term("BT-106 Sum of Invoice line net amount: all BT-131 added up.")] = None
    allowance_total: Annotated[
        Decimal | None, term("BT-107 Sum of allowances on document level: all BT-92 added up.")
    ] = None
    charge_total: Annotated[Decimal | None, term("BT-108 Sum of charges on document level: all BT-99 added up.")] = None
    total_without_vat: Annotated[
        Decimal | None, term("BT-109 Invoice total amount without VAT: BT-106 - BT-107 + BT-108.")
    ] = None
    total_vat: Annotated[Decimal | None, term("BT-110 Invoice total VAT amount: all BT-117 added up.")] = None
    total_vat_in_accounting_currency: Annotated[
        Decimal | None,
        term("BT-111 Invoice total VAT amount in accounting currency: BT-110 in BT-6 currency."),
    ] = None
    total_with_vat: Annotated[Decimal | None, term("BT-112 Invoice total amount with VAT: BT-109 + BT-110.")] = None
    paid_amount: Annotated[Decimal | None, term("BT-113 Paid amount: what was paid in advance.")] = None
    rounding_amount: Annotated[Decimal | None, term("BT-114 Rounding amount: what rounds the amount to pay.")] = None
    amount_due: Annotated[Decimal | None, term("BT-115 Amount due for payment: BT-112 - BT-113 + BT-114.")] = None


class VatBreakdown(Group, frozen=True):
    """BG-23 VAT breakdown: one VAT category at one rate."""

    taxable_amount: Annotated[Decimal | None, term("BT-116 VAT category taxable amount: what the tax is taken of.")] = (
        None
    )
    tax_amount: Annotated[Decimal | None, term("BT-117 VAT category tax amount: BT-116 x BT-119.")] = None
    category_code: Annotated[str | None, term("BT-118 VAT category code: of UNCL 5305, such as S.")] = None
    rate: Annotated[Decimal | None, term("BT-119 VAT category rate: 19 for nineteen per cent.")] = None
    exemption_reason: Annotated[str | None, term("BT-120 VAT exemption reason text: why no VAT is charged.")] = None
    exemption_reason_code: Annotated[
        str | None, term("BT-121 VAT exemption reason code: of the VATEX list, such as VATEX-EU-AE.")
    ] = None
