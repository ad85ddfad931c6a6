"""VAT categories and rates of EN 16931, and the rates and totals of FA(3) that stand for them."""

from decimal import Decimal
from typing import Final, NamedTuple

from billingua.engine.numbers import plain
from billingua.errors import CannotExpress
from billingua.formats.fa.mapping.codes import EU
from billingua.formats.fa.model.totals import MARGINS, OSS, TAXED, UNTAXED

__all__ = [
    "MARGIN",
    "MARGIN_CODES",
    "NO_TAX_BASE",
    "OSS",
    "PERCENTS",
    "Regime",
    "category_of",
    "fa_rate",
    "net_name",
    "percent_of_rate",
    "rates_of",
    "tax_name",
]

MARGIN: Final = "margin"
"""The word for lines without P_12 under a margin scheme, beside the values of P_12 and `OSS`."""

MARGIN_CODES: Final = dict(zip(MARGINS, ("VATEX-EU-D", "VATEX-EU-F", "VATEX-EU-I", "VATEX-EU-J"), strict=True))
"""Annotation of a margin scheme -> BT-121."""

NO_TAX_BASE: Final = "VATEX-EU-79-C"
"""BT-121 of amounts that belong to no tax base (article 79 of the directive): Rozliczenie in FA(3)."""

PERCENTS: Final = {rate: Decimal(rate) for rate in TAXED}

_CATEGORIES = {"0 KR": "Z", "0 WDT": "K", "0 EX": "G", "zw": "E", "oo": "AE", "np II": "AE", "np I": "O", MARGIN: "E"}
_RATES = {"Z": "0 KR", "K": "0 WDT", "G": "0 EX", "O": "np I"}


class Regime(NamedTuple):
    """What beside category and rate decides how a sale stands in FA(3)."""

    buyer: str
    """Country of the buyer: the prefix of its VAT number (EL for Greece), otherwise that of its address, or ""."""
    buyer_has_vat: bool
    place: str
    """Country to which is delivered: that of the delivery, otherwise of the buyer."""
    margin: bool
    """Whether exempt (E) means a margin scheme."""
    oss: bool
    """Whether taxed (S) means the OSS procedure."""


def fa_rate(category: str | None, percent: Decimal | None, regime: Regime, where: str) -> str:
    """The P_12 that a category and rate mean, or `OSS` or `MARGIN`.

    Raises:
        CannotExpress: FA(3) has no such rate.
    """
    if category == "S":
        if regime.oss:
            return OSS
        known = next((rate for rate, one in PERCENTS.items() if one == percent), "")
        if known:
            return known
        seen = "without a rate" if percent is None else f"at {plain(percent)} %"
        raise CannotExpress(
            f"VAT category S {seen} has no counterpart: the Polish rates are {', '.join(PERCENTS)} %.",
            where=where,
            todo="Correct the rate. The rate of another member state (OSS) needs a delivery to that state: "
            "give the country of delivery (BT-80) or of the buyer (BT-55).",
        )
    if category == "E":
        return MARGIN if regime.margin else "zw"
    if category == "AE":
        if regime.buyer_has_vat and regime.buyer in EU and regime.buyer != "PL":
            return "np II"
        return "oo" if regime.buyer in ("PL", "") and regime.place in ("PL", "") else "np I"
    if category in _RATES:
        return _RATES[category]
    raise CannotExpress(
        f"VAT category {category or '(none)'} has no counterpart.",
        where=where,
        todo="Polish invoices know S, Z, E, AE, K, G and O.",
    )


def category_of(rate: str) -> str:
    """The category that a P_12, `OSS` or `MARGIN` means; for `np I` that of supplies nobody accounts for."""
    return _CATEGORIES.get(rate, "S")


def percent_of_rate(rate: str) -> Decimal:
    """The rate in per cent that a P_12 means: 0 for the words."""
    return PERCENTS.get(rate, Decimal(0))


def net_name(rate: str) -> str:
    """The attribute of the total that a rate counts to: `net_total_23` (P_13_1)."""
    if rate == MARGIN:
        return "total_margin"
    return UNTAXED.get(rate) or f"net_total_{TAXED.get(rate, OSS)}"


def tax_name(rate: str) -> str:
    """The attribute of the tax that a rate counts to: `tax_23` (P_14_1); "" where there is none."""
    return "" if rate == MARGIN or rate in UNTAXED else f"tax_{TAXED.get(rate, OSS)}"


def rates_of(total: str) -> list[str]:
    """The rates that count to a total: `["23", "22"]` for `net_total_23`."""
    return [rate for rate in (*TAXED, OSS, *UNTAXED, MARGIN) if net_name(rate) == total]
