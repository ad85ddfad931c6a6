"""What kind of sale an invoice is, and who must report what of it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from billingua.errors import InvalidModel
from billingua.formats.ereporting.model import Declarant, EReport, Numbered
from billingua.model import Invoice
from billingua.model.amounts import VatBreakdown

__all__ = ["CREDIT_NOTES", "Head", "LeftOut", "Reported", "framework_of", "head_of", "needed", "rate_of", "sale_of"]

CREDIT_NOTES: Final = frozenset(("261", "381", "396", "502", "503"))

_SALES: Final = frozenset(("B2B", "B2BINT", "B2C", "B2CINT", "OUTOFSCOPE", "ARCHIVEONLY"))
_ZERO: Final = Decimal(0)


class Head(NamedTuple):
    """What stands at the head of every report: its identifier, the sending platform, the declaring business.

    `platform` is the four characters the portal gave the platform, `siren` the nine digits of the business; `role` is
    SE, or BY for purchases; `corrects` says that the report replaces the one before.
    """

    id: str
    issued: datetime
    platform: str
    platform_name: str
    siren: str
    name: str
    role: str = "SE"
    corrects: bool = False


class LeftOut(NamedTuple):
    """An invoice that is not in a report, and why."""

    number: str
    why: str


class Reported(NamedTuple):
    """A report, and what of that which was given is not in it."""

    report: EReport
    left_out: tuple[LeftOut, ...]


def head_of(head: Head) -> EReport:
    """A report that has its head only."""
    return EReport(
        id=head.id,
        issued=head.issued,
        kind="RE" if head.corrects else "IN",
        sender=Declarant(id=Numbered(scheme="0238", value=head.platform), name=head.platform_name, role="WK"),
        issuer=Declarant(id=Numbered(scheme="0002", value=head.siren), name=head.name, role=head.role),
    )


def sale_of(invoice: Invoice) -> str:
    """B2B, B2BINT, B2C, B2CINT, OUTOFSCOPE or ARCHIVEONLY.

    A note (BT-22) with the subject BAR says it. Without one a buyer without VAT number and legal registration is a
    consumer, and a sale is international when seller and buyer are not both in France.
    """
    for note in invoice.notes:
        if note.subject_code == "BAR" and note.text in _SALES:
            return note.text
    buyer, seller = invoice.buyer, invoice.seller
    is_business = buyer is not None and bool(buyer.vat_identifier or buyer.legal_registration_identifier)
    countries = [party.address.country_code if party and party.address else None for party in (seller, buyer)]
    abroad = any(country not in (None, "FR") for country in countries)
    return f"{'B2B' if is_business else 'B2C'}{'INT' if abroad else ''}"


def framework_of(invoice: Invoice) -> str:
    """The framework (BT-23), such as S1.

    Raises:
        InvalidModel: there is none that says whether goods or services are sold.
    """
    framework = invoice.business_process or ""
    if framework[:1] not in ("B", "S", "M") or not framework[1:].isdigit():
        raise InvalidModel(
            f"Invoice {invoice.number} has no framework (BT-23), which says whether it is for goods or services.",
            todo="Give one: B1 for goods, S1 for services, M1 for both.",
        )
    return framework


def rate_of(entry: VatBreakdown) -> Decimal:
    """The rate of a part of the VAT breakdown; 0 where it has none."""
    return _ZERO if entry.rate is None else entry.rate


def needed(invoice: Invoice) -> tuple[date, Sequence[VatBreakdown]]:
    """The date and the VAT breakdown.

    Raises:
        InvalidModel: one is missing, or an amount of the breakdown.
    """
    parts = invoice.vat_breakdown
    if invoice.issue_date is None or not parts or any(None in (one.taxable_amount, one.tax_amount) for one in parts):
        raise InvalidModel(
            f"Invoice {invoice.number} has no date (BT-2) or no whole VAT breakdown (BG-23).",
            todo="with_totals() computes the breakdown.",
        )
    return invoice.issue_date, parts
