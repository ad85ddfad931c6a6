"""The questions of the rules. True means kept.

A comparison in XPath asks whether some element there has that text, or another one: so do these. The texts are compared
as they are written, blanks included.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Final, NamedTuple

from billingua.engine.failure import Failure
from billingua.engine.locate import Element, Located
from billingua.engine.rule import NotAsked
from billingua.engine.values import normalized
from billingua.engine.xml import said
from billingua.resources import cells_of, table_beside
from billingua.rules.fr_cdar.facts import CHORUS, PORTAL, Facts, inside, platforms, texts
from billingua.rules.fr_cdar.lists import (
    ACTIONS,
    CHARACTERISTICS,
    FLOWS,
    INVOICE_TYPES,
    REASONED,
    STATUS_CODES,
    STATUSES,
    accepted,
    reasons,
)

__all__ = ["sweep"]

Check = Callable[[Element, Facts], bool]

_INVOICE: Final = "urn.cpro.gouv.fr:1p0:CDV:invoice"
_TO_PORTAL: Final = "urn.cpro.gouv.fr:1p0:CDV:einvoicingF2"
_LONGEST_SHOWN: Final = 200

_PARTIES: Final = frozenset(("AB", "BY", "DL", "II", "IV", "PE", "PR", "SE", "SR"))
_ROLES: Final = _PARTIES | {"WK", "DFH"}


def _to_portal(context: Element) -> bool:
    """The one recipient with an identifier is the public portal."""
    identifiers = inside(context, "../rsm:ExchangedDocument/ram:RecipientTradeParty/ram:GlobalID")
    roles = texts(context, "../rsm:ExchangedDocument/ram:RecipientTradeParty/ram:RoleCode")
    return len(identifiers) == 1 and PORTAL in platforms(identifiers) and "DFH" in roles


def _guideline(context: Element, _: Facts) -> bool:
    named = texts(context, "ram:GuidelineSpecifiedDocumentContextParameter/ram:ID")
    return _INVOICE in named or (_TO_PORTAL in named and _to_portal(context))


def _process(context: Element, _: Facts) -> bool:
    flows = texts(context, "ram:BusinessProcessSpecifiedDocumentContextParameter/ram:ID")
    if not _to_portal(context):
        return not FLOWS.isdisjoint(flows)
    if len(flows) > 1:
        raise NotAsked
    return not flows or len(normalized(flows[0])) <= 3


def _there(steps: str) -> Check:
    return lambda element, _: bool(inside(element, steps))


def _there_unless_unreadable(steps: str) -> Check:
    return lambda element, facts: bool(inside(element, steps)) or facts.is_unreadable_invoice


def _one_of(codes: frozenset[str]) -> Check:
    return lambda element, _: said(element) in codes


def _in_phase(phase: str, steps: str, codes: frozenset[str]) -> Check:
    """In messages of a phase, some element there has one of the codes."""

    def kept(header: Element, _: Facts) -> bool:
        return phase not in texts(header, "../rsm:AcknowledgementDocument/ram:TypeCode") or not codes.isdisjoint(
            texts(header, steps)
        )

    return kept


def _status_of_phase(phase: str) -> Check:
    """In messages of a phase, and where none is said, the status of the invoice is one of that phase."""

    def kept(referenced: Element, _: Facts) -> bool:
        if any(said(code) != phase for code in inside(referenced, "../ram:TypeCode")):
            return True
        statuses = texts(referenced, "ram:StatusCode")
        return not statuses or not STATUS_CODES[phase].isdisjoint(statuses)

    return kept


def _issuer_named(issuer: Element, _: Facts) -> bool:
    phases = texts(issuer, "../../rsm:AcknowledgementDocument/ram:TypeCode")
    return any(phase != "23" for phase in phases) or bool(inside(issuer, "ram:GlobalID"))


def _recipient_address(recipient: Element, _: Facts) -> bool:
    roles = texts(recipient, "ram:RoleCode")
    return "WK" in roles or "DFH" in roles or bool(inside(recipient, "ram:URIUniversalCommunication/ram:URIID"))


def _cashed(referenced: Element, _: Facts) -> bool:
    if "212" not in texts(referenced, "ram:ProcessConditionCode"):
        return True
    found = inside(referenced, "ram:SpecifiedDocumentStatus/ram:SpecifiedDocumentCharacteristic")
    amounts = [one for one in found if "MEN" in texts(one, "ram:TypeCode")]
    return bool(amounts) and all(inside(one, "ram:ValueAmount") and inside(one, "ram:ValuePercent") for one in amounts)


def _reasoned(status: Element, _: Facts) -> bool:
    return said(status) not in REASONED or bool(inside(status, "../ram:SpecifiedDocumentStatus/ram:ReasonCode"))


def _elsewhere(reason: Element, status: str) -> bool:
    """The reason belongs to another status: that of its detail, or that of the message where the detail has none."""
    whole = texts(reason, "../../ram:ProcessConditionCode")
    detail = texts(reason, "../ram:ProcessConditionCode")
    other = any(one != status for one in detail)
    return (any(one != status for one in whole) and (not detail or other)) or (status in whole and other)


def _reason_of(status: str) -> Check:
    codes = accepted(status)
    return lambda reason, _: _elsewhere(reason, status) or said(reason) in codes


def _refusal(reason: Element, facts: Facts) -> bool:
    return facts.is_from_chorus or _REFUSED(reason, facts)


def _refusal_by_chorus(reason: Element, facts: Facts) -> bool:
    if _elsewhere(reason, "210") or not facts.senders:
        return True
    numbers = platforms(facts.senders)
    return any(number != CHORUS for number in numbers) or (CHORUS in numbers and said(reason) in accepted("chorus"))


_REFUSED: Final = _reason_of("210")
_SENDER: Final = "ram:SenderTradeParty/ram:RoleCode"
_ISSUER: Final = "ram:IssuerTradeParty/ram:RoleCode"

_CHECKS: Final[dict[str, Check]] = {
    "BR-FR-04_MDT-91": _one_of(INVOICE_TYPES),
    "BR-FR-CDV-02_MDT-3": _guideline,
    "BR-FR-CDV-03_MDT-4": _there("ram:ID"),
    "BR-FR-CDV-07_MDT-38_yes": _issuer_named,
    "BR-FR-CDV-08_MDT-73": _recipient_address,
    "BR-FR-CDV-09_MDT-77": _one_of(frozenset(("23", "305"))),
    "BR-FR-CDV-11_MDG-35": _there_unless_unreadable("ram:FormattedIssueDateTime"),
    "BR-FR-CDV-12_MDT-105": _there("ram:ProcessConditionCode"),
    "BR-FR-CDV-13_MDT-129": _there_unless_unreadable("ram:GlobalID"),
    "BR-FR-CDV-14_MDT-207": _cashed,
    "BR-FR-CDV-15_MDT-113": _reasoned,
    "BR-FR-CDV-16_MDT-124-2": _there("ram:SequenceNumeric"),
    "BR-FR-CDV-CL-01_MDT-2": _process,
    "BR-FR-CDV-CL-02_MDT-21_305": _in_phase("305", _SENDER, frozenset(("WK",))),
    "BR-FR-CDV-CL-02_MDT-21_23": _in_phase("23", _SENDER, _PARTIES | {"WK"}),
    "BR-FR-CDV-CL-03_MDT-40_305": _in_phase("305", _ISSUER, frozenset(("WK",))),
    "BR-FR-CDV-CL-03_MDT-40_23": _in_phase("23", _ISSUER, _PARTIES),
    "BR-FR-CDV-CL-04_MDT-59": _one_of(_ROLES),
    "BR-FR-CDV-CL-05_MDT-88_305": _status_of_phase("305"),
    "BR-FR-CDV-CL-05_MDT-88_23": _status_of_phase("23"),
    "BR-FR-CDV-CL-06_MDT-105": _one_of(STATUSES),
    "BR-FR-CDV-CL-06_MDT-115": _one_of(STATUSES),
    "BR-FR-CDV-CL-07_MDT-132": _one_of(frozenset(("SE",))),
    "BR-FR-CDV-CL-08_MDT-158": _one_of(_ROLES),
    "BR-FR-CDV-CL-09_MDT-113": _one_of(frozenset(reasons())),
    "BR-FR-CDV-CL-09_MDT-113_200": _reason_of("200"),
    "BR-FR-CDV-CL-09_MDT-113_206": _reason_of("206"),
    "BR-FR-CDV-CL-09_MDT-113_207": _reason_of("207"),
    "BR-FR-CDV-CL-09_MDT-113_208": _reason_of("208"),
    "BR-FR-CDV-CL-09_MDT-113_210": _refusal,
    "BR-FR-CDV-CL-09_MDT-113_210B2G": _refusal_by_chorus,
    "BR-FR-CDV-CL-09_MDT-113_213": _reason_of("213"),
    "BR-FR-CDV-CL-09_MDT-113_221": _reason_of("221"),
    "BR-FR-CDV-CL-09_MDT-113_501": _reason_of("501"),
    "BR-FR-CDV-CL-10_MDT-121": _one_of(ACTIONS),
    "BR-FR-CDV-CL-11_MDT-207": _one_of(CHARACTERISTICS),
}


class _Ask(NamedTuple):
    """A rule, its question, and what a finding shows: terms and the steps to their elements."""

    rule: str
    kept: Check
    shown: tuple[tuple[str, str], ...]


@cache
def _asks() -> dict[str, list[_Ask]]:
    """The rules by the place of the elements that they are asked of."""
    found: dict[str, list[_Ask]] = {}
    for rule, context, shown in cells_of(table_beside(__file__, "rules.tsv"))[1:]:
        pairs = (pair.partition("=") for pair in shown.split())
        ask = _Ask(rule, _CHECKS[rule], tuple([(term, steps) for term, _, steps in pairs]))
        found.setdefault(context, []).append(ask)
    return found


def sweep(_: Located, facts: Facts) -> Iterator[Failure]:
    """Every rule that a message does not keep."""
    for context, asks in _asks().items():
        for element in facts.anywhere(context):
            for ask in asks:
                try:
                    if ask.kept(element, facts):
                        continue
                except NotAsked:
                    continue
                yield _failure(ask, element)


def _failure(ask: _Ask, element: Element) -> Failure:
    seen = {term: found[0] for term, steps in ask.shown if (found := inside(element, steps))}
    values = {term: said(one)[:_LONGEST_SHOWN] for term, one in seen.items()}
    return Failure(ask.rule, element, next(iter(seen.values()), element), values)
