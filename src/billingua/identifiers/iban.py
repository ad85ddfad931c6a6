"""IBAN (ISO 13616), and NRB, the 26 digits by which Poland writes its own without PL.

Judged here, not by python-stdnum: nearly every invoice has one, and loading that takes long; and beyond ISO 13616 it
refuses accounts by check digits of their countries.

>>> is_valid("PL61109010140000071219812874"), is_valid("61109010140000071219812874")
(True, True)
>>> compact("fr76 3000 6000 0112 3456 7890 189")
'FR7630006000011234567890189'
"""

import re
from functools import cache

from billingua.identifiers.digits import mod_97

__all__ = ["compact", "is_valid", "problem"]

_NRB = "[0-9]{26}"
_START = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{8,30}")

_ACCOUNTS = """
AD 8n12c  AE 19n    AL 8n16c  AT 16n    AZ 4a20c  BA 16n    BE 12n    BG 4a6n8c BH 4a14c  BI 23n    BR 23n1a1c
BY 4c4n16c CH 5n12c CR 18n    CY 8n16c  CZ 20n    DE 18n    DJ 23n    DK 14n    DO 4c20n  EE 16n    EG 25n
ES 20n    FI 14n    FK 2a12n  FO 14n    FR 10n11c2n GB 4a14n GE 2a16n GI 4a15c  GL 14n    GR 7n16c  GT 4c20c
HN 4a20n  HR 17n    HU 24n    IE 4a14n  IL 19n    IQ 4a15n  IS 22n    IT 1a10n12c JO 4a4n18c KW 4a22c KZ 3n13c
LB 4n20c  LC 4a24c  LI 5n12c  LT 16n    LU 3n13c  LV 4a13c  LY 21n    MC 10n11c2n MD 2c18c ME 18n   MK 3n10c2n
MN 16n    MR 23n    MT 4a5n18c MU 4a19n3a NI 4a20n NL 4a10n NO 11n    OM 3n16c  PK 4a16c  PL 24n    PS 4a21c
PT 21n    QA 4a21c  RO 4a16c  RS 18n    RU 14n15c SA 2n18c  SC 4a20n3a SD 14n   SE 20n    SI 15n    SK 20n
SM 1a10n12c SO 19n  ST 21n    SV 4a20n  TL 19n    TN 20n    TR 6n16c  UA 6n19c  VA 18n    VG 4a16n  XK 16n
YE 4a4n18c
"""
"""What follows country and check digits, by country: so many digits (n), capital letters (a) or either (c)."""


def compact(text: str) -> str:
    """What a person wrote, in the form of the wire: without spaces, in capital letters."""
    return "".join(text.split()).upper()


def problem(text: str) -> str:
    """What is wrong with an IBAN or NRB; "" when nothing is."""
    full = f"PL{text}" if re.fullmatch(_NRB, text) else text
    if _START.fullmatch(full) is None:
        return "An IBAN is two capital letters, two digits and 8 to 30 digits or capital letters, without spaces."
    account = _account(full[:2])
    if account is None:
        return f"No country {full[:2]} has IBANs."
    if account.fullmatch(full[4:]) is None:
        return f"An IBAN of {full[:2]} has another length, or letters and digits at other places."
    return "" if mod_97(full[4:] + full[:4]) else "The check digits of the IBAN do not fit."


def is_valid(text: str) -> bool:
    """Whether country, form and check digits are right."""
    return not problem(text)


@cache
def _account(country: str) -> re.Pattern[str] | None:
    """The form of accounts in a country, made when one is asked about; None where there are no IBANs."""
    words = iter(_ACCOUNTS.split())
    form = dict(zip(words, words, strict=True)).get(country)
    if form is None:
        return None
    kinds = {"n": "[0-9]", "a": "[A-Z]", "c": "[0-9A-Z]"}
    return re.compile("".join(f"{kinds[kind]}{{{count}}}" for count, kind in re.findall(r"(\d+)(\w)", form)))
