"""An invoice of FA(3) as one of EN 16931."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec

from billingua.engine.document import Loss
from billingua.engine.numbers import ZERO, add, subtract, total
from billingua.errors import InvalidModel
from billingua.formats.fa.mapping.codes import ADVANCE, CREDIT, DEBIT, IMPOSSIBLE, type_code
from billingua.formats.fa.mapping.described import Described, number_in
from billingua.formats.fa.mapping.from_payment import NO_TERM
from billingua.formats.fa.mapping.ledger import Ledger, View
from billingua.formats.fa.mapping.remarks import FLAGS, KSEF_NUMBER_OF, NOTED, REVERSE_CHARGE
from billingua.formats.fa.mapping.renewal import with_rates
from billingua.formats.fa.mapping.to_lines import Row, identify, line_of, rows
from billingua.formats.fa.mapping.to_parties import buyer, others, seller, tax_representative
from billingua.formats.fa.mapping.to_payment import instructions, paid, terms
from billingua.formats.fa.mapping.to_totals import (
    LEFT,
    Vat,
    adjustments,
    balance,
    difference_part,
    settle_rates,
    stated_totals,
)
from billingua.formats.fa.model import FaInvoice
from billingua.model import Invoice

__all__ = ["to_invoice"]

Record = dict[str, Any]

_NO_TERM: Final = "EN 16931 has no term for it"
_NAMES: Final = {"ZAL": "Zaliczka", "KOR_ZAL": "Korekta zaliczki"}
_ONE_KIND: Final = {
    "UPR": "EN 16931 has no simplified invoice; it is one like others",
    "KOR_ZAL": "EN 16931 has one kind of credit note, whatever it corrects",
    "KOR_ROZ": "EN 16931 has one kind of credit note, whatever it corrects",
}
_SUBJECT_END = "#"


def to_invoice(invoice: FaInvoice, losses: list[Loss]) -> Invoice:
    """The invoice in EN 16931; what has no term there is entered in `losses`.

    Raises:
        InvalidModel: a value is one that the model of the standard cannot hold.
    """
    ledger = Ledger(with_rates(invoice))
    source = ledger.root
    described = Described(source.all("descriptions"))
    code = _type(source, described)
    negative = code in CREDIT

    def signed(value: Decimal) -> Decimal:
        return subtract(ZERO, value) if negative else value

    record: Record = {
        "type_code": code,
        "number": source.take("number"),
        "issue_date": source.take("issue_date"),
        "currency": source.take("currency"),
    }
    made, stated = _rows(source, described)
    is_settlement = source.see("kind") == "ROZ" and bool(made)
    differences: list[tuple[Row, Decimal]] = []
    if is_settlement:
        for row in made:
            row.net = row.net or ZERO
    else:
        differences = balance(source, made, stated, _name(source))
    for name in stated:
        source.take(name)
        if is_settlement:
            source.lose(name, LEFT)
    outside, deducted, rounding = adjustments(source.one("settlement"), signed)
    vat = Vat(source, signed, made, bool(outside))
    notes: list[Record] = []
    line_notes = _lines(record, made, vat, signed, described)
    for row, amount in differences:
        name, part = difference_part(signed(amount), vat.enter(row, signed(amount)))
        record.setdefault(name, []).append(part)
    for part in outside:
        percent = None if vat.outside_category == "O" else ZERO
        part |= {"vat_category_code": vat.outside_category, "vat_rate": percent}
        record.setdefault("charges", []).append(part)
        vat.outside = add(vat.outside, part["amount"])
    record["vat_breakdown"] = vat.breakdown(described, is_settlement)
    _references(source, record, described, notes)
    _dates(source, record)
    _totals(source, record, signed, deducted, rounding)
    party_notes = _parties(source, record, vat)
    _payment(source, record, described, notes)
    _notes(source, record, notes, party_notes)
    _remaining(record, described, line_notes)
    losses += ledger.losses(_NO_TERM)
    return _built(record)


def _type(source: View, described: Described) -> str:
    kind, self_billed = source.take("kind") or "VAT", bool(source.take("self_billing"))
    if kind in _ONE_KIND:
        source.lose("kind", _ONE_KIND[kind])
    due = source.see("total_due") or ZERO
    code = type_code(kind, self_billed, due <= 0)
    said = described.take("BT-3")
    if said is None or said in IMPOSSIBLE or not said.isalnum():
        return code
    of_kind = (
        CREDIT | DEBIT if kind.startswith("KOR") else ADVANCE if kind == "ZAL" else frozenset({said}) - CREDIT - DEBIT
    )
    return said if said in of_kind else code


def _rows(source: View, described: Described) -> tuple[list[Row], dict[str, Decimal]]:
    """The lines: those of the invoice, or of the order where an advance is of all of it."""
    stated = stated_totals(source)
    made = rows(source.all("lines"), described)
    settle_rates(source, made, stated)
    order = source.one("order")
    if not made and order:
        whole, due = order.see("gross_total"), source.see("total_due")
        if whole == due and not any(one.see("before_correction") for one in order.all("lines")):
            made = rows(order.all("lines"), described)
            settle_rates(source, made, stated)
            order.take("gross_total")
    if not made and not stated:
        row = Row(None, None, None)
        row.rated("23")
        row.net, row.name = ZERO, _name(source)
        made.append(row)
    return made, stated


def _name(source: View) -> str:
    """What a line is called that the invoice has only a total for."""
    kind = source.see("kind") or ""
    return source.see("correction_reason") or _NAMES.get(kind) or ("Korekta" if kind.startswith("KOR") else "Sprzedaż")


def _lines(record: Record, made: list[Row], vat: Vat, signed: Any, described: Described) -> dict[int, Record]:
    """BG-25, and the lines that stand for allowances and charges where they belong."""
    record["lines"] = []
    by_number: dict[int, Record] = {}
    identifiers = identify([row for row in made if not row.part])
    proper = iter(identifiers)
    for row in made:
        amount = signed(row.net or ZERO)
        rated = vat.enter(row, amount)
        if row.part:
            _part(record, row, amount, rated, by_number, described)
            continue
        identifier = next(proper)
        identifier = described.take("BT-126", row.number) or identifier
        line, said = line_of(row, identifier, signed, described)
        line["vat"] = rated
        if said:
            line["note"] = said
        record["lines"].append(line)
        if row.number is not None:
            described.apply(line, row.number)
            by_number.setdefault(row.number, line)
    return by_number


def _part(
    record: Record, row: Row, amount: Decimal, rated: Record, by_number: dict[int, Record], described: Described
) -> None:
    """An allowance or charge that FA(3) had as a line of its own."""
    view = row.view
    assert view is not None
    view.take("number")
    for name, implied in (("quantity", 1), ("net_price", row.net), ("gross_price", row.net)):
        if view.see(name) == implied:
            view.take(name)
    reason = view.take("name")
    part: Record = {
        "amount": -amount if row.part == "BG-20" else amount,
        "reason": None if row.nameless else reason,
    }
    prefix = {"BG-20": ("BT-93", "BT-94", "BT-98"), "BG-21": ("BT-100", "BT-101", "BT-105")}.get(
        row.part, ("BT-142", "BT-143", "BT-145")
    )
    for name, term in zip(("base_amount", "percentage", "reason_code"), prefix, strict=True):
        value = described.take(term, row.number)
        if value is not None:
            part[name] = value if name == "reason_code" else number_in(value)
    if row.part == "BG-28" and row.parent.isdigit() and int(row.parent) in by_number:
        line = by_number[int(row.parent)]
        line.setdefault("charges", []).append(part)
        line["net_amount"] = add(line["net_amount"], amount)
        return
    part |= {"vat_category_code": rated["category_code"], "vat_rate": rated["rate"]}
    record.setdefault("allowances" if row.part == "BG-20" else "charges", []).append(part)


def _references(source: View, record: Record, described: Described, notes: list[Record]) -> None:
    agreed = source.one("terms")
    for name, attribute in (("contracts", "contract_reference"), ("orders", "purchase_order_reference")):
        first = next(iter(agreed.all(name)), None)
        if first is not None:
            record[attribute] = first.take("number")
    despatched = source.see("warehouse_documents")
    if despatched:
        record["despatch_advice_reference"] = despatched[0]
        source.take_entry("warehouse_documents", 0)
    preceding: list[Record] = []
    for view in source.all("corrected_invoices"):
        number, ksef_number = view.take("number"), view.take("ksef_number")
        preceding.append({"number": number, "issue_date": view.take("issue_date")})
        if ksef_number and ksef_number != number:
            notes.append({"text": KSEF_NUMBER_OF.format(number=number, ksef_number=ksef_number)})
    for view in source.all("advance_invoices"):
        number, ksef_number = view.take("number"), view.take("ksef_number")
        if source.all("corrected_invoices"):
            notes.append({"text": f"FakturaZaliczkowa: {ksef_number or number}"})
            continue
        said = described.take("BT-25", None, str(len(preceding) + 1))
        if ksef_number and said:
            notes.append({"text": KSEF_NUMBER_OF.format(number=said, ksef_number=ksef_number)})
        preceding.append({"number": said or number or ksef_number})
    if not preceding:
        preceding = [{"number": value} for _, value in described.take_all("BT-25")]
    for index, one in enumerate(preceding, 1):
        if "issue_date" not in one and (day := described.take("BT-26", None, str(index))):
            one["issue_date"] = day
    record["preceding_invoices"] = preceding


def _dates(source: View, record: Record) -> None:
    start, end = source.take("period_start"), source.take("period_end")
    if start or end:
        record["invoicing_period"] = {"start_date": start, "end_date": end}
    day = source.take("supply_date")
    within_eu = any(one["category_code"] == "K" for one in record["vat_breakdown"])
    if day is None and within_eu and not start:
        dates = [one["period"]["end_date"] for one in record["lines"] if "period" in one]
        day = dates[0] if dates else source.see("issue_date")
    if day is not None:
        record["delivery"] = {"actual_date": day}


def _totals(source: View, record: Record, signed: Any, deducted: Decimal, rounding: Decimal) -> None:
    """BG-22. What P_15 states beyond the sums is rounding; ROZ: P_15 is what advances have left."""
    settlement = source.one("settlement")
    lines = total(one["net_amount"] for one in record["lines"])
    allowances = total(one["amount"] for one in record.get("allowances", ()))
    charges = total(one["amount"] for one in record.get("charges", ()))
    net = add(subtract(lines, allowances), charges)
    tax = total(one["tax_amount"] for one in record["vat_breakdown"])
    gross = add(net, tax)
    outside = total(signed(one.see("amount") or ZERO) for one in settlement.all("charges"))
    outside = subtract(outside, rounding if rounding > 0 else ZERO)
    due = signed(source.take("total_due") or ZERO)
    paid_amount = deducted
    if source.see("kind") == "ROZ":
        paid_amount = add(paid_amount, subtract(subtract(gross, outside), due))
    elif (rest := subtract(add(due, outside), gross)) and abs(rest) <= 1:
        rounding = add(rounding, rest)
    elif rest:
        source.lose("total_due", f"the totals and lines add up to {gross}, which BT-112 has to say")
    payable = add(gross, rounding)
    paid_amount = add(paid_amount, paid(source.one("payment"), subtract(payable, paid_amount)))
    left = subtract(payable, paid_amount)
    _implied(settlement, source.see("total_due") or ZERO)
    record["totals"] = {
        "line_total": lines,
        "allowance_total": allowances if record.get("allowances") else None,
        "charge_total": charges if record.get("charges") else None,
        "total_without_vat": net,
        "total_vat": tax,
        "total_with_vat": gross,
        "paid_amount": paid_amount or None,
        "rounding_amount": rounding or None,
        "amount_due": left,
        **_in_pln(source, record, signed),
    }


def _implied(settlement: View, due: Decimal) -> None:
    """Take the sums of Rozliczenie, as far as they follow from P_15 and its parts."""
    charges = total(one.see("amount") or ZERO for one in settlement.all("charges"))
    deductions = total(one.see("amount") or ZERO for one in settlement.all("deductions"))
    whole = subtract(add(due, charges), deductions)
    for name, implied in (
        ("charges_total", charges),
        ("deductions_total", deductions),
        ("to_pay", whole),
        ("to_settle", subtract(ZERO, whole)),
    ):
        stated = settlement.take(name)
        if stated is not None and stated != implied:
            settlement.lose(name, f"EN 16931 has the sum only, which is {implied}")


def _in_pln(source: View, record: Record, signed: Any) -> Record:
    names = [f"tax_{one}_in_pln" for one in ("23", "8", "5", "taxi")]
    amounts = [value for name in names if (value := source.take(name)) is not None]
    if source.see("kind") == "ROZ":
        for name in names:
            source.lose(name, LEFT)
        return {}
    if not amounts or record["currency"] == "PLN":
        return {}
    record["vat_currency"] = "PLN"
    return {"total_vat_in_accounting_currency": signed(total(amounts))}


def _parties(source: View, record: Record, vat: Vat) -> list[str]:
    footer, payment = source.one("footer"), source.one("payment")
    record["seller"] = seller(source.one("seller"), footer, vat.out_of_scope)
    record["buyer"] = buyer(source.one("buyer"), vat.out_of_scope)
    authorised = source.one("authorised_party")
    record["tax_representative"] = tax_representative(authorised)
    payee, delivery, notes = others(source.all("third_parties"), authorised, bool(payment.all("factor_accounts")))
    record["payee"] = payee
    record.setdefault("delivery", {}).update(delivery)
    if any(one["category_code"] == "K" for one in record["vat_breakdown"]) and "address" not in record["delivery"]:
        country = record["buyer"]["address"].get("country_code")
        record["delivery"]["address"] = {"country_code": country}
    return notes


def _payment(source: View, record: Record, described: Described, notes: list[Record]) -> None:
    view = source.one("payment")
    record["payment"] = instructions(view, bool(record["payee"]), record["currency"], described.take("BT-81"))
    record["due_date"], record["payment_terms"], note = terms(view, described.take("BT-20"))
    if note:
        notes.append({"text": note})


def _notes(source: View, record: Record, notes: list[Record], parties: Iterable[str]) -> None:
    """BG-1: the remarks of the footer, the annotations in words, and what has no other place."""
    found: list[Record] = []
    for view in source.one("footer").all("information"):
        text = view.take("text")
        if text is None:
            continue
        code, end, rest = text.removeprefix(_SUBJECT_END).partition(_SUBJECT_END)
        if text.startswith(_SUBJECT_END) and end and rest and 2 <= len(code) <= 3 and code.isalnum():
            found.append({"text": rest, "subject_code": code})
        else:
            found.append({"text": text})
    reversed_charge = any(one["category_code"] == "AE" for one in record["vat_breakdown"])
    for name, (element, words) in FLAGS.items():
        if source.take(name) and not (name == REVERSE_CHARGE and reversed_charge):
            found.append({"text": f"{element}: {words}"})
    for name, element in NOTED.items():
        if (value := source.take(name)) is not None:
            found.append({"text": f"{element}: {value}"})
    found += [{"text": text} for text in parties]
    record["notes"] = [*found, *notes]


def _remaining(record: Record, described: Described, by_number: dict[int, Record]) -> None:
    """Descriptions: to their terms, otherwise to notes on the invoice or the line."""
    described.apply(record)
    if record["totals"]["amount_due"] > 0 and not record.get("due_date") and not record.get("payment_terms"):
        record["payment_terms"] = NO_TERM
    for number, text in described.rest():
        line = by_number.get(number) if number is not None else None
        if line is not None:
            line["note"] = "; ".join(filter(None, (line.get("note"), text)))
        else:
            record["notes"].append({"text": text if number is None else f"{number}: {text}"})


def _built(record: Record) -> Invoice:
    try:
        return msgspec.convert(_cleaned(record), Invoice, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidModel(f"The invoice cannot be held by the model of EN 16931: {error}.") from None


def _cleaned(value: Any) -> Any:
    """A record without what is empty."""
    if isinstance(value, dict):
        cleaned = {name: _cleaned(one) for name, one in value.items()}
        return {name: one for name, one in cleaned.items() if one not in (None, {}, [], "")}
    if isinstance(value, list):
        return [one for item in value if (one := _cleaned(item)) not in (None, {}, [], "")]
    return value
