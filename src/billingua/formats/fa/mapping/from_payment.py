"""Payment instructions, due date and terms of an EN 16931 invoice as Platnosc."""

import re
from decimal import Decimal
from typing import Any, Final

from billingua.codelists import labels
from billingua.formats.fa.mapping.codes import FORM_WORDS, FORMS, MEANS
from billingua.formats.fa.mapping.draft import FIRST_DAY_PAID, Draft
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.model import BankAccount, Payment, PaymentTerm

__all__ = ["NO_TERM", "means_back", "paid_in_full", "payment", "worded"]

NO_TERM: Final = "Termin płatności: nie podano."
"""BT-20 of an invoice from KSeF that says nothing of when to pay; the standard asks for it."""

_ACCOUNT = re.compile(r"\S{10,34}")
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_DISCOUNT = re.compile(r"#SKONTO#TAGE=(\d+)#PROZENT=(\d+(?:\.\d+)?)#")
_TERM = re.compile(
    r"(?P<count>\d{1,4}) (?P<unit>dni|days|tygodni|weeks|miesięcy|months) (?P<event>(?:od|from|after) .{2,})",
    re.IGNORECASE,
)
_UNITS = {"days": "dni", "weeks": "tygodni", "months": "miesięcy"}


def payment(draft: Draft, factor: bool) -> Payment | None:
    """Platnosc; `factor` says that the accounts are those of a factor."""
    source, view = draft.source, draft.source.one("payment")
    values: dict[str, Any] = {}
    due = draft.day(source, "due_date", FIRST_DAY_PAID)
    terms = source.see("payment_terms")
    said = worded(terms or "")
    if terms == NO_TERM:
        source.take("payment_terms")
    else:
        draft.describe(source, "payment_terms")
    if "discount_amount" in said:
        values |= said
    if due is not None:
        values["terms"] = (PaymentTerm(due_date=due),)
    elif "count" in said:
        values["terms"] = (PaymentTerm(count=int(said["count"]), unit=said["unit"], start_event=said["start_event"]),)
    values |= _form(draft, view)
    accounts = tuple(filter(None, (_account(draft, one) for one in view.all("credit_transfers"))))
    values["factor_accounts" if factor else "accounts"] = accounts
    draft.describe(view, "remittance_information")
    view.one("card").lose_all("FA(3) names no payment card")
    view.one("direct_debit").lose_all("FA(3) names no direct debit")
    values = draft.found(**values)
    return Payment(**values) if values else None


def worded(text: str) -> dict[str, str]:
    """What payment terms in words say in the parts that FA(3) has: a cash discount, or a time from an event."""
    if match := _DISCOUNT.search(text):
        return {"discount_conditions": f"zapłata w ciągu {match[1]} dni", "discount_amount": f"{match[2]} %"}
    if match := _TERM.fullmatch(text.strip().rstrip(".")):
        unit = match["unit"].lower()
        return {"count": match["count"], "unit": _UNITS.get(unit, unit), "start_event": match["event"][:256]}
    return {}


def means_back(form: str, accounts: tuple[str, ...], currency: str | None) -> str:
    """BT-81 of a FormaPlatnosci: a transfer is one of SEPA in EUR to an IBAN, and none without an account."""
    if form != "6":
        return MEANS.get(form, "ZZZ")
    if not accounts:
        return "ZZZ"
    sepa = currency == "EUR" and all(re.match("[A-Z]{2}[0-9]{2}", number) for number in accounts)
    return "58" if sepa else MEANS[form]


def _form(draft: Draft, view: View) -> dict[str, Any]:
    """FormaPlatnosci, or another form in words."""
    code, text = view.see("means_code"), view.see("means_text")
    if code is None:
        draft.describe(view, "means_text")
        return {}
    word = next((form for form, word in FORM_WORDS.items() if word == text), "")
    form = FORMS.get(code) or (word if code == "ZZZ" else "")
    view.take("means_code")
    if form:
        if text == FORM_WORDS[form] and code == "ZZZ":
            view.take("means_text")
        else:
            draft.describe(view, "means_text")
        numbers = tuple(one.see("account_identifier") or "" for one in view.all("credit_transfers"))
        if means_back(form, numbers, draft.source.see("currency")) != code:
            draft.describe(view, "means_code")
        return {"form": form}
    draft.describe(view, "means_code")
    words = draft.text(view, "means_text") or labels("untdid_4461").get(code) or f"BT-81: {code}"
    return {"other_form": words}


def _account(draft: Draft, view: View) -> BankAccount | None:
    number = "".join((view.see("account_identifier") or "").split())
    if not _ACCOUNT.fullmatch(number):
        for name in ("account_identifier", "account_name", "service_provider_identifier"):
            draft.describe(view, name)
        return None
    view.take("account_identifier")
    swift = "".join((view.see("service_provider_identifier") or "").split()).upper()
    if _BIC.fullmatch(swift):
        view.take("service_provider_identifier")
    else:
        draft.describe(view, "service_provider_identifier")
        swift = ""
    return BankAccount(number=number, swift=swift or None, description=draft.text(view, "account_name"))


def paid_in_full(invoice: View) -> bool:
    """Whether nothing is left to pay."""
    paid: Decimal | None = invoice.one("totals").see("paid_amount")
    return bool(paid) and paid == invoice.one("totals").see("total_with_vat")
