"""Prices of one unit, for receivers that have no place for the price base quantity (BT-149)."""

from decimal import Decimal
from typing import Final

from billingua.engine.numbers import divide_half_away, shortened, subtract
from billingua.model.lines import Price

__all__ = ["of_one_unit"]

_PLACES: Final = 6
"""So many decimals a price has at most for the French portal (G1.16)."""


def of_one_unit(price: Price) -> Price:
    """What one unit costs, in at most six decimals where that had to be divided; the base quantity still says of what.

    Where there is a gross price, a discount is what the net one lacks of it, so that rounding does not part the three.
    """
    net, gross, discount = (_divided(one, price) for one in (price.net_price, price.gross_price, price.discount))
    if discount and gross is not None and net is not None:
        discount = subtract(gross, net)
    return price.replace(net_price=net, gross_price=gross, discount=discount)


def _divided(amount: Decimal | None, price: Price) -> Decimal | None:
    if amount is None or not price.base_quantity or price.base_quantity == 1:
        return amount
    return shortened(divide_half_away(amount, price.base_quantity, _PLACES))
