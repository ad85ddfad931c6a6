"""Check digits: tax numbers (KSEF-NIP), numbers of KSeF (KSEF-NUM), accounts and payment links (KSEF-PAY)."""

import re
from collections.abc import Iterator
from typing import Any, Final

from billingua.engine.failure import Failure
from billingua.engine.locate import ROOT, Group, Located
from billingua.engine.rule import NotAsked, Rule
from billingua.engine.values import WHITE
from billingua.identifiers import iban, internal_id, nip
from billingua.identifiers.digits import crc8, mod_97
from billingua.identifiers.ksef_number import CRC_SINCE
from billingua.rules.ksef.checks import of_each, of_element, said
from billingua.rules.ksef.facts import Facts

__all__ = ["RULES", "SWEEPS", "number_checksums", "payment_ids"]

_TEN_DIGITS = re.compile(r"[0-9]{10}")

_NUMBER = re.compile(r"([0-9A-Z]{10}-([0-9]{8})-)([0-9A-F]{6})-?([0-9A-F]{6})-([0-9A-F]{2})")

_ACCOUNT = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{6,30}|[0-9]{26}")

_PAYMENT_ID = re.compile(r"[?&]IPKSeF=([0-9]{3}[0-9A-Za-z]{10})(?=[&#]|\Z)")

_FIRST_CHECKED: Final = f"{CRC_SINCE:%Y%m%d}"


def _nip_fits(text: str, _: Any) -> bool:
    text = text.strip(WHITE)
    if _TEN_DIGITS.fullmatch(text) is None:
        raise NotAsked
    return nip.checksum_fits(text)


def _internal_id_fits(text: str, facts: Any) -> bool:
    text = text.strip(WHITE)
    if not internal_id.has_form(text):
        raise NotAsked
    return _nip_fits(text[:10], facts)


def number_checksums(text: str) -> tuple[str, str, str]:
    """The checksum of a KSeF number, the one that its other characters ask for, and its day (YYYYMMDD).

    Raises:
        NotAsked: the text has not the form of a number.
    """
    found = _NUMBER.fullmatch(text.strip(WHITE))
    if found is None:
        raise NotAsked
    head, day, first, second, checksum = found.groups()
    return checksum, f"{crc8((head + first + second).encode()):02X}", day


def num_01(located: Located, facts: Facts) -> Iterator[Failure]:
    for term in ("NrKSeFFaKorygowanej", "NrKSeFFaZaliczkowej"):
        for element in facts.invoice.all(term):
            try:
                stated, expected, day = number_checksums(element.text or "")
            except NotAsked:
                continue
            if stated != expected:
                severity = "information" if day < _FIRST_CHECKED else ""
                yield of_element("KSEF-NUM-01", term, element, facts.invoice, severity)


def _account_fits(text: str, _: Any) -> bool:
    account = iban.compact(text)
    if _ACCOUNT.fullmatch(account) is None:
        raise NotAsked
    full = f"PL{account}" if account.isdigit() else account
    return mod_97(full[4:] + full[:4])


def payment_ids(link: str) -> list[str]:
    """The payment identifiers in a payment link."""
    return _PAYMENT_ID.findall(link)


def pay_02(invoice: Group, _: Facts) -> bool:
    if "IPKSeF" not in invoice.terms or "LinkDoPlatnosci" not in invoice.terms:
        return True
    linked = payment_ids(said(invoice, "LinkDoPlatnosci"))
    return not linked or said(invoice, "IPKSeF") in linked


RULES = (Rule("KSEF-PAY-02", ROOT, pay_02, "IPKSeF"),)

SWEEPS = (
    *(
        of_each("KSEF-NIP-01", party, "NIP", _nip_fits)
        for party in ("Podmiot1", "Podmiot2", "Podmiot3", "PodmiotUpowazniony")
    ),
    of_each("KSEF-NIP-02", "Podmiot3", "IDWew", _internal_id_fits),
    of_each("KSEF-NIP-03", ROOT, "NIP", _nip_fits),
    of_each("KSEF-PAY-01", ROOT, "NrRB", _account_fits),
    num_01,
)
