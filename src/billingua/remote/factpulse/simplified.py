"""The simplified invoice of FactPulse, which is only sent: FactPulse adds what registers and arithmetic tell.

Names and addresses come from the register of French companies, totals and VAT from the lines. So an invoice goes this
way when its amounts are just those sums; parties are lost where the invoice names them.
"""

from decimal import Decimal
from functools import cache
from typing import Final

from billingua.errors import CannotExpress, InvalidModel
from billingua.identifiers import fr_vat, siret
from billingua.model import Buyer, Identifier, Invoice, Line, LineVat, Price, Seller, Totals, VatBreakdown
from billingua.remote.factpulse.invoice_json import INSTEAD, settled_specification
from billingua.remote.mapping.table import Table, load
from billingua.remote.mapping.writing import Written, require_invoice
from billingua.remote.mapping.writing import write as write_table

__all__ = ["write"]

_MOST_DAYS: Final = 365
_SUMS: Final = {
    "line_total": "BT-106",
    "allowance_total": "BT-107",
    "charge_total": "BT-108",
    "total_without_vat": "BT-109",
    "total_vat": "BT-110",
    "total_with_vat": "BT-112",
    "paid_amount": "BT-113",
    "rounding_amount": "BT-114",
    "amount_due": "BT-115",
}
_COMPUTED: Final = (
    "lines[].net_amount",
    *(f"totals.{name}" for name in _SUMS),
    *(f"vat_breakdown[].{name}" for name in ("taxable_amount", "tax_amount", "category_code", "rate")),
)


@cache
def _table() -> Table:
    return load(
        __file__,
        "simplified.tsv",
        title="The simplified invoice of FactPulse",
        instead=f"Send the full model. {INSTEAD}",
        words="words.tsv",
        numbers="text",
    )


def write(invoice: Invoice, *, allow_losses: bool = False) -> Written:
    """The invoice as the simplified form: `invoice_data`, and `invoiceData` of submit-complete.

    Raises:
        CannotExpress: a value has no place and losses are not allowed; or FactPulse would send another invoice: other
            amounts, another currency than EUR, another VAT category than S, more than 365 days to pay.
        InvalidModel: a value is missing that FactPulse requires, or would make up.
    """
    invoice = require_invoice(invoice, _table().title)
    settled = (*_COMPUTED, "due_date", *settled_specification(invoice), *_derived(invoice))
    written = write_table(_table(), invoice, allow_losses=allow_losses, settled=settled)
    _check_tax_number(invoice)
    _check_sums(invoice)
    return Written({**written.content, "dueDays": _days(invoice)}, written.losses)


def _days(invoice: Invoice) -> int:
    """The days to pay."""
    if invoice.due_date is None or invoice.issue_date is None:
        raise InvalidModel(
            "The payment due date (BT-9) is missing, and FactPulse would enter one of its own, after 30 days.",
            where="due_date",
            todo="Give it.",
        )
    days = (invoice.due_date - invoice.issue_date).days
    if not 0 <= days <= _MOST_DAYS:
        raise CannotExpress(
            f"Payment is due (BT-9) {days} days after the issue, and FactPulse takes 0 to {_MOST_DAYS}.",
            where="due_date",
            todo="Send the full model.",
        )
    return days


def _derived(invoice: Invoice) -> list[str]:
    """Registration and VAT numbers that FactPulse derives from the SIRET, where they are those of the invoice."""
    settled = []
    seller, buyer = invoice.seller or Seller(), invoice.buyer or Buyer()
    numbers = (
        ("seller", seller.legal_registration_identifier, seller.identifiers),
        ("buyer", buyer.legal_registration_identifier, (buyer.identifier,)),
    )
    for name, registration, identifiers in numbers:
        if registration is not None and registration == _siren(identifiers):
            path = f"{name}.legal_registration_identifier"
            settled += [f"{path}.value", f"{path}.scheme_id"]
    company = _siren(seller.identifiers)
    if (
        company
        and seller.tax_registration_identifier is None
        and seller.vat_identifier == fr_vat.of_siren(str(company))
    ):
        settled.append("seller.vat_identifier")
    return settled


def _siren(identifiers: tuple[Identifier | None, ...]) -> Identifier | None:
    """The SIREN in the SIRET (scheme 0009) among the identifiers of a party."""
    known = (one.value or "" for one in identifiers if one is not None and one.scheme_id == "0009")
    return next((Identifier(number[:9], "0002") for number in known if siret.is_valid(number)), None)


def _check_tax_number(invoice: Invoice) -> None:
    seller = invoice.seller or Seller()
    if seller.vat_identifier is None and seller.tax_registration_identifier is None:
        raise InvalidModel(
            "The seller has no VAT number (BT-31), and FactPulse would make one of the SIREN.",
            where="seller",
            todo="Give the tax registration (BT-32), usually the SIREN, or the VAT number.",
        )


def _check_sums(invoice: Invoice) -> None:
    """Refuse an invoice whose amounts are not those that FactPulse computes."""
    lines = tuple(
        Line(
            identifier=line.identifier,
            quantity=line.quantity,
            price=Price(net_price=(line.price or Price()).net_price),
            vat=LineVat(category_code="S", rate=(line.vat or LineVat()).rate),
        )
        for line in invoice.lines
    )
    computed = Invoice(currency=invoice.currency, lines=lines).with_totals()
    for number, (line, sum_) in enumerate(zip(invoice.lines, computed.lines, strict=True)):
        _compare("BT-131", f"lines[{number}].net_amount", line.net_amount, sum_.net_amount)
    stated, sums = invoice.totals, computed.totals or Totals()
    for name, term in _SUMS.items():
        if stated is not None:
            _compare(term, f"totals.{name}", getattr(stated, name), getattr(sums, name))
    taxes = {one.rate: one for one in computed.vat_breakdown}
    for number, one in enumerate(invoice.vat_breakdown):
        same = taxes.get(one.rate) or VatBreakdown()
        where = f"vat_breakdown[{number}]"
        _compare("BT-116", f"{where}.taxable_amount", one.taxable_amount, same.taxable_amount)
        _compare("BT-117", f"{where}.tax_amount", one.tax_amount, same.tax_amount)


def _compare(term: str, where: str, stated: Decimal | None, computed: Decimal | None) -> None:
    if stated is not None and stated != (computed or Decimal(0)):
        raise CannotExpress(
            f"FactPulse computes {term} from the lines, as {computed or 0}, but the invoice says {stated}.",
            where=where,
            todo="Send the full model, which takes the amounts as they are.",
        )
