"""The nine VAT category families as data: what every category asks of an invoice.

Each family has ten rules or more, `BR-<family>-01` and on; one table row says what they ask. The two syntaxes make
their rules from it (`ubl_vat`, `cii_vat`).
"""

from collections.abc import Callable, Container
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from billingua.engine.numbers import percent_of, round_half_up
from billingua.engine.rule import Check, NotAsked, OfText
from billingua.engine.values import ZERO, decimal, untyped

__all__ = ["FAMILIES", "Family", "rate_is", "tax_of"]


class Family(NamedTuple):
    """One VAT category (BT-118, BT-151, BT-95, BT-102) and what it asks for."""

    id: str
    """The family in rule ids: `BR-S-01`."""
    code: str
    """The category code (UNTDID 5305)."""
    breakdown: Literal["one", "some"]
    """How many VAT breakdown groups must name it: exactly one, or at least one (one a rate)."""
    seller: Literal["registered", "vat", "none"]
    """Which seller identifiers it asks for: BT-31, BT-32 or BT-63; BT-31 or BT-63; none at all."""
    buyer: Literal["", "vat", "vat or legal"]
    """Which buyer identifiers it asks for: none, BT-48, BT-48 or BT-47."""
    rate: Literal["> 0", ">= 0", "= 0", "absent"]
    """What its rate must be on lines, allowances and charges."""
    reason: bool
    """Whether the breakdown must give an exemption reason (True) or must not (False)."""


FAMILIES: Final = (
    Family("S", "S", "some", "registered", "", "> 0", reason=False),
    Family("Z", "Z", "one", "registered", "", "= 0", reason=False),
    Family("E", "E", "one", "registered", "", "= 0", reason=True),
    Family("AE", "AE", "one", "registered", "vat or legal", "= 0", reason=True),
    Family("IC", "K", "one", "vat", "vat", "= 0", reason=True),
    Family("G", "G", "one", "vat", "", "= 0", reason=True),
    Family("O", "O", "one", "none", "", "absent", reason=True),
    Family("AF", "L", "some", "registered", "", ">= 0", reason=False),
    Family("AG", "M", "some", "registered", "", ">= 0", reason=False),
)


def tax_of(base: Decimal, rate: Decimal) -> Decimal:
    """|base| x rate %, rounded to cents, half up."""
    return round_half_up(percent_of(base.copy_abs(), rate), 2)


def tax_follows(
    terms: Container[str],
    read: Callable[[str], Decimal],
    is_vat: Callable[[], bool],
    is_near: Callable[[Decimal, int], bool],
) -> bool:
    """BR-CO-17: the tax (BT-117) is the taxable amount (BT-116) times the rate (BT-119) of VAT, near enough to one unit
    of the currency; where there is no rate, or 0, it is nothing.

    `terms` are those that are there; `read` gives the number of one. Each is read as late as the artefacts do, since
    one that cannot be read ends the question.
    """
    if "BT-117" not in terms:
        return False
    tax = read("BT-117")
    is_nothing = round_half_up(tax) == 0
    if not is_nothing and "BT-116" not in terms:
        return False
    if "BT-119" not in terms or not is_vat():
        return is_nothing
    rate = read("BT-119")
    if round_half_up(rate) == 0:
        return is_nothing
    return "BT-116" in terms and is_near(abs(abs(tax) - tax_of(read("BT-116"), rate)), 1)


def rate_is(asked: str, term: str) -> Check:
    """-05, -06 and -07: one of the rates on a line, an allowance or a charge is as the category asks."""
    if asked == "absent":
        return lambda group, _: term not in group.terms
    return OfText(
        term,
        lambda text: _is_surely(asked, text),
        lambda group, _: any(_is_kept(asked, rate.text) for rate in group.all(term)),
    )


def _is_surely(asked: str, rate: str) -> bool:
    try:
        return _is_kept(asked, rate)
    except NotAsked:
        return False


@lru_cache(maxsize=1024)
def _is_kept(asked: str, rate: str | None) -> bool:
    match asked:
        case "> 0":
            return untyped(rate) > ZERO
        case ">= 0":
            return untyped(rate) >= ZERO
        case _:
            return decimal(rate) == 0
