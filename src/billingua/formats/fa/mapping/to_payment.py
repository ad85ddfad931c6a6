"""Platnosc as payment instructions, due date and terms of EN 16931."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from billingua.codelists import codes
from billingua.engine.numbers import ZERO, add
from billingua.formats.fa.mapping.codes import FORM_WORDS
from billingua.formats.fa.mapping.from_payment import means_back, worded
from billingua.formats.fa.mapping.ledger import View

__all__ = ["instructions", "paid", "terms"]

Record = dict[str, Any]


def instructions(view: View, payee: bool, currency: str | None, code: str | None) -> Record:
    """BG-16. With a payee, the accounts to pay to are those of the factor alone. `code` is BT-81 as described."""
    accounts = view.all("factor_accounts") if payee else view.all("accounts") + view.all("factor_accounts")
    transfers = [_account(one) for one in accounts]
    found: Record = {"credit_transfers": transfers}
    form, other = view.take("form"), view.take("other_form")
    if form is not None:
        numbers = tuple(one["account_identifier"] or "" for one in transfers)
        found["means_code"] = means_back(form, numbers, currency)
        if found["means_code"] == "ZZZ":
            found["means_text"] = FORM_WORDS.get(form)
    elif other is not None:
        found |= {"means_code": "ZZZ", "means_text": other}
    elif transfers:
        numbers = tuple(one["account_identifier"] or "" for one in transfers)
        found["means_code"] = means_back("6", numbers, currency)
    else:
        return {}
    if code in codes("untdid_4461"):
        found["means_code"] = code
    return found


def _account(view: View) -> Record:
    number = view.take("number")
    if number and re.fullmatch(r"\d{26}", number):
        number = f"PL{number}"
    name = view.take("description") or view.take("bank_name")
    return {
        "account_identifier": number,
        "account_name": name,
        "service_provider_identifier": view.take("swift"),
    }


def terms(view: View, described: str | None) -> tuple[date | None, str | None, str | None]:
    """BT-9 and BT-20, and a note: the first due date; further dates, terms in words and a cash discount as text.

    `described` is BT-20 itself where a DodatkowyOpis says it; what else there is then is a note, unless it is the same.
    """
    due: date | None = None
    words = []
    repeated = list(worded(described or "").values())
    for one in view.all("terms"):
        day = one.take("due_date")
        if day is not None and due is None:
            due = day
        elif day is not None:
            words.append(day.isoformat())
        parts = [one.take(name) for name in ("count", "unit", "start_event", "description")]
        said = [str(part) for part in parts if part is not None]
        if said and said != repeated:
            words.append(" ".join(said))
    discount = [part for name in ("discount_conditions", "discount_amount") if (part := view.take(name))]
    if discount and discount != repeated:
        words.append("Skonto: " + ", ".join(discount))
    text = "; ".join(words) or None
    return due, described or text, text if described else None


def paid(view: View, whole: Decimal) -> Decimal:
    """What Platnosc says is paid of an amount; the days on which it was are lost."""
    if view.see("paid_on") is not None:
        view.lose("paid_on", "EN 16931 says what is paid, not when")
        return whole
    amount = ZERO
    for one in view.all("partial_payments"):
        amount = add(amount, one.take("amount") or ZERO)
    if amount:
        view.take("partly_paid")
    return amount
