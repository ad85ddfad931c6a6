"""FaWiersz and ZamowienieWiersz as the lines of an EN 16931 invoice, prices and values without tax."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from billingua.engine.numbers import (
    ZERO,
    add,
    divide_half_away,
    multiply,
    percent_of,
    plain,
    round_half_away,
    shortened,
    subtract,
    total,
)
from billingua.formats.fa.mapping.codes import unit_back
from billingua.formats.fa.mapping.described import Described, number_in
from billingua.formats.fa.mapping.from_lines import ALLOWANCE, CLASSIFICATIONS, GTIN, LINE_NOTED
from billingua.formats.fa.mapping.ledger import View
from billingua.formats.fa.mapping.vat import OSS, percent_of_rate

__all__ = ["Row", "Signed", "identify", "line_of", "reconcile", "rows", "split_gross", "tax_on"]

Record = dict[str, Any]
Signed = Callable[[Decimal], Decimal]

_ONE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")
_GROSS: Final = "EN 16931 has prices without tax"


class Row:
    """One line on its way: what it counts to, and its value with the sign it has in FA(3)."""

    def __init__(self, view: View | None, rate: str | None, percent: Decimal | None) -> None:
        self.view = view
        self.rate = rate
        self.percent = percent
        self.net: Decimal | None = None
        self.gross: Decimal | None = None
        self.before = bool(view is not None and view.take("before_correction"))
        self.name: str | None = None
        self.position = 0
        """Its place among the lines, from 1."""
        self.part = ""
        """BG-20, BG-21 or BG-28 where the line stands for an allowance or charge."""
        self.parent = ""
        """The number of the line that a charge (BG-28) belongs to."""
        self.nameless = False
        """Whether the allowance or charge has no reason of its own."""

    @property
    def number(self) -> int | None:
        """NrWierszaFa."""
        return None if self.view is None else self.view.see("number")

    @property
    def is_gross(self) -> bool:
        """Whether the value had to be worked out from one with tax."""
        return self.gross is not None

    def rated(self, rate: str, percent: Decimal | None = None) -> None:
        """Settle what the line counts to."""
        self.rate = rate
        self.percent = percent_of_rate(rate) if percent is None else percent

    def valued(self) -> None:
        """Work out the value, once the rate is known."""
        view = self.view
        if view is None:
            return
        net, gross = view.take("net_amount"), None
        if net is None:
            net, gross = self._from_gross(view)
        if net is None:
            net = self._from_price(view)
        self.gross = gross
        if net is not None:
            self.net = subtract(ZERO, net) if self.before else net

    def _from_gross(self, view: View) -> tuple[Decimal | None, Decimal | None]:
        if not view.knows("gross_amount") or view.see("gross_amount") is None:
            return None, None
        gross: Decimal = view.take("gross_amount")
        if not self.percent:
            return gross, None
        net = divide_half_away(multiply(gross, Decimal(100)), add(Decimal(100), self.percent))
        view.lose("gross_amount", f"{_GROSS}; {plain(net)} stands for it")
        return net, gross

    def _from_price(self, view: View) -> Decimal | None:
        quantity, price = view.see("quantity"), view.see("net_price")
        if quantity is None or price is None:
            return None
        discount = view.see("discount") if view.knows("discount") else None
        return round_half_away(subtract(multiply(quantity, price), discount or ZERO))


def rows(views: list[View], described: Described) -> list[Row]:
    """The lines by what they count to; the rate of some is not known yet."""
    found = []
    for position, view in enumerate(views, 1):
        rate, percent = view.take("rate"), view.take("oss_rate")
        row = Row(view, rate, percent_of_rate(rate) if rate else None)
        if percent is not None and rate is None:
            row.rated(OSS, percent)
        row.position = position
        _set_part(row, described)
        found.append(row)
    return found


def _set_part(row: Row, described: Described) -> None:
    """Recognise a line that stands for an allowance or charge: such a line has no unit."""
    if row.view is None or row.number is None or row.view.see("unit") is not None:
        return
    for term in ("BG-20", "BG-21", "BG-28"):
        for qualifier, value in described.take_all(term, row.number, once=True):
            row.part = term
            row.parent = value if term == "BG-28" else ""
            row.nameless = qualifier is not None


def identify(made: list[Row]) -> list[str]:
    """BT-126 of each line: the universal identifiers where they are all different, else the numbers."""
    unique = [None if row.view is None else row.view.see("unique_id") for row in made]
    present = [one for one in unique if one]
    if len(set(present)) < len(present):
        unique = [None] * len(made)
    found: list[str] = []
    counts: dict[str, int] = {}
    for index, row in enumerate(made):
        own = unique[index]
        if row.view is not None:
            row.view.take("number")
            if own:
                row.view.take("unique_id")
                if row.number != row.position:
                    row.view.lose("number", "BT-126 is the universal identifier of the line (UU_ID)")
        name = own or str(row.number or index + 1)
        counts[name] = count = counts.get(name, 0) + 1
        found.append(name if count == 1 else f"{name}-{count}")
    return found


def line_of(row: Row, identifier: str, signed: Signed, described: Described) -> tuple[Record, str]:
    """BG-25 of a line, and words on what it says beyond the terms."""
    net = signed(row.net or ZERO)
    record: Record = {"identifier": identifier, "net_amount": net}
    if row.view is None:
        price = abs(net)
        record |= {"quantity": _ONE if net >= 0 else -_ONE, "unit_code": "C62", "price": {"net_price": price}}
        return {**record, "item": {"name": row.name}}, ""
    view, number = row.view, row.number
    said = []
    quantity, unit_code, word = _quantity(row, view, signed)
    if word:
        said.append(word)
    allowance = _allowance(row, view, signed, quantity, net)
    price = _price(row, view, quantity, net, allowance)
    if price < 0:
        price, quantity = -price, -quantity
    record |= {"quantity": quantity, "unit_code": unit_code, "price": {"net_price": price}}
    if allowance:
        reason = described.take("BT-139", number)
        record["allowances"] = [{"amount": allowance, "reason": reason or ALLOWANCE}]
    if view.knows("supply_date") and (day := view.take("supply_date")) is not None:
        start = described.take("BT-134", number)
        record["period"] = {"start_date": day if start is None else _day(start, day), "end_date": day}
    record["item"] = _item(view, identifier)
    for name, element in LINE_NOTED.items():
        value = view.take(name) or None
        if value is not None:
            said.append(f"{element}: {'tak' if value is True else value}")
    _priced_for(record, described, number)
    return record, "; ".join(said)


def _day(text: str, otherwise: Any) -> Any:
    try:
        return type(otherwise).fromisoformat(text)
    except ValueError:
        return otherwise


def _quantity(row: Row, view: View, signed: Signed) -> tuple[Decimal, str, str]:
    """BT-129 and BT-130: one unit where nothing is said, and the word for a unit without a code."""
    stated, word = view.take("quantity"), view.take("unit")
    quantity = signed(_ONE if stated is None else stated)
    if row.before:
        quantity = -quantity
    code = unit_back(word) if word else "C62"
    return quantity, code or "C62", "" if code else f"P_8A: {word}"


def _allowance(row: Row, view: View, signed: Signed, quantity: Decimal, net: Decimal) -> Decimal | None:
    """BT-136 of a discount: that of the line, or of each unit where only that fits."""
    stated: Decimal | None = view.take("discount") if view.knows("discount") else None
    if not stated:
        return None
    amount = signed(-stated if row.before else stated)
    price = view.see("net_price")
    if row.is_gross:
        view.lose("discount", f"{_GROSS}, and a discount so too")
        return divide_half_away(multiply(amount, Decimal(100)), add(Decimal(100), row.percent or ZERO))
    if price is not None:
        difference = subtract(multiply(quantity, price), net)
        if abs(difference - amount) > _CENT and abs(difference - multiply(amount, abs(quantity))) <= _CENT:
            return round_half_away(difference)
    rounded = round_half_away(amount)
    if rounded != amount:
        view.lose("discount", f"an allowance has two decimals; {plain(rounded)} stands for it")
        return rounded
    return amount


def _price(row: Row, view: View, quantity: Decimal, net: Decimal, allowance: Decimal | None) -> Decimal:
    """BT-146: as stated, or what follows from value and quantity."""
    price: Decimal | None = view.take("net_price")
    if view.knows("gross_price") and view.see("gross_price") is not None:
        gross: Decimal = view.take("gross_price")
        if price is None and not row.percent:
            price = gross
        else:
            view.lose("gross_price", _GROSS)
    if price is not None:
        return price
    whole = add(net, allowance or ZERO)
    return whole if not quantity else shortened(divide_half_away(whole, quantity, 8))


def _priced_for(record: Record, described: Described, number: int | None) -> None:
    """A price that was stated for several units (BT-149) stands in descriptions."""
    base, price = (number_in(described.take(term, number)) for term in ("BT-149", "BT-146"))
    unit = described.take("BT-150", number)
    if base is not None:
        record["price"]["base_quantity"] = base
    if price is not None:
        record["price"]["net_price"] = price
    if unit is not None and "base_quantity" in record["price"]:
        record["price"]["base_quantity_unit_code"] = unit


def _item(view: View, identifier: str) -> Record:
    found: Record = {"name": view.take("name"), "seller_identifier": view.take("item_code")}
    if gtin := view.take("gtin"):
        found["standard_identifier"] = {"value": gtin, "scheme_id": GTIN}
    classes = []
    for name, (scheme, version) in CLASSIFICATIONS.items():
        if value := view.take(name):
            classes.append({"value": value, "scheme_id": scheme, **({"scheme_version": version} if version else {})})
    found["classification_identifiers"] = classes
    if not found["name"]:
        found["name"] = found["seller_identifier"] or view.see("gtin") or f"Pozycja {identifier}"
    return found


def reconcile(members: list[Row], stated: Decimal) -> Decimal:
    """Make the values of lines add up to the total they count to; what cannot be is returned.

    Lines without a value take what is left; of values worked out from prices with tax the largest takes the cents.
    """
    unknown = [row for row in members if row.net is None]
    rest = subtract(stated, total(row.net or ZERO for row in members))
    if unknown:
        for row in unknown:
            row.net = ZERO
        unknown[0].net = rest
        return ZERO
    worked_out = [row for row in members if row.is_gross]
    if rest and worked_out and abs(rest) <= _CENT * (len(members) + 1):
        largest = max(worked_out, key=lambda row: abs(row.net or ZERO))
        largest.net = add(largest.net or ZERO, rest)
        return ZERO
    return rest


def split_gross(gross: Decimal, percent: Decimal) -> tuple[Decimal, Decimal]:
    """Net and tax of an amount with tax."""
    net = divide_half_away(multiply(gross, Decimal(100)), add(Decimal(100), percent))
    return net, subtract(gross, net)


def tax_on(net: Decimal, percent: Decimal | None) -> Decimal:
    """The tax of a rate."""
    return round_half_away(percent_of(net, percent or ZERO))
