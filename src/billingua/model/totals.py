"""Totals (BG-22) and VAT breakdown (BG-23) of an invoice, from its lines, allowances and charges.

Every amount is rounded to two decimals, a half away from zero, so that a credit note mirrors its invoice.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Final, TypeVar, get_args

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
from billingua.errors import InvalidModel, UsageError
from billingua.model.amounts import DocumentAllowance, DocumentCharge, Totals, VatBreakdown
from billingua.model.base import checked_number
from billingua.model.explanation import Rounding, Step, TotalsExplanation
from billingua.model.extension import (
    DocumentAllowanceExtension,
    DocumentChargeExtension,
    LineExtension,
    LineVatExtension,
)
from billingua.model.lines import Line, LineAllowance, LineCharge, LineVat, Price
from billingua.model.terms import term_at, term_name

if TYPE_CHECKING:
    from billingua.model.invoice import Invoice

__all__ = ["explain_totals", "with_totals"]

TAXED: Final = frozenset({"S", "L", "M", "B"})
"""VAT categories whose tax is base times rate; each rate has a breakdown group of its own."""

UNTAXED: Final = frozenset({"Z", "E", "AE", "K", "G", "O"})
"""VAT categories whose tax is zero; each has one breakdown group."""

DEFAULT_EXEMPTION: Final = {"AE": "VATEX-EU-AE", "K": "VATEX-EU-IC", "G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""The exemption reason code of the categories that mean one reason only."""

_SHOWN_PARTS = 12
_TOLERANCE = Decimal(1)

COUNTED: Final = frozenset({None, "DETAIL"})
"""Subtypes of lines that count in the totals (EXT-FR-FE-163): a GROUP sums up, INFORMATION only says something."""

_Reasons = tuple[str | None, str | None]
_Key = tuple[str, Decimal | None, _Reasons]

_NO_REASONS: Final[_Reasons] = (None, None)
_PartT = TypeVar("_PartT", LineAllowance, LineCharge, DocumentAllowance, DocumentCharge)
_DocumentPartT = TypeVar("_DocumentPartT", DocumentAllowance, DocumentCharge)


def with_totals(
    invoice: "Invoice",
    *,
    rounding: Rounding = "category",
    paid_amount: Decimal | None = None,
    rounding_amount: Decimal | None = None,
    vat_exchange_rate: Decimal | None = None,
) -> "Invoice":
    """The invoice with missing line and allowance amounts, its VAT breakdown and its totals computed."""
    return _Calculation(invoice, rounding, paid_amount, rounding_amount, vat_exchange_rate, explain=False).result()


def explain_totals(
    invoice: "Invoice",
    *,
    rounding: Rounding = "category",
    paid_amount: Decimal | None = None,
    rounding_amount: Decimal | None = None,
    vat_exchange_rate: Decimal | None = None,
) -> TotalsExplanation:
    """How `with_totals` comes to each amount, and where the invoice itself says something else."""
    calculation = _Calculation(invoice, rounding, paid_amount, rounding_amount, vat_exchange_rate, explain=True)
    calculation.result()
    return TotalsExplanation(
        number=invoice.number or "",
        currency=invoice.currency or "",
        rounding=rounding,
        steps=tuple(calculation.steps),
    )


class _Tax:
    """What falls under one VAT category at one rate, and in EXTENDED-CTC-FR for one exemption reason."""

    def __init__(self, category: str, rate: Decimal | None, reasons: _Reasons) -> None:
        self.category = category
        self.rate = rate
        self.reasons = reasons
        self.parts: list[Decimal] = []

    @property
    def subject(self) -> str:
        return self.category if self.rate is None else f"{self.category} {plain(self.rate)} %"


class _Calculation:
    """One run over one invoice; with `explain` it also writes down its steps."""

    def __init__(
        self,
        invoice: "Invoice",
        rounding: Rounding,
        paid_amount: Decimal | None,
        rounding_amount: Decimal | None,
        vat_exchange_rate: Decimal | None,
        *,
        explain: bool,
    ) -> None:
        if rounding not in get_args(Rounding):
            raise UsageError(
                f"There is no rounding {rounding!r}.", todo=f"Choose one of {', '.join(get_args(Rounding))}."
            )
        self.invoice = invoice
        self.stated = invoice.totals or Totals()
        self.rounding = rounding
        self.paid = self.stated.paid_amount if paid_amount is None else paid_amount
        self.rounding_amount = self.stated.rounding_amount if rounding_amount is None else rounding_amount
        self.rate = None if vat_exchange_rate is None else checked_number(vat_exchange_rate, "vat_exchange_rate")
        self.explain = explain
        self.steps: list[Step] = []
        self.taxes: dict[_Key, _Tax] = {}
        self.before: dict[tuple[str, Decimal | None], list[VatBreakdown]] = {}
        for entry in invoice.vat_breakdown:
            self.before.setdefault(_rate_of(entry), []).append(entry)

    def result(self) -> "Invoice":
        lines = self._grouped([self._line(number, line) for number, line in enumerate(self.invoice.lines)])
        allowances = tuple(
            self._document_part("allowances", number, part) for number, part in enumerate(self.invoice.allowances)
        )
        charges = tuple(
            self._document_part("charges", number, part) for number, part in enumerate(self.invoice.charges)
        )
        logistics = self._logistics()
        breakdown = tuple(self._breakdown(key, tax) for key, tax in self.taxes.items())
        totals = self._totals(
            [_given(line.net_amount) for line in lines if line.extension is None or _counts(line.extension)],
            [_given(part.amount) for part in allowances],
            [*(_given(part.amount) for part in charges), *logistics],
            [_given(entry.tax_amount) for entry in breakdown],
        )
        return self.invoice.replace(
            lines=lines, allowances=allowances, charges=charges, vat_breakdown=breakdown, totals=totals
        )

    def _line(self, number: int, line: Line) -> Line:
        path = f"lines[{number}]"
        subject = f"line {line.identifier or number + 1}"
        allowances = tuple(
            self._part(part, f"{path}.allowances[{index}]", f"{subject}, allowance {index + 1}")
            for index, part in enumerate(line.allowances)
        )
        charges = tuple(
            self._part(part, f"{path}.charges[{index}]", f"{subject}, charge {index + 1}")
            for index, part in enumerate(line.charges)
        )
        price = _with_net_price(line.price)
        if line.extension is not None and not _counts(line.extension):
            return line.replace(allowances=allowances, charges=charges, price=price)
        net_amount = line.net_amount
        if net_amount is None:
            net_amount = self._net_amount(line, price, allowances, charges, path, subject)
        else:
            given = net_amount
            self._step("BT-131", subject, given, given, lambda: f"{plain(given)}, as given")
        vat = line.vat or LineVat()
        reasons = _NO_REASONS if vat.extension is None else _reasons(vat.extension)
        self._collect(vat.category_code, vat.rate, net_amount, f"{path}.vat.category_code", f"{path}.vat.rate", reasons)
        return line.replace(net_amount=net_amount, allowances=allowances, charges=charges, price=price)

    def _grouped(self, lines: list[Line]) -> tuple[Line, ...]:
        """The lines, each GROUP without a net amount with the sum of the GROUP and DETAIL lines right below it."""
        below: dict[str, list[int]] = {}
        for number, line in enumerate(lines):
            extension = line.extension
            if extension is not None and extension.parent_line and extension.subtype in ("GROUP", "DETAIL"):
                below.setdefault(extension.parent_line, []).append(number)
        if not below:
            return tuple(lines)
        waiting = [
            number
            for number, line in enumerate(lines)
            if line.net_amount is None
            and line.identifier in below
            and line.extension is not None
            and line.extension.subtype == "GROUP"
        ]
        while ready := [number for number in waiting if self._sum_up(lines, number, below)]:
            waiting = [number for number in waiting if number not in ready]
        return tuple(lines)

    def _sum_up(self, lines: list[Line], number: int, below: dict[str, list[int]]) -> bool:
        """Give a GROUP its net amount, if all the lines that it sums up have theirs."""
        group = lines[number]
        amounts = [lines[one].net_amount for one in below[group.identifier or ""]]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return False
        exact = total(known)
        value = round_half_away(exact)
        self._step(
            "BT-131", f"line {group.identifier}", value, exact, lambda: _equation(_sum_text(known), exact, value)
        )
        lines[number] = group.replace(net_amount=value)
        return True

    def _net_amount(
        self,
        line: Line,
        price: Price | None,
        allowances: tuple[LineAllowance, ...],
        charges: tuple[LineCharge, ...],
        path: str,
        subject: str,
    ) -> Decimal:
        if line.quantity is None:
            raise _missing(f"{path}.quantity", "the line has no net amount (BT-131) either")
        if price is None or price.net_price is None:
            raise _missing(f"{path}.price.net_price", "the line has no net amount (BT-131) either")
        quantity, net_price = line.quantity, price.net_price
        base = Decimal(1) if price.base_quantity is None else price.base_quantity
        if not base:
            raise InvalidModel(
                "The item price base quantity (BT-149) is 0.",
                where=f"{path}.price.base_quantity",
                todo="Give the number of units that the price is for.",
            )
        added = subtract(_amounts(charges), _amounts(allowances))
        dividend = add(multiply(quantity, net_price), multiply(added, base))
        value = divide_half_away(dividend, base)
        if self.explain:
            expression = f"{plain(quantity)} x {plain(net_price)}"
            if base != 1:
                expression += f" / {plain(base)}"
            expression += "".join(f" - {plain(_given(part.amount))}" for part in allowances)
            expression += "".join(f" + {plain(_given(part.amount))}" for part in charges)
            close = divide_half_away(dividend, base, 20)
            exact = shortened(close) if multiply(close, base) == dividend else None
            self._step("BT-131", subject, value, exact, lambda: _equation(expression, exact, value))
        return value

    def _document_part(self, collection: str, number: int, part: _DocumentPartT) -> _DocumentPartT:
        path = f"{collection}[{number}]"
        part = self._part(part, path, f"{collection.removesuffix('s')} {number + 1}")
        amount = _given(part.amount)
        self._collect(
            part.vat_category_code,
            part.vat_rate,
            amount if isinstance(part, DocumentCharge) else amount.copy_negate(),
            f"{path}.vat_category_code",
            f"{path}.vat_rate",
            _NO_REASONS if part.extension is None else _reasons(part.extension),
        )
        return part

    def _logistics(self) -> list[Decimal]:
        """The amounts of logistics charges (BG-X-42), which count like document level charges."""
        extension = self.invoice.extension
        amounts = []
        for number, part in enumerate(extension.logistics_charges if extension is not None else ()):
            path = f"extension.logistics_charges[{number}]"
            if part.amount is None:
                raise _missing(f"{path}.amount", "without it the totals cannot be computed")
            reasons = (part.exemption_reason, part.exemption_reason_code)
            at = (f"{path}.vat_category_code", f"{path}.vat_rate")
            self._collect(part.vat_category_code, part.vat_rate, part.amount, *at, reasons)
            amounts.append(part.amount)
        return amounts

    def _part(self, part: _PartT, path: str, subject: str) -> _PartT:
        if part.amount is not None:
            return part
        if part.base_amount is None or part.percentage is None:
            raise _missing(f"{path}.amount", "it has no base amount with a percentage to compute it from")
        base, percentage = part.base_amount, part.percentage
        exact = percent_of(base, percentage)
        value = round_half_away(exact)
        found = term_at(f"{path}.amount")
        self._step(
            found.id if found else "",
            subject,
            value,
            exact,
            lambda: _equation(f"{plain(base)} x {plain(percentage)} %", exact, value),
        )
        return part.replace(amount=value)

    def _collect(
        self,
        category: str | None,
        rate: Decimal | None,
        amount: Decimal,
        category_path: str,
        rate_path: str,
        reasons: _Reasons,
    ) -> None:
        if category is None:
            raise _missing(category_path, "without it the VAT cannot be computed")
        if category in UNTAXED:
            key: _Key = (category, None, reasons)
            shown = None if category == "O" else rate if rate is not None and not rate else ZERO
        elif category in TAXED:
            if rate is None:
                raise _missing(rate_path, f"VAT category {category} has a rate")
            key, shown = (category, rate, reasons), rate
        else:
            raise InvalidModel(
                f"{category!r} is not a VAT category of EN 16931.",
                where=category_path,
                todo=f"Choose one of {', '.join(sorted(TAXED | UNTAXED))}.",
            )
        if key not in self.taxes:
            self.taxes[key] = _Tax(category, shown, reasons)
        self.taxes[key].parts.append(amount)

    def _breakdown(self, key: _Key, tax: _Tax) -> VatBreakdown:
        before = self._stated(key)
        stated = before[0] if len(before) == 1 else VatBreakdown()
        exact_base = total(tax.parts)
        base = round_half_away(exact_base)
        self._step(
            "BT-116",
            tax.subject,
            base,
            exact_base,
            lambda: _equation(_sum_text(tax.parts), exact_base, base),
            stated.taxable_amount,
        )
        amount = self._tax_amount(tax, base, stated.tax_amount)
        text, code = self._exemption(tax, before)
        return VatBreakdown(
            taxable_amount=base,
            tax_amount=amount,
            category_code=tax.category,
            rate=tax.rate,
            exemption_reason=text,
            exemption_reason_code=code,
        )

    def _stated(self, key: _Key) -> list[VatBreakdown]:
        """What the invoice says of a VAT breakdown: for its exemption reason, or for none that lines have."""
        category, rate, reasons = key
        entries = self.before.get((category, rate), [])
        if reasons != _NO_REASONS:
            return [entry for entry in entries if _has(entry, reasons)]
        others = [other for *at, other in self.taxes if at == [category, rate] and other != _NO_REASONS]
        return [entry for entry in entries if not any(_has(entry, other) for other in others)]

    def _tax_amount(self, tax: _Tax, base: Decimal, stated: Decimal | None) -> Decimal:
        if tax.category in UNTAXED:
            value = Decimal("0.00")
            self._step("BT-117", tax.subject, value, value, lambda: "0.00, no VAT is charged", stated)
            return value
        rate = _given(tax.rate)
        exact = percent_of(base, rate)
        rounded = round_half_away(exact)
        expression = f"{plain(base)} x {plain(rate)} %"
        if self.rounding == "category":
            self._step("BT-117", tax.subject, rounded, exact, lambda: _equation(expression, exact, rounded), stated)
            return rounded
        parts = [round_half_away(percent_of(part, rate)) for part in tax.parts]
        value = round_half_away(total(parts))
        if subtract(value, rounded).copy_abs() >= _TOLERANCE:
            raise InvalidModel(
                f"Rounded line by line, the VAT of {tax.subject} is {plain(value)}, but {expression} is "
                f"{plain(rounded)}; EN 16931 (BR-CO-17) allows a difference of less than 1.00.",
                where="vat_breakdown",
                todo='Use rounding="category".',
            )
        self._step(
            "BT-117",
            tax.subject,
            value,
            exact,
            lambda: f"{_equation(_sum_text(parts), value, value)} ({expression} = {plain(shortened(exact))})",
            stated,
        )
        return value

    def _exemption(self, tax: _Tax, before: Iterable[VatBreakdown]) -> tuple[str | None, str | None]:
        """Why no VAT is charged: as the invoice says, else the one reason that its category can have."""
        reasons = {(entry.exemption_reason, entry.exemption_reason_code) for entry in before} - {_NO_REASONS}
        if tax.reasons != _NO_REASONS:
            return next(iter(reasons)) if len(reasons) == 1 else tax.reasons
        if len(reasons) > 1:
            raise InvalidModel(
                f"The invoice gives {len(reasons)} different exemption reasons for {tax.subject}, "
                "but EN 16931 has one VAT breakdown group for it.",
                where="vat_breakdown",
                todo="Keep one of them (BT-120, BT-121).",
            )
        return next(iter(reasons), (None, DEFAULT_EXEMPTION.get(tax.category)))

    def _totals(
        self, lines: list[Decimal], allowances: list[Decimal], charges: list[Decimal], taxes: list[Decimal]
    ) -> Totals:
        stated = self.stated
        line_total = self._sum("BT-106", lines, stated.line_total)
        allowance_total = self._sum("BT-107", allowances, stated.allowance_total) if allowances else None
        charge_total = self._sum("BT-108", charges, stated.charge_total) if charges else None
        without_vat = self._signed_sum(
            "BT-109", stated.total_without_vat, line_total, minus=allowance_total, plus=charge_total
        )
        total_vat = self._sum("BT-110", taxes, stated.total_vat)
        with_vat = self._signed_sum("BT-112", stated.total_with_vat, without_vat, plus=total_vat)
        totals = Totals(
            line_total=line_total,
            allowance_total=allowance_total,
            charge_total=charge_total,
            total_without_vat=without_vat,
            total_vat=total_vat,
            total_vat_in_accounting_currency=self._accounting_vat(total_vat),
            total_with_vat=with_vat,
            paid_amount=self.paid,
            rounding_amount=self.rounding_amount,
        )
        due = self._signed_sum(
            "BT-115", stated.amount_due, with_vat, minus=totals.paid_amount, plus=totals.rounding_amount
        )
        return totals.replace(amount_due=due)

    def _accounting_vat(self, total_vat: Decimal) -> Decimal | None:
        """BT-111, by the exchange rate; without one, as the invoice says if its BT-110 is still the same."""
        currency, stated, rate = (
            self.invoice.vat_currency,
            self.stated.total_vat_in_accounting_currency,
            self.rate,
        )
        if currency is None:
            if rate is not None:
                raise InvalidModel(
                    "An exchange rate is given, but the invoice has no VAT accounting currency (BT-6).",
                    where="vat_currency",
                    todo="Set vat_currency, or leave vat_exchange_rate out.",
                )
            return stated
        if rate is None and currency == self.invoice.currency:
            rate = Decimal(1)
        if rate is None:
            outdated = self.stated.total_vat is not None and self.stated.total_vat != total_vat
            if stated is None or outdated:
                because = "has changed with the total VAT (BT-110)" if outdated and stated is not None else "is missing"
                raise InvalidModel(
                    f"The total VAT in the accounting currency {currency} (BT-111) {because}.",
                    where="totals.total_vat_in_accounting_currency",
                    todo="Give with_totals() the vat_exchange_rate, or set the amount yourself.",
                )
            given = stated
            self._step("BT-111", "", given, given, lambda: f"{plain(given)} {currency}, as given", stated)
            return given
        factor = rate
        exact = multiply(total_vat, factor)
        value = round_half_away(exact)
        self._step(
            "BT-111",
            "",
            value,
            exact,
            lambda: _equation(f"{plain(total_vat)} x {plain(factor)}", exact, value) + f" {currency}",
            stated,
        )
        return value

    def _sum(self, term: str, values: list[Decimal], stated: Decimal | None) -> Decimal:
        exact = total(values)
        value = round_half_away(exact)
        self._step(term, "", value, exact, lambda: _equation(_sum_text(values), exact, value), stated)
        return value

    def _signed_sum(
        self,
        term: str,
        stated: Decimal | None,
        start: Decimal,
        *,
        minus: Decimal | None = None,
        plus: Decimal | None = None,
    ) -> Decimal:
        exact = add(subtract(start, _given(minus)), _given(plus))
        value = round_half_away(exact)
        expression = plain(start)
        if minus is not None:
            expression += f" - {_operand(minus)}"
        if plus is not None:
            expression += f" + {_operand(plus)}"
        self._step(term, "", value, exact, lambda: _equation(expression, exact, value), stated)
        return value

    def _step(
        self,
        term: str,
        subject: str,
        value: Decimal,
        exact: Decimal | None,
        formula: Callable[[], str],
        stated: Decimal | None = None,
    ) -> None:
        if self.explain:
            self.steps.append(
                Step(
                    term=term,
                    name=term_name(term),
                    subject=subject,
                    formula=formula(),
                    value=value,
                    exact=exact,
                    stated=stated,
                )
            )


def _rate_of(entry: VatBreakdown) -> tuple[str, Decimal | None]:
    category = entry.category_code or ""
    return category, None if category in UNTAXED else entry.rate


def _counts(extension: LineExtension) -> bool:
    return extension.subtype in COUNTED


def _reasons(extension: LineVatExtension | DocumentAllowanceExtension | DocumentChargeExtension) -> _Reasons:
    return extension.exemption_reason, extension.exemption_reason_code


def _has(entry: VatBreakdown, reasons: _Reasons) -> bool:
    """Whether a breakdown has the exemption reason of a line, which may give only the text or only the code."""
    text, code = reasons
    return text in (None, entry.exemption_reason) and code in (None, entry.exemption_reason_code)


def _with_net_price(price: Price | None) -> Price | None:
    """The price with its net price, where only the gross price and the discount are given."""
    if price is None or price.net_price is not None or price.gross_price is None:
        return price
    return price.replace(net_price=subtract(price.gross_price, _given(price.discount)))


def _amounts(parts: Iterable[LineAllowance | LineCharge]) -> Decimal:
    return total(_given(part.amount) for part in parts)


def _missing(path: str, because: str) -> InvalidModel:
    found = term_at(path)
    name = f"{found.name} ({found.id})" if found else path
    return InvalidModel(f"The {name} is missing, and {because}.", where=path, todo="Set it.")


def _given(value: Decimal | None) -> Decimal:
    return ZERO if value is None else value


def _operand(value: Decimal) -> str:
    return f"({plain(value)})" if value < 0 else plain(value)


def _sum_text(values: list[Decimal]) -> str:
    if not values:
        return "0"
    shown = [plain(values[0]), *(_operand(value) for value in values[1:_SHOWN_PARTS])]
    if len(values) > _SHOWN_PARTS:
        shown.append(f"... ({len(values)} amounts)")
    return " + ".join(shown)


def _equation(expression: str, exact: Decimal | None, value: Decimal) -> str:
    """The expression with its result, and the rounding where there was one."""
    if exact is None:
        return f"{expression}, rounded to {plain(value)}"
    if exact == value:
        return plain(value) if expression == plain(value) else f"{expression} = {plain(value)}"
    return f"{expression} = {plain(shortened(exact))}, rounded to {plain(value)}"
