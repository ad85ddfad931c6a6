"""The lines of an EN 16931 invoice, and what is added or taken off, as FaWiersz or ZamowienieWiersz."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from billingua.engine.numbers import (
    ZERO,
    add,
    divide_half_away,
    percent_of,
    round_half_away,
    shortened,
    subtract,
    total,
)
from billingua.formats.fa.mapping.codes import unit_to
from billingua.formats.fa.mapping.draft import Draft, fit_decimals, key_of, missing
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.mapping.vat import MARGIN, OSS, Regime, fa_rate, percent_of_rate
from billingua.formats.fa.model import Line, Order, OrderLine

__all__ = ["ALLOWANCE", "CHARGE", "CLASSIFICATIONS", "GTIN", "LINE_NOTED", "lines", "no_percent", "order"]

GTIN: Final = "0160"
"""The scheme of global trade item numbers."""

CLASSIFICATIONS: Final = {"cn": ("HS", None), "pkwiu": ("ZZZ", "PKWiU"), "pkob": ("ZZZ", "PKOB")}
"""Attribute of a line -> list of the classification (BT-158-1) and its version (BT-158-2)."""

LINE_NOTED: Final = {"gtu": "GTU", "procedure": "Procedura", "annex_15": "P_12_Zal_15"}
"""Attributes of a line that a line note (BT-127) may say as `GTU: GTU_06; Procedura: TT_D`."""

ALLOWANCE: Final = "Rabat"
CHARGE: Final = "Opłata"
"""Names of lines for allowances and charges without a reason."""

_CODE = 50
_NAME = 512


def lines(draft: Draft, regime: Regime, dated: bool) -> list[Line]:
    """FaWiersz: the lines, then one for each charge of a line and each allowance or charge of the document.

    `dated` says that P_6 is given, so that lines have no date of their own. Amounts that belong to no tax base
    (Rozliczenie) are left out.
    """
    made: list[Line] = []
    charges: list[tuple[int, View, str]] = []
    identifiers = [view.see("identifier") for view in draft.source.all("lines")]
    unique = len(set(identifiers)) == len(identifiers)
    for number, view in enumerate(draft.source.all("lines"), 1):
        rate = _rate(view.one("vat"), "category_code", "rate", regime)
        made.append(_line(draft, view, number, rate, dated, unique))
        charges += [(number, charge, rate) for charge in view.all("charges")]
    for parent, charge, rate in charges:
        made.append(_extra(draft, charge, len(made) + 1, rate, "BG-28", str(parent), CHARGE))
    for name, term, word in (("allowances", "BG-20", ALLOWANCE), ("charges", "BG-21", CHARGE)):
        for view in taxed_parts(draft.source, name):
            rate = _rate(view, "vat_category_code", "vat_rate", regime)
            made.append(_extra(draft, view, len(made) + 1, rate, term, "1", word))
    return made


def taxed_parts(source: View, name: str) -> Iterator[View]:
    """The allowances or charges of the document that change the tax base."""
    others = outside_tax_base(source)
    for view in source.all(name):
        if view.see("vat_category_code") not in others:
            yield view


def outside_tax_base(source: View) -> frozenset[str]:
    """The categories whose document level charges stand in Rozliczenie: what article 79 keeps out of the tax base.

    Category O beside others is no valid EN 16931, but it says the same.
    """
    categories = {view.see("category_code") for view in source.all("vat_breakdown")}
    sold = {view.one("vat").see("category_code") for view in source.all("lines")}
    outside = {
        view.see("category_code")
        for view in source.all("vat_breakdown")
        if view.see("exemption_reason_code") == "VATEX-EU-79-C" and view.see("category_code") == "E"
    }
    if "O" in categories and "O" not in sold and len(categories) > 1:
        outside.add("O")
    return frozenset(outside)


def _rate(view: View, category: str, percent: str, regime: Regime) -> str:
    code, rate = view.take(category), view.take(percent)
    if code is None:
        raise missing(view, category)
    if code != "S":
        no_percent(view, percent)
    return fa_rate(code, rate, regime, view.at(category))


def no_percent(view: View, name: str) -> None:
    """A rate above zero is lost with a category that FA(3) has in words only."""
    if view.see(name):
        view.lose(name, "its VAT category has no rate in FA(3)")


def _line(draft: Draft, view: View, number: int, rate: str, dated: bool, unique: bool) -> Line:
    item = view.one("item")
    net = _net(draft, view)
    quantity = draft.amount(view, "quantity", 6)
    unit = view.take("unit_code")
    price = _price(draft, view.one("price"), number, unit)
    identifier, standard = view.see("identifier"), item.one("standard_identifier")
    gtin = None
    if standard and standard.see("scheme_id") in (GTIN, None) and len(standard.see("value") or "") <= 20:
        gtin = draft.text(standard, "value", 20)
        standard.take("scheme_id")
    else:
        draft.describe_identifier(standard, number)
    values: dict[str, Any] = {
        "name": draft.text(item, "name", _NAME),
        "item_code": _short(draft, item, "seller_identifier", number),
        "gtin": gtin,
        "unit": unit_to(unit) if unit else None,
        "quantity": quantity,
        "discount": _discount(draft, view, number),
        "supply_date": _supply_date(draft, view, number, dated),
        **_prices(price, net, rate),
        **_rates(view, rate),
        **_noted(draft, view, number),
    }
    if identifier == str(number):
        view.take("identifier")
    elif unique:
        values["unique_id"] = _short(draft, view, "identifier", number)
    else:
        draft.describe(view, "identifier", number)
    _classify(draft, item, values, number)
    for name in ("purchase_order_line_reference", "buyer_accounting_reference"):
        draft.describe(view, name, number)
    draft.describe_identifier(view.one("object_identifier"), number)
    for name in ("description", "buyer_identifier", "country_of_origin"):
        draft.describe(item, name, number)
    for attribute in item.all("attributes"):
        name = attribute.take("name")
        if attribute.see("value") is None or name is None:
            attribute.take("value")
            continue
        draft.state(
            draft.fitted(attribute, "name", key_of("BG-32", name), 256) or "BG-32",
            draft.fitted(attribute, "value", attribute.take("value"), 256) or "-",
            number,
        )
    return Line(number=number, **draft.found(**values))


def _net(draft: Draft, view: View) -> Decimal:
    """The net amount of the line proper: its charges become lines of their own."""
    net = draft.amount(view, "net_amount")
    if net is None:
        raise missing(view, "net_amount", "Call with_totals() before converting.")
    charges = total(charge.see("amount") or ZERO for charge in view.all("charges"))
    return subtract(net, draft.signed(fit_decimals(charges, 2)))


def _price(draft: Draft, view: View, number: int, unit: str | None) -> Decimal | None:
    """The price of one unit; where it is stated for several, that stands in descriptions beside it."""
    base = view.see("base_quantity")
    if view.see("base_quantity_unit_code") == unit:
        view.take("base_quantity_unit_code")
    if base is None or base == 1 or not base:
        view.take("base_quantity")
        if base is not None:
            draft.describe(view, "base_quantity_unit_code", number)
        return draft.number(view, "net_price", 8)
    for name in ("net_price", "base_quantity", "base_quantity_unit_code"):
        draft.describe(view, name, number)
    net = view.see("net_price")
    return None if net is None else shortened(divide_half_away(net, base, 8))


def _prices(price: Decimal | None, net: Decimal, rate: str) -> dict[str, Any]:
    """Price and value; under a margin scheme they contain a tax that is not shown."""
    if rate == MARGIN:
        return {"gross_price": price, "gross_amount": net}
    return {"net_price": price, "net_amount": net}


def _rates(view: View, rate: str) -> dict[str, Any]:
    if rate == OSS:
        return {"oss_rate": view.one("vat").see("rate")}
    return {} if rate == MARGIN else {"rate": rate}


def _discount(draft: Draft, view: View, number: int) -> Decimal | None:
    """P_10: all allowances of the line in one amount."""
    parts = view.all("allowances")
    if not parts:
        return None
    if len(parts) > 1:
        for part in parts:
            part.take("amount")
            part.lose_all("FA(3) has one discount a line: the allowances are added up in P_10")
        return draft.signed(fit_decimals(total(part.see("amount") or ZERO for part in parts), 8))
    for name in ("base_amount", "percentage", "reason", "reason_code"):
        draft.describe(parts[0], name, number)
    return draft.amount(parts[0], "amount", 8)


def _supply_date(draft: Draft, view: View, number: int, dated: bool) -> Any:
    period = view.one("period")
    start, end = period.see("start_date"), period.see("end_date")
    if dated or end is None:
        draft.describe(period, "start_date", number)
        draft.describe(period, "end_date", number)
        return None
    day = draft.day(period, "end_date", line=number)
    if start == day:
        period.take("start_date")
    else:
        draft.describe(period, "start_date", number)
    return day


def _noted(draft: Draft, view: View, number: int) -> dict[str, Any]:
    """What a line note says in the form of `LINE_NOTED`; any other note becomes a description."""
    note = view.see("note")
    said: dict[str, Any] = {}
    for part in (note or "").split("; "):
        word, _, value = part.partition(": ")
        name = next((name for name, one in LINE_NOTED.items() if one == word), None)
        if name is None or not re.fullmatch("GTU_(0[1-9]|1[0-3])|[A-Z_0-9]{3,14}|tak", value):
            draft.describe(view, "note", number)
            return {}
        said[name] = True if name == "annex_15" else value
    view.take("note")
    return said


def _short(draft: Draft, view: View, name: str, number: int) -> str | None:
    """A text of up to 50 characters; a longer one becomes a description."""
    if len(view.see(name) or "") <= _CODE:
        return draft.text(view, name, _CODE)
    draft.describe(view, name, number)
    return None


def _classify(draft: Draft, item: View, values: dict[str, Any], number: int) -> None:
    for one in item.all("classification_identifiers"):
        scheme, version, value = one.see("scheme_id"), one.see("scheme_version") or "", one.see("value") or ""
        for name, (known, marked) in CLASSIFICATIONS.items():
            if scheme == known and version.startswith(marked or "") and name not in values and len(value) <= _CODE:
                values[name] = draft.text(one, "value", _CODE)
                one.take("scheme_id")
                if version == (marked or ""):
                    one.take("scheme_version")
                else:
                    draft.describe(one, "scheme_version", number)
                break
        else:
            one.take("scheme_id")
            one.take("scheme_version")
            draft.describe(one, "value", number, "/".join(part for part in (scheme, version) if part))


def _extra(draft: Draft, view: View, number: int, rate: str, term: str, value: str, word: str) -> Line:
    """A line for an allowance or charge: negative for an allowance; a description says what it is."""
    amount = draft.amount(view, "amount")
    if amount is None:
        raise missing(view, "amount")
    if term == "BG-20":
        amount = subtract(ZERO, amount)
    name = draft.text(view, "reason", _NAME)
    draft.state(term if name else f"{term}/{word}", value, number)
    for detail in ("base_amount", "percentage", "reason_code"):
        draft.describe(view, detail, number)
    rates: dict[str, Any] = {"oss_rate": view.see("vat_rate")} if rate == OSS else {}
    if rate not in (OSS, MARGIN):
        rates = {"rate": rate}
    values = {"quantity": Decimal(1), **_prices(amount, amount, rate), **rates}
    return Line(number=number, name=name or word, **draft.found(**values))


def order(draft: Draft, made: list[Line], taxes: dict[str, Decimal], gross: Decimal) -> Order:
    """Zamowienie of an advance invoice from its lines; the tax of each rate is spread over its lines."""
    rows = []
    spread = _spread(made, taxes)
    for line, tax in zip(made, spread, strict=True):
        if line.discount is not None:
            draft.state("BT-136", format(line.discount, "f"), line.number)
        if line.supply_date is not None:
            draft.state("BT-135", line.supply_date.isoformat(), line.number)
        net = line.gross_amount if line.net_amount is None else line.net_amount
        rows.append(
            OrderLine(
                number=line.number,
                unique_id=line.unique_id,
                name=line.name,
                item_code=line.item_code,
                gtin=line.gtin,
                pkwiu=line.pkwiu,
                cn=line.cn,
                pkob=line.pkob,
                unit=line.unit,
                quantity=line.quantity,
                net_price=line.gross_price if line.net_price is None else line.net_price,
                net_amount=net,
                tax_amount=tax,
                rate=line.rate,
                oss_rate=line.oss_rate,
                annex_15=line.annex_15,
                gtu=line.gtu,
                procedure=line.procedure if line.procedure not in ("I_42", "I_63") else None,
            )
        )
    return Order(gross_total=gross, lines=tuple(rows))


def _spread(made: list[Line], taxes: dict[str, Decimal]) -> list[Decimal]:
    """The tax of each line; the largest line of a rate takes the cents that are left of `taxes`."""
    found = []
    groups: dict[str, list[int]] = {}
    for index, line in enumerate(made):
        rate = OSS if line.oss_rate is not None else line.rate or MARGIN
        percent = line.oss_rate if line.oss_rate is not None else percent_of_rate(rate)
        found.append(round_half_away(percent_of(line.net_amount or ZERO, percent)))
        groups.setdefault(rate, []).append(index)
    for rate, members in groups.items():
        largest = max(members, key=lambda index: abs(made[index].net_amount or ZERO))
        rest = subtract(taxes.get(rate, ZERO), total(found[index] for index in members))
        found[largest] = add(found[largest], rest)
    return found
