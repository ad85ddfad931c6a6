"""Roles, shares and numbers of the parties (KSEF-PARTY)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from billingua.engine.failure import Failure
from billingua.engine.locate import Group, Located
from billingua.engine.numbers import total
from billingua.engine.rule import Check, Rule
from billingua.identifiers import nip
from billingua.rules.ksef.checks import code, is_one, kept, needed, said
from billingua.rules.ksef.facts import Facts

__all__ = ["RULES", "SWEEPS", "shares"]

_LOCAL_GOVERNMENT_RECIPIENT: Final = "8"
_GROUP_MEMBER_RECIPIENT: Final = "10"
_ADDITIONAL_BUYER: Final = "4"
_ISSUER_FOR_SELLER: Final = "5"
_EMPLOYEE: Final = "11"
_WHOLE: Final = Decimal(100)


def _needs_role(flag: str, role: str) -> Check:
    """Where the buyer has the flag, another party has the role."""
    return lambda buyer, facts: not is_one(buyer, flag) or role in facts.roles


def party_03(party: Group, _: Facts) -> bool:
    return "Udzial" not in party.terms or code(party, "Rola") == _ADDITIONAL_BUYER


def shares(located: Located) -> list[Group]:
    """The additional buyers that have a share."""
    return [
        party
        for party in located.all("Podmiot3")
        if "Udzial" in party.terms and code(party, "Rola") == _ADDITIONAL_BUYER
    ]


def _shares_fit(parties: list[Group]) -> bool:
    return total(needed(party, "Udzial") for party in parties) <= _WHOLE


def party_04(located: Located, _: Facts) -> Iterator[Failure]:
    parties = shares(located)
    if parties and not kept(_shares_fit, parties):
        yield Failure("KSEF-PARTY-04", parties[0].all("Udzial")[0], group=parties[0])


def party_05(party: Group, facts: Facts) -> bool:
    return code(party, "Rola") != _ISSUER_FOR_SELLER or not is_one(facts.invoice, "P_17")


def party_06(party: Group, _: Facts) -> bool:
    if said(party, "KodUE") == "PL":
        return False
    return said(party, "KodKraju") not in ("", "PL") or not nip.checksum_fits(said(party, "NrID"))


def party_07(party: Group, _: Facts) -> bool:
    return code(party, "Rola") != _EMPLOYEE or "BrakID" in party.terms


RULES = (
    Rule("KSEF-PARTY-01", "Podmiot2", _needs_role("JST", _LOCAL_GOVERNMENT_RECIPIENT), "JST"),
    Rule("KSEF-PARTY-02", "Podmiot2", _needs_role("GV", _GROUP_MEMBER_RECIPIENT), "GV"),
    Rule("KSEF-PARTY-03", "Podmiot3", party_03, "Udzial"),
    Rule("KSEF-PARTY-05", "Podmiot3", party_05, "Rola"),
    Rule("KSEF-PARTY-06", "Podmiot2", party_06),
    Rule("KSEF-PARTY-06", "Podmiot3", party_06),
    Rule("KSEF-PARTY-07", "Podmiot3", party_07, "Rola"),
)

SWEEPS = (party_04,)
