"""An invoice of EN 16931 as one of FA(3)."""

from datetime import datetime
from typing import Any, Final

from billingua.codelists import codes
from billingua.engine.document import Loss
from billingua.engine.numbers import ZERO, subtract
from billingua.errors import CannotExpress
from billingua.formats.fa.mapping.codes import (
    ADVANCE,
    CREDIT,
    DEBIT,
    EU,
    IMPOSSIBLE,
    SELF_BILLED,
    country_to,
    type_code,
)
from billingua.formats.fa.mapping.draft import Draft, missing, origin
from billingua.formats.fa.mapping.from_lines import lines, order
from billingua.formats.fa.mapping.from_parties import (
    authorised_party,
    buyer,
    buyer_country,
    payee,
    recipient,
    seller,
    seller_nip,
)
from billingua.formats.fa.mapping.from_payment import paid_in_full, payment
from billingua.formats.fa.mapping.from_totals import (
    Sums,
    exemption,
    implied,
    in_pln,
    left,
    settlement,
    sums,
    tax_remarks,
    totals,
)
from billingua.formats.fa.mapping.ledger import Ledger, View
from billingua.formats.fa.mapping.remarks import KSEF_NUMBER, KSEF_NUMBER_OF, NOTED, REVERSE_CHARGE, spelled_out
from billingua.formats.fa.mapping.vat import MARGIN_CODES, PERCENTS, Regime
from billingua.formats.fa.model import (
    AdvanceInvoice,
    Contract,
    CorrectedInvoice,
    FaInvoice,
    Footer,
    Information,
    Payment,
    PurchaseOrder,
    TransactionTerms,
)
from billingua.model import Invoice

__all__ = ["from_invoice"]

_NO_PLACE: Final = "FA(3) has no place for it"
_ROUTING: Final = "it says under which profile a network delivers; KSeF has none"
_TEXT_LENGTH: Final = 3500
_TEXTS: Final = 3
_DESCRIBED: Final = (
    "buyer_reference",
    "project_reference",
    "sales_order_reference",
    "receiving_advice_reference",
    "tender_or_lot_reference",
    "buyer_accounting_reference",
)
_NOT_PLN: Final = frozenset({"CNH", "SLE", "STD", "VED", "XTS", "ZWG"})
_ALSO: Final = frozenset({"ANG", "BGN", "CUC", "GGP", "HRK", "IMP", "JEP", "SLL", "STN", "ZWL"})
"""Currencies that KodWaluty does not know, and those that it knows beside today's ISO 4217."""


def from_invoice(invoice: Invoice, losses: list[Loss], created: datetime | None = None) -> FaInvoice:
    """The invoice in FA(3); what has no place there is entered in `losses`.

    Raises:
        CannotExpress: FA(3) has no form for the kind of invoice, its VAT or its seller.
        InvalidModel: the invoice lacks what FA(3) cannot do without.
    """
    ledger = Ledger(invoice)
    source = ledger.root
    for name in ("seller", "buyer"):
        if not source.one(name):
            raise missing(source, name)
    number = seller_nip(source.one("seller"))
    code = _type(source)
    draft = Draft(source, -1 if code in CREDIT else 1)
    regime = _regime(source)
    currency = _currency(source)
    found = sums(draft, regime)
    implied(draft, found)
    preceding = _Preceding(source, number)
    kind = _kind(source, code, preceding)
    values: dict[str, Any] = {
        **origin(created),
        "currency": currency,
        "issue_date": draft.required_day(source, "issue_date"),
        "number": draft.text(source, "number"),
        "kind": kind,
        "self_billing": code in SELF_BILLED,
        "reverse_charge": any(one.see("category_code") == "AE" for one in source.all("vat_breakdown")),
        **_dates(draft),
    }
    if values["number"] is None:
        raise missing(source, "number")
    values |= exemption(draft, regime)
    made = lines(draft, regime, dated="supply_date" in values)
    values |= _amounts(draft, kind, found, currency)
    if kind == "ZAL":
        values["order"] = order(draft, made, found.tax, values["total_due"])
    else:
        values["lines"] = tuple(made)
    values["settlement"] = settlement(draft, values["total_due"], paid_before=kind == "ROZ")
    values |= preceding.values(draft, kind)
    values |= _parties(draft, values, number)
    values |= _references(draft)
    values |= _remarks(draft, preceding)
    register = values.pop("register")
    values["footer"] = Footer(information=values.pop("information"), registers=(register,) if register else ())
    if code != type_code(kind, code in SELF_BILLED, draft.signed(values["total_due"]) * draft.sign <= 0):
        draft.describe(source, "type_code")
    losses += ledger.losses(_NO_PLACE)
    if not values["footer"].information and not values["footer"].registers:
        del values["footer"]
    return FaInvoice(**draft.found(**values), descriptions=tuple(draft.descriptions))


def _type(source: View) -> str:
    code: str | None = source.take("type_code")
    if code is None:
        raise missing(source, "type_code")
    if code in IMPOSSIBLE:
        why, todo = IMPOSSIBLE[code]
        raise CannotExpress(f"BT-3 {code} has no counterpart in FA(3): {why}.", where=source.at("type_code"), todo=todo)
    if code not in codes("untdid_1001"):
        raise CannotExpress(
            f"BT-3 {code!r} is no type of invoice.", where=source.at("type_code"), todo="Give 380, 381 or the like."
        )
    return code


def _currency(source: View) -> str:
    currency: str | None = source.take("currency")
    if currency is None:
        raise missing(source, "currency")
    if currency not in codes("iso_4217") - _NOT_PLN | _ALSO:
        raise CannotExpress(
            f"The currency (BT-5) {currency!r} is none that FA(3) knows.",
            where=source.at("currency"),
            todo="Give three letters of ISO 4217, such as PLN.",
        )
    return currency


def _regime(source: View) -> Regime:
    country, has_vat = buyer_country(source)
    place = source.one("delivery").one("address").see("country_code") or source.one("buyer").one("address").see(
        "country_code"
    )
    place = country_to(place or "")
    rates = {one.see("rate") for one in source.all("vat_breakdown") if one.see("category_code") == "S"}
    abroad = place not in ("", "PL") and ("EL" if place == "GR" else place) in EU
    margin = any(
        one.see("category_code") == "E" and one.see("exemption_reason_code") in MARGIN_CODES.values()
        for one in source.all("vat_breakdown")
    )
    foreign = any(rate is None or rate not in PERCENTS.values() for rate in rates)
    return Regime(country, has_vat, place, margin, oss=bool(rates) and abroad and foreign and None not in rates)


def _kind(source: View, code: str, preceding: "_Preceding") -> str:
    if code in CREDIT or code in DEBIT:
        return "KOR"
    if code in ADVANCE:
        return "ZAL"
    return "ROZ" if preceding.views and source.one("totals").see("paid_amount") else "VAT"


def _dates(draft: Draft) -> dict[str, Any]:
    """P_6 or OkresFa: one of them; the other dates become descriptions."""
    source = draft.source
    period, delivery = source.one("invoicing_period"), source.one("delivery")
    values: dict[str, Any] = {}
    if period.see("start_date") and period.see("end_date"):
        start, end = draft.day(period, "start_date"), draft.day(period, "end_date")
        if start and end:
            values = {"period_start": start, "period_end": end}
    else:
        draft.describe(period, "start_date")
        draft.describe(period, "end_date")
    for view, name in ((delivery, "actual_date"), (source, "tax_point_date")):
        if values:
            draft.describe(view, name)
        else:
            values = draft.found(supply_date=draft.day(view, name))
    return values


def _amounts(draft: Draft, kind: str, found: Sums, currency: str) -> dict[str, Any]:
    """P_13_x, P_14_x and P_15: the whole, or what advances have left of it."""
    if kind != "ROZ":
        return {**totals(found), **in_pln(draft, found, currency), "total_due": found.gross}
    due = subtract(found.gross, draft.signed(draft.source.one("totals").see("paid_amount") or ZERO))
    tax_remarks(draft)
    rest = left(found, due)
    return {**totals(rest), **in_pln(draft, found, currency, rest), "total_due": due}


class _Preceding:
    """The preceding invoices (BG-3), and the KSeF numbers that other terms say of them."""

    def __init__(self, source: View, seller_nip: str) -> None:
        self.views = source.all("preceding_invoices")
        self.numbers: dict[int, str] = {}
        self.used: set[str] = set()
        for index, view in enumerate(self.views):
            if KSEF_NUMBER.fullmatch(view.see("number") or ""):
                self.numbers[index] = view.see("number")
        carriers = self._carriers(source, seller_nip)
        for index, view in enumerate(self.views):
            number = view.see("number")
            own = next((one for one in carriers if number and one[1].replace(one[0], "").find(number) >= 0), None)
            if own and index not in self.numbers:
                self._assign(index, own, number)
                carriers.remove(own)
        rest = [index for index in range(len(self.views)) if index not in self.numbers]
        if len(rest) == len(carriers):
            for index, own in zip(rest, carriers, strict=True):
                self._assign(index, own, self.views[index].see("number"))

    @staticmethod
    def _carriers(source: View, seller_nip: str) -> list[tuple[str, str, View, str]]:
        found = []
        places = [(one, "reference") for one in source.all("supporting_documents")]
        places += [(one, "text") for one in source.all("notes")]
        for view, name in places:
            text = view.see(name) or ""
            match = KSEF_NUMBER.search(text)
            if match and match[0].startswith(seller_nip):
                about = f"{text} {view.see('description')}" if name == "reference" else text
                found.append((match[0], about, view, name))
        return found

    def _assign(self, index: int, carrier: tuple[str, str, View, str], number: str | None) -> None:
        ksef_number, _, view, name = carrier
        self.numbers[index] = ksef_number
        text = " ".join((view.see(name) or "").split())
        if text in (ksef_number, KSEF_NUMBER_OF.format(number=number, ksef_number=ksef_number)):
            view.take(name)
            self.used.add(view.at(name))

    def values(self, draft: Draft, kind: str) -> dict[str, Any]:
        """DaneFaKorygowanej or FakturaZaliczkowa; on other kinds they become descriptions.

        Raises:
            CannotExpress: a correction does not say which invoice it corrects, or of which day that is.
        """
        if kind == "KOR":
            return {"corrected_invoices": self._corrected(draft)}
        if kind != "ROZ":
            for index, view in enumerate(self.views, 1):
                draft.describe(view, "number", None, str(index))
                draft.describe(view, "issue_date", None, str(index))
            return {}
        advances = []
        for index, view in enumerate(self.views):
            ksef_number = self.numbers.get(index)
            draft.describe(view, "issue_date", None, str(index + 1))
            if ksef_number and view.see("number") not in (None, ksef_number):
                draft.describe(view, "number", None, str(index + 1))
            number = draft.text(view, "number")
            advances.append(AdvanceInvoice(number=None if ksef_number else number, ksef_number=ksef_number))
        return {"advance_invoices": tuple(advances)}

    def _corrected(self, draft: Draft) -> tuple[CorrectedInvoice, ...]:
        if not self.views:
            raise CannotExpress(
                "The document corrects an invoice and does not say which.",
                where="preceding_invoices",
                todo="Give number (BT-25) and date (BT-26) of the corrected invoice: FA(3) has no correction without.",
            )
        corrected = []
        for index, view in enumerate(self.views):
            if view.see("issue_date") is None:
                raise CannotExpress(
                    "The date of the corrected invoice (BT-26) is missing.",
                    where=view.at("issue_date"),
                    todo=f"Give the date of {view.see('number') or 'the invoice'}: FA(3) has no correction without.",
                )
            number = draft.text(view, "number")
            if number is None:
                raise missing(view, "number")
            corrected.append(
                CorrectedInvoice(
                    issue_date=draft.required_day(view, "issue_date"),
                    number=number,
                    ksef_number=self.numbers.get(index),
                )
            )
        return tuple(corrected)


def _parties(draft: Draft, values: dict[str, Any], number: str) -> dict[str, Any]:
    source = draft.source
    party, register = seller(draft, source.one("seller"), number)
    customer = buyer(draft, source.one("buyer"))
    within = any(name in values for name in ("net_total_zero_eu", "net_total_eu_services"))
    factor = bool(source.one("payee")) and bool(source.one("payment").all("credit_transfers"))
    others = (payee(draft, source.one("payee"), factor), recipient(draft, source.one("delivery")))
    paid = payment(draft, factor)
    if values["kind"] == "ZAL" and values.get("supply_date") and paid_in_full(source):
        paid = (paid or Payment()).replace(paid_on=values["supply_date"])
    return {
        "seller": party.replace(eu_prefix="PL") if within else party,
        "buyer": customer,
        "third_parties": tuple(one for one in others if one),
        "authorised_party": authorised_party(draft, source.one("tax_representative")),
        "payment": paid,
        "register": register,
    }


def _references(draft: Draft) -> dict[str, Any]:
    source = draft.source
    for name in _DESCRIBED:
        draft.describe(source, name)
    draft.describe_identifier(source.one("invoiced_object_identifier"))
    source.lose("business_process", _ROUTING)
    source.lose("specification", _ROUTING)
    contract, purchase = draft.text(source, "contract_reference"), draft.text(source, "purchase_order_reference")
    despatch = draft.text(source, "despatch_advice_reference")
    values: dict[str, Any] = {"warehouse_documents": (despatch,) if despatch else ()}
    if contract or purchase:
        values["terms"] = TransactionTerms(
            contracts=(Contract(number=contract),) if contract else (),
            orders=(PurchaseOrder(number=purchase),) if purchase else (),
        )
    return values


def _remarks(draft: Draft, preceding: _Preceding) -> dict[str, Any]:
    """Notes as annotations, at the foot of the invoice, or as descriptions; supporting documents as descriptions."""
    source = draft.source
    for view in source.all("supporting_documents"):
        if view.at("reference") not in preceding.used:
            draft.describe(view, "reference")
        for name in ("description", "external_location"):
            draft.describe(view, name)
        for name in ("content", "mime_code", "filename"):
            view.lose(name, "KSeF takes no files: Zalacznik holds text and tables")
    values: dict[str, Any] = {}
    texts: list[Information] = []
    rated = {view.see("category_code") for view in source.all("vat_breakdown")}
    for view in source.all("notes"):
        note = view.see("text")
        if note is None or view.at("text") in preceding.used:
            continue
        if (flag := spelled_out(note)) and flag not in values and not (flag == REVERSE_CHARGE and rated & {"AE", "O"}):
            values[flag] = True
            view.take("text"), view.take("subject_code")
        elif noted := _noted(note, values):
            values[noted] = draft.fitted(view, "text", view.take("text").partition(": ")[2], 256)
        else:
            code = view.take("subject_code")
            prefix = f"#{code}#" if code else ""
            if len(texts) < _TEXTS:
                whole = draft.fitted(view, "text", prefix + view.take("text"), _TEXT_LENGTH, lines=True)
                texts += [Information(text=whole)] if whole else []
            else:
                draft.describe(view, "text", None, code)
    return {**values, "information": tuple(texts)}


def _noted(note: str, values: dict[str, Any]) -> str:
    element, _, value = note.partition(": ")
    name = next((name for name, one in NOTED.items() if one == element), "")
    return name if value.strip() and name not in values else ""
