"""FR-invoices of Openapi: the invoice as the service takes it (POST) and gives it back (GET).

The service builds a Factur-X of its own from a small set of terms. The guide knows one word for VAT categories and one
for payment means; an invoice with another category goes another way.
"""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

from billingua.engine.numbers import total
from billingua.errors import InvalidModel
from billingua.model import Invoice
from billingua.remote.mapping.codecs import decoded, shown
from billingua.remote.mapping.reading import ReadInvoice
from billingua.remote.mapping.reading import read as read_table
from billingua.remote.mapping.table import Table, load
from billingua.remote.mapping.writing import Written, require_invoice
from billingua.remote.mapping.writing import write as write_table

__all__ = ["read", "write"]

_SIRET_DIGITS: Final = 14
_LINE_TOTAL: Final = "totals.line_total"


@cache
def _table() -> Table:
    return load(
        __file__,
        "invoice_json.tsv",
        title="FR-invoices of Openapi",
        instead="The service takes no other form: send such an invoice as XML through another one.",
        words="words.tsv",
    )


def write(invoice: Invoice, *, to_public_body: bool = False, allow_losses: bool = False) -> Written:
    """The invoice as the body of POST /FR-invoices, numbers as Decimal with their own decimals.

    Totals stand there under both their names. The buyer reference (BT-10) is the service code of Chorus Pro, so it is
    written for a public body alone. An electronic address (BT-34, BT-49) has no key; one that is an e-mail address
    (scheme EM) serves as `email` where the contact has none. BT-106 is left out where it is the sum of the lines.

    Raises:
        CannotExpress: a value has no place and losses are not allowed, or a VAT category has no word (all but S).
        InvalidModel: the seller has neither SIREN (BT-30, scheme 0002) nor SIRET (BT-29, scheme 0009).
    """
    withheld = {} if to_public_body else {"buyer_reference": "only a public body has a service code"}
    invoice = require_invoice(invoice, _table().title)
    stated = invoice.totals is not None and invoice.totals.line_total
    settled = (_LINE_TOTAL,) if stated and stated == _sum_of_lines(invoice) else ()
    written = write_table(_table(), invoice, allow_losses=allow_losses, withheld=withheld, settled=settled)
    for name in ("sender", "recipient"):
        party = written.content.get(name, {})
        if fiscal_id := party.get("siret") or party.get("siren"):
            party["fiscal_id"] = fiscal_id
        elif name == "sender":
            raise InvalidModel(
                "Openapi needs the SIREN of the seller (BT-30, scheme 0002) or the SIRET (BT-29, scheme 0009).",
                where="seller",
                todo="Give one of them.",
            )
    return written


def read(content: dict[str, Any]) -> ReadInvoice:
    """The invoice that one entry of `data` describes, and what of it has no place in an invoice.

    Several means of payment become one: the earliest due date, the sum of the amounts, each account.

    Raises:
        InvalidModel: a value is impossible, or the two amounts of one total differ.
    """
    if isinstance(content, dict):
        content = {**content, "payment_means": _in_one(content.get("payment_means"))}
        for name in ("sender", "recipient"):
            content[name] = _with_number(content.get(name), name)
    found = read_table(_table(), content)
    line_total = _sum_of_lines(found.invoice)
    if found.invoice.totals is None or line_total is None:
        return found
    totals = found.invoice.totals.replace(line_total=line_total)
    return ReadInvoice(found.invoice.replace(totals=totals), found.unmapped)


def _sum_of_lines(invoice: Invoice) -> Decimal | None:
    """BT-106, which has no key: the sum of the lines, if each has an amount."""
    amounts = [line.net_amount for line in invoice.lines if line.net_amount is not None]
    return total(amounts) if amounts and len(amounts) == len(invoice.lines) else None


def _with_number(party: Any, name: str) -> Any:
    """A party whose fiscal_id is its SIRET or SIREN, as its length says."""
    if not isinstance(party, dict) or not party.get("fiscal_id"):
        return party
    number = str(party["fiscal_id"])
    if number in (str(party.get("siret")), str(party.get("siren"))):
        return party
    key = "siret" if len(number) == _SIRET_DIGITS else "siren"
    if party.get(key):
        raise InvalidModel(
            f"fiscal_id is {shown(number)}, but {key} is {shown(party[key])}.",
            where=name,
            todo="Both must say the same.",
        )
    return {**party, key: number}


def _in_one(means: Any) -> Any:
    """Means of payment of which the first has the sum of the amounts and the earliest due date."""
    if not isinstance(means, list) or len(means) < 2 or not all(isinstance(one, dict) for one in means):
        return means
    first, *others = means
    amounts = _values(means, "amount", Decimal)
    dates = _values(means, "due_date", date)
    whole = {"amount": total(amounts) if amounts else None, "due_date": min(dates).isoformat() if dates else None}
    return [
        {**first, **whole},
        *(
            {key: value for key, value in other.items() if key not in whole and _says_more(first, key, value)}
            for other in others
        ),
    ]


def _says_more(first: dict[str, Any], key: str, value: Any) -> bool:
    return key == "financial_account" or value != first.get(key)


def _values(means: list[dict[str, Any]], key: str, kind: type) -> list[Any]:
    return [
        decoded(one[key], kind, f"payment_means[{number}].{key}") for number, one in enumerate(means) if one.get(key)
    ]
